//! Aggregates over the values of a group or of a frame.

use super::amount::{self, Amount, Number, ends, reasons, whole};
use super::expression::Function;
use super::fault::Fault;
use super::order::{Key, Relation, compare_plain};
use super::value::{self, Evaluated, Quantity, Value, beside, fit};
use crate::laws::fraction::Fraction;
use num_traits::{Signed, Zero};
use std::collections::BTreeSet;

/// What a function makes of values, of which NULLs count for nothing.
pub(super) fn aggregate(function: Function, values: &[Value], is_distinct: bool) -> Evaluated {
    let values: Vec<&Value> = values.iter().filter(|value| **value != Value::Null).collect();
    let different = if is_distinct { distinct(&values)? } else { Vec::new() };
    let values: Vec<&Value> = if is_distinct { different.iter().collect() } else { values };
    if function == Function::Count {
        return Ok(Value::Number(whole(
            i64::try_from(if is_distinct { countable(&values)? } else { values.len() }).expect("few"),
        )));
    }
    let quantities =
        values.iter().filter_map(|value| if let Value::Quantity(quantity) = value { Some(quantity) } else { None });
    let Some(unit) = quantities.map(|quantity| quantity.unit.clone()).next() else { return plain(function, &values) };
    let quantities: Vec<Quantity> = values
        .iter()
        .map(|value| match value {
            Value::Quantity(quantity) => Ok(quantity.clone()),
            Value::Number(number) => beside(number, &unit),
            Value::Null | Value::Text(_) => Err(Fault::Error),
        })
        .collect::<Result<_, _>>()?;
    for pair in quantities.windows(2) {
        if pair[0].unit != pair[1].unit {
            return Err(if pair.iter().any(Quantity::is_bare) { Fault::Open } else { Fault::Error });
        }
    }
    let stages: BTreeSet<&BTreeSet<String>> = quantities.iter().map(|quantity| &quantity.stages).collect();
    for a in &stages {
        stages.iter().try_for_each(|b| fit(a, b))?;
    }
    of_quantities(function, &quantities).map(Value::Quantity)
}

fn of_quantities(function: Function, quantities: &[Quantity]) -> Result<Quantity, Fault> {
    // Whether a range without ends would come out is no matter where one is unknown already.
    let unknown = reasons(quantities.iter().map(|quantity| &quantity.amount));
    let sum = quantities.iter().skip(1).try_fold(quantities[0].clone(), |sum, next| value::sum(&sum, next))?;
    if let Some(amount) = unknown {
        return Ok(Quantity { amount, ..sum });
    }
    Ok(match function {
        Function::Avg => {
            let count = Value::Number(whole(i64::try_from(quantities.len()).expect("few")));
            let total = exact_sum(quantities, sum);
            match value::divide(&Value::Quantity(total), &count)? {
                Value::Quantity(mean) => mean,
                _ => return Err(Fault::Open),
            }
        }
        Function::Min | Function::Max => Quantity { ..extreme(function == Function::Min, quantities, sum)? },
        Function::Median => median(quantities, sum)?,
        _ => exact_sum(quantities, sum),
    })
}

/// A sum of exact numbers loses no digits on the way, only at its end.
fn exact_sum(quantities: &[Quantity], sum: Quantity) -> Quantity {
    let exact: Option<Vec<&Fraction>> = quantities
        .iter()
        .map(|quantity| match &quantity.amount {
            Amount::Number(number) if number.is_exact => Some(&number.value),
            _ => None,
        })
        .collect();
    let Some(exact) = exact else { return sum };
    let total = Amount::Number(Number::exact(exact.into_iter().sum()));
    Quantity { amount: amount::add(&total, &Amount::Number(Number::exact(Fraction::zero()))), ..sum }
}

/// The least or the greatest: of ranges the one that it lies in, of numbers with the records that state it.
fn extreme(is_least: bool, quantities: &[Quantity], all: Quantity) -> Result<Quantity, Fault> {
    let numbers: Option<Vec<(&Number, &Quantity)>> = quantities
        .iter()
        .map(|quantity| if let Amount::Number(number) = &quantity.amount { Some((number, quantity)) } else { None })
        .collect();
    let Some(numbers) = numbers else { return range_extreme(is_least, quantities, all) };
    let value = |(number, _): &&(&Number, &Quantity)| number.value.clone();
    let chosen = if is_least { numbers.iter().min_by_key(value) } else { numbers.iter().max_by_key(value) };
    let (chosen, _) = chosen.expect("there is one");
    let is_near = |(number, _): &&(&Number, &Quantity)| {
        (&number.value - &chosen.value).abs() <= (number.error() + chosen.error()) * whole(3)
    };
    let near: Vec<_> = numbers.iter().filter(is_near).collect();
    if near.len() > 1 && near.iter().any(|(number, _)| !number.is_exact) {
        return Err(Fault::Open);
    }
    let facts = near.iter().map(|(_, quantity)| quantity.facts.clone()).collect::<Option<Vec<_>>>();
    let facts = facts.map(|facts| facts.into_iter().flatten().collect());
    Ok(Quantity { amount: Amount::Number((*chosen).clone()), facts, ..all })
}

fn range_extreme(is_least: bool, quantities: &[Quantity], all: Quantity) -> Result<Quantity, Fault> {
    let all_ends: Vec<_> = quantities.iter().map(|quantity| ends(&quantity.amount)).collect();
    if all_ends.iter().any(|(.., slack)| !slack.is_zero()) {
        return Err(Fault::Open);
    }
    // Of the least: the lowest of the lower ends, of which one without end is the lowest, and the lowest of the upper ends.
    let farther = |a: &amount::End, b: &amount::End, is_lower: bool| {
        let order = if is_least { a.value.cmp(&b.value) } else { b.value.cmp(&a.value) };
        // At one value a least is cut by the open upper end, and reaches to the closed lower one.
        order.then_with(|| {
            if is_lower == is_least { b.is_closed.cmp(&a.is_closed) } else { a.is_closed.cmp(&b.is_closed) }
        })
    };
    let side = |is_lower: bool| {
        let ends: Vec<Option<&amount::End>> =
            all_ends.iter().map(|(lo, hi, _)| if is_lower { lo.as_ref() } else { hi.as_ref() }).collect();
        let outward = is_lower == is_least;
        if outward && ends.contains(&None) {
            return None;
        }
        ends.into_iter().flatten().min_by(|a, b| farther(a, b, is_lower)).cloned()
    };
    let (lo, hi) = (side(true), side(false));
    Ok(Quantity { amount: amount::between(lo, hi, Fraction::zero()), facts: None, ..all })
}

fn median(quantities: &[Quantity], all: Quantity) -> Result<Quantity, Fault> {
    let mut numbers = Vec::new();
    for quantity in quantities {
        match &quantity.amount {
            Amount::Number(number) if number.is_exact => numbers.push(number.value.clone()),
            Amount::Range(..) => return Err(Fault::Error),
            _ => return Err(Fault::Open),
        }
    }
    numbers.sort();
    let (below, above) = (&numbers[(numbers.len() - 1) / 2], &numbers[numbers.len() / 2]);
    // Where there is one in the middle, nothing is computed, and nothing lost.
    let half = if below == above {
        Amount::Number(Number::exact(below.clone()))
    } else {
        let two =
            amount::add(&Amount::Number(Number::exact(below.clone())), &Amount::Number(Number::exact(above.clone())));
        amount::divide(&two, &Amount::Number(Number::exact(whole(2))))?.expect("2 is not 0")
    };
    Ok(Quantity { amount: half, facts: None, ..all })
}

/// Each value once, by number and not by text; a quantity rests on all that have its number.
fn distinct(values: &[&Value]) -> Result<Vec<Value>, Fault> {
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        let mut place = None;
        for (at, other) in kept.iter().enumerate() {
            if Key::of(other).same(&Key::of(value))? {
                place = Some(at);
            }
        }
        match place.map(|at| &mut kept[at]) {
            Some(Value::Quantity(first)) => {
                if let Value::Quantity(again) = value {
                    *first = first.united(again);
                }
            }
            Some(_) => {}
            None => kept.push((*value).clone()),
        }
    }
    Ok(kept)
}

/// How many of different values are known: unknowns and ranges are left out, inexact ones may be.
fn countable(values: &[&Value]) -> Result<usize, Fault> {
    let mut count = 0;
    for value in values {
        match value {
            Value::Quantity(Quantity { amount: Amount::Unknown(_) | Amount::Range(..), .. }) => {}
            Value::Quantity(Quantity { amount: Amount::Number(number), .. }) if !number.is_exact => {
                return Err(Fault::Open);
            }
            _ => count += 1,
        }
    }
    Ok(count)
}

fn plain(function: Function, values: &[&Value]) -> Evaluated {
    let numbers =
        || values.iter().map(|value| if let Value::Number(number) = value { Ok(number) } else { Err(Fault::Open) });
    match function {
        Function::Total => Ok(Value::Number(numbers().sum::<Result<_, _>>()?)),
        _ if values.is_empty() => Ok(Value::Null),
        Function::Sum => Ok(Value::Number(numbers().sum::<Result<_, _>>()?)),
        Function::Min | Function::Max => {
            let relation = if function == Function::Min { Relation::Less } else { Relation::Greater };
            let mut chosen = values[0];
            for value in values {
                if compare_plain(relation, value, chosen)? == Some(true) {
                    chosen = value;
                }
            }
            Ok(chosen.clone())
        }
        _ => Err(Fault::Open),
    }
}
