//! Instrumentation: a statement in which whole numbers may be divided or texts read as numbers is run with counters in it, so that
//! its warnings say what was lost, where and how often, and are absent where nothing was.
//!
//! The counters never decide on an answer: they do what SQLite does, and SQLite must run the statement by the same plan as the
//! written one, as their two programs show. Any other statement is run as it is written, and its warnings say what may be lost.

use super::dataflow::bytecode::{Op, explain};
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
        if !plan(program).eq(plan(&counting)) {
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

/// Opcodes that a counter adds, moves or takes the place of: they compute values, and load constants. A view that stands in the place
/// of its name has no transaction of its own.
const COMPUTING: [&str; 29] = [
    "Init",
    "Transaction",
    "Goto",
    "Once",
    "ClrSubtype",
    "Integer",
    "Int64",
    "Real",
    "String",
    "String8",
    "Blob",
    "Null",
    "Variable",
    "Copy",
    "SCopy",
    "Cast",
    "Add",
    "Subtract",
    "Multiply",
    "Divide",
    "Remainder",
    "BitAnd",
    "BitOr",
    "BitNot",
    "ShiftLeft",
    "ShiftRight",
    "Concat",
    "Function",
    "PureFunc",
];

/// The plan of a program: its cursors, loops, keys, comparisons with their affinities and collations, aggregates and rows, in their
/// order. Two programs with one plan visit the same rows in the same order and compare them in the same way.
fn plan(program: &[Op]) -> impl Iterator<Item = PlanStep<'_>> {
    program.iter().filter(|op| !COMPUTING.contains(&op.opcode.as_str())).map(|op| {
        let operands = match op.opcode.as_str() {
            "OpenRead" | "OpenWrite" | "ReopenIdx" => [op.p1, op.p2, op.p3],
            "Column" | "OpenEphemeral" | "OpenAutoindex" | "SorterOpen" | "OpenDup" | "VColumn" => [op.p1, op.p2, 0],
            "MakeRecord" | "ResultRow" => [op.p2, 0, 0],
            "Compare" | "Affinity" => [if op.opcode == "Compare" { op.p3 } else { op.p2 }, 0, 0],
            opcode if uses_cursor(opcode) => [op.p1, 0, 0],
            _ => [0; 3],
        };
        // That of a virtual table is an address.
        let p4 = if op.opcode == "VOpen" { "" } else { &*op.p4 };
        (&*op.opcode, operands, p4, op.p5)
    })
}

/// An opcode with the operands that are no registers or addresses of the program.
type PlanStep<'p> = (&'p str, [i64; 3], &'p str, i64);

/// True for an opcode whose first operand is a cursor.
fn uses_cursor(opcode: &str) -> bool {
    ["Rewind", "Last", "Next", "Prev", "Seek", "Sort", "Idx", "Found", "Not", "Rowid", "Deferred", "Null", "V"]
        .iter()
        .any(|start| opcode.starts_with(start))
        && !matches!(opcode, "Not" | "NotNull" | "Null")
}
