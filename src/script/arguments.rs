//! What is given to a script's parameters: the words behind its name, checked against their types before anything
//! runs.

use super::header::{Header, Parameter};
use crate::error::{UsageError, suggest};
use crate::quantity::Units;
use crate::sql::Cell;
use std::collections::BTreeMap;

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
