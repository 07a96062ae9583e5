//! The text of a REAL: the fewest digits that read back to the same binary number, laid out as `SQLite` lays
//! them out. It does not mark them: only tables write `≈` before a REAL.

use std::fmt;

/// A REAL as `SQLite`'s shell and its JSON functions write it: `0.1`, `1.0`, `1.0e+17`. What is no number is
/// `Infinity`, `-Infinity` or `NaN`.
pub(super) struct Real(pub(super) f64);

/// `SQLite` keeps 17 digits, and writes an exponent from the size on at which they no longer reach the point.
const EXPONENT_FROM: f64 = 1e17;
/// Below this Rust writes plain digits by itself with a point, above it without.
const POINTED_BELOW: f64 = 1e16;
/// Smaller numbers than this get an exponent.
const EXPONENT_BELOW: f64 = 1e-4;

impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if self.0.is_nan() {
            f.write_str("NaN")
        } else if size.is_infinite() {
            f.write_str(if self.0 > 0.0 { "Infinity" } else { "-Infinity" })
        } else if self.0 == 0.0 {
            f.write_str("0.0") // SQLite knows no negative zero
        } else if (EXPONENT_BELOW..POINTED_BELOW).contains(&size) {
            write!(f, "{:?}", self.0)
        } else if (POINTED_BELOW..EXPONENT_FROM).contains(&size) {
            write!(f, "{}.0", self.0)
        } else {
            let scientific = format!("{:e}", self.0);
            let (digits, exponent) = scientific.split_once('e').expect("the exponent form has an `e`");
            let point = if digits.contains('.') { "" } else { ".0" };
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            write!(f, "{digits}{point}e{sign}{exponent:0>2}")
        }
    }
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
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(Real(real).to_string(), text);
        }
    }
}
