//! Instrumentation: a statement in which whole numbers may be divided or texts read as numbers is run with counters in it, so that
//! its warnings say what was lost, where and how often, and are absent where nothing was.
//!
//! The counters never decide on an answer: they do what SQLite does, and SQLite must run the statement by the same plan as the
//! written one and compute as much, as their two programs show. Any other statement is run as it is written, and its warnings say what may be lost.

use super::dataflow::bytecode::{Op, explain};
use super::dataflow::equivalence::is_equivalent;
use super::dataflow::quantities::{QuantityTypes, infer_types};
use super::diagnostics::StatementContext;
use super::lowering::LoweredSql;
use super::preparation::{BoundStatement, Preparation};
use super::translation::{CountedCoercions, Counter, CountingText, Expansion};
use crate::error::Error;
use crate::store::{Book, LossCount};
use std::ops::Range;
use std::rc::Rc;

/// A statement with counters in it, and its program.
pub(super) struct Instrumented {
    pub(super) ready: BoundStatement,
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

impl Preparation<'_> {
    /// A statement with counters for some kinds of coercions; `None` where SQLite would not run it by the plan of `program`, its own.
    pub(super) fn instrumented(
        &self,
        context: &StatementContext,
        (sql, lowered): (&str, &LoweredSql<'_>),
        (program, types): (&[Op], &QuantityTypes),
        wanted: &CountedCoercions,
    ) -> Result<Option<Instrumented>, Error> {
        let Some(expansion) = Expansion::new(self.book, sql) else { return Ok(None) };
        let Some(text) = CountingText::write(&expansion, wanted, |count| self.book.new_counters(count)) else {
            return Ok(None);
        };
        let CountingText { sql, numbers, counters } = text;
        let counters = counters.into_iter().map(|counter| counter.map(|text| lowered.column(text))).collect();
        let counters = LossCounters { book: Rc::clone(self.book), numbers, counters };
        let error = |error| context.prepare_error(error);
        let Ok(ready) = self.bind(context, &sql, error) else { return Ok(None) };
        let Ok(counting) = explain(self.book, &sql) else { return Ok(None) };
        if !is_equivalent(program, &counting) {
            return Ok(None);
        }
        if context.knows_quantities {
            let width = types.are_quantities.len();
            let found = infer_types(self.book, &sql, &counting, &ready.bound.values, width)
                .map_err(|error| context.prepare_error(error))?;
            if !found.is_ok_and(|found| found.are_quantities == types.are_quantities) {
                return Ok(None);
            }
        }
        Ok(Some(Instrumented { ready, sql, program: counting, counters }))
    }
}
