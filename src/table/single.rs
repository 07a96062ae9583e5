//! A single value in one line, as the prompt answers: `320,000 GBP/missile  [F29 F30]  stage proposed`.

use super::assumed;
use super::number;
use super::piece::{self, Harmless};
use super::style::{DIM, Style, UNDIM};
use crate::quantity::{Assumptions, Quantity, reading};
use crate::sql::Cell;

/// The line without its line feed. Text keeps its own lines. Behind it stands the stamp of what it rests on: what its quantity
/// supposes, and `assumed`.
pub(super) fn line(cell: &Cell<'_>, assumed: &Assumptions, style: &Style, harmless: Harmless) -> String {
    let mut assumed = assumed.clone();
    let line = match cell {
        Cell::Null if style.color => format!("{DIM}{}{UNDIM}", harmless(style.null())),
        Cell::Quantity(quantity) => {
            assumed = assumed.union(quantity.assumptions());
            of_quantity(quantity, style, harmless)
        }
        Cell::Text(text) if !text.is_empty() => harmless(text),
        Cell::Decimal(decimal) => piece::of_cell(cell, number::of_decimal(*decimal, None), style, harmless).main,
        cell => piece::of_cell(cell, 0, style, harmless).main,
    };
    match assumed::stamp_of(&assumed) {
        Some(stamp) => format!("{line}  {}", harmless(&stamp)),
        None => line,
    }
}

/// The amount and its unit.
pub(super) fn in_words(quantity: &Quantity, style: &Style) -> String {
    let limit = quantity.unit().and_then(|unit| style.places.limit(unit));
    reading::quantity(quantity, Some(number::of_amount(quantity.amount(), limit)))
}

fn of_quantity(quantity: &Quantity, style: &Style, harmless: Harmless) -> String {
    let mut line = harmless(&in_words(quantity, style));
    if !quantity.facts().is_empty() {
        let (dim, undim) = if style.color { (DIM, UNDIM) } else { ("", "") };
        line = format!("{line}  {dim}[{}]{undim}", reading::facts(quantity.facts()));
    }
    if !quantity.stages().is_empty() {
        line = format!("{line}  stage {}", quantity.stages());
    }
    line
}
