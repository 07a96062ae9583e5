//! Functions of plain values: mathematics, regular expressions and series. The mathematical ones are SQLite's own,
//! which the bundled SQLite is built without; they answer as SQLite's do: NULL for a value that is no number, and
//! outside their domain. Quantities have no place here.

use super::arguments::quoted;
use super::{FunctionKind, PURE, Registration, SqlFunction, function};
use regex::Regex;
use rusqlite::Result;
use rusqlite::functions::Context;
use rusqlite::types::{Value, ValueRef};
use rusqlite::vtab::series;
use std::borrow::Cow;
use std::f64::consts::{LN_2, PI};

/// The bound above which the inverse hyperbolic functions are mere logarithms; Rust's own overflow near the largest
/// REAL.
const LARGE: f64 = 268_435_456.0;

pub(super) const MATHEMATICS: &[SqlFunction] = &[
    function!("acos", "(x)", Plain, |f| f.unary(f64::acos), "the angle in radians whose cosine is x", "select acos(1)" => "≈0.0"),
    function!("acosh", "(x)", Plain, |f| f.unary(acosh), "the number whose hyperbolic cosine is x", "select acosh(1)" => "≈0.0"),
    function!("asin", "(x)", Plain, |f| f.unary(f64::asin), "the angle in radians whose sine is x", "select asin(0)" => "≈0.0"),
    function!("asinh", "(x)", Plain, |f| f.unary(asinh), "the number whose hyperbolic sine is x", "select asinh(0)" => "≈0.0"),
    function!("atan", "(x)", Plain, |f| f.unary(f64::atan), "the angle in radians whose tangent is x", "select atan(1)" => "≈0.78539816339744828"),
    function!("atan2", "(y, x)", Plain, |f| f.binary(f64::atan2), "the angle in radians from the x axis to the point at x and y", "select atan2(1, -1)" => "≈2.3561944901923448"),
    function!("atanh", "(x)", Plain, |f| f.unary(atanh), "the number whose hyperbolic tangent is x", "select atanh(0)" => "≈0.0"),
    function!("ceil", "(x)", Plain, |f| f.rounding(f64::ceil), "the whole number at or above x", "select ceil(2.1)" => "≈3.0"),
    function!("ceiling", "(x)", Plain, |f| f.rounding(f64::ceil), "the whole number at or above x", "select ceiling(2.1)" => "≈3.0"),
    function!("cos", "(x)", Plain, |f| f.unary(f64::cos), "the cosine of an angle in radians", "select cos(0)" => "≈1.0"),
    function!("cosh", "(x)", Plain, |f| f.unary(f64::cosh), "the hyperbolic cosine of x", "select cosh(0)" => "≈1.0"),
    function!("degrees", "(x)", Plain, |f| f.unary(f64::to_degrees), "the degrees of an angle in radians", "select degrees(pi())" => "≈180.0"),
    function!("exp", "(x)", Plain, |f| f.unary(f64::exp), "e to the power of x", "select exp(1)" => "≈2.7182818284590451"),
    function!("floor", "(x)", Plain, |f| f.rounding(f64::floor), "the whole number at or below x", "select floor(-2.5)" => "≈-3.0"),
    function!("ln", "(x)", Plain, |f| f.unary(|x| above_zero(x, f64::ln)), "the natural logarithm of x", "select ln(10)" => "≈2.3025850929940459"),
    function!("log", "(x) · log(base, x)", Plain, |f| f.logarithm(log10), "the logarithm of x to base 10, or to another above 1", "select log(2, 8)" => "≈3.0"),
    function!("log10", "(x)", Plain, |f| f.unary(log10), "the logarithm of x to base 10", "select log10(1000)" => "≈3.0"),
    function!("log2", "(x)", Plain, |f| f.unary(|x| above_zero(x, f64::log2)), "the logarithm of x to base 2", "select log2(8)" => "≈3.0"),
    function!("mod", "(x, y)", Plain, |f| f.binary(|x, y| x % y), "the remainder of x divided by y, a REAL with the sign of x", "select mod(-7, 2)" => "≈-1.0"),
    function!("pi", "()", Plain, |f| f.constant(PI), "the ratio of a circle's circumference to its diameter", "select pi()" => "≈3.1415926535897931"),
    function!("pow", "(x, y)", Plain, |f| f.binary(f64::powf), "x to the power of y", "select pow(2, 10)" => "≈1024.0"),
    function!("power", "(x, y)", Plain, |f| f.binary(f64::powf), "x to the power of y", "select power(2, -1)" => "≈0.5"),
    function!("radians", "(x)", Plain, |f| f.unary(f64::to_radians), "the radians of an angle in degrees", "select radians(180)" => "≈3.1415926535897931"),
    function!("sin", "(x)", Plain, |f| f.unary(f64::sin), "the sine of an angle in radians", "select sin(1)" => "≈0.84147098480789651"),
    function!("sinh", "(x)", Plain, |f| f.unary(f64::sinh), "the hyperbolic sine of x", "select sinh(1)" => "≈1.1752011936438014"),
    function!("sqrt", "(x)", Plain, |f| f.unary(f64::sqrt), "the square root of x", "select sqrt(2)" => "≈1.4142135623730952"),
    function!("tan", "(x)", Plain, |f| f.unary(f64::tan), "the tangent of an angle in radians", "select tan(1)" => "≈1.5574077246549023"),
    function!("tanh", "(x)", Plain, |f| f.unary(f64::tanh), "the hyperbolic tangent of x", "select tanh(1)" => "≈0.76159415595576485"),
    function!("trunc", "(x)", Plain, |f| f.rounding(f64::trunc), "x without its decimal places", "select trunc(-2.7)" => "≈-2.0"),
];

impl Registration<'_> {
    fn constant(&self, constant: f64) -> Result<()> {
        self.connection.create_scalar_function(self.name, 0, PURE, move |_| Ok(constant))
    }

    /// A function of one number. SQLite makes NULL of the NaN that it gives outside its domain.
    fn unary(&self, compute: fn(f64) -> f64) -> Result<()> {
        self.connection.create_scalar_function(self.name, 1, PURE, move |context| {
            Ok(to_real_value(context.get_raw(0)).map(compute))
        })
    }

    fn binary(&self, compute: fn(f64, f64) -> f64) -> Result<()> {
        self.connection.create_scalar_function(self.name, 2, PURE, move |context| {
            Ok(to_real_value(context.get_raw(0)).zip(to_real_value(context.get_raw(1))).map(|(x, y)| compute(x, y)))
        })
    }

    /// A function that rounds. An integer stays as it is; it may be one that no REAL can represent.
    fn rounding(&self, compute: fn(f64) -> f64) -> Result<()> {
        self.connection.create_scalar_function(self.name, 1, PURE, move |context| {
            Ok(match to_number(context.get_raw(0)) {
                Value::Real(real) => Value::Real(compute(real)),
                other => other,
            })
        })
    }

    fn logarithm(&self, compute: fn(f64) -> f64) -> Result<()> {
        self.unary(compute)?;
        self.connection.create_scalar_function(self.name, 2, PURE, |context| {
            let base = to_real_value(context.get_raw(0)).map_or(f64::NAN, |base| above_zero(base, f64::ln));
            // SQLite checks the type of the base alone, and takes of any other text the number that it begins with.
            let x = match context.get_raw(1) {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => as_f64(&number_prefix(bytes).0),
                other => to_real_value(other),
            };
            Ok(x.map(|x| above_zero(base, |base| above_zero(x, f64::ln) / base)))
        })
    }
}

fn log10(x: f64) -> f64 {
    above_zero(x, f64::log10)
}

/// NaN where a logarithm would be infinite.
fn above_zero(x: f64, compute: impl Fn(f64) -> f64) -> f64 {
    if x > 0.0 { compute(x) } else { f64::NAN }
}

fn acosh(x: f64) -> f64 {
    if x > LARGE { x.ln() + LN_2 } else { x.acosh() }
}

fn asinh(x: f64) -> f64 {
    if x.abs() > LARGE { (x.abs().ln() + LN_2).copysign(x) } else { x.asinh() }
}

/// The inverse hyperbolic tangent; Rust's own loses digits towards -1.
fn atanh(x: f64) -> f64 {
    x.abs().atanh().copysign(x)
}

/// The value as a REAL; `None` if it is no number.
pub(super) fn to_real_value(value: ValueRef<'_>) -> Option<f64> {
    as_f64(&to_number(value))
}

fn as_f64(number: &Value) -> Option<f64> {
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

/// `regexp`, and `generate_series`, a table that counts and comes with rusqlite.
pub(super) const FUNCTIONS: &[SqlFunction] = &[
    function!("regexp", "(pattern, text)", Plain,
        |f| f.connection.create_scalar_function(f.name, 2, PURE, |context| matches(context)),
        "1 where a regular expression matches anywhere in a text, otherwise 0; `text regexp pattern` asks the same",
        "select regexp('^F', 'F29')" => "1"),
    function!("generate_series", "(start, stop) · generate_series(start, stop, step)", Plain,
        |f| series::load_module(f.connection),
        "a table with a column `value` that counts up from start to stop, or down from stop to start where the step is negative",
        "select sum(value) from generate_series(1, 4)" => "10"),
];

fn matches(context: &Context<'_>) -> Result<Option<bool>> {
    let (Some(pattern), Some(text)) = (as_text(context.get_raw(0)), as_text(context.get_raw(1))) else {
        return Ok(None);
    };
    // SQLite keeps it as long as the pattern is the same for every row.
    let compile = |_: ValueRef<'_>| compile_pattern(&pattern).map_err(|why| format!("`regexp` {why}"));
    let compiled = context.get_or_create_aux(0, compile)?;
    Ok(Some(compiled.is_match(&text)))
}

/// Compiles a regular expression, of SQL and of scripts.
///
/// # Errors
/// Why not, as `can't read the pattern "(": unclosed group`. The crate draws the pattern with a caret below it; the cause is in the
/// last line.
pub fn compile_pattern(pattern: &str) -> std::result::Result<Regex, String> {
    Regex::new(pattern).map_err(|error| {
        let drawn = error.to_string();
        let last = drawn.lines().last().unwrap_or_default();
        let cause = last.strip_prefix("error: ").unwrap_or(last).trim_end_matches('.').to_lowercase();
        format!("can't read the pattern {}: {cause}", quoted(pattern))
    })
}

/// A value as the text that a pattern is matched with.
fn as_text(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(whole) => Some(whole.to_string().into()),
        ValueRef::Real(real) => Some(format!("{real:?}").into()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes)),
    }
}

/// Describes a value for a message.
pub(super) fn describe_plain(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(whole) => whole.to_string(),
        ValueRef::Real(real) => format!("{real:?}"),
        ValueRef::Text(bytes) => format!("the text {}", quoted(&String::from_utf8_lossy(bytes))),
        ValueRef::Blob(_) => "a blob".to_owned(),
    }
}

/// A number, or the number that is all of a text; NULL for the rest.
fn to_number(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(whole) => Value::Integer(whole),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(bytes) => match number_prefix(bytes) {
            (number, true) => number,
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}

/// The number that a text begins with, and true if there are only blanks around it. This is SQLite's grammar: Rust's
/// own also reads `inf` and `nan`.
fn number_prefix(text: &[u8]) -> (Value, bool) {
    // For SQLite a text ends at its first NUL.
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = &text[skip_while(text, 0, is_blank)..];
    let sign = |from: usize| from + usize::from(matches!(text.get(from), Some(b'+' | b'-')));
    let digits = |from: usize| skip_while(text, from, |byte| byte.is_ascii_digit());
    let whole = digits(sign(0));
    let mantissa = if text.get(whole) == Some(&b'.') { digits(whole + 1) } else { whole };
    let power = sign(mantissa + 1);
    let has_power = matches!(text.get(mantissa), Some(b'e' | b'E')) && digits(power) > power;
    let end = if has_power { digits(power) } else { mantissa };
    let written = str::from_utf8(&text[..end]).unwrap_or_default();
    let number = written.parse().map(Value::Integer).or_else(|_| written.parse().map(Value::Real));
    (number.unwrap_or(Value::Null), skip_while(text, end, is_blank) == text.len())
}

/// The end of a run of bytes that begins at a place.
fn skip_while(text: &[u8], from: usize, is_wanted: impl Fn(u8) -> bool) -> usize {
    from + text.iter().skip(from).take_while(|byte| is_wanted(**byte)).count()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::{Value, number_prefix};

    #[test]
    fn a_number_is_read_as_sqlite_reads_it() {
        for (text, number, is_all) in [
            (" 12 ", Value::Integer(12), true),
            ("12 pounds", Value::Integer(12), false),
            ("5+3", Value::Integer(5), false),
            ("5e", Value::Integer(5), false),
            ("-5.", Value::Real(-5.0), true),
            (".5e+1\0x", Value::Real(5.0), true),
            ("9223372036854775808", Value::Real(9_223_372_036_854_775_808.0), true),
            ("inf", Value::Null, false),
            ("+", Value::Null, true),
            ("", Value::Null, true),
        ] {
            assert_eq!(number_prefix(text.as_bytes()), (number, is_all), "{text}");
        }
    }
}
