//! A place in a text, as notes name it: `¶4.2` is sentence 2 of paragraph 4, `¶4` the whole paragraph, `S1 ¶4.2` that of one
//! source. Search and `.why` take it in the place of a word. It reads no text of a source: a place is known by the facts there.

use crate::store::{Book, FactEntry};
use std::fmt;

/// A place in the text of each source, or of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Locator {
    /// `S1`; `None` for every source.
    source: Option<String>,
    paragraph: u32,
    /// `None` for the whole paragraph.
    sentence: Option<u32>,
    /// True if it was written with its `¶`, so that it can be nothing else.
    is_marked: bool,
}

impl Locator {
    /// Reads one; `None` for any other words. Without `¶` it has both numbers: a number alone is none.
    pub(super) fn read(words: &str) -> Option<Self> {
        let (source, place) = match words.trim().split_once(char::is_whitespace) {
            Some((source, place)) if is_source(source) => (Some(source.to_uppercase()), place.trim_start()),
            _ => (None, words.trim()),
        };
        let (is_marked, numbers) = match place.strip_prefix('¶') {
            Some(numbers) => (true, numbers.trim_start()),
            None => (false, place),
        };
        let (paragraph, sentence) = match numbers.split_once('.') {
            Some((paragraph, sentence)) => (number(paragraph)?, Some(number(sentence)?)),
            None => (number(numbers)?, None),
        };
        (is_marked || sentence.is_some()).then_some(Self { source, paragraph, sentence, is_marked })
    }

    /// True if it was written with its `¶`.
    pub(super) fn is_marked(&self) -> bool {
        self.is_marked
    }

    /// The facts that stand there, in the order of the book.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn facts(&self, book: &Book) -> rusqlite::Result<Vec<FactEntry>> {
        let mut facts = book.facts()?;
        facts.retain(|fact| self.is_place_of(fact));
        Ok(facts)
    }

    fn is_place_of(&self, fact: &FactEntry) -> bool {
        let Some((paragraph, sentence)) = fact.locator.split_once('.') else { return false };
        number(paragraph) == Some(self.paragraph)
            && (self.sentence.is_none() || number(sentence) == self.sentence)
            && self.source.as_ref().is_none_or(|source| *source == fact.source)
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source} ")?;
        }
        write!(f, "¶{}", self.paragraph)?;
        self.sentence.map_or(Ok(()), |sentence| write!(f, ".{sentence}"))
    }
}

fn is_source(word: &str) -> bool {
    word.strip_prefix(['S', 's']).is_some_and(|digits| number(digits).is_some())
}

fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::Locator;

    #[test]
    fn places_are_read_as_notes_write_them() {
        for (written, place) in [
            ("¶4.2", "¶4.2"),
            ("4.2", "¶4.2"),
            (" ¶ 4.2 ", "¶4.2"),
            ("¶4", "¶4"),
            ("S1 ¶4.2", "S1 ¶4.2"),
            ("s2 4.2", "S2 ¶4.2"),
        ] {
            assert_eq!(Locator::read(written).map(|read| read.to_string()).as_deref(), Some(place), "{written}");
        }
    }

    #[test]
    fn other_words_are_no_places() {
        for words in
            ["", "4", "¶", "¶x", "4.2.1", "4.", ".2", "4,2", "-4.2", "4.2 GBP", "S1", "S1 4", "1 4.2", "F29 ¶4.2"]
        {
            assert_eq!(Locator::read(words), None, "{words}");
        }
    }
}
