//! The types of a script's parameters: how each is named in a header, what it takes, and what a word becomes.

use super::named;
use crate::error::{Error, suggest};
use crate::quantity::{Strictness, days_between, plain_number};
use crate::sql::Cell;
use crate::store::Book;
use crate::store::NameKind;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// What the values of a parameter are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterType {
    /// A 64-bit whole number.
    Int,
    /// An exact number of at most 28 digits.
    Decimal,
    /// Any text, taken as it is.
    Text,
    /// An ISO date.
    Date,
    /// `true` or `false`.
    Bool,
    /// A number with a unit of the book.
    Quantity,
    /// The id of a fact.
    Fact,
    /// Something that the book has under a name.
    Named(NameKind),
    /// One of some words.
    Choice(Vec<String>),
}

impl ParameterType {
    /// The names of the types, as a header writes them; a choice is written `a|b|c`.
    pub const NAMES: [&'static str; 14] = [
        "int", "decimal", "text", "date", "bool", "quantity", "fact", "actor", "event", "item", "plan", "pledge",
        "stage", "a|b",
    ];

    /// The type of a header's word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "int" => Self::Int,
            "decimal" => Self::Decimal,
            "text" => Self::Text,
            "date" => Self::Date,
            "bool" => Self::Bool,
            "quantity" => Self::Quantity,
            "fact" => Self::Fact,
            choices if choices.contains('|') => {
                Self::Choice(choices.split('|').map(|word| word.trim().to_owned()).collect())
            }
            word => Self::Named(NameKind::ALL.into_iter().find(|named| named.word() == word)?),
        })
    }

    /// What the help puts for a value.
    #[must_use]
    pub fn placeholder(&self) -> &'static str {
        match self {
            Self::Int => "INT",
            Self::Decimal => "DECIMAL",
            Self::Text => "TEXT",
            Self::Date => "DATE",
            Self::Bool => "BOOL",
            Self::Quantity => "QUANTITY",
            Self::Fact => "FACT",
            Self::Named(NameKind::Actor) => "ACTOR",
            Self::Named(NameKind::Event) => "EVENT",
            Self::Named(NameKind::Item) => "ITEM",
            Self::Named(NameKind::Plan) => "PLAN",
            Self::Named(NameKind::Pledge) => "PLEDGE",
            Self::Named(NameKind::Stage) => "STAGE",
            Self::Choice(_) => "CHOICE",
        }
    }

    /// A value of the type, in words with an example.
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Int => "a whole number, as `2`".to_owned(),
            Self::Decimal => "a number, as `1.25`".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Date => "a date, as `2025-03-31`".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Quantity => "a quantity, as `\"1.25 USD/GBP\"`".to_owned(),
            Self::Fact => "the id of a fact of the book, as `F29`".to_owned(),
            Self::Named(named) => named::wanted(*named).to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    /// What to write for a word that is no value of the type, where that can be told.
    pub(super) fn cure(&self, text: &str, book: &Book) -> Option<String> {
        match self {
            Self::Int | Self::Decimal => {
                let why = plain_number(text, Strictness::Prose).err()?;
                Some(format!("{}{}", why.message(), why.cure().map(|cure| format!(": {cure}")).unwrap_or_default()))
            }
            Self::Choice(words) => near(text, words),
            Self::Fact => fact_meant(text, book),
            Self::Named(named) => named::cure(*named, text, book),
            Self::Quantity => {
                let why = book.literal(text, Strictness::Prose).err()?;
                let cure = why.cure_in_sql().map(|cure| format!(": {cure}")).unwrap_or_default();
                Some(format!("{}{cure}", why.message()))
            }
            Self::Text | Self::Date | Self::Bool => None,
        }
    }

    /// Whether its values are names of what a book has, or empty for nothing in it.
    pub(super) fn names_something(&self) -> bool {
        matches!(self, Self::Fact | Self::Named(_))
    }

    /// The value of a word, which a person typed or a script's author wrote; `None` where it is none of the type's, or claims
    /// what the book does not have.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn value(&self, text: &str, book: &Book, by: Strictness) -> Result<Option<Cell<'static>>, Error> {
        let as_text = || Cell::Text(text.to_owned().into());
        let number = || plain_number(text, by).ok().flatten();
        Ok(match self {
            Self::Int => number().filter(Decimal::is_integer).and_then(|number| number.to_i64()).map(Cell::Integer),
            Self::Decimal => number().map(|number| Cell::Decimal(number.normalize())),
            Self::Text => Some(as_text()),
            Self::Date => days_between(text, text).is_ok().then(as_text),
            Self::Bool => text.parse().ok().map(Cell::Truth),
            Self::Quantity => book.literal(text, by).ok().map(|quantity| Cell::Quantity(Box::new(quantity))),
            Self::Fact => book.fact(text).map_err(|error| book.error(&error))?.map(|_| as_text()),
            Self::Named(named) => named::value(*named, text, book)?.map(|name| Cell::Text(name.into())),
            Self::Choice(words) => words.iter().any(|word| word == text).then(as_text),
        })
    }
}

fn near(text: &str, words: &[String]) -> Option<String> {
    suggest::nearest(text, words.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"))
}

/// The fact of the same number, or which facts there are.
fn fact_meant(text: &str, book: &Book) -> Option<String> {
    if let Some(fact) = book.superseded(text).ok().flatten() {
        return Some(format!("{}: {}", fact.message(), fact.cure()));
    }
    let facts: Vec<String> = book.facts().ok()?.into_iter().map(|fact| fact.id).collect();
    let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    match facts.iter().find(|id| number(text).is_some() && number(id) == number(text)) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None => Some(format!("the book has {} to {}", facts.first()?, facts.last()?)),
    }
}
