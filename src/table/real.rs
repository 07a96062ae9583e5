//! The text of a REAL, digit for digit as the bundled `SQLite` writes it: 17 digits, or fewer if the rest is nines or zeros
//! and the shorter number reads back as the same. Formats for people write a stored one in the fewest digits that read back
//! as the same, and the `≈` before a computed one.

use std::fmt;

/// A REAL as `SQLite` casts it to text: `0.1`, `1.0`, `1.0e+17`, `Inf`, `-Inf`.
pub(super) struct Real(pub(super) f64);

/// The significant digits that `SQLite` keeps.
const MAX_DIGITS: usize = 17;

impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_real(f, self.0, digits)
    }
}

/// A REAL in the fewest digits that read back as the same, arranged as [`Real`] is.
pub(super) struct ShortestReal(pub(super) f64);

impl fmt::Display for ShortestReal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_real(f, self.0, shortest_digits)
    }
}

/// Writes a REAL with the significant digits of its absolute value.
fn write_real(f: &mut fmt::Formatter<'_>, real: f64, digits: fn(f64) -> (String, i32)) -> fmt::Result {
    let sign = if real < 0.0 { "-" } else { "" };
    if real.is_nan() {
        return f.write_str("NaN");
    }
    if real.is_infinite() {
        return write!(f, "{sign}Inf");
    }
    if real == 0.0 {
        return f.write_str("0.0"); // SQLite knows no negative zero
    }
    let (digits, point) = digits(real.abs());
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

/// The fewest significant digits that read back as a positive number, and the number of them before the point.
fn shortest_digits(real: f64) -> (String, i32) {
    let written = format!("{real:e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0) + 1)
}

/// The significant digits of a positive number, and the number of them before the point (`sqlite3FpDecode`).
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
    let mut kept = MAX_DIGITS;
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

/// Returns true if nines may be rounded up to the digit before them, or to 1 if there is none.
fn reads_back_nines(short: usize, reads_back: &dyn Fn(usize, u64) -> bool) -> bool {
    if short == 0 { reads_back(0, 1) } else { reads_back(short, 1) }
}

/// The first `kept` digits, rounded half up by the next, without trailing zeros; true if rounding made one digit more.
fn rounded(all: &str, kept: usize) -> (String, bool) {
    let rounds_up = all.as_bytes().get(kept).is_some_and(|digit| *digit >= b'5');
    let shortened = all[..kept].parse::<u64>().unwrap_or_default() + u64::from(rounds_up);
    let digits = shortened.to_string();
    let carried = digits.len() > kept;
    (digits.trim_end_matches('0').to_owned(), carried)
}

/// The decimal and the power of `decimal × 10^power`, near a positive number; the decimal has 18 or 19 digits
/// (`sqlite3Fp2Convert10`).
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
    let product = top(product(mantissa, leading_bits(power)));
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

/// The 64 bits of 10^power, for power ≤ 26, shifted until the highest is set (`aBase` of `SQLite`'s `powerOfTen`).
fn shifted_power_of_10(power: i32) -> u64 {
    let exact = 10_u128.pow(power.unsigned_abs());
    top(exact << exact.leading_zeros())
}

/// The leading 96 bits of 10^-351, 10^-324 … 10^324, in 64 and 32 (`aScale`, `aScaleLo`); 10^-1 takes the place of
/// 10^0.
const STEPS: [(u64, u32); 26] = [
    (0x8049_a4ac_0c58_11ae, 0x205b_896d),
    (0xcf42_894a_5dce_35ea, 0x5206_4cad),
    (0xa76c_5823_38ed_2621, 0xaf2a_f2b8),
    (0x873e_4f75_e222_4e68, 0x5a77_44a7),
    (0xda7f_5bf5_9096_6848, 0xaf39_a475),
    (0xb080_392c_c434_9dec, 0xbd8d_794e),
    (0x8e93_8662_882a_f53e, 0x547e_b47b),
    (0xe658_29b3_046b_0afa, 0x0cb4_a5a3),
    (0xba12_1a46_50e4_ddeb, 0x92f3_4d62),
    (0x964e_858c_91ba_2655, 0x3a6a_07f9),
    (0xf2d5_6790_ab41_c2a2, 0xfae2_7299),
    (0xc428_d05a_a475_1e4c, 0xaa97_e14c),
    (0x9e74_d1b7_91e0_7e48, 0x775e_a265),
    (0xcccc_cccc_cccc_cccc, 0xcccc_cccc),
    (0xcecb_8f27_f420_0f3a, 0x0000_0000),
    (0xa70c_3c40_a64e_6c51, 0x9990_90b6),
    (0x86f0_ac99_b4e8_dafd, 0x69a0_28bb),
    (0xda01_ee64_1a70_8de9, 0xe80e_6f48),
    (0xb01a_e745_b101_e9e4, 0x5ec0_5dd0),
    (0x8e41_ade9_fbeb_c27d, 0x1458_8f14),
    (0xe5d3_ef28_2a24_2e81, 0x8f16_68c9),
    (0xb9a7_4a06_37ce_2ee1, 0x6d95_3e2c),
    (0x95f8_3d0a_1fb6_9cd9, 0x4abd_af10),
    (0xf24a_01a7_3cf2_dccf, 0xbc63_3b39),
    (0xc3b8_3581_09e8_4f07, 0x0a86_2f81),
    (0x9e19_db92_b4e3_1ba9, 0x6c07_a2c2),
];

/// The distance of two steps, in powers of ten.
const STRIDE: i32 = 27;

/// The leading 64 bits of 10^power, for -351 ≤ power ≤ 350; the highest bit is set.
fn leading_bits(power: i32) -> u64 {
    let (step, rest) = (power.div_euclid(STRIDE), power.rem_euclid(STRIDE));
    let at_step = |step: i32| STEPS[usize::try_from(step + 13).unwrap_or_default()];
    match (power, rest) {
        (-1, _) => at_step(0).0,
        (0..STRIDE, _) => shifted_power_of_10(power),
        (_, 0) => at_step(step).0,
        _ => {
            let (high, low) = at_step(step);
            let ones = shifted_power_of_10(rest);
            let exact = product(high, ones) + (product(low.into(), ones) >> 32);
            let bits = top(exact);
            if bits >> 63 == 0 { top(exact << 1) } else { bits }
        }
    }
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// The upper 64 bits of a product.
fn top(product: u128) -> u64 {
    u64::try_from(product >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Real, ShortestReal};

    #[test]
    fn the_shortest_digits_read_back() {
        for (real, text) in [
            (0.1, "0.1"),
            (-3.0, "-3.0"),
            (0.000_012_5, "1.25e-05"),
            (1e17, "1.0e+17"),
            (0.2 * 3.0, "0.6000000000000001"),
            (1e15 / 3.0, "333333333333333.3"),
            (1_234_567.0, "1234567.0"),
            (5e-324, "5.0e-324"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(ShortestReal(real).to_string(), text);
        }
    }

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
