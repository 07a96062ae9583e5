//! Liveness: the registers that the analysis of quantities may read at an instruction or behind it before it writes them. What a path
//! brings in another one is no news. It has the reads and the writes of that analysis, rather than those of SQLite.

use super::bytecode::{Op, Reads, Writes};
use super::control_flow::ControlFlowGraph;
use crate::store::TAG_FUNCTION;
use std::collections::BTreeMap;
use std::ops::Range;

/// Registers in a word of a set.
pub(super) const WORD: usize = 32;

/// The live registers before each instruction.
pub(super) struct LiveRegisters {
    /// Words of a set.
    width: usize,
    /// For each instruction the set of the registers that are read, then that of those whose value becomes part of another one, of a row
    /// or of an argument; none where all registers are live.
    words: Vec<u32>,
}

/// The live registers before an instruction.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiveSet<'l>(Option<(&'l [u32], &'l [u32])>);

impl LiveSet<'_> {
    /// The registers of a word that are read, a bit each from the lowest on.
    pub(super) fn word(self, at: usize) -> u32 {
        self.0.map_or(u32::MAX, |(read, _)| read.get(at).copied().unwrap_or_default())
    }

    /// True for a register that is read.
    pub(super) fn has(self, register: i64) -> bool {
        self.0.is_none_or(|(read, _)| usize::try_from(register).is_ok_and(|register| contains(read, register)))
    }

    /// True for a register whose value is used, rather than compared or tested alone.
    pub(super) fn is_used(self, register: usize) -> bool {
        self.0.is_none_or(|(_, used)| contains(used, register))
    }
}

fn contains(set: &[u32], register: usize) -> bool {
    set.get(register / WORD).is_some_and(|word| word >> (register % WORD) & 1 == 1)
}

impl LiveRegisters {
    /// Every register, at every instruction.
    pub(super) fn all() -> Self {
        Self { width: 0, words: Vec::new() }
    }

    /// The live registers of a program.
    pub(super) fn of(program: &[Op], flow: &ControlFlowGraph<'_>) -> Self {
        // A register that nothing writes holds nothing.
        let ends = program.iter().map(|op| written(op).end).max();
        let width = ends.and_then(|end| usize::try_from(end).ok()).unwrap_or_default().div_ceil(WORD).max(1);
        let mut live = Self { width, words: vec![0; 2 * width * program.len()] };
        let (predecessors, rows) = (flow.predecessors(), rows_in_registers(program));
        let (mut before, mut is_pending) = (vec![0; 2 * width], vec![true; program.len()]);
        while is_pending.contains(&true) {
            for at in (0..program.len()).rev() {
                if !std::mem::take(&mut is_pending[at]) {
                    continue;
                }
                live.read_backwards(program, at, flow.edges(at), &rows, &mut before);
                if live.sets(at) != before {
                    live.words[2 * at * width..][..2 * width].copy_from_slice(&before);
                    predecessors[at].iter().for_each(|from| is_pending[*from] = true);
                }
            }
        }
        live
    }

    /// Sets `before` to the live registers before an instruction, by those before its successors.
    fn read_backwards(
        &self,
        program: &[Op],
        at: usize,
        successors: &[usize],
        rows: &BTreeMap<i64, Vec<i64>>,
        before: &mut [u32],
    ) {
        before.fill(0);
        for to in successors {
            before.iter_mut().zip(self.sets(*to)).for_each(|(word, behind)| *word |= behind);
        }
        let (read, used) = before.split_at_mut(self.width);
        let written = written(&program[at]);
        remove(read, &written);
        remove(used, &written);
        for_each_read(program, at, rows, |registers, is_used| {
            insert(read, &registers);
            if is_used {
                insert(used, &registers);
            }
        });
    }

    /// Those before an instruction.
    pub(super) fn at(&self, at: usize) -> LiveSet<'_> {
        LiveSet((self.width > 0).then(|| self.sets(at).split_at(self.width)))
    }

    fn sets(&self, at: usize) -> &[u32] {
        &self.words[2 * at * self.width..][..2 * self.width]
    }
}

fn insert(set: &mut [u32], registers: &Range<i64>) {
    places(set, registers).for_each(|register| set[register / WORD] |= 1 << (register % WORD));
}

fn remove(set: &mut [u32], registers: &Range<i64>) {
    places(set, registers).for_each(|register| set[register / WORD] &= !(1 << (register % WORD)));
}

/// Those of the registers for which a set has a place.
fn places(set: &[u32], registers: &Range<i64>) -> Range<usize> {
    let place = |register: i64| usize::try_from(register).unwrap_or_default().min(set.len() * WORD);
    place(registers.start)..place(registers.end)
}

/// The registers that an instruction writes whatever they held.
fn written(op: &Op) -> Range<i64> {
    let (p2, p3) = (op.p2, op.p3);
    match (op.effect.map(|effect| effect.writes), op.opcode) {
        (Some(Writes::Plain(operand) | Writes::UserSupplied(operand) | Writes::Null(operand)), _) => {
            some(op.register(operand), 1)
        }
        (Some(Writes::Special), "Variable" | "SCopy" | "SorterData" | "RowData") => some(p2, 1),
        (Some(Writes::Special), "Null") => p2..p3.max(p2) + 1,
        (Some(Writes::Special), "Copy") => some(p2, p3 + 1),
        (Some(Writes::Special), "Move") => some(p2, p3),
        (Some(Writes::Special), "Function" | "PureFunc" | "AggValue" | "MakeRecord" | "Column") => some(p3, 1),
        // An aggregate adds to what it holds, and the others write rows.
        _ => 0..0,
    }
}

/// Calls `visit` with the registers that an instruction reads, and whether their values are used.
fn for_each_read(program: &[Op], at: usize, rows: &BTreeMap<i64, Vec<i64>>, mut visit: impl FnMut(Range<i64>, bool)) {
    let op = &program[at];
    let (p1, p2, p3) = (op.p1, op.p2, op.p3);
    // An operator's result is user-supplied where an operand is.
    let has_result = op.effect.is_some_and(|effect| !matches!(effect.writes, Writes::Nothing));
    match op.effect.map(|effect| effect.reads) {
        Some(Reads::Value(operand, _)) => visit(some(op.register(operand), 1), has_result),
        Some(Reads::Pair(left, right, _)) => {
            visit(some(op.register(left), 1), has_result);
            visit(some(op.register(right), 1), has_result);
        }
        Some(Reads::Key(_)) => visit(some(p3, op.p4.parse().unwrap_or(1).max(1)), false),
        Some(Reads::Nothing | Reads::Special) | None => {}
    }
    match op.opcode {
        "IsNull" | "NotNull" | "IsType" | "ElseEq" | "HaltIfNull" | "ZeroOrNull" => visit(some(p1, 1), false),
        "SCopy" | "AggValue" | "AggFinal" => visit(some(p1, 1), true),
        "ResultRow" | "MakeRecord" => visit(some(p1, p2), true),
        "Copy" => visit(some(p1, p3 + 1), true),
        "Move" => visit(some(p1, p3), true),
        "Insert" | "IdxInsert" | "SorterInsert" => visit(some(p2, 1), true),
        "VFilter" => visit(p3..i64::MAX, false),
        "Compare" => {
            let picked = at.checked_sub(1).map(|before| &program[before]).filter(|op| op.opcode == "Permutation");
            let count = picked.and_then(|picks| picks.numbers().max()).map_or(p3, |last| last + 1);
            visit(some(p1, count), false);
            visit(some(p2, count), false);
        }
        "Function" | "PureFunc" | "AggStep" | "AggInverse" => {
            let (name, count) = op.function();
            // The number of arguments of a variadic function is unknown: a quantity is looked for behind them too. The marker is one
            // that takes any.
            if name != TAG_FUNCTION {
                visit(some(p2, count.unwrap_or(i64::MAX)), count.is_some());
            }
            if op.opcode == "AggStep" {
                visit(some(p3, 1), true);
            }
        }
        "Column" => rows.get(&p1).into_iter().flatten().for_each(|row| visit(some(*row, 1), true)),
        _ => {}
    }
}

/// `count` registers from `first` on.
fn some(first: i64, count: i64) -> Range<i64> {
    first..first.saturating_add(count.max(0))
}

/// The registers that hold the only row of a cursor, by the cursor.
fn rows_in_registers(program: &[Op]) -> BTreeMap<i64, Vec<i64>> {
    let mut rows: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for op in program.iter().filter(|op| op.opcode == "OpenPseudo") {
        rows.entry(op.p1).or_default().push(op.p2);
    }
    rows
}
