//! Quantities that a person types, in a script or as a parameter: read with the units of the book, and checked where
//! they claim a source. What is not a source's own figure is marked as the person's.

use crate::error::ScriptCause;
use crate::quantity::{Quantity, Ref, Unit, reading};
use crate::store::Book;

type Checked<T> = Result<T, Box<ScriptCause>>;

/// A quantity from its text form.
///
/// # Errors
/// No quantity, no such unit, a claim that does not hold.
pub(super) fn quantity(book: &Book, text: &str) -> Checked<Quantity> {
    let read = units(book)?.read(text).map_err(broken)?;
    Ok(if is_stated(book, &read)? { read } else { read.given() })
}

/// A plain number with a unit of the book. One that has a unit or a source already is refused: to name another unit for
/// it would be a conversion without a rate.
///
/// # Errors
/// As [`quantity`]; a number that is not plain.
pub(super) fn number(book: &Book, number: &Quantity, unit: &str) -> Checked<Quantity> {
    let is_plain = number.unit().is_some_and(Unit::is_one) && number.facts().is_empty() && !number.is_unknown();
    if !is_plain {
        let message = format!("`q` wants a plain number and a unit, not {}", reading::quantity(number, None));
        return Err(argument(message, "as `q(4500, \"missile\")`; for another unit, `convert(q, rate)`"));
    }
    // A single word is a code, and an error speaks of it as one.
    let is_single = !unit.contains(['*', '/', '^']) && unit != "1";
    let units = units(book)?;
    let read = if is_single {
        Unit::base(unit).and_then(|unit| units.check(&unit).map(|()| unit))
    } else {
        units.read_unit(unit)
    };
    let given = Quantity::new(number.amount().clone(), Some(read.map_err(broken)?)).given();
    let assumptions = given.assumptions().union(number.assumptions());
    Ok(given.with_assumptions(assumptions))
}

/// Whether a quantity is, to the last part, what the one fact that it claims states.
///
/// # Errors
/// A fact, unknown or record that the book does not have; a fact that states another number in that unit.
fn is_stated(book: &Book, claimed: &Quantity) -> Checked<bool> {
    for reference in claimed.facts().iter() {
        let id = reference.to_string();
        let exists = match reference {
            Ref::Fact { .. } => book.fact(&id).map(|fact| fact.is_some()),
            Ref::Unknown(_) => book.question(&id).map(|question| question.is_some()),
            Ref::Record { .. } | Ref::AllRecords(_) => Ok(false),
        };
        if !exists.map_err(|error| Box::new(ScriptCause::Other(error.to_string())))? {
            return Err(argument(format!("the book has no `{id}`"), "claim a fact of the book, or leave it out"));
        }
    }
    let (Some(only), 1) = (claimed.facts().iter().next(), claimed.facts().len()) else { return Ok(false) };
    let text = book.figure(&only.to_string()).map_err(|error| Box::new(ScriptCause::Other(error.to_string())))?;
    let Some(stated) = text.and_then(|text| text.parse::<Quantity>().ok()) else { return Ok(false) };
    if stated == *claimed || stated.unit() != claimed.unit() {
        return Ok(stated == *claimed);
    }
    let message = format!("`{only}` states `{stated}`, not what is given here");
    Err(argument(message, "leave the fact out to give a number of your own"))
}

fn units(book: &Book) -> Checked<&crate::quantity::Units> {
    book.units().map_err(|error| Box::new(ScriptCause::Other(error.to_string())))
}

fn broken(error: crate::error::QuantityError) -> Box<ScriptCause> {
    Box::new(ScriptCause::Quantity(Box::new(error)))
}

fn argument(message: String, cure: &str) -> Box<ScriptCause> {
    Box::new(ScriptCause::Argument { message, cure: cure.to_owned() })
}
