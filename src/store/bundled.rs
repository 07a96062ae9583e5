//! The bundled book: its schema and its data as text, and loading them into memory. `schema.sql` documents the tables
//! and views, [`super::catalogue`] every column of the views.

use rusqlite::{Connection, OpenFlags};

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
    ("14_assumptions.sql", include_str!("book/14_assumptions.sql")),
    ("15_search.sql", include_str!("book/15_search.sql")),
];

/// Writes the bundled book into memory from the text that ships with the program.
pub(super) fn load() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_in_memory_with_flags(flags)?;
    // The tests check both, once; checking them at each start would take as long as reading the text.
    connection.execute_batch("pragma foreign_keys = off; pragma ignore_check_constraints = on; begin")?;
    connection.execute_batch(SCHEMA)?;
    for (_, data) in DATA {
        connection.execute_batch(data)?;
    }
    connection.execute_batch("commit; pragma foreign_keys = on; pragma ignore_check_constraints = off")?;
    Ok(connection)
}
