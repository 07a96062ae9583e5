//! What an id of the book stands for, explained: a fact, an open question, or the row of any view.

use super::Session;
use super::cells::Found;
use super::explain::explained;
use super::grounds::Grounds;
use super::questions::{self, question_notes};
use super::{cite, search};
use crate::error::{Error, wrong};
use crate::quantity::{Facts, Quantity, Ref, reading};
use crate::sql::Note;
use crate::store::catalogue::{ColumnKind, View};
use crate::store::{Book, ViewRow};
use crate::table::notes_block;

/// Everything that the book has on an id.
pub(super) fn explain(session: &Session, word: &str) -> Result<String, Error> {
    let book = session.book();
    if !book.is_book() {
        return Err(wrong("this database has no facts", "ask the bundled book, or a copy of it"));
    }
    let id = written_as(book, word);
    if let Some(entry) = questions::find(book, &id)? {
        let facts = entry.closest.iter().filter_map(|fact| fact.parse::<Ref>().ok()).collect();
        let grounds = Grounds::of(book, &facts, usize::MAX);
        let mut notes = question_notes(book, &entry, true);
        notes.extend(grounds.full_notes(book));
        notes.extend(grounds.source_notes(book));
        return Ok(notes_block(&notes));
    }
    if let Some(fact) = book.fact(&id).map_err(|error| book.error(&error))? {
        let figure = book.stated_figure(&id).map_err(|error| book.error(&error))?;
        if let Some(quantity) = figure.filter(|_| fact.as_written.is_some()) {
            let style = session.settings.style(book, false)?;
            return Ok(explained(book, &style, &[Found { quantity, working: None, row: 0, column: 0 }], ""));
        }
        let cited = cite::fact(&fact);
        let facts = id.parse::<Ref>().ok().into_iter().collect();
        return Ok(format!(
            "{}{}",
            of_facts(book, &facts, Vec::new()),
            notes_block(&[Note::new("to cite", "", &cited)])
        ));
    }
    match book.records(&id).map_err(|error| book.error(&error))? {
        Some((view, records)) => Ok(of_records(book, view, &records)),
        None => match book.superseded(&word.to_uppercase()).map_err(|error| book.error(&error))? {
            Some(fact) => Err(wrong(&fact.message(), &fact.cure())),
            None => Err(no_id(book, word)),
        },
    }
}

/// The id as the book writes it: `f29` is `F29`.
fn written_as(book: &Book, word: &str) -> String {
    let ids = book.ids().unwrap_or_default();
    ids.into_iter().find(|id| id.eq_ignore_ascii_case(word)).unwrap_or_else(|| word.to_owned())
}

fn of_facts(book: &Book, facts: &Facts, told: Vec<String>) -> String {
    let grounds = Grounds::of(book, facts, usize::MAX);
    let mut notes = grounds.notes_beside(book, told);
    notes.extend(grounds.questions.iter().flat_map(|question| question_notes(book, question, true)));
    notes.extend(grounds.source_notes(book));
    notes_block(&notes)
}

/// The row column by column, then everything on the facts and open questions that it names.
fn of_records(book: &Book, view: &View, records: &[ViewRow]) -> String {
    let (mut notes, mut told) = (Vec::new(), Vec::new());
    let mut facts = Facts::none();
    for record in records {
        let id = record.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.as_deref()).unwrap_or_default();
        notes.push(Note::heading(id, view.meaning));
        told.push(id.to_owned());
        for (column, cell) in view.columns.iter().zip(record) {
            let (name, Some(cell)) = cell else { continue };
            if matches!(column.name, "fact" | "facts" | "unknown") {
                facts.extend(&cell.split_whitespace().filter_map(|id| id.parse::<Ref>().ok()).collect());
            }
            if *name != "id" {
                notes.push(Note::new("", name, &in_words(cell, column.kind)));
            }
        }
    }
    format!("{}{}", notes_block(&notes), of_facts(book, &facts, told))
}

fn in_words(cell: &str, kind: ColumnKind) -> String {
    match cell.parse::<Quantity>() {
        Ok(quantity) if kind == ColumnKind::Quantity => {
            let value = reading::quantity(&quantity, None);
            if quantity.facts().is_empty() { value } else { format!("{value} [{}]", quantity.facts()) }
        }
        _ => cell.to_owned(),
    }
}

/// The error of an id that the book does not have: the id that was meant, or where the word is found all the same.
fn no_id(book: &Book, word: &str) -> Error {
    let ids = book.ids().unwrap_or_default();
    let parts = |id: &str| {
        let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
        (id[..id.len() - digits.len()].to_uppercase(), digits.parse::<u64>().ok())
    };
    let meant = ids.iter().find(|id| parts(word).1.is_some() && parts(id) == parts(word));
    let cure = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if search::is_found(book, word) => format!("`.find {word}` says where the book has the word"),
        None => "`.facts` lists the facts, `.unknowns` the open questions".to_owned(),
    };
    wrong(&format!("the book has no `{word}`"), &cure)
}
