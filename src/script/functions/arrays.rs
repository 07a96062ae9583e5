//! Functions of arrays that compare their values. The engine's own would call unlike values equal, or sort them
//! anyhow; these follow the rules of `<` and `==`, and raise.

use super::ScriptFunction;
use crate::script::order;
use crate::script::raise::{Raised, unless_stopped};
use crate::script::table::{compare_keys, is_same};
use crate::store::Stop;
use rhai::{Array, Dynamic, FnPtr, INT, NativeCallContext};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "sort",
        signature: "array.sort() · array.sort(|a, b| order) · array.sort_desc()",
        meaning: "sorts the array where it stands; values that can't be compared are an error",
        example: "let a = [3, 1, 2]; a.sort(); a[0]",
        answer: "1",
        register: |engine, shared| {
            let [stop, descending] = [(); 2].map(|()| shared.book.stop().clone());
            engine.register_fn("sort", move |values: &mut Array| sort(values, &stop, &compare_keys));
            engine.register_fn("sort_desc", move |values: &mut Array| sort(values, &descending, &compare_descending));
            for name in ["sort", "sort_by"] {
                let stop = shared.book.stop().clone();
                engine.register_fn(name, move |context: NativeCallContext, values: &mut Array, compare: FnPtr| {
                    sort(values, &stop, &|a, b| compared(&context, &compare, a, b))
                });
            }
        },
    },
    ScriptFunction {
        name: "order",
        signature: "array.order() · array.order(|a, b| order) · array.order_desc()",
        meaning: "a sorted copy of the array",
        example: "[3, 1, 2].order()[0]",
        answer: "1",
        register: |engine, shared| {
            let [stop, descending] = [(); 2].map(|()| shared.book.stop().clone());
            engine.register_fn("order", move |values: &mut Array| ordered(values, &stop, &compare_keys));
            engine
                .register_fn("order_desc", move |values: &mut Array| ordered(values, &descending, &compare_descending));
            for name in ["order", "order_by"] {
                let stop = shared.book.stop().clone();
                engine.register_fn(name, move |context: NativeCallContext, values: &mut Array, compare: FnPtr| {
                    ordered(values, &stop, &|a, b| compared(&context, &compare, a, b))
                });
            }
        },
    },
    ScriptFunction {
        name: "dedup",
        signature: "array.dedup() · array.dedup(|a, b| condition)",
        meaning: "drops a value that equals the one before it",
        example: "let a = [1, 1, 2]; a.dedup(); a.len",
        answer: "2",
        register: |engine, shared| {
            let [stop, told] = [(); 2].map(|()| shared.book.stop().clone());
            engine.register_fn("dedup", move |values: &mut Array| dedup(values, &stop, &is_same));
            engine.register_fn("dedup", move |context: NativeCallContext, values: &mut Array, same: FnPtr| {
                dedup(values, &told, &|a, b| same.call_within_context(&context, (a.clone(), b.clone())))
            });
        },
    },
    ScriptFunction {
        name: "index_of",
        signature: "array.index_of(value) · array.contains(value)",
        meaning: "the place of the first value equal to it, from 0, or -1; whether there is one",
        example: "[\"a\", \"b\"].index_of(\"b\")",
        answer: "1",
        register: |engine, shared| {
            let [stop, contained] = [(); 2].map(|()| shared.book.stop().clone());
            engine.register_fn("index_of", move |values: &mut Array, wanted: Dynamic| index_of(values, &stop, &wanted));
            engine.register_fn("contains", move |values: &mut Array, wanted: Dynamic| -> Raised<bool> {
                Ok(index_of(values, &contained, &wanted)? >= 0)
            });
        },
    },
];

type Compare<'c> = &'c dyn Fn(&Dynamic, &Dynamic) -> Raised<Ordering>;

/// What a function of a script says of two values: below 0, 0, above 0.
fn compared(context: &NativeCallContext, compare: &FnPtr, a: &Dynamic, b: &Dynamic) -> Raised<Ordering> {
    let order: INT = compare.call_within_context(context, (a.clone(), b.clone()))?;
    Ok(order.cmp(&0))
}

fn compare_descending(a: &Dynamic, b: &Dynamic) -> Raised<Ordering> {
    compare_keys(a, b).map(Ordering::reverse)
}

fn ordered(values: &Array, stop: &Stop, compare: Compare<'_>) -> Raised<Array> {
    Ok(order::sorted(values, stop, compare)?.into_iter().map(|at| values[at].clone()).collect())
}

fn sort(values: &mut Array, stop: &Stop, compare: Compare<'_>) -> Raised<()> {
    *values = ordered(values, stop, compare)?;
    Ok(())
}

fn dedup(values: &mut Array, stop: &Stop, same: &dyn Fn(&Dynamic, &Dynamic) -> Raised<bool>) -> Raised<()> {
    let mut kept: Array = Vec::with_capacity(values.len());
    for value in values.iter() {
        unless_stopped(stop)?;
        if !kept.last().map_or(Ok(false), |last| same(last, value))? {
            kept.push(value.clone());
        }
    }
    *values = kept;
    Ok(())
}

fn index_of(values: &Array, stop: &Stop, wanted: &Dynamic) -> Raised<INT> {
    for (at, value) in values.iter().enumerate() {
        unless_stopped(stop)?;
        if is_same(value, wanted)? {
            return Ok(INT::try_from(at).unwrap_or(INT::MAX));
        }
    }
    Ok(-1)
}
