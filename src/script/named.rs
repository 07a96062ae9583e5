//! Parameters that name something of the book: a pledge, a stage, an event. What the book does not have is refused before
//! anything runs, with the names that it has; an empty table would pass for an answer.

use crate::error::{Error, suggest};
use crate::store::Book;
use crate::store::NameKind;
use crate::store::search::SearchTerms;

/// So many names are listed in an error; of more, how to ask for them.
const MOST_LISTED: usize = 12;

/// A thing of the book in words, with an example.
pub(super) fn wanted(named: NameKind) -> &'static str {
    match named {
        NameKind::Pledge => "a pledge of the book, as `PL1`",
        NameKind::Actor => "the name of an actor, as `France`",
        NameKind::Event => "words of an event of the book, as `speech`",
        NameKind::Plan => "the name of a plan of the book, as `four-point plan`",
        NameKind::Item => "an item of a pledge of the book, as `air-defence missile`",
        NameKind::Stage => "a stage, as `proposed`",
    }
}

/// The name as the book writes it, or the words that an event is meant by; `None` where the book has no such thing. An
/// actor may be anybody: that somebody is not in the book is an answer too.
///
/// # Errors
/// The book can't be read; so for the call below.
pub(super) fn value(named: NameKind, text: &str, book: &Book) -> Result<Option<String>, Error> {
    let names = names(named, book)?;
    let same = names.into_iter().find(|name| name.eq_ignore_ascii_case(text));
    Ok(match named {
        _ if same.is_some() => same,
        NameKind::Actor => Some(text.to_owned()).filter(|text| !text.trim().is_empty()),
        NameKind::Event => has_event(text, book)?.then(|| text.to_owned()),
        _ => None,
    })
}

/// What to write for a name that the book does not have: one near it or with its words, or those that there are.
pub(super) fn cure(named: NameKind, text: &str, book: &Book) -> Option<String> {
    let names = names(named, book).ok()?;
    let with_words = || names.iter().find(|name| SearchTerms::plain(text).matches_text(name)).cloned();
    let near = suggest::nearest(text, names.iter().map(String::as_str)).or_else(with_words);
    // Of an event a part is enough, so that a word of one may be what was meant.
    let words: Vec<&str> = names.iter().flat_map(|name| name.split(' ')).filter(|word| word.len() > 3).collect();
    let near = near.or_else(|| suggest::nearest(text, words).filter(|_| named == NameKind::Event));
    match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if names.is_empty() => Some("the book has none".to_owned()),
        None if names.len() <= MOST_LISTED => Some(format!("the book has {}", names.join(", "))),
        None => Some(format!("the book has {} of them, as {}", names.len(), names[..MOST_LISTED].join(", "))),
    }
}

fn names(named: NameKind, book: &Book) -> Result<Vec<String>, Error> {
    if !book.is_book() {
        return Ok(Vec::new());
    }
    book.names_of(named).map_err(|error| book.error(&error))
}

fn has_event(text: &str, book: &Book) -> Result<bool, Error> {
    if !book.is_book() {
        return Ok(false);
    }
    let found = SearchTerms::read(book, text).and_then(|sought| book.search(&["events"], &sought));
    Ok(!found.map_err(|error| book.error(&error))?.entries.is_empty())
}
