//! Groups of rows, each below its own sum: `Europe 100`, then its countries. Where all of a column falls into such groups, adding it up
//! counts every part twice.

use super::exact_sum::ExactSum;
use rust_decimal::Decimal;

/// The groups that a column has fallen into so far.
#[derive(Debug, Clone, Default)]
pub(super) struct HeadedGroups {
    /// The number that the next ones may be parts of.
    head: Option<Decimal>,
    /// The sum of its parts so far, and their number.
    parts: (ExactSum, u64),
    /// The number of groups.
    count: u64,
    /// The number of parts of the largest.
    most_parts: u64,
    is_broken: bool,
    is_signed: bool,
}

impl HeadedGroups {
    /// Takes the next number into account.
    pub(super) fn add(&mut self, number: Decimal) {
        if self.is_broken {
            return;
        }
        self.is_signed |= number.is_sign_negative() && !number.is_zero();
        let Some(head) = self.head else {
            (self.head, self.parts) = (Some(number), (ExactSum::default(), 0));
            self.is_broken = number.is_zero();
            return;
        };
        self.parts.0.add(number);
        self.parts.1 += 1;
        if self.parts.0.equals(head) {
            self.count += 1;
            self.most_parts = self.most_parts.max(self.parts.1);
            self.head = None;
        } else {
            // Without negative numbers it only grows.
            self.is_broken = !self.is_signed && self.parts.0.exceeds(head);
        }
    }

    /// The number of groups, if all numbers are in one and that can be no chance: several, one of them with several parts.
    pub(super) fn count(&self) -> Option<u64> {
        let is_complete = !self.is_broken && self.head.is_none();
        (is_complete && self.count > 1 && self.most_parts > 1).then_some(self.count)
    }
}
