//! The sentences of a text and their tokens: words, digits, marks.

use super::NonFigure;
use super::word_lists;
use crate::quantity::lenient::terminals;
use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters, with hyphens and apostrophes within.
    Word,
    /// Digits, with the marks that group them.
    Number,
    /// Any other character.
    Mark,
    /// A number that is no figure.
    Other,
}

/// A token with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    /// The same in lower case.
    pub(super) lower: String,
    pub(super) start: usize,
    pub(super) has_blank_before: bool,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// True for four digits that may be a year.
    pub(super) fn is_year(&self) -> bool {
        const YEARS: Range<u32> = 1500..2100;
        self.text.len() == 4 && self.text.parse().is_ok_and(|year| YEARS.contains(&year))
    }
}

/// The tokens of a sentence; a number that is no figure is one token.
pub(super) fn tokens<'t>(
    text: &'t str,
    sentence: &Range<usize>,
    others: &[(NonFigure, Range<usize>)],
) -> Vec<Token<'t>> {
    let mut tokens: Vec<Token<'t>> = Vec::new();
    let mut at = sentence.start;
    let first = others.partition_point(|(_, other)| other.start < sentence.start);
    let mut others = others[first..].iter().map(|(_, range)| range).peekable();
    while at < sentence.end {
        while others.next_if(|other| other.start < at).is_some() {}
        let rest = &text[at..sentence.end];
        let (kind, length) = match others.peek() {
            Some(other) if other.start == at => (TokenKind::Other, other.len()),
            next => token_at(&rest[..next.map_or(rest.len(), |next| next.start.saturating_sub(at).min(rest.len()))]),
        };
        let length = length.min(rest.len());
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let has_blank_before = text[..at].ends_with(char::is_whitespace);
        let written = &text[at..at + length];
        tokens.push(Token {
            kind,
            text: written,
            lower: written.to_lowercase().replace('’', "'"),
            start: at,
            has_blank_before,
        });
        at += length;
    }
    tokens
}

/// The kind and length of the token that `text` starts with; of length 0 before a blank.
fn token_at(text: &str) -> (TokenKind, usize) {
    let Some(first) = text.chars().next() else { return (TokenKind::Mark, 0) };
    if first.is_whitespace() {
        (TokenKind::Mark, 0)
    } else if first.is_ascii_digit() {
        (TokenKind::Number, digits_length(text))
    } else if first.is_alphabetic() {
        (TokenKind::Word, word_length(text))
    } else {
        (TokenKind::Mark, first.len_utf8())
    }
}

/// The length of digits with points and commas within, and with blanks between groups of three.
fn digits_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 0;
    while is_digit(at) || matches!(bytes.get(at), Some(b'.' | b',' | b'\'')) && is_digit(at + 1) {
        at += 1;
    }
    let is_group =
        |at: usize| bytes.get(at) == Some(&b' ') && (1..=3).all(|step| is_digit(at + step)) && !is_digit(at + 4);
    if at <= 3 {
        while is_group(at) {
            at += 4;
        }
    }
    at
}

/// The length of a word. One that begins with a number in words, `four-point`, ends at its hyphen.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_joined = chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let is_hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}');
        let is_within = is_joined && (is_hyphen || matches!(c, '\'' | '’'));
        let is_initial =
            c == '.' && (is_joined || text[..at].contains('.')) && text[..at].ends_with(char::is_uppercase);
        if is_hyphen && is_splitting(&text[..at]) || !(c.is_alphabetic() || is_within || is_initial) {
            return at;
        }
    }
    text.len()
}

/// True for a part of a compound that is a token by itself: a number, a half.
fn is_splitting(part: &str) -> bool {
    let last = part.rsplit('-').next().unwrap_or(part).to_lowercase();
    terminals::is_number_word(&last) || word_lists::is_share_word(&last)
}

/// The sentences of a text. A point ends one before a blank and a capital letter, a digit or a quotation mark, but not behind
/// an abbreviation or an initial.
pub(super) fn sentences(text: &str, others: &[(NonFigure, Range<usize>)]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut others = others.iter().map(|(_, range)| range).peekable();
    for (at, c) in text.char_indices() {
        while others.next_if(|other| other.end <= at).is_some() {}
        let is_within = others.peek().is_some_and(|other| other.start <= at);
        if is_within || !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let behind = &text[at + c.len_utf8()..];
        let closed = behind.trim_start_matches(['"', '”', '’', '\'', ')', ']', super::non_figure::LEFT_OUT]);
        let next = closed.trim_start();
        let is_open = closed.len() == next.len() && !next.is_empty();
        let begins = next.is_empty() || next.starts_with(|c: char| !c.is_lowercase());
        if is_open || !begins || c == '.' && word_lists::is_abbreviation(&text[start..at]) {
            continue;
        }
        let end = text.len() - closed.len();
        found.push(start..end);
        start = end;
    }
    if text[start..].contains(|c: char| !c.is_whitespace()) {
        found.push(start..text.len());
    }
    found
}
