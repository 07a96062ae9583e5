//! Why a number is what it is: its working, everything that the book has on what it rests on, a line to cite.

use super::cells::Found;
use super::cite;
use super::grounds::Grounds;
use super::notes::{assumed_notes, assumptions};
use super::questions::{question_notes, reason_notes};
use crate::quantity::{Amount, Assumptions, Facts, Quantity, Ref};
use crate::sql::Note;
use crate::store::Book;
use crate::table::{Style, notes_block, quantity_line};

/// Heads, what was asked, grounds, and what to cite of some quantities.
pub(super) fn explained(book: &Book, style: &Style, found: &[Found], asked: &str) -> String {
    let mut facts = Facts::none();
    let mut supposed = Assumptions::none();
    for Found { quantity, .. } in found {
        facts.extend(quantity.facts());
        supposed = supposed.union(quantity.assumptions());
    }
    let grounds = Grounds::of(book, &facts, usize::MAX);
    let mut notes = grounds.full_notes(book);
    notes.extend(grounds.questions.iter().flat_map(|question| question_notes(book, question, false)));
    notes.extend(found.iter().flat_map(|found| reasons(book, &found.quantity)));
    notes.extend(grounds.source_notes(book));
    let mut last = vec![Note::new("assumptions", "", &assumptions(&supposed))];
    last.extend(assumed_notes(book, &supposed));
    for (n, Found { quantity, working, .. }) in found.iter().enumerate() {
        let label = if n == 0 { "to cite" } else { "" };
        last.push(Note::new(label, "", &cite::quantity(book, quantity, working.as_deref(), style)));
    }
    let heads: String = found.iter().map(|found| head(book, style, found) + "\n").collect();
    format!("{heads}{asked}{}{}", notes_block(&notes), notes_block(&last))
}

/// Why a quantity is unknown that names no question.
fn reasons(book: &Book, quantity: &Quantity) -> Vec<Note> {
    let names_question = quantity.facts().iter().any(|reference| matches!(reference, Ref::Unknown(_)));
    match quantity.amount() {
        Amount::Unknown(reasons) if !names_question => reason_notes(book, *reasons),
        _ => Vec::new(),
    }
}

/// `320,000 GBP/missile  =  1,600,000,000 GBP [F29] ÷ 5,000 missile [F30]    exact`.
fn head(book: &Book, style: &Style, found: &Found) -> String {
    let quantity = &found.quantity;
    let value = quantity_line(quantity, style);
    let exactness = match (quantity.is_unknown(), quantity.is_exact()) {
        (true, _) => "",
        (false, true) => "    exact",
        (false, false) => "    inexact",
    };
    match (&found.working, cite::stated(book, quantity)) {
        (Some(working), _) => format!("{value}  =  {working}{exactness}"),
        (None, Some(fact)) => format!("{value}  [{fact}]    as stated"),
        (None, None) => format!("{value}{exactness}"),
    }
}
