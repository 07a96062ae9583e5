//! The notes under a result: none, the few that a reader needs, or all that `.why` says of it. What a note says is read by
//! [`super::provenance`].

use super::citation::cite_quantity;
use super::provenance::{
    Provenance, assumed_notes, assumption_notes, by_attribution, group_phrase, limit_text, locator_text,
    question_notes, reason_notes, source_note,
};
use crate::sql::{Evidence, Note, Origin};
use crate::store::{Book, FactEntry, FactLimit};
use crate::table::Style;
use crate::terminal::NoteLevel;

/// The most facts that brief notes list one by one.
const MAX_BRIEF_FACTS: usize = 12;

/// The most open questions on which brief notes say everything.
const MAX_BRIEF_QUESTIONS: usize = 2;

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
