//! References to the rows of a book: facts, records of imported tables, open questions; and the keys by which sets hold them.

use super::scan::Cursor;
use crate::error::QuantityError;
use std::{fmt, ops::RangeInclusive, str::FromStr};

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

pub(super) fn records_of(source: u16) -> u32 {
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
