//! A book as the SQL that makes it again, as `.dump` of sqlite3 writes it: its tables with their rows, then indexes, triggers and
//! views. Nothing is read but the file's own tables; rows are written one by one, so that memory does not grow with them.

use super::{Book, quote_identifier};
use crate::error::Error;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// The tables of a file, those that a virtual table keeps its rows in apart.
const TABLES: &str = "select l.name, s.sql, l.type from pragma_table_list l join main.sqlite_schema s on s.name = l.name \
                      and s.type = 'table' where l.schema = 'main' and l.name not like 'sqlite\\_%' escape '\\' \
                      and l.type in ('table', 'virtual') and (?1 is null or l.name = ?1 collate nocase) order by s.rowid";

/// What is made after the tables.
const OTHERS: &str = "select sql from main.sqlite_schema where type in ('index', 'trigger', 'view') and sql is not null \
                      and (?1 is null or (tbl_name = ?1 collate nocase and type <> 'view')) \
                      order by case type when 'index' then 1 when 'view' then 2 else 3 end, rowid";

/// The columns of a table that an insert may name.
const COLUMNS: &str = "select name from pragma_table_xinfo(?1, 'main') where hidden = 0 order by cid";

impl Book {
    /// Writes the statements that make the book again, or one of its tables, line by line.
    ///
    /// # Errors
    /// The book can't be read, the work is stopped, or those of `write`.
    pub fn dump(&self, only: Option<&str>, write: &mut dyn FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
        match only {
            Some(table) => self.read_rows([table.to_ascii_lowercase()])?,
            None => self.read_all_rows()?,
        }
        let mut failed = None;
        let done = self.privileged(|connection| {
            let mut write = |line: &str| {
                write(line).map_err(|error| {
                    failed = Some(error);
                    rusqlite::Error::InvalidQuery
                })
            };
            dump_all(connection, only, &mut write)
        });
        match (failed, done) {
            (Some(error), _) => Err(error),
            (None, done) => done.map_err(|error| self.error(&error)),
        }
    }
}

type Write<'w> = dyn FnMut(&str) -> rusqlite::Result<()> + 'w;

fn dump_all(connection: &Connection, only: Option<&str>, write: &mut Write<'_>) -> rusqlite::Result<()> {
    write("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;")?;
    if only.is_none() {
        // By these the file is known as a book.
        for name in ["application_id", "user_version"] {
            let value: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
            write(&format!("PRAGMA {name}={value};"))?;
        }
    }
    let mut tables = connection.prepare(TABLES)?;
    let tables = tables.query_map([only], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for (name, sql, kind) in tables.collect::<rusqlite::Result<Vec<(String, String, String)>>>()? {
        write(&format!("{sql};"))?;
        if kind == "table" {
            dump_rows(connection, &name, write)?;
        }
    }
    let mut others = connection.prepare(OTHERS)?;
    let mut others = others.query([only])?;
    while let Some(row) = others.next()? {
        write(&format!("{};", row.get_ref(0)?.as_str()?))?;
    }
    write("COMMIT;")
}

fn dump_rows(connection: &Connection, table: &str, write: &mut Write<'_>) -> rusqlite::Result<()> {
    let mut columns = connection.prepare(COLUMNS)?;
    let columns = columns.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let names = columns.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(",");
    let quoted = quote_identifier(table);
    let mut statement = connection.prepare(&format!("select {names} from main.{quoted}"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..columns.len()).map(|at| row.get_ref(at).map(literal));
        let values = values.collect::<rusqlite::Result<Vec<String>>>()?.join(",");
        write(&format!("INSERT INTO {quoted}({names}) VALUES({values});"))?;
    }
    Ok(())
}

/// A value as SQL writes it, exactly.
fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) if number.is_infinite() => if number > 0.0 { "9e999" } else { "-9e999" }.to_owned(),
        ValueRef::Real(number) => format!("{number:?}"),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            // Control characters would do to a terminal what they say.
            Ok(text) if !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') => {
                format!("'{}'", text.replace('\'', "''"))
            }
            _ => format!("CAST(X'{}' AS TEXT)", hex(text)),
        },
        ValueRef::Blob(bytes) => format!("X'{}'", hex(bytes)),
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::dump_all;
    use rusqlite::Connection;

    fn dumped(connection: &Connection) -> String {
        let mut text = String::new();
        let write = &mut |line: &str| {
            text += line;
            text.push('\n');
            Ok(())
        };
        dump_all(connection, None, write).unwrap();
        text
    }

    #[test]
    fn what_is_made_again_is_the_same() {
        let first = Connection::open_in_memory().unwrap();
        let made = "pragma user_version = 7; create table \"a b\"(n integer primary key, t text, r real, b blob, g as (n + 1)); \
                    insert into \"a b\"(n, t, r, b) values (1, 'it''s\n', 0.1, x'00ff'), (2, 'a' || char(0) || 'b', 9e999, null), (3, 'a' || char(27, 13, 9, 10, 155, 8238), 1, null); \
                    create index i on \"a b\"(t); create view v as select n from \"a b\"; create table strict_one(x int) strict;";
        first.execute_batch(made).unwrap();
        let text = dumped(&first);
        let second = Connection::open_in_memory().unwrap();
        second.execute_batch(&text).unwrap();
        assert_eq!(dumped(&second), text);
        let bytes: Vec<u8> =
            second.query_row("select cast(t as blob) from \"a b\" where n = 2", [], |row| row.get(0)).unwrap();
        assert_eq!(bytes, b"a\0b");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{text:?}");
    }
}
