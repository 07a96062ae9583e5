//! Looking for words in the book. A word is found in any form, an actor under every name and code; what has the words in
//! another part of its row, or has words that are near them, is looked for where nothing has them in its text. What is
//! not found is absent from the book's words, which tells nothing of the source.
//!
//! Reading order: `forms`, `codes` and `actors`; `entries`, `sought`; `named` for the names that parameters take.

mod actors;
mod codes;
mod entries;
pub mod forms;
mod named;
mod sought;

pub use actors::ActorEntry;
pub use entries::{Entry, SEARCHED, STATEMENTS};
pub use named::Named;
pub use sought::Sought;

use super::Book;
use crate::error::suggest;
use rusqlite::Result;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rows that have the words, in the order of the book.
    pub entries: Vec<Entry>,
    /// The words that none of the rows need have, each with those near it that were looked for in its place.
    pub near: Vec<(String, Vec<String>)>,
}

/// How far a search goes; each goes further than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// The words in what a row says.
    Text,
    /// The words anywhere in the row, or words near them in what it says.
    Row,
    /// Those near them anywhere too.
    Near,
}

impl Book {
    /// The rows of the searched views of these names that have the words; where none has them in its text, those that have
    /// them elsewhere, or have words near them.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn search(&self, views: &[&str], sought: &Sought) -> Result<Found> {
        let mut found: Vec<(Reach, bool, Entry)> = Vec::new();
        for view in views {
            let mut entries = self.entries(view)?;
            if *view == "facts" {
                self.bring_actors(&mut entries, sought.actors())?;
            }
            let reached = |entry: Entry| sought.reach(&entry).map(|(reach, is_near)| (reach, is_near, entry));
            found.extend(entries.into_iter().filter_map(reached));
        }
        let nearest = found.iter().map(|(reach, ..)| *reach).min();
        found.retain(|(reach, ..)| Some(*reach) == nearest);
        let near = if found.iter().any(|(_, is_near, _)| *is_near) { sought.near() } else { Vec::new() };
        Ok(Found { entries: found.into_iter().map(|(.., entry)| entry).collect(), near })
    }

    /// The actors that some words name: by a whole name, alias or code, or else by a part of a name.
    ///
    /// # Errors
    /// As [`Book::search`].
    pub fn actors_named(&self, words: &str) -> Result<Vec<String>> {
        let actors = self.actors()?;
        let found = sought::named(&actors, words);
        Ok(found.into_iter().map(|actor| actor.name.clone()).collect())
    }

    /// A word of the book, or a name that an actor is looked up under, that may have been meant by one that is absent.
    ///
    /// # Errors
    /// As [`Book::search`].
    pub fn word_meant(&self, words: &str) -> Result<Option<String>> {
        let mut known: Vec<String> = Vec::new();
        for actor in self.actors()? {
            known.extend(actor.names().map(str::to_owned));
        }
        known.extend(self.near_words()?.into_iter().map(|(word, _)| word));
        for view in STATEMENTS {
            known.extend(self.entries(view)?.iter().flat_map(Entry::words));
        }
        known.sort();
        known.dedup();
        // Nearer than a mistyped name of the program has to be: of the words of a book many are like each other.
        let near = suggest::nearest(words, known.iter().map(String::as_str));
        Ok(near.filter(|near| suggest::distance(words, near) <= words.chars().count() / 4))
    }
}
