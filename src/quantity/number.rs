//! A known number: a decimal and whether it is exact; its text form, and the lenient reader of numbers.

use super::cursor::Cursor;
use super::digits::{Strictness, readings};
use super::wide::{DIGITS, are_further_apart, decimal, last_place};
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt, str::FromStr};

/// A number of at most 28 digits, with how far it may be off. `==` compares the digits and whether they are all, as the
/// text form tells them.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// The digits that are kept.
    pub value: Decimal,
    /// The most that the true number lies off; 0 for an exact one.
    pub(super) error: Decimal,
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.is_exact() == other.is_exact()
    }
}

impl Eq for Number {}

impl Number {
    /// An exact number.
    #[must_use]
    pub fn exact(value: Decimal) -> Self {
        Self { value, error: Decimal::ZERO }
    }

    /// An inexact number of which no more is known than its digits: it may be off by half a unit of the last of them.
    #[must_use]
    pub fn inexact(value: Decimal) -> Self {
        let scale = value.normalize().scale();
        // Half a unit of the 28th place has no decimal.
        let error = if scale < DIGITS { Decimal::new(5, scale + 1) } else { Decimal::new(1, DIGITS) };
        Self { value, error }
    }

    /// A number of which no more is known than its digits, and whether they are all.
    pub(super) fn read_as(value: Decimal, exact: bool) -> Self {
        if exact { Self::exact(value) } else { Self::inexact(value) }
    }

    /// What an operation on exact numbers gave: a result that was rounded is off by less than a unit of its last place.
    #[must_use]
    pub fn of_exact(value: Decimal, exact: bool) -> Self {
        if exact { Self::exact(value) } else { Self { value, error: last_place(value) } }
    }

    /// Whether it is all of its digits: an inexact number prints as `≈`, and makes inexact what is computed from it.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.error.is_zero()
    }

    /// The most that the true number lies off; 0 for an exact one.
    #[must_use]
    pub fn error(&self) -> Decimal {
        self.error
    }

    /// Which is larger; `None` where the digits that an inexact one has lost may decide.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let is_certain = self.is_exact() && other.is_exact()
            || are_further_apart(self.value, other.value, [self.error, other.error]);
        is_certain.then(|| self.value.cmp(&other.value))
    }

    /// Reads `[≈][+|-]digits[.digits][e[+|-]digits]`, with any zeros in front or at the end; of an inexact one also how far
    /// it may be off, as `±5e-20`, which only the program itself writes.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let exact = !cursor.eat("≈");
        let negative = cursor.eat("-") || {
            cursor.eat("+");
            false
        };
        refuse_currency(cursor)?;
        let value = magnitude(cursor, negative)?;
        if !exact && cursor.eat("±") {
            let error = magnitude(cursor, false)?;
            return Ok(if error.is_zero() { Self::inexact(value) } else { Self { value, error } });
        }
        Ok(Self::read_as(value, exact))
    }
}

fn magnitude(cursor: &mut Cursor<'_>, negative: bool) -> Result<Decimal, QuantityError> {
    let start = *cursor;
    let whole = cursor.digits();
    if whole.is_empty() {
        return Err(cursor.malformed("a number"));
    }
    let fraction = fraction(cursor);
    let exponent = exponent(cursor);
    refuse_what_follows(start, cursor)?;
    let too_long = || QuantityError::TooLong { offset: start.offset() };
    let (mantissa, scale) = significant(whole, fraction).ok_or_else(too_long)?;
    if mantissa == 0 {
        return Ok(Decimal::ZERO);
    }
    let scale = scale - exponent;
    let raised = 10_i128.checked_pow(u32::try_from(-scale.min(0)).map_err(|_| too_long())?);
    let mantissa = raised.and_then(|power| mantissa.checked_mul(power)).ok_or_else(too_long)?;
    let scale = u32::try_from(scale.max(0)).map_err(|_| too_long())?;
    if mantissa >= 10_i128.pow(DIGITS) || scale > DIGITS {
        return Err(too_long());
    }
    Ok(decimal(if negative { -mantissa } else { mantissa }, scale))
}

/// The digits after a point, if a point is followed by any: in `5..7` none is.
fn fraction<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    if cursor.rest().starts_with('.') && cursor.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
        cursor.eat(".");
        cursor.digits()
    } else {
        ""
    }
}

/// The power of ten, 0 if none is written; one beyond 32 bits, which no number can have, is held there.
fn exponent(cursor: &mut Cursor<'_>) -> i64 {
    let mut ahead = *cursor;
    if !(ahead.eat("e") || ahead.eat("E")) {
        return 0;
    }
    let negative = ahead.eat("-") || {
        ahead.eat("+");
        false
    };
    let digits = ahead.digits();
    if digits.is_empty() {
        return 0;
    }
    *cursor = ahead;
    let size = i64::from(digits.parse::<i32>().unwrap_or(i32::MAX));
    if negative { -size } else { size }
}

/// The digits without zeros at either end, and how many places the last of them stands behind the point;
/// `None` if there are too many.
fn significant(whole: &str, fraction: &str) -> Option<(i128, i64)> {
    let (mut mantissa, mut zeros, mut places) = (0_i128, 0_u32, 0_i64);
    for (index, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        if digit == b'0' {
            zeros = zeros.saturating_add(1);
            continue;
        }
        let raise = if mantissa == 0 { 1 } else { 10_i128.checked_pow(zeros.checked_add(1)?)? };
        mantissa = mantissa.checked_mul(raise)?.checked_add(i128::from(digit - b'0'))?;
        zeros = 0;
        places = i64::try_from(index + 1).ok()? - i64::try_from(whole.len()).ok()?;
    }
    Some((mantissa, places))
}

/// Says what is wrong where a number is followed by grouped digits, a currency sign, or letters without a space.
fn refuse_what_follows(start: Cursor<'_>, cursor: &Cursor<'_>) -> Result<(), QuantityError> {
    let offset = cursor.offset();
    let mut next = *cursor;
    if next.take(is_separator).chars().count() == 1
        && next.peek().is_some_and(|c| c.is_ascii_digit())
        && !(cursor.peek() == Some(' ') && is_one(next.rest()))
    {
        let mut digits = start;
        let grouped = digits.take(|c| c.is_ascii_digit() || c == '.' || is_separator(c));
        let grouped = grouped.replace(['\u{a0}', '\u{202f}'], " ");
        return Err(QuantityError::Grouping { offset, readings: readings(grouped.trim_end(), Strictness::Code) });
    }
    refuse_currency(cursor)?;
    let mut letters = *cursor;
    match letters.take(char::is_alphabetic) {
        "" => Ok(()),
        word => Err(QuantityError::Magnitude { offset, word: word.into() }),
    }
}

fn refuse_currency(cursor: &Cursor<'_>) -> Result<(), QuantityError> {
    match cursor.peek().filter(|c| matches!(c, '£' | '$' | '€' | '¥' | '₴' | '₽' | '₤' | '₺')) {
        Some(sign) => Err(QuantityError::CurrencySign { offset: cursor.offset(), sign }),
        None => Ok(()),
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | '_' | '\'' | ' ' | '\u{a0}' | '\u{202f}')
}

/// Whether a unit without a numerator begins here: `1`, `1/day`.
fn is_one(text: &str) -> bool {
    text.strip_prefix('1').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `{:#}` also writes how far an inexact number may be off.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_exact() { "" } else { "≈" }, self.value.normalize())?;
        if f.alternate() && !self.is_exact() {
            let error = self.error.normalize();
            write!(f, "±{}e-{}", error.mantissa(), error.scale())?;
        }
        Ok(())
    }
}

impl FromStr for Number {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut cursor = Cursor::new(text);
        let number = Self::read(&mut cursor)?;
        cursor.finish("the end of the number").map(|()| number)
    }
}
