//! What is open, in words: the question, why there is no answer, where the text comes closest, what the silence means
//! and what would answer it.

use super::describe::place;
use crate::error::Error;
use crate::quantity::{Reason, Reasons};
use crate::sql::Note;
use crate::store::{Book, QuestionEntry};

/// Everything on an open question; with the verdict where nothing above it gives one.
pub(super) fn question_notes(book: &Book, entry: &QuestionEntry, has_verdict: bool) -> Vec<Note> {
    let heading = Note::heading(&entry.id, &entry.question);
    let mut notes = vec![if has_verdict { heading.beside(&verdict(&entry.reason)) } else { heading }];
    let closest = book.facts_of(&mut entry.closest.iter().cloned(), usize::MAX).unwrap_or_default();
    let closest: Vec<Note> = closest
        .into_iter()
        .map(|fact| Note::new("", "", &fact.gloss).led_by(&place(&fact)).beside(&fact.certainty.replace('_', " ")))
        .collect();
    if closest.is_empty() {
        notes.push(Note::new("", "closest", "no fact comes near an answer"));
    }
    notes.extend(closest.into_iter().enumerate().map(|(n, note)| {
        let label = if n == 0 { "closest" } else { "" };
        Note { place: label.to_owned(), ..note }
    }));
    notes.push(Note::new("", "means", &entry.means));
    notes.push(Note::new("", "needs", &entry.needs));
    notes
}

/// A question in a line.
pub(super) fn question_line(entry: &QuestionEntry) -> Note {
    Note::heading(&entry.id, &entry.question).beside(&verdict(&entry.reason))
}

/// `unknown: not stated`.
fn verdict(reason: &str) -> String {
    format!("unknown: {}", reason.replace('_', " "))
}

/// Why something is unknown that names no question of the book.
pub(super) fn reason_notes(book: &Book, reasons: Reasons) -> Vec<Note> {
    let meant = |reason: Reason| {
        let code = reason.as_str();
        let meaning = book.meaning_of(code).map(|meaning| format!(": {meaning}")).unwrap_or_default();
        let is_of_number = !matches!(reason, Reason::Unordered | Reason::Ambiguous | Reason::Conflict);
        let not = if is_of_number { "; that is neither 0 nor \"none\"" } else { "" };
        format!("{}{meaning}{not}", code.replace('_', " "))
    };
    let label = |n: usize| if n == 0 { "unknown" } else { "" };
    reasons.iter().enumerate().map(|(n, reason)| Note::new(label(n), "", &meant(reason))).collect()
}

/// The open question of an id, whose absence is an error of the book's own making.
pub(super) fn find(book: &Book, id: &str) -> Result<Option<QuestionEntry>, Error> {
    book.question(id).map_err(|error| book.error(&error))
}
