//! The help on the program itself, made from the parser's own table: the long help, the manual page, shell completions, and
//! each option and subcommand as a topic that can be looked up by name.

use super::arguments::{command, wrapped};
use crate::session::Topic;
use clap::{Arg, Command};
use clap_complete::Shell;
use std::collections::BTreeSet;
use std::io;

/// The help of the program.
pub(super) fn long_help() -> String {
    wrapped(command()).render_long_help().to_string()
}

/// The completion script of a shell.
pub(super) fn shell_completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), env!("CARGO_PKG_NAME"), &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page, in the form that `man` reads: the program, then each of its subcommands.
///
/// # Errors
/// Writing into memory fails.
pub(super) fn manual_page() -> io::Result<String> {
    let mut page = Vec::new();
    let mut command = command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let man = clap_mangen::Man::new(subcommand.clone());
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The options and subcommands as topics of the help, with the options of an import.
pub(super) fn topics() -> Vec<Topic> {
    let mut command = command();
    command.build();
    let subcommands = command.get_subcommands().map(subcommand_topic);
    let options = command.get_arguments().filter_map(option_topic);
    let mut topics: Vec<Topic> = subcommands.chain(options).collect();
    let of_import = command.find_subcommand("import").into_iter().flat_map(Command::get_arguments);
    let mut known: BTreeSet<String> = command.get_arguments().filter_map(Arg::get_long).map(str::to_owned).collect();
    for option in of_import.filter(|option| option.get_long().is_some_and(|long| known.insert(long.to_owned()))) {
        topics.extend(option_topic(option).map(|mut topic| {
            topic.details.push(("of", "`pledgebook BOOK import FILE`".to_owned()));
            topic
        }));
    }
    topics
}

fn subcommand_topic(command: &Command) -> Topic {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    Topic::new("subcommand", command.get_name(), usage, &lower_first(&about))
}

fn option_topic(option: &Arg) -> Option<Topic> {
    let name = format!("--{}", option.get_long()?);
    let short = option.get_short().map(|letter| format!("-{letter}, ")).unwrap_or_default();
    let takes_value = option.get_action().takes_values();
    let value = option.get_value_names().filter(|_| takes_value).and_then(|names| names.first());
    let value = value.map(|value| format!(" <{value}>")).unwrap_or_default();
    let meaning = option.get_help().map(ToString::to_string).unwrap_or_default();
    let mut topic = Topic::new("option", &name, &format!("{short}{name}{value}"), &lower_first(&meaning));
    let values: Vec<String> = option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if takes_value && !values.is_empty() {
        topic.details.push(("values", values.join(", ")));
    }
    if let Some(default) = option.get_default_values().first().filter(|_| takes_value) {
        topic.details.push(("default", default.to_string_lossy().into_owned()));
    }
    Some(topic)
}

/// Lowers the first letter: the sentences of clap begin with a capital letter, those of other topics do not.
fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
