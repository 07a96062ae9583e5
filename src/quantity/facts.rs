//! References to the rows of a book, and the set of those that a quantity was computed from. One is kept in place, more in a
//! compressed bitmap, so that a sum over a million rows stays small.

use super::scan::Cursor;
use crate::error::QuantityError;
use roaring::{RoaringBitmap, RoaringTreemap};
use std::{fmt, ops::RangeInclusive, str::FromStr, sync::Arc};

/// A reference to a row of the book, or to all records of a source. Sources and rows count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ref {
    /// `F29` (source 1), `S2F01`.
    Fact {
        /// The source that states it.
        source: u16,
        /// Its number within the source.
        number: u32,
    },
    /// `S2:37`, an imported row.
    Record {
        /// The source it was imported from.
        source: u16,
        /// Its number within the source, below `u32::MAX`.
        number: u32,
    },
    /// `S2:*`.
    AllRecords(u16),
    /// `U11`, an open question, of any source.
    Unknown(u32),
}

/// The group of the open questions: the upper half of their keys. Each source has two groups, of facts and of records.
pub(super) const UNKNOWNS: u32 = 1 << 17;

/// The lower half of the key of all records of a source.
pub(super) const ALL: u32 = u32::MAX;

impl Ref {
    /// The key: a number in the canonical order, by source, facts before records; open questions last.
    pub(super) fn key(self) -> u64 {
        let (group, number) = match self {
            Self::Fact { source, number } => (u32::from(source) * 2, number),
            Self::Record { source, number } => (records_of(source), number),
            Self::AllRecords(source) => (records_of(source), ALL),
            Self::Unknown(number) => (UNKNOWNS, number),
        };
        u64::from(group) << 32 | u64::from(number)
    }

    pub(super) fn from_key(key: u64) -> Self {
        let (group, number) = split_key(key);
        let source = source_of(group);
        match (group, number) {
            (UNKNOWNS, _) => Self::Unknown(number),
            (_, ALL) if is_records(group) => Self::AllRecords(source),
            _ if is_records(group) => Self::Record { source, number },
            _ => Self::Fact { source, number },
        }
    }

    /// True if `name` starts like a reference: `F`, `S` or `U` and a digit.
    pub(super) fn is_like(name: &str) -> bool {
        matches!(name.as_bytes(), [b'F' | b'S' | b'U', b'0'..=b'9', ..])
    }

    /// Parses a reference, or a range of records, as keys.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<RangeInclusive<u64>, QuantityError> {
        let one = |reference: Self| reference.key()..=reference.key();
        if cursor.eat("F") {
            return Ok(one(Self::Fact { source: 1, number: number(cursor)? }));
        }
        if cursor.eat("U") {
            return Ok(one(Self::Unknown(number(cursor)?)));
        }
        if !cursor.eat("S") {
            return Err(cursor.malformed("a fact, as `F29`"));
        }
        let start = *cursor;
        let source = u16::try_from(number(cursor)?).map_err(|_| start.malformed("a source below 65536"))?;
        if cursor.eat("F") {
            return Ok(one(Self::Fact { source, number: number(cursor)? }));
        }
        if !cursor.eat(":") {
            return Err(cursor.malformed("`F` or `:`"));
        }
        if cursor.eat("*") {
            return Ok(one(Self::AllRecords(source)));
        }
        records(cursor, source)
    }
}

fn records(cursor: &mut Cursor<'_>, source: u16) -> Result<RangeInclusive<u64>, QuantityError> {
    let first = number(cursor)?;
    let start = *cursor;
    let last = if cursor.eat("-") { number(cursor)? } else { first };
    if last < first {
        return Err(start.malformed("a range that runs upwards"));
    }
    let key = |number| Ref::Record { source, number }.key();
    Ok(key(first)..=key(last))
}

/// A number from 1 on, below [`ALL`].
fn number(cursor: &mut Cursor<'_>) -> Result<u32, QuantityError> {
    let start = *cursor;
    let number = cursor.digits().parse().ok().filter(|number| (1..ALL).contains(number));
    number.ok_or_else(|| start.malformed("a number from 1 to 4294967294"))
}

fn records_of(source: u16) -> u32 {
    u32::from(source) * 2 + 1
}

/// The source of a group of keys; 0 for the open questions, which have none.
pub(super) fn source_of(group: u32) -> u16 {
    u16::try_from(group / 2).unwrap_or(0)
}

/// True if a group of keys is the records of a source.
pub(super) fn is_records(group: u32) -> bool {
    group < UNKNOWNS && group % 2 == 1
}

/// The group and the number of a key.
pub(super) fn split_key(key: u64) -> (u32, u32) {
    let (group, number) = (key >> 32, key & u64::from(u32::MAX));
    (u32::try_from(group).expect("32 bits are left"), u32::try_from(number).expect("32 bits are left"))
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact { source: 1, number } => write!(f, "F{number:02}"),
            Self::Fact { source, number } => write!(f, "S{source}F{number:02}"),
            Self::Record { source, number } => write!(f, "S{source}:{number}"),
            Self::AllRecords(source) => write!(f, "S{source}:*"),
            Self::Unknown(number) => write!(f, "U{number:02}"),
        }
    }
}

impl FromStr for Ref {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut cursor = Cursor::new(text);
        let keys = Self::parse(&mut cursor)?;
        cursor.finish("the end of the reference")?;
        if keys.start() == keys.end() {
            Ok(Self::from_key(*keys.start()))
        } else {
            Err(cursor.malformed("one record, not a range"))
        }
    }
}

/// A set of [`Ref`]s, cheap to clone. A source's `S2:*` replaces its single records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(KeySet);

/// Keys of references; `Many` holds at least two.
#[derive(Debug, Clone, PartialEq, Default)]
enum KeySet {
    #[default]
    None,
    One(u64),
    Many(Arc<RoaringTreemap>),
}

/// The most ranges of records of one source that are printed; more are printed as `S2:*`.
const RANGES_PRINTED: usize = 64;

/// So many references are added to a set one by one.
const FEW: u64 = 8;

impl Facts {
    /// The empty set.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// True if it is empty.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, KeySet::None)
    }

    /// The number of references; `S2:*` counts as one.
    pub fn len(&self) -> u64 {
        match &self.0 {
            KeySet::None => 0,
            KeySet::One(_) => 1,
            KeySet::Many(keys) => keys.len(),
        }
    }

    /// The number of single records of a source.
    pub fn record_count(&self, source: u16) -> u64 {
        self.iter().filter(|one| matches!(one, Ref::Record { source: of, .. } if *of == source)).count() as u64
    }

    /// True if it contains `reference`; `S2:*` contains every record of its source.
    pub fn contains(&self, reference: Ref) -> bool {
        let (key, all) = (reference.key(), all_of(reference.key()));
        match &self.0 {
            KeySet::None => false,
            KeySet::One(one) => *one == key || Some(*one) == all,
            KeySet::Many(keys) => keys.contains(key) || all.is_some_and(|all| keys.contains(all)),
        }
    }

    /// The references in canonical order: by source, facts before records; open questions last.
    pub fn iter(&self) -> impl Iterator<Item = Ref> {
        let (one, many) = match &self.0 {
            KeySet::None => (None, None),
            KeySet::One(key) => (Some(*key), None),
            KeySet::Many(keys) => (None, Some(keys.iter())),
        };
        one.into_iter().chain(many.into_iter().flatten()).map(Ref::from_key)
    }

    /// The references by group: source by source in canonical order, facts before records, open questions last. Records are
    /// not iterated, so that `S2:1-4000000000` is as quick as `S2:1`.
    pub fn groups(&self) -> impl Iterator<Item = FactGroup> {
        let (one, many) = match &self.0 {
            KeySet::None => (None, None),
            KeySet::One(key) => {
                (Some(FactGroup::of(split_key(*key).0, &RoaringBitmap::from([split_key(*key).1]))), None)
            }
            KeySet::Many(keys) => (None, Some(keys.bitmaps())),
        };
        one.into_iter().chain(many.into_iter().flatten().map(|(group, numbers)| FactGroup::of(group, numbers)))
    }

    /// The union.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (KeySet::None, _) => other.clone(),
            (KeySet::One(_), KeySet::Many(_)) => {
                let mut union = other.clone();
                union.extend(self);
                union
            }
            _ => {
                let mut union = self.clone();
                union.extend(other);
                union
            }
        }
    }

    /// Adds the references of `other`. A set that is not shared grows in place.
    pub fn extend(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (_, KeySet::None) => {}
            (KeySet::None, _) => self.clone_from(other),
            (_, KeySet::One(key)) => *self = std::mem::take(self).with(*key..=*key),
            (KeySet::One(_), _) => *self = other.union(self),
            (KeySet::Many(own), KeySet::Many(added)) if Arc::ptr_eq(own, added) => {}
            (KeySet::Many(own), KeySet::Many(added)) => {
                let keys = Arc::make_mut(own);
                // A union makes every set of numbers anew, however few come to it.
                if added.len() <= FEW {
                    keys.extend(added.iter());
                } else {
                    *keys |= &**added;
                }
                drop_covered(keys);
            }
        }
    }

    /// The intersection; `S2:*` contains the records of its source.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (KeySet::None, _) | (_, KeySet::None) => Self::none(),
            (KeySet::One(key), _) => other.covered_by(*key),
            (_, KeySet::One(key)) => self.covered_by(*key),
            (KeySet::Many(a), KeySet::Many(b)) => {
                let shared = a.bitmaps().filter_map(|(group, numbers)| {
                    let (_, others) = b.bitmaps().find(|(other, _)| *other == group)?;
                    Some((group, intersect_numbers(group, numbers, others)))
                });
                Self::from_treemap(Arc::new(RoaringTreemap::from_bitmaps(
                    shared.filter(|(_, numbers)| !numbers.is_empty()),
                )))
            }
        }
    }

    /// The facts and records, without the open questions.
    #[must_use]
    pub fn without_questions(&self) -> Self {
        match &self.0 {
            KeySet::Many(keys) if keys.max().is_some_and(|key| split_key(key).0 == UNKNOWNS) => {
                let mut keys = RoaringTreemap::clone(keys);
                keys.remove_range(u64::from(UNKNOWNS) << 32..);
                Self::from_treemap(Arc::new(keys))
            }
            KeySet::One(key) if split_key(*key).0 == UNKNOWNS => Self::none(),
            _ => self.clone(),
        }
    }

    /// The part of the set that a key covers: itself, or for `S2:*` the records of that source.
    fn covered_by(&self, key: u64) -> Self {
        if self.contains(Ref::from_key(key)) {
            return Self(KeySet::One(key));
        }
        match &self.0 {
            KeySet::One(own) if all_of(*own) == Some(key) => self.clone(),
            KeySet::Many(keys) if all_of(key) == Some(key) => {
                let records = keys.bitmaps().filter(|(group, _)| *group == split_key(key).0);
                let records = records.map(|(group, numbers)| (group, numbers.clone()));
                Self::from_treemap(Arc::new(RoaringTreemap::from_bitmaps(records)))
            }
            _ => Self::none(),
        }
    }

    /// Adds keys of one group.
    fn with(self, added: RangeInclusive<u64>) -> Self {
        let is_one = added.start() == added.end();
        let mut keys = match self.0 {
            KeySet::None if is_one => return Self(KeySet::One(*added.start())),
            KeySet::One(key) if is_one && key == *added.start() => return self,
            KeySet::None => Arc::default(),
            KeySet::One(key) => Arc::new(RoaringTreemap::from_iter([key])),
            KeySet::Many(keys) => keys,
        };
        let set = Arc::make_mut(&mut keys);
        if is_one {
            set.insert(*added.start());
        } else {
            set.insert_range(added.clone());
        }
        match all_of(*added.start()).filter(|all| set.contains(*all)) {
            Some(all) => {
                set.remove_range(all - u64::from(ALL)..all);
                Self::from_treemap(keys)
            }
            None => Self(KeySet::Many(keys)),
        }
    }

    /// The smallest representation of a set that may have fewer than two keys.
    fn from_treemap(keys: Arc<RoaringTreemap>) -> Self {
        match (keys.min(), keys.max()) {
            (Some(least), Some(greatest)) if least < greatest => Self(KeySet::Many(keys)),
            (Some(only), _) => Self(KeySet::One(only)),
            (None, _) => Self(KeySet::None),
        }
    }

    /// Parses one more reference or range of records into the set.
    pub(super) fn parse_into(self, cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        Ref::parse(cursor).map(|keys| self.with(keys))
    }
}

/// Removes the records of a source whose `S2:*` is in the set.
fn drop_covered(keys: &mut RoaringTreemap) {
    let full = keys.bitmaps().filter(|(_, numbers)| numbers.max() == Some(ALL));
    let full: Vec<_> = full.filter_map(|(group, _)| all_of(u64::from(group) << 32)).collect();
    for all in full {
        keys.remove_range(all - u64::from(ALL)..all);
    }
}

/// The intersection of two sets of numbers of one group, where [`ALL`] is every record of a source.
fn intersect_numbers(group: u32, a: &RoaringBitmap, b: &RoaringBitmap) -> RoaringBitmap {
    let has_all = |numbers: &RoaringBitmap| is_records(group) && numbers.max() == Some(ALL);
    match (has_all(a), has_all(b)) {
        (true, _) => b.clone(),
        (false, true) => a.clone(),
        (false, false) => a & b,
    }
}

/// The key of all records of the source that `key` is a record of; `None` for a fact or a question.
fn all_of(key: u64) -> Option<u64> {
    is_records(split_key(key).0).then_some(key | u64::from(ALL))
}

impl FromIterator<Ref> for Facts {
    fn from_iter<I: IntoIterator<Item = Ref>>(references: I) -> Self {
        let mut keys: RoaringTreemap = references.into_iter().map(Ref::key).collect();
        drop_covered(&mut keys);
        Self::from_treemap(Arc::new(keys))
    }
}

impl From<Ref> for Facts {
    fn from(reference: Ref) -> Self {
        Self(KeySet::One(reference.key()))
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = match &self.0 {
            KeySet::None => return Ok(()),
            KeySet::One(key) => return Ref::from_key(*key).fmt(f),
            KeySet::Many(keys) => keys,
        };
        let mut separator = "";
        for (group, numbers) in keys.bitmaps() {
            let first = u64::from(group) << 32;
            if is_records(group) {
                write!(f, "{separator}{}", RecordRanges { first, numbers })?;
            } else {
                for number in numbers {
                    write!(f, "{separator}{}", Ref::from_key(first | u64::from(number)))?;
                    separator = " ";
                }
            }
            separator = " ";
        }
        Ok(())
    }
}

/// The records of one source, printed as ranges.
struct RecordRanges<'a> {
    first: u64,
    numbers: &'a RoaringBitmap,
}

impl fmt::Display for RecordRanges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut numbers = self.numbers.iter();
        let ranges: Vec<_> = std::iter::from_fn(|| numbers.next_range()).take(RANGES_PRINTED + 1).collect();
        if ranges.len() > RANGES_PRINTED {
            return Ref::from_key(self.first | u64::from(ALL)).fmt(f);
        }
        for (index, range) in ranges.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(f, "{separator}{}", Ref::from_key(self.first | u64::from(*range.start())))?;
            if range.start() < range.end() {
                write!(f, "-{}", range.end())?;
            }
        }
        Ok(())
    }
}

/// The references of a set that are of one kind and, except open questions, of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactGroup {
    /// The facts of a source, or the open questions, listed in canonical order.
    Named(Vec<Ref>),
    /// Records of a source.
    Records {
        /// The source.
        source: u16,
        /// The greatest number among them; `None` for all records, `S2:*`.
        greatest: Option<u32>,
    },
}

impl FactGroup {
    /// The group with the upper half `group` of the keys, and their lower halves, at least one.
    pub(super) fn of(group: u32, numbers: &RoaringBitmap) -> Self {
        if is_records(group) {
            return Self::Records { source: source_of(group), greatest: numbers.max().filter(|number| *number != ALL) };
        }
        let first = u64::from(group) << 32;
        Self::Named(numbers.iter().map(|number| Ref::from_key(first | u64::from(number))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(numbers: impl IntoIterator<Item = u32>) -> Facts {
        numbers.into_iter().map(|number| Ref::Record { source: 2, number }).collect()
    }

    #[test]
    fn records_print_as_ranges_and_too_many_ranges_as_all() {
        assert_eq!(records([3, 1, 2, 7]).to_string(), "S2:1-3 S2:7");
        assert_eq!(records((1..=64).map(|number| number * 2)).to_string().split(' ').count(), 64);
        assert_eq!(records((1..=65).map(|number| number * 2)).to_string(), "S2:*");
    }

    #[test]
    fn a_few_are_added_as_many_are() {
        let few = [9, 5001, 70_000];
        let (some, many) = (records(0..5000), records(few.into_iter().chain(5001..5020)));
        let mut grown = some.clone();
        grown.extend(&records(few));
        grown.extend(&many);
        assert_eq!(grown, some.union(&many));
        grown.extend(&Facts::from(Ref::AllRecords(2)).union(&Ref::Unknown(1).into()));
        assert_eq!(grown.to_string(), "S2:* U01");
    }

    #[test]
    fn all_records_stand_for_each() {
        let all: Facts = Ref::AllRecords(2).into();
        assert_eq!(records([3, 5]).union(&all), all);
        assert_eq!(all.intersection(&records([5])), records([5]));
        assert_eq!(records([3, 5]).intersection(&all), records([3, 5]));
        assert!(records([3]).intersection(&Ref::AllRecords(3).into()).is_empty());
    }

    #[test]
    fn the_order_is_by_source_then_facts_then_records_then_questions() {
        let text = "F02 S1:9 S2F01 S2:* U07";
        let facts: Facts = text.split(' ').rev().map(|reference| reference.parse::<Ref>().unwrap()).collect();
        assert_eq!(facts.to_string(), text);
        assert_eq!(facts.len(), 5);
    }

    #[test]
    fn a_set_is_looked_at_group_by_group() {
        let facts: Facts =
            "F02 F07 S1:9 S2:4 U07".split(' ').map(|reference| reference.parse::<Ref>().unwrap()).collect();
        let fact = |number| Ref::Fact { source: 1, number };
        let groups = [
            FactGroup::Named(vec![fact(2), fact(7)]),
            FactGroup::Records { source: 1, greatest: Some(9) },
            FactGroup::Records { source: 2, greatest: Some(4) },
            FactGroup::Named(vec![Ref::Unknown(7)]),
        ];
        assert!(facts.groups().eq(groups));
        assert!(Facts::from(Ref::AllRecords(2)).groups().eq([FactGroup::Records { source: 2, greatest: None }]));
        assert_eq!(facts.without_questions().to_string(), "F02 F07 S1:9 S2:4");
    }

    #[test]
    fn four_billion_records_stay_small_and_quick() {
        let mut cursor = Cursor::new("S2:1-4294967294");
        let facts = Facts::none().parse_into(&mut cursor).unwrap();
        assert_eq!((facts.len(), facts.to_string().as_str()), (4_294_967_294, "S2:1-4294967294"));
        let both = facts.union(&Ref::Unknown(1).into());
        assert_eq!(both.intersection(&facts), facts);
        assert_eq!(both.intersection(&records([7])), records([7]));
        assert!(facts.groups().eq([FactGroup::Records { source: 2, greatest: Some(4_294_967_294) }]));
    }
}
