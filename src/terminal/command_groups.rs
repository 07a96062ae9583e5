//! The commands in groups, as `.help` shows them first: their names alone, so that all of them fit a small window. `commands` has the
//! table itself.

use super::commands::{CommandInfo, Group, commands_for};

/// The groups with their names, in the order of help.
const GROUPS: [(Group, &str); 7] = [
    (Group::Data, "data"),
    (Group::Trace, "trace"),
    (Group::Suppose, "suppose"),
    (Group::Scripting, "scripting"),
    (Group::Files, "files"),
    (Group::Display, "display"),
    (Group::Prompt, "prompt"),
];

/// The name under which all commands are listed.
const ALL: &str = "all";

/// What `.help` takes besides, with what it then shows.
const MORE: [(&str, &str); 6] = [
    (".help NAME", "a command, view, column, function, script or option"),
    (".help data", "a group of commands with what they do; `all` is every one"),
    (".help sql", "the functions of SQL"),
    (".help script", "the functions of scripts"),
    (".help language", "a page on the language of scripts"),
    (".help header", "a page on the header of a script, and its parameters"),
];

/// The commands of a group.
fn commands(group: Group, is_book: bool) -> impl Iterator<Item = &'static CommandInfo> {
    commands_for(is_book).filter(move |info| info.group == group)
}

/// The commands for a book or a plain database by their groups, and what help there is.
pub fn overview(is_book: bool) -> String {
    let mut lines = vec!["A line is SQL up to its `;`, or script, or one of these commands:".to_owned(), String::new()];
    for (group, name) in GROUPS {
        let names: Vec<&str> = commands(group, is_book).map(|info| info.name).collect();
        if !names.is_empty() {
            lines.push(format!(" {name:9}  {}", names.join(" ")));
        }
    }
    lines.push(String::new());
    lines.extend(MORE.iter().map(|(line, meaning)| format!(" {line:14}  {meaning}")));
    lines.join("\n") + "\n"
}

/// The commands of a group, or of all, each with what it does; `None` where a word names no group.
pub fn group_list(word: &str, is_book: bool) -> Option<String> {
    if word == ALL {
        return Some(aligned(&commands_for(is_book).collect::<Vec<_>>()));
    }
    let (group, _) = GROUPS.iter().find(|(_, name)| *name == word)?;
    Some(aligned(&commands(*group, is_book).collect::<Vec<_>>()))
}

/// The words that name groups, with that of all.
pub(super) fn group_names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(_, name)| *name).chain([ALL])
}

/// A list of commands, aligned, a line each.
fn aligned(commands: &[&CommandInfo]) -> String {
    let usage = |info: &CommandInfo| format!("{} {}", info.name, info.arguments);
    let width = commands.iter().map(|info| usage(info).chars().count()).max().unwrap_or_default();
    let lines: Vec<String> =
        commands.iter().map(|info| format!("{:width$}  {}\n", usage(info), info.meaning)).collect();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, group_list, overview};
    use crate::terminal::COMMANDS;
    use std::collections::BTreeSet;

    #[test]
    fn the_first_help_fits_a_small_window_and_has_every_command() {
        let help = overview(true);
        // The prompt has the last of 24.
        assert!(help.lines().count() < 24, "{help}");
        assert!(help.lines().all(|line| line.chars().count() < 80), "{help}");
        let words: BTreeSet<&str> = help.split_whitespace().collect();
        assert!(COMMANDS.iter().all(|info| words.contains(info.name)), "{help}");
    }

    #[test]
    fn a_group_lists_its_commands_aligned() {
        for name in GROUPS.iter().map(|(_, name)| *name).chain(["all"]) {
            let list = group_list(name, true).unwrap();
            let shown = COMMANDS.iter().filter(|info| list.lines().any(|line| line.starts_with(info.name)));
            let column = |info: &super::CommandInfo| {
                let line = list.lines().find(|line| line.starts_with(&format!("{} ", info.name)))?;
                Some(line[..line.find(info.meaning)?].chars().count())
            };
            assert_eq!(shown.map(column).collect::<BTreeSet<_>>().len(), 1, "{list}");
            assert!(list.lines().all(|line| line.chars().count() < 80), "{list}");
        }
        assert_eq!(group_list("all", true).unwrap().lines().count(), COMMANDS.len());
        assert!(group_list("nothing", true).is_none());
    }
}
