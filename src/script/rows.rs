//! A row in a script: its values by column name or by place, sharing the names with all rows of its table; and the table
//! that it stands in, of which `table` says what can be asked.

use super::raise::{Raised, raise, raise_argument};
use super::value::spoken;
use crate::error::{ScriptCause, suggest};
use crate::sql::Column;
use rhai::{Dynamic, INT};
use std::rc::Rc;

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) columns: Rc<[Column]>,
    pub(super) values: Rc<[Dynamic]>,
}

/// Columns and rows; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) columns: Rc<[Column]>,
    pub(super) rows: Rc<Vec<Rc<[Dynamic]>>>,
}

impl Table {
    pub(super) fn new(columns: Rc<[Column]>, rows: Vec<Rc<[Dynamic]>>) -> Self {
        Self { columns, rows: Rc::new(rows) }
    }

    /// The row at a place known to exist.
    pub(super) fn row(&self, at: usize) -> Row {
        Row { columns: Rc::clone(&self.columns), values: Rc::clone(&self.rows[at]) }
    }
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// No such column; the nearest name is suggested.
    pub(super) fn get(&self, name: &str) -> Raised<Dynamic> {
        Ok(self.values[column_index(&self.columns, name)?].clone())
    }
}

/// The place of a column among `columns`.
///
/// # Errors
/// No such column.
pub(super) fn column_index(columns: &[Column], name: &str) -> Raised<usize> {
    let mut places = columns.iter().enumerate().filter(|(_, column)| column.name == name).map(|(at, _)| at);
    if let (Some(_), Some(_)) = (places.next(), places.next()) {
        return Err(raise_argument(format!("there are several columns `{name}`"), "name them apart: `select a as b`"));
    }
    columns.iter().position(|column| column.name == name).ok_or_else(|| {
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let near = suggest::nearest(name, names.iter().map(String::as_str));
        raise(ScriptCause::NoColumn { column: name.to_owned(), columns: names, near })
    })
}

/// A place counted from 0, or from the end where it is negative.
///
/// # Errors
/// Beyond either end.
pub(super) fn place(index: INT, len: usize, of: &str) -> Raised<usize> {
    let from_end = index.checked_add_unsigned(len as u64).filter(|_| index < 0);
    let place = usize::try_from(from_end.unwrap_or(index)).ok().filter(|place| *place < len);
    place.ok_or_else(|| raise_argument(format!("there is no {of} {index}"), format!("there are {len}, counted from 0")))
}

/// A row as `print` shows it.
pub(super) fn in_text(row: &Row) -> String {
    let fields = row.columns.iter().zip(row.values.iter());
    let fields: Vec<String> = fields.map(|(column, value)| format!("{}: {}", column.name, spoken(value))).collect();
    format!("{{{}}}", fields.join(", "))
}
