//! Amounts as fractions: numbers with the error that the program may make, ranges, unknowns, and the four operations on them.

use super::fault::Fault;
use crate::laws::fraction::{Fraction, is_representable, last_place};
use num_traits::{Signed, Zero};
use std::collections::BTreeSet;

/// A number: what it truly is, and how far an answer may be from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: Fraction,
    pub(super) is_exact: bool,
    /// What rounding to 28 digits on the way may have added.
    pub(super) slack: Fraction,
    /// Half a unit of the last digit of the inexact numbers that were written down.
    pub(super) blur: Fraction,
}

impl Number {
    pub(super) fn exact(value: Fraction) -> Self {
        Self { value, is_exact: true, slack: Fraction::zero(), blur: Fraction::zero() }
    }

    /// A result of inexact or exact numbers, which loses digits where 28 are too few.
    fn computed(value: Fraction, is_exact: bool, slack: Fraction, blur: Fraction) -> Self {
        if is_representable(&value) {
            // What is inexact stays within a last digit at least.
            let slack = if is_exact || !(&slack + &blur).is_zero() { slack } else { last_place(&value) };
            return Self { value, is_exact, slack, blur };
        }
        let slack = slack + last_place(&value);
        Self { value, is_exact: false, slack, blur }
    }

    pub(super) fn error(&self) -> Fraction {
        &self.slack + &self.blur
    }
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub(super) value: Fraction,
    pub(super) is_closed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Amount {
    Number(Number),
    /// The ends, and how far an answer may be outside of them.
    Range(Option<End>, Option<End>, Fraction),
    Unknown(BTreeSet<String>),
}

pub(super) fn whole(number: i64) -> Fraction {
    Fraction::from_integer(number.into())
}

pub(super) fn unknown(reason: &str) -> Amount {
    Amount::Unknown([reason.to_owned()].into())
}

/// A range, or what it comes to without ends or with one point.
pub(super) fn between(lo: Option<End>, hi: Option<End>, slack: Fraction) -> Amount {
    match (&lo, &hi) {
        (None, None) => unknown("not_computable"),
        (Some(low), Some(high)) if low.value == high.value => Amount::Number(Number::exact(low.value.clone())),
        _ => Amount::Range(lo, hi, slack),
    }
}

/// The reasons of those that are unknown, together.
pub(super) fn reasons<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> Option<Amount> {
    let unknowns = amounts.into_iter().filter_map(|amount| match amount {
        Amount::Unknown(reasons) => Some(reasons.clone()),
        _ => None,
    });
    unknowns.reduce(|all, more| all.union(&more).cloned().collect()).map(Amount::Unknown)
}

/// An amount as ends with an error.
pub(super) fn ends(amount: &Amount) -> (Option<End>, Option<End>, Fraction) {
    match amount {
        Amount::Number(number) => {
            let end = Some(End { value: number.value.clone(), is_closed: true });
            (end.clone(), end, number.error())
        }
        Amount::Range(lo, hi, slack) => (lo.clone(), hi.clone(), slack.clone()),
        Amount::Unknown(_) => (None, None, Fraction::zero()),
    }
}

/// What rounding of these ends may add.
fn rounding(ends: [&Option<End>; 2]) -> Fraction {
    let lost = ends.into_iter().flatten().filter(|end| !is_representable(&end.value));
    lost.map(|end| last_place(&end.value)).max().unwrap_or_else(Fraction::zero)
}

fn rounded(lo: Option<End>, hi: Option<End>, slack: Fraction) -> Amount {
    let slack = slack + rounding([&lo, &hi]);
    between(lo, hi, slack)
}

pub(super) fn negate(amount: &Amount) -> Amount {
    let turned = |end: &Option<End>| end.as_ref().map(|end| End { value: -&end.value, is_closed: end.is_closed });
    match amount {
        Amount::Number(number) => Amount::Number(Number { value: -&number.value, ..number.clone() }),
        Amount::Range(lo, hi, slack) => Amount::Range(turned(hi), turned(lo), slack.clone()),
        Amount::Unknown(_) => amount.clone(),
    }
}

pub(super) fn add(a: &Amount, b: &Amount) -> Amount {
    if let Some(unknown) = reasons([a, b]) {
        return unknown;
    }
    if let (Amount::Number(a), Amount::Number(b)) = (a, b) {
        let is_exact = a.is_exact && b.is_exact;
        return Amount::Number(Number::computed(&a.value + &b.value, is_exact, &a.slack + &b.slack, &a.blur + &b.blur));
    }
    let ((a_lo, a_hi, a_slack), (b_lo, b_hi, b_slack)) = (ends(a), ends(b));
    let sum = |a: Option<End>, b: Option<End>| {
        a.zip(b).map(|(a, b)| End { value: a.value + b.value, is_closed: a.is_closed && b.is_closed })
    };
    rounded(sum(a_lo, b_lo), sum(a_hi, b_hi), a_slack + b_slack)
}

pub(super) fn multiply(a: &Amount, b: &Amount) -> Amount {
    if let Some(unknown) = reasons([a, b]) {
        return unknown;
    }
    if let (Amount::Number(a), Amount::Number(b)) = (a, b) {
        let grown = |x: &Fraction, y: &Fraction| a.value.abs() * y + b.value.abs() * x + x * y;
        let (slack, blur) =
            (grown(&a.slack, &b.slack), grown(&a.blur, &b.blur) + &a.blur * &b.slack + &a.slack * &b.blur);
        return Amount::Number(Number::computed(&a.value * &b.value, a.is_exact && b.is_exact, slack, blur));
    }
    let ((a_lo, a_hi, a_slack), (b_lo, b_hi, b_slack)) = (ends(a), ends(b));
    let largest = |lo: &Option<End>, hi: &Option<End>| {
        [lo, hi].into_iter().flatten().map(|end| end.value.abs()).max().unwrap_or_else(Fraction::zero)
    };
    let slack = largest(&a_lo, &a_hi) * &b_slack + largest(&b_lo, &b_hi) * &a_slack + a_slack * b_slack;
    let corners = |least: bool| {
        let sides = [(&a_lo, false), (&a_hi, true)];
        let others = [(&b_lo, false), (&b_hi, true)];
        let all = sides.into_iter().flat_map(|a| others.into_iter().map(move |b| corner(a, b)));
        all.reduce(|one, other| extreme(one, other, least)).and_then(Corner::end)
    };
    rounded(corners(true), corners(false), slack)
}

/// A corner of a product: far out to one side, or an end.
#[derive(Clone)]
enum Corner {
    Far { is_above: bool },
    Near(End),
}

impl Corner {
    fn end(self) -> Option<End> {
        if let Self::Near(end) = self { Some(end) } else { None }
    }
}

/// The product of two ends, of which a missing one is far out: above or below.
fn corner((a, a_above): (&Option<End>, bool), (b, b_above): (&Option<End>, bool)) -> Corner {
    let is_zero = |end: &Option<End>| end.as_ref().is_some_and(|end| end.value.is_zero());
    let is_positive = |end: &Option<End>, above: bool| end.as_ref().map_or(above, |end| end.value.is_positive());
    match (a, b) {
        (Some(x), Some(y)) => {
            let is_fixed = |end: &End| end.is_closed && end.value.is_zero();
            let is_closed = x.is_closed && y.is_closed || is_fixed(x) || is_fixed(y);
            Corner::Near(End { value: &x.value * &y.value, is_closed })
        }
        (Some(end), None) | (None, Some(end)) if is_zero(a) || is_zero(b) => {
            Corner::Near(End { value: Fraction::zero(), is_closed: end.is_closed })
        }
        _ => Corner::Far { is_above: is_positive(a, a_above) == is_positive(b, b_above) },
    }
}

/// The lesser of two corners, or the greater.
fn extreme(one: Corner, other: Corner, least: bool) -> Corner {
    match (&one, &other) {
        (Corner::Far { is_above }, _) => {
            if *is_above == least {
                other
            } else {
                one
            }
        }
        (_, Corner::Far { is_above }) => {
            if *is_above == least {
                one
            } else {
                other
            }
        }
        (Corner::Near(a), Corner::Near(b)) if a.value == b.value => {
            if a.is_closed {
                one
            } else {
                other
            }
        }
        (Corner::Near(a), Corner::Near(b)) => {
            if (a.value < b.value) == least {
                one
            } else {
                other
            }
        }
    }
}

/// A quotient; none where the divisor is 0.
pub(super) fn divide(a: &Amount, b: &Amount) -> Result<Option<Amount>, Fault> {
    match b {
        Amount::Number(b) if b.value.is_zero() && b.is_exact => return Ok(None),
        _ => {}
    }
    if let Some(unknown) = reasons([a, b]) {
        return Ok(Some(unknown));
    }
    match (a, b) {
        (_, Amount::Number(divisor)) if divisor.error() >= divisor.value.abs() => Err(Fault::Open),
        (Amount::Number(a), Amount::Number(b)) => {
            let (value, size) = (&a.value / &b.value, b.value.abs() - b.error());
            let grown = |x: &Fraction, y: &Fraction| (x + (&a.value / &b.value).abs() * y) / &size;
            let (slack, blur) = (grown(&a.slack, &b.slack), grown(&a.blur, &b.blur));
            Ok(Some(Amount::Number(Number::computed(value, a.is_exact && b.is_exact, slack, blur))))
        }
        _ => {
            let (lo, hi, slack) = ends(b);
            if !slack.is_zero() {
                return Err(Fault::Open);
            }
            let is_above = lo.as_ref().is_some_and(|lo| lo.value.is_positive() || lo.value.is_zero() && !lo.is_closed);
            let is_below = hi.as_ref().is_some_and(|hi| hi.value.is_negative() || hi.value.is_zero() && !hi.is_closed);
            if !is_above && !is_below {
                return Err(Fault::Error);
            }
            let far = Some(End { value: Fraction::zero(), is_closed: false });
            let inverse = |end: Option<End>| match end {
                None => far.clone(),
                Some(end) if end.value.is_zero() => None,
                Some(end) => Some(End { value: end.value.recip(), is_closed: end.is_closed }),
            };
            Ok(Some(multiply(a, &between(inverse(hi), inverse(lo), Fraction::zero()))))
        }
    }
}
