//! Functions of arrays that ask a condition of each value. The engine's own take whatever is not true for false, a number
//! or a quantity too; here a condition that is neither true nor false is an error.

use super::ScriptFunction;
use crate::script::callback::Callback;
use crate::script::raise::{Raised, raise_argument};
use crate::script::value::in_words;
use rhai::{Array, Dynamic, Engine, FnPtr, INT, NativeCallContext};

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "some",
        signature: "array.some(|value| condition) · array.all(|value, index| condition)",
        meaning: "whether the condition is true of any value, of every value",
        example: "[1, 2, 3].some(|n| n > 2)",
        answer: "true",
        register: |engine, _| {
            register_filter(engine);
            engine.register_fn("some", |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<bool> {
                Ok(first(&context, values, &keep, true)?.is_some())
            });
            engine.register_fn("all", |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<bool> {
                Ok(first(&context, values, &keep, false)?.is_none())
            });
        },
    },
    ScriptFunction {
        name: "find",
        signature: "array.find(|value| condition) · array.index_of(|value, index| condition)",
        meaning: "the first value of which the condition is true, or (); its place, or -1",
        example: "[1, 2, 3].find(|n| n > 1)",
        answer: "2",
        register: |engine, _| {
            engine.register_fn(
                "find",
                |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<Dynamic> {
                    Ok(first(&context, values, &keep, true)?.map_or(Dynamic::UNIT, |at| values[at].clone()))
                },
            );
            engine.register_fn(
                "index_of",
                |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<INT> {
                    let found = first(&context, values, &keep, true)?;
                    Ok(found.and_then(|at| INT::try_from(at).ok()).unwrap_or(-1))
                },
            );
        },
    },
];

/// `filter` is a function of tables too, and told there.
fn register_filter(engine: &mut Engine) {
    engine.register_fn("filter", |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<Array> {
        let (mut kept, mut keep) = (Array::new(), Callback::new(&context, &keep));
        for (at, value) in values.iter().enumerate() {
            if holds(&mut keep, value, at)? {
                kept.push(value.clone());
            }
        }
        Ok(kept)
    });
    engine.register_fn("retain", |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> Raised<Array> {
        let (mut kept, mut dropped, mut keep) = (Array::new(), Array::new(), Callback::new(&context, &keep));
        for (at, value) in values.iter().enumerate() {
            if holds(&mut keep, value, at)? { kept.push(value.clone()) } else { dropped.push(value.clone()) }
        }
        *values = kept;
        Ok(dropped)
    });
}

/// The place of the first value of which the condition is `wanted`.
fn first(context: &NativeCallContext, values: &Array, condition: &FnPtr, wanted: bool) -> Raised<Option<usize>> {
    let mut condition = Callback::new(context, condition);
    for (at, value) in values.iter().enumerate() {
        if holds(&mut condition, value, at)? == wanted {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn holds(condition: &mut Callback<'_>, value: &Dynamic, at: usize) -> Raised<bool> {
    let told = condition.call(value.clone(), at)?;
    told.as_bool().map_err(|_| {
        raise_argument(
            format!("a condition is true or false, not {}", in_words(&told)),
            "compare it, as `value > limit`",
        )
    })
}
