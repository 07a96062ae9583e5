//! Conversion by a rate that somebody gives. No rate is built in.

use super::reading;
use super::unit::Unit;
use super::value::Quantity;
use crate::error::QuantityError;

/// The name of the assumption that a conversion rests on.
const RATE: &str = "rate";

impl Quantity {
    /// The same in the rate's other unit: times the rate where its lower unit (`GBP` in `1.25 USD/GBP`) is in this
    /// one's, else divided by it. Where no source states the rate, the result rests on `rate=1.25 USD/GBP`.
    ///
    /// # Errors
    /// If the rate is not one base unit over another, if neither is in this unit, and as multiplication and
    /// division.
    pub fn convert(&self, rate: &Self) -> Result<Self, QuantityError> {
        let Some((upper, lower)) = rate.unit().and_then(quotient) else {
            return Err(QuantityError::NotARate(reading::quantity(rate, None)));
        };
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

    /// A rate without facts rests on itself as an assumption, in place of its `given`.
    fn as_assumption(&self) -> Self {
        match self.supposed_as(RATE).filter(|_| self.facts().is_empty()) {
            Some(assumption) => self.without_given().assuming(assumption),
            None => self.clone(),
        }
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
    }
}
