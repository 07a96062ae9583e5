//! Reading the rows of one statement into a script's values. Which parameters a statement may have is its caller's.

use super::raise::{Raised, raise_argument, raise_error};
use super::shared::Shared;
use super::table::Table;
use super::value::{from_any_cell, from_cell};
use crate::sql::{Author, Cell, Column, Output, Parameters, Prepared, prepare_one};
use crate::syntax::Text;
use rhai::Dynamic;
use std::rc::Rc;

/// How many rows are read at a time: enough to make the cost of the border small, few enough to stay in the cache.
pub(super) const CHUNK_ROWS: usize = 256;

/// A statement of a script, ready to be read.
pub(super) fn prepare(shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Prepared> {
    prepare_for(Author::Person, shared, sql, parameters)
}

fn prepare_for(author: Author, shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Prepared> {
    let prepared = prepare_one(&shared.book, &Text::new("SQL", sql), parameters, author).map_err(raise_error)?;
    if prepared.columns().is_empty() {
        return Err(raise_argument("this SQL has no result", "a script asks questions: `select …`"));
    }
    Ok(prepared)
}

/// Every row of a statement of a script, in memory.
pub(super) fn table(shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Table> {
    all_rows(shared, prepare(shared, sql, parameters)?)
}

/// Every row of a statement of the program's own.
pub(super) fn own_table(shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Table> {
    all_rows(shared, prepare_for(Author::Program, shared, sql, parameters)?)
}

fn all_rows(shared: &Shared, mut prepared: Prepared) -> Raised<Table> {
    let columns: Rc<[Column]> = prepared.columns().into();
    let mut rows = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let is_end = prepared.fetch(CHUNK_ROWS, &mut chunk).map_err(raise_error)?;
        rest(shared, &prepared);
        rows.extend(chunk.into_iter().map(|cells| script_values(cells, &columns, prepared.user_supplied())));
        if is_end {
            notice(shared.output().as_ref(), &mut prepared)?;
            return Ok(Table::new(columns, rows));
        }
    }
}

/// Whatever the script answers from now on may rest on what the rows of a statement do.
pub(super) fn rest(shared: &Shared, prepared: &Prepared) {
    if let Some(output) = shared.output() {
        prepared.add_assumptions_to(&output);
    }
}

/// Says what was found worth a remark in the rows of a statement that has ended.
pub(super) fn notice(output: Option<&Output>, prepared: &mut Prepared) -> Raised<()> {
    let Some(output) = output else { return Ok(()) };
    prepared.report_warnings(output).map_err(|error| raise_error(error.into()))
}

/// The values of a row for a script; of the columns that are `given` a person's own.
pub(super) fn script_values(cells: Vec<Cell<'static>>, columns: &[Column], given: &[bool]) -> Rc<[Dynamic]> {
    let value = |((cell, column), given): ((Cell<'static>, &Column), &bool)| {
        if *given { from_any_cell(cell, &column.name) } else { from_cell(cell, &column.name) }
    };
    cells.into_iter().zip(columns).zip(given).map(value).collect()
}

/// The same where all columns are alike.
pub(super) fn values_by(
    read: fn(Cell<'static>, &str) -> Dynamic,
    cells: Vec<Cell<'static>>,
    columns: &[Column],
) -> Rc<[Dynamic]> {
    cells.into_iter().zip(columns).map(|(cell, column)| read(cell, &column.name)).collect()
}
