//! The program's own options and subcommands as names that can be looked up, from the parser's own table.

use super::arguments::Arguments;
use crate::session::Topic;
use clap::{Arg, Command, CommandFactory};

/// The help of the program.
pub(super) fn long_help() -> String {
    Arguments::command().render_long_help().to_string()
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
