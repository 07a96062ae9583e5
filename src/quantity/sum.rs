//! A sum of many quantities that does not depend on their order: whole numbers of 256 bits are added up, and what
//! 28 digits can't hold is rounded once, at the end.

use super::amount::Amount;
use super::arithmetic::ACROSS_STAGES;
use super::decimal::Exact;
use super::facts::Facts;
use super::gathered::Gathered;
use super::number::Number;
use super::range::End;
use super::reason::Reasons;
use super::stage::Stages;
use super::value::Quantity;
use super::wide::{DIGITS, Rounding, Wide, scaled_mantissa};
use crate::error::QuantityError;
use ethnum::I256;

/// A sum that grows row by row.
#[derive(Debug, Clone)]
pub struct Sum {
    count: u64,
    /// The first row with a unit; the unit of all.
    first: Option<Quantity>,
    lo: SumEnd,
    hi: SumEnd,
    has_range: bool,
    exact: bool,
    /// What the rows may be off together, at scale 28.
    error: I256,
    reasons: Reasons,
    facts: Facts,
    counted_twice: Facts,
    stages: Stages,
    other_stages: Stages,
    assumptions: Gathered,
}

/// One end of the sum, at scale 28. 2^64 rows of 28 digits and 28 places need 250 bits.
#[derive(Debug, Clone, Copy)]
struct SumEnd {
    total: I256,
    closed: bool,
    bounded: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self::new()
    }
}

impl Sum {
    /// The empty sum.
    #[must_use]
    pub fn new() -> Self {
        let zero = SumEnd { total: I256::ZERO, closed: true, bounded: true };
        Self {
            count: 0,
            first: None,
            lo: zero,
            hi: zero,
            has_range: false,
            exact: true,
            error: I256::ZERO,
            reasons: Reasons::none(),
            facts: Facts::none(),
            counted_twice: Facts::none(),
            stages: Stages::none(),
            other_stages: Stages::none(),
            assumptions: Gathered::default(),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before. Stages are checked at the end, when it is known whether they
    /// may mix.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        match &self.first {
            Some(first) => drop(first.shared_unit("sum", row)?),
            None if row.unit().is_some() => self.first = Some(row.clone()),
            None => {}
        }
        self.count += 1;
        self.push_amount(row.amount());
        self.push_facts(row.facts());
        if self.stages.is_empty() {
            self.stages = row.stages();
        } else if !self.stages.fit(row.stages()) {
            self.other_stages = self.other_stages.union(row.stages());
        }
        self.assumptions.extend(row.assumptions());
        Ok(())
    }

    /// How many rows were added.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The facts and records that more than one row rests on.
    #[must_use]
    pub fn counted_twice(&self) -> &Facts {
        &self.counted_twice
    }

    /// The sum; a plain 0 if there was no row.
    ///
    /// # Errors
    /// If stages differ and no row lets them mix, or the sum has more than 28 digits before the point.
    pub fn finish(&self) -> Result<Quantity, QuantityError> {
        let assumptions = self.assumptions.all();
        if !self.other_stages.is_empty() && !assumptions.has(ACROSS_STAGES) {
            let (left, right) = (self.stages.to_string(), self.other_stages.to_string());
            return Err(QuantityError::Stages { operation: "sum", left, right });
        }
        let unit = self.first.as_ref().and_then(Quantity::unit).cloned();
        Ok(Quantity::new(self.amount()?, unit)
            .with_facts(self.facts.clone())
            .with_stages(self.stages.union(self.other_stages))
            .with_assumptions(assumptions))
    }

    fn push_facts(&mut self, facts: &Facts) {
        self.counted_twice.extend(&self.facts.intersection(facts).without_questions());
        self.facts.extend(facts);
    }

    fn push_amount(&mut self, amount: &Amount) {
        let (lo, hi) = match amount {
            Amount::Number(number) => {
                self.error += scaled_mantissa(number.error, DIGITS);
                let end = Some(End { value: number.value, closed: true });
                (end, end)
            }
            Amount::Range(range) => {
                self.has_range = true;
                (range.lo(), range.hi())
            }
            Amount::Unknown(reasons) => {
                self.reasons = self.reasons.union(*reasons);
                return;
            }
        };
        self.exact &= amount.is_exact();
        self.lo.push(lo);
        self.hi.push(hi);
    }

    fn amount(&self) -> Result<Amount, QuantityError> {
        if !self.reasons.is_empty() {
            return Ok(Amount::Unknown(self.reasons));
        }
        if self.has_range {
            let lo = SumEnd { total: self.lo.total - self.error, ..self.lo };
            let hi = SumEnd { total: self.hi.total + self.error, ..self.hi };
            return Amount::range(lo.end(self.count, Rounding::Down)?, hi.end(self.count, Rounding::Up)?, self.exact);
        }
        let (value, exact) = self.lo.settle(self.count, Rounding::Nearest)?;
        let rounded = Number::of_exact(value, exact);
        let off = SumEnd { total: self.error, closed: true, bounded: true };
        let (error, _) = off.settle(self.count, Rounding::Up)?;
        Ok(Amount::Number(Number::off_by(rounded, error)?))
    }
}

impl SumEnd {
    fn push(&mut self, end: Option<End>) {
        match end {
            Some(end) => {
                self.total += scaled_mantissa(end.value, DIGITS);
                self.closed &= end.closed;
            }
            None => self.bounded = false,
        }
    }

    fn end(&self, count: u64, rounding: Rounding) -> Result<Option<End>, QuantityError> {
        if !self.bounded {
            return Ok(None);
        }
        let (value, exact) = self.settle(count, rounding)?;
        Ok(Some(End { value, closed: self.closed && exact }))
    }

    fn settle(&self, count: u64, rounding: Rounding) -> Result<Exact, QuantityError> {
        // Nothing vanishes at scale 28, so the only limit is an overflow.
        let overflow = |_| QuantityError::Overflow { operation: "sum", operands: format!("{count} values") };
        Wide::scaled(self.total, DIGITS).settle(rounding).map_err(overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&str], total: &str, counted_twice: &str) {
        let mut sum = Sum::new();
        for row in rows {
            sum.push(&row.parse().unwrap()).unwrap();
        }
        assert_eq!(
            (sum.finish().unwrap().to_string().as_str(), sum.counted_twice().to_string().as_str()),
            (total, counted_twice)
        );
    }

    #[test]
    fn a_sum_rests_on_all_rows_and_says_which_are_met_twice() {
        check(&[], "0", "");
        check(&["1 GBP [F29 U07]", "2 GBP [F29 U07]"], "3 GBP [F29 U07]", "F29");
        check(&["1 GBP [S2:1]", "2 GBP [S2:*]"], "3 GBP [S2:*]", "S2:1");
        check(&["1 GBP [S1:1-4000000000]", "2 GBP [S1:1-4000000000]"], "3 GBP [S1:1-4000000000]", "S1:1-4000000000");
        check(&["1 GBP [F01 S2:7 S2:9]", "1 GBP [F02 S2:*]"], "2 GBP [F01 F02 S2:*]", "S2:7 S2:9");
        check(&["1 GBP [F01 U07]", "1 GBP [F01 U07 S2:1]"], "2 GBP [F01 S2:1 U07]", "F01");
        check(&["1 GBP", "unknown(not_stated)", "unknown(conflict) GBP"], "unknown(conflict,not_stated) GBP", "");
        check(&["1..2 GBP", "3 GBP", ">=4 GBP"], ">=8 GBP", "");
    }

    #[test]
    fn what_no_single_step_could_hold_is_held_until_the_end() {
        let large = "9999999999999999999999999999";
        check(&[large, "0.4", "-9999999999999999999999999999"], "0.4", "");
        check(&[large, large, "-9999999999999999999999999999"], large, "");
    }

    #[test]
    fn unlike_rows_are_refused() {
        let mut sum = Sum::new();
        sum.push(&"1 GBP [@proposed]".parse().unwrap()).unwrap();
        assert!(matches!(sum.push(&"1 USD".parse().unwrap()), Err(QuantityError::Units { operation: "sum", .. })));
        sum.push(&"1 GBP [@delivered]".parse().unwrap()).unwrap();
        assert!(matches!(sum.finish(), Err(QuantityError::Stages { .. })));
        sum.push(&"0 GBP [across_stages]".parse().unwrap()).unwrap();
        assert_eq!(sum.finish().unwrap().to_string(), "2 GBP [@delivered+proposed; across_stages]");
    }
}
