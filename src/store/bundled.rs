//! The bundled book: its schema and its data as text, and the image that `build.rs` makes of them, which is what is asked. `schema.sql`
//! documents the tables and views, [`super::catalogue`] every column of the views.

use crate::syntax::sql::{statements, tokens};
use crate::syntax::{Token, TokenKind};
use rusqlite::{Connection, MAIN_DB, OpenFlags};
use std::collections::BTreeSet;
use std::iter;
use std::sync::LazyLock;

/// The newest `user_version` that this program reads, and that of its own schema.
pub(super) const SCHEMA_VERSION: i64 = 1;

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

/// The tables, views, indexes and triggers of the schema, in lower case.
static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let tokens: Vec<Token> = tokens(SCHEMA).filter(|token| token.kind != TokenKind::Comment).collect();
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token: &Token| words.iter().any(|word| token.is_word(SCHEMA, word)))
    };
    let name = |at: usize| {
        let kind = at + 1 + usize::from(is(at + 1, &["unique"]));
        let name = tokens.get(kind + 1).filter(|_| is(kind, &["table", "view", "index", "trigger"]))?;
        Some(name.name(SCHEMA).to_ascii_lowercase())
    };
    (0..tokens.len()).filter(|at| is(*at, &["create"])).filter_map(name).collect()
});

/// True for a name that something of the schema has, letter case ignored as in SQL.
pub(super) fn is_of_schema(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase())
}

/// The statement of the schema that makes a table.
pub(super) fn definition(table: &str) -> Option<&'static str> {
    let head = format!("CREATE TABLE {table} (");
    statements(SCHEMA).map(|range| &SCHEMA[range]).find(|statement| statement.starts_with(&head))
}

/// The database that the schema and the data come to.
static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/book.sqlite"));

/// The names and definitions of that database, as `build.rs` writes them.
static NAMED: &str = include_str!(concat!(env!("OUT_DIR"), "/book.names"));

/// The tables and views of the bundled book, each with the definition that a view has.
pub(super) fn relations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut texts = NAMED.split_terminator('\0');
    iter::from_fn(move || Some((texts.next()?, texts.next()?)))
}

/// Opens the bundled book, read-only and in place: no page of it is copied. SQLite reads the whole schema before the first `select`, if
/// only to learn the encoding: it learns that from a table that is there before, and gone with what the image replaces.
pub(super) fn load() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_in_memory_with_flags(flags)?;
    connection.execute_batch("create table encoding (n)")?;
    connection.deserialize_bytes(MAIN_DB, IMAGE)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::{SCHEMA, definition, is_of_schema, load, relations};
    use rusqlite::Connection;

    #[test]
    fn the_names_beside_the_image_are_those_in_it() {
        let book = load().unwrap();
        let sql = "select name, iif(type = 'view', sql, '') from sqlite_schema where type in ('table', 'view')";
        let mut query = book.prepare(sql).unwrap();
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
        let rows: Vec<(String, String)> = rows.map(Result::unwrap).collect();
        let known: Vec<(String, String)> = relations().map(|(name, sql)| (name.to_owned(), sql.to_owned())).collect();
        assert_eq!(known, rows);
        assert!(rows.iter().any(|(name, sql)| name == "pledges" && sql.starts_with("CREATE VIEW")), "{rows:?}");
    }

    #[test]
    fn every_name_of_the_schema_is_known() {
        let book = Connection::open_in_memory().unwrap();
        book.execute_batch(SCHEMA).unwrap();
        let mut query = book.prepare("select name from sqlite_schema where name not like 'sqlite%'").unwrap();
        for name in query.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            let name = name.unwrap();
            assert!(is_of_schema(&name.to_uppercase()), "{name}");
        }
        assert!(!is_of_schema("notes") && definition("change_log").is_some_and(|text| text.ends_with("STRICT")));
    }
}
