//! Sums of the numbers of a column, exact whatever their number: for the report, and for the search for totals.

use ethnum::I256;
use rust_decimal::Decimal;

/// A sum of decimals of 28 digits, exact whatever their number.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactSum {
    mantissa: I256,
    scale: u32,
}

impl ExactSum {
    /// Adds a number.
    pub(super) fn add(&mut self, number: Decimal) {
        if number.scale() == self.scale {
            self.mantissa += I256::new(number.mantissa());
            return;
        }
        let power = |places: u32| I256::new(10).pow(places);
        if number.scale() > self.scale {
            self.mantissa *= power(number.scale() - self.scale);
            self.scale = number.scale();
        }
        self.mantissa += I256::new(number.mantissa()) * power(self.scale - number.scale());
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &Self) {
        let power = |places: u32| I256::new(10).pow(places);
        if other.scale > self.scale {
            self.mantissa *= power(other.scale - self.scale);
            self.scale = other.scale;
        }
        self.mantissa += other.mantissa * power(self.scale - other.scale);
    }

    /// True if it is a number.
    #[must_use]
    pub(super) fn equals(&self, number: Decimal) -> bool {
        if number.scale() == self.scale {
            return self.mantissa == I256::new(number.mantissa());
        }
        let mut other = Self::default();
        other.add(number);
        self.is(&other)
    }

    /// True if it is greater than a number.
    #[must_use]
    pub(super) fn exceeds(&self, number: Decimal) -> bool {
        let mut other = Self::default();
        other.add(number);
        let scale = self.scale.max(other.scale);
        let at_scale = |sum: &Self| sum.mantissa * I256::new(10).pow(scale - sum.scale);
        at_scale(self) > at_scale(&other)
    }

    /// True if it is the same as another.
    #[must_use]
    pub(super) fn is(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self.clone(), other.clone());
        let scale = left.scale.max(right.scale);
        for side in [&mut left, &mut right] {
            side.mantissa *= I256::new(10).pow(scale - side.scale);
        }
        left.mantissa == right.mantissa
    }
}

impl std::fmt::Display for ExactSum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.mantissa < I256::ZERO { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let places = self.scale as usize;
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            fraction => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ExactSum;

    #[test]
    fn sums_are_exact_and_canonical() {
        let mut sum = ExactSum::default();
        for number in ["0.1", "0.20", "-0.3", "99999999999999999999999999.99", "0.01"] {
            sum.add(number.parse().unwrap());
        }
        assert_eq!(sum.to_string(), "100000000000000000000000000");
        sum.add("-100000000000000000000000000.5".parse().unwrap());
        assert_eq!(sum.to_string(), "-0.5");
    }
}
