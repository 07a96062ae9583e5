//! The log of a book: what was done to it, and when. It is a table of the book, which no statement of a person changes.

use super::{Book, BookWriter, bundled};
use rusqlite::{Connection, Result};

/// The query that shows the log.
pub const LOG_QUERY: &str = "select at, action, source, detail from change_log order by id";

/// The action of an entry that changed tables of one's own.
const WRITE: &str = "write";

/// The most characters of an entry that are noted.
const MAX_ENTRY_CHARS: usize = 500;

impl BookWriter {
    /// Writes down what was done.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn note(connection: &Connection, action: &str, source: &str, detail: &str) -> Result<()> {
        let sql = "insert into main.change_log (action, source, detail) values (?1, ?2, ?3)";
        connection.execute(sql, [action, source, detail]).map(drop)
    }
}

impl Book {
    /// True if it has a log.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn has_log(&self) -> Result<bool> {
        Ok(self.is_book() && !self.columns("change_log")?.is_empty())
    }
}

/// Writes down an entry that changed these tables: what it did, and its text.
pub(super) fn note_entry(connection: &Connection, tables: &[String], done: &[String], text: &str) -> Result<()> {
    widen(connection)?;
    let text = text.trim();
    let mut written: String = text.chars().take(MAX_ENTRY_CHARS).collect();
    if written.len() < text.len() {
        written.push('…');
    }
    BookWriter::note(connection, WRITE, &tables.join(" "), &format!("{}: {written}", done.join(", ")))
}

/// Makes the log of an older book again, where it takes no such entry.
fn widen(connection: &Connection) -> Result<()> {
    let sql = "select sql from main.sqlite_schema where name = 'change_log'";
    let stored: String = connection.query_row(sql, [], |row| row.get(0))?;
    if stored.contains(&format!("'{WRITE}'")) {
        return Ok(());
    }
    let definition = bundled::definition("change_log").ok_or(rusqlite::Error::InvalidQuery)?;
    let columns = "id, at, action, source, detail";
    connection.execute_batch(&format!(
        "create temp table pledgebook_log as select {columns} from main.change_log; drop table main.change_log; \
         {definition}; insert into main.change_log ({columns}) select {columns} from temp.pledgebook_log; \
         drop table temp.pledgebook_log"
    ))
}
