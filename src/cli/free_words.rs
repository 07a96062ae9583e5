//! Words of the command line that are no options: the book, a file to run, or a text to ask, as sqlite3 and duckdb have them:
//! `pledgebook my.db 'select 1'`. And options as those two write them, with one dash: `-csv`, `-readonly`.

use super::endings::FileKind;
use super::option_words::{option_name, option_value_count, option_with_value};
use crate::store::is_address;
use crate::table::Format;
use crate::terminal::{Language, classify};
use clap::error::ErrorKind;
use clap::{Command, Error};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::slice::Iter;

/// Marks that a text has and no name of a file as a rule.
const MARKS_OF_TEXT: &[char] = &['(', '{', '[', ';', '=', '"', '\''];

/// True for a text to ask: it has a blank or a mark of one, or begins as a command does, and is no file. A name of a book with blanks in it is
/// one although there is no such file, unless it begins as SQL does.
pub(super) fn is_text(word: &OsStr) -> bool {
    if Path::new(word).exists() || word.to_str().is_some_and(is_address) {
        return false;
    }
    let Some(text) = word.to_str() else { return false };
    let is_command =
        text.strip_prefix(['.', '\\']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let has_mark = text.contains(MARKS_OF_TEXT) && !text.contains(char::is_control);
    let has_blank = has_mark || text.trim().contains(char::is_whitespace);
    let is_option = text.starts_with('-') && !is_negative_or_comment(text);
    let begins_as_text = is_command || classify(text, &|_| false) != Language::Script;
    if FileKind::of(word).is_some() { has_blank && begins_as_text } else { (has_blank || is_command) && !is_option }
}

/// A command of the prompt with the words behind it that are no options, tables, books or texts: `.help sql` needs no quotes.
pub(super) fn with_arguments(command: &Command, word: &OsStr, rest: &mut Iter<'_, OsString>) -> OsString {
    let mut text = word.to_owned();
    let is_command =
        word.to_str().is_some_and(|word| word.starts_with(['.', '\\']) && !word.contains(char::is_whitespace));
    let is_argument = |next: &OsStr| {
        let is_file = matches!(FileKind::of(next), Some(FileKind::Table | FileKind::Database));
        let is_option = next.to_string_lossy().starts_with('-') || option_value_count(command, next).is_some();
        !(is_file || is_option || is_text(next))
    };
    while is_command && let Some(next) = rest.as_slice().first().filter(|next| is_argument(next)) {
        rest.next();
        text.push(" ");
        text.push(next);
    }
    text
}

/// True for a text that begins with a dash and is no option: `-1 + 2`, or SQL behind a comment.
fn is_negative_or_comment(text: &str) -> bool {
    let rest = text.trim_start_matches('-');
    rest.starts_with(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '(')
}

/// True for a book: a file that exists, a name that ends as a book's does, an address.
pub(super) fn is_book(word: &OsStr) -> bool {
    Path::new(word).exists()
        || FileKind::of(word) == Some(FileKind::Database)
        || word.to_str().is_some_and(|text| text.contains("://"))
}

/// What an option of another shell is here.
enum Foreign {
    /// This word, before its value if it takes one.
    Is(&'static str),
    /// What is so anyhow.
    Always,
    /// No option: the one that is meant.
    Hint(&'static str),
}

/// The help on the values of `:name`.
const PARAMETER: &str =
    "`-c '.parameter set :name 5'` before the question gives `:name` a value; a script has options of its own";

/// The help on plain columns.
const UNALIGNED: &str =
    "`--csv` has commas between, `--format tsv` tabs; `--no-header` leaves the names of columns out";

/// The help on plain columns without their names.
const UNALIGNED_BARE: &str =
    "`--csv --no-header` has commas between and no names of columns, `--format tsv --no-header` tabs";

/// The help on rows one below the other.
const EXPANDED: &str = "`--format line` lays the columns of a row out one below the other";

const NO_USERS: &str = "a book is a file, and has no users: who may read the file may ask it";

/// The options of sqlite3, duckdb and psql whose names are neither those of options here nor of formats.
const FOREIGN: &[(&str, Foreign)] = &[
    ("--param", Foreign::Hint(PARAMETER)),
    ("--parameter", Foreign::Hint(PARAMETER)),
    ("--params", Foreign::Hint(PARAMETER)),
    ("--expanded", Foreign::Hint(EXPANDED)),
    ("--no-align", Foreign::Hint(UNALIGNED)),
    ("--set", Foreign::Hint(PARAMETER)),
    ("--tuples-only", Foreign::Is("--no-header")),
    ("--variable", Foreign::Hint(PARAMETER)),
    ("-A", Foreign::Hint(UNALIGNED)),
    ("-F", Foreign::Hint(UNALIGNED)),
    ("-U", Foreign::Hint(NO_USERS)),
    ("-W", Foreign::Hint(NO_USERS)),
    ("-ascii", Foreign::Hint("`--format tsv` has tabs between")),
    ("-bail", Foreign::Always),
    ("-cmd", Foreign::Is("--command")),
    ("-d", Foreign::Hint("the book is named without an option: `pledgebook mine.db`")),
    ("-echo", Foreign::Is("--echo-sql")),
    ("-header", Foreign::Always),
    ("-headers", Foreign::Always),
    ("-init", Foreign::Is("--file")),
    ("-interactive", Foreign::Hint("the prompt opens on a terminal, where no text is asked")),
    ("-l", Foreign::Hint("a book is a file, and stands in a directory: `ls *.db`")),
    ("-list", Foreign::Hint("`--csv` has commas between, `--format tsv` tabs")),
    ("-newline", Foreign::Hint("lines end in a line feed in every format")),
    ("-noheader", Foreign::Is("--no-header")),
    ("-nullvalue", Foreign::Is("--null")),
    ("-quote", Foreign::Hint("`--format insert` writes values as SQL does")),
    ("-readonly", Foreign::Always),
    ("-s", Foreign::Is("--command")),
    ("-safe", Foreign::Is("--sandbox")),
    ("-stats", Foreign::Hint("`-c '.timer on' -c TEXT` says how long the answer took")),
    ("-t", Foreign::Is("--no-header")),
    ("-unsigned", Foreign::Hint("no extension is loaded here")),
    ("-v", Foreign::Hint(PARAMETER)),
    ("-x", Foreign::Hint(EXPANDED)),
];

/// The command line with options of one dash written as they are here: `-csv` is `--csv` and no `-c sv`.
///
/// # Errors
/// An option that is none here; the one that is meant is named.
pub(super) fn with_long_options(command: &Command, words: Vec<OsString>) -> Result<Vec<OsString>, Box<Error>> {
    let mut all = Vec::with_capacity(words.len());
    let (mut rest, mut is_batch) = (words.into_iter(), false);
    all.extend(rest.next());
    while let Some(word) = rest.next() {
        // The words behind a subcommand or a script are its own.
        let begins_others =
            command.find_subcommand(&word).is_some() || (FileKind::Script.is_of(&word) && !is_text(&word));
        if word == "--" || begins_others {
            all.push(word);
            break;
        }
        let name = option_name(&word).unwrap_or_default().to_owned();
        // Those of other shells have their values behind them.
        let foreign = FOREIGN.iter().find(|(known, _)| word == *known || (known.starts_with("--") && name == *known));
        if name == "-separator" {
            all.push(separated(&rest.next().unwrap_or_default())?.into());
        } else if name == "-batch" {
            is_batch = true;
        } else if let Some((_, foreign)) = foreign {
            match foreign {
                Foreign::Is(word) => {
                    all.push(word.into());
                    all.extend(rest.by_ref().take(option_value_count(command, word.as_ref()).unwrap_or_default()));
                }
                Foreign::Always => {}
                Foreign::Hint(help) => return Err(no_option(&name, help)),
            }
        } else if is_cluster_of_psql(&word) {
            return Err(no_option(&name, UNALIGNED_BARE));
        } else if let Some(format) = format_as_option(command, &word) {
            all.push(format!("--format={}", format.name()).into());
        } else {
            let word = if is_long_with_one_dash(command, &name) { option_with_value("-", &word) } else { word };
            let values = option_value_count(command, &word).unwrap_or_default();
            all.push(word);
            all.extend(rest.by_ref().take(values));
        }
    }
    all.extend(rest);
    if is_batch && !asks_something(command, &all) {
        all.splice(1..1, ["--file".into(), "-".into()]);
    }
    Ok(all)
}

/// True if words name something to run: `-batch` has nothing to read then.
fn asks_something(command: &Command, words: &[OsString]) -> bool {
    let is_input = |word: &OsString| {
        matches!(option_name(word), Some("-c" | "--command" | "-f" | "--file"))
            || is_text(word)
            || FileKind::of(word).is_some_and(|kind| kind != FileKind::Database)
            || command.find_subcommand(word).is_some()
    };
    words.iter().skip(1).any(is_input)
}

/// True for letters behind one dash with psql's `A` among them, as `-At` and `-tAc` have.
fn is_cluster_of_psql(word: &OsStr) -> bool {
    let letters = word.to_str().and_then(|word| word.strip_prefix('-')).unwrap_or_default();
    letters.len() > 1 && letters.contains('A') && letters.chars().all(|letter| "AtqXc".contains(letter))
}

/// The format that a word names behind one dash or two, as sqlite3 has it: `-box`, `--jsonl`; none where an option has the name.
fn format_as_option(command: &Command, word: &OsStr) -> Option<Format> {
    let name = word.to_str().filter(|name| !is_long_with_one_dash(command, name))?.strip_prefix('-')?;
    let is_option = |name: &str| command.get_arguments().any(|option| option.get_long() == Some(name));
    match name.strip_prefix('-') {
        Some(long) if is_option(long) => None,
        Some(long) => Format::of_file(long),
        None => Format::of_file(name),
    }
}

/// True for the name of a long option behind one dash.
fn is_long_with_one_dash(command: &Command, name: &str) -> bool {
    let long = name.strip_prefix('-').filter(|long| long.len() > 1 && !long.starts_with('-'));
    let is_known = |long: &str| command.get_arguments().any(|option| option.get_long() == Some(long));
    long.is_some_and(|long| is_known(long) || matches!(long, "help" | "version"))
}

/// The option for a separator of columns.
fn separated(separator: &OsStr) -> Result<&'static str, Box<Error>> {
    match separator.to_str() {
        Some(",") => Ok("--format=csv"),
        Some("\t" | "\\t") => Ok("--format=tsv"),
        _ => Err(no_option("-separator", "`--csv` has commas between, `--format tsv` tabs")),
    }
}

/// The error of an option of another shell.
fn no_option(name: &str, help: &str) -> Box<Error> {
    Box::new(Error::raw(ErrorKind::UnknownArgument, format!("`{name}` is no option here\n  = help: {help}\n")))
}

/// The error of a word that is near a subcommand, and neither a file nor a text.
pub(super) fn no_subcommand(word: &str, near: &str) -> Box<Error> {
    let message = format!(
        "`{word}` is no file, and no subcommand\n  = help: did you mean `{near}`? `-c {word}` asks it as a text\n"
    );
    Box::new(Error::raw(ErrorKind::InvalidSubcommand, message))
}

#[cfg(test)]
mod tests {
    use super::{is_book, is_text};

    #[test]
    fn a_text_has_a_blank_or_begins_with_a_dot() {
        for text in [
            "select 1",
            ".tables",
            "F29 / F30",
            "\\dt",
            "-- a comment\nselect 1",
            "-1 + 2",
            "select * from nowhere.db",
            ".read nowhere.sql",
            ".schema a.csv",
            "select 1 -- as in nowhere.csv",
            "show tables",
        ] {
            assert!(is_text(text.as_ref()), "{text}");
        }
        for word in [
            "nowhere.db",
            "nowhere",
            "./nowhere",
            "../a.db",
            "my own.db",
            "no table.csv",
            ".hidden.db",
            "F29",
            "-q",
            "--foo a",
            "-x y",
        ] {
            assert!(!is_text(word.as_ref()), "{word}");
        }
    }

    #[test]
    fn a_book_has_an_ending_or_is_there() {
        for book in ["nowhere.db", "a b.SQLITE", "./x.sqlite3", "Cargo.toml", "src", "postgres://host/book"] {
            assert!(is_book(book.as_ref()), "{book}");
        }
        assert!(!is_book("F29".as_ref()) && !is_book("nowhere".as_ref()));
    }
}
