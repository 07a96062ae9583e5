//! Tables that are asked at once: files named beside a question, imported into a book in memory before it is asked. The options of
//! `import` that stand after a file are for that file, those before the first for every one.

use super::import_asking::import_asking;
use super::import_options::ImportArguments;
use super::option_words::{option_name, option_value_count};
use crate::error::{Error, usage_error};
use crate::import::{self, ImportOptions, Mode};
use crate::session::Session;
use crate::store::{MemoryBook, Stop};
use crate::syntax::shell_word;
use crate::table::visible;
use clap::{Args, Command, FromArgMatches};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `import` on the command line, each with the number of tables before it.
#[derive(Debug, Default)]
pub(super) struct TableOptions {
    tables: usize,
    words: Vec<(usize, OsString)>,
}

impl TableOptions {
    /// Counts a table that an option names.
    pub(super) fn count(&mut self, word: &OsStr) {
        self.tables += usize::from(option_name(word) == Some("--table"));
    }

    /// Takes a word that is an option of `import`, with its values; returns false for any other.
    pub(super) fn take<'w>(&mut self, word: &'w OsString, rest: &mut impl Iterator<Item = &'w OsString>) -> bool {
        let is_long = word.to_str().is_some_and(|word| word.starts_with("--") && word != "--help");
        let Some(values) = is_long.then(|| option_value_count(&import_command(), word)).flatten() else {
            return false;
        };
        let words = std::iter::once(word).chain(rest.take(values)).cloned();
        self.words.extend(words.map(|word| (self.tables, word)));
        true
    }

    /// The words that belong to no table, where there are none.
    pub(super) fn without_tables(&self) -> impl Iterator<Item = OsString> {
        self.words.iter().filter(|(of, _)| *of == 0).map(|(_, word)| word.clone())
    }

    /// The options of the nth table, and their words.
    ///
    /// # Errors
    /// The parser's own.
    pub(super) fn of(&self, nth: usize) -> Result<(ImportArguments, Vec<OsString>), Box<clap::Error>> {
        let words = self.words.iter().filter(|(of, _)| *of == 0 || *of == nth + 1).map(|(_, word)| word.clone());
        let words: Vec<OsString> = words.collect();
        let matches = import_command().try_get_matches_from(&words)?;
        Ok((ImportArguments::from_arg_matches(&matches)?, words))
    }
}

/// The options of `import` as a command of their own, which is built where one of them may have been typed.
fn import_command() -> Command {
    ImportArguments::augment_args(Command::new("pledgebook").no_binary_name(true))
}

/// A table to be asked at once.
#[derive(Debug)]
pub(super) struct AskedTable {
    pub(super) file: PathBuf,
    options: ImportOptions,
    is_strict: bool,
    /// The words of its options, as they were typed.
    words: Vec<OsString>,
}

impl AskedTable {
    /// The table that `--table [NAME=]FILE` names, with its options.
    ///
    /// # Errors
    /// It is named twice; an option that makes no sense without a book's file.
    pub(super) fn new(text: &OsStr, arguments: &ImportArguments, words: &[OsString]) -> Result<Self, Error> {
        let mut options = arguments.options()?;
        let (name, file) = name_and_file(text, is_word);
        if let (Some(name), Some(other)) = (&name, &options.name) {
            return Err(usage_error(&format!("a table is named `{name}` and `{other}`"), "name it once"));
        }
        if file.as_os_str() == "-" && !file.exists() {
            let help = "write it into one first: `… > t.csv`, then `pledgebook t.csv`";
            return Err(usage_error("a table is read from a file, and `-` is none", help));
        }
        if arguments.dry_run {
            let help = "leave it out, or give it to `pledgebook BOOK import`, whose report it shows";
            return Err(usage_error("`--dry-run` writes no table, and there is none to ask then", help));
        }
        options.name = name.or(options.name);
        Ok(Self { file, options, is_strict: arguments.strict, words: words.to_owned() })
    }
}

/// The words of a command line that name a book and the tables that are asked with it, without the places of the files: they ask
/// the same again where those are at hand.
pub(super) fn book_words(base: Option<&Path>, tables: &[AskedTable]) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut words: Vec<String> = base.map(name).into_iter().collect();
    for table in tables {
        if !words.is_empty() {
            words.push("--table".to_owned());
        }
        words.push(name(&table.file));
        words.extend(table.words.iter().map(|word| word.to_string_lossy().into_owned()));
        // A name that `--table NAME=FILE` gave is no word of its options.
        if let Some(name) = table.options.name.as_ref().filter(|_| !table.words.iter().any(|word| word == "--as")) {
            words.extend(["--as".to_owned(), name.clone()]);
        }
    }
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

/// The parts of `NAME=FILE`, where the first may be a name; a text that is a file's name as it stands has no name.
pub(super) fn name_and_file(text: &OsStr, may_be_name: fn(&str) -> bool) -> (Option<String>, PathBuf) {
    match text.to_str().and_then(|text| text.split_once('=')) {
        Some((name, file)) if may_be_name(name) && !Path::new(text).exists() => (Some(name.to_owned()), file.into()),
        _ => (None, text.into()),
    }
}

/// True for letters, digits and `_`, which a path before a `=` is not.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A session of a book in memory with tables in it; what their imports leave in doubt goes to `notices`.
///
/// # Errors
/// A file is missing, broken, or can be read in two ways; a limit is reached; those of the book that they are added to.
pub(super) fn open_session<W>(
    base: Option<&Path>,
    tables: &[AskedTable],
    ask: (bool, &dyn Fn(&Stop) -> W),
    stop: &Stop,
    notices: &mut dyn Write,
) -> Result<Session, Error> {
    let mut book = MemoryBook::new(base, stop)?;
    for table in tables {
        let mut options = table.options.clone();
        if options.name.is_none() {
            options.name = free_name(&book, &table.file)?;
        }
        let is_renamed = table.options.name.is_none() && options.name.is_some();
        let way = (Mode::Write, table.is_strict);
        for report in import_asking(&mut book.writer, &table.file, options, way, ask)? {
            let file = visible(&report.file);
            if is_renamed {
                let name = &report.table;
                let taken = import::default_name(&table.file);
                writeln!(
                    notices,
                    "notice: {file}: the table is `{name}`: write `from {name}`; the book has a `{taken}` of its own"
                )?;
            }
            // The other sheets of a workbook can be asked too, what is beside the rows of JSON can't.
            let beside = report.notes.iter().filter(|_| report.sheet.is_none());
            report
                .doubts
                .iter()
                .chain(beside)
                .try_for_each(|doubt| writeln!(notices, "notice: {file}: {}", visible(doubt)))?;
        }
    }
    Ok(Session::begin(book.open()?))
}

/// Another name for a table whose file's name is taken, as `pledges_csv`; `None` where that is free.
fn free_name(book: &MemoryBook, file: &Path) -> Result<Option<String>, Error> {
    let name = import::default_name(file);
    if name.is_empty() || !book.writer.has_relation(&name)? {
        return Ok(None);
    }
    let ending = file.extension().map(|ending| import::default_name(Path::new(ending))).unwrap_or_default();
    let with_ending = if ending.is_empty() { format!("{name}_table") } else { format!("{name}_{ending}") };
    let mut names = std::iter::once(with_ending.clone()).chain((2..).map(|n| format!("{with_ending}_{n}")));
    names
        .find_map(|name| book.writer.has_relation(&name).map(|is_taken| (!is_taken).then_some(name)).transpose())
        .transpose()
}
