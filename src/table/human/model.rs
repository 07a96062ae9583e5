//! A result as people see it: the rows that are kept, and the columns of finished text that every drawing shares. Nothing is
//! drawn here.

use super::cell::{CellText, Escape, amount_places, bracketed, cell_places, cell_text, references};
use crate::sql::{Cell, Header, Layout, Note};
use crate::table::format::Style;
use crate::table::summary::{Common, Summary};
use std::collections::VecDeque;

/// A column of a table for people.
pub(super) struct DisplayColumn {
    /// The name, with the unit that all cells share.
    pub(super) heading: String,
    /// Numbers stand right.
    pub(super) is_numeric: bool,
    /// One for each shown row.
    pub(super) cells: Vec<CellText>,
}

/// The head and the tail of a result, or all of it.
pub(super) struct RowBuffer {
    /// How many rows of each end are kept; every row, if not given.
    ends: Option<(usize, usize)>,
    head: Vec<Vec<Cell<'static>>>,
    tail: VecDeque<Vec<Cell<'static>>>,
    total: usize,
}

impl RowBuffer {
    /// Keeps so many rows, half of them from each end.
    pub(super) fn head_and_tail(rows: usize) -> Self {
        Self { ends: Some((rows.div_ceil(2), rows / 2)), ..Self::unlimited() }
    }

    /// Keeps every row.
    pub(super) fn unlimited() -> Self {
        Self { ends: None, head: Vec::new(), tail: VecDeque::new(), total: 0 }
    }

    /// Whether every row is kept.
    pub(super) fn keeps_all(&self) -> bool {
        self.ends.is_none()
    }

    /// Before which kept row others are left out.
    pub(super) fn gap(&self) -> Option<usize> {
        (self.total > self.kept()).then_some(self.head.len())
    }

    /// Takes the next row; the oldest of the tail makes room, and its memory is used again.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.total += 1;
        let owned = cells.iter().map(|cell| cell.clone().into_owned());
        let (first, last) = self.ends.unwrap_or((usize::MAX, 0));
        if self.head.len() < first {
            self.head.push(owned.collect());
            return;
        }
        if last == 0 {
            return;
        }
        let mut row = if self.tail.len() == last { self.tail.pop_front() } else { None }.unwrap_or_default();
        row.clear();
        row.extend(owned);
        self.tail.push_back(row);
    }

    /// The kept rows, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Cell<'static>]> + Clone {
        self.head.iter().chain(&self.tail).map(Vec::as_slice)
    }

    /// All rows that came by.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// How many of them are kept.
    pub(super) fn kept(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

/// A result while its rows arrive, and then as columns.
pub(super) struct BufferedResult {
    pub(super) header: Header,
    pub(super) summary: Summary,
    pub(super) rows: RowBuffer,
    pub(super) escape: Escape,
}

impl BufferedResult {
    pub(super) fn new(header: &Header, rows: RowBuffer, escape: Escape) -> Self {
        let mut summary = Summary::default();
        summary.assumptions.update(&header.assumed);
        Self { header: header.clone(), summary, rows, escape }
    }

    /// Takes the next row.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.summary.update(cells);
        self.rows.push(cells);
    }

    /// A column without the unit in its heading and without what its quantities rest on. Where the rows share
    /// the unit, they share the decimal places too.
    pub(super) fn column(&self, index: usize, style: &Style) -> DisplayColumn {
        let unit = self.summary.unit(index);
        let limit = |of: Option<&_>| of.and_then(|unit| style.places.limit(unit));
        let places = self.cells(index).map(|cell| cell_places(cell, limit(unit))).max().unwrap_or(0);
        let text = |cell: &Cell<'_>| {
            let places = match cell {
                Cell::Quantity(quantity) if unit.is_none() => amount_places(quantity.amount(), limit(quantity.unit())),
                _ => places,
            };
            let mut text = cell_text(cell, places, style, self.escape);
            if unit.is_some() && style.header {
                text.unit.clear();
            }
            text
        };
        let about = &self.header.columns[index];
        DisplayColumn {
            heading: (self.escape)(&about.name),
            is_numeric: about.is_quantity || self.is_numeric(index),
            cells: self.cells(index).map(text).collect(),
        }
    }

    /// The unit that a heading must tell: the one of all rows, unless it is that of plain numbers.
    pub(super) fn unit(&self, index: usize) -> Option<String> {
        self.summary.unit(index).filter(|unit| !unit.is_one()).map(|unit| (self.escape)(&unit.to_string()))
    }

    /// The shown cells of a column.
    pub(super) fn cells(&self, index: usize) -> impl Iterator<Item = &Cell<'static>> + Clone {
        self.rows.iter().map(move |row| &row[index])
    }

    fn is_numeric(&self, index: usize) -> bool {
        let mut known = self.cells(index).filter(|cell| **cell != Cell::Null).peekable();
        known.peek().is_some() && known.all(|cell| !matches!(cell, Cell::Text(_) | Cell::Blob(_) | Cell::Truth(_)))
    }

    /// The lines above the table: its title, and the stamp of a result that rests on assumptions.
    pub(super) fn lines_above(&self) -> Vec<String> {
        let lines = self.header.title.iter().cloned().chain(self.summary.assumptions.stamp());
        lines.map(|line| (self.escape)(&line)).collect()
    }

    /// The stage that all figures share, as the first note; the metrics layout has a column for it.
    pub(super) fn stage_note(&self) -> Option<Note> {
        if self.header.layout == Layout::Metrics {
            return None;
        }
        let shared = self.summary.stages();
        let stages = shared.one().filter(|stages| !stages.is_empty())?;
        Some(Note::new("stage", "", &stages.to_string()))
    }

    /// Before which shown row others are left out.
    pub(super) fn gap(&self) -> Option<usize> {
        self.rows.gap()
    }
}

/// The columns to draw, as they came.
pub(super) fn plain_columns(result: &BufferedResult, style: &Style) -> Vec<DisplayColumn> {
    let has_stages = result.summary.stages() == Common::Several;
    (0..result.header.columns.len()).map(|index| plain_column(result, index, has_stages, style)).collect()
}

fn plain_column(result: &BufferedResult, index: usize, has_stages: bool, style: &Style) -> DisplayColumn {
    let mut column = result.column(index, style);
    if let (true, Some(unit)) = (style.header, result.unit(index)) {
        column.heading = format!("{} ({unit})", column.heading);
    }
    for (text, cell) in column.cells.iter_mut().zip(result.cells(index)) {
        if let Cell::Quantity(quantity) = cell {
            text.refs = bracketed(&references(quantity, &result.summary, has_stages, result.escape));
        }
    }
    column
}

/// The columns of the layout, in the order in which they arrive.
const METRIC: usize = 0;
const VALUE: usize = 1;
const RANGE: usize = 2;
const STAGE: usize = 3;
const NOTE: usize = 4;

/// The columns to draw; one that would be empty in every row is left out.
pub(super) fn metric_columns(result: &BufferedResult, style: &Style) -> Vec<DisplayColumn> {
    let mut columns = vec![result.column(METRIC, style), result.column(VALUE, style)];
    if let (true, Some(unit)) = (style.header, result.unit(VALUE)) {
        columns[0].heading = unit;
    }
    let reason = shared_note(result);
    if has_any(result, RANGE) {
        columns.push(range_column(result, style, reason.as_deref()));
    }
    if has_any(result, STAGE) {
        columns.push(sparse_column(result, STAGE, style));
    }
    columns.extend(facts_column(result));
    if reason.is_none() && has_any(result, NOTE) {
        columns.push(sparse_column(result, NOTE, style));
    }
    columns
}

/// The note, if exactly the rows with a range have one and it is the same.
fn shared_note(result: &BufferedResult) -> Option<String> {
    let mut shared = None;
    for (range, note) in result.cells(RANGE).zip(result.cells(NOTE)) {
        match (range, note) {
            (Cell::Null, Cell::Null) => {}
            (Cell::Null, _) => return None,
            (_, Cell::Text(note)) if shared.is_none_or(|known| known == note) => shared = Some(note),
            _ => return None,
        }
    }
    shared.map(|note| (result.escape)(note))
}

fn has_any(result: &BufferedResult, index: usize) -> bool {
    result.cells(index).any(|cell| *cell != Cell::Null)
}

/// A column in which what does not apply is left blank: here NULL is no value of the book.
fn sparse_column(result: &BufferedResult, index: usize, style: &Style) -> DisplayColumn {
    let mut column = result.column(index, style);
    for (text, cell) in column.cells.iter_mut().zip(result.cells(index)) {
        if *cell == Cell::Null {
            *text = CellText::default();
        }
    }
    column
}

/// The range under its reason, with a unit of its own if it is not that of the value.
fn range_column(result: &BufferedResult, style: &Style, reason: Option<&str>) -> DisplayColumn {
    let mut column = sparse_column(result, RANGE, style);
    let heading = reason.unwrap_or(&column.heading);
    column.heading = match result.unit(RANGE) {
        Some(unit) if style.header && result.summary.unit(RANGE) != result.summary.unit(VALUE) => {
            format!("{heading} ({unit})")
        }
        _ => heading.to_owned(),
    };
    column
}

/// What the value and the range of each row rest on, with the stages of a row whose own column does not say them.
fn facts_column(result: &BufferedResult) -> Option<DisplayColumn> {
    let cells: Vec<CellText> = result.rows.iter().map(|row| facts_cell(row, result)).collect();
    let has_any = cells.iter().any(|text| !text.main.is_empty());
    has_any.then(|| DisplayColumn { heading: "facts".to_owned(), is_numeric: false, cells })
}

fn facts_cell(row: &[Cell<'_>], result: &BufferedResult) -> CellText {
    let [value, range] = [VALUE, RANGE].map(|index| match &row[index] {
        Cell::Quantity(quantity) => references(quantity, &result.summary, row[STAGE] == Cell::Null, result.escape),
        _ => String::new(),
    });
    let main = match (value.is_empty(), range.is_empty() || range == value) {
        (_, true) => value,
        (true, false) => format!("range {range}"),
        (false, false) => format!("{value}; range {range}"),
    };
    CellText { main, ..CellText::default() }
}

#[cfg(test)]
mod tests {
    use super::RowBuffer;
    use crate::sql::Cell;

    fn kept(mut rows: RowBuffer, count: i64) -> Vec<i64> {
        (1..=count).for_each(|n| rows.push(&[Cell::Integer(n)]));
        let number = |row: &[Cell<'_>]| match row {
            [Cell::Integer(n)] => *n,
            other => panic!("{other:?}"),
        };
        rows.iter().map(number).collect()
    }

    #[test]
    fn forty_rows_are_whole_and_more_lose_their_middle() {
        assert_eq!(kept(RowBuffer::head_and_tail(40), 40), (1..=40).collect::<Vec<_>>());
        assert_eq!(kept(RowBuffer::head_and_tail(40), 100), (1..=20).chain(81..=100).collect::<Vec<_>>());
        assert_eq!(kept(RowBuffer::head_and_tail(5), 9), [1, 2, 3, 8, 9]);
        assert_eq!(kept(RowBuffer::head_and_tail(1), 9), [1]);
        assert_eq!(kept(RowBuffer::unlimited(), 100), (1..=100).collect::<Vec<_>>());
    }
}
