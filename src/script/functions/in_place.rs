//! Methods that change a text or an array in place and give it as changed: `s.trim();` changes the variable, and `let t = s.trim();`
//! has the text too. The engine's own give nothing, so that a script which used their result went on with NULL.

use super::ranges::{bounds, bounds_from, bounds_inclusive};
use super::{ScriptFunction, register_change};
use crate::script::value::{ScriptResult, argument_error, check_interrupt};
use crate::store::Stop;
use rhai::{Array, Dynamic, Engine, INT, ImmutableString};
use std::ops::{Range, RangeInclusive};

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "text.replace(part, replacement)",
        meaning: "puts the replacement for every such part, in place: the variable is changed, and the changed text is the result; `replace_pattern` leaves the variable",
        example: "\"1,5\".replace(\",\", \".\")",
        answer: "1.5",
        register: |engine, _| {
            register_change(engine, "replace", |text: &mut ImmutableString, part: &str, with: &str| {
                change(text, |text| text.replace(part, with))
            });
            register_change(engine, "replace", |text: &mut ImmutableString, part: char, with: &str| {
                change(text, |text| text.replace(part, with))
            });
            register_change(engine, "replace", |text: &mut ImmutableString, part: &str, with: char| {
                change(text, |text| text.replace(part, &with.to_string()))
            });
            register_change(engine, "replace", |text: &mut ImmutableString, part: char, with: char| {
                change(text, |text| text.replace(part, &with.to_string()))
            });
        },
    },
    ScriptFunction {
        signature: "text.remove(part)",
        meaning: "takes every such part out of the text, in place, and gives the changed text",
        example: "\"1,600,000\".remove(\",\")",
        answer: "1600000",
        register: |engine, _| {
            register_change(engine, "remove", |text: &mut ImmutableString, part: &str| {
                change(text, |text| text.replace(part, ""))
            });
            register_change(engine, "remove", |text: &mut ImmutableString, part: char| {
                change(text, |text| text.replace(part, ""))
            });
        },
    },
    ScriptFunction {
        signature: "array.remove(index)",
        meaning: "takes the value at a place out of the array, and gives it; -1 is the last",
        example: "[1, 2, 3].remove(-1)",
        answer: "3",
        register: |engine, _| {
            engine.register_fn("remove", |values: &mut Array, index: INT| -> ScriptResult<Dynamic> {
                let length = INT::try_from(values.len()).unwrap_or(INT::MAX);
                let place = if index < 0 { index.checked_add(length) } else { Some(index) };
                let place = place.and_then(|place| usize::try_from(place).ok()).filter(|place| *place < values.len());
                let Some(place) = place else {
                    let message = format!("the array has {length} values, and none at {index}");
                    return Err(argument_error(
                        message,
                        "`array.index_of(value)` is the place of a value, -1 where it has none",
                    ));
                };
                Ok(values.remove(place))
            });
        },
    },
    ScriptFunction {
        signature: "text.trim()",
        meaning: "takes the white space around the text away, in place, and gives the changed text",
        example: "\" F29 \".trim() + \"!\"",
        answer: "F29!",
        register: |engine, _| {
            register_change(engine, "trim", |text: &mut ImmutableString| change(text, |text| text.trim().to_owned()));
        },
    },
    ScriptFunction {
        signature: "text.make_upper() · text.make_lower()",
        meaning: "writes the text in capitals or small letters, in place, and gives it; `to_upper` and `to_lower` leave the variable",
        example: "\"f29\".make_upper()",
        answer: "F29",
        register: |engine, _| {
            register_change(engine, "make_upper", |text: &mut ImmutableString| change(text, str::to_uppercase));
            register_change(engine, "make_lower", |text: &mut ImmutableString| change(text, str::to_lowercase));
        },
    },
    ScriptFunction {
        signature: "text.crop(range) · text.crop(start) · text.crop(start, length)",
        meaning: "keeps a part of the text, in place, and gives it; `sub_string` leaves the variable",
        example: "\"2025-03-31\".crop(-2..)",
        answer: "31",
        register: |engine, _| register_crop(engine),
    },
    ScriptFunction {
        signature: "text.truncate(length) · array.truncate(length) · array.chop(length)",
        meaning: "cuts what is longer at its end, by `chop` at its beginning, in place, and gives the changed value",
        example: "\"2025-03-31\".truncate(7)",
        answer: "2025-03",
        register: |engine, _| {
            register_change(engine, "truncate", |text: &mut ImmutableString, length: INT| {
                change(text, |text| text.chars().take(count(length)).collect())
            });
            register_change(engine, "truncate", |values: &mut Array, length: INT| {
                values.truncate(count(length));
                values.clone()
            });
            register_change(engine, "chop", |values: &mut Array, length: INT| {
                values.drain(..values.len().saturating_sub(count(length)));
                values.clone()
            });
        },
    },
    ScriptFunction {
        signature: "text.pad(length, piece) · array.pad(length, value)",
        meaning: "fills up what is shorter at its end, in place, and gives the changed value; `\"\".pad(3, \"x\")` repeats",
        example: "\"F29\".pad(6, \".\")",
        answer: "F29...",
        register: |engine, runtime| register_pad(engine, runtime.book.stop()),
    },
    ScriptFunction {
        signature: "array.reverse()",
        meaning: "turns the order around, in place, and gives the changed array",
        example: "[1, 2, 3].reverse()[0]",
        answer: "3",
        register: |engine, _| {
            register_change(engine, "reverse", |values: &mut Array| {
                values.reverse();
                values.clone()
            });
        },
    },
];

/// The methods beside the table that change in place and give what is changed.
const IN_ARRAYS: [&str; 4] = ["sort", "sort_by", "sort_desc", "dedup"];

/// True for a method that changes in place and gives what is changed.
pub(in crate::script) fn is_one(method: &str) -> bool {
    let calls = FUNCTIONS.iter().flat_map(|function| function.signature.split(" · "));
    let mut names = calls.filter_map(|call| call.split('(').next()?.rsplit('.').next());
    IN_ARRAYS.contains(&method) || names.any(|name| name == method)
}

/// Changes a text, and gives it as changed.
fn change(text: &mut ImmutableString, by: impl Fn(&str) -> String) -> ImmutableString {
    let changed = by(text);
    if changed != text.as_str() {
        *text = changed.into();
    }
    text.clone()
}

/// A number of letters or values; none for a negative one.
fn count(length: INT) -> usize {
    usize::try_from(length).unwrap_or(0)
}

fn register_crop(engine: &mut Engine) {
    fn keep(text: &mut ImmutableString, kept: &dyn Fn(usize) -> Range<usize>) -> ImmutableString {
        let kept = kept(text.chars().count());
        change(text, |text| text.chars().skip(kept.start).take(kept.len()).collect())
    }
    register_change(engine, "crop", |text: &mut ImmutableString, range: Range<INT>| {
        keep(text, &|len| bounds(&range, len))
    });
    register_change(engine, "crop", |text: &mut ImmutableString, range: RangeInclusive<INT>| {
        keep(text, &|len| bounds_inclusive(&range, len))
    });
    register_change(engine, "crop", |text: &mut ImmutableString, start: INT| {
        keep(text, &|len| bounds(&(start..INT::MAX), len))
    });
    register_change(engine, "crop", |text: &mut ImmutableString, start: INT, length: INT| {
        keep(text, &|len| bounds_from(start, length, len))
    });
}

/// Pieces filled in between two checks of the stop flag.
const FILL_CHUNK: usize = 1 << 16;

/// Registers `pad` in place of the engine's, which would not end with an empty piece.
fn register_pad(engine: &mut Engine, stop: &Stop) {
    let [by_letter, by_text, by_value] = [(); 3].map(|()| stop.clone());
    register_change(engine, "pad", move |text: &mut ImmutableString, length: INT, letter: char| {
        pad_text(&by_letter, text, length, &letter.to_string())
    });
    register_change(engine, "pad", move |text: &mut ImmutableString, length: INT, piece: &str| {
        pad_text(&by_text, text, length, piece)
    });
    register_change(engine, "pad", move |values: &mut Array, length: INT, value: Dynamic| -> ScriptResult<Array> {
        let missing = count(length).saturating_sub(values.len());
        fill_in_chunks(&by_value, missing, |count| values.extend(std::iter::repeat_n(value.clone(), count)))?;
        Ok(values.clone())
    });
}

fn pad_text(stop: &Stop, text: &mut ImmutableString, length: INT, piece: &str) -> ScriptResult<ImmutableString> {
    if piece.is_empty() {
        return Err(argument_error("`pad` has nothing to fill in", "give a letter, as `text.pad(8, ' ')`"));
    }
    let missing = count(length).saturating_sub(text.chars().count());
    let mut letters = piece.chars().cycle();
    let filled = text.make_mut();
    fill_in_chunks(stop, missing, |count| filled.extend(letters.by_ref().take(count)))?;
    Ok(text.clone())
}

/// Fills in `missing` pieces in chunks.
fn fill_in_chunks(stop: &Stop, mut missing: usize, mut fill: impl FnMut(usize)) -> ScriptResult<()> {
    while missing > 0 {
        check_interrupt(stop)?;
        let count = missing.min(FILL_CHUNK);
        fill(count);
        missing -= count;
    }
    Ok(())
}
