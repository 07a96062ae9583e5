//! A cell as people read it. The parts of a quantity that all rows share are left to the heading and the lines
//! around the table; which those are is decided in `sheet`.

use super::column::Piece;
use super::number;
use super::real::Real;
use super::style::Style;
use super::survey::Survey;
use crate::quantity::{Assumption, Quantity, reading};
use crate::sql::Cell;
use std::fmt::Write as _;

/// What makes foreign text harmless where it is drawn: [`super::visible::visible`] in tables, escaping in Markdown.
pub(super) type Harmless = fn(&str) -> String;

/// A cell, a quantity without what it rests on; `places` are those of the numbers of its column.
///
/// INTEGER is not grouped: it may be a year or an id, and `SQLite`'s shell does not group it. A decimal is always
/// a number to be read.
pub(super) fn of_cell(cell: &Cell<'_>, places: u32, style: &Style, harmless: Harmless) -> Piece {
    let main = match cell {
        Cell::Null => {
            return Piece { main: harmless(style.null()), is_faint: true, ..Piece::default() };
        }
        Cell::Quantity(quantity) => return of_quantity(quantity, places, harmless),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Integer(whole) => whole.to_string(),
        Cell::Real(real) if real.is_finite() => format!("≈{}", Real(*real)),
        Cell::Real(real) => Real(*real).to_string(),
        Cell::Decimal(decimal) => number::decimal_text(*decimal, places),
        Cell::Text(text) if is_mistakable(text, style) => format!("\"{}\"", harmless(text)),
        Cell::Text(text) => harmless(text),
        Cell::Blob(bytes) => blob(bytes),
    };
    Piece { main, ..Piece::default() }
}

/// Text that stands in quotes: the empty one, what would be taken for NULL, and what already is either of them in
/// quotes, however many.
fn is_mistakable(text: &str, style: &Style) -> bool {
    std::iter::successors(Some(text), |text| without_quotes(text)).any(|text| text.is_empty() || text == style.null())
}

fn without_quotes(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// The number of a quantity and its unit.
fn of_quantity(quantity: &Quantity, places: u32, harmless: Harmless) -> Piece {
    let unit = match quantity.unit().filter(|unit| !unit.is_one()) {
        Some(unit) if quantity.is_unknown() => format!("({})", harmless(&unit.to_string())),
        Some(unit) => harmless(&unit.to_string()),
        None => String::new(),
    };
    Piece { main: number::amount_text(quantity.amount(), places), unit, ..Piece::default() }
}

/// The way in which SQL itself writes bytes: `x'0AFF'`.
fn blob(bytes: &[u8]) -> String {
    let mut text = "x'".to_owned();
    for byte in bytes {
        write!(text, "{byte:02X}").expect("a string takes any text");
    }
    text + "'"
}

/// What a quantity rests on: its facts, its stages if `has_stages`, and its assumptions: by name if all rows
/// make the same, with its value if they do not. Empty where it rests on nothing.
pub(super) fn refs(quantity: &Quantity, survey: &Survey, has_stages: bool, harmless: Harmless) -> String {
    let mut parts = Vec::new();
    if !quantity.facts().is_empty() {
        parts.push(reading::facts(quantity.facts()));
    }
    if has_stages && !quantity.stages().is_empty() {
        parts.push(format!("@{}", quantity.stages()));
    }
    let supposed: Vec<&Assumption> = quantity.assumptions().iter().collect();
    for of_name in supposed.chunk_by(|one, other| one.name() == other.name()) {
        let assumption = of_name[0];
        let is_told = survey.assumed.is_one(assumption.name()) && assumption.count().is_none();
        let words = match (is_told, assumption.is_of_fact()) {
            (false, _) => reading::assumptions(&of_name.iter().copied().cloned().collect()),
            (true, true) => vec![format!("{} assumed", assumption.name())],
            (true, false) => vec![assumption.name().to_owned()],
        };
        parts.extend(words.iter().map(|words| harmless(words)));
    }
    parts.join("; ")
}

/// In brackets, unless there is nothing.
pub(super) fn bracketed(refs: &str) -> String {
    if refs.is_empty() { String::new() } else { format!("[{refs}]") }
}
