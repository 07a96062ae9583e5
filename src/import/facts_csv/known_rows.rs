//! The rows that are known when one more is read: the row of its key in the book, and the rows of its file before it. Where a table has no
//! key, each row of the book answers for one row of the file.

use super::definition::FactsFile;
use super::table_reader::TableReader;
use rusqlite::{Connection, OptionalExtension, Result, Row, Statement, params_from_iter};
use std::collections::HashMap;

/// The cells of a row.
type Cells = Vec<Option<String>>;

/// The state of a row against those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It is neither in the book nor in the file before.
    New,
    /// The book has it.
    Same,
    /// The book has a row of its key with another content in the column of this index.
    Other(usize),
    /// The file has a row of its key on this line.
    Twice(u64),
}

/// The rows of a table, as far as they are known.
pub(super) struct KnownRows<'c> {
    file: &'static FactsFile,
    /// The indices of the columns of the key.
    key: Vec<usize>,
    by_key: Statement<'c>,
    /// The line of each key of the file.
    lines: HashMap<Cells, u64>,
    /// The number of times that the book has each row, where there is no key.
    unkeyed: HashMap<Cells, u64>,
}

impl<'c> KnownRows<'c> {
    /// The rows that the book has before the file is read.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn new(connection: &'c Connection, file: &'static FactsFile) -> Result<Self> {
        let key = file.key_positions();
        let conditions: Vec<String> = file.key.iter().map(|name| format!("t.{name} = ?")).collect();
        let condition = if key.is_empty() { "false".to_owned() } else { conditions.join(" and ") };
        let by_key = connection.prepare(&file.select(&format!("where {condition}")))?;
        let mut unkeyed = HashMap::new();
        if key.is_empty() {
            let mut all = connection.prepare(&file.select(""))?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                *unkeyed.entry(cells(file, row)?).or_default() += 1;
            }
        }
        Ok(Self { file, key, by_key, lines: HashMap::new(), unkeyed })
    }

    /// Compares a row with those that are known, and counts it among them from now on.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn find(&mut self, row: &[Option<String>], reader: &TableReader) -> Result<Presence> {
        if self.key.is_empty() {
            let left = self.unkeyed.get_mut(row).filter(|left| **left > 0);
            return Ok(left.map_or(Presence::New, |left| {
                *left -= 1;
                Presence::Same
            }));
        }
        let key: Cells = self.key.iter().map(|at| row[*at].clone()).collect();
        if key.contains(&None) {
            return Ok(Presence::New);
        }
        if let Some(line) = self.lines.get(&key) {
            return Ok(Presence::Twice(*line));
        }
        let file = self.file;
        let known = self.by_key.query_row(params_from_iter(&key), |row| cells(file, row)).optional()?;
        self.lines.insert(key, reader.line());
        let Some(known) = known else { return Ok(Presence::New) };
        let differs =
            |at: &usize| self.file.columns[*at].is_kept() && reader.cell(*at).is_some() && known[*at] != row[*at];
        Ok((0..row.len()).find(differs).map_or(Presence::Same, Presence::Other))
    }
}

/// The cells of a row of the book, as an export writes them.
fn cells(file: &FactsFile, row: &Row<'_>) -> Result<Cells> {
    use rusqlite::types::ValueRef;
    let cell = |at| {
        Ok(match row.get_ref(at)? {
            ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
        })
    };
    (0..file.columns.len()).map(cell).collect()
}
