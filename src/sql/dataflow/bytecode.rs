//! A prepared statement's program, as `EXPLAIN` lists it, and the instructions of SQLite's machine that it can have, in one table.
//! An instruction that is not in the table is not understood, and a statement that has one gets no quantity at all.

use crate::store::Book;
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One instruction of SQLite's machine. Operands are registers, cursors or addresses, as the opcode has it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) opcode: String,
    /// What it does; `None` where that is not understood.
    pub(crate) does: Option<&'static Opcode>,
    pub(crate) p1: i64,
    pub(crate) p2: i64,
    pub(crate) p3: i64,
    /// A function's name with its number of arguments, a key's description, a constant.
    pub(crate) p4: String,
    /// Flags; of a comparison the affinity that it gives to both sides.
    pub(crate) p5: i64,
}

impl Step {
    /// The register that one of its operands names.
    pub(crate) fn register(&self, operand: Operand) -> i64 {
        match operand {
            Operand::P1 => self.p1,
            Operand::P2 => self.p2,
            Operand::P3 => self.p3,
        }
    }

    /// The function of p4 and how many registers from p2 on are its arguments: `sum(1)` is `("sum", Some(1))`. For a
    /// function of any number of arguments that is not told.
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

/// An operand as text: a constant of the statement may be no UTF-8.
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
/// SQLite's own; that of an interrupted statement, where work is told to end.
pub(crate) fn program(book: &Book, sql: &str) -> rusqlite::Result<Vec<Step>> {
    let mut statement = book.prepare(&format!("explain {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        book.stop().heed()?;
        let opcode: String = row.get(1)?;
        steps.push(Step {
            does: find(&opcode),
            opcode,
            p1: row.get(2)?,
            p2: row.get(3)?,
            p3: row.get(4)?,
            p4: text(row.get_ref(5)?),
            p5: row.get(6)?,
        });
    }
    Ok(steps)
}

/// A number that a step loads.
#[allow(clippy::cast_precision_loss)] // it is compared with another that is as near
pub(crate) fn number(step: &Step) -> Option<f64> {
    match step.opcode.as_str() {
        "Integer" => Some(step.p1 as f64),
        "Int64" => step.p4.parse().ok(),
        // Its bits stand in two operands.
        "Real" => {
            let halves = [step.p3, step.p1].map(|half| u64::try_from(half & 0xffff_ffff).unwrap_or_default());
            Some(f64::from_bits(halves[0] << 32 | halves[1]))
        }
        _ => None,
    }
}

/// What one instruction does to registers.
#[derive(Debug)]
pub(crate) struct Opcode {
    name: &'static str,
    /// Whether it may go on at p2 as well as at the next step.
    pub(crate) may_jump: bool,
    pub(crate) writes: Writes,
    pub(crate) reads: Reads,
}

/// An operand that is the number of a register.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operand {
    P1,
    P2,
    P3,
}

/// What an instruction writes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Writes {
    Nothing,
    /// A value that is no quantity, given where what it is made of is.
    Plain(Operand),
    /// A value of the statement's own text, or of a table function.
    Given(Operand),
    /// NULL.
    Null(Operand),
    /// What `typing` knows of it by name.
    Own,
}

/// As what an instruction reads registers. The words are the operator that SQL writes, or a phrase.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reads {
    /// None, or only to move them, or to ask whether they are NULL.
    Nothing,
    /// One value.
    Value(Operand, &'static str),
    /// Two values, as SQL writes them.
    Pair(Operand, Operand, &'static str),
    /// The key at p3: p4 registers, or one that is a record.
    Key(&'static str),
    /// What `typing` knows of it by name.
    Own,
}

use Operand::{P1, P2, P3};
use Reads::{Key, Pair, Value};
use Writes::{Given, Null, Plain};

const NO_WRITE: Writes = Writes::Nothing;
const NO_READ: Reads = Reads::Nothing;

const fn step(name: &'static str, writes: Writes, reads: Reads) -> Opcode {
    Opcode { name, may_jump: false, writes, reads }
}

const fn jump(name: &'static str, writes: Writes, reads: Reads) -> Opcode {
    Opcode { name, may_jump: true, writes, reads }
}

/// What neither writes a value nor reads one, and goes on at the next step.
const fn idle(name: &'static str) -> Opcode {
    step(name, NO_WRITE, NO_READ)
}

/// What may jump, and neither writes a value nor reads one.
const fn branch(name: &'static str) -> Opcode {
    jump(name, NO_WRITE, NO_READ)
}

/// What loads a value into p2 that is no quantity.
const fn load(name: &'static str) -> Opcode {
    step(name, Plain(P2), NO_READ)
}

/// What loads a value into p2 that stands in the statement.
const fn constant(name: &'static str) -> Opcode {
    step(name, Given(P2), NO_READ)
}

/// Two values at p1 and p2 into p3; the machine takes the right one of `-` and `/` first, and says so for all.
const fn operator(name: &'static str, written: &'static str) -> Opcode {
    step(name, Plain(P3), Pair(P2, P1, written))
}

const fn comparison(name: &'static str, written: &'static str) -> Opcode {
    jump(name, NO_WRITE, Pair(P3, P1, written))
}

/// What looks a key up.
const fn seek(name: &'static str) -> Opcode {
    jump(name, NO_WRITE, Key("comparing"))
}

static OPCODES: &[Opcode] = &[
    // The way through the program; `flow` knows more of the first ten.
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
    step("Variable", Writes::Own, NO_READ),
    step("Null", Writes::Own, NO_READ),
    step("SoftNull", Null(P1), NO_READ),
    step("Move", Writes::Own, NO_READ),
    step("Copy", Writes::Own, NO_READ),
    step("SCopy", Writes::Own, NO_READ),
    step("IntCopy", Plain(P2), Value(P1, "comparing")),
    step("AddImm", NO_WRITE, Value(P1, "+")),
    step("Cast", NO_WRITE, Value(P1, "cast")),
    // A sealed text looks like no number, so that none of these changes it.
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
    step("Compare", NO_WRITE, Reads::Own),
    idle("Permutation"),
    step("CollSeq", Plain(P1), NO_READ),
    // Functions and aggregates.
    step("Function", Writes::Own, Reads::Own),
    step("PureFunc", Writes::Own, Reads::Own),
    step("AggStep", Writes::Own, Reads::Own),
    step("AggInverse", NO_WRITE, Reads::Own),
    step("AggValue", Writes::Own, NO_READ),
    step("AggFinal", Writes::Own, NO_READ),
    // Rows: records made of registers, tables and sorters that hold them.
    step("MakeRecord", Writes::Own, NO_READ),
    step("Insert", Writes::Own, Reads::Own),
    step("IdxInsert", Writes::Own, Reads::Own),
    step("SorterInsert", Writes::Own, Reads::Own),
    step("SorterData", Writes::Own, NO_READ),
    step("RowData", Writes::Own, NO_READ),
    step("Column", Writes::Own, NO_READ),
    step("OpenPseudo", Writes::Own, NO_READ),
    step("OpenDup", Writes::Own, NO_READ),
    // What sorts has looked at the keys when they were inserted.
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
    jump("VFilter", NO_WRITE, Reads::Own),
    branch("VNext"),
    jump("VInitIn", Plain(P2), NO_READ),
    step("VColumn", Given(P3), NO_READ),
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

/// The instruction of that name; `None` for one that is not understood.
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
    fn no_instruction_stands_twice() {
        assert!(OPCODES.iter().all(|opcode| find(opcode.name).is_some_and(|found| std::ptr::eq(found, opcode))));
    }
}
