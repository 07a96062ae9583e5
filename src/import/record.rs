//! Records of a table as a file has them: cells of text with their line, one record at a time in a buffer that is used again.

use super::numeric::{self, NumericCell};
use crate::error::Error;

/// The kind of a cell in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    /// Text: a number only if all of its column can be read as one.
    Text,
    /// A number of a workbook or of JSON, in plain digits.
    Number,
}

/// One record: its cells, and the line on which it begins.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// The line of the file, or the row of the sheet, from 1.
    pub(super) line: u64,
    /// True if text stands behind a closing quote: its cells may not end where they seem to.
    pub(super) is_misquoted: bool,
    /// The line behind its last.
    pub(super) next_line: u64,
    /// The cells that were blank, by column, each with the line whose text they have instead.
    pub(super) from_above: Vec<(usize, u64)>,
    /// The column of the file, from 1, that the only value of the record comes from; 0 where it is the whole line.
    pub(super) cell_column: usize,
    text: String,
    /// The end of each cell in `text`.
    ends: Vec<usize>,
    kinds: Vec<CellKind>,
    /// The number of cells in which something is written.
    filled: usize,
}

impl Record {
    /// Empties it, for the record that begins on a line.
    pub(super) fn begin(&mut self, line: u64) {
        self.line = line;
        self.is_misquoted = false;
        self.next_line = line + 1;
        self.from_above.clear();
        self.cell_column = 0;
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
        self.filled = 0;
    }

    /// Appends a cell.
    pub(super) fn push(&mut self, cell: &str, kind: CellKind) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
        self.kinds.push(kind);
        self.filled += usize::from(!numeric::trim(cell).is_empty());
    }

    /// The size of its cells, in bytes.
    #[must_use]
    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Writes texts into blank cells: each with its column and the line that the text is from.
    pub(super) fn fill(&mut self, cells: &[(usize, String, u64)]) {
        let mut whole = Self { line: self.line, next_line: self.next_line, ..Self::default() };
        let last = cells.iter().map(|(at, ..)| at + 1).max().unwrap_or_default();
        for at in 0..self.len().max(last) {
            match cells.iter().find(|(filled, ..)| *filled == at) {
                Some((_, text, _)) => whole.push(text, CellKind::Text),
                None => whole.push(self.cell(at), self.kind(at)),
            }
        }
        whole.from_above = cells.iter().map(|(at, _, line)| (*at, *line)).collect();
        *self = whole;
    }

    /// The record as its file has it: what was filled from above is blank.
    pub(super) fn without_filled(&self) -> Self {
        let mut own = self.clone();
        if !self.from_above.is_empty() {
            let blank: Vec<_> = self.from_above.iter().map(|(at, line)| (*at, String::new(), *line)).collect();
            own.fill(&blank);
            own.from_above.clear();
        }
        own
    }

    /// The number of cells.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at an index, as written; empty beyond the last.
    #[must_use]
    pub(super) fn cell(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }

    /// The kind of the cell at an index.
    #[must_use]
    pub(super) fn kind(&self, index: usize) -> CellKind {
        self.kinds.get(index).copied().unwrap_or(CellKind::Text)
    }

    /// The cell at an index as a number; `None` where it is none. A number of a workbook or of JSON has a point, whatever its column has.
    #[must_use]
    pub(super) fn number(&self, index: usize) -> Option<NumericCell<'_>> {
        let read = numeric::parse(numeric::trim(self.cell(index)))?;
        Some(if self.kind(index) == CellKind::Number { read.with_point() } else { read })
    }

    /// The cells, as written.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| &self.text[std::mem::replace(&mut start, *end)..*end])
    }

    /// True if there is a digit in any cell.
    #[must_use]
    pub(super) fn has_digit(&self) -> bool {
        self.text.bytes().any(|byte| byte.is_ascii_digit())
    }

    /// The number of cells in which something is written.
    #[must_use]
    pub(super) fn filled(&self) -> usize {
        self.filled
    }
}

/// The last line of a text that ends before that line does: it may be cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnendedLine {
    /// The line on which its record begins.
    pub(super) line: u64,
    /// True if a quote closes its last cell, which is whole then.
    pub(super) is_quoted: bool,
}

/// The records of a table, in order. Rows in which nothing is written are left out: lines tell of them.
pub(super) trait Records {
    /// Reads the next record into `record`; false at the end.
    ///
    /// # Errors
    /// The file can't be read, or is broken at a line.
    fn read(&mut self, record: &mut Record) -> Result<bool, Error>;

    /// The line of the last record, if the file ends before that line does.
    fn unended_line(&self) -> Option<UnendedLine> {
        None
    }
}
