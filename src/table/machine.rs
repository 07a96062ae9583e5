//! What the machine formats have in common: a value is a result of one row, and a quantity falls into the parts
//! of its text form. It writes nothing itself.

use crate::quantity::{Assumptions, Quantity, Unit};
use crate::sql::{Appended, AppendedColumns, Cell, Column, Header, Sink};
use std::io;

/// Writes a single value as a result of one row with the column `value`; a script that ends in `()` has none.
pub(super) fn one_row(sink: &mut impl Sink, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
    if *cell == Cell::Null {
        return Ok(());
    }
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

/// The names of the columns of a result in CSV and SQL, the appended ones last, each of them unlike any other.
pub(super) fn all_names(header: &Header) -> Vec<String> {
    let mut all: Vec<String> =
        header.columns.iter().flat_map(|column| names(&column.name, column.is_quantity)).collect();
    for name in appended(header.appended) {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut free = std::iter::once(name.to_owned()).chain(numbered).filter(|name| !all.contains(name));
        let name = free.next().unwrap_or_default();
        all.push(name);
    }
    all
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
