//! What stands before the dot of a script, as far as its words tell: a variable, an id, a call of `query`, the row that a
//! closure is handed. Nothing is run, so that much is not known.

use super::query::Query;
use super::sources::Reader;
use super::vocabulary::Vocabulary;
use crate::script::ValueShape;
use crate::sql::lex::{Token, TokenKind};

/// Calls in calls are followed so deep.
const DEEPEST: usize = 12;

/// Functions that give a quantity.
const GIVE_QUANTITIES: [&str; 9] =
    ["figure", "q", "convert", "assume", "percent", "across_stages", "round", "rounding_range", "sum"];

/// Methods that give what they are called on, with other rows or in another order.
const KEEP_ROWS: [&str; 7] = ["filter", "sort_by", "sort", "sort_desc", "order", "order_desc", "dedup"];

/// Code of a script up to some place.
pub(super) struct Code<'c> {
    pub(super) text: &'c str,
    pub(super) tokens: Vec<Token>,
    pub(super) vocabulary: &'c Vocabulary,
}

impl<'c> Code<'c> {
    /// The token at a place as written; nothing beyond the end.
    pub(super) fn word(&self, at: usize) -> &'c str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// What the value holds that ends before the token `end`.
    pub(super) fn holds(&self, end: usize) -> ValueShape {
        self.value(end, 0)
    }

    fn value(&self, end: usize, depth: usize) -> ValueShape {
        let Some(last) = end.checked_sub(1).filter(|_| depth < DEEPEST) else { return ValueShape::Other };
        match self.word(last) {
            ")" => self.open(last).map_or(ValueShape::Other, |open| self.call(open, last, depth + 1)),
            "]" => self.open(last).map_or(ValueShape::Other, |open| self.indexed(open, depth + 1)),
            _ if !self.is_word(last) => ValueShape::Other,
            // The property of something.
            _ if last > 0 && self.word(last - 1) == "." => ValueShape::Other,
            name => self.named(name, last, depth + 1),
        }
    }

    /// The bracket that the one at `close` closes.
    fn open(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        (0..=close).rev().find(|at| {
            match self.word(*at) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" => depth = depth.saturating_sub(1),
                _ => return false,
            }
            depth == 0
        })
    }

    /// What a call gives, or a value in parentheses.
    fn call(&self, open: usize, close: usize, depth: usize) -> ValueShape {
        let Some(name) = open.checked_sub(1).filter(|at| self.is_word(*at)) else { return self.value(close, depth) };
        let receiver = name.checked_sub(1).filter(|dot| self.word(*dot) == ".");
        let receiver = || receiver.map_or(ValueShape::Other, |dot| self.value(dot, depth));
        match (self.word(name), receiver) {
            ("query" | "stream", _) => self.asked(open + 1).map_or(ValueShape::Other, ValueShape::Table),
            ("row", _) => self.asked(open + 1).map_or(ValueShape::Other, ValueShape::Row),
            ("map" | "column", _) => ValueShape::Array(None),
            ("group_by", _) => ValueShape::Array(Some(vec!["key".to_owned(), "rows".to_owned()])),
            ("find", receiver) => element(receiver()),
            ("add", receiver) => match receiver() {
                ValueShape::Table(columns) => {
                    ValueShape::Table(columns.into_iter().chain(self.content(open + 1)).collect())
                }
                other => other,
            },
            ("select", receiver) => match receiver() {
                ValueShape::Table(columns) => {
                    let chosen: Vec<String> = (open + 1..close).filter_map(|at| self.content(at)).collect();
                    ValueShape::Table(columns.into_iter().filter(|column| chosen.contains(column)).collect())
                }
                other => other,
            },
            (name, receiver) if KEEP_ROWS.contains(&name) => receiver(),
            (name, _) if GIVE_QUANTITIES.contains(&name) => ValueShape::Quantity,
            _ => ValueShape::Other,
        }
    }

    /// What stands in the text at a place, without its quotes.
    fn content(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at).filter(|token| token.kind == TokenKind::Text && token.is_closed)?;
        let written = token.text(self.text);
        written.get(1..written.len() - 1).map(str::to_owned)
    }

    /// The columns of what the text of SQL at a place gives.
    fn asked(&self, at: usize) -> Option<Vec<String>> {
        let sql = self.content(at)?;
        let query = Query::at(&sql, sql.len(), sql.len())?;
        let reader = Reader { query: &query, vocabulary: self.vocabulary };
        Some(reader.results(0..query.len(), 0)).filter(|columns| !columns.is_empty())
    }

    /// What `[…]` is: an element of what stands before it, or an array.
    fn indexed(&self, open: usize, depth: usize) -> ValueShape {
        let is_element = open.checked_sub(1).is_some_and(|at| self.is_word(at) || matches!(self.word(at), ")" | "]"));
        if is_element { element(self.value(open, depth)) } else { ValueShape::Array(None) }
    }

    /// What a name holds at a place: by the nearest closure, loop or `let` before it, else as the session has it.
    fn named(&self, name: &str, at: usize, depth: usize) -> ValueShape {
        let bound = (0..at).rev().filter(|at| self.word(*at) == name).find_map(|at| self.bound(at, depth));
        bound.unwrap_or_else(|| self.vocabulary.holds(name).cloned().unwrap_or(ValueShape::Other))
    }

    /// What the name at a place holds from there on, if that is where it is made.
    fn bound(&self, at: usize, depth: usize) -> Option<ValueShape> {
        let before = at.checked_sub(1)?;
        match (self.word(before), self.word(at + 1)) {
            ("let" | "const", "=") => Some(self.value(self.end(at + 2, &[";"]), depth)),
            ("for", "in") => Some(element(self.value(self.end(at + 2, &["{"]), depth))),
            ("|" | ",", "|" | ",") => self.handed(before, depth),
            _ => None,
        }
    }

    /// Where the expression ends that begins at a token.
    fn end(&self, start: usize, marks: &[&str]) -> usize {
        let mut open = 0_usize;
        let end = (start..self.tokens.len()).find(|at| {
            let word = self.word(*at);
            let is_end = open == 0 && marks.contains(&word);
            match word {
                "(" | "[" | "{" => open += 1,
                ")" | "]" | "}" => open = open.saturating_sub(1),
                _ => {}
            }
            is_end
        });
        end.unwrap_or(self.tokens.len())
    }

    /// What a closure is handed whose parameters the token `at` stands among: an element of what its method is called on.
    fn handed(&self, at: usize, depth: usize) -> Option<ValueShape> {
        let pipe =
            (0..=at).rev().find(|at| !self.is_word(*at) && self.word(*at) != ",").filter(|at| self.word(*at) == "|")?;
        let mut closed = 0_usize;
        let open = (0..pipe).rev().find(|at| match self.word(*at) {
            ")" | "]" | "}" => {
                closed += 1;
                false
            }
            "(" | "[" | "{" if closed > 0 => {
                closed -= 1;
                false
            }
            "(" => true,
            _ => false,
        })?;
        let dot = open.checked_sub(2).filter(|dot| self.word(*dot) == ".")?;
        Some(element(self.value(dot, depth)))
    }
}

/// What an element of something is.
fn element(of: ValueShape) -> ValueShape {
    match of {
        ValueShape::Table(columns) | ValueShape::Array(Some(columns)) => ValueShape::Row(columns),
        _ => ValueShape::Other,
    }
}
