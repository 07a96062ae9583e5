//! What `+ - * / % **` and the comparisons mean for every pair of values, in one place. The engine's own operators
//! would truncate, round silently, or answer `false` for values that can't be compared; whatever pair is not
//! computed here is an error here.

use super::exception::{Raised, raise, raise_quantity};
use super::taint;
use super::value::{self, Operand, from_number, in_words, operand};
use crate::error::{QuantityError, ScriptCause};
use crate::quantity::{Amount, Number, Quantity, Worked, decimal};
use rhai::{Array, Dynamic, Engine, FLOAT, INT};
use rust_decimal::Decimal;
use std::any::TypeId;
use std::cmp::Ordering;

/// The arithmetic operators.
const ARITHMETIC: [&str; 6] = ["+", "-", "*", "/", "%", "**"];

/// The comparisons.
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// Registers every operator for every pair. `conflict` gives the unknown that the sum of two statements is which differ.
pub(super) fn register(
    engine: &mut Engine,
    conflict: impl Fn(&Dynamic, &Dynamic) -> Raised<Option<Dynamic>> + Clone + 'static,
) {
    for name in ARITHMETIC {
        let conflict = conflict.clone();
        let put_together = move |left: &Dynamic, right: &Dynamic| {
            let unknown = if name == "+" { conflict(left, right)? } else { None };
            unknown.map_or_else(|| arithmetic(name, left, right), Ok)
        };
        let two = put_together.clone();
        engine.register_fn(name, move |left: Dynamic, right: Dynamic| two(&left, &right));
        let assigning = format!("{name}=");
        engine.register_fn(assigning, move |left: &mut Dynamic, right: Dynamic| -> Raised<()> {
            if name == "+" && left.is::<Array>() && right.is::<Array>() {
                let more = right.try_cast::<Array>().unwrap_or_default();
                left.write_lock::<Array>().into_iter().for_each(|mut list| list.extend(more.iter().cloned()));
                return Ok(());
            }
            *left = put_together(left, &right)?;
            Ok(())
        });
    }
    register_exact(engine);
    for name in COMPARISONS {
        engine.register_fn(name, move |left: Dynamic, right: Dynamic| comparison(name, &left, &right));
    }
    engine.register_fn("-", |value: Dynamic| negated(&value));
    engine.register_fn("+", |value: Dynamic| value);
}

/// Pairs that the engine's packages have an answer of their own for, and the wrong one.
fn register_exact(engine: &mut Engine) {
    let [whole, exact, real] = [TypeId::of::<INT>(), TypeId::of::<Decimal>(), TypeId::of::<FLOAT>()];
    for name in ARITHMETIC {
        for pair in
            [[whole, whole], [whole, exact], [exact, whole], [exact, exact], [real, real], [real, whole], [whole, real]]
        {
            register_raw(engine, name, &pair, move |values| arithmetic(name, values[0], values[1]));
        }
    }
    register_raw(engine, "-", &[whole], |values| negated(values[0]));
    register_raw(engine, "-", &[exact], |values| negated(values[0]));
    engine.register_fn("<<", |a: INT, by: INT| shifted("<<", a, by));
    engine.register_fn(">>", |a: INT, by: INT| shifted(">>", a, by));
    register_beside_text::<()>(engine);
    register_beside_text::<INT>(engine);
    register_beside_text::<Decimal>(engine);
    register_beside_text::<FLOAT>(engine);
    register_beside_text::<Worked>(engine);
}

/// Registers an operator that sees the values as they are, with the tags that say where they come from.
fn register_raw(
    engine: &mut Engine,
    name: &str,
    types: &[TypeId],
    compute: impl Fn(&[&mut Dynamic]) -> Raised<Dynamic> + 'static,
) {
    #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
    engine.register_raw_fn(name, types, move |_, values| compute(values));
}

/// A text beside what is none: the engine would join them, so that `"5" + 1` were 51.
fn register_beside_text<T: rhai::Variant + Clone>(engine: &mut Engine) {
    engine.register_fn("+", |left: &str, right: T| arithmetic("+", &left.into(), &Dynamic::from(right)));
    engine.register_fn("+", |left: T, right: &str| arithmetic("+", &Dynamic::from(left), &right.into()));
    engine.register_fn("+=", |left: &mut rhai::ImmutableString, right: T| -> Raised<()> {
        arithmetic("+", &left.clone().into(), &Dynamic::from(right)).map(drop)
    });
}

fn arithmetic(name: &'static str, left: &Dynamic, right: &Dynamic) -> Raised<Dynamic> {
    Ok(value::made_of(computed(name, left, right)?, &[left, right]))
}

fn computed(name: &'static str, left: &Dynamic, right: &Dynamic) -> Raised<Dynamic> {
    match (operand(left), operand(right)) {
        (Operand::Integer(a), Operand::Integer(b)) => whole(name, a, b),
        (Operand::Integer(a), Operand::Decimal(b)) => exact(name, a.into(), b),
        (Operand::Decimal(a), Operand::Integer(b)) => exact(name, a, b.into()),
        (Operand::Decimal(a), Operand::Decimal(b)) => exact(name, a, b),
        (Operand::Quantity(a), Operand::Quantity(b)) => quantities(name, *a, *b, (left, right)),
        (Operand::Quantity(a), Operand::Integer(b)) => quantities(name, *a, plain(b.into()), (left, right)),
        (Operand::Quantity(a), Operand::Decimal(b)) => quantities(name, *a, plain(b), (left, right)),
        (Operand::Integer(a), Operand::Quantity(b)) => quantities(name, plain(a.into()), *b, (left, right)),
        (Operand::Decimal(a), Operand::Quantity(b)) => quantities(name, plain(a), *b, (left, right)),
        (Operand::Real(a), Operand::Real(b)) => real(name, a, b, (left, right)),
        (Operand::Real(a), Operand::Integer(b)) => real(name, a, as_real(b), (left, right)),
        (Operand::Integer(a), Operand::Real(b)) => real(name, as_real(a), b, (left, right)),
        (Operand::Text(a), Operand::Text(b)) if name == "+" => Ok((a + b).into()),
        _ => Err(unlike(name, left, right)),
    }
}

fn plain(number: Decimal) -> Worked {
    Worked::from(Quantity::plain(number))
}

/// Whole numbers stay whole; a quotient that is none becomes a decimal, or an inexact number.
fn whole(name: &'static str, a: INT, b: INT) -> Raised<Dynamic> {
    let overflow = || raise(ScriptCause::Overflow { operation: format!("{a} {name} {b}") });
    let done = match name {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "%" if b == 0 => return Err(raise_quantity(QuantityError::DivisionByZero)),
        "%" => a.checked_rem(b),
        "**" => match u32::try_from(b) {
            Ok(exponent) => a.checked_pow(exponent),
            Err(_) => return power(a.into(), b),
        },
        _ => return exact(name, a.into(), b.into()),
    };
    done.map(Dynamic::from).ok_or_else(overflow)
}

/// Exact decimals; what 28 digits can't hold becomes a number marked inexact.
fn exact(name: &'static str, a: Decimal, b: Decimal) -> Raised<Dynamic> {
    let (value, is_exact) = match name {
        "+" => decimal::add(a, b),
        "-" => decimal::subtract(a, b),
        "*" => decimal::multiply(a, b),
        "/" => decimal::divide(a, b),
        "%" if b.is_zero() => Err(QuantityError::DivisionByZero),
        "%" => Ok((a % b, true)),
        _ => match INT::try_from(b) {
            Ok(exponent) if b.is_integer() => return power(a, exponent),
            _ => return Err(unlike(name, &a.into(), &b.into())),
        },
    }
    .map_err(raise_quantity)?;
    if is_exact {
        return Ok(if name == "/" { from_number(value) } else { value.normalize().into() });
    }
    let number = Amount::Number(Number::of_exact(value, false));
    Ok(Dynamic::from(Worked::from(Quantity::new(number, Some(crate::quantity::Unit::one())))))
}

/// A whole power by squaring, so that exactness is decided at every step and a long exponent takes few of them.
fn power(base: Decimal, exponent: INT) -> Raised<Dynamic> {
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

/// `<<` and `>>` of whole numbers: what would lose a bit is an error.
fn shifted(name: &'static str, a: INT, by: INT) -> Raised<INT> {
    let places = u32::try_from(by).ok().filter(|places| *places < INT::BITS);
    let done = match name {
        "<<" => places.and_then(|places| a.checked_shl(places).filter(|shifted| shifted >> places == a)),
        _ => places.map(|places| a >> places),
    };
    done.ok_or_else(|| raise(ScriptCause::Overflow { operation: format!("{a} {name} {by}") }))
}

/// A plain number of a person's beside what is more than a number is given, and says so.
fn quantities(name: &'static str, a: Worked, b: Worked, shown: (&Dynamic, &Dynamic)) -> Raised<Dynamic> {
    let (a_is_bare, b_is_bare) = (a.quantity.is_bare(), b.quantity.is_bare());
    let a = if a_is_bare && !b_is_bare && !value::is_of_book(shown.0) { a.given() } else { a };
    let b = if b_is_bare && !a_is_bare && !value::is_of_book(shown.1) { b.given() } else { b };
    let done = match name {
        "+" => a.add(&b),
        "-" => a.subtract(&b),
        "*" => a.multiply(&b),
        "/" => a.divide(&b),
        _ => return Err(unlike(name, shown.0, shown.1)),
    };
    done.map(Dynamic::from).map_err(|error| {
        // Whether there is an error, and what it says, rests on both.
        taint::note_worked(&a);
        taint::note_worked(&b);
        raise_quantity(error)
    })
}

/// REAL cells among themselves and with whole numbers: binary arithmetic, as SQL has it.
fn real(name: &'static str, a: FLOAT, b: FLOAT, shown: (&Dynamic, &Dynamic)) -> Raised<Dynamic> {
    let done = match name {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" | "%" if b == 0.0 => return Err(raise_quantity(QuantityError::DivisionByZero)),
        "/" => a / b,
        "%" => a % b,
        _ => a.powf(b),
    };
    if done.is_finite() { Ok(done.into()) } else { Err(unlike(name, shown.0, shown.1)) }
}

#[allow(clippy::cast_precision_loss)] // a REAL is inexact by nature, and is printed so
fn as_real(whole: INT) -> FLOAT {
    whole as FLOAT
}

/// The order of a REAL and a whole number, which has up to 63 bits where a REAL has 53: neither is made the other. `None`
/// where the REAL is no number.
fn beside_whole(real: FLOAT, whole: INT) -> Option<Ordering> {
    // Two to the power of 63 is a REAL, and the least that is beyond every whole number.
    const BEYOND: FLOAT = 9_223_372_036_854_775_808.0;
    if real.is_nan() {
        return None;
    }
    if !(-BEYOND..BEYOND).contains(&real) {
        return Some(if real > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    #[allow(clippy::cast_possible_truncation)] // it is within, and what stands behind the point is looked at below
    let below = real.floor() as INT;
    Some(below.cmp(&whole).then(if real > real.floor() { Ordering::Greater } else { Ordering::Equal }))
}

fn negated(value: &Dynamic) -> Raised<Dynamic> {
    let negative = match operand(value) {
        Operand::Integer(whole) => match whole.checked_neg() {
            Some(negative) => negative.into(),
            None => return Err(raise(ScriptCause::Overflow { operation: format!("-({whole})") })),
        },
        Operand::Decimal(decimal) => (-decimal).into(),
        Operand::Real(real) => (-real).into(),
        Operand::Quantity(worked) => Dynamic::from(worked.negate()),
        _ => return Err(unlike("-", &Dynamic::from(0_i64), value)),
    };
    Ok(value::made_of(negative, &[value]))
}

fn comparison(name: &'static str, left: &Dynamic, right: &Dynamic) -> Raised<bool> {
    let is_equality = matches!(name, "==" | "!=");
    if is_equality {
        let equal = equal(name, left, right)?;
        return Ok(equal == (name == "=="));
    }
    let order = order(name, left, right)?;
    Ok(match name {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

pub(super) fn equal(name: &'static str, left: &Dynamic, right: &Dynamic) -> Raised<bool> {
    taint::note(left);
    taint::note(right);
    match (operand(left), operand(right)) {
        // The one question that may be asked of the NULL of a column is whether it is `()`.
        (Operand::Null, Operand::Null) if left.tag() == 0 || right.tag() == 0 => Ok(true),
        (Operand::Null, _) if left.tag() != 0 => Err(unlike(name, left, right)),
        (_, Operand::Null) if right.tag() != 0 => Err(unlike(name, left, right)),
        (Operand::Null, _) | (_, Operand::Null) => Ok(false),
        (Operand::Truth(a), Operand::Truth(b)) => Ok(a == b),
        (Operand::Text(a), Operand::Text(b)) => Ok(a == b),
        (a, b) => match (numeric(&a), numeric(&b)) {
            (Some(a), Some(b)) => a.quantity.equals(&b.quantity).map_err(raise_quantity),
            _ => order(name, left, right).map(Ordering::is_eq),
        },
    }
}

/// An operand as a quantity, where it is one or an exact number.
fn numeric(operand: &Operand) -> Option<Worked> {
    match operand {
        Operand::Quantity(worked) => Some((**worked).clone()),
        Operand::Integer(whole) => Some(plain((*whole).into())),
        Operand::Decimal(decimal) => Some(plain(*decimal)),
        _ => None,
    }
}

/// The order of two values of a kind.
///
/// # Errors
/// For values that have none: of unlike kinds, NULL, an unknown, overlapping ranges, unequal units.
pub(super) fn order(name: &'static str, left: &Dynamic, right: &Dynamic) -> Raised<Ordering> {
    taint::note(left);
    taint::note(right);
    match (operand(left), operand(right)) {
        (Operand::Integer(a), Operand::Integer(b)) => Ok(a.cmp(&b)),
        (Operand::Text(a), Operand::Text(b)) => Ok(a.cmp(&b)),
        (Operand::Real(a), Operand::Real(b)) => a.partial_cmp(&b).ok_or_else(|| unlike(name, left, right)),
        (Operand::Real(a), Operand::Integer(b)) => beside_whole(a, b).ok_or_else(|| unlike(name, left, right)),
        (Operand::Integer(a), Operand::Real(b)) => {
            beside_whole(b, a).map(Ordering::reverse).ok_or_else(|| unlike(name, left, right))
        }
        (a, b) => match (numeric(&a), numeric(&b)) {
            (Some(a), Some(b)) => a.quantity.compare(&b.quantity).map_err(raise_quantity),
            _ => Err(unlike(name, left, right)),
        },
    }
}

/// The error of a pair that an operator does not take, with the cure for the commonest ones.
fn unlike(name: &str, left: &Dynamic, right: &Dynamic) -> Box<rhai::EvalAltResult> {
    let either = |is: fn(&Operand) -> bool| is(&operand(left)) || is(&operand(right));
    let cure = if either(|o| matches!(o, Operand::Null)) {
        "NULL means \"does not apply\": test it first, as `x == ()`"
    } else if either(|o| matches!(o, Operand::Real(_))) {
        "a REAL is binary and inexact: `decimal(x, places)` makes an exact number of it"
    } else if either(|o| matches!(o, Operand::Other)) {
        "name a column of it, as `.amount`"
    } else if name == "+" && either(|o| matches!(o, Operand::Text(_))) {
        "to put it into a text, write `${…}` in backticks; to count with the text, `decimal(text)`"
    } else {
        "both sides must be of a kind"
    };
    let (left, right) = (in_words(left), in_words(right));
    raise(ScriptCause::Unlike { operator: name.to_owned(), left, right, cure: cure.to_owned() })
}
