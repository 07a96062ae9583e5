//! Errors as data: one enum for each layer with its messages, and the exit code of the process. Nothing here draws or prints,
//! and nothing here imports another layer. Errors of opening, reading and writing files are in this file: each cause is found by
//! inspecting the file, never by guessing from a message.

mod facts;
mod import;
mod limit;
mod quantity;
mod report;
mod script;
mod server;
mod sql;
pub mod suggest;

pub use facts::FactsError;
pub use import::{Answer, AskedOption, Choice, ImportCause, ImportError, Question};
pub use limit::{Limit, LimitError, LimitSpec, TooManyRows};
pub use quantity::QuantityError;
pub(crate) use quantity::power_of_ten;
pub use report::{Frame, Place, Report};
pub use script::{ScriptCause, ScriptError};
pub use server::ServerCause;
pub use sql::{FunctionCause, SERIES_HELP, SqlCause, SqlError, SupersededFact};

use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, io};
use suggest::did_you_mean;

/// The error of a wrong argument, with its help.
#[must_use]
pub fn usage_error(message: &str, help: &str) -> Error {
    Error::Usage(Report::plain(message, Some(help.to_owned())))
}

/// Any error of the program.
#[derive(Debug, Clone)]
pub enum Error {
    /// Wrong use of scripts, commands, the config file or output files. Options are checked and reported by the command line's
    /// parser.
    Usage(Report),
    /// A script that needs something that the book lacks.
    Lacking(Report),
    /// A command that a sandbox denies, with its dot.
    Denied(&'static str),
    /// A file that can't be opened, read or written.
    Store(StoreError),
    /// A file that is not imported.
    Import(Box<ImportError>),
    /// Files of facts by hand that are not imported.
    Facts(Box<FactsError>),
    /// SQL that can't be prepared or run.
    Sql(Box<SqlError>),
    /// A script that can't be compiled or run.
    Script(Box<ScriptError>),
    /// The writer of results failed; a broken pipe ends the program silently.
    Output(Arc<io::Error>),
    /// Expectations that failed: the place of each, labelled with its text.
    Expectation(Vec<Frame>),
    /// The exit code that a script or `.quit` ends the program with, and the expectations that failed before.
    Exit(u8, Vec<Frame>),
    /// A checked figure that the book does not support. The answer has reported it.
    NotInBook,
    /// Something that was compared differs. The answer has reported it.
    Differs,
    /// A figure of a checked text that needs attention, with its place, and the exit code that it leads to.
    Finding(Report, u8),
    /// Checked figures that can't be parsed: their number, and that of all. The answer has reported each.
    NotRead(usize, usize),
    /// Examples of scripts with an unexpected answer: their number, and that of all.
    Examples(usize, usize),
    /// A limit that was reached.
    Limit(LimitError),
    /// More rows on a server than may be copied.
    TooManyRows(TooManyRows),
    /// Ctrl-C.
    Interrupted,
    /// A book with something wrong in it, as it is named, and how much. The answer has reported it.
    UnsoundBook(String, usize),
    /// An error because of which a file of answers is not written, after an entry has changed the book.
    AfterWriting(Box<Error>),
    /// A fault of the program itself.
    Fault(String),
}

impl Error {
    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Denied(_) => 6,
            Error::Lacking(_) => 1,
            Error::Usage(_) | Error::NotRead(..) => 2,
            Error::Import(error) => error.cause.exit_code(),
            Error::Sql(error) => error.cause.exit_code(),
            Error::Script(error) => error.cause.exit_code(),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Error::Store(StoreError { cause: StoreCause::TextTooLong(..), .. }) => 4,
            Error::Store(StoreError { cause: StoreCause::Server(cause), .. }) => cause.exit_code(),
            Error::Store(_) | Error::Output(_) | Error::Facts(_) | Error::UnsoundBook(..) => 3,
            Error::Exit(0, failed) if !failed.is_empty() => 5,
            Error::Exit(code, _) | Error::Finding(_, code) => *code,
            Error::Expectation(_) | Error::NotInBook | Error::Differs | Error::Examples(..) => 5,
            Error::Limit(_) | Error::TooManyRows(_) => 4,
            Error::Interrupted => 130,
            Error::AfterWriting(error) => error.exit_code(),
            Error::Fault(_) => 70,
        }
    }

    /// The report of the error; `None` if the program ends silently.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        match self {
            Error::Usage(report) | Error::Lacking(report) | Error::Finding(report, _) => Some(report.clone()),
            Error::Denied(command) => Some(Report::plain(
                format!("`{command}` is denied in a sandbox"),
                Some("leave `--sandbox` out where you trust the text".into()),
            )),
            Error::Store(error) => Some(error.report()),
            Error::Import(error) => Some(error.report()),
            Error::Facts(error) => Some(error.report()),
            Error::Sql(error) => Some(error.report()),
            Error::Script(error) => Some(error.report()),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Error::Output(error) => Some(Report::plain(
                format!("can't write the answer: {error}"),
                Some("the answer above is incomplete".into()),
            )),
            Error::Exit(_, frames) if frames.is_empty() => None,
            Error::Expectation(frames) | Error::Exit(_, frames) => {
                let message = match frames.len() {
                    1 => "an expectation failed".to_owned(),
                    count => format!("{count} expectations failed"),
                };
                Some(Report { frames: frames.clone(), ..Report::plain(message, None) })
            }
            Error::NotInBook | Error::Differs => None,
            Error::NotRead(failed, of) => Some(Report::plain(format!("{failed} of {of} figures can't be read"), None)),
            Error::Examples(failed, of) => {
                Some(Report::plain(format!("{failed} of {of} examples did not answer as expected"), None))
            }
            Error::UnsoundBook(book, count) => {
                let things = if *count == 1 { "1 thing is".to_owned() } else { format!("{count} things are") };
                let help = "nothing was written to it: restore it from a copy, or mend it with the sqlite3 shell";
                Some(Report::plain(format!("{things} wrong in {book}"), Some(help.to_owned())))
            }
            Error::Limit(error) => Some(error.report()),
            Error::TooManyRows(error) => Some(error.report()),
            Error::Interrupted => Some(Report::plain("interrupted", None)),
            Error::AfterWriting(error) => {
                let kept = "what entries have changed in the book is kept: ask again without them";
                let report = error.report()?;
                let help = report.help.map_or_else(|| kept.to_owned(), |help| format!("{help}; {kept}"));
                Some(Report { help: Some(help), ..report })
            }
            Error::Fault(message) => Some(Report::plain(
                format!("a fault of pledgebook itself: {message}"),
                Some("report it with the command that led here; the book is unchanged".into()),
            )),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report().map_or(Ok(()), |report| f.write_str(&report.message))
    }
}

impl std::error::Error for Error {}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Error::Store(error)
    }
}

/// Writers retry by themselves after a system interrupt, so an `Interrupted` error means Ctrl-C.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::Interrupted { Error::Interrupted } else { Error::Output(Arc::new(error)) }
    }
}

impl From<SqlError> for Error {
    fn from(error: SqlError) -> Self {
        Error::Sql(Box::new(error))
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        Error::Import(Box::new(error))
    }
}

impl From<ScriptError> for Error {
    fn from(error: ScriptError) -> Self {
        Error::Script(Box::new(error))
    }
}

impl From<LimitError> for Error {
    fn from(error: LimitError) -> Self {
        Error::Limit(error)
    }
}

/// A file that can't be used, and the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// The file as it was named, or the address of a shared book; empty for the bundled one.
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
    /// A missing book, with the caller's help.
    Missing(String),
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
    /// A database that takes no import and no change of a table.
    NotOwnBook,
    /// A book to be changed that is missing.
    NoBookToChange,
    /// A view of an import that lacks what the import made.
    ChangedImport {
        /// The view.
        view: String,
        /// The source that the import is.
        source: String,
        /// The error that the view has.
        why: String,
    },
    /// A database with a hot journal: a write to it was interrupted.
    HotJournal,
    /// A book with a hot journal that can't be written: why not.
    CannotRecover(String),
    /// An output file that exists.
    OutputExists {
        /// The option or the command that writes over it.
        by: String,
    },
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
    /// A book on a server.
    Server(ServerCause),
}

impl StoreError {
    fn report(&self) -> Report {
        let (action, why, mut help) = self.cause.action_why_and_help();
        let name = self.path.to_string_lossy();
        if self.cause == StoreCause::NoBookToChange && !name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            help = Some(format!("`pledgebook init {name}` makes it"));
        }
        Report::plain(format!("can't {action} `{}`{why}", self.path.display()), help)
    }
}

/// The cause and the help of a database that takes no import and no change.
const NOT_OWN: &str = " as a book of your own: it has no tables for imports and no log";
const OWN_HELP: &str = "only a book that `pledgebook init FILE` made is written to and takes tables";

/// The help for a database that looks like a book and is none.
const NOT_A_BOOK_HELP: &str = "its public views must be those of schema.sql, whatever its tables are";

/// The help for a book whose writer was killed.
const HOT_JOURNAL_HELP: &str = "open it once with the program that was writing, which puts it in order; `pledgebook FILE log` does so for a book of your own";

impl StoreCause {
    /// That a file exists, which the option `--force` writes over.
    #[must_use]
    pub fn output_exists() -> Self {
        Self::OutputExists { by: "--force".to_owned() }
    }

    fn action_why_and_help(&self) -> (&'static str, String, Option<String>) {
        let help = |text: &str| Some(text.to_owned());
        let missing = || ": there is no such file".to_owned();
        match self {
            StoreCause::NotFound { near: None } => {
                ("open", missing(), help("leave the file out to ask the bundled book"))
            }
            StoreCause::Missing(with) => ("open", missing(), help(with)),
            StoreCause::NoBookToChange => ("open", missing(), help("`pledgebook init FILE` makes a book")),
            StoreCause::NotFound { near } => ("open", missing(), did_you_mean(near.as_ref())),
            StoreCause::TextNotFound { near } => ("read", missing(), did_you_mean(near.as_ref())),
            StoreCause::Directory => ("open", ": it is a directory".to_owned(), help("name a file in it")),
            StoreCause::NotARegularFile => {
                ("open", ": it is a pipe or a device, not a regular file".to_owned(), help("copy it to a file first"))
            }
            StoreCause::CannotOpen(why) => ("open", format!(": {why}"), None),
            StoreCause::NotADatabase => (
                "open",
                ": it is not a SQLite database".to_owned(),
                help("a table is asked by `--table FILE`; a script or SQL file is run with `-f FILE`"),
            ),
            StoreCause::Corrupt(why) => {
                let why = format!(": the database is damaged: {why}");
                ("read", why, help("restore it from a copy; nothing was written to it"))
            }
            StoreCause::NewerSchema { found, known } => {
                let why = format!(": its schema is version {found}, this program knows up to {known}");
                ("open", why, help("open it with the pledgebook that made it, or a later one"))
            }
            StoreCause::Locked => {
                ("read", ": another process holds its lock".to_owned(), help("try again when that has ended"))
            }
            StoreCause::ChangedImport { view, source, why } => {
                let why = format!(" as a book: the view `{view}` is not the one that the import {source} made: {why}");
                let with = format!("`pledgebook FILE drop {source}` takes the import back; then import its file again");
                ("open", why, Some(with))
            }
            StoreCause::NotABook(why) => ("open", format!(" as a book: {why}"), help(NOT_A_BOOK_HELP)),
            StoreCause::NotOwnBook => ("open", NOT_OWN.to_owned(), help(OWN_HELP)),
            StoreCause::HotJournal => {
                ("open", ": a write to it was cut short, and its log is beside it".to_owned(), help(HOT_JOURNAL_HELP))
            }
            StoreCause::CannotRecover(why) => {
                let why = format!(": a write to it was cut short, and can't be taken back here: {why}");
                ("open", why, help("copy it with its `-journal` into a directory of your own, and open it there"))
            }
            StoreCause::OutputExists { by } => {
                ("write", ": it exists".to_owned(), Some(format!("`{by}` writes over it")))
            }
            StoreCause::CannotWrite(why) => ("write", format!(": {why}"), None),
            StoreCause::Server(cause) => cause.verb_why_and_help(),
            StoreCause::CannotReadText(why) => ("read", format!(": {why}"), None),
            StoreCause::TextTooLong(limit, most) => {
                let why = format!(": it is longer than {most} MiB, the limit of {}", limit.spec().name);
                ("read", why, Some(limit.help()))
            }
        }
    }
}
