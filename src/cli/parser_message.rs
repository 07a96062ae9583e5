//! The messages of the parser of the command line: help and version on standard output, errors on standard error, for people or as a
//! line of JSON.

use crate::error::{Error, Report};
use crate::table::visible;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;

/// True if errors are asked for as JSON, before it is known what else the command line says.
pub(super) fn asks_for_json_errors(args: &[OsString]) -> bool {
    let words: Vec<&str> = args.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    words.contains(&"--errors=json") || words.windows(2).any(|pair| pair == ["--errors", "json"])
}

/// A message of the parser as an error: its first paragraph, with its tips as the help.
pub(super) fn parser_error(shown: &clap::Error) -> Error {
    let text = shown.render().to_string();
    let (mut message, mut help) = (Vec::new(), Vec::new());
    let mut is_first = true;
    for line in text.trim_start_matches("error: ").lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"))
    {
        if let Some(tip) = line.strip_prefix("tip: ").or_else(|| line.strip_prefix("= help: ")) {
            help.push(tip);
        } else if line.is_empty() {
            is_first = false;
        } else if is_first {
            message.push(line);
        }
    }
    let help = if help.is_empty() { None } else { Some(help.join("; ")) };
    Error::Usage(Report::plain(message.join(" "), help))
}

/// Prints a message of the parser, with control characters of the arguments escaped; returns the exit code.
pub(super) fn print_parser_message(mut shown: clap::Error) -> u8 {
    let repeated: Vec<(ContextKind, ContextValue)> =
        shown.context().map(|(kind, value)| (kind, visible_value(value))).collect();
    if repeated.iter().any(|(kind, value)| shown.get(*kind) != Some(value)) {
        // The tip has the word between escape sequences of the parser's own.
        shown.remove(ContextKind::Suggested);
    }
    for (kind, value) in repeated {
        if kind != ContextKind::Suggested {
            shown.insert(kind, value);
        }
    }
    // A closed standard output is no error here.
    let _ = shown.print();
    if shown.use_stderr() { 2 } else { 0 }
}

fn visible_value(value: &ContextValue) -> ContextValue {
    match value {
        ContextValue::String(word) => ContextValue::String(visible(word).into_owned()),
        ContextValue::Strings(words) => {
            ContextValue::Strings(words.iter().map(|word| visible(word).into_owned()).collect())
        }
        value => value.clone(),
    }
}
