//! The amount of a quantity: a number, a range or an unknown; interval arithmetic, with ends rounded outward; its text form;
//! and the range that the significant figures of a number imply. It knows no units.

use super::codes::{Reason, Reasons};
use super::decimal::{self, DIGITS, Exact, Rounding, add, add_to, divide, divide_to, multiply_to, round_to, subtract};
use super::number::Number;
use super::scan::Cursor;
use crate::error::QuantityError;
use rust_decimal::Decimal;
use std::{cmp::Ordering, fmt};

/// An amount: a number, a range or an unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// A known number.
    Number(Number),
    /// An unknown number of a range.
    Range(Range),
    /// Unknown, for these reasons (at least one).
    Unknown(Reasons),
}

type OnNumbers = fn(Number, Number) -> Result<Number, QuantityError>;
type OnRanges = fn(&Range, &Range) -> Result<RangeEnds, QuantityError>;

impl Amount {
    /// An exact number.
    #[must_use]
    pub fn exact(value: Decimal) -> Self {
        Self::Number(Number::exact(value))
    }

    /// The range between two ends: a number if the ends are equal and closed, `unknown(not_computable)` if both are
    /// missing. `exact` is false if an inexact value took part.
    ///
    /// # Errors
    /// If the range is empty.
    pub fn range(lo: Option<End>, hi: Option<End>, exact: bool) -> Result<Self, QuantityError> {
        let range = Range { lo, hi, exact };
        match (lo, hi) {
            (None, None) => Ok(Self::Unknown(Reason::NotComputable.into())),
            _ if range.is_empty() => Err(QuantityError::EmptyRange(range.to_string())),
            (Some(lo), Some(hi)) if lo.value == hi.value => Ok(Self::Number(Number::from_rounded(lo.value, exact))),
            _ => Ok(Self::Range(range)),
        }
    }

    /// True if no operation rounded it; an unknown is exact.
    pub fn is_exact(&self) -> bool {
        match self {
            Self::Number(number) => number.is_exact(),
            Self::Range(range) => range.exact,
            Self::Unknown(_) => true,
        }
    }

    pub(super) fn add(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::add, add_ranges)
    }

    pub(super) fn subtract(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::subtract, |a, b| add_ranges(a, &b.negate()))
    }

    pub(super) fn multiply(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::multiply, multiply_ranges)
    }

    pub(super) fn divide(&self, other: &Self) -> Result<Self, QuantityError> {
        self.combine(other, Number::divide, |a, b| {
            if b.contains_zero() {
                return Err(QuantityError::DivisionByRange(String::new()));
            }
            divide_ranges(a, b)
        })
    }

    pub(super) fn negate(&self) -> Self {
        match self {
            Self::Number(number) => Self::Number(Number { value: decimal::negate(number.value), ..*number }),
            Self::Range(range) => Self::Range(range.negate()),
            Self::Unknown(reasons) => Self::Unknown(*reasons),
        }
    }

    /// The absolute value; of a range with numbers of both signs it reaches from 0 to the end that is further away.
    pub(super) fn abs(&self) -> Result<Self, QuantityError> {
        let mirrored = self.negate();
        match (self, &mirrored) {
            (Self::Number(number), _) if number.value < Decimal::ZERO => Ok(mirrored),
            (Self::Range(_), Self::Range(other)) if other.is_not_below_zero() => Ok(mirrored),
            (Self::Range(range), Self::Range(other)) if !range.is_not_below_zero() => {
                let zero = End { value: Decimal::ZERO, closed: true };
                let further = |(a, b): (End, End)| if (a.value, a.closed) < (b.value, b.closed) { b } else { a };
                Self::range(Some(zero), range.hi().zip(other.hi()).map(further), range.is_exact())
            }
            _ => Ok(self.clone()),
        }
    }

    /// Rounds half away from zero, a range outward. A number that changed is no longer exact.
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

    /// Orders two known amounts; `None` if lost digits or overlapping ranges leave the order open.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        if let (Self::Number(a), Self::Number(b)) = (self, other) {
            return a.compare(*b);
        }
        let (a, b) = (self.as_range()?, other.as_range()?);
        if a.is_below(&b) { Some(Ordering::Less) } else { b.is_below(&a).then_some(Ordering::Greater) }
    }

    /// The same with the larger of two error bounds: for two inexact numbers of the same digits.
    pub(super) fn with_larger_error(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Self::Number(one.with_larger_error(*other)),
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

    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        if cursor.eat("unknown(") { parse_reasons(cursor) } else { Self::parse_known(cursor) }
    }

    /// Parses a number or a range.
    pub(super) fn parse_known(cursor: &mut Cursor<'_>) -> Result<Self, QuantityError> {
        for (sign, is_lower, closed) in
            [(">=", true, true), (">", true, false), ("<=", false, true), ("<", false, false)]
        {
            if cursor.eat(sign) {
                let number = Number::parse(cursor)?;
                let (value, exact) = (number.value, number.is_exact());
                let end = Some(End { value, closed });
                return if is_lower { Self::range(end, None, exact) } else { Self::range(None, end, exact) };
            }
        }
        let lo = Number::parse(cursor)?;
        let lo_open = cursor.rest().starts_with("<..") && cursor.eat("<");
        if !cursor.eat("..") {
            return Ok(Self::Number(lo));
        }
        let hi_open = cursor.eat("<");
        let hi = Number::parse(cursor)?;
        let end = |number: Number, open: bool| Some(End { value: number.value, closed: !open });
        Self::range(end(lo, lo_open), end(hi, hi_open), lo.is_exact() && hi.is_exact())
    }
}

fn parse_reasons(cursor: &mut Cursor<'_>) -> Result<Amount, QuantityError> {
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

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The position.
    pub value: Decimal,
    /// True if the end itself belongs to the range.
    pub closed: bool,
}

/// A range of more than one number; at most one end is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub(super) lo: Option<End>,
    pub(super) hi: Option<End>,
    pub(super) exact: bool,
}

impl Range {
    /// The lower end; `None` if it is unbounded below.
    pub fn lo(&self) -> Option<End> {
        self.lo
    }

    /// The upper end; `None` if it is unbounded above.
    pub fn hi(&self) -> Option<End> {
        self.hi
    }

    /// True if no inexact value took part. Rounding an end outward keeps a range exact: no number of it is lost.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// True if it is empty: never of a range that [`super::Amount::range`] made.
    pub(super) fn is_empty(&self) -> bool {
        match (self.lo, self.hi) {
            (Some(lo), Some(hi)) => lo.value > hi.value || lo.value == hi.value && !(lo.closed && hi.closed),
            _ => false,
        }
    }

    pub(super) fn contains_zero(&self) -> bool {
        let above =
            self.lo.is_none_or(|lo| if lo.closed { lo.value <= Decimal::ZERO } else { lo.value < Decimal::ZERO });
        above && self.hi.is_none_or(|hi| if hi.closed { hi.value >= Decimal::ZERO } else { hi.value > Decimal::ZERO })
    }

    /// True if all of it is below all of `other`, as far as inexact ends decide that.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        let (Some(hi), Some(lo)) = (self.hi, other.lo) else {
            return false;
        };
        let [hi_number, lo_number] =
            [(hi, self), (lo, other)].map(|(end, range)| Number::from_rounded(end.value, range.exact));
        match hi_number.compare(lo_number) {
            Some(Ordering::Equal) => !(hi.closed && lo.closed),
            order => order == Some(Ordering::Less),
        }
    }

    pub(super) fn negate(&self) -> Self {
        let mirror = |end: End| End { value: decimal::negate(end.value), ..end };
        Self { lo: self.hi.map(mirror), hi: self.lo.map(mirror), exact: self.exact }
    }

    fn is_not_below_zero(&self) -> bool {
        self.lo.is_some_and(|lo| lo.value >= Decimal::ZERO)
    }

    /// Both ends rounded outward; an end that moved becomes open.
    pub(super) fn round(&self, places: i32) -> Result<(Option<End>, Option<End>), QuantityError> {
        let round = |end: Option<End>, rounding| end.map(|end| end.round(places, rounding)).transpose();
        Ok((round(self.lo, Rounding::Down)?, round(self.hi, Rounding::Up)?))
    }

    /// The range of the true value of a number, for arithmetic with ranges; an end beyond 28 digits is missing.
    pub(super) fn point(number: Number) -> Self {
        let end = |moved: Decimal, rounding| {
            let moved = if moved.is_zero() { Ok((number.value, true)) } else { add_to(number.value, moved, rounding) };
            moved.ok().map(|(value, _)| End { value, closed: true })
        };
        let (lo, hi) = (end(-number.error, Rounding::Down), end(number.error, Rounding::Up));
        Self { lo, hi, exact: number.is_exact() }
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
        let number = |end: End| Number::from_digits(end.value, self.exact);
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

/// The two ends of a result; both are missing if it is unbounded.
type RangeEnds = (Option<End>, Option<End>);

/// The sum of two ranges.
fn add_ranges(a: &Range, b: &Range) -> Result<RangeEnds, QuantityError> {
    let end = |x: Option<End>, y: Option<End>, rounding| match (x, y) {
        (Some(x), Some(y)) => Ok(Some(outward(add_to(x.value, y.value, rounding)?, x.closed && y.closed))),
        _ => Ok(None),
    };
    Ok((end(a.lo, b.lo, Rounding::Down)?, end(a.hi, b.hi, Rounding::Up)?))
}

/// The product of two ranges.
fn multiply_ranges(a: &Range, b: &Range) -> Result<RangeEnds, QuantityError> {
    hull(a, b, product)
}

/// The quotient of two ranges; the caller has checked that `b` does not contain 0.
fn divide_ranges(a: &Range, b: &Range) -> Result<RangeEnds, QuantityError> {
    let positive = b.lo.is_some_and(|lo| lo.value >= Decimal::ZERO);
    hull(a, b, |x, y, rounding| quotient(x, y, positive, rounding))
}

/// An end of a range on the extended real line.
#[derive(Clone, Copy)]
enum Edge {
    NegativeInfinity,
    At(End),
    PositiveInfinity,
}

impl Edge {
    /// Its place on the line: infinities before and after all numbers.
    fn position(self) -> (i8, Decimal) {
        match self {
            Self::NegativeInfinity => (-1, Decimal::ZERO),
            Self::At(end) => (0, end.value),
            Self::PositiveInfinity => (1, Decimal::ZERO),
        }
    }

    fn is_negative(self) -> bool {
        self.position() < (0, Decimal::ZERO)
    }

    fn infinite(negative: bool) -> Self {
        if negative { Self::NegativeInfinity } else { Self::PositiveInfinity }
    }

    /// 0, attained (closed) or only approached (open).
    fn zero(closed: bool) -> Self {
        Self::At(End { value: Decimal::ZERO, closed })
    }
}

/// The interval hull of the results at the four corners. Both operations are monotone in each operand, so the extremes are
/// at corners; of two at the same place a closed one is attained, and wins.
fn hull(
    a: &Range,
    b: &Range,
    at: impl Fn(Edge, Edge, Rounding) -> Result<Edge, QuantityError>,
) -> Result<RangeEnds, QuantityError> {
    let edges = |range: &Range| {
        [range.lo.map_or(Edge::NegativeInfinity, Edge::At), range.hi.map_or(Edge::PositiveInfinity, Edge::At)]
    };
    let (mut lo, mut hi) = (Edge::PositiveInfinity, Edge::NegativeInfinity);
    for x in edges(a) {
        for y in edges(b) {
            lo = outermost(lo, at(x, y, Rounding::Down)?, Ordering::Less);
            hi = outermost(hi, at(x, y, Rounding::Up)?, Ordering::Greater);
        }
    }
    let end = |edge| if let Edge::At(end) = edge { Some(end) } else { None };
    Ok((end(lo), end(hi)))
}

/// The lower (`Less`) or the higher (`Greater`) of two edges; of two at one place a closed one.
fn outermost(a: Edge, b: Edge, wanted: Ordering) -> Edge {
    match a.position().cmp(&b.position()) {
        Ordering::Equal => {
            if let Edge::At(End { closed: false, .. }) = a {
                b
            } else {
                a
            }
        }
        order if order == wanted => a,
        _ => b,
    }
}

fn product(x: Edge, y: Edge, rounding: Rounding) -> Result<Edge, QuantityError> {
    match (x, y) {
        // 0 times any number is 0, so one closed 0 is enough to attain it, and infinity adds nothing.
        (Edge::At(a), Edge::At(b)) if a.value.is_zero() || b.value.is_zero() => {
            Ok(Edge::zero(a.value.is_zero() && a.closed || b.value.is_zero() && b.closed))
        }
        (Edge::At(a), Edge::At(b)) => {
            Ok(Edge::At(outward(multiply_to(a.value, b.value, rounding)?, a.closed && b.closed)))
        }
        (Edge::At(a), _) | (_, Edge::At(a)) if a.value.is_zero() => Ok(Edge::At(a)),
        _ => Ok(Edge::infinite(x.is_negative() != y.is_negative())),
    }
}

/// `positive` is the sign of the divisor's numbers, which an end at 0 does not show.
fn quotient(x: Edge, y: Edge, positive: bool, rounding: Rounding) -> Result<Edge, QuantityError> {
    match (x, y) {
        (Edge::At(a), _) if a.value.is_zero() => Ok(Edge::zero(a.closed)),
        (Edge::At(a), Edge::At(b)) if !b.value.is_zero() => {
            Ok(Edge::At(outward(divide_to(a.value, b.value, rounding)?, a.closed && b.closed)))
        }
        (_, Edge::At(_)) => Ok(Edge::infinite(x.is_negative() == positive)),
        _ => Ok(Edge::zero(false)),
    }
}

/// An end that rounding moved is not attained.
fn outward((value, exact): Exact, closed: bool) -> End {
    End { value, closed: closed && exact }
}

/// The numbers that are written as `value` when rounded to `significant_figures`: 1.6e9 to 2 is `1550000000..<1650000000`;
/// the end further from 0 is open. The caller checks that a source states the value.
///
/// # Errors
/// If `value` is 0 or has more significant figures than that, or if an end has more than 28 digits.
pub fn rounding_range(value: Decimal, significant_figures: u32) -> Result<Amount, QuantityError> {
    let half = half_ulp(value, significant_figures)?;
    let end = |(value, exact), closed| {
        if exact { Ok(Some(End { value, closed })) } else { Err(range_too_long(value, significant_figures)) }
    };
    if value.is_sign_negative() {
        Amount::range(end(subtract(value, half)?, false)?, end(add(value, half)?, true)?, true)
    } else {
        Amount::range(end(subtract(value, half)?, true)?, end(add(value, half)?, false)?, true)
    }
}

/// Half a unit of the last significant figure.
fn half_ulp(value: Decimal, figures: u32) -> Result<Decimal, QuantityError> {
    let digits = value.mantissa().unsigned_abs().checked_ilog10().ok_or(QuantityError::NoSignificantFigures)? + 1;
    if figures > DIGITS {
        return Err(range_too_long(value, figures));
    }
    let places = value.scale().cast_signed() - digits.cast_signed() + figures.cast_signed();
    let is_written_so = round_to(value, places, Rounding::Nearest).is_ok_and(|(_, same)| same);
    if figures == 0 || !is_written_so {
        return Err(QuantityError::TooFewFigures { value: value.normalize().to_string(), figures });
    }
    let power = 10_i128.pow(places.min(0).unsigned_abs());
    let unit = Decimal::try_from_i128_with_scale(power, places.max(0).unsigned_abs());
    match divide(unit.map_err(|_| range_too_long(value, figures))?, Decimal::TWO) {
        Ok((half, true)) => Ok(half),
        _ => Err(range_too_long(value, figures)),
    }
}

fn range_too_long(value: Decimal, figures: u32) -> QuantityError {
    QuantityError::ImpliedRangeTooLong { value: value.normalize().to_string(), figures }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, figures: u32, expected: &str) {
        assert_eq!(rounding_range(value.parse().unwrap(), figures).unwrap().to_string(), expected);
    }

    #[test]
    fn the_range_is_half_a_unit_of_the_last_figure_to_either_side() {
        check("1600000000", 2, "1550000000..<1650000000");
        check("-1600000000", 2, "-1650000000<..-1550000000");
        check("5000", 1, "4500..<5500");
        check("5000", 4, "4999.5..<5000.5");
        check("0.030", 2, "0.0295..<0.0305");
        check("1.25", 3, "1.245..<1.255");
    }

    #[track_caller]
    fn refused(value: &str, figures: u32) -> QuantityError {
        rounding_range(value.parse().unwrap(), figures).unwrap_err()
    }

    #[test]
    fn a_number_with_other_figures_is_refused() {
        assert!(matches!(refused("5000", 0), QuantityError::TooFewFigures { .. }));
        assert!(matches!(refused("1650000000", 2), QuantityError::TooFewFigures { .. }));
        assert_eq!(refused("0", 1), QuantityError::NoSignificantFigures);
        assert_eq!(refused("0.00", 2), QuantityError::NoSignificantFigures);
    }

    #[test]
    fn a_range_that_28_digits_can_not_hold_is_refused() {
        for (value, figures) in
            [("1", 40), ("1", u32::MAX), ("1", 0x7fff_ffff), ("1600000000", 28), ("0.0000000000000000000000000001", 1)]
        {
            assert!(
                matches!(refused(value, figures), QuantityError::ImpliedRangeTooLong { .. }),
                "{value} to {figures}"
            );
        }
    }

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn an_inexact_number_is_a_range_among_ranges() {
        let range = Range::point(number("≈5±0.25"));
        assert_eq!((range.to_string(), range.is_exact()), ("≈4.75..≈5.25".to_owned(), false));
        assert_eq!(Range::point(number("≈9999999999999999999999999999")).hi(), None);
    }
}
