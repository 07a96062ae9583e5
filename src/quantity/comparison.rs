//! Order and equality of quantities, which are errors where they can't be told.

use super::amount::Amount;
use super::reading;
use super::value::Quantity;
use crate::error::QuantityError;
use std::cmp::Ordering;

impl Quantity {
    /// Which of two is larger.
    ///
    /// # Errors
    /// If units or stages differ, if either is unknown, if ranges overlap, and if either is inexact and they lie so
    /// near to each other that the digits it has lost may decide.
    pub fn compare(&self, other: &Self) -> Result<Ordering, QuantityError> {
        self.check_comparable(other)?;
        self.amount().compare(other.amount()).ok_or_else(|| self.undecided(other))
    }

    /// Whether two are the same number of the same unit, whatever they rest on.
    ///
    /// # Errors
    /// As [`Quantity::compare`], and if either is inexact.
    pub fn equals(&self, other: &Self) -> Result<bool, QuantityError> {
        self.check_comparable(other)?;
        if !(self.is_exact() && other.is_exact()) {
            let (left, right) = self.both_readings(other);
            return Err(QuantityError::InexactEquated(left, right));
        }
        self.amount().compare(other.amount()).map(Ordering::is_eq).ok_or_else(|| self.undecided(other))
    }

    fn check_comparable(&self, other: &Self) -> Result<(), QuantityError> {
        self.shared_unit("compare", other)?;
        if self.is_unknown() || other.is_unknown() {
            let (left, right) = self.both_readings(other);
            return Err(QuantityError::UnknownCompared(left, right));
        }
        self.check_stages("compare", other)
    }

    fn undecided(&self, other: &Self) -> QuantityError {
        let (left, right) = self.both_readings(other);
        match (self.amount(), other.amount()) {
            (Amount::Number(_), Amount::Number(_)) => QuantityError::InexactCompared(left, right),
            _ => QuantityError::RangesOverlap(left, right),
        }
    }

    fn both_readings(&self, other: &Self) -> (String, String) {
        (reading::quantity(self, None), reading::quantity(other, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn what_can_be_told_is_told() {
        assert_eq!(q("1 GBP [F29]").compare(&q("2 GBP")), Ok(Ordering::Less));
        assert_eq!(q("≈1").compare(&q("2")), Ok(Ordering::Less));
        assert_eq!(q("≈0.333333333333").compare(&q("≈0.333333333335")), Ok(Ordering::Less));
        assert_eq!(
            q("≈9999999999999999999999999999").compare(&q("-9999999999999999999999999999")),
            Ok(Ordering::Greater)
        );
        assert_eq!(q("≈1..≈2").compare(&q("≈2.1..≈3")), Ok(Ordering::Less));
        assert_eq!(q(">5000").compare(&q("5000")), Ok(Ordering::Greater));
        assert_eq!(q("1..<2").equals(&q("2..3")), Ok(false));
        assert_eq!(q("1.0 GBP [F29]").equals(&q("1 GBP [F30]")), Ok(true));
    }

    #[test]
    fn lost_digits_decide_nothing() {
        let undecided = |left: &Quantity, right: &Quantity| {
            let told = [left.compare(right), right.compare(left)];
            told.iter().all(|order| {
                matches!(order, Err(QuantityError::InexactCompared(..) | QuantityError::RangesOverlap(..)))
            })
        };
        let one = q("1").divide(&q("3")).unwrap().multiply(&q("3")).unwrap();
        assert!(undecided(&one, &q("1")));
        assert!(undecided(&one.subtract(&q("1")).unwrap(), &q("0")));
        let billion = q("1600000000").divide(&q("3")).unwrap().multiply(&q("3")).unwrap();
        assert!(undecided(&billion.subtract(&q("1600000000")).unwrap(), &q("0")));
        let half_open = q("1..<2").multiply(&one).unwrap();
        assert!(undecided(&half_open, &q("2..3")));
    }

    #[test]
    fn what_can_not_be_told_is_an_error() {
        let error = |left: &str, right: &str| q(left).compare(&q(right)).unwrap_err();
        assert!(matches!(error("≈1", "1"), QuantityError::InexactCompared(..)));
        assert!(matches!(error("1..2", "2..3"), QuantityError::RangesOverlap(..)));
        assert!(matches!(error("≈1..<≈2", "2"), QuantityError::RangesOverlap(..)));
        assert!(matches!(error("unknown(conflict)", "1 GBP"), QuantityError::UnknownCompared(..)));
        assert!(matches!(error("unknown(conflict) GBP", "1"), QuantityError::Units { operation: "compare", .. }));
        assert!(matches!(error("1 [@proposed]", "1 [@delivered]"), QuantityError::Stages { .. }));
        assert!(matches!(q("≈1").equals(&q("2")), Err(QuantityError::InexactEquated(..))));
    }
}
