//! Comparison, which may be undecided; the keys by which rows are one group; the keys by which rows are in order.

use super::amount::{Amount, End, ends, whole};
use super::fault::Fault;
use super::value::{Quantity, Unit, Value, fit};
use crate::laws::fraction::Fraction;
use num_traits::{Signed, Zero};
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Less,
    LessOrEqual,
    Equal,
    Unequal,
    GreaterOrEqual,
    Greater,
}

impl Relation {
    pub(super) const ALL: [Self; 6] =
        [Self::Less, Self::LessOrEqual, Self::Equal, Self::Unequal, Self::GreaterOrEqual, Self::Greater];

    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }

    pub(super) fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::Unequal)
    }

    fn of(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Greater => order.is_gt(),
        }
    }
}

/// Compares plain values.
pub(super) fn compare_plain(relation: Relation, a: &Value, b: &Value) -> Result<Option<bool>, Fault> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(None),
        (Value::Number(a), Value::Number(b)) => Ok(Some(relation.of(a.cmp(b)))),
        (Value::Text(a), Value::Text(b)) => Ok(Some(relation.of(a.cmp(b)))),
        _ => Err(Fault::Open),
    }
}

/// Compares quantities: across units an equality is false, an order an error; stages must fit.
pub(super) fn compare(relation: Relation, a: &Quantity, b: &Quantity) -> Result<Option<bool>, Fault> {
    if a.unit != b.unit {
        // A number that was given is one without a unit, also where a unit fell out of it.
        let is_bare =
            |quantity: &Quantity| quantity.unit.is_empty() && quantity.facts.as_ref().is_none_or(BTreeSet::is_empty);
        if is_bare(a) || is_bare(b) {
            return Err(Fault::Open);
        }
        fit(&a.stages, &b.stages).map_err(|_| Fault::Open)?;
        return if relation.is_equality() { Ok(Some(relation == Relation::Unequal)) } else { Err(Fault::Error) };
    }
    fit(&a.stages, &b.stages)?;
    compare_amounts(relation, &a.amount, &b.amount)
}

fn compare_amounts(relation: Relation, a: &Amount, b: &Amount) -> Result<Option<bool>, Fault> {
    if matches!(a, Amount::Unknown(_)) || matches!(b, Amount::Unknown(_)) {
        return Ok(None);
    }
    let close = |amount: &Amount| match amount {
        Amount::Number(number) => &number.slack / whole(100) + &number.blur,
        // An end may be one that was not rounded.
        _ => Fraction::zero(),
    };
    let wide = |amount: &Amount| ends(amount).2 * whole(3);
    let narrow = decided(relation, &widened(a, &close(a)), &widened(b, &close(b)));
    let loose = decided(relation, &widened(a, &wide(a)), &widened(b, &wide(b)));
    if narrow == loose { Ok(narrow) } else { Err(Fault::Open) }
}

type Interval = (Option<End>, Option<End>);

fn widened(amount: &Amount, by: &Fraction) -> Interval {
    let (lo, hi, _) = ends(amount);
    let moved = |end: Option<End>, by: &Fraction| {
        end.map(|end| End { value: end.value + by, is_closed: end.is_closed || !by.is_zero() })
    };
    (moved(lo, &-by), moved(hi, by))
}

/// What holds of every number of one range and every number of another.
fn decided(relation: Relation, a: &Interval, b: &Interval) -> Option<bool> {
    let flipped = |value: Option<bool>| value.map(|value| !value);
    match relation {
        Relation::Less if is_below(a, b, true) => Some(true),
        Relation::Less => is_below(b, a, false).then_some(false),
        Relation::Greater => decided(Relation::Less, b, a),
        Relation::LessOrEqual => flipped(decided(Relation::Less, b, a)),
        Relation::GreaterOrEqual => flipped(decided(Relation::Less, a, b)),
        Relation::Unequal => flipped(decided(Relation::Equal, a, b)),
        Relation::Equal if is_below(a, b, true) || is_below(b, a, true) => Some(false),
        Relation::Equal => is_point(a).zip(is_point(b)).filter(|(a, b)| a == b).map(|_| true),
    }
}

fn is_point((lo, hi): &Interval) -> Option<&Fraction> {
    let (lo, hi) = lo.as_ref().zip(hi.as_ref())?;
    (lo.value == hi.value).then_some(&lo.value)
}

/// Whether all of one lies below all of another, or not above it where that is enough.
fn is_below((_, a): &Interval, (b, _): &Interval, strictly: bool) -> bool {
    a.as_ref()
        .zip(b.as_ref())
        .is_some_and(|(a, b)| a.value < b.value || a.value == b.value && (!strictly || !a.is_closed || !b.is_closed))
}

/// What makes two values one in a group, a set or `is`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Null,
    Number(Fraction),
    Text(String),
    Quantity(Unit, Amount),
}

impl Key {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Number(number) => Self::Number(number.clone()),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Quantity(quantity) => Self::Quantity(quantity.unit.clone(), quantity.amount.clone()),
        }
    }

    /// Whether two keys are one; open where rounding may decide.
    pub(super) fn same(&self, other: &Self) -> Result<bool, Fault> {
        let (Self::Quantity(a_unit, a), Self::Quantity(b_unit, b)) = (self, other) else {
            let is_mixed =
                matches!((self, other), (Self::Number(_), Self::Quantity(..)) | (Self::Quantity(..), Self::Number(_)));
            return if is_mixed { Err(Fault::Open) } else { Ok(self == other) };
        };
        if a_unit != b_unit {
            return Ok(false);
        }
        match (a, b) {
            (Amount::Number(a), Amount::Number(b)) => {
                let slack = (&a.slack + &b.slack) * whole(3);
                let apart = (&a.value - &b.value).abs();
                if !slack.is_zero() && apart <= slack {
                    return Err(Fault::Open);
                }
                Ok(a.value == b.value && a.is_exact == b.is_exact)
            }
            (Amount::Range(.., x), Amount::Range(.., y)) if !x.is_zero() || !y.is_zero() => Err(Fault::Open),
            (a, b) => Ok(a == b),
        }
    }
}

/// Whether two rows of keys are one.
pub(super) fn same_keys(a: &[Key], b: &[Key]) -> Result<bool, Fault> {
    for (a, b) in a.iter().zip(b) {
        if !a.same(b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The place of a value in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Null,
    Number(Fraction),
    Text(String),
    /// The text of the unit, the lower end, what rounding may have moved.
    Known(String, Option<Fraction>, Fraction),
    Unknown,
}

impl Place {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Number(number) => Self::Number(number.clone()),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Quantity(quantity) => match &quantity.amount {
                Amount::Unknown(_) => Self::Unknown,
                amount => {
                    let (lo, _, slack) = ends(amount);
                    let slack = if let Amount::Number(number) = amount { number.slack.clone() } else { slack };
                    Self::Known(unit_text(&quantity.unit), lo.map(|lo| lo.value), slack)
                }
            },
        }
    }

    /// The order of two places: NULL as SQLite has it, unknowns behind all numbers in both directions, units one by one.
    pub(super) fn compare(&self, other: &Self, is_descending: bool) -> Result<Ordering, Fault> {
        let rank = |place: &Self| match (place, is_descending) {
            (Self::Null, false) => 0,
            (Self::Number(_), _) => 1,
            (Self::Text(_), _) => 2,
            (Self::Known(..), _) => 3,
            (Self::Unknown, _) => 4,
            (Self::Null, true) => 5,
        };
        let order = match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Known(a_unit, a, x), Self::Known(b_unit, b, y)) => {
                if a_unit == b_unit && !(x + y).is_zero() {
                    let close = a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| (a - b).abs() <= (x + y) * whole(3));
                    if close {
                        return Err(Fault::Open);
                    }
                }
                a_unit.cmp(b_unit).then_with(|| a.cmp(b))
            }
            // A 0 fits any unit.
            (Self::Number(_), Self::Known(..)) | (Self::Known(..), Self::Number(_)) => return Err(Fault::Open),
            _ => return Ok(rank(self).cmp(&rank(other))),
        };
        Ok(if is_descending { order.reverse() } else { order })
    }
}

/// An error if the values of a rank or of a top have several units.
pub(super) fn one_unit<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<(), Fault> {
    let (mut known, mut all) = (BTreeSet::new(), BTreeSet::new());
    for value in values {
        if let Value::Quantity(quantity) = value {
            all.insert(&quantity.unit);
            if !matches!(quantity.amount, Amount::Unknown(_)) {
                known.insert(&quantity.unit);
            }
        }
    }
    match (known.len() > 1, all.len() > 1) {
        (true, _) => Err(Fault::Error),
        (false, true) => Err(Fault::Open),
        (false, false) => Ok(()),
    }
}

/// A unit as text: powers above, powers below.
pub(super) fn unit_text(unit: &Unit) -> String {
    let side = |sign: i32| {
        let powers = unit.iter().filter(|(_, power)| power.signum() == sign);
        powers
            .map(|(base, power)| if power.abs() == 1 { base.clone() } else { format!("{base}^{}", power.abs()) })
            .collect::<Vec<_>>()
            .join("*")
    };
    match (side(1), side(-1)) {
        (above, below) if below.is_empty() => above,
        (above, below) if above.is_empty() => format!("1/{below}"),
        (above, below) => format!("{above}/{below}"),
    }
}
