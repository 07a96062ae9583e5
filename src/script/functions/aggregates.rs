//! Functions of all the values of an array: the least, the greatest, the mean, and the values as one text. They answer as the
//! aggregates of SQL do: NULLs are left out, one unknown makes the answer unknown, and of nothing it is unknown.

use super::{ScriptFunction, numbers};
use crate::quantity::{Extreme, Quantity, Reason, Reasons, Traced};
use crate::script::operators;
use crate::script::runtime::Runtime;
use crate::script::table::Table;
use crate::script::value::{
    self, Scalar, ScriptResult, argument_error, check_interrupt, describe, display_text, quantity_error, scalar,
    to_given_quantity, to_quantity,
};
use crate::store::Stop;
use rhai::{Array, Dynamic, Engine};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "array.max() · array.min() · table.max(column) · table.min(column)",
        meaning: "the greatest or the least of values that can be compared, NULLs left out; with an unknown among them it is unknown",
        example: "[3, 10 / 4, 1].max()",
        answer: "3",
        register: |engine, runtime| {
            register(engine, &runtime, "max", |runtime, values| extreme(runtime, values, "max"));
            register(engine, &runtime, "min", |runtime, values| extreme(runtime, values, "min"));
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

/// The least or the greatest value.
fn extreme(runtime: &Runtime, values: &[Dynamic], name: &'static str) -> ScriptResult<Dynamic> {
    let known: Vec<&Dynamic> = values.iter().filter(|value| !value.is_unit()).collect();
    let made = if known.iter().any(|value| value.is::<Traced>()) {
        Dynamic::from(Traced::from(extreme_quantity(runtime, &known, name)?))
    } else {
        match extreme_plain(runtime.book.stop(), &known, name)? {
            Some(found) => found.clone(),
            None => return Ok(of_nothing()),
        }
    };
    Ok(value::derived_from(made, &known))
}

/// The extreme of plain values, the first of several equal ones.
fn extreme_plain<'v>(stop: &Stop, known: &[&'v Dynamic], name: &'static str) -> ScriptResult<Option<&'v Dynamic>> {
    let mut found: Option<&Dynamic> = None;
    for value in known {
        check_interrupt(stop)?;
        if let Scalar::Truth(_) | Scalar::Other = scalar(value) {
            return Err(no_order(name, value));
        }
        let is_better = match found {
            Some(best) => {
                operators::compare(name, value, best)?.is_gt() == (name == "max")
                    && operators::compare(name, value, best)?.is_ne()
            }
            None => true,
        };
        found = if is_better { Some(value) } else { found };
    }
    Ok(found)
}

/// The extreme of quantities, in which statements of one thing are reconciled first.
fn extreme_quantity(runtime: &Runtime, known: &[&Dynamic], name: &'static str) -> ScriptResult<Quantity> {
    let statements = numbers::book_statements(runtime)?;
    let marks_given =
        known.iter().any(|value| value.read_lock::<Traced>().is_some_and(|worked| !worked.quantity.is_bare()));
    let mut extreme = if name == "max" { Extreme::greatest() } else { Extreme::least() };
    let mut stated = Vec::new();
    for value in known {
        check_interrupt(runtime.book.stop())?;
        let worked = if marks_given { to_given_quantity(value, name)? } else { to_quantity(value, name)? };
        if numbers::is_statement(statements.as_deref(), &worked.quantity) {
            stated.push(worked.quantity);
        } else {
            extreme.push(&worked.quantity).map_err(quantity_error)?;
        }
    }
    if let Some(statements) = statements.filter(|_| !stated.is_empty()) {
        let settled = statements.reconcile(&stated);
        settled.rows.iter().try_for_each(|row| extreme.push(row).map_err(quantity_error))?;
        numbers::note_reconciled(runtime, &settled);
    }
    let found = extreme.finish().map_err(quantity_error)?;
    Ok(found.unwrap_or_else(|| Quantity::unknown(Reasons::from(Reason::NotInBook), None)))
}

/// The mean: the sum of what is counted, by how many that are.
fn mean(runtime: &Runtime, values: &[Dynamic]) -> ScriptResult<Dynamic> {
    if let Some(other) =
        values.iter().find(|value| matches!(scalar(value), Scalar::Text(_) | Scalar::Truth(_) | Scalar::Other))
    {
        let message = format!("`mean` takes numbers and quantities, not {}", describe(other));
        return Err(argument_error(message, "take the mean of a column of numbers"));
    }
    let (sum, count) = numbers::sum_and_count(runtime, values)?;
    if count == 0 {
        return Ok(sum);
    }
    operators::arithmetic("/", &sum, &value::book_count(count))
}

/// The answer of an aggregate without values.
fn of_nothing() -> Dynamic {
    Dynamic::from(Traced::from(Quantity::unknown(Reasons::from(Reason::NotInBook), None)))
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
