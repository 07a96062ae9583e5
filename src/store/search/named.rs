//! The names of the book's pledges, actors, events, plans, items and stages, for parameters of scripts.

use super::Book;
use rusqlite::Result;

/// A kind of thing that has names in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A pledge, by its id.
    Pledge,
    /// An actor, by any name.
    Actor,
    /// An event, by its label or words of it.
    Event,
    /// A plan, by its label.
    Plan,
    /// A kind of goods.
    Item,
    /// How far a pledge has got.
    Stage,
}

impl Named {
    /// Each of them, in the order of their words.
    pub const ALL: [Self; 6] = [Self::Actor, Self::Event, Self::Item, Self::Plan, Self::Pledge, Self::Stage];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pledge => "pledge",
            Self::Actor => "actor",
            Self::Event => "event",
            Self::Plan => "plan",
            Self::Item => "item",
            Self::Stage => "stage",
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Pledge => "select id from main.pledge order by length(id), id",
            Self::Actor => "select name from main.actor order by name",
            Self::Event => "select label from main.event order by length(id), id",
            Self::Plan => "select label from main.plan order by length(id), id",
            Self::Item => "select distinct item from main.pledge_item order by item",
            Self::Stage => "select code from main.stage order by ord",
        }
    }
}

impl Book {
    /// The names of all things of a kind, in the order of the book.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn names_of(&self, named: Named) -> Result<Vec<String>> {
        self.privileged(|connection| connection.prepare(named.sql())?.query_map([], |row| row.get(0))?.collect())
    }
}
