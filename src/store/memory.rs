//! Books in memory, for tables that are asked at once: a new book without facts or a copy of a book's file is written to as any
//! book of one's own, and then opened as any book. No file is made.

use super::connection::{copy_of, empty};
use super::guard::WriteAccess;
use super::open::{Origin, open_connection};
use super::writer::{has_import_tables, write_content};
use super::{Book, BookWriter, Stop, cause_of, open};
use crate::error::{Error, Limit, StoreCause, StoreError};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// A book in memory that is open for writing.
pub struct MemoryBook {
    /// Writes to it.
    pub writer: BookWriter,
    base: Option<PathBuf>,
    stop: Stop,
}

impl MemoryBook {
    /// A book with the code lists and units and no facts, or a copy of the book in a file. Raising `stop` ends what writes to it;
    /// its limit of memory is that of SQLite.
    ///
    /// # Errors
    /// The file can't be opened, is damaged, or is no book that takes imports.
    pub fn new(base: Option<&Path>, stop: &Stop) -> Result<Self, Error> {
        let origin = Origin::Memory(base.map(Path::to_owned));
        let fail = |error: rusqlite::Error| Error::from(origin.error(cause_of(&error)));
        let mut connection = match base {
            None => new_book().map_err(fail)?,
            Some(path) => {
                let book = open(Some(path))?;
                book.check_integrity()?;
                copy_of(&book.connection).map_err(fail)?
            }
        };
        if !has_import_tables(&connection).map_err(fail)? {
            return Err(origin.error(StoreCause::NotOwnBook).into());
        }
        let bytes = stop.limits().bytes(Limit::Memory).and_then(|bytes| i64::try_from(bytes).ok()).unwrap_or_default();
        let set = |connection: &mut Connection| -> rusqlite::Result<()> {
            connection.pragma_update_and_check(None, "hard_heap_limit", bytes, |_| Ok(()))?;
            stop.watch(connection)
        };
        set(&mut connection).map_err(fail)?;
        let writer = BookWriter::of(connection, base.unwrap_or(Path::new("")), stop.clone());
        Ok(Self { writer, base: base.map(Path::to_owned), stop: stop.clone() })
    }

    /// A copy of an open book.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn of(book: &Book) -> Result<Self, Error> {
        let copy = copy_of(&book.connection).map_err(|error| book.error(&error))?;
        let stop = book.stop().clone();
        Ok(Self { writer: BookWriter::of(copy, &book.origin().name(), stop.clone()), base: None, stop })
    }

    /// Opens it for questions.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(self) -> Result<Book, StoreError> {
        open_connection(self.writer.into_connection(), Origin::Memory(self.base), self.stop, WriteAccess::None)
    }
}

fn new_book() -> rusqlite::Result<Connection> {
    let connection = empty()?;
    write_content(&connection, false)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_in_memory_is_opened_again_with_what_was_written_to_it() {
        let mut memory = MemoryBook::new(None, &Stop::default()).unwrap();
        let define = |connection: &Connection| BookWriter::create(connection, "t", &["create table t (a)".to_owned()]);
        memory.writer.transaction(true, define).unwrap();
        let book = memory.open().unwrap();
        assert!(book.prepare("select a from t").is_ok() && book.path().is_none());
        let again = book.open_again().unwrap();
        assert!(again.prepare("select a from t").is_ok());
        assert_eq!(again.origin(), &Origin::Memory(None));
    }
}
