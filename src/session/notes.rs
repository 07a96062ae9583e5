//! What is said under a result: each fact with its place and words, how firmly and by whom they are put, what is not
//! stated, and which sources they come from. It reads the book and makes notes of it; laying them out is the table's.

use super::cite;
use super::describe::{at, group_phrase, source_note};
use super::grounds::Grounds;
use super::questions::{question_notes, reason_notes};
use super::suppose::in_words;
use crate::quantity::{Assumption, Assumptions, reading};
use crate::sql::{Evidence, Note, Origin};
use crate::store::{Book, FactEntry, FactLimit};
use crate::table::Style;
use std::collections::{BTreeMap, BTreeSet};

/// How much is said under a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// A line a fact, what limits the figure most, the sources.
    #[default]
    Brief,
    /// Everything that the book has on each fact.
    Full,
    /// Nothing.
    None,
}

impl Depth {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Brief => "brief",
            Self::Full => "full",
            Self::None => "none",
        }
    }

    /// The depth of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "brief" => Self::Brief,
            "full" => Self::Full,
            "none" => Self::None,
            _ => return None,
        })
    }
}

/// The most facts that brief notes list one by one.
const BRIEF_FACTS: usize = 12;

/// The most open questions on which brief notes say everything.
const BRIEF_QUESTIONS: usize = 2;

/// The notes under a result that rests on `evidence`.
pub(super) fn notes(book: &Book, evidence: &Evidence, depth: Depth, style: &Style) -> Vec<Note> {
    match depth {
        Depth::None => Vec::new(),
        Depth::Brief => brief(book, evidence),
        Depth::Full => full(book, evidence, style),
    }
}

fn brief(book: &Book, evidence: &Evidence) -> Vec<Note> {
    let grounds = Grounds::of(book, &evidence.facts, BRIEF_FACTS);
    let mut all = Vec::new();
    if !evidence.is_value {
        let line = |fact: &FactEntry| Note::new(&fact.id, &at(fact), &fact.gloss);
        all.extend(grounds.facts.iter().map(line));
        if grounds.unlisted > 0 {
            all.push(Note::new("…", "", &format!("{} more facts: `--notes full` lists them", grounds.unlisted)));
        }
        all.extend(group_notes(&grounds.facts, grounds.unlisted == 0));
        all.extend(limits_note(book, &grounds.facts, evidence));
        all.extend(grounds.table_notes());
        all.extend(assumed_notes(book, &evidence.assumptions));
    }
    all.extend(open_notes(book, &grounds, evidence));
    if !evidence.is_value {
        all.extend(source_notes(book, &grounds.sources));
    }
    all
}

/// The depth of `.why`, for a result.
fn full(book: &Book, evidence: &Evidence, style: &Style) -> Vec<Note> {
    let grounds = Grounds::of(book, &evidence.facts, usize::MAX);
    let mut all = Vec::new();
    let only = evidence.first.as_ref().filter(|_| evidence.quantities == 1);
    if let Origin::Computed(workings) = &evidence.origin {
        let label = |n: usize| if n == 0 { "working" } else { "" };
        let told = workings.iter().enumerate().map(|(n, (row, _, working))| match only {
            Some(_) => Note::new(label(n), "", working),
            None => Note::new(label(n), "", working).led_by(&format!("row {}", row + 1)),
        });
        all.extend(told);
    }
    all.extend(grounds.full_notes(book));
    all.extend(grounds.questions.iter().flat_map(|question| question_notes(book, question, false)));
    all.extend(reason_notes(book, evidence.reasons));
    all.extend(grounds.source_notes(book));
    all.push(Note::new("assumptions", "", &assumptions(&evidence.assumptions)));
    all.extend(assumed_notes(book, &evidence.assumptions));
    if let Some(quantity) = only {
        let working = match &evidence.origin {
            Origin::Computed(workings) => workings.first().map(|(.., working)| working.as_str()),
            _ => None,
        };
        all.push(Note::new("to cite", "", &cite::quantity(book, quantity, working, style)));
    }
    all
}

/// What is unknown in a result: everything on a few questions, a line each where there are more.
fn open_notes(book: &Book, grounds: &Grounds, evidence: &Evidence) -> Vec<Note> {
    let mut all = Vec::new();
    let questions = &grounds.questions;
    if questions.len() <= BRIEF_QUESTIONS {
        all.extend(questions.iter().flat_map(|question| question_notes(book, question, false)));
    } else {
        all.extend(questions.iter().map(|question| Note::new(&question.id, "", &question.question)));
    }
    all.extend(reason_notes(book, evidence.reasons));
    all
}

/// What is supposed, in words.
pub(super) fn assumptions(assumptions: &Assumptions) -> String {
    let words = reading::assumptions(assumptions);
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// `both proposed by Starmer, as S1 reports it`: facts put alike are said so once.
fn group_notes(facts: &[FactEntry], are_all: bool) -> Vec<Note> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&FactEntry>> = BTreeMap::new();
    for fact in facts {
        groups.entry((&fact.certainty, &fact.attribution, &fact.source)).or_default().push(fact);
    }
    let is_only = groups.len() == 1 && are_all;
    let mut grouped: Vec<_> = groups.into_values().collect();
    grouped.sort_by_key(|group| facts.iter().position(|fact| fact.id == group[0].id));
    grouped.iter().map(|group| Note::new("", "", &group_phrase(group, is_only))).collect()
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
    let words: Vec<String> = limits.iter().map(|limit| format!("{} ({})", limit.short, limit.unknown)).collect();
    (!words.is_empty()).then(|| Note::new("not stated", "", &words.join(", ")))
}

/// What the session supposes, each with what is stated: `assumed  F30 = 4,500 missile, where S1 states 5,000 missile`.
pub(super) fn assumed_notes(book: &Book, assumptions: &Assumptions) -> Vec<Note> {
    let names = assumptions.iter().map(Assumption::name).collect::<BTreeSet<_>>();
    let lines = names.into_iter().filter_map(|name| book.what_if(name)).filter_map(|one| in_words(book, &one).ok());
    lines.enumerate().map(|(at, line)| Note::new(if at == 0 { "assumed" } else { "" }, "", &line)).collect()
}

/// One line a source, in the order of their numbers; the first says how many there are.
fn source_notes(book: &Book, numbers: &[u16]) -> Vec<Note> {
    let sources: Vec<_> =
        numbers.iter().filter_map(|number| book.source(&format!("S{number}")).ok().flatten()).collect();
    let count = sources.len();
    let label = |at: usize| match (count, at) {
        (1, _) => "one source".to_owned(),
        (_, 0) => format!("{count} sources"),
        _ => String::new(),
    };
    sources.iter().enumerate().map(|(at, source)| Note::new(&label(at), "", &source_note(source))).collect()
}
