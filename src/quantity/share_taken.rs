//! A share that is taken twice: a product with a percent is the share already, and `/ 100` beside it takes the hundredth part of that.

use super::{Quantity, Unit};
use rust_decimal::Decimal;

/// What a question has done by which a share may be taken twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShareTaken {
    of_percent: bool,
    by_hundred: bool,
}

impl ShareTaken {
    /// The notice on a question that has done both.
    pub const TWICE: &str =
        "`*` with a percent takes that share already, and `/ 100` the hundredth part of it: is one of them too many?";

    /// Notes a product.
    pub fn multiply(&mut self, left: &Quantity, right: &Quantity) {
        self.of_percent |= Self::is_of_percent(left, right);
    }

    /// Notes a quotient.
    pub fn divide(&mut self, dividend: &Quantity, divisor: &Quantity) {
        self.by_hundred |= Self::is_by_hundred(dividend, divisor);
    }

    /// True for a product of a percent with what has another unit.
    #[must_use]
    pub fn is_of_percent(left: &Quantity, right: &Quantity) -> bool {
        let has_other =
            |quantity: &Quantity| quantity.unit().is_some_and(|unit| !unit.is_one()) && !quantity.is_percent();
        left.is_percent() && has_other(right) || right.is_percent() && has_other(left)
    }

    /// True for a quotient of what has a unit by 100, without one.
    #[must_use]
    pub fn is_by_hundred(dividend: &Quantity, divisor: &Quantity) -> bool {
        let is_plain = |quantity: &Quantity| quantity.unit().is_none_or(Unit::is_one);
        divisor.number() == Some(Decimal::ONE_HUNDRED) && is_plain(divisor) && !is_plain(dividend)
    }

    /// True if the question has done both.
    #[must_use]
    pub fn is_twice(self) -> bool {
        self.of_percent && self.by_hundred
    }
}

#[cfg(test)]
mod tests {
    use super::ShareTaken;
    use crate::quantity::Quantity;

    #[test]
    fn a_share_is_taken_twice_by_a_percent_and_a_hundredth() {
        let is_twice = |product: [&str; 2], quotient: [&str; 2]| {
            let q = |form: &str| -> Quantity { form.parse().unwrap() };
            let mut taken = ShareTaken::default();
            taken.multiply(&q(product[0]), &q(product[1]));
            taken.divide(&q(quotient[0]), &q(quotient[1]));
            taken.is_twice()
        };
        assert!(is_twice(["5 GBP", "2 percent"], ["5 GBP", "100"]));
        assert!(is_twice(["2 percent", "5 GBP"], ["5 percent", "100"]));
        assert!(!is_twice(["5 GBP", "2"], ["5 GBP", "100"]));
        assert!(!is_twice(["5 GBP", "2 percent"], ["5 GBP", "10"]));
        assert!(!is_twice(["5 GBP", "2 percent"], ["5 GBP", "100 missile"]));
        assert!(!is_twice(["5 GBP", "2 percent"], ["5", "100"]));
        assert!(!is_twice(["2", "2 percent"], ["5 percent", "100"]));
    }
}
