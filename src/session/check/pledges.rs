//! The pledges of a book, with the words that speak of one: of all its facts, and of pledging itself.

use super::candidates::Candidate;
use super::states::states;
use crate::error::Error;
use crate::store::search::subject_words;
use crate::store::{Book, PledgeParties};
use crate::syntax::WordList;
use std::collections::{BTreeSet, HashMap};

/// Verbs of pledging; their forms are known by the stem.
const VERBS: WordList = WordList("pledge promise announce offer lend give provide commit");

/// Nouns of what is pledged.
const NOUNS: WordList = WordList("announcement loan commitment aid support finance help assistance");

/// The most facts of a number that are looked up.
const MAX_FACTS: usize = 8;

/// The pledges of a book, and the words of pledging.
#[derive(Default)]
pub(super) struct Pledges {
    entries: Vec<Pledge>,
    /// The places of pledges among them, by their facts.
    by_fact: HashMap<String, usize>,
    /// The stems of the words of pledging.
    stems: BTreeSet<String>,
    /// Those of its verbs, which say nothing of what is pledged.
    verbs: BTreeSet<String>,
}

/// A pledge, by its parties and facts.
pub(super) struct Pledge {
    pub(super) parties: PledgeParties,
}

impl Pledges {
    /// Reads the pledges of a book.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn read(book: &Book) -> Result<Self, Error> {
        let failed = |error: rusqlite::Error| book.error(&error);
        let parties = book.pledge_parties().map_err(failed)?;
        let mut by_fact = HashMap::new();
        for (at, fact) in
            parties.iter().enumerate().flat_map(|(at, parties)| parties.facts.iter().map(move |fact| (at, fact)))
        {
            by_fact.entry(fact.clone()).or_insert(at);
        }
        let entries = parties.into_iter().map(|parties| Pledge { parties }).collect();
        let (verbs, nouns) = (stems_of(VERBS.0), stems_of(NOUNS.0));
        Ok(Self { entries, by_fact, stems: verbs.union(&nouns).cloned().collect(), verbs })
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
        let facts = candidate.quantity.facts().iter().take(MAX_FACTS);
        let first = facts.filter_map(|fact| self.by_fact.get(&fact.to_string())).min()?;
        self.entries.get(*first)
    }
}

impl Pledge {
    /// True if an actor of this name gives, is given to, or has announced it.
    pub(super) fn is_party(&self, name: &str) -> bool {
        let PledgeParties { provider, recipient, announcer, .. } = &self.parties;
        [provider, recipient, announcer].into_iter().flatten().any(|party| party == name)
    }

    /// True for another name of the state that pledges, as that of its capital, in lower case.
    pub(super) fn is_seat(&self, word: &str) -> bool {
        let provider = self.parties.provider.as_deref();
        let mut of_provider = states().filter(|names| names.first().copied() == provider).flatten();
        of_provider.any(|name| name.to_lowercase() == word)
    }

    /// The stems of the words of all its facts.
    pub(super) fn stems(&self, book: &Book) -> BTreeSet<String> {
        let ids = &self.parties.facts;
        let facts = book.facts_of(&mut ids.iter().cloned(), ids.len()).unwrap_or_default();
        facts.iter().flat_map(|fact| stems_of(&fact.subject_words())).collect()
    }
}

/// The stems of the words of a text.
fn stems_of(text: &str) -> BTreeSet<String> {
    subject_words(text).map(|word| word.stem).collect()
}
