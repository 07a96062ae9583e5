//! A range of the reals: its two ends and how it prints. Arithmetic is `interval`'s; `Amount::range` decides
//! whether two ends make a range at all.

use super::wide::Rounding;
use super::{decimal, number::Number};
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt};

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// Where the range ends.
    pub value: Decimal,
    /// Whether the end itself belongs to the range.
    pub closed: bool,
}

/// The numbers between two ends, of which there are more than one; either end may be missing, not both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub(super) lo: Option<End>,
    pub(super) hi: Option<End>,
    pub(super) exact: bool,
}

impl Range {
    /// The lower end; `None` if the range has none.
    #[must_use]
    pub fn lo(&self) -> Option<End> {
        self.lo
    }

    /// The upper end; `None` if the range has none.
    #[must_use]
    pub fn hi(&self) -> Option<End> {
        self.hi
    }

    /// Whether no inexact value took part. Rounding an end outward leaves a range exact: nothing is lost from it.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether no number is in it: never true of a range that [`super::Amount::range`] made.
    pub(super) fn is_empty(&self) -> bool {
        match (self.lo, self.hi) {
            (Some(lo), Some(hi)) => lo.value > hi.value || lo.value == hi.value && !(lo.closed && hi.closed),
            _ => false,
        }
    }

    /// Whether 0 is in it.
    pub(super) fn contains_zero(&self) -> bool {
        let above =
            self.lo.is_none_or(|lo| if lo.closed { lo.value <= Decimal::ZERO } else { lo.value < Decimal::ZERO });
        above && self.hi.is_none_or(|hi| if hi.closed { hi.value >= Decimal::ZERO } else { hi.value > Decimal::ZERO })
    }

    /// Whether every number of it is below every one of `other`, as far as inexact ends can tell.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        let (Some(hi), Some(lo)) = (self.hi, other.lo) else {
            return false;
        };
        let [hi_number, lo_number] =
            [(hi, self), (lo, other)].map(|(end, range)| Number::of_exact(end.value, range.exact));
        match hi_number.compare(lo_number) {
            Some(Ordering::Equal) => !(hi.closed && lo.closed),
            order => order == Some(Ordering::Less),
        }
    }

    pub(super) fn negate(&self) -> Self {
        let mirror = |end: End| End { value: decimal::negate(end.value), ..end };
        Self { lo: self.hi.map(mirror), hi: self.lo.map(mirror), exact: self.exact }
    }

    /// Both ends rounded outward; an end that moved becomes open.
    pub(super) fn round(&self, places: i32) -> Result<(Option<End>, Option<End>), QuantityError> {
        let round = |end: Option<End>, rounding| end.map(|end| end.round(places, rounding)).transpose();
        Ok((round(self.lo, Rounding::Down)?, round(self.hi, Rounding::Up)?))
    }
}

impl End {
    fn round(self, places: i32, rounding: Rounding) -> Result<Self, QuantityError> {
        let (value, exact) = decimal::round_to(self.value, places, rounding)?;
        Ok(Self { value, closed: self.closed && exact })
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |end: End| Number::read_as(end.value, self.exact);
        match (self.lo, self.hi) {
            (Some(lo), Some(hi)) => {
                let open = |end: End| if end.closed { "" } else { "<" };
                write!(f, "{}{}..{}{}", number(lo), open(lo), open(hi), number(hi))
            }
            (Some(lo), None) => write!(f, "{}{}", if lo.closed { ">=" } else { ">" }, number(lo)),
            (None, Some(hi)) => write!(f, "{}{}", if hi.closed { "<=" } else { "<" }, number(hi)),
            (None, None) => Ok(()),
        }
    }
}
