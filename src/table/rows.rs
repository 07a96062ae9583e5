//! The columns of an ordinary result: the unit that a column shares in its heading, and what a quantity rests on
//! behind its digits.

use super::column::Column;
use super::piece;
use super::shared::Shared;
use super::sheet::Sheet;
use super::style::Style;
use crate::sql::Cell;

/// The columns to draw, as they came.
pub(super) fn columns(sheet: &Sheet, style: &Style) -> Vec<Column> {
    let has_stages = sheet.survey.stages() == Shared::Several;
    (0..sheet.header.columns.len()).map(|index| column(sheet, index, has_stages, style)).collect()
}

fn column(sheet: &Sheet, index: usize, has_stages: bool, style: &Style) -> Column {
    let mut column = sheet.column(index, style);
    if let (true, Some(unit)) = (style.header, sheet.unit(index)) {
        column.heading = format!("{} ({unit})", column.heading);
    }
    for (piece, cell) in column.cells.iter_mut().zip(sheet.cells(index)) {
        if let Cell::Quantity(quantity) = cell {
            piece.refs = piece::bracketed(&piece::refs(quantity, &sheet.survey, has_stages, sheet.harmless));
        }
    }
    column
}
