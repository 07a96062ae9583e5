//! Aggregates that select an amount among the rows: the median, and the value of a group of equal quantities.

use super::Quantity;
use super::aggregate::RowSummary;
use super::amount::Amount;
use super::facts::Facts;
use super::number::Number;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The median, row by row.
#[derive(Debug, Clone)]
pub struct Median {
    rows: RowSummary,
    numbers: Vec<(Number, Facts)>,
    has_range: bool,
}

impl Default for Median {
    fn default() -> Self {
        Self::new()
    }
}

impl Median {
    /// The median of no row yet.
    #[must_use]
    pub fn new() -> Self {
        Self { rows: RowSummary::new("compare"), numbers: Vec::new(), has_range: false }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before. Stages are checked at the end.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        self.rows.push(row)?;
        match row.amount() {
            Amount::Number(number) => self.numbers.push((*number, row.facts().clone())),
            Amount::Range(_) => self.has_range = true,
            Amount::Unknown(_) => {}
        }
        Ok(())
    }

    /// True if there is a range and no unknown among the rows: then none is known to be in the middle.
    pub fn is_open(&self) -> bool {
        self.has_range && self.rows.reasons.is_empty()
    }

    /// The number in the middle, or the mean of the two there, on the facts that state it; `None` if there was no number. An
    /// unknown among the rows makes it unknown.
    ///
    /// # Errors
    /// If stages differ and no row lets them mix, or the mean has more than 28 digits before the point.
    pub fn finish(&self) -> Result<Option<Quantity>, QuantityError> {
        let assumptions = self.rows.checked_assumptions()?;
        if !self.rows.reasons.is_empty() {
            let amount = Amount::Unknown(self.rows.reasons);
            return Ok(Some(self.rows.result(amount, self.rows.facts.clone(), assumptions)));
        }
        let Some((number, facts)) = self.middle()? else { return Ok(None) };
        Ok(Some(self.rows.result(Amount::Number(number), facts, assumptions)))
    }

    /// The middle number with the facts of all rows that state it or, being inexact, may be in its place.
    fn middle(&self) -> Result<Option<(Number, Facts)>, QuantityError> {
        let mut sorted: Vec<&(Number, Facts)> = self.numbers.iter().collect();
        sorted.sort_by_key(|(number, _)| number.value);
        let Some(last) = sorted.len().checked_sub(1) else { return Ok(None) };
        let (low, high) = (sorted[last / 2].0, sorted[sorted.len() / 2].0);
        let mean = if low.value == high.value {
            low.with_larger_error(high)
        } else {
            low.add(high)?.divide(Number::exact(Decimal::TWO))?
        };
        let (mut facts, mut error) = (Facts::none(), Decimal::ZERO);
        for (at, (number, of)) in sorted.iter().enumerate() {
            let is_middle = number.value == low.value || number.value == high.value;
            let is_decided = number.compare(low).is_some() && number.compare(high).is_some();
            if is_middle || !is_decided {
                facts.extend(of);
            }
            if !is_decided && at != last / 2 && at != sorted.len() / 2 {
                error = error.max(number.error);
            }
        }
        // An order statistic moves by no more than the numbers that may be in its place do.
        let mean = if error.is_zero() { mean } else { mean.with_added_error(error)? };
        Ok(Some((mean, facts)))
    }
}

/// The one value of a group of equal quantities, on the facts, at the stages and under the assumptions of all of them. A group may
/// unite stages.
#[derive(Debug, Clone)]
pub struct GroupValue {
    rows: RowSummary,
    amount: Option<Amount>,
}

impl Default for GroupValue {
    fn default() -> Self {
        Self::new()
    }
}

impl GroupValue {
    /// The value of no row yet.
    #[must_use]
    pub fn new() -> Self {
        Self { rows: RowSummary::new("compare"), amount: None }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        self.rows.push(row)?;
        self.amount = Some(match &self.amount {
            None => row.amount().clone(),
            Some(amount) => amount.with_larger_error(row.amount()),
        });
        Ok(())
    }

    /// The value; `None` if there was no row.
    pub fn finish(&self) -> Option<Quantity> {
        let amount = self.amount.clone()?;
        Some(self.rows.result(amount, self.rows.facts.clone(), self.rows.assumptions.all()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_median(rows: &[&str], expected: &str) {
        let mut backwards = rows.to_vec();
        backwards.reverse();
        for rows in [rows, &backwards] {
            let mut median = Median::new();
            for row in rows {
                median.push(&row.parse().unwrap()).unwrap();
            }
            assert_eq!(median.finish().unwrap().unwrap().full_text(), expected, "{rows:?}");
        }
    }

    #[test]
    fn a_median_is_the_middle_number_or_the_mean_of_two() {
        check_median(&["3 GBP [F01]", "1 GBP [F02]", "2 GBP [F03]"], "2 GBP [F03]");
        check_median(&["3 GBP [F01]", "1 GBP [F02]", "2.5 GBP [F03]", "9 GBP [F04]"], "2.75 GBP [F01 F03]");
        check_median(&["2 GBP [F01]", "2 GBP [F02]", "7 GBP [F03; rate=2]"], "2 GBP [F01 F02; rate=2]");
        check_median(&["2 GBP [F01]", "unknown(not_stated) GBP [U11]"], "unknown(not_stated) GBP [F01 U11]");
    }

    #[test]
    fn inexact_numbers_that_may_be_in_the_middle_widen_its_error() {
        check_median(&["1", "2", "≈9±1e-1"], "2");
        check_median(&["1 [F01]", "≈2±1e-1 [F02]", "≈2.1±5e-1 [F03]"], "≈2±6e-1 [F02 F03]");
    }

    #[test]
    fn ranges_units_and_stages_leave_no_median() {
        let mut median = Median::new();
        assert_eq!(median.finish().unwrap(), None);
        median.push(&"1 GBP [@proposed]".parse().unwrap()).unwrap();
        assert!(matches!(median.push(&"1 USD".parse().unwrap()), Err(QuantityError::UnitMismatch { .. })));
        median.push(&"1..2 GBP".parse().unwrap()).unwrap();
        assert!(median.is_open());
        median.push(&"1 GBP [@delivered]".parse().unwrap()).unwrap();
        assert!(matches!(median.finish(), Err(QuantityError::StageMismatch { .. })));
    }

    #[test]
    fn a_group_rests_on_all_its_rows() {
        let mut group = GroupValue::new();
        assert_eq!(group.finish(), None);
        for row in ["≈2±1e-1 GBP [F01; @proposed]", "≈2±5e-1 GBP [F02; @delivered; given=2]"] {
            group.push(&row.parse().unwrap()).unwrap();
        }
        assert_eq!(group.finish().unwrap().full_text(), "≈2±5e-1 GBP [F01 F02; @delivered+proposed; given=2]");
    }
}
