//! Taking back a write to a book that was cut short, as by a kill: SQLite left the pages from before it in a journal beside the file,
//! and puts them back when a program that may write opens it. A reader may not, so that it is done before; a database that is no book
//! is left as it is.

use super::open::{open_plain, open_writable};
use crate::error::{StoreCause, StoreError};
use rusqlite::{Connection, ErrorCode, Result};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The place of the `application_id` in a database (section 1.3 of its file format).
const APPLICATION_ID_AT: u64 = 68;

/// Takes back what a killed writer left undone in the book at `path`. A writer that is at work is left to it, and nothing is opened for
/// writing where there is nothing to take back.
///
/// # Errors
/// There is something to take back, and the file or its directory can't be written.
pub fn recover(path: &Path) -> std::result::Result<(), StoreError> {
    if !has_journal(path) || !is_book_file(path) || !is_hot(read_schema(&open_plain(path)?)) {
        return Ok(());
    }
    let fail = |why: String| StoreError { path: path.to_owned(), cause: StoreCause::CannotRecover(why) };
    if let Some(place) = unwritable(path) {
        return Err(fail(format!("`{}` can't be written", place.display())));
    }
    let connection = open_writable(path)?;
    // The first read puts the pages back. A lock or a damaged page is what opening it for reading reports.
    if is_hot(read_schema(&connection)) { Err(fail("it may only be read".to_owned())) } else { Ok(()) }
}

/// Reads the database at once or not at all: who has a lock on it is at work, or is putting the pages back itself.
fn read_schema(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))
}

/// True if a read failed since a journal of a writer that is gone would have to be put back.
fn is_hot(read: Result<()>) -> bool {
    read.is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::ReadOnly))
}

/// True if a journal with something in it is beside a file.
fn has_journal(path: &Path) -> bool {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut journal = absolute.into_os_string();
    journal.push("-journal");
    fs::metadata(PathBuf::from(journal)).is_ok_and(|found| found.is_file() && found.len() > 0)
}

/// True if a file begins as a book; its first page may be half written, but this part of it never changes.
#[must_use]
pub fn is_book_file(path: &Path) -> bool {
    let read = || -> std::io::Result<[u8; 4]> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(APPLICATION_ID_AT))?;
        let mut id = [0; 4];
        file.read_exact(&mut id)?;
        Ok(id)
    };
    super::is_database(path) && read().is_ok_and(|id| i64::from(u32::from_be_bytes(id)) == super::open::APPLICATION_ID)
}

/// The file, or the directory of its journal, that this process may not write to. What is marked as read-only is left so even by one
/// that may write everywhere.
fn unwritable(path: &Path) -> Option<PathBuf> {
    let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    [file, directory].into_iter().find(|place| !is_writable(place))
}

fn is_writable(path: &Path) -> bool {
    let is_marked = fs::metadata(path).is_ok_and(|found| found.permissions().readonly());
    #[cfg(unix)]
    let is_refused = rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err();
    #[cfg(not(unix))]
    let is_refused = false;
    !is_marked && !is_refused
}
