//! SQL from scripts: a table, a stream of rows, the only row, the only value; with parameters from a map, and ids
//! of the book by name.

use super::ids;
use super::raise::{Raised, raise_argument, raise_error};
use super::rows::Row;
use super::shared::Shared;
use super::stream::Stream;
use super::table::Table;
use super::value::{from_cell, to_cell};
use crate::sql::{Cell, Column, Parameters, Prepared, Text, prepare_one};
use rhai::{Dynamic, Map};
use std::rc::Rc;

/// How many rows are read at a time: enough to make the cost of the border small, few enough to stay in the cache.
pub(super) const CHUNK_ROWS: usize = 256;

/// The values of a map as `:name`; an id of the book needs none.
struct FromMap<'m> {
    shared: &'m Shared,
    values: Map,
}

impl Parameters for FromMap<'_> {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.values.get(name) {
            Some(value) => to_cell(value).map(Some),
            None => ids::bound(self.shared, name),
        }
    }

    fn names(&self) -> Vec<String> {
        self.values.keys().map(ToString::to_string).collect()
    }
}

/// A statement of a script, ready to be read.
pub(super) fn prepare(shared: &Shared, sql: &str, values: Map) -> Raised<Prepared> {
    let prepared =
        prepare_one(&shared.book, &Text::new("SQL", sql), &FromMap { shared, values }).map_err(raise_error)?;
    if prepared.columns().is_empty() {
        return Err(raise_argument("this SQL has no result", "a script asks questions: `select …`"));
    }
    Ok(prepared)
}

/// Every row, in memory.
pub(super) fn table(shared: &Shared, sql: &str, values: Map) -> Raised<Table> {
    let mut prepared = prepare(shared, sql, values)?;
    let columns: Rc<[Column]> = prepared.columns().into();
    let mut rows = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let is_end = prepared.fetch(CHUNK_ROWS, &mut chunk).map_err(raise_error)?;
        rows.extend(chunk.into_iter().map(|cells| script_values(cells, &columns)));
        if is_end {
            return Ok(Table::new(columns, rows));
        }
    }
}

/// The values of a row for a script.
pub(super) fn script_values(cells: Vec<Cell<'static>>, columns: &[Column]) -> Rc<[Dynamic]> {
    cells.into_iter().zip(columns).map(|(cell, column)| from_cell(cell, &column.name)).collect()
}

/// The rows one by one.
pub(super) fn stream(shared: &Shared, sql: &str, values: Map) -> Raised<Stream> {
    prepare(shared, sql, values).map(Stream::new)
}

/// The only row.
pub(super) fn row(shared: &Shared, sql: &str, values: Map) -> Raised<Row> {
    let table = table(shared, sql, values)?;
    match table.rows.len() {
        1 => Ok(table.row(0)),
        count => {
            Err(raise_argument(format!("this SQL has {count} rows, not one"), "`query(…)` takes any number of rows"))
        }
    }
}

/// The only value.
pub(super) fn value(shared: &Shared, sql: &str, values: Map) -> Raised<Dynamic> {
    let row = row(shared, sql, values)?;
    match &*row.values {
        [value] => Ok(value.clone()),
        values => {
            let message = format!("this SQL has {} columns, not one", values.len());
            Err(raise_argument(message, "`row(…)` takes any number of columns"))
        }
    }
}
