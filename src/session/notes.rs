//! What is said under a result: each fact with its place and words, how firmly and by whom they are put, what is not
//! stated, and which sources they come from. It reads the book and makes notes of it; laying them out is the table's.

use super::describe::{group_phrase, locus, source_note, standing};
use super::suppose::in_words;
use crate::quantity::{Assumption, Group, Ref};
use crate::sql::{Evidence, Note};
use crate::store::{Book, FactEntry, Limit};
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

/// The notes under a result that rests on `evidence`. A book that can't be read any more gives none: the rows above
/// would have failed first.
pub(super) fn notes(book: &Book, evidence: &Evidence, depth: Depth) -> Vec<Note> {
    let most = match depth {
        Depth::None => return Vec::new(),
        Depth::Brief => BRIEF_FACTS,
        Depth::Full => usize::MAX,
    };
    let (mut facts, mut others, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    let mut unlisted = 0;
    for group in evidence.facts.groups() {
        match group {
            Group::Named(references) => {
                for reference in &references {
                    match reference {
                        Ref::Unknown(_) => others.extend(question(book, &reference.to_string())),
                        _ if facts.len() == most => unlisted += 1,
                        _ => facts.extend(book.fact(&reference.to_string()).ok().flatten()),
                    }
                    sources.extend(source_of(*reference));
                }
            }
            Group::Records { source, .. } => {
                others.push(Note::new("records", "", &format!("of S{source}, an imported table")));
                sources.push(source);
            }
        }
    }
    let mut all: Vec<Note> = facts.iter().flat_map(|fact| fact_notes(book, fact, depth)).collect();
    if unlisted > 0 {
        all.push(Note::new("…", "", &format!("{unlisted} more facts: `--notes full` lists them")));
    }
    if depth == Depth::Brief {
        all.extend(group_notes(&facts, unlisted == 0));
        all.extend(limits_note(book, &facts, evidence));
    }
    all.extend(assumed_notes(book, evidence));
    all.extend(others);
    sources.dedup();
    all.extend(source_notes(book, &sources));
    all
}

fn source_of(reference: Ref) -> Option<u16> {
    match reference {
        Ref::Fact { source, .. } | Ref::Record { source, .. } | Ref::AllRecords(source) => Some(source),
        Ref::Unknown(_) => None,
    }
}

fn fact_notes(book: &Book, fact: &FactEntry, depth: Depth) -> Vec<Note> {
    if depth == Depth::Full {
        return full_notes(book, fact);
    }
    vec![Note::new(&fact.id, &format!("¶{}", fact.locator), &fact.gloss)]
}

/// Everything on one fact: where, in which words, how it stands, what limits it, what it pulls against.
pub(super) fn full_notes(book: &Book, fact: &FactEntry) -> Vec<Note> {
    let mut notes =
        vec![Note::new(&fact.id, "", &locus(fact)), Note::new("", "", &fact.gloss), Note::new("", "", &standing(fact))];
    let limits = book.limits_of(&fact.id).unwrap_or_default();
    if !limits.is_empty() {
        let words: Vec<String> = limits.iter().map(|limit| format!("{} ({})", limit.short, limit.unknown)).collect();
        notes.push(Note::new("", "", &format!("not stated: {}", words.join(", "))));
    }
    for (id, statement, handling) in book.tensions_of(&fact.id).unwrap_or_default() {
        notes.push(Note::new(&id, "", &format!("{statement}: {handling}")));
    }
    notes
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
    let mut limits: Vec<Limit> = Vec::new();
    for limit in facts.iter().flat_map(|fact| book.limits_of(&fact.id).unwrap_or_default()) {
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
fn assumed_notes(book: &Book, evidence: &Evidence) -> Vec<Note> {
    let names = evidence.assumptions.iter().map(Assumption::name).collect::<BTreeSet<_>>();
    let lines = names.into_iter().filter_map(|name| book.supposition(name)).filter_map(|one| in_words(book, &one).ok());
    lines.enumerate().map(|(at, line)| Note::new(if at == 0 { "assumed" } else { "" }, "", &line)).collect()
}

/// An open question that the result itself rests on.
fn question(book: &Book, unknown: &str) -> Option<Note> {
    book.question(unknown).ok().flatten().map(|question| Note::new(unknown, "", &question))
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
