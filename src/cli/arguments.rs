//! The parser of the command line: options and subcommands, one option for each limit. The order in which the arguments are handed to
//! it is in `word_order`, the decisions that follow are in `plan`.

use super::at_once::TableOptions;
use super::free_words::with_long_options;
use super::import_options::ImportArguments;
use super::option_words::option_name;
use super::word_order::reorder;
use crate::error::Limit;
use crate::quantity::Scale;
use crate::quantity::digits::MAX_FIGURES;
use crate::session::CitationForm;
use crate::store::Limits;
use crate::table::Format;
use crate::terminal::{self, Choice, ColorChoice, ErrorStyle, NoteLevel, Screen};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// A book of sourced facts that answers in SQL and in scripts; every number keeps its unit, its source and its stage.
#[derive(Debug, Parser)]
#[command(name = "pledgebook", version, subcommand_negates_reqs = true, disable_help_subcommand = true)]
#[command(after_help = "Without SQL or a script it opens a prompt, or runs what standard input holds.\n\
    Exit codes: 0 well, 1 SQL or script error, 2 wrong use, 3 file, 4 limit, 5 expectation failed,\n\
    6 denied, 70 fault of the program, 130 interrupted.")]
#[allow(clippy::struct_excessive_bools)] // each is a switch that can be typed
pub(super) struct Cli {
    /// The book to ask: a SQLite file, or a book on a server as `postgres://ROLE@HOST/DATABASE`; the bundled book where neither it nor
    /// `PLEDGEBOOK_DB` names one. A text with a blank or a leading dot, and one behind
    /// the book, is asked as by `-c`: `pledgebook my.db 'select 1'`.
    pub(super) book: Option<PathBuf>,

    /// The book to ask, as an option.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) db: Option<PathBuf>,

    /// Asks a table at once, in memory: a CSV, TSV, JSON or workbook; repeatable, and a FILE.csv or FILE.xlsx needs no
    /// `--table`. The options of `import` after a file are for it: `--unit`, `--sheet`, `--decimal`.
    #[arg(long, value_name = "[NAME=]FILE", global = true, action = ArgAction::Append)]
    pub(super) table: Vec<OsString>,

    /// Reads a second database beside the book, as NAME.table in SQL; repeatable. It is never written to.
    #[arg(long, value_name = "NAME=FILE", global = true, action = ArgAction::Append)]
    pub(super) attach: Vec<OsString>,

    /// Runs TEXT, SQL or script, and exits; repeatable, one result after the other.
    #[arg(short = 'c', long = "command", value_name = "TEXT", action = ArgAction::Append, allow_hyphen_values = true)]
    pub(super) command: Vec<String>,

    /// Runs FILE and exits: .sql is SQL, .rhai a script, `-` standard input; repeatable, in order with `-c`.
    #[arg(short = 'f', long = "file", value_name = "FILE", action = ArgAction::Append)]
    pub(super) file: Vec<PathBuf>,

    /// The format of results.
    #[arg(long, value_name = "FORMAT", global = true, value_parser = format_parser())]
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

    /// What-if: replaces a figure for this run, as F30=4500, or a number of a table, as S2:3.amount=4500, makes an assumption, as
    /// A1, or prefers a source where sources disagree, as prefer=S1; repeatable.
    #[arg(long, value_name = "ID=VALUE", global = true, action = ArgAction::Append)]
    pub(super) assume: Vec<String>,

    /// Writes results to FILE, in the format of its ending unless another is named; FILE.html and FILE.md are pages with all that an
    /// answer rests on.
    #[arg(short = 'o', long, value_name = "FILE", global = true)]
    pub(super) output: Option<PathBuf>,

    /// Lets `-o`, `export`, `pull` and `push` write over what is there.
    #[arg(long, global = true)]
    pub(super) force: bool,

    /// Writes a receipt beside the answer of `run`, `-c` or `-f`: script, facts, assumptions, book and result, by which `verify` says
    /// later whether it is still the same.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) receipt: Option<PathBuf>,

    /// Writes the Nth result of an answer alone, counted from 1.
    #[arg(long, value_name = "N", global = true, value_parser = result_number)]
    pub(super) result: Option<usize>,

    /// Prints money in thousands, millions or billions, in formats for people; the others have every digit.
    #[arg(long, value_name = "SCALE", global = true, value_parser = scale_parser())]
    pub(super) scale: Option<Switched<Scale>>,

    /// Prints numbers to N significant figures, in formats for people, or `off`; the others have every digit.
    #[arg(long, value_name = "N", global = true, value_parser = significant_figures)]
    pub(super) significant: Option<Switched<u32>>,

    /// Rows of a long table that a terminal shows, half from each end, or a page, the first ones; 0 is all, as a pipe and a file get.
    #[arg(long, value_name = "N", global = true)]
    pub(super) rows: Option<usize>,

    /// Notes under a result; brief unless another is chosen.
    #[arg(long, value_name = "HOW", global = true, value_enum)]
    pub(super) notes: Option<NoteLevel>,

    /// Use of colour; `auto`, the default, follows the terminal and `NO_COLOR`.
    #[arg(long, value_name = "WHEN", global = true, value_enum)]
    pub(super) color: Option<ColorChoice>,

    /// Leaves out the line of column names.
    #[arg(long, global = true)]
    pub(super) no_header: bool,

    /// Puts a `'` before text in CSV and TSV that a spreadsheet would compute, as =1+1.
    #[arg(long, global = true)]
    pub(super) csv_safe: bool,

    /// Begins CSV and TSV with a byte order mark, by which a spreadsheet knows UTF-8.
    #[arg(long, global = true)]
    pub(super) bom: bool,

    /// Writes the number of a quantity in JSON as a number, where a double keeps its digits, for `jq`.
    #[arg(long, global = true)]
    pub(super) json_numbers: bool,

    /// Says which SQL ran: that of a statement on quantities calls functions.
    #[arg(long, global = true)]
    pub(super) echo_sql: bool,

    /// Text for NULL in tables.
    #[arg(long, value_name = "TEXT", global = true)]
    pub(super) null: Option<String>,

    #[command(flatten)]
    pub(super) limits: LimitOptions,

    /// For a stranger's text: tight limits, no file but those named here, no settings, nothing raw on the terminal.
    #[arg(long, global = true)]
    pub(super) sandbox: bool,

    /// Form of the errors on standard error.
    #[arg(long, value_name = "HOW", global = true, value_enum, default_value_t = Errors::Text)]
    pub(super) errors: Errors,

    /// Lets SQL change tables of one's own in the book that is named: at the prompt, by `-c` and `-f`, or in a pipe.
    #[arg(long, global = true)]
    pub(super) write: bool,

    /// Reads a book on a server anew, also where the copy of it here is of the same version.
    #[arg(long, global = true)]
    pub(super) fresh: bool,

    /// Asks the copy of a book on a server, and not the server.
    #[arg(long, global = true)]
    pub(super) offline: bool,

    /// Leaves out notices.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,

    /// The subcommand, which the parser knows by [`command`].
    #[arg(skip)]
    pub(super) action: Option<Action>,
}

/// The subcommands.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum Action {
    /// Runs a saved script: a name of the library, a path, or `-` for standard input.
    Run {
        /// Its name or path.
        script: String,
        /// Its parameters, as `--NAME VALUE` or in the order of its header; `run SCRIPT --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "PARAMETERS")]
        words: Vec<String>,
    },
    /// Answers questions as one page, with all that the answers rest on: `pledgebook report SCRIPT… -o page.html`, or `page.md`;
    /// without `-o` to standard output, as HTML or with `--markdown`.
    Report {
        /// The scripts, in order; one with its parameters and assumptions behind it in quotes: `'in_currency --rate "1.25 USD/GBP"'`.
        #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "SCRIPT")]
        scripts: Vec<String>,
        /// Every script of the library that works in the book: its fact sheet.
        #[arg(long)]
        all: bool,
    },
    /// Lists the scripts of the library.
    Scripts,
    /// Says whether figures, or all the figures of a text, are stated, follow, are rounded, superseded, in conflict, or not in the
    /// book; exit code 5 if any is not supported.
    #[command(
        after_help = "A text is a file (.md, .txt, .html, or a path with a `/`), `-` for standard input, or `--text`. Each of its\n\
        figures gets a verdict with its line and column; dates, years, telephone and section numbers are counted. What\n\
        needs attention is also a line on standard error, `article.md:12:8: not in book: …`, or JSON by `--errors json`.\n\
        Exit code 5 if the book does not support a figure; figures of a text that can't be read are listed, and leave it 0."
    )]
    Check {
        /// Each as somebody wrote it, quoted where it has blanks: '£320,000 per missile', £1.6bn, '5,000 missiles'; or files.
        #[arg(required_unless_present = "text", allow_hyphen_values = true, value_name = "FIGURE|FILE")]
        figure: Vec<String>,
        /// Checks the figures of TEXT; repeatable.
        #[arg(long, value_name = "TEXT", action = ArgAction::Append, allow_hyphen_values = true)]
        text: Vec<String>,
    },
    /// Checks scripts without running them, for editors and hooks: names, header, defaults, syntax; a line for each error, as
    /// `file:line:column: message`, or as JSON by `--errors json`.
    CheckScript {
        /// Their paths, or `-` for standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
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
    /// Prints the JSON Schema of what `--json`, `--format jsonl` and `--errors json` write, also with `--json-numbers`.
    JsonSchema,
    /// Runs the examples of scripts and what they expect, those of the whole library where none is named.
    Test {
        /// Their names or paths.
        scripts: Vec<String>,
    },
    /// Makes a book of one's own, with the bundled facts to add to.
    Init {
        /// The file to make; it must not exist.
        file: PathBuf,
        /// Leaves the bundled facts out: code lists and units alone.
        #[arg(long)]
        empty: bool,
    },
    /// Imports tables, or a directory of facts by hand, into the book that is named before it: `pledgebook mine.db import FILE…`.
    Import {
        /// The files: CSV, TSV and other tables of text; or a directory that `export --facts` wrote.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        arguments: Box<ImportArguments>,
    },
    /// Takes an import back: its table, its view and its source.
    Drop {
        /// The source, as S2, or the name of its table.
        source: String,
    },
    /// Checks the whole book: its file, references, views and imported tables; exit code 3 if anything is wrong.
    CheckBook,
    /// Lists what was done to the book, and when.
    Log,
    /// Says what moved between two books, in facts, figures and the library's numbers: `pledgebook diff old.db new.db`; or between
    /// two versions of an imported table, without sources its two newest.
    Diff {
        /// Two files of books, the older first; or the sources, or the names of their tables, as S2 S3; or one, against the
        /// version that it revises.
        #[arg(num_args = 0..=2, value_name = "SOURCE")]
        sources: Vec<String>,
        /// The columns by which a record is known, with commas between several.
        #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
        key: Vec<String>,
        /// Counts the differences, by column.
        #[arg(long)]
        summary: bool,
        /// Ends with exit code 5 if anything differs.
        #[arg(long)]
        exit_code: bool,
    },
    /// Writes the line to cite for a fact, a number of a script, or what a text in SQL or a script computes.
    Cite {
        /// `F30`, `pledged_per_missile`, `F29 / F30`, `select sum(amount) from pledges`; for a review, the figure that was claimed.
        #[arg(required = true, value_name = "WHAT")]
        what: String,
        /// The form of the citation.
        #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = CitationForm::Plain)]
        form: CitationForm,
        /// The address at which the review is published.
        #[arg(long)]
        url: Option<String>,
        /// The organization that reviews.
        #[arg(long)]
        author: Option<String>,
    },
    /// Asks the questions of receipts again and says what differs: the script, a fact, an assumption, a table or the result; exit
    /// code 5 if anything does.
    Verify {
        /// Files that `--receipt` wrote, or pages that hold receipts.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The script, where it is not in the file that the receipt names.
        #[arg(long, value_name = "FILE")]
        script: Option<PathBuf>,
        /// The text whose figures were checked, for a receipt of `check`; repeatable.
        #[arg(long, value_name = "FILE")]
        article: Vec<String>,
    },
    /// Writes the whole book: a SQLite file where TARGET ends in `.db`, else a directory of CSV files, as a data package.
    Export {
        /// The file or directory to make; `--force` replaces one.
        target: PathBuf,
        /// Into a new directory, as tables of text that `import DIRECTORY` reads: facts, figures, pledges and all else by hand.
        #[arg(long)]
        facts: bool,
    },
    /// Pushes the facts and imported tables of the book to a PostgreSQL server, where others ask and correct them: `pledgebook mine.db
    /// push postgres://ann@db.example/newsroom`. What is there already stays.
    Push {
        /// The address of the shared book; a password is taken from `PGPASSWORD` or ~/.pgpass.
        #[arg(value_name = "ADDRESS")]
        address: String,
        /// Makes the book on the server; the role must be allowed to make a schema in that database.
        #[arg(long)]
        create: bool,
    },
    /// Writes a book on a server as one file: `pledgebook postgres://ann@db.example/newsroom pull mine.db`.
    Pull {
        /// The file to make; `--force` replaces one.
        file: PathBuf,
        /// Leaves its imported tables out, whose rows may be many.
        #[arg(long)]
        without_rows: bool,
    },
    /// Serves tools to programs that write for people, by the Model Context Protocol over standard input and output: `ask`, `run`,
    /// `check_text`, `why`; each answer has its facts and a receipt. It reads only, within the limits of a sandbox.
    ServeMcp,
    /// Says what NAME is: a function, view, column, script, command or option; without it, this help.
    Help {
        /// The name: `rounding_range`, `facts.certainty`, `certainty`, `.why`, `--notes`.
        name: Option<String>,
    },
}

/// `--errors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Errors {
    /// Drawn for people.
    Text,
    /// A line of JSON.
    Json,
}

/// The value of an option that `off` ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Switched<T>(pub(super) Option<T>);

/// A text or file to run, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Command(String),
    File(PathBuf),
}

/// The parsed command line, with `-c` and `-f` in their order.
#[derive(Debug)]
pub(super) struct CommandLine {
    pub(super) cli: Cli,
    pub(super) inputs: Vec<Input>,
    /// The options of each table that is asked at once.
    pub(super) table_options: Vec<(ImportArguments, Vec<OsString>)>,
}

fn result_number(word: &str) -> Result<usize, String> {
    word.parse().ok().filter(|number| *number > 0).ok_or_else(|| "results are counted from 1".to_owned())
}

fn scale_parser() -> impl TypedValueParser<Value = Switched<Scale>> {
    let names = PossibleValuesParser::new(<Option<Scale>>::names());
    names.try_map(|name| <Option<Scale>>::from_name(&name).map(Switched).ok_or("there is no such scale"))
}

fn significant_figures(word: &str) -> Result<Switched<u32>, String> {
    let figures = word.parse().ok().filter(|figures| (1..=MAX_FIGURES).contains(figures));
    let is_read = figures.is_some() || word == "off";
    is_read.then_some(Switched(figures)).ok_or_else(|| format!("it is a number from 1 to {MAX_FIGURES}, or `off`"))
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(Format::possible_values());
    names.try_map(|name| Format::of_file(&name).ok_or("there is no such format"))
}

/// The definition of the command line.
pub(super) fn command() -> Command {
    // Added to the command itself they would give it their own summary.
    let actions = Action::augment_subcommands(Command::default());
    Cli::command().subcommands(actions.get_subcommands().cloned())
}

/// A definition with its help broken for the window; without a window it is not.
pub(super) fn wrapped(command: Command) -> Command {
    const UNBROKEN: usize = 0;
    command.term_width(terminal::width().unwrap_or(UNBROKEN))
}

/// Parses the arguments of the process, the program's name among them.
///
/// # Errors
/// The parser's own: a wrong argument, or a text to print (help, version).
pub(super) fn parse(args: Vec<OsString>) -> Result<CommandLine, Box<clap::Error>> {
    let command = command();
    let mut options = TableOptions::default();
    let args = with_long_options(&command, args)?;
    let mut words = reorder(&command, args, &mut options)?;
    if !words.iter().any(|word| option_name(word) == Some("--table")) {
        // The parser refuses them.
        words.splice(words.len().min(1)..words.len().min(1), options.without_tables());
    }
    let matches = matches(command, &words)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    cli.action = matches.subcommand_name().map(|_| Action::from_arg_matches(&matches)).transpose()?;
    let table_options = (0..cli.table.len()).map(|nth| options.of(nth)).collect::<Result<_, _>>()?;
    let mut inputs: Vec<(usize, Input)> = Vec::new();
    let places = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
    inputs.extend(places("command").into_iter().zip(cli.command.iter().cloned().map(Input::Command)));
    inputs.extend(places("file").into_iter().zip(cli.file.iter().cloned().map(Input::File)));
    inputs.sort_by_key(|(place, _)| *place);
    Ok(CommandLine { cli, inputs: inputs.into_iter().map(|(_, input)| input).collect(), table_options })
}

/// Parses words by the subcommands among them: the parser would give each of all the others a copy of every option. What is wrong is said by
/// the whole definition.
fn matches(command: Command, words: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let is_named = |subcommand: &&Command| words.iter().any(|word| word == subcommand.get_name());
    let named: Vec<Command> = command.get_subcommands().filter(is_named).cloned().collect();
    match Cli::command().subcommands(named).try_get_matches_from(words) {
        Err(error) if error.kind() != ErrorKind::DisplayVersion => wrapped(command).try_get_matches_from(words),
        parsed => parsed,
    }
}

/// The names of every option, long and short, as they are typed without dashes.
pub(super) fn option_names() -> Vec<String> {
    let mut command = command();
    // Adds `--help` and `--version`.
    command.build();
    let named = |argument: &Arg| {
        let long = argument.get_long_and_visible_aliases().unwrap_or_default().into_iter().map(str::to_owned);
        let short = argument.get_short_and_visible_aliases().unwrap_or_default().into_iter().map(String::from);
        long.chain(short).collect::<Vec<_>>()
    };
    command.get_arguments().flat_map(named).collect()
}

impl CommandLine {
    pub(super) fn reporting(&self) -> ErrorStyle {
        ErrorStyle { color: self.screen().error_color, as_json: self.cli.errors == Errors::Json }
    }

    pub(super) fn screen(&self) -> Screen {
        Screen::detect(self.cli.color.unwrap_or_default())
    }
}

/// The options that set limits, one for each [`Limit`].
#[derive(Debug, Clone, Default)]
pub(super) struct LimitOptions(Vec<(Limit, u64)>);

impl LimitOptions {
    /// Replaces the limits that the command line sets.
    pub(super) fn apply_to(&self, limits: Limits) -> Limits {
        self.0.iter().fold(limits, |limits, (limit, value)| limits.with(*limit, *value))
    }
}

fn limit_option(limit: Limit) -> Arg {
    let about = limit.spec();
    let read = move |word: &str| limit.parse(word).ok_or_else(|| format!("it is {}", limit.describe_values()));
    Arg::new(about.option)
        .long(about.option)
        .value_name(about.placeholder)
        .global(true)
        .help(about.description)
        .value_parser(read)
}

impl Args for LimitOptions {
    fn augment_args(command: Command) -> Command {
        command.args(Limit::ALL.map(limit_option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for LimitOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |limit: Limit| matches.get_one(limit.spec().option).map(|value| (limit, *value));
        Ok(Self(Limit::ALL.into_iter().filter_map(value).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
