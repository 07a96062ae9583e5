//! Inference of stored values: finds the result columns of a statement whose values are cells of a table as they are stored,
//! rather than computed on the way. It follows each register through the program: a column that is read, copies of it, and
//! rows that carry it are stored; whatever else writes a register has computed.

use super::bytecode::{Op, RegisterOperand, Writes, explain};
use super::control_flow::{CallSensitivity, ControlFlowGraph};
use super::liveness::LiveSet;
use super::state::{Cursors, Field, Lattice, Registers};
use super::{Analysis, State, fixpoint};
use crate::store::{Book, StoredColumn};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The number of the database of temporary tables in a program.
const TEMPORARY: i64 = 1;

/// The origin of a value, by any path; NULL has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct ValueOrigin {
    is_stored: bool,
    is_computed: bool,
}

const STORED: ValueOrigin = ValueOrigin { is_stored: true, is_computed: false };
const COMPUTED: ValueOrigin = ValueOrigin { is_stored: false, is_computed: true };

impl ValueOrigin {
    /// The origin of a value that is one or the other.
    fn or(self, other: Self) -> Self {
        Self { is_stored: self.is_stored | other.is_stored, is_computed: self.is_computed | other.is_computed }
    }
}

impl Lattice for ValueOrigin {
    fn merge(&mut self, other: Self) -> bool {
        let merged = self.or(other);
        std::mem::replace(self, merged) != merged
    }

    fn pack(self) -> u32 {
        u32::from(self.is_stored) + 2 * u32::from(self.is_computed)
    }

    fn unpack(packed: u32) -> Self {
        Self { is_stored: packed % 2 == 1, is_computed: packed >= 2 }
    }
}

impl State for Registers<ValueOrigin> {
    fn merge(&mut self, other: &Self, live: LiveSet<'_>) -> bool {
        self.merge_all(other, live)
    }

    fn size(&self) -> usize {
        self.len()
    }
}

/// For each result column of a statement, true if its values are stored ones; all false where that can't be told.
pub(crate) fn stored_columns(book: &Book, sql: &str, width: usize) -> Vec<bool> {
    infer(book, sql, width).unwrap_or_else(|| vec![false; width])
}

fn infer(book: &Book, sql: &str, width: usize) -> Option<Vec<bool>> {
    let program = explain(book, sql).ok()?;
    if program.iter().any(|op| op.effect.is_none()) {
        return None;
    }
    let opens = |op: &&Op| matches!(op.opcode, "OpenRead" | "OpenWrite" | "ReopenIdx");
    let mut tables = BTreeMap::new();
    for op in program.iter().filter(opens) {
        // A temporary table may hold what was computed before.
        let columns = if op.p3 == TEMPORARY { Rc::default() } else { book.stored_columns(op.p3, op.p2).ok()? };
        // Of a cursor that is opened over several, it isn't known what a column is.
        tables.entry(op.p1).and_modify(|known| *known = Rc::default()).or_insert(columns);
    }
    let mut analysis = OriginAnalysis { program: &program, tables, cursors: Cursors::default() };
    let flow = ControlFlowGraph::new(&program, CallSensitivity::AnyCaller);
    let states = fixpoint(&flow, &mut analysis, book.stop()).ok()??;
    let mut columns = vec![ValueOrigin::default(); width];
    let mut has_row = false;
    let add = |at: usize, origins: &Registers<ValueOrigin>| {
        let op = &program[at];
        if op.opcode == "ResultRow" {
            has_row = true;
            for (register, column) in (op.p1..op.p1 + op.p2).zip(&mut columns) {
                column.merge(origins.get(register));
            }
        }
    };
    states.visit(&mut analysis, book.stop(), add).ok()?;
    has_row.then(|| columns.into_iter().map(|column| column == STORED).collect())
}

struct OriginAnalysis<'p> {
    program: &'p [Op],
    /// The columns of each cursor over a table or an index.
    tables: BTreeMap<i64, Rc<[StoredColumn]>>,
    cursors: Cursors<ValueOrigin>,
}

impl Analysis for OriginAnalysis<'_> {
    type State = Registers<ValueOrigin>;

    const MAX_SIZE: usize = 4_000_000;

    fn reads_rows(&self, at: usize) -> bool {
        let op = &self.program[at];
        match op.opcode {
            "SorterData" | "RowData" => true,
            "Column" => !self.tables.contains_key(&op.p1),
            _ => false,
        }
    }

    fn apply(&mut self, at: usize, registers: &mut Registers<ValueOrigin>) -> bool {
        let op = &self.program[at];
        let (p1, p2, p3) = (op.p1, op.p2, op.p3);
        match op.opcode {
            "Null" => (p2..=p3.max(p2)).for_each(|register| registers.set(register, ValueOrigin::default())),
            "Copy" => (0..=p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "SCopy" => registers.copy(p1, p2),
            "Move" => (0..p3).for_each(|i| registers.copy(p1 + i, p2 + i)),
            "AggValue" => registers.copy(p1, p3),
            "AggFinal" | "AggInverse" => {}
            "Function" | "PureFunc" | "AggStep" => Self::call(op, registers),
            "Cast" | "AddImm" => registers.set(p1, COMPUTED),
            "Variable" => registers.set(p2, COMPUTED),
            "VColumn" => registers.set(p3, COMPUTED),
            "MakeRecord" => {
                let record = Rc::new((0..p2).map(|i| registers.field(p1 + i)).collect());
                registers.set_fields(p3, COMPUTED, record);
            }
            "Insert" | "IdxInsert" | "SorterInsert" => {
                return registers.record(p2).is_some_and(|row| self.cursors.insert(p1, row));
            }
            "OpenPseudo" => self.cursors.open_pseudo(p1, p2),
            "OpenDup" => return self.cursors.open_duplicate(p1, p2),
            "SorterData" | "RowData" => registers.set_fields(p2, COMPUTED, self.cursors.row(p1)),
            "Column" => registers.set_field(p3, self.column(p1, p2, registers)),
            _ => write_effect(op, registers),
        }
        false
    }
}

impl OriginAnalysis<'_> {
    /// A column of the row that a cursor is at. That of an index may be an expression, which is computed.
    fn column(&self, cursor: i64, column: i64, registers: &Registers<ValueOrigin>) -> Field<ValueOrigin> {
        let Some(columns) = self.tables.get(&cursor) else {
            return self.cursors.column(cursor, column, registers, |_| COMPUTED);
        };
        let stored = usize::try_from(column).ok().and_then(|index| columns.get(index));
        let is_stored = stored.is_some_and(|stored| !stored.name.is_empty());
        Field { value: if is_stored { STORED } else { COMPUTED }, nested: None }
    }

    /// Applies a call: the least, the greatest, the first and the last of stored values are stored.
    fn call(op: &Op, registers: &mut Registers<ValueOrigin>) {
        let (name, count) = op.function();
        let mut made = match count {
            Some(count) if HANDS_ON.contains(&name) => {
                let arguments = (op.p2..op.p2 + count).map(|register| registers.get(register));
                arguments.fold(ValueOrigin::default(), ValueOrigin::or)
            }
            _ => COMPUTED,
        };
        if op.opcode == "AggStep" {
            made.merge(registers.get(op.p3));
        }
        registers.set(op.p3, made);
    }
}

/// Functions that hand on one of their arguments as it is.
const HANDS_ON: [&str; 4] = ["max", "min", "first_value", "last_value"];

/// Applies the write of an instruction that computes.
fn write_effect(op: &Op, registers: &mut Registers<ValueOrigin>) {
    let register = |operand: RegisterOperand| op.register(operand);
    match op.effect.map(|effect| effect.writes) {
        Some(Writes::Plain(operand) | Writes::UserSupplied(operand)) => registers.set(register(operand), COMPUTED),
        Some(Writes::Null(operand)) => registers.set(register(operand), ValueOrigin::default()),
        _ => {}
    }
}
