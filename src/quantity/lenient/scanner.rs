//! A figure's text and how much of it has been read, with the small steps of reading. It knows no grammar.

use super::phrases::begins_with;
use super::tidied;
use crate::error::QuantityError;
use crate::quantity::Units;
use crate::quantity::digits::{Strictness, Unclear};

/// A text that is being read in the units of a book.
#[derive(Debug)]
pub(super) struct Scanner<'r> {
    /// The text as it was written, for errors.
    pub(super) shown: &'r str,
    /// What has not been read yet, without spaces before it.
    pub(super) rest: &'r str,
    pub(super) units: &'r Units,
    pub(super) strictness: Strictness,
    /// The digits that were refused, if any were.
    pub(super) unclear: Option<Unclear>,
}

impl<'r> Scanner<'r> {
    /// Steps over words that stand here; whether they do.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let is_here = begins_with(self.rest, words);
        if is_here {
            self.step(words.len());
        }
        is_here
    }

    /// Steps on, and over the spaces that follow.
    pub(super) fn step(&mut self, length: usize) {
        self.rest = self.rest[length..].trim_start();
    }

    /// What stands here up to a space; empty at the end.
    pub(super) fn next_word(&self) -> &'r str {
        self.rest.split(' ').next().unwrap_or_default()
    }

    /// The error that the text is no figure, or could be two.
    pub(super) fn refused(&self, why: &str, cure: &str) -> QuantityError {
        QuantityError::Figure { text: tidied::shortened(self.shown), why: why.to_owned(), cure: cure.to_owned() }
    }
}
