//! The least or greatest of many quantities, whatever their order: where ranges overlap it is a range too, and rests
//! on every value that may be it.

use super::amount::Amount;
use super::arithmetic::ACROSS_STAGES;
use super::facts::Facts;
use super::gathered::Gathered;
use super::range::{End, Range};
use super::reason::Reasons;
use super::stage::Stages;
use super::value::Quantity;
use crate::error::QuantityError;
use std::cmp::Ordering;

/// The least or the greatest value, row by row.
#[derive(Debug, Clone)]
pub struct Extreme {
    /// `Less` for the least, `Greater` for the greatest.
    wanted: Ordering,
    /// The first row with a unit; the unit of all.
    first: Option<Quantity>,
    count: u64,
    /// The rows that may be it: none of the others is certainly beyond them.
    candidates: Vec<Quantity>,
    reasons: Reasons,
    /// The facts of every row: what an unknown rests on.
    facts: Facts,
    stages: Stages,
    other_stages: Stages,
    assumptions: Gathered,
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
        Self {
            wanted,
            first: None,
            count: 0,
            candidates: Vec::new(),
            reasons: Reasons::none(),
            facts: Facts::none(),
            stages: Stages::none(),
            other_stages: Stages::none(),
            assumptions: Gathered::default(),
        }
    }

    /// How many rows were looked at.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Looks at a row.
    ///
    /// # Errors
    /// If its unit is not that of the rows before. Stages are checked at the end.
    pub fn push(&mut self, row: &Quantity) -> Result<(), QuantityError> {
        match &self.first {
            Some(first) => drop(first.shared_unit("compare", row)?),
            None if row.unit().is_some() => self.first = Some(row.clone()),
            None => {}
        }
        self.count += 1;
        self.facts.extend(row.facts());
        self.assumptions.extend(row.assumptions());
        if self.stages.is_empty() {
            self.stages = row.stages();
        } else if !self.stages.fit(row.stages()) {
            self.other_stages = self.other_stages.union(row.stages());
        }
        match row.amount() {
            Amount::Unknown(reasons) => self.reasons = self.reasons.union(*reasons),
            _ => self.consider(row),
        }
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
                let amount = same.amount().off_by_either(row.amount());
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
        if self.count == 0 {
            return Ok(None);
        }
        let assumptions = self.assumptions.all();
        if !self.other_stages.is_empty() && !assumptions.has(ACROSS_STAGES) {
            let (left, right) = (self.stages.to_string(), self.other_stages.to_string());
            return Err(QuantityError::Stages { operation: "compare", left, right });
        }
        let (amount, facts) = if self.reasons.is_empty() {
            (self.amount()?, self.candidates.iter().fold(Facts::none(), |facts, row| facts.union(row.facts())))
        } else {
            (Amount::Unknown(self.reasons), self.facts.clone())
        };
        let unit = self.first.as_ref().and_then(Quantity::unit).cloned();
        Ok(Some(
            Quantity::new(amount, unit)
                .with_facts(facts)
                .with_stages(self.stages.union(self.other_stages))
                .with_assumptions(assumptions),
        ))
    }

    /// What the candidates leave open: the greatest lies between the greatest of their lower ends and the greatest of
    /// their upper ends.
    fn amount(&self) -> Result<Amount, QuantityError> {
        if let [only] = self.candidates.as_slice() {
            return Ok(only.amount().clone());
        }
        let ranges: Vec<Range> = self.candidates.iter().filter_map(|row| row.amount().as_range()).collect();
        let exact = ranges.iter().all(Range::is_exact);
        let (lows, highs) = (ranges.iter().map(Range::lo), ranges.iter().map(Range::hi));
        let (lo, hi) = match self.wanted {
            Ordering::Less => (unbounded_or(lows, |a, b| lower(a, b, true)), bounded(highs, |a, b| lower(a, b, false))),
            _ => (bounded(lows, |a, b| upper(a, b, false)), unbounded_or(highs, |a, b| upper(a, b, true))),
        };
        Amount::range(lo, hi, exact)
    }
}

/// The end that `choose` takes of all; none where one of them is missing.
fn unbounded_or(ends: impl Iterator<Item = Option<End>>, choose: fn(End, End) -> End) -> Option<End> {
    ends.reduce(|a, b| Some(choose(a?, b?))).flatten()
}

/// The end that `choose` takes of those that there are.
fn bounded(ends: impl Iterator<Item = Option<End>>, choose: fn(End, End) -> End) -> Option<End> {
    ends.flatten().reduce(choose)
}

/// The lower of two ends; of equal ones the closed one where `widest`, else the open one.
fn lower(a: End, b: End, widest: bool) -> End {
    match a.value.cmp(&b.value) {
        Ordering::Less => a,
        Ordering::Greater => b,
        Ordering::Equal => End { closed: if widest { a.closed || b.closed } else { a.closed && b.closed }, ..a },
    }
}

/// The upper of two ends; of equal ones the closed one where `widest`, else the open one.
fn upper(a: End, b: End, widest: bool) -> End {
    match a.value.cmp(&b.value) {
        Ordering::Greater => a,
        Ordering::Less => b,
        Ordering::Equal => End { closed: if widest { a.closed || b.closed } else { a.closed && b.closed }, ..a },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[&str], least: &str, greatest: &str) {
        let mut backwards = rows.to_vec();
        backwards.reverse();
        for rows in [rows, &backwards] {
            let told = [Extreme::least(), Extreme::greatest()].map(|mut extreme| {
                for row in rows {
                    extreme.push(&row.parse().unwrap()).unwrap();
                }
                extreme.finish().unwrap().unwrap().to_string()
            });
            assert_eq!(told, [least, greatest], "{rows:?}");
        }
    }

    #[test]
    fn the_extreme_names_the_facts_that_state_it() {
        check(&["1 GBP [F01]", "3 GBP [F02]", "2 GBP [F03]", "3 GBP [F04]"], "1 GBP [F01]", "3 GBP [F02 F04]");
        check(&["1 GBP [F01; rate=2]", "3 GBP [F02]"], "1 GBP [F01; rate=2]", "3 GBP [F02; rate=2]");
    }

    #[test]
    fn ranges_that_overlap_leave_a_range() {
        check(&["1..5 [F01]", "2..3 [F02]", "4..10 [F03]"], "1..3 [F01 F02]", "4..10 [F01 F03]");
        check(&[">5 [F01]", "7 [F02]", "<3 [F03]"], "<3 [F03]", ">=7 [F01 F02]");
        check(&["1..<2 [F01]", "2..3 [F02]"], "1..<2 [F01]", "2..3 [F02]");
        check(&["1<..2 [F01]", "1..2 [F02]"], "1..2 [F01 F02]", "1<..2 [F01 F02]");
    }

    #[test]
    fn one_unknown_makes_it_unknown() {
        let unknown = "unknown(not_stated) GBP [F01 U11]";
        check(&["1 GBP [F01]", "unknown(not_stated) [U11]"], unknown, unknown);
    }

    #[test]
    fn unlike_rows_are_refused() {
        let mut extreme = Extreme::least();
        extreme.push(&"1 GBP [@proposed]".parse().unwrap()).unwrap();
        assert!(matches!(extreme.push(&"1 USD".parse().unwrap()), Err(QuantityError::Units { .. })));
        extreme.push(&"1 GBP [@delivered]".parse().unwrap()).unwrap();
        assert!(matches!(extreme.finish(), Err(QuantityError::Stages { .. })));
    }
}
