//! Functions of arrays that compare their values. The engine's own would call unlike values equal, or sort them
//! anyhow; these follow the rules of `<` and `==`, and raise.

use super::ScriptFunction;
use crate::script::raise::Raised;
use crate::script::table::compare_keys;
use rhai::{Array, Dynamic, EvalAltResult, FnPtr, INT, NativeCallContext};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "sort",
        signature: "array.sort() · array.sort(|a, b| order)",
        meaning: "sorts the array where it stands; values that can't be compared are an error",
        register: |engine, _| {
            engine.register_fn("sort", |values: &mut Array| sort(values, compare_keys));
            engine.register_fn("sort", |context: NativeCallContext, values: &mut Array, compare: FnPtr| {
                sort(values, |a, b| {
                    let order: INT = compare.call_within_context(&context, (a.clone(), b.clone()))?;
                    Ok(order.cmp(&0))
                })
            });
        },
    },
    ScriptFunction {
        name: "dedup",
        signature: "array.dedup()",
        meaning: "drops a value that equals the one before it",
        register: |engine, _| {
            engine.register_fn("dedup", |values: &mut Array| -> Raised<()> {
                let mut kept: Array = Vec::with_capacity(values.len());
                for value in std::mem::take(values) {
                    match kept.last() {
                        Some(last) if compare_keys(last, &value)?.is_eq() => {}
                        _ => kept.push(value),
                    }
                }
                *values = kept;
                Ok(())
            });
        },
    },
    ScriptFunction {
        name: "index_of",
        signature: "array.index_of(value)",
        meaning: "the place of the first value equal to it, from 0; -1 where there is none",
        register: |engine, _| {
            engine.register_fn("index_of", |values: &mut Array, wanted: Dynamic| index_of(values, &wanted));
            engine.register_fn("contains", |values: &mut Array, wanted: Dynamic| {
                Ok::<_, Box<EvalAltResult>>(index_of(values, &wanted)? >= 0)
            });
        },
    },
];

fn sort(values: &mut Array, compare: impl Fn(&Dynamic, &Dynamic) -> Raised<Ordering>) -> Raised<()> {
    let mut failure = None;
    values.sort_by(|a, b| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        compare(a, b).unwrap_or_else(|error| {
            failure = Some(error);
            Ordering::Equal
        })
    });
    failure.map_or(Ok(()), Err)
}

fn index_of(values: &Array, wanted: &Dynamic) -> Raised<INT> {
    for (at, value) in values.iter().enumerate() {
        if compare_keys(value, wanted)?.is_eq() {
            return Ok(INT::try_from(at).unwrap_or(INT::MAX));
        }
    }
    Ok(-1)
}
