//! Aggregates that do not depend on the order of the rows: the sum, in 256-bit integers that are rounded once at the end, and the
//! least or greatest value, a range where ranges overlap.

use super::Quantity;
use super::amount::{Amount, End, Range};
use super::arithmetic::ACROSS_STAGES;
use super::assumption::{AssumptionAccumulator, Assumptions};
use super::codes::{Reasons, Stages};
use super::decimal::{DIGITS, Exact, Fraction, Rounding, scaled_mantissa};
use super::facts::Facts;
use super::number::Number;
use crate::error::QuantityError;
use ethnum::I256;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// The rows of an aggregate so far: their number and unit, and the provenance that its result takes from them.
#[derive(Debug, Clone)]
pub(super) struct RowSummary {
    /// `sum` or `compare`, for errors.
    operation: &'static str,
    pub(super) count: u64,
    /// The first row with a unit; the unit of all.
    first: Option<Quantity>,
    pub(super) reasons: Reasons,
    pub(super) facts: Facts,
    stages: Stages,
    /// The stages of rows that do not fit those before.
    other_stages: Stages,
    pub(super) assumptions: AssumptionAccumulator,
}

impl RowSummary {
    pub(super) fn new(operation: &'static str) -> Self {
        Self {
            operation,
            count: 0,
            first: None,
            reasons: Reasons::none(),
            facts: Facts::none(),
            stages: Stages::none(),
            other_stages: Stages::none(),
            assumptions: AssumptionAccumulator::default(),
        }
    }

    /// Adds the provenance of a row, if its unit is that of the rows before. Returns those of its facts that rows before rest on too.
    pub(super) fn push(&mut self, row: &Quantity) -> Result<Facts, QuantityError> {
        match &self.first {
            Some(first) if first.unit() == row.unit() => {}
            Some(first) => drop(first.shared_unit(self.operation, row)?),
            None if row.unit().is_some() => self.first = Some(row.clone()),
            None => {}
        }
        self.count += 1;
        if let Amount::Unknown(reasons) = row.amount() {
            self.reasons = self.reasons.union(*reasons);
        }
        let counted_before = self.facts.add(row.facts());
        if self.stages.is_empty() {
            self.stages = row.stages();
        } else if !self.stages.fit(row.stages()) {
            self.other_stages = self.other_stages.union(row.stages());
        }
        self.assumptions.extend(row.assumptions());
        Ok(counted_before)
    }

    /// The assumptions of all rows, if their stages are equal or one of the assumptions lets them mix.
    pub(super) fn checked_assumptions(&self) -> Result<Assumptions, QuantityError> {
        let assumptions = self.assumptions.all();
        if !self.other_stages.is_empty() && !assumptions.has(ACROSS_STAGES) {
            let (left, right) = (self.stages.to_string(), self.other_stages.to_string());
            return Err(QuantityError::StageMismatch { operation: self.operation, left, right });
        }
        Ok(assumptions)
    }

    /// The result of these rows, in their unit and at their stages.
    pub(super) fn result(&self, amount: Amount, facts: Facts, assumptions: Assumptions) -> Quantity {
        let unit = self.first.as_ref().and_then(Quantity::unit).cloned();
        Quantity::new(amount, unit)
            .with_facts(facts)
            .with_stages(self.stages.union(self.other_stages))
            .with_assumptions(assumptions)
    }
}

/// A sum that grows row by row.
#[derive(Debug, Clone)]
pub struct Sum {
    rows: RowSummary,
    lo: SumEnd,
    /// Once there is a range; before, it is as `lo`.
    hi: SumEnd,
    has_range: bool,
    exact: bool,
    /// The summed error bounds of the rows, at scale 28.
    error: I256,
    counted_twice: Facts,
}

/// One end of the sum.
#[derive(Debug, Clone, Copy)]
struct SumEnd {
    total: Total,
    closed: bool,
    bounded: bool,
}

/// A sum of decimals: the last of them in 128 bits, which are much the faster, those before at scale 28. 2^64 rows of 28 digits and 28
/// places need 250 bits.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    wide: I256,
    narrow: i128,
    /// The scale of `narrow`.
    places: u32,
}

impl Total {
    fn push(&mut self, value: Decimal) {
        if value.scale() > self.places {
            *self = Self { wide: self.get(), narrow: 0, places: value.scale() };
        }
        let mantissa = value.mantissa().checked_mul(10_i128.pow(self.places - value.scale()));
        match mantissa.and_then(|mantissa| self.narrow.checked_add(mantissa)) {
            Some(narrow) => self.narrow = narrow,
            None => *self = Self { wide: self.get() + scaled_mantissa(value, DIGITS), narrow: 0, places: self.places },
        }
    }

    /// The sum at scale 28.
    fn get(&self) -> I256 {
        self.wide + I256::from(self.narrow) * I256::from(10_i128.pow(DIGITS - self.places))
    }
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
        let zero = SumEnd { total: Total::default(), closed: true, bounded: true };
        Self {
            rows: RowSummary::new("sum"),
            lo: zero,
            hi: zero,
            has_range: false,
            exact: true,
            error: I256::ZERO,
            counted_twice: Facts::none(),
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before. Stages are checked at the end, when it is known whether they
    /// may mix.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        let counted_before = self.rows.push(row)?;
        self.counted_twice.extend(&counted_before.without_questions());
        self.push_amount(row.amount());
        Ok(())
    }

    /// Adds the sum of so many rows as one.
    ///
    /// # Errors
    /// As [`Sum::push`].
    pub fn push_sum(&mut self, sum: &Quantity, rows: u64) -> Result<(), QuantityError> {
        self.push(sum)?;
        self.rows.count += rows.saturating_sub(1);
        Ok(())
    }

    /// The number of rows added.
    pub fn count(&self) -> u64 {
        self.rows.count
    }

    /// The facts and records that more than one row rests on.
    pub fn counted_twice(&self) -> &Facts {
        &self.counted_twice
    }

    /// The sum; a plain 0 if there was no row.
    ///
    /// # Errors
    /// If stages differ and no row lets them mix, or the sum has more than 28 digits before the point.
    pub fn finish(&self) -> Result<Quantity, QuantityError> {
        let assumptions = self.rows.checked_assumptions()?;
        Ok(self.rows.result(self.amount()?, self.rows.facts.clone(), assumptions))
    }

    fn push_amount(&mut self, amount: &Amount) {
        let (lo, hi) = match amount {
            Amount::Number(number) => {
                if !number.is_exact() {
                    self.error += scaled_mantissa(number.error, DIGITS);
                }
                let end = Some(End { value: number.value, closed: true });
                (end, end)
            }
            Amount::Range(range) => {
                if !std::mem::replace(&mut self.has_range, true) {
                    self.hi = self.lo;
                }
                (range.lo(), range.hi())
            }
            Amount::Unknown(_) => return,
        };
        self.exact &= amount.is_exact();
        self.lo.push(lo);
        if self.has_range {
            self.hi.push(hi);
        }
    }

    fn amount(&self) -> Result<Amount, QuantityError> {
        let count = self.rows.count;
        if !self.rows.reasons.is_empty() {
            return Ok(Amount::Unknown(self.rows.reasons));
        }
        if self.has_range {
            let lo = self.lo.beyond(-self.error);
            let hi = self.hi.beyond(self.error);
            return Amount::range(lo.end(count, Rounding::Down)?, hi.end(count, Rounding::Up)?, self.exact);
        }
        let (value, exact) = self.lo.round(count, Rounding::Nearest)?;
        let rounded = Number::from_rounded(value, exact);
        let off = Total { wide: self.error, ..Total::default() };
        let (error, _) = SumEnd { total: off, closed: true, bounded: true }.round(count, Rounding::Up)?;
        Ok(Amount::Number(Number::with_added_error(rounded, error)?))
    }
}

impl SumEnd {
    fn push(&mut self, end: Option<End>) {
        match end {
            Some(end) => {
                self.total.push(end.value);
                self.closed &= end.closed;
            }
            None => self.bounded = false,
        }
    }

    /// The same, moved by an amount at scale 28.
    fn beyond(self, amount: I256) -> Self {
        Self { total: Total { wide: self.total.wide + amount, ..self.total }, ..self }
    }

    fn end(&self, count: u64, rounding: Rounding) -> Result<Option<End>, QuantityError> {
        if !self.bounded {
            return Ok(None);
        }
        let (value, exact) = self.round(count, rounding)?;
        Ok(Some(End { value, closed: self.closed && exact }))
    }

    fn round(&self, count: u64, rounding: Rounding) -> Result<Exact, QuantityError> {
        // Nothing vanishes at scale 28, so the only limit is an overflow.
        let overflow = |_| QuantityError::Overflow { operation: "sum", operands: format!("{count} values") };
        Fraction::scaled(self.total.get(), DIGITS).round(rounding).map_err(overflow)
    }
}

/// The least or the greatest value, row by row.
#[derive(Debug, Clone)]
pub struct Extreme {
    /// `Less` for the least, `Greater` for the greatest.
    wanted: Ordering,
    rows: RowSummary,
    /// The rows that may be it: none of the others is certainly beyond them.
    candidates: Vec<Quantity>,
}

impl Extreme {
    /// The least of no row yet.
    #[must_use]
    pub fn least() -> Self {
        Self::new(Ordering::Less)
    }

    /// The greatest of no row yet.
    #[must_use]
    pub fn greatest() -> Self {
        Self::new(Ordering::Greater)
    }

    fn new(wanted: Ordering) -> Self {
        Self { wanted, rows: RowSummary::new("compare"), candidates: Vec::new() }
    }

    /// True if it is the least.
    pub fn is_least(&self) -> bool {
        self.wanted.is_lt()
    }

    /// The number of rows compared.
    pub fn count(&self) -> u64 {
        self.rows.count
    }

    /// Compares a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before. Stages are checked at the end.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        self.rows.push(row)?;
        if !row.is_unknown() {
            self.consider(row);
        }
        Ok(())
    }

    /// Compares so many rows at once: their sum, which has the provenance of all, and those of them that no other beats.
    ///
    /// # Errors
    /// As [`Extreme::push`].
    pub fn push_best(
        &mut self,
        (sum, rows): (&Quantity, u64),
        best: impl Iterator<Item = Quantity>,
    ) -> Result<(), QuantityError> {
        self.rows.push(sum)?;
        self.rows.count += rows.saturating_sub(1);
        best.for_each(|row| self.consider(&row));
        Ok(())
    }

    fn consider(&mut self, row: &Quantity) {
        let mut is_beaten = false;
        let wanted = self.wanted;
        self.candidates.retain(|candidate| match candidate.amount().compare(row.amount()) {
            Some(order) if order == wanted => {
                is_beaten = true;
                true
            }
            Some(Ordering::Equal) | None => true,
            Some(_) => false,
        });
        if is_beaten {
            return;
        }
        match self.candidates.iter_mut().find(|candidate| candidate.amount() == row.amount()) {
            Some(same) => {
                let amount = same.amount().with_larger_error(row.amount());
                *same = same.with_amount(amount).with_facts(same.facts().union(row.facts()));
            }
            None => self.candidates.push(row.clone()),
        }
    }

    /// The least or greatest value; `None` if there was no row. An unknown among the rows makes it unknown.
    ///
    /// # Errors
    /// If stages differ and no row lets them mix.
    pub fn finish(&self) -> Result<Option<Quantity>, QuantityError> {
        if self.rows.count == 0 {
            return Ok(None);
        }
        let assumptions = self.rows.checked_assumptions()?;
        let (amount, facts) = if self.rows.reasons.is_empty() {
            (self.amount()?, self.candidates.iter().fold(Facts::none(), |facts, row| facts.union(row.facts())))
        } else {
            (Amount::Unknown(self.rows.reasons), self.rows.facts.clone())
        };
        Ok(Some(self.rows.result(amount, facts, assumptions)))
    }

    /// The range that the candidates leave open: the greatest lies between the greatest of their lower ends and the
    /// greatest of their upper ends.
    fn amount(&self) -> Result<Amount, QuantityError> {
        if let [only] = self.candidates.as_slice() {
            return Ok(only.amount().clone());
        }
        let ranges: Vec<Range> = self.candidates.iter().filter_map(|row| row.amount().as_range()).collect();
        let exact = ranges.iter().all(Range::is_exact);
        let (lows, highs) = (ranges.iter().map(Range::lo), ranges.iter().map(Range::hi));
        let widest = |a, b| outer(a, b, self.wanted, true);
        let narrowest = |a, b| outer(a, b, self.wanted, false);
        let (lo, hi) = match self.wanted {
            Ordering::Less => (unbounded_or(lows, widest), bounded(highs, narrowest)),
            _ => (bounded(lows, narrowest), unbounded_or(highs, widest)),
        };
        Amount::range(lo, hi, exact)
    }
}

/// The end that `choose` picks of all; `None` if one of them is missing.
fn unbounded_or(ends: impl Iterator<Item = Option<End>>, choose: impl Fn(End, End) -> End) -> Option<End> {
    ends.reduce(|a, b| Some(choose(a?, b?))).flatten()
}

/// The end that `choose` picks of those present.
fn bounded(ends: impl Iterator<Item = Option<End>>, choose: impl Fn(End, End) -> End) -> Option<End> {
    ends.flatten().reduce(choose)
}

/// The lower or the upper of two ends, as `wanted`; of equal ones the closed one where `widest`, else the open one.
fn outer(a: End, b: End, wanted: Ordering, widest: bool) -> End {
    match a.value.cmp(&b.value) {
        Ordering::Equal => End { closed: if widest { a.closed || b.closed } else { a.closed && b.closed }, ..a },
        order if order == wanted => a,
        _ => b,
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
        assert!(matches!(
            sum.push(&"1 USD".parse().unwrap()),
            Err(QuantityError::UnitMismatch { operation: "sum", .. })
        ));
        sum.push(&"1 GBP [@delivered]".parse().unwrap()).unwrap();
        assert!(matches!(sum.finish(), Err(QuantityError::StageMismatch { .. })));
        sum.push(&"0 GBP [across_stages]".parse().unwrap()).unwrap();
        assert_eq!(sum.finish().unwrap().to_string(), "2 GBP [@delivered+proposed; across_stages]");
    }

    #[track_caller]
    fn check_extremes(rows: &[&str], least: &str, greatest: &str) {
        let mut backwards = rows.to_vec();
        backwards.reverse();
        for rows in [rows, &backwards] {
            let found = [Extreme::least(), Extreme::greatest()].map(|mut extreme| {
                for row in rows {
                    extreme.push(&row.parse().unwrap()).unwrap();
                }
                extreme.finish().unwrap().unwrap().to_string()
            });
            assert_eq!(found, [least, greatest], "{rows:?}");
        }
    }

    #[test]
    fn the_extreme_names_the_facts_that_state_it() {
        check_extremes(&["1 GBP [F01]", "3 GBP [F02]", "2 GBP [F03]", "3 GBP [F04]"], "1 GBP [F01]", "3 GBP [F02 F04]");
        check_extremes(&["1 GBP [F01; rate=2]", "3 GBP [F02]"], "1 GBP [F01; rate=2]", "3 GBP [F02; rate=2]");
    }

    #[test]
    fn ranges_that_overlap_leave_a_range() {
        check_extremes(&["1..5 [F01]", "2..3 [F02]", "4..10 [F03]"], "1..3 [F01 F02]", "4..10 [F01 F03]");
        check_extremes(&[">5 [F01]", "7 [F02]", "<3 [F03]"], "<3 [F03]", ">=7 [F01 F02]");
        check_extremes(&["1..<2 [F01]", "2..3 [F02]"], "1..<2 [F01]", "2..3 [F02]");
        check_extremes(&["1<..2 [F01]", "1..2 [F02]"], "1..2 [F01 F02]", "1<..2 [F01 F02]");
    }

    #[test]
    fn one_unknown_makes_it_unknown() {
        let unknown = "unknown(not_stated) GBP [F01 U11]";
        check_extremes(&["1 GBP [F01]", "unknown(not_stated) [U11]"], unknown, unknown);
    }

    #[test]
    fn unlike_rows_have_no_extreme() {
        let mut extreme = Extreme::least();
        extreme.push(&"1 GBP [@proposed]".parse().unwrap()).unwrap();
        assert!(matches!(extreme.push(&"1 USD".parse().unwrap()), Err(QuantityError::UnitMismatch { .. })));
        extreme.push(&"1 GBP [@delivered]".parse().unwrap()).unwrap();
        assert!(matches!(extreme.finish(), Err(QuantityError::StageMismatch { .. })));
    }
}
