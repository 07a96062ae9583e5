//! The last cell of a text that has no line end behind it. A download that was cut within that cell has a table with all its rows and
//! cells, and another number in the last.

use super::column::ColumnProfile;
use super::numeric;
use super::record::{Record, UnendedLine};

/// The last cell of the row that was read last.
#[derive(Debug, Default)]
pub(super) struct LastCell {
    /// The line on which its row begins.
    line: u64,
    /// Its column in the file.
    pub(super) column: usize,
    text: String,
}

impl LastCell {
    /// Takes the next row into account.
    pub(super) fn add(&mut self, row: &Record) {
        self.line = row.line;
        self.column = row.len().saturating_sub(1);
        self.text.clear();
        self.text.push_str(numeric::trim(row.cell(self.column)));
    }

    /// The doubt about a cell that may be cut, from the counts and the name of its column.
    pub(super) fn doubt(&self, unended: Option<UnendedLine>, profile: &ColumnProfile, name: &str) -> Option<String> {
        let line = unended.filter(|unended| unended.line == self.line && !unended.is_quoted)?.line;
        // A date that is cut is a word itself.
        let own = u64::from(profile.texts.all().iter().any(|found| found.text == self.text));
        let are_numbers = profile.readings.numbers() + profile.dates + own > profile.words;
        if !are_numbers && !profile.is_mostly_numbers() {
            return None;
        }
        // Of a number nothing, or the sign alone, may be left.
        let is_first_digit_lost = match self.text.as_str() {
            "" => profile.blank == 1,
            "-" => profile.texts.all().iter().any(|found| found.text == "-" && found.count == 1),
            _ => false,
        };
        let cell = match self.text.as_str() {
            _ if is_first_digit_lost => format!("its last cell, in `{name}`, is the only one without a number"),
            text if text.ends_with(|c: char| c.is_ascii_digit()) => {
                format!("`{text}` in `{name}` ends with a digit")
            }
            _ => return None,
        };
        Some(format!(
            "line {line} has no line end, and {cell}: the file may be cut within it; `--lines 1-{line}` says that the table ends there"
        ))
    }
}
