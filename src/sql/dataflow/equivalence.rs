//! The equivalence of a statement's program with that of the same statement with counters in it: one plan, and as many computations.
//! Then the counters can change nothing that SQLite decides by how an expression is written, its affinity and collation, an index, a
//! term of `group by` that a result column repeats.

use super::bytecode::Op;
use crate::store::udf::{NUMBER, QUOTIENT, WHOLE_NUMBER};
use std::collections::BTreeMap;
use std::ops::Range;

/// True if a program, and that of the same statement with counters in it, visit the same rows in the same order, and compare and compute
/// the same. Some that do are not found so.
pub(crate) fn is_equivalent(program: &[Op], counting: &[Op]) -> bool {
    plan(program).eq(plan(counting)) && computes_alike(program, counting)
}

/// Opcodes that a counter adds, moves or takes the place of: they load constants and move values. A view that stands in the place
/// of its name has no transaction of its own.
const MOVING: [&str; 14] = [
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
    "Copy",
    "SCopy",
];

/// Opcodes that compute a value of others. Those of constants stand wherever they are needed first.
const COMPUTING: [&str; 14] = [
    "Cast",
    "Variable",
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
];

/// The plan of a program: its cursors, loops, keys, comparisons with their affinities and collations, aggregates and rows, in their
/// order. Two programs with one plan visit the same rows in the same order and compare them in the same way.
fn plan(program: &[Op]) -> impl Iterator<Item = PlanStep<'_>> {
    let is_of_plan = |op: &&Op| !MOVING.contains(&op.opcode) && !COMPUTING.contains(&op.opcode);
    program.iter().filter(is_of_plan).map(|op| {
        let operands = match op.opcode {
            "OpenRead" | "OpenWrite" | "ReopenIdx" => [op.p1, op.p2, op.p3],
            "Column" | "OpenEphemeral" | "OpenAutoindex" | "SorterOpen" | "OpenDup" | "VColumn" => [op.p1, op.p2, 0],
            "MakeRecord" | "ResultRow" => [op.p2, 0, 0],
            "Compare" | "Affinity" => [if op.opcode == "Compare" { op.p3 } else { op.p2 }, 0, 0],
            opcode if uses_cursor(opcode) => [op.p1, 0, 0],
            _ => [0; 3],
        };
        // That of a virtual table is an address.
        let p4 = if op.opcode == "VOpen" { "" } else { &*op.p4 };
        (op.opcode, operands, p4, op.p5)
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

/// True if two programs compute the same values as often, the second of them with counters, be it with constants or without. Where
/// SQLite finds one expression of rows in two places it computes it once, and must find it so in both; more constants are the same
/// to it where no function is in them.
fn computes_alike(program: &[Op], counting: &[Op]) -> bool {
    let programs = [program, counting];
    is_as_often(programs.map(|program| computations(program, &[])))
        || is_as_often(programs.map(|program| computations(program, &constants(program))))
}

/// How often a program has each opcode that computes a value, functions by their names.
type Computations<'p> = BTreeMap<(&'p str, &'p str), usize>;

/// True if two programs have them as often: in the second a quotient is a division, and `* 1` may stand at each of its operands.
fn is_as_often([mut written, mut counting]: [Computations<'_>; 2]) -> bool {
    counting.remove(&("Function", NUMBER));
    counting.remove(&("Function", WHOLE_NUMBER));
    let quotients = counting.remove(&("Function", QUOTIENT)).unwrap_or_default();
    let mut taken = |opcode| [&mut written, &mut counting].map(|ops| ops.remove(&(opcode, "")).unwrap_or_default());
    let [[divided, divided_here], [made, made_here]] = ["Divide", "Multiply"].map(&mut taken);
    let is_conversion = (made..=made + 2 * quotients).contains(&made_here);
    written == counting && divided == divided_here + quotients && is_conversion
}

/// The computations of a program outside of some of its ranges.
fn computations<'p>(program: &'p [Op], apart: &[Range<usize>]) -> Computations<'p> {
    let mut found = BTreeMap::new();
    for (at, op) in program.iter().enumerate().filter(|(_, op)| COMPUTING.contains(&op.opcode)) {
        if !apart.iter().any(|range| range.contains(&at)) {
            let name = if op.opcode == "Function" { op.function().0 } else { "" };
            *found.entry((op.opcode, name)).or_default() += 1;
        }
    }
    found
}

/// The ranges of a program that compute constants: its end, to which it jumps first, and what is done once and reads no row.
fn constants(program: &[Op]) -> Vec<Range<usize>> {
    let target = |op: &Op| usize::try_from(op.p2).unwrap_or_default();
    let is_constant = |op: &Op| MOVING.contains(&op.opcode) || COMPUTING.contains(&op.opcode);
    let end = program.iter().take(1).map(|init| target(init)..program.len());
    let once = program.iter().enumerate().filter(|(_, op)| op.opcode == "Once").map(|(at, op)| at..target(op));
    end.chain(once.filter(|range| program.get(range.clone()).is_some_and(|ops| ops.iter().all(is_constant)))).collect()
}

#[cfg(test)]
mod tests {
    use super::is_equivalent;
    use crate::sql::dataflow::bytecode::explain;
    use crate::store::open;

    #[track_caller]
    fn check(written: &str, counting: &str, expected: bool) {
        let book = open(None).unwrap();
        let rows = "(select paragraph as a, note as b from facts)";
        let program = |sql: &str| explain(&book, &sql.replace("rows", rows)).unwrap();
        let counting = counting.replace("quotient(", "pledgebook_quotient(").replace("number(", "pledgebook_number(");
        assert_eq!(is_equivalent(&program(written), &program(&counting)), expected, "{written} / {counting}");
    }

    #[test]
    fn counters_leave_a_program_as_it_is() {
        for (written, counting) in [
            ("select 7 / 2", "select quotient(1, 7, 2)"),
            (
                "select a / 2 from rows where a / 3 > 1",
                "select quotient(1, a * 1, 2) from rows where quotient(2, a, 3) > 1",
            ),
            ("select sum(b) from rows group by a", "select sum(number(1, b)) from rows group by a"),
            ("select a / 2 from rows group by a / 2", "select quotient(1, a, 2) from rows group by quotient(1, a, 2)"),
        ] {
            check(written, counting, true);
        }
    }

    #[test]
    fn what_a_counter_would_change_is_seen() {
        for (written, counting) in [
            // The result column is the term, or else computed anew from some row of the group.
            ("select a / 2 from rows group by a / 2", "select quotient(1, a, 2) from rows group by quotient(2, a, 2)"),
            // The column of the sub-select is a number, or else has no affinity.
            (
                "select * from (select paragraph from fact union all select 7 / 2) where paragraph = '3'",
                "select * from (select paragraph from fact union all select quotient(1, 7, 2)) where paragraph = '3'",
            ),
            ("select a / 2 from rows order by a", "select quotient(1, a, 2) from rows order by a desc"),
            ("select a / 2 from rows", "select quotient(1, a, 2) + 1 from rows"),
        ] {
            check(written, counting, false);
        }
    }
}
