//! Quantities that a person writes, in SQL, in a script or as a parameter: read with the units of the book, and checked
//! where they claim a source. One that no source states is marked as given, or refused if it speaks for a source.

use super::context::UdfContext;
use crate::error::FunctionCause;
use crate::quantity::{Amount, Facts, Quantity, Reason, Ref, Strictness, Unit, UnitRegistry, human, parse_quantity};
use crate::store::{FunctionResult, unreadable};

/// The reasons for an unknown that concern the book or a calculation, and not a source.
const ALLOWED_REASONS: [Reason; 2] = [Reason::NotInBook, Reason::NotComputable];

/// The numbers and unknowns of one fact in all public views, its figure first.
const FACT_STATEMENTS: &str = "
    select quantity from main.facts where id = ?1 and quantity is not null
    union all select days from main.event_order where fact = ?1 and days is not null
    union all select number from main.participants where fact = ?1 and number is not null
    union all select quantity from main.conflicts where fact = ?1 and quantity is not null";

/// A quantity from its text form, or as people write it.
///
/// # Errors
/// No quantity, one that could be two, no such unit; a fact, a stage or a reason that is claimed and that no source states just so.
pub(in crate::store) fn quantity(udf: &UdfContext, text: &str, strictness: Strictness) -> FunctionResult<Quantity> {
    checked(udf, parse_quantity(text, units(udf)?, strictness)?)
}

/// A number that a text writes with a unit of the book: its own mark as given would go with the unit that it lacks.
///
/// # Errors
/// As [`quantity`] and [`number()`].
pub(in crate::store) fn number_of_text(udf: &UdfContext, text: &str, unit: &str) -> FunctionResult<Quantity> {
    let read = parse_quantity(text, units(udf)?, Strictness::Code)?;
    number(udf, &if read.is_bare() { read } else { checked(udf, read)? }, unit)
}

/// Checks what a quantity claims, or marks one that claims nothing as given.
fn checked(udf: &UdfContext, read: Quantity) -> FunctionResult<Quantity> {
    if read.facts().is_empty() && read.stages().is_empty() {
        return mark_given(read);
    }
    read.facts().iter().try_for_each(|reference| check_exists(udf, reference))?;
    let claimed: Vec<Ref> = read.facts().iter().collect();
    for reference in claimed {
        if statements(udf, reference)?.contains(&read) {
            return Ok(read);
        }
    }
    Err(unstated(udf, &read)?)
}

/// Marks a quantity that claims nothing of a source as given.
fn mark_given(read: Quantity) -> FunctionResult<Quantity> {
    let Amount::Unknown(reasons) = read.amount() else { return Ok(read.given()) };
    match reasons.iter().find(|reason| !ALLOWED_REASONS.contains(reason)) {
        None => Ok(read),
        Some(reason) => Err(FunctionCause::argument(
            format!("`{reason}` speaks for a source, and no source is named that leaves it open"),
            "name the open question, as `unknown(not_stated) [U11]`; what you did not find is `unknown(not_in_book)`",
        )),
    }
}

/// A plain number with a unit of the book. One that has a unit or a source already is refused: to name another unit for
/// it would be a conversion without a rate.
///
/// # Errors
/// As [`quantity`]; a number that is not plain.
pub(in crate::store) fn number(udf: &UdfContext, number: &Quantity, unit: &str) -> FunctionResult<Quantity> {
    let given = in_unit(udf, number, unit)?.given();
    if number.assumptions().is_empty() {
        return Ok(given);
    }
    let assumptions = given.assumptions().union(number.without_given().assumptions());
    Ok(given.with_assumptions(assumptions))
}

/// A plain number with a unit, claimed to be stated by a fact: the stated figure itself.
///
/// # Errors
/// As [`number()`]; a fact that the book does not have, or that does not state just this number in this unit.
pub(in crate::store) fn claim(udf: &UdfContext, number: &Quantity, unit: &str, fact: &str) -> FunctionResult<Quantity> {
    let claimed = in_unit(udf, number, unit)?;
    let reference: Ref = fact.parse()?;
    check_exists(udf, reference)?;
    let is_same = |stated: &Quantity| stated.unit() == claimed.unit() && stated.amount() == claimed.amount();
    match statements(udf, reference)?.into_iter().find(is_same) {
        Some(stated) => Ok(stated),
        None => Err(unstated(udf, &claimed.with_facts(reference.into()))?),
    }
}

fn in_unit(udf: &UdfContext, number: &Quantity, unit: &str) -> FunctionResult<Quantity> {
    let is_plain = number.unit().is_some_and(Unit::is_one) && number.facts().is_empty() && !number.is_unknown();
    if !is_plain {
        let message = format!("`q` wants a plain number and a unit, not {}", human::quantity(number, None));
        return Err(FunctionCause::argument(
            message,
            "for another unit give a rate: `convert` in a script, `q_convert` in SQL",
        ));
    }
    // A single word is read as a code, so that the error calls it one.
    let is_single = !unit.contains(['*', '/', '^']) && unit != "1";
    let units = units(udf)?;
    let unit = if is_single {
        Unit::base(unit).and_then(|unit| units.check(&unit).map(|()| unit))
    } else {
        units.parse_unit(unit)
    };
    Ok(Quantity::new(number.amount().clone(), Some(unit?)))
}

/// The error of a false claim, with the figure that the claimed fact states.
fn unstated(udf: &UdfContext, claimed: &Quantity) -> FunctionResult<FunctionCause> {
    let mut facts = claimed.facts().iter();
    let (Some(only), others) = (facts.next(), facts.next().is_some()) else {
        let message = format!("the stage {} is claimed, and no fact that states it", claimed.stages());
        let help = "a stage is a source's to state: leave it out, or take the figure itself, as `F29`";
        return Ok(FunctionCause::argument(message, help));
    };
    let stated = statements(udf, only)?;
    if others {
        let message = format!("no source states `{claimed}`: it would rest on {}", claimed.facts());
        let help = "what is computed from several facts can't be typed: compute it, as `F29 / F30`";
        return Ok(FunctionCause::argument(message, help));
    }
    let help = "leave the fact out to give a number of your own";
    Ok(match stated.first() {
        Some(stated) => FunctionCause::argument(format!("`{only}` states `{stated}`, not what is given here"), help),
        None => FunctionCause::argument(format!("`{only}` states no number"), help),
    })
}

fn check_exists(udf: &UdfContext, reference: Ref) -> FunctionResult<()> {
    let id = reference.to_string();
    let found = match reference {
        Ref::Fact { .. } => udf.texts_of("select id from main.facts where id = ?1", &id),
        Ref::Unknown(_) => udf.texts_of("select id from main.unknowns where id = ?1", &id),
        Ref::Record { .. } | Ref::AllRecords(_) => Ok(Vec::new()),
    };
    if !found.map_err(unreadable)?.is_empty() {
        return Ok(());
    }
    Err(FunctionCause::argument(format!("the book has no `{id}`"), "claim a fact of the book, or leave it out"))
}

/// The numbers that a fact states, and the unknowns of it or of an open question.
fn statements(udf: &UdfContext, reference: Ref) -> FunctionResult<Vec<Quantity>> {
    let id = reference.to_string();
    if let Ref::Unknown(_) = reference {
        let reasons = udf.texts_of("select reason from main.unknowns where id = ?1", &id).map_err(unreadable)?;
        let open = |reason: Reason| Quantity::unknown(reason.into(), None).with_facts(Facts::from(reference));
        return Ok(reasons.iter().filter_map(|reason| reason.parse().ok()).map(open).collect());
    }
    Ok(udf.texts_of(FACT_STATEMENTS, &id).map_err(unreadable)?.iter().filter_map(|text| text.parse().ok()).collect())
}

fn units(udf: &UdfContext) -> FunctionResult<&UnitRegistry> {
    udf.units().map_err(unreadable)
}
