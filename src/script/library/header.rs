//! The comment at the top of a script is its interface: summary, parameters, examples. The list of scripts, the help of one,
//! and its typed arguments are made from it. It runs nothing.

use super::parameter::ParameterType;
use crate::error::suggest::{did_you_mean, nearest};
use crate::error::{Error, Frame, Place, Report, usage_error};
use crate::quantity::Strictness;
use crate::sql::Cell;
use crate::store::Book;
use crate::syntax::Text;
use std::collections::BTreeMap;
use std::ops::Range;
use std::slice::Iter;
use std::sync::OnceLock;

/// The spelling of a parameter, in messages.
pub(super) const DECLARATION: &str = "`// name: type = default — meaning`";

/// The header of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScriptHeader {
    /// The script's name on the command line.
    pub name: String,
    /// The first sentence, without its full stop.
    pub summary: String,
    /// The rest of the prose, a line each; paragraphs are separated by an empty one.
    pub description: Vec<String>,
    /// The parameters in source order.
    pub parameters: Vec<Parameter>,
    /// The question that it answers, as a page has it for a heading; without one, the summary is.
    pub question: Option<String>,
    /// The things that a book must have for it: views and tables with rows, ids.
    pub needs: Vec<String>,
    /// Command lines that the tests run, each with a text that its answer holds.
    pub examples: Vec<Example>,
}

/// A parameter, given as `--name VALUE` and read in the script as a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the script: letters, digits and `_`.
    pub name: String,
    /// The type of its values.
    pub kind: ParameterType,
    /// The default value; without one it is required.
    pub default: Option<String>,
    /// Its meaning, in a few words.
    pub meaning: String,
    /// The bytes of the script that declare it.
    pub declared_at: Range<usize>,
}

/// An example run, which a test executes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The words after the script's name.
    pub arguments: String,
    /// A text that the answer contains.
    pub answer: String,
}

/// The program's own options, whose names no parameter may have. The command line, which is defined in a higher layer, sets
/// them once.
static OPTIONS: OnceLock<fn() -> Vec<String>> = OnceLock::new();

/// Reserves the names of the program's options, without dashes.
pub fn reserve_option_names(options: fn() -> Vec<String>) {
    // Every caller passes the same names, so the first call is enough.
    let _ = OPTIONS.set(options);
}

/// The names of the program's options, without dashes.
fn program_options() -> impl Iterator<Item = &'static str> {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    let names = OPTIONS.get().map(|options| NAMES.get_or_init(options));
    names.into_iter().flatten().map(String::as_str)
}

impl ScriptHeader {
    /// Reads the header of `script`, whose text is called `source` in errors.
    ///
    /// # Errors
    /// The first of [`ScriptHeader::read_all`].
    pub fn read(name: &str, source: &str, script: &str) -> Result<Self, Error> {
        let (header, errors) = Self::read_all(name, source, script);
        errors.into_iter().next().map_or(Ok(header), Err)
    }

    /// Reads as much of a header as can be read, with an error for each line that can't: a parameter of unknown type, one with the
    /// name of a global option, a second one of the same name, an example without an answer.
    pub fn read_all(name: &str, source: &str, script: &str) -> (Self, Vec<Error>) {
        let mut header = Self { name: name.to_owned(), ..Self::default() };
        let mut errors = Vec::new();
        for line in comment_lines(script) {
            let offset = line.as_ptr() as usize - script.as_ptr() as usize;
            if let Err(why) = header.read_line(line, offset) {
                let place = Text::new(source, script).place(offset, line.len());
                errors.push(header_error(name, &why, Some(place)));
            }
        }
        while header.description.last().is_some_and(String::is_empty) {
            header.description.pop();
        }
        (header, errors)
    }

    fn read_line(&mut self, line: &str, offset: usize) -> Result<(), String> {
        if let Some(example) = line.strip_prefix("example:") {
            let (arguments, answer) =
                example.split_once('→').ok_or("an example reads `example: --name value → answer`")?;
            self.examples.push(Example { arguments: arguments.trim().to_owned(), answer: answer.trim().to_owned() });
        } else if let Some(question) = line.strip_prefix("question:") {
            if self.question.is_some() {
                return Err("the question is declared twice".to_owned());
            }
            self.question = Some(question.trim().to_owned()).filter(|question| !question.is_empty());
        } else if let Some(needs) = read_needs(line) {
            self.needs.extend(needs);
        } else if let Some(parameter) = read_parameter(line, offset)? {
            if self.parameters.iter().any(|known| known.name == parameter.name) {
                return Err(format!("the parameter `{}` is declared twice", parameter.name));
            }
            self.parameters.push(parameter);
        } else if self.summary.is_empty() {
            line.trim_end_matches('.').clone_into(&mut self.summary);
        } else if !(line.is_empty() && self.description.last().is_none_or(String::is_empty)) {
            self.description.push(line.to_owned());
        }
        Ok(())
    }

    /// The heading of a page that answers it: its question, or else its summary.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.question.as_deref().unwrap_or(&self.summary)
    }

    /// The parameter of this name; `-` and `_` are equal in it.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        let name = name.replace('-', "_");
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

impl Parameter {
    /// Its name on the command line, without dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// The lines of the comment that a script begins with, without their slashes; a `#!` line and empty ones before it are skipped.
pub(super) fn comment_lines(script: &str) -> impl Iterator<Item = &str> {
    let lines = script.trim_start_matches('\u{feff}').lines();
    let is_before = |line: &&str| line.starts_with("#!") || line.trim().is_empty();
    lines.skip_while(is_before).map_while(|line| line.trim_end().strip_prefix("//")).map(str::trim)
}

/// Parses `name: type = default — meaning`, from this byte of the script on; `None` for a line of prose.
pub(super) fn read_parameter(line: &str, offset: usize) -> Result<Option<Parameter>, String> {
    let Some((name, rest)) = line.split_once(": ") else { return Ok(None) };
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let Some((typed, meaning)) = rest.split_once(" — ").filter(|_| is_name(name)) else { return Ok(None) };
    let (kind, default) = match typed.split_once(" = ") {
        Some((kind, default)) => (kind, Some(default.trim().to_owned())),
        None => (typed, None),
    };
    if program_options().any(|option| option.replace('-', "_") == name) {
        return Err(format!("`{name}` is an option of the program; give the parameter another name"));
    }
    let kind = ParameterType::read(kind.trim())?;
    let (name, meaning) = (name.to_owned(), meaning.trim().to_owned());
    Ok(Some(Parameter { name, kind, default, meaning, declared_at: offset..offset + line.len() }))
}

/// Parses `needs: pledges, F29`; `None` for a line of prose, which may begin so too.
fn read_needs(line: &str) -> Option<Vec<String>> {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names: Vec<&str> = line.strip_prefix("needs:")?.split(',').map(str::trim).collect();
    names.iter().all(is_name).then(|| names.into_iter().map(str::to_owned).collect())
}

fn header_error(script: &str, why: &str, place: Option<Place>) -> Error {
    let frames = place.into_iter().map(|place| Frame { place, label: None }).collect();
    Error::Usage(Report { frames, ..Report::plain(format!("can't read the header of `{script}`: {why}"), None) })
}

fn missing_value(header: &ScriptHeader, parameter: &Parameter) -> Error {
    let flag = parameter.flag();
    let named = format!("--{flag}");
    let shown = header.examples.iter().find(|example| example.arguments.split([' ', '=']).any(|word| word == named));
    let shown = shown.map_or(String::new(), |example| format!(", as `run {} {}`", header.name, example.arguments));
    usage_error(&format!("`{named}` needs a value"), &format!("write `{named} VALUE`{shown}"))
}

/// The help on a word that is given to a script without parameters.
fn no_parameters(header: &ScriptHeader) -> String {
    if super::names().any(|known| known == header.name) {
        return format!("`{}` has no parameters", header.name);
    }
    format!("`{}` has none: a line {DECLARATION} at its top declares one, and `.help header` says more", header.name)
}

/// The errors of defaults that their own types refuse, each with its parameter; what a default names in a book, another
/// book may have.
pub fn wrong_defaults<'h>(header: &'h ScriptHeader, book: &Book) -> Vec<(&'h Parameter, Error)> {
    let given = BTreeMap::new();
    let defaults = header.parameters.iter().filter(|parameter| parameter.default.is_some());
    let tried = defaults.map(|parameter| (parameter, argument_value(header, parameter, &given, book)));
    tried
        .filter_map(|(parameter, done)| Some((parameter, done.err()?)))
        .filter(|(_, error)| matches!(error, Error::Usage(_)))
        .collect()
}

/// The value of every parameter of `header`, from the arguments `words` and the defaults.
///
/// # Errors
/// An unknown parameter, one given twice or without a value, a value of another type, a stray word, a missing required
/// parameter; a default that its own type refuses.
pub fn argument_values(
    header: &ScriptHeader,
    words: &[String],
    book: &Book,
) -> Result<Vec<(String, Cell<'static>)>, Error> {
    let given = split_arguments(header, words)?;
    header
        .parameters
        .iter()
        .map(|parameter| Ok((parameter.name.clone(), argument_value(header, parameter, &given, book)?)))
        .collect()
}

/// The text of the value of every parameter that has one: as it is given, or its default.
///
/// # Errors
/// An unknown parameter, one given twice or without a value, a stray word.
pub fn argument_texts(header: &ScriptHeader, words: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut texts = split_arguments(header, words)?;
    for parameter in &header.parameters {
        if let Some(default) = &parameter.default {
            texts.entry(parameter.name.clone()).or_insert_with(|| default.clone());
        }
    }
    Ok(texts)
}

fn argument_value(
    header: &ScriptHeader,
    parameter: &Parameter,
    given: &BTreeMap<String, String>,
    book: &Book,
) -> Result<Cell<'static>, Error> {
    let text = given.get(&parameter.name).or(parameter.default.as_ref());
    let text = text.ok_or_else(|| missing_value(header, parameter))?;
    if text.is_empty()
        && parameter.default.as_deref() == Some("")
        && (parameter.kind.is_book_reference() || parameter.kind == ParameterType::Text)
    {
        return Ok(Cell::Text("".into()));
    }
    let is_given = given.contains_key(&parameter.name);
    let strictness = if is_given { Strictness::Prose } else { Strictness::Code };
    if let Some(cell) = parameter.kind.value(text, book, strictness)? {
        return Ok(cell);
    }
    let wanted = parameter.kind.expected();
    let flag = parameter.flag();
    Err(if is_given {
        let message = format!("`--{flag}` wants {wanted}, not `{text}`");
        Error::Usage(Report::plain(message, parameter.kind.help(text, book)))
    } else if parameter.kind.is_book_reference() {
        // The validity of a default depends on the book where the parameter names something in it.
        let message = format!("`{}` needs {wanted} for `--{flag}`: this book has no `{text}`", header.name);
        Error::Lacking(Report::plain(message, parameter.kind.help(text, book)))
    } else {
        let why = format!("the default of `{}` is {text}, and it wants {wanted}", parameter.name);
        header_error(&header.name, &why, None)
    })
}

/// Splits `--name value` and `--name=value`, by the parameter's own name; other words are the values of the parameters in the order
/// of the header, as all words after a `--` are.
fn split_arguments(header: &ScriptHeader, words: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut given = BTreeMap::new();
    let (mut words, mut positional, mut is_literal) = (words.iter(), header.parameters.iter(), false);
    while let Some(word) = words.next() {
        let (parameter, value) = match word.strip_prefix("--").filter(|_| !is_literal) {
            Some("") => {
                is_literal = true;
                continue;
            }
            Some(flag) => named_value(header, flag, &mut words)?,
            None => (positional.next().ok_or_else(|| surplus_word(header, word))?, word.clone()),
        };
        if given.insert(parameter.name.clone(), value).is_some() {
            return Err(Error::Usage(Report::plain(format!("`--{}` is given twice", parameter.flag()), None)));
        }
    }
    Ok(given)
}

/// The parameter that a flag names, and its value.
fn named_value<'h>(
    header: &'h ScriptHeader,
    flag: &str,
    words: &mut Iter<'_, String>,
) -> Result<(&'h Parameter, String), Error> {
    let (name, value) = match flag.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (flag, None),
    };
    let Some(parameter) = header.parameter(name) else {
        let flags: Vec<String> =
            header.parameters.iter().map(Parameter::flag).chain(program_options().map(str::to_owned)).collect();
        let near = nearest(name, flags.iter().map(String::as_str)).map(|near| format!("--{near}"));
        let help = did_you_mean(near.as_ref());
        let help = help.unwrap_or_else(|| match header.parameters.as_slice() {
            [] => no_parameters(header),
            _ => format!("`pledgebook run {} --help` lists them", header.name),
        });
        return Err(usage_error(&format!("`{}` has no parameter `--{name}`", header.name), &help));
    };
    let value =
        value.or_else(|| take_value(words, header, parameter)).ok_or_else(|| missing_value(header, parameter))?;
    Ok((parameter, value))
}

/// The error of a word beyond the parameters of a script.
fn surplus_word(header: &ScriptHeader, word: &str) -> Error {
    let flags: Vec<String> = header.parameters.iter().map(|parameter| format!("--{}", parameter.flag())).collect();
    let help = if flags.is_empty() {
        no_parameters(header)
    } else {
        format!("its parameters are, in this order, {}", flags.join(" "))
    };
    usage_error(&format!("`{word}` belongs to no parameter"), &help)
}

/// Takes the next word as the value, unless it is a parameter itself. A `bool` alone is true.
fn take_value(words: &mut Iter<'_, String>, header: &ScriptHeader, parameter: &Parameter) -> Option<String> {
    let is_parameter = |word: &str| word.strip_prefix("--").is_some_and(|name| header.parameter(name).is_some());
    let is_alone = words.as_slice().first().is_none_or(|word| is_parameter(word));
    if is_alone { (parameter.kind == ParameterType::Bool).then(|| "true".to_owned()) } else { words.next().cloned() }
}
