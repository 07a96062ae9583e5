//! The second way by which results are checked: fractions of big integers, and points of ranges.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Pow, Signed, Zero};
use pledgebook::error::QuantityError;
use pledgebook::quantity::{Amount, End, Quantity, Unit};
use proptest::prelude::*;
use rust_decimal::Decimal;

pub(crate) type Fraction = BigRational;

pub(crate) fn big(value: Decimal) -> Fraction {
    Fraction::new(value.mantissa().into(), ten(value.scale()))
}

pub(crate) fn ten(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// One unit of the last place that 28 digits have for a number of this size.
pub(crate) fn last_place(truth: &Fraction) -> Fraction {
    let places = (0..=28).rev().find(|places| truth.abs() * ten(*places) < ten(28).into()).unwrap_or(0);
    Fraction::new(1.into(), ten(places))
}

pub(crate) fn is_representable(truth: &Fraction) -> bool {
    (truth / last_place(truth)).is_integer() && truth.abs() < ten(28).into()
}

pub(crate) fn half() -> Fraction {
    Fraction::new(1.into(), 2.into())
}

/// What a result must be, given the true one.
pub(crate) fn check_exactness(
    result: Result<(Decimal, bool), QuantityError>,
    truth: Option<Fraction>,
) -> Result<(), TestCaseError> {
    let Some(truth) = truth else {
        prop_assert_eq!(result, Err(QuantityError::DivisionByZero));
        return Ok(());
    };
    match result {
        Ok((value, exact)) => {
            prop_assert_eq!(exact, is_representable(&truth), "{} marked exact: {}", value, exact);
            let error = (big(value) - &truth).abs();
            prop_assert!(!value.is_zero() || truth.is_zero(), "{} became 0", truth);
            let allowed = if exact { Fraction::zero() } else { last_place(&truth) * half() };
            prop_assert!(error <= allowed, "{} is off by {}", value, error);
            prop_assert!(value.mantissa().abs() < 10_i128.pow(28) && value.scale() <= 28 && value == value.normalize());
        }
        Err(QuantityError::Overflow { .. }) => prop_assert!(truth.abs() >= Fraction::from(ten(28)) - half()),
        Err(QuantityError::Underflow { .. }) => {
            prop_assert!(!truth.is_zero() && truth.abs() < last_place(&Fraction::zero()) * half());
        }
        Err(error) => prop_assert!(false, "{error}"),
    }
    Ok(())
}

/// Some number of a known amount: near an end, or anywhere between; far out where there is no end.
pub(crate) fn point(amount: &Amount, at: u32) -> Fraction {
    let (lo, hi) = ends_of(amount);
    let step = Fraction::new(at.into(), 1_000.into());
    match (lo, hi) {
        (Some(lo), _) if at == 0 && lo.closed => big(lo.value),
        (_, Some(hi)) if at >= 999 && hi.closed => big(hi.value),
        (Some(lo), Some(hi)) => {
            let inside = Fraction::new((at + 1).into(), 1_001.into());
            big(lo.value) + (big(hi.value) - big(lo.value)) * inside
        }
        (Some(lo), None) => big(lo.value) + (step + half()).pow(40_i32),
        (None, Some(hi)) => big(hi.value) - (step + half()).pow(40_i32),
        (None, None) => step,
    }
}

pub(crate) fn ends_of(amount: &Amount) -> (Option<End>, Option<End>) {
    match amount {
        Amount::Number(number) => {
            let end = Some(End { value: number.value, closed: true });
            (end, end)
        }
        Amount::Range(range) => (range.lo(), range.hi()),
        Amount::Unknown(_) => (None, None),
    }
}

pub(crate) fn is_within(point: &Fraction, amount: &Amount) -> bool {
    let (lo, hi) = ends_of(amount);
    lo.is_none_or(|lo| big(lo.value) < *point || lo.closed && big(lo.value) == *point)
        && hi.is_none_or(|hi| *point < big(hi.value) || hi.closed && big(hi.value) == *point)
}

pub(crate) fn plain(amount: &Amount) -> Quantity {
    Quantity::new(amount.clone(), Some(Unit::one()))
}
