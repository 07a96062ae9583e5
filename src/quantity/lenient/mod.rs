//! The one reader of what a person writes as a figure: `£1.6bn`, `nearly 5,000 missiles`, `£320,000 each`. It tells how a figure
//! was written besides what it is, and refuses what could mean two numbers. The text form that programs read is `text`'s.

mod combined;
mod grammar;
mod number_reader;
mod number_words;
mod numeral;
mod phrases;
mod scanner;
mod tidied;
mod unit_phrase;
mod unit_words;

use super::digits::{Strictness, Unclear};
use super::units::Units;
use super::value::Quantity;
use crate::error::QuantityError;
use rust_decimal::Decimal;
use scanner::Scanner;

pub use tidied::shortened;

/// A figure that somebody has written: the quantity, and how it was put.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenFigure {
    /// The number or the range with its unit; the ends are open and closed as they were written, and `≈` stands where the
    /// writer hedged.
    pub quantity: Quantity,
    /// The number, or both ends of a range, in the order of the text.
    pub numbers: Vec<WrittenNumber>,
    /// How the writer hedged it.
    pub approximation: Option<Approximation>,
    /// Whether it is of each of something that is not named: `£320,000 each`.
    pub per_unnamed_item: bool,
    /// Words between the number and its unit that were passed over: `additional`.
    pub skipped: Vec<String>,
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenNumber {
    /// What it comes to.
    pub value: Decimal,
    /// The figures that certainly count: two of `£2.0bn`, three of `3.00`, one of `5,000`, none of 0.
    pub significant_figures: u32,
    /// The figures that count if the zeros at the end of a whole number do: four of `5,000`.
    pub most_figures: u32,
    /// The digits behind its point: one of `£2.0bn`, two of `3.00`.
    pub decimal_places: u32,
    /// The decimal places of the value at which the figures that certainly count end: −8 of `£2.0bn`, 2 of `3.00`, −3 of
    /// `5,000`.
    pub last_place: i32,
}

/// How a writer hedges a number.
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
    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<&WrittenNumber> {
        if let [number] = self.numbers.as_slice() { Some(number) } else { None }
    }

    /// The quantity, where it is all that was written.
    ///
    /// # Errors
    /// A figure of something that is not named, one with words that were passed over.
    pub fn into_quantity(self) -> Result<Quantity, QuantityError> {
        let refused = |why: String, cure: String| {
            Err(QuantityError::Figure { text: super::reading::quantity(&self.quantity, None), why, cure })
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
    /// A number of these digits, the point among them, times a power of ten.
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
            last_place: place(fraction.len()) - place(zeros) - place(open),
        }
    }
}

/// Reads a figure in the units of a book. Without a unit it is a plain number.
///
/// # Errors
/// What is no figure, could mean two things, or has a unit that the book does not have.
pub fn written_figure(text: &str, units: &Units, strictness: Strictness) -> Result<WrittenFigure, QuantityError> {
    let refused = |why: &str, cure: &str| {
        Err(QuantityError::Figure { text: tidied::shortened(text), why: why.into(), cure: cure.into() })
    };
    if text.chars().nth(tidied::LONGEST).is_some() {
        return refused("it is too long to be one", "give the number and its unit alone");
    }
    let plain = tidied::plain(text);
    let (unclear, error) = match read(text, &plain, units, strictness) {
        Ok(figure) => return Ok(figure),
        Err(refused) => match *refused {
            Refused { unclear: Some(unclear), error } => (unclear, error),
            Refused { unclear: None, error } => return Err(error),
        },
    };
    // What the whole text would be is shown where it then has one meaning; elsewhere what the digits would be.
    let whole = |reading: &String| text.trim().replacen(&unclear.written, reading, 1);
    let is_read = |text: &String| read(text, &tidied::plain(text), units, strictness).is_ok();
    let wholes: Vec<String> = unclear.readings.iter().map(whole).collect();
    let listed = |spellings: &[String]| {
        let spellings: Vec<String> = spellings.iter().map(|text| format!("`{}`", tidied::shortened(text))).collect();
        spellings.join(", or ")
    };
    match error {
        QuantityError::Figure { text, why, .. } if !wholes.is_empty() => {
            let cure = if wholes.iter().all(is_read) {
                format!("write {}", listed(&wholes))
            } else {
                format!("for `{}` write {}", tidied::shortened(&unclear.written), listed(&unclear.readings))
            };
            Err(QuantityError::Figure { text, why, cure })
        }
        error => Err(error),
    }
}

/// Reads what a person gives as a quantity: as they write it, or in the text form with what it rests on, `5 GBP [F29]`.
///
/// # Errors
/// As [`written_figure`]; a figure that says more than a quantity does; as [`Units::read`].
pub fn typed_quantity(text: &str, units: &Units, strictness: Strictness) -> Result<Quantity, QuantityError> {
    let is_form = text.trim_end().ends_with(']') && !text.trim_start().starts_with('[')
        || text.trim_start().starts_with("unknown(");
    if is_form {
        return units.read(text);
    }
    let form = if strictness == Strictness::Code { units.read(text) } else { Ok(Quantity::plain(Decimal::ZERO)) };
    match form {
        Ok(quantity) if strictness == Strictness::Code => Ok(quantity),
        // What only the text form has.
        Err(error @ QuantityError::UnitPower(_)) => Err(error),
        _ => written_figure(text, units, strictness)?.into_quantity(),
    }
}

/// So many digits are a whole number of any kind.
const MOST_DIGITS: usize = 15;

/// Reads a number without a unit; `None` where it is no such number, or an inexact one.
///
/// # Errors
/// Digits that could mean two numbers, or are too many.
pub fn plain_number(text: &str, strictness: Strictness) -> Result<Option<Decimal>, QuantityError> {
    // Digits alone can mean nothing else, and need no look at the words that people write beside them.
    if text.len() <= MOST_DIGITS
        && text.starts_with(|c: char| matches!(c, '1'..='9'))
        && text.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Ok(text.parse::<i64>().ok().map(Decimal::from));
    }
    let units = Units::default();
    match read(text, &tidied::plain(text), &units, strictness) {
        Ok(figure) => {
            let read = figure.into_quantity().ok();
            Ok(read
                .filter(|read| *read == Quantity::plain(read.number().unwrap_or_default()))
                .and_then(|read| read.number()))
        }
        Err(refused) => match *refused {
            Refused { unclear: Some(_), error } => Err(written_figure(text, &units, strictness).err().unwrap_or(error)),
            Refused { error: error @ QuantityError::TooLong { .. }, .. } => Err(error),
            Refused { .. } => Ok(None),
        },
    }
}

/// Why a text was refused: the digits that are the reason, if they are.
struct Refused {
    unclear: Option<Unclear>,
    error: QuantityError,
}

/// Reads a text that was made plain; the digits that were refused stand beside the error.
fn read(text: &str, plain: &str, units: &Units, strictness: Strictness) -> Result<WrittenFigure, Box<Refused>> {
    let mut scanner = Scanner { shown: text.trim(), rest: plain, units, strictness, unclear: None };
    let read = scanner.ends().and_then(|ends| match ends {
        (end, None) => combined::of_one(end),
        (first, Some(second)) => scanner.of_two(first, second),
    });
    read.map_err(|error| Box::new(Refused { unclear: scanner.unclear, error }))
}

#[cfg(test)]
mod tests {
    use super::{Strictness, WrittenNumber, plain_number};

    #[test]
    fn digits_alone_are_what_they_are_beside_a_space() {
        for digits in ["1", "5000", "2026", "999999999999999", "1000000000000000", "07", "0"] {
            for strictness in [Strictness::Code, Strictness::Prose] {
                let [alone, beside] =
                    [digits.to_owned(), format!(" {digits}")].map(|text| plain_number(&text, strictness));
                assert_eq!((alone.is_ok(), alone.ok()), (beside.is_ok(), beside.ok()), "{digits}");
            }
        }
    }

    #[track_caller]
    fn check(value: &str, digits: &str, zeros: usize, expected: (u32, u32, u32, i32)) {
        let number = WrittenNumber::new(value.parse().unwrap(), digits, zeros);
        let found = (number.significant_figures, number.most_figures, number.decimal_places, number.last_place);
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
}
