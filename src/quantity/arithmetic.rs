//! Operations on quantities: arithmetic, comparison, conversion by a rate that the user gives (none is built in), and the days
//! between two dates. The amounts are computed by `amount`.

use super::amount::Amount;
use super::assumption::{Assumption, GIVEN};
use super::calendar::day_number;
use super::codes::Reason;
use super::unit::{Unit, UnitRegistry};
use super::{Quantity, human};
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// The unit of shares: a hundredth.
const PERCENT: &str = "percent";

/// The name of the assumption that lets stages mix.
pub(super) const ACROSS_STAGES: &str = "across_stages";

impl Quantity {
    /// The sum of two quantities of one unit and stage, with the provenance of both, as every result.
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

    /// The absolute value, on the same facts, stages and assumptions.
    ///
    /// # Errors
    /// As [`Amount::range`], which no known amount causes.
    pub fn abs(&self) -> Result<Self, QuantityError> {
        self.amount().abs().map(|amount| self.with_amount(amount))
    }

    /// The square root of a single number without unit; an unknown stays as it is.
    ///
    /// # Errors
    /// If it has a unit, is a range, or is below 0.
    pub fn sqrt(&self) -> Result<Self, QuantityError> {
        let shown = || human::quantity(self, None);
        match self.amount() {
            _ if !self.unit().is_none_or(Unit::is_one) => Err(QuantityError::RootOfOther(shown())),
            Amount::Unknown(_) => Ok(self.clone()),
            Amount::Range(_) => Err(QuantityError::RootOfOther(shown())),
            Amount::Number(number) if number.value < Decimal::ZERO => Err(QuantityError::RootOfNegative(shown())),
            Amount::Number(number) => number.sqrt().map(|root| self.with_amount(Amount::Number(root))),
        }
    }

    /// Rounded to at most so many places (negative: −3 is whole thousands), half away from zero; the ends of a
    /// range outward, and one that moves becomes open. A number that changed is inexact.
    ///
    /// # Errors
    /// If rounding adds a 29th digit.
    pub fn round(&self, places: i32) -> Result<Self, QuantityError> {
        self.amount().round(places).map(|amount| self.with_amount(amount))
    }

    /// The range from this amount upwards, with the same provenance.
    ///
    /// # Errors
    /// As [`Amount::range`], which no known amount causes.
    pub fn or_more(&self) -> Result<Self, QuantityError> {
        match self.amount().as_range() {
            Some(range) => Amount::range(range.lo(), None, range.is_exact()).map(|amount| self.with_amount(amount)),
            None => Ok(self.clone()),
        }
    }

    /// The unknown of a conflict between sources, with the provenance of all that they state.
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

    /// The same with the assumption `across_stages`, which lets its stage be mixed with others.
    #[must_use]
    pub fn across_stages(&self) -> Self {
        self.assuming(Assumption::flag(ACROSS_STAGES))
    }

    /// The same as a user-supplied value: a known quantity takes the assumption `given=4500 missile`. An unknown stays as
    /// it is.
    #[must_use]
    pub fn given(self) -> Self {
        match self.supposed_as(GIVEN) {
            Some(assumption) => self.assuming(assumption),
            None => self,
        }
    }

    /// True if it is itself user-supplied, not computed from such a value.
    pub(super) fn is_given(&self) -> bool {
        self.supposed_as(GIVEN).is_some_and(|given| self.assumptions().iter().any(|assumption| *assumption == given))
    }

    /// True if it is a plain number without unit and provenance.
    pub fn is_bare(&self) -> bool {
        !self.is_unknown()
            && self.unit().is_some_and(Unit::is_one)
            && self.facts().is_empty()
            && self.stages().is_empty()
            && self.assumptions().is_empty()
    }

    /// Its amount and unit as an assumption of this name; `None` if it is unknown.
    pub(super) fn supposed_as(&self, name: &str) -> Option<Assumption> {
        let unit = self.unit().cloned().unwrap_or_default();
        Assumption::valued(name, self.amount().clone(), unit).ok()
    }

    /// The same without the assumption of [`Quantity::given`].
    #[must_use]
    pub fn without_given(&self) -> Self {
        let given = self.supposed_as(GIVEN);
        let others = self.assumptions().iter().filter(|assumption| Some(*assumption) != given.as_ref());
        self.clone().with_assumptions(others.cloned().collect())
    }

    /// True if an assumption lets its stage be mixed with others.
    pub(super) fn mixes_stages(&self) -> bool {
        self.assumptions().has(ACROSS_STAGES)
    }

    /// The unit of both operands of `+`, `-`, a comparison or a sum; `None` if neither has one.
    pub(super) fn shared_unit(&self, operation: &'static str, other: &Self) -> Result<Option<Unit>, QuantityError> {
        match (self.unit(), other.unit()) {
            (Some(left), Some(right)) if left != right => Err(QuantityError::UnitMismatch {
                operation,
                left: human::quantity(self, None),
                right: human::quantity(other, None),
                left_unit: left.to_string(),
                right_unit: right.to_string(),
            }),
            (left, right) => Ok(left.or(right).cloned()),
        }
    }

    /// Checks that the operands of `+`, `-` or a comparison have the same stages.
    pub(super) fn check_stages(&self, operation: &'static str, other: &Self) -> Result<(), QuantityError> {
        if self.stages().fit(other.stages()) || self.mixes_stages() || other.mixes_stages() {
            return Ok(());
        }
        Err(QuantityError::StageMismatch {
            operation,
            left: self.stages().to_string(),
            right: other.stages().to_string(),
        })
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
        error.between(&human::quantity(self, None), &human::quantity(other, None))
    }
}

/// Reduces percents in a compound unit: 5 percent of pounds are pounds. A share stays one if no other unit is beside it:
/// twice 5 percent are 10 percent, 5 percent of 10 percent are 0.5 percent.
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

impl Quantity {
    /// Orders two quantities.
    ///
    /// # Errors
    /// If units or stages differ, if either is unknown, if ranges overlap, and if either is inexact and their distance is
    /// within the error bounds.
    pub fn compare(&self, other: &Self) -> Result<Ordering, QuantityError> {
        self.check_comparable(other)?;
        self.amount().compare(other.amount()).ok_or_else(|| self.undecided(other))
    }

    /// True if two are the same number of the same unit, with any provenance.
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
        (human::quantity(self, None), human::quantity(other, None))
    }
}

/// The name of the assumption that a conversion rests on.
const RATE: &str = "rate";

impl Quantity {
    /// The same in the other unit of the rate: multiplied if the lower unit of the rate (`GBP` in `1.25 USD/GBP`) is in
    /// this unit, else divided. If no source states the rate, the result has the assumption `rate=1.25 USD/GBP`.
    ///
    /// # Errors
    /// If the rate is not one base unit over another or not positive, if neither is in this unit, and as multiplication and
    /// division.
    pub fn convert(&self, rate: &Self) -> Result<Self, QuantityError> {
        let (upper, lower) = rate.bases_of_rate()?;
        let given = rate.as_assumption();
        let Some(unit) = self.unit() else {
            return self.multiply(&given);
        };
        let power = match unit.power_of(lower) {
            0 => -unit.power_of(upper),
            power => power,
        };
        if power == 0 {
            let (quantity, rate) = (human::quantity(self, None), human::quantity(rate, None));
            return Err(QuantityError::RateUnitMismatch { quantity, rate });
        }
        let step = if power > 0 { Self::multiply } else { Self::divide };
        (0..power.unsigned_abs()).try_fold(self.clone(), |converted, _| step(&converted, &given))
    }

    /// A share, as part over whole, in percent.
    ///
    /// # Errors
    /// If it has a unit.
    pub fn percent(&self) -> Result<Self, QuantityError> {
        if !self.unit().is_none_or(Unit::is_one) {
            return Err(QuantityError::NotAShare(human::quantity(self, None)));
        }
        let hundred = Self::plain(Decimal::ONE_HUNDRED).amount().clone();
        self.multiply(&Self::new(hundred, Some(Unit::base("percent")?)))
    }

    /// True if a percent is in its unit.
    pub(super) fn is_percent(&self) -> bool {
        self.unit().is_some_and(|unit| unit.power_of(PERCENT) != 0)
    }

    /// The upper and the lower base unit of a positive rate.
    fn bases_of_rate(&self) -> Result<(&str, &str), QuantityError> {
        let Some(bases) = self.unit().and_then(quotient) else {
            return Err(QuantityError::NotARate { rate: human::quantity(self, None), unit: None });
        };
        let is_positive = self.amount().as_range().is_none_or(|range| {
            range.lo().is_some_and(|lo| lo.value > Decimal::ZERO || lo.value.is_zero() && !lo.closed)
        });
        if is_positive {
            Ok(bases)
        } else {
            Err(QuantityError::RateNotPositive { rate: human::quantity(self, None), unit: None })
        }
    }

    /// A rate without facts becomes an assumption, in place of its `given`.
    fn as_assumption(&self) -> Self {
        match self.supposed_as(RATE).filter(|_| self.facts().is_empty()) {
            Some(assumption) => self.without_given().assuming(assumption),
            None => self.clone(),
        }
    }
}

impl UnitRegistry {
    /// Checks that a quantity is a rate: positive, and one base unit over another of its kind.
    ///
    /// # Errors
    /// If it is no rate.
    pub fn check_rate(&self, rate: &Quantity) -> Result<(), QuantityError> {
        let (upper, lower) = rate.bases_of_rate()?;
        let kind = |code: &str| self.get(code).map_or("unknown", |unit| unit.kind.as_str()).to_owned();
        let (upper, lower) = (kind(upper), kind(lower));
        if upper == lower {
            return Ok(());
        }
        Err(QuantityError::RateKindMismatch { rate: human::quantity(rate, None), upper, lower })
    }
}

/// The upper and the lower base unit of a plain quotient.
fn quotient(unit: &Unit) -> Option<(&str, &str)> {
    let mut powers = unit.powers();
    match (powers.next(), powers.next(), powers.next()) {
        (Some((upper, 1)), Some((lower, -1)), None) | (Some((lower, -1)), Some((upper, 1)), None) => {
            Some((upper, lower))
        }
        _ => None,
    }
}

/// The days from one ISO date of the proleptic Gregorian calendar to another, as a quantity in `day`; negative if `to` is
/// earlier. Other dates of the book (EDTF: uncertain, open) are refused rather than guessed.
///
/// # Errors
/// If either is no calendar date.
pub fn days_between(from: &str, to: &str) -> Result<Quantity, QuantityError> {
    let days = day_number(to)? - day_number(from)?;
    Ok(Quantity::of(Decimal::from(days), Unit::base("day")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::BaseUnit;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[test]
    fn unlike_operands_are_refused_with_both_sides_and_a_help() {
        let error = q("1600000000 GBP [F29]").add(&q("5000 missile [F30]")).unwrap_err();
        assert_eq!(error.message(), "can't add `missile` to `GBP`");
        assert_eq!(error.label().as_deref(), Some("left is 1,600,000,000 GBP, right is 5,000 missiles"));
        assert!(error.help().unwrap().contains("convert(q, rate)"));
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
        assert!(matches!(proposed.add(&delivered), Err(QuantityError::StageMismatch { .. })));
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
    fn rounding_marks_what_changed() {
        assert_eq!(q("355555.5555 GBP").round(2).unwrap().to_string(), "≈355555.56 GBP");
        assert_eq!(q("320000 GBP").round(2).unwrap().to_string(), "320000 GBP");
        assert_eq!(q("281818.1818..<366666.6666").round(2).unwrap().to_string(), "281818.18<..<366666.67");
        assert_eq!(q("0.3").round(0).unwrap().to_string(), "≈0");
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
    fn what_can_not_be_told_is_an_error() {
        let error = |left: &str, right: &str| q(left).compare(&q(right)).unwrap_err();
        assert!(matches!(error("≈1", "1"), QuantityError::InexactCompared(..)));
        assert!(matches!(error("1..2", "2..3"), QuantityError::RangesOverlap(..)));
        assert!(matches!(error("≈1..<≈2", "2"), QuantityError::RangesOverlap(..)));
        assert!(matches!(error("unknown(conflict)", "1 GBP"), QuantityError::UnknownCompared(..)));
        assert!(matches!(
            error("unknown(conflict) GBP", "1"),
            QuantityError::UnitMismatch { operation: "compare", .. }
        ));
        assert!(matches!(error("1 [@proposed]", "1 [@delivered]"), QuantityError::StageMismatch { .. }));
        assert!(matches!(q("≈1").equals(&q("2")), Err(QuantityError::InexactEquated(..))));
    }

    #[track_caller]
    fn check_converted(quantity: &str, rate: &str, expected: &str) {
        assert_eq!(q(quantity).convert(&q(rate)).unwrap().to_string(), expected);
    }

    #[test]
    fn a_rate_applies_in_either_direction() {
        check_converted(
            "1600000000 GBP [F29; @proposed]",
            "1.25 USD/GBP",
            "2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]",
        );
        check_converted("2000000000 USD", "1.25 USD/GBP", "1600000000 GBP [rate=1.25 USD/GBP]");
        check_converted("320000 GBP/missile", "1.25 USD/GBP", "400000 USD/missile [rate=1.25 USD/GBP]");
        check_converted("4 missile/GBP", "2 USD/GBP", "2 missile/USD [rate=2 USD/GBP]");
    }

    #[test]
    fn a_given_rate_is_one_assumption_and_a_stated_one_none() {
        let given = q("1.25 USD/GBP").given();
        assert_eq!(q("4 GBP").convert(&given).unwrap().to_string(), "5 USD [rate=1.25 USD/GBP]");
        check_converted("4 GBP", "1.25 USD/GBP [S2F01]", "5 USD [S2F01]");
        check_converted("4 GBP", "unknown(not_stated) USD/GBP [U03]", "unknown(not_stated) USD [U03]");
    }

    #[test]
    fn what_is_no_rate_or_does_not_fit_is_refused() {
        assert!(matches!(q("4 GBP").convert(&q("1.25")), Err(QuantityError::NotARate { .. })));
        assert!(matches!(q("4 GBP").convert(&q("5 USD/GBP*day")), Err(QuantityError::NotARate { .. })));
        assert!(matches!(q("4 GBP").convert(&q("5 USD/EUR")), Err(QuantityError::RateUnitMismatch { .. })));
        for rate in ["-1.25", "0", "-1..2", "0..2", "<=5", "≈0"] {
            let refused = q("4 GBP").convert(&q(&format!("{rate} USD/GBP")));
            assert!(matches!(refused, Err(QuantityError::RateNotPositive { .. })), "{rate}");
        }
        check_converted("4 GBP", "0<..2 USD/GBP", "0<..8 USD [rate=0<..2 USD/GBP]");
    }

    #[test]
    fn a_rate_joins_two_units_of_one_kind() {
        let unit = |(code, kind): (&str, &str)| BaseUnit {
            code: code.into(),
            kind: kind.into(),
            places: 0,
            name: code.into(),
        };
        let kinds = [("GBP", "currency"), ("USD", "currency"), ("missile", "count"), ("crate", "count")];
        let units = UnitRegistry::new(kinds.map(unit));
        assert_eq!(units.check_rate(&q("1.25 USD/GBP")), Ok(()));
        assert_eq!(units.check_rate(&q("8 missile/crate")), Ok(()));
        assert!(matches!(units.check_rate(&q("5 missile/GBP")), Err(QuantityError::RateKindMismatch { .. })));
        assert!(matches!(units.check_rate(&q("-1 USD/GBP")), Err(QuantityError::RateNotPositive { .. })));
        assert!(matches!(units.check_rate(&q("1.25")), Err(QuantityError::NotARate { .. })));
    }

    fn between(from: &str, to: &str) -> i64 {
        day_number(to).expect(to) - day_number(from).expect(from)
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(between("2025-03-01", "2025-03-02"), 1);
        assert_eq!(between("2024-02-28", "2024-03-01"), 2);
        assert_eq!(between("1900-02-28", "1900-03-01"), 1);
        assert_eq!(between("2000-01-01", "2025-01-01"), 9132);
        assert_eq!(between("2025-03-02", "2025-03-01"), -1);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-3-1", "2025-03", "today", "2025-03-01T10", ""] {
            assert!(day_number(text).is_err(), "{text}");
        }
    }
}
