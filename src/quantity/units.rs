//! The base units of a book, and reading text that must keep to them.

use super::unit::Unit;
use super::value::Quantity;
use crate::error::{QuantityError, suggest::nearest};
use std::collections::BTreeMap;

/// A base unit, as the book describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUnit {
    /// What stands in a quantity: `GBP`, `missile`; singular.
    pub code: String,
    /// What it measures: `currency`, `count`, `time` or `ratio`.
    pub kind: String,
    /// How many decimal places people see of it at most, if it is a currency; other kinds show what their values need.
    pub places: u32,
    /// The name in words.
    pub name: String,
}

/// The base units of one book, by code.
#[derive(Debug, Clone, Default)]
pub struct Units(BTreeMap<String, BaseUnit>);

impl Units {
    /// A registry of these; of two with one code the later stays.
    pub fn new(units: impl IntoIterator<Item = BaseUnit>) -> Self {
        Self(units.into_iter().map(|unit| (unit.code.clone(), unit)).collect())
    }

    /// The unit of that code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&BaseUnit> {
        self.0.get(code)
    }

    /// All units, in the order of their codes.
    pub fn all(&self) -> impl Iterator<Item = &BaseUnit> {
        self.0.values()
    }

    /// All codes, in byte order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// That every base of `unit` is in the registry.
    ///
    /// # Errors
    /// For the first that is not, with the code nearest to it.
    pub fn check(&self, unit: &Unit) -> Result<(), QuantityError> {
        match unit.powers().find(|(code, _)| !self.0.contains_key(*code)) {
            Some((code, _)) => Err(QuantityError::UnknownUnit { code: code.into(), near: nearest(code, self.codes()) }),
            None => Ok(()),
        }
    }

    /// Reads a quantity in its text form, of known units.
    ///
    /// # Errors
    /// If it is none, or a unit in it, those of its assumptions included, is not in the registry.
    pub fn read(&self, text: &str) -> Result<Quantity, QuantityError> {
        let quantity: Quantity = text.parse()?;
        let supposed = quantity.assumptions().iter().filter_map(|assumption| assumption.value());
        quantity.unit().into_iter().chain(supposed.map(|(_, unit)| unit)).try_for_each(|unit| self.check(unit))?;
        Ok(quantity)
    }

    /// Reads a unit: `GBP/missile`.
    ///
    /// # Errors
    /// If it is none, or is not in the registry.
    pub fn read_unit(&self, text: &str) -> Result<Unit, QuantityError> {
        let unit = text.parse()?;
        self.check(&unit).map(|()| unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Units {
        let unit = |code: &str| BaseUnit { code: code.into(), kind: "count".into(), places: 0, name: code.into() };
        Units::new(["GBP", "missile"].map(unit))
    }

    #[test]
    fn an_unknown_unit_names_the_nearest() {
        assert!(units().read("5 GBP/missile [F29; given=5 missile]").is_ok());
        let cure = |text: &str| units().read(text).unwrap_err().cure();
        assert_eq!(cure("5 gbp").as_deref(), Some("did you mean `GBP`?"));
        assert_eq!(cure("5 1/missiles").as_deref(), Some("did you mean `missile`?"));
        assert_eq!(
            cure("5 [x=1 zebra]").as_deref(),
            Some("`select code, name from units` lists the units of the book")
        );
        assert_eq!(cure("1.6 bn").as_deref(), Some("write the number out, or with the exponent e9 for `bn`"));
        assert!(units().read_unit("GBP/day").is_err());
    }
}
