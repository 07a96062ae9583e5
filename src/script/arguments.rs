//! What is given to a script's parameters: the words behind its name, checked against their types before anything
//! runs.

use super::header::{Header, Parameter};
use crate::error::{UsageError, suggest};
use crate::quantity::{Quantity, Units};
use crate::sql::Cell;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

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
    /// One of some words.
    Choice(Vec<String>),
}

impl ParameterType {
    /// The names of the types, as a header writes them; a choice is written `a|b|c`.
    pub const NAMES: [&'static str; 8] = ["int", "decimal", "text", "date", "bool", "quantity", "fact", "a|b"];

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
            _ => return None,
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
            Self::Choice(_) => "CHOICE",
        }
    }

    /// A value of the type, in words with an example.
    fn wanted(&self) -> String {
        match self {
            Self::Int => "a whole number, as `2`".to_owned(),
            Self::Decimal => "a number, as `1.25`".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Date => "a date, as `2025-03-31`".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Quantity => "a quantity, as `\"1.25 USD/GBP\"`".to_owned(),
            Self::Fact => "the id of a fact, as `F29`".to_owned(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
        }
    }

    fn value(&self, text: &str, units: &Units) -> Option<Cell<'static>> {
        let as_text = || Cell::Text(text.to_owned().into());
        match self {
            Self::Int => text.parse().ok().map(Cell::Integer),
            Self::Decimal => exact(text).map(Cell::Decimal),
            Self::Text => Some(as_text()),
            Self::Date => super::dates::days_between(text, text).is_ok().then(as_text),
            Self::Bool => text.parse().ok().map(Cell::Truth),
            Self::Quantity => units.read(text).ok().map(given).map(|quantity| Cell::Quantity(Box::new(quantity))),
            Self::Fact => (super::ids::is_id(text) && text.contains('F')).then(as_text),
            Self::Choice(words) => words.iter().any(|word| word == text).then(as_text),
        }
    }
}

/// A plain number, exact: no unit, no range.
fn exact(text: &str) -> Option<Decimal> {
    let read: Quantity = text.parse().ok()?;
    let is_plain = read.is_exact() && read == Quantity::plain(read.number()?);
    read.number().filter(|_| is_plain)
}

/// What the user gives carries that he did.
fn given(quantity: Quantity) -> Quantity {
    if quantity.facts().is_empty() { quantity.given() } else { quantity }
}

/// The value of every parameter of `header`, from `words` and the defaults.
///
/// # Errors
/// A parameter that there is none of, one without its value, a value of another type, a stray word, a parameter that
/// has no default and was not given.
pub fn values(header: &Header, words: &[String], units: &Units) -> Result<Vec<(String, Cell<'static>)>, UsageError> {
    let given = split(header, words)?;
    header.parameters.iter().map(|parameter| Ok((parameter.name.clone(), value(parameter, &given, units)?))).collect()
}

fn value(parameter: &Parameter, given: &BTreeMap<String, String>, units: &Units) -> Result<Cell<'static>, UsageError> {
    let text = given.get(&parameter.name).or(parameter.default.as_ref());
    let text = text.ok_or_else(|| UsageError::NoValue { parameter: parameter.flag() })?;
    parameter.kind.value(text, units).ok_or_else(|| UsageError::WrongValue {
        parameter: parameter.flag(),
        value: text.clone(),
        wanted: parameter.kind.wanted(),
    })
}

/// `--name value` and `--name=value`, by the parameter's own name.
fn split(header: &Header, words: &[String]) -> Result<BTreeMap<String, String>, UsageError> {
    let mut given = BTreeMap::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else { return Err(UsageError::Stray { word: word.clone() }) };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (flag, None),
        };
        let Some(parameter) = header.parameter(name) else {
            let flags: Vec<String> = header.parameters.iter().map(Parameter::flag).collect();
            let near = suggest::nearest(name, flags.iter().map(String::as_str));
            return Err(UsageError::NoParameter { script: header.name.clone(), parameter: name.to_owned(), near });
        };
        let value = value.or_else(|| words.next().cloned());
        let value = value.ok_or_else(|| UsageError::NoValue { parameter: parameter.flag() })?;
        given.insert(parameter.name.clone(), value);
    }
    Ok(given)
}
