//! Units: a product of powers of base units with its text form, and the registry of a book's base units.

use super::Quantity;
use super::inflection::singulars;
use super::scan::{Cursor, is_name};
use crate::error::QuantityError;
use crate::error::suggest::nearest;
use std::{cmp::Ordering, collections::BTreeMap, fmt, str::FromStr, sync::Arc};

/// A product of integer powers of base units: cancelled, in byte order of the codes, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Unit(Arc<[(Arc<str>, i8)]>);

impl Unit {
    /// The unit of a plain number, written `1`.
    #[must_use]
    pub fn one() -> Self {
        Self::default()
    }

    /// A base unit.
    ///
    /// # Errors
    /// If `code` is not a letter followed by letters, digits and `_`: no text could be read back.
    pub fn base(code: &str) -> Result<Self, QuantityError> {
        if is_name(code) {
            Ok(Self(Arc::new([(code.into(), 1)])))
        } else {
            Err(QuantityError::InvalidUnitCode(code.into()))
        }
    }

    /// True if it is the unit of a plain number.
    pub fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    /// The base units and their powers, none of them 0, in byte order of the codes.
    pub fn powers(&self) -> impl Iterator<Item = (&str, i8)> {
        self.0.iter().map(|(code, power)| (&**code, *power))
    }

    /// The power of one base unit, 0 if it does not occur.
    pub fn power_of(&self, code: &str) -> i8 {
        self.powers().find(|(base, _)| *base == code).map_or(0, |(_, power)| power)
    }

    /// The product, cancelled.
    ///
    /// # Errors
    /// If a power is beyond ±127.
    pub fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        match (self.is_one(), other.is_one()) {
            (_, true) => Ok(self.clone()),
            (true, _) => Ok(other.clone()),
            _ => merge(&self.0, &other.0, 1),
        }
    }

    /// The quotient, cancelled.
    ///
    /// # Errors
    /// As [`Unit::multiply`].
    pub fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        if other.is_one() { Ok(self.clone()) } else { merge(&self.0, &other.0, -1) }
    }

    /// A power; −1 exchanges numerator and denominator.
    ///
    /// # Errors
    /// As [`Unit::multiply`].
    pub fn power(&self, exponent: i8) -> Result<Self, QuantityError> {
        let raised = self.0.iter().map(|(code, power)| checked_power(code, i16::from(*power) * i16::from(exponent)));
        raised.filter(|power| !matches!(power, Ok((_, 0)))).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let mut unit = if cursor.eat("1") { Self::one() } else { product(cursor)? };
        if cursor.eat("/") {
            unit = unit.divide(&product(cursor)?)?;
        }
        Ok(unit)
    }
}

fn checked_power(code: &Arc<str>, power: i16) -> Result<(Arc<str>, i8), QuantityError> {
    match i8::try_from(power) {
        Ok(power) if power != i8::MIN => Ok((code.clone(), power)),
        _ => Err(QuantityError::PowerOutOfRange(code.to_string())),
    }
}

/// Merges two sorted lists of powers, those of the right one times `sign`.
fn merge(left: &[(Arc<str>, i8)], right: &[(Arc<str>, i8)], sign: i16) -> Result<Unit, QuantityError> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut merged = Vec::with_capacity(left.len() + right.len());
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a.0.cmp(&b.0),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(Unit(merged.into())),
        };
        let a = left.next_if(|_| order.is_le());
        let b = right.next_if(|_| order.is_ge());
        let power = a.map_or(0, |(_, power)| i16::from(*power)) + b.map_or(0, |(_, power)| sign * i16::from(*power));
        if let Some((code, _)) = a.or(b).filter(|_| power != 0) {
            merged.push(checked_power(code, power)?);
        }
    }
}

/// Parses a product. The powers are sorted once.
fn product(cursor: &mut Cursor<'_>) -> Result<Unit, QuantityError> {
    let mut powers: BTreeMap<&str, i64> = BTreeMap::new();
    loop {
        let (code, power) = power(cursor)?;
        *powers.entry(code).or_default() += i64::from(power);
        if !cursor.eat("*") {
            break;
        }
    }
    let powers = powers.into_iter().filter(|(_, power)| *power != 0).map(|(code, power)| {
        let power = i16::try_from(power).map_err(|_| QuantityError::PowerOutOfRange(code.into()))?;
        checked_power(&code.into(), power)
    });
    powers.collect::<Result<_, _>>().map(Unit)
}

fn power<'t>(cursor: &mut Cursor<'t>) -> Result<(&'t str, i8), QuantityError> {
    let code = cursor.name();
    if code.is_empty() {
        return Err(cursor.malformed("a unit"));
    }
    if !cursor.eat("^") {
        return Ok((code, 1));
    }
    let negative = cursor.eat("-");
    let digits = cursor.digits();
    if digits.is_empty() {
        return Err(cursor.malformed("a whole power"));
    }
    let exponent: i8 = digits.parse().map_err(|_| QuantityError::PowerOutOfRange(code.into()))?;
    Ok((code, if negative { -exponent } else { exponent }))
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.iter().any(|(_, power)| *power > 0) {
            f.write_str("1")?;
        }
        write_product(f, self.powers().filter(|(_, power)| *power > 0), "")?;
        write_product(f, self.powers().filter(|(_, power)| *power < 0), "/")
    }
}

fn write_product<'a>(
    f: &mut fmt::Formatter<'_>,
    powers: impl Iterator<Item = (&'a str, i8)>,
    mut before: &str,
) -> fmt::Result {
    for (code, power) in powers {
        write!(f, "{before}{code}")?;
        if power.abs() != 1 {
            write!(f, "^{}", power.abs())?;
        }
        before = "*";
    }
    Ok(())
}

impl FromStr for Unit {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut cursor = Cursor::new(text);
        let unit = Self::parse(&mut cursor)?;
        cursor.finish("the end of the unit").map(|()| unit)
    }
}

/// A base unit of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUnit {
    /// The code in a quantity: `GBP`, `missile`; singular.
    pub code: String,
    /// The kind: `currency`, `count`, `time` or `ratio`.
    pub kind: String,
    /// The most decimal places that are shown of a currency; other kinds show as many as their values need.
    pub places: u32,
    /// The name, as `pound sterling`.
    pub name: String,
}

/// The registry of the base units of a book, by code.
#[derive(Debug, Clone, Default)]
pub struct UnitRegistry(BTreeMap<String, BaseUnit>);

impl UnitRegistry {
    /// A registry of these units; of two with one code the later is kept.
    pub fn new(units: impl IntoIterator<Item = BaseUnit>) -> Self {
        Self(units.into_iter().map(|unit| (unit.code.clone(), unit)).collect())
    }

    /// The unit of that code.
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

    /// Checks that every base of `unit` is in the registry.
    ///
    /// # Errors
    /// For the first that is missing, with the nearest code.
    pub fn check(&self, unit: &Unit) -> Result<(), QuantityError> {
        match unit.powers().find(|(code, _)| !self.0.contains_key(*code)) {
            Some((code, _)) => Err(QuantityError::UnknownUnit { code: code.into(), near: self.near(code) }),
            None => Ok(()),
        }
    }

    /// The code that was meant by a word: the one of which it is the plural, or the nearest.
    pub(super) fn near(&self, word: &str) -> Option<String> {
        let singulars = singulars(&word.to_lowercase());
        let meant = singulars.iter().find(|singular| self.0.contains_key(*singular)).cloned();
        let near = |word: &str| nearest(word, self.codes());
        meant.or_else(|| near(word)).or_else(|| singulars.iter().find_map(|singular| near(singular)))
    }

    /// Parses a quantity in its text form, of known units.
    ///
    /// # Errors
    /// If it is no quantity, or a unit in it, including those of its assumptions, is not in the registry.
    pub fn parse_quantity(&self, text: &str) -> Result<Quantity, QuantityError> {
        let quantity: Quantity = text.parse()?;
        let supposed = quantity.assumptions().iter().filter_map(|assumption| assumption.value());
        quantity.unit().into_iter().chain(supposed.map(|(_, unit)| unit)).try_for_each(|unit| self.check(unit))?;
        Ok(quantity)
    }

    /// Parses a unit: `GBP/missile`.
    ///
    /// # Errors
    /// If it is no unit, or is not in the registry.
    pub fn parse_unit(&self, text: &str) -> Result<Unit, QuantityError> {
        let unit = text.parse()?;
        self.check(&unit).map(|()| unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, canonical: &str) {
        assert_eq!(text.parse::<Unit>().unwrap().to_string(), canonical);
    }

    #[test]
    fn units_are_cancelled_and_ordered() {
        check("missile*GBP/day*missile", "GBP/day");
        check("1/day", "1/day");
        check("day^-2*GBP", "GBP/day^2");
        check("GBP/GBP", "1");
        check("a^2*a", "a^3");
        check("a^0", "1");
        check("zł", "zł");
    }

    #[test]
    fn a_unit_that_is_none_is_refused_where_it_goes_wrong() {
        for (text, offset) in [("", 0), ("GBP/", 4), ("GBP/a/b", 5), ("2", 0), ("GBP^x", 4), ("a**b", 2), ("11", 1)] {
            assert_eq!(text.parse::<Unit>().unwrap_err().offset(), Some(offset), "{text}");
        }
        assert!(Unit::base("air defence").is_err());
    }

    #[test]
    fn a_power_beyond_127_is_an_error() {
        let large = Unit::base("a").unwrap().power(127).unwrap();
        assert!(large.multiply(&Unit::base("a").unwrap()).is_err());
        assert!("a^128".parse::<Unit>().is_err());
        assert!(large.power(-1).unwrap().divide(&Unit::base("a").unwrap()).is_err());
    }

    fn units() -> UnitRegistry {
        let unit = |code: &str| BaseUnit { code: code.into(), kind: "count".into(), places: 0, name: code.into() };
        UnitRegistry::new(["GBP", "missile", "child"].map(unit))
    }

    #[test]
    fn an_unknown_unit_names_the_nearest() {
        assert!(units().parse_quantity("5 GBP/missile [F29; given=5 missile]").is_ok());
        let help = |text: &str| units().parse_quantity(text).unwrap_err().help();
        assert_eq!(help("5 gbp").as_deref(), Some("did you mean `GBP`?"));
        assert_eq!(help("5 1/missiles").as_deref(), Some("did you mean `missile`?"));
        assert_eq!(help("5 children").as_deref(), Some("did you mean `child`?"));
        assert_eq!(
            help("5 [x=1 zebra]").as_deref(),
            Some("`select code, name from units` lists the units of the book")
        );
        assert_eq!(help("1.6 bn").as_deref(), Some("write the number out, or with the exponent e9 for `bn`"));
        assert!(units().parse_unit("GBP/day").is_err());
    }
}
