//! `pad` of texts and arrays. The engine's own would fill gigabytes without a look at the stop flag, and would never
//! end with nothing to fill in.

use super::raise::{Raised, raise_argument, unless_stopped};
use crate::store::Stop;
use rhai::{Array, Dynamic, Engine, INT, ImmutableString};

/// How much is filled in between two looks at the stop flag.
const BETWEEN_LOOKS: usize = 1 << 16;

/// Registers `pad` in place of the engine's.
pub(super) fn register(engine: &mut Engine, stop: &Stop) {
    let [by_letter, by_text, by_value] = [(); 3].map(|()| stop.clone());
    engine.register_fn("pad", move |text: &mut ImmutableString, length: INT, letter: char| {
        pad_text(&by_letter, text, length, &letter.to_string())
    });
    engine.register_fn("pad", move |text: &mut ImmutableString, length: INT, piece: &str| {
        pad_text(&by_text, text, length, piece)
    });
    engine.register_fn("pad", move |values: &mut Array, length: INT, value: Dynamic| -> Raised<()> {
        let missing = missing(length, values.len());
        filled(&by_value, missing, |count| values.extend(std::iter::repeat_n(value.clone(), count)))
    });
}

/// How many there are too few.
fn missing(length: INT, present: usize) -> usize {
    usize::try_from(length).unwrap_or(0).saturating_sub(present)
}

fn pad_text(stop: &Stop, text: &mut ImmutableString, length: INT, piece: &str) -> Raised<()> {
    if piece.is_empty() {
        return Err(raise_argument("`pad` has nothing to fill in", "give a letter, as `text.pad(8, ' ')`"));
    }
    let missing = missing(length, text.chars().count());
    let mut letters = piece.chars().cycle();
    let text = text.make_mut();
    filled(stop, missing, |count| text.extend(letters.by_ref().take(count)))
}

/// Fills in `missing` pieces in parts.
fn filled(stop: &Stop, mut missing: usize, mut fill: impl FnMut(usize)) -> Raised<()> {
    while missing > 0 {
        unless_stopped(stop)?;
        let count = missing.min(BETWEEN_LOOKS);
        fill(count);
        missing -= count;
    }
    Ok(())
}
