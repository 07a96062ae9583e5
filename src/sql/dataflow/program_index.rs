//! A program, indexed for the questions that its uses of quantities raise. It judges none of them.

use super::bytecode::Op;
use crate::syntax::expr::most_arguments;
use std::collections::BTreeMap;

/// SQLite's own bound on the arguments of a function (`SQLITE_MAX_FUNCTION_ARG`).
pub(super) const MAX_FUNCTION_ARGUMENTS: i64 = 1_000;

/// A program, indexed for the questions that its uses of quantities raise.
pub(super) struct ProgramIndex<'p> {
    program: &'p [Op],
    /// The instructions that open a cursor, by the cursor: a long list of values is written into one row by row.
    openings: BTreeMap<i64, Vec<&'p Op>>,
    /// The texts that a call of a function may be in: the statement, and the views.
    texts: &'p dyn Fn() -> String,
}

impl<'p> ProgramIndex<'p> {
    pub(super) fn new(program: &'p [Op], texts: &'p dyn Fn() -> String) -> Self {
        let mut openings: BTreeMap<i64, Vec<&Op>> = BTreeMap::new();
        for op in program.iter().filter(|op| op.opcode.starts_with("Open") || op.opcode == "SorterOpen") {
            openings.entry(op.p1).or_default().push(op);
        }
        Self { program, openings, texts }
    }

    /// The most arguments that any call of a function has. The program does not say how many arguments a variadic function
    /// gets, and the registers behind them are no business of its.
    pub(super) fn most_arguments(&self, name: &str) -> i64 {
        let most = most_arguments(&(self.texts)(), name).and_then(|most| i64::try_from(most).ok());
        most.unwrap_or(MAX_FUNCTION_ARGUMENTS)
    }

    pub(super) fn previous(&self, at: usize) -> Option<&'p Op> {
        at.checked_sub(1).map(|previous| &self.program[previous])
    }

    /// The instructions that open a cursor.
    pub(super) fn opened(&self, cursor: i64) -> impl Iterator<Item = &'p Op> {
        self.openings.get(&cursor).into_iter().flatten().copied()
    }

    /// The whole number that a register holds at an instruction: the site of a call. A constant is loaded right before it, or once
    /// at the end of the program, where constants are.
    pub(super) fn constant_before(&self, at: usize, register: i64) -> Option<i64> {
        let loads = |op: &&Op| op.opcode == "Integer" && op.p2 == register;
        let before = self.program[..at].iter().rfind(loads);
        before.or_else(|| self.program[at..].iter().find(loads)).map(|op| op.p1)
    }

    /// The largest whole number that the program loads into a register; 0 where it loads none.
    pub(super) fn max_constant(&self, register: i64) -> i64 {
        let loads = |op: &&Op| op.opcode == "Integer" && op.p2 == register;
        self.program.iter().filter(loads).map(|op| op.p1).max().unwrap_or_default()
    }

    /// The number of columns of an automatic index that a search compares; the rest of its key is carried along.
    pub(super) fn seek_columns(&self, cursor: i64) -> usize {
        let seeks = ["SeekGE", "SeekGT", "SeekLE", "SeekLT", "IdxGE", "IdxGT", "IdxLE", "IdxLT", "Found", "NotFound"];
        let searched = self.program.iter().filter(|op| op.p1 == cursor && seeks.contains(&op.opcode));
        searched.filter_map(|op| op.p4.parse().ok()).max().unwrap_or_default()
    }
}
