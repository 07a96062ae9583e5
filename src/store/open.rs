//! The one way to a connection, for the bundled book and for a file alike: what is turned off is turned off
//! here, the guard is set here, and every question goes through the [`Book`] that comes out.

use super::guard::{Denial, Guard};
use super::offer::Held;
use super::views::Pending;
use super::{Stop, book, check, reserved, views};
use crate::error::{Error, StoreCause, StoreError};
use crate::quantity::{BaseUnit, Units};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// `PLDG` in ASCII: the `application_id` of a book file.
const APPLICATION_ID: i64 = 0x504C_4447;

/// The newest `user_version` that this program reads.
const SCHEMA_VERSION: i64 = 1;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Instructions of SQLite's machine between two looks at the stop flag: 1.5 to 5 ms apart.
const STOP_CHECK_OPS: i32 = 1_000;

/// Bounds on what one statement may build, in SQLite's own units; honest work meets none of them.
const LIMITS: [(Limit, i32); 6] = [
    (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// An open book. Dropping it keeps its connection until the process ends: rows stream to scripts from
/// statements that borrow it for as long as they like.
pub struct Book {
    connection: &'static Connection,
    guard: Arc<Guard>,
    stop: Stop,
    has_views: bool,
    path: Option<PathBuf>,
    pending: Pending,
    units: OnceCell<Units>,
    pub(super) held: RefCell<Held>,
}

/// Opens the bundled book in memory, or the file at `path` for reading.
///
/// # Errors
/// Missing, a directory, a pipe or device, not a database, damaged, of a newer schema, busy: each told apart.
pub fn open(path: Option<&Path>) -> Result<Book, StoreError> {
    let fail = |cause| StoreError { path: path.unwrap_or(Path::new("")).to_owned(), cause };
    let mut connection = match path {
        None => bundled().map_err(|error| fail(cause_of(&error)))?,
        Some(path) => {
            check::check_file(path)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(check::uri(path), flags | OpenFlags::SQLITE_OPEN_URI)
                .map_err(|error| fail(cause_of(&error)))?
        }
    };
    harden(&connection).map_err(|error| fail(cause_of(&error)))?;
    if path.is_some() {
        check_version(&connection).map_or(Ok(()), |cause| Err(fail(cause)))?;
    }
    let is_book = is_book(&connection);
    if path.is_some() && is_book {
        views::check(&connection).map_err(|why| fail(StoreCause::NotABook(why)))?;
    }
    // The views of a file have been made by the check, and a plain database has none.
    let pending = if path.is_none() { Pending::all() } else { Pending::none() };
    let names = names_of(&connection).map_err(|error| fail(cause_of(&error)))?;
    let guard = Arc::new(Guard::new(is_book, names));
    let stop = Stop::default();
    watch(&mut connection, &guard, &stop).map_err(|error| fail(cause_of(&error)))?;
    let connection = Box::leak(Box::new(connection));
    Ok(Book {
        connection,
        guard,
        stop,
        has_views: is_book,
        path: path.map(Path::to_owned),
        pending,
        units: OnceCell::new(),
        held: RefCell::default(),
    })
}

/// The bundled book, written into memory from the text that ships with the program.
fn bundled() -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_in_memory_with_flags(flags)?;
    // The tests check both, once; checking them at each start would take as long as reading the text.
    connection.execute_batch("pragma foreign_keys = off; pragma ignore_check_constraints = on; begin")?;
    connection.execute_batch(book::SCHEMA)?;
    for (_, data) in book::DATA {
        connection.execute_batch(data)?;
    }
    connection.execute_batch("commit")?;
    Ok(connection)
}

/// Turns off what the bundled library has on by default and a question has no use for.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for off in [
        DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
        DbConfig::SQLITE_DBCONFIG_DQS_DML,
        DbConfig::SQLITE_DBCONFIG_DQS_DDL,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
        DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA,
    ] {
        connection.set_db_config(off, false)?;
    }
    for (limit, most) in LIMITS {
        connection.set_limit(limit, most)?;
    }
    // Temporary tables and sorts stay in memory: a question writes no file.
    connection.pragma_update(None, "temp_store", "memory")?;
    views::register_marker(connection)
}

/// Sets the authorizer and the handler that ends a statement when the stop flag is raised.
fn watch(connection: &mut Connection, guard: &Arc<Guard>, stop: &Stop) -> rusqlite::Result<()> {
    let asked = Arc::clone(guard);
    connection.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| asked.decide(context)))?;
    let stop = stop.clone();
    connection.progress_handler(STOP_CHECK_OPS, Some(move || stop.is_raised()))
}

fn is_book(connection: &Connection) -> bool {
    connection
        .pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0))
        .is_ok_and(|id| id == APPLICATION_ID)
}

/// Reads the first page of a file; a plain SQLite database passes, a book of a later schema does not.
fn check_version(connection: &Connection) -> Option<StoreCause> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    match found {
        Err(error) => Some(cause_of(&error)),
        Ok(found) if found > SCHEMA_VERSION && is_book(connection) => {
            Some(StoreCause::Newer { found, known: SCHEMA_VERSION })
        }
        Ok(_) => connection
            .query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0))
            .err()
            .map(|error| cause_of(&error)),
    }
}

/// What SQLite's code says of the file.
fn cause_of(error: &rusqlite::Error) -> StoreCause {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreCause::NotADatabase,
        Some(ErrorCode::DatabaseCorrupt) => StoreCause::Damaged(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreCause::Busy,
        _ => StoreCause::Refused(error.to_string()),
    }
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
            let read = if self.has_views { self.privileged(read_units)? } else { read_units(&bundled()?)? };
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

fn names_of(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("select name from main.sqlite_schema where type in ('table', 'view')")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    rows.collect()
}

fn read_units(connection: &Connection) -> rusqlite::Result<Units> {
    let mut statement = connection.prepare("select code, kind, places, name from main.units")?;
    let rows = statement.query_map([], |row| {
        Ok(BaseUnit { code: row.get(0)?, kind: row.get(1)?, places: row.get(2)?, name: row.get(3)? })
    })?;
    Ok(Units::new(rows.collect::<rusqlite::Result<Vec<_>>>()?))
}
