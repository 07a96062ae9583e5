//! What the rounding of a stated figure leaves open.

use super::amount::Amount;
use super::decimal::{add, divide, round_to, subtract};
use super::range::End;
use super::wide::Rounding;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The numbers that are written as `value` when they are rounded to so many significant figures: 1.6e9 to 2 is
/// `1550000000..<1650000000`; the end further from 0 is open. Whether a source states the value is for the
/// caller to know.
///
/// # Errors
/// If `value` has more significant figures than that, or none (0), or if an end has more than 28 digits.
pub fn rounding_range(value: Decimal, significant_figures: u32) -> Result<Amount, QuantityError> {
    let refused = || QuantityError::Figures { value: value.normalize().to_string(), figures: significant_figures };
    let half = half_of_last_figure(value, significant_figures).ok_or_else(refused)?;
    let end = |(value, exact), closed| {
        if exact { Ok(Some(End { value, closed })) } else { Err(refused()) }
    };
    if value.is_sign_negative() {
        Amount::range(end(subtract(value, half)?, false)?, end(add(value, half)?, true)?, true)
    } else {
        Amount::range(end(subtract(value, half)?, true)?, end(add(value, half)?, false)?, true)
    }
}

/// Half a unit of the last significant figure.
fn half_of_last_figure(value: Decimal, figures: u32) -> Option<Decimal> {
    let digits = i32::try_from(value.mantissa().unsigned_abs().checked_ilog10()?).ok()? + 1;
    let places = value.scale().cast_signed() - digits + i32::try_from(figures).ok().filter(|figures| *figures > 0)?;
    let (_, is_written_so) = round_to(value, places, Rounding::Nearest).ok()?;
    let unit =
        Decimal::try_from_i128_with_scale(10_i128.pow(places.min(0).unsigned_abs()), places.max(0).unsigned_abs());
    let (half, exact) = divide(unit.ok()?, Decimal::TWO).ok()?;
    (is_written_so && exact).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, figures: u32, expected: &str) {
        assert_eq!(rounding_range(value.parse().unwrap(), figures).unwrap().to_string(), expected);
    }

    #[test]
    fn the_range_is_half_a_unit_of_the_last_figure_to_either_side() {
        check("1600000000", 2, "1550000000..<1650000000");
        check("-1600000000", 2, "-1650000000<..-1550000000");
        check("5000", 1, "4500..<5500");
        check("5000", 4, "4999.5..<5000.5");
        check("0.030", 2, "0.0295..<0.0305");
        check("1.25", 3, "1.245..<1.255");
    }

    #[test]
    fn a_number_with_other_figures_is_refused() {
        for (value, figures) in [("0", 1), ("5000", 0), ("1650000000", 2), ("1", 40), ("1", u32::MAX)] {
            let error = rounding_range(value.parse().unwrap(), figures).unwrap_err();
            assert!(matches!(error, QuantityError::Figures { .. }), "{value} to {figures}");
        }
    }
}
