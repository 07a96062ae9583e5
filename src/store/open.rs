//! The one way to a connection, for the bundled book and for a file alike: features are turned off here, the authorizer
//! is set here, and every question goes through the [`Book`] that comes out. A file is checked before SQLite opens it, since
//! SQLite waits for ever on a pipe, takes an empty device for an empty database and has one message for many causes; and
//! its integrity before it answers.

use super::bundled::SCHEMA_VERSION;
use super::catalogue::Catalogue;
use super::connection::{ConnectionId, RegisteredConnection, copy_of};
use super::guard::marker::register_marker;
use super::guard::{
    Authorizer, FunctionTest, PendingViews, RESERVED_PREFIX, SchemaNames, Tag, WriteAccess, ctes, is_reserved,
    tagged_views,
};
use super::remote::{self, SharedBook, SharedVersion};
use super::udf::UdfContext;
use super::user_views::UserViews;
use super::what_if::WhatIfNumbers;
use super::{Book, Stop, bundled, cause_of, imports, quote_identifier, series, udf};
use crate::error::{Error, StoreCause, StoreError, suggest};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::cell::{Cell, RefCell};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// `PLDG` in ASCII: the `application_id` of a book file.
pub(super) const APPLICATION_ID: i64 = 0x504C_4447;

/// The time that a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Instructions of SQLite's virtual machine between two checks of the stop flag. Most take some 10 ns, and a check at
/// every tenth costs 1 to 2 % of them; one that searches a long text takes milliseconds, and a thousand of those would
/// be seconds.
const STOP_CHECK_OPS: i32 = 10;

/// Bounds on the size of one statement, each as high as SQLite is built to allow; ordinary work reaches none of them.
/// The bounds on bytes are set with the limits of an answer.
const BOUNDS: [(Limit, i32, &str); 5] = [
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1_000, "levels of an expression of SQL"),
    (Limit::SQLITE_LIMIT_COLUMN, 2_000, "columns of a result or table"),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 500, "parts of a `union`"),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 32_766, "parameters of a statement"),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50_000, "bytes of a pattern of `like`"),
];

/// Bounds on features that a question has no use for.
const UNUSED: [(Limit, i32); 3] = [
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// The bounds of SQL that no setting changes, each with the thing that it limits.
pub fn fixed_bounds() -> impl Iterator<Item = (u64, &'static str)> {
    BOUNDS.into_iter().map(|(_, most, of)| (u64::from(most.unsigned_abs()), of))
}

/// The place that a book is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The text that ships with the program.
    Bundled,
    /// A file.
    File(PathBuf),
    /// Tables that are asked at once, in memory: in a copy of a book's file, or in a book without facts.
    Memory(Option<PathBuf>),
    /// A server that several people share it on: the version that was read.
    Shared(Box<SharedVersion>),
}

impl Origin {
    /// The file behind it; `None` where there is none.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Bundled | Self::Memory(None) | Self::Shared(_) => None,
            Self::File(path) | Self::Memory(Some(path)) => Some(path),
        }
    }

    /// The error of a book from here.
    pub(super) fn error(&self, cause: StoreCause) -> StoreError {
        StoreError { path: self.name(), cause }
    }

    /// The file behind it, or the address, for errors.
    pub(super) fn name(&self) -> PathBuf {
        match self {
            Self::Shared(version) => version.address.as_path(),
            place => place.file().unwrap_or(Path::new("")).to_owned(),
        }
    }
}

/// Opens the bundled book in memory, or the file at `path` for reading.
///
/// # Errors
/// Missing, a directory, a pipe or device, not a database, damaged, of a newer schema, busy: each has its own cause.
pub fn open(path: Option<&Path>) -> Result<Book, StoreError> {
    open_until(path.map_or(Origin::Bundled, |path| Origin::File(path.to_owned())), Stop::default())
}

impl Book {
    /// Opens another book for reading, the bundled one or a file, under the same stop flag.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open_other(&self, path: Option<&Path>) -> Result<Book, StoreError> {
        open_until(path.map_or(Origin::Bundled, |path| Origin::File(path.to_owned())), self.stop.clone())
    }

    /// Opens the same book again, without the session's changes. Both have one stop flag.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open_again(&self) -> Result<Book, StoreError> {
        let again = match &self.origin {
            Origin::Memory(_) | Origin::Shared(_) => {
                let copy = copy_of(&self.connection).map_err(|error| self.origin.error(cause_of(&error)))?;
                let again = open_connection(copy, self.origin.clone(), self.stop.clone(), WriteAccess::None)?;
                self.share_remote(&again);
                again
            }
            origin => open_until(origin.clone(), self.stop.clone())?,
        };
        self.attach_again(&again)?;
        Ok(again)
    }
}

/// Opens a shared book. `stop` ends the work of opening it, and the work on it.
///
/// # Errors
/// The server can't be reached, trusted or logged in to; there is no book, or none that this program knows; the work was stopped.
pub fn open_shared(shared: &SharedBook, stop: &Stop) -> Result<Book, Error> {
    let (connection, version) = remote::read(shared, stop)?;
    let opened = open_connection(connection, Origin::Shared(Box::new(version)), stop.clone(), WriteAccess::None);
    // What it failed for is that it was to stop.
    if stop.is_raised() {
        return Err(stop.cause());
    }
    let book = opened?;
    book.set_remote(shared)?;
    Ok(book)
}

pub(super) fn open_until(origin: Origin, stop: Stop) -> Result<Book, StoreError> {
    let connection = match origin.file() {
        None => bundled::load(),
        Some(path) => {
            check_file(path)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(uri(path)?, flags | OpenFlags::SQLITE_OPEN_URI)
        }
    };
    let connection = connection.map_err(|error| origin.error(cause_of(&error)))?;
    let access = if origin.file().is_some() { WriteAccess::ByOption } else { WriteAccess::None };
    open_connection(connection, origin, stop, access)
}

/// Opens a file for writing by its path alone, as SQLite does: what a writer that was killed left undone is taken back.
///
/// # Errors
/// As [`open`].
pub(super) fn open_writable(path: &Path) -> Result<Connection, StoreError> {
    let fail = |error: rusqlite::Error| StoreError { path: path.to_owned(), cause: cause_of(&error) };
    check_book_to_change(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    // An absolute path is no URI. A database that is attached is named by one.
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let connection = Connection::open_with_flags(absolute, flags).map_err(fail)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(fail)?;
    Ok(connection)
}

/// Makes a book of a connection that nothing has asked yet.
pub(super) fn open_connection(
    mut connection: Connection,
    origin: Origin,
    stop: Stop,
    access: WriteAccess,
) -> Result<Book, StoreError> {
    let fail = |cause| origin.error(cause);
    let is_bundled = is_of_schema_alone(&connection, &origin).map_err(|error| fail(cause_of(&error)))?;
    let (tag, numbers) = (Tag::new(), WhatIfNumbers::default());
    harden(&connection, &tag, &numbers).map_err(|error| fail(cause_of(&error)))?;
    if !is_bundled {
        check_version(&connection).map_or(Ok(()), |cause| Err(fail(cause)))?;
    }
    let is_book = origin == Origin::Bundled || is_book(&connection);
    if !is_bundled {
        refuse_reserved_names(&connection).map_err(fail)?;
    }
    let catalogue = read_catalogue(&connection, is_book, is_bundled).map_err(|error| fail(cause_of(&error)))?;
    let catalogue = Arc::new(catalogue);
    if !is_bundled && is_book {
        tagged_views::create_all(&connection, &catalogue).map_err(fail)?;
    }
    // The check has created the views of a file, and a plain database has none.
    let pending = if is_bundled { PendingViews::all(&catalogue) } else { PendingViews::none() };
    let is_plain = is_bundled && origin != Origin::Bundled;
    let names = read_names(&connection, &origin, is_book && !is_plain).map_err(|error| fail(cause_of(&error)))?;
    let user_views = UserViews::of(&connection, &names, is_book).map_err(|error| fail(cause_of(&error)))?;
    let access = if is_book { access } else { WriteAccess::None };
    let functions = (udf::handles_quantities as FunctionTest, udf::is_added as FunctionTest);
    let authorizer = Arc::new(Authorizer::new(Arc::clone(&catalogue), names, access, functions));
    let id = ConnectionId::next();
    let udf = Arc::new(UdfContext::new(id, tag, numbers, Arc::clone(&authorizer), is_book));
    udf::register(&connection, &udf).map_err(|error| fail(cause_of(&error)))?;
    watch(&mut connection, &authorizer, &stop).map_err(|error| fail(cause_of(&error)))?;
    Ok(Book {
        connection: RegisteredConnection::new(id, connection),
        authorizer,
        udf,
        stop,
        catalogue,
        has_views: is_book,
        origin,
        is_checked: Cell::default(),
        pending,
        user_views: RefCell::new(user_views),
        kept_count: Cell::default(),
        entry: RefCell::default(),
        schema_version: Cell::default(),
        last_result: RefCell::default(),
        script_tables: RefCell::default(),
        columns_by_page: RefCell::default(),
        script_functions: RefCell::default(),
        attached: RefCell::default(),
        column_facts: RefCell::default(),
        plain_tables: RefCell::default(),
    })
}

/// True for a database that is known to be what it should be: the bundled book, and one that was read from a server into this program's
/// schema, unless imports have added to that.
fn is_of_schema_alone(connection: &Connection, origin: &Origin) -> rusqlite::Result<bool> {
    match origin {
        Origin::Bundled => Ok(true),
        Origin::Shared(_) => imports::has_any(connection).map(|has_any| !has_any),
        Origin::File(_) | Origin::Memory(_) => Ok(false),
    }
}

/// The names of a database. Those of the bundled book are known, so that a question that names nothing reads nothing of it.
fn read_names(connection: &Connection, origin: &Origin, has_owners: bool) -> rusqlite::Result<SchemaNames> {
    match origin {
        Origin::Bundled => Ok(SchemaNames::bundled()),
        // Nothing of a book of facts is anybody's own, and of a plain database all is.
        _ if has_owners => SchemaNames::read_with_owners(connection),
        _ => SchemaNames::read(connection),
    }
}

/// The views that people read; none in a plain database.
fn read_catalogue(connection: &Connection, is_book: bool, is_bundled: bool) -> rusqlite::Result<Catalogue> {
    Ok(match (is_book, is_bundled) {
        (false, _) => Catalogue::default(),
        (true, true) => Catalogue::with(Vec::new()),
        (true, false) => Catalogue::with(imports::views(connection)?),
    })
}

/// Turns off features that the bundled library has on by default and a question has no use for.
fn harden(connection: &Connection, tag: &Tag, numbers: &WhatIfNumbers) -> rusqlite::Result<()> {
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
    for (bound, most) in BOUNDS.map(|(bound, most, _)| (bound, most)).into_iter().chain(UNUSED) {
        connection.set_limit(bound, most)?;
    }
    // Temporary tables and sorts stay in memory: a question writes no file.
    connection.pragma_update(None, "temp_store", "memory")?;
    series::register_bound_function(connection)?;
    register_marker(connection, tag, numbers)
}

/// Sets the authorizer and the handler that ends a statement when the stop flag is raised.
fn watch(connection: &mut Connection, authorizer: &Arc<Authorizer>, stop: &Stop) -> rusqlite::Result<()> {
    let asked = Arc::clone(authorizer);
    connection.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| asked.authorize(context)))?;
    let stop = stop.clone();
    connection.progress_handler(STOP_CHECK_OPS, Some(move || stop.is_raised()))
}

/// True if a panic in this source file is caught by the library that it is in: SQLite asks the authorizer about names that may be
/// invalid UTF-8; the library's own hook panics over those, catches that and denies the action, and the statement's error says so.
#[must_use]
pub fn is_caught_panic(file: &str) -> bool {
    file.contains("/rusqlite-") && file.ends_with("hooks/mod.rs")
}

pub(super) fn is_book(connection: &Connection) -> bool {
    connection
        .pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0))
        .is_ok_and(|id| id == APPLICATION_ID)
}

/// Reads the first page of a file: a plain SQLite database passes, a book of a later schema does not.
pub(super) fn check_version(connection: &Connection) -> Option<StoreCause> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    match found {
        Err(error) => Some(cause_of(&error)),
        Ok(found) if found > SCHEMA_VERSION && is_book(connection) => {
            Some(StoreCause::NewerSchema { found, known: SCHEMA_VERSION })
        }
        Ok(_) => connection
            .query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0))
            .err()
            .map(|error| cause_of(&error)),
    }
}

/// Refuses a file with a reserved name anywhere in its schema: an object of such a name may read figures as text and
/// make quantities.
pub(super) fn refuse_reserved_names(connection: &Connection) -> Result<(), StoreCause> {
    let read = || -> rusqlite::Result<bool> {
        let sql =
            "select name || ' ' || coalesce(sql, '') from main.sqlite_schema where name || sql like '%' || ?1 || '%'";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([RESERVED_PREFIX])?;
        while let Some(row) = rows.next()? {
            if ctes::contains_name(&row.get::<_, String>(0)?, is_reserved) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    match read() {
        Ok(false) => Ok(()),
        Ok(true) => Err(StoreCause::NotABook(format!(
            "it has a name that begins with `{RESERVED_PREFIX}`, as only the program's own do"
        ))),
        Err(error) => Err(cause_of(&error)),
    }
}

/// Opens a database file for reading by the program's own statements alone, without the functions and views of a book.
///
/// # Errors
/// As [`open`].
pub(super) fn open_plain(path: &Path) -> Result<Connection, StoreError> {
    let fail = |cause| StoreError { path: path.to_owned(), cause };
    check_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path)?, flags).map_err(|error| fail(cause_of(&error)))?;
    let set = || -> rusqlite::Result<()> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map(drop)
    };
    set().map_err(|error| fail(cause_of(&error)))?;
    Ok(connection)
}

/// The first 16 bytes of every SQLite database (section 1.3 of its file format).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// True for a file that begins as a SQLite database.
#[must_use]
pub fn is_database(path: &Path) -> bool {
    let mut start = [0; 16];
    // A pipe would wait for somebody to write to it.
    fs::metadata(path).is_ok_and(|found| found.is_file())
        && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok_and(|()| &start == MAGIC)
}

/// Checks that a path is a readable regular file that begins as a SQLite database.
///
/// # Errors
/// Missing, a directory, a pipe or device, refused by the system, or not a database.
pub(super) fn check_file(path: &Path) -> Result<(), StoreError> {
    let fail = |cause| Err(StoreError { path: path.to_owned(), cause });
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return fail(StoreCause::NotFound { near: similar_name(path) });
        }
        Err(error) => return fail(StoreCause::CannotOpen(reason(&error))),
    };
    if found.is_dir() {
        return fail(StoreCause::Directory);
    }
    if !found.is_file() {
        return fail(StoreCause::NotARegularFile);
    }
    let mut start = [0; 16];
    match File::open(path).and_then(|mut file| file.read_exact(&mut start)) {
        Ok(()) if &start == MAGIC => Ok(()),
        Ok(()) => fail(StoreCause::NotADatabase),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => fail(StoreCause::NotADatabase),
        Err(error) => fail(StoreCause::CannotOpen(reason(&error))),
    }
}

/// Checks a file that is a book to be changed, and that the bundled one can't stand for.
pub(super) fn check_book_to_change(path: &Path) -> Result<(), StoreError> {
    check_file(path).map_err(|error| match error.cause {
        StoreCause::NotFound { near: None } => StoreError { cause: StoreCause::NoBookToChange, ..error },
        _ => error,
    })
}

/// The file as a URI with an absolute path. A book with a write-ahead log that nobody is writing to is opened as
/// immutable: SQLite would leave two files beside it otherwise.
///
/// # Errors
/// A log with something in it that nobody has open: SQLite would leave a file beside it, and without the log some of
/// what was written would be missing from the answers.
pub(super) fn uri(path: &Path) -> Result<String, StoreError> {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut uri = "file://".to_owned();
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    let beside = |ending: &str| {
        let mut name = absolute.clone().into_os_string();
        name.push(ending);
        fs::metadata(name).ok()
    };
    match (beside("-wal"), beside("-shm")) {
        (Some(log), None) if log.len() > 0 => Err(StoreError { path: path.to_owned(), cause: StoreCause::HotJournal }),
        (Some(_), Some(_)) => Ok(uri),
        (Some(_), None) => Ok(uri + "?immutable=1"),
        (None, _) if has_log(path) => Ok(uri + "?immutable=1"),
        (None, _) => Ok(uri),
    }
}

/// True if the database was last written with a write-ahead log: 2 at byte 18 (section 1.3 of the file format).
fn has_log(path: &Path) -> bool {
    let mut start = [0; 19];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start[18] == 2
}

/// The system's reason without its number: `permission denied`.
fn reason(error: &io::Error) -> String {
    error.kind().to_string()
}

/// A file beside the missing one with a name close to it.
pub(crate) fn similar_name(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> =
        fs::read_dir(directory).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    suggest::nearest(wanted, names.iter().map(String::as_str))
}

/// The longest file whose integrity is checked, which takes some 10 ms a MiB: ten times the bundled book. Of a longer
/// one only the pages that are read are checked.
pub(super) const MAX_CHECKED_BYTES: u64 = 4 << 20;

impl Book {
    /// Checks the integrity of a book's file, once. SQLite notices a page that can't be one, but not one in the place
    /// of another: its figures would be read as those of that page. Plain databases are not checked.
    ///
    /// # Errors
    /// It is damaged, busy, or the work was stopped.
    pub fn check_integrity(&self) -> Result<(), Error> {
        self.check_attached()?;
        let Some(path) = self.path().filter(|_| self.has_views && !self.is_checked.get()) else {
            return Ok(());
        };
        if fs::metadata(path).is_ok_and(|found| found.len() <= MAX_CHECKED_BYTES) {
            let damage = self.damage_of("main").map_err(|error| self.error(&error))?;
            if let Some(report) = damage {
                return Err(StoreError { path: path.to_owned(), cause: StoreCause::Corrupt(report) }.into());
            }
        }
        self.is_checked.set(true);
        Ok(())
    }

    /// The first line of an integrity check of a schema's file; `None` where it is whole.
    pub(super) fn damage_of(&self, schema: &str) -> rusqlite::Result<Option<String>> {
        let sql = format!("pragma {}.integrity_check(1)", quote_identifier(schema));
        let found: String = self.query_row(&sql, [], |row| row.get(0))?;
        // The first line may only name the database.
        let report = found.lines().find(|line| !line.starts_with("***")).unwrap_or(&found);
        Ok((report != "ok").then(|| report.to_owned()))
    }
}
