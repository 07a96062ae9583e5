//! Words before and behind a number that bound it or hedge it: `more than`, `nearly`, `or more`, `c.`. Which numbers are meant
//! is `grammar`'s.

use super::Approximation;

/// Where a number stands to what is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// It is below what is meant, and is not itself meant.
    Above,
    /// It is the least that is meant.
    AtLeast,
    /// It is above what is meant, and is not itself meant.
    Below,
    /// It is the most that is meant.
    AtMost,
}

impl Bound {
    /// Whether what is meant lies above the number.
    pub(super) fn is_lower(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast)
    }

    /// Whether the number itself may be meant.
    pub(super) fn is_closed(self) -> bool {
        matches!(self, Self::AtLeast | Self::AtMost)
    }
}

/// What words add to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    /// A bound in words.
    Bound(Bound),
    /// A bound by a sign, which may stand at one end of a range alone.
    Sign(Bound),
    /// A hedge.
    Hedge(Approximation),
    /// Nothing: `exactly`, `a total of`.
    Nothing,
    /// Nothing that changes the number, but something to tell of: `another`.
    Told(&'static str),
}

use Approximation::{JustAbove, JustBelow, Near};
use Bound::{Above, AtLeast, AtMost, Below};
use Phrase::{Hedge, Nothing, Sign, Told};

const fn bound(bound: Bound) -> Phrase {
    Phrase::Bound(bound)
}

const BEFORE: &[(&str, Phrase)] = &[
    (">=", Sign(AtLeast)),
    ("=>", Sign(AtLeast)),
    ("≥", Sign(AtLeast)),
    (">", Sign(Above)),
    ("<=", Sign(AtMost)),
    ("≤", Sign(AtMost)),
    ("<", Sign(Below)),
    ("at least", bound(AtLeast)),
    ("at the least", bound(AtLeast)),
    ("at the very least", bound(AtLeast)),
    ("no less than", bound(AtLeast)),
    ("not less than", bound(AtLeast)),
    ("no fewer than", bound(AtLeast)),
    ("not fewer than", bound(AtLeast)),
    ("a minimum of", bound(AtLeast)),
    ("minimum", bound(AtLeast)),
    ("as few as", bound(AtLeast)),
    ("as little as", bound(AtLeast)),
    ("more than", bound(Above)),
    ("well over", bound(Above)),
    ("over", bound(Above)),
    ("above", bound(Above)),
    ("exceeding", bound(Above)),
    ("in excess of", bound(Above)),
    ("greater than", bound(Above)),
    ("upwards of", bound(Above)),
    ("at most", bound(AtMost)),
    ("at the most", bound(AtMost)),
    ("up to", bound(AtMost)),
    ("as many as", bound(AtMost)),
    ("as much as", bound(AtMost)),
    ("no more than", bound(AtMost)),
    ("not more than", bound(AtMost)),
    ("a maximum of", bound(AtMost)),
    ("maximum", bound(AtMost)),
    ("less than", bound(Below)),
    ("fewer than", bound(Below)),
    ("under", bound(Below)),
    ("below", bound(Below)),
    ("≈", Hedge(Near)),
    ("~", Hedge(Near)),
    ("about", Hedge(Near)),
    ("around", Hedge(Near)),
    ("roughly", Hedge(Near)),
    ("approximately", Hedge(Near)),
    ("approx.", Hedge(Near)),
    ("approx", Hedge(Near)),
    ("circa", Hedge(Near)),
    ("ca.", Hedge(Near)),
    ("c.", Hedge(Near)),
    ("some", Hedge(Near)),
    ("an estimated", Hedge(Near)),
    ("estimated", Hedge(Near)),
    ("in the region of", Hedge(Near)),
    ("close to", Hedge(Near)),
    ("somewhere", Nothing),
    ("nearly", Hedge(JustBelow)),
    ("almost", Hedge(JustBelow)),
    ("approaching", Hedge(JustBelow)),
    ("not quite", Hedge(JustBelow)),
    ("just under", Hedge(JustBelow)),
    ("just below", Hedge(JustBelow)),
    ("slightly less than", Hedge(JustBelow)),
    ("slightly under", Hedge(JustBelow)),
    ("just over", Hedge(JustAbove)),
    ("just above", Hedge(JustAbove)),
    ("slightly more than", Hedge(JustAbove)),
    ("slightly over", Hedge(JustAbove)),
    ("little more than", Hedge(JustAbove)),
    ("a little over", Hedge(JustAbove)),
    ("exactly", Nothing),
    ("precisely", Nothing),
    ("only", Nothing),
    ("just", Nothing),
    ("a total of", Nothing),
    ("in total", Nothing),
    ("the", Nothing),
    ("another", Told("another")),
    ("an additional", Told("additional")),
    ("additional", Told("additional")),
    ("a further", Told("further")),
    ("further", Told("further")),
    ("an extra", Told("extra")),
    ("extra", Told("extra")),
];

const BEHIND: &[(&str, Phrase)] = &[
    ("+", bound(AtLeast)),
    ("plus", bound(AtLeast)),
    ("or more", bound(AtLeast)),
    ("or over", bound(AtLeast)),
    ("or above", bound(AtLeast)),
    ("or greater", bound(AtLeast)),
    ("or higher", bound(AtLeast)),
    ("and over", bound(AtLeast)),
    ("and above", bound(AtLeast)),
    ("and more", bound(AtLeast)),
    ("and up", bound(AtLeast)),
    ("upwards", bound(AtLeast)),
    ("at least", bound(AtLeast)),
    ("at the least", bound(AtLeast)),
    ("at the very least", bound(AtLeast)),
    ("minimum", bound(AtLeast)),
    ("or less", bound(AtMost)),
    ("or fewer", bound(AtMost)),
    ("or under", bound(AtMost)),
    ("or below", bound(AtMost)),
    ("or lower", bound(AtMost)),
    ("and under", bound(AtMost)),
    ("and below", bound(AtMost)),
    ("at most", bound(AtMost)),
    ("at the most", bound(AtMost)),
    ("maximum", bound(AtMost)),
    ("or so", Hedge(Near)),
    ("or thereabouts", Hedge(Near)),
    ("odd", Hedge(Near)),
    ("approximately", Hedge(Near)),
    ("in total", Nothing),
    ("in all", Nothing),
    ("altogether", Nothing),
];

/// The longest phrase that stands before a number at the beginning of `text`, with its length.
pub(super) fn before(text: &str) -> Option<(usize, Phrase)> {
    longest(BEFORE, text).or_else(|| {
        // `c5,000`, `c £5`: the letter alone, not the beginning of a word or of `C$`.
        let rest = text.strip_prefix(['c', 'C'])?.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '£' | '€')).then_some((1, Hedge(Near)))
    })
}

/// The longest phrase that stands behind a number at the beginning of `text`, with its length.
pub(super) fn behind(text: &str) -> Option<(usize, Phrase)> {
    longest(BEHIND, text)
}

fn longest(phrases: &[(&str, Phrase)], text: &str) -> Option<(usize, Phrase)> {
    let here = phrases.iter().filter(|(words, _)| begins_with(text, words));
    here.max_by_key(|(words, _)| words.len()).map(|(words, phrase)| (words.len(), *phrase))
}

/// Whether `text` begins with these words, in whatever case, and the last of them ends there.
pub(super) fn begins_with(text: &str, words: &str) -> bool {
    let Some(beginning) = text.get(..words.len()) else { return false };
    let is_letters = words.ends_with(char::is_alphabetic);
    beginning.eq_ignore_ascii_case(words) && !(is_letters && text[words.len()..].starts_with(is_of_word))
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_taken() {
        assert_eq!(before("no more than 5"), Some((12, bound(AtMost))));
        assert_eq!(before("More than 5"), Some((9, bound(Above))));
        assert_eq!(before(">=5"), Some((2, Sign(AtLeast))));
        assert_eq!(before("c5"), Some((1, Hedge(Near))));
        assert_eq!(before("cows"), None);
        assert_eq!(before("C$5"), None);
        assert_eq!(before("just over 5"), Some((9, Hedge(JustAbove))));
        assert_eq!(behind("or more missiles"), Some((7, bound(AtLeast))));
        assert_eq!(behind("or moreish"), None);
    }
}
