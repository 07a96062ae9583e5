//! Assumptions that a quantity rests on, by name and value, with their text form; sets of them; and sets that grow row by row in
//! bounded memory.

use super::amount::{Amount, End};
use super::calendar::is_calendar_day;
use super::reference::Ref;
use super::scan::{Cursor, is_name};
use super::unit::Unit;
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashSet},
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

/// The most values of one name that a set lists; more are counted.
pub(super) const MAX_LISTED: usize = 64;

/// The name of the assumption that a number is user-supplied, not stated by a source.
pub const GIVEN: &str = "given";

/// The name of the assumption that one source is preferred in conflicts; `prefer.PL1` applies to one pledge.
pub const PREFER: &str = "prefer";

/// The name of the assumption of the day that it is, which a script asks for by `today()`: no clock is read.
pub const TODAY: &str = "today";

/// An assumption: `across_stages`, `rate=1.25 USD/GBP`, `prefer=S1`, `today=2025-03-31`, or a count of many of one name, `given=*100000`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    name: Arc<str>,
    value: AssumedValue,
}

#[derive(Debug, Clone, PartialEq)]
enum AssumedValue {
    /// None: the name is all.
    None,
    /// A number or a range.
    Amount(Amount, Unit),
    /// The number of values, an upper bound: a value of several sets may be counted in each.
    Count(u64),
    /// The number of the preferred source.
    Source(u16),
    /// A day of the calendar.
    Day(Arc<str>),
}

impl Assumption {
    /// An assumption without a value.
    ///
    /// # Errors
    /// If `name` is not a letter followed by letters, digits and `_`, or looks like the id of a fact.
    pub fn named(name: &str) -> Result<Self, QuantityError> {
        if Ref::is_like(name) { Err(invalid_name(name)) } else { Self::checked(name, AssumedValue::None) }
    }

    /// An assumed number or range.
    ///
    /// # Errors
    /// If `name` is neither a letter followed by letters, digits and `_` nor a cell, `S1:2.amount`; or `amount` is an unknown.
    pub fn valued(name: &str, amount: Amount, unit: Unit) -> Result<Self, QuantityError> {
        if let Amount::Unknown(_) = amount {
            return Err(QuantityError::AssumedUnknown(name.into()));
        }
        Self::checked(name, AssumedValue::Amount(amount, unit))
    }

    /// The assumption of the day that it is, `2025-03-31`.
    ///
    /// # Errors
    /// It is no day of the calendar.
    pub fn today(date: &str) -> Result<Self, QuantityError> {
        if is_calendar_day(date) {
            Self::checked(TODAY, AssumedValue::Day(date.into()))
        } else {
            Err(QuantityError::NotADate(date.to_owned()))
        }
    }

    /// The day that it assumes.
    pub fn day(&self) -> Option<&str> {
        if let AssumedValue::Day(day) = &self.value { Some(day) } else { None }
    }

    /// The preference for a source's statements, of everything (`prefer`) or of one pledge (`prefer.PL1`).
    ///
    /// # Errors
    /// If `name` is not of this form.
    pub fn preferring(name: &str, source: u16) -> Result<Self, QuantityError> {
        let is_preference = name == PREFER || preferred_pledge(name).is_some();
        if is_preference { Self::checked(name, AssumedValue::Source(source)) } else { Err(invalid_name(name)) }
    }

    /// An assumption of this layer, without a value; its name is valid.
    pub(super) fn flag(name: &'static str) -> Self {
        Self { name: name.into(), value: AssumedValue::None }
    }

    /// A count of values of one name.
    pub(super) fn counted(name: &Arc<str>, count: u64) -> Self {
        Self { name: Arc::clone(name), value: AssumedValue::Count(count) }
    }

    fn checked(name: &str, value: AssumedValue) -> Result<Self, QuantityError> {
        let is_name = is_name(preferred_pledge(name).or_else(|| column_of_record(name)).unwrap_or(name));
        if is_name { Ok(Self { name: name.into(), value }) } else { Err(invalid_name(name)) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// True if it is a user-supplied number, which replaces no stated figure.
    pub fn is_given(&self) -> bool {
        self.name() == GIVEN
    }

    /// The number of values, if they are counted and not listed.
    pub fn count(&self) -> Option<u64> {
        if let AssumedValue::Count(count) = self.value { Some(count) } else { None }
    }

    /// True if it replaces the figure of a fact, whose id is its name, or the number of a cell, `S1:2.amount`.
    pub fn is_of_fact(&self) -> bool {
        Ref::is_like(&self.name)
    }

    /// The fact or the record whose number it replaces.
    pub fn replaced(&self) -> Option<Ref> {
        let id = self.name.split_once('.').map_or(&*self.name, |(record, _)| record);
        if self.is_of_fact() { id.parse().ok() } else { None }
    }

    /// The number of the preferred source, if it is a preference.
    pub fn source(&self) -> Option<u16> {
        if let AssumedValue::Source(source) = self.value { Some(source) } else { None }
    }

    /// The assumed number or range, if there is one.
    pub fn value(&self) -> Option<(&Amount, &Unit)> {
        if let AssumedValue::Amount(amount, unit) = &self.value { Some((amount, unit)) } else { None }
    }

    /// Orders by name, then by value: day, lower end, upper end, unit; counts come last.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |assumption: &Self| {
            (
                assumption.count(),
                assumption.source(),
                assumption.value().map(|(amount, unit)| (ends(amount), unit.clone())),
            )
        };
        let by_name = self.name.cmp(&other.name);
        by_name.then_with(|| self.day().cmp(&other.day())).then_with(|| key(self).cmp(&key(other)))
    }

    /// Parses a name and, after `=`, an amount with its unit.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let name = cursor.take(|c| !matches!(c, '=' | ';' | ']'));
        if !cursor.eat("=") {
            return Self::named(name.trim_end());
        }
        if cursor.eat("*") {
            return Self::parse_count(name, cursor);
        }
        if name == TODAY {
            return Self::today(cursor.take(|c| !matches!(c, ';' | ']')));
        }
        if cursor.rest().starts_with("unknown(") {
            return Err(QuantityError::AssumedUnknown(name.into()));
        }
        if cursor.eat("S") {
            let start = *cursor;
            let source = cursor.digits().parse().ok().filter(|source| *source > 0);
            return Self::preferring(name, source.ok_or_else(|| start.malformed("a source below 65536"))?);
        }
        let amount = Amount::parse_known(cursor)?;
        let mut ahead = *cursor;
        let has_unit = ahead.spaces() && ahead.peek().is_some_and(|c| c == '1' || c.is_alphabetic());
        if has_unit {
            *cursor = ahead;
        }
        let unit = if has_unit { Unit::parse(cursor)? } else { Unit::one() };
        Self::valued(name, amount, unit)
    }

    fn parse_count(name: &str, cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        match cursor.digits().parse() {
            Ok(count) if count > 0 => Self::checked(name, AssumedValue::Count(count)),
            _ => Err(cursor.malformed("how many values there are")),
        }
    }
}

/// The pledge in the name `prefer.PL1`.
fn preferred_pledge(name: &str) -> Option<&str> {
    name.strip_prefix(PREFER)?.strip_prefix('.')
}

/// The column in the name of a cell, `S1:2.amount`.
fn column_of_record(name: &str) -> Option<&str> {
    let (record, column) = name.split_once('.')?;
    matches!(record.parse(), Ok(Ref::Record { .. })).then_some(column)
}

fn invalid_name(name: &str) -> QuantityError {
    QuantityError::InvalidAssumptionName(name.into())
}

type EndKey = Option<(Decimal, bool)>;

fn ends(amount: &Amount) -> (EndKey, EndKey, bool) {
    let key = |end: Option<End>| end.map(|end| (end.value, end.closed));
    match amount {
        Amount::Number(number) => (Some((number.value, true)), Some((number.value, true)), number.is_exact()),
        Amount::Range(range) => (key(range.lo()), key(range.hi()), range.is_exact()),
        Amount::Unknown(_) => (None, None, true),
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.value {
            AssumedValue::Amount(amount, unit) if unit.is_one() => write!(f, "={amount}"),
            AssumedValue::Amount(amount, unit) => write!(f, "={amount} {unit}"),
            AssumedValue::Count(count) => write!(f, "=*{count}"),
            AssumedValue::Source(source) => write!(f, "=S{source}"),
            AssumedValue::Day(day) => write!(f, "={day}"),
            AssumedValue::None => Ok(()),
        }
    }
}

/// A set of assumptions, cheap to clone, ordered by name, then by value. A name may have several values; of more than 64
/// only their number is kept, an upper bound after a union: none is missed, and one may be counted twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assumptions(Arc<[Assumption]>);

impl Assumptions {
    /// The empty set.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// True if it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if it contains an assumption of that name, with any value.
    pub fn has(&self, name: &str) -> bool {
        self.iter().any(|assumption| assumption.name() == name)
    }

    /// The assumptions, ordered by name, then by value.
    pub fn iter(&self) -> impl Iterator<Item = &Assumption> {
        self.0.iter()
    }

    /// The union.
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

    /// The difference.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        if other.is_empty() { self.clone() } else { self.filtered(|one| !other.iter().any(|known| known == one)) }
    }

    /// The assumptions about the book, without user-supplied numbers.
    #[must_use]
    pub fn about_book(&self) -> Self {
        self.filtered(|one| !one.is_given())
    }

    /// The assumptions for which `is_wanted` is true; the set is shared if that is all of them.
    fn filtered(&self, is_wanted: impl Fn(&Assumption) -> bool) -> Self {
        if self.iter().all(&is_wanted) {
            self.clone()
        } else {
            self.iter().filter(|one| is_wanted(one)).cloned().collect()
        }
    }

    /// The set with one more.
    #[must_use]
    pub fn with(&self, assumption: Assumption) -> Self {
        if self.is_empty() {
            return Self([assumption].into());
        }
        self.iter().cloned().chain([assumption]).collect()
    }
}

impl FromIterator<Assumption> for Assumptions {
    fn from_iter<I: IntoIterator<Item = Assumption>>(assumptions: I) -> Self {
        let mut sorted: Vec<_> = assumptions.into_iter().collect();
        sorted.sort_by(Assumption::order);
        // Two counts are of different values.
        sorted.dedup_by(|one, other| one == other && one.count().is_none());
        let sorted = fold_long_names(sorted);
        if sorted.is_empty() { Self::none() } else { Self(sorted.into()) }
    }
}

/// Replaces the values of each name that has too many by their count.
fn fold_long_names(sorted: Vec<Assumption>) -> Vec<Assumption> {
    if sorted.len() <= MAX_LISTED && sorted.iter().all(|assumption| assumption.count().is_none()) {
        return sorted;
    }
    let mut kept = Vec::new();
    for of_name in sorted.chunk_by(|one, other| one.name == other.name) {
        if of_name.len() <= MAX_LISTED && of_name.iter().all(|assumption| assumption.count().is_none()) {
            kept.extend(of_name.iter().cloned());
        } else {
            let count = of_name.iter().map(|assumption| assumption.count().unwrap_or(1)).fold(0, u64::saturating_add);
            kept.push(Assumption::counted(&of_name[0].name, count));
        }
    }
    kept
}

impl fmt::Display for Assumptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, assumption) in self.iter().enumerate() {
            write!(f, "{}{assumption}", if index == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

/// The most values of a name that are told apart by hash; beyond it each use counts as one, an upper bound.
const MAX_DISTINCT: usize = 1 << 17;

/// The assumptions of many rows, accumulated in memory that does not grow with the rows.
#[derive(Debug, Clone, Default)]
pub(super) struct AssumptionAccumulator(BTreeMap<Arc<str>, Values>);

/// The values of one name.
#[derive(Debug, Clone, Default)]
struct Values {
    /// The number of uses.
    uses: u64,
    distinct: Distinct,
}

/// The different values of a name.
#[derive(Debug, Clone)]
enum Distinct {
    /// All of them in order, while they are few.
    Listed(Vec<Assumption>),
    /// The hash of each.
    Hashed(HashSet<u128>),
    /// Too many to tell apart, or only counted in a row.
    Counted,
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl AssumptionAccumulator {
    /// Adds the assumptions of a row.
    pub(super) fn extend(&mut self, row: &Assumptions) {
        for assumption in row.iter() {
            self.0.entry(Arc::clone(&assumption.name)).or_default().push(assumption);
        }
    }

    /// The set of all assumptions added.
    pub(super) fn all(&self) -> Assumptions {
        let all = self.0.iter().flat_map(|(name, values)| match &values.distinct {
            Distinct::Listed(listed) => listed.clone(),
            Distinct::Hashed(hashes) => vec![Assumption::counted(name, hashes.len() as u64)],
            Distinct::Counted => vec![Assumption::counted(name, values.uses)],
        });
        all.collect()
    }
}

impl Values {
    fn push(&mut self, assumption: &Assumption) {
        self.uses = self.uses.saturating_add(assumption.count().unwrap_or(1));
        if assumption.count().is_some() {
            self.distinct = Distinct::Counted;
        }
        match &mut self.distinct {
            Distinct::Counted => {}
            Distinct::Hashed(hashes) => {
                hashes.insert(hash128(assumption));
                if hashes.len() > MAX_DISTINCT {
                    self.distinct = Distinct::Counted;
                }
            }
            Distinct::Listed(listed) => {
                if let Err(at) = listed.binary_search_by(|listed| listed.order(assumption)) {
                    listed.insert(at, assumption.clone());
                }
                if listed.len() > MAX_LISTED {
                    self.distinct = Distinct::Hashed(listed.iter().map(hash128).collect());
                }
            }
        }
    }
}

/// A 128-bit hash of an assumption, without collisions in practice.
fn hash128(assumption: &Assumption) -> u128 {
    let text = assumption.to_string();
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &text).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Quantity;

    fn gathered(rows: impl Iterator<Item = String>) -> String {
        let mut gathered = AssumptionAccumulator::default();
        for row in rows {
            let row: Quantity = format!("1 GBP [{row}]").parse().unwrap();
            gathered.extend(row.assumptions());
        }
        gathered.all().to_string()
    }

    #[test]
    fn a_day_is_a_day_and_no_number() {
        let row: Quantity = "30 day [given=2; today=2025-03-31]".parse().unwrap();
        assert_eq!(row.to_string(), "30 day [given=2; today=2025-03-31]");
        assert_eq!(row.assumptions().iter().find_map(Assumption::day), Some("2025-03-31"));
        let two = |days: &str| gathered(days.split(' ').map(|day| format!("today={day}")));
        assert_eq!(two("2025-04-01 2025-03-31 2025-04-01"), "today=2025-03-31; today=2025-04-01");
        for wrong in ["2025-02-30", "20250331", "5 day", ""] {
            assert!(format!("1 [today={wrong}]").parse::<Quantity>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn few_values_are_told_and_many_are_counted() {
        let given = |count: u32| (0..count).map(|n| format!("given={}", n % 1_000));
        assert_eq!(gathered(given(2).chain(given(2))), "given=0; given=1");
        assert_eq!(gathered(given(64)).matches("given=").count(), 64);
        assert_eq!(gathered(given(65)), "given=*65");
        assert_eq!(gathered(given(5_000).chain(["A1".to_owned()])), "A1; given=*1000");
        assert_eq!(gathered((0..200_000).map(|n| format!("given={n}"))), "given=*200000");
    }

    #[test]
    fn what_was_only_counted_is_counted_in_whatever_order() {
        let rows = ["given=*100", "given=1", "given=2", "given=1"].map(str::to_owned);
        assert_eq!(gathered(rows.clone().into_iter()), "given=*103");
        assert_eq!(gathered(rows.into_iter().rev()), "given=*103");
    }
}
