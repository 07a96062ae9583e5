//! Quantities that a person types, in SQL, in a script or as a parameter: read with the units of the book, and checked
//! where they claim a source. What is not a source's own figure is marked as the person's.

use super::desk::Desk;
use crate::error::FunctionCause;
use crate::quantity::{Quantity, Ref, Unit, Units, reading};

type Checked<T> = Result<T, FunctionCause>;

/// A quantity from its text form.
///
/// # Errors
/// No quantity, no such unit, a claim that does not hold.
pub(super) fn quantity(desk: &Desk, text: &str) -> Checked<Quantity> {
    let read = units(desk)?.read(text)?;
    Ok(if is_stated(desk, &read)? { read } else { read.given() })
}

/// A plain number with a unit of the book. One that has a unit or a source already is refused: to name another unit for
/// it would be a conversion without a rate.
///
/// # Errors
/// As [`quantity`]; a number that is not plain.
pub(super) fn number(desk: &Desk, number: &Quantity, unit: &str) -> Checked<Quantity> {
    let given = in_unit(desk, number, unit)?.given();
    let assumptions = given.assumptions().union(number.assumptions());
    Ok(given.with_assumptions(assumptions))
}

/// A plain number with a unit, as what a fact is said to state: the stated figure itself where it is one in that unit.
///
/// # Errors
/// As [`number()`]; a fact that the book does not have, or that states another number in that unit.
pub(super) fn claim(desk: &Desk, number: &Quantity, unit: &str, fact: &str) -> Checked<Quantity> {
    let claimed = in_unit(desk, number, unit)?;
    let reference: Ref = fact.parse()?;
    check_exists(desk, reference)?;
    match figure(desk, fact)? {
        Some(stated) if stated.unit() == claimed.unit() && stated.amount() == claimed.amount() => Ok(stated),
        Some(stated) if stated.unit() == claimed.unit() => Err(contradicted(fact, &stated)),
        _ => Ok(claimed.given().with_facts(reference.into())),
    }
}

fn in_unit(desk: &Desk, number: &Quantity, unit: &str) -> Checked<Quantity> {
    let is_plain = number.unit().is_some_and(Unit::is_one) && number.facts().is_empty() && !number.is_unknown();
    if !is_plain {
        let message = format!("`q` wants a plain number and a unit, not {}", reading::quantity(number, None));
        return Err(FunctionCause::argument(
            message,
            "for another unit give a rate: `convert` in a script, `q_convert` in SQL",
        ));
    }
    // A single word is a code, and an error speaks of it as one.
    let is_single = !unit.contains(['*', '/', '^']) && unit != "1";
    let units = units(desk)?;
    let unit = if is_single {
        Unit::base(unit).and_then(|unit| units.check(&unit).map(|()| unit))
    } else {
        units.read_unit(unit)
    };
    Ok(Quantity::new(number.amount().clone(), Some(unit?)))
}

/// Whether a quantity is, to the last part, what the one fact that it claims states.
///
/// # Errors
/// A fact, unknown or record that the book does not have; a fact that states another number in that unit.
fn is_stated(desk: &Desk, claimed: &Quantity) -> Checked<bool> {
    claimed.facts().iter().try_for_each(|reference| check_exists(desk, reference))?;
    let (Some(only), 1) = (claimed.facts().iter().next(), claimed.facts().len()) else { return Ok(false) };
    match figure(desk, &only.to_string())? {
        Some(stated) if stated != *claimed && stated.unit() == claimed.unit() => {
            Err(contradicted(&only.to_string(), &stated))
        }
        stated => Ok(stated.is_some_and(|stated| stated == *claimed)),
    }
}

fn check_exists(desk: &Desk, reference: Ref) -> Checked<()> {
    let id = reference.to_string();
    let exists = match reference {
        Ref::Fact { .. } => desk.has_fact(&id),
        Ref::Unknown(_) => desk.has_question(&id),
        Ref::Record { .. } | Ref::AllRecords(_) => Ok(false),
    };
    if exists.map_err(unasked)? {
        return Ok(());
    }
    Err(FunctionCause::argument(format!("the book has no `{id}`"), "claim a fact of the book, or leave it out"))
}

/// The number that a fact states, where it states one.
fn figure(desk: &Desk, fact: &str) -> Checked<Option<Quantity>> {
    Ok(desk.figure(fact).map_err(unasked)?.and_then(|text| text.parse().ok()))
}

fn contradicted(fact: &str, stated: &Quantity) -> FunctionCause {
    let message = format!("`{fact}` states `{stated}`, not what is given here");
    FunctionCause::argument(message, "leave the fact out to give a number of your own")
}

fn units(desk: &Desk) -> Checked<&Units> {
    desk.units().map_err(unasked)
}

#[allow(clippy::needless_pass_by_value)] // it is handed over by `map_err`
fn unasked(error: rusqlite::Error) -> FunctionCause {
    FunctionCause::Book(error.to_string())
}
