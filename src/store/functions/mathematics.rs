//! SQLite's own mathematical functions, which the bundled SQLite is built without; they answer as SQLite's do: NULL for
//! what is no number and where a function has no value. Nothing here knows quantities, or sums up rows.

use super::values::{beginning, number};
use super::{Kind, PURE, SqlFunction};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};
use std::f64::consts::{LN_2, PI};

/// Above this the inverse hyperbolic functions are mere logarithms; Rust's own overflow near the largest REAL.
const LARGE: f64 = 268_435_456.0;

/// A function: its name, its arguments, how it is registered, what it computes, what it gives.
macro_rules! function {
    ($name:literal, $arguments:literal, $register:ident, $compute:expr, $meaning:literal, $example:literal => $answer:literal) => {
        SqlFunction {
            name: $name,
            signature: concat!($name, $arguments),
            meaning: $meaning,
            example: $example,
            answer: $answer,
            kind: Kind::Plain,
            register: |connection, _| $register(connection, $name, $compute),
        }
    };
}

pub(super) const FUNCTIONS: &[SqlFunction] = &[
    function!("acos", "(x)", of_one, f64::acos, "the angle in radians whose cosine is x", "select acos(1)" => "≈0.0"),
    function!("acosh", "(x)", of_one, acosh, "the number whose hyperbolic cosine is x", "select acosh(1)" => "≈0.0"),
    function!("asin", "(x)", of_one, f64::asin, "the angle in radians whose sine is x", "select asin(0)" => "≈0.0"),
    function!("asinh", "(x)", of_one, asinh, "the number whose hyperbolic sine is x", "select asinh(0)" => "≈0.0"),
    function!("atan", "(x)", of_one, f64::atan, "the angle in radians whose tangent is x", "select atan(1)" => "≈0.78539816339744828"),
    function!("atan2", "(y, x)", of_two, f64::atan2, "the angle in radians from the x axis to the point at x and y", "select atan2(1, -1)" => "≈2.3561944901923448"),
    function!("atanh", "(x)", of_one, atanh, "the number whose hyperbolic tangent is x", "select atanh(0)" => "≈0.0"),
    function!("ceil", "(x)", to_whole, f64::ceil, "the whole number at or above x", "select ceil(2.1)" => "≈3.0"),
    function!("ceiling", "(x)", to_whole, f64::ceil, "the whole number at or above x", "select ceiling(2.1)" => "≈3.0"),
    function!("cos", "(x)", of_one, f64::cos, "the cosine of an angle in radians", "select cos(0)" => "≈1.0"),
    function!("cosh", "(x)", of_one, f64::cosh, "the hyperbolic cosine of x", "select cosh(0)" => "≈1.0"),
    function!("degrees", "(x)", of_one, f64::to_degrees, "the degrees of an angle in radians", "select degrees(pi())" => "≈180.0"),
    function!("exp", "(x)", of_one, f64::exp, "e to the power of x", "select exp(1)" => "≈2.7182818284590451"),
    function!("floor", "(x)", to_whole, f64::floor, "the whole number at or below x", "select floor(-2.5)" => "≈-3.0"),
    function!("ln", "(x)", of_one, |x| above_zero(x, f64::ln), "the natural logarithm of x", "select ln(10)" => "≈2.3025850929940459"),
    function!("log", "(x) · log(base, x)", to_a_base, log10, "the logarithm of x to base 10, or to another above 1", "select log(2, 8)" => "≈3.0"),
    function!("log10", "(x)", of_one, log10, "the logarithm of x to base 10", "select log10(1000)" => "≈3.0"),
    function!("log2", "(x)", of_one, |x| above_zero(x, f64::log2), "the logarithm of x to base 2", "select log2(8)" => "≈3.0"),
    function!("mod", "(x, y)", of_two, |x, y| x % y, "the remainder of x divided by y, a REAL with the sign of x", "select mod(-7, 2)" => "≈-1.0"),
    function!("pi", "()", of_none, PI, "the ratio of a circle's circumference to its diameter", "select pi()" => "≈3.1415926535897931"),
    function!("pow", "(x, y)", of_two, f64::powf, "x to the power of y", "select pow(2, 10)" => "≈1024.0"),
    function!("power", "(x, y)", of_two, f64::powf, "x to the power of y", "select power(2, -1)" => "≈0.5"),
    function!("radians", "(x)", of_one, f64::to_radians, "the radians of an angle in degrees", "select radians(180)" => "≈3.1415926535897931"),
    function!("sin", "(x)", of_one, f64::sin, "the sine of an angle in radians", "select sin(1)" => "≈0.84147098480789651"),
    function!("sinh", "(x)", of_one, f64::sinh, "the hyperbolic sine of x", "select sinh(1)" => "≈1.1752011936438014"),
    function!("sqrt", "(x)", of_one, f64::sqrt, "the square root of x", "select sqrt(2)" => "≈1.4142135623730952"),
    function!("tan", "(x)", of_one, f64::tan, "the tangent of an angle in radians", "select tan(1)" => "≈1.5574077246549023"),
    function!("tanh", "(x)", of_one, f64::tanh, "the hyperbolic tangent of x", "select tanh(1)" => "≈0.76159415595576485"),
    function!("trunc", "(x)", to_whole, f64::trunc, "x without its decimal places", "select trunc(-2.7)" => "≈-2.0"),
];

fn of_none(connection: &Connection, name: &str, constant: f64) -> Result<()> {
    connection.create_scalar_function(name, 0, PURE, move |_| Ok(constant))
}

/// SQLite makes NULL of the NaN that a function gives where it has no value.
fn of_one(connection: &Connection, name: &str, compute: fn(f64) -> f64) -> Result<()> {
    connection.create_scalar_function(name, 1, PURE, move |context| Ok(real(context.get_raw(0)).map(compute)))
}

fn of_two(connection: &Connection, name: &str, compute: fn(f64, f64) -> f64) -> Result<()> {
    connection.create_scalar_function(name, 2, PURE, move |context| {
        Ok(real(context.get_raw(0)).zip(real(context.get_raw(1))).map(|(x, y)| compute(x, y)))
    })
}

/// A whole number stays as it is; it may be one that no REAL holds.
fn to_whole(connection: &Connection, name: &str, compute: fn(f64) -> f64) -> Result<()> {
    connection.create_scalar_function(name, 1, PURE, move |context| {
        Ok(match number(context.get_raw(0)) {
            Value::Real(real) => Value::Real(compute(real)),
            other => other,
        })
    })
}

fn to_a_base(connection: &Connection, name: &str, compute: fn(f64) -> f64) -> Result<()> {
    of_one(connection, name, compute)?;
    connection.create_scalar_function(name, 2, PURE, |context| {
        let base = real(context.get_raw(0)).map_or(f64::NAN, |base| above_zero(base, f64::ln));
        // SQLite looks at the type of the base alone, and takes of any other text the number that it begins with.
        let x = match context.get_raw(1) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => to_real(&beginning(bytes).0),
            other => real(other),
        };
        Ok(x.map(|x| above_zero(base, |base| above_zero(x, f64::ln) / base)))
    })
}

fn log10(x: f64) -> f64 {
    above_zero(x, f64::log10)
}

/// No number where a logarithm would be infinite.
fn above_zero(x: f64, compute: impl Fn(f64) -> f64) -> f64 {
    if x > 0.0 { compute(x) } else { f64::NAN }
}

fn acosh(x: f64) -> f64 {
    if x > LARGE { x.ln() + LN_2 } else { x.acosh() }
}

fn asinh(x: f64) -> f64 {
    if x.abs() > LARGE { (x.abs().ln() + LN_2).copysign(x) } else { x.asinh() }
}

/// Rust's own loses digits towards -1.
fn atanh(x: f64) -> f64 {
    x.abs().atanh().copysign(x)
}

/// The number that is computed with; `None` for what is none.
pub(super) fn real(value: ValueRef<'_>) -> Option<f64> {
    to_real(&number(value))
}

fn to_real(number: &Value) -> Option<f64> {
    match number {
        Value::Integer(whole) => Some(as_real(*whole)),
        Value::Real(real) => Some(*real),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss)] // what no REAL holds is rounded, as SQLite rounds it
pub(super) fn as_real(whole: i64) -> f64 {
    whole as f64
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use crate::store::functions::values::tests::{answer, opened};

    #[test]
    fn they_answer_as_those_of_sqlite() {
        let connection = opened(FUNCTIONS);
        for (sql, expected) in [
            ("sqrt(2)", "1.4142135623730951"),
            ("sqrt(' 4 ')", "2.0"),
            ("ceil(3)", "3"),
            ("ceil('3')", "3"),
            ("ceil('3.0')", "3.0"),
            ("trunc(-2.7)", "-2.0"),
            ("floor(9223372036854775807)", "9223372036854775807"),
            ("mod(-7, 2)", "-1.0"),
            ("log(100)", "2.0"),
            ("log(2, 8)", "3.0"),
            ("log(2, '8 pounds')", "3.0"),
            ("degrees(pi())", "180.0"),
            ("atan2(1, -1)", "2.356194490192345"),
            ("power(2, -1)", "0.5"),
            ("pow(0, -1)", "inf"),
            ("acosh(1.7e308)", "710.4199840737881"),
            ("asinh(-1.7e308)", "-710.4199840737881"),
            ("atanh(-0.9965334766711973)", "-3.1780077624390537"),
        ] {
            assert_eq!(answer(&connection, sql), expected, "{sql}");
        }
    }

    #[test]
    fn where_there_is_no_answer_it_is_null() {
        let connection = opened(FUNCTIONS);
        let without = ["sqrt(-1)", "acosh(0)", "asin(2)", "ln(0)", "log(1, 5)", "log(2, 'x')", "mod(5, 0)"];
        let no_numbers = ["sqrt(NULL)", "sqrt('4x')", "sqrt('')", "sqrt('inf')", "sqrt('5+3')", "sqrt(x'34')"];
        for sql in without.into_iter().chain(no_numbers) {
            assert_eq!(answer(&connection, sql), "NULL", "{sql}");
        }
    }
}
