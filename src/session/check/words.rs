//! A verdict in words: what the figure is, what it does not show, what it rests on.

use super::agreement::Agreement;
use super::candidates::Origin;
use super::claim::Claim;
use super::conflict::Dispute;
use super::evidence::Evidence;
use super::nearest::{Nearest, Relation, off_by};
use super::remarks::{remarks, value_in_words, with_grounds};
use super::verdict::{Match, Outcome, Verdict};
use crate::quantity::{Approximation, Quantity, Unit, reading};
use crate::session::describe::{at, source_words};
use crate::sql::Note;
use crate::store::{Book, FactEntry};
use crate::table::notes_block;

/// Numbers as words, up to where a numeral reads better.
const WORDS: [&str; 10] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// More of a kind than this are counted, not told.
const MOST_TOLD: usize = 4;

/// A verdict in a word, which is its code for programs too.
pub(super) fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stated => "stated",
        Outcome::Derived => "derived",
        Outcome::Rounded => "rounded",
        Outcome::Superseded => "superseded",
        Outcome::Conflict => "conflict",
        Outcome::NotInBook => "not_in_book",
    }
}

/// The verdict for people: a sentence, then lines with labels.
pub(super) fn text(book: &Book, claim: &Claim, verdict: &Verdict) -> String {
    let evidence = Evidence::of(book, verdict);
    let mut notes = matched(claim, verdict);
    notes.extend(verdict.disputes.iter().map(|dispute| Note::new("conflict", "", &disagreement(dispute))));
    notes.extend(remarks(book, claim, verdict));
    notes.extend(not_shown(book, &evidence.facts));
    notes.extend(rests_on(book, &evidence));
    format!("{} is {}\n{}", shown(claim), sentence(book, claim, verdict, &evidence), notes_block(&notes))
}

fn shown(claim: &Claim) -> String {
    let each = if claim.is_per_item { " each" } else { "" };
    format!("{}{each}", reading::quantity(&claim.quantity, None))
}

fn sentence(book: &Book, claim: &Claim, verdict: &Verdict, evidence: &Evidence) -> String {
    let word = code(verdict.outcome).replace('_', " ").to_uppercase();
    let Some(first) = verdict.matches.first() else { return format!("{word}: {}", absence(claim)) };
    let stated = || {
        let places = evidence.by_source().into_iter().take(MOST_TOLD).map(|(source, facts)| {
            let places: Vec<String> = facts.iter().map(|fact| at(fact)).collect();
            format!("{source} states it, {}", places.join(" "))
        });
        places.collect::<Vec<_>>().join("; ")
    };
    match (verdict.outcome, &first.candidate.origin) {
        (_, Origin::Superseded { source, locator, by }) => {
            let place = if locator.starts_with(|c: char| c.is_ascii_digit()) { "¶" } else { "" };
            let correction = book.stated_figure(by).ok().flatten().filter(|quantity| !quantity.is_unknown());
            let correction = correction.map_or("no number".to_owned(), |quantity| reading::quantity(&quantity, None));
            format!("{word} by {by}: {source} stated it, {place}{locator}; {by} states {correction}")
        }
        (Outcome::Conflict, Origin::Stated) if first.agreement == Agreement::Same => {
            format!("in {word}: {}; {}", stated(), contradictions(&verdict.disputes, &first.candidate.quantity))
        }
        (Outcome::Conflict, _) => {
            let how = derivation(claim, first, evidence);
            format!("in {word}: {how}, and sources disagree about what it follows from")
        }
        (Outcome::Stated, _) => format!("{word}: {}", stated()),
        _ => format!("{word}: {}", derivation(claim, first, evidence)),
    }
}

/// Why the book does not have a figure.
fn absence(claim: &Claim) -> &'static str {
    match claim.quantity.number() {
        None => "no fact states such a bound or range, and no question of the library gives it",
        Some(_) => "no fact states it, and no question of the library gives it",
    }
}

/// What gives a figure that no source writes.
fn derivation(claim: &Claim, found: &Match, evidence: &Evidence) -> String {
    let exact = value_in_words(&found.candidate.quantity);
    let sources: Vec<&str> = evidence.by_source().into_iter().map(|(source, _)| source).collect();
    let source = if let [source] = sources.as_slice() { *source } else { "" };
    match (found.agreement, found.candidate.is_stated(), source) {
        (Agreement::Rounded(figures), is_stated, source) => {
            let plural = if figures == 1 { "" } else { "s" };
            let origin = match (is_stated, source) {
                (true, source) => format!("which {source} states"),
                (false, "") => "which no source states".to_owned(),
                (false, source) => format!("which {source} does not state"),
            };
            format!("to {} figure{plural}, of {exact}, {origin}", in_words(figures.into()))
        }
        (Agreement::Same, true, source) => format!("{source} states {exact}"),
        (Agreement::End, true, source) => format!("{source} states {exact}, of which it is an end"),
        (Agreement::End, false, source) => {
            format!("{}, of which it is an end", given_by(source, &exact, found, evidence))
        }
        // So much for each of something: the number that is found says of what.
        (_, _, source) => given_by(source, if claim.is_per_item { &exact } else { "it" }, found, evidence),
    }
}

/// `S1 does not state it; two of its facts give it where F30 = 4,000 missile`.
fn given_by(source: &str, what: &str, found: &Match, evidence: &Evidence) -> String {
    let assumptions: Vec<String> = found.candidate.quantity.assumptions().iter().map(reading::assumption).collect();
    let supposed = if assumptions.is_empty() { String::new() } else { format!(" where {}", assumptions.join("; ")) };
    let count = in_words(evidence.count);
    let giving = match (source, evidence.count) {
        ("", 0) => format!("no source states it; a question of the library gives {what}"),
        ("", count) if count > MOST_TOLD as u64 => {
            let sources: Vec<&str> = evidence.by_source().into_iter().map(|(source, _)| source).collect();
            format!("no source states it; {count} facts of {} give {what}", listed(&sources))
        }
        ("", _) => {
            let facts: Vec<String> =
                evidence.facts.iter().map(|fact| format!("{} of {}", fact.id, fact.source)).collect();
            format!("no source states it; {} give {what}", listed(&facts))
        }
        (source, 1) => format!("{source} does not state it; one fact gives {what}"),
        (source, _) => format!("{source} does not state it; {count} of its facts give {what}"),
    };
    format!("{giving}{supposed}")
}

/// `S2 states 1,160,000,000 GBP`, for each source that states another value.
fn contradictions(disputes: &[Dispute], quantity: &Quantity) -> String {
    let is_other = |stated: &Quantity| stated.amount() != quantity.amount() || stated.unit() != quantity.unit();
    let others = disputes.iter().flat_map(|dispute| &dispute.statements).filter(|(_, stated)| is_other(stated));
    let mut told: Vec<String> = Vec::new();
    for (source, stated) in others {
        let words = format!("{source} states {}", reading::quantity(stated, None));
        if !told.contains(&words) {
            told.push(words);
        }
    }
    told.truncate(MOST_TOLD);
    told.join("; ")
}

/// `PL1@proposed, how much is …: S1 states 1,600,000,000 GBP [F29]; …; none is chosen or averaged`.
fn disagreement(dispute: &Dispute) -> String {
    let state = |(source, stated): &(String, Quantity)| {
        format!("{source} states {} [{}]", reading::quantity(stated, None), reading::facts(stated.facts()))
    };
    let statements: Vec<String> = dispute.statements.iter().map(state).collect();
    format!("{}, {}: {}; none is chosen or averaged", dispute.id, dispute.question, statements.join("; "))
}

/// The lines of the matches, or of the nearest number.
fn matched(claim: &Claim, verdict: &Verdict) -> Vec<Note> {
    if verdict.matches.is_empty() {
        return vec![Note::new("nearest", "", &near(claim, verdict.nearest.as_ref()))];
    }
    // Of derived numbers that agree equally well one is enough; of statements each is a witness.
    let is_stated = verdict.matches[0].candidate.is_stated();
    let most = if is_stated { MOST_TOLD } else { 1 };
    let mut notes: Vec<Note> = Vec::new();
    for (n, found) in verdict.matches.iter().take(most).enumerate() {
        let line = with_grounds(&format!("{}{}", found.candidate.name, how(claim, found)), &found.candidate.quantity);
        notes.push(Note::new(if n == 0 { "match" } else { "" }, "", &line));
    }
    if is_stated && verdict.matches.len() > most {
        notes.push(Note::new("", "", &format!("and {} more statements", verdict.matches.len() - most)));
    }
    notes
}

fn how(claim: &Claim, found: &Match) -> String {
    let quantity = &found.candidate.quantity;
    match found.agreement {
        Agreement::Same if quantity.is_exact() => match claim.hedge {
            None => ", exact".to_owned(),
            Some(Approximation::Near) => ", which the book puts exactly".to_owned(),
            Some(Approximation::JustBelow) => ", no less than it".to_owned(),
            Some(Approximation::JustAbove) => ", no more than it".to_owned(),
        },
        Agreement::Same if found.candidate.is_stated() => ", which the source puts as about".to_owned(),
        Agreement::Same => ", inexact".to_owned(),
        Agreement::OpenEnd => ", an end of which is not in it".to_owned(),
        Agreement::End => ", an end of it".to_owned(),
        Agreement::Rounded(_) => {
            let off =
                claim.quantity.number().zip(quantity.number()).and_then(|(figure, number)| off_by(figure, number));
            off.map_or(", rounded".to_owned(), |off| format!(", rounded, {} from it", percent(&off)))
        }
    }
}

fn near(claim: &Claim, nearest: Option<&Nearest>) -> String {
    let Some(Nearest { candidate, relation }) = nearest else {
        let is_plain = claim.quantity.unit().is_some_and(Unit::is_one);
        return if is_plain { "none, without a unit to compare by" } else { "no number of that unit" }.to_owned();
    };
    let value = value_in_words(&candidate.quantity);
    let distance = match relation {
        Relation::Off(Some(off)) => format!(" ({} from it)", percent(off)),
        Relation::Within => " (within it, which is no number)".to_owned(),
        Relation::Edge => " (where it ends, and not in it)".to_owned(),
        Relation::Off(None) | Relation::Untold => String::new(),
    };
    with_grounds(&format!("{value}{distance}: {}", candidate.name), &candidate.quantity)
}

/// `≈+6.25 %`.
fn percent(off: &Quantity) -> String {
    let digits = reading::amount(off.amount(), None);
    let is_rise = off.number().is_some_and(|number| number.is_sign_positive());
    let (mark, digits) = digits.strip_prefix('≈').map_or(("", digits.as_str()), |digits| ("≈", digits));
    format!("{mark}{}{digits} %", if is_rise { "+" } else { "" })
}

/// What the sources leave open about the facts behind it.
fn not_shown(book: &Book, facts: &[FactEntry]) -> Option<Note> {
    let mut limits = Vec::new();
    for limit in book.limits_of(facts).unwrap_or_default().into_iter().flatten() {
        let words = format!("{} ({})", limit.short, limit.unknown);
        if !limits.contains(&words) {
            limits.push(words);
        }
    }
    (!limits.is_empty()).then(|| Note::new("not shown", "", &format!("{}: not stated", limits.join(", "))))
}

fn rests_on(book: &Book, evidence: &Evidence) -> Option<Note> {
    let ids = evidence.sources.iter();
    let sources: Vec<String> = ids
        .filter_map(|id| book.source(id).ok().flatten())
        .map(|source| format!("{}, {}", source.id, source_words(&source)))
        .collect();
    let count = if sources.len() == 1 { "one source, ".to_owned() } else { format!("{} sources: ", sources.len()) };
    (!sources.is_empty()).then(|| Note::new("rests on", "", &format!("{count}{}", sources.join("; "))))
}

fn listed(words: &[impl AsRef<str>]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

fn in_words(count: u64) -> String {
    let word = usize::try_from(count).ok().and_then(|at| WORDS.get(at));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}
