//! Rows of a statement as they are read, for loops over more than fits in memory.

use super::fetch::{CHUNK_ROWS, script_values};
use super::raise::raise_error;
use super::rows::Row;
use crate::sql::{Cell, Column, Prepared};
use rhai::{Engine, EvalAltResult};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// A statement that is being read. Clones are the same reading.
#[derive(Clone)]
pub(super) struct Stream(Rc<RefCell<Reading>>);

struct Reading {
    prepared: Prepared,
    columns: Rc<[Column]>,
    waiting: VecDeque<Vec<Cell<'static>>>,
    is_at_end: bool,
}

impl Stream {
    pub(super) fn new(prepared: Prepared) -> Self {
        let columns = prepared.columns().into();
        Self(Rc::new(RefCell::new(Reading { prepared, columns, waiting: VecDeque::new(), is_at_end: false })))
    }
}

impl Iterator for Stream {
    type Item = Result<Row, Box<EvalAltResult>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut reading = self.0.borrow_mut();
        if reading.waiting.is_empty() && !reading.is_at_end {
            let mut chunk = Vec::with_capacity(CHUNK_ROWS);
            let fetched = reading.prepared.fetch(CHUNK_ROWS, &mut chunk);
            reading.waiting.extend(chunk);
            match fetched {
                Ok(is_at_end) => reading.is_at_end = is_at_end,
                Err(error) => {
                    reading.is_at_end = true;
                    return Some(Err(raise_error(error)));
                }
            }
        }
        let cells = reading.waiting.pop_front()?;
        let columns = Rc::clone(&reading.columns);
        let values = script_values(cells, &columns);
        Some(Ok(Row { columns, values }))
    }
}

/// Registers streams as something that `for` can go through.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Stream>("rows");
    engine.register_iterator_result::<Stream, Row>();
}
