//! Interval arithmetic on ranges: the narrowest range that holds every result, ends rounded outward. It decides
//! nothing about units, unknowns or what the caller makes of two ends.

use super::decimal::{Exact, add_to, divide_to, multiply_to};
use super::range::{End, Range};
use super::wide::Rounding;
use crate::error::QuantityError;
use rust_decimal::Decimal;

/// The two ends of a result; both missing if it may be any number.
pub(super) type Ends = (Option<End>, Option<End>);

/// The sums of a number of each.
pub(super) fn add(a: &Range, b: &Range) -> Result<Ends, QuantityError> {
    let end = |x: Option<End>, y: Option<End>, rounding| match (x, y) {
        (Some(x), Some(y)) => Ok(Some(outward(add_to(x.value, y.value, rounding)?, x.closed && y.closed))),
        _ => Ok(None),
    };
    Ok((end(a.lo, b.lo, Rounding::Down)?, end(a.hi, b.hi, Rounding::Up)?))
}

/// The products of a number of each.
pub(super) fn multiply(a: &Range, b: &Range) -> Result<Ends, QuantityError> {
    hull(a, b, product)
}

/// The quotients of a number of each; the caller has made sure that 0 is not in `b`.
pub(super) fn divide(a: &Range, b: &Range) -> Result<Ends, QuantityError> {
    let positive = b.lo.is_some_and(|lo| lo.value >= Decimal::ZERO);
    hull(a, b, |x, y, rounding| quotient(x, y, positive, rounding))
}

/// An end of a range, on the line that infinity closes.
#[derive(Clone, Copy)]
enum Edge {
    Below,
    At(End),
    Above,
}

impl Edge {
    fn is_negative(self) -> bool {
        match self {
            Self::Below => true,
            Self::At(end) => end.value < Decimal::ZERO,
            Self::Above => false,
        }
    }

    fn infinite(negative: bool) -> Self {
        if negative { Self::Below } else { Self::Above }
    }

    /// 0, itself a result or only approached.
    fn zero(closed: bool) -> Self {
        Self::At(End { value: Decimal::ZERO, closed })
    }
}

/// The outermost of the results at the four corners. Both operations are monotone in each operand, so the
/// extremes lie there; of two at the same place a closed one is reached, and wins.
fn hull(
    a: &Range,
    b: &Range,
    at: impl Fn(Edge, Edge, Rounding) -> Result<Edge, QuantityError>,
) -> Result<Ends, QuantityError> {
    let edges = |range: &Range| [range.lo.map_or(Edge::Below, Edge::At), range.hi.map_or(Edge::Above, Edge::At)];
    let (mut lo, mut hi) = (Edge::Above, Edge::Below);
    for x in edges(a) {
        for y in edges(b) {
            lo = lower(lo, at(x, y, Rounding::Down)?);
            hi = higher(hi, at(x, y, Rounding::Up)?);
        }
    }
    let end = |edge| if let Edge::At(end) = edge { Some(end) } else { None };
    Ok((end(lo), end(hi)))
}

fn lower(a: Edge, b: Edge) -> Edge {
    match (a, b) {
        (Edge::Below, _) | (_, Edge::Below) => Edge::Below,
        (Edge::Above, other) | (other, Edge::Above) => other,
        (Edge::At(x), Edge::At(y)) if x.value == y.value => Edge::At(if x.closed { x } else { y }),
        (Edge::At(x), Edge::At(y)) => Edge::At(if x.value < y.value { x } else { y }),
    }
}

fn higher(a: Edge, b: Edge) -> Edge {
    match (a, b) {
        (Edge::Above, _) | (_, Edge::Above) => Edge::Above,
        (Edge::Below, other) | (other, Edge::Below) => other,
        (Edge::At(x), Edge::At(y)) if x.value == y.value => Edge::At(if x.closed { x } else { y }),
        (Edge::At(x), Edge::At(y)) => Edge::At(if x.value > y.value { x } else { y }),
    }
}

fn product(x: Edge, y: Edge, rounding: Rounding) -> Result<Edge, QuantityError> {
    match (x, y) {
        // 0 times any number is 0, so one closed 0 is enough to reach it, and infinity adds nothing.
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

/// An end that rounding moved is not reached.
fn outward((value, exact): Exact, closed: bool) -> End {
    End { value, closed: closed && exact }
}
