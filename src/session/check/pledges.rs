//! The pledges of a book, with the words that speak of one: of all its facts, and of pledging itself.

use super::candidates::Candidate;
use crate::error::Error;
use crate::store::search::subject_words;
use crate::store::{Book, PledgeParties};
use crate::syntax::WordList;
use std::collections::BTreeSet;

/// Verbs of pledging; their forms are known by the stem.
const VERBS: WordList = WordList("pledge promise announce offer lend give provide commit");

/// Nouns of what is pledged.
const NOUNS: WordList = WordList("announcement loan commitment aid support finance help assistance");

/// Cities and houses by which a text names a government.
const SEATS: [(&str, &str); 3] =
    [("london", "United Kingdom"), ("westminster", "United Kingdom"), ("whitehall", "United Kingdom")];

/// The pledges of a book, and the words of pledging.
#[derive(Default)]
pub(super) struct Pledges {
    entries: Vec<Pledge>,
    /// The stems of the words of pledging.
    stems: BTreeSet<String>,
    /// Those of its verbs, which say nothing of what is pledged.
    verbs: BTreeSet<String>,
}

/// A pledge, with the stems of the words of all its facts.
pub(super) struct Pledge {
    pub(super) parties: PledgeParties,
    pub(super) stems: BTreeSet<String>,
}

impl Pledges {
    /// Reads the pledges of a book.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn read(book: &Book) -> Result<Self, Error> {
        let failed = |error: rusqlite::Error| book.error(&error);
        let mut entries = Vec::new();
        for parties in book.pledge_parties().map_err(failed)? {
            let facts = book.facts_of(&mut parties.facts.iter().cloned(), parties.facts.len()).map_err(failed)?;
            let stems = facts.iter().flat_map(|fact| stems_of(&fact.subject_words())).collect();
            entries.push(Pledge { parties, stems });
        }
        let (verbs, nouns) = (stems_of(VERBS.0), stems_of(NOUNS.0));
        Ok(Self { entries, stems: verbs.union(&nouns).cloned().collect(), verbs })
    }

    /// True if a number is of a pledge.
    pub(super) fn has(&self, candidate: &Candidate) -> bool {
        self.of(candidate).is_some()
    }

    /// True for the stem of a verb of pledging.
    pub(super) fn is_verb(&self, stem: &str) -> bool {
        self.verbs.contains(stem)
    }

    /// True for the stem of a word of pledging.
    pub(super) fn has_stem(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// The pledge that a number is of.
    pub(super) fn of(&self, candidate: &Candidate) -> Option<&Pledge> {
        let facts: Vec<String> = candidate.quantity.facts().iter().take(8).map(|fact| fact.to_string()).collect();
        self.entries.iter().find(|pledge| facts.iter().any(|fact| pledge.parties.facts.contains(fact)))
    }
}

impl Pledge {
    /// True if an actor of this name gives, is given to, or has announced it.
    pub(super) fn is_party(&self, name: &str) -> bool {
        let PledgeParties { provider, recipient, announcer, .. } = &self.parties;
        [provider, recipient, announcer].into_iter().flatten().any(|party| party == name)
    }

    /// True for a word by which a text names the government that pledges.
    pub(super) fn is_seat(&self, word: &str) -> bool {
        SEATS.iter().any(|(seat, state)| *seat == word && self.parties.provider.as_deref() == Some(*state))
    }
}

/// The stems of the words of a text.
fn stems_of(text: &str) -> BTreeSet<String> {
    subject_words(text).map(|word| word.stem).collect()
}
