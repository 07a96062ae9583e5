//! The file that is imported, as it was named; and its errors.

use crate::error::{Error, ImportCause, ImportError, StoreCause, StoreError};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The most characters of a line that an error shows.
const SHOWN_CHARS: usize = 100;

/// A file to import.
#[derive(Debug, Clone)]
pub(super) struct ImportFile {
    path: PathBuf,
}

impl ImportFile {
    /// The file at a path.
    #[must_use]
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The path as it was named.
    #[must_use]
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Its path.
    #[must_use]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens it for reading from its beginning.
    ///
    /// # Errors
    /// It is missing, a directory, or refused by the system.
    pub(super) fn open(&self) -> Result<File, Error> {
        if self.path.is_dir() {
            return Err(StoreError { path: self.path.clone(), cause: StoreCause::Directory }.into());
        }
        File::open(&self.path).map_err(|error| self.unreadable(&error))
    }

    /// The error of the system.
    #[must_use]
    pub(super) fn unreadable(&self, error: &io::Error) -> Error {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => StoreCause::TextNotFound { near: None },
            _ => StoreCause::CannotReadText(error.to_string()),
        };
        StoreError { path: self.path.clone(), cause }.into()
    }

    /// The error of a file that is no table, at a line with what is written there.
    #[must_use]
    pub(super) fn broken(&self, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        self.error(ImportCause::Broken, line, message, help)
    }

    /// The error of a question that only an option can decide.
    #[must_use]
    pub(super) fn undecided(&self, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        self.error(ImportCause::Undecided, line, message, help)
    }

    fn error(&self, cause: ImportCause, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        let line = line.map(|(line, text)| (line, text.chars().take(SHOWN_CHARS).collect()));
        ImportError { file: self.name(), cause, line, message: message.to_owned(), help: help.to_owned() }.into()
    }
}
