//! The parts of a figure one by one, for the finder of figures in a text: a number, a qualifier, a sign, the name of a unit.

use super::grammar::{Phrase, prefix, suffix};
use super::numeral::{self, NumberWord};
use super::unit_phrase;
use crate::quantity::UnitRegistry;
use crate::quantity::scan::{self, Strictness};

/// A number at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::quantity) struct NumeralSpan {
    /// Its length in bytes.
    pub(in crate::quantity) length: usize,
    /// True for the number one.
    pub(in crate::quantity) is_one: bool,
    /// True for an article that may count the noun behind it: `a day`.
    pub(in crate::quantity) is_article: bool,
}

/// The number that `text` starts with, in digits or words; also one whose digits could mean two numbers.
pub(in crate::quantity) fn numeral_at(text: &str, has_currency: bool) -> Option<NumeralSpan> {
    match numeral::parse(text, Strictness::Prose, has_currency) {
        Ok(found) => found.map(|(length, numeral)| NumeralSpan {
            length,
            is_one: numeral.digits == "1" && !numeral.is_scaled(),
            is_article: numeral.is_article,
        }),
        Err(_) => Some(NumeralSpan { length: scan::length(text), is_one: false, is_article: false }),
    }
}

/// True if a word is a number or a part of one: `five`, `million`.
pub(in crate::quantity) fn is_number_word(word: &str) -> bool {
    numeral::is_number(word)
}

/// True if a number in words may begin with a word: `five`, `twenty`, and not `million`.
pub(in crate::quantity) fn begins_number(word: &str) -> bool {
    matches!(numeral::known(&word.to_lowercase()), Some(NumberWord::Small(_) | NumberWord::Tens(_)))
}

/// The length of the phrase without a meaning that `text` starts with: `the`, `only`.
pub(in crate::quantity) fn filler_length(text: &str) -> usize {
    match prefix(text) {
        Some((length, Phrase::Filler)) => length,
        _ => 0,
    }
}

/// True if a text is phrases that qualify the number behind it, and nothing else: `more than`, `at least another`.
pub(in crate::quantity) fn is_qualifier(text: &str) -> bool {
    let mut rest = text.trim();
    while let Some((length, _)) = prefix(rest) {
        rest = rest[length..].trim_start();
    }
    rest.is_empty()
}

/// The length of the phrases behind a number that `text` starts with, blanks before them included: ` or more`.
pub(in crate::quantity) fn suffix_length(text: &str) -> usize {
    let mut length = 0;
    loop {
        let rest = &text[length..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        match suffix(&rest[blanks..]) {
            Some((phrase, _)) => length += blanks + phrase,
            None => return length,
        }
    }
}

/// The length of the sign of a currency that `text` starts with.
pub(in crate::quantity) fn sign_length(text: &str) -> Option<usize> {
    unit_phrase::sign(text).map(|(length, _)| length)
}

/// The length of the sign or code of a currency that ends `text`, with the blank behind it.
pub(in crate::quantity) fn currency_length_before(text: &str, units: &UnitRegistry) -> usize {
    const LONGEST_SIGN: usize = 4;
    let written = text.strip_suffix(' ').unwrap_or(text);
    let starts = written.char_indices().rev().take(LONGEST_SIGN).map(|(at, _)| at);
    let is_whole = |at: &usize| {
        let part = &written[*at..];
        let is_word = part.starts_with(char::is_alphanumeric);
        let is_code = part.chars().count() == 3
            && part.chars().all(|c| c.is_ascii_uppercase())
            && units.get(part).is_some_and(|unit| unit.kind == "currency");
        (is_code || sign_length(part) == Some(part.len()))
            && !(is_word && written[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '-'))
    };
    starts.filter(is_whole).last().map_or(0, |at| text.len() - at)
}

/// The meaning of a phrase as the name of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::quantity) enum UnitName {
    /// It names what is counted whole: in another number than one in the plural.
    Counted,
    /// It names another unit, a currency or a share.
    Measure,
}

/// The meaning of a phrase as the name of a unit, also of a known one that the book does not have.
pub(in crate::quantity) fn unit_name(phrase: &str, units: &UnitRegistry) -> Option<UnitName> {
    let codes = unit_phrase::meanings(phrase, units);
    let is_counted =
        |code: &String| units.get(code).is_none_or(|unit| matches!(unit.kind.as_str(), "count" | "time" | ""));
    match codes.first() {
        Some(code) if is_counted(code) => Some(UnitName::Counted),
        Some(_) => Some(UnitName::Measure),
        None if unit_phrase::is_absent_unit(phrase) => Some(UnitName::Measure),
        None => None,
    }
}
