//! The faults in the files of an import of facts: everything that was found in all of them, and where each finding stands. Places
//! are looked up at the end, in one more pass over the files that have any.

use crate::error::{Error, FactsError, Frame, Place};
use crate::import::encoding::TextFile;
use crate::import::file::ImportFile;
use std::io::{BufRead, BufReader};
use std::ops::Range;

/// The most lines of one row, where quotes hold its line breaks together.
const MAX_ROW_LINES: usize = 10_000;

/// A file that is read.
#[derive(Debug, Clone)]
pub(super) struct FoundFile {
    pub(super) file: ImportFile,
    pub(super) text: TextFile,
    pub(super) separator: u8,
}

/// A finding: the line on which its row begins, the cell in the row, and what is wrong.
#[derive(Debug)]
struct Finding {
    line: u64,
    cell: usize,
    message: String,
}

/// All findings, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Findings {
    of_files: Vec<(FoundFile, Vec<Finding>)>,
    /// Those that know their place.
    frames: Vec<Frame>,
    count: usize,
}

impl Findings {
    /// Begins a file: what is found from now on is in it.
    pub(super) fn begin(&mut self, file: FoundFile) {
        self.of_files.push((file, Vec::new()));
    }

    /// Adds what is wrong with a cell of the file begun last.
    pub(super) fn add(&mut self, line: u64, cell: usize, message: impl Into<String>) {
        if let Some((_, findings)) = self.of_files.last_mut() {
            findings.push(Finding { line, cell, message: message.into() });
            self.count += 1;
        }
    }

    /// Adds what is wrong with a whole file.
    pub(super) fn add_file(&mut self, name: &str, line: Option<(u64, String)>, message: &str) {
        let (line, line_text) = line.unwrap_or((1, String::new()));
        let width = line_text.chars().count().max(1);
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let place = Place { source: name.to_owned(), line, column: 1, width, line_text };
        self.frames.push(Frame { place, label: Some(message.to_owned()) });
        self.count += 1;
    }

    /// The number of findings.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The error of all findings; none if there are none.
    ///
    /// # Errors
    /// The findings; a file can't be read again.
    pub(super) fn finish(self, directory: &str) -> Result<(), Error> {
        if self.count == 0 {
            return Ok(());
        }
        let mut frames = self.frames;
        for (file, findings) in self.of_files {
            frames.extend(located(&file, findings)?);
        }
        Err(Error::Facts(Box::new(FactsError { directory: directory.to_owned(), findings: frames })))
    }
}

/// The findings of a file with their places.
fn located(found: &FoundFile, mut findings: Vec<Finding>) -> Result<Vec<Frame>, Error> {
    if findings.is_empty() {
        return Ok(Vec::new());
    }
    findings.sort_by_key(|finding| (finding.line, finding.cell));
    let mut findings = findings.into_iter().peekable();
    let mut lines = BufReader::new(found.text.text(&found.file)?).split(b'\n');
    let (mut frames, mut number) = (Vec::new(), 0_usize);
    let mut next = || lines.next().transpose().map_err(|error| found.file.unreadable(&error));
    while let (Some(first), Some(line)) = (findings.peek().map(|finding| finding.line), next()?) {
        number += 1;
        if (number as u64) < first {
            continue;
        }
        // The reader of records counts blank lines to the row behind them.
        let mut row = line;
        while row.trim_ascii().is_empty() {
            let Some(more) = next()? else { break };
            (row, number) = (more, number + 1);
        }
        let (start, mut taken) = (number, 1_usize);
        while taken < MAX_ROW_LINES && ends_in_quotes(&row, found.separator) {
            let Some(more) = next()? else { break };
            row.push(b'\n');
            row.extend(more);
            taken += 1;
        }
        number += taken - 1;
        let row = String::from_utf8_lossy(&row).into_owned();
        while let Some(finding) = findings.next_if(|finding| finding.line == first) {
            let cell = cell_range(&row, found.separator, finding.cell);
            let mut place = Place::at_byte(&found.file.name(), &row, cell.start, cell.len());
            place.line += start - 1;
            frames.push(Frame { place, label: Some(finding.message) });
        }
    }
    Ok(frames)
}

/// True if a row, as far as it is read, ends within quotes.
fn ends_in_quotes(row: &[u8], separator: u8) -> bool {
    let mut cells = CellStarts::new(separator);
    for byte in row {
        cells.step(*byte);
    }
    cells.is_quoted
}

/// The bytes of a cell in its row; an empty range at the end where the row has fewer.
fn cell_range(row: &str, separator: u8, index: usize) -> Range<usize> {
    let mut cells = CellStarts::new(separator);
    let (mut start, mut cell) = (0, 0);
    for (at, byte) in row.bytes().enumerate() {
        if cells.step(byte) {
            if cell == index {
                return start..at;
            }
            (start, cell) = (at + 1, cell + 1);
        }
    }
    if cell == index { start..row.len() } else { row.len()..row.len() }
}

/// The walk through a row, from separator to separator.
struct CellStarts {
    separator: u8,
    at_start: bool,
    is_quoted: bool,
    /// True behind a quote that ended the quotes, or is the first half of one within them.
    is_behind_quote: bool,
}

impl CellStarts {
    fn new(separator: u8) -> Self {
        Self { separator, at_start: true, is_quoted: false, is_behind_quote: false }
    }

    /// Takes a byte; true if it is a separator between cells.
    fn step(&mut self, byte: u8) -> bool {
        let was_quoted = self.is_quoted;
        if byte == b'"' {
            // Quotes within a cell that does not begin with one are characters of it.
            self.is_quoted = self.at_start || self.is_behind_quote;
        }
        self.is_behind_quote = was_quoted && !self.is_quoted;
        let is_end = byte == self.separator && !self.is_quoted;
        self.at_start = is_end;
        is_end
    }
}

#[cfg(test)]
mod tests {
    use super::{cell_range, ends_in_quotes};

    #[test]
    fn a_cell_is_found_in_its_row() {
        let row = "a,\"b,\"\"c\"\n\",d\"e,";
        let cells: Vec<&str> = (0..5).map(|at| &row[cell_range(row, b',', at)]).collect();
        assert_eq!(cells, ["a", "\"b,\"\"c\"\n\"", "d\"e", "", ""]);
        assert!(ends_in_quotes(b"a,\"b", b','));
        assert!(ends_in_quotes(b"a,\"b,\"\"c", b','));
        assert!(!ends_in_quotes(b"a,\"b\",5\" pipe", b','));
    }
}
