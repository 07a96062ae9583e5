//! The report of a verdict: a text for people, with hints on skipped words and on figures that may have been meant, and a
//! row for programs.

use super::Claim;
use super::candidates::{Candidate, CandidateOrigin, Dispute};
use super::comparison::{Agreement, Nearest, Proximity, percent_off};
use super::verdict::{CandidateMatch, SupportingFacts, Verdict};
use crate::quantity::{Approximation, Quantity, Ref, Unit, human};
use crate::session::provenance::{limit_text, locator_text, source_note};
use crate::sql::{Cell, Column, Note};
use crate::store::{Book, FactEntry, RecordEntry};
use crate::table::{FigureVerdict, notes_block};
use rust_decimal::Decimal;

/// Numbers as words, up to where a numeral reads better.
const NUMBER_WORDS: [&str; 10] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// The most of a kind that are listed; more are counted.
const MAX_LISTED: usize = 4;

/// The parts of a report on a figure of a text.
pub(super) struct Parts {
    /// The reason, without the word of the verdict: `S1 states it, ¶4.2`.
    pub(super) reason: String,
    pub(super) matched: Option<String>,
    pub(super) nearest: Option<String>,
    pub(super) remarks: Vec<(String, String)>,
    /// The open questions that limit what it rests on.
    pub(super) limits: Vec<String>,
    pub(super) evidence: SupportingFacts,
}

/// The parts of the report on a figure.
pub(super) fn parts(book: &Book, claim: &Claim, verdict: &Verdict) -> Parts {
    let evidence = SupportingFacts::of(book, verdict);
    let whole = sentence(book, claim, verdict, &evidence);
    let reason = whole.split_once(": ").map_or(whole.as_str(), |(_, reason)| reason);
    let (first, others) = {
        let mut lines = match_notes(claim, verdict).into_iter().map(|note| note.text.clone());
        (lines.next(), lines.collect::<Vec<_>>())
    };
    let disputes = verdict.disputes.iter().map(|dispute| ("conflict".to_owned(), disagreement(dispute)));
    let hints = hint_notes(book, claim, verdict).into_iter().map(|note| (note.label.clone(), note.text.clone()));
    let also = others.into_iter().map(|line| ("and".to_owned(), line));
    let has_match = !verdict.matches.is_empty();
    Parts {
        reason: reason.to_owned(),
        matched: first.clone().filter(|_| has_match),
        nearest: first.filter(|_| !has_match),
        remarks: also.chain(disputes).chain(hints).collect(),
        limits: limits(book, &evidence.facts),
        evidence,
    }
}

/// The report for people: a sentence, then lines with labels.
pub(super) fn text(book: &Book, claim: &Claim, verdict: &Verdict) -> String {
    let evidence = SupportingFacts::of(book, verdict);
    let mut notes = match_notes(claim, verdict);
    notes.extend(verdict.disputes.iter().map(|dispute| Note::new("conflict", "", &disagreement(dispute))));
    notes.extend(hint_notes(book, claim, verdict));
    notes.extend(limits_note(book, &evidence.facts));
    notes.extend(sources_note(book, &evidence));
    format!("{} is {}\n{}", figure_text(claim), sentence(book, claim, verdict, &evidence), notes_block(&notes, None))
}

/// The verdict in a sentence, with the facts behind it: `Derived: S1 does not state it; two of its facts give it [F29 F30]`.
pub(super) fn summary(book: &Book, claim: &Claim, verdict: &Verdict) -> String {
    let evidence = SupportingFacts::of(book, verdict);
    let sentence = sentence(book, claim, verdict, &evidence);
    let (word, rest) = sentence.split_once(':').unwrap_or((&sentence, ""));
    let word = format!("{}{}", &word[..1], word[1..].to_lowercase());
    let facts = if verdict.matches.is_empty() || evidence.all.is_empty() {
        String::new()
    } else {
        format!(" [{}]", human::facts(&evidence.all))
    };
    format!("{word}:{rest}{facts}")
}

fn figure_text(claim: &Claim) -> String {
    let each = if claim.is_per_item { " each" } else { "" };
    format!("{}{each}", human::quantity(&claim.quantity, None))
}

fn sentence(book: &Book, claim: &Claim, verdict: &Verdict, evidence: &SupportingFacts) -> String {
    let word = verdict.outcome.words().to_uppercase();
    let Some(first) = verdict.matches.first() else { return format!("{word}: {}", absence(claim)) };
    let stated = || {
        let places = evidence.by_source().into_iter().take(MAX_LISTED).map(|(source, facts)| {
            let places: Vec<String> = facts.iter().map(|fact| locator_text(fact)).collect();
            format!("{source} states it, {}", places.join(" "))
        });
        let record = |record: &RecordEntry| format!("{} states it, {} of {}", record.id, record.place(), record.file);
        let more = evidence.records.len().saturating_sub(MAX_LISTED);
        let more = (more > 0).then(|| format!("{more} more records state it"));
        places.chain(evidence.records.iter().take(MAX_LISTED).map(record)).chain(more).collect::<Vec<_>>().join("; ")
    };
    match (verdict.outcome, &first.candidate.origin) {
        (_, CandidateOrigin::Superseded { source, locator, by }) => {
            let place = if locator.starts_with(|c: char| c.is_ascii_digit()) { "¶" } else { "" };
            let correction = book.stated_figure(by).ok().flatten().filter(|quantity| !quantity.is_unknown());
            let correction = correction.map_or("no number".to_owned(), |quantity| human::quantity(&quantity, None));
            format!("{word} by {by}: {source} stated it, {place}{locator}; {by} states {correction}")
        }
        (FigureVerdict::Conflict, CandidateOrigin::Stated) if first.agreement == Agreement::Same => {
            format!("in {word}: {}; {}", stated(), contradictions(&verdict.disputes, &first.candidate.quantity))
        }
        (FigureVerdict::Conflict, _) => {
            let how = derivation(claim, first, evidence);
            format!("in {word}: {how}, and sources disagree about what it follows from")
        }
        (FigureVerdict::Stated, _) => format!("{word}: {}", stated()),
        _ => format!("{word}: {}", derivation(claim, first, evidence)),
    }
}

/// The reason for the absence of a figure.
fn absence(claim: &Claim) -> &'static str {
    match claim.quantity.number() {
        None => "no fact states such a bound or range, and no question of the library gives it",
        Some(_) => "no fact states it, and no question of the library gives it",
    }
}

/// The derivation of a figure that no source writes.
fn derivation(claim: &Claim, found: &CandidateMatch, evidence: &SupportingFacts) -> String {
    let exact = value_text(&found.candidate.quantity);
    let mut sources: Vec<&str> = evidence.by_source().into_iter().map(|(source, _)| source).collect();
    if sources.is_empty() {
        sources.extend(evidence.records.first().map(|record| record.id.as_str()));
    }
    let source = if let [source] = sources.as_slice() { *source } else { "" };
    match (found.agreement, found.candidate.is_stated(), source) {
        (Agreement::Rounded(figures), is_stated, source) => {
            let plural = if figures == 1 { "" } else { "s" };
            let origin = match (is_stated, source) {
                (true, source) => format!("which {source} states"),
                (false, "") => "which no source states".to_owned(),
                (false, source) => format!("which {source} does not state"),
            };
            format!("to {} figure{plural}, of {exact}, {origin}", number_word(figures.into()))
        }
        (Agreement::Same, true, source) => format!("{source} states {exact}"),
        (Agreement::End, true, source) => format!("{source} states {exact}, of which it is an end"),
        (Agreement::End, false, source) => {
            format!("{}, of which it is an end", given_by(source, &exact, found, evidence))
        }
        // A number for each of an item: the candidate names the item.
        (_, _, source) => given_by(source, if claim.is_per_item { &exact } else { "it" }, found, evidence),
    }
}

/// `S1 does not state it; two of its facts give it where F30 = 4,000 missiles`.
fn given_by(source: &str, what: &str, found: &CandidateMatch, evidence: &SupportingFacts) -> String {
    let assumptions: Vec<String> = found.candidate.quantity.assumptions().iter().map(human::assumption).collect();
    let supposed = if assumptions.is_empty() { String::new() } else { format!(" where {}", assumptions.join("; ")) };
    let count = number_word(evidence.count);
    let giving = match (source, evidence.count) {
        ("", 0) => format!("no source states it; a question of the library gives {what}"),
        ("", count) if count > MAX_LISTED as u64 => {
            let sources: Vec<&str> = evidence.by_source().into_iter().map(|(source, _)| source).collect();
            format!("no source states it; {count} facts of {} give {what}", joined(&sources))
        }
        ("", _) => {
            let facts: Vec<String> =
                evidence.facts.iter().map(|fact| format!("{} of {}", fact.id, fact.source)).collect();
            format!("no source states it; {} give {what}", joined(&facts))
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
    let mut listed: Vec<String> = Vec::new();
    for (source, stated) in others {
        let words = format!("{source} states {}", human::quantity(stated, None));
        if !listed.contains(&words) {
            listed.push(words);
        }
    }
    listed.truncate(MAX_LISTED);
    listed.join("; ")
}

/// `PL1@proposed, how much is …: S1 states 1,600,000,000 GBP [F29]; …; none is chosen or averaged`.
fn disagreement(dispute: &Dispute) -> String {
    let state = |(source, stated): &(String, Quantity)| {
        format!("{source} states {} [{}]", human::quantity(stated, None), human::facts(stated.facts()))
    };
    let statements: Vec<String> = dispute.statements.iter().map(state).collect();
    format!("{}, {}: {}; none is chosen or averaged", dispute.id, dispute.question, statements.join("; "))
}

/// The lines of the matches, or of the nearest number.
fn match_notes(claim: &Claim, verdict: &Verdict) -> Vec<Note> {
    if verdict.matches.is_empty() {
        return vec![Note::new("nearest", "", &nearest_text(claim, verdict.nearest.as_ref()))];
    }
    // Of derived numbers that agree equally well one is enough; of statements each is a witness.
    let is_stated = verdict.matches[0].candidate.is_stated();
    let most = if is_stated { MAX_LISTED } else { 1 };
    let mut notes: Vec<Note> = Vec::new();
    for (n, found) in verdict.matches.iter().take(most).enumerate() {
        let line =
            with_facts(&format!("{}{}", found.candidate.name, match_suffix(claim, found)), &found.candidate.quantity);
        notes.push(Note::new(if n == 0 { "match" } else { "" }, "", &line));
    }
    if is_stated && verdict.matches.len() > most {
        notes.push(Note::new("", "", &format!("and {} more statements", verdict.matches.len() - most)));
    }
    notes
}

fn match_suffix(claim: &Claim, found: &CandidateMatch) -> String {
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
                claim.quantity.number().zip(quantity.number()).and_then(|(figure, number)| percent_off(figure, number));
            off.map_or(", rounded".to_owned(), |off| format!(", rounded, {} from it", percent(&off)))
        }
    }
}

fn nearest_text(claim: &Claim, nearest: Option<&Nearest>) -> String {
    let Some(Nearest { candidate, proximity }) = nearest else {
        let is_plain = claim.quantity.unit().is_some_and(Unit::is_one);
        return if is_plain { "none, without a unit to compare by" } else { "no number of that unit" }.to_owned();
    };
    let value = value_text(&candidate.quantity);
    let distance = match proximity {
        Proximity::Off(Some(off)) => format!(" ({} from it)", percent(off)),
        Proximity::Within => " (within it, which is no number)".to_owned(),
        Proximity::Edge => " (where it ends, and not in it)".to_owned(),
        Proximity::Off(None) | Proximity::Unmeasured => String::new(),
    };
    with_facts(&format!("{value}{distance}: {}", candidate.name), &candidate.quantity)
}

/// `≈+6.25 %`.
fn percent(off: &Quantity) -> String {
    let digits = human::amount(off.amount(), None);
    let is_rise = off.number().is_some_and(|number| number.is_sign_positive());
    let (mark, digits) = digits.strip_prefix('≈').map_or(("", digits.as_str()), |digits| ("≈", digits));
    format!("{mark}{}{digits} %", if is_rise { "+" } else { "" })
}

/// The line of the questions that the sources leave open about the facts behind it.
fn limits_note(book: &Book, facts: &[FactEntry]) -> Option<Note> {
    let limits = limits(book, facts);
    (!limits.is_empty()).then(|| Note::new("not shown", "", &format!("{}: not stated", limits.join(", "))))
}

/// The questions that the sources leave open about some facts.
fn limits(book: &Book, facts: &[FactEntry]) -> Vec<String> {
    let mut limits = Vec::new();
    for limit in book.limits_of(facts).unwrap_or_default().into_iter().flatten() {
        let words = limit_text(&limit);
        if !limits.contains(&words) {
            limits.push(words);
        }
    }
    limits
}

fn sources_note(book: &Book, evidence: &SupportingFacts) -> Option<Note> {
    sources_text(book, evidence.sources.iter()).map(|text| Note::new("rests on", "", &text))
}

/// `one source, S1, a news text; …`; `None` where there is none.
pub(super) fn sources_text<'s>(book: &Book, ids: impl Iterator<Item = &'s String>) -> Option<String> {
    let sources: Vec<String> =
        ids.filter_map(|id| book.source(id).ok().flatten()).map(|source| source_note(&source)).collect();
    let count = if sources.len() == 1 { "one source, ".to_owned() } else { format!("{} sources: ", sources.len()) };
    (!sources.is_empty()).then(|| format!("{count}{}", sources.join("; ")))
}

fn joined(words: &[impl AsRef<str>]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

fn number_word(count: u64) -> String {
    let word = usize::try_from(count).ok().and_then(|at| NUMBER_WORDS.get(at));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// The decimal places of an inexact number.
const INEXACT_PLACES: u32 = 2;

/// The hints on a figure, each with a label.
fn hint_notes(book: &Book, claim: &Claim, verdict: &Verdict) -> Vec<Note> {
    let hints = &verdict.hints;
    let note = |label: &str, text: Option<String>| text.map(|text| Note::new(label, "", &text));
    let all = [
        note("passed over", skipped_words(claim)),
        note(
            "rounded",
            hints.rough.as_ref().map(|candidate| {
                let exact = value_text(&candidate.quantity);
                format!("to one figure, from {exact}: that moves it by more than 10 %")
            }),
        ),
        note("meant", hints.per_item.as_ref().and_then(|found| per_item_hint(book, claim, &found.candidate))),
        note(
            "only with",
            hints.hypothetical.as_ref().map(|found| {
                let assumptions = found.candidate.quantity.assumptions().iter().map(human::assumption);
                let assumptions = assumptions.map(|words| words.trim_start_matches("given ").to_owned());
                let value = value_text(&found.candidate.quantity);
                let line = format!(
                    "{}, which nobody has given: {value}, {}",
                    assumptions.collect::<Vec<_>>().join("; "),
                    found.candidate.name
                );
                with_facts(&line, &found.candidate.quantity)
            }),
        ),
        note("open", hints.open.as_ref().and_then(|open| open_question(book, &open.quantity))),
    ];
    all.into_iter().flatten().collect()
}

/// The line with the facts behind its number: ` [F29 F30, proposed]`.
pub(super) fn with_facts(line: &str, quantity: &Quantity) -> String {
    let (facts, stages) = (quantity.facts(), quantity.stages());
    let stages = if stages.is_empty() { String::new() } else { format!(", {stages}") };
    if facts.is_empty() { line.to_owned() } else { format!("{line} [{}{stages}]", human::facts(facts)) }
}

/// A number with its unit; an inexact one rounded.
fn value_text(quantity: &Quantity) -> String {
    let is_long = !quantity.is_exact() && quantity.number().is_some_and(|number| number.abs() >= Decimal::ONE);
    human::quantity(quantity, is_long.then_some(INEXACT_PLACES))
}

fn skipped_words(claim: &Claim) -> Option<String> {
    let words: Vec<String> = claim.skipped.iter().map(|word| format!("`{word}`")).collect();
    (!words.is_empty()).then(|| format!("{}: only the number and its unit are compared", words.join(", ")))
}

/// Asks whether the figure of one item is meant.
fn per_item_hint(book: &Book, claim: &Claim, candidate: &Candidate) -> Option<String> {
    let unit = candidate.quantity.unit()?;
    let items: Vec<&str> = unit.powers().filter(|(_, power)| *power < 0).map(|(code, _)| code).collect();
    let is_money = |unit: &Unit| {
        let kind = |code: &str| book.units().ok().and_then(|units| units.get(code)).map(|unit| unit.kind.as_str());
        unit.powers().all(|(code, _)| kind(code) == Some("currency"))
    };
    let what = if claim.quantity.unit().is_some_and(is_money) { "price" } else { "number" };
    let value = value_text(&candidate.quantity);
    let line = format!("is a {what} per {} meant? {value}: {}", items.join(" and "), candidate.name);
    Some(with_facts(&line, &candidate.quantity))
}

/// The question that the sources leave open about such a number.
fn open_question(book: &Book, open: &Quantity) -> Option<String> {
    let unknown = open.facts().iter().find(|reference| matches!(reference, Ref::Unknown(_)))?.to_string();
    let question = book.question(&unknown).ok().flatten()?;
    Some(format!("{unknown} {} {}", question.question, human::quantity(open, None)))
}

/// The columns of the answer for programs, each with whether it holds quantities.
const COLUMNS: [(&str, bool); 11] = [
    ("figure", true),
    ("verdict", false),
    ("match", false),
    ("value", true),
    ("significant_figures", false),
    ("agreement", false),
    ("off_by", true),
    ("facts", false),
    ("sources", false),
    ("superseded_by", false),
    ("note", false),
];

pub(super) fn columns() -> Vec<Column> {
    COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity }).into()
}

/// The row of a verdict. The nearest number is its value where a figure is not in the book.
pub(super) fn row(book: &Book, claim: &Claim, verdict: &Verdict) -> Vec<Cell<'static>> {
    let (first, evidence) = (verdict.matches.first(), SupportingFacts::of(book, verdict));
    let candidate = verdict.candidate();
    let figures = match first.map(|found| found.agreement) {
        Some(Agreement::Rounded(figures)) => Some(figures),
        _ => None,
    };
    let superseded_by = match candidate.map(|candidate| &candidate.origin) {
        Some(CandidateOrigin::Superseded { by, .. }) => by.clone(),
        _ => String::new(),
    };
    let notes = hint_notes(book, claim, verdict);
    let notes: Vec<String> = notes.iter().map(|note| format!("{}: {}", note.label, note.text)).collect();
    vec![
        quantity_cell(Some(claim.quantity.clone())),
        text_cell(verdict.outcome.code()),
        text_cell(candidate.map_or("", |candidate| candidate.name.as_str())),
        quantity_cell(candidate.map(|candidate| candidate.quantity.clone())),
        figures.map_or(Cell::Null, |figures| Cell::Integer(figures.into())),
        text_cell(first.map_or("", agreement_code)),
        quantity_cell(distance(claim, verdict)),
        text_cell(&evidence.all.to_string()),
        text_cell(&evidence.sources.join(" ")),
        text_cell(&superseded_by),
        text_cell(&notes.join("; ")),
    ]
}

/// The row of a figure that can't be read.
pub(super) fn unreadable_row(why: &str) -> Vec<Cell<'static>> {
    let cell = |(name, _): (&str, bool)| match name {
        "verdict" => text_cell(FigureVerdict::Unreadable.code()),
        "note" => text_cell(why),
        _ => Cell::Null,
    };
    COLUMNS.map(cell).into()
}

fn agreement_code(found: &CandidateMatch) -> &'static str {
    match found.agreement {
        Agreement::Same if found.candidate.quantity.is_exact() => "exact",
        Agreement::Same => "inexact",
        Agreement::OpenEnd => "open_end",
        Agreement::End => "end",
        Agreement::Rounded(_) => "rounded",
    }
}

/// The distance of a rounded figure from its number, or of one that the book does not have from the nearest number.
fn distance(claim: &Claim, verdict: &Verdict) -> Option<Quantity> {
    match (verdict.matches.first(), &verdict.nearest) {
        (Some(CandidateMatch { candidate, agreement: Agreement::Rounded(_) }), _) => {
            percent_off(claim.quantity.number()?, candidate.quantity.number()?)
        }
        (None, Some(nearest)) if verdict.outcome == FigureVerdict::NotInBook => match &nearest.proximity {
            Proximity::Off(off) => off.clone(),
            _ => None,
        },
        _ => None,
    }
}

fn quantity_cell(quantity: Option<Quantity>) -> Cell<'static> {
    quantity.map_or(Cell::Null, |quantity| Cell::Quantity(Box::new(quantity)))
}

fn text_cell(text: &str) -> Cell<'static> {
    if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned().into()) }
}
