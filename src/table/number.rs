//! How many decimal places people see, the same down a column. The digits themselves are written by the
//! quantity's own reading form, which also sets `≈` before what it had to round.

use crate::quantity::{Amount, reading};
use crate::sql::Cell;
use rust_decimal::{Decimal, RoundingStrategy};

/// The places of an inexact value whose unit sets no limit: six tell any two figures apart that a reader compares.
const INEXACT_LIMIT: u32 = 6;

/// The places that an amount needs: as many as its exact digits have, at most `limit` (those of its currency)
/// and, if it is inexact, at most six. For a range, those of its longer end.
pub(super) fn of_amount(amount: &Amount, limit: Option<u32>) -> u32 {
    let (values, is_exact) = match amount {
        Amount::Number(number) => ([Some(number.value), None], number.is_exact()),
        Amount::Range(range) => ([range.lo(), range.hi()].map(|end| end.map(|end| end.value)), range.is_exact()),
        Amount::Unknown(_) => return 0,
    };
    let limit = if is_exact { limit } else { Some(limit.unwrap_or(INEXACT_LIMIT).min(INEXACT_LIMIT)) };
    values.into_iter().flatten().map(|value| of_decimal(value, limit)).max().unwrap_or(0)
}

/// The places that a decimal needs. A value that would be printed as zero is given two significant digits, more
/// than the limit allows: `0.00` would be a wrong answer.
pub(super) fn of_decimal(value: Decimal, limit: Option<u32>) -> u32 {
    let value = value.normalize();
    let places = limit.map_or(value.scale(), |limit| value.scale().min(limit));
    let printed = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    if value.is_zero() || !printed.is_zero() {
        return places;
    }
    let digits = value.mantissa().unsigned_abs().ilog10() + 1;
    value.scale().min(value.scale() + 2 - digits.min(value.scale()))
}

/// An amount in reading form, a number with exactly `places` places. The ends of a range stand in words, where
/// no digit has to stand under another.
pub(super) fn amount_text(amount: &Amount, places: u32) -> String {
    let text = reading::amount(amount, Some(places));
    if let Amount::Number(_) = amount { padded(text, places) } else { text }
}

/// A decimal in reading form with exactly `places` places.
pub(super) fn decimal_text(value: Decimal, places: u32) -> String {
    padded(reading::group_digits(value, Some(places)), places)
}

/// The number of a cell; `None` for a range, an unknown and what is no number.
pub(super) fn decimal_of(cell: &Cell<'_>) -> Option<Decimal> {
    match cell {
        Cell::Integer(whole) => Some((*whole).into()),
        Cell::Decimal(decimal) => Some(*decimal),
        Cell::Real(real) => Decimal::try_from(*real).ok(),
        Cell::Quantity(quantity) => quantity.number(),
        _ => None,
    }
}

/// The number with zeros at its end, so that points stand under points.
fn padded(mut text: String, places: u32) -> String {
    let has = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let missing = usize::try_from(places).unwrap_or(has).saturating_sub(has);
    if missing > 0 {
        text.push_str(if has == 0 { "." } else { "" });
        text.extend(std::iter::repeat_n('0', missing));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decimal_text, of_amount, of_decimal};
    use crate::quantity::Quantity;

    fn quantity(text: &str, limit: Option<u32>) -> u32 {
        of_amount(text.parse::<Quantity>().unwrap().amount(), limit)
    }

    #[test]
    fn exact_values_need_their_digits_and_at_most_those_of_the_currency() {
        assert_eq!(quantity("320000 GBP", Some(2)), 0);
        assert_eq!(quantity("0.5 GBP", Some(2)), 1);
        assert_eq!(quantity("1.2345 GBP", Some(2)), 2);
        assert_eq!(quantity("1.2345 USD/GBP", None), 4);
        assert_eq!(quantity("-0.25..<0.125 GBP", Some(3)), 3);
        assert_eq!(quantity("unknown(not_stated)", Some(2)), 0);
    }

    #[test]
    fn inexact_values_stop_at_six() {
        assert_eq!(quantity("≈0.3333333333333333333333333333", None), 6);
        assert_eq!(quantity("≈355555.5555555555555555555556 GBP", Some(2)), 2);
    }

    #[test]
    fn points_stand_under_points() {
        assert_eq!(decimal_text("-1234.5".parse().unwrap(), 2), "-1,234.50");
        assert_eq!(decimal_text("7".parse().unwrap(), 2), "7.00");
        assert_eq!(decimal_text("7".parse().unwrap(), 0), "7");
    }

    #[test]
    fn nothing_but_zero_prints_as_zero() {
        assert_eq!(of_decimal("0.000321".parse().unwrap(), Some(2)), 5);
        assert_eq!(of_decimal("0.001".parse().unwrap(), Some(2)), 3);
        assert_eq!(of_decimal("0.000".parse().unwrap(), Some(2)), 0);
        assert_eq!(quantity("≈0.0000000123456", None), 9);
    }
}
