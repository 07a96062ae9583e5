//! What Tab offers: the names that fit where the cursor stands. Names come as a snapshot; nothing here asks the book.
//!
//! Reading order: `vocabulary`, `offer`; `command` with `files`; `sql` with `query`, `sources` and `place`; `script` with `receiver`;
//! `call` for the hint of a signature.

mod call;
mod command;
mod files;
mod offer;
mod place;
mod query;
mod receiver;
mod script;
mod sources;
mod sql;
mod vocabulary;
mod words;

use super::language::{Language, classify};
use crate::table::visible;
pub(super) use call::signature;
pub use offer::Offer;
pub(super) use offer::{cut, lay_out};
pub use vocabulary::{FunctionName, IdName, ParameterName, ScriptNames, Vocabulary};

/// What an entry is written in while its word at the byte `pos` is being typed: SQL if it is with that word, without it, or
/// with any other in its place.
pub(super) fn language_at(line: &str, pos: usize, is_variable: &dyn Fn(&str) -> bool) -> Language {
    let (before, after) = line.split_at(pos);
    let without = &before[..words::start_of_word(before)];
    let written = classify(line, is_variable);
    let may_be_sql = || {
        [format!("{before}x{after}"), format!("{without}{after}")]
            .iter()
            .any(|line| classify(line, is_variable) == Language::Sql)
    };
    if written == Language::Script && may_be_sql() { Language::Sql } else { written }
}

/// The longest list: the editor counts in 16 bits, and nobody reads more.
const MOST: usize = 5_000;

/// Where the word at the byte `pos` of `line` begins, and what may stand from there to `pos`: the nearest first, then by
/// name, without repeats. Letter case is ignored, except that keywords follow the first letter typed.
#[must_use]
pub fn complete(line: &str, pos: usize, language: Language, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let (start, mut found) = match language {
        Language::Command => command::complete(&line[..pos], vocabulary),
        Language::Sql => sql::complete(line, pos, vocabulary),
        Language::Script => script::complete(line, pos, vocabulary),
    };
    // A name that would move the cursor is not offered: the editor draws it as it is.
    found.retain(|offer| visible(&offer.name) == offer.name.as_str());
    found.truncate(MOST);
    (start, found)
}

#[cfg(test)]
mod tests;
