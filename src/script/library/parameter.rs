//! The types of a script's parameters: name in a header, accepted values, and conversion of an argument. A name of something in
//! the book is checked before anything runs, since an empty table would pass for an answer.

use crate::error::{
    Error,
    suggest::{self, did_you_mean},
};
use crate::quantity::{Strictness, days_between, parse_number};
use crate::sql::Cell;
use crate::store::Book;
use crate::store::NameKind;
use crate::store::search::SearchTerms;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The type of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterType {
    /// A 64-bit whole number.
    Int,
    /// A whole number from one to another, both included.
    IntWithin(i64, i64),
    /// An exact number of at most 28 digits.
    Decimal,
    /// Any text, unchanged.
    Text,
    /// An ISO date.
    Date,
    /// `true` or `false`.
    Bool,
    /// A number with a unit of the book.
    Quantity,
    /// The id of a fact.
    Fact,
    /// The name of something in the book.
    Named(NameKind),
    /// A name of an actor that the book may have: that it has none is an answer of the script.
    AnyName,
    /// One of these words.
    Choice(Vec<String>),
}

/// The types but for choices: name in a header, type, and the accepted values with an example.
static TYPES: [(&str, ParameterType, &str); 14] = [
    ("int", ParameterType::Int, "a whole number, as `2`"),
    ("decimal", ParameterType::Decimal, "a number, as `1.25`"),
    ("text", ParameterType::Text, "a text"),
    ("date", ParameterType::Date, "a date, as `2025-03-31`"),
    ("bool", ParameterType::Bool, "`true` or `false`"),
    ("quantity", ParameterType::Quantity, "a quantity, as `\"1.25 USD/GBP\"`"),
    ("fact", ParameterType::Fact, "the id of a fact of the book, as `F29`"),
    ("actor", ParameterType::Named(NameKind::Actor), "the name of an actor, as `France`"),
    ("name", ParameterType::AnyName, "a name, of an actor of the book or another, as `Poland`"),
    ("event", ParameterType::Named(NameKind::Event), "words of an event of the book, as `speech`"),
    ("item", ParameterType::Named(NameKind::Item), "an item of a pledge of the book, as `air-defence missile`"),
    ("plan", ParameterType::Named(NameKind::Plan), "the name of a plan of the book, as `four-point plan`"),
    ("pledge", ParameterType::Named(NameKind::Pledge), "a pledge of the book, as `PL1`"),
    ("stage", ParameterType::Named(NameKind::Stage), "a stage, as `proposed`"),
];

/// Every type as a header writes it, with the accepted values.
pub fn parameter_types() -> Vec<(&'static str, String)> {
    let named = TYPES.iter().map(|(name, _, expected)| (*name, (*expected).to_owned()));
    let within = ("int 0..28", ParameterType::IntWithin(0, 28).expected());
    named.chain([within, ("a|b|c", "one of these words".to_owned())]).collect()
}

impl ParameterType {
    /// Parses the name of a type; a choice is written `a|b|c`.
    ///
    /// # Errors
    /// The message that lists the names.
    pub(super) fn read(word: &str) -> Result<Self, String> {
        if word.contains('|') {
            return Ok(Self::Choice(word.split('|').map(|word| word.trim().to_owned()).collect()));
        }
        if let Some(bounds) = word.strip_prefix("int ") {
            return Self::read_bounds(bounds.trim());
        }
        let known = TYPES.iter().find(|(name, ..)| *name == word).map(|(_, kind, _)| kind.clone());
        known.ok_or_else(|| {
            format!("`{word}` is no type; the types are {}, a|b", TYPES.each_ref().map(|(name, ..)| *name).join(", "))
        })
    }

    /// Parses the bounds of a whole number, written `int 0..28`.
    fn read_bounds(bounds: &str) -> Result<Self, String> {
        let ends = bounds.split_once("..").and_then(|(from, to)| from.parse().ok().zip(to.parse().ok()));
        let ends = ends.filter(|(from, to)| from <= to);
        ends.map(|(from, to)| Self::IntWithin(from, to))
            .ok_or_else(|| format!("`int {bounds}` is no type; the bounds of a whole number are written `int 0..28`"))
    }

    /// Name and accepted values of the type; `None` for a choice.
    fn row(&self) -> Option<(&'static str, &'static str)> {
        TYPES.iter().find(|(_, kind, _)| kind == self).map(|(name, _, expected)| (*name, *expected))
    }

    /// The placeholder of a value in help.
    #[must_use]
    pub fn placeholder(&self) -> String {
        match self {
            Self::IntWithin(..) => "INT".to_owned(),
            _ => self.row().map_or("choice", |(name, _)| name).to_uppercase(),
        }
    }

    /// Description of the accepted values, with an example.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::IntWithin(from, to) => format!("a whole number from {from} to {to}"),
            _ => self.row().map(|(_, expected)| expected.to_owned()).unwrap_or_default(),
        }
    }

    /// Help for an argument that the type refuses, where there is any.
    pub(super) fn help(&self, text: &str, book: &Book) -> Option<String> {
        let explained =
            |message: String, help| [Some(message), help].into_iter().flatten().collect::<Vec<_>>().join(": ");
        match self {
            Self::Int | Self::IntWithin(..) | Self::Decimal => {
                let why = parse_number(text, Strictness::Prose).err()?;
                Some(explained(why.message(), why.help()))
            }
            Self::Choice(words) => did_you_mean(suggest::nearest(text, words.iter().map(String::as_str)).as_ref()),
            Self::Fact => nearest_fact(text, book),
            Self::Named(named) => name_help(*named, text, book),
            Self::Quantity => {
                let why = book.literal(text, Strictness::Prose).err()?;
                Some(explained(why.message(), why.help_in_sql()))
            }
            Self::Text | Self::Date | Self::Bool | Self::AnyName => None,
        }
    }

    /// The kind of the names that its values are.
    #[must_use]
    pub fn names(&self) -> Option<NameKind> {
        match self {
            Self::Named(kind) => Some(*kind),
            Self::AnyName => Some(NameKind::Actor),
            _ => None,
        }
    }

    /// True if its values name something in the book, or are empty for nothing in it.
    pub(super) fn is_book_reference(&self) -> bool {
        matches!(self, Self::Fact | Self::Named(_) | Self::AnyName)
    }

    /// Converts an argument or default; `None` where the type refuses it, or the book has no such thing.
    ///
    /// # Errors
    /// The book can't be read.
    pub(super) fn value(&self, text: &str, book: &Book, by: Strictness) -> Result<Option<Cell<'static>>, Error> {
        let as_text = || Cell::Text(text.to_owned().into());
        let number = || parse_number(text, by).ok().flatten();
        let whole = || number().filter(Decimal::is_integer).and_then(|number| number.to_i64());
        Ok(match self {
            Self::Int => whole().map(Cell::Integer),
            Self::IntWithin(from, to) => whole().filter(|whole| (from..=to).contains(&whole)).map(Cell::Integer),
            Self::Decimal => number().map(|number| Cell::Decimal(number.normalize())),
            Self::Text => Some(as_text()),
            Self::Date => days_between(text, text).is_ok().then(as_text),
            Self::Bool => text.parse().ok().map(Cell::Truth),
            Self::Quantity => book.literal(text, by).ok().map(|quantity| Cell::Quantity(Box::new(quantity))),
            Self::Fact => book.fact(text).map_err(|error| book.error(&error))?.map(|_| as_text()),
            Self::AnyName => (!text.trim().is_empty()).then(as_text),
            Self::Named(named) => resolve_name(*named, text, book)?.map(|name| Cell::Text(name.into())),
            Self::Choice(words) => words.iter().any(|word| word == text).then(as_text),
        })
    }
}

/// The fact of the same number, or the range of facts.
fn nearest_fact(text: &str, book: &Book) -> Option<String> {
    if let Some(fact) = book.superseded(text).ok().flatten() {
        return Some(format!("{}: {}", fact.message(), fact.help()));
    }
    let facts: Vec<String> = book.facts().ok()?.into_iter().map(|fact| fact.id).collect();
    let number = |id: &str| id.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    match facts.iter().find(|id| number(text).is_some() && number(id) == number(text)) {
        meant @ Some(_) => did_you_mean(meant),
        None => Some(format!("the book has {} to {}", facts.first()?, facts.last()?)),
    }
}

/// Maximum number of names listed in an error; of more, only their number and some examples are.
const MAX_LISTED: usize = 12;

/// Resolves a name to its spelling in the book; words of an event stay as they are. `None` where the book has no such thing, or
/// several actors of that name.
///
/// # Errors
/// The book can't be read.
fn resolve_name(named: NameKind, text: &str, book: &Book) -> Result<Option<String>, Error> {
    let names = names_of(named, book)?;
    let same = names.into_iter().find(|name| name.eq_ignore_ascii_case(text));
    Ok(match named {
        _ if same.is_some() => same,
        NameKind::Actor => {
            Some(actors_named(text, book)?).filter(|names| names.len() == 1).and_then(|mut names| names.pop())
        }
        NameKind::Event => has_event(text, book)?.then(|| text.to_owned()),
        _ => None,
    })
}

/// The actors that a name, an alias, a code or a part of a name is that of.
fn actors_named(text: &str, book: &Book) -> Result<Vec<String>, Error> {
    if !book.is_book() {
        return Ok(Vec::new());
    }
    book.actors_named(text).map_err(|error| book.error(&error))
}

/// Help for a name that the book does not have: a near one, one that contains the words, or those that it has.
fn name_help(named: NameKind, text: &str, book: &Book) -> Option<String> {
    let names = names_of(named, book).ok()?;
    if named == NameKind::Actor
        && let Some(several) = actors_named(text, book).ok().filter(|several| several.len() > 1)
    {
        return Some(format!("the book has {}", several.join(", ")));
    }
    let with_words = || names.iter().find(|name| SearchTerms::plain(text).matches_text(name)).cloned();
    let near = suggest::nearest(text, names.iter().map(String::as_str)).or_else(with_words);
    // A part of an event names it, so a near word may have been meant.
    let words: Vec<&str> = names.iter().flat_map(|name| name.split(' ')).filter(|word| word.len() > 3).collect();
    let near = near.or_else(|| suggest::nearest(text, words).filter(|_| named == NameKind::Event));
    match near {
        Some(_) => did_you_mean(near.as_ref()),
        None if names.is_empty() => Some("the book has none".to_owned()),
        None if names.len() <= MAX_LISTED => Some(format!("the book has {}", names.join(", "))),
        None => Some(format!("the book has {} of them, as {}", names.len(), names[..MAX_LISTED].join(", "))),
    }
}

fn names_of(named: NameKind, book: &Book) -> Result<Vec<String>, Error> {
    if !book.is_book() {
        return Ok(Vec::new());
    }
    book.names_of(named).map_err(|error| book.error(&error))
}

fn has_event(text: &str, book: &Book) -> Result<bool, Error> {
    if !book.is_book() {
        return Ok(false);
    }
    let found = SearchTerms::read(book, text).and_then(|sought| book.search(&["events"], &sought));
    Ok(!found.map_err(|error| book.error(&error))?.entries.is_empty())
}
