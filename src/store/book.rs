//! The bundled book as text: the schema and the data, in the order in which they are run. It opens nothing; what
//! the tables and views mean is told in `schema.sql`, and column by column in [`super::catalogue`].

/// The tables and the public views. It sets the file's `application_id` and `user_version`.
pub const SCHEMA: &str = include_str!("../../schema.sql");

/// The bundled facts: file name and SQL, in an order that satisfies the foreign keys. Run them in one transaction.
pub const DATA: &[(&str, &str)] = &[
    ("01_codes.sql", include_str!("book/01_codes.sql")),
    ("02_units.sql", include_str!("book/02_units.sql")),
    ("03_unknowns.sql", include_str!("book/03_unknowns.sql")),
    ("04_sources.sql", include_str!("book/04_sources.sql")),
    ("05_actors.sql", include_str!("book/05_actors.sql")),
    ("06_facts.sql", include_str!("book/06_facts.sql")),
    ("07_figures.sql", include_str!("book/07_figures.sql")),
    ("08_mentions.sql", include_str!("book/08_mentions.sql")),
    ("09_events.sql", include_str!("book/09_events.sql")),
    ("10_plans.sql", include_str!("book/10_plans.sql")),
    ("11_pledges.sql", include_str!("book/11_pledges.sql")),
    ("12_participants.sql", include_str!("book/12_participants.sql")),
    ("13_reading.sql", include_str!("book/13_reading.sql")),
];
