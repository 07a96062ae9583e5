//! A known number: its digits with a bound of its error, arithmetic that carries the bound, its text form, and the comparison
//! with a rounded number. A bound is rounded up to two figures, so that it is never less than the true error.

use super::decimal::{
    DIGITS, Rounding, add, add_to, are_further_apart, divide_to, multiply_to, round_to, subtract, to_decimal, ulp,
};
use super::scan::{Cursor, Strictness, possible_numbers};
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt, str::FromStr};

/// A number of at most 28 digits, with a bound of its error. `==` compares the digits and the exactness, as the text form
/// shows them.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// The stored digits.
    pub value: Decimal,
    /// The bound of the absolute error; 0 for an exact number.
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

    /// An inexact number known by its digits: the error is at most half a unit in the last of them.
    #[must_use]
    pub fn inexact(value: Decimal) -> Self {
        let scale = value.normalize().scale();
        // Half a unit in the 28th place has no decimal.
        let error = if scale < DIGITS { Decimal::new(5, scale + 1) } else { Decimal::new(1, DIGITS) };
        Self { value, error }
    }

    /// A number known by its digits and its exactness.
    pub(super) fn from_digits(value: Decimal, exact: bool) -> Self {
        if exact { Self::exact(value) } else { Self::inexact(value) }
    }

    /// The result of an operation on exact numbers: a rounded one has an error below one unit in the last place.
    #[must_use]
    pub fn from_rounded(value: Decimal, exact: bool) -> Self {
        if exact { Self::exact(value) } else { Self { value, error: ulp(value) } }
    }

    /// True if the digits are all: an inexact number prints as `≈`, and every result computed from it is inexact.
    pub fn is_exact(&self) -> bool {
        self.error.is_zero()
    }

    /// The bound of the absolute error; 0 for an exact number.
    pub fn error(&self) -> Decimal {
        self.error
    }

    /// The least and the greatest that it may be, rounded outward; `None` if either is beyond 28 digits.
    #[must_use]
    pub fn ends(self) -> Option<(Decimal, Decimal)> {
        let end = |moved, rounding| add_to(self.value, moved, rounding).ok().map(|(end, _)| end);
        end(-self.error, Rounding::Down).zip(end(self.error, Rounding::Up))
    }

    /// The order; `None` if it is within the error bounds.
    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        let is_certain = self.is_exact() && other.is_exact()
            || are_further_apart(self.value, other.value, [self.error, other.error]);
        is_certain.then(|| self.value.cmp(&other.value))
    }

    /// Parses `[≈][+|-]digits[.digits][e[+|-]digits]`, with any leading and trailing zeros; of an inexact number also the
    /// error bound, as `±5e-20`, which only the program itself writes.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let exact = !cursor.eat("≈");
        let value = parse_signed(cursor)?;
        if !exact && cursor.eat("±") {
            let error = parse_magnitude(cursor, false)?;
            return Ok(if error.is_zero() { Self::inexact(value) } else { Self { value, error } });
        }
        Ok(Self::from_digits(value, exact))
    }
}

/// The decimal that a program writes as `[+|-]digits[.digits][e[+|-]digits]`, digit by digit: nothing is rounded.
///
/// # Errors
/// If it has more than 28 digits or places, zeros at its ends apart; if it is no number.
pub fn exact_decimal(text: &str) -> Result<Decimal, QuantityError> {
    let mut cursor = Cursor::new(text);
    let value = parse_signed(&mut cursor)?;
    cursor.finish("the end of the number").map(|()| value)
}

fn parse_signed(cursor: &mut Cursor<'_>) -> Result<Decimal, QuantityError> {
    let negative = cursor.eat("-") || {
        cursor.eat("+");
        false
    };
    refuse_currency(cursor)?;
    parse_magnitude(cursor, negative)
}

fn parse_magnitude(cursor: &mut Cursor<'_>, negative: bool) -> Result<Decimal, QuantityError> {
    let start = *cursor;
    let whole = cursor.digits();
    if whole.is_empty() {
        return Err(cursor.malformed("a number"));
    }
    let fraction = fraction(cursor);
    let exponent = exponent(cursor);
    refuse_suffix(start, cursor)?;
    let too_long = || QuantityError::TooManyDigits { offset: start.offset() };
    let (mantissa, scale) = significant_digits(whole, fraction).ok_or_else(too_long)?;
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
    Ok(to_decimal(if negative { -mantissa } else { mantissa }, scale))
}

/// The digits after a point; empty if no digit follows the point, as in `5..7`.
fn fraction<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    if cursor.rest().starts_with('.') && cursor.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
        cursor.eat(".");
        cursor.digits()
    } else {
        ""
    }
}

/// The power of ten, 0 if none is written; saturates at 32 bits, which no number can have.
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

/// The digits without leading and trailing zeros, and the place of the last of them behind the point; `None` if there are
/// too many.
fn significant_digits(whole: &str, fraction: &str) -> Option<(i128, i64)> {
    if whole.len() + fraction.len() <= MAX_NARROW_DIGITS {
        return Some(narrow_digits(whole, fraction));
    }
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

/// The most digits that surely fit 64 bits.
const MAX_NARROW_DIGITS: usize = 18;

/// As [`significant_digits`], of at most [`MAX_NARROW_DIGITS`] digits.
fn narrow_digits(whole: &str, fraction: &str) -> (i128, i64) {
    let (mut mantissa, mut zeros) = (0_i64, 0_u32);
    for byte in whole.bytes().chain(fraction.bytes()) {
        mantissa = mantissa * 10 + i64::from(byte - b'0');
        zeros = if byte == b'0' { zeros + 1 } else { 0 };
    }
    if mantissa == 0 {
        return (0, 0);
    }
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX) - i64::from(zeros);
    ((mantissa / 10_i64.pow(zeros)).into(), places)
}

/// A plain number as programs write it, `-1250.75`: a sign, at most 18 digits and a point among them. `None` for any other text,
/// at which the whole grammar looks.
pub(super) fn plain_number(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() > MAX_NARROW_DIGITS {
        return None;
    }
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (mantissa, places) = narrow_digits(whole, fraction);
    let zeros = u32::try_from(-places.min(0)).ok()?;
    let mantissa = mantissa * 10_i128.pow(zeros);
    let scale = u32::try_from(places.max(0)).ok()?;
    Some(to_decimal(if digits.len() < text.len() { -mantissa } else { mantissa }, scale))
}

/// Refuses grouped digits, a currency sign, or letters without a space behind a number.
fn refuse_suffix(start: Cursor<'_>, cursor: &Cursor<'_>) -> Result<(), QuantityError> {
    let offset = cursor.offset();
    let mut next = *cursor;
    if next.take(is_separator).chars().count() == 1
        && next.peek().is_some_and(|c| c.is_ascii_digit())
        && !(cursor.peek() == Some(' ') && starts_with_one(next.rest()))
    {
        let mut digits = start;
        let grouped = digits.take(|c| c.is_ascii_digit() || c == '.' || is_separator(c));
        let grouped = grouped.replace(['\u{a0}', '\u{202f}'], " ");
        return Err(QuantityError::GroupedDigits {
            offset,
            readings: possible_numbers(grouped.trim_end(), Strictness::Code),
        });
    }
    refuse_currency(cursor)?;
    let mut letters = *cursor;
    match letters.take(char::is_alphabetic) {
        "" => Ok(()),
        word => Err(QuantityError::AttachedMagnitude { offset, word: word.into() }),
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

/// True if a unit without a numerator starts here: `1`, `1/day`.
fn starts_with_one(text: &str) -> bool {
    text.strip_prefix('1').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Writes a normalized decimal, the digits of a short one by themselves.
fn write_decimal(f: &mut fmt::Formatter<'_>, value: Decimal) -> fmt::Result {
    let Ok(mantissa) = i64::try_from(value.mantissa()) else { return write!(f, "{value}") };
    let (mut buffer, scale) = (itoa::Buffer::new(), value.scale() as usize);
    let digits = buffer.format(mantissa.unsigned_abs());
    if mantissa < 0 {
        f.write_str("-")?;
    }
    match digits.len().checked_sub(scale) {
        _ if scale == 0 => f.write_str(digits),
        Some(whole) if whole > 0 => {
            f.write_str(&digits[..whole])?;
            f.write_str(".")?;
            f.write_str(&digits[whole..])
        }
        _ => {
            f.write_str("0.")?;
            (digits.len()..scale).try_for_each(|_| f.write_str("0"))?;
            f.write_str(digits)
        }
    }
}

/// `{:#}` also writes the error bound of an inexact number.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_exact() {
            f.write_str("≈")?;
        }
        write_decimal(f, self.value.normalize())?;
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
        let number = Self::parse(&mut cursor)?;
        cursor.finish("the end of the number").map(|()| number)
    }
}

const BOUND_FIGURES: u32 = 2;

/// An operation of two exact numbers.
type Operation = fn(Decimal, Decimal) -> Result<(Decimal, bool), QuantityError>;

/// The error bound of a result, from the operands with their errors and the result.
type ErrorBound = fn(Number, Number, Decimal) -> Result<Decimal, QuantityError>;

impl Number {
    pub(super) fn add(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, add, |a, b, _| sum_rounded_up(a.error, b.error))
    }

    pub(super) fn subtract(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, subtract, |a, b, _| sum_rounded_up(a.error, b.error))
    }

    /// `(a ± d)(b ± e)` is within `|a|e + |b|d + de` of `ab`.
    pub(super) fn multiply(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, super::decimal::multiply, |a, b, _| {
            let sides = sum_rounded_up(
                product_rounded_up(a.value.abs(), b.error)?,
                product_rounded_up(b.value.abs(), a.error)?,
            )?;
            sum_rounded_up(sides, product_rounded_up(a.error, b.error)?)
        })
    }

    /// `(a ± d) / (b ± e)` is within `(d + |a / b| e) / (|b| - e)` of `a / b`.
    pub(super) fn divide(self, other: Self) -> Result<Self, QuantityError> {
        if !other.value.is_zero() && other.error >= other.value.abs() {
            return Err(QuantityError::DivisionByRange(String::new()));
        }
        self.combine(other, super::decimal::divide, |a, b, quotient| {
            let quotient = sum_rounded_up(quotient.abs(), ulp(quotient))?;
            let above = sum_rounded_up(a.error, product_rounded_up(quotient, b.error)?)?;
            let below = add_to(b.value.abs(), -b.error, Rounding::Down)?.0;
            Ok(divide_to(above, below, Rounding::Up)?.0)
        })
    }

    /// Rounds half away from zero. The change adds to the error bound.
    pub(super) fn round(self, places: i32) -> Result<Self, QuantityError> {
        let (value, same) = round_to(self.value, places, Rounding::Nearest)?;
        if same {
            return Ok(self);
        }
        let moved = sum_rounded_up(value.max(self.value), -value.min(self.value))?;
        Ok(Self { value, error: rounded_bound(sum_rounded_up(self.error, moved)?) })
    }

    /// The square root of a number that is not below 0. `√(a ± e)` is within `e / √a` of `√a`, and within `√e` of 0.
    ///
    /// # Errors
    /// The error bound can't be computed.
    pub(super) fn sqrt(self) -> Result<Self, QuantityError> {
        let (value, exact) = super::decimal::sqrt(self.value);
        if self.is_exact() {
            return Ok(Self::from_rounded(value, exact));
        }
        let moved = if value.is_zero() {
            sum_rounded_up(super::decimal::sqrt(self.error).0, ulp(value))?
        } else {
            divide_to(self.error, value, Rounding::Up)?.0
        };
        Ok(Self { value, error: rounded_bound(sum_rounded_up(moved, ulp(value))?) })
    }

    fn combine(self, other: Self, operation: Operation, error_bound: ErrorBound) -> Result<Self, QuantityError> {
        let (value, exact) = operation(self.value, other.value)?;
        if self.is_exact() && other.is_exact() {
            return Ok(Self::from_rounded(value, exact));
        }
        let lost = if exact { Decimal::ZERO } else { ulp(value) };
        let error = rounded_bound(sum_rounded_up(error_bound(self, other, value)?, lost)?);
        // A result of an inexact number is inexact, even times 0.
        Ok(Self { value, error: if error.is_zero() { ulp(value) } else { error } })
    }

    /// The same with a larger error bound.
    pub(super) fn with_added_error(self, more: Decimal) -> Result<Self, QuantityError> {
        Ok(Self { error: rounded_bound(sum_rounded_up(self.error, more)?), ..self })
    }

    /// The same with the larger of two error bounds.
    pub(super) fn with_larger_error(self, other: Self) -> Self {
        Self { error: self.error.max(other.error), ..self }
    }
}

/// A bound rounded up to its first figures; one that would have more than 28 digits then stays as it is.
pub(super) fn rounded_bound(error: Decimal) -> Decimal {
    let digits = error.mantissa().unsigned_abs().checked_ilog10().map_or(0, |power| power + 1);
    let dropped = digits.saturating_sub(BOUND_FIGURES);
    if dropped == 0 {
        return error;
    }
    let power = 10_i128.pow(dropped);
    let figures = error.mantissa() / power + i128::from(error.mantissa() % power > 0);
    let zeros = dropped.saturating_sub(error.scale());
    let mantissa = figures * 10_i128.pow(zeros);
    if mantissa >= 10_i128.pow(DIGITS) { error } else { to_decimal(mantissa, error.scale().saturating_sub(dropped)) }
}

fn sum_rounded_up(a: Decimal, b: Decimal) -> Result<Decimal, QuantityError> {
    Ok(add_to(a, b, Rounding::Up)?.0)
}

fn product_rounded_up(a: Decimal, b: Decimal) -> Result<Decimal, QuantityError> {
    Ok(multiply_to(a, b, Rounding::Up)?.0)
}

/// The most significant figures to which `value`, rounded half away from zero, is `figure`; `None` if there are none, or if
/// the two are equal.
pub fn rounded_figures(value: Decimal, figure: Decimal) -> Option<u32> {
    if value == figure || value.is_zero() || figure.is_zero() {
        return None;
    }
    let digits = value.mantissa().unsigned_abs().checked_ilog10()?.cast_signed() + 1;
    (1..=DIGITS).rev().find(|figures| {
        let places = value.scale().cast_signed() - digits + figures.cast_signed();
        round_to(value, places, Rounding::Nearest).is_ok_and(|(rounded, _)| rounded == figure)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_root_is_exact_where_its_digits_end() {
        let root = |text: &str| n(text).sqrt().unwrap().to_string();
        for (number, expected) in [
            ("0", "0"),
            ("6.25", "2.5"),
            ("0.0001", "0.01"),
            ("9999999999999800000000000001", "99999999999999"),
            ("2", "≈1.414213562373095048801688724"),
            ("9999999999999999999999999999", "≈99999999999999.99999999999999"),
            ("0.0000000000000000000000000001", "0.00000000000001"),
            ("≈4", "≈2"),
        ] {
            assert_eq!(root(number), expected, "{number}");
        }
        let wide = n("≈2").sqrt().unwrap();
        assert!(wide.error() > Decimal::new(35, 2) && wide.error() < Decimal::new(4, 1), "{}", wide.error());
    }

    #[test]
    fn a_plain_number_is_read_and_written_as_by_the_whole_grammar() {
        let texts = ["", "-", ".", "5.", ".5", "+5", "1e3", " 5", "5 ", "1_0", "1,000", "--5", "5.5.5", "5 GBP", "٣"];
        for text in texts {
            assert_eq!(plain_number(text), None, "{text}");
        }
        let edges = [
            "0",
            "-0",
            "-0.0",
            "007.500",
            "100",
            "0.001",
            "999999999999999999",
            "-12345678901234567",
            "0.0000000000000001",
        ];
        let all =
            (0..3_000_u32).map(|at| format!("{}.{:0width$}", at * 7 % 1_300, at % 100, width = 1 + at as usize % 4));
        for text in edges.into_iter().map(str::to_owned).chain(all) {
            let read = plain_number(&text).unwrap();
            assert_eq!(text.parse::<Number>().unwrap(), Number::exact(read), "{text}");
            assert_eq!(Number::exact(read).to_string(), read.normalize().to_string(), "{text}");
            assert_eq!((read.mantissa(), read.scale()), (read.normalize().mantissa(), read.normalize().scale()));
        }
        for text in ["9999999999999999999999999999", "-0.0000000000000000000000000001", "92233720368547758.07"] {
            let value: Decimal = text.parse().unwrap();
            assert_eq!(Number::exact(value).to_string(), text);
        }
    }

    #[test]
    fn a_decimal_is_exact_or_an_error() {
        for (text, expected) in [
            ("9.0000e3", Some("9000")),
            ("-1.5E-3", Some("-0.0015")),
            ("0.00000000000000000000000000001e10", Some("0.0000000000000000001")),
            ("1.00000000000000000000000000000000000", Some("1")),
            ("0e-400", Some("0")),
            ("9.00000000000000000000000000001e3", None),
            ("0.12345678901234567890123456789", None),
            ("1e-30", None),
            ("1e28", None),
            ("1e99999999999", None),
            ("≈5", None),
            ("5 GBP", None),
            ("", None),
        ] {
            let read = exact_decimal(text).ok().map(|value| value.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    fn n(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn a_bound_grows_with_what_is_computed() {
        let third = n("1").divide(n("3")).unwrap();
        assert_eq!(format!("{third:#}"), "≈0.3333333333333333333333333333±1e-28");
        assert_eq!(format!("{:#}", third.multiply(n("3")).unwrap()), "≈0.9999999999999999999999999999±3e-28");
        let tiny = n("0.0000000000000000000000000001").divide(n("3"));
        assert!(tiny.is_err(), "it would become 0");
        let few = n("0.000000000000000000000000001").divide(n("3")).unwrap();
        assert_eq!(format!("{:#}", few.multiply(n("3000000000000")).unwrap()), "≈0.0000000000000009±3e-16");
        assert_eq!(n("≈5±0.25").divide(n("≈2±0.5")).map(|quotient| quotient.error()), Ok("1.1".parse().unwrap()));
        assert_eq!(n("5").divide(n("≈2±2")), Err(QuantityError::DivisionByRange(String::new())));
    }

    #[test]
    fn the_ends_are_never_within_the_bound() {
        let ends = |text: &str| n(text).ends().map(|(least, greatest)| format!("{least} {greatest}"));
        assert_eq!(ends("5").as_deref(), Some("5 5"));
        assert_eq!(ends("≈5").as_deref(), Some("4.5 5.5"));
        let large = "≈9999999999999999999999999998";
        assert_eq!(ends(large).as_deref(), Some("9999999999999999999999999997 9999999999999999999999999999"));
        assert_eq!(ends("≈9999999999999999999999999999"), None);
    }

    #[test]
    fn a_bound_keeps_two_figures_and_never_shrinks() {
        for (error, kept) in [("0.1234", "0.13"), ("1200", "1200"), ("1201", "1300"), ("0", "0"), ("9.99", "10")] {
            assert_eq!(rounded_bound(error.parse().unwrap()), kept.parse::<Decimal>().unwrap(), "{error}");
        }
    }

    #[test]
    fn a_bound_is_rounded_as_any_number_is() {
        let figures =
            [1_i64, 9, 99, 100, 101, 999, 990, 991, 123_456_789, 999_999_999_999_999_999, 1_000_000_000_000_001];
        let scales = (0..=28).flat_map(|scale| figures.map(|mantissa| Decimal::new(mantissa, scale)));
        let long = ["9999999999999999999999999999", "9900000000000000000000000000", "9900000000000000000000000001"];
        for error in scales.chain(long.map(|text| text.parse().unwrap())) {
            let digits = error.mantissa().unsigned_abs().ilog10() + 1;
            let places = error.scale().cast_signed() - digits.saturating_sub(BOUND_FIGURES).cast_signed();
            let rounded = round_to(error, places, Rounding::Up).map_or(error, |(error, _)| error);
            assert_eq!(rounded_bound(error), rounded, "{error}");
        }
    }

    #[track_caller]
    fn check_rounded(value: &str, figure: &str, figures: Option<u32>) {
        assert_eq!(rounded_figures(value.parse().unwrap(), figure.parse().unwrap()), figures, "{value} {figure}");
    }

    #[test]
    fn a_figure_is_rounded_to_the_most_figures_that_give_it() {
        check_rounded("320000", "300000", Some(1));
        check_rounded("1600000000", "2000000000", Some(1));
        check_rounded("355555.555555", "355555.56", Some(8));
        check_rounded("355555.555555", "356000", Some(3));
        check_rounded("300100", "300000", Some(3));
        check_rounded("3.125", "3.13", Some(3));
        check_rounded("-3.125", "-3.13", Some(3));
        check_rounded("9.96", "10", Some(2));
        check_rounded("320000", "320000", None);
        check_rounded("320000", "330000", None);
        check_rounded("320000", "0", None);
        check_rounded("0", "1", None);
    }
}
