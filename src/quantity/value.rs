//! A quantity: an amount with its unit and everything that it rests on. Arithmetic is in `arithmetic`, the text
//! form in `text`.

use super::amount::Amount;
use super::assumption::{Assumption, Assumptions};
use super::facts::Facts;
use super::number::Number;
use super::range::{End, Range};
use super::reason::Reasons;
use super::stage::Stages;
use super::unit::Unit;
use rust_decimal::Decimal;

/// A number with its unit, facts, stages and assumptions. `==` compares all of them: see
/// [`Quantity::equals`] for the equality of amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    amount: Amount,
    unit: Option<Unit>,
    facts: Facts,
    stages: Stages,
    assumptions: Assumptions,
}

impl Quantity {
    /// A quantity that rests on nothing yet. Without a unit a number or a range is a plain one, and an unknown
    /// fits any unit.
    #[must_use]
    pub fn new(amount: Amount, unit: Option<Unit>) -> Self {
        let unit = if let Amount::Unknown(_) = amount { unit } else { Some(unit.unwrap_or_default()) };
        Self { amount, unit, facts: Facts::none(), stages: Stages::none(), assumptions: Assumptions::none() }
    }

    /// An exact plain number, of at most 28 digits as everything that this module reads and computes.
    #[must_use]
    pub fn plain(value: Decimal) -> Self {
        Self::of(value, Unit::one())
    }

    /// An exact number with a unit, of at most 28 digits as everything that this module reads and computes.
    #[must_use]
    pub fn of(value: Decimal, unit: Unit) -> Self {
        Self::new(Amount::exact(value), Some(unit))
    }

    /// An unknown; without a unit it fits any.
    #[must_use]
    pub fn unknown(reasons: Reasons, unit: Option<Unit>) -> Self {
        Self::new(Amount::Unknown(reasons), unit)
    }

    /// The same on other facts.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Self {
        Self { facts, ..self }
    }

    /// The same at other stages.
    #[must_use]
    pub fn with_stages(self, stages: Stages) -> Self {
        Self { stages, ..self }
    }

    /// The same on other assumptions.
    #[must_use]
    pub fn with_assumptions(self, assumptions: Assumptions) -> Self {
        Self { assumptions, ..self }
    }

    /// How much it is.
    #[must_use]
    pub fn amount(&self) -> &Amount {
        &self.amount
    }

    /// Its unit; `None` only for an unknown whose unit is missing.
    #[must_use]
    pub fn unit(&self) -> Option<&Unit> {
        self.unit.as_ref()
    }

    /// The rows that it was computed from.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The stages that it was computed from.
    #[must_use]
    pub fn stages(&self) -> Stages {
        self.stages
    }

    /// What was supposed on the way to it.
    #[must_use]
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// Whether there is no number.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.amount, Amount::Unknown(_))
    }

    /// Whether nothing was lost on the way to it: no `≈`.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.amount.is_exact()
    }

    /// The number, exact or not; `None` for a range and for an unknown.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        if let Amount::Number(number) = self.amount { Some(number.value) } else { None }
    }

    /// The lower end with everything it rests on: of a number the number itself; `None` where there is none.
    #[must_use]
    pub fn lo(&self) -> Option<Self> {
        self.end(Range::lo)
    }

    /// The upper end with everything it rests on: of a number the number itself; `None` where there is none.
    #[must_use]
    pub fn hi(&self) -> Option<Self> {
        self.end(Range::hi)
    }

    fn end(&self, of: fn(&Range) -> Option<End>) -> Option<Self> {
        match &self.amount {
            Amount::Number(_) => Some(self.clone()),
            Amount::Range(range) => {
                of(range).map(|end| self.with_amount(Amount::Number(Number::of_exact(end.value, range.is_exact()))))
            }
            Amount::Unknown(_) => None,
        }
    }

    /// Another amount of the same unit, on the same facts, stages and assumptions.
    pub(super) fn with_amount(&self, amount: Amount) -> Self {
        Self { amount, ..self.clone() }
    }

    /// A result of two operands: it rests on what either rests on.
    pub(super) fn from_both(amount: Amount, unit: Option<Unit>, left: &Self, right: &Self) -> Self {
        Self::new(amount, unit)
            .with_facts(left.facts.union(&right.facts))
            .with_stages(left.stages.union(right.stages))
            .with_assumptions(left.assumptions.union(&right.assumptions))
    }

    /// The same on one more assumption.
    pub(super) fn assuming(&self, assumption: Assumption) -> Self {
        self.clone().with_assumptions(self.assumptions.with(assumption))
    }
}
