//! A verdict in words: what the figure is, what it does not show, what it rests on.

use super::verdict::{Agreement, Candidate, Verdict};
use crate::quantity::{Quantity, Ref, Unit, reading};
use crate::session::describe::source_words;
use crate::sql::Note;
use crate::store::{Book, FactEntry};
use crate::table::notes_block;
use rust_decimal::Decimal;

/// Numbers as words, up to where a numeral reads better.
const WORDS: [&str; 10] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// The code of a verdict, for programs.
pub(super) fn code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Found(_, Agreement::Rounded(_)) => "rounded",
        Verdict::Found(candidate, Agreement::Same) if candidate.is_stated => "stated",
        Verdict::Found(..) => "derived",
        Verdict::NotInBook { .. } => "not_in_book",
    }
}

/// The verdict for people: a sentence, then lines with labels.
pub(super) fn text(book: &Book, figure: &Quantity, verdict: &Verdict) -> String {
    let shown = reading::quantity(figure, None);
    let word = code(verdict).replace('_', " ").to_uppercase();
    let facts = verdict.candidate().map_or_else(Vec::new, |candidate| facts_of(book, candidate));
    let mut notes = vec![matched(figure, verdict)];
    notes.extend(open(book, verdict));
    notes.extend(not_shown(book, &facts));
    notes.extend(rests_on(book, &facts));
    format!("{shown} is {word}: {}\n{}", why(figure, verdict, &facts), notes_block(&notes))
}

fn why(figure: &Quantity, verdict: &Verdict, facts: &[FactEntry]) -> String {
    let source = facts.first().map_or("the book", |fact| fact.source.as_str());
    match verdict {
        Verdict::Found(candidate, Agreement::Rounded(figures)) => {
            let plural = if *figures == 1 { "" } else { "s" };
            let origin = if candidate.is_stated { "which {} states" } else { "which {} does not state" };
            let exact = reading::quantity(&candidate.quantity, None);
            format!("to {} figure{plural}, of {exact}, {}", in_words(*figures), origin.replace("{}", source))
        }
        Verdict::Found(candidate, _) if candidate.is_stated => {
            let places: Vec<String> = facts.iter().map(|fact| format!("¶{}", fact.locator)).collect();
            format!("{source} states it, {}", places.join(" "))
        }
        Verdict::Found(_, agreement) => {
            let count = u32::try_from(facts.len()).unwrap_or(u32::MAX);
            let gives = if count == 1 { "fact gives" } else { "of its facts give" };
            let what = if *agreement == Agreement::End { "an end of a range" } else { "it" };
            let where_assumed = assumed(verdict).map_or_else(String::new, |list| format!(" where {list}"));
            format!("{source} does not state it; {} {gives} {what}{where_assumed}", in_words(count))
        }
        Verdict::NotInBook { .. } if figure.number().is_none() => {
            "no fact states such a bound or range, and no question of the library gives it".to_owned()
        }
        Verdict::NotInBook { .. } => "no fact states it, and no question of the library gives it".to_owned(),
    }
}

/// What a match rests on besides facts: `F30 = 4,000 missile`.
fn assumed(verdict: &Verdict) -> Option<String> {
    let assumptions = verdict.candidate()?.quantity.assumptions();
    let list: Vec<String> = assumptions.iter().map(reading::assumption).collect();
    (!list.is_empty()).then(|| list.join("; "))
}

/// The line of the match, or of the nearest number.
fn matched(figure: &Quantity, verdict: &Verdict) -> Note {
    match verdict {
        Verdict::Found(candidate, agreement) => {
            let how = match agreement {
                Agreement::Same if candidate.quantity.is_exact() => ", exact",
                Agreement::Same => ", inexact",
                Agreement::End => ", an end of it",
                Agreement::Rounded(_) => ", rounded",
            };
            Note::new("match", "", &format!("{}{how}{}", candidate.name, grounds(candidate)))
        }
        Verdict::NotInBook { nearest: Some((candidate, share)), .. } => {
            let near = reading::quantity(&candidate.quantity, None);
            let distance = share.and_then(percent).map_or_else(String::new, |percent| format!(" ({percent} from it)"));
            Note::new("nearest", "", &format!("{near}{distance}: {}{}", candidate.name, grounds(candidate)))
        }
        Verdict::NotInBook { .. } if figure.unit().is_some_and(Unit::is_one) => {
            Note::new("nearest", "", "none, without a unit to compare by")
        }
        Verdict::NotInBook { .. } => Note::new("nearest", "", "no number of that unit"),
    }
}

/// The question that the sources leave open about such a number.
fn open(book: &Book, verdict: &Verdict) -> Option<Note> {
    let Verdict::NotInBook { open: Some(open), .. } = verdict else { return None };
    let unknown = open.quantity.facts().iter().find(|reference| matches!(reference, Ref::Unknown(_)))?.to_string();
    let question = book.question(&unknown).ok().flatten()?;
    Some(Note::new("open", "", &format!("{unknown} {} {}", question.question, reading::quantity(&open.quantity, None))))
}

/// ` [F29 F30, proposed]`.
fn grounds(candidate: &Candidate) -> String {
    let (facts, stages) = (candidate.quantity.facts(), candidate.quantity.stages());
    let stages = if stages.is_empty() { String::new() } else { format!(", {stages}") };
    format!(" [{}{stages}]", reading::facts(facts))
}

/// `≈+6.25 %`.
fn percent(share: Decimal) -> Option<String> {
    let exact = share.checked_mul(Decimal::ONE_HUNDRED)?;
    let digits = reading::group_digits(exact, Some(2));
    let is_rounded = exact.round_dp(2) != exact;
    let sign = if exact.is_sign_positive() { "+" } else { "" };
    Some(format!("{}{sign}{digits} %", if is_rounded { "≈" } else { "" }))
}

/// What the sources leave open about the facts behind it.
fn not_shown(book: &Book, facts: &[FactEntry]) -> Option<Note> {
    let mut limits = Vec::new();
    for limit in facts.iter().flat_map(|fact| book.limits_of(&fact.id).unwrap_or_default()) {
        let words = format!("{} ({})", limit.short, limit.unknown);
        if !limits.contains(&words) {
            limits.push(words);
        }
    }
    (!limits.is_empty()).then(|| Note::new("not shown", "", &format!("{}: not stated", limits.join(", "))))
}

fn rests_on(book: &Book, facts: &[FactEntry]) -> Option<Note> {
    let mut ids: Vec<&str> = facts.iter().map(|fact| fact.source.as_str()).collect();
    ids.dedup();
    let sources: Vec<String> = ids
        .iter()
        .filter_map(|id| book.source(id).ok().flatten())
        .map(|source| format!("{}, {}", source.id, source_words(&source)))
        .collect();
    let count = if sources.len() == 1 { "one source, " } else { "" };
    (!sources.is_empty()).then(|| Note::new("rests on", "", &format!("{count}{}", sources.join("; "))))
}

fn facts_of(book: &Book, candidate: &Candidate) -> Vec<FactEntry> {
    let facts = candidate.quantity.facts().iter().filter(|reference| matches!(reference, Ref::Fact { .. }));
    facts.filter_map(|reference| book.fact(&reference.to_string()).ok().flatten()).collect()
}

fn in_words(count: u32) -> String {
    usize::try_from(count)
        .ok()
        .and_then(|at| WORDS.get(at))
        .map_or_else(|| count.to_string(), |word| (*word).to_owned())
}
