//! The key of a table: the columns by which a row is known. That no two rows have the same is checked in the book, where an index
//! keeps the memory bounded.

use super::report::{DuplicateKey, KeyReport};
use super::table::ImportedTable;
use crate::quantity::human;
use crate::store::{key_index, quote_identifier};
use rusqlite::{Connection, Result};

/// The most duplicates that a report lists.
const MAX_LISTED: usize = 20;

/// Makes the index of a key, and finds the rows that share theirs. Totals have none.
///
/// # Errors
/// SQLite's own.
pub(super) fn check(connection: &Connection, table: &ImportedTable<'_>, key: Vec<String>) -> Result<KeyReport> {
    let stored = quote_identifier(&table.stored_name());
    let plain: Vec<String> = key.iter().map(|name| table.stored_column(name)).collect();
    let columns: Vec<String> = plain.iter().map(|name| quote_identifier(name)).collect();
    let list = columns.join(", ");
    let rows = if table.has_totals { "where not is_total" } else { "" };
    connection.execute_batch(&key_index(&table.stored_name(), &plain))?;
    let is_blank = columns.iter().map(|column| format!("{column} is null")).collect::<Vec<_>>().join(" or ");
    let and = if rows.is_empty() { "where" } else { "and" };
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    let blank = count(&format!("select count(*) from {stored} {rows} {and} ({is_blank})"))?;
    let shared = format!("from {stored} {rows} group by {list} having count(*) > 1");
    let duplicates = count(&format!("select count(*) from (select 1 {shared})"))?;
    let text: Vec<String> = columns.iter().map(|column| format!("coalesce({column}, '')")).collect();
    // A number alone would stay one.
    let text = format!("'' || {}", text.join(" || ', ' || "));
    let listed =
        format!("select {text}, count(*), min(line), max(line) {shared} order by min(record) limit {MAX_LISTED}");
    let mut statement = connection.prepare(&listed)?;
    let found = statement.query_map([], |row| {
        Ok(DuplicateKey {
            key: row.get(0)?,
            rows: row.get::<_, i64>(1)?.unsigned_abs(),
            first_line: row.get::<_, i64>(2)?.unsigned_abs(),
            last_line: row.get::<_, i64>(3)?.unsigned_abs(),
        })
    })?;
    Ok(KeyReport { columns: key, blank, duplicates, listed: found.collect::<Result<_>>()? })
}

impl KeyReport {
    /// The doubts about a key that does not hold.
    pub(super) fn doubts(&self) -> Vec<String> {
        let name = self.columns.join(", ");
        let mut doubts = Vec::new();
        if let Some(first) = self.listed.first() {
            let (key, rows, lines) = (&first.key, first.rows, (first.first_line, first.last_line));
            let on = if rows == 2 { "on lines" } else { "between lines" };
            let others = if self.duplicates > 1 {
                format!(", and so are {} others", self.duplicates - 1)
            } else {
                String::new()
            };
            doubts.push(format!(
                "`{name}` is no key: `{key}` is on {rows} rows, {on} {} and {}{others}",
                lines.0, lines.1
            ));
        }
        if self.blank > 0 {
            doubts.push(format!("`{name}` is blank in {}, and names none of them", human::count(self.blank, "row")));
        }
        doubts
    }
}
