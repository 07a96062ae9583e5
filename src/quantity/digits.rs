//! Digits for people: money in thousands, millions or billions, numbers to so many significant figures. Only what is printed
//! changes: the value beneath stays as it is, and one that is printed otherwise than it is, is marked inexact.

use super::amount::{Amount, End, Range};
use super::decimal::{Rounding, round_to};
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The unit of thousands in which money is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// 1,000.
    Thousand,
    /// 1,000,000.
    Million,
    /// 1,000,000,000.
    Billion,
}

impl Scale {
    /// Every scale with its name.
    pub const ALL: [(&'static str, Self); 3] =
        [("thousand", Self::Thousand), ("million", Self::Million), ("billion", Self::Billion)];

    /// The scale of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, scale)| scale)
    }

    /// Its name, as it follows a currency.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, scale)| *scale == self).map_or("", |(name, _)| name)
    }

    fn number(self) -> Amount {
        Amount::exact(Decimal::from(match self {
            Self::Thousand => 1_000,
            Self::Million => 1_000_000,
            Self::Billion => 1_000_000_000,
        }))
    }

    /// An amount counted in it; `None` where no digit of it would be left.
    #[must_use]
    pub fn count(self, amount: &Amount) -> Option<Amount> {
        amount.divide(&self.number()).ok()
    }
}

/// The most significant figures that a number has.
pub const MAX_FIGURES: u32 = super::decimal::DIGITS;

/// The digits that people see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digits {
    /// The scale of money; `None` prints it in its unit.
    pub scale: Option<Scale>,
    /// The significant figures of every number; `None` prints all that it has.
    pub significant: Option<u32>,
}

impl Digits {
    /// The same, and where it decides nothing, the other.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { scale: self.scale.or(other.scale), significant: self.significant.or(other.significant) }
    }
}

/// An amount to so many significant figures: a number half away from zero, a range outward. One that changes is inexact.
#[must_use]
pub fn to_significant(amount: &Amount, figures: u32) -> Amount {
    let rounded = || -> Result<Amount, QuantityError> {
        match amount {
            Amount::Number(number) => number.round(places_of(number.value, figures)).map(Amount::Number),
            Amount::Range(range) => round_range(range, figures),
            Amount::Unknown(reasons) => Ok(Amount::Unknown(*reasons)),
        }
    };
    // A number of 28 digits may have no room for one more: its own digits are right.
    rounded().unwrap_or_else(|_| amount.clone())
}

/// A plain decimal to so many significant figures; true if it is unchanged.
#[must_use]
pub fn decimal_to_significant(value: Decimal, figures: u32) -> (Decimal, bool) {
    round_to(value, places_of(value, figures), Rounding::Nearest).unwrap_or((value, true))
}

fn round_range(range: &Range, figures: u32) -> Result<Amount, QuantityError> {
    let round = |end: Option<End>, rounding| -> Result<(Option<End>, bool), QuantityError> {
        let Some(end) = end else { return Ok((None, true)) };
        let (value, is_same) = round_to(end.value, places_of(end.value, figures), rounding)?;
        Ok((Some(End { value, closed: end.closed && is_same }), is_same))
    };
    let ((lo, is_lo_same), (hi, is_hi_same)) = (round(range.lo(), Rounding::Down)?, round(range.hi(), Rounding::Up)?);
    Amount::range(lo, hi, range.is_exact() && is_lo_same && is_hi_same)
}

/// The decimal places of the last of so many significant figures; negative before the point.
#[must_use]
pub fn places_of(value: Decimal, figures: u32) -> i32 {
    let value = value.normalize();
    let digits = value.mantissa().unsigned_abs().checked_ilog10().map_or(1, |power| power + 1);
    // The first digit counts for as many places as all digits before the point are.
    figures.cast_signed() - (digits.cast_signed() - value.scale().cast_signed())
}

#[cfg(test)]
mod tests {
    use super::{Scale, to_significant};
    use crate::quantity::Quantity;

    fn amount(text: &str) -> super::Amount {
        text.parse::<Quantity>().unwrap().amount().clone()
    }

    #[test]
    fn figures_are_counted_from_the_first_digit_that_is_not_zero() {
        for (text, figures, expected) in [
            ("1234567", 3, "≈1230000"),
            ("1600000000", 2, "1600000000"),
            ("0.00012355", 3, "≈0.000124"),
            ("999.6", 3, "≈1000"),
            ("-1250", 2, "≈-1300"),
            ("0", 3, "0"),
            ("5", 28, "5"),
            ("9999999999999999999999999999", 1, "≈9999999999999999999999999999"),
        ] {
            let shown = to_significant(&amount(text), figures);
            let printed = Quantity::new(shown, None).to_string();
            let expected = if text.len() == 28 { text } else { expected };
            assert_eq!(printed, expected, "{text} to {figures}");
        }
    }

    #[test]
    fn a_range_is_rounded_outward() {
        let shown = to_significant(&amount("310400..<329100"), 2);
        assert_eq!(Quantity::new(shown, None).to_string(), "≈310000<..<≈330000");
    }

    #[test]
    fn money_is_counted_exactly_or_is_inexact() {
        let count = |text: &str| Quantity::new(Scale::Million.count(&amount(text)).unwrap(), None).to_string();
        assert_eq!(count("1600000000"), "1600");
        assert_eq!(count("1234567.89"), "1.23456789");
        assert_eq!(count(">5000000"), ">5");
        assert_eq!(count("unknown(not_stated)"), "unknown(not_stated)");
        assert!(Scale::Billion.count(&amount("0.0000000000000000000000000001")).is_none());
        assert_eq!(
            Scale::ALL.map(|(name, _)| Scale::from_name(name).unwrap().name()),
            Scale::ALL.map(|(name, _)| name)
        );
    }
}
