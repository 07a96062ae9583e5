//! Why a number is what it is: its working, and everything that the book has on each fact behind it.

use super::Session;
use super::describe::source_words;
use super::notes::full_notes;
use crate::error::{Error, wrong};
use crate::quantity::{Quantity, Ref, reading};
use crate::sql::{Note, Output};
use crate::store::{Book, FactEntry};
use crate::table::notes_block;

/// `.why`: the newest quantity; `.why F29`: a fact.
pub(super) fn run(session: &Session, words: &[String], output: &Output) -> Result<(), Error> {
    let text = match words {
        [] => of_last(session)?,
        [id] => of_fact(session, id)?,
        _ => return Err(wrong("`.why` takes one id at most", "`.why F29`, or `.why` for the number shown last")),
    };
    output.print(text.trim_end()).map_err(Error::from)
}

fn of_fact(session: &Session, id: &str) -> Result<String, Error> {
    let book = session.book();
    if !book.is_book() {
        return Err(wrong("this database has no facts", "ask the bundled book, or a copy of it"));
    }
    let found = book.fact(id).map_err(|error| book.error(&error))?;
    let fact = found
        .ok_or_else(|| wrong(&format!("the book has no fact `{id}`"), "`select id, gloss from facts` lists them"))?;
    let mut notes = full_notes(book, &fact);
    notes.extend(sources(book, [&fact]));
    Ok(notes_block(&notes))
}

fn of_last(session: &Session) -> Result<String, Error> {
    let Some((quantity, working)) = session.last.quantity() else {
        return Err(wrong("the newest result has no quantity", "ask for one first, as `F29 / F30`"));
    };
    let book = session.book();
    let facts: Vec<FactEntry> =
        quantity.facts().iter().filter_map(|reference| book.fact(&reference.to_string()).ok().flatten()).collect();
    let mut notes: Vec<Note> = facts.iter().flat_map(|fact| full_notes(book, fact)).collect();
    for reference in quantity.facts().iter().filter(|reference| matches!(reference, Ref::Unknown(_))) {
        let id = reference.to_string();
        notes.extend(book.question(&id).ok().flatten().map(|question| Note::new(&id, "", &question)));
    }
    notes.extend(sources(book, &facts));
    let assumptions: Vec<String> = quantity.assumptions().iter().map(ToString::to_string).collect();
    let assumed = if assumptions.is_empty() { "none".to_owned() } else { assumptions.join(", ") };
    notes.push(Note::new("assumptions", "", &assumed));
    Ok(format!("{}\n{}", head(&quantity, working.as_deref()), notes_block(&notes)))
}

/// `320,000 GBP/missile  =  1,600,000,000 GBP [F29] ÷ 5,000 missile [F30]    exact`.
fn head(quantity: &Quantity, working: Option<&str>) -> String {
    let value = reading::quantity(quantity, None);
    let exactness = match (quantity.is_unknown(), quantity.is_exact()) {
        (true, _) => "",
        (false, true) => "    exact",
        (false, false) => "    inexact",
    };
    match working {
        Some(working) => format!("{value}  =  {working}{exactness}"),
        None => format!("{value}{exactness}"),
    }
}

fn sources<'f>(book: &Book, facts: impl IntoIterator<Item = &'f FactEntry>) -> Vec<Note> {
    let mut ids: Vec<&str> = facts.into_iter().map(|fact| fact.source.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = ids.iter().filter_map(|id| book.source(id).ok().flatten());
    known
        .map(|source| {
            Note::new(
                &source.id,
                "",
                &format!("{}; sha256 {}…", source_words(&source), source.sha256.chars().take(12).collect::<String>()),
            )
        })
        .collect()
}
