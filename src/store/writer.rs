//! Writing a book of one's own: making one, and changing it in one transaction that is there whole or not at all. Questions never come
//! here; they go through [`super::open`], which opens for reading.

use super::open::{check_book_to_change, is_book};
use super::{Stop, added_columns, bundled, cause_of};
use crate::error::{Error, Limit, LimitError, StoreCause, StoreError, usage_error};
use crate::quantity::{BaseUnit, UnitRegistry};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The time that a change waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The size of a page of a new book: twice the usual one halves the calls by which a large import is written.
const PAGE_BYTES: u32 = 8192;

/// The data that a new book without the bundled facts begins with: code lists and units.
const CODE_LISTS: usize = 2;

/// A book that is open for writing.
pub struct BookWriter {
    pub(super) connection: Connection,
    path: PathBuf,
    stop: Stop,
}

/// Makes a new book at a path: with the bundled facts, or with nothing but the code lists and the units. The file is there whole or
/// not at all, and never in the place of another.
///
/// # Errors
/// There is a file of that name; the system refuses.
pub fn create_book(path: &Path, has_facts: bool) -> Result<(), Error> {
    let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
    let refused = |error: &dyn std::fmt::Display| fail(StoreCause::CannotWrite(error.to_string()));
    if path.symlink_metadata().is_ok() {
        return Err(usage_error(
            &format!("can't make `{}`: it exists", path.display()),
            "name a file that is not there yet",
        ));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A temporary file is the owner's alone; a book is a file like any other.
    let create = |path: &Path| fs::File::create_new(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pledgebook-").suffix(".db");
    let file = builder.make_in(directory, create).map_err(|error| refused(&error))?;
    let write = || {
        let connection = Connection::open(file.path())?;
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        write_content(&connection, has_facts)
    };
    write().map_err(|error| fail(cause_of(&error)))?;
    file.as_file().sync_all().map_err(|error| refused(&error))?;
    file.persist_noclobber(path).map(drop).map_err(|error| refused(&error.error))
}

/// Writes the schema into an empty database, with the bundled facts or with nothing but the code lists and the units.
pub(super) fn write_content(connection: &Connection, has_facts: bool) -> rusqlite::Result<()> {
    connection.execute_batch("pragma foreign_keys = on; begin")?;
    connection.execute_batch(bundled::SCHEMA)?;
    let count = if has_facts { bundled::DATA.len() } else { CODE_LISTS };
    bundled::DATA[..count].iter().try_for_each(|(_, data)| connection.execute_batch(data))?;
    connection.execute_batch("commit")
}

/// True for a book with the tables that describe imports.
pub(super) fn has_import_tables(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "select count(*) = 3 from sqlite_schema \
               where name in ('imported_table', 'imported_column', 'imported_note')";
    Ok(is_book(connection) && connection.query_row(sql, [], |row| row.get(0))?)
}

impl BookWriter {
    /// Opens a book for writing.
    ///
    /// # Errors
    /// It is missing, no book, locked, or refused by the system.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
        check_book_to_change(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| fail(cause_of(&error)))?;
        let check = || -> rusqlite::Result<bool> {
            connection.busy_timeout(BUSY_TIMEOUT)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "trusted_schema", false)?;
            has_import_tables(&connection)
        };
        if check().map_err(|error| fail(cause_of(&error)))? {
            Ok(Self::of(connection, path, Stop::default()))
        } else {
            Err(fail(StoreCause::NotOwnBook))
        }
    }

    /// A writer to the book behind a connection, whose work `stop` ends.
    pub(super) fn of(connection: Connection, path: &Path, stop: Stop) -> Self {
        Self { connection, path: path.to_owned(), stop }
    }

    /// The connection, when all is written.
    pub(super) fn into_connection(self) -> Connection {
        self.connection
    }

    /// Has another stop flag end the work on it.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn watch_by(&mut self, stop: &Stop) -> Result<(), Error> {
        let watched = stop.watch(&mut self.connection);
        self.stop = stop.clone();
        watched.map_err(|error| Self::error(&self.connection, &error))
    }

    /// The stop of the work on it.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The units of the book.
    ///
    /// # Errors
    /// It can't be read.
    pub fn units(&self) -> Result<UnitRegistry, Error> {
        let read = || -> rusqlite::Result<Vec<BaseUnit>> {
            let mut statement = self.connection.prepare("select code, kind, places, name from unit")?;
            let rows = statement.query_map([], |row| {
                Ok(BaseUnit { code: row.get(0)?, kind: row.get(1)?, places: row.get(2)?, name: row.get(3)? })
            })?;
            rows.collect()
        };
        Ok(UnitRegistry::new(read().map_err(|error| Self::error(&self.connection, &error))?))
    }

    /// The imports of the book, the newest first.
    ///
    /// # Errors
    /// It can't be read.
    pub fn earlier_imports(&self) -> Result<Vec<EarlierImport>, Error> {
        let read = || -> rusqlite::Result<Vec<EarlierImport>> {
            let sql = "select source, options from imported_table order by cast(substr(source, 2) as integer) desc";
            let mut tables = self.connection.prepare(sql)?;
            let sql = "select header from imported_column where source = ?1 and header <> '' order by ord";
            let mut columns = self.connection.prepare(sql)?;
            let import = |row: &rusqlite::Row<'_>| {
                let (source, options): (String, String) = (row.get(0)?, row.get(1)?);
                let headers = columns.query_map([&source], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                Ok(EarlierImport { source, options, headers })
            };
            tables.query_map([], import)?.collect()
        };
        read().map_err(|error| Self::error(&self.connection, &error))
    }

    /// Does `work` in one transaction, and keeps it if `is_kept`.
    ///
    /// # Errors
    /// Those of `work`; SQLite's own. The book is as before then.
    pub fn transaction<T>(
        &mut self,
        is_kept: bool,
        work: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let done = self.attempt(is_kept, work);
        if done.is_err() {
            // A write that failed, as on a full disk, leaves its log behind; SQLite takes it back when the book is next read.
            let _ = self.connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(()));
        }
        done
    }

    fn attempt<T>(&mut self, is_kept: bool, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let path = self.path.clone();
        let fail =
            |error: &rusqlite::Error| Error::from(StoreError { path: path.clone(), cause: cause_of_write(error) });
        let begun =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| fail(&error))?;
        added_columns::add(&begun).map_err(|error| fail(&error))?;
        let done = work(&begun)?;
        if is_kept {
            begun.commit().map_err(|error| fail(&error))?;
        }
        Ok(done)
    }

    /// Refuses to take back a source that facts of the book cite.
    pub(super) fn refuse_cited(connection: &Connection, source: &str) -> Result<(), Error> {
        let sql = "select count(*), min(id) from fact where source = ?1";
        let (count, first): (i64, Option<String>) = connection
            .query_row(sql, [source], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|error| Self::error(connection, &error))?;
        let Some(first) = first else { return Ok(()) };
        let facts = if count == 1 {
            "a fact of the book is a record"
        } else {
            &format!("{count} facts of the book are records")
        };
        let message = format!("`{source}` can't be taken back: {facts} of it, as `{first}`");
        Err(usage_error(&message, "they are statements of a pledge or a conflict, and nothing that is cited goes"))
    }

    /// Adds units.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn add_units(connection: &Connection, units: &[BaseUnit]) -> Result<(), Error> {
        let sql = "insert into unit (code, kind, minor_per_unit, name, source) values (?1, ?2, ?3, ?4, 'an import')";
        let add = |unit: &BaseUnit| {
            let minor = 10_i64.pow(unit.places);
            connection.execute(sql, (&unit.code, &unit.kind, minor, &unit.name)).map(drop)
        };
        units.iter().try_for_each(add).map_err(|error| Self::error(connection, &error))
    }

    /// True if the book has a table or view of a name.
    ///
    /// # Errors
    /// It can't be read.
    pub fn has_relation(&self, name: &str) -> Result<bool, Error> {
        Self::relation_kind(&self.connection, name).map(|kind| kind.is_some())
    }

    /// The kind of what has a name: `table`, `view` or `index`.
    pub(super) fn relation_kind(connection: &Connection, name: &str) -> Result<Option<String>, Error> {
        let sql = "select type from sqlite_schema where name = ?1 collate nocase";
        let kind = connection.query_row(sql, [name], |row| row.get(0)).optional();
        kind.map_err(|error| Self::error(connection, &error))
    }

    /// Refuses a name that something has.
    ///
    /// # Errors
    /// It is taken; the book can't be read.
    pub fn refuse_taken(connection: &Connection, name: &str) -> Result<(), Error> {
        let Some(kind) = Self::relation_kind(connection, name)? else { return Ok(()) };
        let sql = "select source from imported_table where ?1 collate nocase in (name, stored)";
        let imported: Option<String> = connection
            .query_row(sql, [name], |row| row.get(0))
            .optional()
            .map_err(|error| Self::error(connection, &error))?;
        let help = match imported {
            Some(source) => format!(
                "`--revision-of {source}` takes the file for a new version of it; else choose another name by `--as NAME`, or take the \
                 other away by `drop {source}`"
            ),
            None if bundled::is_of_schema(name) => {
                format!(
                    "every book has a {kind} of this name: choose another by `--as NAME`, or by `--table NAME=FILE`"
                )
            }
            None => format!("choose another by `--as NAME`; `--write -c 'drop {kind} {name}'` takes yours away"),
        };
        Err(usage_error(&format!("the book has a {kind} `{name}` already"), &help))
    }

    /// Creates a table and the view of a given name.
    ///
    /// # Errors
    /// The name is taken; SQLite's own.
    pub fn create(connection: &Connection, name: &str, definitions: &[String]) -> Result<(), Error> {
        Self::refuse_taken(connection, name)?;
        let made = definitions.iter().try_for_each(|definition| connection.execute_batch(definition));
        made.map_err(|error| Self::error(connection, &error))
    }

    /// An error of SQLite in writing the book behind a connection.
    #[must_use]
    pub fn error(connection: &Connection, error: &rusqlite::Error) -> Error {
        if let Some(limit) = heap_limit(connection, error) {
            return limit.into();
        }
        StoreError { path: connection.path().unwrap_or_default().into(), cause: cause_of_write(error) }.into()
    }
}

/// The cause of a failed write.
pub(super) fn cause_of_write(error: &rusqlite::Error) -> StoreCause {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreCause::CannotWrite("its disk is full; the book is as before".to_owned()),
        Some(ErrorCode::ReadOnly) => StoreCause::CannotWrite("it may only be read".to_owned()),
        _ => match cause_of(error) {
            StoreCause::CannotOpen(why) => StoreCause::CannotWrite(why),
            cause => cause,
        },
    }
}

/// An import of a book, with what repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierImport {
    /// Its source.
    pub source: String,
    /// Its options, in TOML.
    pub options: String,
    /// The headers of its columns, but for those without one.
    pub headers: Vec<String>,
}

/// The limit of memory, where an error of SQLite is that it was reached; a book's file is written without one.
fn heap_limit(connection: &Connection, error: &rusqlite::Error) -> Option<LimitError> {
    if error.sqlite_error_code() != Some(ErrorCode::OutOfMemory) {
        return None;
    }
    let bytes: i64 = connection.pragma_query_value(None, "hard_heap_limit", |row| row.get(0)).ok()?;
    let most = u64::try_from(bytes).ok().filter(|bytes| *bytes > 0)? >> 20;
    Some(LimitError { limit: Limit::Memory, most, holds_rows: false })
}

/// A source to be added to a book.
#[derive(Debug, Clone, Copy)]
pub struct NewSource<'s> {
    /// Its title.
    pub title: Option<&'s str>,
    /// Its publisher.
    pub publisher: Option<&'s str>,
    /// Its address.
    pub url: Option<&'s str>,
    /// The date of its publication.
    pub published: Option<&'s str>,
    /// The terms under which it may be used.
    pub licence: Option<&'s str>,
    /// The digest of its bytes.
    pub sha256: &'s str,
    /// The file that it was read from.
    pub file: &'s str,
}

impl NewSource<'_> {
    /// Adds it under the next free id, and returns that.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn insert(&self, connection: &Connection) -> Result<String, Error> {
        let write = || -> rusqlite::Result<String> {
            // The id of an import that was taken back stays its own: a citation of it must not lead elsewhere.
            let next = "select 'S' || (coalesce(max(cast(substr(id, 2) as integer)), 0) + 1) \
                        from (select id from source union all select source from change_log where action <> 'write')";
            let id: String = connection.query_row(next, [], |row| row.get(0))?;
            connection.execute(
                "insert into source (id, description, title, publisher, url, published, licence, retrieved, sha256, authority) \
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, date('now'), ?8, 'tracker')",
                (
                    &id,
                    format!("the table in `{}`", self.file),
                    self.title,
                    self.publisher,
                    self.url,
                    self.published,
                    self.licence,
                    self.sha256,
                ),
            )?;
            Ok(id)
        };
        write().map_err(|error| BookWriter::error(connection, &error))
    }
}
