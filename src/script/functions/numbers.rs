//! Functions of plain numbers, texts and dates.

use super::ScriptFunction;
use crate::quantity::{Amount, Assumption, Quantity, Strictness, Unit, Worked, days_between, plain_number};
use crate::script::raise::{Raised, raise_argument, raise_quantity};
use crate::script::value::{Operand, from_number, in_words, operand};
use crate::script::{operators, origin, statements, taint};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "decimal",
        signature: "decimal(text) · decimal(number, places)",
        meaning: "an exact number from a text, or from a REAL or a number without unit that is rounded to so many places",
        example: "decimal(\"0.10\") + 1",
        answer: "1.1",
        register: |engine, _| {
            engine.register_fn("decimal", |text: &str| -> Raised<Dynamic> {
                plain_number(text, Strictness::Code)
                    .map_err(raise_quantity)?
                    .map(from_number)
                    .ok_or_else(|| raise_argument(format!("\"{text}\" is no plain number"), "as `decimal(\"1.25\")`"))
            });
            engine.register_fn("decimal", |number: Dynamic, places: INT| -> Raised<Dynamic> {
                let places = u32::try_from(places).ok().filter(|places| *places <= 15);
                let places = places.ok_or_else(|| {
                    raise_argument("places are a whole number from 0 to 15", "as `decimal(10 / 3, 2)`")
                })?;
                let made = from_number(rounded(plain(&number)?, places));
                Ok(taken_out(made, &number))
            });
            engine.register_fn("decimal", |real: f64, places: INT| -> Raised<Dynamic> {
                let places = u32::try_from(places).ok().filter(|places| *places <= 15);
                let number = places.and_then(|places| {
                    let number = Decimal::from_scientific(&format!("{real:e}")).ok()?;
                    Some(rounded(number, places)).filter(|rounded| !rounded.is_zero() || real == 0.0)
                });
                number.map(from_number).ok_or_else(|| {
                    raise_argument(
                        format!("the REAL {real:?} makes no decimal"),
                        "places are a whole number from 0 to 15",
                    )
                })
            });
        },
    },
    ScriptFunction {
        name: "to_int",
        signature: "number.to_int()",
        meaning: "a whole number out of a decimal, a REAL or a number without unit that is whole; round one that is not first",
        example: "round(10 / 3, 0).to_int() + 1",
        answer: "4",
        register: |engine, _| {
            engine.register_fn("to_int", |number: Dynamic| -> Raised<Dynamic> {
                let made = Dynamic::from(plain_whole(&number)?);
                Ok(taken_out(made, &number))
            });
        },
    },
    ScriptFunction {
        name: "min",
        signature: "min(a, b) · max(a, b)",
        meaning: "the lesser or greater of two values that can be compared",
        example: "min(3, 2.5)",
        answer: "2.5",
        register: |engine, shared| {
            let (lesser, greater) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("min", move |a: Dynamic, b: Dynamic| -> Raised<Dynamic> {
                if let Some(unknown) = statements::disputed(&lesser, &a, &b, false)? {
                    return Ok(unknown);
                }
                Ok(if operators::order("min", &a, &b)?.is_le() { a } else { b })
            });
            engine.register_fn("max", move |a: Dynamic, b: Dynamic| -> Raised<Dynamic> {
                if let Some(unknown) = statements::disputed(&greater, &a, &b, false)? {
                    return Ok(unknown);
                }
                Ok(if operators::order("max", &a, &b)?.is_ge() { a } else { b })
            });
        },
    },
    ScriptFunction {
        name: "floor",
        signature: "floor(number) · ceiling(number)",
        meaning: "the whole number at or below, at or above; of an inexact number where what it has lost can't change it",
        example: "floor(-2.5)",
        answer: "-3",
        register: |engine, _| {
            engine.register_fn("floor", |number: Dynamic| -> Raised<Dynamic> {
                whole(&number, Decimal::floor, f64::floor)
            });
            engine.register_fn("ceiling", |number: Dynamic| -> Raised<Dynamic> {
                whole(&number, Decimal::ceil, f64::ceil)
            });
        },
    },
    ScriptFunction {
        name: "days_between",
        signature: "days_between(from, to)",
        meaning: "the days from one ISO date to another, negative where it is earlier",
        example: "days_between(\"2025-03-01\", \"2025-03-31\")",
        answer: "30 day",
        register: |engine, _| {
            engine.register_fn("days_between", |from: &str, to: &str| -> Raised<Worked> {
                days_between(from, to).map(Worked::from).map_err(raise_quantity)
            });
        },
    },
];

fn rounded(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

/// A plain number that was made of a quantity: the book's, where all of the quantity is.
fn taken_out(made: Dynamic, from: &Dynamic) -> Dynamic {
    let is_stated =
        |quantity: &Quantity| !quantity.facts().is_empty() && !quantity.assumptions().iter().any(Assumption::is_given);
    let is_of_book = from.read_lock::<Worked>().is_some_and(|worked| is_stated(&worked.quantity));
    if is_of_book { origin::of_book(made) } else { origin::made_of(made, &[from]) }
}

/// The error of a quantity that is no single number without unit; `None` for one that is.
fn no_number(quantity: &Quantity, shown: &Dynamic) -> Option<Box<rhai::EvalAltResult>> {
    let Some(unit) = quantity.unit().filter(|unit| !Unit::is_one(unit)) else {
        let is_number = matches!(quantity.amount(), Amount::Number(_));
        let message = || format!("{} is no single number", in_words(shown));
        return (!is_number).then(|| raise_argument(message(), "give it a number"));
    };
    let message = format!("{} has the unit {unit}", in_words(shown));
    Some(raise_argument(message, "`.amount` is the number alone"))
}

/// The digits of a number without unit.
fn plain(number: &Dynamic) -> Raised<Decimal> {
    taint::note(number);
    match operand(number) {
        Operand::Integer(whole) => Ok(whole.into()),
        Operand::Decimal(decimal) => Ok(decimal),
        Operand::Quantity(worked) => match (no_number(&worked.quantity, number), worked.quantity.number()) {
            (None, Some(digits)) => Ok(digits),
            (Some(error), _) => Err(error),
            (None, None) => Err(raise_argument(format!("{} is no number", in_words(number)), "give it a number")),
        },
        _ => Err(raise_argument(format!("can't make a number of {}", in_words(number)), "give it a number")),
    }
}

/// A number that is whole, as a whole number.
fn plain_whole(number: &Dynamic) -> Raised<INT> {
    let digits = match operand(number) {
        Operand::Real(real) => Decimal::from_scientific(&format!("{real:e}")).ok(),
        _ => Some(plain(number)?),
    };
    match digits.filter(Decimal::is_integer).map(INT::try_from) {
        Some(Ok(whole)) => Ok(whole),
        Some(Err(_)) => Err(raise_argument(
            format!("{} is beyond a 64-bit whole number", in_words(number)),
            "leave it as it is: decimals hold 28 digits",
        )),
        None => Err(raise_argument(
            format!("{} is not whole", in_words(number)),
            "round it first, as `x.round(0).to_int()`, or use `floor` or `ceiling`",
        )),
    }
}

fn whole(number: &Dynamic, exact: fn(&Decimal) -> Decimal, real: fn(f64) -> f64) -> Raised<Dynamic> {
    taint::note(number);
    let whole = match operand(number) {
        Operand::Integer(whole) => whole.into(),
        Operand::Decimal(decimal) => from_number(exact(&decimal)),
        Operand::Real(value) => real(value).into(),
        Operand::Quantity(worked) => from_number(certain(&worked.quantity, number, exact)?),
        _ => {
            let message = format!("can't make a whole number of {}", in_words(number));
            return Err(raise_argument(message, "give it a plain number"));
        }
    };
    Ok(taken_out(whole, number))
}

/// The whole number of one that may be off: where both ends of what it may be give the same.
fn certain(quantity: &Quantity, shown: &Dynamic, exact: fn(&Decimal) -> Decimal) -> Raised<Decimal> {
    if let Some(error) = no_number(quantity, shown) {
        return Err(error);
    }
    let Amount::Number(number) = quantity.amount() else { return Ok(Decimal::ZERO) };
    let ends = number.value.checked_sub(number.error()).zip(number.value.checked_add(number.error()));
    let whole = ends.map(|(lower, upper)| (exact(&lower), exact(&upper))).filter(|(lower, upper)| lower == upper);
    whole.map(|(lower, _)| lower).ok_or_else(|| {
        let message = format!("{} may lie on either side of a whole number", in_words(shown));
        raise_argument(message, "compute it without rounding before, or round it, as `x.round(0)`")
    })
}
