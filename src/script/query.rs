//! SQL from scripts: a table, a stream of rows, the only row, the only value; with parameters from a map or the variables
//! around it, and ids of the book by name.

use super::around::Around;
use super::raise::{Raised, raise_argument};
use super::rows::Row;
use super::shared::Shared;
use super::stream::Stream;
use super::table::Table;
use super::value::to_cell;
use super::{fetch, ids, origin};
use crate::sql::{Cell, Parameters};
use rhai::{Dynamic, Map};
use std::rc::Rc;

/// The values of a map as `:name`, and those of variables that the map leaves out; an id of the book needs none.
struct FromMap<'m> {
    shared: &'m Shared,
    values: Map,
    around: Around,
}

impl Parameters for FromMap<'_> {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.values.get(name).or_else(|| self.around.parameters.get(name)) {
            Some(value) => to_cell(value).map(Some),
            None => ids::bound(self.shared, name),
        }
    }

    fn is_of_book(&self, name: &str) -> bool {
        let value = self.values.get(name).or_else(|| self.around.parameters.get(name));
        value.is_none_or(origin::is_of_book)
    }

    fn names(&self) -> Vec<String> {
        let given = self.values.keys().map(ToString::to_string);
        given.chain(self.around.parameters.keys().cloned()).collect()
    }
}

/// Every row, in memory.
pub(super) fn table(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Table> {
    let around = around.with(&values);
    shared.within(&around, || fetch::table(shared, sql, &FromMap { shared, values, around: around.clone() }))
}

/// The rows one by one.
pub(super) fn stream(shared: &Rc<Shared>, around: &Around, sql: &str, values: Map) -> Raised<Stream> {
    let around = around.with(&values);
    let parameters = FromMap { shared, values, around: around.clone() };
    let prepared = shared.within(&around, || fetch::prepare(shared, sql, &parameters))?;
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
