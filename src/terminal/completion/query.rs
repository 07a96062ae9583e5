//! The statement that the cursor stands in, cut into tokens and parentheses. The word being typed is no part of it: what
//! stands around it decides what it may become.

use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// A statement.
pub(super) struct Query<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// For each token that is `(`: the token that closes it, or the number of all.
    closes: Vec<usize>,
    /// How many tokens stand before the cursor.
    pub(super) at: usize,
}

/// Words that begin what has rows.
const QUERIES: [&str; 3] = ["select", "with", "values"];

impl<'t> Query<'t> {
    /// The statement at the byte `pos` of `text`, without the word that begins at `start`; `None` in a text, a quoted name
    /// or a comment.
    pub(super) fn at(text: &'t str, start: usize, pos: usize) -> Option<Self> {
        let mut found = Vec::new();
        let mut at = 0;
        for token in tokens(text) {
            let is_open = !token.is_closed || token.text(text).starts_with("--");
            let is_around = token.range.start < pos && (pos < token.range.end || (is_open && pos == token.range.end));
            let is_quote = matches!(token.kind, TokenKind::String | TokenKind::QuotedName | TokenKind::Comment);
            if is_around && is_quote {
                return None;
            }
            if token.text(text) == ";" {
                if token.range.start >= pos {
                    break;
                }
                found.clear();
                at = 0;
                continue;
            }
            let is_word = start < pos && token.range.start <= start && start < token.range.end;
            if token.kind != TokenKind::Comment && !is_word {
                at += usize::from(token.range.end <= start);
                found.push(token);
            }
        }
        Some(Self::new(text, found, at))
    }

    fn new(text: &'t str, tokens: Vec<Token>, at: usize) -> Self {
        let mut closes = vec![tokens.len(); tokens.len()];
        let mut open = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token.text(text) {
                "(" => open.push(index),
                ")" => {
                    if let Some(opened) = open.pop() {
                        closes[opened] = index;
                    }
                }
                _ => {}
            }
        }
        Self { text, tokens, closes, at }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token at a place as written; nothing beyond the end.
    pub(super) fn text(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    /// The token before a place.
    pub(super) fn before(&self, at: usize) -> &'t str {
        at.checked_sub(1).map_or("", |at| self.text(at))
    }

    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.text(at).eq_ignore_ascii_case(word)
    }

    /// Whether the token is one of some words in lower case.
    pub(super) fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// The name that a token is, without its quotes.
    pub(super) fn name(&self, at: usize) -> Option<&'t str> {
        let token = self.tokens.get(at)?;
        let written = token.text(self.text);
        match token.kind {
            TokenKind::Word => Some(written),
            TokenKind::QuotedName if token.is_closed => written.get(1..written.len() - 1),
            _ => None,
        }
    }

    /// What closes the parenthesis at a place.
    pub(super) fn close(&self, at: usize) -> usize {
        self.closes[at]
    }

    /// Whether the `from` at a place is that of `is distinct from`.
    pub(super) fn is_comparing(&self, at: usize) -> bool {
        at > 1 && self.is(at, "from") && self.is(at - 1, "distinct") && self.is_one_of(at - 2, &["is", "not"])
    }

    /// Whether a query begins at a place.
    pub(super) fn is_query(&self, at: usize) -> bool {
        self.is_one_of(at, &QUERIES)
    }

    /// The tokens of a range that stand in no parentheses of it; of those only the `(`. One that is still open, and holds no
    /// query, hides nothing: `select max( from t` has a `from`.
    pub(super) fn level(&self, range: Range<usize>) -> Vec<usize> {
        let mut level = Vec::new();
        let mut at = range.start;
        while at < range.end.min(self.len()) {
            level.push(at);
            let is_group = self.text(at) == "(" && (self.close(at) < self.len() || self.is_query(at + 1));
            at = if is_group { self.close(at) } else { at } + 1;
        }
        level
    }

    /// The ranges that the cursor stands in, from the innermost parentheses out to the statement.
    pub(super) fn around(&self) -> Vec<Range<usize>> {
        let is_around = |open: &usize| self.text(*open) == "(" && self.close(*open) >= self.at;
        let mut around: Vec<Range<usize>> =
            (0..self.at).rev().filter(is_around).map(|open| open + 1..self.close(open)).collect();
        around.push(0..self.len());
        around
    }
}
