//! How far an inexact number may lie from the one that it stands for, carried through arithmetic. A bound is rounded up and
//! kept to two figures, so that it never says less than the truth.

use super::decimal::{add, add_to, divide_to, multiply_to, round_to, subtract};
use super::number::Number;
use super::range::{End, Range};
use super::wide::{Rounding, last_place};
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// How many figures of a bound are kept.
const FIGURES: u32 = 2;

/// An operation of two exact numbers.
type Operation = fn(Decimal, Decimal) -> Result<(Decimal, bool), QuantityError>;

/// What two errors, and the operands and their result, leave of the truth.
type Spread = fn(Number, Number, Decimal) -> Result<Decimal, QuantityError>;

impl Number {
    pub(super) fn add(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, add, |a, b, _| up_sum(a.error, b.error))
    }

    pub(super) fn subtract(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, subtract, |a, b, _| up_sum(a.error, b.error))
    }

    /// `(a ± d)(b ± e)` lies within `|a|e + |b|d + de` of `ab`.
    pub(super) fn multiply(self, other: Self) -> Result<Self, QuantityError> {
        self.combine(other, super::decimal::multiply, |a, b, _| {
            let sides = up_sum(up_product(a.value.abs(), b.error)?, up_product(b.value.abs(), a.error)?)?;
            up_sum(sides, up_product(a.error, b.error)?)
        })
    }

    /// `(a ± d) / (b ± e)` lies within `(d + |a / b| e) / (|b| - e)` of `a / b`.
    pub(super) fn divide(self, other: Self) -> Result<Self, QuantityError> {
        if !other.value.is_zero() && other.error >= other.value.abs() {
            return Err(QuantityError::DivisionByRange(String::new()));
        }
        self.combine(other, super::decimal::divide, |a, b, quotient| {
            let quotient = up_sum(quotient.abs(), last_place(quotient))?;
            let above = up_sum(a.error, up_product(quotient, b.error)?)?;
            let below = add_to(b.value.abs(), -b.error, Rounding::Down)?.0;
            Ok(divide_to(above, below, Rounding::Up)?.0)
        })
    }

    /// Half away from zero. What is cut off adds to what it may be off.
    pub(super) fn round(self, places: i32) -> Result<Self, QuantityError> {
        let (value, same) = round_to(self.value, places, Rounding::Nearest)?;
        if same {
            return Ok(self);
        }
        let moved = up_sum(value.max(self.value), -value.min(self.value))?;
        Ok(Self { value, error: shortened(up_sum(self.error, moved)?) })
    }

    fn combine(self, other: Self, operation: Operation, spread: Spread) -> Result<Self, QuantityError> {
        let (value, exact) = operation(self.value, other.value)?;
        if self.is_exact() && other.is_exact() {
            return Ok(Self::of_exact(value, exact));
        }
        let lost = if exact { Decimal::ZERO } else { last_place(value) };
        let error = shortened(up_sum(spread(self, other, value)?, lost)?);
        // What is computed from an inexact number is inexact, even where it is times 0.
        Ok(Self { value, error: if error.is_zero() { last_place(value) } else { error } })
    }

    /// The same, off by so much more.
    pub(super) fn off_by(self, more: Decimal) -> Result<Self, QuantityError> {
        Ok(Self { error: shortened(up_sum(self.error, more)?), ..self })
    }

    /// The same, off by as much as either.
    pub(super) fn off_by_either(self, other: Self) -> Self {
        Self { error: self.error.max(other.error), ..self }
    }
}

impl Range {
    /// Every number that one may be, for arithmetic with ranges; an end beyond 28 digits is none.
    pub(super) fn point(number: Number) -> Self {
        let end = |moved: Decimal, rounding| {
            let value = if moved.is_zero() { Some(number.value) } else { moved_to(number.value, moved, rounding) };
            value.map(|value| End { value, closed: true })
        };
        let (lo, hi) = (end(-number.error, Rounding::Down), end(number.error, Rounding::Up));
        Self { lo, hi, exact: number.is_exact() }
    }
}

fn moved_to(value: Decimal, moved: Decimal, rounding: Rounding) -> Option<Decimal> {
    add_to(value, moved, rounding).ok().map(|(value, _)| value)
}

/// A bound to its first figures, rounded up.
pub(super) fn shortened(error: Decimal) -> Decimal {
    let digits = error.mantissa().unsigned_abs().checked_ilog10().map_or(0, |power| power + 1);
    let dropped = digits.saturating_sub(FIGURES).cast_signed();
    let places = error.scale().cast_signed() - dropped;
    round_to(error, places, Rounding::Up).map_or(error, |(error, _)| error)
}

fn up_sum(a: Decimal, b: Decimal) -> Result<Decimal, QuantityError> {
    Ok(add_to(a, b, Rounding::Up)?.0)
}

fn up_product(a: Decimal, b: Decimal) -> Result<Decimal, QuantityError> {
    Ok(multiply_to(a, b, Rounding::Up)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_bound_keeps_two_figures_and_never_shrinks() {
        for (error, kept) in [("0.1234", "0.13"), ("1200", "1200"), ("1201", "1300"), ("0", "0"), ("9.99", "10")] {
            assert_eq!(shortened(error.parse().unwrap()), kept.parse::<Decimal>().unwrap(), "{error}");
        }
    }

    #[test]
    fn an_inexact_number_is_a_range_among_ranges() {
        let range = Range::point(n("≈5±0.25"));
        assert_eq!((range.to_string(), range.is_exact()), ("≈4.75..≈5.25".to_owned(), false));
        assert_eq!(Range::point(n("≈9999999999999999999999999999")).hi(), None);
    }
}
