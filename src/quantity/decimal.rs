//! Exact arithmetic on decimals of 28 digits: every result says whether it is exact. It knows no units.
//!
//! `rust_decimal` rounds silently (`1e28 + 0.1` is 1e28 there), so its operators are used nowhere. A result that fits in
//! 128 bits is computed in 128 bits; any other as a fraction of 256-bit integers, rounded once.

use crate::error::QuantityError;
use ethnum::{I256, U256};
use rust_decimal::Decimal;

/// A normalized decimal of at most 28 digits, and whether it is exact.
pub type Exact = (Decimal, bool);

/// The sum, rounded to the nearest.
///
/// # Errors
/// If the result has more than 28 digits before the point.
pub fn add(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    add_to(a, b, Rounding::Nearest)
}

/// The difference, rounded to the nearest.
///
/// # Errors
/// As [`add`].
pub fn subtract(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    sum(a, -b, Rounding::Nearest).map_err(|reason| out_of_range("-", reason, a, b))
}

/// The product, rounded to the nearest.
///
/// # Errors
/// If the result has more than 28 digits before the point, or is not 0 and would be rounded to 0.
pub fn multiply(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    multiply_to(a, b, Rounding::Nearest)
}

/// The quotient, rounded to the nearest: exact only if its digits end, within 28 of them.
///
/// # Errors
/// As [`multiply`], and if `b` is 0.
pub fn divide(a: Decimal, b: Decimal) -> Result<Exact, QuantityError> {
    divide_to(a, b, Rounding::Nearest)
}

/// The square root, rounded to the nearest: exact only if its digits end, within 28 of them. `value` must not be below 0.
pub(super) fn sqrt(value: Decimal) -> Exact {
    let digits = value.mantissa().unsigned_abs().checked_ilog10().map_or(0, |power| power + 1);
    // As many places as leave 28 digits: the root has half as many digits before the point as the number.
    let places = DIGITS - digits.saturating_sub(value.scale()).div_ceil(2);
    let square = scaled_mantissa(value, 2 * places).as_u256();
    let below = integer_root(square);
    let rest = square - below * below;
    let root = if rest > below { below + 1 } else { below };
    (to_decimal(root.as_i128(), places), rest == 0)
}

/// The greatest whole number whose square is not above `number`, by Newton's method from above.
fn integer_root(number: U256) -> U256 {
    if number == 0 {
        return U256::ZERO;
    }
    let mut root = U256::ONE << ((256 - number.leading_zeros()).div_ceil(2));
    loop {
        let next = (root + number / root) >> 1_u32;
        if next >= root {
            return root;
        }
        root = next;
    }
}

pub(super) fn add_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    sum(a, b, rounding).map_err(|reason| out_of_range("+", reason, a, b))
}

pub(super) fn multiply_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    let product = narrow_product(a, b).map_or_else(|| Fraction::product(a, b).round(rounding), Ok);
    product.map_err(|reason| out_of_range("*", reason, a, b))
}

pub(super) fn divide_to(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, QuantityError> {
    if b.is_zero() {
        return Err(QuantityError::DivisionByZero);
    }
    let quotient = narrow_quotient(a, b).map_or_else(|| Fraction::quotient(a, b).round(rounding), Ok);
    quotient.map_err(|reason| out_of_range("/", reason, a, b))
}

/// Rounds to at most `places`, which may be negative (−3: whole thousands). The flag is true if the value is unchanged.
pub(super) fn round_to(value: Decimal, places: i32, rounding: Rounding) -> Result<Exact, QuantityError> {
    if places >= value.scale().cast_signed() {
        return Ok((value, true));
    }
    let coarsest = -DIGITS.cast_signed() - 1;
    match Fraction::scaled(value.mantissa().into(), value.scale()).round_to_places(places.max(coarsest), rounding) {
        Err(OutOfRange::Underflow) => Ok((Decimal::ZERO, false)),
        other => other.map_err(|reason| out_of_range("round", reason, value, places.into())),
    }
}

/// `-value`, where 0 stays 0.
pub(super) fn negate(value: Decimal) -> Decimal {
    if value.is_zero() { Decimal::ZERO } else { -value }
}

fn sum(a: Decimal, b: Decimal, rounding: Rounding) -> Result<Exact, OutOfRange> {
    narrow_sum(a, b).map_or_else(|| Fraction::sum(a, b).round(rounding), Ok)
}

fn narrow_sum(a: Decimal, b: Decimal) -> Option<Exact> {
    let scale = a.scale().max(b.scale());
    let raised = |value: Decimal| value.mantissa().checked_mul(10_i128.pow(scale - value.scale()));
    fitting(raised(a)?.checked_add(raised(b)?)?, scale)
}

fn narrow_product(a: Decimal, b: Decimal) -> Option<Exact> {
    fitting(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
}

fn narrow_quotient(a: Decimal, b: Decimal) -> Option<Exact> {
    let (quotient, remainder) = (a.mantissa() / b.mantissa(), a.mantissa() % b.mantissa());
    let scale = a.scale().checked_sub(b.scale())?;
    if remainder == 0 { fitting(quotient, scale) } else { None }
}

fn fitting(mantissa: i128, scale: u32) -> Option<Exact> {
    (mantissa.abs() < LIMIT && scale <= DIGITS).then(|| (to_decimal(mantissa, scale), true))
}

fn out_of_range(operation: &'static str, reason: OutOfRange, a: Decimal, b: Decimal) -> QuantityError {
    let operands = String::new();
    let error = match reason {
        OutOfRange::Overflow => QuantityError::Overflow { operation, operands },
        OutOfRange::Underflow => QuantityError::Underflow { operation, operands },
    };
    error.between(&a.to_string(), &b.to_string())
}

/// The most digits of a decimal, before and after the point together, and the most after the point.
pub(super) const DIGITS: u32 = 28;

/// The first whole number of more than [`DIGITS`] digits.
pub(super) const LIMIT: i128 = 10_i128.pow(DIGITS);

/// A rounding mode for a number of more than 28 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    /// To the nearest, half away from zero.
    Nearest,
    /// Towards −∞: the lower end of a range.
    Down,
    /// Towards +∞: the upper end of a range.
    Up,
}

/// The reason that a number has no decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutOfRange {
    /// More than 28 digits before the point.
    Overflow,
    /// Not 0, and rounded to 0.
    Underflow,
}

/// `± numerator / denominator × 10^-scale`. Of two decimals the numerator is below 10^59 and the denominator below 10^29,
/// so that either can be scaled up by the factor that [`Fraction::round`] needs; of a long sum the numerator may have 250
/// bits, and is only scaled down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fraction {
    negative: bool,
    numerator: U256,
    denominator: U256,
    scale: i32,
}

impl Fraction {
    pub(super) fn sum(a: Decimal, b: Decimal) -> Self {
        let scale = a.scale().max(b.scale());
        Self::scaled(scaled_mantissa(a, scale) + scaled_mantissa(b, scale), scale)
    }

    pub(super) fn product(a: Decimal, b: Decimal) -> Self {
        Self::scaled(I256::from(a.mantissa()) * I256::from(b.mantissa()), a.scale() + b.scale())
    }

    /// `a / b`; the caller has checked that `b` is not 0.
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

    /// The decimal with as many places as 28 digits allow.
    pub(super) fn round(self, rounding: Rounding) -> Result<(Decimal, bool), OutOfRange> {
        let finest = DIGITS.cast_signed();
        let whole_digits = digit_count(self.numerator) - digit_count(self.denominator) - self.scale;
        // The quotient is between 10^(whole_digits - 1) and 10^(whole_digits + 1): one of two scales fits.
        let places = finest.min(finest - whole_digits);
        match self.round_to_places(places, rounding) {
            Err(OutOfRange::Overflow) if places > 0 => self.round_to_places(places - 1, rounding),
            other => other,
        }
    }

    /// The decimal with exactly `places` (−30 to 28).
    pub(super) fn round_to_places(self, places: i32, rounding: Rounding) -> Result<(Decimal, bool), OutOfRange> {
        let raise = places - self.scale;
        let power = pow10(raise.unsigned_abs());
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
            return Err(OutOfRange::Underflow);
        }
        let whole = if places < 0 { magnitude * pow10(places.unsigned_abs()) } else { magnitude };
        // 10^28 itself has one significant digit, and fits with a place less.
        if whole > LIMIT.cast_unsigned() || whole == LIMIT.cast_unsigned() && places <= 0 {
            return Err(OutOfRange::Overflow);
        }
        let mantissa = if self.negative { -whole.as_i128() } else { whole.as_i128() };
        Ok((to_decimal(mantissa, places.max(0).cast_unsigned()), remainder == 0))
    }
}

/// A normalized decimal.
pub(super) fn to_decimal(mantissa: i128, scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(mantissa, scale).expect("28 digits and 28 places fit").normalize()
}

/// The mantissa of `value` at a scale that is not below its own.
pub(super) fn scaled_mantissa(value: Decimal, scale: u32) -> I256 {
    I256::from(value.mantissa()) * pow10(scale - value.scale()).as_i256()
}

/// The unit in the last place that 28 digits have for a number of this size.
pub(super) fn ulp(value: Decimal) -> Decimal {
    let digits = value.mantissa().unsigned_abs().checked_ilog10().map_or(0, |power| power + 1);
    let before_point = digits.saturating_sub(value.scale());
    Decimal::new(1, DIGITS - before_point.min(DIGITS))
}

/// True if the distance of two numbers is greater than the sum of their error bounds.
pub(super) fn are_further_apart(a: Decimal, b: Decimal, errors: [Decimal; 2]) -> bool {
    let [a, b, c, d] = [a, b, errors[0], errors[1]].map(|value| scaled_mantissa(value, DIGITS));
    (a - b).abs() > c + d
}

fn pow10(exponent: u32) -> U256 {
    let narrow = exponent.min(38); // the largest power in 128 bits, which are much the faster
    let power = U256::new(10_u128.pow(narrow));
    if exponent > narrow { power * U256::new(10).pow(exponent - narrow) } else { power }
}

/// The number of digits of a whole number; 0 has none.
fn digit_count(number: U256) -> i32 {
    let bits = 256 - number.leading_zeros();
    let fewest = bits * 1233 / 4096; // log10(2), near enough for 256 bits
    (if number >= pow10(fewest) { fewest + 1 } else { fewest }).cast_signed()
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
