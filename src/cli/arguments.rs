//! What was typed, as the parser of the command line reads it. What follows from it is `plan`'s.

use super::limit_options::LimitOptions;
use super::words;
use crate::table::{Format, visible};
use crate::terminal::{ColorChoice, ErrorStyle, Screen};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// A book of sourced facts that answers in SQL and in scripts; every number keeps its unit, its source and its stage.
#[derive(Debug, Parser)]
#[command(name = "pledgebook", version, subcommand_negates_reqs = true, disable_help_subcommand = true)]
#[command(after_help = "Without SQL or a script it opens a prompt, or runs what standard input holds.\n\
    Exit codes: 0 well, 1 SQL or script error, 2 wrong use, 3 file, 4 limit, 5 expectation failed,\n\
    6 denied, 70 fault of the program, 130 interrupted.")]
#[allow(clippy::struct_excessive_bools)] // each is a switch that can be typed
pub(super) struct Arguments {
    /// The book to ask: a SQLite file; the bundled book where none is named.
    pub(super) book: Option<PathBuf>,

    /// The book to ask, as an option.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) db: Option<PathBuf>,

    /// Runs TEXT, SQL or script, and exits; repeatable, one result after the other.
    #[arg(short = 'c', long = "command", value_name = "TEXT", action = ArgAction::Append, allow_hyphen_values = true)]
    pub(super) command: Vec<String>,

    /// Runs FILE and exits: .sql is SQL, .rhai a script, `-` standard input; repeatable, in order with `-c`.
    #[arg(short = 'f', long = "file", value_name = "FILE", action = ArgAction::Append)]
    pub(super) file: Vec<PathBuf>,

    /// The format of results.
    #[arg(long, value_name = "FORMAT", global = true, value_parser = format)]
    pub(super) format: Option<Format>,

    /// As `--format csv`.
    #[arg(long, global = true, conflicts_with = "format")]
    pub(super) csv: bool,

    /// As `--format json`.
    #[arg(long, global = true, conflicts_with_all = ["format", "csv"])]
    pub(super) json: bool,

    /// As `--format markdown`.
    #[arg(long, global = true, conflicts_with_all = ["format", "csv", "json"])]
    pub(super) markdown: bool,

    /// What-if: replaces a figure for this run, as F30=4500, makes an assumption, as A1, or prefers a source where sources
    /// disagree, as prefer=S1; repeatable.
    #[arg(long, value_name = "ID=VALUE", global = true, action = ArgAction::Append)]
    pub(super) assume: Vec<String>,

    /// Writes results to FILE, in the format of its ending unless another is named.
    #[arg(short = 'o', long, value_name = "FILE", global = true)]
    pub(super) output: Option<PathBuf>,

    /// Lets `-o` write over a file.
    #[arg(long, global = true, requires = "output")]
    pub(super) force: bool,

    /// Writes the Nth result of an answer alone, counted from 1.
    #[arg(long, value_name = "N", global = true, value_parser = result_number)]
    pub(super) result: Option<usize>,

    /// Rows of a long table that a terminal shows, half from each end; 0 is all, as a pipe and a file get.
    #[arg(long, value_name = "N", global = true)]
    pub(super) rows: Option<usize>,

    /// How much is said under a result; brief unless another is chosen.
    #[arg(long, value_name = "HOW", global = true, value_enum)]
    pub(super) notes: Option<Notes>,

    /// When to use colour; `auto`, the default, heeds the terminal and `NO_COLOR`.
    #[arg(long, value_name = "WHEN", global = true, value_enum)]
    pub(super) color: Option<ColorChoice>,

    /// Leaves out the line of column names.
    #[arg(long, global = true)]
    pub(super) no_header: bool,

    /// Puts a `'` before text in CSV and TSV that a spreadsheet would compute, as =1+1.
    #[arg(long, global = true)]
    pub(super) csv_safe: bool,

    /// What stands for NULL in tables.
    #[arg(long, value_name = "TEXT", global = true)]
    pub(super) null: Option<String>,

    #[command(flatten)]
    pub(super) limits: LimitOptions,

    /// For a stranger's text: tight limits, no file but those named here, no settings, nothing raw on the terminal.
    #[arg(long, global = true)]
    pub(super) sandbox: bool,

    /// How errors are written to standard error.
    #[arg(long, value_name = "HOW", global = true, value_enum, default_value_t = Errors::Text)]
    pub(super) errors: Errors,

    /// Leaves out notices.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,

    #[command(subcommand)]
    pub(super) action: Option<Action>,
}

/// What to do, where it is no prompt and no text of the command line.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum Action {
    /// Runs a saved script: a name of the library, a path, or `-` for standard input.
    Run {
        /// Its name or path.
        script: String,
        /// Its parameters, as `--NAME VALUE`; `run SCRIPT --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "PARAMETERS")]
        words: Vec<String>,
    },
    /// Lists the scripts of the library.
    Scripts,
    /// Says whether figures are stated, follow, are rounded, superseded, in conflict, or not in the book; exit code 5 if so.
    Check {
        /// Each as somebody wrote it, quoted where it has blanks: '£320,000 per missile', £1.6bn, '5,000 missiles'.
        #[arg(required = true, allow_hyphen_values = true, value_name = "FIGURE")]
        figure: Vec<String>,
    },
    /// Prints the completions of a shell: `pledgebook completions bash > …/bash-completion/completions/pledgebook`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Prints the manual page: `pledgebook man | man -l -`.
    Man,
    /// Prints a config file for the prompt that documents every setting.
    Config,
    /// Prints the JSON Schema of what `--json`, `--format jsonl` and `--errors json` write.
    JsonSchema,
    /// Runs the examples of scripts and what they expect, those of the whole library where none is named.
    Test {
        /// Their names or paths.
        scripts: Vec<String>,
    },
    /// Says what NAME is: a function, view, column, script, command or option; without it, this help.
    Help {
        /// The name: `rounding_range`, `facts.certainty`, `certainty`, `.why`, `--notes`.
        name: Option<String>,
    },
}

/// `--notes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Notes {
    /// A line a fact, what limits the figure most, the sources.
    Brief,
    /// Everything that the book has on each fact.
    Full,
    /// Nothing.
    None,
}

/// `--errors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Errors {
    /// Drawn for people.
    Text,
    /// A line of JSON.
    Json,
}

/// A text or file to run, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Command(String),
    File(PathBuf),
}

/// What was typed, with `-c` and `-f` in their order.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) arguments: Arguments,
    pub(super) asked: Vec<Asked>,
}

fn result_number(word: &str) -> Result<usize, String> {
    word.parse().ok().filter(|number| *number > 0).ok_or_else(|| "results are counted from 1".to_owned())
}

fn format(word: &str) -> Result<Format, String> {
    word.parse::<Format>().map_err(|error| error.to_string())
}

/// Reads the words of the command line, the program's name among them.
///
/// # Errors
/// The parser's own: a wrong word, or a text to show (help, version).
pub(super) fn read(words: Vec<OsString>) -> Result<Typed, Box<clap::Error>> {
    let command = Arguments::command();
    let matches = command.clone().try_get_matches_from(words::arrange(&command, words))?;
    let arguments = Arguments::from_arg_matches(&matches)?;
    let mut asked: Vec<(usize, Asked)> = Vec::new();
    let places = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
    asked.extend(places("command").into_iter().zip(arguments.command.iter().cloned().map(Asked::Command)));
    asked.extend(places("file").into_iter().zip(arguments.file.iter().cloned().map(Asked::File)));
    asked.sort_by_key(|(place, _)| *place);
    Ok(Typed { arguments, asked: asked.into_iter().map(|(_, asked)| asked).collect() })
}

/// The names of every option, long and short, as they are typed without dashes.
pub(super) fn options() -> Vec<String> {
    let mut command = Arguments::command();
    // It makes the options that every program has.
    command.build();
    let named = |argument: &Arg| {
        let long = argument.get_long_and_visible_aliases().unwrap_or_default().into_iter().map(str::to_owned);
        let short = argument.get_short_and_visible_aliases().unwrap_or_default().into_iter().map(String::from);
        long.chain(short).collect::<Vec<_>>()
    };
    command.get_arguments().flat_map(named).collect()
}

/// Shows what the parser has to say, and what it repeats of the words in a form that a terminal can be sent; returns the
/// exit code.
pub(super) fn show(mut shown: clap::Error) -> u8 {
    let repeated: Vec<(ContextKind, ContextValue)> = shown.context().map(|(kind, value)| (kind, tame(value))).collect();
    if repeated.iter().any(|(kind, value)| shown.get(*kind) != Some(value)) {
        // The tip repeats the word among the parser's own colours.
        shown.remove(ContextKind::Suggested);
    }
    for (kind, value) in repeated {
        if kind != ContextKind::Suggested {
            shown.insert(kind, value);
        }
    }
    // Where standard output is closed there is nobody to show it to.
    let _ = shown.print();
    if shown.use_stderr() { 2 } else { 0 }
}

fn tame(value: &ContextValue) -> ContextValue {
    match value {
        ContextValue::String(word) => ContextValue::String(visible(word).into_owned()),
        ContextValue::Strings(words) => {
            ContextValue::Strings(words.iter().map(|word| visible(word).into_owned()).collect())
        }
        value => value.clone(),
    }
}

impl Typed {
    pub(super) fn reporting(&self) -> ErrorStyle {
        ErrorStyle { color: self.screen().error_color, as_json: self.arguments.errors == Errors::Json }
    }

    pub(super) fn screen(&self) -> Screen {
        Screen::detect(self.arguments.color.unwrap_or_default())
    }
}
