//! The columns of the standard result of metrics: name, value, range, stage and what it rests on. What the rows
//! share goes into the headings: the unit into the first, the reason for the range into the range's own.

use super::column::{Column, Piece};
use super::piece;
use super::sheet::Sheet;
use super::style::Style;
use crate::sql::Cell;

/// The columns of the layout, in the order in which they arrive.
const METRIC: usize = 0;
const VALUE: usize = 1;
const RANGE: usize = 2;
const STAGE: usize = 3;
const NOTE: usize = 4;

/// The columns to draw; one that would be empty in every row is left out.
pub(super) fn columns(sheet: &Sheet, style: &Style) -> Vec<Column> {
    let mut columns = vec![sheet.column(METRIC, style), sheet.column(VALUE, style)];
    if let (true, Some(unit)) = (style.header, sheet.unit(VALUE)) {
        columns[0].heading = unit;
    }
    let reason = shared_note(sheet);
    if has_any(sheet, RANGE) {
        columns.push(range(sheet, style, reason.as_deref()));
    }
    if has_any(sheet, STAGE) {
        columns.push(sparse(sheet, STAGE, style));
    }
    columns.extend(facts(sheet));
    if reason.is_none() && has_any(sheet, NOTE) {
        columns.push(sparse(sheet, NOTE, style));
    }
    columns
}

/// The note, if exactly the rows with a range have one and it is the same.
fn shared_note(sheet: &Sheet) -> Option<String> {
    let mut shared = None;
    for (range, note) in sheet.cells(RANGE).zip(sheet.cells(NOTE)) {
        match (range, note) {
            (Cell::Null, Cell::Null) => {}
            (Cell::Null, _) => return None,
            (_, Cell::Text(note)) if shared.is_none_or(|known| known == note) => shared = Some(note),
            _ => return None,
        }
    }
    shared.map(|note| (sheet.harmless)(note))
}

fn has_any(sheet: &Sheet, index: usize) -> bool {
    sheet.cells(index).any(|cell| *cell != Cell::Null)
}

/// A column in which what does not apply is left blank: here NULL is no value of the book.
fn sparse(sheet: &Sheet, index: usize, style: &Style) -> Column {
    let mut column = sheet.column(index, style);
    for (piece, cell) in column.cells.iter_mut().zip(sheet.cells(index)) {
        if *cell == Cell::Null {
            *piece = Piece::default();
        }
    }
    column
}

/// The range under its reason, with a unit of its own if it is not that of the value.
fn range(sheet: &Sheet, style: &Style, reason: Option<&str>) -> Column {
    let mut column = sparse(sheet, RANGE, style);
    let heading = reason.unwrap_or(&column.heading);
    column.heading = match sheet.unit(RANGE) {
        Some(unit) if style.header && sheet.survey.unit(RANGE) != sheet.survey.unit(VALUE) => {
            format!("{heading} ({unit})")
        }
        _ => heading.to_owned(),
    };
    column
}

/// What the value and the range of each row rest on, with the stages of a row whose own column does not say them.
fn facts(sheet: &Sheet) -> Option<Column> {
    let cells: Vec<Piece> = sheet.window.rows().map(|row| facts_of(row, sheet)).collect();
    let has_any = cells.iter().any(|piece| !piece.main.is_empty());
    has_any.then(|| Column { heading: "facts".to_owned(), is_numeric: false, cells })
}

fn facts_of(row: &[Cell<'_>], sheet: &Sheet) -> Piece {
    let [value, range] = [VALUE, RANGE].map(|index| match &row[index] {
        Cell::Quantity(quantity) => piece::refs(quantity, &sheet.survey, row[STAGE] == Cell::Null, sheet.harmless),
        _ => String::new(),
    });
    let main = match (value.is_empty(), range.is_empty() || range == value) {
        (_, true) => value,
        (true, false) => format!("range {range}"),
        (false, false) => format!("{value}; range {range}"),
    };
    Piece { main, ..Piece::default() }
}
