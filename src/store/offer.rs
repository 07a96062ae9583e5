//! The result shown last as SQL may have it: a temporary table of its values, and views over it that mark its
//! quantities as the book's own views do. When it is made is the book's to say.

use super::reserved::LAST_VIEWS;
use super::views::MARKER;
use rusqlite::types::Value;
use rusqlite::{Connection, Result, params_from_iter};

/// A result that SQL may ask for.
pub enum Offer {
    /// Columns, each with whether it holds quantities, and a way to the rows.
    Rows(Vec<(String, bool)>, Box<dyn Fn() -> Vec<Vec<Value>>>),
    /// One that has more rows than are kept: how many it had, and how many would have been.
    TooLong(usize, usize),
}

/// What `last` stands for just now.
#[derive(Default)]
pub(super) struct Held {
    pub(super) offer: Option<Offer>,
    pub(super) is_made: bool,
    /// How many have been made: each has a table of its own, since an older one may still be read.
    pub(super) made: usize,
}

/// Makes the table and its views.
pub(super) fn make(
    connection: &Connection,
    table: &str,
    columns: &[(String, bool)],
    rows: &[Vec<Value>],
) -> Result<()> {
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("create temp table {table} ({})", names.join(", ")))?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("insert into temp.{table} values ({places})"))?;
    for row in rows {
        insert.execute(params_from_iter(row))?;
    }
    let list: Vec<String> =
        columns.iter().enumerate().map(|(at, (name, is_quantity))| column(at, name, *is_quantity)).collect();
    LAST_VIEWS.iter().try_for_each(|view| {
        connection.execute_batch(&format!("create temp view {view} as select {} from temp.{table}", list.join(", ")))
    })
}

/// One column of the views, as `q_text(c1, 'amount') as "amount"`.
fn column(at: usize, name: &str, is_quantity: bool) -> String {
    let quoted = name.replace('"', "\"\"");
    let label = name.replace('\'', "\'\'");
    if is_quantity { format!("{MARKER}(c{at}, '{label}') as \"{quoted}\"") } else { format!("c{at} as \"{quoted}\"") }
}
