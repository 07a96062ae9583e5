//! What scripts do to quantities that needs the book: reading one that the user gives, the range that a stated
//! figure may have been rounded from, rounding of any number.

use super::ids;
use super::raise::{Raised, raise_argument, raise_error, raise_quantity};
use super::shared::Shared;
use super::value::{Operand, from_number, in_words, operand};
use crate::error::{Error, QuantityError};
use crate::quantity::{Quantity, Ref, Unit, Worked, reading, rounding_range};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;

/// A quantity from its text form, with units of the book. What carries no fact is the user's assumption.
pub(super) fn given(shared: &Shared, text: &str) -> Raised<Worked> {
    let units = shared.book.units().map_err(|error| raise_error(Error::Fault(error.to_string())))?;
    let quantity = units.read(text).map_err(raise_quantity)?;
    check_facts(shared, &quantity)?;
    Ok(Worked::from(if quantity.facts().is_empty() { quantity.given() } else { quantity }))
}

/// A fact that a given quantity claims must exist, and where it alone is claimed and states a number in that unit, be
/// that number: otherwise a figure of the user's would pass for one of a source.
fn check_facts(shared: &Shared, quantity: &Quantity) -> Raised<()> {
    for reference in quantity.facts().iter().filter(|reference| matches!(reference, Ref::Fact { .. })) {
        let id = reference.to_string();
        if shared.book.fact(&id).map_err(|error| raise_error(Error::Fault(error.to_string())))?.is_none() {
            return Err(ids::missing(shared, &id)?);
        }
        let Some(stated) = ids::stated(shared, &id)?.and_then(Dynamic::try_cast::<Worked>) else { continue };
        let agrees = stated.quantity.amount() == quantity.amount() || stated.quantity.unit() != quantity.unit();
        if quantity.facts().len() == 1 && !agrees {
            let figure = in_words(&Dynamic::from(stated));
            let cure = "leave the fact out to give a number of your own";
            return Err(raise_argument(format!("`{id}` states {figure}, not what is given here"), cure));
        }
    }
    Ok(())
}

/// A plain number of the user's with a unit of the book. One that has a unit or a source already is refused: to name
/// another unit for it would be a conversion without a rate.
pub(super) fn given_number(shared: &Shared, number: &Quantity, unit: &str) -> Raised<Worked> {
    let is_plain = number.unit().is_some_and(Unit::is_one) && number.facts().is_empty() && !number.is_unknown();
    if !is_plain {
        let message = format!("`q` wants a plain number and a unit, not {}", reading::quantity(number, None));
        return Err(raise_argument(message, "as `q(4500, \"missile\")`; for another unit, `convert(q, rate)`"));
    }
    let units = shared.book.units().map_err(|error| raise_error(Error::Fault(error.to_string())))?;
    // A single word is a code, and an error speaks of it as one.
    let is_single = !unit.contains(['*', '/', '^']) && unit != "1";
    let read = if is_single {
        Unit::base(unit).and_then(|unit| units.check(&unit).map(|()| unit))
    } else {
        units.read_unit(unit)
    };
    let given = Quantity::new(number.amount().clone(), Some(read.map_err(raise_quantity)?)).given();
    Ok(Worked::from(given.with_assumptions(number.assumptions().clone())))
}

/// The range of a stated figure; its significant figures are the book's unless they are given.
pub(super) fn range(shared: &Shared, figure: &Worked, significant_figures: Option<INT>) -> Raised<Worked> {
    let quantity = &figure.quantity;
    let stated =
        ids::stated_figure(shared, quantity)?.ok_or_else(|| raise_quantity(QuantityError::NotAStatedFigure))?;
    let digits = match significant_figures {
        Some(digits) => u32::try_from(digits).ok().filter(|digits| (1..=28).contains(digits)),
        None => stated.significant_figures,
    };
    let wrong = || raise_argument("significant figures are a whole number from 1 to 28", "as `rounding_range(F29, 2)`");
    let number = quantity.number().ok_or_else(|| raise_quantity(QuantityError::NotAStatedFigure))?;
    let amount = rounding_range(number, digits.ok_or_else(wrong)?).map_err(raise_quantity)?;
    let range = Quantity::new(amount, quantity.unit().cloned())
        .with_facts(quantity.facts().clone())
        .with_stages(quantity.stages())
        .with_assumptions(quantity.assumptions().clone());
    Ok(Worked::from(range))
}

/// A share of one, in percent.
pub(super) fn percent(share: &Worked) -> Raised<Worked> {
    let quantity = &share.quantity;
    if !quantity.unit().is_none_or(Unit::is_one) {
        let message = format!("a share has no unit, this is {}", in_words(&Dynamic::from(share.clone())));
        return Err(raise_argument(message, "divide two quantities of one unit first"));
    }
    let hundred = Quantity::new(
        Quantity::plain(Decimal::ONE_HUNDRED).amount().clone(),
        Some(Unit::base("percent").map_err(raise_quantity)?),
    );
    share.multiply(&Worked::from(hundred)).map_err(raise_quantity)
}

/// Rounds any number half away from zero.
pub(super) fn round(value: &Dynamic, places: INT) -> Raised<Dynamic> {
    let places = i32::try_from(places).ok().filter(|places| (0..=28).contains(places));
    let places = places.ok_or_else(|| raise_argument("places are a whole number from 0 to 28", "as `round(x, 2)`"))?;
    let plain = |number| Worked::from(Quantity::new(number, Some(Unit::one())));
    match operand(value) {
        Operand::Integer(whole) => Ok(whole.into()),
        Operand::Quantity(worked) => worked.round(places).map(Dynamic::from).map_err(raise_quantity),
        Operand::Decimal(decimal) => {
            let rounded = Quantity::plain(decimal).round(places).map_err(raise_quantity)?;
            match rounded.number() {
                Some(number) if rounded.is_exact() => Ok(from_number(number)),
                _ => Ok(Dynamic::from(plain(rounded.amount().clone()))),
            }
        }
        _ => Err(raise_argument(format!("can't round {}", in_words(value)), "round a decimal or a quantity")),
    }
}
