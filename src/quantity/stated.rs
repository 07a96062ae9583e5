//! What the rounding of a stated figure leaves open.

use super::amount::Amount;
use super::decimal::{add, divide, round_to, subtract};
use super::range::End;
use super::wide::{DIGITS, Rounding};
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The numbers that are written as `value` when they are rounded to so many significant figures: 1.6e9 to 2 is
/// `1550000000..<1650000000`; the end further from 0 is open. Whether a source states the value is for the
/// caller to know.
///
/// # Errors
/// If `value` is 0 or has more significant figures than that, or if an end has more than 28 digits.
pub fn rounding_range(value: Decimal, significant_figures: u32) -> Result<Amount, QuantityError> {
    let half = half_of_last_figure(value, significant_figures)?;
    let end = |(value, exact), closed| {
        if exact { Ok(Some(End { value, closed })) } else { Err(beyond(value, significant_figures)) }
    };
    if value.is_sign_negative() {
        Amount::range(end(subtract(value, half)?, false)?, end(add(value, half)?, true)?, true)
    } else {
        Amount::range(end(subtract(value, half)?, true)?, end(add(value, half)?, false)?, true)
    }
}

/// Half a unit of the last significant figure.
fn half_of_last_figure(value: Decimal, figures: u32) -> Result<Decimal, QuantityError> {
    let digits = value.mantissa().unsigned_abs().checked_ilog10().ok_or(QuantityError::FiguresOfZero)? + 1;
    if figures > DIGITS {
        return Err(beyond(value, figures));
    }
    let places = value.scale().cast_signed() - digits.cast_signed() + figures.cast_signed();
    let is_written_so = round_to(value, places, Rounding::Nearest).is_ok_and(|(_, same)| same);
    if figures == 0 || !is_written_so {
        return Err(QuantityError::Figures { value: value.normalize().to_string(), figures });
    }
    let power = 10_i128.pow(places.min(0).unsigned_abs());
    let unit = Decimal::try_from_i128_with_scale(power, places.max(0).unsigned_abs());
    match divide(unit.map_err(|_| beyond(value, figures))?, Decimal::TWO) {
        Ok((half, true)) => Ok(half),
        _ => Err(beyond(value, figures)),
    }
}

fn beyond(value: Decimal, figures: u32) -> QuantityError {
    QuantityError::FiguresBeyond { value: value.normalize().to_string(), figures }
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

    #[track_caller]
    fn refused(value: &str, figures: u32) -> QuantityError {
        rounding_range(value.parse().unwrap(), figures).unwrap_err()
    }

    #[test]
    fn a_number_with_other_figures_is_refused() {
        assert!(matches!(refused("5000", 0), QuantityError::Figures { .. }));
        assert!(matches!(refused("1650000000", 2), QuantityError::Figures { .. }));
        assert_eq!(refused("0", 1), QuantityError::FiguresOfZero);
        assert_eq!(refused("0.00", 2), QuantityError::FiguresOfZero);
    }

    #[test]
    fn a_range_that_28_digits_can_not_hold_is_refused() {
        for (value, figures) in
            [("1", 40), ("1", u32::MAX), ("1", 0x7fff_ffff), ("1600000000", 28), ("0.0000000000000000000000000001", 1)]
        {
            assert!(matches!(refused(value, figures), QuantityError::FiguresBeyond { .. }), "{value} to {figures}");
        }
    }
}
