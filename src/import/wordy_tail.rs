//! The end of a table as far as its rows have words alone: notes of the source over several cells, perhaps.

use super::numeric;
use super::record::Record;
use super::stated_unit;
use std::collections::VecDeque;

/// The most rows that may be notes.
const MAX_NOTES: usize = 100;

/// The rows without any digit, or with one sentence, at the end of a table, as far as there are no more than may be notes.
#[derive(Default)]
pub(super) struct WordyTail {
    rows: VecDeque<Record>,
    is_long: bool,
    /// True if there are rows with one sentence between others.
    has_sentences: bool,
}

impl WordyTail {
    /// Takes the next row into account.
    pub(super) fn add(&mut self, row: &Record) {
        if row.has_digit() && !is_sentence(row) {
            self.has_sentences |= self.rows.iter().any(is_sentence);
            self.rows.clear();
            self.is_long = false;
        } else if self.rows.len() < MAX_NOTES {
            self.rows.push_back(row.clone());
        } else {
            self.is_long = true;
        }
    }

    /// The line before the notes: the first row with words where every other row has a number, or with nothing but a sentence. `is_word`
    /// says of a column and a text whether it is such a word. `None` where there is no such row.
    pub(super) fn last_line(&self, columns: usize, is_word: impl Fn(usize, &str) -> bool) -> Option<u64> {
        let is_note = |row: &&Record| {
            (0..row.len()).any(|at| {
                let cell = numeric::trim(row.cell(at));
                !cell.is_empty() && is_word(at, cell)
            })
        };
        // In a table of one column a sentence is a value.
        let is_alone = |row: &&Record| columns > 1 && !self.has_sentences && is_sentence(row);
        let first = self.rows.iter().find(|row| is_note(row) || is_alone(row)).filter(|_| !self.is_long)?;
        Some(first.line - 1)
    }
}

/// The words with which a note begins.
const FIRST_WORDS: [&str; 9] =
    ["anmerkung", "fonte", "fuente", "note", "notes", "quelle", "source", "sources", "źródło"];

/// The fewest words of a note, and of one that ends with a full stop: a name does, too (`Acme Trading Ltd.`).
const MIN_WORDS: usize = 3;
const MIN_WORDS_OF_SENTENCE: usize = 6;

/// True for a row with nothing but a sentence in one cell, as notes are written.
fn is_sentence(row: &Record) -> bool {
    let mut cells = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty());
    let (Some(text), None) = (cells.next(), cells.next()) else { return false };
    let words: Vec<&str> = text.split_whitespace().collect();
    let first = words.first().map(|word| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase());
    words.len() >= MIN_WORDS
        && (text.ends_with('.') && words.len() >= MIN_WORDS_OF_SENTENCE
            || text.starts_with(['*', '†'])
            || first.is_some_and(|first| FIRST_WORDS.contains(&&*first))
            || stated_unit::scale_in_note(text).is_some())
}
