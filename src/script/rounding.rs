//! What scripts do to quantities that needs the book: reading one that the user gives, the range that a stated
//! figure may have been rounded from, rounding of any number.

use super::ids;
use super::origin;
use super::raise::{Raised, raise_argument, raise_quantity};
use super::shared::Shared;
use super::value::{Operand, from_number, in_words, operand, to_worked};
use crate::error::QuantityError;
use crate::quantity::{Amount, Quantity, Unit, Worked, reading, rounding_range};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;

/// The range of a stated figure; its significant figures are the book's unless they are given.
pub(super) fn range(shared: &Shared, figure: &Worked, significant_figures: Option<INT>) -> Raised<Worked> {
    let quantity = &figure.quantity;
    if figure.working.is_value() && matches!(quantity.amount(), Amount::Range(_)) {
        return Err(raise_quantity(QuantityError::RoundedRange(reading::quantity(quantity, None))));
    }
    let stated = if figure.working.is_value() { ids::stated_figure(shared, quantity)? } else { None };
    let stated = stated.ok_or_else(|| raise_quantity(QuantityError::NotAStatedFigure))?;
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

/// Whether it is a number just as a source states it.
pub(super) fn is_stated(shared: &Shared, figure: &Worked) -> Raised<bool> {
    let quantity = &figure.quantity;
    let is_number = figure.working.is_value() && quantity.number().is_some() && quantity.is_exact();
    Ok(is_number && ids::stated_figure(shared, quantity)?.is_some())
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

/// Unknown because of the conflict between stated quantities that differ.
pub(super) fn disagreement(quantities: &[Dynamic]) -> Raised<Worked> {
    let stated = quantities.iter().map(|quantity| to_worked(quantity, "disagreement")).collect::<Raised<Vec<_>>>()?;
    let is_of_source = |worked: &Worked| !worked.quantity.facts().is_empty() && !worked.quantity.is_unknown();
    let value = |worked: &Worked| (worked.quantity.amount().clone(), worked.quantity.unit().cloned());
    let differ = stated.iter().any(|worked| value(worked) != value(&stated[0]));
    if !stated.iter().all(is_of_source) || !differ {
        let message = "`disagreement` wants at least two quantities that sources state, and that differ";
        return Err(raise_argument(message, "as `disagreement([F29, F30])`"));
    }
    Ok(Worked::from(Quantity::disagreement(stated.iter().map(|worked| &worked.quantity))))
}

/// Rounds any number half away from zero.
pub(super) fn round(value: &Dynamic, places: INT) -> Raised<Dynamic> {
    let places = i32::try_from(places).ok().filter(|places| (0..=28).contains(places));
    let places = places.ok_or_else(|| raise_argument("places are a whole number from 0 to 28", "as `round(x, 2)`"))?;
    let plain = |number| Worked::from(Quantity::new(number, Some(Unit::one())));
    let rounded = match operand(value) {
        Operand::Integer(whole) => whole.into(),
        Operand::Quantity(worked) => worked.round(places).map(Dynamic::from).map_err(raise_quantity)?,
        Operand::Decimal(decimal) => {
            let rounded = Quantity::plain(decimal).round(places).map_err(raise_quantity)?;
            match rounded.number() {
                Some(number) if rounded.is_exact() => from_number(number),
                _ => Dynamic::from(plain(rounded.amount().clone())),
            }
        }
        _ => return Err(raise_argument(format!("can't round {}", in_words(value)), "round a decimal or a quantity")),
    };
    Ok(origin::made_of(rounded, &[value]))
}
