//! The text of a cell as people read it: digits to a number of places that a column shares, unit, references. The digits
//! themselves are written by the quantity's own reading form, which also sets `≈` before a rounded number.

use crate::quantity::digits::{decimal_to_significant, places_of, to_significant};
use crate::quantity::plural::{plural, unit_behind};
use crate::quantity::{Amount, Assumption, Assumptions, Quantity, Scale, Unit, human};
use crate::sql::Cell;
use crate::table::format::{DIM, Style, UNDIM};
use crate::table::real::{Real, ShortestReal};
use crate::table::summary::{Summary, value_stamp};
use rust_decimal::{Decimal, RoundingStrategy};
use std::borrow::Cow;
use std::fmt::Write as _;

/// The text of a cell in three parts, each aligned by itself, so that digits are under digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CellText {
    /// The text, or the digits.
    pub(super) main: String,
    /// The unit, unless the heading has it.
    pub(super) unit: String,
    /// The facts, stages and assumptions: `[F29 F30]`.
    pub(super) refs: String,
    /// True for NULL, which is dimmed.
    pub(super) is_faint: bool,
}

impl CellText {
    /// The parts in one line.
    pub(super) fn joined(&self) -> String {
        joined([&self.main, &self.unit, &self.refs])
    }
}

/// The parts that are not empty, separated by spaces.
pub(super) fn joined<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Escapes untrusted text for its output: [`visible`](crate::table::visible()) in tables, escapes of the language in Markdown
/// and HTML.
pub(super) type Escape = fn(&str) -> String;

/// The scale in which a cell of money is printed; `None` for any other cell, and one of which no digit would be left.
pub(super) fn cell_scale(cell: &Cell<'_>, style: &Style) -> Option<Scale> {
    let (Cell::Quantity(quantity), Some(scale)) = (cell, style.digits.scale) else { return None };
    let is_money = quantity.unit().is_some_and(|unit| style.places.is_money(unit));
    (is_money && scale.count(quantity.amount()).is_some()).then_some(scale)
}

/// A cell with the digits that people see: money in a scale, numbers to significant figures.
pub(super) fn shown<'c>(cell: &'c Cell<'static>, scale: Option<Scale>, style: &Style) -> Cow<'c, Cell<'static>> {
    let Cell::Quantity(quantity) = cell else { return Cow::Borrowed(cell) };
    match shown_quantity(quantity, scale, style) {
        Cow::Borrowed(_) => Cow::Borrowed(cell),
        Cow::Owned(quantity) => Cow::Owned(Cell::Quantity(Box::new(quantity))),
    }
}

fn shown_quantity<'q>(quantity: &'q Quantity, scale: Option<Scale>, style: &Style) -> Cow<'q, Quantity> {
    let counted = scale.and_then(|scale| scale.count(quantity.amount()));
    let amount = counted.as_ref().unwrap_or_else(|| quantity.amount());
    match (style.digits.significant, &counted) {
        (Some(figures), _) => Cow::Owned(Quantity::new(to_significant(amount, figures), quantity.unit().cloned())),
        (None, Some(amount)) => Cow::Owned(Quantity::new(amount.clone(), quantity.unit().cloned())),
        (None, None) => Cow::Borrowed(quantity),
    }
}

/// The unit of a heading: `GBP million`, `missiles`.
pub(super) fn heading_unit(unit: &Unit, scale: Option<Scale>) -> String {
    in_scale(plural(unit), scale)
}

/// A unit with the scale of the numbers before it.
fn in_scale(unit: String, scale: Option<Scale>) -> String {
    match scale {
        Some(scale) => format!("{unit} {}", scale.name()),
        None => unit,
    }
}

/// The text of a cell, a quantity without its references; `places` are the decimal places of its column, `scale` is that of its
/// unit.
///
/// INTEGER is not grouped: it may be a year or an id, and `SQLite`'s shell does not group it. A decimal is grouped.
pub(super) fn cell_text(cell: &Cell<'_>, places: u32, scale: Option<Scale>, style: &Style, escape: Escape) -> CellText {
    let main = match cell {
        Cell::Null => {
            return CellText { main: escape(&style.null_text), is_faint: true, ..CellText::default() };
        }
        Cell::Quantity(quantity) => return quantity_text(quantity, places, scale, escape),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Integer(whole) => whole.to_string(),
        Cell::Real(real) if real.is_finite() => format!("≈{}", real_text(*real, style)),
        Cell::Real(real) => Real(*real).to_string(),
        Cell::StoredReal(real) => stored_real_text(*real, style),
        Cell::Decimal(decimal) => match style.digits.significant {
            Some(figures) => significant_text(*decimal, figures),
            None => decimal_text(*decimal, places),
        },
        Cell::Text(text) if is_mistakable(text, style) => format!("\"{}\"", escape(text)),
        Cell::Text(text) => escape(text),
        Cell::Blob(bytes) => blob(bytes),
    };
    CellText { main, ..CellText::default() }
}

/// Returns true for a text that is written in quotes: the empty one, one that looks like NULL, and either of them in any
/// number of quotes.
fn is_mistakable(text: &str, style: &Style) -> bool {
    std::iter::successors(Some(text), |text| without_quotes(text))
        .any(|text| text.is_empty() || text == style.null_text)
}

fn without_quotes(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// The number of a quantity and its unit.
fn quantity_text(quantity: &Quantity, places: u32, scale: Option<Scale>, escape: Escape) -> CellText {
    let main = amount_text(quantity.amount(), places);
    let unit = match quantity.unit().filter(|unit| !unit.is_one()) {
        Some(unit) if quantity.is_unknown() => format!("({})", escape(&plural(unit))),
        Some(unit) => escape(&in_scale(unit_behind(&main, unit), scale)),
        None => String::new(),
    };
    CellText { main, unit, ..CellText::default() }
}

/// A REAL, to significant figures where its digits are written out.
fn real_text(real: f64, style: &Style) -> String {
    let whole = Real(real).to_string();
    let decimal: Option<Decimal> = whole.parse().ok();
    match decimal.zip(style.digits.significant) {
        Some((decimal, figures)) => decimal_to_significant(decimal, figures).0.normalize().to_string(),
        None => whole,
    }
}

/// A REAL as a table stores it; to significant figures, marked where that changes it.
fn stored_real_text(real: f64, style: &Style) -> String {
    let whole = ShortestReal(real).to_string();
    let decimal: Option<Decimal> = whole.parse().ok();
    match decimal.zip(style.digits.significant) {
        Some((decimal, figures)) => match decimal_to_significant(decimal, figures) {
            (_, true) => whole,
            (value, false) => format!("≈{}", value.normalize()),
        },
        None => whole,
    }
}

/// A decimal to significant figures, marked where that changes it.
fn significant_text(decimal: Decimal, figures: u32) -> String {
    let (value, is_same) = decimal_to_significant(decimal, figures);
    format!("{}{}", if is_same { "" } else { "≈" }, human::group_digits(value, None))
}

/// A blob as an SQL literal: `x'0AFF'`.
fn blob(bytes: &[u8]) -> String {
    let mut text = "x'".to_owned();
    for byte in bytes {
        write!(text, "{byte:02X}").expect("a string takes any text");
    }
    text + "'"
}

/// The facts of a quantity, its stages if `has_stages`, and its assumptions: by name if all rows have the same value, with
/// the value otherwise.
pub(super) fn references(quantity: &Quantity, summary: &Summary, has_stages: bool, escape: Escape) -> String {
    let mut parts = Vec::new();
    if !quantity.facts().is_empty() {
        parts.push(human::facts(quantity.facts()));
    }
    if has_stages && !quantity.stages().is_empty() {
        parts.push(format!("@{}", quantity.stages()));
    }
    let all: Vec<&Assumption> = quantity.assumptions().iter().collect();
    for of_name in all.chunk_by(|one, other| one.name() == other.name()) {
        let assumption = of_name[0];
        let is_in_stamp = summary.assumptions.is_one(assumption.name()) && assumption.count().is_none();
        let texts = match (is_in_stamp, assumption.is_of_fact()) {
            (false, _) => human::assumptions(&of_name.iter().copied().cloned().collect()),
            (true, true) => vec![format!("{} assumed", assumption.name())],
            (true, false) => vec![assumption.name().to_owned()],
        };
        parts.extend(texts.iter().map(|text| escape(text)));
    }
    parts.join("; ")
}

/// A single value as the prompt answers, without the final line feed: `320,000 GBP/missile  [F29 F30]  stage proposed`. Text
/// keeps its own lines. The stamp of its own assumptions and of `assumed` follows.
pub(super) fn value_line(cell: &Cell<'_>, assumed: &Assumptions, style: &Style, escape: Escape) -> String {
    let mut assumed = assumed.clone();
    let line = match cell {
        Cell::Null if style.color => format!("{DIM}{}{UNDIM}", escape(&style.null_text)),
        Cell::Quantity(quantity) => {
            assumed = assumed.union(quantity.assumptions());
            quantity_with_references(quantity, style, escape)
        }
        Cell::Text(text) if !text.is_empty() => escape(text),
        Cell::Decimal(decimal) => cell_text(cell, decimal_places(*decimal, None), None, style, escape).main,
        cell => cell_text(cell, 0, None, style, escape).main,
    };
    match value_stamp(&assumed) {
        Some(stamp) => format!("{line}  {}", escape(&stamp)),
        None => line,
    }
}

/// The amount and the unit of a quantity in one line, with the decimal places of a table.
pub fn quantity_line(quantity: &Quantity, style: &Style) -> String {
    let limit = quantity.unit().and_then(|unit| style.places.limit(unit));
    human::quantity(quantity, Some(amount_places(quantity.amount(), limit)))
}

/// The amount and the unit of a quantity in one line, with the digits that people asked for.
fn shown_line(quantity: &Quantity, style: &Style, escape: Escape) -> String {
    let cell = Cell::Quantity(Box::new(quantity.clone()));
    let scale = cell_scale(&cell, style);
    let shown = shown(&cell, scale, style);
    if let Cow::Borrowed(_) = shown {
        return escape(&quantity_line(quantity, style));
    }
    let limit = quantity.unit().and_then(|unit| style.places.limit(unit));
    let text = cell_text(&shown, shown_places(&shown, limit, scale, style), scale, style, escape);
    joined([&text.main, &text.unit])
}

fn quantity_with_references(quantity: &Quantity, style: &Style, escape: Escape) -> String {
    let mut line = shown_line(quantity, style, escape);
    if !quantity.facts().is_empty() {
        let (dim, undim) = if style.color { (DIM, UNDIM) } else { ("", "") };
        line = format!("{line}  {dim}[{}]{undim}", human::facts(quantity.facts()));
    }
    if !quantity.stages().is_empty() {
        line = format!("{line}  stage {}", quantity.stages());
    }
    line
}

/// The most decimal places of an inexact value: six distinguish any two figures that a reader compares.
const INEXACT_LIMIT: u32 = 6;

/// The decimal places of an amount: those of its exact digits, at most `limit` (those of its currency) and, if it is inexact,
/// at most six. A range has those of its longer end.
pub(super) fn amount_places(amount: &Amount, limit: Option<u32>) -> u32 {
    let limit = if amount.is_exact() { limit } else { Some(limit.unwrap_or(INEXACT_LIMIT).min(INEXACT_LIMIT)) };
    ends(amount).map(|value| decimal_places(value, limit)).max().unwrap_or(0)
}

/// The decimal places of a decimal, at most `limit`. A value that would be printed as zero has two significant digits beyond
/// the limit: `0.00` would be a wrong answer.
fn decimal_places(value: Decimal, limit: Option<u32>) -> u32 {
    let value = value.normalize();
    let places = limit.map_or(value.scale(), |limit| value.scale().min(limit));
    let printed = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    if value.is_zero() || !printed.is_zero() {
        return places;
    }
    let digits = value.mantissa().unsigned_abs().ilog10() + 1;
    value.scale().min(value.scale() + 2 - digits.min(value.scale()))
}

/// An amount in reading form, a number with exactly `places` places. The ends of a range are not aligned, and need no zeros.
fn amount_text(amount: &Amount, places: u32) -> String {
    let text = human::amount(amount, Some(places));
    if let Amount::Number(_) = amount { padded(text, places) } else { text }
}

/// A decimal in reading form with exactly `places` places.
fn decimal_text(value: Decimal, places: u32) -> String {
    padded(human::group_digits(value, Some(places)), places)
}

/// Appends zeros to a number, so that points are under points.
fn padded(mut text: String, places: u32) -> String {
    let has = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let missing = usize::try_from(places).unwrap_or(has).saturating_sub(has);
    if missing > 0 {
        text.push_str(if has == 0 { "." } else { "" });
        text.extend(std::iter::repeat_n('0', missing));
    }
    text
}

/// The decimal places of a cell with the digits that people asked for: significant figures are all that they want, and of money in a
/// scale few places are exact.
pub(super) fn shown_places(cell: &Cell<'_>, limit: Option<u32>, scale: Option<Scale>, style: &Style) -> u32 {
    match (cell, style.digits.significant) {
        (Cell::Quantity(quantity), Some(_)) => all_places(quantity.amount()),
        (Cell::Quantity(quantity), None) if scale.is_some() => scaled_places(quantity.amount(), limit),
        _ => cell_places(cell, limit),
    }
}

/// The fewest significant figures of money in a scale.
const SCALED_FIGURES: u32 = 3;

/// The decimal places of money that is counted in a scale: all of an exact amount that has few, and of another those of its currency,
/// or as many as its first significant figures need.
fn scaled_places(amount: &Amount, limit: Option<u32>) -> u32 {
    let all = all_places(amount);
    if amount.is_exact() && all <= INEXACT_LIMIT {
        return all;
    }
    let places =
        ends(amount).map(|value| u32::try_from(places_of(value, SCALED_FIGURES)).unwrap_or(0)).max().unwrap_or(0);
    places.min(all).max(amount_places(amount, limit))
}

/// The decimal places of every digit of an amount.
fn all_places(amount: &Amount) -> u32 {
    ends(amount).map(|value| value.normalize().scale()).max().unwrap_or(0)
}

/// The number that an amount is, or the ends of a range.
fn ends(amount: &Amount) -> impl Iterator<Item = Decimal> {
    let values = match amount {
        Amount::Number(number) => [Some(number.value), None],
        Amount::Range(range) => [range.lo(), range.hi()].map(|end| end.map(|end| end.value)),
        Amount::Unknown(_) => [None, None],
    };
    values.into_iter().flatten()
}

fn cell_places(cell: &Cell<'_>, limit: Option<u32>) -> u32 {
    match cell {
        Cell::Quantity(quantity) => amount_places(quantity.amount(), limit),
        Cell::Decimal(decimal) => decimal_places(*decimal, None),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{amount_places, decimal_places, decimal_text};
    use crate::quantity::Quantity;

    fn quantity(text: &str, limit: Option<u32>) -> u32 {
        amount_places(text.parse::<Quantity>().unwrap().amount(), limit)
    }

    #[test]
    fn exact_values_need_their_digits_and_at_most_those_of_the_currency() {
        assert_eq!(quantity("320000 GBP", Some(2)), 0);
        assert_eq!(quantity("0.5 GBP", Some(2)), 1);
        assert_eq!(quantity("1.2345 GBP", Some(2)), 2);
        assert_eq!(quantity("1.2345 USD/GBP", None), 4);
        assert_eq!(quantity("-0.25..<0.125 GBP", Some(3)), 3);
        assert_eq!(quantity("unknown(not_stated)", Some(2)), 0);
    }

    #[test]
    fn inexact_values_stop_at_six() {
        assert_eq!(quantity("≈0.3333333333333333333333333333", None), 6);
        assert_eq!(quantity("≈355555.5555555555555555555556 GBP", Some(2)), 2);
    }

    #[test]
    fn decimal_points_are_aligned() {
        assert_eq!(decimal_text("-1234.5".parse().unwrap(), 2), "-1,234.50");
        assert_eq!(decimal_text("7".parse().unwrap(), 2), "7.00");
        assert_eq!(decimal_text("7".parse().unwrap(), 0), "7");
    }

    #[test]
    fn nothing_but_zero_prints_as_zero() {
        assert_eq!(decimal_places("0.000321".parse().unwrap(), Some(2)), 5);
        assert_eq!(decimal_places("0.001".parse().unwrap(), Some(2)), 3);
        assert_eq!(decimal_places("0.000".parse().unwrap(), Some(2)), 0);
        assert_eq!(quantity("≈0.0000000123456", None), 9);
    }
}
