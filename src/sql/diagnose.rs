//! Turns what SQLite says into an error of the program: the cause as data, the place in the user's own text, and
//! the name that was probably meant. Only here are SQLite's messages read.

use super::Text;
use super::lex::{Token, TokenKind, tokens};
use super::misuse::{Trial, explain};
use super::typing::{BoundValues, Misuse, quantity_columns};
use super::unreadable::{self, Unreadable};
use crate::error::{Error, Limit, SqlCause, SqlError};
use crate::store::{Book, Failure, FunctionError, Remarks, udf};
use rusqlite::ErrorCode;
use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

/// The source of a text that a script made.
const IN_SCRIPT: &str = "SQL";

/// A statement of more bytes is a long one.
const LONG: usize = 600;

/// What SQLite says where a statement is deeper or wider than it can be.
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

/// One statement within the text that the user wrote.
pub(super) struct Context {
    pub(super) book: Rc<Book>,
    pub(super) text: Text,
    /// Where the statement stands in the text.
    pub(super) range: Range<usize>,
    /// Whether quantities take part in it.
    pub(super) knows_quantities: bool,
    /// The place of the only literal in it that is said to be a quantity.
    pub(super) literal: Option<Range<usize>>,
    /// The texts that it has read and that are no UTF-8.
    pub(super) unreadable: Unreadable,
}

impl Context {
    /// What functions found worth a remark; a statement without quantities calls none that would.
    pub(super) fn remarks(&self) -> Remarks {
        if self.knows_quantities { self.book.take_remarks() } else { Remarks::default() }
    }

    pub(super) fn sql(&self) -> &str {
        &self.text.whole[self.range.clone()]
    }

    /// An error at `width` bytes from `offset` on, in bytes of the statement.
    pub(super) fn at(&self, cause: SqlCause, offset: usize, width: usize) -> Error {
        SqlError { cause, place: Some(self.text.place(self.range.start + offset, width)) }.into()
    }

    /// An error at a token, or of the statement as a whole.
    pub(super) fn at_token(&self, cause: SqlCause, token: Option<&Token>) -> Error {
        match token {
            Some(token) => self.at(cause, token.range.start, token.range.len()),
            None => SqlError::nowhere(cause).into(),
        }
    }

    /// An error of `prepare`.
    pub(super) fn prepare_error(&self, error: rusqlite::Error) -> Error {
        if let Some(denied) = self.denied() {
            return denied;
        }
        match error {
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                let offset = usize::try_from(offset).unwrap_or_default();
                let token = tokens(self.sql()).find(|token| token.range.end > offset);
                self.at_token(self.cause(&msg), token.as_ref())
            }
            other => self.step_error(other),
        }
    }

    /// What the guard has refused, if anything: some statements ask it only while they run.
    fn denied(&self) -> Option<Error> {
        let denial = self.book.take_denial()?;
        let first = tokens(self.sql()).find(|token| token.kind != TokenKind::Comment);
        Some(self.at_token(SqlCause::Denied { action: denial.action, cure: denial.help }, first.as_ref()))
    }

    /// An error while rows are read, or one of `prepare` that has no offset.
    pub(super) fn step_error(&self, error: rusqlite::Error) -> Error {
        if let Some(denied) = self.denied() {
            return denied;
        }
        // What was found before the failure is no remark on an answer.
        drop(self.remarks());
        if let Some(failed) = self.book.take_function_error() {
            return self.function_error(failed);
        }
        if let Some(file) = self.book.file_error(&error) {
            return file.into();
        }
        match (error.sqlite_error_code(), error) {
            (Some(ErrorCode::OperationInterrupted), _) => Error::Interrupted,
            (Some(ErrorCode::OutOfMemory), _) if self.book.stop().limits().most(Limit::Memory) > 0 => {
                self.book.stop().raise_at(Limit::Memory);
                self.book.stop().cause()
            }
            (Some(ErrorCode::TooBig), error) => SqlError::nowhere(too_big(words(&error))).into(),
            (Some(ErrorCode::OutOfMemory), error) => {
                SqlError::nowhere(SqlCause::TooBig { message: words(&error), limit: None }).into()
            }
            (_, rusqlite::Error::SqliteFailure(_, Some(message))) => {
                let cause = self.cause(&message);
                let token = named(&cause).and_then(|name| self.token(&name));
                let end = matches!(cause, SqlCause::Incomplete { .. }).then(|| self.sql().len());
                end.map_or_else(|| self.at_token(cause.clone(), token.as_ref()), |end| self.at(cause.clone(), end, 1))
            }
            (_, error) => SqlError::nowhere(SqlCause::Other { message: words(&error) }).into(),
        }
    }

    /// A function that failed. What a script's function could not do beyond its own rules is passed on as it is.
    fn function_error(&self, FunctionError { function, cause }: FunctionError) -> Error {
        let literal = || {
            let range = self.literal.clone().filter(|_| function == "q")?;
            Some(Token { kind: TokenKind::Text, range, is_closed: true })
        };
        let token = self.only_token(&function).or_else(literal);
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

    /// A quantity handed to what knows no units.
    pub(super) fn misuse(&self, misuse: Misuse, bound: &BoundValues) -> Error {
        // Each attempt takes as long as the statement did: a long one is tried in fewer ways.
        let left = Cell::new(if self.sql().len() > LONG { 8 } else { 40 });
        let attempt = |sql: &str| {
            if left.get() == 0 {
                return Trial::Broken;
            }
            left.set(left.get() - 1);
            let typed = quantity_columns(&self.book, sql, bound, 0);
            // What the guard says of a statement that nobody has asked is of no interest.
            drop(self.book.take_denial());
            match typed {
                Err(_) => Trial::Broken,
                Ok(Ok(_)) => Trial::Sound,
                Ok(Err(next)) => Trial::Misused(next),
            }
        };
        let scripted = self.book.quantity_help(&misuse.operator);
        let (mut cause, token) = explain(self.sql(), misuse, &attempt, &|quantity| self.unit_of(quantity));
        if let (SqlCause::Misused { cure, .. }, Some(scripted)) = (&mut cause, scripted) {
            *cure = scripted;
        }
        self.at_token(cause, token.as_ref())
    }

    /// A parameter that can't be bound.
    pub(super) fn parameter_error(&self, cause: SqlCause) -> Error {
        let (SqlCause::Unbound { name, .. } | SqlCause::Unbindable { name, .. }) = &cause else {
            let token = tokens(self.sql()).find(|token| token.kind == TokenKind::Parameter);
            return self.at_token(cause, token.as_ref());
        };
        let is_named = |token: &Token| {
            token.kind == TokenKind::Parameter && token.text(self.sql()).get(1..) == Some(name.as_str())
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
        tokens(self.sql())
            .find(|token| token.text(self.sql()).trim_matches(['"', '`', '[', ']']).eq_ignore_ascii_case(last))
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
                return SqlCause::NoLast { why: self.book.no_last_reason() };
            }
            let name = table.strip_prefix("main.").unwrap_or(&table);
            if self.token(name).is_none() && self.book.is_read_by_views(name) {
                // SQLite's words for a join that became too long while it took a view for its tables.
                let message = "at most 64 tables in a join, those of views among them".to_owned();
                return SqlCause::TooBig { message, limit: None };
            }
            let near = self.book.nearest_relation(&table);
            return SqlCause::NoTable { table, near, in_script: &*self.text.source == IN_SCRIPT };
        }
        if let Some(function) = rest("no such function:") {
            let near = self.book.nearest_function(&function);
            return SqlCause::NoFunction { function, near };
        }
        if message.contains("cannot modify") || message.contains("may not be modified") {
            let cure = "`create temp table` makes a table for this session only".to_owned();
            return SqlCause::Denied { action: "write to the book".to_owned(), cure };
        }
        if LIMITS.iter().any(|limit| message.contains(limit)) {
            return SqlCause::TooBig { message: lower(message), limit: None };
        }
        if let Some(message) = unreadable::name(message) {
            return SqlCause::Other { message };
        }
        match message {
            "incomplete input" => SqlCause::Incomplete { missing: missing_end(self.sql()).to_owned() },
            _ => match message.strip_prefix("near \"").and_then(|rest| rest.split_once("\": syntax error")) {
                Some((near, _)) => SqlCause::Syntax { near: near.to_owned() },
                None => own_call(&self.book, message).unwrap_or_else(|| SqlCause::Other { message: lower(message) }),
            },
        }
    }
}

/// An error that speaks of one of the program's own functions, which the table of functions says how to write.
fn own_call(book: &Book, message: &str) -> Option<SqlCause> {
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
    Some(SqlCause::Call { message, signature })
}

/// The name in the statement that an error without an offset speaks of.
fn named(cause: &SqlCause) -> Option<String> {
    match cause {
        SqlCause::NoColumn { column: name, .. }
        | SqlCause::NoTable { table: name, .. }
        | SqlCause::NoFunction { function: name, .. } => Some(name.clone()),
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

/// An error without rusqlite's repetition of the whole statement.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => lower(message),
        other => lower(&other.to_string()),
    }
}

/// A text or a statement that is too long: SQLite has one code for both.
fn too_big(message: String) -> SqlCause {
    let limit = if message.contains("statement") { Limit::Statement } else { Limit::Value };
    SqlCause::TooBig { message, limit: Some(limit) }
}

/// Messages begin in lower case; an acronym keeps its letters.
fn lower(message: &str) -> String {
    let mut characters = message.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => message.to_owned(),
    }
}
