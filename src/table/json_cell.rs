//! A cell as JSON. A quantity is an object that always has `value`, `unit`, `stage` and `facts`, and more members
//! only where they apply: `lo hi lo_open hi_open`, `unknown`, `exact`, `assumptions`. Everything is written
//! straight into the line: a row costs no allocation.

use super::json_text::write_json;
use super::machine::unit;
use super::real::Real;
use crate::quantity::{Amount, Assumption, Assumptions, End, Quantity, Range};
use crate::sql::Cell;
use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

/// Appends the cell.
pub(super) fn write(line: &mut Vec<u8>, cell: &Cell<'_>) -> io::Result<()> {
    match cell {
        Cell::Null => line.write_all(b"null"),
        Cell::Truth(truth) => write!(line, "{truth}"),
        Cell::Integer(whole) => write!(line, "{whole}"),
        Cell::Real(real) if real.is_finite() => write!(line, "{}", Real(*real)),
        // JSON has no infinity: SQLite writes one that no REAL can hold.
        Cell::Real(real) if real.is_infinite() => line.write_all(if *real > 0.0 { b"9.0e+999" } else { b"-9.0e+999" }),
        Cell::Real(real) => write!(line, "\"{}\"", Real(*real)),
        // Text even where it is whole, so that a column of decimals has one type.
        Cell::Decimal(decimal) => write!(line, "\"{}\"", decimal.normalize()),
        Cell::Text(text) => write_json(line, text),
        Cell::Blob(bytes) => {
            line.push(b'"');
            bytes.iter().try_for_each(|byte| write!(line, "{byte:02x}"))?;
            line.push(b'"');
            Ok(())
        }
        Cell::Quantity(quantity) => object(line, quantity),
    }
}

fn object(line: &mut Vec<u8>, quantity: &Quantity) -> io::Result<()> {
    line.write_all(b"{\"value\":")?;
    string(line, quantity.number().map(|value| value.normalize()))?;
    line.write_all(b",\"unit\":")?;
    string(line, unit(quantity))?;
    list(line, "stage", quantity.stages(), '+')?;
    list(line, "facts", quantity.facts(), ' ')?;
    match quantity.amount() {
        Amount::Number(_) => {}
        Amount::Range(range) => ends(line, range)?,
        Amount::Unknown(reasons) => list(line, "unknown", reasons, ',')?,
    }
    if !quantity.is_exact() {
        line.write_all(b",\"exact\":false")?;
    }
    if !quantity.assumptions().is_empty() {
        line.write_all(b",\"assumptions\":")?;
        assumptions(line, quantity.assumptions())?;
    }
    line.write_all(b"}")
}

/// A string of digits, letters and signs that need no escaping, or null.
fn string(line: &mut Vec<u8>, value: Option<impl Display>) -> io::Result<()> {
    match value {
        Some(value) => write!(line, "\"{value}\""),
        None => line.write_all(b"null"),
    }
}

/// The ends of a range; where it has none, null, and open.
fn ends(line: &mut Vec<u8>, range: &Range) -> io::Result<()> {
    let is_open = |end: Option<End>| end.is_none_or(|end| !end.closed);
    let (lo, hi) = (range.lo(), range.hi());
    line.write_all(b",\"lo\":")?;
    string(line, lo.map(|end| end.value.normalize()))?;
    line.write_all(b",\"hi\":")?;
    string(line, hi.map(|end| end.value.normalize()))?;
    write!(line, ",\"lo_open\":{},\"hi_open\":{}", is_open(lo), is_open(hi))
}

/// The values of each name as a list: `given` may have several, and some assumptions have none. Of more than are told their
/// number stands there.
pub(super) fn assumptions(line: &mut Vec<u8>, assumptions: &Assumptions) -> io::Result<()> {
    line.write_all(b"{")?;
    let all: Vec<&Assumption> = assumptions.iter().collect();
    for (at, of_name) in all.chunk_by(|one, other| one.name() == other.name()).enumerate() {
        write!(line, "{}\"{}\":", if at == 0 { "" } else { "," }, of_name[0].name())?;
        match of_name[0].count() {
            Some(count) => write!(line, "{count}")?,
            None => values(line, of_name)?,
        }
    }
    line.write_all(b"}")
}

fn values(line: &mut Vec<u8>, assumptions: &[&Assumption]) -> io::Result<()> {
    line.write_all(b"[")?;
    if let Some(source) = assumptions.iter().find_map(|assumption| assumption.source()) {
        write!(line, "\"S{source}\"")?;
    }
    for (at, (amount, unit)) in assumptions.iter().filter_map(|assumption| assumption.value()).enumerate() {
        let comma = if at == 0 { "" } else { "," };
        if unit.is_one() {
            write!(line, "{comma}\"{amount}\"")?;
        } else {
            write!(line, "{comma}\"{amount} {unit}\"")?;
        }
    }
    line.write_all(b"]")
}

/// A member whose value is a set of words or references, from the set's printed form.
fn list(line: &mut Vec<u8>, name: &str, set: impl Display, separator: char) -> io::Result<()> {
    write!(line, ",\"{name}\":[\"")?;
    let start = line.len();
    write!(Items { line, separator }, "{set}").expect("a vector takes any text");
    if line.len() == start {
        line.truncate(start - 1); // no item, hence no quotes
        return line.write_all(b"]");
    }
    line.write_all(b"\"]")
}

/// Writes text whose `separator`s become the borders between JSON strings.
struct Items<'a> {
    line: &'a mut Vec<u8>,
    separator: char,
}

impl fmt::Write for Items<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (index, item) in text.split(self.separator).enumerate() {
            self.line.extend_from_slice(if index == 0 { b"" } else { b"\",\"" });
            self.line.extend_from_slice(item.as_bytes());
        }
        Ok(())
    }
}
