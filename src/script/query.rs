//! Rows of SQL for scripts: all of them as a table, or one after the other as a stream. The parameters of a statement are its
//! caller's.

use super::exception::{Raised, raise_argument, raise_error};
use super::runtime::{Around, Shared};
use super::table::{Row, Table};
use super::value::{from_any_cell, from_cell};
use crate::sql::{Asker, Cell, Column, Output, Parameters, Prepared, Text, prepare_one};
use rhai::{Dynamic, Engine};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// How many rows are read at a time: enough to make the cost of the border small, few enough to stay in the cache.
pub(super) const CHUNK_ROWS: usize = 256;

/// A statement of a script, ready to be read.
pub(super) fn prepare(shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Prepared> {
    prepare_for(Asker::Person, shared, sql, parameters)
}

fn prepare_for(asker: Asker, shared: &Shared, sql: &str, parameters: &dyn Parameters) -> Raised<Prepared> {
    let prepared = prepare_one(&shared.book, &Text::new("SQL", sql), parameters, asker).map_err(raise_error)?;
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
    all_rows(shared, prepare_for(Asker::Program, shared, sql, parameters)?)
}

fn all_rows(shared: &Shared, mut prepared: Prepared) -> Raised<Table> {
    let columns: Rc<[Column]> = prepared.columns().into();
    let mut rows = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let is_end = prepared.fetch(CHUNK_ROWS, &mut chunk).map_err(raise_error)?;
        rest(shared, &prepared);
        rows.extend(chunk.into_iter().map(|cells| script_values(cells, &columns, prepared.given())));
        if is_end {
            notice(shared.output().as_ref(), &mut prepared)?;
            return Ok(Table::new(columns, rows));
        }
    }
}

/// Whatever the script answers from now on may rest on what the rows of a statement do.
pub(super) fn rest(shared: &Shared, prepared: &Prepared) {
    if let Some(output) = shared.output() {
        prepared.rest(&output);
    }
}

/// Says what was found worth a remark in the rows of a statement that has ended.
pub(super) fn notice(output: Option<&Output>, prepared: &mut Prepared) -> Raised<()> {
    let Some(output) = output else { return Ok(()) };
    prepared.tell(output).map_err(|error| raise_error(error.into()))
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

/// A statement that is to be read once. Clones are the same reading.
#[derive(Clone)]
pub(super) struct Stream(Rc<RefCell<Option<Reading>>>);

/// The rows of a statement as they are read.
pub(super) struct Reading {
    prepared: Prepared,
    columns: Rc<[Column]>,
    waiting: VecDeque<Vec<Cell<'static>>>,
    is_at_end: bool,
    /// Where remarks on its rows go.
    output: Option<Output>,
    shared: Rc<Shared>,
    /// What stood around the call that asked for it.
    around: Around,
}

impl Stream {
    /// Its first rows are read at once: a statement that has not begun would begin with the tables of a later one.
    pub(super) fn new(shared: &Rc<Shared>, around: Around, prepared: Prepared) -> Raised<Self> {
        let columns = prepared.columns().into();
        let (shared, output) = (Rc::clone(shared), shared.output());
        let mut reading =
            Reading { prepared, columns, waiting: VecDeque::new(), is_at_end: false, output, shared, around };
        reading.read()?;
        Ok(Self(Rc::new(RefCell::new(Some(reading)))))
    }
}

impl IntoIterator for Stream {
    type Item = Raised<Row>;
    type IntoIter = Rows;

    fn into_iter(self) -> Rows {
        match self.0.take() {
            Some(reading) => Rows::Reading(Box::new(reading)),
            None => Rows::Gone,
        }
    }
}

/// What a loop goes through.
pub(super) enum Rows {
    Reading(Box<Reading>),
    /// Another loop has read the stream.
    Gone,
    /// That has been said.
    Ended,
}

impl Iterator for Rows {
    type Item = Raised<Row>;

    fn next(&mut self) -> Option<Raised<Row>> {
        match self {
            Rows::Reading(reading) => reading.next(),
            Rows::Ended => None,
            Rows::Gone => {
                *self = Rows::Ended;
                let cure = "ask again with `stream(…)`, or keep the rows with `query(…)`";
                Some(Err(raise_argument("a stream can be gone through once", cure)))
            }
        }
    }
}

impl Reading {
    fn next(&mut self) -> Option<Raised<Row>> {
        if self.waiting.is_empty()
            && !self.is_at_end
            && let Err(error) = self.read()
        {
            return Some(Err(error));
        }
        let Some(cells) = self.waiting.pop_front() else { return self.tell().err().map(Err) };
        Some(Ok(Row {
            columns: Rc::clone(&self.columns),
            values: script_values(cells, &self.columns, self.prepared.given()),
        }))
    }

    /// Reads some more rows.
    fn read(&mut self) -> Raised<()> {
        let mut chunk = Vec::with_capacity(CHUNK_ROWS);
        let shared = Rc::clone(&self.shared);
        let fetched = shared.within(&self.around.clone(), || self.prepared.fetch(CHUNK_ROWS, &mut chunk));
        rest(&shared, &self.prepared);
        self.waiting.extend(chunk);
        self.is_at_end = !matches!(fetched, Ok(false));
        fetched.map(|_| ()).map_err(raise_error)
    }

    /// Says what its rows were found to be, once all of them have been handed out.
    fn tell(&mut self) -> Raised<()> {
        let output = self.output.take();
        notice(output.as_ref(), &mut self.prepared)
    }
}

/// Registers streams as something that `for` can go through.
pub(super) fn register_stream(engine: &mut Engine) {
    engine.register_type_with_name::<Stream>("rows");
    engine.register_iterator_result::<Stream, Row>();
}
