//! The words of a text as what it is about: their stems without filler words, and the related words that a book lists.

use super::stemmer::stem;
use super::terms::FILLERS;
use crate::store::Book;
use rusqlite::Result;
use std::collections::HashMap;

/// A word of a text that says something of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectWord {
    /// The word as written.
    pub written: String,
    /// What all its forms have in common.
    pub stem: String,
}

/// The words of a text, fillers and digits left out.
pub fn subject_words(text: &str) -> impl Iterator<Item = SubjectWord> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.filter_map(|word| {
        let lower = word.to_lowercase();
        let is_filler = FILLERS.split_ascii_whitespace().any(|filler| filler == lower);
        let has_letters = word.contains(char::is_alphabetic) && !word.starts_with(|c: char| c.is_ascii_digit());
        (!is_filler && has_letters).then(|| SubjectWord { written: word.to_owned(), stem: stem(&lower) })
    })
}

impl Book {
    /// For the stem of a word, the stems of the related words that the book lists, each a phrase.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn related_stems(&self) -> Result<HashMap<String, Vec<Vec<String>>>> {
        let mut related: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for (word, near) in self.related_words()? {
            let phrase = subject_words(&near).map(|word| word.stem).collect();
            related.entry(stem(&word.to_lowercase())).or_default().push(phrase);
        }
        Ok(related)
    }
}
