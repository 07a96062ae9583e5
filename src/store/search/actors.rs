//! The actors of the book under every name and code that they are found by.

use super::Book;
use super::codes::codes;
use rusqlite::{Result, Row};

/// Somebody in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorEntry {
    /// The name that the views show.
    pub name: String,
    /// What sort of actor it is.
    pub kind: String,
    /// Other names and stated offices.
    pub aliases: Vec<String>,
    /// Names that people look under and no source need use.
    pub common: Vec<String>,
    /// The codes of a state, of three letters and of two.
    pub codes: Vec<String>,
}

impl ActorEntry {
    /// Every name that it is found under, codes apart.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name].into_iter().chain(&self.aliases).chain(&self.common).map(String::as_str)
    }
}

impl Book {
    /// Everybody in the book, by name.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn actors(&self) -> Result<Vec<ActorEntry>> {
        let sql = "select name, kind, coalesce(aliases, ''), iso3, id from main.actors order by name";
        let common = self.common_names()?;
        self.privileged(|connection| {
            let mut statement = connection.prepare(sql)?;
            let actor = |row: &Row<'_>| {
                let (aliases, iso3, id): (String, Option<String>, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
                let aliases = aliases.split("; ").filter(|alias| !alias.is_empty()).map(str::to_owned).collect();
                let common = common.iter().filter(|(actor, _)| *actor == id).map(|(_, name)| name.clone()).collect();
                let codes = iso3.iter().flat_map(|code| codes(code)).collect();
                Ok(ActorEntry { name: row.get(0)?, kind: row.get(1)?, aliases, common, codes })
            };
            statement.query_map([], actor)?.collect()
        })
    }
}
