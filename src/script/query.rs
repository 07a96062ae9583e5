//! SQL from scripts: a table, a stream of rows, the only row, the only value; with parameters from a map, and ids
//! of the book by name.

use super::around::Around;
use super::raise::{Raised, raise_argument};
use super::rows::Row;
use super::shared::Shared;
use super::stream::Stream;
use super::table::Table;
use super::value::to_cell;
use super::{fetch, ids};
use crate::sql::{Cell, Parameters};
use rhai::{Dynamic, Map};
use std::rc::Rc;

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

/// Every row, in memory.
pub(super) fn table(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Table> {
    shared.within(&around.with(&values), || fetch::table(shared, sql, &FromMap { shared, values }))
}

/// The rows one by one.
pub(super) fn stream(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Stream> {
    let around = around.with(&values);
    let prepared = shared.within(&around, || fetch::prepare(shared, sql, &FromMap { shared, values }))?;
    Stream::new(shared, around, prepared)
}

/// The only row.
pub(super) fn row(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Row> {
    let table = table(shared, around, sql, values)?;
    match table.rows.len() {
        1 => Ok(table.row(0)),
        count => {
            Err(raise_argument(format!("this SQL has {count} rows, not one"), "`query(…)` takes any number of rows"))
        }
    }
}

/// The only value.
pub(super) fn value(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Dynamic> {
    let row = row(shared, around, sql, values)?;
    match &*row.values {
        [value] => Ok(value.clone()),
        values => {
            let message = format!("this SQL has {} columns, not one", values.len());
            Err(raise_argument(message, "`row(…)` takes any number of columns"))
        }
    }
}
