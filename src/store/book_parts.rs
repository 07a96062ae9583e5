//! The rows of a book's own tables, as two books are compared: each by its key, with what it says besides. Facts have a comparison of
//! their own, and so have imported tables, with the sources that they are.

use super::{Book, bundled, quote_identifier};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use std::collections::BTreeMap;

/// The tables that are compared elsewhere.
const ELSEWHERE: [&str; 4] = ["change_log", "imported_table", "imported_column", "imported_note"];

/// The columns of facts and figures of which the comparison of facts says nothing.
const BESIDE: [(&str, &[&str]); 2] = [
    ("fact", &["subject", "action", "object", "kind", "status", "condition", "time_relation", "note", "superseded_by"]),
    ("figure", &["basis", "as_written", "label"]),
];

/// The column that is no part of what a book says: a file that is read today is the same file tomorrow.
const DAY_OF_READING: (&str, &str) = ("source", "retrieved");

/// A row of a table of the book, by its columns that are not NULL.
pub type PartRow = Vec<(String, String)>;

/// The rows of one table by their keys.
pub type PartRows = BTreeMap<String, PartRow>;

impl Book {
    /// The rows of each of the book's own tables.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn part_rows(&self) -> Result<BTreeMap<String, PartRows>> {
        if !self.is_book() {
            return Ok(BTreeMap::new());
        }
        self.privileged(|connection| {
            let sql = "select name from main.sqlite_schema where type = 'table'";
            let names: Vec<String> =
                connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
            let is_part = |name: &&String| bundled::is_of_schema(name) && !ELSEWHERE.contains(&name.as_str());
            let parts = names.iter().filter(is_part).map(|name| Ok((name.clone(), rows(connection, name)?)));
            parts.collect()
        })
    }
}

/// The rows of a table by their keys; of one without a key, each row is its own.
fn rows(connection: &Connection, table: &str) -> Result<PartRows> {
    let keys: Vec<String> = connection
        .prepare("select name from pragma_table_info(?1, 'main') where pk > 0 order by pk")?
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_>>()?;
    let beside = BESIDE.iter().find(|(name, _)| *name == table).map(|(_, columns)| *columns);
    let is_said =
        |column: &str| beside.is_none_or(|columns| columns.contains(&column)) && (table, column) != DAY_OF_READING;
    let imported = if table == "source" && has_imports(connection)? {
        "where id not in (select source from main.imported_table)"
    } else {
        ""
    };
    let mut statement = connection.prepare(&format!("select * from main.{} {imported}", quote_identifier(table)))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = PartRows::new();
    let mut read = statement.query([])?;
    while let Some(row) = read.next()? {
        let (mut key, mut says) = (Vec::new(), PartRow::new());
        for (at, column) in columns.iter().enumerate() {
            let Some(text) = text_of(row.get_ref(at)?) else { continue };
            if keys.is_empty() || keys.contains(column) {
                key.push(text);
            } else if is_said(column) {
                says.push((column.clone(), text));
            }
        }
        found.insert(key.join(" "), says);
    }
    Ok(found)
}

fn has_imports(connection: &Connection) -> Result<bool> {
    let sql = "select exists (select 1 from main.sqlite_schema where type = 'table' and name = 'imported_table')";
    connection.query_row(sql, [], |row| row.get(0))
}

/// A value as text; `None` for NULL.
fn text_of(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(whole) => Some(whole.to_string()),
        ValueRef::Real(real) => Some(real.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
    }
}
