//! What a command can go on with: its name, its arguments, the parameters of a script.

use super::files::files;
use super::offer::{Offer, fitting};
use super::vocabulary::{FunctionName, ParameterName, ScriptNames, Vocabulary};
use super::words::is_plain;
use crate::quantity::PREFER;
use crate::script::ValueShape;
use crate::terminal::commands::{self, Argument, COMMANDS, CommandInfo, LISTS};
use std::path::Path;

/// Where the word that ends `before` begins, and what it may become.
pub(super) fn complete(before: &str, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let typed = before.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let Some((name, rest)) = typed.split_once(char::is_whitespace) else {
        return (before.len() - typed.len(), fitting(COMMANDS.iter().map(of_command).collect(), typed));
    };
    let argument = commands::find(name).map_or(Argument::None, |info| info.argument);
    let rest = rest.trim_start();
    let whole = before.len() - rest.len();
    // Files are chosen by their names on the disk, and may be written in quotes.
    match argument {
        Argument::File => return (whole, files(rest, |_| true)),
        Argument::Script if is_path(rest) => return (whole, files(rest, is_script)),
        _ => {}
    }
    let (start, offers) = arguments(argument, before, rest, vocabulary);
    (start, fitting(offers, &before[start..]))
}

/// Where the last of the arguments `rest` of a command begins, and all that could stand there.
fn arguments(argument: Argument, before: &str, rest: &str, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let last = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
    let start = before.len() - last.len();
    let is_first = last.len() == rest.len();
    let offers = match argument {
        Argument::Script if !is_first => return parameters(before.len(), rest, last, vocabulary),
        Argument::Figure => figures(last, vocabulary),
        Argument::Fact if !is_first => last_columns(vocabulary),
        _ if !is_first => Vec::new(),
        Argument::None | Argument::File => Vec::new(),
        Argument::Script => vocabulary.scripts.iter().map(of_script).collect(),
        Argument::Relation => relations(vocabulary),
        Argument::Fact => vocabulary.ids.iter().map(Offer::id).collect(),
        Argument::Word(words) => words().into_iter().map(Offer::name).collect(),
        Argument::Topic => topics(vocabulary),
    };
    (start, offers)
}

fn of_command(info: &CommandInfo) -> Offer {
    let usage = format!("{} {}", info.name, info.arguments);
    Offer::name(info.name).shown(usage.trim_end()).saying(info.meaning)
}

fn of_script(script: &ScriptNames) -> Offer {
    Offer::name(&script.name).saying(&script.summary)
}

/// Whether the word behind `.run` is a path rather than the name of a script of the library.
fn is_path(word: &str) -> bool {
    word.contains('/') || word.starts_with(['.', '\'', '"'])
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "rhai")
}

fn relations(vocabulary: &Vocabulary) -> Vec<Offer> {
    vocabulary.relations.iter().map(|(name, _)| name).filter(|name| is_plain(name)).map(Offer::name).collect()
}

/// What can be supposed: facts that state a number, assumptions of the book, a source that is preferred; nothing behind the
/// `=` of a number.
fn figures(word: &str, vocabulary: &Vocabulary) -> Vec<Offer> {
    let preferred = vocabulary.sources.iter().map(|(id, says)| Offer::name(format!("{PREFER}={id}")).saying(says));
    if word.contains('=') {
        return preferred.collect();
    }
    let is_figure = |id: &&super::IdName| id.holds == ValueShape::Quantity && id.id.contains('F');
    let figures = vocabulary.ids.iter().filter(is_figure).map(Offer::id);
    let assumptions = vocabulary.assumptions.iter().map(|(id, statement)| Offer::name(id).saying(statement));
    let none = Offer::name("none").saying("what the sources state, and nothing else");
    figures.chain(assumptions).chain([none]).chain(preferred).collect()
}

/// Behind a row, `.why` takes a column of the last result.
fn last_columns(vocabulary: &Vocabulary) -> Vec<Offer> {
    let columns = vocabulary.columns("last").unwrap_or_default();
    columns.iter().filter(|name| is_plain(name)).map(Offer::name).collect()
}

/// All that `.help` knows.
fn topics(vocabulary: &Vocabulary) -> Vec<Offer> {
    let functions: Vec<&FunctionName> = vocabulary.script_functions.iter().chain(&vocabulary.sql_functions).collect();
    let columns = vocabulary.relations.iter().flat_map(|(_, columns)| columns).filter(|name| is_plain(name));
    let mut topics = relations(vocabulary);
    topics.extend(COMMANDS.iter().map(of_command));
    topics.extend(functions.into_iter().map(Offer::function));
    topics.extend(vocabulary.scripts.iter().map(of_script));
    topics.extend(LISTS.iter().map(|list| Offer::name(*list)));
    topics.extend(columns.map(Offer::name));
    topics
}

/// What can stand behind the name of a script: the values of the parameter before it, or the parameters not yet given.
fn parameters(end: usize, rest: &str, last: &str, vocabulary: &Vocabulary) -> (usize, Vec<Offer>) {
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if !last.is_empty() {
        words.pop();
    }
    let at = |word: &str| end - word.len();
    let script = words.first().and_then(|name| {
        let name = name.replace('-', "_");
        vocabulary.scripts.iter().find(|script| script.name == name)
    });
    let Some(script) = script else { return (at(last), Vec::new()) };
    let values = |flag: &str| {
        let name = flag.strip_prefix("--")?.replace('_', "-");
        let parameter = script.parameters.iter().find(|parameter| parameter.name == name)?;
        let says = |value: &String| vocabulary.ids.iter().find(|id| id.id == *value).map_or("", |id| &id.says);
        Some(parameter.values.iter().map(|value| Offer::name(value).saying(says(value))).collect())
    };
    if let Some((flag, value)) = last.split_once('=') {
        return (at(value), values(flag).unwrap_or_default());
    }
    if let Some(values) = words.last().and_then(|word| values(word)).filter(|_| !last.starts_with('-')) {
        return (at(last), values);
    }
    let is_given = |name: &str| words.iter().any(|word| word.trim_start_matches('-').split('=').next() == Some(name));
    let free = script.parameters.iter().filter(|parameter| !is_given(&parameter.name)).map(of_parameter);
    let help = Offer::name("--help").saying("what the script answers, and what it takes");
    (at(last), free.chain([help]).collect())
}

fn of_parameter(parameter: &ParameterName) -> Offer {
    let name = format!("--{}", parameter.name);
    Offer::name(&name).shown(format!("{name} <{}>", parameter.placeholder)).saying(&parameter.meaning)
}
