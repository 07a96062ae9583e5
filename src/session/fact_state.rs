//! A fact as it is compared: its place, how firmly it is put, who says it, and its number or its text. Two books, or a book and a
//! receipt, differ where one of these does.

use crate::error::Error;
use crate::quantity::Quantity;
use crate::store::{Book, FactEntry};
use serde::{Deserialize, Serialize};

/// A fact, as a book has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FactState {
    pub(super) id: String,
    /// Its place: `S1 4.2 1227-1278`.
    at: String,
    certainty: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    by: String,
    /// Its number, in the text form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) states: Option<String>,
    /// Its text, where it states no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) says: Option<String>,
}

/// A member in which a fact differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FactChange {
    pub(super) member: &'static str,
    pub(super) then: String,
    pub(super) now: String,
}

impl FactState {
    /// The fact of an entry, with its number as its source states it.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn of(book: &Book, fact: &FactEntry) -> Result<Self, Error> {
        let figure = book.stated_figure(&fact.id).map_err(|error| book.error(&error))?;
        let place = fact.characters.map_or_else(String::new, |(start, end)| format!(" {start}-{end}"));
        Ok(Self {
            id: fact.id.clone(),
            at: format!("{} {}{place}", fact.source, fact.locator),
            certainty: fact.certainty.clone(),
            stage: fact.stage.clone(),
            by: fact.attribution.clone(),
            says: figure.is_none().then(|| fact.gloss.clone()),
            states: figure.as_ref().map(number_text),
        })
    }

    /// The id of its source.
    pub(super) fn source(&self) -> &str {
        self.at.split(' ').next().unwrap_or_default()
    }

    /// The members in which a later state differs.
    pub(super) fn changes(&self, now: &Self) -> Vec<FactChange> {
        let pairs = self.members().into_iter().zip(now.members()).filter(|((_, then), (_, now))| then != now);
        pairs.map(|((member, then), (_, now))| FactChange { member, then, now }).collect()
    }

    fn members(&self) -> [(&'static str, String); 6] {
        let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        [
            ("states", optional(&self.states)),
            ("says", optional(&self.says)),
            ("certainty", self.certainty.clone()),
            ("stage", optional(&self.stage)),
            ("by", self.by.clone()),
            ("at", self.at.clone()),
        ]
    }
}

/// A number with its unit, and nothing of where it comes from.
fn number_text(quantity: &Quantity) -> String {
    match quantity.unit() {
        Some(unit) if !unit.is_one() => format!("{} {unit}", quantity.amount()),
        _ => quantity.amount().to_string(),
    }
}
