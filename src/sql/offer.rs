//! Rows that are not of the book, as SQL may have them. Which of their columns hold quantities is decided here; when a
//! table is made of them is the book's to say.

use super::{Cell, Column};
use crate::store::{Offer, Reliance};
use rusqlite::types::Value;
use std::rc::Rc;

/// The rows for SQL. A column that holds a quantity, or a number that SQL could hold only as text, is one of
/// quantities, and so are the plain numbers in it.
#[must_use]
pub fn offer_rows(columns: &[Column], rows: Rc<Vec<Vec<Cell<'static>>>>, reliance: Reliance) -> Offer {
    let is_quantity =
        |at: usize, marked: bool| marked || rows.iter().any(|row| row.get(at).is_some_and(Cell::is_quantity));
    let columns: Vec<(String, bool)> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| (column.name.clone(), is_quantity(at, column.is_quantity)))
        .collect();
    let marks: Vec<bool> = columns.iter().map(|(_, is_quantity)| *is_quantity).collect();
    let rows = move || {
        rows.iter().map(|row| row.iter().zip(&marks).map(|(cell, mark)| value(cell, *mark)).collect()).collect()
    };
    Offer::Rows(columns, Box::new(rows), reliance)
}

fn value(cell: &Cell<'_>, is_quantity: bool) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Integer(i64::from(*truth)),
        Cell::Integer(whole) if is_quantity => Value::Text(whole.to_string()),
        Cell::Integer(whole) => Value::Integer(*whole),
        Cell::Real(real) => Value::Real(*real),
        Cell::Decimal(decimal) => match i64::try_from(*decimal) {
            Ok(whole) if decimal.is_integer() && !is_quantity => Value::Integer(whole),
            _ => Value::Text(decimal.normalize().to_string()),
        },
        // In quotes it is read as no quantity, whatever it says.
        Cell::Text(text) if is_quantity => Value::Text(format!("'{text}'")),
        Cell::Text(text) => Value::Text(text.to_string()),
        Cell::Blob(bytes) => Value::Blob(bytes.to_vec()),
        Cell::Quantity(quantity) => Value::Text(quantity.to_string()),
    }
}
