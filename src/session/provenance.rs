//! The provenance of a result, read from the book once: facts, open questions, tables, sources; the phrases for them; the
//! notes under a result; and the line to cite, for a page outside this program, which repeats the facts and adds nothing.

use super::what_if::supposed_text;
use crate::quantity::{Amount, Assumption, Assumptions, FactGroup, Facts, Quantity, Reason, Reasons, Ref, human};
use crate::sql::{Evidence, Note, Origin};
use crate::store::{Book, FactEntry, FactLimit, QuestionEntry, RecordEntry, SourceEntry};
use crate::table::{Style, quantity_line};
use crate::terminal::NoteLevel;
use std::collections::{BTreeMap, BTreeSet};

/// The most records that are listed one by one; more are listed by their table.
const MAX_LISTED_RECORDS: u64 = 12;

/// The most facts that brief notes list one by one.
const MAX_BRIEF_FACTS: usize = 12;

/// The most open questions on which brief notes say everything.
const MAX_BRIEF_QUESTIONS: usize = 2;

/// The most facts that a line to cite lists one by one.
const MAX_CITED_FACTS: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Provenance {
    pub(super) facts: Vec<FactEntry>,
    /// The number of facts beyond those.
    pub(super) unlisted: usize,
    pub(super) questions: Vec<QuestionEntry>,
    /// The records of imported tables that are listed one by one.
    pub(super) records: Vec<RecordEntry>,
    /// The numbers of the sources of which records are listed by table, each with how many they are; `None` for all.
    pub(super) tables: Vec<(u16, Option<u64>)>,
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
                    provenance.add_records_of(source, facts.record_count(source));
                }
                FactGroup::Records { source, .. } => facts.iter().for_each(|one| match one {
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

    fn add_records_of(&mut self, source: u16, count: Option<u64>) {
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
        let lines = book.statements().map(|statements| statements.conflicts_with(&facts)).unwrap_or_default();
        let note = |line: String| Note::new("CONFLICT", "", &format!("{line}; none is chosen or averaged"));
        lines.into_iter().map(note).collect()
    }

    /// The records of imported tables, `S2:37  line 38  kiel.csv`, and those that are only counted: `records  125,000 of S2`.
    fn record_notes(&self, book: &Book) -> Vec<Note> {
        let one = |record: &RecordEntry| Note::new(&record.id, &record.place(), &record.file);
        let table = |(source, count): &(u16, Option<u64>)| {
            let import = book.import_of(*source).ok().flatten();
            let all = import.as_ref().and_then(|import| u64::try_from(import.records).ok());
            let file = import.map_or("an imported table".to_owned(), |import| import.file);
            let count = match count.or(all) {
                Some(count) => format!("{} of S{source}", human::group_digits(count.into(), None)),
                None => format!("of S{source}"),
            };
            Note::new("records", "", &format!("{count}, {file}"))
        };
        self.records.iter().map(one).chain(self.tables.iter().map(table)).collect()
    }

    /// True if it names no fact and no record.
    fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.records.is_empty() && self.tables.is_empty()
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

/// The notes under a result that rests on `evidence`.
pub(super) fn notes(book: &Book, evidence: &Evidence, depth: NoteLevel, style: &Style) -> Vec<Note> {
    match depth {
        NoteLevel::None => Vec::new(),
        NoteLevel::Brief => brief(book, evidence),
        NoteLevel::Full => full(book, evidence, style),
    }
}

fn brief(book: &Book, evidence: &Evidence) -> Vec<Note> {
    let provenance = Provenance::of(book, &evidence.facts, MAX_BRIEF_FACTS);
    let mut all = Vec::new();
    if !evidence.is_value {
        let line = |fact: &FactEntry| Note::new(&fact.id, &locator_text(fact), &fact.gloss);
        all.extend(provenance.facts.iter().map(line));
        if provenance.unlisted > 0 {
            all.push(Note::new("…", "", &format!("{} more facts: `--notes full` lists them", provenance.unlisted)));
        }
        all.extend(attribution_notes(&provenance.facts, provenance.unlisted == 0));
        all.extend(limits_note(book, &provenance.facts, evidence));
        all.extend(provenance.record_notes(book));
        all.extend(assumed_notes(book, &evidence.assumptions));
    }
    all.extend(unknown_notes(book, &provenance, evidence));
    if !evidence.is_value {
        all.extend(brief_source_notes(book, &provenance));
    }
    all
}

/// Notes as detailed as those of `.why`, for a result.
fn full(book: &Book, evidence: &Evidence, style: &Style) -> Vec<Note> {
    let provenance = Provenance::of(book, &evidence.facts, usize::MAX);
    let mut all = Vec::new();
    let only = evidence.first.as_ref().filter(|_| evidence.quantities == 1);
    if let Origin::Computed(derivations) = &evidence.origin {
        let label = |n: usize| if n == 0 { "working" } else { "" };
        let steps = derivations.iter().enumerate().map(|(n, (row, _, derivation))| match only {
            Some(_) => Note::new(label(n), "", derivation),
            None => Note::new(label(n), "", derivation).led_by(&format!("row {}", row + 1)),
        });
        all.extend(steps);
    }
    all.extend(provenance.full_notes(book, Vec::new(), false, reason_notes(book, evidence.reasons)));
    all.extend(assumption_notes(book, &evidence.assumptions));
    if let Some(quantity) = only {
        let derivation = match &evidence.origin {
            Origin::Computed(derivations) => derivations.first().map(|(.., derivation)| derivation.as_str()),
            _ => None,
        };
        all.push(Note::new("to cite", "", &cite_quantity(book, quantity, derivation, style)));
    }
    all
}

/// The unknowns of a result: everything on a few questions, a line each where there are more.
fn unknown_notes(book: &Book, provenance: &Provenance, evidence: &Evidence) -> Vec<Note> {
    let mut all = Vec::new();
    let questions = &provenance.questions;
    if questions.len() <= MAX_BRIEF_QUESTIONS {
        all.extend(questions.iter().flat_map(|question| question_notes(book, question, false)));
    } else {
        all.extend(questions.iter().map(|question| Note::new(&question.id, "", &question.question)));
    }
    all.extend(reason_notes(book, evidence.reasons));
    all
}

/// The assumptions as a list, then those of the session.
pub(super) fn assumption_notes(book: &Book, assumptions: &Assumptions) -> Vec<Note> {
    let words = human::assumptions(assumptions);
    let list = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    let mut notes = vec![Note::new("assumptions", "", &list)];
    notes.extend(assumed_notes(book, assumptions));
    notes
}

/// `both proposed by Starmer, as S1 reports it`: facts of one attribution share a line.
fn attribution_notes(facts: &[FactEntry], are_all: bool) -> Vec<Note> {
    let mut groups = by_attribution(facts);
    let is_only = groups.len() == 1 && are_all;
    groups.sort_by_key(|group| facts.iter().position(|fact| fact.id == group[0].id));
    groups.iter().map(|group| Note::new("", "", &group_phrase(group, is_only))).collect()
}

/// `not stated  whole cost or part (U17), approval (U18), delivery (U16)`.
fn limits_note(book: &Book, facts: &[FactEntry], evidence: &Evidence) -> Option<Note> {
    let answered: Vec<String> = evidence.assumptions.iter().filter_map(|one| book.answered_by(one.name())).collect();
    let mut limits: Vec<FactLimit> = Vec::new();
    for limit in book.limits_of(facts).unwrap_or_default().into_iter().flatten() {
        let is_open = limit.brief_order.is_some() && !answered.contains(&limit.unknown);
        if is_open && !limits.iter().any(|known| known.unknown == limit.unknown) {
            limits.push(limit);
        }
    }
    limits.sort_by_key(|limit| limit.brief_order);
    let words: Vec<String> = limits.iter().map(limit_text).collect();
    (!words.is_empty()).then(|| Note::new("not stated", "", &words.join(", ")))
}

/// The assumptions of the session, each with the stated value: `assumed  F30 = 4,500 missile, where S1 states 5,000
/// missile`.
fn assumed_notes(book: &Book, assumptions: &Assumptions) -> Vec<Note> {
    let names = assumptions.iter().map(Assumption::name).collect::<BTreeSet<_>>();
    let lines =
        names.into_iter().filter_map(|name| book.what_if(name)).filter_map(|one| supposed_text(book, &one).ok());
    lines.enumerate().map(|(at, line)| Note::new(if at == 0 { "assumed" } else { "" }, "", &line)).collect()
}

/// One line a source, in the order of their numbers; the label of the first counts them.
fn brief_source_notes(book: &Book, provenance: &Provenance) -> Vec<Note> {
    let sources: Vec<_> = provenance.source_entries(book).collect();
    let count = sources.len();
    let label = |at: usize| match (count, at) {
        (1, _) => "one source".to_owned(),
        (_, 0) => format!("{count} sources"),
        _ => String::new(),
    };
    sources.iter().enumerate().map(|(at, source)| Note::new(&label(at), "", &source_note(source))).collect()
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

/// The line of a quantity, and of its derivation where that is known.
pub(super) fn cite_quantity(book: &Book, quantity: &Quantity, derivation: Option<&str>, style: &Style) -> String {
    let provenance = Provenance::of(book, quantity.facts(), MAX_CITED_FACTS);
    let mut line = match quantity.amount() {
        Amount::Unknown(reasons) if reasons.iter().any(|reason| reason == Reason::Conflict) => {
            conflict_line(book, quantity).unwrap_or_else(|| unknown_line(&provenance, &reasons_text(*reasons)))
        }
        Amount::Unknown(reasons) => unknown_line(&provenance, &reasons_text(*reasons)),
        _ => known_line(book, quantity, derivation, style, &provenance),
    };
    for source in provenance.source_entries(book) {
        line.push_str(&format!("; {} is {}", source.id, source_description(&source).replace("; ", ", ")));
    }
    let (given, supposed): (Vec<_>, Vec<_>) = quantity.assumptions().iter().cloned().partition(Assumption::is_given);
    let supposed = human::assumptions(&supposed.into_iter().collect());
    let given = human::given(&given.into_iter().collect());
    if !supposed.is_empty() {
        line.push_str(&format!("; it supposes {}, which no source of the book states", supposed.join(", ")));
    }
    if !given.is_empty() {
        line.push_str(&format!("; given here, by no source of the book: {}", given.join(", ")));
    }
    line
}

fn known_line(
    book: &Book,
    quantity: &Quantity,
    derivation: Option<&str>,
    style: &Style,
    provenance: &Provenance,
) -> String {
    let value = quantity_line(quantity, style).replacen('/', " per ", 1);
    if provenance.is_empty() {
        return format!("{value}: no source of the book states it");
    }
    if let (Some(_), Some(fact)) = (stating_facts(book, quantity), provenance.facts.first()) {
        let label = fact.label.as_deref().map(|label| format!(": {label}")).unwrap_or_default();
        let mut written: Vec<&str> = provenance.facts.iter().filter_map(|fact| fact.as_written.as_deref()).collect();
        written.dedup();
        let written: Vec<String> = written.into_iter().map(|written| format!(" as \"{written}\"")).collect();
        let stage = fact.stage.as_deref().map(|stage| format!(", stage {stage}")).unwrap_or_default();
        return format!(
            "{value}{label}{stage}; stated{}, {}",
            written.join(" and"),
            cited_attribution(&provenance.facts)
        );
    }
    let derivation = derivation.map(|derivation| format!(" as {derivation}")).unwrap_or_default();
    if let Some(record) = stating_record(book, quantity) {
        return format!("{value}; stated in {}, line {} of {}", record.id, record.line, record.file);
    }
    let has_records = !provenance.tables.is_empty() || !provenance.records.is_empty();
    let from = match (has_records, provenance.unlisted) {
        (false, 0) => cited_attribution(&provenance.facts),
        _ => format!("from {}", human::facts(quantity.facts())),
    };
    let stages = quantity.stages();
    let stage = if stages.is_empty() { String::new() } else { format!(", stage {stages}") };
    format!("{value}{stage}, computed{derivation}; {from}; no source of the book states the result")
}

/// The facts that state a quantity as it is: several only where they state it of one thing.
pub(super) fn stating_facts(book: &Book, quantity: &Quantity) -> Option<String> {
    let facts = quantity.facts();
    let is_one = facts.len() == 1 || book.statements().is_ok_and(|statements| statements.are_of_one(facts));
    if !is_one || !quantity.assumptions().is_empty() {
        return None;
    }
    let states_it = |reference: Ref| {
        let id = reference.to_string();
        book.fact(&id).ok()??.as_written?;
        let figure = book.stated_figure(&id).ok()??;
        Some(figure.amount() == quantity.amount() && figure.unit() == quantity.unit())
    };
    facts.iter().all(|reference| states_it(reference) == Some(true)).then(|| facts.to_string())
}

/// The record of an imported table that has a quantity as it is.
fn stating_record(book: &Book, quantity: &Quantity) -> Option<RecordEntry> {
    let only = quantity.facts().iter().next().filter(|_| quantity.facts().len() == 1)?;
    let (_, cells) = book.record_cells(only).ok()??;
    let mut quantities = cells.iter().filter_map(|(_, cell)| cell.as_deref()?.parse::<Quantity>().ok());
    let is_stated = quantities.any(|cell| cell.amount() == quantity.amount() && cell.unit() == quantity.unit());
    book.record_of(only).ok()?.filter(|_| is_stated && quantity.assumptions().is_empty())
}

/// `proposed by Starmer, as S1 reports it (F29 F30; S1 ¶4.2)`.
fn cited_attribution(facts: &[FactEntry]) -> String {
    let groups = by_attribution(facts);
    let is_only = groups.len() == 1;
    let words: Vec<String> = groups.iter().map(|group| group_phrase(group, is_only)).collect();
    format!("{} ({})", words.join(", "), places(facts))
}

/// `F29 F30; S1 ¶4.2`.
fn places(facts: &[FactEntry]) -> String {
    let ids: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    let mut places: Vec<String> = facts.iter().map(|fact| format!("{} {}", fact.source, locator_text(fact))).collect();
    places.dedup();
    format!("{}; {}", ids.join(" "), places.join(", "))
}

/// The statement of each source, where sources disagree.
fn conflict_line(book: &Book, quantity: &Quantity) -> Option<String> {
    let lines = book.statements().ok()?.several_among(quantity.facts());
    let lines = if lines.is_empty() { return None } else { lines.join("; ") };
    Some(format!("the sources of the book disagree, and none is chosen or averaged: {lines}"))
}

fn reasons_text(reasons: Reasons) -> String {
    reasons.to_string().replace('_', " ")
}

fn unknown_line(provenance: &Provenance, reasons: &str) -> String {
    let asked: Vec<String> = provenance
        .questions
        .iter()
        .map(|question| {
            let closest = question.closest.join(" ");
            let closest = if closest.is_empty() { String::new() } else { format!("; closest {closest}") };
            format!("\"{}\" ({}{closest})", question.question, question.id)
        })
        .collect();
    if asked.is_empty() {
        let nearest =
            if provenance.facts.is_empty() { String::new() } else { format!(" ({})", places(&provenance.facts)) };
        return format!("no source of the book gives this number: {reasons}{nearest}");
    }
    format!("the sources of the book leave it open ({reasons}): {}", asked.join(", "))
}

/// The line of a fact that states no number.
pub(super) fn cite_fact(fact: &FactEntry) -> String {
    format!("{}; {}", fact.gloss, cited_attribution(std::slice::from_ref(fact)))
}
