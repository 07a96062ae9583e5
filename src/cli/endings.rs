//! Files by the endings of their names, as far as the command line tells them apart before they are opened.

use crate::syntax::markup::Markup;
use std::ffi::OsStr;
use std::path::Path;

/// The kind of a file that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A SQLite database, as a book is one.
    Database,
    /// A table that is asked at once, unless its bytes are those of a database.
    Table,
    /// A script.
    Script,
    /// SQL.
    Sql,
}

/// Every kind with the endings of its files.
const ENDINGS: [(FileKind, &[&str]); 4] = [
    (FileKind::Database, &["db", "sqlite", "sqlite3", "db3", "s3db", "sl3"]),
    (FileKind::Table, &["csv", "tsv", "tab", "psv", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xls", "ods"]),
    (FileKind::Script, &["rhai"]),
    (FileKind::Sql, &["sql"]),
];

impl FileKind {
    /// The kind of a file by its name; `None` for any other ending, or without one.
    pub(super) fn of(name: &OsStr) -> Option<Self> {
        let ending = ending(name)?;
        ENDINGS.into_iter().find(|(_, endings)| endings.contains(&ending.as_str())).map(|(kind, _)| kind)
    }

    /// True if the name is that of a file of this kind, and no option.
    pub(super) fn is_of(self, word: &OsStr) -> bool {
        Self::of(word) == Some(self) && !word.to_string_lossy().starts_with('-')
    }
}

/// The endings of texts that are checked, each with its markup.
const TEXT_ENDINGS: [(&str, Markup); 6] = [
    ("md", Markup::Markdown),
    ("markdown", Markup::Markdown),
    ("txt", Markup::Plain),
    ("text", Markup::Plain),
    ("html", Markup::Html),
    ("htm", Markup::Html),
];

/// The markup of a text by its name; `None` for any other ending, or without one.
pub(super) fn markup_of(argument: &str) -> Option<Markup> {
    let ending = ending(OsStr::new(argument))?;
    TEXT_ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, markup)| *markup)
}

/// True for an argument of `check` that names a text: standard input, a file with the ending of one, or a path. What begins as
/// a figure or has a blank is a figure even with a `/`, unless there is such a file: `£320,000/missile`.
pub(super) fn is_text_file(argument: &str) -> bool {
    let begins_path = argument.starts_with(|c: char| c.is_alphabetic() || matches!(c, '.' | '/' | '~' | '_'));
    let is_path = begins_path && !argument.contains(' ') || Path::new(argument).is_file();
    argument == "-" || markup_of(argument).is_some() || argument.contains('/') && is_path || is_file_name(argument)
}

/// The most characters of an ending that no text is known to have.
const MAX_ENDING: usize = 5;

/// True for a name with an ending as files have one: letters first, and no unit or number is written so.
fn is_file_name(argument: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    argument.rsplit_once('.').is_some_and(|(stem, ending)| {
        let begins = |text: &str| text.starts_with(char::is_alphabetic);
        let is_ending =
            (2..=MAX_ENDING).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        begins(stem) && stem.chars().all(is_plain) && stem.chars().count() > 1 && is_ending && begins(ending)
    })
}

/// The ending of a name, in lower case.
pub(super) fn ending(name: &OsStr) -> Option<String> {
    Path::new(name).extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::is_text_file;

    #[test]
    fn a_figure_with_a_stroke_is_no_file() {
        for file in [
            "-",
            "a.md",
            "A.HTML",
            "b.htm",
            "notes.txt",
            "drafts/a",
            "./5",
            "/tmp/x",
            "../5",
            "~/x",
            "5.md",
            "art.docx",
            "my-draft.rtf",
            "notes.tex",
        ] {
            assert!(is_text_file(file), "{file}");
        }
        for figure in [
            "£320,000/missile",
            "5 GBP/missile",
            "320,000 GBP/missile",
            "5",
            "1.5",
            "9%",
            "about 5/day",
            "-5%",
            "£1.6bn",
            "GBP1.6bn",
            "U.S.",
            "a.m",
            "c.5",
        ] {
            assert!(!is_text_file(figure), "{figure}");
        }
    }
}
