//! The extent of a figure in a text: its qualifier and currency before the number, the unit behind it, the second number of a
//! range. What counts is the noun behind the number: `5,000 missile launchers` are no missiles, and `5,000 reporters who wrote of
//! missiles` neither.

use super::token::{Token, TokenKind};
use super::{Finder, Unreadable, read, word_lists};
use crate::quantity::WrittenFigure;
use crate::quantity::lenient::terminals::{self, NumeralSpan, UnitName};
use std::ops::Range;

/// The word between two numbers of which one is meant.
const OR: &str = " or ";

/// The most words that are looked at behind a number.
const MAX_WORDS: usize = 6;

/// The most words of a qualifier.
const MAX_QUALIFIER: usize = 6;

/// The most words of the name of a unit.
const MAX_UNIT_WORDS: usize = 3;

/// The most denominators of a unit.
const MAX_BELOW: usize = 2;

/// The words behind a number, as a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
enum UnitWords {
    /// A unit, or a phrase that the parser of figures judges.
    Named,
    /// Words that name no unit of the book.
    Unknown(String),
    /// None.
    Missing,
}

/// One number with its unit.
#[derive(Debug, Clone)]
struct Measured {
    end: usize,
    unit: UnitWords,
}

/// A figure from its first character to its last.
pub(super) struct Extent {
    start: usize,
    first: Measured,
    /// The start and the end of the range, if there is a second number.
    range: Option<(usize, Measured)>,
    /// True if it is the one number or the other: `two or three`.
    is_either: bool,
}

impl Extent {
    /// The extent of the figure whose number begins at a token, behind a currency of so many bytes.
    pub(super) fn of(finder: &Finder<'_>, at: usize, currency: usize, limit: usize) -> Option<Self> {
        let token = &finder.tokens[at];
        let first = measured(finder, token.start, currency > 0, limit)?;
        let number_start = signed_start(finder.text, token.start - currency);
        let start = qualified_start(finder, at, number_start);
        let opening = opening_start(finder, at, number_start);
        let behind = &finder.text[first.end..limit];
        let is_either = behind.starts_with(OR);
        let second = joint_length(behind, opening.is_some(), start < number_start);
        let second = second.and_then(|joint| {
            let from = first.end + joint;
            let qualified = from + qualifier_length(&finder.text[from..limit]);
            let currency = currency_length(&finder.text[qualified..limit], finder);
            let number = qualified + currency;
            let token = finder.tokens.partition_point(|token| token.start < number);
            let is_number = finder.tokens.get(token).is_some_and(|token| token.start == number && is_numeric(token));
            is_number.then(|| measured(finder, number, currency > 0, limit)).flatten()
        });
        Some(Self { start, first, range: second.map(|second| (opening.unwrap_or(start), second)), is_either })
    }

    /// The stretch of the figure and what it is read as: the range, unless its numbers are of two kinds.
    pub(super) fn reading(&self, finder: &Finder<'_>) -> (Range<usize>, Result<WrittenFigure, Unreadable>) {
        let single = || (self.start..self.first.end, judged(finder, self.start..self.first.end, &self.first.unit));
        if let Some(margin) = margin_start(&finder.text[..self.start]) {
            let why = "it is a margin on either side".to_owned();
            return (margin..self.first.end, Err(Unreadable::because(why)));
        }
        let Some((start, second)) = &self.range else { return single() };
        let range = *start..second.end;
        if self.is_either {
            let named = || judged(finder, self.start..self.first.end, &self.first.unit);
            let first = if self.first.unit == UnitWords::Missing { None } else { named().ok() };
            return first.map_or_else(
                || (range, Err(Unreadable::because("it is the one number or the other".to_owned()))),
                |first| (self.start..self.first.end, Ok(first)),
            );
        }
        let whole = judged(finder, range.clone(), &second.unit);
        match &whole {
            Ok(_) => (range, whole),
            Err(_) => match single() {
                (first, Ok(figure)) if !is_of_both(&whole) => (first, Ok(figure)),
                _ => (range, whole),
            },
        }
    }
}

/// The start of the words that make a margin of the number behind them: `plus or minus 2 percent`.
fn margin_start(before: &str) -> Option<usize> {
    const MARGINS: [&str; 5] = ["plus or minus", "give or take", "+/-", "+/−", "±"];
    let before = before.trim_end();
    let margin = MARGINS.iter().find(|margin| {
        let start = before.len().checked_sub(margin.len());
        start.and_then(|start| before.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(margin))
    });
    margin.map(|margin| before.len() - margin.len())
}

/// True for a refusal that is about both numbers together, so that the first is none by itself.
fn is_of_both(whole: &Result<WrittenFigure, Unreadable>) -> bool {
    whole
        .as_ref()
        .is_err_and(|unreadable| unreadable.why.contains("power of ten") || unreadable.why.contains("lower end"))
}

/// The reading of a stretch; a noun that names no unit of the book is the reason why there is none.
fn judged(finder: &Finder<'_>, range: Range<usize>, unit: &UnitWords) -> Result<WrittenFigure, Unreadable> {
    match unit {
        UnitWords::Unknown(noun) => Err(Unreadable::because(format!("`{noun}` is no unit of the book"))),
        UnitWords::Named | UnitWords::Missing => read(&finder.text[range], finder.units),
    }
}

fn is_numeric(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Number || token.kind == TokenKind::Word && word_lists::may_begin_number(&token.lower)
}

/// The number at an offset with its unit.
fn measured(finder: &Finder<'_>, start: usize, has_currency: bool, limit: usize) -> Option<Measured> {
    let text = &finder.text[..limit];
    let numeral = terminals::numeral_at(&text[start..], has_currency)?;
    let number_end = start + numeral.length;
    let mut end = number_end;
    end += terminals::suffix_length(&text[end..]);
    let (mut unit, mut end) = match unit_behind(finder, end, numeral, limit) {
        (UnitWords::Unknown(_) | UnitWords::Missing, _) if has_currency => (UnitWords::Named, end),
        (UnitWords::Missing, _) => (UnitWords::Missing, end),
        (_, unit_end) if has_currency && !is_currency_name(&text[end..unit_end]) => (UnitWords::Named, end),
        found => found,
    };
    end += terminals::suffix_length(&text[end..]);
    for _ in 0..MAX_BELOW {
        let Some((below_end, unknown)) = denominator(finder, end, limit) else { break };
        end = below_end;
        unit = unknown.map_or(unit, UnitWords::Unknown);
    }
    end += terminals::suffix_length(&text[end..]);
    Some(Measured { end, unit })
}

/// True for the name of a currency behind a number that has its sign before it: `£5 sterling`.
fn is_currency_name(words: &str) -> bool {
    let words = words.trim().to_lowercase();
    ["sterling", "pounds", "euros", "dollars"].iter().any(|name| words.ends_with(name))
}

/// The unit behind a number, and where it ends.
fn unit_behind(finder: &Finder<'_>, from: usize, numeral: NumeralSpan, limit: usize) -> (UnitWords, usize) {
    let text = &finder.text[..limit];
    let blanks = text[from..].len() - text[from..].trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let at = from + blanks;
    if text[at..].starts_with('%') {
        let points =
            [" percentage points", " points", "-points"].iter().find(|points| text[at + 1..].starts_with(*points));
        return (UnitWords::Named, at + 1 + points.map_or(0, |points| points.len()));
    }
    // The sign of the next number is none of this one: `a dearer one £1,500`.
    let sign =
        terminals::sign_length(&text[at..]).filter(|sign| !text[at + sign..].starts_with(|c: char| c.is_ascii_digit()));
    if let Some(sign) = sign {
        return (UnitWords::Named, at + sign);
    }
    let is_hyphenated = blanks == 0 && text[at..].starts_with(['-', '\u{2010}', '\u{2011}']);
    let at = if is_hyphenated { at + text[at..].chars().next().map_or(0, char::len_utf8) } else { at };
    let words = words_from(finder, at, limit);
    let Some(first) = words.first() else { return (UnitWords::Missing, from) };
    if is_hyphenated {
        return hyphenated_unit(finder, first);
    }
    let written = first.text.split(' ').next().unwrap_or_default();
    if first.lower == "per" && words.get(1).is_some_and(|next| next.lower == "cent") {
        return (UnitWords::Named, words[1].end());
    }
    if text[first.end()..].starts_with(['/', '^', '*']) && terminals::unit_name(written, finder.units).is_some() {
        let end = text[first.end()..].find(|c: char| !(c.is_alphanumeric() || "/^*_".contains(c)));
        return (UnitWords::Named, first.end() + end.unwrap_or(text.len() - first.end()));
    }
    noun_phrase(finder, &words, numeral, from)
}

/// The unit of `19-year deal` and `four-point plan`.
fn hyphenated_unit(finder: &Finder<'_>, word: &Token<'_>) -> (UnitWords, usize) {
    let first = word.text.split(['-', '\u{2010}', '\u{2011}']).next().unwrap_or(word.text);
    let end = word.start + first.len();
    match terminals::unit_name(first, finder.units) {
        Some(_) => (UnitWords::Named, end),
        None => (UnitWords::Unknown(first.to_owned()), word.end()),
    }
}

/// The words from an offset on, up to a mark.
fn words_from<'f, 't>(finder: &'f Finder<'t>, from: usize, limit: usize) -> Vec<&'f Token<'t>> {
    let first = finder.tokens.partition_point(|token| token.start < from);
    let mut found: Vec<&Token<'t>> = Vec::new();
    for token in finder.tokens[first..].iter().take(MAX_WORDS) {
        let is_next = found.last().map_or(token.start == from, |before| {
            token.start > before.end() && finder.text[before.end()..token.start].chars().all(char::is_whitespace)
        });
        if token.kind != TokenKind::Word || !is_next || token.end() > limit {
            break;
        }
        found.push(token);
    }
    found
}

/// The unit that the noun behind a number names: the first that stands in the plural, or alone.
fn noun_phrase(finder: &Finder<'_>, words: &[&Token<'_>], numeral: NumeralSpan, from: usize) -> (UnitWords, usize) {
    let is_boundary = |word: &&Token<'_>| word_lists::is_function(&word.lower) && !is_percentage(&word.lower);
    let count = words
        .iter()
        .position(|word| is_boundary(word) || terminals::is_number_word(&word.lower))
        .unwrap_or(words.len());
    let words = &words[..count];
    for (at, word) in words.iter().enumerate() {
        let named = (at.saturating_sub(MAX_UNIT_WORDS - 1)..=at).find_map(|first| {
            let phrase = &finder.text[words[first].start..word.end()];
            terminals::unit_name(phrase, finder.units).map(|name| (first, name))
        });
        let next = words.get(at + 1);
        let is_plural = word_lists::is_plural_noun(&word.lower);
        match named {
            Some(_) if word_lists::is_verb_like_unit(&word.lower) && next.is_some() => {
                return (UnitWords::Missing, from);
            }
            Some((_, UnitName::Measure)) => {
                let end = percentage_points(words, at).unwrap_or(word.end());
                return (UnitWords::Named, end);
            }
            // A singular before another noun is no head: `5,000 missile launchers`.
            Some((_, UnitName::Counted)) if !is_plural && next.is_some_and(|next| is_noun_like(&next.lower)) => {
                let Some(next) = next.filter(|_| numeral.is_one) else { continue };
                return (UnitWords::Unknown(finder.text[word.start..next.end()].to_owned()), next.end());
            }
            Some((_, UnitName::Counted)) => return (UnitWords::Named, word.end()),
            None if is_plural => return (UnitWords::Unknown(word.text.to_owned()), word.end()),
            None => {}
        }
    }
    unknown_noun(words, numeral, from)
}

fn is_percentage(lower: &str) -> bool {
    matches!(lower, "percentage" | "percent" | "cent")
}

/// The end of `percent points`.
fn percentage_points(words: &[&Token<'_>], at: usize) -> Option<usize> {
    let next = words.get(at + 1).filter(|next| matches!(next.lower.as_str(), "point" | "points"))?;
    is_percentage(&words[at].lower).then(|| next.end())
}

/// True for a word that may be the noun of which the word before it is a part. A word in `-ed`, `-ly` or `-ing` is none.
fn is_noun_like(lower: &str) -> bool {
    !word_lists::is_function(lower) && !["ed", "ly"].iter().any(|ending| lower.ends_with(ending))
}

/// The noun behind a number that names no unit, as far as its form shows it.
fn unknown_noun(words: &[&Token<'_>], numeral: NumeralSpan, from: usize) -> (UnitWords, usize) {
    let Some(first) = words.first() else { return (UnitWords::Missing, from) };
    let noun = if numeral.is_one { Some(first) } else { words.iter().rev().find(|word| !is_verb_like(&word.lower)) };
    noun.map_or((UnitWords::Missing, from), |noun| (UnitWords::Unknown(noun.text.to_owned()), noun.end()))
}

fn is_verb_like(lower: &str) -> bool {
    ["ed", "ly", "ing"].iter().any(|ending| lower.ends_with(ending))
}

/// A denominator behind a unit: where it ends, and its noun if that names no unit of the book.
fn denominator(finder: &Finder<'_>, from: usize, limit: usize) -> Option<(usize, Option<String>)> {
    let text = &finder.text[..limit];
    let rest = &text[from..];
    for each in [" apiece", " a piece", " each"] {
        if let Some(behind) = strip_words(rest, each) {
            return Some((limit - behind.len(), None));
        }
    }
    let marks = ["/", " per ", "-per-", " for each ", " for every ", " a ", " an ", " each "];
    let mark =
        marks.into_iter().find(|mark| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))?;
    let words = words_from(finder, from + mark.len(), limit);
    let first = words.first()?;
    let is_time_unit =
        word_lists::is_time_noun(&first.lower) && terminals::unit_name(first.text, finder.units).is_some();
    if first.lower == "head" || first.lower == "capita" || is_time_unit {
        return Some((first.end(), None));
    }
    let one = NumeralSpan { length: 0, is_one: false, is_article: false };
    match noun_phrase(finder, &words[..words.len().min(MAX_UNIT_WORDS)], one, from) {
        (UnitWords::Named, end) => Some((end, None)),
        (UnitWords::Unknown(_), _) if word_lists::is_time_noun(&first.lower) => {
            Some((first.end(), Some(first.text.to_owned())))
        }
        (UnitWords::Unknown(_) | UnitWords::Missing, _) if matches!(mark, " a " | " an " | " each " | "/") => None,
        (UnitWords::Unknown(_), _) => Some((first.end(), Some(first.text.to_owned()))),
        (UnitWords::Missing, _) => None,
    }
}

/// The text behind words at its start that end there.
fn strip_words<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let start = text.get(..words.len())?;
    let rest = &text[words.len()..];
    (start.eq_ignore_ascii_case(words) && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// The length of the words or the mark that join two numbers.
fn joint_length(text: &str, is_between: bool, is_qualified: bool) -> Option<usize> {
    let mut joints = vec![" to ", " up to ", "-", "–", "—", "..", OR];
    if is_between {
        joints.push(" and ");
    }
    if is_qualified {
        joints.extend([" but ", " and "]);
    }
    joints.into_iter().find(|joint| text.starts_with(joint)).map(str::len)
}

/// The length of the qualifier that a text begins with.
fn qualifier_length(text: &str) -> usize {
    let ends = text.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at + 1).take(MAX_QUALIFIER);
    ends.take_while(|end| text.is_char_boundary(*end))
        .filter(|end| terminals::is_qualifier(&text[..*end]))
        .last()
        .unwrap_or(0)
}

/// The length of the currency that a text begins with.
fn currency_length(text: &str, finder: &Finder<'_>) -> usize {
    if let Some(sign) = terminals::sign_length(text) {
        return sign + usize::from(text[sign..].starts_with(' '));
    }
    let code = text.get(..4).filter(|code| code.ends_with(' ') || code.ends_with(|c: char| c.is_ascii_digit()));
    let is_code = code.is_some_and(|code| {
        code[..3].chars().all(|c| c.is_ascii_uppercase())
            && finder.units.get(&code[..3]).is_some_and(|unit| unit.kind == "currency")
    });
    if is_code { 3 + usize::from(text[3..].starts_with(' ')) } else { 0 }
}

/// The start of a number with its sign: a minus behind a blank.
fn signed_start(text: &str, start: usize) -> usize {
    let before = &text[..start];
    let Some(sign) = before.chars().next_back().filter(|c| matches!(c, '-' | '−' | '+')) else { return start };
    let at = start - sign.len_utf8();
    let is_free = text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '"' | '“'));
    if is_free { at } else { start }
}

/// The start of the qualifier before a number: the longest run of words that are nothing else. A word that a verb takes, as in
/// `handed over 5,000 missiles`, is none.
pub(super) fn qualified_start(finder: &Finder<'_>, at: usize, number: usize) -> usize {
    let first = finder.tokens[..at].partition_point(|token| token.end() <= number);
    let mut start = number;
    for before in (first.saturating_sub(MAX_QUALIFIER)..first).rev() {
        let token = &finder.tokens[before];
        if token.kind == TokenKind::Other {
            break;
        }
        let written = &finder.text[token.start..number];
        let verb = before.checked_sub(1).map_or("", |verb| finder.tokens[verb].lower.as_str());
        // `asks about the £5`: a preposition.
        if token.lower == "the" && before + 1 == first {
            break;
        }
        // `lent over five years`: the time that it took.
        if token.lower == "over" && before + 1 == first && !word_lists::is_taking(verb) && is_span(finder, at) {
            break;
        }
        let is_of_verb =
            word_lists::is_phrasal_verb(verb) && matches!(token.lower.as_str(), "over" | "up" | "about" | "below");
        if terminals::is_qualifier(written) && !is_of_verb {
            start = token.start;
        }
    }
    loop {
        let filler = terminals::filler_length(&finder.text[start..number]);
        if filler == 0 {
            return start;
        }
        start += filler;
        start += finder.text[start..number].len() - finder.text[start..number].trim_start().len();
    }
}

/// True if the number at a token counts a span of time, over which something happens.
fn is_span(finder: &Finder<'_>, at: usize) -> bool {
    let next = finder.tokens.get(at + 1).or_else(|| finder.tokens.get(at + 2));
    next.is_some_and(|next| word_lists::is_time_noun(next.lower.strip_suffix('s').unwrap_or(&next.lower)))
}

/// The start of `between` or `from` before a number.
fn opening_start(finder: &Finder<'_>, at: usize, number: usize) -> Option<usize> {
    let first = finder.tokens[..at].partition_point(|token| token.end() <= number);
    let start = qualified_start(finder, at, number);
    let before = finder.tokens[..first].iter().rev().find(|token| token.end() <= start)?;
    matches!(before.lower.as_str(), "between" | "from").then_some(before.start)
}
