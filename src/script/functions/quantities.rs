//! Functions and properties of quantities.

use super::ScriptFunction;
use crate::quantity::{Amount, Assumption, Quantity, Worked};
use crate::script::raise::{Raised, raise_function, raise_quantity};
use crate::script::value::{from_number, from_quantity, spoken, to_worked, to_worked_given};
use crate::script::{origin, rounding, suppose, taint};
use rhai::{Array, Dynamic, INT, NativeCallContext};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "q",
        signature: "q(text) · q(number, unit)",
        meaning: "a quantity that you give, as `q(\"1.25 USD/GBP\")`; it is printed as your assumption",
        example: "q(\"1.25 USD/GBP\")",
        answer: "1.25 USD/GBP  given 1.25 USD/GBP",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("q", move |context: NativeCallContext, text: &str| -> Raised<Worked> {
                suppose::given(&one, context.call_source(), text)
            });
            engine.register_fn("q", move |number: Dynamic, unit: &str| -> Raised<Worked> {
                let number = to_worked(&number, "q")?.quantity;
                two.book.literal_in_unit(&number, unit).map(Worked::from).map_err(raise_function)
            });
        },
    },
    ScriptFunction {
        name: "convert",
        signature: "convert(quantity, rate) · convert(quantity, currency)",
        meaning: "the quantity in another unit, by a rate that you give, or by the one that is assumed; it is printed as your assumption",
        example: "convert(F29, q(\"1.25 USD/GBP\"))",
        answer: "2,000,000,000 USD  [F29]  stage proposed  WHAT-IF  assumes rate = 1.25 USD/GBP",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("convert", move |quantity: Dynamic, rate: Dynamic| -> Raised<Worked> {
                let quantity = to_worked(&quantity, "convert")?;
                let rate = match rate.clone().into_immutable_string() {
                    Ok(currency) => suppose::rate(&shared, &currency)?,
                    Err(_) => to_worked(&rate, "convert")?,
                };
                suppose::check_rate(&shared, &rate.quantity)?;
                quantity.convert(&rate).map_err(raise_quantity)
            });
        },
    },
    ScriptFunction {
        name: "assume",
        signature: "assume(figure, number)",
        meaning: "what-if: a stated figure, as `F30`, with another number or range, printed as your assumption",
        example: "F29 / assume(F30, 4000)",
        answer: "400,000 GBP/missile  [F29 F30]  stage proposed  WHAT-IF  assumes F30 = 4,000 missile",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("assume", move |figure: Dynamic, number: Dynamic| -> Raised<Worked> {
                suppose::figure(&shared, &figure, &number)
            });
        },
    },
    ScriptFunction {
        name: "rounding_range",
        signature: "rounding_range(figure) · rounding_range(figure, significant_figures)",
        meaning: "the range of values that a stated figure may have been rounded from",
        example: "rounding_range(F29)",
        answer: "1,550,000,000 to <1,650,000,000 GBP  [F29]  stage proposed",
        register: |engine, shared| {
            let (one, two) = (Rc::clone(shared), Rc::clone(shared));
            engine.register_fn("rounding_range", move |figure: Worked| rounding::range(&one, &figure, None));
            engine.register_fn("rounding_range", move |figure: Worked, digits: INT| {
                rounding::range(&two, &figure, Some(digits))
            });
        },
    },
    ScriptFunction {
        name: "percent",
        signature: "percent(quantity)",
        meaning: "a share, as `part / whole`, in the unit `percent`",
        example: "percent(1 / 4)",
        answer: "25 percent  given 0.25",
        register: |engine, _| {
            engine.register_fn("percent", |share: Dynamic| rounding::percent(&to_worked_given(&share, "percent")?));
        },
    },
    ScriptFunction {
        name: "or_more",
        signature: "or_more(quantity)",
        meaning: "the range from a quantity upwards, of which no more is known than that",
        example: "or_more(F30)",
        answer: "≥5,000 missile  [F30]  stage proposed",
        register: |engine, _| {
            engine.register_fn("or_more", |quantity: Worked| quantity.or_more().map_err(raise_quantity));
        },
    },
    ScriptFunction {
        name: "disagreement",
        signature: "disagreement([quantity, …])",
        meaning: "unknown because of the conflict between stated quantities that differ, on the facts of them all",
        example: "disagreement([F29, F30])",
        answer: "unknown: conflict  [F29 F30]  stage proposed",
        register: |engine, _| {
            engine.register_fn("disagreement", |quantities: Array| rounding::disagreement(&quantities));
        },
    },
    ScriptFunction {
        name: "across_stages",
        signature: "across_stages(quantity)",
        meaning: "lets a quantity be added to one at another stage, as a printed assumption",
        example: "across_stages(F29)",
        answer: "1,600,000,000 GBP  [F29]  stage proposed  WHAT-IF  assumes across_stages",
        register: |engine, _| {
            engine.register_fn("across_stages", |quantity: Worked| quantity.across_stages());
        },
    },
    ScriptFunction {
        name: "round",
        signature: "round(number, places) · quantity.round(places)",
        meaning: "rounds half away from zero; a digit that changes marks the result `≈`",
        example: "round(2.5, 0)",
        answer: "≈3",
        register: |engine, _| {
            engine.register_fn("round", |number: Dynamic, places: INT| -> Raised<Dynamic> {
                rounding::round(&number, places)
            });
            engine.register_fn("round", |number: Dynamic| -> Raised<Dynamic> { rounding::round(&number, 0) });
        },
    },
    ScriptFunction {
        name: "amount",
        signature: "quantity.amount",
        meaning: "the number alone, without unit, facts or stage",
        example: "F30.amount",
        answer: "5000",
        register: |engine, _| {
            engine.register_get("amount", |worked: &mut Worked| {
                taint::note_worked(worked);
                let amount = match worked.quantity.amount() {
                    Amount::Number(number) if number.is_exact() => from_number(number.value),
                    amount => from_quantity(Quantity::new(amount.clone(), Some(crate::quantity::Unit::one()))),
                };
                let is_given = worked.quantity.assumptions().iter().any(Assumption::is_given);
                if is_given { amount } else { origin::of_book(amount) }
            });
        },
    },
    ScriptFunction {
        name: "unit",
        signature: "quantity.unit",
        meaning: "the unit as text, empty where there is none",
        example: "(F29 / F30).unit",
        answer: "GBP/missile",
        register: |engine, _| {
            engine.register_get("unit", |worked: &mut Worked| {
                taint::note_worked(worked);
                let unit = worked.quantity.unit().filter(|unit| **unit != crate::quantity::Unit::one());
                unit.map(ToString::to_string).unwrap_or_default()
            });
        },
    },
    ScriptFunction {
        name: "stage",
        signature: "quantity.stage",
        meaning: "how far the pledge has got, as text; several are joined by `+`",
        example: "F29.stage",
        answer: "proposed",
        register: |engine, _| {
            engine.register_get("stage", |worked: &mut Worked| plain(worked, |q| q.stages().to_string()));
        },
    },
    ScriptFunction {
        name: "facts",
        signature: "quantity.facts",
        meaning: "the ids of the facts that it rests on, as an array of texts",
        example: "(F29 / F30).facts[1]",
        answer: "F30",
        register: |engine, _| {
            engine.register_get("facts", |worked: &mut Worked| -> Array {
                taint::note_worked(worked);
                worked.quantity.facts().iter().map(|fact| Dynamic::from(fact.to_string())).collect()
            });
        },
    },
    ScriptFunction {
        name: "lo",
        signature: "quantity.lo · quantity.hi",
        meaning: "the lower or upper end of a range; NULL where it has none, the number itself where it is no range",
        example: "rounding_range(F29).lo",
        answer: "1,550,000,000 GBP  [F29]  stage proposed",
        register: |engine, _| {
            // Where there is no end, nothing says why.
            let end = |end: Option<Quantity>| end.map_or(Dynamic::UNIT, from_quantity);
            engine.register_get("lo", move |worked: &mut Worked| end(plain(worked, Quantity::lo)));
            engine.register_get("hi", move |worked: &mut Worked| end(plain(worked, Quantity::hi)));
        },
    },
    ScriptFunction {
        name: "is_unknown",
        signature: "quantity.is_unknown · quantity.is_exact · quantity.is_range",
        meaning: "whether the sources leave it open; whether it is exact; whether it has two ends",
        example: "U11.is_unknown",
        answer: "true",
        register: |engine, _| {
            engine.register_get("is_unknown", |worked: &mut Worked| plain(worked, Quantity::is_unknown));
            engine.register_get("is_exact", |worked: &mut Worked| plain(worked, Quantity::is_exact));
            engine.register_get("is_range", |worked: &mut Worked| {
                plain(worked, |q| matches!(q.amount(), Amount::Range(_)))
            });
        },
    },
    ScriptFunction {
        name: "is_stated",
        signature: "quantity.is_stated",
        meaning: "whether it is a number just as a source states it: nothing computed, bounded or assumed",
        example: "F29.is_stated",
        answer: "true",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_get("is_stated", move |worked: &mut Worked| {
                taint::note_worked(worked);
                rounding::is_stated(&shared, worked)
            });
        },
    },
    ScriptFunction {
        name: "reasons",
        signature: "quantity.reasons",
        meaning: "why it is unknown, as an array of codes; empty where it is known",
        example: "U11.reasons[0]",
        answer: "not_stated",
        register: |engine, _| {
            engine.register_get("reasons", |worked: &mut Worked| -> Array {
                taint::note_worked(worked);
                match worked.quantity.amount() {
                    Amount::Unknown(reasons) => reasons.iter().map(|reason| Dynamic::from(reason.as_str())).collect(),
                    _ => Array::new(),
                }
            });
        },
    },
    ScriptFunction {
        name: "working",
        signature: "quantity.working",
        meaning: "how it was computed, as text",
        example: "(F29 / F30).working",
        answer: "1,600,000,000 GBP [F29] ÷ 5,000 missile [F30]",
        register: |engine, _| {
            engine.register_get("working", |worked: &mut Worked| {
                taint::note_worked(worked);
                worked.working.to_string()
            });
            engine.register_fn("to_string", |worked: &mut Worked| spoken(&Dynamic::from(worked.clone())));
            engine.register_fn("to_debug", |worked: &mut Worked| plain(worked, Quantity::to_string));
        },
    },
];

/// A part of a quantity that does not say what the quantity rests on.
fn plain<T>(worked: &Worked, part: impl Fn(&Quantity) -> T) -> T {
    taint::note_worked(worked);
    part(&worked.quantity)
}
