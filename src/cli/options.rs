//! The program's own options and subcommands as names that can be looked up, from the parser's own table.

use super::arguments::Arguments;
use crate::session::Topic;
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use std::io;

/// The help of the program.
pub(super) fn long_help() -> String {
    Arguments::command().render_long_help().to_string()
}

/// What a shell needs to complete the program's command line.
pub(super) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), env!("CARGO_PKG_NAME"), &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page, in the form that `man` reads: the program, then each of its subcommands.
///
/// # Errors
/// Writing into memory fails.
pub(super) fn manual() -> io::Result<String> {
    let mut page = Vec::new();
    let mut command = Arguments::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let man = clap_mangen::Man::new(subcommand.clone());
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Every option and subcommand.
pub(super) fn topics() -> Vec<Topic> {
    let mut command = Arguments::command();
    command.build();
    let subcommands = command.get_subcommands().map(of_subcommand);
    let options = command.get_arguments().filter_map(of_option);
    subcommands.chain(options).collect()
}

fn of_subcommand(command: &Command) -> Topic {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    Topic::new("subcommand", command.get_name(), usage, &lower_first(&about))
}

fn of_option(option: &Arg) -> Option<Topic> {
    let name = format!("--{}", option.get_long()?);
    let short = option.get_short().map(|letter| format!("-{letter}, ")).unwrap_or_default();
    let value = option.get_value_names().filter(|_| option.get_action().takes_values()).and_then(|names| names.first());
    let value = value.map(|value| format!(" <{value}>")).unwrap_or_default();
    let meaning = option.get_help().map(ToString::to_string).unwrap_or_default();
    let mut topic = Topic::new("option", &name, &format!("{short}{name}{value}"), &lower_first(&meaning));
    let values: Vec<String> = option
        .get_possible_values()
        .iter()
        .filter(|_| option.get_action().takes_values())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !values.is_empty() {
        topic.details.push(("values", values.join(", ")));
    }
    if let Some(default) = option.get_default_values().first().filter(|_| option.get_action().takes_values()) {
        topic.details.push(("default", default.to_string_lossy().into_owned()));
    }
    Some(topic)
}

/// The parser's own sentences begin with a capital letter; those of the other tables do not.
fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
