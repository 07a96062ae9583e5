//! Searching by words: in facts, open questions, actors, tensions and events, and in the names of the program. Letter
//! case is ignored, and an actor is found under every name. What is not found says nothing about the world.

use super::describe::{at, place};
use super::questions::{question_line, question_notes};
use super::topics;
use crate::error::{Error, wrong};
use crate::sql::Note;
use crate::store::catalogue;
use crate::store::{ActorEntry, Book, FactEntry, QuestionEntry};
use crate::table::notes_block;

/// Words of fewer letters are looked for whole: `US` is not meant by `using`.
const WHOLE_LETTERS: usize = 4;

/// What is looked for: the words as typed, and every other name of an actor that they name.
struct Sought {
    phrases: Vec<Vec<String>>,
    actors: Vec<ActorEntry>,
}

impl Sought {
    fn read(book: &Book, words: &str) -> rusqlite::Result<Self> {
        let mut sought = Self { phrases: vec![tokens(words)], actors: Vec::new() };
        let is_named = |actor: &ActorEntry| {
            sought.fits(&actor.name) || actor.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(words))
        };
        let actors: Vec<ActorEntry> = book.actors()?.into_iter().filter(is_named).collect();
        let names = actors.iter().flat_map(|actor| [&actor.name].into_iter().chain(&actor.aliases));
        sought.phrases.extend(names.map(|name| tokens(name)));
        sought.actors = actors;
        Ok(sought)
    }

    /// Whether all words of any phrase stand in a text, in any order.
    fn fits(&self, text: &str) -> bool {
        let tokens = tokens(text);
        let is_there = |word: &String| {
            tokens.iter().any(|token| {
                token == word || (word.chars().count() >= WHOLE_LETTERS && token.starts_with(word.as_str()))
            })
        };
        self.phrases.iter().any(|phrase| !phrase.is_empty() && phrase.iter().all(is_there))
    }

    fn facts(&self, book: &Book) -> rusqlite::Result<Vec<FactEntry>> {
        let mentions = book.mentions()?;
        let mentions_one = |fact: &FactEntry| {
            mentions.iter().any(|(id, actor)| *id == fact.id && self.actors.iter().any(|known| known.name == *actor))
        };
        let facts = book.facts()?;
        let has_words =
            |fact: &FactEntry| [&fact.id, &fact.gloss, &fact.subject_matter].iter().any(|text| self.fits(text));
        Ok(facts.into_iter().filter(|fact| has_words(fact) || mentions_one(fact)).collect())
    }

    fn questions(&self, book: &Book) -> rusqlite::Result<Vec<QuestionEntry>> {
        let is_wanted =
            |entry: &QuestionEntry| [&entry.id, &entry.question, &entry.about].into_iter().any(|text| self.fits(text));
        Ok(book.questions()?.into_iter().filter(is_wanted).collect())
    }

    /// The rows of a view whose id, or whose text, has the words: the id and the text.
    fn rows(&self, book: &Book, view: &str, text: &str) -> rusqlite::Result<Vec<(String, String)>> {
        let Some(view) = catalogue::find(view) else { return Ok(Vec::new()) };
        let cell = |record: &[(&str, Option<String>)], name: &str| {
            record.iter().find(|(column, _)| *column == name).and_then(|(_, cell)| cell.clone()).unwrap_or_default()
        };
        let rows = book.all_records(view)?;
        let rows = rows.iter().map(|record| (cell(record, "id"), cell(record, text)));
        Ok(rows.filter(|(id, text)| self.fits(id) || self.fits(text)).collect())
    }
}

/// The words of a text, small.
fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// `.facts [WORD]`.
pub(super) fn facts(book: &Book, words: &str) -> Result<String, Error> {
    refuse_plain(book)?;
    let facts = if words.is_empty() { book.facts() } else { sought(book, words)?.facts(book) };
    let facts = facts.map_err(|error| book.error(&error))?;
    if facts.is_empty() {
        return Ok(absent("no fact", words));
    }
    let line = |fact: &FactEntry| Note::new(&fact.id, &at(fact), &fact.gloss).beside(&fact.certainty.replace('_', " "));
    Ok(notes_block(&facts.iter().map(line).collect::<Vec<_>>()))
}

/// `.unknowns [WORD]`: everything on those with the word, or a line for each that there is.
pub(super) fn unknowns(book: &Book, words: &str) -> Result<String, Error> {
    refuse_plain(book)?;
    if words.is_empty() {
        let all = book.questions().map_err(|error| book.error(&error))?;
        return Ok(notes_block(&all.iter().map(question_line).collect::<Vec<_>>()));
    }
    let found = sought(book, words)?.questions(book).map_err(|error| book.error(&error))?;
    if found.is_empty() {
        return Ok(absent("no open question", words));
    }
    let notes = found.iter().flat_map(|entry| question_notes(book, entry, true));
    Ok(notes_block(&notes.collect::<Vec<_>>()))
}

/// `.find WORD`: one search over the book and the names of the program.
pub(super) fn find(book: &Book, words: &str) -> Result<String, Error> {
    if words.is_empty() {
        return Err(wrong("`.find` needs a word", "as `.find troops`"));
    }
    let said = in_book(book, words).map_err(|error| book.error(&error))?;
    let named = in_program(words)?;
    let is_absent = said.is_empty();
    let mut text = notes_block(&said.into_iter().chain(named).collect::<Vec<_>>());
    if is_absent && book.is_book() {
        text.push_str(&format!(
            "{words} is not mentioned: no fact, open question, actor, tension or event of the book has the word.\n\
             That is neither a yes nor a no about {words}: the sources say nothing of it.\n"
        ));
    }
    Ok(text)
}

/// Whether the book has the words anywhere.
pub(super) fn is_found(book: &Book, words: &str) -> bool {
    in_book(book, words).is_ok_and(|found| !found.is_empty())
}

fn in_book(book: &Book, words: &str) -> rusqlite::Result<Vec<Note>> {
    if !book.is_book() {
        return Ok(Vec::new());
    }
    let sought = Sought::read(book, words)?;
    let facts = sought.facts(book)?.into_iter().map(|fact| (place(&fact), fact.gloss)).collect();
    let questions = sought.questions(book)?.into_iter().map(|entry| (entry.id, entry.question)).collect();
    let actors = sought.actors.iter().map(|actor| {
        let also = actor.aliases.join(", ");
        let also = if also.is_empty() { also } else { format!("; also {also}") };
        (actor.name.clone(), format!("{}{also}", actor.kind.replace('_', " ")))
    });
    let sections = [
        ("fact", facts),
        ("unknown", questions),
        ("actor", actors.collect()),
        ("tension", sought.rows(book, "tensions", "statement")?),
        ("event", sought.rows(book, "events", "label")?),
    ];
    Ok(sections.into_iter().flat_map(|(label, rows)| section(label, rows)).collect())
}

fn in_program(words: &str) -> Result<Vec<Note>, Error> {
    let sought = Sought { phrases: vec![tokens(words)], actors: Vec::new() };
    let mut found: Vec<Note> = Vec::new();
    let all = topics::all()?;
    for kind in topics::KINDS {
        let rows = all.iter().filter(|topic| topic.kind == kind && sought.fits(&topic.name));
        found.extend(section(kind, rows.map(|topic| (topic.name.clone(), topic.meaning.clone())).collect()));
    }
    Ok(found)
}

/// Rows under one label.
fn section(label: &str, rows: Vec<(String, String)>) -> Vec<Note> {
    let label = |n: usize| if n == 0 { label } else { "" };
    rows.into_iter().enumerate().map(|(n, (lead, text))| Note::new(label(n), "", &text).led_by(&lead)).collect()
}

fn sought(book: &Book, words: &str) -> Result<Sought, Error> {
    Sought::read(book, words).map_err(|error| book.error(&error))
}

fn absent(what: &str, words: &str) -> String {
    format!("{what} has `{words}`: that is neither a yes nor a no about it")
}

fn refuse_plain(book: &Book) -> Result<(), Error> {
    if book.is_book() {
        Ok(())
    } else {
        Err(wrong("this database has no facts", "ask the bundled book, or a copy of it"))
    }
}
