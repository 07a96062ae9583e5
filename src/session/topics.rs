//! Everything that has a name and can be looked up, gathered from the tables that define it: commands, functions of
//! both languages, views and their columns, scripts. Nothing is described here.

use crate::error::Error;
use crate::script::{functions, library};
use crate::store::{catalogue, functions as sql_functions};
use crate::terminal::COMMANDS;

/// What a name stands for, in the order in which it is told.
pub(super) const KINDS: [&str; 6] = ["command", "script", "view", "column", "script function", "SQL function"];

/// A name that can be looked up.
pub(super) struct Topic {
    /// One of [`KINDS`].
    pub(super) kind: &'static str,
    /// The name; that of a column with its view's.
    pub(super) name: String,
    /// What it is or gives, in a sentence.
    pub(super) meaning: String,
}

/// Every topic, by kind.
///
/// # Errors
/// A header of the library that can't be read: a fault of the program.
pub(super) fn all() -> Result<Vec<Topic>, Error> {
    let topic = |kind, name: &str, meaning: &str| Topic { kind, name: name.to_owned(), meaning: meaning.to_owned() };
    let mut all: Vec<Topic> = Vec::new();
    all.extend(COMMANDS.iter().map(|command| topic("command", command.name, command.meaning)));
    let scripts = library::all()?;
    all.extend(scripts.iter().map(|script| topic("script", &script.header.name, &script.header.summary)));
    all.extend(catalogue::VIEWS.iter().map(|view| topic("view", view.name, view.meaning)));
    for view in catalogue::VIEWS {
        let columns = view.columns.iter();
        all.extend(columns.map(|column| topic("column", &format!("{}.{}", view.name, column.name), column.meaning)));
    }
    all.extend(functions::all().map(|one| topic("script function", one.name, one.meaning)));
    all.extend(sql_functions::all().map(|one| topic("SQL function", one.name, one.meaning)));
    Ok(all)
}
