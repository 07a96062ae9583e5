//! Rows that are not of the book as SQL may have them, the result shown last or a table of a script: a temporary table of
//! their values, and views over it that mark the quantities as the book's own views do. When it is made is the book's to
//! say.

use super::supposition::Reliance;
use super::views::MARKER;
use rusqlite::types::Value;
use rusqlite::{Connection, Result, params_from_iter};
use std::rc::Rc;

/// Rows that SQL may ask for.
pub enum Offer {
    /// Columns, each with what it holds, a way to the rows, and what these may rest on.
    Rows(Vec<(String, Holds)>, Box<dyn Fn() -> Vec<Vec<Value>>>, Reliance),
    /// One that has more rows than are kept: how many it had, and how many would have been.
    TooLong(usize, usize),
}

/// What a column of such rows holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Values as any column of a table.
    Plain,
    /// Plain values, with numbers among them that a person gave.
    Given,
    /// Quantities.
    Quantities,
}

/// What tells one version of a variable's rows from the next: as long as this is the same, so are they.
#[derive(Clone)]
pub enum Identity {
    /// Rows that are never changed, only replaced. They are held on to, so that no others can come to their place.
    Rows(Rc<dyn std::any::Any>),
    /// Rows as they were for one call of a function that asks.
    Call(u64),
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rows(one), Self::Rows(other)) => std::ptr::addr_eq(Rc::as_ptr(one), Rc::as_ptr(other)),
            (Self::Call(one), Self::Call(other)) => one == other,
            _ => false,
        }
    }
}

/// What `last` stands for just now.
#[derive(Default)]
pub(super) struct Held {
    pub(super) offer: Option<Offer>,
    pub(super) is_made: bool,
    /// What the rows that SQL has of it may rest on.
    pub(super) reliance: Reliance,
    /// How many have been made: each has a table of its own, since an older one may still be read.
    pub(super) made: usize,
}

/// The tables of scripts that SQL has just now.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) made: Vec<Made>,
    pub(super) count: usize,
    /// Tables whose views are gone and that could not go with them, since a stream still read them.
    pub(super) waste: Vec<String>,
}

/// One of them.
pub(super) struct Made {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) identity: Identity,
    pub(super) reliance: Reliance,
}

/// Makes the table and the views over it, whose names are quoted where they need it.
pub(super) fn make(
    connection: &Connection,
    table: &str,
    views: &[&str],
    columns: &[(String, Holds)],
    rows: &[Vec<Value>],
) -> Result<()> {
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("create temp table {table} ({})", names.join(", ")))?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("insert into temp.{table} values ({places})"))?;
    for row in rows {
        insert.execute(params_from_iter(row))?;
    }
    let list: Vec<String> = columns.iter().enumerate().map(|(at, (name, holds))| column(at, name, *holds)).collect();
    views.iter().try_for_each(|view| {
        connection.execute_batch(&format!("create temp view {view} as select {} from temp.{table}", list.join(", ")))
    })
}

/// One column of the views, as `q_text(c1, 'amount') as "amount"`. The program of a statement tells a
/// number that was given by the literal beside it, which is never taken.
fn column(at: usize, name: &str, holds: Holds) -> String {
    let quoted = name.replace('"', "\"\"");
    let label = name.replace('\'', "\'\'");
    match holds {
        Holds::Quantities => format!("{MARKER}(c{at}, '{label}') as \"{quoted}\""),
        Holds::Given => format!("case typeof(c{at}) when '' then 0 else c{at} end as \"{quoted}\""),
        Holds::Plain => format!("c{at} as \"{quoted}\""),
    }
}
