//! A number without its unit, as it is written: what it comes to is told here, where it ends is told by `number_reader`.

use super::WrittenNumber;
use crate::error::QuantityError;
use crate::quantity::Number;
use crate::quantity::decimal::multiply;
use rust_decimal::Decimal;

/// A number as it is written: its digits without grouping, and the words behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral {
    /// With a point and a sign where there are any.
    pub(super) digits: String,
    /// The zeros that words for powers of ten add.
    pub(super) zeros: Option<usize>,
    /// Whether dozens are counted.
    pub(super) is_dozens: bool,
    /// Whether the number is no more than `a` before what it counts.
    pub(super) is_article: bool,
}

impl Numeral {
    pub(super) fn of(digits: String) -> Self {
        Self { digits, zeros: None, is_dozens: false, is_article: false }
    }

    /// What it comes to.
    pub(super) fn number(&self) -> Result<WrittenNumber, QuantityError> {
        let zeros = self.zeros.unwrap_or_default();
        let value = format!("{}e{zeros}", self.digits).parse::<Number>()?.value;
        if !self.is_dozens {
            return Ok(WrittenNumber::new(value, &self.digits, zeros));
        }
        let (value, _) = multiply(value, Decimal::from(12))?;
        Ok(WrittenNumber::new(value, &value.normalize().to_string(), 0))
    }

    /// Whether a word for a power of ten, or for dozens, stands behind the digits.
    pub(super) fn is_scaled(&self) -> bool {
        self.zeros.is_some() || self.is_dozens
    }

    /// Whether it is written with so few digits that a word behind another number may scale it too.
    pub(super) fn is_short(&self) -> bool {
        self.digits.trim_start_matches('-').split('.').next().is_some_and(|whole| whole.len() <= 3)
    }

    /// The same with the words of another.
    pub(super) fn scaled_as(&self, other: &Self) -> Self {
        Self { zeros: other.zeros, is_dozens: other.is_dozens, ..self.clone() }
    }
}
