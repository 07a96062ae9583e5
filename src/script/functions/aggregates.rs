//! Functions of all the values of an array: the least, the greatest, the mean, and the values as one text. They answer as the
//! aggregates of SQL do: NULLs are left out, one unknown makes the answer unknown, and of nothing it is unknown.

use super::{ScriptFunction, numbers};
use crate::quantity::{Extreme, StatementIndex, Traced};
use crate::script::operators;
use crate::script::runtime::Runtime;
use crate::script::table::Table;
use crate::script::value::{
    self, Scalar, ScriptResult, argument_error, check_interrupt, describe, display_text, from_quantity, quantity_error,
    scalar,
};
use crate::store::Stop;
use rhai::{Array, Dynamic, Engine};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "array.max() · array.min() · table.max(column) · table.min(column)",
        meaning: "the greatest or the least of values that can be compared, NULLs left out; with an unknown among them it is unknown",
        example: "[3, 10 / 4, 1].max()",
        answer: "3",
        register: |engine, runtime| {
            register(engine, &runtime, "max", |runtime, values| extreme(runtime, values, Ordering::Greater));
            register(engine, &runtime, "min", |runtime, values| extreme(runtime, values, Ordering::Less));
        },
    },
    ScriptFunction {
        signature: "array.mean() · table.mean(column)",
        meaning: "the exact mean of numbers, NULLs left out; one whose digits do not end is marked `≈`",
        example: "[1, 2, 4, ()].mean() * 3",
        answer: "≈7",
        register: |engine, runtime| register(engine, &runtime, "mean", mean),
    },
    ScriptFunction {
        signature: "array.join(separator)",
        meaning: "the values as one text, with the separator between them",
        example: "[\"F29\", \"F30\"].join(\" and \")",
        answer: "F29 and F30",
        register: |engine, runtime| {
            let stop = runtime.book.stop().clone();
            engine.register_fn("join", move |values: &mut Array, separator: &str| join(&stop, values, separator));
        },
    },
];

/// Registers an aggregate of an array, and of a column of a table.
fn register(
    engine: &mut Engine,
    runtime: &Rc<Runtime>,
    name: &'static str,
    compute: fn(&Runtime, &[Dynamic]) -> ScriptResult<Dynamic>,
) {
    let (of_array, of_table) = (Rc::clone(runtime), Rc::clone(runtime));
    engine.register_fn(name, move |values: &mut Array| compute(&of_array, values));
    engine.register_fn(name, move |table: &mut Table, column: &str| compute(&of_table, &table.column(column)?));
}

/// The least or the greatest value: the one that is `wanted` beside each other. Totals are left out, as sums leave them out.
fn extreme(runtime: &Runtime, values: &[Dynamic], wanted: Ordering) -> ScriptResult<Dynamic> {
    let values = &*numbers::without_totals(runtime, values)?;
    let known: Vec<&Dynamic> = values.iter().filter(|value| !value.is_unit()).collect();
    let (name, mut extreme) = if wanted.is_gt() { ("max", Extreme::greatest()) } else { ("min", Extreme::least()) };
    if !known.iter().any(|value| value.is::<Traced>()) {
        let found = extreme_plain(runtime.book.stop(), &known, wanted, name)?.cloned();
        return Ok(found.map_or_else(numbers::of_nothing, |found| value::derived_from(found, &known)));
    }
    numbers::push_reconciled(runtime, &known, name, StatementIndex::reconcile, |row| extreme.push(row))?;
    let found = extreme.finish().map_err(quantity_error)?;
    Ok(found.map_or_else(numbers::of_nothing, |found| value::derived_from(from_quantity(found), &known)))
}

/// The extreme of plain values, the first of several equal ones.
fn extreme_plain<'v>(
    stop: &Stop,
    known: &[&'v Dynamic],
    wanted: Ordering,
    name: &'static str,
) -> ScriptResult<Option<&'v Dynamic>> {
    let mut found: Option<&Dynamic> = None;
    for value in known {
        check_interrupt(stop)?;
        if let Scalar::Truth(_) | Scalar::Other = scalar(value) {
            return Err(no_order(name, value));
        }
        let is_better =
            found.map_or(Ok(true), |best| operators::compare(name, value, best).map(|order| order == wanted));
        found = if is_better? { Some(value) } else { found };
    }
    Ok(found)
}

/// The mean: the sum of what is counted, by how many that are.
fn mean(runtime: &Runtime, values: &[Dynamic]) -> ScriptResult<Dynamic> {
    let no_number = |value: &Dynamic| {
        let message = format!("`mean` takes numbers and quantities, not {}", describe(value));
        argument_error(message, "take the mean of a column of numbers")
    };
    let (sum, count) = numbers::sum_and_count(runtime, values, no_number)?;
    if count == 0 {
        return Ok(sum);
    }
    operators::arithmetic("/", &sum, &value::book_count(count))
}

fn no_order(name: &str, value: &Dynamic) -> Box<rhai::EvalAltResult> {
    let message = format!("`{name}` takes numbers, quantities and texts, not {}", describe(value));
    argument_error(message, "take it of one column, as `rows.column(\"amount\")`")
}

/// The values as one text.
fn join(stop: &Stop, values: &Array, separator: &str) -> ScriptResult<String> {
    let mut text = String::new();
    for (at, value) in values.iter().enumerate() {
        check_interrupt(stop)?;
        if let Scalar::Null | Scalar::Other = scalar(value) {
            let message = format!("`join` makes no text of {}", describe(value));
            return Err(argument_error(
                message,
                "make texts of them before: `.map(|x| …)`, and `.filter(|x| x != ())`",
            ));
        }
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(&display_text(value));
    }
    Ok(text)
}
