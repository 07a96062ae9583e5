//! Exact arithmetic on decimals: every result says whether it is exact. It knows no units.
//!
//! `rust_decimal` rounds silently (`1e28 + 0.1` is 1e28 there), so its operators are used nowhere. What fits in
//! 128 bits is computed in 128 bits; everything else is `wide`'s.

use super::wide::{DIGITS, LIMIT, Limit, Rounding, Wide, decimal};
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// A normalized decimal of at most 28 digits, and whether it is exactly what was asked for.
pub type Exact = (Decimal, bool);

/// The sum.
///
/// # Errors
/// If it has more than 28 digits before the point.
pub fn add(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    add_to(a, b, Rounding::Nearest)
}

/// The difference.
///
/// # Errors
/// As [`add`].
pub fn subtract(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    sum(a, -b, Rounding::Nearest).map_err(|limit| limited("-", limit, a, b))
}

/// The product.
///
/// # Errors
/// If it has more than 28 digits before the point, or is not 0 and would become 0.
pub fn multiply(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    multiply_to(a, b, Rounding::Nearest)
}

/// The quotient: exact only if its digits end, within 28 of them.
///
/// # Errors
/// As [`multiply`], and if `b` is 0.
pub fn divide(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    divide_to(a, b, Rounding::Nearest)
}

pub(super) fn add_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    sum(a, b, rounding).map_err(|limit| limited("+", limit, a, b))
}

pub(super) fn multiply_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    let product = narrow_product(a, b).map_or_else(|| Wide::product(a, b).settle(rounding), Ok);
    product.map_err(|limit| limited("*", limit, a, b))
}

pub(super) fn divide_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    if b.is_zero() {
        return Err(QuantityError::DivisionByZero);
    }
    let quotient = narrow_quotient(a, b).map_or_else(|| Wide::quotient(a, b).settle(rounding), Ok);
    quotient.map_err(|limit| limited("/", limit, a, b))
}

/// `value` with at most so many places, which may be negative (−3: whole thousands), and whether it is still
/// the same.
pub(super) fn round_to(value: Decimal, places: i32, rounding: Rounding) -> Result<Exact, QuantityError> {
    if places >= value.scale().cast_signed() {
        return Ok((value, true));
    }
    let coarsest = -DIGITS.cast_signed() - 1;
    match Wide::scaled(value.mantissa().into(), value.scale()).at(places.max(coarsest), rounding) {
        Err(Limit::Underflow) => Ok((Decimal::ZERO, false)),
        other => other.map_err(|limit| limited("round", limit, value, places.into())),
    }
}

/// `-value`, where 0 stays 0.
pub(super) fn negate(value: Decimal) -> Decimal {
    if value.is_zero() { Decimal::ZERO } else { -value }
}

fn sum(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, Limit> {
    narrow_sum(a, b).map_or_else(|| Wide::sum(a, b).settle(rounding), Ok)
}

fn narrow_sum(a: Decimal, b: Decimal) -> Option<Exact> {
    let scale = a.scale().max(b.scale());
    let raised = |value: Decimal| value.mantissa().checked_mul(10_i128.pow(scale - value.scale()));
    exact(raised(a)?.checked_add(raised(b)?)?, scale)
}

fn narrow_product(a: Decimal, b: Decimal) -> Option<Exact> {
    exact(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

fn narrow_quotient(a: Decimal, b: Decimal) -> Option<Exact> {
    let (quotient, remainder) = (a.mantissa() / b.mantissa(), a.mantissa() % b.mantissa());
    let scale = a.scale().checked_sub(b.scale())?;
    if remainder == 0 { exact(quotient, scale) } else { None }
}

fn exact(mantissa: i128, scale: u32) -> Option<Exact> {
    (mantissa.abs() < LIMIT && scale <= DIGITS).then(|| (decimal(mantissa, scale), true))
}

fn limited(operation: &'static str, limit: Limit, a: Decimal, b: Decimal) -> QuantityError {
    let operands = String::new();
    let error = match limit {
        Limit::Overflow => QuantityError::Overflow { operation, operands },
        Limit::Underflow => QuantityError::Underflow { operation, operands },
    };
    error.between(&a.to_string(), &b.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn what_rust_decimal_rounds_silently_is_marked() {
        let large = d("9999999999999999999999999999");
        assert_eq!(add(large, d("0.1")).unwrap(), (large, false));
        assert!(matches!(add(large, d("1")), Err(QuantityError::Overflow { operation: "+", .. })));
        assert!(matches!(multiply(d("1e-20"), d("1e-20")), Err(QuantityError::Underflow { .. })));
        assert_eq!(divide(d("10"), d("3")).unwrap(), (d("3.333333333333333333333333333"), false));
        assert_eq!(divide(d("2"), d("3")).unwrap(), (d("0.6666666666666666666666666667"), false));
    }

    #[test]
    fn a_quotient_is_exact_when_its_digits_end() {
        assert_eq!(divide(d("1600000000"), d("5000")).unwrap(), (d("320000"), true));
        assert_eq!(divide(d("1"), d("1024")).unwrap(), (d("0.0009765625"), true));
        assert!(divide(d("3"), d("0.0000000000000000000000000001")).is_err(), "29 digits");
        assert_eq!(divide(d("0"), d("7")).unwrap(), (Decimal::ZERO, true));
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        for (value, places, expected) in [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("1500", -3, "2000"), ("0.4", 0, "0")] {
            assert_eq!(round_to(d(value), places, Rounding::Nearest).unwrap().0, d(expected), "{value}");
        }
        assert!(round_to(d("9999999999999999999999999999"), -1, Rounding::Nearest).is_err());
    }
}
