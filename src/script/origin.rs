//! Where a plain number of a script comes from: the book, as a cell or as how many there are of something, or a person, who
//! wrote it, or handed it over as a parameter. The engine carries a tag with each value; what has lost it is a person's,
//! and so is what was computed with anything of a person's.

use rhai::{Dynamic, Engine, INT, ImmutableString, Map};

use super::raise::{Raised, raise_argument};

/// The tag of what comes from the book. A NULL's tag is its column, and never below 0.
const OF_BOOK: i32 = -1;

/// The value, as one of the book.
pub(super) fn of_book(mut value: Dynamic) -> Dynamic {
    value.set_tag(OF_BOOK);
    value
}

/// Whether a value comes from the book alone.
pub(super) fn is_of_book(value: &Dynamic) -> bool {
    value.tag() == OF_BOOK
}

/// What was made of values, with where it comes from.
pub(super) fn made_of(made: Dynamic, values: &[&Dynamic]) -> Dynamic {
    if values.iter().all(|value| is_of_book(value)) { of_book(made) } else { made }
}

/// How many there are of something.
pub(super) fn count(len: usize) -> Dynamic {
    of_book(INT::try_from(len).unwrap_or(INT::MAX).into())
}

/// Registers what counts, and keeps scripts from changing where a number comes from.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("len", |values: &mut rhai::Array| count(values.len()));
    engine.register_get("len", |values: &mut rhai::Array| count(values.len()));
    engine.register_fn("len", |map: &mut Map| count(map.len()));
    engine.register_fn("len", |text: &mut ImmutableString| count(text.chars().count()));
    engine.register_get("len", |text: &mut ImmutableString| count(text.chars().count()));
    let refused = || raise_argument("where a value comes from can't be set", "leave the tag as it is");
    engine.register_fn("set_tag", move |_: &mut Dynamic, _: INT| -> Raised<()> { Err(refused()) });
    engine.register_set("tag", move |_: &mut Dynamic, _: INT| -> Raised<()> { Err(refused()) });
}
