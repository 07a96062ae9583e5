//! The parser of figures as people write them: `£1.6bn`, `nearly 5,000 missiles`, `£320,000 each`. It reports how a figure
//! was written besides its value, and refuses one that could mean two numbers. The text form for programs is parsed in
//! `quantity`.

mod grammar;
mod numeral;
pub(super) mod terminals;
mod unit_phrase;

use super::Quantity;
use super::human;
use super::number::plain_number;
use super::scan::{AmbiguousDigits, Strictness};
use super::unit::UnitRegistry;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// A figure as written: the quantity, and its wording.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenFigure {
    /// The number or the range with its unit; the ends are open and closed as written, and the amount is inexact (`≈`) if
    /// it is hedged.
    pub quantity: Quantity,
    /// The number, or both ends of a range, in the order of the text.
    pub numbers: Vec<WrittenNumber>,
    /// The hedge, if there is one.
    pub approximation: Option<Approximation>,
    /// True if it is the figure of each of an unnamed item: `£320,000 each`.
    pub per_unnamed_item: bool,
    /// Ignored words between the number and its unit: `additional`.
    pub skipped: Vec<String>,
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenNumber {
    /// The value.
    pub value: Decimal,
    /// The certain significant figures: two of `£2.0bn`, three of `3.00`, one of `5,000`, none of 0.
    pub significant_figures: u32,
    /// The significant figures if trailing zeros of a whole number count: four of `5,000`.
    pub most_figures: u32,
    /// The digits behind the point: one of `£2.0bn`, two of `3.00`.
    pub decimal_places: u32,
    /// The decimal place of the last certain significant figure of the value: −8 of `£2.0bn`, 2 of `3.00`, −3 of `5,000`.
    pub ulp: i32,
}

/// A hedge of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approximation {
    /// `about`, `around`, `c.`, `some`.
    Near,
    /// `nearly`, `almost`, `just under`.
    JustBelow,
    /// `just over`.
    JustAbove,
}

impl WrittenFigure {
    /// The number, if it is not a range.
    pub fn number(&self) -> Option<&WrittenNumber> {
        if let [number] = self.numbers.as_slice() { Some(number) } else { None }
    }

    /// The quantity, if the wording has nothing else.
    ///
    /// # Errors
    /// If it is the figure of an unnamed item, or has ignored words.
    pub fn into_quantity(self) -> Result<Quantity, QuantityError> {
        let refused = |why: String, help: String| {
            Err(QuantityError::InvalidFigure { text: human::quantity(&self.quantity, None), why, help })
        };
        if self.per_unnamed_item {
            return refused("it is of each of something that is not named".into(), "name it, as `per missile`".into());
        }
        match self.skipped.as_slice() {
            [] => Ok(self.quantity),
            words => {
                let words = words.join(" ");
                refused(format!("`{words}` is no part of a quantity"), format!("leave `{words}` out"))
            }
        }
    }
}

impl WrittenNumber {
    /// A number of these digits, including the point, times a power of ten.
    fn new(value: Decimal, digits: &str, zeros: usize) -> Self {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let all = whole.trim_start_matches(['-', '0']).len() + fraction.len();
        let leading = if whole.trim_start_matches(['-', '0']).is_empty() {
            fraction.len() - fraction.trim_start_matches('0').len()
        } else {
            0
        };
        let most = if value.is_zero() { 0 } else { all - leading };
        let open = if fraction.is_empty() { whole.len() - whole.trim_end_matches('0').len() } else { 0 };
        let open = open.min(most);
        let place = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        Self {
            value,
            significant_figures: count(most - open),
            most_figures: count(most),
            decimal_places: count(fraction.len()),
            ulp: place(fraction.len()) - place(zeros) - place(open),
        }
    }
}

/// Parses a figure in the units of a book. Without a unit it is a plain number.
///
/// # Errors
/// If it is no figure, is ambiguous, or has a unit that the book does not have.
pub fn parse_figure(text: &str, units: &UnitRegistry, strictness: Strictness) -> Result<WrittenFigure, QuantityError> {
    let refused = |why: &str, help: &str| {
        Err(QuantityError::InvalidFigure { text: truncated(text), why: why.into(), help: help.into() })
    };
    if text.chars().nth(MOST_CHARS).is_some() {
        return refused("it is too long to be one", "give the number and its unit alone");
    }
    let plain = normalized(text);
    let (ambiguous, error) = match parse(text, &plain, units, strictness) {
        Ok(figure) => return Ok(figure),
        Err(refused) => match *refused {
            ParseFailure { ambiguous: Some(ambiguous), error } => (ambiguous, error),
            ParseFailure { ambiguous: None, error } => return Err(error),
        },
    };
    // The help suggests whole texts if each of them is unambiguous, else the digits alone.
    let whole = |reading: &String| text.trim().replacen(&ambiguous.written, reading, 1);
    let is_read = |text: &String| parse(text, &normalized(text), units, strictness).is_ok();
    let wholes: Vec<String> = ambiguous.readings.iter().map(whole).collect();
    let listed = |spellings: &[String]| {
        let spellings: Vec<String> = spellings.iter().map(|text| format!("`{}`", truncated(text))).collect();
        spellings.join(", or ")
    };
    match error {
        QuantityError::InvalidFigure { text, why, .. } if !wholes.is_empty() => {
            let help = if wholes.iter().all(is_read) {
                format!("write {}", listed(&wholes))
            } else {
                format!("for `{}` write {}", truncated(&ambiguous.written), listed(&ambiguous.readings))
            };
            Err(QuantityError::InvalidFigure { text, why, help })
        }
        error => Err(error),
    }
}

/// Parses a user-supplied quantity: as people write it, or in the text form with its provenance, `5 GBP [F29]`.
///
/// # Errors
/// As [`parse_figure`], [`WrittenFigure::into_quantity`] and [`UnitRegistry::parse_quantity`].
pub fn parse_quantity(text: &str, units: &UnitRegistry, strictness: Strictness) -> Result<Quantity, QuantityError> {
    let is_form = text.trim_end().ends_with(']') && !text.trim_start().starts_with('[')
        || text.trim_start().starts_with("unknown(");
    if is_form {
        return units.parse_quantity(text);
    }
    let form =
        if strictness == Strictness::Code { units.parse_quantity(text) } else { Ok(Quantity::plain(Decimal::ZERO)) };
    match form {
        Ok(quantity) if strictness == Strictness::Code => Ok(quantity),
        // An error of syntax that only the text form has.
        Err(error @ QuantityError::PowerOutOfRange(_)) => Err(error),
        _ => parse_figure(text, units, strictness)?.into_quantity(),
    }
}

/// The most digits that any whole number may have.
const MAX_DIGITS: usize = 15;

/// Parses a number without a unit; `None` if it is none, or an inexact one.
///
/// # Errors
/// If the digits are ambiguous, or too many.
pub fn parse_number(text: &str, strictness: Strictness) -> Result<Option<Decimal>, QuantityError> {
    // Digits alone can mean nothing else, and need no look at the words that people write beside them.
    if text.len() <= MAX_DIGITS
        && text.starts_with(|c: char| matches!(c, '1'..='9'))
        && text.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Ok(text.parse::<i64>().ok().map(Decimal::from));
    }
    // So can a point in the text of a program.
    let number = if strictness == Strictness::Code { decimal_number(text) } else { None };
    if number.is_some() { Ok(number) } else { parse_worded_number(text, strictness) }
}

/// A number with a point, whose digits before that need no look at their grouping; `None` for any other text.
fn decimal_number(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.')?;
    let is_ungrouped = whole == "0" || whole.starts_with(|c: char| matches!(c, '1'..='9'));
    let is_short = whole.len() + fraction.len() <= MAX_DIGITS;
    if is_ungrouped && is_short { plain_number(text) } else { None }
}

/// As [`parse_number`], by the whole grammar.
fn parse_worded_number(text: &str, strictness: Strictness) -> Result<Option<Decimal>, QuantityError> {
    let units = UnitRegistry::default();
    match parse(text, &normalized(text), &units, strictness) {
        Ok(figure) => {
            let read = figure.into_quantity().ok();
            Ok(read
                .filter(|read| *read == Quantity::plain(read.number().unwrap_or_default()))
                .and_then(|read| read.number()))
        }
        Err(refused) => match *refused {
            ParseFailure { ambiguous: Some(_), error } => {
                Err(parse_figure(text, &units, strictness).err().unwrap_or(error))
            }
            ParseFailure { error: error @ QuantityError::TooManyDigits { .. }, .. } => Err(error),
            ParseFailure { .. } => Ok(None),
        },
    }
}

/// The error of a refused text, and the ambiguous digits that caused it, if they did.
struct ParseFailure {
    ambiguous: Option<AmbiguousDigits>,
    error: QuantityError,
}

/// Parses a normalized text.
fn parse(
    text: &str,
    plain: &str,
    units: &UnitRegistry,
    strictness: Strictness,
) -> Result<WrittenFigure, Box<ParseFailure>> {
    let mut parser = Parser { shown: text.trim(), rest: plain, units, strictness, ambiguous: None };
    let read = parser.numbers().and_then(|ends| match ends {
        (end, None) => grammar::single_figure(end),
        (first, Some(second)) => parser.range_figure(first, second),
    });
    read.map_err(|error| Box::new(ParseFailure { ambiguous: parser.ambiguous, error }))
}

/// The state of parsing a figure in the units of a book.
#[derive(Debug)]
struct Parser<'r> {
    /// The original text, for errors.
    shown: &'r str,
    /// The remaining text, without leading spaces.
    rest: &'r str,
    units: &'r UnitRegistry,
    strictness: Strictness,
    /// The refused digits, if there are any.
    ambiguous: Option<AmbiguousDigits>,
}

impl<'r> Parser<'r> {
    /// Consumes these words if they follow; true if they did.
    fn eat(&mut self, words: &str) -> bool {
        let is_here = starts_with_words(self.rest, words);
        if is_here {
            self.step(words.len());
        }
        is_here
    }

    /// Consumes `length` bytes, and the spaces behind them.
    fn step(&mut self, length: usize) {
        self.rest = self.rest[length..].trim_start();
    }

    /// The next word, up to a space; empty at the end.
    fn next_word(&self) -> &'r str {
        self.rest.split(' ').next().unwrap_or_default()
    }

    /// The error of a text that is no figure, or an ambiguous one.
    fn refused(&self, why: &str, help: &str) -> QuantityError {
        QuantityError::InvalidFigure { text: truncated(self.shown), why: why.to_owned(), help: help.to_owned() }
    }
}

/// The most characters of a figure: a longer text is none.
const MOST_CHARS: usize = 400;

/// The most characters of a text that an error shows.
const SHOWN: usize = 60;

const AROUND: &[char] = &['"', '\'', '(', ')', '[', ']', '{', '}', '`', ' '];
const BEHIND: &[char] = &['.', ',', ';', ':', '!', '?', '…'];

/// Normalizes a text: one kind of minus, quote and space, and nothing around the figure.
fn normalized(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{fe63}' | '\u{ff0d}' => plain.push('-'),
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => plain.push('"'),
            '%' => plain.push_str(" percent "),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let joined = with_percent(&words).join(" ");
    bare(&joined).to_owned()
}

/// Joins `per cent` to one word.
fn with_percent<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let mut found: Vec<&str> = Vec::with_capacity(words.len());
    for word in words {
        let is_cent = word
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("cent") && !word[4..].starts_with(char::is_alphanumeric));
        if is_cent && found.last().is_some_and(|last| last.eq_ignore_ascii_case("per")) {
            found.pop();
            found.push("percent");
            found.extend(Some(&word[4..]).filter(|rest| !rest.is_empty()));
        } else {
            found.push(word);
        }
    }
    found
}

/// Removes quotes and brackets around a text, and the end of a sentence behind it.
fn bare(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_matches(AROUND);
        let shorter = shorter.strip_suffix("...").unwrap_or(shorter);
        // Two points at the end are a range without its second number.
        let shorter = if shorter.ends_with("..") { shorter } else { shorter.trim_end_matches(BEHIND) };
        if shorter == text {
            return text;
        }
        text = shorter;
    }
}

/// The text, truncated for an error.
pub fn truncated(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// True if `text` starts with these words, in any case, and the last of them ends there.
pub(super) fn starts_with_words(text: &str, words: &str) -> bool {
    let Some(beginning) = text.get(..words.len()) else { return false };
    let is_letters = words.ends_with(char::is_alphabetic);
    beginning.eq_ignore_ascii_case(words) && !(is_letters && text[words.len()..].starts_with(is_of_word))
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// The longest phrase of a table that `text` starts with, and its meaning. Phrases of one meaning are separated by `|`.
fn longest<T: Copy>(phrases: &[(T, &'static str)], text: &str) -> Option<(&'static str, T)> {
    let all = phrases.iter().flat_map(|(meaning, phrases)| phrases.split('|').map(|words| (words, *meaning)));
    all.filter(|(words, _)| starts_with_words(text, words)).max_by_key(|(words, _)| words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_are_what_they_are_beside_a_space() {
        let whole = ["1", "5000", "2026", "999999999999999", "1000000000000000", "07", "0"].map(str::to_owned);
        let edges =
            ["0.5", "1.250", "5.000", "12.", ".5", "00.5", "07.5", "1.2.3", "1,000.5", "0.0", "123456789012345.6"];
        let pointed = (0..500_u32).map(|at| format!("{}.{:0width$}", at * 7919 % 1_200, at, width = at as usize % 5));
        for digits in whole.into_iter().chain(edges.map(str::to_owned)).chain(pointed) {
            for strictness in [Strictness::Code, Strictness::Prose] {
                let [alone, beside] =
                    [digits.clone(), format!(" {digits}")].map(|text| parse_number(&text, strictness));
                assert_eq!((alone.is_ok(), alone.ok()), (beside.is_ok(), beside.ok()), "{digits}");
            }
        }
    }

    #[track_caller]
    fn check(value: &str, digits: &str, zeros: usize, expected: (u32, u32, u32, i32)) {
        let number = WrittenNumber::new(value.parse().unwrap(), digits, zeros);
        let found = (number.significant_figures, number.most_figures, number.decimal_places, number.ulp);
        assert_eq!(found, expected, "{digits}e{zeros}");
    }

    #[test]
    fn zeros_that_are_written_behind_a_point_count() {
        check("2000000000", "2.0", 9, (2, 2, 1, -8));
        check("2000000000", "2", 9, (1, 1, 0, -9));
        check("3", "3.00", 0, (3, 3, 2, 2));
        check("5000", "5000", 0, (1, 4, 0, -3));
        check("5000", "5000.0", 0, (5, 5, 1, 1));
        check("0.05", "0.050", 0, (2, 2, 3, 3));
        check("-120", "-120", 0, (2, 3, 0, -1));
        check("0", "0.00", 0, (0, 0, 2, 2));
    }

    #[test]
    fn a_long_text_is_shown_in_part() {
        assert_eq!(truncated(&"é".repeat(200)).chars().count(), SHOWN + 1);
    }
}
