//! A prepared statement's program, as `EXPLAIN` lists it, read into steps. What the steps mean for quantities is
//! `typing`'s.

use super::opcodes::{self, Opcode, Operand};
use crate::store::Book;
use rusqlite::types::ValueRef;

/// One instruction of SQLite's machine. Operands are registers, cursors or addresses, as the opcode has it.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) opcode: String,
    /// What it does; `None` where that is not understood.
    pub(super) does: Option<&'static Opcode>,
    pub(super) p1: i64,
    pub(super) p2: i64,
    pub(super) p3: i64,
    /// A function's name with its number of arguments, a key's description, a constant.
    pub(super) p4: String,
    /// Flags; of a comparison the affinity that it gives to both sides.
    pub(super) p5: i64,
}

impl Step {
    /// The register that one of its operands names.
    pub(super) fn register(&self, operand: Operand) -> i64 {
        match operand {
            Operand::P1 => self.p1,
            Operand::P2 => self.p2,
            Operand::P3 => self.p3,
        }
    }

    /// The function of p4 and how many registers from p2 on are its arguments: `sum(1)` is `("sum", Some(1))`. For a
    /// function of any number of arguments that is not told.
    pub(super) fn function(&self) -> (&str, Option<i64>) {
        let (name, rest) = self.p4.split_once('(').unwrap_or((&self.p4, "0"));
        (name, rest.trim_end_matches(')').parse().ok().filter(|declared| *declared >= 0))
    }

    /// The numbers of a list in p4: `[2,0]`.
    pub(super) fn numbers(&self) -> impl Iterator<Item = i64> {
        self.p4.trim_matches(['[', ']']).split(',').filter_map(|number| number.parse().ok())
    }

    /// The number of key columns of p4: `k(2,B,-B)` is 2; 0 for a table.
    pub(super) fn key_columns(&self) -> usize {
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
pub(super) fn program(book: &Book, sql: &str) -> rusqlite::Result<Vec<Step>> {
    let mut statement = book.prepare(&format!("explain {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        book.stop().check()?;
        let opcode: String = row.get(1)?;
        steps.push(Step {
            does: opcodes::find(&opcode),
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
