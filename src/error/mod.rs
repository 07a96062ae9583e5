//! Errors as data: one enum for each layer with its messages, and the exit code of the process. Nothing here draws or prints,
//! and nothing here imports another layer.

mod limit;
mod quantity;
mod report;
mod script;
mod sql;
mod store;
pub mod suggest;

pub use limit::{Limit, LimitError, LimitSpec};
pub use quantity::QuantityError;
pub(crate) use quantity::power_of_ten;
pub use report::{Frame, Place, Report};
pub use script::{ScriptCause, ScriptError};
pub use sql::{FunctionCause, SERIES_HELP, SqlCause, SqlError, SupersededFact};
pub use store::{StoreCause, StoreError};

use std::sync::Arc;
use std::{fmt, io};

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
    /// A command that a sandbox denies, with its dot.
    Denied(&'static str),
    /// A file that can't be opened, read or written.
    Store(StoreError),
    /// SQL that can't be prepared or run.
    Sql(Box<SqlError>),
    /// A script that can't be compiled or run.
    Script(Box<ScriptError>),
    /// The writer of results failed; a broken pipe ends the program silently.
    Output(Arc<io::Error>),
    /// Expectations that failed: the place of each, labelled with its text.
    Expectation(Vec<Frame>),
    /// A checked figure that the book does not support. The answer has reported it.
    NotInBook,
    /// Checked figures, of several, that can't be parsed. The answer has reported each.
    NotRead {
        /// The number that failed.
        failed: usize,
        /// The number of all.
        of: usize,
    },
    /// Examples of scripts with an unexpected answer.
    Examples {
        /// The number that failed.
        failed: usize,
        /// The number of all.
        of: usize,
    },
    /// A limit that was reached.
    Limit(LimitError),
    /// Ctrl-C.
    Interrupted,
    /// A fault of the program itself.
    Fault(String),
}

impl Error {
    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Denied(_) => 6,
            Error::Usage(_) | Error::NotRead { .. } => 2,
            Error::Sql(error) => error.cause.exit_code(),
            Error::Script(error) => error.cause.exit_code(),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Error::Store(StoreError { cause: StoreCause::TextTooLong(..), .. }) => 4,
            Error::Store(_) | Error::Output(_) => 3,
            Error::Expectation(_) | Error::NotInBook | Error::Examples { .. } => 5,
            Error::Limit(_) => 4,
            Error::Interrupted => 130,
            Error::Fault(_) => 70,
        }
    }

    /// The report of the error; `None` if the program ends silently.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        match self {
            Error::Usage(report) => Some(report.clone()),
            Error::Denied(command) => Some(Report::plain(
                format!("`{command}` is denied in a sandbox"),
                Some("leave `--sandbox` out where you trust the text".into()),
            )),
            Error::Store(error) => Some(error.report()),
            Error::Sql(error) => Some(error.report()),
            Error::Script(error) => Some(error.report()),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Error::Output(error) => Some(Report::plain(
                format!("can't write the answer: {error}"),
                Some("the answer above is incomplete".into()),
            )),
            Error::Expectation(frames) => {
                let message = match frames.len() {
                    1 => "an expectation failed".to_owned(),
                    count => format!("{count} expectations failed"),
                };
                Some(Report { frames: frames.clone(), ..Report::plain(message, None) })
            }
            Error::NotInBook => None,
            Error::NotRead { failed, of } => {
                Some(Report::plain(format!("{failed} of {of} figures can't be read"), None))
            }
            Error::Examples { failed, of } => {
                Some(Report::plain(format!("{failed} of {of} examples did not answer as expected"), None))
            }
            Error::Limit(error) => Some(error.report()),
            Error::Interrupted => Some(Report::plain("interrupted", None)),
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

impl From<ScriptError> for Error {
    fn from(error: ScriptError) -> Self {
        Error::Script(Box::new(error))
    }
}
