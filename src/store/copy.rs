//! A copy of a book as one file of its own, written by SQLite page by page: without what was deleted from the book, and with what a
//! write-ahead log still holds.

use super::connection::copy_of;
use super::open::open_plain;
use super::remote::ReadError;
use super::{Book, Origin, Release, bundled, cause_of, quote_identifier};
use crate::error::{Error, StoreCause, StoreError};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql};
use std::path::Path;

impl Book {
    /// Writes the whole database into the empty file `into`, for any SQLite tool to read; the changes of the session are no part of it.
    /// An error of writing names the file as `named`.
    ///
    /// # Errors
    /// The book can't be read, the file can't be written, the work was stopped.
    pub fn copy_into(&self, into: &Path, named: &Path) -> Result<(), Error> {
        self.copy_read_rows_into(into, named)?;
        self.copy_unread_rows(into, named)
    }

    /// Writes the database of a shared book into the empty file `into`, without its imported tables, whose sources stay.
    ///
    /// # Errors
    /// As [`Book::copy_into`].
    pub fn copy_facts_into(&self, into: &Path, named: &Path) -> Result<(), Error> {
        self.copy_read_rows_into(into, named)?;
        let releases = self.releases().map_err(|error| self.error(&error))?;
        let without_imports = || {
            let file = Connection::open(into)?;
            for Release { name, stored, .. } in &releases {
                let (view, table) = (quote_identifier(name), quote_identifier(stored));
                file.execute_batch(&format!("drop view {view}; drop table {table}"))?;
            }
            file.execute_batch(
                "delete from imported_note; delete from imported_column; delete from imported_table; vacuum",
            )
        };
        without_imports().map_err(|error| self.copy_error(&error, named))
    }

    /// As [`Book::copy_into`], without the rows of imported tables that are still on a server.
    pub(super) fn copy_read_rows_into(&self, into: &Path, named: &Path) -> Result<(), Error> {
        let mut source = match self.origin() {
            Origin::File(path) => open_plain(path)?,
            Origin::Shared(_) => copy_of(&self.connection).map_err(|error| self.error(&error))?,
            Origin::Bundled | Origin::Memory(_) => bundled::load().map_err(|error| self.error(&error))?,
        };
        let mut copy = || -> rusqlite::Result<()> {
            self.stop.watch(&mut source)?;
            source.execute("vacuum into ?1", [PathText(into)]).map(drop)
        };
        copy().map_err(|error| self.copy_error(&error, named))
    }

    /// Adds the rows of imported tables that are still on a server.
    fn copy_unread_rows(&self, into: &Path, named: &Path) -> Result<(), Error> {
        if !self.has_unread_rows() {
            return Ok(());
        }
        let file = Connection::open(into).and_then(|mut file| {
            self.stop.watch(&mut file)?;
            Ok(file)
        });
        let file = file.map_err(|error| self.copy_error(&error, named))?;
        self.write_unread_rows(&file).map_err(|error| match error {
            ReadError::Sqlite(error) => self.copy_error(&error, named),
            ReadError::Other(error) => error,
        })
    }

    /// An error of writing a copy.
    fn copy_error(&self, error: &rusqlite::Error, named: &Path) -> Error {
        match error.sqlite_error_code() {
            _ if self.stop.is_raised() => self.stop.cause(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::DatabaseBusy) => self.error(error),
            _ => {
                let cause = match cause_of(error) {
                    StoreCause::CannotOpen(why) => StoreCause::CannotWrite(why),
                    cause => cause,
                };
                StoreError { path: named.to_owned(), cause }.into()
            }
        }
    }
}

/// A path as a text of SQL, byte for byte.
struct PathText<'p>(&'p Path);

impl ToSql for PathText<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_os_str().as_encoded_bytes())))
    }
}
