//! Checks of a book's file: before SQLite opens it, since SQLite waits for ever on a pipe, takes an empty device for an
//! empty database and has one message for many causes; and of its integrity, before it answers. Nothing here opens a
//! database.

use super::Book;
use crate::error::{Error, StoreCause, StoreError, suggest};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The first 16 bytes of every SQLite database (section 1.3 of its file format).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

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
const MAX_CHECKED_BYTES: u64 = 4 << 20;

impl Book {
    /// Checks the integrity of a book's file, once. SQLite notices a page that can't be one, but not one in the place
    /// of another: its figures would be read as those of that page. Plain databases are not checked.
    ///
    /// # Errors
    /// It is damaged, busy, or the work was stopped.
    pub fn check_integrity(&self) -> Result<(), Error> {
        let Some(path) = self.path.as_deref().filter(|_| self.has_views && !self.is_checked.get()) else {
            return Ok(());
        };
        if fs::metadata(path).is_ok_and(|found| found.len() <= MAX_CHECKED_BYTES) {
            let found: String = self
                .query_row("pragma main.integrity_check(1)", [], |row| row.get(0))
                .map_err(|error| self.error(&error))?;
            // The first line may only name the database.
            let report = found.lines().find(|line| !line.starts_with("***")).unwrap_or(&found);
            if report != "ok" {
                return Err(StoreError { path: path.to_owned(), cause: StoreCause::Corrupt(report.to_owned()) }.into());
            }
        }
        self.is_checked.set(true);
        Ok(())
    }
}
