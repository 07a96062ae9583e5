//! The provenance of a result, read from the book once: facts, open questions, tables, sources; and the
//! phrases and notes for them. Which of them stand under a result is said by [`super::notes`], the line to cite by
//! [`super::citation`].

use super::what_if::supposed_text;
use crate::quantity::{Assumption, Assumptions, FactGroup, Facts, Reason, Reasons, RecordCount, Ref, human};
use crate::sql::Note;
use crate::store::{Book, FactEntry, FactLimit, QuestionEntry, RecordEntry, SourceEntry};
use std::collections::{BTreeMap, BTreeSet};

/// The most records that are listed one by one; more are listed by their table.
const MAX_LISTED_RECORDS: u64 = 12;

#[derive(Debug, Default)]
pub(super) struct Provenance {
    pub(super) facts: Vec<FactEntry>,
    /// The number of facts beyond those.
    pub(super) unlisted: usize,
    pub(super) questions: Vec<QuestionEntry>,
    /// The records of imported tables that are listed one by one.
    pub(super) records: Vec<RecordEntry>,
    /// The numbers of the sources of which records are listed by table, each with how many they are; `None` for all.
    pub(super) tables: Vec<(u16, Option<RecordCount>)>,
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
                FactGroup::Records { source } if facts.len() > MAX_LISTED_RECORDS => {
                    provenance.add_records_of(source, facts.record_count(source));
                }
                FactGroup::Records { source } => facts.iter().for_each(|one| match one {
                    Ref::Record { source: of, .. } if of == source => provenance.add(book, one, &mut references),
                    Ref::AllRecords(of) if of == source => {
                        provenance.add_records_of(source, facts.record_count(source));
                    }
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

    /// That of numbers which name no records, from these sources.
    pub(super) fn of_sources(sources: Vec<u16>) -> Self {
        Self { sources, ..Self::default() }
    }

    /// Adds the question or table of a reference; a fact is added to `references`, which are read together.
    fn add(&mut self, book: &Book, reference: Ref, references: &mut Vec<Ref>) {
        match reference {
            Ref::Unknown(_) => self.questions.extend(book.question(&reference.to_string()).ok().flatten()),
            Ref::Fact { source, .. } | Ref::Record { source, .. } => {
                self.sources.push(source);
                self.records.extend(book.record_of(reference).ok().flatten());
                references.push(reference);
            }
            Ref::AllRecords(source) => self.add_records_of(source, None),
        }
    }

    fn add_records_of(&mut self, source: u16, count: Option<RecordCount>) {
        self.tables.push((source, count));
        self.sources.push(source);
    }

    /// Everything on the facts, the open questions, with their verdicts or without, and the sources; `reasons` are those of
    /// unknowns without a question.
    pub(super) fn full_notes(
        &self,
        book: &Book,
        seen: Vec<String>,
        has_verdict: bool,
        reasons: impl IntoIterator<Item = Note>,
    ) -> Vec<Note> {
        let mut notes = self.notes_of_facts(book, seen);
        notes.extend(self.questions.iter().flat_map(|question| question_notes(book, question, has_verdict)));
        notes.extend(reasons);
        notes.extend(self.source_notes(book));
        notes
    }

    /// Everything on each fact, then the tensions and conflicts that any of them is part of, each once, without the tensions
    /// already `seen`.
    fn notes_of_facts(&self, book: &Book, seen: Vec<String>) -> Vec<Note> {
        let limits = book.limits_of(&self.facts).unwrap_or_default();
        let limits = limits.into_iter().chain(std::iter::repeat_with(Vec::new));
        let corrected = book.corrections_by(&self.facts).unwrap_or_default();
        let corrected = corrected.into_iter().chain(std::iter::repeat_with(Vec::new));
        let mut notes: Vec<Note> = Vec::new();
        for ((fact, limits), corrected) in self.facts.iter().zip(limits).zip(corrected) {
            notes.extend(fact_notes(fact, &limits));
            notes.extend(corrected.iter().map(|(id, line)| Note::new("", "", &format!("corrects {id}: {line}"))));
        }
        let mut seen: BTreeSet<String> = seen.into_iter().collect();
        for (id, statement, handling) in book.tensions_of(&self.facts).unwrap_or_default() {
            if !seen.contains(&id) {
                notes.push(Note::new(&id, "", &format!("{statement}: {handling}")));
                seen.insert(id);
            }
        }
        notes.extend(self.conflict_notes(book));
        notes.extend(self.record_notes(book));
        notes
    }

    /// The conflicts that any of the facts is part of, with what each source states.
    fn conflict_notes(&self, book: &Book) -> Vec<Note> {
        let facts: Facts = self.facts.iter().filter_map(|fact| fact.id.parse::<Ref>().ok()).collect();
        let conflicts = book.statements().map(|statements| statements.conflicts_with(&facts)).unwrap_or_default();
        conflicts.iter().map(|conflict| Note::new("CONFLICT", "", &conflict.in_words())).collect()
    }

    /// The records of imported tables, `S2:37  line 38  kiel.csv`, and those that are only counted: `records  125,000 of S2`.
    pub(super) fn record_notes(&self, book: &Book) -> Vec<Note> {
        let one = |record: &RecordEntry| Note::new(&record.id, &record.place(), &record.file);
        let table = |(source, count): &(u16, Option<RecordCount>)| {
            let import = book.import_of(*source).ok().flatten();
            let all = import.as_ref().and_then(|import| u64::try_from(import.records).ok());
            let file = import.map_or("an imported table".to_owned(), |import| import.file);
            let count = match (*count, all) {
                (Some(count), all) => {
                    format!("{} of S{source}", human::record_count(count.within(all.unwrap_or(u64::MAX))))
                }
                (None, Some(all)) => format!("{} of S{source}", human::group_digits(all.into(), None)),
                (None, None) => format!("of S{source}"),
            };
            Note::new("records", "", &format!("{count}, {file}"))
        };
        self.records.iter().map(one).chain(self.tables.iter().map(table)).collect()
    }

    /// True if it names no fact and no record.
    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.records.is_empty() && self.tables.is_empty()
    }

    /// `S1  a news text; …; sha256 6bc168d136b4…`, a line each.
    pub(super) fn source_notes(&self, book: &Book) -> Vec<Note> {
        let note = |source: SourceEntry| {
            let digest: String = source.sha256.chars().take(12).collect();
            let licence = source.licence.as_ref().map(|licence| format!("; licence {licence}")).unwrap_or_default();
            Note::new(&source.id, "", &format!("{}{licence}; sha256 {digest}…", source_description(&source)))
        };
        self.source_entries(book).map(note).collect()
    }

    /// Reads the sources, in the order of their numbers.
    pub(super) fn source_entries(&self, book: &Book) -> impl Iterator<Item = SourceEntry> {
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
pub(super) fn by_attribution(facts: &[FactEntry]) -> Vec<Vec<&FactEntry>> {
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
pub(super) fn group_phrase(group: &[&FactEntry], is_only: bool) -> String {
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
pub(super) fn source_location(fact: &FactEntry) -> String {
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

/// The assumptions as a list, then those of the session.
pub(super) fn assumption_notes(book: &Book, assumptions: &Assumptions) -> Vec<Note> {
    let words = human::assumptions(assumptions);
    let list = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    let mut notes = vec![Note::new("assumptions", "", &list)];
    notes.extend(assumed_notes(book, assumptions));
    notes
}

/// The assumptions of the session, each with the stated value: `assumed  F30 = 4,500 missiles, where S1 states 5,000
/// missile`.
pub(super) fn assumed_notes(book: &Book, assumptions: &Assumptions) -> Vec<Note> {
    let names = assumptions.iter().map(Assumption::name).collect::<BTreeSet<_>>();
    let lines =
        names.into_iter().filter_map(|name| book.what_if(name)).filter_map(|one| supposed_text(book, &one).ok());
    lines.enumerate().map(|(at, line)| Note::new(if at == 0 { "assumed" } else { "" }, "", &line)).collect()
}

/// Everything on an open question; `has_verdict` adds the reason to the heading.
pub(super) fn question_notes(book: &Book, entry: &QuestionEntry, has_verdict: bool) -> Vec<Note> {
    let heading = Note::heading(&entry.id, &entry.question);
    let mut notes = vec![if has_verdict { heading.beside(&verdict(&entry.reason)) } else { heading }];
    let closest = book.facts_of(&mut entry.closest.iter().cloned(), usize::MAX).unwrap_or_default();
    let closest: Vec<Note> = closest
        .into_iter()
        .map(|fact| {
            Note::new("", "", &fact.gloss).led_by(&id_and_locator(&fact)).beside(&fact.certainty.replace('_', " "))
        })
        .collect();
    if closest.is_empty() {
        notes.push(Note::new("", "closest", "no fact comes near an answer"));
    }
    notes.extend(closest.into_iter().enumerate().map(|(n, note)| {
        let label = if n == 0 { "closest" } else { "" };
        Note { place: label.to_owned(), ..note }
    }));
    notes.push(Note::new("", "means", &entry.means));
    notes.push(Note::new("", "needs", &entry.needs));
    notes
}

pub(super) fn question_line(entry: &QuestionEntry) -> Note {
    Note::heading(&entry.id, &entry.question).beside(&verdict(&entry.reason))
}

/// `unknown: not stated`.
fn verdict(reason: &str) -> String {
    format!("unknown: {}", reason.replace('_', " "))
}

/// The reasons of an unknown without a question in the book.
pub(super) fn reason_notes(book: &Book, reasons: Reasons) -> Vec<Note> {
    let meant = |reason: Reason| {
        let code = reason.as_str();
        let meaning = book.meaning_of(code).map(|meaning| format!(": {meaning}")).unwrap_or_default();
        let is_of_number = !matches!(reason, Reason::Unordered | Reason::Ambiguous | Reason::Conflict);
        let not = if is_of_number { "; that is neither 0 nor \"none\"" } else { "" };
        format!("{}{meaning}{not}", code.replace('_', " "))
    };
    let label = |n: usize| if n == 0 { "unknown" } else { "" };
    reasons.iter().enumerate().map(|(n, reason)| Note::new(label(n), "", &meant(reason))).collect()
}
