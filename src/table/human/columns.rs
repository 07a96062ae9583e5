//! The texts of a result column by column, for a page that lays them out itself: digits as in a table, units apart, no references.

use super::cell::joined;
use super::model::{BufferedResult, RowBuffer};
use crate::sql::{Cell, Header};
use crate::table::format::Style;

/// A column as texts, none of them escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// Its name.
    pub name: String,
    /// The unit that its numbers share; empty if they share none.
    pub unit: String,
    /// True if it holds numbers.
    pub is_numeric: bool,
    /// The text of each cell, with a unit of its own.
    pub cells: Vec<String>,
}

/// The columns of a result.
#[must_use]
pub fn text_columns(header: &Header, rows: &[Vec<Cell<'static>>], style: &Style) -> Vec<TextColumn> {
    let style = Style { header: true, color: false, ..style.clone() };
    let mut result = BufferedResult::new(header, RowBuffer::unlimited(), str::to_owned);
    for row in rows {
        result.push(row);
    }
    let column = |index: usize| {
        let shown = result.column(index, &style);
        TextColumn {
            name: shown.heading,
            unit: result.unit(index, &style).unwrap_or_default(),
            is_numeric: shown.is_numeric,
            cells: shown.cells.iter().map(|cell| joined([&cell.main, &cell.unit])).collect(),
        }
    };
    (0..header.columns.len()).map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::text_columns;
    use crate::table::Style;
    use crate::table::fixture::{header, quantity, text};

    #[test]
    fn a_shared_unit_stands_apart_and_references_are_left_out() {
        let rows = [vec![text("a"), quantity("5 missile [F30; @proposed]")], vec![text("<b>"), quantity("7 missile")]];
        let columns = text_columns(&header(&["name", "n*"]), &rows, &Style::default());
        assert_eq!((columns[1].unit.as_str(), columns[1].is_numeric), ("missiles", true));
        assert_eq!(columns[1].cells, ["5", "7"]);
        assert_eq!(columns[0].cells, ["a", "<b>"]);
    }
}
