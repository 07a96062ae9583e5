//! The operations on quantities: what may be combined, and that the result rests on all that either operand rests
//! on. The amounts themselves are computed by `amount`.

use super::amount::Amount;
use super::assumption::{Assumption, GIVEN};
use super::reading;
use super::reason::Reason;
use super::unit::Unit;
use super::value::Quantity;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The unit of shares: a hundredth of what it is a share of.
const PERCENT: &str = "percent";

/// The name of the assumption that lets stages mix.
pub(super) const ACROSS_STAGES: &str = "across_stages";

impl Quantity {
    /// The sum of two quantities of one unit and stage; it rests on all that either rests on, as every result.
    ///
    /// # Errors
    /// If units or stages differ, or the sum has more than 28 digits before the point.
    pub fn add(&self, other: &Self) -> Result<Self, QuantityError> {
        self.like_with_like("+", other, Amount::add)
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`Quantity::add`].
    pub fn subtract(&self, other: &Self) -> Result<Self, QuantityError> {
        self.like_with_like("-", other, Amount::subtract)
    }

    /// The product, in the product of the units and at the stages of both.
    ///
    /// # Errors
    /// If the product has more than 28 digits before the point, or is not 0 and would become 0.
    pub fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Amount::multiply, Unit::multiply)
    }

    /// The quotient, in the quotient of the units and at the stages of both.
    ///
    /// # Errors
    /// As [`Quantity::multiply`], and if `other` is 0 or a range that contains it.
    pub fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Amount::divide, Unit::divide)
    }

    /// `-self`, on the same facts, stages and assumptions.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.with_amount(self.amount().negate())
    }

    /// Rounded to at most so many places (negative: −3 is whole thousands), half away from zero; the ends of a
    /// range outward, and one that moves becomes open. A number that changed is inexact.
    ///
    /// # Errors
    /// If rounding adds a 29th digit.
    pub fn round(&self, places: i32) -> Result<Self, QuantityError> {
        self.amount().round(places).map(|amount| self.with_amount(amount))
    }

    /// What is as much or more, on the same facts, stages and assumptions.
    ///
    /// # Errors
    /// Of the amount's, which a known one does not have.
    pub fn or_more(&self) -> Result<Self, QuantityError> {
        match self.amount().as_range() {
            Some(range) => Amount::range(range.lo(), None, range.is_exact()).map(|amount| self.with_amount(amount)),
            None => Ok(self.clone()),
        }
    }

    /// Unknown because sources disagree, on the facts, stages and assumptions of all that they state.
    #[must_use]
    pub fn disagreement<'q>(stated: impl IntoIterator<Item = &'q Self>) -> Self {
        let unit = |all: &Self, one: &Self| if all.unit() == one.unit() { one.unit().cloned() } else { None };
        let conflict = |quantity: &Self| quantity.with_amount(Amount::Unknown(Reason::Conflict.into()));
        stated
            .into_iter()
            .map(conflict)
            .reduce(|all, one| Self::from_both(all.amount().clone(), unit(&all, &one), &all, &one))
            .unwrap_or_else(|| Self::unknown(Reason::Conflict.into(), None))
    }

    /// The same, where its stage may be mixed with others, which the assumption `across_stages` says.
    #[must_use]
    pub fn across_stages(&self) -> Self {
        self.assuming(Assumption::own(ACROSS_STAGES))
    }

    /// The same as something that the user gave: a known quantity carries the assumption `given=4500 missile`. An unknown
    /// stays as it is.
    #[must_use]
    pub fn given(self) -> Self {
        match self.supposed_as(GIVEN) {
            Some(assumption) => self.assuming(assumption),
            None => self,
        }
    }

    /// Whether it is itself what the user gave, and not made of it.
    pub(super) fn is_given(&self) -> bool {
        self.supposed_as(GIVEN).is_some_and(|given| self.assumptions().iter().any(|assumption| *assumption == given))
    }

    /// Whether it is a number and nothing else: no unit, and nothing that it rests on.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        !self.is_unknown()
            && self.unit().is_some_and(Unit::is_one)
            && self.facts().is_empty()
            && self.stages().is_empty()
            && self.assumptions().is_empty()
    }

    /// Its amount and unit under the name of an assumption; `None` if there is no number to suppose.
    pub(super) fn supposed_as(&self, name: &str) -> Option<Assumption> {
        let unit = self.unit().cloned().unwrap_or_default();
        Assumption::valued(name, self.amount().clone(), unit).ok()
    }

    /// The same without the assumption that `given` added.
    #[must_use]
    pub fn without_given(&self) -> Self {
        let given = self.supposed_as(GIVEN);
        let others = self.assumptions().iter().filter(|assumption| Some(*assumption) != given.as_ref());
        self.clone().with_assumptions(others.cloned().collect())
    }

    /// Whether stages may mix here, by assumption.
    pub(super) fn mixes_stages(&self) -> bool {
        self.assumptions().has(ACROSS_STAGES)
    }

    /// The unit of both operands of `+`, `-`, a comparison or a sum; `None` if neither has one.
    pub(super) fn shared_unit(&self, operation: &'static str, other: &Self) -> Result<Option<Unit>, QuantityError> {
        match (self.unit(), other.unit()) {
            (Some(left), Some(right)) if left != right => Err(QuantityError::Units {
                operation,
                left: reading::quantity(self, None),
                right: reading::quantity(other, None),
                left_unit: left.to_string(),
                right_unit: right.to_string(),
            }),
            (left, right) => Ok(left.or(right).cloned()),
        }
    }

    /// That both operands of `+`, `-` or a comparison stand at the same stages.
    pub(super) fn check_stages(&self, operation: &'static str, other: &Self) -> Result<(), QuantityError> {
        if self.stages().fit(other.stages()) || self.mixes_stages() || other.mixes_stages() {
            return Ok(());
        }
        Err(QuantityError::Stages { operation, left: self.stages().to_string(), right: other.stages().to_string() })
    }

    fn like_with_like(
        &self,
        operation: &'static str,
        other: &Self,
        on_amounts: fn(&Amount, &Amount) -> Result<Amount, QuantityError>,
    ) -> Result<Self, QuantityError> {
        let unit = self.shared_unit(operation, other)?;
        self.check_stages(operation, other)?;
        let amount = on_amounts(self.amount(), other.amount()).map_err(|error| self.naming(other, error))?;
        Ok(Self::from_both(amount, unit, self, other))
    }

    fn combine(
        &self,
        other: &Self,
        on_amounts: fn(&Amount, &Amount) -> Result<Amount, QuantityError>,
        on_units: fn(&Unit, &Unit) -> Result<Unit, QuantityError>,
    ) -> Result<Self, QuantityError> {
        let unit = match (self.unit(), other.unit()) {
            (Some(left), Some(right)) => Some(on_units(left, right)?),
            _ => None,
        };
        let combined = on_amounts(self.amount(), other.amount()).and_then(|amount| match unit {
            Some(unit) => reduced(amount, unit).map(|(amount, unit)| (amount, Some(unit))),
            None => Ok((amount, None)),
        });
        let (amount, unit) = combined.map_err(|error| self.naming(other, error))?;
        Ok(Self::from_both(amount, unit, self, other))
    }

    fn naming(&self, other: &Self, error: QuantityError) -> QuantityError {
        error.between(&reading::quantity(self, None), &reading::quantity(other, None))
    }
}

/// An amount whose unit holds a share without what it is a share of: 5 percent of pounds are pounds. A share stays one
/// where it has no other unit beside it: twice 5 percent are 10 percent, 5 percent of 10 percent are 0.5 percent.
fn reduced(amount: Amount, unit: Unit) -> Result<(Amount, Unit), QuantityError> {
    let power = unit.power_of(PERCENT);
    let kept = i8::from(power > 0 && unit.powers().count() == 1);
    if power == kept {
        return Ok((amount, unit));
    }
    let surplus = power - kept;
    let hundred = Amount::exact(Decimal::ONE_HUNDRED);
    let step = if surplus > 0 { Amount::divide } else { Amount::multiply };
    let amount = (0..surplus.unsigned_abs()).try_fold(amount, |amount, _| step(&amount, &hundred))?;
    Ok((amount, unit.divide(&Unit::base(PERCENT)?.power(surplus)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn the_pledge_per_missile() {
        let (amount, count) = (q("1600000000 GBP [F29; @proposed]"), q("5000 missile [F30; @proposed]"));
        let each = amount.divide(&count).unwrap();
        assert_eq!(each.to_string(), "320000 GBP/missile [F29 F30; @proposed]");
        let rounded = q("1550000000..<1650000000 GBP").divide(&count).unwrap();
        assert_eq!(rounded.amount().to_string(), "310000..<330000");
        assert_eq!(q("1600000000").divide(&q(">5000")).unwrap().to_string(), "0<..<320000");
    }

    #[test]
    fn unlike_operands_are_refused_with_both_sides_and_a_cure() {
        let error = q("1600000000 GBP [F29]").add(&q("5000 missile [F30]")).unwrap_err();
        assert_eq!(error.message(), "can't add `missile` to `GBP`");
        assert_eq!(error.label().as_deref(), Some("left is 1,600,000,000 GBP, right is 5,000 missile"));
        assert!(error.cure().unwrap().contains("convert(q, rate)"));
        assert_eq!(q("5").subtract(&q("1 day")).unwrap_err().message(), "can't subtract `day` from a plain number");
    }

    #[test]
    fn a_share_of_something_is_that() {
        let product = |left: &str, right: &str| q(left).multiply(&q(right)).unwrap().to_string();
        let quotient = |left: &str, right: &str| q(left).divide(&q(right)).unwrap().to_string();
        assert_eq!(product("1600000000 GBP [F29]", "5 percent"), "80000000 GBP [F29]");
        assert_eq!(product("5 percent", "320000 GBP/missile"), "16000 GBP/missile");
        assert_eq!(product("3 GBP", "unknown(not_stated) percent"), "unknown(not_stated) GBP");
        assert_eq!(product("200 GBP", "1..<2 percent"), "2..<4 GBP");
        assert_eq!(quotient("80000000 GBP", "5 percent"), "1600000000 GBP");
        assert_eq!(quotient("1", "5 percent"), "20");
        assert_eq!(quotient("50 percent", "2 day"), "0.25 1/day");
        assert_eq!(product("2", "5 percent"), "10 percent");
        assert_eq!(product("5 percent", "10 percent"), "0.5 percent");
        assert_eq!(quotient("5 percent", "10 percent"), "0.5");
        assert_eq!(q("5 percent").add(&q("1 percent")).unwrap().to_string(), "6 percent");
        assert!(q("5 percent").add(&q("1")).is_err());
    }

    #[test]
    fn stages_mix_only_by_assumption() {
        let (proposed, delivered) = (q("1 GBP [@proposed]"), q("1 GBP [@delivered]"));
        assert!(matches!(proposed.add(&delivered), Err(QuantityError::Stages { .. })));
        let mixed = proposed.across_stages().add(&delivered).unwrap();
        assert_eq!(mixed.to_string(), "2 GBP [@delivered+proposed; across_stages]");
        assert_eq!(proposed.divide(&delivered).unwrap().to_string(), "1 [@delivered+proposed]");
    }

    #[test]
    fn a_divisor_that_may_be_0_is_refused() {
        assert_eq!(q("1").divide(&q("0")), Err(QuantityError::DivisionByZero));
        assert!(matches!(q("1").divide(&q("-1..1")), Err(QuantityError::DivisionByRange(_))));
        assert_eq!(q("1").divide(&q("0<..1")).unwrap().to_string(), ">=1");
        assert!(q("unknown(not_stated) GBP").divide(&q("0")).unwrap().is_unknown());
    }

    #[test]
    fn what_is_typed_is_an_assumption() {
        assert_eq!(q("4500 missile").given().to_string(), "4500 missile [given=4500 missile]");
        assert_eq!(q("4500").given().to_string(), "4500 [given=4500]");
        assert_eq!(q("unknown(conflict) day").given(), q("unknown(conflict) day"));
    }

    #[test]
    fn rounding_marks_what_changed() {
        assert_eq!(q("355555.5555 GBP").round(2).unwrap().to_string(), "≈355555.56 GBP");
        assert_eq!(q("320000 GBP").round(2).unwrap().to_string(), "320000 GBP");
        assert_eq!(q("281818.1818..<366666.6666").round(2).unwrap().to_string(), "281818.18<..<366666.67");
        assert_eq!(q("0.3").round(0).unwrap().to_string(), "≈0");
    }
}
