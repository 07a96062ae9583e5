//! A copy of a book as one file of its own, written by SQLite page by page: without what was deleted from the book, and with what a
//! write-ahead log still holds.

use super::connection::copy_of;
use super::open::open_plain;
use super::{Book, Origin, bundled, cause_of};
use crate::error::{Error, StoreCause, StoreError};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, ToSql};
use std::path::Path;

impl Book {
    /// Writes the whole database into the empty file `into`, for any SQLite tool to read; the changes of the session are no part of it.
    /// An error of writing names the file as `named`.
    ///
    /// # Errors
    /// The book can't be read, the file can't be written, the work was stopped.
    pub fn copy_into(&self, into: &Path, named: &Path) -> Result<(), Error> {
        let mut source = match self.origin() {
            Origin::File(path) => open_plain(path)?,
            Origin::Shared(_) => copy_of(&self.connection).map_err(|error| self.error(&error))?,
            Origin::Bundled | Origin::Memory(_) => bundled::load().map_err(|error| self.error(&error))?,
        };
        let mut copy = || -> rusqlite::Result<()> {
            self.stop.watch(&mut source)?;
            source.execute("vacuum into ?1", [PathText(into)]).map(drop)
        };
        copy().map_err(|error| match error.sqlite_error_code() {
            _ if self.stop.is_raised() => self.stop.cause(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::DatabaseBusy) => self.error(&error),
            _ => {
                let cause = match cause_of(&error) {
                    StoreCause::CannotOpen(why) => StoreCause::CannotWrite(why),
                    cause => cause,
                };
                StoreError { path: named.to_owned(), cause }.into()
            }
        })
    }
}

/// A path as a text of SQL, byte for byte.
struct PathText<'p>(&'p Path);

impl ToSql for PathText<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_os_str().as_encoded_bytes())))
    }
}
