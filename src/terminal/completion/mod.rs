//! Completion at Tab and the signature hint: the names that fit at the cursor. Names come as a snapshot, [`Vocabulary`];
//! nothing here asks the book.
//!
//! Reading order: this file; `command`, `sql`, `script`, one for each language of an entry.

mod command;
mod script;
mod sql;
#[cfg(test)]
mod tests;

use super::commands;
use super::language::{Language, SQL_KEYWORDS, classify};
use crate::script::library::ScriptHeader;
use crate::script::{Symbol, ValueShape};
use crate::store::NameKind;
use crate::syntax::rhai as script_lex;
use crate::syntax::sql as sql_lex;
use crate::syntax::{Token, TokenKind};
use crate::table::visible;
use rustyline::completion::Candidate;
use script::sql_in;
use std::collections::HashSet;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A snapshot of the names that can be completed.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Tables and views, each with its columns.
    pub relations: Vec<(String, Vec<String>)>,
    /// Tables and views of attached databases: the name of the database, and each with its columns.
    pub attached: Vec<(String, String, Vec<String>)>,
    /// True for a database that is no book: commands on facts have nothing to answer.
    pub is_plain: bool,
    /// Functions of SQL.
    pub sql_functions: Vec<FunctionName>,
    /// Functions of scripts.
    pub script_functions: Vec<FunctionName>,
    /// Variables and functions of the session.
    pub user_defined: Vec<Symbol>,
    /// Scripts of the library.
    pub scripts: Vec<ScriptHeader>,
    /// Names in the book, as they are typed, of each kind that a parameter of a script can be.
    pub names: Vec<(NameKind, Vec<String>)>,
    /// Modules of the library.
    pub modules: Vec<String>,
    /// Ids of the book, as scripts and SQL name them.
    pub ids: Vec<IdName>,
    /// Assumptions of the book: id and statement.
    pub assumptions: Vec<(String, String)>,
    /// Sources of the book, which can be preferred: id and description.
    pub sources: Vec<(String, String)>,
}

/// A function, or a method of one kind of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionName {
    /// Its name.
    pub name: String,
    /// The receiver as the signature names it: `table`; `None` for a function.
    pub receiver: Option<String>,
    /// The forms of its call, at least one.
    pub calls: Vec<String>,
}

/// An id of the book, with a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdName {
    /// `F29`.
    pub id: String,
    /// Its line of the book.
    pub description: String,
    /// The type of its value in a script.
    pub holds: ValueShape,
}

impl FunctionName {
    /// The functions and methods of a signature, whose variants are separated by ` · `: `min(a, b) · max(a, b)` has two.
    #[must_use]
    pub fn read(signature: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for call in signature.split(" · ").map(str::trim) {
            let callee = call.split('(').next().unwrap_or(call);
            let (receiver, name) = match callee.rsplit_once('.') {
                Some((receiver, name)) => (Some(receiver.to_owned()), name.to_owned()),
                None => (None, callee.to_owned()),
            };
            match found.iter_mut().find(|known| known.name == name && known.receiver == receiver) {
                Some(known) => known.calls.push(call.to_owned()),
                None => found.push(Self { name, receiver, calls: vec![call.to_owned()] }),
            }
        }
        found
    }

    /// The longest form of its call.
    fn longest_call(&self) -> &str {
        self.calls.iter().max_by_key(|call| call.chars().count()).map_or(&self.name, String::as_str)
    }

    /// The longest form of its call behind the dot of its receiver, or of its first argument.
    fn method_call(&self) -> String {
        let call = self.longest_call();
        if let Some(receiver) = &self.receiver {
            return call[receiver.len() + 1..].to_owned();
        }
        match (call.split_once('('), self.first_argument()) {
            (Some((name, arguments)), Some(first)) => {
                let rest = arguments.strip_prefix(first).unwrap_or(arguments);
                format!("{name}({}", rest.trim_start_matches([',', ' ']))
            }
            _ => call.to_owned(),
        }
    }

    /// The name of its first argument.
    fn first_argument(&self) -> Option<&str> {
        let (_, arguments) = self.calls.first()?.split_once('(')?;
        arguments.split([',', ')']).next().map(str::trim)
    }
}

impl Vocabulary {
    /// The columns of a table or view, be it the book's or a variable's; letter case is ignored, as SQL ignores it.
    fn columns(&self, relation: &str) -> Option<&[String]> {
        let known = self.relations.iter().find(|(name, _)| name.eq_ignore_ascii_case(relation));
        let in_variable = || {
            self.user_defined_tables().find(|(name, _)| name.eq_ignore_ascii_case(relation)).map(|(_, columns)| columns)
        };
        known.map(|(_, columns)| columns.as_slice()).or_else(in_variable)
    }

    /// The variables that SQL can read as tables.
    fn user_defined_tables(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.user_defined.iter().filter_map(|symbol| match &symbol.shape {
            ValueShape::Table(columns) | ValueShape::Array(Some(columns)) => {
                Some((symbol.name.as_str(), columns.as_slice()))
            }
            _ => None,
        })
    }

    /// The type of a variable of the session, or of an id of the book.
    fn type_of(&self, name: &str) -> Option<&ValueShape> {
        let symbol = self.user_defined.iter().rev().find(|symbol| symbol.name == name).map(|symbol| &symbol.shape);
        symbol.or_else(|| self.ids.iter().find(|id| id.id == name).map(|id| &id.holds))
    }
}

/// A candidate for the word before the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Candidates of a lower rank sort first.
    rank: u8,
    /// The text that replaces the word before the cursor.
    name: String,
    /// The text of the list.
    display: String,
    /// The description in the list; often empty.
    description: String,
}

impl Completion {
    fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { rank: 1, display: name.clone(), name, description: String::new() }
    }

    fn of_function(function: &FunctionName) -> Self {
        Self::new(&function.name).with_display(function.longest_call())
    }

    /// A function as it is called behind a dot; methods sort before functions.
    fn of_method(function: &FunctionName) -> Self {
        let rank = u8::from(function.receiver.is_none());
        Self { rank, ..Self::new(&function.name).with_display(function.method_call()) }
    }

    fn of_id(id: &IdName) -> Self {
        Self::new(&id.id).with_description(&id.description)
    }

    fn with_display(self, display: impl Into<String>) -> Self {
        Self { display: display.into(), ..self }
    }

    fn with_description(self, description: &str) -> Self {
        Self { description: description.to_owned(), ..self }
    }

    /// Sorts it before the others.
    fn ranked_first(self) -> Self {
        Self { rank: 0, ..self }
    }
}

impl Candidate for Completion {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.name
    }
}

/// The candidates that begin with `word`: by rank, then by name, without repeats. Letter case is ignored.
fn filter_by_prefix(mut candidates: Vec<Completion>, word: &str) -> Vec<Completion> {
    let word = word.to_lowercase();
    // A name with blanks is put in quotes, and found without them too.
    let begins = |name: &str| name.starts_with(&word) || name.trim_start_matches('"').starts_with(&word);
    candidates.retain(|candidate| begins(&candidate.name.to_lowercase()));
    candidates.sort_by_cached_key(|candidate| (candidate.rank, candidate.name.to_lowercase(), candidate.name.clone()));
    let mut seen = HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.name.clone()));
    candidates
}

/// Formats the list for a window of so many columns: descriptions are aligned, lines are truncated, control characters
/// are made visible.
pub(super) fn align_list(candidates: &mut [Completion], columns: usize) {
    let said = candidates.iter().filter(|candidate| !candidate.description.is_empty());
    let width = said.map(|candidate| candidate.display.width()).max().unwrap_or_default();
    for candidate in candidates {
        let mut shown = visible(&candidate.display).into_owned();
        if !candidate.description.is_empty() {
            let gap = width.saturating_sub(shown.width()) + 2;
            shown = format!("{shown}{}{}", " ".repeat(gap), visible(&candidate.description));
        }
        candidate.display = truncate_to_width(&shown, columns.saturating_sub(1));
    }
}

/// `text` truncated to a width in columns of a terminal, with `…` at the cut.
pub(super) fn truncate_to_width(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let fits = |c: &char| {
        let left = room.checked_sub(c.width().unwrap_or_default());
        room = left.unwrap_or(room);
        left.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// The language of an entry while its word at the byte `pos` is being typed: SQL if it is with that word, without it,
/// or with any other in its place.
pub(super) fn language_at(line: &str, pos: usize, is_variable: &dyn Fn(&str) -> bool) -> Language {
    let (before, after) = line.split_at(pos);
    let without = &before[..word_start(before)];
    let written = classify(line, is_variable);
    let may_be_sql = || {
        [format!("{before}x{after}"), format!("{without}{after}")]
            .iter()
            .any(|line| classify(line, is_variable) == Language::Sql)
    };
    if written == Language::Script && may_be_sql() { Language::Sql } else { written }
}

/// The most candidates listed: the editor counts rows in 16 bits.
const MAX_CANDIDATES: usize = 5_000;

/// The start of the word at the byte `pos` of `line`, and its candidates: by rank, then by name, without repeats.
/// Letter case is ignored, except that keywords follow the first letter typed.
pub fn complete(line: &str, pos: usize, language: Language, vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let (start, mut found) = match language {
        Language::Command => command::complete(&line[..pos], vocabulary),
        Language::Sql => sql::complete(line, pos, vocabulary),
        Language::Script => script::complete(line, pos, vocabulary),
    };
    // A name that would move the cursor is not offered: the editor draws it as it is.
    found.retain(|candidate| visible(&candidate.name) == candidate.name.as_str());
    found.truncate(MAX_CANDIDATES);
    (start, found)
}

/// True if a position is within a string, a quoted name or a comment.
fn is_inside(token: &Token, text: &str, pos: usize) -> bool {
    let is_enclosing = matches!(token.kind, TokenKind::String | TokenKind::QuotedName | TokenKind::Comment);
    let is_open = !token.is_closed || token.text(text).starts_with("--") || token.text(text).starts_with("//");
    is_enclosing && token.range.start < pos && (pos < token.range.end || (is_open && pos == token.range.end))
}

/// True for letters, digits and `_`.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The start of the last word of `before`, in bytes.
fn word_start(before: &str) -> usize {
    before.trim_end_matches(is_word_char).len()
}

/// True if a name can be written without quotes. An untrusted book may hold any other; those are not completed.
fn is_identifier(name: &str) -> bool {
    name.chars().all(is_word_char) && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The same in SQL, where a keyword has to be quoted to be a name.
pub fn is_sql_identifier(name: &str) -> bool {
    is_identifier(name) && !SQL_KEYWORDS.contains(&name.to_lowercase())
}

/// The signature of the innermost known call around the byte `pos` of `line`, or the arguments of a command that has
/// none yet. The vocabulary is made only where there is a call.
pub(super) fn signature<'v>(
    line: &str,
    pos: usize,
    language: Language,
    vocabulary: impl FnOnce() -> &'v Vocabulary,
) -> Option<String> {
    let before = &line[..pos];
    match language {
        Language::Command => command_arguments(line, pos),
        Language::Sql => sql_signature(before, vocabulary),
        Language::Script => {
            let tokens: Vec<Token> = script_lex::tokens(line).take_while(|token| token.range.start < pos).collect();
            let names = enclosing_calls(&tokens, line);
            match tokens.last().filter(|token| is_inside(token, line, pos)) {
                Some(token) if token.kind == TokenKind::Comment => None,
                Some(token) if sql_in(line, token).is_some() => {
                    sql_signature(&before[token.range.start + 1..], vocabulary)
                }
                _ => find_signature(names, vocabulary, |vocabulary| &vocabulary.script_functions),
            }
        }
    }
}

/// The arguments of a command, while none is typed.
fn command_arguments(line: &str, pos: usize) -> Option<String> {
    let name =
        line.trim_start().strip_suffix(' ').filter(|name| pos == line.len() && !name.contains(char::is_whitespace))?;
    let info = commands::find_command(name).ok().filter(|info| !info.arguments.is_empty())?;
    Some(info.arguments.to_owned())
}

fn sql_signature<'v>(before: &str, vocabulary: impl FnOnce() -> &'v Vocabulary) -> Option<String> {
    let tokens: Vec<Token> = sql_lex::tokens(before).collect();
    if tokens.last().is_some_and(|last| last.kind == TokenKind::Comment) {
        return None;
    }
    find_signature(enclosing_calls(&tokens, before), vocabulary, |vocabulary| &vocabulary.sql_functions)
}

/// The names before the open parentheses at the end, from the innermost out.
fn enclosing_calls<'t>(tokens: &[Token], text: &'t str) -> Vec<&'t str> {
    let mut closed = 0_usize;
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.text(text) {
            // Another statement.
            ";" if closed == 0 => break,
            ")" => closed += 1,
            "(" if closed > 0 => closed -= 1,
            "(" => {
                let name = at.checked_sub(1).map(|at| &tokens[at]).filter(|name| name.kind == TokenKind::Word);
                names.extend(name.map(|name| name.text(text)));
            }
            _ => {}
        }
    }
    names
}

/// The signature of the first name that is a function. Letter case is ignored, since no function has upper case.
fn find_signature<'v>(
    names: Vec<&str>,
    vocabulary: impl FnOnce() -> &'v Vocabulary,
    functions: impl Fn(&Vocabulary) -> &Vec<FunctionName>,
) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let vocabulary = vocabulary();
    names.into_iter().find_map(|name| {
        let known = functions(vocabulary).iter().filter(|function| function.name.eq_ignore_ascii_case(name));
        let calls: Vec<&str> =
            known.flat_map(|function| &function.calls).map(String::as_str).filter(|call| call.contains('(')).collect();
        let symbol = || vocabulary.user_defined.iter().find(|symbol| symbol.name == name)?.signature.clone();
        Some(calls.join(" · ")).filter(|calls| !calls.is_empty()).or_else(symbol)
    })
}
