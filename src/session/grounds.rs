//! What a result rests on, read from the book once: facts, open questions, tables, sources. What is said of them, and
//! how much, is decided in `notes` and `why`.

use super::describe::{locus, source_words, standing};
use crate::quantity::{Facts, Group, Ref};
use crate::sql::Note;
use crate::store::{Book, FactEntry, FactLimit, QuestionEntry};
use std::collections::BTreeSet;

/// So many records of tables are told one by one; more are told by their table.
const RECORDS_NAMED: u64 = 12;

/// What a result rests on.
#[derive(Debug, Default)]
pub(super) struct Grounds {
    pub(super) facts: Vec<FactEntry>,
    /// How many facts there are beyond those.
    pub(super) unlisted: usize,
    pub(super) questions: Vec<QuestionEntry>,
    /// The numbers of the sources of which records are not told one by one.
    pub(super) tables: Vec<u16>,
    /// The numbers of all sources.
    pub(super) sources: Vec<u16>,
}

impl Grounds {
    /// Reads at most so many facts. A book that can't be read any more gives none: the rows above would have failed
    /// first.
    pub(super) fn of(book: &Book, facts: &Facts, most: usize) -> Self {
        let (mut grounds, mut named) = (Self::default(), Vec::new());
        for group in facts.groups() {
            match group {
                Group::Named(references) => references.iter().for_each(|one| grounds.add(book, *one, &mut named)),
                Group::Records { source, .. } if facts.len() > RECORDS_NAMED => grounds.add_table(source),
                Group::Records { source, .. } => facts.iter().for_each(|one| match one {
                    Ref::Record { source: of, .. } if of == source => grounds.add(book, one, &mut named),
                    Ref::AllRecords(of) if of == source => grounds.add_table(source),
                    _ => {}
                }),
            }
        }
        grounds.sources.dedup();
        let mut ids = named.iter().map(Ref::to_string);
        grounds.facts = book.facts_of(&mut ids, most).unwrap_or_default();
        grounds.unlisted = ids.count();
        grounds
    }

    /// Adds what a reference stands for; a fact to those that are `named`, which are read together.
    fn add(&mut self, book: &Book, reference: Ref, named: &mut Vec<Ref>) {
        match reference {
            Ref::Unknown(_) => self.questions.extend(book.question(&reference.to_string()).ok().flatten()),
            Ref::Fact { source, .. } | Ref::Record { source, .. } => {
                self.sources.push(source);
                named.push(reference);
            }
            Ref::AllRecords(source) => self.add_table(source),
        }
    }

    fn add_table(&mut self, source: u16) {
        self.tables.push(source);
        self.sources.push(source);
    }

    /// Everything on each fact, then the tensions and conflicts that any of them is part of, each once.
    pub(super) fn full_notes(&self, book: &Book) -> Vec<Note> {
        self.notes_beside(book, Vec::new())
    }

    /// The same where some tensions have been told already.
    pub(super) fn notes_beside(&self, book: &Book, told: Vec<String>) -> Vec<Note> {
        let limits = book.limits_of(&self.facts).unwrap_or_default();
        let limits = limits.into_iter().chain(std::iter::repeat_with(Vec::new));
        let mut notes: Vec<Note> =
            self.facts.iter().zip(limits).flat_map(|(fact, limits)| fact_notes(fact, &limits)).collect();
        let mut told: BTreeSet<String> = told.into_iter().collect();
        for (id, statement, handling) in book.tensions_of(&self.facts).unwrap_or_default() {
            if !told.contains(&id) {
                notes.push(Note::new(&id, "", &format!("{statement}: {handling}")));
                told.insert(id);
            }
        }
        notes.extend(self.conflict_notes(book));
        notes.extend(self.table_notes());
        notes
    }

    /// The conflicts that any of the facts is part of, with what each source states.
    fn conflict_notes(&self, book: &Book) -> Vec<Note> {
        let facts: Facts = self.facts.iter().filter_map(|fact| fact.id.parse::<Ref>().ok()).collect();
        let lines = book.statements().map(|statements| statements.conflicts_with(&facts)).unwrap_or_default();
        let note = |line: String| Note::new("CONFLICT", "", &format!("{line}; none is chosen or averaged"));
        lines.into_iter().map(note).collect()
    }

    /// The tables whose records are not told one by one.
    pub(super) fn table_notes(&self) -> Vec<Note> {
        self.tables.iter().map(|source| Note::new("records", "", &format!("of S{source}, an imported table"))).collect()
    }

    /// `S1  a news text; …; sha256 6bc168d136b4…`, a line each.
    pub(super) fn source_notes(&self, book: &Book) -> Vec<Note> {
        let entries = self.sources.iter().filter_map(|number| book.source(&format!("S{number}")).ok().flatten());
        entries
            .map(|source| {
                let digest: String = source.sha256.chars().take(12).collect();
                Note::new(&source.id, "", &format!("{}; sha256 {digest}…", source_words(&source)))
            })
            .collect()
    }
}

/// Everything on one fact: where, in which words, how it stands, what limits it.
fn fact_notes(fact: &FactEntry, limits: &[FactLimit]) -> Vec<Note> {
    let mut notes =
        vec![Note::new(&fact.id, "", &locus(fact)), Note::new("", "", &fact.gloss), Note::new("", "", &standing(fact))];
    if let Some(condition) = &fact.condition {
        notes.push(Note::new("", "", &format!("depends on: {condition}")));
    }
    if !limits.is_empty() {
        let words: Vec<String> = limits.iter().map(|limit| format!("{} ({})", limit.short, limit.unknown)).collect();
        notes.push(Note::new("", "", &format!("not stated: {}", words.join(", "))));
    }
    if let Some(note) = &fact.note {
        notes.push(Note::new("", "", &format!("note: {note}")));
    }
    notes
}
