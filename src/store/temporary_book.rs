//! A copy of a shared book in a temporary file, for an import that is pushed: its rows may be more than fit into memory. Of the tables
//! that are there already it has the definitions alone.

use super::open::open_until;
use super::{Book, BookWriter, Origin};
use crate::error::{Error, StoreCause, StoreError};
use std::path::PathBuf;
use tempfile::TempDir;

/// A copy of a book that is open for writing; the file goes with it.
pub struct TemporaryBook {
    /// Writes to it.
    pub writer: BookWriter,
    path: PathBuf,
    _directory: TempDir,
}

impl TemporaryBook {
    /// A copy of an open book.
    ///
    /// # Errors
    /// The book can't be read; there is no room for a temporary file.
    pub fn of(book: &Book) -> Result<Self, Error> {
        let refused = |error: &std::io::Error| {
            let cause = StoreCause::CannotWrite(error.kind().to_string());
            Error::from(StoreError { path: "a temporary file".into(), cause })
        };
        let directory = tempfile::Builder::new().prefix("pledgebook-").tempdir().map_err(|error| refused(&error))?;
        let path = directory.path().join("book.db");
        std::fs::File::create_new(&path).map_err(|error| refused(&error))?;
        book.copy_read_rows_into(&path, &path)?;
        let mut writer = BookWriter::open(&path)?;
        writer.watch_by(book.stop())?;
        Ok(Self { writer, path, _directory: directory })
    }

    /// Opens it for questions.
    ///
    /// # Errors
    /// As [`super::open`].
    pub fn open(&self) -> Result<Book, StoreError> {
        open_until(Origin::File(self.path.clone()), self.writer.stop().clone())
    }
}
