//! What the machine formats have in common: a value is a result of one row, and a quantity falls into the parts
//! of its text form. It writes nothing itself.

use crate::quantity::{Assumptions, Quantity, Unit};
use crate::sql::{Appended, AppendedColumns, Cell, Column, Header, Sink};
use std::io;

/// Writes a single value as a result of one row with the column `value`.
pub(super) fn one_row(sink: &mut impl Sink, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
    let column = Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) };
    let appended = AppendedColumns { assumptions: !assumed.is_empty(), ..AppendedColumns::default() };
    sink.begin(&Header { columns: vec![column], appended, assumed: assumed.clone(), ..Header::default() })?;
    sink.row_with(std::slice::from_ref(cell), &Appended { assumptions: assumed.clone(), ..Appended::default() })?;
    sink.end(&[])
}

/// The columns that stand behind those that were asked for.
pub(super) fn appended(columns: AppendedColumns) -> impl Iterator<Item = &'static str> {
    [("conflict", columns.conflict), ("assumptions", columns.assumptions)]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
}

/// What is appended to the name of a quantity column, in the order of its five columns.
pub(super) const PARTS: [&str; 5] = ["", "_unit", "_stage", "_facts", "_assumptions"];

/// The unit where the text form writes it: a plain number has none, while an unknown without unit (it fits any)
/// differs from one of unit `1`.
pub(super) fn unit(quantity: &Quantity) -> Option<&Unit> {
    quantity.unit().filter(|unit| quantity.is_unknown() || !unit.is_one())
}
