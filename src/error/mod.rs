//! Errors as data: one enum a stage, each with its words beside it, and what the process exits with. Nothing
//! here draws or prints, and nothing here imports another module of the program.

mod cures;
mod function;
mod limit;
mod magnitude;
mod place;
mod quantity;
mod report;
mod script;
mod sql;
mod store;
pub mod suggest;
mod superseded;
mod usage;

pub use function::FunctionCause;
pub use limit::{About, Limit, LimitError};
pub(crate) use magnitude::power_of_ten;
pub use place::Place;
pub use quantity::QuantityError;
pub use report::{Frame, Report, did_you_mean};
pub use script::{ScriptCause, ScriptError};
pub use sql::{SERIES_CURE, SqlCause, SqlError};
pub use store::{StoreCause, StoreError};
pub use superseded::SupersededFact;
pub use usage::UsageError;

use std::{fmt, io};

/// The error of a wrong argument, with what to write instead.
#[must_use]
pub fn wrong(message: &str, cure: &str) -> Error {
    UsageError::WrongArgument { message: message.to_owned(), cure: cure.to_owned() }.into()
}

/// Any error of the program.
#[derive(Debug)]
pub enum Error {
    /// Wrong use of the command line or of a script's parameters.
    Usage(UsageError),
    /// A file that can't be opened, read or written.
    Store(StoreError),
    /// SQL that can't be prepared or run.
    Sql(Box<SqlError>),
    /// A script that can't be compiled or run.
    Script(Box<ScriptError>),
    /// The writer of results failed; a broken pipe ends the program silently.
    Output(io::Error),
    /// Expectations that did not hold: where each stands, labelled with its text.
    Expectation(Vec<Frame>),
    /// A checked figure that the book does not bear out, which the answer has said.
    NotInBook,
    /// Checked figures, of several, that can't be read: the answer has said why.
    NotRead {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
    },
    /// Examples of scripts that answered otherwise.
    Examples {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
    },
    /// A limit that is reached.
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
            Error::Usage(UsageError::Denied { .. }) => 6,
            Error::Usage(_) | Error::NotRead { .. } => 2,
            Error::Sql(error) => error.cause.exit_code(),
            Error::Script(error) => error.cause.exit_code(),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Error::Store(StoreError { cause: StoreCause::TooLong(..), .. }) => 4,
            Error::Store(_) | Error::Output(_) => 3,
            Error::Expectation(_) | Error::NotInBook | Error::Examples { .. } => 5,
            Error::Limit(_) => 4,
            Error::Interrupted => 130,
            Error::Fault(_) => 70,
        }
    }

    /// The error in words; `None` for what ends silently.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        match self {
            Error::Usage(error) => Some(error.report()),
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

macro_rules! error_from {
    ($($stage:ident: $type:ty),*) => {$(
        impl From<$type> for Error {
            fn from(error: $type) -> Self {
                Error::$stage(error)
            }
        }
    )*};
}
error_from!(Usage: UsageError, Store: StoreError);

/// Writers go on by themselves where the system interrupts them, so that one which says so was told to end.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::Interrupted { Error::Interrupted } else { Error::Output(error) }
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
