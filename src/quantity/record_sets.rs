//! The written form of the records of one source in a set of facts: as ranges; where these are too many, as their count, `S2:*#125000`;
//! and, for the program alone, as the set itself, `S2:=3a30…`, so that it comes through SQL whole where it is small.

use super::reference::ALL;
use super::scan::Cursor;
use crate::error::QuantityError;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The most ranges of records of one source that are printed; more are printed as their count.
pub(super) const RANGES_PRINTED: usize = 64;

/// The most bytes of a set that the program writes for itself whole.
const MAX_SET_BYTES: usize = 4 << 10;

/// A number of records: from one to another, where sets of which only the numbers are known may share some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordCount {
    /// The least that it can be.
    pub least: u64,
    /// The most that it can be.
    pub most: u64,
}

impl RecordCount {
    pub(super) fn exactly(count: u64) -> Self {
        Self { least: count, most: count }
    }

    fn union(self, other: Self) -> Self {
        Self { least: self.least.max(other.least), most: self.most.saturating_add(other.most) }
    }

    /// The same in a table of so many records.
    #[must_use]
    pub fn within(self, all: u64) -> Self {
        Self { least: self.least.min(all), most: self.most.min(all) }
    }

    /// Parses `125000`, or `500-900`.
    fn parse(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        let number = |cursor: &mut Cursor<'_>| cursor.digits().parse::<u64>().ok();
        let least = number(cursor);
        let most = if cursor.eat("-") { number(cursor) } else { least };
        match (least, most) {
            (Some(least), Some(most)) if 0 < least && least <= most => Ok(Self { least, most }),
            _ => Err(cursor.malformed("a number of records")),
        }
    }
}

impl fmt::Display for RecordCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.least)?;
        if self.least < self.most { write!(f, "-{}", self.most) } else { Ok(()) }
    }
}

/// The numbers of records of sources of which no more is known than that.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RecordCounts(Option<Arc<BTreeMap<u16, RecordCount>>>);

impl RecordCounts {
    pub(super) fn one(source: u16, count: RecordCount) -> Self {
        Self(Some(Arc::new(BTreeMap::from([(source, count)]))))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn get(&self, source: u16) -> Option<RecordCount> {
        self.0.as_ref()?.get(&source).copied()
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = u16> {
        self.0.iter().flat_map(|counts| counts.keys().copied())
    }

    /// The counts of a union; the same counts stay what they are. `count_of` counts the records of a source on either side.
    pub(super) fn union(&self, other: &Self, count_of: [&dyn Fn(u16) -> Option<RecordCount>; 2]) -> Self {
        if let (Some(one), Some(two)) = (&self.0, &other.0)
            && Arc::ptr_eq(one, two)
        {
            return self.clone();
        }
        let sources = self.sources().chain(other.sources());
        let kept: BTreeMap<u16, RecordCount> =
            sources.filter_map(|source| Some((source, count_of[0](source)?.union(count_of[1](source)?)))).collect();
        Self((!kept.is_empty()).then(|| Arc::new(kept)))
    }
}

/// The records of a source that are not written one by one or as ranges.
pub(super) enum RecordSet {
    /// So many, which ones is not known.
    Counted(RecordCount),
    /// These.
    Exact(RoaringBitmap),
}

impl RecordSet {
    /// Parses `S2:*#125000` or `S2:=3a30…`; `None` where something else follows, which stays.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Option<(u16, Self)>, QuantityError> {
        let mut ahead = *cursor;
        if !ahead.eat("S") {
            return Ok(None);
        }
        let Ok(source) = ahead.digits().parse::<u16>() else { return Ok(None) };
        let set = if ahead.eat(":*#") {
            Self::Counted(RecordCount::parse(&mut ahead)?)
        } else if ahead.eat(":=") {
            let numbers = bitmap(ahead.take(|c| c.is_ascii_hexdigit()));
            Self::Exact(numbers.ok_or_else(|| ahead.malformed("a set of records"))?)
        } else {
            return Ok(None);
        };
        if source == 0 {
            return Err(cursor.malformed("a source from 1 on"));
        }
        *cursor = ahead;
        Ok(Some((source, set)))
    }
}

fn bitmap(digits: &str) -> Option<RoaringBitmap> {
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?;
    let numbers = RoaringBitmap::deserialize_from(bytes.as_slice()).ok()?;
    (numbers.min()? > 0 && numbers.max()? < ALL).then_some(numbers)
}

/// The records of one source, as they are written.
pub(super) struct WrittenRecords<'a> {
    pub(super) source: u16,
    pub(super) numbers: &'a RoaringBitmap,
    /// Their number, where no more is known.
    pub(super) count: Option<RecordCount>,
}

impl fmt::Display for WrittenRecords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source;
        if self.numbers.max() == Some(ALL) {
            return match self.count {
                None => write!(f, "S{source}:*"),
                Some(count) => write!(f, "S{source}:*#{count}"),
            };
        }
        let mut numbers = self.numbers.iter();
        let ranges: Vec<_> = std::iter::from_fn(|| numbers.next_range()).take(RANGES_PRINTED + 1).collect();
        if ranges.len() > RANGES_PRINTED {
            return self.fmt_many(f);
        }
        for (index, range) in ranges.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(f, "{separator}S{source}:{}", range.start())?;
            if range.start() < range.end() {
                write!(f, "-{}", range.end())?;
            }
        }
        Ok(())
    }
}

impl WrittenRecords<'_> {
    /// Writes records that are not written as ranges.
    fn fmt_many(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() || self.numbers.serialized_size() > MAX_SET_BYTES {
            return write!(f, "S{}:*#{}", self.source, self.numbers.len());
        }
        let mut bytes = Vec::new();
        self.numbers.serialize_into(&mut bytes).map_err(|_| fmt::Error)?;
        write!(f, "S{}:=", self.source)?;
        bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
