//! The set of rows that a quantity was computed from. One is held in place, more in a compressed bitmap, so that
//! a sum over a million rows stays small. What the rows say is the book's.

use super::cursor::Cursor;
use super::group::Group;
use super::reference::{ALL, Ref, UNKNOWNS, is_records, split};
use crate::error::QuantityError;
use roaring::{RoaringBitmap, RoaringTreemap};
use std::{fmt, ops::RangeInclusive, sync::Arc};

/// A set of [`Ref`]s, cheap to clone. A source's `S2:*` takes the place of its single records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(Keys);

/// Keys of references; `Many` holds at least two.
#[derive(Debug, Clone, PartialEq, Default)]
enum Keys {
    #[default]
    None,
    One(u64),
    Many(Arc<RoaringTreemap>),
}

/// More ranges of records of one source than this print as `S2:*`.
const RANGES_PRINTED: usize = 64;

/// So many references are added to a set one by one.
const FEW: u64 = 8;

impl Facts {
    /// The empty set.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Keys::None)
    }

    /// How many references it holds; `S2:*` counts as one.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.0 {
            Keys::None => 0,
            Keys::One(_) => 1,
            Keys::Many(keys) => keys.len(),
        }
    }

    /// Whether `reference` is in it; every record of a source is in `S2:*`.
    #[must_use]
    pub fn contains(&self, reference: Ref) -> bool {
        let (key, all) = (reference.key(), all_of(reference.key()));
        match &self.0 {
            Keys::None => false,
            Keys::One(one) => *one == key || Some(*one) == all,
            Keys::Many(keys) => keys.contains(key) || all.is_some_and(|all| keys.contains(all)),
        }
    }

    /// The references in canonical order: by source, facts before records; open questions last.
    pub fn iter(&self) -> impl Iterator<Item = Ref> {
        let (one, many) = match &self.0 {
            Keys::None => (None, None),
            Keys::One(key) => (Some(*key), None),
            Keys::Many(keys) => (None, Some(keys.iter())),
        };
        one.into_iter().chain(many.into_iter().flatten()).map(Ref::from_key)
    }

    /// What the set holds, source by source in canonical order, facts before records; open questions last. Nothing is
    /// walked through but what is named one by one, so that `S2:1-4000000000` is as quick to look at as `S2:1`.
    pub fn groups(&self) -> impl Iterator<Item = Group> {
        let (one, many) = match &self.0 {
            Keys::None => (None, None),
            Keys::One(key) => (Some(Group::of(split(*key).0, &RoaringBitmap::from([split(*key).1]))), None),
            Keys::Many(keys) => (None, Some(keys.bitmaps())),
        };
        one.into_iter().chain(many.into_iter().flatten().map(|(group, numbers)| Group::of(group, numbers)))
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Keys::None, _) => other.clone(),
            (Keys::One(_), Keys::Many(_)) => {
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

    /// Adds what is in `other`. A set that nothing else shares grows in place.
    pub fn extend(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (_, Keys::None) => {}
            (Keys::None, _) => self.clone_from(other),
            (_, Keys::One(key)) => *self = std::mem::take(self).with(*key..=*key),
            (Keys::One(_), _) => *self = other.union(self),
            (Keys::Many(own), Keys::Many(added)) if Arc::ptr_eq(own, added) => {}
            (Keys::Many(own), Keys::Many(added)) => {
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

    /// What is in both; a record is in the `S2:*` of its source.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Keys::None, _) | (_, Keys::None) => Self::none(),
            (Keys::One(key), _) => other.covered_by(*key),
            (_, Keys::One(key)) => self.covered_by(*key),
            (Keys::Many(a), Keys::Many(b)) => {
                let shared = a.bitmaps().filter_map(|(group, numbers)| {
                    let (_, others) = b.bitmaps().find(|(other, _)| *other == group)?;
                    Some((group, in_both(group, numbers, others)))
                });
                Self::shared(Arc::new(RoaringTreemap::from_bitmaps(shared.filter(|(_, numbers)| !numbers.is_empty()))))
            }
        }
    }

    /// The facts and records, without the open questions.
    #[must_use]
    pub fn without_questions(&self) -> Self {
        match &self.0 {
            Keys::Many(keys) if keys.max().is_some_and(|key| split(key).0 == UNKNOWNS) => {
                let mut keys = RoaringTreemap::clone(keys);
                keys.remove_range(u64::from(UNKNOWNS) << 32..);
                Self::shared(Arc::new(keys))
            }
            Keys::One(key) if split(*key).0 == UNKNOWNS => Self::none(),
            _ => self.clone(),
        }
    }

    /// What of the set a key covers: itself, or for `S2:*` the records of that source.
    fn covered_by(&self, key: u64) -> Self {
        if self.contains(Ref::from_key(key)) {
            return Self(Keys::One(key));
        }
        match &self.0 {
            Keys::One(own) if all_of(*own) == Some(key) => self.clone(),
            Keys::Many(keys) if all_of(key) == Some(key) => {
                let records = keys.bitmaps().filter(|(group, _)| *group == split(key).0);
                let records = records.map(|(group, numbers)| (group, numbers.clone()));
                Self::shared(Arc::new(RoaringTreemap::from_bitmaps(records)))
            }
            _ => Self::none(),
        }
    }

    /// Adds keys of one group.
    fn with(self, added: RangeInclusive<u64>) -> Self {
        let is_one = added.start() == added.end();
        let mut keys = match self.0 {
            Keys::None if is_one => return Self(Keys::One(*added.start())),
            Keys::One(key) if is_one && key == *added.start() => return self,
            Keys::None => Arc::default(),
            Keys::One(key) => Arc::new(RoaringTreemap::from_iter([key])),
            Keys::Many(keys) => keys,
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
                Self::shared(keys)
            }
            None => Self(Keys::Many(keys)),
        }
    }

    fn from_keys(mut keys: RoaringTreemap) -> Self {
        drop_covered(&mut keys);
        Self::shared(Arc::new(keys))
    }

    /// The smallest form of a set that may hold fewer than two.
    fn shared(keys: Arc<RoaringTreemap>) -> Self {
        match (keys.min(), keys.max()) {
            (Some(least), Some(greatest)) if least < greatest => Self(Keys::Many(keys)),
            (Some(only), _) => Self(Keys::One(only)),
            (None, _) => Self(Keys::None),
        }
    }

    /// Reads one reference or range of records more.
    pub(super) fn read_into(self, cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        Ref::read(cursor).map(|keys| self.with(keys))
    }
}

/// Takes out the records of a source whose `S2:*` is there too.
fn drop_covered(keys: &mut RoaringTreemap) {
    let full = keys.bitmaps().filter(|(_, numbers)| numbers.max() == Some(ALL));
    let full: Vec<_> = full.filter_map(|(group, _)| all_of(u64::from(group) << 32)).collect();
    for all in full {
        keys.remove_range(all - u64::from(ALL)..all);
    }
}

/// What two sets of numbers of one group share, where [`ALL`] stands for every record of a source.
fn in_both(group: u32, a: &RoaringBitmap, b: &RoaringBitmap) -> RoaringBitmap {
    let has_all = |numbers: &RoaringBitmap| is_records(group) && numbers.max() == Some(ALL);
    match (has_all(a), has_all(b)) {
        (true, _) => b.clone(),
        (false, true) => a.clone(),
        (false, false) => a & b,
    }
}

/// The key that stands for all records of the source that `key` is a record of; `None` for a fact or a question.
fn all_of(key: u64) -> Option<u64> {
    is_records(split(key).0).then_some(key | u64::from(ALL))
}

impl FromIterator<Ref> for Facts {
    fn from_iter<I: IntoIterator<Item = Ref>>(references: I) -> Self {
        Self::from_keys(references.into_iter().map(Ref::key).collect())
    }
}

impl From<Ref> for Facts {
    fn from(reference: Ref) -> Self {
        Self(Keys::One(reference.key()))
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = match &self.0 {
            Keys::None => return Ok(()),
            Keys::One(key) => return Ref::from_key(*key).fmt(f),
            Keys::Many(keys) => keys,
        };
        let mut separator = "";
        for (group, numbers) in keys.bitmaps() {
            let first = u64::from(group) << 32;
            if is_records(group) {
                write!(f, "{separator}{}", Records { first, numbers })?;
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
struct Records<'a> {
    first: u64,
    numbers: &'a RoaringBitmap,
}

impl fmt::Display for Records<'_> {
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
            Group::Named(vec![fact(2), fact(7)]),
            Group::Records { source: 1, greatest: Some(9) },
            Group::Records { source: 2, greatest: Some(4) },
            Group::Named(vec![Ref::Unknown(7)]),
        ];
        assert!(facts.groups().eq(groups));
        assert!(Facts::from(Ref::AllRecords(2)).groups().eq([Group::Records { source: 2, greatest: None }]));
        assert_eq!(facts.without_questions().to_string(), "F02 F07 S1:9 S2:4");
    }

    #[test]
    fn four_billion_records_stay_small_and_quick() {
        let mut cursor = Cursor::new("S2:1-4294967294");
        let facts = Facts::none().read_into(&mut cursor).unwrap();
        assert_eq!((facts.len(), facts.to_string().as_str()), (4_294_967_294, "S2:1-4294967294"));
        let both = facts.union(&Ref::Unknown(1).into());
        assert_eq!(both.intersection(&facts), facts);
        assert_eq!(both.intersection(&records([7])), records([7]));
        assert!(facts.groups().eq([Group::Records { source: 2, greatest: Some(4_294_967_294) }]));
    }
}
