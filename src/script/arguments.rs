//! What is given to a script's parameters: the words behind its name, checked against their types before anything
//! runs.

use super::ParameterType;
use super::header::{Header, Parameter, options};
use crate::error::{Error, UsageError, suggest};
use crate::quantity::Strictness;
use crate::sql::Cell;
use crate::store::Book;
use std::collections::BTreeMap;
use std::slice::Iter;

/// The value of every parameter of `header`, from `words` and the defaults.
///
/// # Errors
/// A parameter that there is none of, or that is given twice, one without its value, a value of another type, a stray
/// word, a parameter that has no default and was not given; a default that its own type refuses.
pub fn values(header: &Header, words: &[String], book: &Book) -> Result<Vec<(String, Cell<'static>)>, Error> {
    let given = split(header, words)?;
    header
        .parameters
        .iter()
        .map(|parameter| Ok((parameter.name.clone(), value(header, parameter, &given, book)?)))
        .collect()
}

fn value(
    header: &Header,
    parameter: &Parameter,
    given: &BTreeMap<String, String>,
    book: &Book,
) -> Result<Cell<'static>, Error> {
    let text = given.get(&parameter.name).or(parameter.default.as_ref());
    let text = text.ok_or_else(|| UsageError::NoValue { parameter: parameter.flag() })?;
    if text.is_empty()
        && parameter.default.as_deref() == Some("")
        && (parameter.kind.names_something() || parameter.kind == ParameterType::Text)
    {
        return Ok(Cell::Text("".into()));
    }
    let is_given = given.contains_key(&parameter.name);
    let strictness = if is_given { Strictness::Prose } else { Strictness::Code };
    if let Some(cell) = parameter.kind.value(text, book, strictness)? {
        return Ok(cell);
    }
    let (value, wanted) = (text.clone(), parameter.kind.wanted());
    // Whether a default is one is a matter of the book, where the parameter names something in it.
    Err(if is_given || parameter.kind.names_something() {
        let cure = parameter.kind.cure(text, book);
        UsageError::WrongValue { parameter: parameter.flag(), value, wanted, cure }
    } else {
        let why = format!("the default of `{}` is {value}, and it wants {wanted}", parameter.name);
        UsageError::BadHeader { script: header.name.clone(), why }
    }
    .into())
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
            let flags: Vec<String> =
                header.parameters.iter().map(Parameter::flag).chain(options().map(str::to_owned)).collect();
            let near = suggest::nearest(name, flags.iter().map(String::as_str));
            return Err(UsageError::NoParameter { script: header.name.clone(), parameter: name.to_owned(), near });
        };
        let value = value
            .or_else(|| value_behind(&mut words, header, parameter))
            .ok_or_else(|| UsageError::NoValue { parameter: parameter.flag() })?;
        if given.insert(parameter.name.clone(), value).is_some() {
            return Err(UsageError::Twice { parameter: parameter.flag() });
        }
    }
    Ok(given)
}

/// The word behind a parameter, unless that is a parameter itself. A `bool` that stands alone is true.
fn value_behind(words: &mut Iter<'_, String>, header: &Header, parameter: &Parameter) -> Option<String> {
    let is_parameter = |word: &str| word.strip_prefix("--").is_some_and(|name| header.parameter(name).is_some());
    let is_alone = words.as_slice().first().is_none_or(|word| is_parameter(word));
    if is_alone { (parameter.kind == ParameterType::Bool).then(|| "true".to_owned()) } else { words.next().cloned() }
}
