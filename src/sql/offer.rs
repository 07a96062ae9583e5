//! Rows that are not of the book, as SQL may have them. Which of their columns hold quantities is decided here; when a
//! table is made of them is the book's to say.

use super::{Cell, Column};
use crate::quantity::Quantity;
use crate::store::{ColumnContent, Dependencies, TableSource};
use rusqlite::types::Value;
use rust_decimal::Decimal;
use std::rc::Rc;

/// The rows for SQL. A column that holds a quantity, or a number that SQL could hold only as text, is one of
/// quantities, and so are the plain numbers in it. Of the columns that are `given` some numbers are a person's.
#[must_use]
pub fn offer_rows(
    columns: &[Column],
    given: &[bool],
    rows: Rc<Vec<Vec<Cell<'static>>>>,
    reliance: Dependencies,
) -> TableSource {
    let has_quantity = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(Cell::is_quantity));
    let holds = |(at, (column, is_given)): (usize, (&Column, &bool))| {
        let holds = match (column.is_quantity || has_quantity(at), is_given) {
            (true, _) => ColumnContent::Quantity,
            (false, true) => ColumnContent::Literal,
            (false, false) => ColumnContent::Plain,
        };
        (column.name.clone(), holds)
    };
    let columns: Vec<(String, ColumnContent)> = columns.iter().zip(given).enumerate().map(holds).collect();
    let marks: Vec<(bool, bool)> =
        columns.iter().map(|(_, holds)| *holds == ColumnContent::Quantity).zip(given.iter().copied()).collect();
    let rows = move || {
        let value = |(cell, (is_quantity, is_given)): (&Cell<'_>, &(bool, bool))| value(cell, *is_quantity, *is_given);
        rows.iter().map(|row| row.iter().zip(&marks).map(value).collect()).collect()
    };
    TableSource::Rows(columns, Box::new(rows), reliance)
}

fn value(cell: &Cell<'_>, is_quantity: bool, is_given: bool) -> Value {
    let number = |number: Decimal| {
        let number = Quantity::plain(number);
        Value::Text(if is_given { number.given() } else { number }.full_text())
    };
    match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Integer(i64::from(*truth)),
        Cell::Integer(whole) if is_quantity => number((*whole).into()),
        Cell::Integer(whole) => Value::Integer(*whole),
        Cell::Real(real) => Value::Real(*real),
        Cell::Decimal(decimal) => match i64::try_from(*decimal) {
            Ok(whole) if decimal.is_integer() && !is_quantity => Value::Integer(whole),
            _ => number(*decimal),
        },
        // In quotes it is read as no quantity, whatever it says.
        Cell::Text(text) if is_quantity => Value::Text(format!("'{text}'")),
        Cell::Text(text) => Value::Text(text.to_string()),
        Cell::Blob(bytes) => Value::Blob(bytes.to_vec()),
        Cell::Quantity(quantity) => Value::Text(quantity.full_text()),
    }
}
