//! Functions that look for words in the book, as `.find` does.

use super::ScriptFunction;
use crate::error::suggest;
use crate::script::raise::{Raised, raise_argument, raise_error};
use crate::script::shared::Shared;
use crate::store::search::{SEARCHED, SearchTerms};
use rhai::{Array, Dynamic};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        name: "search",
        signature: "search(view, words)",
        meaning: "the ids of the rows of `facts`, `unknowns`, `events` … that have the words in any form, an actor under any name",
        example: "search(\"unknowns\", \"soldiers\")[0]",
        answer: "U11",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("search", move |view: &str, words: &str| search(&shared, view, words));
        },
    },
    ScriptFunction {
        name: "actors_named",
        signature: "actors_named(words)",
        meaning: "the names of the actors that the words name: by a whole name, alias or code, or else by a part of a name",
        example: "actors_named(\"UK\")[0]",
        answer: "United Kingdom",
        register: |engine, shared| {
            let shared = Rc::clone(shared);
            engine.register_fn("actors_named", move |words: &str| -> Raised<Array> {
                if !shared.book.is_book() {
                    return Ok(Array::new());
                }
                let named = shared.book.actors_named(words);
                let named = named.map_err(|error| raise_error(shared.book.error(&error)))?;
                Ok(named.into_iter().map(Dynamic::from).collect())
            });
        },
    },
    ScriptFunction {
        name: "nearest",
        signature: "nearest(word, names)",
        meaning: "the one of an array of names that a mistyped word probably means; () where none is near",
        example: "nearest(\"Frence\", [\"France\", \"Latvia\"])",
        answer: "France",
        register: |engine, _| {
            engine.register_fn("nearest", |word: &str, names: Array| {
                let names: Vec<String> = names.iter().map(ToString::to_string).collect();
                suggest::nearest(word, names.iter().map(String::as_str)).map_or(Dynamic::UNIT, Dynamic::from)
            });
        },
    },
];

fn search(shared: &Shared, view: &str, words: &str) -> Raised<Array> {
    if !SEARCHED.contains(&view) {
        let near = suggest::nearest(view, SEARCHED).unwrap_or_else(|| "facts".to_owned());
        let cure = format!("did you mean `{near}`? there are {}", SEARCHED.join(", "));
        return Err(raise_argument(format!("`{view}` is not searched by words"), cure));
    }
    if !shared.book.is_book() {
        return Err(raise_argument("this database has no facts", "ask the bundled book, or a copy of it"));
    }
    let found = SearchTerms::read(&shared.book, words).and_then(|sought| shared.book.search(&[view], &sought));
    let found = found.map_err(|error| raise_error(shared.book.error(&error)))?;
    if let Some(output) = shared.output() {
        for (word, near) in &found.related {
            let notice = format!("`{word}` was looked for as `{}` too: near it, and not the same", near.join("`, `"));
            output.notice(&notice).map_err(|error| raise_error(error.into()))?;
        }
    }
    Ok(found.entries.into_iter().map(|entry| Dynamic::from(entry.id)).collect())
}
