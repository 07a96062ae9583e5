//! What else there is to say of a checked figure: what was passed over in reading it, and what may have been meant.

use super::candidates::Candidate;
use super::claim::Claim;
use super::verdict::Verdict;
use crate::quantity::{Quantity, Ref, Unit, reading};
use crate::sql::Note;
use crate::store::Book;
use rust_decimal::Decimal;

/// The decimal places of an inexact number.
const PLACES: u32 = 2;

/// The remarks on a figure, each with a label.
pub(super) fn remarks(book: &Book, claim: &Claim, verdict: &Verdict) -> Vec<Note> {
    let hints = &verdict.hints;
    let note = |label: &str, text: Option<String>| text.map(|text| Note::new(label, "", &text));
    let all = [
        note("passed over", passed_over(claim)),
        note(
            "rounded",
            hints.rough.as_ref().map(|candidate| {
                let exact = value_in_words(&candidate.quantity);
                format!("to one figure, from {exact}: that moves it by more than 10 %")
            }),
        ),
        note("meant", hints.per_item.as_ref().and_then(|found| per_item(book, claim, &found.candidate))),
        note(
            "only with",
            hints.given.as_ref().map(|found| {
                let assumptions = found.candidate.quantity.assumptions().iter().map(reading::assumption);
                let assumptions = assumptions.map(|words| words.trim_start_matches("given ").to_owned());
                let value = value_in_words(&found.candidate.quantity);
                let line = format!(
                    "{}, which nobody has given: {value}, {}",
                    assumptions.collect::<Vec<_>>().join("; "),
                    found.candidate.name
                );
                with_grounds(&line, &found.candidate.quantity)
            }),
        ),
        note("open", hints.open.as_ref().and_then(|open| question(book, &open.quantity))),
    ];
    all.into_iter().flatten().collect()
}

/// The line with what its number rests on: ` [F29 F30, proposed]`.
pub(super) fn with_grounds(line: &str, quantity: &Quantity) -> String {
    let (facts, stages) = (quantity.facts(), quantity.stages());
    let stages = if stages.is_empty() { String::new() } else { format!(", {stages}") };
    if facts.is_empty() { line.to_owned() } else { format!("{line} [{}{stages}]", reading::facts(facts)) }
}

/// A number with its unit; an inexact one without the digits that nobody reads.
pub(super) fn value_in_words(quantity: &Quantity) -> String {
    let is_long = !quantity.is_exact() && quantity.number().is_some_and(|number| number.abs() >= Decimal::ONE);
    reading::quantity(quantity, is_long.then_some(PLACES))
}

fn passed_over(claim: &Claim) -> Option<String> {
    let words: Vec<String> = claim.skipped.iter().map(|word| format!("`{word}`")).collect();
    (!words.is_empty()).then(|| format!("{}: only the number and its unit are compared", words.join(", ")))
}

/// Asks whether the figure of one item is meant.
fn per_item(book: &Book, claim: &Claim, candidate: &Candidate) -> Option<String> {
    let unit = candidate.quantity.unit()?;
    let items: Vec<&str> = unit.powers().filter(|(_, power)| *power < 0).map(|(code, _)| code).collect();
    let is_money = |unit: &Unit| {
        let kind = |code: &str| book.units().ok().and_then(|units| units.get(code)).map(|unit| unit.kind.as_str());
        unit.powers().all(|(code, _)| kind(code) == Some("currency"))
    };
    let what = if claim.quantity.unit().is_some_and(is_money) { "price" } else { "number" };
    let value = value_in_words(&candidate.quantity);
    let line = format!("is a {what} per {} meant? {value}: {}", items.join(" and "), candidate.name);
    Some(with_grounds(&line, &candidate.quantity))
}

/// The question that the sources leave open about such a number.
fn question(book: &Book, open: &Quantity) -> Option<String> {
    let unknown = open.facts().iter().find(|reference| matches!(reference, Ref::Unknown(_)))?.to_string();
    let question = book.question(&unknown).ok().flatten()?;
    Some(format!("{unknown} {} {}", question.question, reading::quantity(open, None)))
}
