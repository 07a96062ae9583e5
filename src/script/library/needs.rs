//! The needs of scripts: which of the library work in it, and the error of one that does not.

use super::{Script, ScriptHeader, all};
use crate::error::{Error, Report};
use crate::store::{Book, Origin};
use std::collections::{BTreeMap, BTreeSet};

/// The scripts of the library by what a book has.
#[derive(Debug, Default)]
pub struct LibraryInBook {
    /// Those that work in it.
    pub working: Vec<Script>,
    /// The number of the others.
    pub others: usize,
    /// The things that the book lacks for the others.
    pub lacking: BTreeSet<String>,
}

/// Finds the scripts of the library that work in a book.
///
/// # Errors
/// The book can't be read; a header can't, which is a fault of the program.
pub fn in_book(book: &Book) -> Result<LibraryInBook, Error> {
    let scripts = all()?;
    if *book.origin() == Origin::Bundled {
        // It has what the library needs: the tests run each script.
        return Ok(LibraryInBook { working: scripts, ..LibraryInBook::default() });
    }
    let (mut found, mut known) = (LibraryInBook::default(), BTreeMap::new());
    for script in scripts {
        let lacking = lacking(&script.header, book, &mut known)?;
        if lacking.is_empty() {
            found.working.push(script);
        } else {
            found.others += 1;
            found.lacking.extend(lacking);
        }
    }
    Ok(found)
}

/// Refuses a script that needs something that a book lacks.
///
/// # Errors
/// With the names of what is missing; the book can't be read.
pub fn check_needs(header: &ScriptHeader, book: &Book) -> Result<(), Error> {
    let lacking = lacking(header, book, &mut BTreeMap::new())?;
    if lacking.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
    let what = if book.is_book() { "book" } else { "database" };
    let message = format!("`{}` needs {}, and this {what} has none", header.name, names.join(" and "));
    Err(Error::Lacking(Report::plain(message, Some("`.scripts` lists those that work here".to_owned()))))
}

/// The names that a script needs and a book lacks; what is known of names is kept in `known`.
fn lacking(header: &ScriptHeader, book: &Book, known: &mut BTreeMap<String, bool>) -> Result<Vec<String>, Error> {
    let mut lacking = Vec::new();
    for name in &header.needs {
        let has = match known.get(name) {
            Some(has) => *has,
            // The bundled book has rows in each of its views.
            None if *book.origin() == Origin::Bundled && book.catalogue().find(name).is_some() => true,
            None => book.has(name).map_err(|error| book.error(&error))?,
        };
        known.insert(name.clone(), has);
        lacking.extend((!has).then(|| name.clone()));
    }
    Ok(lacking)
}
