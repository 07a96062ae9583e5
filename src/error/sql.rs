//! Errors of preparing and running a statement, with their place in the text that the user wrote, and the errors of functions
//! that take quantities, which scripts share.

use super::suggest::did_you_mean;
use super::{Frame, Limit, Place, QuantityError, Report};

/// A statement's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    /// What is wrong.
    pub cause: SqlCause,
    /// Where, if SQLite or the program can tell.
    pub place: Option<Place>,
}

/// What is wrong with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlCause {
    /// A column that none of the tables in reach has.
    NoColumn {
        /// As written.
        column: String,
        /// The table or view looked into, if it was the only one.
        table: Option<String>,
        /// A column of a similar name.
        near: Option<String>,
        /// A view that has a column of this name.
        elsewhere: Option<String>,
    },
    /// A table or view that the book does not have.
    NoTable {
        /// As written.
        table: String,
        /// A table or view of a similar name.
        near: Option<String>,
        /// Whether a script asks, which may have meant a table of its own.
        in_script: bool,
    },
    /// `last`, where there is none.
    NoLast {
        /// Why there is none.
        why: String,
    },
    /// A function that SQL does not have here.
    NoFunction {
        /// As written.
        function: String,
        /// A function of a similar name.
        near: Option<String>,
    },
    /// A word that does not fit where it stands.
    Syntax {
        /// The word.
        near: String,
    },
    /// A statement that ends before it is whole.
    Incomplete {
        /// What is missing, as `a closing '`.
        missing: String,
    },
    /// `:name` that nothing was given for.
    Unbound {
        /// Without its colon.
        name: String,
        /// A name of a similar spelling that is bound.
        near: Option<String>,
    },
    /// A parameter that is the id of a fact which a later one corrects.
    Superseded(SupersededFact),
    /// A value that SQL can't hold.
    Unbindable {
        /// The parameter's name, without its colon.
        name: String,
        /// What it holds, in words.
        what: String,
    },
    /// What no question may do.
    Denied {
        /// The action, as `write to the book`.
        action: String,
        /// What to do instead.
        cure: String,
    },
    /// A quantity under an operator or function of SQL that knows no units.
    Misused {
        /// The operator or function as written, in backticks; or what the statement does, in words.
        operator: String,
        /// The quantity's column.
        column: String,
        /// What to write instead.
        cure: String,
    },
    /// A statement that takes a quantity where it is not followed.
    NotFollowed,
    /// A result column that would hold quantities and other values.
    Mixed {
        /// The quantity's column.
        column: String,
    },
    /// A column of quantities in which a value is none.
    NotAQuantity {
        /// The column's name.
        column: String,
        /// Why the value can't be read.
        why: String,
    },
    /// A function that takes quantities can't answer.
    Function(FunctionCause),
    /// A script's function failed.
    Script {
        /// The function.
        function: String,
        /// What is wrong in it, and where.
        report: Box<Report>,
        /// What the process exits with for that.
        exit_code: u8,
    },
    /// A bound of `generate_series` beyond half of 64 bits.
    TooFar,
    /// A limit of SQLite was reached.
    TooBig {
        /// SQLite's words.
        message: String,
        /// The one that an option sets.
        limit: Option<Limit>,
    },
    /// A call of one of the program's own functions that it does not take.
    Call {
        /// What is wrong, in words.
        message: String,
        /// How the function is written.
        signature: String,
    },
    /// Anything else that SQLite says.
    Other {
        /// SQLite's words.
        message: String,
    },
}

impl SqlCause {
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            SqlCause::Denied { .. } => 6,
            SqlCause::TooBig { .. } => 4,
            SqlCause::Script { exit_code, .. } => *exit_code,
            _ => 1,
        }
    }

    /// Whether the message is one that a script throws.
    pub(super) fn has_lines(&self) -> bool {
        matches!(self, SqlCause::Script { report, .. } if report.has_lines)
    }

    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            SqlCause::NoColumn { column, table: Some(table), .. } => format!("`{table}` has no column `{column}`"),
            SqlCause::NoColumn { column, table: None, .. } => format!("there is no column `{column}`"),
            SqlCause::NoTable { table, .. } => format!("there is no table or view `{table}`"),
            SqlCause::NoLast { why } => format!("there is no `last`: {why}"),
            SqlCause::NoFunction { function, .. } => format!("there is no SQL function `{function}`"),
            SqlCause::Syntax { near } => format!("`{near}` does not fit here"),
            SqlCause::Incomplete { missing } => format!("the statement is unfinished: {missing} is missing"),
            SqlCause::Unbound { name, .. } => format!("nothing is given for `:{name}`"),
            SqlCause::Superseded(fact) => fact.message(),
            SqlCause::Unbindable { name, what } => format!("can't bind `:{name}`: SQL can't hold {what}"),
            SqlCause::Denied { action, .. } => format!("a question can't {action}"),
            SqlCause::Misused { operator, column, .. } => {
                format!("{operator} in SQL would drop the unit and the facts of `{column}`")
            }
            SqlCause::NotFollowed => "a quantity can't be followed through a statement of this kind".to_owned(),
            SqlCause::Mixed { column } => {
                format!("`{column}` would stand in one column with values that are no quantities")
            }
            SqlCause::NotAQuantity { column, why } => format!("a value of `{column}` is no quantity: {why}"),
            SqlCause::Function(cause) => cause.message(),
            SqlCause::Script { report, .. } => report.message.clone(),
            SqlCause::TooFar => "`generate_series` can't count so far: its numbers have 64 bits".to_owned(),
            SqlCause::TooBig { message, .. } => format!("a limit was reached: {message}"),
            SqlCause::Call { message, .. } | SqlCause::Other { message } => message.clone(),
        }
    }

    /// What stands beside the caret.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            SqlCause::NoColumn { near, .. }
            | SqlCause::NoTable { near, .. }
            | SqlCause::NoFunction { near, .. }
            | SqlCause::Unbound { near, .. } => did_you_mean(near.as_ref()),
            SqlCause::Function(cause) => cause.label(),
            _ => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> Option<String> {
        match self {
            SqlCause::NoColumn { column, near: None, elsewhere: Some(view), .. } => {
                Some(format!("the view `{view}` has a column `{column}`"))
            }
            SqlCause::NoFunction { near: None, .. } => {
                Some("`.help sql` lists the functions; a script's own is called where it is in reach".to_owned())
            }
            SqlCause::NoTable { near: None, in_script: false, .. } => {
                Some("`.tables` lists what the book has".to_owned())
            }
            SqlCause::NoTable { table, near: None, .. } => Some(format!(
                "`.tables` lists what the book has; a script's own table is handed over: `query(…, #{{{table}: …}})`"
            )),
            SqlCause::Unbound { near: None, name } => {
                Some(format!("give it in the map, or as a script variable: `let {name} = …`"))
            }
            SqlCause::Superseded(fact) => Some(fact.cure()),
            SqlCause::Unbindable { .. } => Some("bind a number, a text, a quantity or ()".to_owned()),
            SqlCause::Denied { cure, .. } | SqlCause::Misused { cure, .. } => Some(cure.clone()),
            SqlCause::Call { signature, .. } => Some(format!("it is written `{signature}`")),
            SqlCause::Other { message } => cure_of(message).map(str::to_owned),
            SqlCause::NotFollowed => Some("select it in a statement of its own".to_owned()),
            SqlCause::Mixed { .. } => Some("give it a column of its own, or NULL in the other branch".to_owned()),
            SqlCause::NotAQuantity { .. } => Some("write a quantity as `1600000000 GBP [F29]`".to_owned()),
            SqlCause::Function(cause) => cause.cure_in_sql(),
            SqlCause::Script { report, .. } => report.cure.clone(),
            SqlCause::TooFar => Some(SERIES_CURE.to_owned()),
            SqlCause::TooBig { limit, .. } => Some(limit.map_or("ask for less at once".to_owned(), Limit::cure)),
            _ => None,
        }
    }
}

/// How far a series may count: half of what 64 bits hold, so that no sum of a bound and a step leaves them.
pub const SERIES_CURE: &str = "keep its bounds and its step within ±4611686018427387904";

/// What to do about the commoner complaints of SQLite and of the store, by words in them.
const CURES: [(&str, &str); 9] = [
    ("ambiguous column name", "say whose it is: `table.column`"),
    ("integer overflow", "SQL's whole numbers have 64 bits; quantities hold 28 digits"),
    ("non-deterministic functions", "compute it in a question, which a `create temp view` keeps"),
    ("circular reference", "give that part of the statement another name"),
    ("CHECK constraint failed", "the table itself asks for this: store another value"),
    ("are one name", "SQL ignores letter case: give one of them another name"),
    ("as a table: it holds", "a table holds numbers, texts, quantities and ()"),
    ("and so has the script", "give the script's another name"),
    ("` is not valid UTF-8", "name the columns that you want, and leave it out"),
];

fn cure_of(message: &str) -> Option<&'static str> {
    CURES.iter().find(|(words, _)| message.contains(words)).map(|(_, cure)| *cure)
}

impl SqlError {
    /// An error whose place is not known.
    #[must_use]
    pub fn nowhere(cause: SqlCause) -> Self {
        Self { cause, place: None }
    }

    /// The frames of this error: none, or the place in the SQL text; where a script's function failed, those within it
    /// before.
    #[must_use]
    pub fn frames(&self) -> Vec<Frame> {
        let at = |label: Option<String>| -> Vec<Frame> {
            self.place.iter().map(|place| Frame { place: place.clone(), label: label.clone() }).collect()
        };
        match &self.cause {
            SqlCause::Script { function, report, .. } if !report.frames.is_empty() => {
                let calling = at(Some(format!("in `{function}`, called here")));
                [report.frames.clone(), calling].concat()
            }
            cause => at(cause.label()),
        }
    }

    pub(super) fn report(&self) -> Report {
        let frames = self.frames();
        let unshown = if frames.is_empty() { self.cause.label() } else { None };
        let has_lines = self.cause.has_lines();
        Report { has_lines, frames, ..Report::plain(self.cause.message(), self.cause.cure().or(unshown)) }
    }
}

/// Why a function can't answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionCause {
    /// A rule of quantities was broken.
    Quantity(Box<QuantityError>),
    /// It was given a value that it can't take.
    Argument {
        /// What is wrong with it.
        message: String,
        /// What to give instead.
        cure: String,
    },
    /// It was given a fact that a later one corrects.
    Superseded(SupersededFact),
    /// The book could not be asked, in SQLite's words.
    Book(String),
}

impl FunctionCause {
    /// A value that a function can't take.
    pub fn argument(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self::Argument { message: message.into(), cure: cure.into() }
    }

    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Quantity(error) => error.message(),
            Self::Argument { message, .. } | Self::Book(message) => message.clone(),
            Self::Superseded(fact) => fact.message(),
        }
    }

    /// What stands beside the caret: the operands.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.label(),
            Self::Argument { .. } | Self::Superseded(_) | Self::Book(_) => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.cure(),
            _ => self.cure_in_sql(),
        }
    }

    /// What to do about it, in SQL.
    #[must_use]
    pub fn cure_in_sql(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.cure_in_sql(),
            Self::Argument { cure, .. } => Some(cure.clone()),
            Self::Superseded(fact) => Some(fact.cure()),
            Self::Book(_) => None,
        }
    }
}

impl From<QuantityError> for FunctionCause {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(Box::new(error))
    }
}

/// A fact that a later one corrects, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupersededFact {
    /// As written: `F30`.
    pub id: String,
    /// The fact that corrects it: `F56`.
    pub by: String,
}

impl SupersededFact {
    /// What is wrong, in a line.
    #[must_use]
    pub fn message(&self) -> String {
        format!("`{}` is superseded by `{}`", self.id, self.by)
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        format!("name `{}`, the fact that corrects it", self.by)
    }
}
