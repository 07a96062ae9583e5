//! The provenance of a result, read from the book once: facts, open questions, tables, sources; and the phrases for them.
//! `notes` makes of it the notes under a result, `citation` the line to cite.

mod citation;
mod notes;

use crate::quantity::{FactGroup, Facts, Ref};
use crate::sql::Note;
use crate::store::{Book, FactEntry, FactLimit, QuestionEntry, SourceEntry};
use std::collections::{BTreeMap, BTreeSet};

pub(super) use citation::{cite_fact, cite_quantity, stating_facts};
pub(super) use notes::{assumed_notes, assumptions_text, notes, question_line, question_notes, reason_notes};

/// The most records that are listed one by one; more are listed by their table.
const MAX_LISTED_RECORDS: u64 = 12;

#[derive(Debug, Default)]
pub(super) struct Provenance {
    pub(super) facts: Vec<FactEntry>,
    /// The number of facts beyond those.
    pub(super) unlisted: usize,
    pub(super) questions: Vec<QuestionEntry>,
    /// The numbers of the sources of which records are listed by table.
    pub(super) tables: Vec<u16>,
    /// The numbers of all sources.
    pub(super) sources: Vec<u16>,
}

impl Provenance {
    /// Reads at most `most` facts. A book that can't be read any more gives none: the rows of the result would have
    /// failed first.
    pub(super) fn of(book: &Book, facts: &Facts, most: usize) -> Self {
        let (mut provenance, mut references) = (Self::default(), Vec::new());
        for group in facts.groups() {
            match group {
                FactGroup::Named(named) => named.iter().for_each(|one| provenance.add(book, *one, &mut references)),
                FactGroup::Records { source, .. } if facts.len() > MAX_LISTED_RECORDS => {
                    provenance.add_records_of(source);
                }
                FactGroup::Records { source, .. } => facts.iter().for_each(|one| match one {
                    Ref::Record { source: of, .. } if of == source => provenance.add(book, one, &mut references),
                    Ref::AllRecords(of) if of == source => provenance.add_records_of(source),
                    _ => {}
                }),
            }
        }
        provenance.sources.dedup();
        let mut ids = references.iter().map(Ref::to_string);
        provenance.facts = book.facts_of(&mut ids, most).unwrap_or_default();
        provenance.unlisted = ids.count();
        provenance
    }

    /// Adds the question or table of a reference; a fact is added to `references`, which are read together.
    fn add(&mut self, book: &Book, reference: Ref, references: &mut Vec<Ref>) {
        match reference {
            Ref::Unknown(_) => self.questions.extend(book.question(&reference.to_string()).ok().flatten()),
            Ref::Fact { source, .. } | Ref::Record { source, .. } => {
                self.sources.push(source);
                references.push(reference);
            }
            Ref::AllRecords(source) => self.add_records_of(source),
        }
    }

    fn add_records_of(&mut self, source: u16) {
        self.tables.push(source);
        self.sources.push(source);
    }

    /// Everything on each fact, then the tensions and conflicts that any of them is part of, each once.
    pub(super) fn full_notes(&self, book: &Book) -> Vec<Note> {
        self.notes_except(book, Vec::new())
    }

    /// The same without the tensions already `seen`.
    pub(super) fn notes_except(&self, book: &Book, seen: Vec<String>) -> Vec<Note> {
        let limits = book.limits_of(&self.facts).unwrap_or_default();
        let limits = limits.into_iter().chain(std::iter::repeat_with(Vec::new));
        let mut notes: Vec<Note> =
            self.facts.iter().zip(limits).flat_map(|(fact, limits)| fact_notes(fact, &limits)).collect();
        let mut seen: BTreeSet<String> = seen.into_iter().collect();
        for (id, statement, handling) in book.tensions_of(&self.facts).unwrap_or_default() {
            if !seen.contains(&id) {
                notes.push(Note::new(&id, "", &format!("{statement}: {handling}")));
                seen.insert(id);
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

    /// The tables whose records are not listed one by one.
    pub(super) fn table_notes(&self) -> Vec<Note> {
        self.tables.iter().map(|source| Note::new("records", "", &format!("of S{source}, an imported table"))).collect()
    }

    /// `S1  a news text; …; sha256 6bc168d136b4…`, a line each.
    pub(super) fn source_notes(&self, book: &Book) -> Vec<Note> {
        let note = |source: SourceEntry| {
            let digest: String = source.sha256.chars().take(12).collect();
            Note::new(&source.id, "", &format!("{}; sha256 {digest}…", source_description(&source)))
        };
        self.source_entries(book).map(note).collect()
    }

    /// Reads the sources, in the order of their numbers.
    fn source_entries(&self, book: &Book) -> impl Iterator<Item = SourceEntry> {
        self.sources.iter().filter_map(|number| book.source(&format!("S{number}")).ok().flatten())
    }
}

/// Everything on one fact: place, words, attribution, limits.
fn fact_notes(fact: &FactEntry, limits: &[FactLimit]) -> Vec<Note> {
    let mut notes = vec![
        Note::new(&fact.id, "", &source_location(fact)),
        Note::new("", "", &fact.gloss),
        Note::new("", "", &attribution_line(fact)),
    ];
    if let Some(condition) = &fact.condition {
        notes.push(Note::new("", "", &format!("depends on: {condition}")));
    }
    if !limits.is_empty() {
        let words: Vec<String> = limits.iter().map(limit_text).collect();
        notes.push(Note::new("", "", &format!("not stated: {}", words.join(", "))));
    }
    if let Some(note) = &fact.note {
        notes.push(Note::new("", "", &format!("note: {note}")));
    }
    notes
}

/// `approval (U18)`: what the sources leave open of a fact, and the question about it.
pub(super) fn limit_text(limit: &FactLimit) -> String {
    format!("{} ({})", limit.short, limit.unknown)
}

/// The facts with the same certainty, attribution and source, a group each.
fn by_attribution(facts: &[FactEntry]) -> Vec<Vec<&FactEntry>> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&FactEntry>> = BTreeMap::new();
    for fact in facts {
        groups.entry((&fact.certainty, &fact.attribution, &fact.source)).or_default().push(fact);
    }
    groups.into_values().collect()
}

/// The place of a fact in its source: `¶4.2`, `record 37`.
pub(super) fn locator_text(fact: &FactEntry) -> String {
    let is_text = fact.locator.starts_with(|c: char| c.is_ascii_digit());
    if is_text { format!("¶{}", fact.locator) } else { fact.locator.clone() }
}

/// `F38 ¶6.1`.
pub(super) fn id_and_locator(fact: &FactEntry) -> String {
    format!("{} {}", fact.id, locator_text(fact))
}

/// The phrase for a certainty, before `by`.
fn certainty_words(code: &str) -> &str {
    match code {
        "aimed" => "put as an aim",
        "required" => "put as a requirement",
        "possible" => "put as possible",
        "likely" => "put as likely",
        "called_for" => "called for",
        "interest_expressed" => "put as an interest",
        "not_stated" => "put without a certainty",
        code => code,
    }
}

/// The phrase for an attribution: to the text itself, or to a speaker whom it reports.
fn attribution(attribution: &str, source: &str) -> String {
    match attribution {
        "author" => format!("by {source} itself"),
        "plan" => format!("by the plan, as {source} reports it"),
        person => format!("by {person}, as {source} reports it"),
    }
}

/// `both proposed by Starmer, as S1 reports it`; where there are other groups, this one is named by its ids.
fn group_phrase(group: &[&FactEntry], is_only: bool) -> String {
    let first = group[0];
    let put = format!("{} {}", certainty_words(&first.certainty), attribution(&first.attribution, &first.source));
    match (group.len(), is_only) {
        (1, true) => put,
        (2, true) => format!("both {put}"),
        (_, true) => format!("all {put}"),
        (_, false) => {
            let ids: Vec<&str> = group.iter().map(|fact| fact.id.as_str()).collect();
            format!("{} {put}", ids.join(" "))
        }
    }
}

/// `stage proposed · status planned · attributed to Starmer`.
fn attribution_line(fact: &FactEntry) -> String {
    let stage = fact.stage.as_ref().map(|stage| format!("stage {stage} · ")).unwrap_or_default();
    let attribution = match fact.attribution.as_str() {
        "author" => format!("said by {} itself", fact.source),
        "plan" => "attributed to the plan".to_owned(),
        person => format!("attributed to {person}"),
    };
    format!("{stage}status {} · certainty {} · {attribution}", fact.status, fact.certainty)
}

/// `S1 ¶4.2, characters 1227–1278, written "£1.6 billion" (2 sig. figures at least)`.
fn source_location(fact: &FactEntry) -> String {
    let mut words = format!("{} {}", fact.source, locator_text(fact));
    if let Some((from, to)) = fact.characters {
        words.push_str(&format!(", characters {from}–{to}"));
    }
    if let Some(written) = &fact.as_written {
        words.push_str(&format!(", written \"{written}\""));
    }
    match fact.significant_figures {
        Some(1) => words.push_str(" (1 sig. figure at least)"),
        Some(figures) => words.push_str(&format!(" ({figures} sig. figures at least)")),
        None => {}
    }
    words
}

/// `S1, a news text; author, publisher and date not stated (U28)`.
pub(super) fn source_note(source: &SourceEntry) -> String {
    format!("{}, {}", source.id, source_description(source))
}

/// `a news text; author, publisher and date not stated (U28)`.
pub(super) fn source_description(source: &SourceEntry) -> String {
    let mut words = source.description.clone();
    if !source.known.is_empty() {
        words.push_str(&format!("; {}", source.known.join(", ")));
    }
    if let Some(unknown) = &source.unknown {
        words.push_str(&format!("; author, publisher and date not stated ({unknown})"));
    }
    words
}
