//! Suppositions that a quantity rests on, by name and value, and their text form. Which there are, and what they
//! mean, is decided where they are made.

use super::amount::Amount;
use super::cursor::{Cursor, is_name};
use super::range::End;
use super::reference::Ref;
use super::unit::Unit;
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt, sync::Arc};

/// The name of the assumption that a number was given by the user, not by a source.
pub(super) const GIVEN: &str = "given";

/// One supposition: `across_stages`, `rate=1.25 USD/GBP`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    name: Arc<str>,
    value: Option<(Amount, Unit)>,
}

impl Assumption {
    /// A supposition without a value.
    ///
    /// # Errors
    /// If `name` is not a letter followed by letters, digits and `_`, or looks like the id of a fact.
    pub fn named(name: &str) -> Result<Self, QuantityError> {
        if Ref::is_like(name) { Err(refused(name)) } else { Self::checked(name, None) }
    }

    /// A supposed number or range.
    ///
    /// # Errors
    /// If `name` is not a letter followed by letters, digits and `_`, or `amount` is an unknown.
    pub fn valued(name: &str, amount: Amount, unit: Unit) -> Result<Self, QuantityError> {
        if let Amount::Unknown(_) = amount {
            return Err(QuantityError::AssumptionUnknown(name.into()));
        }
        Self::checked(name, Some((amount, unit)))
    }

    /// One of this module's own, without a value.
    pub(super) fn own(name: &'static str) -> Self {
        Self { name: name.into(), value: None }
    }

    fn checked(name: &str, value: Option<(Amount, Unit)>) -> Result<Self, QuantityError> {
        if is_name(name) { Ok(Self { name: name.into(), value }) } else { Err(refused(name)) }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it supposes another number for the figure of a fact, whose id its name is.
    #[must_use]
    pub fn is_of_fact(&self) -> bool {
        Ref::is_like(&self.name)
    }

    /// Whether a reader makes it about the book, as another number for a fact or a rate, rather than by a bare number of
    /// their own.
    #[must_use]
    pub fn is_about_book(&self) -> bool {
        &*self.name != GIVEN
    }

    /// The supposed number or range, if the supposition has one.
    #[must_use]
    pub fn value(&self) -> Option<(&Amount, &Unit)> {
        self.value.as_ref().map(|(amount, unit)| (amount, unit))
    }

    /// By name, then by value: lower end, upper end, unit.
    fn order(&self, other: &Self) -> Ordering {
        let key = |assumption: &Self| assumption.value.as_ref().map(|(amount, unit)| (ends(amount), unit.clone()));
        self.name.cmp(&other.name).then_with(|| key(self).cmp(&key(other)))
    }

    /// Reads a name and, after `=`, an amount with its unit.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let name = cursor.take(|c| !matches!(c, '=' | ';' | ']'));
        if !cursor.eat("=") {
            return Self::named(name.trim_end());
        }
        if cursor.rest().starts_with("unknown(") {
            return Err(QuantityError::AssumptionUnknown(name.into()));
        }
        let amount = Amount::read_known(cursor)?;
        let mut ahead = *cursor;
        let has_unit = ahead.spaces() && ahead.peek().is_some_and(|c| c == '1' || c.is_alphabetic());
        if has_unit {
            *cursor = ahead;
        }
        let unit = if has_unit { Unit::read(cursor)? } else { Unit::one() };
        Self::valued(name, amount, unit)
    }
}

fn refused(name: &str) -> QuantityError {
    QuantityError::AssumptionName(name.into())
}

type EndKey = Option<(Decimal, bool)>;

fn ends(amount: &Amount) -> (EndKey, EndKey, bool) {
    let key = |end: Option<End>| end.map(|end| (end.value, end.closed));
    match amount {
        Amount::Number(number) => (Some((number.value, true)), Some((number.value, true)), number.exact),
        Amount::Range(range) => (key(range.lo()), key(range.hi()), range.is_exact()),
        Amount::Unknown(_) => (None, None, true),
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.value {
            Some((amount, unit)) if unit.is_one() => write!(f, "={amount}"),
            Some((amount, unit)) => write!(f, "={amount} {unit}"),
            None => Ok(()),
        }
    }
}

/// A set of suppositions, cheap to clone: by name, then by value. One name may occur with several values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assumptions(Arc<[Assumption]>);

impl Assumptions {
    /// The empty set.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing is supposed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a supposition of that name is in it, with whatever value.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|assumption| assumption.name() == name)
    }

    /// The suppositions, by name, then by value.
    pub fn iter(&self) -> impl Iterator<Item = &Assumption> {
        self.0.iter()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() || Arc::ptr_eq(&self.0, &other.0) {
            self.clone()
        } else if self.is_empty() {
            other.clone()
        } else {
            self.iter().chain(other.iter()).cloned().collect()
        }
    }

    /// What is in this one alone.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        if other.is_empty() { self.clone() } else { self.kept(|one| !other.iter().any(|known| known == one)) }
    }

    /// Those that a reader makes of the book, rather than by a number of their own.
    #[must_use]
    pub fn about_book(&self) -> Self {
        self.kept(Assumption::is_about_book)
    }

    /// Those that `is_wanted`; of all of them no copy is made.
    fn kept(&self, is_wanted: impl Fn(&Assumption) -> bool) -> Self {
        if self.iter().all(&is_wanted) {
            self.clone()
        } else {
            self.iter().filter(|one| is_wanted(one)).cloned().collect()
        }
    }

    /// The set with one more.
    #[must_use]
    pub fn with(&self, assumption: Assumption) -> Self {
        self.iter().cloned().chain([assumption]).collect()
    }
}

/// A set that grows row by row: what is new is put in order only when there is as much of it as was in order before, so
/// that a sum over a million rows, each with a supposition of its own, takes no longer than sorting them.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    sorted: Assumptions,
    new: Vec<Assumption>,
}

impl Gathered {
    /// Adds what a row rests on.
    pub(super) fn extend(&mut self, row: &Assumptions) {
        if row.is_empty() || Arc::ptr_eq(&self.sorted.0, &row.0) {
            return;
        }
        if self.sorted.is_empty() && self.new.is_empty() {
            self.sorted = row.clone();
            return;
        }
        self.new.extend(row.iter().cloned());
        if self.new.len() > self.sorted.0.len() {
            self.sorted = self.all();
            self.new.clear();
        }
    }

    /// Everything that was added.
    pub(super) fn all(&self) -> Assumptions {
        if self.new.is_empty() {
            return self.sorted.clone();
        }
        self.sorted.iter().chain(&self.new).cloned().collect()
    }
}

impl FromIterator<Assumption> for Assumptions {
    fn from_iter<I: IntoIterator<Item = Assumption>>(assumptions: I) -> Self {
        let mut sorted: Vec<_> = assumptions.into_iter().collect();
        sorted.sort_by(Assumption::order);
        sorted.dedup();
        if sorted.is_empty() { Self::none() } else { Self(sorted.into()) }
    }
}

impl fmt::Display for Assumptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, assumption) in self.iter().enumerate() {
            write!(f, "{}{assumption}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}
