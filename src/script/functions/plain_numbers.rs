//! Numbers out of texts, exactly; numbers as texts for people; the size and the square root of a number.

use super::{ScriptFunction, numbers};
use crate::error::{QuantityError, ScriptCause};
use crate::quantity::{Amount, human};
use crate::script::taint;
use crate::script::value::{
    self, Scalar, ScriptResult, argument_error, describe, from_number, quantity_error, scalar, script_error,
    to_quantity,
};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "parse_int(text) · parse_int(text, base)",
        meaning: "the whole number that a text writes, in base 10 or another from 2 to 36",
        example: "parse_int(\"12\") + 1",
        answer: "13",
        register: |engine, _| {
            engine.register_fn("parse_int", |text: Dynamic| parse_int(&text, 10));
            engine.register_fn("parse_int", |text: Dynamic, base: INT| parse_int(&text, base));
        },
    },
    ScriptFunction {
        signature: "parse_float(text)",
        meaning: "the number that a text writes, with a point or an exponent too, exactly",
        example: "parse_float(\"1.10\") * 2",
        answer: "2.2",
        register: |engine, _| {
            engine.register_fn("parse_float", |text: Dynamic| parse_float(&text));
        },
    },
    ScriptFunction {
        signature: "thousands(number) · thousands(number, places)",
        meaning: "a number or quantity as a text for people, its digits in groups of three, rounded to so many places",
        example: "thousands(1600000)",
        answer: "1,600,000",
        register: |engine, _| {
            engine.register_fn("thousands", |number: Dynamic| thousands(&number, None));
            engine.register_fn("thousands", |number: Dynamic, places: INT| thousands(&number, Some(places)));
            engine.register_fn("format", |_: Dynamic| -> ScriptResult<()> { Err(no_format()) });
            engine.register_fn("format", |_: Dynamic, _: Dynamic| -> ScriptResult<()> { Err(no_format()) });
        },
    },
    ScriptFunction {
        signature: "abs(number)",
        meaning: "a number or quantity without its sign",
        example: "abs(-2.5)",
        answer: "2.5",
        register: |engine, _| {
            engine.register_fn("abs", |number: Dynamic| abs(&number));
            engine.register_fn("abs", |number: INT| abs(&number.into()));
        },
    },
    ScriptFunction {
        signature: "sqrt(number)",
        meaning: "the square root of a number without unit; one whose digits do not end is marked `≈`",
        example: "sqrt(6.25)",
        answer: "2.5",
        register: |engine, _| {
            engine.register_fn("sqrt", |number: Dynamic| sqrt(&number));
        },
    },
];

fn wanted(function: &str, wanted: &str, value: &Dynamic, help: &str) -> Box<rhai::EvalAltResult> {
    argument_error(format!("`{function}` wants {wanted}, not {}", describe(value)), help)
}

fn parse_int(text: &Dynamic, base: INT) -> ScriptResult<INT> {
    let Scalar::Text(written) = scalar(text) else {
        return Err(wanted("parse_int", "a text", text, "`x.to_int()` makes a whole number of another number"));
    };
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=36).contains(base)) else {
        return Err(argument_error("`parse_int` takes a base from 2 to 36", "as `parse_int(\"ff\", 16)`"));
    };
    INT::from_str_radix(written.trim(), base).map_err(|_| {
        let message = format!("`parse_int` finds no whole number of 64 bits in {}", describe(text));
        argument_error(message, "give it digits alone; `parse_float` reads a point, and `decimal(text)` 28 digits")
    })
}

fn parse_float(text: &Dynamic) -> ScriptResult<Dynamic> {
    let Scalar::Text(written) = scalar(text) else {
        return Err(wanted("parse_float", "a text", text, "a number is one already"));
    };
    numbers::from_text(&written)
}

/// The error of SQL's `format`, which takes a text first.
fn no_format() -> Box<rhai::EvalAltResult> {
    argument_error(
        "`format` is a function of SQL",
        "`thousands(number, places)` writes a number for people; `${…}` puts it into a text",
    )
}

fn thousands(number: &Dynamic, places: Option<INT>) -> ScriptResult<String> {
    taint::note(number);
    let wrong = || argument_error("`thousands` takes from 0 to 28 places", "as `thousands(x, 2)`");
    let places = places.map(|places| u32::try_from(places).ok().filter(|places| *places <= 28).ok_or_else(wrong));
    let places = places.transpose()?;
    let plain = |number: Decimal| human::amount(&Amount::exact(number), places);
    match scalar(number) {
        Scalar::Integer(whole) => Ok(plain(whole.into())),
        Scalar::Decimal(decimal) => Ok(plain(decimal)),
        Scalar::Quantity(worked) => Ok(human::quantity(&worked.quantity, places)),
        _ => Err(wanted("thousands", "a number or a quantity", number, "`decimal(x, places)` makes a REAL exact")),
    }
}

fn abs(number: &Dynamic) -> ScriptResult<Dynamic> {
    taint::note(number);
    let made = match scalar(number) {
        Scalar::Integer(whole) => whole
            .checked_abs()
            .map(Dynamic::from)
            .ok_or_else(|| script_error(ScriptCause::overflow(&format!("abs({whole})"))))?,
        Scalar::Decimal(decimal) => from_number(decimal.abs()),
        Scalar::Real(real) => real.abs().into(),
        Scalar::Quantity(worked) => Dynamic::from(worked.abs().map_err(quantity_error)?),
        _ => return Err(wanted("abs", "a number or a quantity", number, "take it of one value")),
    };
    Ok(value::derived_from(made, &[number]))
}

/// The square root. Exact where it is a decimal, else to 28 digits; the error of an inexact number is carried on.
fn sqrt(number: &Dynamic) -> ScriptResult<Dynamic> {
    taint::note(number);
    let made = match scalar(number) {
        Scalar::Real(real) if real < 0.0 => {
            return Err(quantity_error(QuantityError::RootOfNegative(describe(number))));
        }
        Scalar::Real(real) => real.sqrt().into(),
        Scalar::Integer(_) | Scalar::Decimal(_) => {
            let root = to_quantity(number, "sqrt")?.sqrt().map_err(quantity_error)?;
            match root.quantity.amount() {
                Amount::Number(digits) if digits.is_exact() => from_number(digits.value),
                _ => Dynamic::from(root),
            }
        }
        Scalar::Quantity(worked) => Dynamic::from(worked.sqrt().map_err(quantity_error)?),
        _ => return Err(wanted("sqrt", "a number", number, "take it of one value")),
    };
    Ok(value::derived_from(made, &[number]))
}
