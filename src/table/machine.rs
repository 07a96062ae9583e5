//! What the machine formats have in common: a value is a result of one row, and a quantity falls into the parts
//! of its text form. It writes nothing itself.

use crate::quantity::{Quantity, Unit};
use crate::sql::{Cell, Column, Header, Sink};
use std::io;

/// Writes a single value as a result of one row with the column `value`; a script that ends in `()` has none.
pub(super) fn one_row(sink: &mut impl Sink, cell: &Cell<'_>) -> io::Result<()> {
    if *cell == Cell::Null {
        return Ok(());
    }
    let column = Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) };
    sink.begin(&Header { columns: vec![column], ..Header::default() })?;
    sink.row(std::slice::from_ref(cell))?;
    sink.end(&[])
}

/// What is appended to the name of a quantity column, in the order of its five columns.
pub(super) const PARTS: [&str; 5] = ["", "_unit", "_stage", "_facts", "_assumptions"];

/// The names of the columns that one column becomes: five for quantities.
pub(super) fn names(name: &str, is_quantity: bool) -> impl Iterator<Item = String> + '_ {
    PARTS[..if is_quantity { PARTS.len() } else { 1 }].iter().map(move |part| format!("{name}{part}"))
}

/// The unit where the text form writes it: a plain number has none, while an unknown without unit (it fits any)
/// differs from one of unit `1`.
pub(super) fn unit(quantity: &Quantity) -> Option<&Unit> {
    quantity.unit().filter(|unit| quantity.is_unknown() || !unit.is_one())
}
