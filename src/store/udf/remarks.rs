//! Remarks of translated SQL and of aggregates, for the notices under an answer: comparisons that were left undecided, numbers that
//! took a unit, rows in an order of their own, the unknown rows that leave an aggregate open, and what plain operators lost.

use crate::quantity::{ShareTaken, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// What operators, comparisons and orders found in quantities.
#[derive(Debug, Clone, Default)]
pub struct OperatorRemarks {
    /// The number of comparisons with an unknown.
    pub unknown_compared: u64,
    /// The number of comparisons that ranges or lost digits leave open.
    pub undecided: u64,
    /// The number of comparisons of different units, which are never equal.
    pub units_compared: u64,
    /// The units that numbers without one took in comparisons.
    pub taken_units: BTreeSet<Unit>,
    /// The number of divisions by 0.
    pub divided_by_zero: u64,
    /// The number of unknown values that were placed last.
    pub placed_last: u64,
    /// The number of ranges that were placed by their lower ends.
    pub placed_by_lower_end: u64,
    /// True if values of several units were ordered unit by unit.
    pub ordered_by_unit: bool,
    /// A percent as a factor, and 100 as a divisor.
    pub share_taken: ShareTaken,
}

impl OperatorRemarks {
    /// Notes a comparison in which a number without unit took one.
    pub(super) fn take_unit(&mut self, unit: &Unit) {
        if !self.taken_units.contains(unit) {
            self.taken_units.insert(unit.clone());
        }
    }
}

/// An aggregate of a statement: its site, which only translated SQL has, and the beginning of its call, as `sum(`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GapPlace {
    /// The site.
    pub site: Option<i64>,
    /// The beginning of the call.
    pub call: &'static str,
}

/// The rows of an aggregate, and the unknown ones among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GapCount {
    /// The number of unknown rows.
    pub unknown: u64,
    /// The number of all rows that are not NULL.
    pub all: u64,
    /// The number of rows that are NULL, which aggregates leave out.
    pub nulls: u64,
    /// True if they made an answer unknown.
    pub is_open: bool,
}

/// The rows of the aggregates of a statement.
#[derive(Debug, Clone, Default)]
pub struct Gaps(BTreeMap<GapPlace, GapCount>);

impl Gaps {
    /// Adds the rows of a group.
    pub(super) fn add(&mut self, place: GapPlace, rows: GapCount) {
        let known = self.0.entry(place).or_default();
        known.unknown += rows.unknown;
        known.all += rows.all;
        known.nulls += rows.nulls;
        known.is_open |= rows.is_open;
    }

    /// The aggregates that left out rows which are NULL.
    pub fn with_nulls(&self) -> impl Iterator<Item = (&GapPlace, &GapCount)> {
        self.0.iter().filter(|(_, rows)| rows.nulls > 0 && rows.all > 0)
    }

    /// The aggregates of which unknown rows made an answer unknown.
    pub fn open(&self) -> impl Iterator<Item = (&GapPlace, &GapCount)> {
        self.0.iter().filter(|(_, rows)| rows.is_open)
    }
}

/// The values that were seen at a counter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LossCount {
    /// The number of those of which something was lost.
    pub lost: u64,
    /// The number of all, NULL apart.
    pub all: u64,
}

/// What the counters of the statements of a connection have seen, by the number of the counter.
pub(in crate::store) type LossCounts = BTreeMap<i64, LossCount>;

#[cfg(test)]
mod tests {
    use super::{GapCount, GapPlace, Gaps};

    #[test]
    fn the_rows_of_all_groups_count_where_one_is_open() {
        let mut gaps = Gaps::default();
        let place = |site| GapPlace { site, call: "sum(" };
        gaps.add(place(Some(1)), GapCount { unknown: 0, all: 4, nulls: 0, is_open: false });
        gaps.add(place(Some(1)), GapCount { unknown: 2, all: 3, nulls: 0, is_open: true });
        gaps.add(place(None), GapCount { unknown: 0, all: 9, nulls: 0, is_open: false });
        let open: Vec<_> = gaps.open().map(|(place, rows)| (place.site, rows.unknown, rows.all)).collect();
        assert_eq!(open, [(Some(1), 2, 7)]);
    }
}
