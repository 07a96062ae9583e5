//! The line to cite: a number with how it is meant, where it stands and who says so, for a page that is not this
//! program's. It says what the facts say and nothing more.

use super::describe::{at, group_phrase, source_words};
use super::grounds::Grounds;
use crate::quantity::{Amount, Assumption, Quantity, Reason, Reasons, Ref, reading};
use crate::store::{Book, FactEntry};
use crate::table::{Style, in_words};
use std::collections::BTreeMap;

/// The most facts that a line to cite speaks of one by one.
const MOST_FACTS: usize = 12;

/// The line of a quantity, and of how it was computed where that is known.
pub(super) fn quantity(book: &Book, quantity: &Quantity, working: Option<&str>, style: &Style) -> String {
    let grounds = Grounds::of(book, quantity.facts(), MOST_FACTS);
    let mut line = match quantity.amount() {
        Amount::Unknown(reasons) if reasons.iter().any(|reason| reason == Reason::Conflict) => {
            conflict(book, quantity).unwrap_or_else(|| unknown(&grounds, &in_prose(*reasons)))
        }
        Amount::Unknown(reasons) => unknown(&grounds, &in_prose(*reasons)),
        _ => known(book, quantity, working, style, &grounds),
    };
    for source in grounds.sources.iter().filter_map(|number| book.source(&format!("S{number}")).ok().flatten()) {
        line.push_str(&format!("; {} is {}", source.id, source_words(&source).replace("; ", ", ")));
    }
    let (given, supposed): (Vec<_>, Vec<_>) = quantity.assumptions().iter().cloned().partition(Assumption::is_given);
    let supposed = reading::assumptions(&supposed.into_iter().collect());
    let given = reading::given(&given.into_iter().collect());
    if !supposed.is_empty() {
        line.push_str(&format!("; it supposes {}, which no source of the book states", supposed.join(", ")));
    }
    if !given.is_empty() {
        line.push_str(&format!("; given here, by no source of the book: {}", given.join(", ")));
    }
    line
}

fn known(book: &Book, quantity: &Quantity, working: Option<&str>, style: &Style, grounds: &Grounds) -> String {
    let value = in_words(quantity, style).replacen('/', " per ", 1);
    if grounds.facts.is_empty() && grounds.tables.is_empty() {
        return format!("{value}: no source of the book states it");
    }
    if let (Some(_), Some(fact)) = (stated(book, quantity), grounds.facts.first()) {
        let label = fact.label.as_deref().map(|label| format!(": {label}")).unwrap_or_default();
        let mut written: Vec<&str> = grounds.facts.iter().filter_map(|fact| fact.as_written.as_deref()).collect();
        written.dedup();
        let written: Vec<String> = written.into_iter().map(|written| format!(" as \"{written}\"")).collect();
        let stage = fact.stage.as_deref().map(|stage| format!(", stage {stage}")).unwrap_or_default();
        return format!("{value}{label}{stage}; stated{}, {}", written.join(" and"), standing(&grounds.facts));
    }
    let working = working.map(|working| format!(" as {working}")).unwrap_or_default();
    let from = match (grounds.tables.is_empty(), grounds.unlisted) {
        (true, 0) => standing(&grounds.facts),
        _ => format!("from {}", reading::facts(quantity.facts())),
    };
    let stages = quantity.stages();
    let stage = if stages.is_empty() { String::new() } else { format!(", stage {stages}") };
    format!("{value}{stage}, computed{working}; {from}; no source of the book states the result")
}

/// The fact whose figure a quantity is, as stated; the facts, where several state it of one thing.
pub(super) fn stated(book: &Book, quantity: &Quantity) -> Option<String> {
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

/// `proposed by Starmer, as S1 reports it (F29 F30; S1 ¶4.2)`.
fn standing(facts: &[FactEntry]) -> String {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&FactEntry>> = BTreeMap::new();
    for fact in facts {
        groups.entry((&fact.certainty, &fact.attribution, &fact.source)).or_default().push(fact);
    }
    let is_only = groups.len() == 1;
    let words: Vec<String> = groups.values().map(|group| group_phrase(group, is_only)).collect();
    format!("{} ({})", words.join(", "), places(facts))
}

/// `F29 F30; S1 ¶4.2`.
fn places(facts: &[FactEntry]) -> String {
    let ids: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    let mut places: Vec<String> = facts.iter().map(|fact| format!("{} {}", fact.source, at(fact))).collect();
    places.dedup();
    format!("{}; {}", ids.join(" "), places.join(", "))
}

/// What each source states, where sources disagree.
fn conflict(book: &Book, quantity: &Quantity) -> Option<String> {
    let lines = book.statements().ok()?.several_among(quantity.facts());
    let lines = if lines.is_empty() { return None } else { lines.join("; ") };
    Some(format!("the sources of the book disagree, and none is chosen or averaged: {lines}"))
}

fn in_prose(reasons: Reasons) -> String {
    reasons.to_string().replace('_', " ")
}

fn unknown(grounds: &Grounds, reasons: &str) -> String {
    let asked: Vec<String> = grounds
        .questions
        .iter()
        .map(|question| {
            let closest = question.closest.join(" ");
            let closest = if closest.is_empty() { String::new() } else { format!("; closest {closest}") };
            format!("\"{}\" ({}{closest})", question.question, question.id)
        })
        .collect();
    if asked.is_empty() {
        let nearest = if grounds.facts.is_empty() { String::new() } else { format!(" ({})", places(&grounds.facts)) };
        return format!("no source of the book gives this number: {reasons}{nearest}");
    }
    format!("the sources of the book leave it open ({reasons}): {}", asked.join(", "))
}

/// The line of a fact that states no number.
pub(super) fn fact(fact: &FactEntry) -> String {
    format!("{}; {}", fact.gloss, standing(std::slice::from_ref(fact)))
}
