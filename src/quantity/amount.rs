//! The amount of a quantity: a number, a range or an unknown; its arithmetic and its text form. Units, and what
//! an amount rests on, are `value`'s.

use super::cursor::Cursor;
use super::decimal;
use super::interval::{self, Ends};
use super::number::Number;
use super::range::{End, Range};
use super::reason::{Reason, Reasons};
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt};

/// How much it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A known number.
    Number(Number),
    /// Some number of a range.
    Range(Range),
    /// No number, for these reasons (at least one).
    Unknown(Reasons),
}

type OnNumbers = fn(Number, Number) -> Result<Number, QuantityError>;
type OnRanges = fn(&Range, &Range) -> Result<Ends, QuantityError>;

impl Amount {
    /// An exact number.
    #[must_use]
    pub fn exact(value: Decimal) -> Self {
        Self::Number(Number::exact(value))
    }

    /// The numbers between two ends: one number if the ends are equal and closed, `unknown(not_computable)` if
    /// there is no end on either side. `exact` is false where an inexact value took part.
    ///
    /// # Errors
    /// If no number lies between the ends.
    pub fn range(lo: Option<End>, hi: Option<End>, exact: bool) -> Result<Self, QuantityError> {
        let range = Range { lo, hi, exact };
        match (lo, hi) {
            (None, None) => Ok(Self::Unknown(Reason::NotComputable.into())),
            _ if range.is_empty() => Err(QuantityError::EmptyRange(range.to_string())),
            (Some(lo), Some(hi)) if lo.value == hi.value => Ok(Self::Number(Number::of_exact(lo.value, exact))),
            _ => Ok(Self::Range(range)),
        }
    }

    /// Whether nothing was lost on the way to it; an unknown is exactly that.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Number(number) => number.is_exact(),
            Self::Range(range) => range.exact,
            Self::Unknown(_) => true,
        }
    }

    pub(super) fn add(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::add, interval::add)
    }

    pub(super) fn subtract(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::subtract, |a, b| interval::add(a, &b.negate()))
    }

    pub(super) fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::multiply, interval::multiply)
    }

    pub(super) fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::divide, |a, b| {
            if b.contains_zero() {
                return Err(QuantityError::DivisionByRange(String::new()));
            }
            interval::divide(a, b)
        })
    }

    pub(super) fn negate(&self) -> Self {
        match self {
            Self::Number(number) => Self::Number(Number { value: decimal::negate(number.value), ..*number }),
            Self::Range(range) => Self::Range(range.negate()),
            Self::Unknown(reasons) => Self::Unknown(*reasons),
        }
    }

    /// Half away from zero; ranges outward. A number that changed is no longer exact.
    pub(super) fn round(&self, places: i32) -> Result<Self, QuantityError> {
        match self {
            Self::Number(number) => number.round(places).map(Self::Number),
            Self::Range(range) => {
                let (lo, hi) = range.round(places)?;
                Self::range(lo, hi, range.exact)
            }
            Self::Unknown(reasons) => Ok(Self::Unknown(*reasons)),
        }
    }

    /// How two known amounts are ordered; `None` where that can't be told.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if let (Self::Number(a), Self::Number(b)) = (self, other) {
            return a.compare(*b);
        }
        let (a, b) = (self.as_range()?, other.as_range()?);
        if a.is_below(&b) { Some(Ordering::Less) } else { b.is_below(&a).then_some(Ordering::Greater) }
    }

    /// The same, off by as much as either: two inexact numbers of the same digits.
    pub(super) fn off_by_either(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Self::Number(one.off_by_either(*other)),
            _ => self.clone(),
        }
    }

    pub(super) fn as_range(&self) -> Option<Range> {
        match self {
            Self::Number(number) => Some(Range::point(*number)),
            Self::Range(range) => Some(*range),
            Self::Unknown(_) => None,
        }
    }

    fn combine(&self, other: &Self, on_numbers: OnNumbers, on_ranges: OnRanges) -> Result<Self, QuantityError> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => on_numbers(*a, *b).map(Self::Number),
            (Self::Unknown(a), Self::Unknown(b)) => Ok(Self::Unknown(a.union(*b))),
            (Self::Unknown(reasons), _) | (_, Self::Unknown(reasons)) => Ok(Self::Unknown(*reasons)),
            (Self::Range(a), Self::Range(b)) => Self::from_ranges(*a, *b, on_ranges),
            (Self::Range(a), Self::Number(b)) => Self::from_ranges(*a, Range::point(*b), on_ranges),
            (Self::Number(a), Self::Range(b)) => Self::from_ranges(Range::point(*a), *b, on_ranges),
        }
    }

    fn from_ranges(a: Range, b: Range, on_ranges: OnRanges) -> Result<Self, QuantityError> {
        let (lo, hi) = on_ranges(&a, &b)?;
        Self::range(lo, hi, a.exact && b.exact)
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        if cursor.eat("unknown(") { read_reasons(cursor) } else { Self::read_known(cursor) }
    }

    /// Reads a number or a range.
    pub(super) fn read_known(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        for (sign, is_lower, closed) in
            [(">=", true, true), (">", true, false), ("<=", false, true), ("<", false, false)]
        {
            if cursor.eat(sign) {
                let number = Number::read(cursor)?;
                let (value, exact) = (number.value, number.is_exact());
                let end = Some(End { value, closed });
                return if is_lower { Self::range(end, None, exact) } else { Self::range(None, end, exact) };
            }
        }
        let lo = Number::read(cursor)?;
        let lo_open = cursor.rest().starts_with("<..") && cursor.eat("<");
        if !cursor.eat("..") {
            return Ok(Self::Number(lo));
        }
        let hi_open = cursor.eat("<");
        let hi = Number::read(cursor)?;
        let end = |number: Number, open: bool| Some(End { value: number.value, closed: !open });
        Self::range(end(lo, lo_open), end(hi, hi_open), lo.is_exact() && hi.is_exact())
    }
}

fn read_reasons(cursor: &mut Cursor<'_>) -> Result<Amount, QuantityError> {
    let mut reasons = Reasons::none();
    loop {
        cursor.spaces();
        let start = cursor.offset();
        let word = cursor.name();
        if word.is_empty() {
            return Err(cursor.malformed("a reason, as `not_stated`"));
        }
        reasons = reasons.union(word.parse::<Reason>().map_err(|error| error.within(start))?.into());
        if cursor.eat(")") {
            return Ok(Amount::Unknown(reasons));
        }
        if !cursor.eat(",") {
            return Err(cursor.malformed("`,` or `)`"));
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Range(range) => range.fmt(f),
            Self::Unknown(reasons) => write!(f, "unknown({reasons})"),
        }
    }
}
