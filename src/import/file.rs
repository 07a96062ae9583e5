//! The file that is imported, as it was named: opened so that every reading of it can be stopped, known again if it changes between
//! two readings; and its errors.

use crate::error::{Error, ImportCause, ImportError, Question, StoreCause, StoreError};
use crate::store::{Stop, similar_name};
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The most characters of a line that an error shows.
const SHOWN_CHARS: usize = 100;

/// A file to import.
#[derive(Debug, Clone)]
pub(super) struct ImportFile {
    path: PathBuf,
    stop: Stop,
}

/// The state of a file by which a change is noticed: its length, its times, and its place on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    place: [i128; 4],
}

impl Fingerprint {
    fn of(found: &Metadata) -> Self {
        Self {
            length: found.len(),
            modified: found.modified().ok(),
            #[cfg(unix)]
            place: {
                use std::os::unix::fs::MetadataExt;
                [found.dev().into(), found.ino().into(), found.ctime().into(), found.ctime_nsec().into()]
            },
        }
    }
}

impl ImportFile {
    /// The file at a path, whose reading ends where `stop` is raised.
    #[must_use]
    pub(super) fn new(path: &Path, stop: &Stop) -> Self {
        Self { path: path.to_owned(), stop: stop.clone() }
    }

    /// The path.
    #[must_use]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as it was named.
    #[must_use]
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The stop of the work on it.
    #[must_use]
    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Counts a row that was read, and ends the work where it is stopped.
    ///
    /// # Errors
    /// The cause of the stop.
    pub(super) fn count_row(&self) -> Result<(), Error> {
        self.stop.count_row();
        self.check_stop()
    }

    /// Ends the work where it is stopped.
    ///
    /// # Errors
    /// The cause of the stop.
    pub(super) fn check_stop(&self) -> Result<(), Error> {
        if self.stop.is_raised() { Err(self.stop.cause()) } else { Ok(()) }
    }

    /// The error of its import, with its name where a limit is the cause.
    #[must_use]
    pub(super) fn named(&self, error: Error) -> Error {
        match error {
            Error::Limit(reached) => self.too_large(&reached.message(), &reached.limit.help()),
            other => other,
        }
    }

    /// Opens it for reading from its beginning.
    ///
    /// # Errors
    /// It is missing, no regular file, or refused by the system.
    pub(super) fn open(&self) -> Result<Watched<File>, Error> {
        self.metadata()?;
        File::open(&self.path).map(|file| self.watch(file)).map_err(|error| self.unreadable(&error))
    }

    /// A reader that fails once the work is stopped.
    #[must_use]
    pub(super) fn watch<R>(&self, inner: R) -> Watched<R> {
        Watched { inner, stop: self.stop.clone() }
    }

    /// Its length in bytes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn length(&self) -> Result<u64, Error> {
        Ok(self.metadata()?.len())
    }

    /// Its state now.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn fingerprint(&self) -> Result<Fingerprint, Error> {
        self.metadata().map(|found| Fingerprint::of(&found))
    }

    /// Refuses a file that is no longer as it was.
    ///
    /// # Errors
    /// It has changed.
    pub(super) fn check_unchanged(&self, before: &Fingerprint) -> Result<(), Error> {
        if self.fingerprint()? == *before {
            return Ok(());
        }
        let help = "import it again once it is complete: nothing of it has been kept";
        Err(self.broken(None, "it changed while it was read", help))
    }

    /// Its metadata. A pipe can be read only once, and would be waited for without end.
    fn metadata(&self) -> Result<Metadata, Error> {
        let found = fs::metadata(&self.path).map_err(|error| self.unreadable(&error))?;
        let cause = match found.file_type() {
            kind if kind.is_dir() => StoreCause::Directory,
            kind if !kind.is_file() => StoreCause::NotARegularFile,
            _ => return Ok(found),
        };
        Err(StoreError { path: self.path.clone(), cause }.into())
    }

    /// The error of the system, or of the stop that made it.
    #[must_use]
    pub(super) fn unreadable(&self, error: &io::Error) -> Error {
        if self.stop.is_raised() {
            return self.stop.cause();
        }
        let cause = match error.kind() {
            io::ErrorKind::NotFound => StoreCause::TextNotFound { near: similar_name(&self.path) },
            _ => StoreCause::CannotReadText(error.to_string()),
        };
        StoreError { path: self.path.clone(), cause }.into()
    }

    /// The error of a file that is no table, at a line with what is written there.
    #[must_use]
    pub(super) fn broken(&self, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        self.error(ImportCause::Broken, line, message, help)
    }

    /// The error of a file that would take more than a limit.
    #[must_use]
    pub(super) fn too_large(&self, message: &str, help: &str) -> Error {
        self.error(ImportCause::TooLarge, None, message, help)
    }

    /// The error of a question that only an option can decide.
    #[must_use]
    pub(super) fn undecided(&self, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        self.error(ImportCause::Undecided, line, message, help)
    }

    /// The error of a file that is broken unless an option says how it is read, which a person at a terminal is asked.
    #[must_use]
    pub(super) fn broken_or_asked(
        &self,
        line: Option<(u64, &str)>,
        message: &str,
        help: &str,
        question: Question,
    ) -> Error {
        self.with_question(ImportCause::Broken, line, message, help, Some(question))
    }

    /// The error of a question, which a person at a terminal is asked instead.
    #[must_use]
    pub(super) fn asked(&self, line: Option<(u64, &str)>, message: &str, help: &str, question: Question) -> Error {
        self.with_question(ImportCause::Undecided, line, message, help, Some(question))
    }

    fn error(&self, cause: ImportCause, line: Option<(u64, &str)>, message: &str, help: &str) -> Error {
        self.with_question(cause, line, message, help, None)
    }

    fn with_question(
        &self,
        cause: ImportCause,
        line: Option<(u64, &str)>,
        message: &str,
        help: &str,
        question: Option<Question>,
    ) -> Error {
        let line = line.map(|(line, text)| (line, text.chars().take(SHOWN_CHARS).collect()));
        let (message, help) = (message.to_owned(), help.to_owned());
        ImportError { file: self.name(), cause, line, message, help, question }.into()
    }
}

/// A reader that fails once the work is stopped.
#[derive(Debug)]
pub(super) struct Watched<R> {
    inner: R,
    stop: Stop,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_raised() {
            return Err(io::Error::other("stopped"));
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportFile, Stop};
    use std::fs;

    #[test]
    fn a_file_that_changes_between_two_readings_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("growing.csv");
        fs::write(&path, "a,b\n1,2\n").unwrap();
        let file = ImportFile::new(&path, &Stop::default());
        let before = file.fingerprint().unwrap();
        assert!(file.check_unchanged(&before).is_ok());
        fs::write(&path, "a,b\n1,2\n3,4\n").unwrap();
        let error = file.check_unchanged(&before).unwrap_err();
        assert!(error.to_string().contains("changed while it was read"), "{error}");
    }
}
