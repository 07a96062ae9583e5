//! Where a script's own parameters stand among the program's options: options may stand anywhere, so behind `run
//! SCRIPT` each word that the program knows is the program's, and the rest is the script's.

use clap::Command;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The words in the order that the parser can read: options first, then `run SCRIPT` and the script's own words. Other
/// command lines are left as they are; `FILE.rhai …` is read as `run FILE.rhai …`.
pub(super) fn arrange(command: &Command, words: Vec<OsString>) -> Vec<OsString> {
    let Some((program, rest)) = words.split_first() else { return words };
    let mut before = vec![program.clone()];
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        match option_width(command, word) {
            Some(width) => {
                before.push(word.clone());
                before.extend(rest.by_ref().take(width).cloned());
            }
            None if word == "help" => {
                // What is asked about may be an option itself.
                before.extend(["help".into(), "--".into()]);
                before.extend(rest.cloned());
                return before;
            }
            None if word == "check" => return with_figures(command, before, rest.as_slice()),
            None if word == "run" => return with_script(command, before, rest.next().cloned(), rest.as_slice()),
            // What stands behind another command is that command's, a script's path too.
            None if command.find_subcommand(word).is_some() => {
                before.push(word.clone());
                before.extend(rest.cloned());
                return before;
            }
            None if is_script(word) => return with_script(command, before, Some(word.clone()), rest.as_slice()),
            None => before.push(word.clone()),
        }
    }
    before
}

fn with_script(
    command: &Command,
    mut before: Vec<OsString>,
    script: Option<OsString>,
    rest: &[OsString],
) -> Vec<OsString> {
    let mut own = Vec::new();
    let mut rest = rest.iter();
    // `--help` behind a script is the script's: its parameters are asked for.
    let is_help = |word: &OsStr| word == "--help" || word == "-h";
    while let Some(word) = rest.next() {
        match option_width(command, word).filter(|_| !is_help(word)) {
            Some(width) => {
                before.push(word.clone());
                before.extend(rest.by_ref().take(width).cloned());
            }
            None => own.push(word.clone()),
        }
    }
    before.push("run".into());
    let is_unnamed = script.as_deref().is_none_or(is_help);
    before.extend(script);
    if !is_unnamed {
        before.push("--".into());
    }
    before.extend(own);
    before
}

/// Behind `check` a word that begins with a dash and is no option is a figure: `-5%`.
fn with_figures(command: &Command, mut before: Vec<OsString>, rest: &[OsString]) -> Vec<OsString> {
    let mut figures = Vec::new();
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        let is_long = word.to_str().is_some_and(|word| word.starts_with("--"));
        match option_width(command, word) {
            _ if word == "--help" || word == "-h" => {
                before.extend(["check".into(), word.clone()]);
                return before;
            }
            _ if word == "--" => figures.extend(rest.by_ref().cloned()),
            Some(width) => {
                before.push(word.clone());
                before.extend(rest.by_ref().take(width).cloned());
            }
            None if is_long => before.push(word.clone()),
            None => figures.push(word.clone()),
        }
    }
    before.push("check".into());
    if !figures.is_empty() {
        before.push("--".into());
    }
    before.extend(figures);
    before
}

/// How many words behind it belong to an option of the program; `None` for any other word.
fn option_width(command: &Command, word: &OsStr) -> Option<usize> {
    let word = word.to_str()?;
    let (name, has_value) = word.split_once('=').map_or((word, false), |(name, _)| (name, true));
    let (short, long) = match name.strip_prefix("--") {
        Some(long) => (None, Some(long)),
        None => (value_letter(command, name.strip_prefix('-')?), None),
    };
    if matches!(name, "--help" | "-h" | "--version" | "-V") {
        return Some(0);
    }
    let is_attached = has_value || (short.is_some() && !name.ends_with(|c| Some(c) == short));
    let option = command.get_arguments().find(|option| {
        (long.is_some() && option.get_long() == long) || (short.is_some() && option.get_short() == short)
    })?;
    let takes_value = option.get_action().takes_values() && !is_attached;
    Some(usize::from(takes_value))
}

/// The letter of a cluster such as `-qf` that decides: the first that takes a value, which the rest of the word then is,
/// or else the last.
fn value_letter(command: &Command, letters: &str) -> Option<char> {
    let takes_value = |letter: &char| {
        command.get_arguments().any(|option| option.get_short() == Some(*letter) && option.get_action().takes_values())
    };
    letters.chars().find(takes_value).or(letters.chars().last())
}

/// Whether a word names a script file, as `#!` lines hand it on.
fn is_script(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| {
        !word.starts_with('-') && Path::new(word).extension().is_some_and(|ending| ending == "rhai")
    })
}
