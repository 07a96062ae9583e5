//! The book when it is open: what the layers above may ask of its connection. How it is opened is `open`'s.

use super::causes::cause_of;
use super::guard::{Denial, Guard};
use super::offer::Held;
use super::views::Pending;
use super::{Stop, book, reserved};
use crate::error::{Error, StoreError};
use crate::quantity::{BaseUnit, Units};
use rusqlite::{Connection, ErrorCode, Statement};
use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open book. Dropping it keeps its connection until the process ends: rows stream to scripts from
/// statements that borrow it for as long as they like.
pub struct Book {
    pub(super) connection: &'static Connection,
    pub(super) guard: Arc<Guard>,
    pub(super) stop: Stop,
    pub(super) has_views: bool,
    pub(super) path: Option<PathBuf>,
    pub(super) pending: Pending,
    pub(super) units: OnceCell<Units>,
    pub(super) held: RefCell<Held>,
}

impl Book {
    /// Prepares a statement of the user's under the guard.
    ///
    /// # Errors
    /// SQLite's own; where the guard denied something, [`Book::take_denial`] says what.
    pub fn prepare(&self, sql: &str) -> rusqlite::Result<Statement<'static>> {
        self.privileged(|connection| self.pending.make(connection, sql))?;
        self.guard.begin();
        let prepared = self.connection.prepare(sql);
        if prepared.as_ref().is_err_and(names_last) && self.make_last()? {
            self.guard.begin();
            return self.connection.prepare(sql);
        }
        prepared
    }

    /// Whether it is a book, with the public views of the catalogue, rather than a plain database.
    #[must_use]
    pub fn is_book(&self) -> bool {
        self.has_views
    }

    /// Whether the statement prepared last reads a quantity column of a public view.
    #[must_use]
    pub fn reads_quantities(&self) -> bool {
        self.guard.reads_quantities()
    }

    /// Why the statement prepared last was denied, once.
    #[must_use]
    pub fn take_denial(&self) -> Option<Denial> {
        self.guard.take_denial()
    }

    /// Runs the program's own SQL, past the guard. No text of a user may reach it.
    ///
    /// # Errors
    /// What `work` returns.
    pub(super) fn privileged<T>(
        &self,
        work: impl FnOnce(&'static Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.guard.set_privileged(true);
        let done = work(self.connection);
        self.guard.set_privileged(false);
        done
    }

    /// The flag that ends its work.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The file; `None` for the bundled book.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The base units of the book; those of the bundled book where a plain database has none.
    ///
    /// # Errors
    /// The units can't be read.
    pub fn units(&self) -> rusqlite::Result<&Units> {
        if self.units.get().is_none() {
            let read = if self.has_views { self.privileged(read_units)? } else { read_units(&book::load()?)? };
            return Ok(self.units.get_or_init(|| read));
        }
        self.units.get().ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    /// An error of the program's own questions to the book: of its file where it is one, else a fault.
    #[must_use]
    pub fn error(&self, error: &rusqlite::Error) -> Error {
        self.file_error(error).map_or_else(|| Error::Fault(error.to_string()), Error::from)
    }

    /// The file that an error of a running statement speaks of, as a store error, where it is one: a damaged
    /// page, a lock, a disk that can't be read.
    #[must_use]
    pub fn file_error(&self, error: &rusqlite::Error) -> Option<StoreError> {
        let cause = match error.sqlite_error_code()? {
            ErrorCode::NotADatabase
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::DatabaseBusy
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen => cause_of(error),
            _ => return None,
        };
        Some(StoreError { path: self.path.clone().unwrap_or_default(), cause })
    }
}

/// Whether a statement failed because it names the result shown last, which is made only then.
fn names_last(error: &rusqlite::Error) -> bool {
    let (rusqlite::Error::SqlInputError { msg, .. } | rusqlite::Error::SqliteFailure(_, Some(msg))) = error else {
        return false;
    };
    msg.strip_prefix("no such table: ").is_some_and(reserved::is_last)
}

fn read_units(connection: &Connection) -> rusqlite::Result<Units> {
    let mut statement = connection.prepare("select code, kind, places, name from main.units")?;
    let rows = statement.query_map([], |row| {
        Ok(BaseUnit { code: row.get(0)?, kind: row.get(1)?, places: row.get(2)?, name: row.get(3)? })
    })?;
    Ok(Units::new(rows.collect::<rusqlite::Result<Vec<_>>>()?))
}
