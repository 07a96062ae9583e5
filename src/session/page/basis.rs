//! What an answer rests on: its facts, the open questions that limit it, where statements pull apart, its sources. Each is told whole
//! once a page; a later section says in which question.

use super::record::{AnswerPart, Question};
use crate::error::Error;
use crate::quantity::{Assumptions, FactGroup, Facts, Reason, Reasons, Ref, Sentence, human};
use crate::report::{FactNote, Line, MoreFacts, Noted, Piece, Section, Told, is_id};
use crate::session::provenance::{Provenance, locator_text, source_location};
use crate::store::{Book, FactEntry, FactLimit, QuestionEntry};
use std::collections::{BTreeMap, BTreeSet};

/// So many facts are told whole; of more, the first few are.
const MOST_TOLD: usize = 8;
const FEW_TOLD: usize = 5;

/// The most facts that are listed behind those that are told whole.
const MOST_LISTED: usize = 60;

/// The most open questions that are told whole.
const MOST_QUESTIONS: usize = 5;

/// The notes that a page has so far, and the sources behind it.
#[derive(Debug, Default)]
pub(super) struct Tellings {
    /// The number of the question that told an id whole.
    whole: BTreeMap<String, usize>,
    /// The same for one that named it.
    named: BTreeMap<String, usize>,
    question: usize,
    pub(super) sources: BTreeSet<u16>,
}

impl Tellings {
    /// Begins the next question.
    pub(super) fn begin(&mut self) {
        self.question += 1;
    }

    /// True if nothing has told an id whole so far; it is told from now on.
    pub(super) fn is_new(&mut self, id: &str) -> bool {
        self.told_by(id).is_none()
    }

    /// The earlier question that told an id whole; from now on it is told.
    fn told_by(&mut self, id: &str) -> Option<usize> {
        let told = self.whole.get(id).copied();
        if told.is_none() {
            self.whole.insert(id.to_owned(), self.question);
        }
        told
    }

    /// The earlier question that told or named an id; from now on it is named.
    fn named_by(&mut self, id: &str) -> Option<usize> {
        let known = self.whole.get(id).or_else(|| self.named.get(id)).copied();
        self.named.entry(id.to_owned()).or_insert(self.question);
        known
    }
}

/// The facts, questions and assumptions behind an answer.
#[derive(Debug, Default)]
pub(super) struct Basis {
    /// Those of its quantities.
    of_numbers: Facts,
    /// The same with those that texts name.
    pub(super) facts: Facts,
    pub(super) assumptions: Assumptions,
    pub(super) reasons: Reasons,
    tensions: Vec<String>,
    /// The sources of the imported tables that were asked.
    sources: Vec<u16>,
}

impl Basis {
    /// Those behind the results, sentences and printed lines of an answer.
    pub(super) fn of(asked: &Question) -> Self {
        let mut basis = Self::default();
        for result in asked.results() {
            basis.of_numbers.extend(&result.evidence.facts);
            basis.facts.extend(&result.named);
            basis.assumptions = basis.assumptions.union(&result.evidence.assumptions).union(&result.header.assumed);
            basis.reasons = basis.reasons.union(result.evidence.reasons);
            basis.tensions.extend(result.tensions.iter().cloned());
            basis.sources.extend(&result.sources);
        }
        basis.facts.extend(&basis.of_numbers);
        let printed =
            asked.parts.iter().filter_map(|part| if let AnswerPart::Printed(text) = part { Some(text) } else { None });
        for text in asked.sentences.iter().chain(printed) {
            basis.tensions.extend(tension_before(text).map(str::to_owned));
            let sentence = Sentence::read(text);
            basis.facts.extend(&sentence.facts);
            basis.assumptions = basis.assumptions.union(&sentence.assumptions);
        }
        basis
    }

    /// True if sources disagree about a number of the answer.
    pub(super) fn has_conflict(&self, asked: &Question) -> bool {
        let is_noted = asked.results().flat_map(|result| &result.notes).any(|note| note.label == "CONFLICT");
        is_noted || self.is_unknown_by_conflict()
    }

    /// True if the answer is unknown because sources disagree.
    pub(super) fn is_unknown_by_conflict(&self) -> bool {
        self.reasons.iter().any(|reason| reason == Reason::Conflict)
    }

    /// Tells it in a section.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn tell(&self, book: &Book, section: &mut Section, tellings: &mut Tellings) -> Result<(), Error> {
        let fail = |error: rusqlite::Error| book.error(&error);
        let mut before = Before::default();
        let ids = self.named_ids();
        let mut entries = book.facts_of(&mut ids.iter().cloned(), MOST_LISTED).map_err(fail)?;
        let of_numbers: BTreeSet<String> = self.of_numbers.iter().map(|one| one.to_string()).collect();
        // What the numbers rest on weighs most.
        entries.sort_by_key(|fact| !of_numbers.contains(&fact.id));
        let provenance = Provenance::of(book, &self.facts, 0);
        tellings.sources.extend(provenance.sources.iter().chain(&self.sources));
        section.records = record_notes(&provenance, book);
        let told = tell_facts(&entries, &ids, section, tellings, &mut before);
        self.tell_questions(book, &provenance.questions, &told, section, tellings, &mut before)?;
        self.tell_tensions(book, &told, section, tellings, &mut before)?;
        section.conflicts = self.conflicts(book);
        section.told_before = before.told();
        Ok(())
    }

    /// The facts in spans, and the records as they are counted: `F48–F52 F61`.
    pub(super) fn named_facts(&self) -> String {
        let has_records = self.facts.record_sources().next().is_some();
        if has_records {
            return human::facts(&self.facts);
        }
        let ids = self.named_ids();
        spans(&ids.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The ids of the facts that are no records, in order.
    fn named_ids(&self) -> Vec<String> {
        let named = self.facts.groups().filter_map(|group| match group {
            FactGroup::Named(named) => Some(named),
            FactGroup::Records { .. } => None,
        });
        let facts = named.flatten().filter(|one| matches!(one, Ref::Fact { .. }));
        facts.map(|one| one.to_string()).collect()
    }

    /// Tells the open questions of the answer whole, and the first that limits its facts; the others are named.
    fn tell_questions(
        &self,
        book: &Book,
        asked: &[QuestionEntry],
        told: &[FactEntry],
        section: &mut Section,
        tellings: &mut Tellings,
        before: &mut Before,
    ) -> Result<(), Error> {
        let fail = |error: rusqlite::Error| book.error(&error);
        let limits = self.limits(book, told)?;
        let is_asked = |limit: &&FactLimit| asked.iter().any(|question| question.id == limit.unknown);
        let first = limits.iter().find(|limit| limit.brief_order.is_some() && !is_asked(limit));
        let first = match first {
            Some(limit) => book.question(&limit.unknown).map_err(fail)?,
            None => None,
        };
        let whole: Vec<&QuestionEntry> = asked.iter().take(MOST_QUESTIONS).chain(&first).collect();
        for question in &whole {
            match tellings.told_by(&question.id) {
                Some(number) => before.add(number, &question.id),
                None => section.questions.push(question_note(question)),
            }
        }
        let rest = asked.iter().skip(MOST_QUESTIONS).map(|question| (String::new(), question.id.clone()));
        let limits = limits.iter().map(|limit| (format!("{} ", limit.short), limit.unknown.clone()));
        for (short, id) in rest.chain(limits) {
            if whole.iter().any(|question| question.id == id) {
                continue;
            }
            match tellings.named_by(&id) {
                Some(number) if number < tellings.question => before.add(number, &id),
                Some(_) => {}
                None => section.others_open.push(Line::of(short).then(Piece::Id(id))),
            }
        }
        Ok(())
    }

    /// The questions that limit some facts, those of a short note first, without what an assumption answers.
    fn limits(&self, book: &Book, facts: &[FactEntry]) -> Result<Vec<FactLimit>, Error> {
        let answered: Vec<String> = self.assumptions.iter().filter_map(|one| book.answered_by(one.name())).collect();
        let mut limits: Vec<FactLimit> = Vec::new();
        for limit in book.limits_of(facts).map_err(|error| book.error(&error))?.into_iter().flatten() {
            let is_known = limits.iter().any(|known| known.unknown == limit.unknown);
            if !is_known && !answered.contains(&limit.unknown) {
                limits.push(limit);
            }
        }
        limits.sort_by_key(|limit| (limit.brief_order.is_none(), limit.brief_order));
        Ok(limits)
    }

    fn tell_tensions(
        &self,
        book: &Book,
        told: &[FactEntry],
        section: &mut Section,
        tellings: &mut Tellings,
        before: &mut Before,
    ) -> Result<(), Error> {
        let mut found = Vec::new();
        for id in &self.tensions {
            found.extend(tension(book, id)?);
        }
        found.extend(book.tensions_of(told).map_err(|error| book.error(&error))?);
        let mut seen = BTreeSet::new();
        for (id, statement, handling) in found {
            if !seen.insert(id.clone()) {
                continue;
            }
            match tellings.told_by(&id) {
                Some(number) => before.add(number, &id),
                None => section.tensions.push(Noted { id, text: statement, small: handling }),
            }
        }
        Ok(())
    }

    /// The conflicts that any of the facts is part of, with what each source states.
    fn conflicts(&self, book: &Book) -> Vec<Noted> {
        let conflicts = book.statements().map(|statements| statements.conflicts_with(&self.facts)).unwrap_or_default();
        let note = |words: String| {
            // `K1: S1 states …` has the id of a conflict on record; `PL1@proposed: …` has none.
            let (id, text) = match words.split_once(": ") {
                Some((id, text)) if is_id(id) => (id.to_owned(), text.to_owned()),
                _ => ("≠".to_owned(), words.replacen('@', ", ", 1)),
            };
            Noted { id, text, small: String::new() }
        };
        conflicts.iter().map(|conflict| note(conflict.in_words())).collect()
    }
}

/// The id of a tension with which a line begins: `X14: …`.
pub(super) fn tension_before(text: &str) -> Option<&str> {
    let (id, _) = text.split_once(": ")?;
    (id.starts_with('X') && is_id(id)).then_some(id)
}

/// The statement and the handling of a tension.
fn tension(book: &Book, id: &str) -> Result<Option<(String, String, String)>, Error> {
    let found = book.records(id).map_err(|error| book.error(&error))?;
    let Some((_, rows)) = found else { return Ok(None) };
    let Some(row) = rows.first() else { return Ok(None) };
    let cell = |name: &str| row.iter().find(|(known, _)| *known == name).and_then(|(_, cell)| cell.as_deref());
    Ok(cell("statement")
        .zip(cell("handling"))
        .map(|(statement, handling)| (id.to_owned(), statement.to_owned(), handling.to_owned())))
}

/// The notes of earlier questions, by their numbers.
#[derive(Default)]
struct Before(BTreeMap<usize, Vec<String>>);

impl Before {
    fn add(&mut self, question: usize, id: &str) {
        let ids = self.0.entry(question).or_default();
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }

    fn told(self) -> Vec<Told> {
        self.0.into_iter().map(|(question, ids)| Told { question, ids }).collect()
    }
}

/// Tells the facts: a few whole, of many the first and then the ids. Returns those that are told whole, here or before.
fn tell_facts(
    entries: &[FactEntry],
    ids: &[String],
    section: &mut Section,
    tellings: &mut Tellings,
    before: &mut Before,
) -> Vec<FactEntry> {
    let (mut told, mut new) = (Vec::new(), Vec::new());
    for fact in entries {
        match tellings.whole.get(&fact.id) {
            Some(number) => {
                before.add(*number, &fact.id);
                told.push(fact.clone());
            }
            None => new.push(fact),
        }
    }
    let unlisted = ids.len().saturating_sub(entries.len());
    let whole = if new.len() + unlisted <= MOST_TOLD { new.len() } else { FEW_TOLD.min(new.len()) };
    for fact in &new {
        // Those that are listed with their words have a place too.
        tellings.told_by(&fact.id);
    }
    section.facts.told = new[..whole].iter().map(|fact| fact_note(fact)).collect();
    let rest: Vec<&FactEntry> = new[whole..].to_vec();
    if rest.len() + unlisted > 0 {
        let read: BTreeSet<&str> = entries.iter().map(|fact| fact.id.as_str()).collect();
        let others = ids.iter().map(String::as_str).filter(|id| !read.contains(id));
        let mut left: Vec<&str> = rest.iter().map(|fact| fact.id.as_str()).chain(others).collect();
        left.sort_by_key(|id| ids.iter().position(|known| known == id));
        section.facts.more = Some(MoreFacts {
            count: left.len(),
            spans: spans(&left),
            listed: rest.iter().map(|fact| (fact.id.clone(), fact.gloss.clone())).collect(),
        });
    }
    told.extend(new[..whole].iter().map(|fact| (*fact).clone()));
    told
}

/// A fact, told whole.
fn fact_note(fact: &FactEntry) -> FactNote {
    let by = match fact.attribution.as_str() {
        "author" => format!("said by {} itself", fact.source),
        "plan" => "attributed to the plan".to_owned(),
        person => format!("attributed to {person}"),
    };
    let condition = fact.condition.as_ref().map(|condition| format!(" · depends on: {condition}")).unwrap_or_default();
    let (firmness, status) = match &fact.stage {
        Some(stage) => (format!("stage {stage}"), format!("status {} · ", fact.status)),
        None => (fact.certainty.replace('_', " "), String::new()),
    };
    let place = match &fact.as_written {
        Some(_) => source_location(fact).replacen(" \"", " “", 1).replacen('"', "”", 1),
        None => format!("{} {}", fact.source, locator_text(fact)),
    };
    let id = fact.id.clone();
    FactNote { id, gloss: fact.gloss.clone(), firmness, by: format!("{status}{by}{condition}"), place }
}

/// An open question, told whole.
fn question_note(question: &QuestionEntry) -> Noted {
    Noted { id: question.id.clone(), text: question.question.clone(), small: question.means.clone() }
}

/// The records of imported tables.
fn record_notes(provenance: &Provenance, book: &Book) -> Vec<Noted> {
    let note = |note: crate::sql::Note| {
        let small = if note.place.is_empty() { String::new() } else { note.place };
        Noted { id: note.label, text: note.text, small }
    };
    provenance.record_notes(book).into_iter().map(note).collect()
}

/// Ids with three and more in a row as one: `F25–F31 F43 F44`.
fn spans(ids: &[&str]) -> String {
    let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    let follows = |one: &&str, other: &&str| {
        let mark = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        mark(one) == mark(other) && number(one).zip(number(other)).is_some_and(|(one, other)| other == one + 1)
    };
    let runs = ids.chunk_by(|one, other| follows(one, other));
    let run = |run: &[&str]| match run {
        [first, _, .., last] => format!("{first}–{last}"),
        few => few.join(" "),
    };
    runs.map(run).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{spans, tension_before};

    #[test]
    fn three_ids_in_a_row_are_a_span() {
        assert_eq!(spans(&["F25", "F26", "F27", "F43", "F44", "S2F01"]), "F25–F27 F43 F44 S2F01");
        assert_eq!(spans(&[]), "");
    }

    #[test]
    fn a_line_may_begin_with_a_tension() {
        assert_eq!(tension_before("X14: the five named states; kept apart"), Some("X14"));
        assert_eq!(tension_before("F29: no tension"), None);
        assert_eq!(tension_before("no tension X14"), None);
    }
}
