//! Conversion by a rate that somebody gives. No rate is built in.

use super::reading;
use super::unit::Unit;
use super::units::Units;
use super::value::Quantity;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The name of the assumption that a conversion rests on.
const RATE: &str = "rate";

impl Quantity {
    /// The same in the rate's other unit: times the rate where its lower unit (`GBP` in `1.25 USD/GBP`) is in this
    /// one's, else divided by it. Where no source states the rate, the result rests on `rate=1.25 USD/GBP`.
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
            let (quantity, rate) = (reading::quantity(self, None), reading::quantity(rate, None));
            return Err(QuantityError::RateUnfit { quantity, rate });
        }
        let step = if power > 0 { Self::multiply } else { Self::divide };
        (0..power.unsigned_abs()).try_fold(self.clone(), |converted, _| step(&converted, &given))
    }

    /// The two base units that it joins, upper and lower, where it has the form of a rate and is positive.
    fn bases_of_rate(&self) -> Result<(&str, &str), QuantityError> {
        let Some(bases) = self.unit().and_then(quotient) else {
            return Err(QuantityError::NotARate(reading::quantity(self, None)));
        };
        let is_positive = self.amount().as_range().is_none_or(|range| {
            range.lo().is_some_and(|lo| lo.value > Decimal::ZERO || lo.value.is_zero() && !lo.closed)
        });
        if is_positive { Ok(bases) } else { Err(QuantityError::RateNotPositive(reading::quantity(self, None))) }
    }

    /// A rate without facts rests on itself as an assumption, in place of its `given`.
    fn as_assumption(&self) -> Self {
        match self.supposed_as(RATE).filter(|_| self.facts().is_empty()) {
            Some(assumption) => self.without_given().assuming(assumption),
            None => self.clone(),
        }
    }
}

impl Units {
    /// That a quantity is a rate: positive, and one base unit over another of its kind.
    ///
    /// # Errors
    /// If it is none.
    pub fn check_rate(&self, rate: &Quantity) -> Result<(), QuantityError> {
        let (upper, lower) = rate.bases_of_rate()?;
        let kind = |code: &str| self.get(code).map_or("unknown", |unit| unit.kind.as_str()).to_owned();
        let (upper, lower) = (kind(upper), kind(lower));
        if upper == lower {
            return Ok(());
        }
        Err(QuantityError::RateOfKinds { rate: reading::quantity(rate, None), upper, lower })
    }
}

/// The two base units of a plain quotient, upper and lower.
fn quotient(unit: &Unit) -> Option<(&str, &str)> {
    let mut powers = unit.powers();
    match (powers.next(), powers.next(), powers.next()) {
        (Some((upper, 1)), Some((lower, -1)), None) | (Some((lower, -1)), Some((upper, 1)), None) => {
            Some((upper, lower))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::BaseUnit;

    fn q(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(quantity: &str, rate: &str, expected: &str) {
        assert_eq!(q(quantity).convert(&q(rate)).unwrap().to_string(), expected);
    }

    #[test]
    fn a_rate_applies_in_either_direction() {
        check("1600000000 GBP [F29; @proposed]", "1.25 USD/GBP", "2000000000 USD [F29; @proposed; rate=1.25 USD/GBP]");
        check("2000000000 USD", "1.25 USD/GBP", "1600000000 GBP [rate=1.25 USD/GBP]");
        check("320000 GBP/missile", "1.25 USD/GBP", "400000 USD/missile [rate=1.25 USD/GBP]");
        check("4 missile/GBP", "2 USD/GBP", "2 missile/USD [rate=2 USD/GBP]");
    }

    #[test]
    fn a_given_rate_is_one_assumption_and_a_stated_one_none() {
        let given = q("1.25 USD/GBP").given();
        assert_eq!(q("4 GBP").convert(&given).unwrap().to_string(), "5 USD [rate=1.25 USD/GBP]");
        check("4 GBP", "1.25 USD/GBP [S2F01]", "5 USD [S2F01]");
        check("4 GBP", "unknown(not_stated) USD/GBP [U03]", "unknown(not_stated) USD [U03]");
    }

    #[test]
    fn what_is_no_rate_or_does_not_fit_is_refused() {
        assert!(matches!(q("4 GBP").convert(&q("1.25")), Err(QuantityError::NotARate(_))));
        assert!(matches!(q("4 GBP").convert(&q("5 USD/GBP*day")), Err(QuantityError::NotARate(_))));
        assert!(matches!(q("4 GBP").convert(&q("5 USD/EUR")), Err(QuantityError::RateUnfit { .. })));
        for rate in ["-1.25", "0", "-1..2", "0..2", "<=5", "≈0"] {
            let refused = q("4 GBP").convert(&q(&format!("{rate} USD/GBP")));
            assert!(matches!(refused, Err(QuantityError::RateNotPositive(_))), "{rate}");
        }
        check("4 GBP", "0<..2 USD/GBP", "0<..8 USD [rate=0<..2 USD/GBP]");
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
        let units = Units::new(kinds.map(unit));
        assert_eq!(units.check_rate(&q("1.25 USD/GBP")), Ok(()));
        assert_eq!(units.check_rate(&q("8 missile/crate")), Ok(()));
        assert!(matches!(units.check_rate(&q("5 missile/GBP")), Err(QuantityError::RateOfKinds { .. })));
        assert!(matches!(units.check_rate(&q("-1 USD/GBP")), Err(QuantityError::RateNotPositive(_))));
        assert!(matches!(units.check_rate(&q("1.25")), Err(QuantityError::NotARate(_))));
    }
}
