//! Rows of a statement as they are read, for loops over more than fits in memory.

use super::around::Around;
use super::fetch::{self, CHUNK_ROWS, notice, script_values};
use super::raise::{Raised, raise_argument, raise_error};
use super::rows::Row;
use super::shared::Shared;
use crate::sql::{Cell, Column, Output, Prepared};
use rhai::Engine;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

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
            values: script_values(cells, &self.columns, self.prepared.user_supplied()),
        }))
    }

    /// Reads some more rows.
    fn read(&mut self) -> Raised<()> {
        let mut chunk = Vec::with_capacity(CHUNK_ROWS);
        let shared = Rc::clone(&self.shared);
        let fetched = shared.within(&self.around.clone(), || self.prepared.fetch(CHUNK_ROWS, &mut chunk));
        fetch::rest(&shared, &self.prepared);
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
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Stream>("rows");
    engine.register_iterator_result::<Stream, Row>();
}
