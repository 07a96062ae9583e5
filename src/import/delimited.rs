//! Tables of text with a separator between the cells: CSV, TSV and their kin. The separator is the one with which the lines agree
//! best, and a quote that is never closed is an error: it would swallow the rest of the file.

use super::encoding::TextFile;
use super::file::ImportFile;
use super::record::{CellKind, Record, Records};
use crate::error::Error;
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;

/// The separators that are tried, the most usual first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The part of a file by which separators are compared, in bytes. Rows beyond it that do not fit are reported when they are read.
const SAMPLE_BYTES: u64 = 1 << 18;

/// The most cells of one row.
const MAX_CELLS: usize = 2_000;

/// The end of a text that is kept, in bytes: where its last row is longer, a quote has swallowed the rows before it.
const TAIL_BYTES: usize = 1 << 16;

/// The records of a delimited file.
pub(super) struct DelimitedRecords<R> {
    file: ImportFile,
    reader: csv::Reader<Tail<R>>,
    current: StringRecord,
    separator: u8,
    /// The line and the offset of the record that was read last.
    last: (u64, u64),
}

/// Opens a file of a known separator at its first record.
///
/// # Errors
/// It can't be opened.
pub(super) fn open(
    file: &ImportFile,
    text: &TextFile,
    separator: u8,
) -> Result<DelimitedRecords<impl Read + use<>>, Error> {
    let tail = Tail { inner: text.text(file)?, end: 0, kept: Vec::new() };
    let reader = builder(separator).from_reader(tail);
    Ok(DelimitedRecords { file: file.clone(), reader, current: StringRecord::new(), separator, last: (0, 0) })
}

fn builder(separator: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(separator).has_headers(false).flexible(true);
    builder
}

/// The separator of a file: the one with the greatest usual width times the lines that have it times the root of the width.
///
/// # Errors
/// The file can't be read.
pub(super) fn sniff_separator(file: &ImportFile, text: &TextFile) -> Result<u8, Error> {
    let mut sample = String::new();
    text.text(file)?.take(SAMPLE_BYTES).read_to_string(&mut sample).or_else(|error| match error.kind() {
        // The sample may end within a character.
        std::io::ErrorKind::InvalidData => Ok(0),
        _ => Err(file.unreadable(&error)),
    })?;
    let score = |separator: u8| {
        let rows = builder(separator).from_reader(sample.as_bytes()).into_records();
        let widths: Vec<usize> = rows.filter_map(Result::ok).map(|row| row.len()).collect();
        let (width, rows) = usual(&widths).filter(|(width, _)| *width > 1).unwrap_or_default();
        // Of a few thousand cells at most, which a double holds exactly; only the order of the scores matters.
        #[expect(clippy::cast_precision_loss)]
        let score = rows as f64 * (width as f64) * (width as f64).sqrt();
        score
    };
    let best = SEPARATORS.into_iter().max_by(|a, b| score(*a).total_cmp(&score(*b)).then(std::cmp::Ordering::Greater));
    Ok(best.unwrap_or(b','))
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
        self.last = self.current.position().map_or((0, 0), |position| (position.line(), position.byte()));
        record.begin(self.last.0);
        let cells = self.current.len();
        if cells > MAX_CELLS {
            let message = format!("a row has {cells} cells, more than the {MAX_CELLS} that a table can have");
            let start = self.current.get(0).unwrap_or_default();
            let help = "is the separator right? `--separator` says it";
            return Err(self.file.broken(Some((record.line, start)), &message, help));
        }
        self.current.iter().for_each(|cell| record.push(cell, CellKind::Text));
        Ok(true)
    }
}

impl<R: Read> DelimitedRecords<R> {
    /// Refuses a text that ends within quotes.
    fn check_closed(&self) -> Result<(), Error> {
        let (line, start) = self.last;
        let tail = self.reader.get_ref();
        let raw = tail.from(start);
        if raw.is_some_and(|raw| !ends_in_quotes(raw, self.separator)) {
            return Ok(());
        }
        let help = "take the `\"` away or double it: as it is, the rest of the file is one cell";
        let raw = String::from_utf8_lossy(raw.unwrap_or_default());
        let first = raw.lines().next().unwrap_or_default();
        Err(self.file.broken(Some((line, first)), "a quote in its last row is never closed", help))
    }

    fn unreadable(&self, error: &csv::Error) -> Error {
        match error.kind() {
            csv::ErrorKind::Io(error) => self.file.unreadable(error),
            _ => self.file.broken(None, &error.to_string(), "is it a table of text?"),
        }
    }
}

/// True if the cells of a row, as they are written, end before a quote is closed.
fn ends_in_quotes(row: &[u8], separator: u8) -> bool {
    let (mut is_quoted, mut at_start) = (false, true);
    let mut bytes = row.iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if is_quoted && bytes.next_if_eq(&&b'"').is_none() => is_quoted = false,
            b'"' if is_quoted => {}
            b'"' if at_start => is_quoted = true,
            _ => {}
        }
        at_start = !is_quoted && (*byte == separator || *byte == b'\n');
    }
    is_quoted
}

/// A reader that keeps the end of what was read from it.
struct Tail<R> {
    inner: R,
    /// The number of bytes read.
    end: u64,
    kept: Vec<u8>,
}

impl<R> Tail<R> {
    /// The bytes from an offset to the end, if they are still kept.
    fn from(&self, offset: u64) -> Option<&[u8]> {
        let length = usize::try_from(self.end.checked_sub(offset)?).ok()?;
        self.kept.len().checked_sub(length).map(|start| &self.kept[start..])
    }
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.end += length as u64;
        self.kept.extend_from_slice(&buffer[..length]);
        let surplus = self.kept.len().saturating_sub(TAIL_BYTES);
        self.kept.drain(..surplus);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::{ends_in_quotes, usual};

    #[test]
    fn an_open_quote_at_the_end_is_found() {
        for (row, is_open) in [
            ("a,b\n", false),
            ("a,\"b\"\n", false),
            ("a,\"b\"\"\"", false),
            ("a,\"b", true),
            ("a,\"b\"\"", true),
            ("5\" pipe,b", false),
            ("\"a\nb\",c", false),
            ("\"a\nb,c\n", true),
            ("a,\"", true),
        ] {
            assert_eq!(ends_in_quotes(row.as_bytes(), b','), is_open, "{row}");
        }
    }

    #[test]
    fn the_usual_width_is_the_most_frequent() {
        assert_eq!(usual(&[1, 5, 5, 5, 3]), Some((5, 3)));
        assert_eq!(usual(&[]), None);
    }
}
