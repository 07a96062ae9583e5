//! What a script can go on with at the cursor: names, methods of what stands before the dot, fields of a row; and SQL, ids
//! and columns in its texts.

use super::offer::{Offer, fitting};
use super::receiver::Code;
use super::sql;
use super::vocabulary::{FunctionName, Vocabulary};
use super::words::{is_plain, start_of_word};
use crate::script::{ValueShape, lex};
use crate::sql::lex::{Token, TokenKind};
use crate::terminal::keywords;
use crate::terminal::language::{Language, classify};
use std::ops::Range;

/// What a function's first argument is called that a quantity can be.
const QUANTITIES: [&str; 3] = ["quantity", "figure", "number"];

/// Where the word at the byte `pos` of a script begins, and what it may become.
pub(super) fn complete(text: &str, pos: usize, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let start = start_of_word(&text[..pos]);
    let tokens: Vec<Token> = lex::tokens(text).take_while(|token| token.range.start < pos).collect();
    let found = match tokens.last().filter(|token| is_around(token, text, pos)) {
        None => code(text, tokens, start..pos, vocabulary),
        Some(token) if token.kind == TokenKind::Text => return in_text(text, pos, &tokens, vocabulary),
        Some(_) => Vec::new(),
    };
    (start, fitting(found, &text[start..pos]))
}

/// Whether a place lies within a text or a comment.
pub(super) fn is_around(token: &Token, text: &str, pos: usize) -> bool {
    let is_enclosing = matches!(token.kind, TokenKind::Text | TokenKind::Comment);
    let is_open = !token.is_closed || token.text(text).starts_with("//");
    is_enclosing && token.range.start < pos && (pos < token.range.end || (is_open && pos == token.range.end))
}

/// The content of a text, without its quotes.
pub(super) fn content(token: &Token) -> Range<usize> {
    token.range.start + 1..token.range.end - usize::from(token.is_closed)
}

/// The content of a text around the cursor, if that is SQL.
pub(super) fn sql_in<'t>(text: &'t str, token: &Token) -> Option<&'t str> {
    let sql = &text[content(token)];
    (classify(sql, &|_| false) == Language::Sql).then_some(sql)
}

/// What a text can go on with: code between `${` and `}`, SQL, or what the call around it wants.
fn in_text(text: &str, pos: usize, tokens: &[Token], vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let start = start_of_word(&text[..pos]);
    let Some((token, before)) = tokens.split_last() else { return (start, Vec::new()) };
    let content = content(token);
    let written = &text[content.start.min(pos)..pos];
    let embedded = text[token.range.clone()].starts_with('`').then(|| written.rfind("${")).flatten();
    if let Some(open) = embedded.filter(|open| !written[*open..].contains('}')) {
        let from = content.start + open + 2;
        let inner = lex::tokens(&text[from..pos])
            .map(|token| Token { range: token.range.start + from..token.range.end + from, ..token });
        let found = code(text, before.iter().cloned().chain(inner).collect(), start..pos, vocabulary);
        return (start, fitting(found, &text[start..pos]));
    }
    if let Some(sql) = sql_in(text, token) {
        let (start, found) = sql::complete(sql, pos - content.start, vocabulary);
        return (content.start + start, found);
    }
    let code = Code { text, tokens: before.to_vec(), vocabulary };
    (start, fitting(wanted(&code, vocabulary), &text[start..pos]))
}

/// What the text wants to be that is the first argument of a call, or an index.
fn wanted(code: &Code<'_>, vocabulary: &Vocabulary) -> Vec<Offer> {
    let end = code.tokens.len();
    let back = |back: usize| end.checked_sub(back).map_or("", |at| code.word(at));
    match (back(3), back(2), back(1)) {
        (_, "figure" | "find", "(") => vocabulary.ids.iter().map(Offer::id).collect(),
        (".", "column" | "sum" | "sort_by" | "group_by", "(") => fields(&code.holds(end - 3)),
        (.., "[") => fields(&code.holds(end - 1)),
        (.., "import") => vocabulary.modules.iter().map(Offer::name).collect(),
        _ => Vec::new(),
    }
}

fn fields(of: &ValueShape) -> Vec<Offer> {
    match of {
        ValueShape::Row(names) | ValueShape::Table(names) | ValueShape::Array(Some(names)) => {
            names.iter().filter(|name| is_plain(name)).map(|name| Offer::name(name).first()).collect()
        }
        _ => Vec::new(),
    }
}

/// What code can go on with at a word, which may be empty.
fn code(text: &str, mut tokens: Vec<Token>, word: Range<usize>, vocabulary: &Vocabulary) -> Vec<Offer> {
    tokens.retain(|token| token.kind != TokenKind::Comment && token.range.end <= word.start);
    let code = Code { text, tokens, vocabulary };
    let end = code.tokens.len();
    let is_dot = |back: usize| end.checked_sub(back).is_some_and(|at| code.word(at) == ".");
    match (is_dot(1), is_dot(2)) {
        (true, false) => members(&code.holds(end - 1), vocabulary),
        _ if word.is_empty() => Vec::new(),
        _ => names(end == 0, vocabulary),
    }
}

/// What can stand behind the dot of something.
fn members(of: &ValueShape, vocabulary: &Vocabulary) -> Vec<Offer> {
    let is_of = |function: &&FunctionName, kind: &str| function.receiver.as_deref() == Some(kind);
    let takes_quantity = |function: &&FunctionName| {
        function.receiver.is_none() && function.first_argument().is_some_and(|first| QUANTITIES.contains(&first))
    };
    let fits = |function: &&FunctionName| match of {
        ValueShape::Quantity => is_of(function, "quantity") || takes_quantity(function),
        ValueShape::Row(_) => is_of(function, "row"),
        ValueShape::Table(_) => is_of(function, "table"),
        ValueShape::Array(_) => is_of(function, "array"),
        ValueShape::Other => true,
    };
    let own = vocabulary
        .own
        .iter()
        .filter(|_| *of == ValueShape::Other)
        .filter_map(|own| own.signature.as_ref().map(|signature| Offer::name(&own.name).shown(signature)));
    let found = vocabulary.script_functions.iter().filter(fits).map(Offer::method).chain(own);
    // What a row has of its own goes behind its fields.
    match of {
        ValueShape::Row(_) => fields(of).into_iter().chain(found.map(|offer| Offer { rank: 1, ..offer })).collect(),
        _ => found.collect(),
    }
}

/// What can begin a value; a verb of SQL too where the entry begins.
fn names(is_beginning: bool, vocabulary: &Vocabulary) -> Vec<Offer> {
    let functions = vocabulary.script_functions.iter().filter(|function| function.receiver.is_none());
    let own = vocabulary
        .own
        .iter()
        .map(|own| Offer::name(&own.name).shown(own.signature.as_deref().unwrap_or(&own.name)).first());
    let verbs = keywords::SQL.iter().filter(|_| is_beginning).map(Offer::name);
    let found = functions.map(Offer::function).chain(keywords::SCRIPT.iter().map(Offer::name)).chain(verbs);
    found.chain(own).chain(vocabulary.ids.iter().map(Offer::id)).collect()
}
