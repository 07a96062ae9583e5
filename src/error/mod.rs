//! Errors as data: one enum for each layer with its messages, and the exit code of the process. Nothing here draws or prints,
//! and nothing here imports another layer. Wrong use of the command line is in this file.

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

use std::{fmt, io};

/// The error of a wrong argument, with its help.
#[must_use]
pub fn usage_error(message: &str, help: &str) -> Error {
    UsageError::InvalidArgument { message: message.to_owned(), help: help.to_owned() }.into()
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
            Error::Usage(UsageError::Denied { .. }) => 6,
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

/// Writers retry by themselves after a system interrupt, so an `Interrupted` error means Ctrl-C.
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

/// Wrong use of scripts, commands, the config file or output files. Options are checked and reported by the command line's parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageError {
    /// A script found neither in the library nor in the file system.
    UnknownScript {
        /// The name as written.
        name: String,
        /// A script of a similar name.
        near: Option<String>,
    },
    /// A parameter that the script does not have.
    UnknownParameter {
        /// The script.
        script: String,
        /// As written, without dashes.
        parameter: String,
        /// A parameter of a similar name.
        near: Option<String>,
    },
    /// A parameter without its value.
    MissingValue {
        /// The parameter, without dashes.
        parameter: String,
    },
    /// A parameter that occurs twice.
    DuplicateParameter {
        /// The parameter, without dashes.
        parameter: String,
    },
    /// A word in place of a parameter.
    UnexpectedWord {
        /// The word.
        word: String,
    },
    /// A value that is not of the parameter's type.
    InvalidValue {
        /// The parameter, without dashes.
        parameter: String,
        /// The value as written.
        value: String,
        /// The type, with an example: `a whole number, as 2`.
        wanted: String,
        /// The help, if there is any.
        help: Option<String>,
    },
    /// A script whose header can't be read.
    InvalidHeader {
        /// The script.
        script: String,
        /// The reason.
        why: String,
    },
    /// An unknown command of the prompt.
    UnknownCommand {
        /// As written, with its dot.
        command: String,
        /// A command of a similar name.
        near: Option<String>,
    },
    /// A command of the prompt with a wrong argument.
    InvalidArgument {
        /// The message.
        message: String,
        /// The help.
        help: String,
    },
    /// An action that a sandbox denies.
    Denied {
        /// The action: `.read`.
        what: String,
    },
    /// An invalid line of the config file.
    Config {
        /// The message.
        message: String,
        /// Its place.
        place: Place,
        /// The help.
        help: Option<String>,
    },
    /// An output file whose extension names no format.
    UnknownFormat {
        /// The file.
        path: String,
        /// The extensions that name one.
        endings: String,
    },
}

impl UsageError {
    pub(super) fn report(&self) -> Report {
        let frames = match self {
            UsageError::Config { place, .. } => vec![Frame { place: place.clone(), label: None }],
            _ => Vec::new(),
        };
        Report { frames, ..Report::plain(self.message(), self.help()) }
    }

    fn message(&self) -> String {
        match self {
            UsageError::UnknownScript { name, .. } => format!("there is no script `{name}`"),
            UsageError::UnknownParameter { script, parameter, .. } => {
                format!("`{script}` has no parameter `--{parameter}`")
            }
            UsageError::MissingValue { parameter } => format!("`--{parameter}` needs a value"),
            UsageError::DuplicateParameter { parameter } => format!("`--{parameter}` is given twice"),
            UsageError::UnexpectedWord { word } => format!("`{word}` belongs to no parameter"),
            UsageError::InvalidValue { parameter, value, wanted, .. } => {
                format!("`--{parameter}` wants {wanted}, not `{value}`")
            }
            UsageError::InvalidHeader { script, why } => format!("can't read the header of `{script}`: {why}"),
            UsageError::UnknownCommand { command, .. } => format!("there is no command `{command}`"),
            UsageError::Denied { what } => format!("{what} is denied in a sandbox"),
            UsageError::InvalidArgument { message, .. } | UsageError::Config { message, .. } => message.clone(),
            UsageError::UnknownFormat { path, .. } => format!("can't tell a format from the name `{path}`"),
        }
    }

    fn help(&self) -> Option<String> {
        let meant = |near: &Option<String>, otherwise: &str| {
            Some(near.as_ref().map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?")))
        };
        match self {
            UsageError::UnknownScript { near, .. } => {
                meant(near, "`pledgebook scripts` lists them; a path runs a file")
            }
            UsageError::UnknownParameter { near, script, .. } => match near {
                Some(near) => Some(format!("did you mean `--{near}`?")),
                None => Some(format!("`pledgebook run {script} --help` lists them")),
            },
            UsageError::MissingValue { parameter } => Some(format!("write `--{parameter} VALUE`")),
            UsageError::UnexpectedWord { .. } => Some("write `--NAME VALUE`".to_owned()),
            UsageError::UnknownCommand { near, .. } => meant(near, "`.help` lists them"),
            UsageError::InvalidArgument { help, .. } => Some(help.clone()),
            UsageError::Denied { .. } => Some("leave `--sandbox` out where you trust the text".to_owned()),
            UsageError::UnknownFormat { endings, .. } => Some(format!("end it in {endings}, or say `--format`")),
            UsageError::InvalidValue { help, .. } | UsageError::Config { help, .. } => help.clone(),
            UsageError::InvalidHeader { .. } | UsageError::DuplicateParameter { .. } => None,
        }
    }
}
