//! The set of the references that a quantity was computed from. One is kept in place, more in a compressed bitmap, so that a sum
//! over a million rows stays small.

use super::record_sets::{RecordCount, RecordCounts, RecordSet, WrittenRecords};
use super::reference::{ALL, Ref, UNKNOWNS, is_records, records_of, source_of, split_key};
use super::scan::Cursor;
use crate::error::QuantityError;
use roaring::{RoaringBitmap, RoaringTreemap};
use std::{fmt, ops::RangeInclusive, sync::Arc};

/// A set of [`Ref`]s, cheap to clone. A source's `S2:*` replaces its single records; where only their number is known, it stands
/// for so many of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts(KeySet, RecordCounts);

/// Keys of references; `Many` holds at least two.
#[derive(Debug, Clone, PartialEq, Default)]
enum KeySet {
    #[default]
    None,
    One(u64),
    Many(Arc<RoaringTreemap>),
}

/// So many references are added to a set one by one.
const FEW: u64 = 8;

impl Facts {
    /// A set of keys that are all known.
    fn of(keys: KeySet) -> Self {
        Self(keys, RecordCounts::default())
    }

    /// The empty set.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The records of a source with these numbers, which ascend.
    pub(super) fn of_records(source: u16, numbers: impl Iterator<Item = u32>) -> Self {
        let mut records = RoaringBitmap::new();
        // A number that does not ascend would not be added.
        let added = records.append(numbers);
        debug_assert!(added.is_ok(), "the records of a run ascend");
        Self::from_treemap(Arc::new(RoaringTreemap::from_bitmaps([(records_of(source), records)])))
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

    /// The number of records of a source; `None` for all of them.
    pub fn record_count(&self, source: u16) -> Option<RecordCount> {
        let exactly = |count| Some(RecordCount::exactly(count));
        let numbers = match &self.0 {
            KeySet::None => return exactly(0),
            KeySet::One(key) if split_key(*key).0 != records_of(source) => return exactly(0),
            KeySet::One(key) if all_of(*key) == Some(*key) => return self.1.get(source),
            KeySet::One(_) => return exactly(1),
            KeySet::Many(keys) => keys.bitmaps().find(|(group, _)| *group == records_of(source)),
        };
        match numbers {
            Some((_, numbers)) if numbers.max() == Some(ALL) => self.1.get(source),
            numbers => exactly(numbers.map_or(0, |(_, numbers)| numbers.len())),
        }
    }

    /// The counts of the union with another set.
    fn united_counts(&self, other: &Self) -> RecordCounts {
        if self.1.is_empty() && other.1.is_empty() {
            return RecordCounts::default();
        }
        self.1.union(&other.1, [&|source| self.record_count(source), &|source| other.record_count(source)])
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

    /// The sources whose records are among them.
    pub fn record_sources(&self) -> impl Iterator<Item = u16> {
        self.groups().filter_map(|group| match group {
            FactGroup::Records { source } => Some(source),
            FactGroup::Named(_) => None,
        })
    }

    /// The union.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (KeySet::None, _) => other.clone(),
            (_, KeySet::None) => self.clone(),
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
        let counts = self.united_counts(other);
        self.extend_keys(other);
        self.1 = counts;
    }

    /// Adds the references of `other`. Returns those of them that were in the set before.
    pub(super) fn add(&mut self, other: &Self) -> Self {
        if let (KeySet::Many(keys), KeySet::One(key)) = (&mut self.0, &other.0)
            && self.1.is_empty()
            && other.1.is_empty()
            && all_of(*key).is_none_or(|all| all != *key && !keys.contains(all))
        {
            return if Arc::make_mut(keys).insert(*key) { Self::none() } else { other.clone() };
        }
        let before = self.intersection(other);
        self.extend(other);
        before
    }

    fn extend_keys(&mut self, other: &Self) {
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

    /// The intersection; `S2:*` contains the records of its source, and records that are only counted are in none.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let shared = self.shared_keys(other);
        if (self.1.is_empty() && other.1.is_empty()) || shared.is_empty() {
            return shared;
        }
        // Of which records are only counted, nothing is known to be shared.
        let is_counted = |source: u16| self.1.get(source).or(other.1.get(source)).is_some();
        shared
            .iter()
            .filter(|one| !matches!(one, Ref::Record { source, .. } | Ref::AllRecords(source) if is_counted(*source)))
            .collect()
    }

    fn shared_keys(&self, other: &Self) -> Self {
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
                Self(Self::from_treemap(Arc::new(keys)).0, self.1.clone())
            }
            KeySet::One(key) if split_key(*key).0 == UNKNOWNS => Self::none(),
            _ => self.clone(),
        }
    }

    /// The part of the set that a key covers: itself, or for `S2:*` the records of that source.
    fn covered_by(&self, key: u64) -> Self {
        if self.contains(Ref::from_key(key)) {
            return Self::of(KeySet::One(key));
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
            KeySet::None if is_one => return Self::of(KeySet::One(*added.start())),
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
            None => Self::of(KeySet::Many(keys)),
        }
    }

    /// The smallest representation of a set that may have fewer than two keys.
    fn from_treemap(keys: Arc<RoaringTreemap>) -> Self {
        match (keys.min(), keys.max()) {
            (Some(least), Some(greatest)) if least < greatest => Self::of(KeySet::Many(keys)),
            (Some(only), _) => Self::of(KeySet::One(only)),
            (None, _) => Self::of(KeySet::None),
        }
    }

    /// Parses one more reference or range of records into the set.
    pub(super) fn parse_into(self, cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let added = match RecordSet::parse(cursor)? {
            None => {
                let keys = Ref::parse(cursor)?;
                if self.1.is_empty() {
                    return Ok(self.with(keys));
                }
                Self::none().with(keys)
            }
            Some((source, RecordSet::Counted(count))) => {
                Self(KeySet::One(Ref::AllRecords(source).key()), RecordCounts::one(source, count))
            }
            Some((source, RecordSet::Exact(numbers))) => {
                Self::from_treemap(Arc::new(RoaringTreemap::from_bitmaps([(records_of(source), numbers)])))
            }
        };
        Ok(self.union(&added))
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
        Self::of(KeySet::One(reference.key()))
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = match &self.0 {
            KeySet::None => return Ok(()),
            KeySet::One(key) if self.1.is_empty() => return Ref::from_key(*key).fmt(f),
            KeySet::One(key) => Arc::new(RoaringTreemap::from_iter([*key])),
            KeySet::Many(keys) => Arc::clone(keys),
        };
        let mut separator = "";
        for (group, numbers) in keys.bitmaps() {
            f.write_str(separator)?;
            separator = " ";
            if is_records(group) {
                let source = source_of(group);
                WrittenRecords { source, numbers, count: self.1.get(source) }.fmt(f)?;
                continue;
            }
            let first = u64::from(group) << 32;
            for (index, number) in numbers.iter().enumerate() {
                let separator = if index == 0 { "" } else { " " };
                write!(f, "{separator}{}", Ref::from_key(first | u64::from(number)))?;
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
    },
}

impl FactGroup {
    /// The group with the upper half `group` of the keys, and their lower halves, at least one.
    pub(super) fn of(group: u32, numbers: &RoaringBitmap) -> Self {
        if is_records(group) {
            return Self::Records { source: source_of(group) };
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
        assert_eq!(records((1..=65).map(|number| number * 2)).to_string(), "S2:*#65");
    }

    #[track_caller]
    fn read(text: &str) -> Facts {
        text.split(' ').fold(Facts::none(), |facts, one| facts.parse_into(&mut Cursor::new(one)).unwrap())
    }

    #[test]
    fn the_count_of_many_records_comes_through_text_and_their_set_where_it_is_small() {
        let many = records((1..=1_000).map(|number| number * 2));
        assert_eq!(read(&format!("{many:#}")), many);
        let counted = read("F01 S2:*#125000 S3:7 U02");
        assert_eq!(
            (counted.to_string().as_str(), counted.record_count(2)),
            ("F01 S2:*#125000 S3:7 U02", Some(RecordCount::exactly(125_000)))
        );
        assert_eq!(
            (counted.record_count(3), many.record_count(2), many.record_count(9)),
            [1, 1_000, 0].map(|count| Some(RecordCount::exactly(count))).into()
        );
        // Of one million rows, every other one: the set is longer than what is written for it.
        let million = records((1..=500_000).map(|number| number * 2));
        assert_eq!(format!("{million:#}"), "S2:*#500000");
        for wrong in ["S2:*#0", "S2:*#", "S2:*#5-3", "S2:=3a3", "S2:=", "S0:*#5", "S2:=zz"] {
            assert!(Facts::none().parse_into(&mut Cursor::new(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_counts_of_a_union_are_the_least_and_the_most_that_it_can_have() {
        let counted = read("S2:*#500");
        assert_eq!(counted.union(&read("S3:1 F01")).to_string(), "F01 S2:*#500 S3:1");
        assert_eq!(read("S3:1 U04").union(&counted).without_questions().to_string(), "S2:*#500 S3:1");
        assert_eq!(counted.union(&counted.clone()).to_string(), "S2:*#500");
        // Records of which only the numbers are known may be the same or not.
        assert_eq!(counted.union(&read("S2:*#400")).to_string(), "S2:*#500-900");
        assert_eq!(read("S2:7").union(&counted).to_string(), "S2:*#500-501");
        assert_eq!(read("S2:*#500-900").union(&read("S2:*")).to_string(), "S2:*");
        assert!(counted.intersection(&read("S2:*#400")).is_empty());
        assert_eq!(counted.union(&read("F01")).intersection(&read("F01 S2:7")).to_string(), "F01");
        assert!(counted.contains("S2:7".parse().unwrap()));
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
    fn what_is_added_was_there_or_was_not() {
        for text in
            ["S2:*#500 F01", "S2:* F01", "F01 F02 S2:1 S2:3", "S2:1 S2:2", "S2:7", "F01", "F01 S2:1-4000000 S3:9"]
        {
            for added in ["S2:1", "S2:7", "F01", "F09", "S2:*", "S3:9", "S2:1-3", "S2:*#4"] {
                let (mut grown, added) = (read(text), read(added));
                let before = grown.add(&added);
                assert_eq!(
                    (before, grown),
                    (read(text).intersection(&added), read(text).union(&added)),
                    "{text} {added}"
                );
            }
        }
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
            FactGroup::Records { source: 1 },
            FactGroup::Records { source: 2 },
            FactGroup::Named(vec![Ref::Unknown(7)]),
        ];
        assert!(facts.groups().eq(groups));
        assert!(Facts::from(Ref::AllRecords(2)).groups().eq([FactGroup::Records { source: 2 }]));
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
        assert!(facts.groups().eq([FactGroup::Records { source: 2 }]));
    }
}
