//! Functions of plain numbers, texts and dates.

use super::ScriptFunction;
use crate::quantity::{Worked, days_between};
use crate::script::raise::{Raised, raise_argument, raise_quantity};
use crate::script::value::{Operand, from_number, in_words, operand};
use crate::script::{operators, origin};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "decimal",
        signature: "decimal(text) · decimal(real, places)",
        meaning: "an exact number from a text, or from a REAL rounded to so many places",
        example: "decimal(\"0.10\") + 1",
        answer: "1.1",
        register: |engine, _| {
            engine.register_fn("decimal", |text: &str| -> Raised<Dynamic> {
                let read = text.parse::<crate::quantity::Quantity>().map_err(raise_quantity)?;
                let number = read.number().filter(|_| read.is_exact() && read.to_string() == read.amount().to_string());
                number
                    .map(from_number)
                    .ok_or_else(|| raise_argument(format!("\"{text}\" is no plain number"), "as `decimal(\"1.25\")`"))
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
        name: "min",
        signature: "min(a, b) · max(a, b)",
        meaning: "the lesser or greater of two values that can be compared",
        example: "min(3, 2.5)",
        answer: "2.5",
        register: |engine, _| {
            engine.register_fn("min", |a: Dynamic, b: Dynamic| -> Raised<Dynamic> {
                Ok(if operators::order("min", &a, &b)?.is_le() { a } else { b })
            });
            engine.register_fn("max", |a: Dynamic, b: Dynamic| -> Raised<Dynamic> {
                Ok(if operators::order("max", &a, &b)?.is_ge() { a } else { b })
            });
        },
    },
    ScriptFunction {
        name: "floor",
        signature: "floor(number) · ceiling(number)",
        meaning: "the whole number at or below, at or above",
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

fn whole(number: &Dynamic, exact: fn(&Decimal) -> Decimal, real: fn(f64) -> f64) -> Raised<Dynamic> {
    let whole = match operand(number) {
        Operand::Integer(whole) => whole.into(),
        Operand::Decimal(decimal) => from_number(exact(&decimal)),
        Operand::Real(value) => real(value).into(),
        _ => {
            let message = format!("can't make a whole number of {}", in_words(number));
            return Err(raise_argument(message, "give it a plain number"));
        }
    };
    Ok(origin::made_of(whole, &[number]))
}
