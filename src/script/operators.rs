//! Arithmetic and comparison for every pair of value types, in one place. The engine's own operators would truncate, round
//! silently, or answer `false` for values that can't be compared; a pair that is not computed here is an error.

use super::taint;
use super::value::{
    self, Scalar, ScriptResult, argument_error, describe, from_number, quantity_error, scalar, script_error,
};
use crate::error::{QuantityError, ScriptCause};
use crate::quantity::{Amount, Number, Quantity, Traced, Unit, decimal};
use rhai::{Array, Dynamic, Engine, FLOAT, INT};
use rust_decimal::Decimal;
use std::any::TypeId;
use std::borrow::Cow;
use std::cmp::Ordering;

/// The arithmetic operators.
const ARITHMETIC: [&str; 6] = ["+", "-", "*", "/", "%", "**"];

/// The comparisons.
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// Registers every operator for every pair. `before` is called with each that is arithmetic, and returns its result where that is another
/// than of the two amounts: the unknown that the sum of two differing statements of one thing is.
pub(super) fn register(
    engine: &mut Engine,
    before: impl Fn(&str, &Dynamic, &Dynamic) -> ScriptResult<Option<Dynamic>> + Clone + 'static,
) {
    for name in ARITHMETIC {
        let before = before.clone();
        let add_or_apply = move |left: &Dynamic, right: &Dynamic| {
            let other = before(name, left, right)?;
            other.map_or_else(|| arithmetic(name, left, right), Ok)
        };
        let two = add_or_apply.clone();
        engine.register_fn(name, move |left: Dynamic, right: Dynamic| two(&left, &right));
        let assigning = format!("{name}=");
        engine.register_fn(assigning, move |left: &mut Dynamic, right: Dynamic| -> ScriptResult<()> {
            if name == "+" && left.is::<Array>() && right.is::<Array>() {
                let more = right.try_cast::<Array>().unwrap_or_default();
                left.write_lock::<Array>().into_iter().for_each(|mut list| list.extend(more.iter().cloned()));
                return Ok(());
            }
            *left = add_or_apply(left, &right)?;
            Ok(())
        });
    }
    register_exact(engine);
    for name in COMPARISONS {
        engine.register_fn(name, move |left: Dynamic, right: Dynamic| holds_between(name, &left, &right));
    }
    engine.register_fn("-", |value: Dynamic| negate(&value));
    engine.register_fn("+", |value: Dynamic| value);
}

/// Overrides the pairs that the engine's packages compute themselves, and wrongly.
fn register_exact(engine: &mut Engine) {
    let [whole, exact, real] = [TypeId::of::<INT>(), TypeId::of::<Decimal>(), TypeId::of::<FLOAT>()];
    for name in ARITHMETIC {
        for pair in
            [[whole, whole], [whole, exact], [exact, whole], [exact, exact], [real, real], [real, whole], [whole, real]]
        {
            register_raw(engine, name, &pair, move |values| arithmetic(name, values[0], values[1]));
        }
    }
    // By name too, as `divide(a, b)`, which would round silently.
    let named = [("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"), ("modulo", "%"), ("power", "**")];
    for (name, operator) in named {
        register_raw(engine, name, &[exact, exact], move |values| arithmetic(operator, values[0], values[1]));
    }
    register_raw(engine, "-", &[whole], |values| negate(values[0]));
    register_raw(engine, "-", &[exact], |values| negate(values[0]));
    engine.register_fn("<<", |a: INT, by: INT| shift("<<", a, by));
    engine.register_fn(">>", |a: INT, by: INT| shift(">>", a, by));
    register_text_mismatch::<()>(engine);
    register_text_mismatch::<INT>(engine);
    register_text_mismatch::<Decimal>(engine);
    register_text_mismatch::<FLOAT>(engine);
    register_text_mismatch::<Traced>(engine);
}

/// Registers an operator that receives its operands with their tags of origin.
fn register_raw(
    engine: &mut Engine,
    name: &str,
    types: &[TypeId],
    compute: impl Fn(&[&mut Dynamic]) -> ScriptResult<Dynamic> + 'static,
) {
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    engine.register_raw_fn(name, types, move |_, values| compute(values));
}

/// Refuses text `+` non-text, which the engine would concatenate: `"5" + 1` would be 51.
fn register_text_mismatch<T: rhai::Variant + Clone>(engine: &mut Engine) {
    engine.register_fn("+", |left: &str, right: T| arithmetic("+", &left.into(), &Dynamic::from(right)));
    engine.register_fn("+", |left: T, right: &str| arithmetic("+", &Dynamic::from(left), &right.into()));
    engine.register_fn("+=", |left: &mut rhai::ImmutableString, right: T| -> ScriptResult<()> {
        arithmetic("+", &left.clone().into(), &Dynamic::from(right)).map(drop)
    });
}

/// Computes an arithmetic operator.
///
/// # Errors
/// A pair that it does not take, overflow.
pub(super) fn arithmetic(name: &'static str, left: &Dynamic, right: &Dynamic) -> ScriptResult<Dynamic> {
    Ok(value::derived_from(apply(name, left, right)?, &[left, right]))
}

fn apply(name: &'static str, left: &Dynamic, right: &Dynamic) -> ScriptResult<Dynamic> {
    match (scalar(left), scalar(right)) {
        (Scalar::Integer(a), Scalar::Integer(b)) => integers(name, a, b),
        (Scalar::Integer(a), Scalar::Decimal(b)) => decimals_or_power(name, a.into(), b),
        (Scalar::Decimal(a), Scalar::Integer(b)) => decimals_or_power(name, a, b.into()),
        (Scalar::Decimal(a), Scalar::Decimal(b)) => decimals_or_power(name, a, b),
        (Scalar::Real(a), Scalar::Real(b)) => reals(name, a, b, (left, right)),
        (Scalar::Real(a), Scalar::Integer(b)) => reals(name, a, as_real(b), (left, right)),
        (Scalar::Integer(a), Scalar::Real(b)) => reals(name, as_real(a), b, (left, right)),
        (Scalar::Text(a), Scalar::Text(b)) if name == "+" => Ok((a + b).into()),
        (a, b) => match (numeric(&a), numeric(&b)) {
            (Some(a), Some(b)) => traced(name, &a, &b, (left, right)),
            _ => Err(mismatch(name, left, right)),
        },
    }
}

fn plain(number: Decimal) -> Traced {
    Traced::from(Quantity::plain(number))
}

/// An exact result of arithmetic.
#[derive(Debug, Clone)]
pub(super) enum Exact {
    Integer(INT),
    Decimal(Decimal),
    /// A quantity, or a number marked inexact.
    Quantity(Box<Traced>),
}

impl Exact {
    /// An integer where the number is whole and fits 64 bits, else a decimal.
    pub(super) fn of_number(number: Decimal) -> Self {
        match INT::try_from(number) {
            Ok(whole) if number.is_integer() => Self::Integer(whole),
            _ => Self::Decimal(number.normalize()),
        }
    }
}

impl From<Exact> for Dynamic {
    fn from(exact: Exact) -> Self {
        match exact {
            Exact::Integer(whole) => whole.into(),
            Exact::Decimal(decimal) => decimal.into(),
            Exact::Quantity(traced) => Self::from(*traced),
        }
    }
}

/// Integer arithmetic; a quotient that is not whole becomes a decimal or an inexact number.
fn integers(name: &'static str, a: INT, b: INT) -> ScriptResult<Dynamic> {
    if let Some(whole) = whole_numbers(name, a, b) {
        return Ok(whole.into());
    }
    match name {
        "%" if b == 0 => Err(quantity_error(QuantityError::DivisionByZero)),
        "/" => decimals_or_power(name, a.into(), b.into()),
        "**" if u32::try_from(b).is_err() => power(a.into(), b),
        _ => Err(script_error(ScriptCause::overflow(&format!("{a} {name} {b}")))),
    }
}

/// The integer that an operator makes of two; `None` for a quotient, a power that is no repeated product, and where there is none.
pub(super) fn whole_numbers(name: &'static str, a: INT, b: INT) -> Option<INT> {
    match name {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "%" => a.checked_rem(b),
        "**" => a.checked_pow(u32::try_from(b).ok()?),
        _ => None,
    }
}

fn decimals_or_power(name: &'static str, a: Decimal, b: Decimal) -> ScriptResult<Dynamic> {
    match decimals(name, a, b) {
        Some(exact) => exact.map(Into::into).map_err(quantity_error),
        None => match INT::try_from(b) {
            Ok(exponent) if b.is_integer() => power(a, exponent),
            _ => Err(mismatch(name, &a.into(), &b.into())),
        },
    }
}

/// Decimal arithmetic; a result of more than 28 digits becomes a number marked inexact. `None` for a power.
pub(super) fn decimals(name: &'static str, a: Decimal, b: Decimal) -> Option<Result<Exact, QuantityError>> {
    let computed = match name {
        "+" => decimal::add(a, b),
        "-" => decimal::subtract(a, b),
        "*" => decimal::multiply(a, b),
        "/" => decimal::divide(a, b),
        "%" if b.is_zero() => Err(QuantityError::DivisionByZero),
        "%" => Ok((a % b, true)),
        _ => return None,
    };
    Some(computed.map(|(value, is_exact)| match (is_exact, name) {
        (true, "/") => Exact::of_number(value),
        (true, _) => Exact::Decimal(value.normalize()),
        (false, _) => {
            let number = Amount::Number(Number::from_rounded(value, false));
            Exact::Quantity(Box::new(Traced::from(Quantity::new(number, Some(Unit::one())))))
        }
    }))
}

/// Integer power by repeated squaring, so that exactness is decided at every step and a large exponent takes few of them.
fn power(base: Decimal, exponent: INT) -> ScriptResult<Dynamic> {
    let (mut square, mut result) = (Dynamic::from(base), Dynamic::from(Decimal::ONE));
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest % 2 == 1 {
            result = arithmetic("*", &result, &square)?;
        }
        rest /= 2;
        if rest > 0 {
            square = arithmetic("*", &square, &square)?;
        }
    }
    if exponent < 0 { arithmetic("/", &Dynamic::from(1_i64), &result) } else { Ok(result) }
}

/// `<<` and `>>` of integers; losing a bit is an error.
fn shift(name: &'static str, a: INT, by: INT) -> ScriptResult<INT> {
    let places = u32::try_from(by).ok().filter(|places| *places < INT::BITS);
    let done = match name {
        "<<" => places.and_then(|places| a.checked_shl(places).filter(|shift| shift >> places == a)),
        _ => places.map(|places| a >> places),
    };
    done.ok_or_else(|| script_error(ScriptCause::overflow(&format!("{a} {name} {by}"))))
}

fn traced(name: &'static str, a: &Traced, b: &Traced, shown: (&Dynamic, &Dynamic)) -> ScriptResult<Dynamic> {
    match quantities(name, a, b, [shown.0, shown.1].map(value::is_from_book)) {
        None => Err(mismatch(name, shown.0, shown.1)),
        Some(Ok(made)) => Ok(Dynamic::from(made)),
        Some(Err(error)) => {
            // The error, and its message, rest on both.
            taint::note_worked(a);
            taint::note_worked(b);
            Err(quantity_error(error))
        }
    }
}

/// Quantity arithmetic. A plain number that is not from the book is marked as given beside a quantity. `None` for an operator
/// that quantities do not have.
pub(super) fn quantities(
    name: &'static str,
    a: &Traced,
    b: &Traced,
    are_of_book: [bool; 2],
) -> Option<Result<Traced, QuantityError>> {
    let (a_is_bare, b_is_bare) = (a.quantity.is_bare(), b.quantity.is_bare());
    let is_zero = |one: &Traced, is_of_book: bool| {
        !is_of_book && one.quantity.is_exact() && one.quantity.number().is_some_and(|number| number.is_zero())
    };
    // As in SQL, a bare 0 fits any unit: the sum of a loop begins with it.
    match name {
        "+" if a_is_bare && !b_is_bare && is_zero(a, are_of_book[0]) => return Some(Ok(b.clone())),
        "+" | "-" if b_is_bare && !a_is_bare && is_zero(b, are_of_book[1]) => return Some(Ok(a.clone())),
        "-" if a_is_bare && !b_is_bare && is_zero(a, are_of_book[0]) => return Some(Ok(b.negate())),
        _ => {}
    }
    let given = |one: &'_ Traced, is_given: bool| is_given.then(|| one.clone().given());
    let given_a = given(a, a_is_bare && !b_is_bare && !are_of_book[0]);
    let given_b = given(b, b_is_bare && !a_is_bare && !are_of_book[1]);
    let (a, b) = (given_a.as_ref().unwrap_or(a), given_b.as_ref().unwrap_or(b));
    Some(match name {
        "+" => a.add(b),
        "-" => a.subtract(b),
        "*" => a.multiply(b),
        "/" => a.divide(b),
        _ => return None,
    })
}

/// Binary floating-point arithmetic of REALs and integers, as in SQL.
fn reals(name: &'static str, a: FLOAT, b: FLOAT, shown: (&Dynamic, &Dynamic)) -> ScriptResult<Dynamic> {
    let done = match name {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" | "%" if b == 0.0 => return Err(quantity_error(QuantityError::DivisionByZero)),
        "/" => a / b,
        "%" => a % b,
        _ => a.powf(b),
    };
    if done.is_finite() { Ok(done.into()) } else { Err(mismatch(name, shown.0, shown.1)) }
}

#[allow(clippy::cast_precision_loss)] // a REAL is inexact by nature, and is printed so
fn as_real(whole: INT) -> FLOAT {
    whole as FLOAT
}

/// Compares a REAL, which has 53 bits, with an integer of up to 63 without converting either. `None` for NaN.
fn compare_real_with_integer(real: FLOAT, whole: INT) -> Option<Ordering> {
    // Two to the power of 63 is a REAL, and the least that is beyond every whole number.
    const BEYOND: FLOAT = 9_223_372_036_854_775_808.0;
    if real.is_nan() {
        return None;
    }
    if !(-BEYOND..BEYOND).contains(&real) {
        return Some(if real > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    #[allow(clippy::cast_possible_truncation)] // in range, and the fraction is compared below
    let below = real.floor() as INT;
    Some(below.cmp(&whole).then(if real > real.floor() { Ordering::Greater } else { Ordering::Equal }))
}

fn negate(value: &Dynamic) -> ScriptResult<Dynamic> {
    let negative = match scalar(value) {
        Scalar::Integer(whole) => match whole.checked_neg() {
            Some(negative) => negative.into(),
            None => return Err(script_error(ScriptCause::overflow(&format!("-({whole})")))),
        },
        Scalar::Decimal(decimal) => (-decimal).into(),
        Scalar::Real(real) => (-real).into(),
        Scalar::Quantity(worked) => Dynamic::from(worked.negate()),
        _ => return Err(mismatch("-", &Dynamic::from(0_i64), value)),
    };
    Ok(value::derived_from(negative, &[value]))
}

fn holds_between(name: &'static str, left: &Dynamic, right: &Dynamic) -> ScriptResult<bool> {
    let is_equality = matches!(name, "==" | "!=");
    if is_equality {
        let equal = equals(name, left, right)?;
        return Ok(equal == (name == "=="));
    }
    let order = compare(name, left, right)?;
    Ok(match name {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

pub(super) fn equals(name: &'static str, left: &Dynamic, right: &Dynamic) -> ScriptResult<bool> {
    taint::note(left);
    taint::note(right);
    match (scalar(left), scalar(right)) {
        // The NULL of a column may be compared with `()`, and with nothing else.
        (Scalar::Null, Scalar::Null) if left.tag() == 0 || right.tag() == 0 => Ok(true),
        (Scalar::Null, _) if left.tag() != 0 => Err(mismatch(name, left, right)),
        (_, Scalar::Null) if right.tag() != 0 => Err(mismatch(name, left, right)),
        (Scalar::Null, _) | (_, Scalar::Null) => Ok(false),
        (Scalar::Truth(a), Scalar::Truth(b)) => Ok(a == b),
        (Scalar::Text(a), Scalar::Text(b)) => Ok(a == b),
        (Scalar::Integer(a), Scalar::Integer(b)) => Ok(a == b),
        (Scalar::Decimal(a), Scalar::Decimal(b)) => Ok(a == b),
        (a, b) => match (numeric(&a), numeric(&b)) {
            (Some(a), Some(b)) => a.quantity.equals(&b.quantity).map_err(quantity_error),
            _ => compare(name, left, right).map(Ordering::is_eq),
        },
    }
}

/// An operand as a quantity, if it is one or an exact number.
fn numeric<'v>(scalar: &'v Scalar<'_>) -> Option<Cow<'v, Traced>> {
    match scalar {
        Scalar::Quantity(worked) => Some(Cow::Borrowed(worked)),
        Scalar::Integer(whole) => Some(Cow::Owned(plain((*whole).into()))),
        Scalar::Decimal(decimal) => Some(Cow::Owned(plain(*decimal))),
        _ => None,
    }
}

/// Compares two values of comparable types; `name` is the operator that a message names.
///
/// # Errors
/// Values without an order: of different kinds, NULL, an unknown, overlapping ranges, different units.
pub(super) fn compare(name: &'static str, left: &Dynamic, right: &Dynamic) -> ScriptResult<Ordering> {
    taint::note(left);
    taint::note(right);
    match (scalar(left), scalar(right)) {
        (Scalar::Integer(a), Scalar::Integer(b)) => Ok(a.cmp(&b)),
        (Scalar::Text(a), Scalar::Text(b)) => Ok(a.cmp(&b)),
        (Scalar::Real(a), Scalar::Real(b)) => a.partial_cmp(&b).ok_or_else(|| mismatch(name, left, right)),
        (Scalar::Real(a), Scalar::Integer(b)) => {
            compare_real_with_integer(a, b).ok_or_else(|| mismatch(name, left, right))
        }
        (Scalar::Integer(a), Scalar::Real(b)) => {
            compare_real_with_integer(b, a).map(Ordering::reverse).ok_or_else(|| mismatch(name, left, right))
        }
        (a, b) => match (numeric(&a), numeric(&b)) {
            (Some(a), Some(b)) => a.quantity.compare(&b.quantity).map_err(quantity_error),
            _ => Err(mismatch(name, left, right)),
        },
    }
}

/// The value of a `switch` in the form that the engine can compare, which it does by hash: a whole number is one, however it was
/// computed, and a character is a text.
///
/// # Errors
/// A value that equals another in more ways than one: a quantity, a REAL, a table.
pub(super) fn switched(value: &Dynamic) -> ScriptResult<Dynamic> {
    match scalar(value) {
        Scalar::Integer(_) | Scalar::Truth(_) | Scalar::Null => Ok(value.clone()),
        Scalar::Decimal(decimal) => Ok(from_number(decimal)),
        Scalar::Text(text) => Ok(text.into()),
        _ => Err(argument_error(
            format!("`switch` compares numbers, texts and true or false, not {}", describe(value)),
            "write `if … else if …`; of a quantity `.amount` is the number alone",
        )),
    }
}

/// The help where NULL is handed to an operator.
pub(super) const NULL_HELP: &str = "NULL means \"does not apply\": test it first, as `x == ()`; a key that a map may lack is read by \
                                     `map.get(key) ?? 0`";

/// The error of a pair that an operator does not take, with help for the commonest ones.
fn mismatch(name: &str, left: &Dynamic, right: &Dynamic) -> Box<rhai::EvalAltResult> {
    let either = |is: fn(&Scalar) -> bool| is(&scalar(left)) || is(&scalar(right));
    let help = if either(|o| matches!(o, Scalar::Null)) {
        NULL_HELP
    } else if either(|o| matches!(o, Scalar::Real(_))) {
        "a REAL is binary and inexact: `decimal(x, places)` makes an exact number of it"
    } else if either(|o| matches!(o, Scalar::Other)) {
        "name a column of it, as `.amount`"
    } else if name == "+" && either(|o| matches!(o, Scalar::Text(_))) {
        "to put it into a text, write `${…}` in backticks; to count with the text, `decimal(text)`"
    } else {
        match (name, scalar(left), scalar(right)) {
            ("-", Scalar::Text(_), Scalar::Text(_)) => {
                "`days_between(first, second)` counts the days between two dates"
            }
            ("*", Scalar::Text(_), Scalar::Integer(_)) => "`\"\".pad(3, \"x\")` repeats a piece up to a length",
            ("**", Scalar::Integer(_) | Scalar::Decimal(_), Scalar::Decimal(_)) => {
                "the exponent is a whole number; `sqrt(x)` is the square root"
            }
            ("%", Scalar::Text(_), _) => "`${x}` in backquotes puts a value into a text",
            _ => "both sides must be of a kind",
        }
    };
    argument_error(format!("`{name}` does not take {} and {}", describe(left), describe(right)), help)
}
