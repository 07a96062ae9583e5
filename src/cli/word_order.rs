//! The order of the arguments: options may be anywhere, a script has parameters of its own, and a word may be a book, a table, a script, a
//! file of SQL or a text to ask. The parser takes options first.

use super::at_once::TableOptions;
use super::endings::FileKind;
use super::free_words::{is_book, is_text, no_subcommand, with_arguments};
use super::option_words::{option_name, option_value_count, option_with_value};
use crate::error::suggest::nearest;
use crate::store::is_database;
use crate::table::visible;
use clap::Command;
use std::ffi::{OsStr, OsString};
use std::mem;
use std::path::Path;

/// Brings the arguments into the order that the parser takes: options first, then `run SCRIPT` and the script's own
/// arguments. `FILE.rhai …` becomes `run FILE.rhai …`, `FILE.sql` becomes `--file=FILE.sql`, `FILE.csv` becomes
/// `--table=FILE.csv`, a text becomes `--command=TEXT`, and the options of `import` beside a table are taken into `options`.
///
/// # Errors
/// A word that is nothing of these, and near the name of a subcommand.
pub(super) fn reorder(
    command: &Command,
    words: Vec<OsString>,
    options: &mut TableOptions,
) -> Result<Vec<OsString>, Box<clap::Error>> {
    let Some((program, rest)) = words.split_first() else { return Ok(words) };
    let mut before = vec![program.clone()];
    let mut rest = rest.iter();
    let (mut free, mut is_option) = (FreeWords::default(), true);
    while let Some(word) = rest.next() {
        match option_value_count(command, word).filter(|_| is_option) {
            None if is_option && word == "--" => is_option = false,
            None if is_text(word) => before.push(free.text(&with_arguments(command, word, &mut rest))),
            None if !is_option && word.to_string_lossy().starts_with('-') => before.push(free.behind_dashes(word)),
            Some(value_count) => {
                options.count(word);
                before.push(word.clone());
                before.extend(rest.by_ref().take(value_count).cloned());
            }
            None if options.take(word, &mut rest) => {}
            None if word == "help" => {
                // The name to look up may be an option itself.
                before.extend(["help".into(), "--".into()]);
                before.extend(rest.cloned());
                return Ok(before);
            }
            None if word == "check" => return Ok(reorder_check(command, before, rest.as_slice())),
            None if word == "run" => return Ok(reorder_run(command, before, rest.next().cloned(), rest.as_slice())),
            // The arguments of another subcommand are its own, a script's path too.
            None if command.find_subcommand(word).is_some() => {
                before.push(word.clone());
                before.extend(rest.cloned());
                return Ok(before);
            }
            None if FileKind::Table.is_of(word) && !is_database(Path::new(word)) => {
                before.push(option_with_value("--table=", word));
                options.count("--table".as_ref());
            }
            // A parameter behind it would be a text.
            None if FileKind::Script.is_of(word) && word.to_str().is_some() => {
                return Ok(reorder_run(command, before, Some(word.clone()), rest.as_slice()));
            }
            None if FileKind::Sql.is_of(word) && !is_database(Path::new(word)) => {
                before.push(option_with_value("--file=", word));
            }
            None => before.push(free.word(command, word)?),
        }
    }
    Ok(before)
}

/// The words so far that are no options.
#[derive(Debug, Default)]
struct FreeWords {
    has_book: bool,
    has_text: bool,
}

impl FreeWords {
    /// The word of the parser for a text to ask.
    fn text(&mut self, word: &OsStr) -> OsString {
        self.has_text = true;
        option_with_value("--command=", word)
    }

    /// The word of the parser for a word with a dash before it that is no option: the book, or a text behind that.
    fn behind_dashes(&mut self, word: &OsStr) -> OsString {
        if self.has_book || self.has_text {
            return self.text(word);
        }
        self.has_book = true;
        option_with_value("--db=", word)
    }

    /// The word of the parser for the book, or for a text without blanks behind that.
    fn word(&mut self, command: &Command, word: &OsString) -> Result<OsString, Box<clap::Error>> {
        if word.to_string_lossy().starts_with('-') {
            return Ok(word.clone());
        }
        // Behind the book or a text a directory is none: `F29 / F30` without quotes.
        let is_directory = || (self.has_book || self.has_text) && Path::new(word).is_dir();
        if is_book(word) && !is_directory() {
            // The second one is refused where both are known.
            let is_second = mem::replace(&mut self.has_book, true);
            return Ok(if is_second { option_with_value("--db=", word) } else { word.clone() });
        }
        let text = word.to_string_lossy();
        let subcommands = command.get_subcommands().map(Command::get_name);
        if let Some(near) = nearest(&text, subcommands.filter(|name| *name != text)) {
            return Err(no_subcommand(&visible(&text), &near));
        }
        Ok(if self.has_book || self.has_text { self.text(word) } else { word.clone() })
    }
}

/// Moves the program's options before `run SCRIPT`; the other arguments are the script's own.
fn reorder_run(
    command: &Command,
    mut before: Vec<OsString>,
    script: Option<OsString>,
    rest: &[OsString],
) -> Vec<OsString> {
    let mut own = Vec::new();
    let mut rest = rest.iter();
    // `--help` after a script is the script's: it lists the parameters.
    let is_help = |word: &OsStr| word == "--help" || word == "-h";
    while let Some(word) = rest.next() {
        match option_value_count(command, word).filter(|_| !is_help(word)) {
            Some(value_count) => {
                before.push(word.clone());
                before.extend(rest.by_ref().take(value_count).cloned());
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

/// Moves the program's options before `check`; another argument that begins with a dash is a figure: `-5%`.
fn reorder_check(command: &Command, mut before: Vec<OsString>, rest: &[OsString]) -> Vec<OsString> {
    let (mut figures, mut texts) = (Vec::new(), Vec::new());
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        let is_long = word.to_str().is_some_and(|word| word.starts_with("--"));
        match option_value_count(command, word) {
            _ if word == "--help" || word == "-h" => {
                before.extend(["check".into(), word.clone()]);
                return before;
            }
            _ if word == "--" => figures.extend(rest.by_ref().cloned()),
            _ if option_name(word) == Some("--text") => {
                texts.push(word.clone());
                texts.extend(rest.by_ref().take(usize::from(word == "--text")).cloned());
            }
            Some(value_count) => {
                before.push(word.clone());
                before.extend(rest.by_ref().take(value_count).cloned());
            }
            None if is_long => before.push(word.clone()),
            None => figures.push(word.clone()),
        }
    }
    before.push("check".into());
    before.extend(texts);
    if !figures.is_empty() {
        before.push("--".into());
    }
    before.extend(figures);
    before
}
