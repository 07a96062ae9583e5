//! Options as words of a command line: their names, and how many values they take.

use clap::Command;
use std::ffi::{OsStr, OsString};

/// An option as it is typed, without a value that is attached to it.
pub(super) fn option_name(word: &OsStr) -> Option<&str> {
    let word = word.to_str()?;
    Some(word.split_once('=').map_or(word, |(name, _)| name))
}

/// The number of arguments that an option of a command takes after it; `None` if `word` is no option.
pub(super) fn option_value_count(command: &Command, word: &OsStr) -> Option<usize> {
    let word = word.to_str()?;
    let (name, has_value) = word.split_once('=').map_or((word, false), |(name, _)| (name, true));
    let (short, long) = match name.strip_prefix("--") {
        Some(long) => (None, Some(long)),
        None => (deciding_letter(command, name.strip_prefix('-')?), None),
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

/// An option with its value in one word.
pub(super) fn option_with_value(option: &str, value: &OsStr) -> OsString {
    let mut word = OsString::from(option);
    word.push(value);
    word
}

/// The letter of a cluster such as `-qf` that decides on a value: the first that takes one, which the rest of the word is
/// then, or else the last; `None` where a letter before it is no option.
fn deciding_letter(command: &Command, letters: &str) -> Option<char> {
    for letter in letters.chars() {
        let option = command.get_arguments().find(|option| option.get_short() == Some(letter))?;
        if option.get_action().takes_values() {
            return Some(letter);
        }
    }
    letters.chars().last()
}
