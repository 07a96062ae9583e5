//! Copies of shared books, by address and version, so that a book that has not moved on is not read again. A copy is a database whose
//! name has its digest: one that is damaged is no copy. It is written beside its name and renamed, and only its owner can read it. A
//! copy that can't be written is none; the answer does not depend on it.

use super::SharedBook;
use super::snapshot::ServerVersion;
use crate::store::connection::{copy_of, empty};
use crate::store::{bundled, hexadecimal};
use chrono::DateTime;
use rusqlite::{Connection, MAIN_DB};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tempfile::NamedTempFile;

/// The copies of one book.
pub(super) struct Cache {
    directory: PathBuf,
}

/// The name of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CopyName {
    pub(super) number: i64,
    pub(super) token: String,
    digest: String,
}

impl CopyName {
    /// True for a copy of this version.
    pub(super) fn is_of(&self, version: &ServerVersion) -> bool {
        (self.number, &self.token) == (version.number, &version.token)
    }

    /// `VERSION.TOKEN.DIGEST.db`.
    fn read(name: &str) -> Option<Self> {
        let mut parts = name.strip_suffix(".db")?.split('.');
        let (number, token, digest) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(())?;
        Some(Self { number: number.parse().ok()?, token: token.to_owned(), digest: digest.to_owned() })
    }

    fn file(&self) -> String {
        format!("{}.{}.{}.db", self.number, self.token, self.digest)
    }
}

impl Cache {
    /// The copies of a book; `None` where none is kept. A program with another schema has others.
    pub(super) fn of(shared: &SharedBook) -> Option<Self> {
        let name = Sha256::digest(format!("{}\n{}", shared.address, bundled::SCHEMA));
        Some(Self { directory: shared.cache.as_ref()?.join(hexadecimal(&name)) })
    }

    /// The copy of the latest version.
    pub(super) fn newest(&self) -> Option<CopyName> {
        let entries = fs::read_dir(&self.directory).ok()?.flatten();
        entries.filter_map(|entry| CopyName::read(entry.file_name().to_str()?)).max_by_key(|copy| copy.number)
    }

    /// The database of a copy, and its day; `None` if it is damaged or gone.
    pub(super) fn load(&self, copy: &CopyName) -> Option<(Connection, String)> {
        let path = self.directory.join(copy.file());
        let written = fs::metadata(&path).ok()?.modified().ok()?;
        let bytes = fs::read(&path).ok()?;
        if hexadecimal(&Sha256::digest(&bytes)) != copy.digest {
            return None;
        }
        let mut book = empty().ok()?;
        book.deserialize_read_exact(MAIN_DB, bytes.as_slice(), bytes.len(), true).ok()?;
        // Rows of imported tables are read into it later, for which what is deserialized has no room.
        let has_imports = book.query_row("select exists (select 1 from main.imported_table)", [], |row| row.get(0));
        if has_imports.ok()? {
            book = copy_of(&book).ok()?;
        }
        let seconds = i64::try_from(written.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
        Some((book, DateTime::from_timestamp(seconds, 0)?.date_naive().to_string()))
    }

    /// The latest copy in words: `version 412 of 2026-11-27`.
    pub(super) fn describe_newest(&self) -> Option<String> {
        let copy = self.newest()?;
        let (_, day) = self.load(&copy)?;
        Some(format!("version {} of {day}", copy.number))
    }

    /// Keeps a copy, in place of those of other versions.
    pub(super) fn keep(&self, book: &mut Connection, version: &ServerVersion) {
        // Without a copy the next question asks the server, which is right too.
        let _ = self.write(book, version);
    }

    fn write(&self, book: &mut Connection, version: &ServerVersion) -> Option<()> {
        create_private(&self.directory)?;
        let bytes = book.serialize(MAIN_DB).ok()?;
        let digest = hexadecimal(&Sha256::digest(&*bytes));
        let copy = CopyName { number: version.number, token: version.token.clone(), digest };
        let mut file = tempfile::Builder::new().prefix(".copy-").suffix(".part").tempfile_in(&self.directory).ok()?;
        file.write_all(&bytes).ok()?;
        file.persist(self.directory.join(copy.file())).ok()?;
        for entry in fs::read_dir(&self.directory).ok()?.flatten() {
            let other = entry.file_name().to_str().and_then(CopyName::read);
            if other.is_some_and(|other| other != copy) {
                // Another process may have it open, or have taken it away.
                let _ = fs::remove_file(entry.path());
            }
        }
        Some(())
    }
}

/// The ending of a file with rows of an imported table.
const ROWS: &str = ".rows";

impl Cache {
    /// The rows that are kept under a name.
    pub(super) fn rows(&self, name: &str) -> Option<File> {
        File::open(self.directory.join(format!("{name}{ROWS}"))).ok()
    }

    /// A file for rows that are to be kept.
    pub(super) fn begin_rows(&self) -> Option<NamedTempFile> {
        create_private(&self.directory)?;
        tempfile::Builder::new().prefix(".copy-").suffix(".part").tempfile_in(&self.directory).ok()
    }

    /// Keeps rows under a name, and takes away those of names that are not current.
    pub(super) fn keep_rows(&self, file: NamedTempFile, name: &str, current: &[String]) {
        // Without them the next question asks the server, which is right too.
        let _ = file.persist(self.directory.join(format!("{name}{ROWS}")));
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let other = entry.file_name().to_str().and_then(|name| name.strip_suffix(ROWS).map(str::to_owned));
            if other.is_some_and(|other| !current.contains(&other)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Makes a directory that only its owner can read, and those above it that are missing.
#[cfg(unix)]
fn create_private(path: &Path) -> Option<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).ok()
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> Option<()> {
    fs::create_dir_all(path).ok()
}
