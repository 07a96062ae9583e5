//! The errors of a statement: SQLite's messages become a cause as data, the place in the user's own text, and the name that was
//! probably meant. Only here are SQLite's messages read. Here too are the statements that are refused by their text, before
//! SQLite prepares them. [`fix_it`] proposes a statement that keeps its units, [`dialect`] says what SQLite writes for a
//! phrase of other databases, [`lints`] warns of one that is valid, [`losses`] of what its plain operators lost,
//! [`operator_warnings`] of what its operators found in quantities, [`plain_functions`] of functions that answer otherwise than expected,
//! [`multiplied`] of joins that repeat records, [`column_lints`] of dates in another form than their columns have.

mod bare_columns;
mod column_lints;
pub(super) mod column_scope;
mod compared_texts;
mod counted_question;
mod counted_totals;
mod date_arithmetic;
mod date_parts;
mod date_texts;
mod dialect;
mod empty_views;
mod fix_it;
mod invalid_texts;
mod joined;
mod joined_names;
mod left_out;
pub(crate) mod lints;
mod literals;
pub(crate) mod losses;
pub(crate) mod multiplied;
mod operator_warnings;
mod plain_functions;
mod series_bounds;
pub(crate) mod shown_totals;
mod source_map;
mod statement_names;
mod text_times;
mod undecided_cases;
mod unknown_values;
mod year_columns;

use super::bind::BoundValues;
use super::dataflow::quantities::{Violation, explain_and_infer_types};
use super::dataflow::stored_reals::stored_columns;
use crate::error::{Error, Limit, SERIES_HELP, SqlCause, SqlError};
use crate::store::series;
use crate::store::{Book, Denial, Failure, FunctionError, PrepareError, RESERVED_PREFIX, Remarks, is_reserved, udf};
use crate::syntax::expr::Tokens;
use crate::syntax::sql::tokens;
use crate::syntax::typography::Typographic;
use crate::syntax::{Text, Token, TokenKind};
pub(crate) use column_lints::ColumnFindings;
pub(crate) use column_scope::columns_of_book;
pub(crate) use counted_question::CountedQuestion;
use fix_it::{Attempt, explain_violation};
pub(crate) use invalid_texts::InvalidTexts;
use invalid_texts::invalid_utf8_name;
pub(crate) use plain_functions::function_warnings;
use rusqlite::{ErrorCode, Statement};
use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::rc::Rc;

/// The source of a text that a script made.
pub(crate) const SCRIPT_SOURCE: &str = "SQL";

/// A statement of more bytes is a long one.
const LONG_BYTES: usize = 600;

/// SQLite's messages about a statement that is deeper or wider than it can be.
const LIMITS: [&str; 10] = [
    "Recursion limit",
    "parser stack overflow",
    "Expression tree is too large",
    "too many columns",
    "too many terms",
    "too many arguments on function",
    "too many references to",
    "nested too deep",
    "tables in a join",
    "too many FROM clause terms",
];

/// A statement within the text that the user wrote.
pub(crate) struct StatementContext {
    pub(crate) book: Rc<Book>,
    pub(crate) text: Text,
    /// The range of the statement in the text.
    pub(crate) range: Range<usize>,
    /// True if quantities take part in it.
    pub(crate) knows_quantities: bool,
    /// The range of the only literal in it that was lowered to a quantity.
    pub(crate) literal: Option<Range<usize>>,
    /// The places in it that the functions of its translation stand for, by the number of their site.
    pub(crate) sites: Vec<Range<usize>>,
    /// The texts that it has read and that are invalid UTF-8.
    pub(crate) invalid_texts: InvalidTexts,
    /// For each result column, true if its values are stored ones; found at its first REAL.
    pub(crate) stored_columns: OnceCell<Vec<bool>>,
}

impl StatementContext {
    pub(crate) fn new(book: &Rc<Book>, text: &Text, range: Range<usize>) -> Self {
        Self {
            book: Rc::clone(book),
            text: text.clone(),
            range,
            knows_quantities: false,
            literal: None,
            sites: Vec::new(),
            invalid_texts: InvalidTexts::default(),
            stored_columns: OnceCell::new(),
        }
    }

    /// True if the values of a result column of the statement, as it runs, are cells as a table stores them.
    pub(crate) fn is_stored(&self, running: &Statement<'_>, column: usize) -> bool {
        let infer = || {
            let sql = running.expanded_sql().unwrap_or_default();
            stored_columns(&self.book, &sql, running.column_count())
        };
        self.stored_columns.get_or_init(infer).get(column).copied().unwrap_or_default()
    }

    /// Takes the remarks of functions; a statement without quantities calls none that has any.
    pub(crate) fn take_remarks(&self) -> Remarks {
        if self.knows_quantities { self.book.take_remarks() } else { Remarks::default() }
    }

    pub(crate) fn sql(&self) -> &str {
        &self.text.whole[self.range.clone()]
    }

    /// The first token that is no comment.
    fn first_token(&self) -> Option<Token> {
        tokens(self.sql()).find(|token| token.kind != TokenKind::Comment)
    }

    /// An error at `width` bytes from `offset` on, in bytes of the statement.
    pub(crate) fn at(&self, cause: SqlCause, offset: usize, width: usize) -> Error {
        SqlError { cause, place: Some(self.text.place(self.range.start + offset, width)) }.into()
    }

    /// An error at a token, or of the statement as a whole.
    pub(crate) fn at_token(&self, cause: SqlCause, token: Option<&Token>) -> Error {
        match token {
            Some(token) => self.at(cause, token.range.start, token.range.len()),
            None => SqlError::nowhere(cause).into(),
        }
    }

    /// An error of `prepare`.
    pub(crate) fn prepare_error(&self, error: impl Into<PrepareError>) -> Error {
        let PrepareError { error, denial } = error.into();
        if let Some(denial) = denial {
            return self.denied(*denial);
        }
        match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                if let Some((range, cause)) = typographic(self.sql()) {
                    return self.at(cause, range.start, range.len());
                }
                let offset = usize::try_from(offset).unwrap_or_default();
                if let Some((range, cause)) = self.name_of_words(offset, &msg) {
                    return self.at(cause, range.start, range.len());
                }
                if let Some((range, mut cause)) = dialect::explain(self.sql(), offset, &msg) {
                    if let (SqlCause::Syntax { near, help, .. }, true) = (&mut cause, self.book.is_book())
                        && near.starts_with("::")
                    {
                        *help = self.cast_help().or(help.take());
                    }
                    return self.at(cause, range.start, range.len());
                }
                if let Some((range, cause)) = self.unquoted_name(offset, &msg) {
                    return self.at(cause, range.start, range.len());
                }
                let token = tokens(self.sql()).find(|token| token.range.end > offset);
                self.at_token(self.cause(&msg), token.as_ref())
            }
            other => self.step_error(other),
        }
    }

    /// The help on `a::int` where `a` is a quantity, whose cast would drop its unit.
    fn cast_help(&self) -> Option<String> {
        let sql = dialect::with_casts(self.sql());
        let bound: &BoundValues = &[];
        let attempt = |sql: &str| match explain_and_infer_types(&self.book, sql, bound, 0) {
            Err(_) => Attempt::Invalid,
            Ok(Ok(_)) => Attempt::Sound,
            Ok(Err(next)) => Attempt::Violates(next),
        };
        let Attempt::Violates(violation) = attempt(&sql) else { return None };
        if violation.operator != "cast" {
            return None;
        }
        match explain_violation(&sql, violation, &attempt, &|quantity| self.unit_of(quantity)) {
            (SqlCause::UnitsDropped { help, column, .. }, _) => Some(format!("`{column}` is a quantity: {help}")),
            _ => None,
        }
    }

    fn denied(&self, Denial { subject, action, help }: Denial) -> Error {
        self.at_token(SqlCause::Denied { subject, action, help }, self.first_token().as_ref())
    }

    /// An error while rows are read, or one of `prepare` that has no offset.
    pub(crate) fn step_error(&self, error: rusqlite::Error) -> Error {
        if let Some(denial) = self.book.take_denial() {
            return self.denied(denial);
        }
        // Remarks from before the failure are not about an answer.
        drop(self.take_remarks());
        if let Some(failed) = self.book.take_function_error() {
            return self.function_error(failed);
        }
        if let Some(file) = self.book.file_error(&error) {
            return file.into();
        }
        if let Some(rows) = self.book.rows_error(&error) {
            return rows;
        }
        match (error.sqlite_error_code(), error) {
            (Some(ErrorCode::OperationInterrupted), _) => Error::Interrupted,
            (Some(ErrorCode::OutOfMemory), _) if self.book.stop().limits().most(Limit::Memory) > 0 => {
                self.book.stop().raise_at(Limit::Memory);
                self.book.stop().cause()
            }
            (Some(ErrorCode::TooBig), error) => SqlError::nowhere(too_big(message_of(&error))).into(),
            (Some(ErrorCode::OutOfMemory), error) => {
                SqlError::nowhere(SqlCause::LimitReached { message: message_of(&error), limit: None }).into()
            }
            (_, rusqlite::Error::SqliteFailure(_, Some(message))) => {
                let cause = self.cause(&message);
                let is_series = message == series::MESSAGE;
                let subject = if is_series { Some(series::SERIES.to_owned()) } else { subject(&cause) };
                let token = subject.and_then(|name| self.token(&name));
                let end = matches!(cause, SqlCause::Incomplete { .. }).then(|| self.sql().len());
                end.map_or_else(|| self.at_token(cause.clone(), token.as_ref()), |end| self.at(cause.clone(), end, 1))
            }
            (_, error) => SqlError::nowhere(SqlCause::Other { message: message_of(&error) }).into(),
        }
    }

    /// The error of a failed function. That of a script's function which is not the script's own is passed on as it is.
    fn function_error(&self, FunctionError { function, site, cause }: FunctionError) -> Error {
        let literal = || {
            let range = self.literal.clone().filter(|_| function == "q")?;
            Some(Token { kind: TokenKind::String, range, is_closed: true })
        };
        let site =
            site.and_then(|site| self.site(site)).map(|range| Token { kind: TokenKind::Word, range, is_closed: true });
        let token = site.or_else(|| self.only_token(&function)).or_else(literal);
        match cause {
            Failure::BuiltIn(cause) => self.at_token(SqlCause::Function(cause), token.as_ref()),
            Failure::Script(error) => match (&error, error.report()) {
                (Error::Script(_), Some(report)) => {
                    let (function, exit_code) = (function.into_owned(), error.exit_code());
                    self.at_token(SqlCause::Script { function, report: Box::new(report), exit_code }, token.as_ref())
                }
                _ => error,
            },
        }
    }

    /// The place in the statement that a function of its translation stands for.
    fn site(&self, site: usize) -> Option<Range<usize>> {
        self.sites.get(site).cloned().filter(|range| !range.is_empty())
    }

    /// The argument of the aggregate at a site of the translation.
    pub(crate) fn argument_at(&self, site: i64) -> Option<String> {
        let called = self.site(usize::try_from(site).ok()?)?;
        let tokens = Tokens::new(self.sql());
        let open = (0..tokens.count()).find(|at| tokens.bytes(&(*at..at + 1)).start >= called.end)?;
        let (arguments, _) = tokens.arguments(open)?;
        arguments.first().map(|argument| tokens.text(argument).to_owned())
    }

    /// The error of a quantity handed to something that knows no units, with a fix-it.
    pub(crate) fn violation_error(&self, violation: Violation, bound: &BoundValues) -> Error {
        // An attempt takes as long as the statement did: a long one gets fewer.
        let left = Cell::new(if self.sql().len() > LONG_BYTES { 8 } else { 40 });
        let attempt = |sql: &str| {
            if left.get() == 0 {
                return Attempt::Invalid;
            }
            left.set(left.get() - 1);
            match explain_and_infer_types(&self.book, sql, bound, 0) {
                Err(_) => Attempt::Invalid,
                Ok(Ok(_)) => Attempt::Sound,
                Ok(Err(next)) => Attempt::Violates(next),
            }
        };
        let scripted = self.book.quantity_help(&violation.operator);
        let is_kept = violation.operator == "storing" && self.book.is_writable();
        let (mut cause, token) = explain_violation(self.sql(), violation, &attempt, &|quantity| self.unit_of(quantity));
        if let (SqlCause::UnitsDropped { help, .. }, Some(scripted)) = (&mut cause, scripted) {
            *help = scripted;
        }
        if let (SqlCause::Denied { help, .. }, true) = (&mut cause, is_kept) {
            "`create view` keeps it; `q_amount(…)` and `q_unit(…)` are its parts, for columns of their own"
                .clone_into(help);
        }
        self.at_token(cause, token.as_ref())
    }

    /// The error of a parameter that can't be bound.
    pub(crate) fn parameter_error(&self, mut cause: SqlCause) -> Error {
        if let SqlCause::Unbound { in_script, .. } = &mut cause {
            *in_script = &*self.text.source == SCRIPT_SOURCE;
        }
        let name = match &cause {
            SqlCause::Unbound { name, .. } | SqlCause::UnsupportedValue { name, .. } => Some(name.as_str()),
            _ => None,
        };
        let is_named = |token: &Token| {
            token.kind == TokenKind::Parameter && name.is_none_or(|name| token.text(self.sql()).get(1..) == Some(name))
        };
        let token = tokens(self.sql()).find(is_named);
        self.at_token(cause, token.as_ref())
    }

    /// The token of a function that is called in the statement once.
    fn only_token(&self, name: &str) -> Option<Token> {
        let is_called = |token: &Token| self.sql()[token.range.end..].trim_start().starts_with('(');
        let mut found = tokens(self.sql()).filter(|token| token.is_word(self.sql(), name) && is_called(token));
        found.next().filter(|_| found.next().is_none())
    }

    fn token(&self, name: &str) -> Option<Token> {
        let last = name.rsplit('.').next().unwrap_or(name);
        tokens(self.sql()).find(|token| token.name(self.sql()).eq_ignore_ascii_case(last))
    }

    /// The cause for something that SQLite itself does not change.
    fn unchangeable(&self, message: &str) -> SqlCause {
        let view = message.strip_prefix("cannot modify ").and_then(|rest| rest.strip_suffix(" because it is a view"));
        let generated = message.split_once("generated column \"").map(|(_, column)| column.trim_end_matches('"'));
        match view {
            None if self.book.is_writable() && generated.is_some() => SqlCause::refused(
                format!("`{}` can't be changed: it follows from other columns", generated.unwrap_or_default()),
                "change those; `.help correct` says how a fact is corrected",
            ),
            Some(view) if self.book.is_writable() => {
                let Denial { subject, action, help } = self.book.refuse_view(view);
                SqlCause::Denied { subject, action, help }
            }
            Some(table) if self.book.is_kept_table(table).unwrap_or_default() => SqlCause::refused(
                format!("`{table}` holds quantities: its rows stay as they were kept"),
                format!("make it anew, after `drop table {table}`"),
            ),
            _ => SqlCause::denied_question("write to the book", self.book.write_help()),
        }
    }

    fn cause(&self, message: &str) -> SqlCause {
        let rest = |prefix: &str| message.strip_prefix(prefix).map(|rest| rest.trim().to_owned());
        if let Some(column) = rest("no such column:") {
            // SQLite adds advice of its own for a name in double quotes.
            let name = column.split(" - should").next().unwrap_or(&column);
            return self.no_column(name.trim_matches('"'));
        }
        if let Some(table) = rest("no such table:") {
            if matches!(table.as_str(), "last" | "_") {
                return SqlCause::Other { message: format!("there is no `last`: {}", self.book.no_last_reason()) };
            }
            let name = table.strip_prefix("main.").unwrap_or(&table);
            if self.token(name).is_none() && self.book.is_read_by_views(name) {
                // SQLite's words for a join that became too long while it took a view for its tables.
                let message = "at most 64 tables in a join, those of views among them".to_owned();
                return SqlCause::LimitReached { message, limit: None };
            }
            let help = dialect::table_help(name).map(str::to_owned).or_else(|| self.table_of_file(&table));
            let near = self.book.nearest_relation(&table);
            return SqlCause::unknown_table(table, near, &*self.text.source == SCRIPT_SOURCE, help);
        }
        if let Some(function) = rest("no such function:") {
            let closure = self.book.closure_help(&function);
            let help = closure.or_else(|| dialect::function_help(&function).map(str::to_owned));
            let near = if help.is_none() { self.book.nearest_function(&function) } else { None };
            return SqlCause::UnknownFunction { function, near, help };
        }
        if let Some(help) = dialect::message_help(message) {
            return SqlCause::refused(lowercase_first(message), help);
        }
        if message.contains("generated column \"")
            || message.contains("cannot modify")
            || message.contains("may not be modified")
        {
            return self.unchangeable(message);
        }
        if message == series::MESSAGE {
            return SqlCause::refused(message, SERIES_HELP);
        }
        if let Some(name) = rest("view ").and_then(|rest| Some(rest.strip_suffix(" already exists")?.to_owned())) {
            // A temporary table of quantities is a view to SQLite.
            let kind = if self.book.is_kept_table(&name).unwrap_or_default() { "table" } else { "view" };
            let help = format!("give another name, or take that one away first: `drop {kind} {name}`");
            return SqlCause::refused(format!("{kind} `{name}` already exists"), help);
        }
        if LIMITS.iter().any(|limit| message.contains(limit)) {
            return SqlCause::LimitReached { message: lowercase_first(message), limit: None };
        }
        if let Some(message) = invalid_utf8_name(message) {
            return SqlCause::Other { message };
        }
        match message {
            "incomplete input" => SqlCause::Incomplete { missing: missing_end(self.sql()).to_owned() },
            _ => match message.strip_prefix("near \"").and_then(|rest| rest.split_once("\": syntax error")) {
                Some((near, _)) => SqlCause::Syntax { near: near.to_owned(), meant: None, help: None },
                None => function_call_error(&self.book, message)
                    .unwrap_or_else(|| SqlCause::Other { message: lowercase_first(message) }),
            },
        }
    }
}

/// The first character from a text processor in a name or number, which is part of it to SQLite, and what to write in its place.
fn typographic(sql: &str) -> Option<(Range<usize>, SqlCause)> {
    let mut bare = tokens(sql).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number));
    bare.find_map(|token| {
        let word = token.text(sql);
        let (at, c, kind) = Typographic::find(word)?;
        let start = token.range.start + at;
        let is_part = |what: &str| format!("`{c}` is part of a name in SQL, and no {what}");
        let cause = match kind {
            Typographic::Blank => {
                let message = "a no-break space is part of a name in SQL, and not a blank";
                SqlCause::refused(message, "write a plain space in its place")
            }
            Typographic::Quote => {
                let text = word.trim_matches(|c| Typographic::of(c) == Some(Typographic::Quote));
                SqlCause::refused(is_part("quote"), format!("a text stands in straight single quotes: `'{text}'`"))
            }
            Typographic::Dash => SqlCause::refused(is_part("minus"), "write `-` in its place"),
        };
        Some((start..start + c.len_utf8(), cause))
    })
}

/// The error of a call of one of the program's own functions, with its signature from the table of functions.
fn function_call_error(book: &Book, message: &str) -> Option<SqlCause> {
    let counted =
        message.strip_prefix("wrong number of arguments to function ").and_then(|rest| rest.strip_suffix("()"));
    let failed = || message.strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
    let name = counted.or_else(failed)?;
    let written = udf::find(name).map(|function| function.signature.to_owned());
    let signature = written.or_else(|| book.scripted_signature(name))?;
    let message = match counted {
        Some(name) => format!("`{name}` does not take these arguments"),
        None => message.to_owned(),
    };
    Some(SqlCause::refused(message, format!("it is written `{signature}`")))
}

/// The name in the statement that an error without an offset is about.
fn subject(cause: &SqlCause) -> Option<String> {
    match cause {
        SqlCause::UnknownColumn { column: name, .. }
        | SqlCause::UnknownTable { table: name, .. }
        | SqlCause::UnknownFunction { function: name, .. } => Some(name.clone()),
        _ => None,
    }
}

fn missing_end(sql: &str) -> &'static str {
    let depth = tokens(sql).fold(0_i64, |depth, token| match token.text(sql) {
        "(" => depth + 1,
        ")" => depth - 1,
        _ => depth,
    });
    if depth > 0 { "a closing `)`" } else { "its end" }
}

/// The message of an error, without rusqlite's repetition of the whole statement.
fn message_of(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => lowercase_first(message),
        other => lowercase_first(&other.to_string()),
    }
}

/// The cause for a text or a statement that is too long: SQLite has one code for both.
fn too_big(message: String) -> SqlCause {
    let limit = if message.contains("statement") { Limit::Statement } else { Limit::Value };
    SqlCause::LimitReached { message, limit: Some(limit) }
}

/// Puts a message's first letter in lower case, unless it begins with an acronym.
fn lowercase_first(message: &str) -> String {
    let mut characters = message.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => message.to_owned(),
    }
}

impl StatementContext {
    /// Refuses a statement by its text.
    ///
    /// # Errors
    /// It has a NUL or a name of the program's own.
    pub(crate) fn refuse_by_text(&self) -> Result<(), Error> {
        // SQLite reads no further than a NUL, and would answer half of the statement.
        if let Some(at) = self.sql().find('\0') {
            let message = "the statement has a character of no text in it, U+0000".to_owned();
            return Err(self.at(SqlCause::Other { message }, at, 1));
        }
        self.refuse_reserved()
    }

    /// Refuses a statement that has a name of the program's own: by one it could read a figure as text, or forge a quantity.
    ///
    /// # Errors
    /// It has one.
    fn refuse_reserved(&self) -> Result<(), Error> {
        let is_name = |token: &Token| {
            let text = token.text(self.sql()).trim_matches(['"', '`', '[', ']', '\'']);
            matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String) && is_reserved(text)
        };
        let Some(token) = tokens(self.sql()).find(is_name) else { return Ok(()) };
        let action = format!("name what begins with `{RESERVED_PREFIX}`: it is the program's own");
        let cause = SqlCause::denied_question(action, "read a quantity from a view, and the newest result as `last`");
        Err(self.at_token(cause, Some(&token)))
    }

    /// Refuses to fill a table with values that may rest on an assumption: the table outlives it, and a plain number would not
    /// name it.
    ///
    /// # Errors
    /// The statement does.
    pub(crate) fn refuse_storing_assumed(&self, is_stored: bool) -> Result<(), Error> {
        if !is_stored {
            return Ok(());
        }
        let action = "store what may rest on an assumption".to_owned();
        let help = "`create temp view` reads it anew each time; or take it back first by `.assume none`, and ask anew";
        Err(self.at_token(SqlCause::denied_question(action, help), self.first_token().as_ref()))
    }
}

/// Joins names: `a`, `b` and `c`.
fn enumerate(named: &[String]) -> String {
    match named.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => named.concat(),
    }
}
