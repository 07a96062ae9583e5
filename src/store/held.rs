//! The result shown last, as something that SQL can read: a temporary table of its values, and views over it that
//! mark its quantities as the book's own views do. It is made when a statement first names it; no question can write
//! to it.

use super::Book;
use super::reserved::{LAST_TABLE, LAST_VIEWS};
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
    offer: Option<Offer>,
    is_made: bool,
    /// How many have been made: each has a table of its own, since an older one may still be read.
    made: usize,
}

impl Book {
    /// Sets what `last` and `_` stand for in SQL.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn offer_last(&self, offer: Offer) -> Result<()> {
        let mut held = self.held.borrow_mut();
        held.offer = Some(offer);
        if std::mem::take(&mut held.is_made) {
            let table = format!("{LAST_TABLE}_{}", held.made);
            self.privileged(|connection| {
                LAST_VIEWS.iter().try_for_each(|view| connection.execute_batch(&format!("drop view temp.{view}")))?;
                // A stream over the older result keeps its table until the session ends.
                connection.execute_batch(&format!("drop table temp.{table}")).or(Ok(()))
            })?;
        }
        Ok(())
    }

    /// Why SQL has no `last`, in words.
    #[must_use]
    pub fn why_no_last(&self) -> String {
        match &self.held.borrow().offer {
            Some(Offer::TooLong(rows, most)) => {
                format!("the newest result has {rows} rows, and `last` holds {most} at most")
            }
            _ => "no result has been shown yet".to_owned(),
        }
    }

    /// Makes the views `last` and `_`; whether there is anything that they can stand for.
    pub(super) fn make_last(&self) -> Result<bool> {
        let mut held = self.held.borrow_mut();
        let made = held.made + 1;
        let Some(Offer::Rows(columns, rows)) = &held.offer else { return Ok(false) };
        if held.is_made {
            return Ok(false);
        }
        self.privileged(|connection| make(connection, &format!("{LAST_TABLE}_{made}"), columns, &rows()))?;
        (held.made, held.is_made) = (made, true);
        Ok(true)
    }
}

fn make(connection: &Connection, table: &str, columns: &[(String, bool)], rows: &[Vec<Value>]) -> Result<()> {
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
