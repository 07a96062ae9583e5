//! The bundled book: that it is whole, that it says what the source says, and that a change shows wherever it
//! should; that the library answers whatever is changed in it. What the files of tests share is
//! here.

mod asked;
mod catalogue;
mod changes;
mod checked;
mod contents;
mod memory;
mod names;
mod receipts;
mod supposed;
mod words;
mod wrong;

use crate::scratch::long;
use crate::scratch::printed;
use pledgebook::quantity::Quantity;
use pledgebook::store::bundled;
use pledgebook::store::catalogue::{ColumnKind, VIEWS};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// A fresh copy of the bundled book, to be changed at will.
fn bundled() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch("pragma foreign_keys = on; begin").expect("begin");
    connection.execute_batch(bundled::SCHEMA).expect("the schema runs");
    for (name, sql) in bundled::DATA {
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    connection.execute_batch("commit").expect("commit");
    connection
}

/// The rows of a question, cells joined by ` | `, NULL as `-`.
#[track_caller]
fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect(sql);
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cell = |index| match row.get_ref(index).expect("the column exists") {
            ValueRef::Null => "-".to_owned(),
            ValueRef::Integer(whole) => whole.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => panic!("no column of the book holds {other:?}"),
        };
        Ok((0..width).map(cell).collect::<Vec<_>>().join(" | "))
    });
    rows.expect(sql).collect::<Result<_, _>>().expect(sql)
}

#[track_caller]
fn check(connection: &Connection, sql: &str, expected: &[&str]) {
    assert_eq!(rows(connection, sql), expected, "{sql}");
}

/// Reads every quantity that the views show, checks that it prints back to itself, and says how many there are.
#[track_caller]
fn canonical_quantities(book: &Connection) -> usize {
    let mut read = 0;
    for view in VIEWS {
        for column in view.columns.iter().filter(|column| column.kind == ColumnKind::Quantity) {
            for text in rows(book, &format!("select {0} from {1} where {0} is not null", column.name, view.name)) {
                let quantity: Quantity = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!(quantity.to_string(), text);
                read += 1;
            }
        }
    }
    read
}
