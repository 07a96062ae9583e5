//! The pledges of a book with their parties and facts, for what a text says of one.

use super::super::Book;
use rusqlite::Result;

/// The parties of a pledge, by their names in the views, and its facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PledgeParties {
    /// The actor that gives.
    pub provider: Option<String>,
    /// The actor that is given to.
    pub recipient: Option<String>,
    /// The actor that has announced it.
    pub announcer: Option<String>,
    /// The ids of its facts.
    pub facts: Vec<String>,
}

impl Book {
    /// The parties and facts of each pledge; none in a database without pledges.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn pledge_parties(&self) -> Result<Vec<PledgeParties>> {
        let Some(view) = self.catalogue().of_book().find(|view| view.name == "pledges") else { return Ok(Vec::new()) };
        let rows = self.rows(view, "order by id", &[])?;
        let parties = |row: super::ViewRow| {
            let cell = |name: &str| row.iter().find(|(column, _)| column == name).and_then(|(_, cell)| cell.clone());
            let facts = cell("facts").unwrap_or_default();
            PledgeParties {
                provider: cell("provider"),
                recipient: cell("recipient"),
                announcer: cell("announcer"),
                facts: facts.split_whitespace().map(str::to_owned).collect(),
            }
        };
        Ok(rows.into_iter().map(parties).collect())
    }
}
