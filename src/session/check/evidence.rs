//! The facts that a verdict rests on, read from the book once, and their sources.

use super::candidates::Origin;
use super::verdict::Verdict;
use crate::quantity::{Facts, Ref};
use crate::store::{Book, FactEntry};
use std::collections::BTreeSet;

/// The most facts that are read one by one.
const MOST_READ: usize = 24;

/// What a verdict rests on.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The first of the facts.
    pub(super) facts: Vec<FactEntry>,
    /// How many there are.
    pub(super) count: u64,
    /// All of them, as programs read them.
    pub(super) all: Facts,
    /// Their sources, and those that contradict them.
    pub(super) sources: Vec<String>,
}

impl Evidence {
    /// Of a figure that sources state it is every statement; of one that follows, what the first match rests on; of one that
    /// the book does not have, what the nearest number rests on.
    pub(super) fn of(book: &Book, verdict: &Verdict) -> Self {
        let told = if verdict.matches.iter().any(|found| found.candidate.is_stated()) { usize::MAX } else { 1 };
        let mut all = Facts::none();
        let matches = verdict.matches.iter().take(told).map(|found| &found.candidate);
        for candidate in matches.chain(verdict.candidate()) {
            all.extend(&candidate.quantity.facts().without_questions());
        }
        let facts = book.facts_of(&mut all.iter().take(MOST_READ).map(|fact| fact.to_string()), MOST_READ);
        let numbers: BTreeSet<u16> = all.iter().filter_map(source_of).collect();
        let mut sources: Vec<String> = numbers.iter().map(|number| format!("S{number}")).collect();
        sources
            .extend(verdict.disputes.iter().flat_map(|dispute| &dispute.statements).map(|(source, _)| source.clone()));
        if let Some(Origin::Superseded { source, .. }) = verdict.candidate().map(|candidate| &candidate.origin) {
            sources.push(source.clone());
        }
        sources.sort_by_key(|id| (id.len(), id.clone()));
        sources.dedup();
        Self { facts: facts.unwrap_or_default(), count: all.len(), all, sources }
    }

    /// The facts of each source, in the order of the sources.
    pub(super) fn by_source(&self) -> Vec<(&str, Vec<&FactEntry>)> {
        let mut groups: Vec<(&str, Vec<&FactEntry>)> = Vec::new();
        for fact in &self.facts {
            match groups.iter_mut().find(|(source, _)| *source == fact.source) {
                Some((_, facts)) => facts.push(fact),
                None => groups.push((&fact.source, vec![fact])),
            }
        }
        groups
    }
}

/// The number of the source that a reference is of; `None` for an open question.
pub(super) fn source_of(reference: Ref) -> Option<u16> {
    match reference {
        Ref::Fact { source, .. } | Ref::Record { source, .. } | Ref::AllRecords(source) => Some(source),
        Ref::Unknown(_) => None,
    }
}
