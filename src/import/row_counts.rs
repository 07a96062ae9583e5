//! The counts of the rows of a table while they are read: of each column how its cells can be read, of the rows which may be totals, how
//! wide they are, and how the last ones end.

use super::column::ColumnProfile;
use super::last_cell::LastCell;
use super::marks;
use super::numeric;
use super::record::Record;
use super::totals::TotalCandidates;
use super::width::RowWidths;
use super::wordy_tail::WordyTail;

/// The counts of the rows so far.
pub(super) struct RowCounts {
    /// The header of each column; empty for columns beyond the header.
    pub(super) headers: Vec<String>,
    pub(super) profiles: Vec<ColumnProfile>,
    pub(super) totals: TotalCandidates,
    pub(super) widths: RowWidths,
    pub(super) last_cell: LastCell,
    pub(super) tail: WordyTail,
    /// The columns that have a header.
    columns: usize,
    /// The rows with more cells than the header, and the line of the first.
    wide: (u64, u64),
    /// True if words in columns of numbers are looked for, and those at the end.
    watches_words: bool,
    /// The columns in which the last row has a text, and the rows above numbers.
    pub(super) words: Vec<usize>,
    /// The number of such columns that the last row fills.
    pub(super) numeric: usize,
}

impl RowCounts {
    /// No rows yet, below these headers; the file itself has others where columns become rows. `watches_words` makes it look for words in
    /// columns of numbers.
    pub(super) fn new(headers: Vec<String>, of_file: &[String], watches_words: bool) -> Self {
        Self {
            profiles: vec![ColumnProfile::default(); headers.len()],
            totals: TotalCandidates::default(),
            widths: RowWidths::of(of_file),
            last_cell: LastCell::default(),
            tail: WordyTail::default(),
            columns: headers.len(),
            wide: (0, 0),
            watches_words,
            words: Vec::new(),
            numeric: 0,
            headers,
        }
    }

    /// Counts a row; `flags_totals` as in [`TotalCandidates::add`].
    pub(super) fn add(&mut self, record: &Record, flags_totals: bool) {
        let width = record.len();
        if width > self.columns && (self.columns..width).any(|at| !numeric::trim(record.cell(at)).is_empty()) {
            self.wide = (self.wide.0 + 1, if self.wide.0 == 0 { record.line } else { self.wide.1 });
            self.headers.resize(self.headers.len().max(width), String::new());
            self.profiles.resize(self.headers.len(), ColumnProfile::default());
        }
        self.words.clear();
        self.numeric = 0;
        for (at, profile) in self.profiles.iter_mut().enumerate() {
            let before = (self.watches_words && profile.reads_numbers()).then_some((profile.blank, profile.words));
            profile.add(record.cell(at), record.kind(at), record.line);
            if let Some((blank, words)) = before {
                self.numeric += usize::from(profile.blank == blank);
                let is_word = profile.words > words && marks::reason(numeric::trim(record.cell(at))).is_none();
                self.words.extend(is_word.then_some(at));
            }
        }
        self.totals.add(record, flags_totals);
        if self.watches_words {
            self.tail.add(record);
        }
    }

    /// The doubt about rows that are wider than the header.
    pub(super) fn wide_doubt(&self) -> Option<String> {
        let (count, line) = self.wide;
        match count {
            0 => None,
            1 => Some(format!("the row on line {line} has more cells than the header")),
            _ => Some(format!("{count} rows have more cells than the header, the first on line {line}")),
        }
    }
}
