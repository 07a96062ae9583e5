//! Instrumentation: a statement in which whole numbers may be divided or texts read as numbers is run with counters in it, so that
//! its warnings say what was lost, where and how often, and are absent where nothing was.
//!
//! The counters never decide on an answer: they do what SQLite does, and SQLite must run the statement by the same plan as the
//! written one and compute as much, as their two programs show. Any other statement is run as it is written, and its warnings say
//! what may be lost.

use super::counter::{CountedCoercions, Counter};
use super::dataflow::bytecode::{Op, explain};
use super::dataflow::equivalence::is_equivalent;
use super::lowering::LoweredSql;
use super::translation::{CountingText, Expansion};
use crate::store::{Book, LossCount};
use std::ops::Range;
use std::rc::Rc;

/// A statement with counters in it, and its program.
pub(super) struct Instrumented {
    pub(super) sql: String,
    pub(super) program: Vec<Op>,
    pub(super) counters: LossCounters,
}

/// The counters of a statement.
pub(super) struct LossCounters {
    book: Rc<Book>,
    numbers: Range<i64>,
    counters: Vec<Counter>,
}

impl LossCounters {
    /// The counters with what they have counted since the last call.
    pub(super) fn take(&self) -> impl Iterator<Item = (&Counter, LossCount)> {
        self.counters.iter().zip(self.book.take_losses(self.numbers.clone()))
    }
}

impl Drop for LossCounters {
    fn drop(&mut self) {
        drop(self.book.take_losses(self.numbers.clone()));
    }
}

impl Instrumented {
    /// A statement with counters for some kinds of coercions; `None` where SQLite does not take it, or would not run it as it runs
    /// `program`, the written one's. `lowered` gives the texts of its counters as they are written.
    pub(super) fn new(
        book: &Rc<Book>,
        (sql, lowered): (&str, &LoweredSql<'_>),
        program: &[Op],
        wanted: &CountedCoercions,
    ) -> Option<Self> {
        let text = CountingText::write(&Expansion::new(book, sql)?, wanted, |count| book.new_counters(count))?;
        let CountingText { sql, numbers, counters } = text;
        let counters = counters.into_iter().map(|counter| counter.map(|text| lowered.column(text))).collect();
        let counters = LossCounters { book: Rc::clone(book), numbers, counters };
        let counting = explain(book, &sql).ok().filter(|counting| is_equivalent(program, counting))?;
        Some(Self { sql, program: counting, counters })
    }
}
