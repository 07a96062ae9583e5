//! One result on its way to people: the rows that are shown, what they share, and the columns that come of
//! both. How a layout completes the columns is in `rows` and `metrics`; it draws nothing.

use super::column::Column;
use super::number;
use super::piece::{self, Harmless};
use super::style::Style;
use super::survey::Survey;
use super::window::Window;
use crate::sql::{Cell, Header, Layout, Note};

/// A result while its rows arrive, and then as columns.
pub(super) struct Sheet {
    pub(super) header: Header,
    pub(super) survey: Survey,
    pub(super) window: Window,
    pub(super) harmless: Harmless,
}

impl Sheet {
    pub(super) fn new(header: &Header, window: Window, harmless: Harmless) -> Self {
        let mut survey = Survey::default();
        survey.assumed.meet_all(&header.assumed);
        Self { header: header.clone(), survey, window, harmless }
    }

    /// Takes the next row.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) {
        self.survey.meet(cells);
        self.window.push(cells);
    }

    /// A column without the unit in its heading and without what its quantities rest on. Where the rows share
    /// the unit, they share the decimal places too.
    pub(super) fn column(&self, index: usize, style: &Style) -> Column {
        let unit = self.survey.unit(index);
        let limit = |of: Option<&_>| of.and_then(|unit| style.places.limit(unit));
        let places = self.cells(index).map(|cell| places(cell, limit(unit))).max().unwrap_or(0);
        let piece = |cell: &Cell<'_>| {
            let places = match cell {
                Cell::Quantity(quantity) if unit.is_none() => {
                    number::of_amount(quantity.amount(), limit(quantity.unit()))
                }
                _ => places,
            };
            let mut piece = piece::of_cell(cell, places, style, self.harmless);
            if unit.is_some() && style.header {
                piece.unit.clear();
            }
            piece
        };
        let about = &self.header.columns[index];
        Column {
            heading: (self.harmless)(&about.name),
            is_numeric: about.is_quantity || self.is_numeric(index),
            cells: self.cells(index).map(piece).collect(),
        }
    }

    /// The unit that a heading must tell: the one of all rows, unless it is that of plain numbers.
    pub(super) fn unit(&self, index: usize) -> Option<String> {
        self.survey.unit(index).filter(|unit| !unit.is_one()).map(|unit| (self.harmless)(&unit.to_string()))
    }

    /// The shown cells of a column.
    pub(super) fn cells(&self, index: usize) -> impl Iterator<Item = &Cell<'static>> + Clone {
        self.window.rows().map(move |row| &row[index])
    }

    fn is_numeric(&self, index: usize) -> bool {
        let mut known = self.cells(index).filter(|cell| **cell != Cell::Null).peekable();
        known.peek().is_some() && known.all(|cell| !matches!(cell, Cell::Text(_) | Cell::Blob(_) | Cell::Truth(_)))
    }

    /// The lines above the table: its title, and the stamp of a result that rests on assumptions.
    pub(super) fn lines_above(&self) -> Vec<String> {
        let lines = self.header.title.iter().cloned().chain(self.survey.assumed.stamp());
        lines.map(|line| (self.harmless)(&line)).collect()
    }

    /// The stage that all figures share, as the first note; the metrics layout has a column for it.
    pub(super) fn stage_note(&self) -> Option<Note> {
        if self.header.layout == Layout::Metrics {
            return None;
        }
        let shared = self.survey.stages();
        let stages = shared.one().filter(|stages| !stages.is_empty())?;
        Some(Note::new("stage", "", &stages.to_string()))
    }

    /// Before which shown row others are left out.
    pub(super) fn gap(&self) -> Option<usize> {
        self.window.gap()
    }
}

fn places(cell: &Cell<'_>, limit: Option<u32>) -> u32 {
    match cell {
        Cell::Quantity(quantity) => number::of_amount(quantity.amount(), limit),
        Cell::Decimal(decimal) => number::of_decimal(*decimal, None),
        _ => 0,
    }
}
