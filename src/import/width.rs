//! The rows of a table by their width: a row that is cut short, or whose quotes moved its cells, is seen by it.

use super::column::Evidence;
use super::date;
use super::date_profile::DateEvidence;
use super::delimited::MISQUOTED_HELP;
use super::file::ImportFile;
use super::layout::NoteLine;
use super::numeric;
use super::record::{Record, UnendedLine};
use crate::error::Error;

const RAGGED_HELP: &str = "was the download complete? `--ragged` takes rows of any width as they are";

/// Counts of rows of other widths than the header has.
pub(super) struct RowWidths {
    /// The cells of a row up to the last one under a header.
    needed: usize,
    /// The columns, those without a header too.
    columns: usize,
    short: u64,
    first_short: u64,
    misquoted: u64,
    first_misquoted: u64,
    /// The line of the last row, with its cells where they are too few.
    last: (u64, Option<Vec<String>>),
}

impl RowWidths {
    /// No rows yet, below these headers.
    pub(super) fn of(headers: &[String]) -> Self {
        let needed = headers.iter().rposition(|header| !header.is_empty()).map_or(0, |last| last + 1);
        Self {
            needed,
            columns: headers.len(),
            short: 0,
            first_short: 0,
            misquoted: 0,
            first_misquoted: 0,
            last: (0, None),
        }
    }

    /// Counts a row.
    ///
    /// # Errors
    /// Its quotes do not enclose a cell, and it has not as many cells as the header: they may belong elsewhere.
    pub(super) fn add(&mut self, record: &Record, file: &ImportFile) -> Result<(), Error> {
        let width = record.len();
        self.last = (record.line, None);
        if width < self.needed {
            self.last.1 = Some(record.cells().map(str::to_owned).collect());
            self.first_short = if self.short == 0 { record.line } else { self.first_short };
            self.short += 1;
        }
        if record.is_misquoted {
            if width < self.needed || width > self.columns {
                let message = format!("behind a closing quote the cell goes on, and the row has {width} cells");
                return Err(file.broken(Some((record.line, record.cell(0))), &message, MISQUOTED_HELP));
            }
            self.first_misquoted = if self.misquoted == 0 { record.line } else { self.first_misquoted };
            self.misquoted += 1;
        }
        Ok(())
    }

    /// Refuses a file whose last line has neither all its cells nor an end, where all others have their cells.
    ///
    /// # Errors
    /// Its last row is cut short.
    pub(super) fn check_end(
        &self,
        unended: Option<UnendedLine>,
        below: Option<&NoteLine>,
        first_column: &Evidence,
        file: &ImportFile,
    ) -> Result<(), Error> {
        let unended_line = unended.map(|unended| unended.line);
        // A row with hardly anything in it is taken for a note, unless it begins as all rows do.
        let is_row = |note: &&NoteLine| {
            let first = note.text.split(" · ").next().unwrap_or_default();
            match first_column {
                Evidence::Numbers(mark) => numeric::parse(first).is_some_and(|read| read.value(*mark).is_some()),
                Evidence::Dates(DateEvidence::Iso) => date::is_iso(first),
                Evidence::Dates(DateEvidence::Formats(formats)) => {
                    date::is_iso(first) || formats.iter().any(|format| date::parse(first, format).is_some())
                }
                _ => false,
            }
        };
        if let Some(note) = below.filter(|note| unended_line == Some(note.line)).filter(is_row) {
            let message = "its last row has few of its cells and no line end: it is cut short";
            return Err(file.broken(Some((note.line, &note.text)), message, RAGGED_HELP));
        }
        let (line, Some(cells)) = &self.last else { return Ok(()) };
        if unended_line != Some(*line) || self.short != 1 {
            return Ok(());
        }
        let (count, needed) = (cells.len(), self.needed);
        let message = format!("its last row has {count} cells of {needed} and no line end: it is cut short");
        Err(file.broken(Some((*line, &cells.join(" · "))), &message, RAGGED_HELP))
    }

    /// A remark on rows of other widths; in a workbook, blanks at the end of a row are not written.
    pub(super) fn doubts(&self, is_text: bool) -> Vec<String> {
        let mut doubts = Vec::new();
        if is_text && self.short > 0 {
            let (count, line) = (self.short, self.first_short);
            doubts.push(format!("{} fewer cells than the header, the first on line {line}", rows(count)));
        }
        if self.misquoted > 0 {
            let (count, line) = (self.misquoted, self.first_misquoted);
            doubts.push(format!("{} text behind a closing quote, the first on line {line}", rows(count)));
        }
        doubts
    }
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row has".to_owned() } else { format!("{count} rows have") }
}
