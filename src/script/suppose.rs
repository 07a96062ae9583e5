//! `assume` in scripts: a stated figure with another number. What a session supposes for all its questions is the book's.

use super::home::Home;
use super::ids;
use super::raise::{Raised, raise_argument, raise_error, raise_function, raise_quantity};
use super::shared::Shared;
use super::taint;
use super::value::{Operand, in_words, operand, to_worked};
use crate::quantity::{Quantity, Strictness, Worked, reading};
use crate::store::WhatIf;
use rhai::Dynamic;

/// The figure of one fact as it would be with another number: a number, a quantity of its unit, or a text such as `>5000`.
pub(super) fn figure(shared: &Shared, figure: &Dynamic, number: &Dynamic) -> Raised<Worked> {
    let fact = fact_of(shared, figure)?;
    let number = match operand(number) {
        Operand::Text(text) => shared.book.read_figure(&text).map_err(raise_function)?,
        _ => to_worked(number, "assume")?.quantity,
    };
    taint::note(&Dynamic::from(Worked::from(number.clone())));
    let number = Quantity::new(number.amount().clone(), number.unit().cloned());
    shared.book.assumed_figure(&fact, &number).map(Worked::from).map_err(raise_function)
}

/// The rate to a currency that the session supposes.
pub(super) fn rate(shared: &Shared, currency: &str) -> Raised<Worked> {
    let book = &shared.book;
    let supposed = book.assumed_rate().map_err(|error| raise_error(book.error(&error)))?;
    let Some(rate) = supposed else {
        let cure = format!("assume one, as `--assume A4=\"1.25 {currency}/GBP\"`, or give one: `convert(q, rate)`");
        return Err(raise_argument(format!("no rate to `{currency}` is given or assumed"), cure));
    };
    let rate = book.literal(&rate, Strictness::Code).map_err(raise_function)?;
    let leads_there = rate.unit().is_some_and(|unit| unit.powers().any(|(code, _)| code == currency));
    if leads_there {
        return Ok(Worked::from(Quantity::new(rate.amount().clone(), rate.unit().cloned())));
    }
    let message = format!("the assumed rate, {}, does not lead to `{currency}`", reading::quantity(&rate, None));
    Err(raise_argument(message, "assume another, or give one: `convert(q, rate)`"))
}

/// Whether a quantity is the figure that the session supposes.
fn is_figure(supposed: &WhatIf, quantity: &Quantity) -> bool {
    matches!(supposed, WhatIf::Figure(_, known) if known == quantity)
}

/// A quantity that a script gives. Those of the library know the book, and may say for its sources that they leave
/// something open.
pub(super) fn given(shared: &Shared, script: Option<&str>, text: &str) -> Raised<Worked> {
    let is_of_library = matches!(shared.homes.borrow().get(script.unwrap_or_default()), Some(Home::Library));
    let given =
        if is_of_library { shared.book.trusted_literal(text) } else { shared.book.literal(text, Strictness::Code) };
    given.map(Worked::from).map_err(raise_function)
}

/// That a quantity is a rate in the units of the book.
pub(super) fn check_rate(shared: &Shared, rate: &Quantity) -> Raised<()> {
    let units = shared.book.units().map_err(|error| raise_error(shared.book.error(&error)))?;
    units.check_rate(rate).map_err(raise_quantity)
}

/// The fact whose figure it is, by the figure itself or by its id.
fn fact_of(shared: &Shared, figure: &Dynamic) -> Raised<String> {
    if let Operand::Text(id) = operand(figure) {
        return Ok(id.into_owned());
    }
    if let Some(worked) = figure.read_lock::<Worked>() {
        let mut facts = worked.quantity.facts().iter();
        let (fact, other) = (facts.next().map(|fact| fact.to_string()), facts.next());
        let supposed = fact.as_ref().and_then(|fact| shared.book.what_if(fact));
        let is_supposed = other.is_none() && supposed.is_some_and(|known| is_figure(&known, &worked.quantity));
        let is_figure =
            worked.working.is_value() && (is_supposed || ids::stated_figure(shared, &worked.quantity)?.is_some());
        if let (true, Some(fact)) = (is_figure, fact) {
            return Ok(fact);
        }
    }
    let message = format!("{} is no figure that a source states", in_words(figure));
    Err(raise_argument(message, "name the fact whose number would be another, as `assume(F30, 4500)`"))
}
