//! The result shown last, as something that SQL can read: a temporary table of its values, and views over it that
//! mark its quantities as the book's own views do. No question can write to it.

use super::Book;
use super::reserved::{LAST_TABLE, LAST_VIEWS};
use super::views::MARKER;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Result, params_from_iter};

impl Book {
    /// Makes the views `last` and `_` over `rows`; `columns` are names, each with whether it holds quantities.
    ///
    /// # Errors
    /// SQLite's own, as where two columns have one name.
    pub fn hold_last<V: ToSql>(&self, columns: &[(&str, bool)], rows: &[Vec<V>]) -> Result<()> {
        self.privileged(|connection| {
            connection.execute_batch(&format!(
                "drop view if exists temp.{}; drop view if exists temp.{}; drop table if exists temp.{LAST_TABLE};",
                LAST_VIEWS[0], LAST_VIEWS[1]
            ))?;
            fill(connection, columns.len(), rows)?;
            let list: Vec<String> =
                columns.iter().enumerate().map(|(at, (name, is_quantity))| column(at, name, *is_quantity)).collect();
            LAST_VIEWS.iter().try_for_each(|view| {
                connection.execute_batch(&format!(
                    "create temp view {view} as select {} from temp.{LAST_TABLE}",
                    list.join(", ")
                ))
            })
        })
    }
}

/// One column of the views, as `q_text(c1, 'amount') as "amount"`.
fn column(at: usize, name: &str, is_quantity: bool) -> String {
    let quoted = name.replace('"', "\"\"");
    let label = name.replace('\'', "''");
    if is_quantity { format!("{MARKER}(c{at}, '{label}') as \"{quoted}\"") } else { format!("c{at} as \"{quoted}\"") }
}

fn fill<V: ToSql>(connection: &Connection, width: usize, rows: &[Vec<V>]) -> Result<()> {
    let names: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("create temp table {LAST_TABLE} ({})", names.join(", ")))?;
    let places = vec!["?"; width].join(", ");
    let mut insert = connection.prepare(&format!("insert into temp.{LAST_TABLE} values ({places})"))?;
    rows.iter().try_for_each(|row| insert.execute(params_from_iter(row)).map(|_| ()))
}
