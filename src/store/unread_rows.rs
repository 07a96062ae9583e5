//! The rows of imported tables of a shared book that are still on the server. They are read when a statement is about to read the plain
//! table, and stay for the session.

use super::Book;
use super::remote::{ReadError, RemoteRows, SharedBook};
use crate::error::{Error, Limit};
use rusqlite::{Connection, ErrorCode, Result};
use std::sync::Arc;

impl Book {
    /// Makes the rows of its imported tables those on the server, of a book that was read from there.
    pub(super) fn set_remote(&self, shared: &SharedBook) -> std::result::Result<(), Error> {
        if !self.catalogue().has_imports() {
            return Ok(());
        }
        let read = self.privileged(|connection| Ok(RemoteRows::of(connection, shared, self.stop())));
        if let Some(rows) = read.map_err(|error| self.error(&error))?? {
            self.authorizer.unread.set(rows.tables().collect());
            self.udf.set_remote(Arc::new(rows));
        }
        Ok(())
    }

    /// Gives another opening of the book the way to the rows that this one has not read.
    pub(super) fn share_remote(&self, again: &Self) {
        if let Some(rows) = self.udf.remote() {
            again.udf.set_remote(Arc::clone(rows));
            again.authorizer.unread.set(self.authorizer.unread.tables());
        }
    }

    /// The imported tables whose rows are on a server: the view of each, its number of rows, and true if they have been read.
    #[must_use]
    pub fn remote_imports(&self) -> Vec<(String, u64, bool)> {
        let unread = self.authorizer.unread.tables();
        let is_read = |table: &str| !unread.contains(&table.to_ascii_lowercase());
        let listing = self.udf.remote().into_iter().flat_map(|rows| rows.listing());
        listing.map(|(name, table, rows)| (name.to_owned(), rows, is_read(table))).collect()
    }

    /// Reads the rows of plain tables that are still on a server.
    ///
    /// # Errors
    /// They are more than an answer may have; the server can't be reached; they are not those that were imported; the work was stopped.
    pub fn read_rows(&self, tables: impl IntoIterator<Item = String>) -> std::result::Result<(), Error> {
        if !self.authorizer.unread.has_any() {
            return Ok(());
        }
        let wanted: Vec<String> = tables.into_iter().filter(|table| self.authorizer.unread.contains(table)).collect();
        wanted.iter().try_for_each(|table| self.read_rows_of(table))
    }

    fn read_rows_of(&self, table: &str) -> std::result::Result<(), Error> {
        let Some(rows) = self.udf.remote() else { return Ok(()) };
        rows.check_rows(table, self.stop().limits().most(Limit::Rows))?;
        let read = self.privileged(|connection| Ok(rows.read_into(connection, table)));
        match read.map_err(|error| self.error(&error))? {
            Ok(()) => {}
            Err(ReadError::Other(error)) => return Err(error),
            Err(ReadError::Sqlite(error)) => return Err(self.read_error(&error)),
        }
        let mut unread = self.authorizer.unread.tables();
        unread.remove(table);
        self.authorizer.unread.set(unread);
        Ok(())
    }

    /// The error of rows that SQLite does not take.
    fn read_error(&self, error: &rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            _ if self.stop().is_raised() => self.stop().cause(),
            Some(ErrorCode::OutOfMemory) if self.stop().limits().most(Limit::Memory) > 0 => {
                self.stop().raise_at(Limit::Memory);
                self.stop().cause()
            }
            _ => self.error(error),
        }
    }

    /// Reads the rows that are still on a server of all imported tables.
    ///
    /// # Errors
    /// As [`Book::read_rows`].
    pub fn read_all_rows(&self) -> std::result::Result<(), Error> {
        self.read_rows(self.authorizer.unread.tables())
    }

    /// Reads the rows that are still on a server of imported tables whose sources a text may name.
    ///
    /// # Errors
    /// As [`Book::read_rows`].
    pub fn read_rows_named(&self, text: &str) -> std::result::Result<(), Error> {
        if !self.authorizer.unread.has_any() {
            return Ok(());
        }
        let releases = self.releases().map_err(|error| self.error(&error))?;
        let named = releases.into_iter().filter(|release| super::names_word(text, &release.source.to_lowercase()));
        self.read_rows(named.map(|release| release.stored.to_ascii_lowercase()))
    }

    /// Reads the rows that a query of the program's own reads and that are still on a server.
    pub(super) fn read_rows_for(&self, sql: &str) -> Result<()> {
        while self.authorizer.unread.has_any() {
            // A table that is not read yet is denied.
            let prepared = self.privileged(|connection| connection.prepare(sql).map(drop));
            match self.authorizer.unread.take_denied() {
                Some(table) if prepared.is_err() => self.read_rows([table]).map_err(as_sqlite)?,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    /// True if rows of any of its imported tables are still on a server.
    pub(super) fn has_unread_rows(&self) -> bool {
        self.authorizer.unread.has_any()
    }

    /// Writes the rows that are still on a server into a file that has all else of the book.
    pub(super) fn write_unread_rows(&self, file: &Connection) -> std::result::Result<(), ReadError> {
        let Some(rows) = self.udf.remote() else { return Ok(()) };
        self.authorizer.unread.tables().iter().try_for_each(|table| rows.read_into(file, table))
    }
}

/// An error of reading rows on its way through SQLite, which [`of_sqlite`] takes out again.
pub(super) fn as_sqlite(error: Error) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(Box::new(error))
}

/// The error of reading rows that an error of SQLite's has come from.
pub(super) fn of_sqlite(error: &rusqlite::Error) -> Option<&Error> {
    let rusqlite::Error::UserFunctionError(within) = error else { return None };
    within.downcast_ref::<Error>()
}
