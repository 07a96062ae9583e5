//! Errors of compiling and running a script, with every place that the error passed through.

use super::suggest::did_you_mean;
use super::{Frame, FunctionCause, Limit, QuantityError, Report, SqlCause, SupersededFact};

/// The help on a limit that no option sets.
const FIXED: &str = "do with less: nothing sets this limit, and `.limits` lists it";

/// A script's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The cause.
    pub cause: ScriptCause,
    /// The innermost place first, then the calls that led to it.
    pub frames: Vec<Frame>,
}

/// The cause of a script's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptCause {
    /// A syntax error.
    Syntax(String),
    /// An incomplete script.
    Incomplete {
        /// The missing part, as `a closing }`.
        missing: String,
    },
    /// An undefined variable.
    UndefinedVariable {
        /// As written.
        name: String,
        /// A name in scope of a similar spelling.
        near: Option<String>,
    },
    /// An id that the book does not have.
    UnknownId {
        /// As written: `F99`.
        id: String,
        /// The ids of the book, as `facts F01 to F55`.
        range: String,
        /// The id of the same number, where it is only written otherwise.
        near: Option<String>,
    },
    /// The id of a fact that a later one corrects.
    Superseded(SupersededFact),
    /// A function that does not exist, or not for these values.
    UnknownFunction {
        /// Its name.
        name: String,
        /// The arguments it was called with, described.
        given: String,
        /// A function of a similar name, or the ways in which this one can be called.
        near: Option<String>,
    },
    /// A column that a row or table does not have.
    UnknownColumn {
        /// As written.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
        /// The one of a similar name.
        near: Option<String>,
    },
    /// A key that a map does not have.
    UnknownKey {
        /// As written.
        key: String,
        /// A key of a similar name.
        near: Option<String>,
    },
    /// Values that an operator does not take.
    UnsupportedOperands {
        /// The operator.
        operator: String,
        /// The left value, described.
        left: String,
        /// The right value, described.
        right: String,
        /// The help.
        help: String,
    },
    /// A rule of quantities was broken.
    Quantity(Box<QuantityError>),
    /// SQL inside the script failed.
    Sql(Box<SqlCause>),
    /// A whole number beyond 64 bits.
    Overflow {
        /// The operation, as `9223372036854775807 + 1`.
        operation: String,
    },
    /// A function was given a value that it can't take.
    InvalidArgument {
        /// The message.
        message: String,
        /// The help.
        help: String,
    },
    /// `throw`.
    Thrown(String),
    /// A module that was not found.
    UnknownModule {
        /// As the script names it.
        name: String,
        /// The places searched, described.
        sought: String,
        /// The help.
        help: String,
        /// A module of a similar name.
        near: Option<String>,
    },
    /// A file that a script may not read.
    Denied {
        /// The denied action, as `import `../x`: it leads …`.
        action: String,
        /// The help.
        help: String,
    },
    /// A limit was reached.
    LimitReached {
        /// The limit, described.
        message: String,
        /// The limit, if an option sets it.
        limit: Option<Limit>,
    },
    /// Any other message of the engine.
    Other(String),
}

impl ScriptCause {
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            ScriptCause::LimitReached { .. } => 4,
            ScriptCause::Denied { .. } => 6,
            ScriptCause::Sql(cause) => cause.exit_code(),
            _ => 1,
        }
    }

    /// The message, in one line unless a script threw it.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            ScriptCause::Syntax(message)
            | ScriptCause::Other(message)
            | ScriptCause::InvalidArgument { message, .. } => message.clone(),
            ScriptCause::Incomplete { missing } => format!("the script is unfinished: {missing} is missing"),
            ScriptCause::UndefinedVariable { name, .. } => format!("nothing is called `{name}`"),
            ScriptCause::UnknownId { id, .. } => format!("the book has no `{id}`"),
            ScriptCause::Superseded(fact) => fact.message(),
            ScriptCause::UnknownFunction { name, given, .. } => format!("there is no function `{name}` for {given}"),
            ScriptCause::UnknownColumn { column, .. } => format!("there is no column `{column}`"),
            ScriptCause::UnknownKey { key, .. } => format!("the map has no key `{key}`"),
            ScriptCause::UnsupportedOperands { operator, left, right, .. } => {
                format!("`{operator}` does not take {left} and {right}")
            }
            ScriptCause::Quantity(error) => error.message(),
            ScriptCause::Sql(cause) => cause.message(),
            ScriptCause::Overflow { operation } => format!("`{operation}` is beyond a 64-bit whole number"),
            ScriptCause::Thrown(what) => format!("the script threw: {what}"),
            ScriptCause::UnknownModule { name, sought, .. } => format!("there is no module `{name}` {sought}"),
            ScriptCause::Denied { action, .. } => format!("a script can't {action}"),
            ScriptCause::LimitReached { message, .. } => format!("a limit was reached: {message}"),
        }
    }

    /// The label beside the innermost caret.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            ScriptCause::UndefinedVariable { near, .. }
            | ScriptCause::UnknownId { near, .. }
            | ScriptCause::UnknownColumn { near, .. }
            | ScriptCause::UnknownKey { near, .. }
            | ScriptCause::UnknownModule { near, .. } => did_you_mean(near.as_ref()),
            ScriptCause::Quantity(error) => error.label(),
            ScriptCause::Sql(cause) => cause.label(),
            _ => None,
        }
    }

    /// The help.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ScriptCause::UnknownId { range, .. } => Some(format!("it has {range}")),
            ScriptCause::Superseded(fact) => Some(fact.help()),
            ScriptCause::UnknownFunction { near, .. } => near.clone(),
            ScriptCause::UnknownColumn { columns, near: None, .. } => {
                Some(format!("the columns are {}", columns.join(", ")))
            }
            ScriptCause::UnsupportedOperands { help, .. }
            | ScriptCause::InvalidArgument { help, .. }
            | ScriptCause::Denied { help, .. } => Some(help.clone()),
            ScriptCause::UnknownModule { near: None, help, .. } => Some(help.clone()),
            ScriptCause::Quantity(error) => error.help(),
            ScriptCause::Sql(cause) => cause.help(),
            ScriptCause::Overflow { operation } if operation.contains("<<") || operation.contains(">>") => {
                Some("a whole number has 64 bits: shift by less".to_owned())
            }
            ScriptCause::LimitReached { limit, .. } => Some(limit.map_or(FIXED.to_owned(), Limit::help)),
            ScriptCause::Overflow { .. } => {
                Some("write one of them with a point, as `1.0`: decimals hold 28 digits".to_owned())
            }
            _ => None,
        }
    }
}

impl ScriptError {
    pub(super) fn report(&self) -> Report {
        let mut frames = self.frames.clone();
        if let Some(frame) = frames.first_mut().filter(|frame| frame.label.is_none()) {
            frame.label = self.cause.label();
        }
        let unshown = if frames.is_empty() { self.cause.label() } else { None };
        let help = self.cause.help().or(unshown);
        let has_lines = match &self.cause {
            ScriptCause::Thrown(_) => true,
            ScriptCause::Sql(cause) => cause.has_lines(),
            _ => false,
        };
        Report { message: self.cause.message(), has_lines, frames, help }
    }
}

impl From<FunctionCause> for ScriptCause {
    fn from(cause: FunctionCause) -> Self {
        match cause {
            FunctionCause::Quantity(error) => Self::Quantity(error),
            FunctionCause::InvalidArgument { message, help } => Self::InvalidArgument { message, help },
            FunctionCause::Superseded(fact) => Self::Superseded(fact),
            FunctionCause::Book(message) => Self::Other(message),
        }
    }
}
