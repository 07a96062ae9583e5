//! Rows of a statement as they are read, for loops over more than fits in memory.

use super::fetch::{CHUNK_ROWS, notice, script_values};
use super::raise::{Raised, raise_argument, raise_error};
use super::rows::Row;
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
}

impl Stream {
    pub(super) fn new(prepared: Prepared, output: Option<Output>) -> Self {
        let columns = prepared.columns().into();
        let reading = Reading { prepared, columns, waiting: VecDeque::new(), is_at_end: false, output };
        Self(Rc::new(RefCell::new(Some(reading))))
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
        if self.waiting.is_empty() && !self.is_at_end {
            let mut chunk = Vec::with_capacity(CHUNK_ROWS);
            let fetched = self.prepared.fetch(CHUNK_ROWS, &mut chunk);
            self.waiting.extend(chunk);
            match fetched {
                Ok(false) => {}
                Ok(true) => {
                    self.is_at_end = true;
                    if let Err(error) = notice(self.output.as_ref(), &mut self.prepared) {
                        return Some(Err(error));
                    }
                }
                Err(error) => {
                    self.is_at_end = true;
                    return Some(Err(raise_error(error)));
                }
            }
        }
        let values = script_values(self.waiting.pop_front()?, &self.columns);
        Some(Ok(Row { columns: Rc::clone(&self.columns), values }))
    }
}

/// Registers streams as something that `for` can go through.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Stream>("rows");
    engine.register_iterator_result::<Stream, Row>();
}
