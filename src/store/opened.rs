//! The book when it is open: what the layers above may ask of its connection. How it is opened is `open`'s.

use super::causes::cause_of;
use super::desk::{Desk, FunctionError, Remarks};
use super::given_arguments::GivenArguments;
use super::guard::{Denial, Guard};
use super::offer::{Held, Tables};
use super::stored_columns::StoredColumn;
use super::views::Pending;
use super::{Stop, given};
use crate::error::{Error, FunctionCause, StoreCause, StoreError};
use crate::quantity::{Assumptions, Quantity, Strictness, Units};
use rusqlite::{Connection, ErrorCode};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// An open book. Dropping it keeps its connection until the process ends: rows stream to scripts from
/// statements that borrow it for as long as they like.
pub struct Book {
    pub(super) connection: &'static Connection,
    pub(super) guard: Arc<Guard>,
    pub(super) desk: Arc<Desk>,
    pub(super) stop: Stop,
    pub(super) has_views: bool,
    pub(super) path: Option<PathBuf>,
    /// Whether its file has been found to be whole.
    pub(super) is_whole: Cell<bool>,
    pub(super) pending: Pending,
    pub(super) held: RefCell<Held>,
    pub(super) tables: RefCell<Tables>,
    /// The columns of the file's tables and indexes that programs have opened, by their page.
    pub(super) pages: RefCell<BTreeMap<i64, Rc<[StoredColumn]>>>,
    /// The functions of scripts that SQL can call, by name in lower case and number of arguments.
    pub(super) scripted: RefCell<BTreeSet<(String, usize)>>,
    /// Whether a quantity of a view's column rests on a fact, as far as that has been looked at.
    pub(super) facts_of_columns: RefCell<BTreeMap<[String; 3], bool>>,
}

impl Book {
    /// Whether it is a book, with the public views of the catalogue, rather than a plain database.
    #[must_use]
    pub fn is_book(&self) -> bool {
        self.has_views
    }

    /// Whether the statement prepared last reads a quantity of a view, or calls a function that knows them.
    #[must_use]
    pub fn reads_quantities(&self) -> bool {
        self.guard.reads_quantities()
    }

    /// Whether the statement prepared last reads something by a name of its own, or by that of a view which is not the book's.
    #[must_use]
    pub fn reads_own_views(&self) -> bool {
        self.guard.reads_own_views()
    }

    /// Why the statement prepared last was denied, once.
    #[must_use]
    pub fn take_denial(&self) -> Option<Denial> {
        self.guard.take_denial()
    }

    /// The error that a function of SQL left when the statement failed, once.
    #[must_use]
    pub fn take_function_error(&self) -> Option<FunctionError> {
        self.desk.take_error()
    }

    /// What functions of SQL found worth a remark since the last call.
    #[must_use]
    pub fn take_remarks(&self) -> Remarks {
        self.desk.take_remarks()
    }

    /// What is supposed of the quantities that functions of SQL have made plain values of since [`Book::take_remarks`].
    #[must_use]
    pub fn noted(&self) -> Assumptions {
        self.desk.noted()
    }

    /// Tells aggregates that the statement prepared last has windows whose rows leave them again.
    pub fn slide_windows(&self) {
        self.desk.keep_rows();
    }

    /// Does a step of a statement of which these arguments are given. Where nothing is told, all of them are.
    pub fn with_given<T>(&self, given: Option<&Arc<GivenArguments>>, step: impl FnOnce() -> T) -> T {
        let before = self.desk.set_given(given.map(Arc::clone));
        let done = step();
        self.desk.set_given(before);
        done
    }

    /// Whether a function of that name is one of a script.
    #[must_use]
    pub fn calls_script(&self, name: &str) -> bool {
        self.desk.reach().is_some_and(|reach| !reach.functions(name).is_empty())
    }

    /// The text form of a quantity as SQL holds it: no statement can write it.
    #[must_use]
    pub fn sealed(&self, quantity: &str) -> String {
        self.desk.seal.put(quantity)
    }

    /// The text form of a quantity that SQL held; `None` for a text that is none.
    #[must_use]
    pub fn unsealed<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.desk.seal.strip(text)
    }

    /// Whether a quantity that SQL held stands somewhere in a text.
    #[must_use]
    pub fn is_sealed_in(&self, text: &str) -> bool {
        self.desk.seal.is_in(text)
    }

    /// A quantity that a person gives, in its text form or as people write it: what is not a source's own figure is marked as the person's.
    ///
    /// # Errors
    /// No quantity, no such unit, a claim of a fact that does not hold.
    pub fn given(&self, text: &str, strictness: Strictness) -> Result<Quantity, FunctionCause> {
        given::quantity(&self.desk, text, strictness)
    }

    /// The same of the program itself, which may say for the sources that they leave something open.
    ///
    /// # Errors
    /// As [`Book::given`].
    pub fn left_open(&self, text: &str) -> Result<Quantity, FunctionCause> {
        given::left_open(&self.desk, text)
    }

    /// A plain number that a person gives a unit of the book.
    ///
    /// # Errors
    /// As [`Book::given`], and for a number that is not plain.
    pub fn given_in(&self, number: &Quantity, unit: &str) -> Result<Quantity, FunctionCause> {
        given::number(&self.desk, number, unit)
    }

    /// Whether the views of the book can read something of this name, one of their own parts included.
    #[must_use]
    pub fn is_read_by_views(&self, name: &str) -> bool {
        self.guard.is_read_by_views(name)
    }

    /// Runs the program's own SQL, past the guard. No text of a user may reach it.
    ///
    /// # Errors
    /// What `work` returns.
    pub(super) fn privileged<T>(
        &self,
        work: impl FnOnce(&'static Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.desk.ask(work)
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
        self.desk.units()
    }

    /// An error of the program's own questions to the book: what a file holds is its maker's, what the bundled book
    /// holds is ours.
    #[must_use]
    pub fn error(&self, error: &rusqlite::Error) -> Error {
        if let Some(found) = self.file_error(error) {
            return found.into();
        }
        match &self.path {
            _ if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Error::Interrupted,
            Some(path) => StoreError { path: path.clone(), cause: StoreCause::NotABook(error.to_string()) }.into(),
            None => Error::Fault(error.to_string()),
        }
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
