//! Regular expressions, as SQL's `regexp` has them: matched in time that grows with the text alone, whatever the pattern.

use super::ScriptFunction;
use crate::script::value::{Scalar, ScriptResult, argument_error, check_interrupt, describe, scalar};
use crate::store::Stop;
use crate::store::udf::compile_pattern;
use regex::{Captures, Regex};
use rhai::{Array, Dynamic, ImmutableString};
use std::cell::RefCell;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "regexp(pattern, text)",
        meaning: "whether a regular expression matches anywhere in a text, as in SQL: of NULL it is NULL",
        example: "regexp(\"^F[0-9]+$\", \"F29\")",
        answer: "true",
        register: |engine, _| {
            engine.register_fn("regexp", |pattern: Dynamic, text: Dynamic| -> ScriptResult<Dynamic> {
                // A NULL stays the one that it is: that of its column.
                if let Some(null) = [&pattern, &text].into_iter().find(|value| value.is_unit()) {
                    return Ok(null.clone());
                }
                let text = text_of(&text, "regexp")?;
                with_pattern(&pattern, "regexp", |regex| Ok(regex.is_match(&text).into()))
            });
        },
    },
    ScriptFunction {
        signature: "text.captures(pattern)",
        meaning: "the first match of a regular expression and its groups, as an array of texts; () where nothing matches, and for a group that has no part in it",
        example: "\"F29 of 2025\".captures(\"F([0-9]+)\")[1]",
        answer: "29",
        register: |engine, _| {
            engine.register_fn("captures", |text: Dynamic, pattern: Dynamic| -> ScriptResult<Dynamic> {
                let text = text_of(&text, "captures")?;
                with_pattern(&pattern, "captures", |regex| {
                    Ok(regex.captures(&text).map_or(Dynamic::UNIT, |found| Dynamic::from_array(groups(&found))))
                })
            });
        },
    },
    ScriptFunction {
        signature: "text.all_captures(pattern)",
        meaning: "every match of a regular expression, each as an array of its text and its groups",
        example: "\"F29 and F30\".all_captures(\"F([0-9]+)\")[1][1]",
        answer: "30",
        register: |engine, runtime| {
            let stop = runtime.book.stop().clone();
            engine.register_fn("all_captures", move |text: Dynamic, pattern: Dynamic| {
                all_captures(&stop, &text, &pattern)
            });
        },
    },
    ScriptFunction {
        signature: "text.replace_pattern(pattern, replacement)",
        meaning: "the text with every match of a regular expression replaced; `$1` in the replacement is the first group",
        example: "\"31.03.2025\".replace_pattern(\"([0-9]+)[.]([0-9]+)[.]([0-9]+)\", \"$3-$2-$1\")",
        answer: "2025-03-31",
        register: |engine, runtime| {
            let stop = runtime.book.stop().clone();
            engine.register_fn("replace_pattern", move |text: Dynamic, pattern: Dynamic, with: Dynamic| {
                replace(&stop, &text, &pattern, &with)
            });
        },
    },
];

/// The most patterns that are kept compiled.
const MAX_CACHED: usize = 16;

thread_local! {
    /// The patterns that were used last, compiled.
    static COMPILED: RefCell<Vec<(ImmutableString, Regex)>> = const { RefCell::new(Vec::new()) };
}

/// Calls `work` with a compiled pattern.
fn with_pattern<T>(pattern: &Dynamic, function: &str, work: impl FnOnce(&Regex) -> ScriptResult<T>) -> ScriptResult<T> {
    let pattern = text_of(pattern, function)?;
    let known =
        COMPILED.with_borrow(|all| all.iter().find(|(text, _)| *text == pattern).map(|(_, regex)| regex.clone()));
    if let Some(regex) = known {
        return work(&regex);
    }
    let refused = |why: String| {
        argument_error(
            format!("`{function}` {why}"),
            "the syntax is that of SQL's `regexp`: `[0-9]+`, `(a|b)`, `^`, `$`",
        )
    };
    let regex = compile_pattern(&pattern).map_err(refused)?;
    COMPILED.with_borrow_mut(|all| {
        if all.len() == MAX_CACHED {
            all.remove(0);
        }
        all.push((pattern, regex.clone()));
    });
    work(&regex)
}

fn text_of(value: &Dynamic, function: &str) -> ScriptResult<ImmutableString> {
    match scalar(value) {
        Scalar::Text(text) => Ok(text),
        _ => Err(argument_error(
            format!("`{function}` wants texts, not {}", describe(value)),
            "a number becomes a text by `${x}` in backticks",
        )),
    }
}

fn groups(found: &Captures<'_>) -> Array {
    found.iter().map(|group| group.map_or(Dynamic::UNIT, |group| group.as_str().into())).collect()
}

fn all_captures(stop: &Stop, text: &Dynamic, pattern: &Dynamic) -> ScriptResult<Array> {
    let text = text_of(text, "all_captures")?;
    with_pattern(pattern, "all_captures", |regex| {
        let mut all = Array::new();
        for found in regex.captures_iter(&text) {
            check_interrupt(stop)?;
            all.push(Dynamic::from_array(groups(&found)));
        }
        Ok(all)
    })
}

fn replace(stop: &Stop, text: &Dynamic, pattern: &Dynamic, with: &Dynamic) -> ScriptResult<String> {
    let (text, with) = (text_of(text, "replace_pattern")?, text_of(with, "replace_pattern")?);
    with_pattern(pattern, "replace_pattern", |regex| {
        let (mut replaced, mut from) = (String::new(), 0);
        for found in regex.captures_iter(&text) {
            check_interrupt(stop)?;
            let Some(whole) = found.get(0) else { continue };
            replaced.push_str(&text[from..whole.start()]);
            found.expand(&with, &mut replaced);
            from = whole.end();
        }
        replaced.push_str(&text[from..]);
        Ok(replaced)
    })
}
