//! Errors of compiling and running a script, with every place that the error passed through.

use super::suggest::did_you_mean;
use super::{Error, Frame, FunctionCause, Limit, Place, Report, SqlCause};

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
    /// An undefined variable.
    UndefinedVariable {
        /// As written.
        name: String,
        /// A name in scope of a similar spelling.
        near: Option<String>,
        /// The help on a word of another language.
        help: Option<String>,
    },
    /// An id, a function, a column, a key or a module that does not exist.
    NotFound {
        /// The message.
        message: String,
        /// The existing one of a similar name.
        near: Option<String>,
        /// The help, where there is any besides the near one.
        help: Option<String>,
    },
    /// A function or an operator was given a value that it does not take.
    Function(FunctionCause),
    /// SQL inside the script failed.
    Sql(Box<SqlCause>),
    /// `throw`.
    Thrown(String),
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
    /// A syntax error, or any other message of the engine.
    Other(String),
}

impl ScriptCause {
    /// The cause of a wrong argument.
    pub fn argument(message: impl Into<String>, help: impl Into<String>) -> Self {
        FunctionCause::argument(message, help).into()
    }

    /// The cause of an incomplete script; `missing` is the missing part, as `a closing }`.
    #[must_use]
    pub fn incomplete(missing: &str) -> Self {
        Self::Other(format!("the script is unfinished: {missing} is missing"))
    }

    /// The cause of a whole number beyond 64 bits; `operation` as `9223372036854775807 + 1`.
    #[must_use]
    pub fn overflow(operation: &str) -> Self {
        let is_shift = operation.contains("<<") || operation.contains(">>");
        let help = if is_shift {
            "a whole number has 64 bits: shift by less"
        } else {
            "write one of them with a point, as `1.0`: decimals hold 28 digits"
        };
        Self::argument(format!("`{operation}` is beyond a 64-bit whole number"), help)
    }

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
            ScriptCause::Other(message) | ScriptCause::NotFound { message, .. } => message.clone(),
            ScriptCause::UndefinedVariable { name, .. } => format!("nothing is called `{name}`"),
            ScriptCause::Function(cause) => cause.message(),
            ScriptCause::Sql(cause) => cause.message(),
            ScriptCause::Thrown(what) => format!("the script threw: {what}"),
            ScriptCause::Denied { action, .. } => format!("a script can't {action}"),
            ScriptCause::LimitReached { message, .. } => format!("a limit was reached: {message}"),
        }
    }

    /// The label beside the innermost caret.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            ScriptCause::UndefinedVariable { near, .. } | ScriptCause::NotFound { near, .. } => {
                did_you_mean(near.as_ref())
            }
            ScriptCause::Function(cause) => cause.label(),
            ScriptCause::Sql(cause) => cause.label(),
            _ => None,
        }
    }

    /// The help.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ScriptCause::UndefinedVariable { help, .. } | ScriptCause::NotFound { help, .. } => help.clone(),
            ScriptCause::Denied { help, .. } => Some(help.clone()),
            ScriptCause::Function(cause) => cause.help(),
            ScriptCause::Sql(cause) => cause.help(),
            ScriptCause::LimitReached { limit, .. } => Some(limit.map_or(FIXED.to_owned(), Limit::help)),
            _ => None,
        }
    }
}

impl ScriptError {
    /// The error at a place, if that is known.
    pub fn at(cause: ScriptCause, place: Option<Place>) -> Error {
        let frames = place.into_iter().map(|place| Frame { place, label: None }).collect();
        Self { cause, frames }.into()
    }

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
        Report { has_lines, frames, ..Report::plain(self.cause.message(), help) }
    }
}

impl From<FunctionCause> for ScriptCause {
    fn from(cause: FunctionCause) -> Self {
        Self::Function(cause)
    }
}
