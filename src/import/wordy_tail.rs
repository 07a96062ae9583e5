//! The end of a table as far as its rows have words alone: notes of the source over several cells, perhaps.

use super::numeric;
use super::record::Record;
use std::collections::VecDeque;

/// The most rows that may be notes.
const MAX_NOTES: usize = 100;

/// The rows without any digit at the end of a table, as far as there are no more than may be notes.
#[derive(Default)]
pub(super) struct WordyTail {
    rows: VecDeque<Record>,
    is_long: bool,
}

impl WordyTail {
    /// Takes the next row into account.
    pub(super) fn add(&mut self, row: &Record) {
        if row.has_digit() {
            self.rows.clear();
            self.is_long = false;
        } else if self.rows.len() < MAX_NOTES {
            self.rows.push_back(row.clone());
        } else {
            self.is_long = true;
        }
    }

    /// The line before the notes: the first row with words where every other row has a number. `is_word` says of a column and a text
    /// whether it is such a word. `None` where there is no such row.
    pub(super) fn last_line(&self, is_word: impl Fn(usize, &str) -> bool) -> Option<u64> {
        let is_note = |row: &&Record| {
            (0..row.len()).any(|at| {
                let cell = numeric::trim(row.cell(at));
                !cell.is_empty() && is_word(at, cell)
            })
        };
        let first = self.rows.iter().find(is_note).filter(|_| !self.is_long)?;
        Some(first.line - 1)
    }
}
