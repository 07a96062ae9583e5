//! The imported tables that a statement names, also by way of views of one's own: its plain numbers carry no records, and come from
//! these.

use crate::error::Error;
use crate::store::{Book, names_word};
use std::collections::BTreeSet;

/// The most views within each other that are followed.
const MAX_DEPTH: usize = 8;

/// The sources of the imported tables that a statement names, by their numbers.
///
/// # Errors
/// The book can't be read.
pub(super) fn of_statement(book: &Book, sql: &str) -> Result<Vec<u16>, Error> {
    if !book.catalogue().has_imports() {
        return Ok(Vec::new());
    }
    let failed = |error: rusqlite::Error| book.error(&error);
    let views = book.own_names().map_err(failed)?;
    let (mut text, mut followed) = (sql.to_owned(), BTreeSet::new());
    for _ in 0..MAX_DEPTH {
        let is_new = |name: &str| !followed.contains(name) && names_word(&text, name);
        let named: Vec<(&String, &String)> = views
            .iter()
            .filter_map(|(name, view)| Some((name, view.as_ref()?)))
            .filter(|(name, _)| is_new(name))
            .collect();
        if named.is_empty() {
            break;
        }
        for (name, definition) in named {
            followed.insert(name.as_str());
            text.push('\n');
            text.push_str(definition);
        }
    }
    let states = book.import_states().map_err(failed)?;
    let named = states.iter().filter(|(name, _)| names_word(&text, name));
    let mut numbers: Vec<u16> = named.filter_map(|(_, state)| state.source.get(1..)?.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}
