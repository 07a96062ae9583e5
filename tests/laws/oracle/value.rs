//! Values of a cell, and arithmetic on them: units combine or must agree, stages must fit, NULL travels.

use super::amount::{self, Amount, Number, whole};
use super::fault::Fault;
use crate::laws::fraction::Fraction;
use num_traits::{ToPrimitive, Zero};
use std::collections::{BTreeMap, BTreeSet};

/// Powers of base units; none is the unit 1.
pub(super) type Unit = BTreeMap<String, i32>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    pub(super) amount: Amount,
    pub(super) unit: Unit,
    pub(super) stages: BTreeSet<String>,
    /// The records it rests on; `None` where the semantics leave them open.
    pub(super) facts: Option<BTreeSet<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // there are a few rows, and most of their cells are quantities
pub(super) enum Value {
    Null,
    Number(Fraction),
    Text(String),
    Quantity(Quantity),
}

pub(super) type Evaluated = Result<Value, Fault>;

pub(super) fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, |value| Value::Number(whole(value.into())))
}

/// Whether a plain value holds as a condition.
pub(super) fn holds(value: &Value) -> Result<Option<bool>, Fault> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(!number.is_zero())),
        // SQLite reads digits in the text.
        Value::Text(_) => Err(Fault::Open),
        Value::Quantity(_) => Err(Fault::Error),
    }
}

impl Quantity {
    /// What is written down in a question: it rests on no record.
    pub(super) fn given(amount: Amount, unit: Unit) -> Self {
        Self { amount, unit, stages: BTreeSet::new(), facts: Some(BTreeSet::new()) }
    }

    /// Whether it is a number that was given: one without a unit, also where a unit fell out of it.
    pub(super) fn is_bare(&self) -> bool {
        self.unit.is_empty() && self.facts.as_ref().is_none_or(BTreeSet::is_empty)
    }

    /// A value that is that of another too, and rests on both.
    pub(super) fn united(&self, other: &Self) -> Self {
        self.of(other, self.amount.clone(), self.unit.clone())
    }

    /// What comes of two: another amount and unit, resting on what both rest on.
    fn of(&self, other: &Self, amount: Amount, unit: Unit) -> Self {
        let facts = self.facts.as_ref().zip(other.facts.as_ref());
        let facts = facts.map(|(a, b)| a.union(b).cloned().collect());
        Self { amount, unit, stages: self.stages.union(&other.stages).cloned().collect(), facts }
    }
}

/// Whether two stages may meet in a sum or a comparison; open where one is a mixture already.
pub(super) fn fit(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Result<(), Fault> {
    match () {
        () if a.is_empty() || b.is_empty() || a == b && a.len() == 1 => Ok(()),
        () if a.len() > 1 || b.len() > 1 => Err(Fault::Open),
        () => Err(Fault::Error),
    }
}

/// A plain number beside a quantity as one of that unit: 0 fits any, another number the unit 1 alone.
pub(super) fn beside(number: &Fraction, unit: &Unit) -> Result<Quantity, Fault> {
    if !number.is_zero() && !unit.is_empty() {
        return Err(Fault::Error);
    }
    Ok(Quantity::given(Amount::Number(Number::exact(number.clone())), unit.clone()))
}

fn plain(number: &Fraction) -> Quantity {
    Quantity::given(Amount::Number(Number::exact(number.clone())), Unit::new())
}

pub(super) fn negate(value: &Value) -> Evaluated {
    Ok(match value {
        Value::Null => Value::Null,
        Value::Number(number) => Value::Number(-number),
        Value::Quantity(quantity) => {
            Value::Quantity(Quantity { amount: amount::negate(&quantity.amount), ..quantity.clone() })
        }
        Value::Text(_) => return Err(Fault::Error),
    })
}

pub(super) fn add(a: &Value, b: &Value) -> Evaluated {
    Ok(match (a, b) {
        (Value::Text(_), _) | (_, Value::Text(_)) => return Err(Fault::Error),
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Number(a), Value::Number(b)) => Value::Number(a + b),
        (Value::Number(a), Value::Quantity(b)) => Value::Quantity(sum(&beside(a, &b.unit)?, b)?),
        (Value::Quantity(a), Value::Number(b)) => Value::Quantity(sum(a, &beside(b, &a.unit)?)?),
        (Value::Quantity(a), Value::Quantity(b)) => Value::Quantity(sum(a, b)?),
    })
}

pub(super) fn sum(a: &Quantity, b: &Quantity) -> Result<Quantity, Fault> {
    if a.unit != b.unit {
        return Err(if a.is_bare() || b.is_bare() { Fault::Open } else { Fault::Error });
    }
    fit(&a.stages, &b.stages)?;
    Ok(a.of(b, amount::add(&a.amount, &b.amount), a.unit.clone()))
}

fn combined(a: &Unit, b: &Unit, sign: i32) -> Unit {
    let mut unit = a.clone();
    for (base, power) in b {
        *unit.entry(base.clone()).or_default() += sign * power;
    }
    unit.retain(|_, power| *power != 0);
    unit
}

pub(super) fn multiply(a: &Value, b: &Value) -> Evaluated {
    let product = |a: &Quantity, b: &Quantity| {
        Value::Quantity(a.of(b, amount::multiply(&a.amount, &b.amount), combined(&a.unit, &b.unit, 1)))
    };
    Ok(match (a, b) {
        (Value::Text(_), _) | (_, Value::Text(_)) => return Err(Fault::Error),
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Number(a), Value::Number(b)) => Value::Number(a * b),
        (Value::Number(a), Value::Quantity(b)) => product(&plain(a), b),
        (Value::Quantity(a), Value::Number(b)) => product(a, &plain(b)),
        (Value::Quantity(a), Value::Quantity(b)) => product(a, b),
    })
}

/// A quotient; of plain whole numbers SQLite's own, without the remainder.
pub(super) fn divide(a: &Value, b: &Value) -> Evaluated {
    let quotient = |a: &Quantity, b: &Quantity| {
        let amount = amount::divide(&a.amount, &b.amount)?;
        Ok(amount.map_or(Value::Null, |amount| Value::Quantity(a.of(b, amount, combined(&a.unit, &b.unit, -1)))))
    };
    match (a, b) {
        (Value::Text(_), _) | (_, Value::Text(_)) => Err(Fault::Error),
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Number(_), Value::Number(b)) if b.is_zero() => Ok(Value::Null),
        (Value::Number(a), Value::Number(b)) => Ok(Value::Number((a / b).trunc())),
        (Value::Number(a), Value::Quantity(b)) => quotient(&plain(a), b),
        (Value::Quantity(a), Value::Number(b)) => quotient(a, &plain(b)),
        (Value::Quantity(a), Value::Quantity(b)) => quotient(a, b),
    }
}

/// The quantity that a text such as `-2.5 EUR`, `≈3 GBP`, `1..3 USD`, `>=2` or `unknown(not_in_book) EUR` is.
pub(super) fn read(text: &str) -> Quantity {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let unit = if unit.is_empty() { Unit::new() } else { [(unit.to_owned(), 1)].into() };
    Quantity::given(read_amount(number), unit)
}

fn read_amount(text: &str) -> Amount {
    let end = |text: &str, is_closed| Some(amount::End { value: decimal(text), is_closed });
    if let Some(reason) = text.strip_prefix("unknown(") {
        return amount::unknown(reason.trim_end_matches(')'));
    }
    if let Some((lo, hi)) = text.split_once("..") {
        return amount::between(end(lo, true), end(hi, true), Fraction::zero());
    }
    for (sign, is_lower, is_closed) in
        [("<=", false, true), (">=", true, true), ("<", false, false), (">", true, false)]
    {
        if let Some(number) = text.strip_prefix(sign) {
            let (lo, hi) = if is_lower { (end(number, is_closed), None) } else { (None, end(number, is_closed)) };
            return amount::between(lo, hi, Fraction::zero());
        }
    }
    let Some(digits) = text.strip_prefix('≈') else { return Amount::Number(Number::exact(decimal(text))) };
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len()).to_u32().expect("few places");
    let blur = Fraction::new(1.into(), crate::laws::fraction::ten(places) * 2);
    Amount::Number(Number { is_exact: false, blur, ..Number::exact(decimal(digits)) })
}

/// A number of digits and a point.
pub(super) fn decimal(text: &str) -> Fraction {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let digits: num_bigint::BigInt = format!("{whole}{places}").parse().expect("digits");
    Fraction::new(digits, crate::laws::fraction::ten(places.len().to_u32().expect("few places")))
}
