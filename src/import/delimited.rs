//! Tables of text with a separator between the cells: CSV, TSV and their kin. The separator is the one with which the lines agree
//! best, and a quote that is never closed is an error: it would swallow the rest of the file.

use super::blank_lines::BlankLines;
use super::encoding::TextFile;
use super::file::ImportFile;
use super::quotes::QuoteScan;
use super::record::{CellKind, Record, Records, UnendedLine};
use crate::error::Error;
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;

/// The separators that are tried, the most usual first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The part of a file by which separators are compared, in bytes. Rows beyond it that do not fit are reported when they are read.
const SAMPLE_BYTES: u64 = 1 << 18;

/// The help on quotes that do not enclose their cell.
pub(super) const MISQUOTED_HELP: &str =
    "take the `\"` away or double it; `--quote none` takes quotes as characters like others";

/// The most cells of one row.
const MAX_CELLS: usize = 2_000;

/// The records of a delimited file.
pub(super) struct DelimitedRecords<R> {
    file: ImportFile,
    reader: csv::Reader<BlankLines<QuoteScan<R>>>,
    current: StringRecord,
    /// The line of the record that was read last.
    last: u64,
    text: TextFile,
}

/// The characters that part the cells of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The separator.
    pub(super) separator: u8,
    /// The quote around cells; `None` where a quote is a character as any.
    pub(super) quote: Option<u8>,
}

/// Opens a file of a known dialect at its first record.
///
/// # Errors
/// It can't be opened.
pub(super) fn open(
    file: &ImportFile,
    text: &TextFile,
    dialect: Dialect,
) -> Result<DelimitedRecords<impl Read + use<>>, Error> {
    let scan = QuoteScan::new(text.text(file)?, dialect.separator, dialect.quote);
    Ok(DelimitedRecords {
        file: file.clone(),
        reader: builder(dialect).from_reader(BlankLines::new(scan)),
        current: StringRecord::new(),
        last: 0,
        text: text.clone(),
    })
}

fn builder(dialect: Dialect) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(dialect.separator).has_headers(false).flexible(true);
    builder.quoting(dialect.quote.is_some()).quote(dialect.quote.unwrap_or(b'"'));
    builder
}

/// The separator of a file: the one with the greatest usual width times the lines that have it times the root of the width.
///
/// # Errors
/// The file can't be read.
pub(super) fn sniff_separator(file: &ImportFile, text: &TextFile, quote: Option<u8>) -> Result<u8, Error> {
    let mut sample = String::new();
    text.text(file)?.take(SAMPLE_BYTES).read_to_string(&mut sample).or_else(|error| match error.kind() {
        // The sample may end within a character.
        std::io::ErrorKind::InvalidData => Ok(0),
        _ => Err(file.unreadable(&error)),
    })?;
    let score = |separator: u8| {
        let rows = builder(Dialect { separator, quote }).from_reader(sample.as_bytes()).into_records();
        let widths: Vec<usize> = rows.filter_map(Result::ok).map(|row| row.len()).collect();
        let (width, rows) = usual(&widths).filter(|(width, _)| *width > 1).unwrap_or_default();
        // Of a few thousand cells at most, which a double holds exactly; only the order of the scores matters.
        #[expect(clippy::cast_precision_loss)]
        let score = rows as f64 * (width as f64) * (width as f64).sqrt();
        score
    };
    // Where several do as well the last is meant: a comma is in numbers and in names too, as in `Land;Betrag, Mio. Euro`.
    let scores = SEPARATORS.map(|separator| (separator, score(separator)));
    let best = scores.into_iter().filter(|(_, score)| *score > 0.0).max_by(|(_, a), (_, b)| a.total_cmp(b));
    Ok(best.map_or(b',', |(separator, _)| separator))
}

/// The most frequent of some widths, with its number; of several the greatest.
#[must_use]
pub(super) fn usual(widths: &[usize]) -> Option<(usize, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths {
        *counts.entry(*width).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(width, count)| (*count, *width))
}

impl<R: Read> Records for DelimitedRecords<R> {
    fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        let is_there = self.reader.read_record(&mut self.current).map_err(|error| self.unreadable(&error))?;
        if !is_there {
            return self.check_closed().map(|()| false);
        }
        let (line, start) = self.current.position().map_or((0, 0), |position| (position.line(), position.byte()));
        let end = self.reader.position().clone();
        self.last = line + self.reader.get_mut().between(start, end.byte());
        record.begin(self.last);
        record.next_line = end.line();
        let cells = self.current.len();
        if cells > MAX_CELLS {
            let message = format!("a row has {cells} cells, more than the {MAX_CELLS} that a table can have");
            let help = "is the separator right? `--separator` says it";
            return Err(self.broken(&message, help));
        }
        self.check(record)?;
        self.current.iter().for_each(|cell| record.push(cell, CellKind::Text));
        Ok(true)
    }

    fn unended_line(&self) -> Option<UnendedLine> {
        let scan = self.reader.get_ref().inner();
        let unended = UnendedLine { line: self.last, is_quoted: scan.ends_behind_quote() };
        (self.reader.is_done() && scan.ends_within_line()).then_some(unended)
    }
}

impl<R: Read> DelimitedRecords<R> {
    /// Refuses a text that ends within quotes.
    fn check_closed(&self) -> Result<(), Error> {
        if !self.reader.get_ref().inner().ends_quoted() {
            return Ok(());
        }
        let help = "take the `\"` away or double it: as it is, the rest of the file is one cell; `--quote none` takes quotes as \
                    characters like others";
        Err(self.broken("a quote in its last row is never closed", help))
    }

    /// Checks the quotes and the characters of the record that was read last.
    fn check(&mut self, record: &mut Record) -> Result<(), Error> {
        let end = self.reader.position().byte();
        record.is_misquoted = self.reader.get_mut().inner_mut().has_misplaced_before(end);
        if record.is_misquoted && self.current.iter().any(|cell| cell.contains('\n')) {
            let message = "a quote opens a cell that goes on over several lines and behind its closing quote";
            return Err(self.broken(message, MISQUOTED_HELP));
        }
        if !self.text.is_valid && self.current.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            let message = format!("it has bytes that are no text in {}", self.text.encoding.name());
            let help = "say by `--encoding` what it is; windows-1252 takes any bytes as they are";
            return Err(self.broken(&message, help));
        }
        Ok(())
    }

    /// The error of the record that was read last.
    fn broken(&self, message: &str, help: &str) -> Error {
        let line = self.text.line(&self.file, self.last);
        self.file.broken(Some((self.last, &line)), message, help)
    }

    fn unreadable(&self, error: &csv::Error) -> Error {
        match error.kind() {
            csv::ErrorKind::Io(error) => self.file.unreadable(error),
            _ => self.file.broken(None, &error.to_string(), "is it a table of text?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn the_usual_width_is_the_most_frequent() {
        assert_eq!(usual(&[1, 5, 5, 5, 3]), Some((5, 3)));
        assert_eq!(usual(&[]), None);
    }
}
