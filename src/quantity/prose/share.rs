//! Shares in words: `a third of`, `three-quarters`, `one in five`. They are read as percent of what they are of.

use super::token::{Token, TokenKind};
use super::{Finder, Found, Unreadable, extent, read};
use crate::quantity::decimal;
use rust_decimal::Decimal;

/// The parts that words name.
const PARTS: [(&str, u32); 12] = [
    ("half", 2),
    ("third", 3),
    ("thirds", 3),
    ("quarter", 4),
    ("quarters", 4),
    ("fifth", 5),
    ("fifths", 5),
    ("sixth", 6),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("tenths", 10),
];

/// The numbers before a share, in order from one.
const COUNTS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Words behind `half` that make it a share without `of`.
const BEHIND_HALF: [&str; 6] = ["the", "its", "their", "all", "his", "her"];

/// The share that begins at a token.
pub(super) fn find(finder: &Finder<'_>, at: usize) -> Option<Found> {
    let tokens = &finder.tokens;
    if let Some(length) = unnamed(tokens, at) {
        let range = tokens[at].start..tokens[at + length - 1].end();
        let written = &finder.text[range.clone()];
        let what = if length > 2 { "is a part of a unit" } else { "does not say of what" };
        let why = format!("`{written}` {what}");
        return Some(Found::Figure(range, Box::new(Err(Unreadable::because(why)))));
    }
    let (count, of, length) = in_words(tokens, at).or_else(|| one_in(tokens, at))?;
    if count >= of {
        return None;
    }
    let end = tokens[at + length - 1].end();
    let start = extent::qualified_start(finder, at, tokens[at].start);
    let qualifier = &finder.text[start..tokens[at].start];
    let reading = percent(count, of)
        .ok_or_else(|| Unreadable::because("it is no share that can be computed".to_owned()))
        .and_then(|(percent, is_exact)| {
            let hedge = if is_exact || !qualifier.trim().is_empty() { "" } else { "about " };
            read(&format!("{qualifier} {hedge}{percent} percent"), finder.units)
        });
    Some(Found::Figure(start..end, Box::new(reading)))
}

/// `a third of`, `two-thirds`, `half of`: the count, the parts, the tokens.
fn in_words(tokens: &[Token<'_>], at: usize) -> Option<(u32, u32, usize)> {
    let word = |step: usize| tokens.get(at + step).filter(|token| token.kind == TokenKind::Word);
    let lower = |step: usize| word(step).map_or("", |token| token.lower.as_str());
    let part = |step: usize| PARTS.iter().find(|(name, _)| *name == lower(step)).map(|(_, parts)| *parts);
    let is_of = |step: usize| lower(step) == "of" && !matches!(lower(step + 1), "an" | "a");
    if lower(0) == "half" {
        let is_share = is_of(1) || BEHIND_HALF.contains(&lower(1));
        return is_share.then_some((1, 2, 1));
    }
    if lower(0) == "a" {
        return part(1).filter(|_| is_of(2)).map(|of| (1, of, 2));
    }
    let count = count_of(lower(0))?;
    let hyphen = tokens.get(at + 1).is_some_and(|token| token.text == "-" || token.text == "‑");
    let step = 1 + usize::from(hyphen);
    let is_share = |of: u32| count > 1 || hyphen || is_of(step + 1) || of > 10;
    part(step).filter(|of| is_share(*of)).map(|of| (count, of, step + 1))
}

/// The tokens of `a third` in `fell by a third` and `a third less`, and of `half an hour`.
fn unnamed(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    const COMPARED: [&str; 7] = ["more", "less", "fewer", "higher", "lower", "cheaper", "larger"];
    let lower = |step: usize| tokens.get(at + step).map_or("", |token| token.lower.as_str());
    let before = at.checked_sub(1).map_or("", |before| tokens[before].lower.as_str());
    let (length, part) =
        if lower(0) == "a" { (2, lower(1)) } else { (1, if lower(0) == "half" { "half" } else { "" }) };
    let is_part = PARTS.iter().any(|(name, _)| *name == part) && lower(length) != "of";
    let is_compared = COMPARED.contains(&lower(length)) || before == "by" && !BEHIND_HALF.contains(&lower(length));
    let is_noun = lower(length) == "a" || lower(length) == "an";
    if is_noun && part == "half" && super::word_lists::is_time_noun(lower(length + 1)) {
        return Some(length + 2);
    }
    (is_part && is_compared && !is_noun).then_some(length)
}

/// `one in five`, `nine out of ten`.
fn one_in(tokens: &[Token<'_>], at: usize) -> Option<(u32, u32, usize)> {
    let lower = |step: usize| tokens.get(at + step).map_or("", |token| token.lower.as_str());
    let count = count_of(lower(0))?;
    let step = match (lower(1), lower(2)) {
        ("in", _) => 2,
        ("out", "of") => 3,
        _ => return None,
    };
    let of = count_of(lower(step)).or_else(|| lower(step).parse().ok().filter(|of| (2..=1000).contains(of)))?;
    // `two in three years` counts years.
    let is_counted =
        tokens.get(at + step + 1).is_some_and(|next| super::word_lists::is_time_noun(next.lower.trim_end_matches('s')));
    (!is_counted).then_some((count, of, step + 1))
}

fn count_of(lower: &str) -> Option<u32> {
    let position = COUNTS.iter().position(|word| *word == lower)?;
    u32::try_from(position + 1).ok()
}

/// So many parts of so many, in percent, and whether that is exact.
fn percent(count: u32, of: u32) -> Option<(Decimal, bool)> {
    let (hundredfold, _) = decimal::multiply(Decimal::from(count), Decimal::ONE_HUNDRED).ok()?;
    let (percent, is_exact) = decimal::divide(hundredfold, Decimal::from(of)).ok()?;
    Some((percent.normalize(), is_exact))
}
