//! A verdict as a row, for programs.

use super::agreement::Agreement;
use super::candidates::Origin;
use super::claim::Claim;
use super::evidence::Evidence;
use super::nearest::{Relation, off_by};
use super::remarks::remarks;
use super::verdict::{Match, Outcome, Verdict};
use super::words::code;
use crate::quantity::Quantity;
use crate::sql::{Cell, Column};
use crate::store::Book;

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

/// The verdict on a figure that can't be read.
const CANT_BE_READ: &str = "cant_be_read";

/// The columns as a result has them.
pub(super) fn columns() -> Vec<Column> {
    COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity }).into()
}

/// The row of a verdict. The nearest number is its value where a figure is not in the book.
pub(super) fn row(book: &Book, claim: &Claim, verdict: &Verdict) -> Vec<Cell<'static>> {
    let (first, evidence) = (verdict.matches.first(), Evidence::of(book, verdict));
    let candidate = verdict.candidate();
    let figures = match first.map(|found| found.agreement) {
        Some(Agreement::Rounded(figures)) => Some(figures),
        _ => None,
    };
    let superseded_by = match candidate.map(|candidate| &candidate.origin) {
        Some(Origin::Superseded { by, .. }) => by.clone(),
        _ => String::new(),
    };
    let notes = remarks(book, claim, verdict);
    let notes: Vec<String> = notes.iter().map(|note| format!("{}: {}", note.label, note.text)).collect();
    vec![
        quantity(Some(claim.quantity.clone())),
        text(code(verdict.outcome)),
        text(candidate.map_or("", |candidate| candidate.name.as_str())),
        quantity(candidate.map(|candidate| candidate.quantity.clone())),
        figures.map_or(Cell::Null, |figures| Cell::Integer(figures.into())),
        text(first.map_or("", agreement)),
        quantity(distance(claim, verdict)),
        text(&evidence.all.to_string()),
        text(&evidence.sources.join(" ")),
        text(&superseded_by),
        text(&notes.join("; ")),
    ]
}

/// The row of a figure that can't be read.
pub(super) fn unread(why: &str) -> Vec<Cell<'static>> {
    let cell = |(name, _): (&str, bool)| match name {
        "verdict" => text(CANT_BE_READ),
        "note" => text(why),
        _ => Cell::Null,
    };
    COLUMNS.map(cell).into()
}

fn agreement(found: &Match) -> &'static str {
    match found.agreement {
        Agreement::Same if found.candidate.quantity.is_exact() => "exact",
        Agreement::Same => "inexact",
        Agreement::OpenEnd => "open_end",
        Agreement::End => "end",
        Agreement::Rounded(_) => "rounded",
    }
}

/// How far a rounded figure is off, or one that the book does not have is from the nearest number.
fn distance(claim: &Claim, verdict: &Verdict) -> Option<Quantity> {
    match (verdict.matches.first(), &verdict.nearest) {
        (Some(Match { candidate, agreement: Agreement::Rounded(_) }), _) => {
            off_by(claim.quantity.number()?, candidate.quantity.number()?)
        }
        (None, Some(nearest)) if verdict.outcome == Outcome::NotInBook => match &nearest.relation {
            Relation::Off(off) => off.clone(),
            _ => None,
        },
        _ => None,
    }
}

fn quantity(quantity: Option<Quantity>) -> Cell<'static> {
    quantity.map_or(Cell::Null, |quantity| Cell::Quantity(Box::new(quantity)))
}

fn text(text: &str) -> Cell<'static> {
    if text.is_empty() { Cell::Null } else { Cell::Text(text.to_owned().into()) }
}
