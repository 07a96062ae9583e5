//! The line to cite for a number or a fact, for a page outside this program: it repeats the facts and adds nothing.

use super::provenance::{Provenance, by_attribution, group_phrase, locator_text, source_description};
use crate::quantity::{Amount, Assumption, Facts, Quantity, Reason, Reasons, Ref, human};
use crate::store::{Book, FactEntry, RecordEntry, SourceEntry};
use crate::table::{Style, quantity_line};

/// The most facts that a line to cite lists one by one.
const MAX_CITED_FACTS: usize = 12;

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
    line.push_str(&cite_facts(book, quantity.facts()));
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
    let value = value_text(quantity, style).replacen('/', " per ", 1);
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

/// A quantity as it is explained: what is exact is whole, and not rounded to the parts of its currency as in a table.
pub(super) fn value_text(quantity: &Quantity, style: &Style) -> String {
    if quantity.is_exact() { human::quantity(quantity, None) } else { quantity_line(quantity, style) }
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
    let statements = book.statements().ok()?;
    let lines = statements.several_among(quantity.facts());
    let lines = if lines.is_empty() { return None } else { lines.join("; ") };
    Some(format!("the sources of the book disagree, and {}: {lines}", statements.outcome_among(quantity.facts())))
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

/// The sources of some facts, as the end of a line to cite: `; S1 is a news text, …`.
pub(super) fn cite_facts(book: &Book, facts: &Facts) -> String {
    let provenance = Provenance::of(book, facts, 0);
    let source =
        |source: SourceEntry| format!("; {} is {}", source.id, source_description(&source).replace("; ", ", "));
    provenance.source_entries(book).map(source).collect()
}

/// The line of a fact that states no number.
pub(super) fn cite_fact(fact: &FactEntry) -> String {
    format!("{}; {}", fact.gloss, cited_attribution(std::slice::from_ref(fact)))
}
