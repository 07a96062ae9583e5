//! The body of a table: its rows one by one, without the lines above and below, blank rows, and headers that are repeated among
//! them. Rows that may begin a second table are remembered: the rows around them tell.

use super::layout::{Layout, NoteLine, note};
use super::numeric;
use super::record::{Record, Records};
use super::second_header::{SecondHeader, Sign, is_header_like};
use crate::error::Error;
use std::collections::VecDeque;

/// The most rows that are held back as possible notes below the table.
const MAX_NOTES: usize = 100;

/// The most repeated headers whose text is kept; all are counted.
const MAX_REPEATED: usize = 1000;

/// The rows of a table: what is above it is skipped, and rows with hardly anything in them are held back until a full one follows.
/// Those that none follows are notes below the table.
pub(super) struct Body<'r> {
    records: &'r mut dyn Records,
    layout: &'r Layout,
    /// The last line of the table, where it is known.
    last_line: Option<u64>,
    held: VecDeque<Record>,
    next: Option<Record>,
    /// The line behind the record that was read last.
    next_line: u64,
    /// True behind a blank row, until a full one follows.
    is_after_gap: bool,
    /// True if a title is behind that blank row: the only text of its row.
    has_title: bool,
    /// The line of the last full row.
    full_line: u64,
    /// The lines without anything in them, so far.
    pub(super) blank: u64,
    /// The headers that are repeated among the rows, so far.
    pub(super) repeated: u64,
    /// The notes below, once all rows are read, and the repeated headers.
    pub(super) notes: Vec<NoteLine>,
    /// The number of the notes that are below.
    pub(super) below: u64,
    /// The rows since the last that was read which may be the header of a second table, where they are looked for.
    pub(super) second_headers: Vec<SecondHeader>,
    finds_second: bool,
}

impl<'r> Body<'r> {
    /// The rows of a table in records that begin with the file; those behind `last_line` are notes.
    pub(super) fn new(records: &'r mut dyn Records, layout: &'r Layout, last_line: Option<u64>) -> Self {
        Self {
            records,
            layout,
            last_line,
            held: VecDeque::new(),
            next: None,
            next_line: *layout.header_lines.end() + 1,
            is_after_gap: false,
            has_title: false,
            full_line: *layout.header_lines.end(),
            blank: 0,
            repeated: 0,
            notes: Vec::new(),
            below: 0,
            second_headers: Vec::new(),
            finds_second: false,
        }
    }

    /// The same rows, with those remembered that may be the header of a second table, if they are to be found.
    pub(super) fn finding_second(self, finds_second: bool) -> Self {
        Self { finds_second, ..self }
    }

    /// Reads the next row into `record`; false at the end.
    ///
    /// # Errors
    /// As [`Records::read`].
    pub(super) fn read(&mut self, record: &mut Record) -> Result<bool, Error> {
        if let Some(held) = self.held.pop_front().or_else(|| self.next.take()) {
            *record = held;
            return Ok(true);
        }
        let mut waiting = VecDeque::new();
        while self.records.read(record)? {
            if record.line <= *self.layout.header_lines.end() {
                self.next_line = record.next_line;
                continue;
            }
            let filled = record.filled();
            if self.last_line.is_some_and(|last| record.line > last) {
                self.below += u64::from(filled > 0);
                self.notes.extend(Some(note(record)).filter(|note| !note.text.is_empty()));
                continue;
            }
            self.count_gap(record, filled);
            if filled == 0 || self.is_repeated_header(record) {
                continue;
            }
            let is_title = self.is_after_gap && filled == 1 && self.layout.headers.len() > 1;
            self.has_title |= is_title;
            if self.is_sparse(record, filled) && waiting.len() < MAX_NOTES {
                waiting.push_back(record.clone());
                continue;
            }
            if self.is_after_gap && is_header_like(record) {
                self.add_second_header(record, Sign::Gap);
            }
            if !is_title {
                (self.is_after_gap, self.has_title, self.full_line) = (false, false, record.line);
            }
            let Some(first) = waiting.pop_front() else { return Ok(true) };
            self.held = waiting;
            self.next = Some(std::mem::replace(record, first));
            return Ok(true);
        }
        self.below += waiting.len() as u64;
        self.notes.extend(waiting.iter().map(note));
        Ok(false)
    }

    /// Counts the blank lines before a record, and the record itself if it is blank.
    fn count_gap(&mut self, record: &Record, filled: usize) {
        let lines = record.line.saturating_sub(self.next_line) + u64::from(filled == 0);
        self.blank += lines;
        self.is_after_gap |= lines > 0;
        self.next_line = record.next_line;
    }

    /// True for the header once more, which becomes a note; under a title of its own, or with another name in it, it may begin a second
    /// table.
    fn is_repeated_header(&mut self, record: &Record) -> bool {
        if !self.layout.has_notes {
            return false;
        }
        let Some(again) = self.layout.repeated_by(record) else { return false };
        if self.has_title {
            self.add_second_header(record, Sign::Title);
            return false;
        }
        if let Some((name, other)) = again.other {
            self.add_second_header(record, Sign::Renamed { name, other });
        }
        self.repeated += 1;
        if self.notes.len() < MAX_REPEATED {
            self.notes.push(note(record));
        }
        true
    }

    fn add_second_header(&mut self, record: &Record, sign: Sign) {
        // Behind one that is certain no other matters, however many follow before a row is read.
        let is_certain = self.second_headers.last().is_some_and(|second| second.sign != Sign::Gap);
        if self.finds_second && !is_certain {
            let second = SecondHeader { row: record.clone(), last_line: self.full_line, sign };
            self.second_headers.push(second);
        }
    }

    /// True for a row with hardly anything in it, or with a remark in its first cell alone.
    fn is_sparse(&self, row: &Record, filled: usize) -> bool {
        if !self.layout.has_notes {
            return false;
        }
        let is_note = || {
            let first = numeric::trim(row.cell(0));
            let lower = first.to_lowercase();
            ["note", "source", "*", "(", "["].iter().any(|start| lower.starts_with(start)) || first.len() > 60
        };
        (filled <= 2 && filled * 4 <= self.layout.usual_filled)
            || (filled == 1 && self.layout.headers.len() > 1 && !numeric::trim(row.cell(0)).is_empty() && is_note())
    }
}
