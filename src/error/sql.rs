//! Errors of preparing and running a statement, with their place in the text that the user wrote, and the errors of functions
//! that take quantities, which scripts share.

use super::suggest::did_you_mean;
use super::{Frame, Limit, Place, QuantityError, Report};

/// A statement's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    /// The cause.
    pub cause: SqlCause,
    /// The place, if it is known.
    pub place: Option<Place>,
}

/// The cause of a statement's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlCause {
    /// A column that none of the tables in scope has.
    UnknownColumn {
        /// As written.
        column: String,
        /// The table or view looked into, if it was the only one.
        table: Option<String>,
        /// A column of a similar name.
        near: Option<String>,
        /// A view that has a column of this name.
        elsewhere: Option<String>,
        /// True where it stands in `"`, as other shells take a text.
        is_quoted: bool,
        /// True if it stands behind a comparison, as a text may.
        is_compared: bool,
        /// True if `.schema` lists the columns of that table.
        is_listed: bool,
        /// The help on an id of the book, or a word of another database, which is none of the above.
        of_id: Option<String>,
    },
    /// A table or view that the book does not have.
    UnknownTable {
        /// As written.
        table: String,
        /// A table or view of a similar name.
        near: Option<String>,
        /// True in a script, where the name may be meant for one of the script's tables.
        in_script: bool,
        /// The help on a table function of another database, or on the file of an imported table.
        help: Option<String>,
    },
    /// A function that SQL does not have here.
    UnknownFunction {
        /// As written.
        function: String,
        /// A function of a similar name.
        near: Option<String>,
        /// What SQLite writes for a function of another database.
        help: Option<String>,
    },
    /// A syntax error near a word.
    Syntax {
        /// The word, or the phrase of another database.
        near: String,
        /// The keyword that was probably meant.
        meant: Option<String>,
        /// The help, where there is any.
        help: Option<String>,
    },
    /// An incomplete statement.
    Incomplete {
        /// The missing part, as `a closing '`.
        missing: String,
    },
    /// A parameter `:name` without a value.
    Unbound {
        /// Without its colon.
        name: String,
        /// A name of a similar spelling that is bound.
        near: Option<String>,
        /// True if a script asked, which hands parameters over.
        in_script: bool,
    },
    /// A value that SQL has no type for.
    UnsupportedValue {
        /// The parameter's name, without its colon.
        name: String,
        /// The value, described.
        what: String,
    },
    /// An action that the authorizer denies.
    Denied {
        /// `a question`, or `an entry` that writes.
        subject: &'static str,
        /// The action, as `write to the book`.
        action: String,
        /// The help.
        help: String,
    },
    /// A quantity under an operator or function of SQL that knows no units.
    UnitsDropped {
        /// The operator or function as written, in backticks; or the action of the statement, described.
        operator: String,
        /// The quantity's column.
        column: String,
        /// The help.
        help: String,
    },
    /// A statement, a call or a value that is refused.
    Refused {
        /// The message.
        message: String,
        /// The help.
        help: String,
    },
    /// The failure of a function that takes quantities.
    Function(FunctionCause),
    /// The failure of a script's function.
    Script {
        /// The function.
        function: String,
        /// Its report, with the places in the script.
        report: Box<Report>,
        /// The exit code of the process for it.
        exit_code: u8,
    },
    /// A limit of SQLite that was reached.
    LimitReached {
        /// SQLite's words.
        message: String,
        /// The limit, if an option sets it.
        limit: Option<Limit>,
    },
    /// Any other message of SQLite.
    Other {
        /// SQLite's words.
        message: String,
    },
}

impl SqlCause {
    /// The cause of a statement, a call or a value that is refused.
    pub fn refused(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), help: help.into() }
    }

    /// The cause of a question that does what it may not.
    pub fn denied_question(action: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Denied { subject: "a question", action: action.into(), help: help.into() }
    }

    /// The cause of a result column that would have quantities and other values.
    #[must_use]
    pub fn mixed_column(column: &str) -> Self {
        let message = format!("`{column}` would be in one column with values that are no quantities");
        Self::refused(message, "give it a column of its own, or NULL in the other branch")
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            SqlCause::Denied { .. } => 6,
            SqlCause::LimitReached { .. } => 4,
            SqlCause::Script { exit_code, .. } => *exit_code,
            _ => 1,
        }
    }

    /// True if the message may have several lines, because a script threw it.
    pub(super) fn has_lines(&self) -> bool {
        matches!(self, SqlCause::Script { report, .. } if report.has_lines)
    }

    /// The message, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            SqlCause::UnknownColumn { column, table: Some(table), .. } => format!("`{table}` has no column `{column}`"),
            SqlCause::UnknownColumn { column, table: None, .. } => format!("there is no column `{column}`"),
            SqlCause::UnknownTable { table, .. } => format!("there is no table or view `{table}`"),
            SqlCause::UnknownFunction { function, .. } => format!("there is no SQL function `{function}`"),
            SqlCause::Syntax { near, .. } => format!("`{near}` does not fit here"),
            SqlCause::Incomplete { missing } => format!("the statement is unfinished: {missing} is missing"),
            SqlCause::Unbound { name, .. } => format!("nothing is given for `:{name}`"),
            SqlCause::UnsupportedValue { name, what } => format!("can't bind `:{name}`: SQL can't hold {what}"),
            SqlCause::Denied { subject, action, .. } => format!("{subject} can't {action}"),
            SqlCause::UnitsDropped { operator, column, .. } => {
                format!("{operator} in SQL would drop the unit and the facts of `{column}`")
            }
            SqlCause::Function(cause) => cause.message(),
            SqlCause::Script { report, .. } => report.message.clone(),
            SqlCause::LimitReached { message, .. } => format!("a limit was reached: {message}"),
            SqlCause::Refused { message, .. } | SqlCause::Other { message } => message.clone(),
        }
    }

    /// The label beside the caret.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            SqlCause::UnknownColumn { near, .. }
            | SqlCause::UnknownTable { near, .. }
            | SqlCause::UnknownFunction { near, .. }
            | SqlCause::Unbound { near, .. }
            | SqlCause::Syntax { meant: near, .. } => did_you_mean(near.as_ref()),
            SqlCause::Function(cause) => cause.label(),
            _ => None,
        }
    }

    /// The help.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            SqlCause::UnknownColumn { of_id: Some(help), is_quoted: false, .. } => Some(help.clone()),
            SqlCause::UnknownColumn { column, near: None, is_quoted: true, .. } => Some(text_help(column)),
            SqlCause::UnknownColumn { column, table: Some(table), near: None, elsewhere: Some(view), .. } if table == view => {
                Some(format!("the statement gives `{table}` another name: `{column}` stands behind that one, or alone"))
            }
            SqlCause::UnknownColumn { column, near: None, elsewhere: Some(view), .. } => {
                Some(format!("the view `{view}` has a column `{column}`"))
            }
            SqlCause::UnknownColumn { column, table: Some(table), near: None, is_listed: true, is_compared, .. } => {
                let text = if *is_compared { format!("; {}", text_help(column)) } else { String::new() };
                Some(format!("`.schema {table}` lists its columns{text}"))
            }
            SqlCause::UnknownColumn { column, near: None, is_compared: true, .. } => Some(text_help(column)),
            SqlCause::UnknownFunction { help: Some(help), .. } => Some(help.clone()),
            SqlCause::UnknownFunction { near: None, .. } => {
                Some("`.help sql` lists the functions; a script's own is called where it is in reach".to_owned())
            }
            SqlCause::UnknownTable { help: Some(help), .. } => Some(help.clone()),
            SqlCause::UnknownTable { table, near: None, .. } if is_file(table) => Some(file_help(table)),
            SqlCause::UnknownTable { near: None, in_script: false, .. } => {
                Some("`.tables` lists what the book has".to_owned())
            }
            SqlCause::UnknownTable { table, near: None, .. } => Some(format!(
                "`.tables` lists what the book has; a script's own table is handed over: `query(…, #{{{table}: …}})`"
            )),
            SqlCause::Syntax { help, .. } => help.clone(),
            SqlCause::Unbound { name, .. } if name.starts_with(|c: char| c.is_ascii_digit()) => Some(
                "a value has a name that begins with a letter: `:name`, given by `--param name=VALUE`, `.parameter set :name VALUE` or `let name = …;`"
                    .to_owned(),
            ),
            SqlCause::Unbound { near: None, name, in_script: true } => {
                Some(format!("give it in the map, or as a script variable: `let {name} = …`"))
            }
            SqlCause::Unbound { near: None, name, in_script: false } => {
                Some(format!("`.parameter set :{name} VALUE` gives it, as a script variable does: `let {name} = …;`"))
            }
            SqlCause::UnsupportedValue { .. } => Some("bind a number, a text, a quantity or ()".to_owned()),
            SqlCause::Denied { help, .. } | SqlCause::UnitsDropped { help, .. } | SqlCause::Refused { help, .. } => {
                Some(help.clone())
            }
            SqlCause::Other { message } => help_on(message).map(str::to_owned),
            SqlCause::Function(cause) => cause.help_in_sql(),
            SqlCause::Script { report, .. } => report.help.clone(),
            SqlCause::LimitReached { limit, .. } => Some(limit.map_or("ask for less at once".to_owned(), Limit::help)),
            _ => None,
        }
    }
}

/// The help on a word that is meant as a text.
fn text_help(word: &str) -> String {
    format!("a text stands in single quotes: `'{}'`", word.replace('\'', "''"))
}

/// The help on the range of a series: half of 64 bits, so that the sum of a bound and a step does not overflow.
pub const SERIES_HELP: &str = "keep its bounds and its step within ±4611686018427387903";

/// The help on common messages of SQLite and of the store, by a part of the message.
const HELP: [(&str, &str); 15] = [
    (
        "misuse of aliased window function",
        "a window is known only behind `where`: `select * from (select …, row_number() over (…) as rn from …) where rn = 1`",
    ),
    ("misuse of window function", "a window is known only behind `where`: `select * from (…) where …` asks it"),
    (
        "misuse of a",
        "what is made of many rows is known only behind `where`: `having sum(x) > 3`, behind `group by`, asks it",
    ),
    (
        "BY term out of range",
        "a number there is the place of a column of the result; a column that is called a number has another name: `.schema` lists it",
    ),
    (
        "invalid function or filter parameter type",
        "`generate_series(1, 9)` counts whole numbers; of days: `select date('2025-01-01', value || ' days') from generate_series(0, 30)`",
    ),
    ("cannot VACUUM", "`export FILE.db` writes a copy of the book without what was deleted"),
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

/// The endings of files that other databases ask by their names.
const FILE_ENDINGS: [&str; 7] = ["csv", "tsv", "json", "jsonl", "xlsx", "xls", "parquet"];

/// The functions of other databases that read a file.
const READERS: [&str; 6] = ["read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_parquet", "read_xlsx"];

impl SqlCause {
    /// The cause of a table that is not there, of a similar name as another unless it is that of a file.
    pub fn unknown_table(table: String, near: Option<String>, in_script: bool, help: Option<String>) -> Self {
        let near = near.filter(|_| help.is_none() && !is_file(&table));
        Self::UnknownTable { table, near, in_script, help }
    }
}

/// True for the name of a file, or of a function that reads one, in the place of a table.
fn is_file(table: &str) -> bool {
    let ending = table.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| FILE_ENDINGS.contains(&&*ending)) || READERS.contains(&table)
}

fn file_help(table: &str) -> String {
    let file = if READERS.contains(&table) { "FILE.csv" } else { table };
    format!(
        "a file is named when the program starts: `pledgebook {file}` makes a table of it, `--table {file}` one beside a book"
    )
}

fn help_on(message: &str) -> Option<&'static str> {
    HELP.iter().find(|(words, _)| message.contains(words)).map(|(_, help)| *help)
}

impl SqlError {
    /// An error of unknown place.
    #[must_use]
    pub fn nowhere(cause: SqlCause) -> Self {
        Self { cause, place: None }
    }

    /// The frames of this error: none, or the place in the SQL text; the frames of a script's function that failed come
    /// first.
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
        Report { has_lines, frames, ..Report::plain(self.cause.message(), self.cause.help().or(unshown)) }
    }
}

/// The cause of the failure of a function that takes quantities, in SQL or in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FunctionCause {
    /// An operation on quantities that was refused.
    Quantity(Box<QuantityError>),
    /// An invalid argument.
    InvalidArgument {
        /// The message.
        message: String,
        /// The help.
        help: String,
    },
    /// A fact that a later one corrects.
    Superseded(SupersededFact),
    /// A query of the book that failed: SQLite's message.
    Book(String),
}

impl FunctionCause {
    /// The cause of an invalid argument.
    pub fn argument(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::InvalidArgument { message: message.into(), help: help.into() }
    }

    /// The message, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Quantity(error) => error.message(),
            Self::InvalidArgument { message, .. } | Self::Book(message) => message.clone(),
            Self::Superseded(fact) => fact.message(),
        }
    }

    /// The label beside the caret: the operands.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.label(),
            Self::InvalidArgument { .. } | Self::Superseded(_) | Self::Book(_) => None,
        }
    }

    /// The help, in a script.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.help(),
            _ => self.help_in_sql(),
        }
    }

    /// The help, in SQL.
    #[must_use]
    pub fn help_in_sql(&self) -> Option<String> {
        match self {
            Self::Quantity(error) => error.help_in_sql(),
            Self::InvalidArgument { help, .. } => Some(help.clone()),
            Self::Superseded(fact) => Some(fact.help()),
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
    /// The fact that corrects it: `F91`.
    pub by: String,
}

impl SupersededFact {
    /// The message, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        format!("`{}` is superseded by `{}`", self.id, self.by)
    }

    /// The help.
    #[must_use]
    pub fn help(&self) -> String {
        format!("name `{}`, the fact that corrects it", self.by)
    }
}
