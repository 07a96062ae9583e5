//! Errors of opening, reading and writing files. Each cause is found by inspecting the file, never by guessing from a message.

use super::{Limit, Report};
use std::path::PathBuf;

/// A file that can't be used, and the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// The file as it was named; empty for the bundled book.
    pub path: PathBuf,
    /// The cause.
    pub cause: StoreCause,
}

/// The cause of an error with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreCause {
    /// A missing book; `near` is a file of a similar name beside it.
    Missing {
        /// A name that exists in the same directory.
        near: Option<String>,
    },
    /// A directory.
    Directory,
    /// A pipe, socket or device, on which SQLite would block or see an empty database.
    Special,
    /// A file that the operating system refuses to open: its message.
    Refused(String),
    /// A regular file that is no SQLite database.
    NotADatabase,
    /// A corrupt SQLite database: the message of the integrity check.
    Damaged(String),
    /// A book of a later version of the program.
    Newer {
        /// The `user_version` of the file.
        found: i64,
        /// The newest that this program reads.
        known: i64,
    },
    /// A database locked by another process.
    Busy,
    /// A database whose public views are not those of a book.
    NotABook(String),
    /// A database with a hot journal: a write to it was interrupted.
    Unfinished,
    /// An output file that exists.
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
    /// A script or SQL file longer than this limit, in MiB.
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
