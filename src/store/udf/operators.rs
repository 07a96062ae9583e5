//! The operators and scalar functions of translated statements: they compute with quantities as those of SQL do with numbers. NULL
//! gives NULL, a bare 0 fits any unit, and a division by 0 is NULL with a notice.

use super::arguments::{CallArguments, is_bare_number, is_bare_zero, quoted};
use super::predicates::{comparand, is_equal, sign, take_unit};
use super::quantities::{apply, as_given, sum};
use super::{FunctionKind, SiteFunction, site_function};
use crate::error::FunctionCause;
use crate::quantity::{Extreme, Quantity, ShareTaken, Unit, human};
use crate::store::FunctionResult;
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[SiteFunction] = &[
    site_function!("pledgebook_add", "+", Quantity, |f| f.scalar(&[3], add)),
    site_function!("pledgebook_sub", "-", Quantity, |f| f.scalar(&[3], subtract)),
    site_function!("pledgebook_mul", "*", Quantity, |f| f.scalar(&[3], multiply)),
    site_function!("pledgebook_div", "/", Quantity, |f| f.scalar(&[3], divide)),
    site_function!("pledgebook_neg", "-", Quantity, |f| f.scalar(&[2], negate)),
    site_function!("pledgebook_round", "round", Quantity, |f| f.scalar(&[2, 3], round)),
    site_function!("pledgebook_abs", "abs", Quantity, |f| f.scalar(&[2], absolute)),
    site_function!("pledgebook_sign", "sign", PartOfQuantity, |f| f.plain(&[2], sign)),
    site_function!("pledgebook_nullif", "nullif", Quantity, |f| f.scalar(&[3], null_if)),
    site_function!("pledgebook_least", "min", Quantity, |f| f.scalar(COUNTS, |a| extreme(a, Extreme::least()))),
    site_function!("pledgebook_greatest", "max", Quantity, |f| f.scalar(COUNTS, |a| extreme(a, Extreme::greatest()))),
    site_function!("pledgebook_of", "case", Quantity, |f| f.scalar(&[2], pass)),
];

/// The numbers of arguments of a function of two values or more. The program of a statement tells the arguments of a call apart
/// only where their number is fixed, as that of few is here.
const COUNTS: &[i32] = &[3, 4, 5, 6, 7, 8, 9, -1];

/// The two operands of an operator; `None` if either is NULL.
fn operands(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<(Quantity, Quantity)>> {
    Ok(arguments.quantity(1)?.zip(arguments.quantity(2)?))
}

fn multiply(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some((left, right)) = operands(arguments)? else { return Ok(None) };
    if ShareTaken::is_of_percent(&left, &right) {
        arguments.udf.add_remark(|remarks| remarks.operators.share_taken.multiply(&left, &right));
    }
    apply(arguments, [(1, &left), (2, &right)], Quantity::multiply).map(Some)
}

fn add(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some((left, right)) = operands(arguments)? else { return Ok(None) };
    Ok(Some(match (is_bare_number(&left), is_bare_number(&right)) {
        (true, false) if is_bare_zero(&left) => right,
        (false, true) if is_bare_zero(&right) => left,
        _ => {
            refuse_bare(&left, &right)?;
            sum(arguments, [(1, &left), (2, &right)])?
        }
    }))
}

fn subtract(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some((left, right)) = operands(arguments)? else { return Ok(None) };
    Ok(Some(match (is_bare_number(&left), is_bare_number(&right)) {
        (true, false) if is_bare_zero(&left) => right.negate(),
        (false, true) if is_bare_zero(&right) => left,
        _ => {
            refuse_bare(&left, &right)?;
            apply(arguments, [(1, &left), (2, &right)], Quantity::subtract)?
        }
    }))
}

/// Refuses a bare number beside a quantity with a unit.
fn refuse_bare(left: &Quantity, right: &Quantity) -> FunctionResult<()> {
    for (bare, other) in [(left, right), (right, left)] {
        if let Some(unit) = other.unit().filter(|unit| !unit.is_one() && is_bare_number(bare)) {
            let message = format!("{} has no unit, and beside it is {}", spoken(bare), spoken(other));
            return Err(FunctionCause::argument(message, with_unit_help(bare, Some(unit))));
        }
    }
    Ok(())
}

/// A quantity for a message.
pub(super) fn spoken(quantity: &Quantity) -> String {
    human::quantity(quantity, None)
}

/// The help for a bare number among quantities of a unit, if that is known.
pub(super) fn with_unit_help(bare: &Quantity, unit: Option<&Unit>) -> String {
    let amount = bare.amount();
    match unit.filter(|unit| !unit.is_one()) {
        // Beside a share, 1 is the whole as a rule; a quotient is a share of its own.
        Some(unit) if unit.to_string() == "percent" && bare.number() != Some(Decimal::ONE_HUNDRED) => format!(
            "the whole is `q('100 percent')`; `q_percent(…)` makes percents of a quotient, and `q('{amount} percent')` is {amount} percent"
        ),
        Some(unit) => format!("write `q('{amount} {unit}')` in its place"),
        None => format!("write it with the unit of the others, as `q('{amount} UNIT')`"),
    }
}

/// The quotient; NULL for a division by 0, which is counted.
fn divide(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some((left, right)) = operands(arguments)? else { return Ok(None) };
    if right.is_exact() && right.number().is_some_and(|number| number.is_zero()) {
        arguments.udf.add_remark(|remarks| remarks.operators.divided_by_zero += 1);
        return Ok(None);
    }
    if ShareTaken::is_by_hundred(&left, &right) {
        arguments.udf.add_remark(|remarks| remarks.operators.share_taken.divide(&left, &right));
    }
    apply(arguments, [(1, &left), (2, &right)], Quantity::divide).map(Some)
}

fn negate(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    Ok(arguments.quantity(1)?.map(|quantity| as_given(arguments, 1, quantity.negate())))
}

/// Rounds half away from zero; to thousands by −3 places. Places beyond the digits of a number change nothing, as in SQLite.
fn round(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(None) };
    let places = match arguments.len() {
        2 => 0,
        _ if arguments.is_null(2) => return Ok(None),
        _ => arguments.integer(2, i64::MIN..=i64::MAX, "places are a whole number: `round(…, 2)`")?,
    };
    let places = i32::try_from(places.clamp(-28, 28)).unwrap_or_default();
    Ok(Some(as_given(arguments, 1, quantity.round(places)?)))
}

fn absolute(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some(quantity) = arguments.quantity(1)? else { return Ok(None) };
    Ok(Some(as_given(arguments, 1, quantity.abs()?)))
}

/// The first value; NULL where it is equal to the second.
fn null_if(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    let Some(value) = arguments.quantity_or_literal(1)? else { return Ok(None) };
    let Some(other) = comparand(arguments, 2)? else { return Ok(Some(value)) };
    // Whether there is a value rests on both.
    arguments.note_assumptions();
    Ok(if is_equal(arguments, &value, &other)? { None } else { Some(value) })
}

/// The least or greatest of several values, as their aggregate is: unknown if one of them is, a range where ranges overlap. A
/// bare number is one in the unit of the others.
fn extreme(arguments: &CallArguments<'_, '_>, mut extreme: Extreme) -> FunctionResult<Option<Quantity>> {
    let mut values = Vec::with_capacity(arguments.len());
    for at in 1..arguments.len() {
        match comparand(arguments, at)? {
            Some(value) => values.push(as_given(arguments, at, value)),
            None => return Ok(None),
        }
    }
    let with_unit = values.iter().find(|value| !is_bare_number(value) && value.unit().is_some()).cloned();
    for value in &values {
        let taken = with_unit.as_ref().map(|other| take_unit(arguments, value, other)).transpose()?.flatten();
        extreme.push(taken.as_ref().unwrap_or(value))?;
    }
    Ok(extreme.finish()?)
}

/// Passes a quantity or a bare 0 on: a value of a result that may be either. Any other bare number among quantities with a unit is
/// refused.
fn pass(arguments: &CallArguments<'_, '_>) -> FunctionResult<Option<Quantity>> {
    if let Ok(text) = arguments.raw_text(1)
        && arguments.udf.tag.strip(text).is_none()
    {
        let message = format!("the text {} is among quantities", quoted(text));
        return Err(FunctionCause::argument(message, "give the texts a column of its own"));
    }
    let Some(value) = arguments.quantity(1)? else { return Ok(None) };
    let units = arguments.site_units();
    if !is_bare_number(&value) {
        if let Some(unit) = value.unit() {
            units.add(unit);
        }
    } else if !is_bare_zero(&value) && !units.first.get().is_some_and(Unit::is_one) {
        let message = format!("{} has no unit, and is among quantities", spoken(&value));
        return Err(FunctionCause::argument(message, with_unit_help(&value, units.first.get())));
    }
    Ok(Some(value))
}
