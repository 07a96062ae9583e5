//! The store: the one way to a connection, the book behind it, the meaning of its views, and the guard that statements
//! pass. Nothing here knows of results, scripts or printing.
//!
//! Reading order: `open`, `memory`, `connection`, `guard`; this file for the open [`Book`] and the statements that are prepared on
//! it, `writing` for the entries that change it, with `queries` and [`search`] for reading it, `what_if` and `dependencies` for the assumptions of the session,
//! `session_tables` for the last result and the tables of scripts; [`udf`] for the functions of SQL; [`catalogue`] and
//! [`bundled`] for its contents.

mod added_columns;
mod assumed_cells;
mod attached;
// Without the client there is no server that adds up, or has rows.
#[cfg_attr(not(feature = "shared"), allow(dead_code))]
pub(crate) mod block;
mod book_check;
mod book_digest;
mod book_parts;
pub mod bundled;
pub mod catalogue;
mod change_log;
mod circles;
mod comparison;
mod connection;
mod content_digest;
mod copy;
mod dated_series;
mod dependencies;
mod dump;
mod guard;
mod import_view;
mod imports;
mod kept_tables;
mod limits;
mod memory;
mod open;
pub(crate) mod plain_columns;
mod queries;
#[cfg_attr(not(feature = "shared"), allow(dead_code))]
mod record_table;
mod recovery;
mod releases;
mod remote;
pub mod search;
pub(crate) mod series;
mod session_tables;
mod temporary_book;
mod totals;
pub mod udf;
mod unread_rows;
mod user_views;
mod what_if;
mod writer;
mod writing;

pub(crate) use added_columns::columns;
pub use assumed_cells::RecordCell;
pub use attached::{AttachedDatabase, AttachedRelation};
pub use book_check::{BookCheck, BookFinding};
pub use book_digest::{BookDigest, names_word};
pub use book_parts::{PartRow, PartRows};
pub use change_log::LOG_QUERY;
pub(crate) use circles::circular;
pub use comparison::{ComparedRecord, Comparison, Difference};
pub use connection::OwnedStatement;
pub use content_digest::{ContentDigest, hexadecimal};
pub use dated_series::{DatedSeries, EarlierValues, FoundPeriod, LoadedSeries};
pub use dependencies::Dependencies;
pub(crate) use guard::ctes::contains_name;
pub use guard::{Change, Denial, Findings, RESERVED_PREFIX, TAG_FUNCTION, is_reserved};
pub(crate) use guard::{decimal_expression, is_program_name};
pub use import_view::view_digest;
pub use imports::{ImportEntry, ImportState, RecordEntry};
pub use kept_tables::KeptTable;
pub use limits::{Limits, Stop};
pub use memory::MemoryBook;
pub(crate) use open::similar_name;
pub use open::{Origin, fixed_bounds, is_caught_panic, is_database, open, open_shared};
pub use queries::{
    Affinity, Extent, FactEntry, FactLimit, IdSummary, NameKind, PledgeParties, QuestionEntry, RelationKind,
    SourceEntry, StoredColumn, SupersededFigure, TextFilter, ViewRow,
};
pub use record_table::{key_index, record_table, totals_index};
pub use recovery::{is_book_file, recover};
pub use releases::{Release, Revised};
pub use remote::{Address, Freshness, Password, PushOptions, Pushed, SharedBook, SharedVersion, is_address};
pub use search::ActorEntry;
pub use session_tables::{ColumnContent, TableSource, TableVersion};
pub use temporary_book::TemporaryBook;
pub use udf::{
    Failure, FunctionError, GapCount, GapPlace, Gaps, Host, HostFunction, HostValue, LiteralArguments, LossCount,
    OpenSeries, OperatorRemarks, Remarks,
};
pub use what_if::{AssumptionEntry, WhatIf};
pub use writer::{BookWriter, EarlierImport, NewSource, create_book};
pub use writing::open_for_writing;

use crate::error::{Error, FunctionCause, StoreCause, StoreError};
use crate::quantity::{Assumptions, Quantity, Strictness, TotalRecords, UnitRegistry};
use catalogue::Catalogue;
use connection::RegisteredConnection;
use guard::{Authorizer, PendingViews};
use plain_columns::PlainTable;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, Row, ffi};
use session_tables::{LastResultTable, ScriptTables};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use udf::probes::Probe;
use udf::{UdfContext, literal};
use user_views::UserViews;
use writing::EntryChanges;

/// The result of a function of SQL, or of reading a literal.
type FunctionResult<T> = Result<T, FunctionCause>;

/// An open book.
pub struct Book {
    connection: RegisteredConnection,
    authorizer: Arc<Authorizer>,
    udf: Arc<UdfContext>,
    stop: Stop,
    /// The views that people read; none in a plain database.
    catalogue: Arc<Catalogue>,
    has_views: bool,
    origin: Origin,
    /// True once the file's integrity has been checked.
    is_checked: Cell<bool>,
    pending: PendingViews,
    user_views: RefCell<UserViews>,
    /// The number of temporary tables of quantities so far: each has its own name.
    kept_count: Cell<usize>,
    /// The changes of the entry that is writing.
    entry: RefCell<Option<EntryChanges>>,
    /// The version of the schema whose names are known; of a book that is open for writing.
    schema_version: Cell<i64>,
    last_result: RefCell<LastResultTable>,
    script_tables: RefCell<ScriptTables>,
    /// The columns of the file's tables and indexes that programs have opened, by their page.
    columns_by_page: RefCell<BTreeMap<i64, Rc<[StoredColumn]>>>,
    /// The functions of scripts that SQL can call, by name in lower case and number of arguments.
    script_functions: RefCell<BTreeSet<(String, usize)>>,
    /// Cache: true if a quantity of a view's column rests on a fact, by view, column and fact.
    column_facts: RefCell<BTreeMap<[String; 3], bool>>,
    /// Cache: the imported tables that can be read by their plain columns, by the name of their view in lower case.
    plain_tables: RefCell<BTreeMap<String, Option<Rc<PlainTable>>>>,
    /// The databases that are read beside it, in the order in which they were attached.
    attached: RefCell<Vec<AttachedDatabase>>,
}

impl Book {
    /// True if it is a book, with the public views of the catalogue, and not a plain database.
    #[must_use]
    pub fn is_book(&self) -> bool {
        self.has_views
    }

    /// The views that people read, with the meaning of their columns; none in a plain database.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Takes the denial for which a step has failed: some statements ask the authorizer only while they run.
    #[must_use]
    pub fn take_denial(&self) -> Option<Denial> {
        self.authorizer.take_denial()
    }

    /// Takes the error of a function of SQL for which the statement failed.
    #[must_use]
    pub fn take_function_error(&self) -> Option<FunctionError> {
        lock(&self.udf.error).take()
    }

    /// Takes the remarks that functions of SQL have left since the last call.
    #[must_use]
    pub fn take_remarks(&self) -> Remarks {
        self.udf.take_remarks()
    }

    /// The assumptions of the quantities that functions of SQL have made plain values of since [`Book::take_remarks`].
    #[must_use]
    pub fn noted_assumptions(&self) -> Assumptions {
        lock(&self.udf.remarks).assumed.clone()
    }

    /// Makes aggregates keep their rows: a statement has windows whose rows leave them again.
    pub fn keep_window_rows(&self) {
        self.udf.keeps_rows.store(true, Ordering::Relaxed);
    }

    /// The records of its imported tables that are totals of others.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn totals(&self) -> rusqlite::Result<&TotalRecords> {
        self.udf.totals()
    }

    /// Runs a step of a statement of which these arguments are literals; with `None`, all of them count as literals.
    pub fn run_step<T>(&self, literals: Option<&Arc<LiteralArguments>>, step: impl FnOnce() -> T) -> T {
        let before = std::mem::replace(&mut *lock(&self.udf.literals), literals.map(Arc::clone));
        let done = step();
        *lock(&self.udf.literals) = before;
        done
    }

    /// The text form of a quantity as SQL holds it: no statement can write it.
    #[must_use]
    pub fn tagged(&self, quantity: &str) -> String {
        self.udf.tag.attach(quantity)
    }

    /// The text form of a tagged quantity; `None` for any other text.
    #[must_use]
    pub fn untagged<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.udf.tag.strip(text)
    }

    /// True if a tagged quantity is anywhere in a text.
    #[must_use]
    pub fn contains_tag(&self, text: &str) -> bool {
        self.udf.tag.is_in(text)
    }

    /// A quantity that a person writes, in its text form or as people write it. One that no source states is marked as
    /// given.
    ///
    /// # Errors
    /// No quantity, no such unit, a claim of a fact that does not hold.
    pub fn literal(&self, text: &str, strictness: Strictness) -> FunctionResult<Quantity> {
        literal::quantity(&self.udf, text, strictness)
    }

    /// As [`Book::literal`], for the program itself: an unknown may speak for the sources.
    ///
    /// # Errors
    /// As [`Book::literal`].
    pub fn trusted_literal(&self, text: &str) -> FunctionResult<Quantity> {
        let read = self.units().map_err(unreadable)?.parse_quantity(text)?;
        let is_open = read.is_unknown() && read.facts().is_empty() && read.stages().is_empty();
        if is_open { Ok(read) } else { self.literal(text, Strictness::Code) }
    }

    /// A plain number with a unit of the book, from a person.
    ///
    /// # Errors
    /// As [`Book::literal`], and for a number that is not plain.
    pub fn literal_in_unit(&self, number: &Quantity, unit: &str) -> FunctionResult<Quantity> {
        literal::number(&self.udf, number, unit)
    }

    /// True if the views of the book can read something of this name, one of their own CTEs included.
    #[must_use]
    pub fn is_read_by_views(&self, name: &str) -> bool {
        self.authorizer.is_read_by_views(name)
    }

    /// Runs the program's own SQL, past the authorizer. No text of a user may reach it.
    ///
    /// # Errors
    /// Those of `work`.
    fn privileged<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        self.udf.privileged(work)
    }

    /// Reads the tables of the book as they are, past the views, at one moment.
    ///
    /// # Errors
    /// Those of `work`; the book can't be read.
    pub(crate) fn read_tables<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let read = self.privileged(|connection| {
            let begun = connection.unchecked_transaction()?;
            Ok(work(&begun))
        });
        read.map_err(|error| self.error(&error))?
    }

    /// The rows of a query of the program's own.
    fn query_rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.read_rows_for(sql)?;
        self.privileged(|connection| connection.prepare(sql)?.query_map(params, row)?.collect())
    }

    /// The first row of a query of the program's own.
    fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.read_rows_for(sql)?;
        self.privileged(|connection| connection.query_row(sql, params, row))
    }

    /// The first row of a query of the program's own; `None` if there is none.
    fn query_optional<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        self.query_row(sql, params, row).optional()
    }

    /// The stop flag of its work.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The place that it is read from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The file that it is; `None` for a book in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        if let Origin::File(path) = &self.origin { Some(path) } else { None }
    }

    /// The base units of the book; those of the bundled book where a plain database has none.
    ///
    /// # Errors
    /// The units can't be read.
    pub fn units(&self) -> rusqlite::Result<&UnitRegistry> {
        self.udf.units()
    }

    /// Converts an error of the program's own questions: of a file, its content is to blame; of the bundled book, the
    /// program is at fault.
    #[must_use]
    pub fn error(&self, error: &rusqlite::Error) -> Error {
        if let Some(found) = self.file_error(error) {
            return found.into();
        }
        if let Some(found) = self.rows_error(error) {
            return found;
        }
        match &self.origin {
            _ if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Error::Interrupted,
            Origin::Bundled => Error::Fault(error.to_string()),
            origin => origin.error(StoreCause::NotABook(error.to_string())).into(),
        }
    }

    /// The error of rows that could not be read from a server, where that is why a query has failed.
    #[must_use]
    pub fn rows_error(&self, error: &rusqlite::Error) -> Option<Error> {
        unread_rows::of_sqlite(error).cloned()
    }

    /// The store error behind an error of a running statement; `None` unless the file is the cause: a damaged page, a
    /// lock, a disk that can't be read.
    #[must_use]
    pub fn file_error(&self, error: &rusqlite::Error) -> Option<StoreError> {
        let cause = match error.sqlite_error_code()? {
            ErrorCode::NotADatabase
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::DatabaseBusy
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen => {
                if let Some(found) = self.attached_error(error) {
                    return Some(found);
                }
                if self.is_writable() { writer::cause_of_write(error) } else { cause_of(error) }
            }
            _ => return None,
        };
        Some(self.origin.error(cause))
    }
}

/// A prepared statement of the user with the authorizer's findings about it.
pub struct GuardedStatement {
    /// The statement.
    pub statement: OwnedStatement,
    /// The findings.
    pub findings: Findings,
}

/// The error of a statement that can't be prepared.
#[derive(Debug)]
pub struct PrepareError {
    /// SQLite's error.
    pub error: rusqlite::Error,
    /// The denial, if the authorizer has denied the statement.
    pub denial: Option<Box<Denial>>,
}

impl From<rusqlite::Error> for PrepareError {
    fn from(error: rusqlite::Error) -> Self {
        Self { error, denial: None }
    }
}

/// A missing object that a statement names.
enum Missing<'e> {
    Table(&'e str),
    Function(&'e str),
}

impl Book {
    /// Prepares a statement of the user under the authorizer.
    ///
    /// # Errors
    /// SQLite's own, with the denial of a statement that is denied.
    pub fn prepare(&self, sql: &str) -> Result<GuardedStatement, PrepareError> {
        self.privileged(|connection| self.pending.create(connection, sql))?;
        self.suit_user_views(sql)?;
        self.drop_stale_script_tables(sql)?;
        self.create_before_attached(sql)?;
        loop {
            self.authorizer.begin_statement(sql);
            let error = match self.connection.prepare_owned(sql) {
                Ok(statement) => {
                    let findings = self.authorizer.take_findings();
                    self.check_called_functions(&findings)?;
                    return Ok(GuardedStatement { statement, findings });
                }
                Err(error) => error,
            };
            let denial = self.authorizer.take_denial();
            let is_created = match missing(&error) {
                Some(Missing::Table(name)) if guard::is_program_name(name) => self.create_last_result()?,
                Some(Missing::Table(name)) => self.create_script_table(name)?,
                Some(Missing::Function(name)) => self.register_script_function(name)?,
                None => false,
            };
            if !is_created {
                return Err(PrepareError { error, denial: denial.map(Box::new) });
            }
        }
    }

    /// Makes the stand-ins of a statement known to SQLite.
    ///
    /// # Errors
    /// SQLite's own.
    pub(crate) fn register_probes(&self, probes: &[Probe]) -> rusqlite::Result<()> {
        let mut known = lock(&self.udf.probes);
        let unknown = probes.iter().filter(|probe| known.insert(**probe));
        self.privileged(|connection| unknown.into_iter().try_for_each(|probe| probe.register(connection)))
    }

    /// True if a statement calls a function of a script.
    pub(crate) fn calls_scripts(&self, findings: &Findings) -> bool {
        findings.functions.iter().any(|(name, _)| self.is_script_function(name))
    }

    /// True if a function of SQL is, or was, one of a script.
    pub(super) fn is_script_function(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.script_functions.borrow().iter().any(|(known, _)| *known == name)
    }

    /// The help for a function that was passed a quantity; `None` for one that is not a script's.
    #[must_use]
    pub fn quantity_help(&self, function: &str) -> Option<String> {
        self.is_script_function(function).then(|| udf::passed_quantity_help(function))
    }

    /// The signature of a script's function that the statement can call, its variants separated by ` · `.
    #[must_use]
    pub fn scripted_signature(&self, name: &str) -> Option<String> {
        let found = self.host()?.functions(name);
        let signatures: Vec<&str> = found.iter().map(|function| function.signature.as_str()).collect();
        (!signatures.is_empty()).then(|| signatures.join(" · "))
    }

    /// Registers a script's function of that name, for each number of arguments that it can take. Returns true if any
    /// was not registered.
    fn register_script_function(&self, name: &str) -> rusqlite::Result<bool> {
        let Some(host) = self.host() else { return Ok(false) };
        let mut is_new = false;
        for function in host.functions(name) {
            let known = (function.name.to_ascii_lowercase(), function.arguments);
            if self.script_functions.borrow().contains(&known) {
                continue;
            }
            udf::register_script_function(&self.connection, &self.udf, &function)?;
            self.script_functions.borrow_mut().insert(known);
            is_new = true;
        }
        Ok(is_new)
    }

    /// Refuses calls of script functions that SQLite would resolve wrongly: it keeps one that is gone, ignores letter
    /// case, and prefers functions of its own.
    fn check_called_functions(&self, findings: &Findings) -> rusqlite::Result<()> {
        let host = self.host();
        for (name, is_direct) in &findings.functions {
            let found = host.as_ref().map(|host| host.functions(name)).unwrap_or_default();
            match found.iter().find(|function| function.name != found[0].name) {
                _ if !self.is_script_function(name) && *is_direct && !found.is_empty() => {
                    return Err(failure(format!("SQL has a function `{name}`, and so has the script")));
                }
                _ if !self.is_script_function(name) => {}
                Some(other) => {
                    return Err(failure(format!("in SQL `{}` and `{}` are one name", found[0].name, other.name)));
                }
                None if found.is_empty() => return Err(failure(format!("no such function: {name}"))),
                None => {}
            }
        }
        Ok(())
    }
}

fn missing(error: &rusqlite::Error) -> Option<Missing<'_>> {
    use rusqlite::Error::{SqlInputError, SqliteFailure};
    let (SqlInputError { msg: said, .. } | SqliteFailure(_, Some(said))) = error else { return None };
    let function = || {
        let other_count = said.strip_prefix("wrong number of arguments to function ");
        said.strip_prefix("no such function: ").or_else(|| other_count?.strip_suffix("()"))
    };
    said.strip_prefix("no such table: ").map(Missing::Table).or_else(|| function().map(Missing::Function))
}

/// The cause of a store error, from SQLite's result code.
fn cause_of(error: &rusqlite::Error) -> StoreCause {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreCause::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => StoreCause::Corrupt(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreCause::Locked,
        // Its write-ahead log can be recovered only by a process that may write to it.
        Some(ErrorCode::ReadOnly) => StoreCause::HotJournal,
        _ => match error {
            rusqlite::Error::Utf8Error(..) => StoreCause::NotABook("a name in it is no text in UTF-8".to_owned()),
            error => StoreCause::CannotOpen(error.to_string()),
        },
    }
}

/// An error in SQLite's own form.
fn failure(message: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(message))
}

/// The error of a function for which the book can't be read.
#[allow(clippy::needless_pass_by_value)] // `map_err` passes it by value
fn unreadable(error: rusqlite::Error) -> FunctionCause {
    FunctionCause::Book(error.to_string())
}

/// A name as an identifier in SQL, in double quotes.
pub(crate) fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Locks a mutex of which each change is one assignment: a thread that panicked has left it consistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
