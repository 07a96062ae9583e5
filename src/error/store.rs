//! Why a book file can't be used. Each cause is told apart by looking, never by guessing from a message.

use super::{Limit, Report};
use std::path::PathBuf;

/// A file, and what is the matter with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// The file as it was named; empty for the bundled book.
    pub path: PathBuf,
    /// What was found.
    pub cause: StoreCause,
}

/// What is the matter with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreCause {
    /// Nothing has that name; `near` is a file of a similar name beside it.
    Missing {
        /// A name that exists in the same directory.
        near: Option<String>,
    },
    /// A directory.
    Directory,
    /// A pipe, socket or device: SQLite would wait on it for ever or take it for an empty database.
    Special,
    /// The operating system refuses to read or write it.
    Refused(String),
    /// A regular file that is no SQLite database.
    NotADatabase,
    /// A SQLite database whose pages contradict each other.
    Damaged(String),
    /// A book of a later version of the program.
    Newer {
        /// The `user_version` of the file.
        found: i64,
        /// The newest that this program reads.
        known: i64,
    },
    /// Another process holds the lock.
    Busy,
    /// A book whose public views are not what this program knows.
    NotABook(String),
    /// A database that was being written to when that was cut short: its log lies beside it.
    Unfinished,
    /// An output file that is there already.
    Exists,
    /// An output file that the operating system refuses to write.
    Unwritable(String),
    /// A script or SQL file that is missing; `near` is a file of a similar name beside it.
    NoText {
        /// A name that exists in the same directory.
        near: Option<String>,
    },
    /// A script or SQL file that can't be read as text.
    Unreadable(String),
    /// A script or SQL file that is longer than this limit, of so many MiB, lets it be.
    TooLong(Limit, u64),
}

impl StoreError {
    pub(super) fn report(&self) -> Report {
        let (message, cure) = self.cause.words(&self.path.display().to_string());
        Report::plain(message, cure)
    }
}

impl StoreCause {
    fn words(&self, path: &str) -> (String, Option<String>) {
        let cure = |text: &str| Some(text.to_owned());
        match self {
            StoreCause::Missing { near: Some(near) } => {
                (format!("can't open `{path}`: there is no such file"), Some(format!("did you mean `{near}`?")))
            }
            StoreCause::Missing { near: None } => (
                format!("can't open `{path}`: there is no such file"),
                cure("leave the file out to ask the bundled book"),
            ),
            StoreCause::Directory => (format!("can't open `{path}`: it is a directory"), cure("name a file in it")),
            StoreCause::Special => (
                format!("can't open `{path}`: it is a pipe or a device, not a regular file"),
                cure("copy it to a file first"),
            ),
            StoreCause::Refused(why) => (format!("can't open `{path}`: {why}"), None),
            StoreCause::NotADatabase => (
                format!("can't open `{path}`: it is not a SQLite database"),
                cure("a script or SQL file is run with `-f FILE`"),
            ),
            StoreCause::Damaged(why) => (
                format!("can't read `{path}`: the database is damaged: {why}"),
                cure("restore it from a copy; nothing was written to it"),
            ),
            StoreCause::Newer { found, known } => (
                format!("can't open `{path}`: its schema is version {found}, this program knows up to {known}"),
                cure("open it with the pledgebook that made it, or a later one"),
            ),
            StoreCause::Busy => {
                (format!("can't read `{path}`: another process holds its lock"), cure("try again when that has ended"))
            }
            StoreCause::NotABook(why) => (
                format!("can't open `{path}` as a book: {why}"),
                cure("its public views must be those of schema.sql, whatever its tables are"),
            ),
            StoreCause::Unfinished => (
                format!("can't open `{path}`: a write to it was cut short, and its log lies beside it"),
                cure("open it once with the program that was writing, which puts it in order"),
            ),
            StoreCause::Unwritable(why) => (format!("can't write `{path}`: {why}"), None),
            StoreCause::NoText { near: Some(near) } => {
                (format!("can't read `{path}`: there is no such file"), Some(format!("did you mean `{near}`?")))
            }
            StoreCause::NoText { near: None } => (format!("can't read `{path}`: there is no such file"), None),
            StoreCause::Unreadable(why) => (format!("can't read `{path}`: {why}"), None),
            StoreCause::TooLong(limit, most) => (
                format!("can't read `{path}`: it is longer than {most} MiB, the limit of {}", limit.about().name),
                Some(limit.cure()),
            ),
            StoreCause::Exists => (format!("can't write `{path}`: it exists"), cure("`--force` writes over it")),
        }
    }
}
