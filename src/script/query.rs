//! Rows of SQL for scripts: all of them as a table, or one after the other as a stream. The parameters of a statement are its
//! caller's.

use super::exception::{ScriptResult, argument_error, program_error};
use super::runtime::{CallerScope, Runtime};
use super::table::{Table, TableRow};
use super::value::{from_cell, from_cell_untagged};
use crate::sql::{Asker, Cell, Column, Output, Parameters, Prepared, Text, prepare_one};
use rhai::{Dynamic, Engine};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// How many rows are read at a time: enough to make the cost of the border small, few enough to stay in the cache.
pub(super) const CHUNK_ROWS: usize = 256;

/// A statement of a script, ready to be read.
pub(super) fn prepare(runtime: &Runtime, sql: &str, parameters: &dyn Parameters) -> ScriptResult<Prepared> {
    prepare_for(Asker::Person, runtime, sql, parameters)
}

fn prepare_for(asker: Asker, runtime: &Runtime, sql: &str, parameters: &dyn Parameters) -> ScriptResult<Prepared> {
    let prepared = prepare_one(&runtime.book, &Text::new("SQL", sql), parameters, asker).map_err(program_error)?;
    if prepared.columns().is_empty() {
        return Err(argument_error("this SQL has no result", "a script asks questions: `select …`"));
    }
    Ok(prepared)
}

/// Every row of a statement of a script, in memory.
pub(super) fn read_table(runtime: &Runtime, sql: &str, parameters: &dyn Parameters) -> ScriptResult<Table> {
    all_rows(runtime, prepare(runtime, sql, parameters)?)
}

/// Every row of a statement of the program's own.
pub(super) fn read_internal(runtime: &Runtime, sql: &str, parameters: &dyn Parameters) -> ScriptResult<Table> {
    all_rows(runtime, prepare_for(Asker::Program, runtime, sql, parameters)?)
}

fn all_rows(runtime: &Runtime, mut prepared: Prepared) -> ScriptResult<Table> {
    let columns: Rc<[Column]> = prepared.columns().into();
    let mut rows = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let is_end = prepared.fetch(CHUNK_ROWS, &mut chunk).map_err(program_error)?;
        note_assumptions(runtime, &prepared);
        rows.extend(chunk.into_iter().map(|cells| row_values(cells, &columns, prepared.given())));
        if is_end {
            report_notices(runtime.output().as_ref(), &mut prepared)?;
            return Ok(Table::new(columns, rows));
        }
    }
}

/// Whatever the script answers from now on may rest on what the rows of a statement do.
pub(super) fn note_assumptions(runtime: &Runtime, prepared: &Prepared) {
    if let Some(output) = runtime.output() {
        prepared.rest(&output);
    }
}

/// Says what was found worth a remark in the rows of a statement that has ended.
pub(super) fn report_notices(output: Option<&Output>, prepared: &mut Prepared) -> ScriptResult<()> {
    let Some(output) = output else { return Ok(()) };
    prepared.tell(output).map_err(|error| program_error(error.into()))
}

/// The values of a row for a script; of the columns that are `given` a person's own.
pub(super) fn row_values(cells: Vec<Cell<'static>>, columns: &[Column], given: &[bool]) -> Rc<[Dynamic]> {
    let value = |((cell, column), given): ((Cell<'static>, &Column), &bool)| {
        if *given { from_cell_untagged(cell, &column.name) } else { from_cell(cell, &column.name) }
    };
    cells.into_iter().zip(columns).zip(given).map(value).collect()
}

/// The same where all columns are alike.
pub(super) fn row_values_by(
    read: fn(Cell<'static>, &str) -> Dynamic,
    cells: Vec<Cell<'static>>,
    columns: &[Column],
) -> Rc<[Dynamic]> {
    cells.into_iter().zip(columns).map(|(cell, column)| read(cell, &column.name)).collect()
}

/// A statement that is to be read once. Clones are the same reading.
#[derive(Clone)]
pub(super) struct RowStream(Rc<RefCell<Option<OpenStream>>>);

/// The rows of a statement as they are read.
pub(super) struct OpenStream {
    prepared: Prepared,
    columns: Rc<[Column]>,
    pending: VecDeque<Vec<Cell<'static>>>,
    is_at_end: bool,
    /// Where remarks on its rows go.
    output: Option<Output>,
    runtime: Rc<Runtime>,
    /// What stood around the call that asked for it.
    caller_scope: CallerScope,
}

impl RowStream {
    /// Its first rows are read at once: a statement that has not begun would begin with the tables of a later one.
    pub(super) fn new(runtime: &Rc<Runtime>, caller_scope: CallerScope, prepared: Prepared) -> ScriptResult<Self> {
        let columns = prepared.columns().into();
        let (runtime, output) = (Rc::clone(runtime), runtime.output());
        let mut open =
            OpenStream { prepared, columns, pending: VecDeque::new(), is_at_end: false, output, runtime, caller_scope };
        open.read()?;
        Ok(Self(Rc::new(RefCell::new(Some(open)))))
    }
}

impl IntoIterator for RowStream {
    type Item = ScriptResult<TableRow>;
    type IntoIter = RowStreamIter;

    fn into_iter(self) -> RowStreamIter {
        match self.0.take() {
            Some(open) => RowStreamIter::OpenStream(Box::new(open)),
            None => RowStreamIter::Gone,
        }
    }
}

/// What a loop goes through.
pub(super) enum RowStreamIter {
    OpenStream(Box<OpenStream>),
    /// Another loop has read the stream.
    Gone,
    /// That has been said.
    Ended,
}

impl Iterator for RowStreamIter {
    type Item = ScriptResult<TableRow>;

    fn next(&mut self) -> Option<ScriptResult<TableRow>> {
        match self {
            RowStreamIter::OpenStream(open) => open.next(),
            RowStreamIter::Ended => None,
            RowStreamIter::Gone => {
                *self = RowStreamIter::Ended;
                let cure = "ask again with `stream(…)`, or keep the rows with `query(…)`";
                Some(Err(argument_error("a stream can be gone through once", cure)))
            }
        }
    }
}

impl OpenStream {
    fn next(&mut self) -> Option<ScriptResult<TableRow>> {
        if self.pending.is_empty()
            && !self.is_at_end
            && let Err(error) = self.read()
        {
            return Some(Err(error));
        }
        let Some(cells) = self.pending.pop_front() else { return self.report().err().map(Err) };
        Some(Ok(TableRow {
            columns: Rc::clone(&self.columns),
            values: row_values(cells, &self.columns, self.prepared.given()),
        }))
    }

    /// Reads some more rows.
    fn read(&mut self) -> ScriptResult<()> {
        let mut chunk = Vec::with_capacity(CHUNK_ROWS);
        let runtime = Rc::clone(&self.runtime);
        let fetched =
            runtime.with_caller_scope(&self.caller_scope.clone(), || self.prepared.fetch(CHUNK_ROWS, &mut chunk));
        note_assumptions(&runtime, &self.prepared);
        self.pending.extend(chunk);
        self.is_at_end = !matches!(fetched, Ok(false));
        fetched.map(|_| ()).map_err(program_error)
    }

    /// Says what its rows were found to be, once all of them have been handed out.
    fn report(&mut self) -> ScriptResult<()> {
        let output = self.output.take();
        report_notices(output.as_ref(), &mut self.prepared)
    }
}

/// Registers streams as something that `for` can go through.
pub(super) fn register_stream(engine: &mut Engine) {
    engine.register_type_with_name::<RowStream>("rows");
    engine.register_iterator_result::<RowStream, TableRow>();
}
