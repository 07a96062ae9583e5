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
    NotFound {
        /// A name that exists in the same directory.
        near: Option<String>,
    },
    /// A directory.
    Directory,
    /// A pipe, socket or device, on which SQLite would block or see an empty database.
    NotARegularFile,
    /// A file that the operating system refuses to open: its message.
    CannotOpen(String),
    /// A regular file that is no SQLite database.
    NotADatabase,
    /// A corrupt SQLite database: the message of the integrity check.
    Corrupt(String),
    /// A book of a later version of the program.
    NewerSchema {
        /// The `user_version` of the file.
        found: i64,
        /// The newest that this program reads.
        known: i64,
    },
    /// A database locked by another process.
    Locked,
    /// A database whose public views are not those of a book.
    NotABook(String),
    /// A database with a hot journal: a write to it was interrupted.
    HotJournal,
    /// An output file that exists.
    OutputExists,
    /// An output file that the operating system refuses to write.
    CannotWrite(String),
    /// A script or SQL file that is missing; `near` is a file of a similar name beside it.
    TextNotFound {
        /// A name that exists in the same directory.
        near: Option<String>,
    },
    /// A script or SQL file that can't be read as text.
    CannotReadText(String),
    /// A script or SQL file longer than this limit, in MiB.
    TextTooLong(Limit, u64),
}

impl StoreError {
    pub(super) fn report(&self) -> Report {
        let (message, help) = self.cause.message_and_help(&self.path.display().to_string());
        Report::plain(message, help)
    }
}

impl StoreCause {
    fn message_and_help(&self, path: &str) -> (String, Option<String>) {
        let help = |text: &str| Some(text.to_owned());
        match self {
            StoreCause::NotFound { near: Some(near) } => {
                (format!("can't open `{path}`: there is no such file"), Some(format!("did you mean `{near}`?")))
            }
            StoreCause::NotFound { near: None } => (
                format!("can't open `{path}`: there is no such file"),
                help("leave the file out to ask the bundled book"),
            ),
            StoreCause::Directory => (format!("can't open `{path}`: it is a directory"), help("name a file in it")),
            StoreCause::NotARegularFile => (
                format!("can't open `{path}`: it is a pipe or a device, not a regular file"),
                help("copy it to a file first"),
            ),
            StoreCause::CannotOpen(why) => (format!("can't open `{path}`: {why}"), None),
            StoreCause::NotADatabase => (
                format!("can't open `{path}`: it is not a SQLite database"),
                help("a script or SQL file is run with `-f FILE`"),
            ),
            StoreCause::Corrupt(why) => (
                format!("can't read `{path}`: the database is damaged: {why}"),
                help("restore it from a copy; nothing was written to it"),
            ),
            StoreCause::NewerSchema { found, known } => (
                format!("can't open `{path}`: its schema is version {found}, this program knows up to {known}"),
                help("open it with the pledgebook that made it, or a later one"),
            ),
            StoreCause::Locked => {
                (format!("can't read `{path}`: another process holds its lock"), help("try again when that has ended"))
            }
            StoreCause::NotABook(why) => (
                format!("can't open `{path}` as a book: {why}"),
                help("its public views must be those of schema.sql, whatever its tables are"),
            ),
            StoreCause::HotJournal => (
                format!("can't open `{path}`: a write to it was cut short, and its log lies beside it"),
                help("open it once with the program that was writing, which puts it in order"),
            ),
            StoreCause::CannotWrite(why) => (format!("can't write `{path}`: {why}"), None),
            StoreCause::TextNotFound { near: Some(near) } => {
                (format!("can't read `{path}`: there is no such file"), Some(format!("did you mean `{near}`?")))
            }
            StoreCause::TextNotFound { near: None } => (format!("can't read `{path}`: there is no such file"), None),
            StoreCause::CannotReadText(why) => (format!("can't read `{path}`: {why}"), None),
            StoreCause::TextTooLong(limit, most) => (
                format!("can't read `{path}`: it is longer than {most} MiB, the limit of {}", limit.spec().name),
                Some(limit.help()),
            ),
            StoreCause::OutputExists => (format!("can't write `{path}`: it exists"), help("`--force` writes over it")),
        }
    }
}
