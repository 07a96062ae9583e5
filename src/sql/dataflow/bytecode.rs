//! SQLite's bytecode: a statement's program as `EXPLAIN` lists it, and one table of the opcodes with their effects on registers.
//! An opcode that is not in the table is not understood, and a statement that has one gets no quantity at all.

use crate::store::{Book, PrepareError};
use rusqlite::Rows;
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An instruction of SQLite's virtual machine. Operands are registers, cursors or addresses, as the opcode has it.
#[derive(Debug)]
pub(crate) struct Op {
    /// The name of its opcode; empty for one that is not understood.
    pub(crate) opcode: &'static str,
    /// The effect of its opcode; `None` for one that is not understood.
    pub(crate) effect: Option<&'static Opcode>,
    pub(crate) p1: i64,
    pub(crate) p2: i64,
    pub(crate) p3: i64,
    /// A function's name with its number of arguments, a key's description, a constant.
    pub(crate) p4: String,
    /// Flags; of a comparison the affinity that it gives to both sides.
    pub(crate) p5: i64,
}

impl Op {
    /// The register that one of its operands names.
    pub(crate) fn register(&self, operand: RegisterOperand) -> i64 {
        match operand {
            RegisterOperand::P1 => self.p1,
            RegisterOperand::P2 => self.p2,
            RegisterOperand::P3 => self.p3,
        }
    }

    /// The function of p4 and how many registers from p2 on are its arguments: `sum(1)` is `("sum", Some(1))`. The
    /// number is `None` for a variadic function.
    pub(crate) fn function(&self) -> (&str, Option<i64>) {
        let (name, rest) = self.p4.split_once('(').unwrap_or((&self.p4, "0"));
        (name, rest.trim_end_matches(')').parse().ok().filter(|declared| *declared >= 0))
    }

    /// The numbers of a list in p4: `[2,0]`.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = i64> {
        self.p4.trim_matches(['[', ']']).split(',').filter_map(|number| number.parse().ok())
    }

    /// The number of key columns of p4: `k(2,B,-B)` is 2; 0 for a table.
    pub(crate) fn key_columns(&self) -> usize {
        let digits = self.p4.strip_prefix("k(").and_then(|rest| rest.split([',', ')']).next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }
}

/// An operand as text: a constant of the statement may be invalid UTF-8.
fn text(operand: ValueRef<'_>) -> String {
    operand
        .as_bytes_or_null()
        .ok()
        .flatten()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .unwrap_or_default()
}

/// The program of a statement that the guard has passed already.
///
/// # Errors
/// SQLite's own; that of an interrupted statement.
pub(crate) fn explain(book: &Book, sql: &str) -> Result<Vec<Op>, PrepareError> {
    let mut statement = book.prepare(&format!("explain {sql}"))?.statement;
    Ok(statement.with_mut(|statement| read_program(book, statement.raw_query()))?)
}

fn read_program(book: &Book, mut rows: Rows<'_>) -> rusqlite::Result<Vec<Op>> {
    let mut program = Vec::new();
    while let Some(row) = rows.next()? {
        book.stop().check()?;
        let effect = find(row.get_ref(1)?.as_str().unwrap_or_default());
        program.push(Op {
            effect,
            opcode: effect.map_or("", |effect| effect.name),
            p1: row.get(2)?,
            p2: row.get(3)?,
            p3: row.get(4)?,
            p4: text(row.get_ref(5)?),
            p5: row.get(6)?,
        });
    }
    Ok(program)
}

/// The number that an instruction loads.
#[allow(clippy::cast_precision_loss)] // it is compared with another that is as near
pub(crate) fn number(op: &Op) -> Option<f64> {
    match op.opcode {
        "Integer" => Some(op.p1 as f64),
        "Int64" => op.p4.parse().ok(),
        // Its bits are in two operands.
        "Real" => {
            let halves = [op.p3, op.p1].map(|half| u64::try_from(half & 0xffff_ffff).unwrap_or_default());
            Some(f64::from_bits(halves[0] << 32 | halves[1]))
        }
        _ => None,
    }
}

/// An opcode, and its effect on registers.
#[derive(Debug)]
pub(crate) struct Opcode {
    name: &'static str,
    /// True if it may jump to p2 instead of the next instruction.
    pub(crate) may_jump: bool,
    pub(crate) writes: Writes,
    pub(crate) reads: Reads,
}

/// An operand that is the number of a register.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RegisterOperand {
    P1,
    P2,
    P3,
}

/// The write of an instruction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Writes {
    Nothing,
    /// A value that is no quantity, user-supplied if an operand is.
    Plain(RegisterOperand),
    /// A literal of the statement, or a value of a table function.
    UserSupplied(RegisterOperand),
    /// NULL.
    Null(RegisterOperand),
    /// Handled by name in each analysis.
    Special,
}

/// The use that an instruction makes of registers: the operator as SQL writes it, or a phrase.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reads {
    /// None, or only to move them, or to test them for NULL.
    Nothing,
    /// One value.
    Value(RegisterOperand, &'static str),
    /// Two values, as SQL writes them.
    Pair(RegisterOperand, RegisterOperand, &'static str),
    /// The key at p3: p4 registers, or one that is a record.
    Key(&'static str),
    /// Handled by name in each analysis.
    Special,
}

use Reads::{Key, Pair, Value};
use RegisterOperand::{P1, P2, P3};
use Writes::{Null, Plain, UserSupplied};

const NO_WRITE: Writes = Writes::Nothing;
const NO_READ: Reads = Reads::Nothing;

const fn step(name: &'static str, writes: Writes, reads: Reads) -> Opcode {
    Opcode { name, may_jump: false, writes, reads }
}

const fn jump(name: &'static str, writes: Writes, reads: Reads) -> Opcode {
    Opcode { name, may_jump: true, writes, reads }
}

/// An opcode that neither writes a value nor reads one, and goes on at the next instruction.
const fn idle(name: &'static str) -> Opcode {
    step(name, NO_WRITE, NO_READ)
}

/// An opcode that may jump, and neither writes a value nor reads one.
const fn branch(name: &'static str) -> Opcode {
    jump(name, NO_WRITE, NO_READ)
}

/// An opcode that loads a value into p2 that is no quantity.
const fn load(name: &'static str) -> Opcode {
    step(name, Plain(P2), NO_READ)
}

/// An opcode that loads a literal of the statement into p2.
const fn constant(name: &'static str) -> Opcode {
    step(name, UserSupplied(P2), NO_READ)
}

/// An operator on p2 and p1 into p3: the machine has the right operand in p1.
const fn operator(name: &'static str, written: &'static str) -> Opcode {
    step(name, Plain(P3), Pair(P2, P1, written))
}

/// A comparison of p3 with p1.
const fn comparison(name: &'static str, written: &'static str) -> Opcode {
    jump(name, NO_WRITE, Pair(P3, P1, written))
}

/// An opcode that looks a key up.
const fn seek(name: &'static str) -> Opcode {
    jump(name, NO_WRITE, Key("comparing"))
}

/// Every opcode that is understood.
static OPCODES: &[Opcode] = &[
    // Control flow; `control_flow` has more on the first ten.
    idle("Init"),
    idle("Goto"),
    step("Gosub", NO_WRITE, NO_READ),
    idle("Return"),
    idle("InitCoroutine"),
    idle("Yield"),
    idle("EndCoroutine"),
    idle("Halt"),
    idle("Jump"),
    step("BeginSubrtn", Null(P2), NO_READ),
    idle("HaltIfNull"),
    branch("Once"),
    branch("IsNull"),
    branch("NotNull"),
    branch("IsType"),
    branch("ElseEq"),
    jump("If", NO_WRITE, Value(P1, "a condition")),
    jump("IfNot", NO_WRITE, Value(P1, "a condition")),
    jump("IfPos", NO_WRITE, Value(P1, "comparing")),
    jump("IfNotZero", NO_WRITE, Value(P1, "comparing")),
    jump("DecrJumpZero", NO_WRITE, Value(P1, "comparing")),
    jump("MustBeInt", NO_WRITE, Value(P1, "comparing")),
    step("OffsetLimit", Plain(P2), Pair(P1, P3, "comparing")),
    step("MemMax", NO_WRITE, Value(P2, "comparing")),
    // Values.
    constant("Integer"),
    constant("Int64"),
    constant("Real"),
    constant("String"),
    constant("String8"),
    constant("Blob"),
    step("Variable", Writes::Special, NO_READ),
    step("Null", Writes::Special, NO_READ),
    step("SoftNull", Null(P1), NO_READ),
    step("Move", Writes::Special, NO_READ),
    step("Copy", Writes::Special, NO_READ),
    step("SCopy", Writes::Special, NO_READ),
    step("IntCopy", Plain(P2), Value(P1, "comparing")),
    step("AddImm", NO_WRITE, Value(P1, "+")),
    step("Cast", NO_WRITE, Value(P1, "cast")),
    // A sealed text looks like no number, so none of these changes it.
    idle("RealAffinity"),
    idle("Affinity"),
    idle("TypeCheck"),
    idle("ClrSubtype"),
    idle("SetSubtype"),
    load("GetSubtype"),
    step("ZeroOrNull", Plain(P2), NO_READ),
    // Operators.
    operator("Add", "+"),
    operator("Subtract", "-"),
    operator("Multiply", "*"),
    operator("Divide", "/"),
    operator("Remainder", "%"),
    operator("Concat", "||"),
    operator("BitAnd", "&"),
    operator("BitOr", "|"),
    operator("ShiftLeft", "<<"),
    operator("ShiftRight", ">>"),
    operator("And", "and"),
    operator("Or", "or"),
    step("BitNot", Plain(P2), Value(P1, "~")),
    step("Not", Plain(P2), Value(P1, "not")),
    step("IsTrue", Plain(P2), Value(P1, "a condition")),
    comparison("Eq", "="),
    comparison("Ne", "<>"),
    comparison("Lt", "<"),
    comparison("Le", "<="),
    comparison("Gt", ">"),
    comparison("Ge", ">="),
    step("Compare", NO_WRITE, Reads::Special),
    idle("Permutation"),
    step("CollSeq", Plain(P1), NO_READ),
    // Functions and aggregates.
    step("Function", Writes::Special, Reads::Special),
    step("PureFunc", Writes::Special, Reads::Special),
    step("AggStep", Writes::Special, Reads::Special),
    step("AggInverse", NO_WRITE, Reads::Special),
    step("AggValue", Writes::Special, NO_READ),
    step("AggFinal", Writes::Special, NO_READ),
    // Rows: records made of registers, tables and sorters that hold them.
    step("MakeRecord", Writes::Special, NO_READ),
    step("Insert", Writes::Special, Reads::Special),
    step("IdxInsert", Writes::Special, Reads::Special),
    step("SorterInsert", Writes::Special, Reads::Special),
    step("SorterData", Writes::Special, NO_READ),
    step("RowData", Writes::Special, NO_READ),
    step("Column", Writes::Special, NO_READ),
    step("OpenPseudo", Writes::Special, NO_READ),
    step("OpenDup", Writes::Special, NO_READ),
    // The keys have been checked when they were inserted.
    branch("SorterCompare"),
    step("ResultRow", NO_WRITE, NO_READ),
    // Cursors.
    idle("OpenRead"),
    idle("OpenWrite"),
    idle("ReopenIdx"),
    idle("OpenAutoindex"),
    idle("OpenEphemeral"),
    idle("SorterOpen"),
    idle("Close"),
    idle("ColumnsUsed"),
    idle("NullRow"),
    idle("SeekEnd"),
    idle("SeekHit"),
    idle("DeferredSeek"),
    idle("FinishSeek"),
    idle("ResetSorter"),
    idle("CursorLock"),
    idle("CursorUnlock"),
    branch("Rewind"),
    branch("Last"),
    branch("Next"),
    branch("Prev"),
    branch("Sort"),
    branch("SorterSort"),
    branch("SorterNext"),
    branch("SequenceTest"),
    branch("SeekScan"),
    branch("IfEmpty"),
    branch("IfNotOpen"),
    branch("IfSizeBetween"),
    branch("CursorHint"),
    jump("IfNullRow", Null(P3), NO_READ),
    jump("SeekRowid", NO_WRITE, Value(P3, "comparing")),
    jump("NotExists", NO_WRITE, Value(P3, "comparing")),
    seek("SeekLT"),
    seek("SeekLE"),
    seek("SeekGE"),
    seek("SeekGT"),
    seek("Found"),
    seek("NotFound"),
    seek("NoConflict"),
    seek("IfNoHope"),
    seek("IdxLT"),
    seek("IdxLE"),
    seek("IdxGE"),
    seek("IdxGT"),
    jump("Filter", NO_WRITE, Key("comparing")),
    step("FilterAdd", NO_WRITE, Key("comparing")),
    load("Rowid"),
    load("IdxRowid"),
    load("NewRowid"),
    load("Sequence"),
    load("Count"),
    step("Offset", Plain(P3), NO_READ),
    step("RowSetAdd", NO_WRITE, Value(P2, "comparing")),
    jump("RowSetRead", Plain(P3), NO_READ),
    jump("RowSetTest", NO_WRITE, Value(P3, "comparing")),
    // Tables that functions make.
    idle("VOpen"),
    jump("VFilter", NO_WRITE, Reads::Special),
    branch("VNext"),
    jump("VInitIn", Plain(P2), NO_READ),
    step("VColumn", UserSupplied(P3), NO_READ),
    // Temporary tables: made, filled, changed, dropped.
    load("CreateBtree"),
    idle("Clear"),
    idle("Delete"),
    idle("IdxDelete"),
    idle("Destroy"),
    idle("SqlExec"),
    idle("ParseSchema"),
    idle("DropTable"),
    idle("DropIndex"),
    idle("SetCookie"),
    load("ReadCookie"),
    idle("ResetCount"),
    // Housekeeping.
    idle("Transaction"),
    idle("TableLock"),
    idle("VBegin"),
    idle("Expire"),
    idle("ReleaseReg"),
    idle("Abortable"),
    idle("Explain"),
    idle("Trace"),
    idle("Noop"),
];

/// The opcode of that name; `None` for one that is not understood.
pub(crate) fn find(name: &str) -> Option<&'static Opcode> {
    static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Opcode>> =
        LazyLock::new(|| OPCODES.iter().map(|opcode| (opcode.name, opcode)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::{OPCODES, find};

    /// The SQLite whose machine this is. To renew the table for another one, compare the comments `/* Opcode: … */` in
    /// the `sqlite3.c` of both versions, enter what is new or reads other registers, and set the version; the corpus of
    /// hostile statements must still be refused.
    const WRITTEN_FOR: &str = "3.54.1";

    #[test]
    fn the_table_is_for_the_sqlite_that_is_built_in() {
        assert_eq!(rusqlite::version(), WRITTEN_FOR, "see `WRITTEN_FOR` for how to renew the table");
    }

    #[test]
    fn no_opcode_is_listed_twice() {
        assert!(OPCODES.iter().all(|opcode| find(opcode.name).is_some_and(|found| std::ptr::eq(found, opcode))));
    }
}
