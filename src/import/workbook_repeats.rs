//! The cells and rows of an ods sheet that are written once and say how often they are there. The reader of workbooks makes all
//! of them, so a few bytes may take any memory: they are counted before.

use regex::bytes::Regex;

/// The memory that the reader takes for a cell, without its text, in bytes: its value, its formula, and the same in the range.
const CELL_BYTES: u64 = 100;

/// The copies of the text of a repeated cell: the reader's, those of the range and of the rows.
const TEXT_COPIES: u64 = 3;

/// The most repeats of a cell or row that the reader makes.
const MAX_REPEATS: u64 = 1 << 20;

/// The memory that the cells of a document take, counted from its tags and texts.
pub(super) struct RepeatedCells {
    /// Finds how often a cell or row is there.
    repeats: Regex,
    /// Finds a value in the tag of a cell.
    value: Regex,
    /// The memory of the rows that have ended.
    rows: u64,
    /// The repeats of the row that is read, and the memory of its cells.
    row: (u64, u64),
    /// The blank cells before the current one: they count where a filled one follows.
    blank: u64,
    /// The repeats of the cell that is read; `None` outside of cells.
    cell: Option<u64>,
    is_filled: bool,
}

impl RepeatedCells {
    /// No cells yet.
    ///
    /// # Errors
    /// There is no such pattern.
    pub(super) fn new() -> Result<Self, regex::Error> {
        let repeats = Regex::new(r#"number-(?:columns|rows)-repeated\s*=\s*["']\s*\+?([0-9]+)"#)?;
        let value = Regex::new(r"(?:value|formula)\s*=")?;
        Ok(Self { repeats, value, rows: 0, row: (1, 0), blank: 0, cell: None, is_filled: false })
    }

    /// The memory of the cells so far, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.saturating_add(self.row.0.saturating_mul(self.row.1))
    }

    /// Counts a text between tags.
    pub(super) fn text(&mut self, length: u64) {
        if let Some(cell) = self.cell
            && length > 0
        {
            self.fill(cell, length);
        }
    }

    /// Counts a tag, without its angle brackets.
    pub(super) fn tag(&mut self, tag: &[u8]) {
        let (is_end, is_empty) = (tag.starts_with(b"/"), tag.ends_with(b"/"));
        let name = tag.strip_prefix(b"/").unwrap_or(tag);
        let name = name.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        if name.ends_with(b"table-row") {
            self.rows = self.bytes();
            self.row = (if is_end { 1 } else { self.repeats_of(tag) }, 0);
            self.blank = 0;
        } else if name.ends_with(b"table-cell") {
            if !is_end {
                let cell = self.repeats_of(tag);
                (self.cell, self.is_filled) = (Some(cell), false);
                if self.value.is_match(tag) {
                    self.fill(cell, tag.len() as u64);
                }
            }
            if (is_end || is_empty)
                && let Some(cell) = self.cell.take()
            {
                self.blank = self.blank.saturating_add(if self.is_filled { 0 } else { cell });
            }
        }
    }

    /// Adds bytes to each repeat of the current cell, and the blank cells before it.
    fn fill(&mut self, cell: u64, bytes: u64) {
        if !self.is_filled {
            let cells = cell.saturating_add(std::mem::take(&mut self.blank));
            self.row.1 = self.row.1.saturating_add(cells.saturating_mul(CELL_BYTES));
            self.is_filled = true;
        }
        self.row.1 = self.row.1.saturating_add(cell.saturating_mul(bytes * TEXT_COPIES));
    }

    fn repeats_of(&self, tag: &[u8]) -> u64 {
        let digits = self.repeats.captures(tag).and_then(|found| found.get(1));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits.as_bytes()).ok());
        digits.map_or(1, |digits| digits.parse().unwrap_or(MAX_REPEATS).min(MAX_REPEATS))
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL_BYTES, RepeatedCells, TEXT_COPIES};

    #[test]
    fn a_cell_counts_as_often_as_it_is_there() {
        let cell = |text: &str| CELL_BYTES + text.len() as u64 * TEXT_COPIES;
        for (row, repeats, text, expected) in [
            ("t:table-row", "", "abc", cell("abc")),
            ("t:table-row t:number-rows-repeated=\"7\"", " t:number-columns-repeated='5'", "abc", 35 * cell("abc")),
            ("t:table-row t:number-rows-repeated=\"1048576\"", " t:number-columns-repeated='16384'", "", 0),
        ] {
            let mut cells = RepeatedCells::new().unwrap();
            cells.tag(row.as_bytes());
            cells.tag(format!("t:table-cell{repeats}").as_bytes());
            cells.tag(b"text:p");
            cells.text(text.len() as u64);
            cells.tag(b"/text:p");
            cells.tag(b"/t:table-cell");
            cells.tag(b"/t:table-row");
            assert_eq!(cells.bytes(), expected, "{row} {repeats}");
        }
        let mut cells = RepeatedCells::new().unwrap();
        cells.tag(b"table-row");
        cells.tag(b"table-cell number-columns-repeated=\"10\"/");
        assert_eq!(cells.bytes(), 0);
        cells.tag(b"table-cell office:value-type=\"float\"/");
        let valued = b"table-cell office:value=\"5\"/";
        cells.tag(valued);
        assert_eq!(cells.bytes(), 12 * CELL_BYTES + valued.len() as u64 * TEXT_COPIES);
    }
}
