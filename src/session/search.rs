//! Search by words: in facts, open questions, actors and the other rows of the book, and in the names of the program.
//! `store::search` decides what matches; a place as `¶4.2` finds the facts that stand there. A word that is not found is absent from the book's words; more does not follow.

use super::locator::Locator;
use super::provenance::{id_and_locator, locator_text, question_line, question_notes};
use super::{help, require_book};
use crate::error::{Error, usage_error};
use crate::sql::Note;
use crate::store::search::{FoundRecords, SEARCHED, STATEMENT_VIEWS, SearchResults, SearchTerms};
use crate::store::{Book, FactEntry, RecordEntry};
use crate::table::notes_block;
use std::collections::{BTreeMap, BTreeSet};

/// The most records of one imported table that are listed.
const MAX_RECORDS: usize = 12;

/// The most characters of a record that are shown.
const MAX_RECORD_CHARS: usize = 120;

/// The labels of the searched views, in the margin.
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
pub(super) fn facts(book: &Book, words: &str, width: Option<usize>) -> Result<String, Error> {
    require_book(book, "facts")?;
    let line = |fact: &FactEntry| {
        Note::new(&fact.id, &locator_text(fact), &fact.gloss).beside(&fact.certainty.replace('_', " "))
    };
    if !book.has("facts").map_err(|error| book.error(&error))? {
        return Ok(nothing_text(book, "facts"));
    }
    if words.is_empty() {
        let all = book.facts().map_err(|error| book.error(&error))?;
        return Ok(notes_block(&all.iter().map(line).collect::<Vec<_>>(), width));
    }
    if let Some(text) = place_text(book, words, width, &|there| there.iter().map(line).collect())? {
        return Ok(text);
    }
    let (sought, found) = search(book, &["facts"], words)?;
    if found.entries.is_empty() {
        return not_found_text(book, "the words of the facts", words, &sought, &["facts"]);
    }
    let facts = found_facts(book, &found).map_err(|error| book.error(&error))?;
    let notes: Vec<Note> = near_notes(&found).into_iter().chain(facts.iter().map(line)).collect();
    Ok(notes_block(&notes, width))
}

/// The text for a book that has none of a kind at all.
fn nothing_text(book: &Book, what: &str) -> String {
    let tables =
        if book.catalogue().has_imports() { "; `.tables` lists its tables, `.find` searches them" } else { "" };
    format!("this book has no {what}{tables}\n")
}

/// The text for words that name a place: the facts that stand there, as `notes` lists them, or that there is none; `None` for
/// words that may be others.
fn place_text(
    book: &Book,
    words: &str,
    width: Option<usize>,
    notes: &dyn Fn(&[FactEntry]) -> Vec<Note>,
) -> Result<Option<String>, Error> {
    let Some(place) = Locator::read(words) else { return Ok(None) };
    let there = place.facts(book).map_err(|error| book.error(&error))?;
    if !there.is_empty() {
        return Ok(Some(notes_block(&notes(&there), width)));
    }
    let text = format!("no fact of the book stands at {place}; that the source says nothing there does not follow\n");
    Ok(Some(text).filter(|_| place.is_marked()))
}

/// `.unknowns [WORD]`: everything on those with the word, or a line for each that there is.
pub(super) fn unknowns(book: &Book, words: &str, width: Option<usize>) -> Result<String, Error> {
    require_book(book, "facts")?;
    let all = book.questions().map_err(|error| book.error(&error))?;
    if all.is_empty() {
        return Ok(nothing_text(book, "open questions"));
    }
    if words.is_empty() {
        return Ok(notes_block(&all.iter().map(question_line).collect::<Vec<_>>(), width));
    }
    let (sought, found) = search(book, &["unknowns"], words)?;
    if found.entries.is_empty() {
        return not_found_text(book, "the words of the open questions", words, &sought, &["unknowns"]);
    }
    let ids: BTreeSet<&str> = found.entries.iter().map(|entry| entry.id.as_str()).collect();
    let questions =
        all.iter().filter(|entry| ids.contains(entry.id.as_str())).flat_map(|entry| question_notes(book, entry, true));
    Ok(notes_block(&near_notes(&found).into_iter().chain(questions).collect::<Vec<_>>(), width))
}

/// `.find WORD`: one search over the book and the names of the program.
pub(super) fn find(book: &Book, words: &str, width: Option<usize>) -> Result<String, Error> {
    if words.is_empty() {
        return Err(usage_error("`.find` needs a word", "as `.find troops`"));
    }
    let named = program_notes(book, words)?;
    if !book.is_book() {
        if named.is_empty() {
            return Ok(format!("nothing here is called `{words}`; `.tables` lists the tables\n"));
        }
        return Ok(notes_block(&named, width));
    }
    let rows = |there: &[FactEntry]| there.iter().map(|fact| (id_and_locator(fact), fact.gloss.clone())).collect();
    if let Some(text) = place_text(book, words, width, &|there| section("fact", rows(there)))? {
        return Ok(text);
    }
    let (sought, found) = search(book, &SEARCHED, words)?;
    let said = book_notes(book, &sought, &found).map_err(|error| book.error(&error))?;
    let records = book.search_records(&sought, MAX_RECORDS).map_err(|error| book.error(&error))?;
    let is_absent = records.is_empty()
        && !found.entries.iter().any(|entry| STATEMENT_VIEWS.contains(&entry.view))
        && (sought.actors().is_empty() || sought.parts().len() > 1);
    let records = records.iter().flat_map(record_notes);
    let mut text = notes_block(&said.into_iter().chain(records).chain(named).collect::<Vec<_>>(), width);
    if is_absent {
        text.push_str(&not_found_text(book, "the book's words", words, &sought, &STATEMENT_VIEWS)?);
    }
    Ok(text)
}

/// True if the book has the words anywhere.
pub(super) fn has_words(book: &Book, words: &str) -> bool {
    have_words(book, &SEARCHED, words)
}

fn search(book: &Book, views: &[&str], words: &str) -> Result<(SearchTerms, SearchResults), Error> {
    let searched = SearchTerms::read(book, words).and_then(|sought| Ok((book.search(views, &sought)?, sought)));
    searched.map(|(found, sought)| (sought, found)).map_err(|error| book.error(&error))
}

/// Everything on the facts among the entries found.
fn found_facts(book: &Book, found: &SearchResults) -> rusqlite::Result<Vec<FactEntry>> {
    let facts = found.entries.iter().filter(|entry| entry.view == "facts");
    book.facts_of(&mut facts.map(|entry| entry.id.clone()), usize::MAX)
}

/// The entries found, a section for each of the searched views, the actors among them.
fn book_notes(book: &Book, sought: &SearchTerms, found: &SearchResults) -> rusqlite::Result<Vec<Note>> {
    let facts = found_facts(book, found)?;
    let places: BTreeMap<&str, String> = facts.iter().map(|fact| (fact.id.as_str(), id_and_locator(fact))).collect();
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

/// The words searched for in the place of words that the book does not have.
fn near_notes(found: &SearchResults) -> Vec<Note> {
    let near = found.related.iter().map(|(word, near)| {
        let near: Vec<String> = near.iter().map(|near| format!("`{near}`")).collect();
        (word.clone(), format!("looked for as {} too: near it, and not the same", near.join(", ")))
    });
    section("near", near.collect())
}

/// The records of one imported table that have the words: id, line of the file, texts.
fn record_notes(found: &FoundRecords) -> Vec<Note> {
    let row = |(record, text): &(RecordEntry, String)| {
        let cut: String = text.chars().take(MAX_RECORD_CHARS).collect();
        let mark = if cut.len() < text.len() { "…" } else { "" };
        (format!("{} {}", record.id, record.place()), format!("{cut}{mark}"))
    };
    let mut rows: Vec<(String, String)> = found.records.iter().map(row).collect();
    if found.is_cut {
        rows.push(("…".to_owned(), format!("and more: `select * from {}` with a condition finds them", found.view)));
    }
    section(&found.view, rows)
}

fn program_notes(book: &Book, words: &str) -> Result<Vec<Note>, Error> {
    let sought = SearchTerms::plain(words);
    let mut found: Vec<Note> = Vec::new();
    let all = help::topics(book)?;
    for kind in help::TOPIC_KINDS {
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

/// The text for words that were not found: their absence, and other words to look for. The source may use others.
fn not_found_text(book: &Book, what: &str, words: &str, sought: &SearchTerms, views: &[&str]) -> Result<String, Error> {
    let missing: Vec<&str> = sought.parts().into_iter().filter(|part| !have_words(book, views, part)).collect();
    let mut text = match missing.as_slice() {
        [] => format!("{what} have each part of `{words}`, and nothing has all of them together\n"),
        _ => format!("{what} do not have `{}`, nor a form of it, nor a word listed as near it\n", missing.join("`, `")),
    };
    for word in missing {
        if has_words(book, word) {
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

/// True if these views have the words, or an actor has them.
fn have_words(book: &Book, views: &[&str], words: &str) -> bool {
    search(book, views, words).is_ok_and(|(sought, found)| !found.entries.is_empty() || !sought.actors().is_empty())
}
