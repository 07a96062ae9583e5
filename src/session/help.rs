//! What a name stands for, from the tables that define it: how it is written, what it means, an example with its answer.

use super::topics::{self, Topic};
use crate::error::{Error, suggest, wrong};
use crate::quantity::{Quantity, reading};
use crate::script::functions;
use crate::sql::Note;
use crate::store::catalogue::{self, ColumnKind, View};
use crate::store::{Book, udf as sql_functions};
use crate::table::{notes_block, visible};

/// How many columns the example of a view asks for.
const COLUMNS_SHOWN: usize = 3;

/// All that bears a name; where nothing does, what has a name that begins so; or else what has the word in what is said of
/// it. `more` are topics of the caller's own. `sql` and `script` list the functions of a language.
///
/// # Errors
/// Nothing has the word at all.
pub(super) fn help(book: &Book, word: &str, more: Vec<Topic>) -> Result<String, Error> {
    match word {
        "sql" => return Ok(list(sql_functions::all().map(|function| (function.signature, function.meaning)))),
        "script" => return Ok(list(functions::all().map(|function| (function.signature, function.meaning)))),
        _ => {}
    }
    let all: Vec<Topic> = more.into_iter().chain(topics::all()?).collect();
    let found = |fits: &dyn Fn(&Topic) -> bool| all.iter().filter(|topic| fits(topic)).collect::<Vec<_>>();
    let called = found(&|topic| topic.is_called(word));
    if !called.is_empty() {
        return Ok(called.into_iter().map(|topic| page(book, topic)).collect::<Vec<_>>().join("\n"));
    }
    // Every name begins with nothing.
    if word.is_empty() || elsewhere(book, word).is_some() {
        return Err(no_topic(book, word, &all));
    }
    let begun = found(&|topic| topic.begins_with(word));
    let found = if begun.is_empty() { found(&|topic| topic.speaks_of(word)) } else { begun };
    match found.as_slice() {
        [] => Err(no_topic(book, word, &all)),
        [only] => Ok(page(book, only)),
        several => Ok(several.iter().map(|topic| listed(topic)).collect::<Vec<_>>().concat()),
    }
}

/// A topic among others.
fn listed(topic: &Topic) -> String {
    format!("{}  ({})\n  {}\n", topic.signature, topic.kind, topic.meaning)
}

/// Functions, each with what it means in the line below it.
fn list<'f>(functions: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let lines: Vec<String> = functions.map(|(signature, meaning)| format!("{signature}\n  {meaning}\n")).collect();
    lines.concat()
}

/// The help of one topic, each line ended by a line feed.
fn page(book: &Book, topic: &Topic) -> String {
    if let Some(page) = &topic.page {
        return page.clone();
    }
    let details: Vec<Note> = topic.details.iter().map(|(label, text)| Note::new(label, "", text)).collect();
    let example = topic.example.clone().or_else(|| match topic.column {
        Some((view, column)) => of_column(book, view, column),
        None => catalogue::find(&topic.name).filter(|_| topic.kind == "view").and_then(|view| of_view(book, view)),
    });
    // Both stand on a line of their own, as they are typed and printed.
    let example = example.map(|(entry, answer)| match answer.as_str() {
        "" => format!(" example  {}\n", visible(&entry)),
        answer => format!(" example  {}\n answer   {}\n", visible(&entry), visible(answer)),
    });
    let head = format!("{}  ({})\n  {}\n", topic.signature, topic.kind, topic.meaning);
    [head, notes_block(&details), example.unwrap_or_default()].concat()
}

/// A question for one cell, and what the book answers to it.
fn of_column(book: &Book, view: &'static View, column: &str) -> Option<(String, String)> {
    let answer = cells(book, view, &[column])?.pop()?;
    Some((format!("select {column} from {} where {}", view.name, view.sample), answer))
}

/// A question for the first cells of a row, and what the book answers to it.
fn of_view(book: &Book, view: &'static View) -> Option<(String, String)> {
    let columns: Vec<&str> = view.columns.iter().map(|column| column.name).take(COLUMNS_SHOWN).collect();
    let answer = cells(book, view, &columns)?.join("  ");
    Some((format!("select {} from {} where {}", columns.join(", "), view.name, view.sample), answer))
}

/// The cells of a view's sample row, as a table shows them; `None` where the book has no such row.
fn cells(book: &Book, view: &'static View, columns: &[&str]) -> Option<Vec<String>> {
    if !book.is_book() || view.sample.is_empty() {
        return None;
    }
    let row = book.sample(view).ok()??;
    let shown = row.iter().zip(view.columns).filter(|((name, _), _)| columns.contains(name));
    let words = shown.map(|((_, cell), column)| match cell {
        None => "NULL".to_owned(),
        Some(cell) if column.kind == ColumnKind::Quantity => quantity_words(cell),
        Some(cell) => cell.clone(),
    });
    Some(words.collect())
}

fn quantity_words(cell: &str) -> String {
    let Ok(quantity) = cell.parse::<Quantity>() else { return cell.to_owned() };
    let value = reading::quantity(&quantity, None);
    if quantity.facts().is_empty() { value } else { format!("{value} [{}]", reading::facts(quantity.facts())) }
}

/// The error of a name that nothing bears: what was meant, or where to look.
fn no_topic(book: &Book, word: &str, all: &[Topic]) -> Error {
    let bare = word.trim_start_matches(['.', '-']);
    let near = suggest::nearest(bare, all.iter().map(|topic| topic.short_name().trim_start_matches(['.', '-'])));
    let cure = match elsewhere(book, word).or_else(|| near.map(|near| format!("did you mean `{near}`?"))) {
        Some(cure) => cure,
        None if word.starts_with('-') => format!("options belong to the command line: `pledgebook help {word}`"),
        None => format!("`.find {word}` searches the book and all names; `.help` lists the commands"),
    };
    wrong(&format!("there is no help on `{word}`"), &cure)
}

/// What explains a name that is no topic: an id of the book, a function of SQLite's own.
fn elsewhere(book: &Book, word: &str) -> Option<String> {
    let is_among = |names: Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    if is_among(book.ids().unwrap_or_default()) {
        return Some(format!("`.why {word}` explains what the book has under this id"));
    }
    let is_sqlites = is_among(book.sql_functions().unwrap_or_default());
    is_sqlites.then(|| "it is a function of SQLite's own; `.help sql` lists those that are added here".to_owned())
}
