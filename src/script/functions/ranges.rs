//! Parts of arrays and texts by a range of places, of which a negative one is counted from the end, as in `table[-2..]`. The
//! engine's own take a negative place for 0, and so everything for the last two.

use super::{ScriptFunction, register_change, register_method};
use rhai::{Array, Engine, INT, ImmutableString, Variant};
use std::ops::{Range, RangeInclusive};

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "array.extract(range) · array.extract(start) · array.extract(start, length)",
        meaning: "a part of the array, which stays as it is; a negative place is counted from the end: `-2..` is the last two",
        example: "[1, 2, 3].extract(-2..)[0]",
        answer: "2",
        register: |engine, _| {
            register(
                engine,
                ("extract", true),
                |values: &mut Array, part| values[part].to_vec(),
                |values: &Array| values.len(),
            );
        },
    },
    ScriptFunction {
        signature: "array.drain(range) · array.drain(start, length) · array.drain(|value, index| condition)",
        meaning: "takes a part out of the array, in place, and gives what was taken; a negative place is counted from the end",
        example: "let a = [1, 2, 3]; a.drain(-2..); a[0]",
        answer: "1",
        register: |engine, _| {
            register(
                engine,
                ("drain", false),
                |values: &mut Array, part| values.drain(part).collect::<Array>(),
                |values: &Array| values.len(),
            );
            register_change(engine, "splice", |values: &mut Array, range: Range<INT>, with: Array| {
                values.splice(bounds(&range, values.len()), with);
            });
            register_change(engine, "splice", |values: &mut Array, range: RangeInclusive<INT>, with: Array| {
                values.splice(bounds_inclusive(&range, values.len()), with);
            });
        },
    },
    ScriptFunction {
        signature: "array.retain(range) · array.retain(start, length) · array.retain(|value, index| condition)",
        meaning: "keeps a part of the array, in place, and gives what went; a negative place is counted from the end",
        example: "let a = [1, 2, 3]; a.retain(-2..); a[0]",
        answer: "2",
        register: |engine, _| {
            register(engine, ("retain", false), retain, |values: &Array| values.len());
            register_change(engine, "retain", |values: &mut Array, start: INT, length: INT| {
                let places = bounds_from(start, length, values.len());
                retain(values, places)
            });
        },
    },
    ScriptFunction {
        signature: "text.sub_string(range) · text.sub_string(start) · text.sub_string(start, length) · text[0..4]",
        meaning: "a part of the text, which stays as it is; a negative place is counted from the end",
        example: "\"2025-03-31\".sub_string(-2..)",
        answer: "31",
        register: |engine, _| {
            let part_of = |text: &mut ImmutableString, part: Range<usize>| -> ImmutableString {
                text.chars().skip(part.start).take(part.len()).collect::<String>().into()
            };
            register(engine, ("sub_string", true), part_of, |text: &ImmutableString| text.chars().count());
        },
    },
];

/// Registers a function of a part for both kinds of range; a pure one leaves the whole as it is.
fn register<T: Variant + Clone, R: Variant + Clone>(
    engine: &mut Engine,
    (name, is_pure): (&str, bool),
    part: impl Fn(&mut T, Range<usize>) -> R + Copy + 'static,
    len: impl Fn(&T) -> usize + Copy + 'static,
) {
    register_method(engine, name, is_pure, move |whole: &mut T, range: Range<INT>| {
        let places = bounds(&range, len(whole));
        part(whole, places)
    });
    register_method(engine, name, is_pure, move |whole: &mut T, range: RangeInclusive<INT>| {
        let places = bounds_inclusive(&range, len(whole));
        part(whole, places)
    });
}

/// Keeps a part of an array, and gives the rest.
fn retain(values: &mut Array, part: Range<usize>) -> Array {
    let mut rest = values.split_off(part.end);
    let kept = values.split_off(part.start);
    let mut gone = std::mem::replace(values, kept);
    gone.append(&mut rest);
    gone
}

/// The places of a range among `len`; of one that goes beyond them, those that there are.
pub(super) fn bounds(range: &Range<INT>, len: usize) -> Range<usize> {
    let (from, to) = (place(range.start, len), place(range.end, len));
    from..to.max(from)
}

/// As [`bounds`], up to and with the end.
pub(super) fn bounds_inclusive(range: &RangeInclusive<INT>, len: usize) -> Range<usize> {
    let end = match *range.end() {
        -1 => INT::MAX,
        end => end.saturating_add(1),
    };
    bounds(&(*range.start()..end), len)
}

/// The places from a start on, as many as `length`.
pub(super) fn bounds_from(start: INT, length: INT, len: usize) -> Range<usize> {
    let from = place(start, len);
    from..from.saturating_add(usize::try_from(length).unwrap_or(0)).min(len)
}

/// A place among `len`, counted from the end where it is negative.
fn place(at: INT, len: usize) -> usize {
    let from_start = if at < 0 { at.saturating_add_unsigned(len as u64) } else { at };
    usize::try_from(from_start).unwrap_or(0).min(len)
}

#[cfg(test)]
mod tests {
    use super::{bounds, bounds_from, bounds_inclusive, retain};
    use rhai::{Array, Dynamic, INT};

    #[test]
    #[allow(clippy::reversed_empty_ranges)] // those of a script count from the end
    fn negative_places_are_counted_from_the_end() {
        assert_eq!(bounds(&(-2..INT::MAX), 5), 3..5);
        assert_eq!(bounds(&(0..-1), 5), 0..4);
        assert_eq!(bounds(&(-9..2), 5), 0..2);
        assert_eq!(bounds(&(3..1), 5), 3..3);
        assert_eq!(bounds(&(7..9), 5), 5..5);
        assert_eq!(bounds_inclusive(&(0..=-1), 5), 0..5);
        assert_eq!(bounds_inclusive(&(-2..=-2), 5), 3..4);
        assert_eq!(bounds_inclusive(&(0..=INT::MAX), 5), 0..5);
        assert_eq!(bounds_from(-2, 9, 5), 3..5);
        assert_eq!(bounds_from(1, -1, 5), 1..1);
    }

    #[test]
    fn what_is_retained_and_what_goes_are_all_values() {
        let mut values: Array = (0..5).map(|value: INT| Dynamic::from(value)).collect();
        let gone = retain(&mut values, 1..3);
        let whole = |values: &Array| values.iter().filter_map(|value| value.as_int().ok()).collect::<Vec<_>>();
        assert_eq!((whole(&values), whole(&gone)), (vec![1, 2], vec![0, 3, 4]));
    }
}
