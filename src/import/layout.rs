//! The place of a table in its file: the lines above it, its header, its rows, the notes below. The header is found by the rule that
//! fits most published tables, and named by the option where that is wrong.

use super::delimited::usual;
use super::file::ImportFile;
use super::numeric;
use super::record::{Record, Records};
use crate::error::{AskedOption, Choice, Error, Question};
use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;

/// The rows at the beginning among which the header is looked for, and by which the usual width is known.
const SAMPLE_ROWS: usize = 200;

/// The most rows that are held back as possible notes below the table.
const MAX_NOTES: usize = 100;

/// The rows that a question for the header offers.
const MAX_CHOICES: usize = 8;

/// The beginning of such a row that it shows, in characters.
const SHOWN_CHARS: usize = 60;

/// A note above or below a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteLine {
    /// The line, from 1.
    pub(super) line: u64,
    /// Its cells, joined.
    pub(super) text: String,
}

/// The place of a table in a file.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The lines of the header.
    pub(super) header_lines: RangeInclusive<u64>,
    /// The header of each column, trimmed; empty where it has none.
    pub(super) headers: Vec<String>,
    /// The tags below the header, where there is a row of them.
    pub(super) tags: Vec<String>,
    /// The lines above.
    pub(super) above: Vec<NoteLine>,
    /// The usual number of filled cells of a row.
    usual_filled: usize,
}

/// True for a row of tags below a header, as humanitarian data have it: `#country,#value+usd`.
fn is_tags(row: &Record) -> bool {
    let mut cells = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some()
        && cells.all(|cell| cell.starts_with('#') && cell[1..].starts_with(|c: char| c.is_alphabetic()))
}

impl Layout {
    /// Finds the header of a table, or reads it from the lines that the option names.
    ///
    /// # Errors
    /// The file can't be read; it has no row; no row can be its header.
    pub(super) fn find(
        file: &ImportFile,
        records: &mut dyn Records,
        wanted: Option<RangeInclusive<u64>>,
    ) -> Result<Self, Error> {
        let mut sample = Vec::new();
        let mut record = Record::default();
        while sample.len() < SAMPLE_ROWS && records.read(&mut record)? {
            sample.push(record.clone());
        }
        if sample.iter().all(|row| row.filled() == 0) {
            return Err(file.broken(None, "it has no rows", "is it the right file?"));
        }
        let widths: Vec<usize> = sample.iter().map(Record::len).collect();
        let filled: Vec<usize> = sample.iter().map(Record::filled).filter(|filled| *filled > 0).collect();
        let usual_width = usual(&widths).map_or(1, |(width, _)| width);
        let usual_filled = usual(&filled).map_or(1, |(filled, _)| filled);
        let found = || {
            let found = sample.iter().find(|row| is_header(row, usual_width)).map(|row| row.line..=row.line);
            let help = "say which line it is by `--header-row N`, or `--header-row A-B` where it has several";
            let message = "no row looks like the header of its columns";
            found.ok_or_else(|| file.asked(None, message, help, header_question(&sample)))
        };
        let lines = wanted.map_or_else(found, Ok)?;
        let rows: Vec<&Record> = sample.iter().filter(|row| lines.contains(&row.line)).collect();
        if rows.is_empty() {
            let help = "name the line of its column names by `--header-row`";
            return Err(file.undecided(None, &format!("nothing is written on line {}", lines.start()), help));
        }
        let mut above: Vec<NoteLine> =
            sample.iter().filter(|row| row.line < *lines.start() && row.filled() > 0).map(note).collect();
        let headers = headers(&rows);
        let mut lines = lines;
        let mut tagged = Vec::new();
        if let Some(tags) = sample.iter().find(|row| row.line > *lines.end()).filter(|row| is_tags(row)) {
            above.push(note(tags));
            tagged = tags.cells().map(|tag| numeric::trim(tag).to_owned()).collect();
            lines = *lines.start()..=tags.line;
        }
        Ok(Self { headers, header_lines: lines, tags: tagged, above, usual_filled })
    }

    /// The records of the table alone, from the beginning of the file on.
    pub(super) fn body<'r>(&self, records: &'r mut dyn Records) -> Body<'r> {
        Body {
            records,
            last_header_line: *self.header_lines.end(),
            columns: self.headers.len(),
            usual_filled: self.usual_filled,
            held: VecDeque::new(),
            next: None,
            blank: 0,
            below: Vec::new(),
        }
    }
}

/// The question for the line of the header, with the first rows to choose from.
fn header_question(sample: &[Record]) -> Question {
    let rows = sample.iter().filter(|row| row.filled() > 0).take(MAX_CHOICES).map(note);
    let choices = rows.map(|row| Choice {
        label: format!("line {}: {}", row.line, row.text.chars().take(SHOWN_CHARS).collect::<String>()),
        value: row.line.to_string(),
    });
    Question {
        option: AskedOption::HeaderRow,
        column: None,
        cells: Vec::new(),
        choices: choices.collect(),
        takes_text: true,
    }
}

/// True for a row that can be a header: filled to six tenths of the usual width, nine tenths of it text (a year is one), seven tenths
/// of it different.
fn is_header(row: &Record, usual_width: usize) -> bool {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    let texts = cells.iter().filter(|cell| is_year(cell) || numeric::parse(cell).is_none()).count();
    let different = cells.iter().collect::<BTreeSet<_>>().len();
    cells.len() * 10 >= usual_width * 6
        && texts * 10 >= cells.len() * 9
        && different * 10 >= cells.len() * 7
        && !cells.is_empty()
}

fn is_year(cell: &str) -> bool {
    cell.len() == 4 && cell.parse::<u16>().is_ok_and(|year| (1500..=2200).contains(&year))
}

/// The header of each column from the rows of a header. In all rows but the last, a cell without text has that on its left.
fn headers(rows: &[&Record]) -> Vec<String> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let mut parts = vec![Vec::new(); width];
    for (at, row) in rows.iter().enumerate() {
        let mut group = "";
        for (column, parts) in parts.iter_mut().enumerate() {
            let cell = numeric::trim(row.cell(column));
            if !cell.is_empty() || at + 1 == rows.len() {
                group = cell;
            }
            if !group.is_empty() && parts.last() != Some(&group) {
                parts.push(group);
            }
        }
    }
    let joined = parts.into_iter().map(|parts| parts.join(" / "));
    joined.map(|header| header.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn note(row: &Record) -> NoteLine {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    NoteLine { line: row.line, text: cells.join(" · ") }
}

/// The rows of a table: what is above it is skipped, and rows with hardly anything in them are held back until a full one follows.
/// Those that none follows are notes below the table.
pub(super) struct Body<'r> {
    records: &'r mut dyn Records,
    last_header_line: u64,
    columns: usize,
    usual_filled: usize,
    held: VecDeque<Record>,
    next: Option<Record>,
    /// The rows without anything in them, so far.
    pub(super) blank: u64,
    /// The notes below, once all rows are read.
    pub(super) below: Vec<NoteLine>,
}

impl Body<'_> {
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
            if record.line <= self.last_header_line {
                continue;
            }
            if record.filled() == 0 {
                self.blank += 1;
                continue;
            }
            if self.is_sparse(record) && waiting.len() < MAX_NOTES {
                waiting.push_back(record.clone());
                continue;
            }
            let Some(first) = waiting.pop_front() else { return Ok(true) };
            self.held = waiting;
            self.next = Some(std::mem::replace(record, first));
            return Ok(true);
        }
        self.below = waiting.iter().map(note).collect();
        Ok(false)
    }

    /// True for a row with hardly anything in it, or with a remark in its first cell alone.
    fn is_sparse(&self, row: &Record) -> bool {
        let filled = row.filled();
        let is_note = || {
            let first = numeric::trim(row.cell(0));
            let lower = first.to_lowercase();
            ["note", "source", "*", "(", "["].iter().any(|start| lower.starts_with(start)) || first.len() > 60
        };
        (filled <= 2 && filled * 4 <= self.usual_filled)
            || (filled == 1 && self.columns > 1 && !numeric::trim(row.cell(0)).is_empty() && is_note())
    }
}
