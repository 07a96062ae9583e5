//! A quantity together with its working: the same operations, recorded. What they compute is `arithmetic`'s.

use super::value::Quantity;
use super::working::{Operator, Part, Working};
use crate::error::QuantityError;
use std::sync::Arc;

/// A quantity that knows how it was computed: what scripts compute with.
#[derive(Debug, Clone, PartialEq)]
pub struct Worked {
    /// The result.
    pub quantity: Quantity,
    /// How it came about.
    pub working: Arc<Working>,
}

impl From<Quantity> for Worked {
    /// A value that was not computed.
    fn from(quantity: Quantity) -> Self {
        let working = Working::value(quantity.clone());
        Self { quantity, working }
    }
}

impl Worked {
    /// [`Quantity::add`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::add`].
    pub fn add(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Add, other, Quantity::add)
    }

    /// [`Quantity::subtract`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::subtract`].
    pub fn subtract(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Subtract, other, Quantity::subtract)
    }

    /// [`Quantity::multiply`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::multiply`].
    pub fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Multiply, other, Quantity::multiply)
    }

    /// [`Quantity::divide`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::divide`].
    pub fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        self.operation(Operator::Divide, other, Quantity::divide)
    }

    /// The same as something that the user gave, which its working says.
    #[must_use]
    pub fn given(self) -> Self {
        Self::from(self.quantity.given())
    }

    /// `-self`.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.call("−", None, self.quantity.negate())
    }

    /// [`Quantity::round`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::round`].
    pub fn round(&self, places: i32) -> Result<Self, QuantityError> {
        Ok(self.call("round", Some(places.to_string()), self.quantity.round(places)?))
    }

    /// [`Quantity::convert`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::convert`].
    pub fn convert(&self, rate: &Self) -> Result<Self, QuantityError> {
        let quantity = self.quantity.convert(&rate.quantity)?;
        // A rate that was given has a name of its own.
        let named = Self::from(rate.quantity.without_given());
        let rate = if rate.quantity.is_given() { named.part() } else { rate.part() };
        Ok(Self { quantity, working: Working::call_with("convert", self.part(), rate) })
    }

    /// [`Quantity::or_more`], recorded.
    ///
    /// # Errors
    /// As [`Quantity::or_more`].
    pub fn or_more(&self) -> Result<Self, QuantityError> {
        Ok(self.call("or_more", None, self.quantity.or_more()?))
    }

    /// As [`Quantity::across_stages`].
    #[must_use]
    pub fn across_stages(&self) -> Self {
        self.call("across_stages", None, self.quantity.across_stages())
    }

    /// The sum of `count` values, whose working is only how many there were.
    #[must_use]
    pub fn summed(quantity: Quantity, count: u64) -> Self {
        Self { quantity, working: Working::sum(count) }
    }

    fn part(&self) -> Part<'_> {
        (&self.working, &self.quantity)
    }

    fn call(&self, name: &'static str, argument: Option<String>, quantity: Quantity) -> Self {
        Self { quantity, working: Working::call(name, self.part(), argument) }
    }

    fn operation(
        &self,
        operator: Operator,
        other: &Self,
        compute: fn(&Quantity, &Quantity) -> Result<Quantity, QuantityError>,
    ) -> Result<Self, QuantityError> {
        let quantity = compute(&self.quantity, &other.quantity)?;
        Ok(Self { quantity, working: Working::operation(operator, self.part(), other.part()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> Worked {
        text.parse::<Quantity>().unwrap().into()
    }

    #[test]
    fn the_working_reads_as_it_is_written() {
        let (amount, count) = (w("1600000000 GBP [F29; @proposed]"), w("5000 missile [F30; @proposed]"));
        let each = amount.divide(&count).unwrap();
        assert_eq!(each.working.to_string(), "1,600,000,000 GBP [F29] ÷ 5,000 missile [F30]");
        let rounded = each.convert(&w("1.25 USD/GBP")).unwrap().round(2).unwrap();
        assert_eq!(
            rounded.working.to_string(),
            "round(convert(1,600,000,000 GBP [F29] ÷ 5,000 missile [F30], 1.25 USD/GBP), 2)"
        );
    }

    #[test]
    fn what_was_given_is_told_so() {
        let twice = w("1600000000 GBP [F29]").multiply(&w("2").given()).unwrap();
        assert_eq!(twice.working.to_string(), "1,600,000,000 GBP [F29] × 2 (given)");
        assert_eq!(w("5 GBP [given=5 GBP]").working.to_string(), "5 GBP (given)");
        assert_eq!(w("10 GBP [given=5 GBP]").working.to_string(), "10 GBP");
    }

    #[test]
    fn parentheses_stand_only_where_they_matter() {
        let (a, b, c) = (w("1"), w("2"), w("3"));
        let sum = a.add(&b).unwrap();
        assert_eq!(sum.multiply(&c).unwrap().working.to_string(), "(1 + 2) × 3");
        assert_eq!(c.subtract(&sum).unwrap().working.to_string(), "3 − (1 + 2)");
        assert_eq!(sum.subtract(&c).unwrap().working.to_string(), "1 + 2 − 3");
        assert_eq!(c.divide(&a.multiply(&b).unwrap()).unwrap().working.to_string(), "3 ÷ (1 × 2)");
        assert_eq!(sum.negate().working.to_string(), "−(1 + 2)");
    }

    #[test]
    fn a_long_working_keeps_its_end() {
        let total = (0..1000).fold(w("0"), |total, _| total.add(&w("1")).unwrap());
        assert!(total.working.to_string().matches('+').count() < 32);
        assert_eq!(total.quantity.to_string(), "1000");
    }
}
