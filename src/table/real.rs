//! The text of a REAL, digit for digit as the `SQLite` that is built in writes it: 17 digits, or fewer where the rest is
//! nines or zeros and what is left reads back to the same number. It does not mark them: only tables write `≈` before a
//! REAL.

use super::powers::{leading_bits, top};
use std::fmt;

/// A REAL as `SQLite` casts it to text: `0.1`, `1.0`, `1.0e+17`, `Inf`, `-Inf`.
pub(super) struct Real(pub(super) f64);

/// The digits that `SQLite` keeps.
const KEPT: usize = 17;

impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0.0 { "-" } else { "" };
        if self.0.is_nan() {
            return f.write_str("NaN");
        }
        if self.0.is_infinite() {
            return write!(f, "{sign}Inf");
        }
        if self.0 == 0.0 {
            return f.write_str("0.0"); // SQLite knows no negative zero
        }
        let (digits, point) = digits(self.0.abs());
        let exponent = point - 1;
        if !(-4..=16).contains(&exponent) {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            let direction = if exponent < 0 { '-' } else { '+' };
            return write!(f, "{sign}{first}.{rest}e{direction}{:02}", exponent.abs());
        }
        match usize::try_from(point).ok().filter(|point| *point > 0) {
            None => write!(f, "{sign}0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or_default())),
            Some(point) if point >= digits.len() => {
                write!(f, "{sign}{digits}{}.0", "0".repeat(point - digits.len()))
            }
            Some(point) => write!(f, "{sign}{}.{}", &digits[..point], &digits[point..]),
        }
    }
}

/// The significant digits of a positive number, and how many of them stand before the point (`sqlite3FpDecode`).
fn digits(real: f64) -> (String, i32) {
    let (decimal, power) = eighteen_digits(real);
    let all = decimal.to_string();
    let length = i32::try_from(all.len()).unwrap_or_default();
    let reads_back = |kept: usize, last: u64| {
        let shorter = all[..kept].parse::<u64>().unwrap_or_default() + last;
        let dropped = length - i32::try_from(kept).unwrap_or_default();
        format!("{shorter}e{}", power + dropped).parse() == Ok(real)
    };
    let before = |kept: usize, digit: char| all[..kept].trim_end_matches(digit).len();
    let mut kept = KEPT;
    if all[14..16] == *"99" {
        let short = before(14, '9');
        kept = if reads_back_nines(short, &reads_back) { short + 1 } else { kept };
    } else if power >= 0 || all[13..16] == *"000" {
        let short = before(13, '0');
        kept = if reads_back(short, 0) { short + 1 } else { kept };
    }
    let (digits, carried) = rounded(&all, kept.min(all.len()));
    (digits, length + power + i32::from(carried))
}

/// Whether nines may be rounded up to the digit before them; where there is none, to 1.
fn reads_back_nines(short: usize, reads_back: &dyn Fn(usize, u64) -> bool) -> bool {
    if short == 0 { reads_back(0, 1) } else { reads_back(short, 1) }
}

/// The first `kept` digits, rounded half up by the next, without zeros at the end; whether a digit more came of it.
fn rounded(all: &str, kept: usize) -> (String, bool) {
    let rounds_up = all.as_bytes().get(kept).is_some_and(|digit| *digit >= b'5');
    let shortened = all[..kept].parse::<u64>().unwrap_or_default() + u64::from(rounds_up);
    let digits = shortened.to_string();
    let carried = digits.len() > kept;
    (digits.trim_end_matches('0').to_owned(), carried)
}

/// `decimal × 10^power`, of 18 digits or 19, near a positive number (`sqlite3Fp2Convert10`).
fn eighteen_digits(real: f64) -> (u64, i32) {
    let bits = real.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = i32::try_from(bits >> 52).unwrap_or_default();
    let (mantissa, exponent) = if exponent == 0 {
        let zeros = fraction.leading_zeros();
        (fraction << zeros, -1074 - zeros.cast_signed())
    } else {
        (fraction << 11 | 1 << 63, exponent - 1086)
    };
    let power = 17 - log10_of_power_of_2(exponent + 63);
    let product = top(u128::from(mantissa) * u128::from(leading_bits(power)));
    let high = product >> -(exponent + log2_of_power_of_10(power) + 2);
    ((high + ((high << 1) & 2)) >> 1, -power)
}

/// ⌊log₂ 10^power⌋, by a ratio that is exact enough for every REAL.
fn log2_of_power_of_10(power: i32) -> i32 {
    (power * 108_853) >> 15
}

/// ⌊log₁₀ 2^power⌋, likewise.
fn log10_of_power_of_2(power: i32) -> i32 {
    (power * 78_913) >> 18
}

#[cfg(test)]
mod tests {
    use super::Real;

    #[test]
    fn digits_are_those_of_sqlite() {
        for (real, text) in [
            (0.1, "0.1"),
            (-0.0, "0.0"),
            (1.0, "1.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-1_234_567.875, "-1234567.875"),
            (0.0001, "0.0001"),
            (0.000_012_5, "1.25e-05"),
            (5e15, "5000000000000000.0"),
            (2e16, "20000000000000000.0"),
            (1e17, "1.0e+17"),
            (-1.5e300, "-1.5e+300"),
            (f64::INFINITY, "Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (100.0 / 3.0, "33.333333333333336"),
            (1e15 / 3.0, "333333333333333.31"),
            (49.47, "49.47"),
            (5e-324, "4.9406564584124654e-324"),
        ] {
            assert_eq!(Real(real).to_string(), text);
        }
    }
}
