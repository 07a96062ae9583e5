//! What a set of facts holds, told in groups: it may hold four billion records, so that nobody should walk through
//! them one by one.

use super::reference::{ALL, Ref, is_records, source_of};
use roaring::RoaringBitmap;

/// Some references of a set that are of one kind and, but for open questions, of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// The facts of a source, or the open questions: each by itself, in canonical order.
    Named(Vec<Ref>),
    /// Records of a source.
    Records {
        /// The source.
        source: u16,
        /// The greatest number among them; `None` for all records, `S2:*`.
        greatest: Option<u32>,
    },
}

impl Group {
    /// The group with the upper half `group` of the keys, and their lower halves, of which there is one at least.
    pub(super) fn of(group: u32, numbers: &RoaringBitmap) -> Self {
        if is_records(group) {
            return Self::Records { source: source_of(group), greatest: numbers.max().filter(|number| *number != ALL) };
        }
        let first = u64::from(group) << 32;
        Self::Named(numbers.iter().map(|number| Ref::from_key(first | u64::from(number))).collect())
    }
}
