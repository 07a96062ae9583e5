//! Numbers too wide for a decimal: 256-bit fractions, brought back to 28 digits in a chosen direction. Whether
//! something was lost is decided here, on integers, and nowhere else.

use ethnum::{I256, U256};
use rust_decimal::Decimal;

/// The most digits of a decimal, before and after the point together, and the most after the point.
pub(super) const DIGITS: u32 = 28;

/// The first whole number of more than [`DIGITS`] digits.
pub(super) const LIMIT: i128 = 10_i128.pow(DIGITS);

/// Where a number goes that 28 digits can't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// To the nearest, half away from zero.
    Nearest,
    /// Towards −∞: the lower end of a range.
    Down,
    /// Towards +∞: the upper end of a range.
    Up,
}

/// Why a number has no decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// More than 28 digits before the point.
    Overflow,
    /// Not 0, and nearest to 0.
    Underflow,
}

/// `± numerator / denominator × 10^-scale`. Of two decimals the numerator stays below 10^59 and the denominator
/// below 10^29, so that either may be raised by what [`Wide::settle`] needs; of a long sum the numerator may have
/// 250 bits, and is only ever lowered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide {
    negative: bool,
    numerator: U256,
    denominator: U256,
    scale: i32,
}

impl Wide {
    pub(super) fn sum(a: Decimal, b: Decimal) -> Self {
        let scale = a.scale().max(b.scale());
        Self::scaled(scaled_mantissa(a, scale) + scaled_mantissa(b, scale), scale)
    }

    pub(super) fn product(a: Decimal, b: Decimal) -> Self {
        Self::scaled(I256::from(a.mantissa()) * I256::from(b.mantissa()), a.scale() + b.scale())
    }

    /// `a / b`; the caller has made sure that `b` is not 0.
    pub(super) fn quotient(a: Decimal, b: Decimal) -> Self {
        Self {
            negative: (a.mantissa() < 0) != (b.mantissa() < 0),
            numerator: a.mantissa().unsigned_abs().into(),
            denominator: b.mantissa().unsigned_abs().into(),
            scale: a.scale().cast_signed() - b.scale().cast_signed(),
        }
    }

    /// `mantissa × 10^-scale`.
    pub(super) fn scaled(mantissa: I256, scale: u32) -> Self {
        Self {
            negative: mantissa < 0,
            numerator: mantissa.unsigned_abs(),
            denominator: U256::ONE,
            scale: scale.cast_signed(),
        }
    }

    /// The decimal with as many places as 28 digits allow, and whether it is exact.
    pub(super) fn settle(self, rounding: Rounding) -> Result<(Decimal, bool), Limit> {
        let finest = DIGITS.cast_signed();
        let whole_digits = digits(self.numerator) - digits(self.denominator) - self.scale;
        // The quotient lies between 10^(whole_digits - 1) and 10^(whole_digits + 1): one of two scales is right.
        let places = finest.min(finest - whole_digits);
        match self.at(places, rounding) {
            Err(Limit::Overflow) if places > 0 => self.at(places - 1, rounding),
            other => other,
        }
    }

    /// The decimal with exactly so many places (−30 to 28), and whether it is exact.
    pub(super) fn at(self, places: i32, rounding: Rounding) -> Result<(Decimal, bool), Limit> {
        let raise = places - self.scale;
        let power = ten(raise.unsigned_abs());
        let (numerator, denominator) = if raise >= 0 {
            (self.numerator * power, self.denominator)
        } else {
            (self.numerator, self.denominator * power)
        };
        let (quotient, remainder) = (numerator / denominator, numerator % denominator);
        let away = match rounding {
            Rounding::Nearest => remainder * 2 >= denominator,
            Rounding::Down => self.negative && remainder > 0,
            Rounding::Up => !self.negative && remainder > 0,
        };
        let magnitude = if away { quotient + 1 } else { quotient };
        if magnitude == 0 && remainder > 0 && rounding == Rounding::Nearest {
            return Err(Limit::Underflow);
        }
        let whole = if places < 0 { magnitude * ten(places.unsigned_abs()) } else { magnitude };
        // 10^28 itself has one significant digit, and fits with a place less.
        if whole > LIMIT.cast_unsigned() || whole == LIMIT.cast_unsigned() && places <= 0 {
            return Err(Limit::Overflow);
        }
        let mantissa = if self.negative { -whole.as_i128() } else { whole.as_i128() };
        Ok((decimal(mantissa, places.max(0).cast_unsigned()), remainder == 0))
    }
}

/// A normalized decimal.
pub(super) fn decimal(mantissa: i128, scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(mantissa, scale).expect("28 digits and 28 places fit").normalize()
}

/// The mantissa of `value` at a scale that is not below its own.
pub(super) fn scaled_mantissa(value: Decimal, scale: u32) -> I256 {
    I256::from(value.mantissa()) * ten(scale - value.scale()).as_i256()
}

/// One unit of the last place that 28 digits have for a number of this size.
pub(super) fn last_place(value: Decimal) -> Decimal {
    let digits = value.mantissa().unsigned_abs().checked_ilog10().map_or(0, |power| power + 1);
    let before_point = digits.saturating_sub(value.scale());
    Decimal::new(1, DIGITS - before_point.min(DIGITS))
}

/// Whether two numbers lie further apart than both may be off together.
pub(super) fn are_further_apart(a: Decimal, b: Decimal, errors: [Decimal; 2]) -> bool {
    let [a, b, c, d] = [a, b, errors[0], errors[1]].map(|value| scaled_mantissa(value, DIGITS));
    (a - b).abs() > c + d
}

fn ten(exponent: u32) -> U256 {
    let narrow = exponent.min(38); // the largest power in 128 bits, which are much the faster
    let power = U256::new(10_u128.pow(narrow));
    if exponent > narrow { power * U256::new(10).pow(exponent - narrow) } else { power }
}

/// How many digits a whole number has; 0 has none.
fn digits(number: U256) -> i32 {
    let bits = 256 - number.leading_zeros();
    let fewest = bits * 1233 / 4096; // log10(2), near enough for 256 bits
    (if number >= ten(fewest) { fewest + 1 } else { fewest }).cast_signed()
}
