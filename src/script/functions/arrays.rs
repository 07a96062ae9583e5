//! Functions of arrays. The engine's own would call unlike values equal, take a number for a condition, sort what has no order,
//! and fill gigabytes without a look at the stop flag; these follow the rules of `<` and `==`, and raise.

use super::{Callback, ScriptFunction, is_missing, register_change, register_method};
use crate::script::runtime::Runtime;
use crate::script::value::{Scalar, ScriptResult, argument_error, check_interrupt, describe, scalar};
use crate::script::{operators, taint};
use crate::store::Stop;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, INT, NativeCallContext, Variant};
use rust_decimal::Decimal;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "array.sort() · array.sort_by(|value| key) · array.sort(|a, b| order) · array.sort_desc()",
        meaning: "sorts the array in place, and gives it; an order is a number below 0, 0 or above 0; values that can't be compared are an error",
        example: "let a = [3, 1, 2]; a.sort(); a[0]",
        answer: "1",
        register: |engine, runtime| {
            register_sorting(engine, &runtime, ["sort", "sort_by", "sort_desc"], false, |values, order| {
                values.clone_from(&order);
                order
            });
        },
    },
    ScriptFunction {
        signature: "array.order() · array.order_by(|value| key) · array.order(|a, b| order) · array.order_desc()",
        meaning: "a sorted copy of the array",
        example: "[3, 1, 2].order()[0]",
        answer: "1",
        register: |engine, runtime| {
            register_sorting(engine, &runtime, ["order", "order_by", "order_desc"], true, |_, order| order);
        },
    },
    ScriptFunction {
        signature: "array.dedup() · array.dedup(|a, b| condition)",
        meaning: "drops a value that equals the one before it, in place, and gives the array",
        example: "let a = [1, 1, 2]; a.dedup(); a.len",
        answer: "2",
        register: |engine, runtime| {
            let [stop, by_closure] = [(); 2].map(|()| runtime.book.stop().clone());
            register_change(engine, "dedup", move |values: &mut Array| dedup(values, &stop, &is_same));
            register_change(engine, "dedup", move |context: NativeCallContext, values: &mut Array, same: FnPtr| {
                dedup(values, &by_closure, &|a, b| same.call_within_context(&context, (a.clone(), b.clone())))
            });
        },
    },
    ScriptFunction {
        signature: "array.index_of(value) · array.contains(value)",
        meaning: "the place of the first value equal to it, from 0, or -1; whether there is one",
        example: "[\"a\", \"b\"].index_of(\"b\")",
        answer: "1",
        register: |engine, runtime| {
            let [stop, contained] = [(); 2].map(|()| runtime.book.stop().clone());
            engine.register_fn("index_of", move |values: &mut Array, wanted: Dynamic| index_of(values, &stop, &wanted));
            engine.register_fn("contains", move |values: &mut Array, wanted: Dynamic| -> ScriptResult<bool> {
                Ok(index_of(values, &contained, &wanted)? >= 0)
            });
        },
    },
    ScriptFunction {
        signature: "array.some(|value| condition) · array.all(|value, index| condition)",
        meaning: "whether the condition is true of any value, of every value",
        example: "[1, 2, 3].some(|n| n > 2)",
        answer: "true",
        register: |engine, _| {
            register_filter(engine);
            refuse_names(engine);
            register_search(engine, "some", true, |_, found| found.is_some());
            register_search(engine, "all", false, |_, found| found.is_none());
        },
    },
    ScriptFunction {
        signature: "array.find(|value| condition) · array.index_of(|value, index| condition)",
        meaning: "the first value of which the condition is true, or (); its place, or -1",
        example: "[1, 2, 3].find(|n| n > 1)",
        answer: "2",
        register: |engine, _| {
            register_search(engine, "find", true, |values, found| found.map_or(Dynamic::UNIT, |at| values[at].clone()));
            register_search(engine, "index_of", true, |_, found| {
                found.and_then(|at| INT::try_from(at).ok()).unwrap_or(-1)
            });
        },
    },
];

type Compare<'c> = &'c dyn Fn(&Dynamic, &Dynamic) -> ScriptResult<Ordering>;

/// Registers a sort under three names: by the order of `<`, by a closure, and descending; a pure one leaves the array as it is.
fn register_sorting(
    engine: &mut Engine,
    runtime: &Runtime,
    [plain, by, descending]: [&'static str; 3],
    is_pure: bool,
    sort: fn(&mut Array, Array) -> Array,
) {
    let [up, down] = [(); 2].map(|()| runtime.book.stop().clone());
    register_method(engine, plain, is_pure, move |values: &mut Array| -> ScriptResult<Array> {
        let order = ordered(values, &up, &compare_keys)?;
        Ok(sort(values, order))
    });
    register_method(engine, descending, is_pure, move |values: &mut Array| -> ScriptResult<Array> {
        let order = ordered(values, &down, &|a, b| compare_keys(a, b).map(Ordering::reverse))?;
        Ok(sort(values, order))
    });
    for name in [plain, by] {
        let stop = runtime.book.stop().clone();
        let by_closure = move |context: NativeCallContext, values: &mut Array, closure: FnPtr| -> ScriptResult<Array> {
            let order = ordered_by_script(&context, values, &stop, &closure)?;
            Ok(sort(values, order))
        };
        register_method(engine, name, is_pure, by_closure);
        engine.register_fn(name, move |_: &mut Array, given: &str| -> ScriptResult<()> {
            let help = match given {
                "asc" | "ascending" => format!("`array.{plain}()` sorts upwards"),
                "desc" | "descending" | "reverse" => format!("`array.{descending}()` sorts downwards"),
                key => format!("`array.{by}(|value| value.{key})` sorts by a key, `array.{descending}()` downwards"),
            };
            Err(argument_error(format!("`{name}` of an array takes no text"), help))
        });
    }
}

/// Refuses the name of a function in place of the function, which the engine would call by its name, or leave uncalled.
fn refuse_names(engine: &mut Engine) {
    for name in ["map", "filter", "some", "all", "dedup", "reduce", "reduce_rev", "drain", "retain"] {
        let refused = move |given: &str| -> ScriptResult<()> {
            let message = format!("`{name}` wants a function, not {}", describe(&given.into()));
            Err(argument_error(message, format!("write it as `array.{name}(|value| …)`")))
        };
        engine.register_fn(name, move |_: &mut Array, given: &str| refused(given));
        engine.register_fn(name, move |_: &mut Array, given: &str, _: Dynamic| refused(given));
    }
}

/// Registers a function of the index of the first value for which a condition is `wanted`.
fn register_search<T: Variant + Clone>(
    engine: &mut Engine,
    name: &str,
    wanted: bool,
    answer: fn(&Array, Option<usize>) -> T,
) {
    engine.register_fn(
        name,
        move |context: NativeCallContext, values: &mut Array, condition: FnPtr| -> ScriptResult<T> {
            Ok(answer(values, first_index(&context, values, &condition, wanted)?))
        },
    );
}

/// The values in the order of a closure: of two values, which compares them, or of one, which gives the key of it.
fn ordered_by_script(context: &NativeCallContext, values: &Array, stop: &Stop, closure: &FnPtr) -> ScriptResult<Array> {
    let compare = |a: &Dynamic, b: &Dynamic| -> ScriptResult<Dynamic> {
        closure.call_within_context(context, (a.clone(), b.clone()))
    };
    let is_key = match values.as_slice() {
        [first, second, ..] => compare(first, second).is_err_and(|error| is_missing(closure, &error)),
        _ => return Ok(values.clone()),
    };
    if !is_key {
        return ordered(values, stop, &|a, b| order_of(&compare(a, b)?));
    }
    let mut key = Callback::new(context, closure);
    let keys =
        values.iter().enumerate().map(|(at, value)| key.call(value.clone(), at)).collect::<ScriptResult<Array>>()?;
    let order = sorted_indices(&keys, stop, &compare_keys)?;
    Ok(order.into_iter().map(|at| values[at].clone()).collect())
}

/// The order that a comparison gives by a number below 0, 0, or above 0.
fn order_of(compared: &Dynamic) -> ScriptResult<Ordering> {
    let order = match scalar(compared) {
        Scalar::Integer(whole) => Some(whole.cmp(&0)),
        Scalar::Decimal(decimal) => Some(decimal.cmp(&Decimal::ZERO)),
        Scalar::Real(real) => real.partial_cmp(&0.0),
        Scalar::Quantity(worked) => {
            taint::note(compared);
            worked.quantity.number().map(|number| number.cmp(&Decimal::ZERO))
        }
        _ => None,
    };
    order.ok_or_else(|| {
        argument_error(
            format!("a comparison gives a number below 0, 0 or above 0, not {}", describe(compared)),
            "write it as `|a, b| a - b`, or sort by a key: `array.sort_by(|value| value.name)`",
        )
    })
}

fn ordered(values: &Array, stop: &Stop, compare: Compare<'_>) -> ScriptResult<Array> {
    Ok(sorted_indices(values, stop, compare)?.into_iter().map(|at| values[at].clone()).collect())
}

fn dedup(
    values: &mut Array,
    stop: &Stop,
    same: &dyn Fn(&Dynamic, &Dynamic) -> ScriptResult<bool>,
) -> ScriptResult<Array> {
    let mut kept: Array = Vec::with_capacity(values.len());
    for value in values.iter() {
        check_interrupt(stop)?;
        if !kept.last().map_or(Ok(false), |last| same(last, value))? {
            kept.push(value.clone());
        }
    }
    values.clone_from(&kept);
    Ok(kept)
}

fn index_of(values: &Array, stop: &Stop, wanted: &Dynamic) -> ScriptResult<INT> {
    for (at, value) in values.iter().enumerate() {
        check_interrupt(stop)?;
        if is_same(value, wanted)? {
            return Ok(INT::try_from(at).unwrap_or(INT::MAX));
        }
    }
    Ok(-1)
}

/// Registers `filter` and `retain`; the table documents `filter` with tables.
fn register_filter(engine: &mut Engine) {
    engine.register_fn(
        "filter",
        |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> ScriptResult<Array> {
            let (mut kept, mut keep) = (Array::new(), Callback::new(&context, &keep));
            for (at, value) in values.iter().enumerate() {
                if is_true(&mut keep, value.clone(), at)? {
                    kept.push(value.clone());
                }
            }
            Ok(kept)
        },
    );
    register_change(
        engine,
        "retain",
        |context: NativeCallContext, values: &mut Array, keep: FnPtr| -> ScriptResult<Array> {
            let (mut kept, mut dropped, mut keep) = (Array::new(), Array::new(), Callback::new(&context, &keep));
            for (at, value) in values.iter().enumerate() {
                let list = if is_true(&mut keep, value.clone(), at)? { &mut kept } else { &mut dropped };
                list.push(value.clone());
            }
            *values = kept;
            Ok(dropped)
        },
    );
}

/// The index of the first value for which the condition is `wanted`.
fn first_index(
    context: &NativeCallContext,
    values: &Array,
    condition: &FnPtr,
    wanted: bool,
) -> ScriptResult<Option<usize>> {
    let mut condition = Callback::new(context, condition);
    for (at, value) in values.iter().enumerate() {
        if is_true(&mut condition, value.clone(), at)? == wanted {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

pub(super) fn is_true(condition: &mut Callback<'_>, value: Dynamic, at: usize) -> ScriptResult<bool> {
    let answer = condition.call(value, at)?;
    answer.as_bool().map_err(|_| {
        argument_error(
            format!("a condition is true or false, not {}", describe(&answer)),
            "compare it, as `value > limit`",
        )
    })
}

/// Compares two sort keys: NULLs first and equal to each other, anything else by the rules of `<`.
pub(super) fn compare_keys(left: &Dynamic, right: &Dynamic) -> Result<Ordering, Box<EvalAltResult>> {
    // Several parts: the first that differs decides.
    if let (Ok(left), Ok(right)) = (left.as_array_ref(), right.as_array_ref()) {
        for (left, right) in left.iter().zip(right.iter()) {
            let order = compare_parts(left, right)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        return Ok(left.len().cmp(&right.len()));
    }
    compare_parts(left, right)
}

fn compare_parts(left: &Dynamic, right: &Dynamic) -> Result<Ordering, Box<EvalAltResult>> {
    match (left.is_unit(), right.is_unit()) {
        (false, false) => operators::compare("<", left, right),
        (left, right) => Ok(right.cmp(&left)),
    }
}

/// True if two values are equal; booleans too, which have no order.
fn is_same(left: &Dynamic, right: &Dynamic) -> Result<bool, Box<EvalAltResult>> {
    operators::equals("==", left, right)
}

/// The indices of `values` in order, by a stable merge sort. The standard sort may panic on a comparison that is no total
/// order, and can't stop at an error.
///
/// # Errors
/// The first error of `compare`; the stop flag is raised.
pub(super) fn sorted_indices<T>(
    values: &[T],
    stop: &Stop,
    compare: &dyn Fn(&T, &T) -> ScriptResult<Ordering>,
) -> ScriptResult<Vec<usize>> {
    let compare = |a: &T, b: &T| check_interrupt(stop).and_then(|()| compare(a, b));
    let mut order: Vec<usize> = (0..values.len()).collect();
    let mut width = 1;
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
        for run in order.chunks(2 * width) {
            let (left, right) = run.split_at(width.min(run.len()));
            merge_runs(values, left, right, &compare, &mut merged)?;
        }
        order = merged;
        width *= 2;
    }
    Ok(order)
}

fn merge_runs<T>(
    values: &[T],
    mut left: &[usize],
    mut right: &[usize],
    compare: &dyn Fn(&T, &T) -> ScriptResult<Ordering>,
    into: &mut Vec<usize>,
) -> ScriptResult<()> {
    while let ([first_left, rest_left @ ..], [first_right, rest_right @ ..]) = (left, right) {
        if compare(&values[*first_right], &values[*first_left])?.is_lt() {
            into.push(*first_right);
            right = rest_right;
        } else {
            into.push(*first_left);
            left = rest_left;
        }
    }
    into.extend(left.iter().chain(right));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::sorted_indices;
    use crate::store::Stop;
    use std::cmp::Ordering;

    #[test]
    fn sorting_is_stable_and_total() {
        let values = [3, 1, 2, 1, 3, 0, 7, 5];
        let order = sorted_indices(&values, &Stop::default(), &|a: &i32, b: &i32| Ok(a.cmp(b)))
            .expect("whole numbers have an order");
        assert_eq!(order, [5, 1, 3, 2, 0, 4, 7, 6]);
        assert!(
            sorted_indices::<i32>(&[], &Stop::default(), &|a, b| Ok(a.cmp(b))).expect("nothing is in order").is_empty()
        );
    }

    #[test]
    fn sorting_by_an_inconsistent_comparison_ends() {
        let values: Vec<i32> = (0..1000).collect();
        let order = sorted_indices(&values, &Stop::default(), &|_, _| Ok(Ordering::Less)).expect("it does not fail");
        assert_eq!(order.len(), values.len());
    }
}
