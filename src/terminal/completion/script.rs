//! Completion of a script: names, methods by the type of the receiver, fields of a row; and SQL, ids and columns in its texts.
//! Types are inferred from tokens: a variable, an id, a call of `query`, the row that a closure is passed. Nothing is run, so
//! that much is not known.

use super::sql::{self, CursorStatement, FromResolver};
use super::{Completion, FunctionName, Vocabulary, filter_by_prefix, is_identifier, is_inside, word_start};
use crate::script::ValueShape;
use crate::syntax::rhai as lex;
use crate::syntax::{Token, TokenKind, bracket_pairs};
use crate::terminal::language::{Language, SCRIPT_KEYWORDS, SQL_KEYWORDS, classify};
use std::ops::Range;

/// The names of first arguments that take a quantity.
const QUANTITY_ARGUMENTS: [&str; 3] = ["quantity", "figure", "number"];

/// The start of the word at the byte `pos` of a script, and its candidates.
pub(super) fn complete(text: &str, pos: usize, vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let start = word_start(&text[..pos]);
    let tokens: Vec<Token> = lex::tokens(text).take_while(|token| token.range.start < pos).collect();
    let found = match tokens.last().filter(|token| is_inside(token, text, pos)) {
        None => code_candidates(text, tokens, start..pos, vocabulary),
        Some(token) if token.kind == TokenKind::String => return complete_string(text, pos, &tokens, vocabulary),
        Some(_) => Vec::new(),
    };
    (start, filter_by_prefix(found, &text[start..pos]))
}

/// The range of a string's content, without its quotes.
fn content_range(token: &Token) -> Range<usize> {
    token.range.start + 1..token.range.end - usize::from(token.is_closed)
}

/// The content of a string around the cursor, if that is SQL.
pub(super) fn sql_in<'t>(text: &'t str, token: &Token) -> Option<&'t str> {
    let sql = &text[content_range(token)];
    (classify(sql, &|_| false) == Language::Sql).then_some(sql)
}

/// Candidates within a string: code between `${` and `}`, SQL, or the argument of the call around it.
fn complete_string(text: &str, pos: usize, tokens: &[Token], vocabulary: &Vocabulary) -> (usize, Vec<Completion>) {
    let start = word_start(&text[..pos]);
    let Some((token, before)) = tokens.split_last() else { return (start, Vec::new()) };
    let content = content_range(token);
    let written = &text[content.start.min(pos)..pos];
    let embedded = text[token.range.clone()].starts_with('`').then(|| written.rfind("${")).flatten();
    if let Some(open) = embedded.filter(|open| !written[*open..].contains('}')) {
        let from = content.start + open + 2;
        let inner = lex::tokens(&text[from..pos])
            .map(|token| Token { range: token.range.start + from..token.range.end + from, ..token });
        let found = code_candidates(text, before.iter().cloned().chain(inner).collect(), start..pos, vocabulary);
        return (start, filter_by_prefix(found, &text[start..pos]));
    }
    if let Some(sql) = sql_in(text, token) {
        let (start, found) = sql::complete(sql, pos - content.start, vocabulary);
        return (content.start + start, found);
    }
    let code = ScriptTokens::new(text, before.to_vec(), vocabulary);
    (start, filter_by_prefix(string_candidates(&code, vocabulary), &text[start..pos]))
}

/// Candidates for a string that is the first argument of a call, or an index.
fn string_candidates(code: &ScriptTokens<'_>, vocabulary: &Vocabulary) -> Vec<Completion> {
    let end = code.tokens.len();
    let back = |back: usize| end.checked_sub(back).map_or("", |at| code.text_at(at));
    match (back(3), back(2), back(1)) {
        (_, "figure" | "find", "(") => vocabulary.ids.iter().map(Completion::of_id).collect(),
        (".", "column" | "sum" | "sort_by" | "group_by", "(") => field_candidates(&code.infer(end - 3)),
        (.., "[") => field_candidates(&code.infer(end - 1)),
        (.., "import") => vocabulary.modules.iter().map(Completion::new).collect(),
        _ => Vec::new(),
    }
}

fn field_candidates(of: &ValueShape) -> Vec<Completion> {
    match of {
        ValueShape::Row(names) | ValueShape::Table(names) | ValueShape::Array(Some(names)) => {
            names.iter().filter(|name| is_identifier(name)).map(|name| Completion::new(name).ranked_first()).collect()
        }
        _ => Vec::new(),
    }
}

/// Candidates for a word of code, which may be empty.
fn code_candidates(text: &str, mut tokens: Vec<Token>, word: Range<usize>, vocabulary: &Vocabulary) -> Vec<Completion> {
    tokens.retain(|token| token.kind != TokenKind::Comment && token.range.end <= word.start);
    let code = ScriptTokens::new(text, tokens, vocabulary);
    let end = code.tokens.len();
    let is_dot = |back: usize| end.checked_sub(back).is_some_and(|at| code.text_at(at) == ".");
    match (is_dot(1), is_dot(2)) {
        (true, false) => member_candidates(&code.infer(end - 1), vocabulary),
        _ if word.is_empty() => Vec::new(),
        _ => name_candidates(end == 0, vocabulary),
    }
}

/// Candidates behind the dot of a value.
fn member_candidates(of: &ValueShape, vocabulary: &Vocabulary) -> Vec<Completion> {
    let is_of = |function: &&FunctionName, kind: &str| function.receiver.as_deref() == Some(kind);
    let takes_quantity = |function: &&FunctionName| {
        function.receiver.is_none()
            && function.first_argument().is_some_and(|first| QUANTITY_ARGUMENTS.contains(&first))
    };
    let fits = |function: &&FunctionName| match of {
        ValueShape::Quantity => is_of(function, "quantity") || takes_quantity(function),
        ValueShape::Row(_) => is_of(function, "row"),
        ValueShape::Table(_) => is_of(function, "table"),
        ValueShape::Array(_) => is_of(function, "array"),
        ValueShape::Other => true,
    };
    let symbol = vocabulary.user_defined.iter().filter(|_| *of == ValueShape::Other).filter_map(|symbol| {
        symbol.signature.as_ref().map(|signature| Completion::new(&symbol.name).with_display(signature))
    });
    let found = vocabulary.script_functions.iter().filter(fits).map(Completion::of_method).chain(symbol);
    // What a row has of its own goes behind its fields.
    match of {
        ValueShape::Row(_) => {
            field_candidates(of).into_iter().chain(found.map(|candidate| Completion { rank: 1, ..candidate })).collect()
        }
        _ => found.collect(),
    }
}

/// Candidates that begin a value; verbs of SQL too where the entry begins.
fn name_candidates(is_beginning: bool, vocabulary: &Vocabulary) -> Vec<Completion> {
    let functions = vocabulary.script_functions.iter().filter(|function| function.receiver.is_none());
    let symbol = vocabulary.user_defined.iter().map(|symbol| {
        Completion::new(&symbol.name).with_display(symbol.signature.as_deref().unwrap_or(&symbol.name)).ranked_first()
    });
    let verbs = SQL_KEYWORDS.iter().filter(|_| is_beginning).map(Completion::new);
    let found = functions.map(Completion::of_function).chain(SCRIPT_KEYWORDS.iter().map(Completion::new)).chain(verbs);
    found.chain(symbol).chain(vocabulary.ids.iter().map(Completion::of_id)).collect()
}

/// The deepest nesting of calls that is followed.
const MAX_DEPTH: usize = 12;

/// Functions that return a quantity.
const RETURN_QUANTITY: [&str; 9] =
    ["figure", "q", "convert", "assume", "percent", "across_stages", "round", "rounding_range", "sum"];

/// Methods that return their receiver, with other rows or in another order.
const RETURN_RECEIVER: [&str; 7] = ["filter", "sort_by", "sort", "sort_desc", "order", "order_desc", "dedup"];

/// The tokens of a script up to a position.
struct ScriptTokens<'c> {
    text: &'c str,
    tokens: Vec<Token>,
    /// The bracket that matches the one at each position.
    pairs: Vec<Option<usize>>,
    vocabulary: &'c Vocabulary,
}

impl<'c> ScriptTokens<'c> {
    fn new(text: &'c str, tokens: Vec<Token>, vocabulary: &'c Vocabulary) -> Self {
        let pairs = bracket_pairs(&tokens, text);
        Self { text, tokens, pairs, vocabulary }
    }

    /// The text of the token at a position; empty beyond the end.
    fn text_at(&self, at: usize) -> &'c str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// Infers the type of the value that ends before the token `end`.
    fn infer(&self, end: usize) -> ValueShape {
        self.value_type(end, 0)
    }

    fn value_type(&self, end: usize, depth: usize) -> ValueShape {
        let Some(last) = end.checked_sub(1).filter(|_| depth < MAX_DEPTH) else { return ValueShape::Other };
        match self.text_at(last) {
            ")" => self.pairs[last].map_or(ValueShape::Other, |open| self.call_type(open, last, depth + 1)),
            "]" => self.pairs[last].map_or(ValueShape::Other, |open| self.index_type(open, depth + 1)),
            _ if !self.is_word(last) => ValueShape::Other,
            // The property of something.
            _ if last > 0 && self.text_at(last - 1) == "." => ValueShape::Other,
            name => self.variable_type(name, last, depth + 1),
        }
    }

    /// The type of a call's result, or of a value in parentheses.
    fn call_type(&self, open: usize, closing: usize, depth: usize) -> ValueShape {
        let Some(name) = open.checked_sub(1).filter(|at| self.is_word(*at)) else {
            return self.value_type(closing, depth);
        };
        let receiver = name.checked_sub(1).filter(|dot| self.text_at(*dot) == ".");
        let receiver = || receiver.map_or(ValueShape::Other, |dot| self.value_type(dot, depth));
        match (self.text_at(name), receiver) {
            ("query" | "stream", _) => self.query_columns(open + 1).map_or(ValueShape::Other, ValueShape::Table),
            ("row", _) => self.query_columns(open + 1).map_or(ValueShape::Other, ValueShape::Row),
            ("map" | "column", _) => ValueShape::Array(None),
            ("group_by", _) => ValueShape::Array(Some(vec!["key".to_owned(), "rows".to_owned()])),
            ("find", receiver) => element_type(receiver()),
            ("add", receiver) => match receiver() {
                ValueShape::Table(columns) => {
                    ValueShape::Table(columns.into_iter().chain(self.string_content(open + 1)).collect())
                }
                other => other,
            },
            ("select", receiver) => match receiver() {
                ValueShape::Table(columns) => {
                    let chosen: Vec<String> = (open + 1..closing).filter_map(|at| self.string_content(at)).collect();
                    ValueShape::Table(columns.into_iter().filter(|column| chosen.contains(column)).collect())
                }
                other => other,
            },
            (name, receiver) if RETURN_RECEIVER.contains(&name) => receiver(),
            (name, _) if RETURN_QUANTITY.contains(&name) => ValueShape::Quantity,
            _ => ValueShape::Other,
        }
    }

    /// The content of the string at a position, without its quotes.
    fn string_content(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at).filter(|token| token.kind == TokenKind::String && token.is_closed)?;
        let written = token.text(self.text);
        written.get(1..written.len() - 1).map(str::to_owned)
    }

    /// The result columns of the SQL in the string at a position.
    fn query_columns(&self, at: usize) -> Option<Vec<String>> {
        let sql = self.string_content(at)?;
        let query = CursorStatement::parse(&sql, sql.len(), sql.len())?;
        let resolver = FromResolver { query: &query, vocabulary: self.vocabulary };
        Some(resolver.result_columns(0..query.len(), 0)).filter(|columns| !columns.is_empty())
    }

    /// The type of `[…]`: an element of the value before it, or an array.
    fn index_type(&self, open: usize, depth: usize) -> ValueShape {
        let is_element =
            open.checked_sub(1).is_some_and(|at| self.is_word(at) || matches!(self.text_at(at), ")" | "]"));
        if is_element { element_type(self.value_type(open, depth)) } else { ValueShape::Array(None) }
    }

    /// The type of a variable at a position: by the nearest closure, loop or `let` before it, else as the session has
    /// it.
    fn variable_type(&self, name: &str, at: usize, depth: usize) -> ValueShape {
        let bound = (0..at).rev().filter(|at| self.text_at(*at) == name).find_map(|at| self.binding_type(at, depth));
        bound.unwrap_or_else(|| self.vocabulary.type_of(name).cloned().unwrap_or(ValueShape::Other))
    }

    /// The type that the variable at a position is bound to, if that is its declaration.
    fn binding_type(&self, at: usize, depth: usize) -> Option<ValueShape> {
        let before = at.checked_sub(1)?;
        match (self.text_at(before), self.text_at(at + 1)) {
            ("let" | "const", "=") => Some(self.value_type(self.expression_end(at + 2, &[";"]), depth)),
            ("for", "in") => Some(element_type(self.value_type(self.expression_end(at + 2, &["{"]), depth))),
            ("|" | ",", "|" | ",") => self.closure_argument_type(before, depth),
            _ => None,
        }
    }

    /// The end of the expression that begins at a token.
    fn expression_end(&self, start: usize, marks: &[&str]) -> usize {
        let mut at = start;
        while at < self.tokens.len() && !marks.contains(&self.text_at(at)) {
            at = self.pairs[at].filter(|close| *close > at).unwrap_or(at) + 1;
        }
        at
    }

    /// The type of the argument of a closure that has the token `at` among its parameters: an element of its method's
    /// receiver.
    fn closure_argument_type(&self, at: usize, depth: usize) -> Option<ValueShape> {
        let pipe = (0..=at)
            .rev()
            .find(|at| !self.is_word(*at) && self.text_at(*at) != ",")
            .filter(|at| self.text_at(*at) == "|")?;
        let is_open = |at: &usize| self.text_at(*at) == "(" && self.pairs[*at].is_none_or(|close| close > pipe);
        let open = (0..pipe).rev().find(is_open)?;
        let dot = open.checked_sub(2).filter(|dot| self.text_at(*dot) == ".")?;
        Some(element_type(self.value_type(dot, depth)))
    }
}

/// The type of an element of a table or array.
fn element_type(of: ValueShape) -> ValueShape {
    match of {
        ValueShape::Table(columns) | ValueShape::Array(Some(columns)) => ValueShape::Row(columns),
        _ => ValueShape::Other,
    }
}
