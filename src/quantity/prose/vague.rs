//! Words that stand for a number and are none: `dozens`, `a handful`, `the mid-teens`.

use super::token::{Token, TokenKind};
use super::{Found, Unreadable};
use crate::quantity::lenient::terminals;
use crate::syntax::WordList;

/// Words that stand for a number by themselves.
const ALONE: WordList = WordList("dozens hundreds thousands millions billions trillions several handful twice teens");

/// Words that do so behind an article or before `of`.
const WITH_ARTICLE: WordList = WordList("few couple score");

/// Compounds that do so: `mid-teens`, `double-digit`.
const COMPOUND_STARTS: WordList = WordList("low- mid- high- double- single- triple- upper- lower-");
const COMPOUND_ENDS: WordList = WordList(
    "-teens -twenties -thirties -forties -fifties -digit -digits -figure -figures -single-digits -hundreds -thousands",
);

/// Words of which `of` makes a number: `scores of`, `tens of thousands`.
const BEFORE_OF: WordList = WordList("scores tens");

/// Words for powers of ten behind a vague number: `several thousand`.
const SCALES: WordList = WordList("dozen hundred thousand million billion trillion");

/// The vague number that begins at a token, with what it counts.
pub(super) fn find(tokens: &[Token<'_>], at: usize, text: &str) -> Option<Found> {
    let word = |step: usize| tokens.get(at + step).filter(|token| token.kind == TokenKind::Word);
    let lower = |step: usize| word(step).map_or("", |token| token.lower.as_str());
    let first = lower(0);
    let mut length =
        if matches!(first, "a" | "the") && (WITH_ARTICLE.contains(lower(1)) && first == "a" || is_vague(lower(1))) {
            2
        } else if is_vague(first) || BEFORE_OF.contains(first) && lower(1) == "of" {
            1
        } else if matches!(first, "double" | "single" | "triple") && matches!(lower(1), "digits" | "figures") {
            2
        } else {
            return None;
        };
    while SCALES.contains(lower(length)) {
        length += 1;
    }
    if lower(length) == "of"
        && lower(length + 1).len() > 1
        && !matches!(lower(length + 1), "the" | "these" | "those" | "its" | "them")
    {
        length += 2;
    } else if lower(length) != "of" && super::word_lists::is_plural_noun(lower(length)) {
        length += 1;
    }
    let last = &tokens[at + length - 1];
    let range = tokens[at].start..last.end();
    let why = format!("`{}` is no single number", &text[range.clone()]);
    Some(Found::Figure(range, Box::new(Err(Unreadable::because(why)))))
}

fn is_vague(lower: &str) -> bool {
    let is_compound = COMPOUND_STARTS.iter().any(|start| lower.starts_with(start))
        && COMPOUND_ENDS.iter().any(|end| lower.ends_with(end));
    let is_multiple =
        lower.strip_suffix("fold").is_some_and(|number| terminals::is_number_word(number.trim_end_matches('-')));
    ALONE.contains(lower) || is_compound || is_multiple
}
