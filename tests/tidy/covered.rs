//! Every message, command, function and script is shown in a transcript: what nobody has seen run is not done.

use crate::tidy::source::{files, item_length, read, root, sources, strings, words};
use pledgebook::script::{functions, library};
use pledgebook::store::udf as sql_functions;
use pledgebook::terminal::COMMANDS;

/// The functions of `error` that hold messages.
const SAYING: [&str; 3] = ["fn message(", "fn action_why_and_help(", "fn unit_mismatch("];

/// The functions, of any layer, that make an error by its message and hold no other text.
const MAKING: [&str; 10] = [
    "fn incomplete(",
    "fn mixed_column(",
    "fn header_error(",
    "fn missing_value(",
    "fn split_arguments(",
    "fn no_such_module(",
    "fn unknown_key(",
    "fn no_quantity(",
    "fn refuse_endless_series(",
    "fn format_of(",
];

/// What stands in the fenced blocks of the README and of every session.
fn shown() -> String {
    let mut paths = files(&root().join("tests/sessions"), "md");
    paths.push(root().join("README.md"));
    let texts = paths.iter().map(|path| read(path));
    let blocks = texts.flat_map(|text| text.split("```").skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_error_message_is_in_a_transcript() {
    let shown = shown();
    let mut unseen = Vec::new();
    for source in sources(&["src"]) {
        let saying = SAYING.iter().filter(|_| source.path.starts_with("src/error"));
        for start in saying.chain(&MAKING).flat_map(|start| words(&source.code, start).collect::<Vec<_>>()) {
            let body = &source.text[start..start + item_length(&source.code[start..])];
            let missing = strings(body).into_iter().filter(|(_, message)| !shown.contains(&fixed_part(message)));
            unseen.extend(missing.map(|(at, message)| format!("{}: {message}", source.place(start + at))));
        }
    }
    crate::tidy::none(unseen, "show each of these messages in a transcript, in tests/sessions or the README");
}

/// The longest piece of a format string that stands in every message made from it.
fn fixed_part(literal: &str) -> String {
    let joined: Vec<&str> =
        literal.split("\\\n").enumerate().map(|(n, line)| if n == 0 { line } else { line.trim_start() }).collect();
    let text = joined.concat().replace("\\\"", "\"").replace("\\\\", "\\");
    let pieces = text
        .split('{')
        .enumerate()
        .map(|(n, piece)| if n == 0 { piece } else { piece.split_once('}').map_or(piece, |(_, rest)| rest) });
    pieces.max_by_key(|piece| piece.len()).unwrap_or_default().to_owned()
}

#[test]
fn every_command_is_shown() {
    let shown = shown();
    // The tests of the help play each example that has an answer.
    let unanswered = COMMANDS.iter().filter(|command| command.answer.is_empty());
    let unseen = unanswered.filter(|command| words(&shown, &format!("pledgebook> {}", command.name)).next().is_none());
    crate::tidy::none(
        unseen.map(|command| command.name.to_owned()),
        "enter each of these commands in a transcript, or give it an example with an answer",
    );
}

#[test]
fn every_script_function_is_in_a_transcript() {
    let shown = shown();
    let is_used = |name: &str| {
        let after = |at: usize| shown[at + name.len()..].starts_with('(');
        words(&shown, name).any(|at| after(at) || shown[..at].ends_with('.'))
    };
    let unseen = functions::all().filter(|function| !is_used(function.name()));
    crate::tidy::none(
        unseen.map(|function| function.signature.to_owned()),
        "use each of these functions in a transcript",
    );
}

#[test]
fn every_sql_function_is_in_a_transcript() {
    let shown = shown();
    let is_used = |name: &str| words(&shown, name).any(|at| shown[at + name.len()..].starts_with('('));
    let unseen = sql_functions::all().filter(|function| !is_used(function.name));
    crate::tidy::none(
        unseen.map(|function| function.signature.to_owned()),
        "use each of these functions in a transcript",
    );
}

#[test]
fn every_script_of_the_library_is_in_a_transcript() {
    let shown = shown();
    let unseen = library::names().filter(|name| words(&shown, &format!("run {name}")).next().is_none());
    crate::tidy::none(unseen.map(str::to_owned), "run each of these scripts in a transcript");
}
