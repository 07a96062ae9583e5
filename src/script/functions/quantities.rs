//! Functions and properties of quantities.

use super::ScriptFunction;
use crate::quantity::{Amount, Assumption, Quantity, Strictness, Traced, Unit, human, rounding_range};
use crate::script::runtime::{Runtime, ScriptLocation};
use crate::script::value::{
    self, Scalar, ScriptResult, argument_error, describe, display_text, from_number, from_quantity, function_error,
    program_error, quantity_error, scalar, to_given_quantity, to_quantity,
};
use crate::script::{ids, taint};
use crate::store::WhatIf;
use rhai::{Array, Dynamic, INT, NativeCallContext};
use rust_decimal::Decimal;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "q(text) · q(number, unit)",
        meaning: "a quantity that you give, as `q(\"1.25 USD/GBP\")`; it is printed as your assumption",
        example: "q(\"1.25 USD/GBP\")",
        answer: "1.25 USD/GBP  given 1.25 USD/GBP",
        register: |engine, runtime| {
            let (one, two) = (Rc::clone(&runtime), runtime);
            engine.register_fn("q", move |context: NativeCallContext, text: &str| {
                given_quantity(&one, context.call_source(), text)
            });
            engine.register_fn("q", move |number: Dynamic, unit: &str| -> ScriptResult<Traced> {
                let number = to_quantity(&number, "q")?.quantity;
                two.book.literal_in_unit(&number, unit).map(Traced::from).map_err(function_error)
            });
        },
    },
    ScriptFunction {
        signature: "convert(quantity, rate) · convert(quantity, currency)",
        meaning: "the quantity in another unit, by a rate that you give, or by the one that is assumed; it is printed as your assumption",
        example: "convert(F29, q(\"1.25 USD/GBP\"))",
        answer: "2,000,000,000 USD  [F29]  stage proposed  WHAT-IF  assumes rate = 1.25 USD/GBP",
        register: |engine, runtime| {
            engine.register_fn("convert", move |quantity: Dynamic, rate: Dynamic| -> ScriptResult<Traced> {
                let quantity = to_quantity(&quantity, "convert")?;
                let rate = match rate.clone().into_immutable_string() {
                    Ok(currency) => assumed_rate(&runtime, &currency, &quantity.quantity)?,
                    Err(_) => to_quantity(&rate, "convert")?,
                };
                let units = runtime.book.units().map_err(|error| program_error(runtime.book.error(&error)))?;
                let unit = || quantity.quantity.unit().map(ToString::to_string);
                units.check_rate(&rate.quantity).map_err(|error| quantity_error(error.for_unit(unit())))?;
                quantity.convert(&rate).map_err(quantity_error)
            });
        },
    },
    ScriptFunction {
        signature: "assume(figure, number)",
        meaning: "what-if: a stated figure, as `F30`, with another number or range, printed as your assumption",
        example: "F29 / assume(F30, 4000)",
        answer: "400,000 GBP/missile  [F29 F30]  stage proposed  WHAT-IF  assumes F30 = 4,000 missiles",
        register: |engine, runtime| {
            engine.register_fn("assume", move |figure: Dynamic, number: Dynamic| {
                assumed_figure(&runtime, &figure, &number)
            });
        },
    },
    ScriptFunction {
        signature: "rounding_range(figure) · rounding_range(figure, significant_figures)",
        meaning: "the range of values that a stated figure may have been rounded from",
        example: "rounding_range(F29)",
        answer: "1,550,000,000 to <1,650,000,000 GBP  [F29]  stage proposed",
        register: |engine, runtime| {
            let (one, two) = (Rc::clone(&runtime), runtime);
            engine.register_fn("rounding_range", move |figure: Traced| stated_range(&one, &figure, None));
            engine.register_fn("rounding_range", move |figure: Traced, digits: INT| {
                stated_range(&two, &figure, Some(digits))
            });
        },
    },
    ScriptFunction {
        signature: "percent(quantity)",
        meaning: "a share, as `part / whole`, in the unit `percent`",
        example: "percent(1 / 4)",
        answer: "25 percent  given 0.25",
        register: |engine, _| {
            engine.register_fn("percent", |share: Dynamic| percent(&to_given_quantity(&share, "percent")?));
        },
    },
    ScriptFunction {
        signature: "or_more(quantity)",
        meaning: "the range from a quantity upwards, of which no more is known than that",
        example: "or_more(F30)",
        answer: "≥5,000 missiles  [F30]  stage proposed",
        register: |engine, _| {
            engine.register_fn("or_more", |quantity: Traced| quantity.or_more().map_err(quantity_error));
        },
    },
    ScriptFunction {
        signature: "disagreement([quantity, …])",
        meaning: "unknown because of the conflict between stated quantities that differ, on the facts of them all",
        example: "disagreement([F29, F30])",
        answer: "unknown: conflict  [F29 F30]  stage proposed",
        register: |engine, _| {
            engine.register_fn("disagreement", |quantities: Array| disagreement(&quantities));
        },
    },
    ScriptFunction {
        signature: "across_stages(quantity)",
        meaning: "lets a quantity be added to one at another stage, as a printed assumption",
        example: "across_stages(F29)",
        answer: "1,600,000,000 GBP  [F29]  stage proposed  WHAT-IF  assumes across_stages",
        register: |engine, _| {
            engine.register_fn("across_stages", |quantity: Traced| quantity.across_stages());
        },
    },
    ScriptFunction {
        signature: "round(number, places) · quantity.round(places)",
        meaning: "rounds half away from zero, to thousands by `round(q, -3)`; a digit that changes marks the result `≈`",
        example: "round(2.5, 0)",
        answer: "≈3",
        register: |engine, _| {
            engine.register_fn("round", |number: Dynamic, places: INT| round(&number, places));
            engine.register_fn("round", |number: Dynamic| round(&number, 0));
        },
    },
    ScriptFunction {
        signature: "quantity.amount",
        meaning: "the number alone, without unit, facts or stage",
        example: "F30.amount",
        answer: "5000",
        register: |engine, _| {
            engine.register_get("amount", |worked: &mut Traced| {
                taint::note_worked(worked);
                let amount = match worked.quantity.amount() {
                    Amount::Number(number) if number.is_exact() => from_number(number.value),
                    amount => from_quantity(Quantity::new(amount.clone(), Some(Unit::one()))),
                };
                let is_given = worked.quantity.assumptions().iter().any(Assumption::is_given);
                if is_given { amount } else { value::from_book(amount) }
            });
        },
    },
    ScriptFunction {
        signature: "quantity.unit",
        meaning: "the unit as text, empty where there is none",
        example: "(F29 / F30).unit",
        answer: "GBP/missile",
        register: |engine, _| {
            let unit = |q: &Quantity| q.unit().filter(|unit| !unit.is_one()).map(ToString::to_string);
            engine.register_get("unit", move |worked: &mut Traced| property(worked, unit).unwrap_or_default());
        },
    },
    ScriptFunction {
        signature: "quantity.stage",
        meaning: "how far the pledge has got, as text; several are joined by `+`",
        example: "F29.stage",
        answer: "proposed",
        register: |engine, _| {
            engine.register_get("stage", |worked: &mut Traced| property(worked, |q| q.stages().to_string()));
        },
    },
    ScriptFunction {
        signature: "quantity.facts",
        meaning: "the ids of the facts that it rests on, as an array of texts",
        example: "(F29 / F30).facts[1]",
        answer: "F30",
        register: |engine, _| {
            let facts = |q: &Quantity| q.facts().iter().map(|fact| fact.to_string().into()).collect();
            engine.register_get("facts", move |worked: &mut Traced| -> Array { property(worked, facts) });
        },
    },
    ScriptFunction {
        signature: "quantity.lo · quantity.hi",
        meaning: "the lower or upper end of a range; NULL where it has none, the number itself where it is no range",
        example: "rounding_range(F29).lo",
        answer: "1,550,000,000 GBP  [F29]  stage proposed",
        register: |engine, _| {
            // A missing end is NULL: no reason is recorded for it.
            let end = |end: Option<Quantity>| end.map_or(Dynamic::UNIT, from_quantity);
            engine.register_get("lo", move |worked: &mut Traced| end(property(worked, Quantity::lo)));
            engine.register_get("hi", move |worked: &mut Traced| end(property(worked, Quantity::hi)));
        },
    },
    ScriptFunction {
        signature: "quantity.is_unknown · quantity.is_exact · quantity.is_range",
        meaning: "whether the sources leave it open; whether it is exact; whether it has two ends",
        example: "U11.is_unknown",
        answer: "true",
        register: |engine, _| {
            engine.register_get("is_unknown", |worked: &mut Traced| property(worked, Quantity::is_unknown));
            engine.register_get("is_exact", |worked: &mut Traced| property(worked, Quantity::is_exact));
            engine.register_get("is_range", |worked: &mut Traced| {
                property(worked, |q| matches!(q.amount(), Amount::Range(_)))
            });
        },
    },
    ScriptFunction {
        signature: "quantity.is_stated",
        meaning: "whether it is a number just as a source states it: nothing computed, bounded or assumed",
        example: "F29.is_stated",
        answer: "true",
        register: |engine, runtime| {
            engine.register_get("is_stated", move |worked: &mut Traced| is_stated(&runtime, worked));
        },
    },
    ScriptFunction {
        signature: "quantity.reasons",
        meaning: "why it is unknown, as an array of codes; empty where it is known",
        example: "U11.reasons[0]",
        answer: "not_stated",
        register: |engine, _| {
            let reasons = |q: &Quantity| match q.amount() {
                Amount::Unknown(reasons) => reasons.iter().map(|reason| reason.as_str().into()).collect(),
                _ => Array::new(),
            };
            engine.register_get("reasons", move |worked: &mut Traced| property(worked, reasons));
        },
    },
    ScriptFunction {
        signature: "quantity.working",
        meaning: "how it was computed, as text",
        example: "(F29 / F30).working",
        answer: "1,600,000,000 GBP [F29] ÷ 5,000 missiles [F30]",
        register: |engine, _| {
            engine.register_get("working", |worked: &mut Traced| {
                taint::note_worked(worked);
                worked.derivation.to_string()
            });
            engine.register_fn("to_string", |worked: &mut Traced| display_text(&Dynamic::from(worked.clone())));
            engine.register_fn("to_debug", |worked: &mut Traced| display_text(&Dynamic::from(worked.clone())));
        },
    },
];

/// Reads a property that does not name the assumptions of its quantity.
fn property<T>(worked: &Traced, part: impl Fn(&Quantity) -> T) -> T {
    taint::note_worked(worked);
    part(&worked.quantity)
}

/// The figure of one fact with another amount: a number, a quantity of its unit, or a text such as `>5000`.
fn assumed_figure(runtime: &Runtime, figure: &Dynamic, number: &Dynamic) -> ScriptResult<Traced> {
    let fact = fact_of_figure(runtime, figure)?;
    let number = match scalar(number) {
        Scalar::Text(text) => runtime.book.read_figure(&text).map_err(function_error)?,
        _ => to_quantity(number, "assume")?.quantity,
    };
    taint::note(&Dynamic::from(Traced::from(number.clone())));
    let number = Quantity::new(number.amount().clone(), number.unit().cloned());
    runtime.book.assumed_figure(&fact, &number).map(Traced::from).map_err(function_error)
}

/// The exchange rate to a currency that the session assumes, for a quantity in another.
fn assumed_rate(runtime: &Runtime, currency: &str, quantity: &Quantity) -> ScriptResult<Traced> {
    let book = &runtime.book;
    if quantity.unit().is_some_and(|unit| unit.to_string() == currency) {
        return Err(argument_error(format!("it is in `{currency}` already"), "leave `convert` out"));
    }
    let supposed = book.assumed_rate().map_err(|error| program_error(book.error(&error)))?;
    let Some(rate) = supposed else {
        let unit = quantity.unit().map_or_else(|| "1".to_owned(), ToString::to_string);
        let help = format!("assume one, as `--assume A4=\"1.25 {currency}/{unit}\"`, or give one: `convert(q, rate)`");
        return Err(argument_error(format!("no rate to `{currency}` is given or assumed"), help));
    };
    let rate = book.literal(&rate, Strictness::Code).map_err(function_error)?;
    let leads_there = rate.unit().is_some_and(|unit| unit.powers().any(|(code, _)| code == currency));
    if leads_there {
        return Ok(Traced::from(Quantity::new(rate.amount().clone(), rate.unit().cloned())));
    }
    let message = format!("the assumed rate, {}, does not lead to `{currency}`", human::quantity(&rate, None));
    Err(argument_error(message, "assume another, or give one: `convert(q, rate)`"))
}

/// Reads a quantity in source. Scripts of the library know the book, and may write on behalf of its sources that they leave
/// something open.
fn given_quantity(runtime: &Runtime, script: Option<&str>, text: &str) -> ScriptResult<Traced> {
    let is_of_library =
        matches!(runtime.locations.borrow().get(script.unwrap_or_default()), Some(ScriptLocation::Library));
    let given =
        if is_of_library { runtime.book.trusted_literal(text) } else { runtime.book.literal(text, Strictness::Code) };
    given.map(Traced::from).map_err(function_error)
}

/// The fact of a figure, from the figure itself or its id.
fn fact_of_figure(runtime: &Runtime, figure: &Dynamic) -> ScriptResult<String> {
    if let Scalar::Text(id) = scalar(figure) {
        return Ok(id.into_owned());
    }
    if let Some(worked) = figure.read_lock::<Traced>() {
        let mut facts = worked.quantity.facts().iter();
        let (fact, other) = (facts.next().map(|fact| fact.to_string()), facts.next());
        let supposed = fact.as_ref().and_then(|fact| runtime.book.what_if(fact));
        let is_figure = |known: &WhatIf| matches!(known, WhatIf::Figure(_, known) if *known == worked.quantity);
        let is_supposed = other.is_none() && supposed.as_ref().is_some_and(is_figure);
        let is_figure =
            worked.derivation.is_value() && (is_supposed || ids::stated_figure(runtime, &worked.quantity)?.is_some());
        if let (true, Some(fact)) = (is_figure, fact) {
            return Ok(fact);
        }
    }
    let message = format!("{} is no figure that a source states", describe(figure));
    Err(argument_error(message, "name the fact whose number would be another, as `assume(F30, 4500)`"))
}

/// The range that a stated figure may have been rounded from; its significant figures are the book's unless they are given.
fn stated_range(runtime: &Runtime, figure: &Traced, significant_figures: Option<INT>) -> ScriptResult<Traced> {
    let quantity = &figure.quantity;
    if figure.derivation.is_value() && matches!(quantity.amount(), Amount::Range(_)) {
        let message = "is a bound or a range already: only a single number can have been rounded";
        return Err(argument_error(
            format!("{} {message}", human::quantity(quantity, None)),
            "take its ends: `.lo`, `.hi`",
        ));
    }
    let not_stated = || {
        let message = "not a stated figure: it was computed, so no source rounded it";
        argument_error(message, "take the range of the stated figures first, then compute with the ranges")
    };
    let stated = if figure.derivation.is_value() { ids::stated_figure(runtime, quantity)? } else { None };
    let stated = stated.ok_or_else(not_stated)?;
    let digits = match significant_figures {
        Some(digits) => u32::try_from(digits).ok().filter(|digits| (1..=28).contains(digits)),
        None => stated.significant_figures,
    };
    let wrong = || argument_error("significant figures are a whole number from 1 to 28", "as `rounding_range(F29, 2)`");
    let number = quantity.number().ok_or_else(not_stated)?;
    let amount = rounding_range(number, digits.ok_or_else(wrong)?).map_err(quantity_error)?;
    let range = Quantity::new(amount, quantity.unit().cloned())
        .with_facts(quantity.facts().clone())
        .with_stages(quantity.stages())
        .with_assumptions(quantity.assumptions().clone());
    Ok(Traced::from(range))
}

/// True for a number just as a source states it.
fn is_stated(runtime: &Runtime, figure: &Traced) -> ScriptResult<bool> {
    taint::note_worked(figure);
    let quantity = &figure.quantity;
    let is_number = figure.derivation.is_value() && quantity.number().is_some() && quantity.is_exact();
    Ok(is_number && ids::stated_figure(runtime, quantity)?.is_some())
}

/// A share of one, in percent.
fn percent(share: &Traced) -> ScriptResult<Traced> {
    share.quantity.percent().map_err(quantity_error)?;
    let percent = Unit::base("percent").map_err(quantity_error)?;
    let hundred = Quantity::new(Quantity::plain(Decimal::ONE_HUNDRED).amount().clone(), Some(percent));
    share.multiply(&Traced::from(hundred)).map_err(quantity_error)
}

/// Unknown because of the conflict between stated quantities that differ.
fn disagreement(quantities: &[Dynamic]) -> ScriptResult<Traced> {
    let stated =
        quantities.iter().map(|quantity| to_quantity(quantity, "disagreement")).collect::<ScriptResult<Vec<_>>>()?;
    let is_of_source = |worked: &Traced| !worked.quantity.facts().is_empty() && !worked.quantity.is_unknown();
    let value = |worked: &Traced| (worked.quantity.amount().clone(), worked.quantity.unit().cloned());
    let differ = stated.iter().any(|worked| value(worked) != value(&stated[0]));
    if !stated.iter().all(is_of_source) || !differ {
        let message = "`disagreement` wants at least two quantities that sources state, and that differ";
        return Err(argument_error(message, "as `disagreement([F29, F30])`"));
    }
    Ok(Traced::from(Quantity::disagreement(stated.iter().map(|worked| &worked.quantity))))
}

/// A plain number, rounded: inexact where a digit has changed.
fn rounded(number: Decimal, places: i32) -> ScriptResult<Dynamic> {
    let rounded = Quantity::plain(number).round(places).map_err(quantity_error)?;
    Ok(match rounded.number() {
        Some(number) if rounded.is_exact() => from_number(number),
        _ => Dynamic::from(Traced::from(Quantity::new(rounded.amount().clone(), Some(Unit::one())))),
    })
}

/// Rounds any number half away from zero.
fn round(value: &Dynamic, places: INT) -> ScriptResult<Dynamic> {
    let places = i32::try_from(places).ok().filter(|places| (-28..=28).contains(places));
    let wrong = || {
        argument_error("places are a whole number from -28 to 28", "as `round(x, 2)`, or `round(x, -3)` to thousands")
    };
    let places = places.ok_or_else(wrong)?;
    let rounded = match scalar(value) {
        Scalar::Integer(whole) if places >= 0 => whole.into(),
        Scalar::Integer(whole) => rounded(whole.into(), places)?,
        Scalar::Quantity(worked) => worked.round(places).map(Dynamic::from).map_err(quantity_error)?,
        Scalar::Decimal(decimal) => rounded(decimal, places)?,
        _ => return Err(argument_error(format!("can't round {}", describe(value)), "round a decimal or a quantity")),
    };
    Ok(value::derived_from(rounded, &[value]))
}
