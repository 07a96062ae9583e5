//! Searching by words: in facts, open questions, actors and the other rows of the book, and in the names of the program.
//! What has the words is the store's to say. What is not found is absent from the book's words, and no more is said.

use super::describe::{at, place};
use super::questions::{question_line, question_notes};
use super::topics;
use crate::error::{Error, wrong};
use crate::sql::Note;
use crate::store::search::{SEARCHED, STATEMENT_VIEWS, SearchResults, SearchTerms};
use crate::store::{Book, FactEntry};
use crate::table::notes_block;
use std::collections::{BTreeMap, BTreeSet};

/// What each of the searched names is called in the margin.
const LABELS: [&str; SEARCHED.len()] = [
    "fact",
    "unknown",
    "pledge",
    "clause",
    "tension",
    "event",
    "assumption",
    "source",
    "stage",
    "certainty",
    "status",
    "unit",
];

/// `.facts [WORD]`.
pub(super) fn facts(book: &Book, words: &str) -> Result<String, Error> {
    refuse_plain(book)?;
    let line = |fact: &FactEntry| Note::new(&fact.id, &at(fact), &fact.gloss).beside(&fact.certainty.replace('_', " "));
    if words.is_empty() {
        let all = book.facts().map_err(|error| book.error(&error))?;
        return Ok(notes_block(&all.iter().map(line).collect::<Vec<_>>()));
    }
    let (sought, found) = search(book, &["facts"], words)?;
    if found.entries.is_empty() {
        return absent(book, "the words of the facts", words, &sought, &["facts"]);
    }
    let facts = found_facts(book, &found).map_err(|error| book.error(&error))?;
    let notes: Vec<Note> = near_notes(&found).into_iter().chain(facts.iter().map(line)).collect();
    Ok(notes_block(&notes))
}

/// `.unknowns [WORD]`: everything on those with the word, or a line for each that there is.
pub(super) fn unknowns(book: &Book, words: &str) -> Result<String, Error> {
    refuse_plain(book)?;
    let all = book.questions().map_err(|error| book.error(&error))?;
    if words.is_empty() {
        return Ok(notes_block(&all.iter().map(question_line).collect::<Vec<_>>()));
    }
    let (sought, found) = search(book, &["unknowns"], words)?;
    if found.entries.is_empty() {
        return absent(book, "the words of the open questions", words, &sought, &["unknowns"]);
    }
    let ids: BTreeSet<&str> = found.entries.iter().map(|entry| entry.id.as_str()).collect();
    let told =
        all.iter().filter(|entry| ids.contains(entry.id.as_str())).flat_map(|entry| question_notes(book, entry, true));
    Ok(notes_block(&near_notes(&found).into_iter().chain(told).collect::<Vec<_>>()))
}

/// `.find WORD`: one search over the book and the names of the program.
pub(super) fn find(book: &Book, words: &str) -> Result<String, Error> {
    if words.is_empty() {
        return Err(wrong("`.find` needs a word", "as `.find troops`"));
    }
    let named = in_program(words)?;
    if !book.is_book() {
        return Ok(notes_block(&named));
    }
    let (sought, found) = search(book, &SEARCHED, words)?;
    let said = in_book(book, &sought, &found).map_err(|error| book.error(&error))?;
    let is_absent = !found.entries.iter().any(|entry| STATEMENT_VIEWS.contains(&entry.view))
        && (sought.actors().is_empty() || sought.parts().len() > 1);
    let mut text = notes_block(&said.into_iter().chain(named).collect::<Vec<_>>());
    if is_absent {
        text.push_str(&absent(book, "the book's words", words, &sought, &STATEMENT_VIEWS)?);
    }
    Ok(text)
}

/// Whether the book has the words anywhere.
pub(super) fn is_found(book: &Book, words: &str) -> bool {
    let found = search(book, &SEARCHED, words);
    found.is_ok_and(|(sought, found)| !found.entries.is_empty() || !sought.actors().is_empty())
}

fn search(book: &Book, views: &[&str], words: &str) -> Result<(SearchTerms, SearchResults), Error> {
    let searched = SearchTerms::read(book, words).and_then(|sought| Ok((book.search(views, &sought)?, sought)));
    searched.map(|(found, sought)| (sought, found)).map_err(|error| book.error(&error))
}

/// Everything on the facts among what was found.
fn found_facts(book: &Book, found: &SearchResults) -> rusqlite::Result<Vec<FactEntry>> {
    let facts = found.entries.iter().filter(|entry| entry.view == "facts");
    book.facts_of(&mut facts.map(|entry| entry.id.clone()), usize::MAX)
}

/// What was found, a section for each of the searched names, the actors among them.
fn in_book(book: &Book, sought: &SearchTerms, found: &SearchResults) -> rusqlite::Result<Vec<Note>> {
    let facts = found_facts(book, found)?;
    let places: BTreeMap<&str, String> = facts.iter().map(|fact| (fact.id.as_str(), place(fact))).collect();
    let mut notes = near_notes(found);
    for (view, label) in SEARCHED.iter().zip(LABELS) {
        let entries = found.entries.iter().filter(|entry| entry.view == *view);
        let lead =
            |id: &String| if *view == "facts" { places.get(id.as_str()).unwrap_or(id).clone() } else { id.clone() };
        notes.extend(section(label, entries.map(|entry| (lead(&entry.id), entry.summary.clone())).collect()));
        if *view == "unknowns" {
            let actors = sought.actors().iter().map(|actor| {
                let also = actor.aliases.join(", ");
                let also = if also.is_empty() { also } else { format!("; also {also}") };
                (actor.name.clone(), format!("{}{also}", actor.kind.replace('_', " ")))
            });
            notes.extend(section("actor", actors.collect()));
        }
    }
    Ok(notes)
}

/// What was looked for in the place of words that the book does not have.
fn near_notes(found: &SearchResults) -> Vec<Note> {
    let near = found.related.iter().map(|(word, near)| {
        let near: Vec<String> = near.iter().map(|near| format!("`{near}`")).collect();
        (word.clone(), format!("looked for as {} too: near it, and not the same", near.join(", ")))
    });
    section("near", near.collect())
}

fn in_program(words: &str) -> Result<Vec<Note>, Error> {
    let sought = SearchTerms::plain(words);
    let mut found: Vec<Note> = Vec::new();
    let all = topics::all()?;
    for kind in topics::KINDS {
        let rows = all.iter().filter(|topic| topic.kind == kind && sought.matches_text(&topic.name));
        found.extend(section(kind, rows.map(|topic| (topic.name.clone(), topic.meaning.clone())).collect()));
    }
    Ok(found)
}

/// Rows under one label.
fn section(label: &str, rows: Vec<(String, String)>) -> Vec<Note> {
    let label = |n: usize| if n == 0 { label } else { "" };
    rows.into_iter().enumerate().map(|(n, (lead, text))| Note::new(label(n), "", &text).led_by(&lead)).collect()
}

/// What is said of words that were not found: that these words are not there, and what could be looked for instead. The
/// source may say it in others.
fn absent(book: &Book, what: &str, words: &str, sought: &SearchTerms, views: &[&str]) -> Result<String, Error> {
    let missing: Vec<&str> = sought.parts().into_iter().filter(|part| !has(book, views, part)).collect();
    let mut text = match missing.as_slice() {
        [] => format!("{what} have each part of `{words}`, and nothing has all of them together\n"),
        _ => format!("{what} do not have `{}`, nor a form of it, nor a word listed as near it\n", missing.join("`, `")),
    };
    for word in missing {
        if has(book, &SEARCHED, word) {
            continue;
        }
        let meant = book.nearest_word(word).map_err(|error| book.error(&error))?;
        text.extend(meant.map(|meant| format!("did you mean `{meant}`?\n")));
    }
    text.push_str(
        "that the source says nothing of it does not follow, neither a yes nor a no: it may use other words\n",
    );
    Ok(text)
}

fn has(book: &Book, views: &[&str], word: &str) -> bool {
    search(book, views, word).is_ok_and(|(sought, found)| !found.entries.is_empty() || !sought.actors().is_empty())
}

fn refuse_plain(book: &Book) -> Result<(), Error> {
    if book.is_book() {
        Ok(())
    } else {
        Err(wrong("this database has no facts", "ask the bundled book, or a copy of it"))
    }
}
