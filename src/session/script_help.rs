//! The help of a script, laid out as the program's own, from its header.

use crate::script::library::{Parameter, ParameterType, ScriptHeader};
use std::fmt::{self, Write};

/// The options of the program that most runs of a script want.
const OPTIONS: [(&str, &str); 3] = [
    ("--assume <ID=VALUE>", "replace a figure for this run only; repeatable"),
    ("--format <FORMAT>", "the format of results, as csv or json [default: table]"),
    ("--notes <HOW>", "brief, full or none [default: brief]"),
];

/// The text that `run NAME --help` shows; `name` is what was typed for the script.
#[must_use]
pub fn help(header: &ScriptHeader, name: &str) -> String {
    let mut text = format!("{}\n", header.summary);
    for line in &header.description {
        text.push('\n');
        text.push_str(line);
    }
    if !header.description.is_empty() {
        text.push('\n');
    }
    let parameters = if header.parameters.is_empty() { "" } else { " [PARAMETERS]" };
    push(&mut text, format_args!("\nUsage: pledgebook run {name}{parameters} [OPTIONS]\n"));
    let parameters: Vec<(String, String)> =
        header.parameters.iter().map(|parameter| (flag(parameter), meaning(parameter))).collect();
    let options = OPTIONS.map(|(flag, meaning)| (flag.to_owned(), meaning.to_owned()));
    let width = parameters.iter().chain(&options).map(|(flag, _)| flag.chars().count()).max().unwrap_or_default();
    if !parameters.is_empty() {
        text.push_str("\nParameters:\n");
        push_aligned(&mut text, &parameters, width);
    }
    text.push_str("\nOptions (all: pledgebook --help):\n");
    push_aligned(&mut text, &options, width);
    for example in &header.examples {
        let arguments = if example.arguments.is_empty() { String::new() } else { format!(" {}", example.arguments) };
        push(&mut text, format_args!("\nExample: pledgebook run {name}{arguments} → {}\n", example.answer));
    }
    text
}

fn flag(parameter: &Parameter) -> String {
    format!("--{} <{}>", parameter.flag(), parameter.kind.placeholder())
}

fn meaning(parameter: &Parameter) -> String {
    let choices = match &parameter.kind {
        ParameterType::Choice(words) => format!(" [possible values: {}]", words.join(", ")),
        _ => String::new(),
    };
    match &parameter.default {
        Some(default) if default.is_empty() => format!("{}{choices} [default: empty]", parameter.meaning),
        Some(default) => format!("{}{choices} [default: {default}]", parameter.meaning),
        None => format!("{}{choices} [required]", parameter.meaning),
    }
}

fn push_aligned(text: &mut String, lines: &[(String, String)], width: usize) {
    for (flag, meaning) in lines {
        push(text, format_args!("  {flag:width$}  {meaning}\n"));
    }
}

fn push(text: &mut String, words: fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = text.write_fmt(words);
}
