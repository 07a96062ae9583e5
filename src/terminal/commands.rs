//! The commands of the prompt, in one table that parsing, completion and help read, with the words that settings take.
//! `session::commands` executes them; `habits` has what other shells call them.

use super::habits;
use crate::error::{
    Error, Limit,
    suggest::{did_you_mean, nearest},
    usage_error,
};
use crate::quantity::Scale;
use crate::table::Format;
use clap::ValueEnum;

/// The commands of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The list of commands, or the help of one name.
    Help,
    /// The tables and views.
    Tables,
    /// The columns of a table or view, and their meanings.
    Schema,
    /// The derivation of the last result, or the provenance of an id.
    Why,
    /// Facts by a word.
    Facts,
    /// Open questions by a word.
    Unknowns,
    /// Everything by a word.
    Find,
    /// The verdict on a figure.
    Check,
    /// Make assumptions, or list those in force.
    Assume,
    /// The assumptions of the book.
    Assumptions,
    /// The entries that were made in the book.
    Log,
    /// Run a saved script.
    Run,
    /// List the saved scripts.
    Scripts,
    /// Show or set the setting of this name.
    Set(&'static str),
    /// List all settings.
    Show,
    /// The limits of an answer: shows them, or sets one.
    Limits,
    /// Every row of the last result.
    Last,
    /// The last result into the clipboard of the terminal.
    Copy,
    /// Run a file as if it were typed.
    Read,
    /// Edit the last entry in the external editor.
    Edit,
    /// Write the entries behind the last answer as a script.
    Save,
    /// Write the next answer into a file.
    Once,
    /// Write all answers into a file, or end that.
    Output,
    /// Ask another book.
    Open,
    /// The book that is asked.
    Databases,
    /// The server of a shared book, and the version that is asked.
    Server,
    /// The SQL that makes the book, or a table of it.
    Dump,
    /// Set or list variables of scripts, which are the parameters of SQL.
    Parameter,
    /// Write a text.
    Print,
    /// Leave.
    Quit,
}

impl Command {
    /// Its row of the table; the first where two names have the same command.
    pub fn info(self) -> Option<&'static CommandInfo> {
        COMMANDS.iter().find(|info| info.command == self)
    }
}

/// The commands that have something to do in a book, or in a plain database.
pub fn commands_for(is_book: bool) -> impl Iterator<Item = &'static CommandInfo> {
    COMMANDS.iter().filter(move |info| is_book || info.asks_of_book.is_none())
}

/// A group of commands, as `.help` shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The contents of the book.
    Data,
    /// The sources of a figure.
    Trace,
    /// Assumptions: what-if.
    Suppose,
    /// Scripts, and entries that are run again.
    Scripting,
    /// Answers and books in files.
    Files,
    /// The look of results.
    Display,
    /// The prompt itself.
    Prompt,
}

/// The kind of a command's first argument, for completion.
#[derive(Debug, Clone, Copy)]
pub enum ArgumentKind {
    /// None.
    None,
    /// A table or view.
    Relation,
    /// A script of the library.
    Script,
    /// An id of the book.
    Fact,
    /// A number that a source states, or an assumption.
    Figure,
    /// A file.
    File,
    /// A name that `.help` knows: a command, function, script, table or view.
    Topic,
    /// One of these words, such as the values of a setting.
    Word(fn() -> Vec<&'static str>),
}

/// A type whose values are listed with their names.
pub trait Choice: Copy + PartialEq + 'static {
    /// The values with their names, the default first.
    const VALUES: &'static [(&'static str, Self)];

    /// The names of all values.
    fn names() -> Vec<&'static str> {
        Self::VALUES.iter().map(|(name, _)| *name).collect()
    }

    /// The name of a value.
    fn name(self) -> &'static str {
        Self::VALUES.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }

    /// The value of a name.
    fn from_name(name: &str) -> Option<Self> {
        Self::VALUES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

impl Choice for bool {
    const VALUES: &'static [(&'static str, Self)] = &[("on", true), ("off", false)];
}

impl Choice for Option<Scale> {
    const VALUES: &'static [(&'static str, Self)] = &[
        ("off", None),
        (Scale::ALL[0].0, Some(Scale::ALL[0].1)),
        (Scale::ALL[1].0, Some(Scale::ALL[1].1)),
        (Scale::ALL[2].0, Some(Scale::ALL[2].1)),
    ];
}

/// The condition for coloured output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal that is not `dumb`, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into files and pipes
    Always,
    /// Not at all
    Never,
}

impl Choice for ColorChoice {
    const VALUES: &'static [(&'static str, Self)] =
        &[("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

/// The level of detail under a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum NoteLevel {
    /// A line a fact, what limits the figure most, the sources.
    #[default]
    Brief,
    /// Everything that the book has on each fact.
    Full,
    /// Nothing.
    None,
}

impl Choice for NoteLevel {
    const VALUES: &'static [(&'static str, Self)] =
        &[("brief", Self::Brief), ("full", Self::Full), ("none", Self::None)];
}

/// The keys of the line editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditMode {
    /// The keys of most shells.
    #[default]
    Emacs,
    /// The keys of `vi`.
    Vi,
}

impl Choice for EditMode {
    const VALUES: &'static [(&'static str, Self)] = &[("emacs", Self::Emacs), ("vi", Self::Vi)];
}

/// A row of the table of commands.
#[derive(Debug, Clone, Copy)]
pub struct CommandInfo {
    /// The command; two names may have the same one.
    pub command: Command,
    /// Its name, with the dot.
    pub name: &'static str,
    /// Its arguments as help writes them: `[PATTERN]`, or nothing.
    pub arguments: &'static str,
    /// Its effect, without a full stop.
    pub meaning: &'static str,
    /// The kind of its first argument.
    pub argument: ArgumentKind,
    /// A line with it that has an answer on the bundled book.
    pub example: &'static str,
    /// A part of the answer to the example; empty for a command that answers nothing.
    pub answer: &'static str,
    /// Its group.
    pub group: Group,
    /// The part of a book that it asks, of which a plain database has none.
    pub asks_of_book: Option<&'static str>,
    /// True if it asks something: `.once` waits for its answer, and lets settings and lists pass.
    pub is_question: bool,
}

/// The words that `.help` takes besides names: each lists the functions of a language.
pub(super) const FUNCTION_LISTS: [&str; 4] = ["sql", "script", "language", "header"];

/// Every command, in the order of help.
pub const COMMANDS: &[CommandInfo] = &[
    row(Command::Help, ".help", "[NAME]", "the commands, or what NAME is; `all` lists them", ArgumentKind::Topic)
        .with_example(".help q_div", "the quotient, in the quotient of the units"),
    row(Command::Tables, ".tables", "[PATTERN]", "tables and views; `%` stands for anything", ArgumentKind::Relation)
        .with_example(".tables pledge", "views               pledge_items, pledges")
        .of(Group::Data),
    row(Command::Schema, ".schema", "[NAME]", "columns of a table or view and what they mean", ArgumentKind::Relation)
        .with_example(".schema units", "units: a base unit that numbers may carry")
        .of(Group::Data),
    row(Command::Why, ".why", "[ROW [COLUMN] | ID]", "how a shown number, an id, ¶4.2 is grounded", ArgumentKind::Fact)
        .with_example(".why F30", "5,000 missiles  [F30]    as stated")
        .of(Group::Trace)
        .question(),
    row(Command::Facts, ".facts", "[WORD]", "the facts with a word, of an actor, at ¶4.2", ArgumentKind::None)
        .with_example(".facts Putin", "F42  ¶6.1  Putin is Russian President")
        .of(Group::Trace)
        .asking("facts")
        .question(),
    row(Command::Unknowns, ".unknowns", "[WORD]", "what is left open, and what would answer it", ArgumentKind::None)
        .with_example(".unknowns troops", "U11  How many troops would be sent?")
        .of(Group::Trace)
        .asking("facts")
        .question(),
    row(Command::Find, ".find", "WORD", "facts, questions, actors, names: all with a word", ArgumentKind::None)
        .with_example(".find Poland", "the book's words do not have `Poland`")
        .of(Group::Trace)
        .question(),
    row(Command::Check, ".check", "FIGURE", "if a figure is in the book; see `check --text`", ArgumentKind::None)
        .with_example(".check £320,000 per missile", "320,000 GBP/missile is DERIVED")
        .of(Group::Trace)
        .asking("figures")
        .question(),
    row(
        Command::Assume,
        ".assume",
        "[ID=VALUE … | none]",
        "what-if, as `F30=4500`; else what is supposed",
        ArgumentKind::Figure,
    )
    .with_example(".assume F30=4500", "F30 = 4,500 missiles, where S1 states 5,000 missiles")
    .of(Group::Suppose)
    .asking("assumptions"),
    row(Command::Assumptions, ".assumptions", "", "what can be supposed besides numbers", ArgumentKind::None)
        .with_example(".assumptions", "A1  the London gathering is the Lancaster House summit")
        .of(Group::Suppose)
        .asking("assumptions")
        .question(),
    row(Command::Log, ".log", "", "what was imported or changed, and when", ArgumentKind::None)
        .with_example(".log", "at  action  source  detail")
        .of(Group::Data)
        .asking("log")
        .question(),
    row(Command::Run, ".run", "SCRIPT [PARAMETERS]", "run a saved script", ArgumentKind::Script)
        .with_example(".run pledged_per_missile --places 0", "pledged finance per missile  320,000")
        .of(Group::Scripting)
        .question(),
    row(Command::Scripts, ".scripts", "", "the saved scripts", ArgumentKind::None)
        .with_example(".scripts", "pledged_per_missile        Pledged finance per missile")
        .of(Group::Scripting),
    setting(".mode", "[FORMAT]", "show or set the output format", ArgumentKind::Word(Format::names))
        .with_example(".mode", "table")
        .of(Group::Display),
    setting(".notes", "[HOW]", "show or set how much is noted under a result", ArgumentKind::Word(NoteLevel::names))
        .with_example(".notes", "brief")
        .of(Group::Display),
    setting(".headers", "[on | off]", "whether results name their columns", ArgumentKind::Word(bool::names))
        .with_example(".headers", "on")
        .of(Group::Display),
    setting(
        ".scale",
        "[SCALE]",
        "money in tables: off, thousand, million, billion",
        ArgumentKind::Word(<Option<Scale>>::names),
    )
    .with_example(".scale", "off")
    .of(Group::Display),
    setting(".significant", "[N | off]", "how many significant figures tables show", ArgumentKind::None)
        .with_example(".significant", "off")
        .of(Group::Display),
    setting(".rows", "[N]", "how many rows of a long table are shown", ArgumentKind::None)
        .with_example(".rows", "40")
        .of(Group::Display),
    setting(".nullvalue", "[TEXT]", "what stands for NULL in tables", ArgumentKind::None)
        .with_example(".nullvalue", "NULL")
        .of(Group::Display),
    setting(".json_numbers", "[on | off]", "whether quantities are numbers in JSON", ArgumentKind::Word(bool::names))
        .with_example(".json_numbers", "off")
        .of(Group::Files),
    setting(".timer", "[on | off]", "whether each answer says how long it took", ArgumentKind::Word(bool::names))
        .with_example(".timer", "off"),
    setting(".sql", "[on | off]", "whether each answer says which SQL ran", ArgumentKind::Word(bool::names))
        .with_example(".sql", "off"),
    setting(".color", "[WHEN]", "when to use colour: auto, always, never", ArgumentKind::Word(ColorChoice::names))
        .with_example(".color", "auto"),
    setting(
        ".pager",
        "[PROGRAM | auto | off]",
        "what shows an answer longer than the screen",
        ArgumentKind::Word(|| vec!["auto", "off"]),
    )
    .with_example(".pager", "auto"),
    setting(".keys", "[emacs | vi]", "the keys by which an entry is edited", ArgumentKind::Word(EditMode::names))
        .with_example(".keys", "emacs"),
    row(Command::Show, ".show", "", "all settings", ArgumentKind::None).with_example(".show", "mode         table"),
    row(
        Command::Limits,
        ".limits",
        "[NAME NUMBER]",
        "what an answer may take; sets one of it",
        ArgumentKind::Word(|| Limit::ALL.map(|limit| limit.spec().name).to_vec()),
    )
    .with_example(".limits", "rows       100,000,000  an answer may have"),
    row(Command::Last, ".last", "", "all rows of the last result, `last` in SQL too", ArgumentKind::None)
        .with_example(".last", "5,000 [F30]")
        .of(Group::Data)
        .question(),
    row(
        Command::Copy,
        ".copy",
        "[FORMAT]",
        "the last result to the clipboard, as tsv",
        ArgumentKind::Word(Format::names),
    )
    .with_example(".copy csv", "")
    .of(Group::Files),
    row(Command::Read, ".read", "FILE", "run a file as if it were typed here", ArgumentKind::File)
        .with_example(".read questions.sql", "")
        .of(Group::Scripting),
    row(Command::Edit, ".edit", "", "the newest entry in $EDITOR; this one by `\\e`", ArgumentKind::None)
        .of(Group::Scripting),
    row(Command::Save, ".save", "NAME [SENTENCE]", "save what led to the last answer as a script", ArgumentKind::None)
        .with_example(".save missiles How many missiles", "")
        .of(Group::Scripting),
    row(Command::Once, ".once", "FILE [--force]", "the next answer into a file, by its ending", ArgumentKind::File)
        .with_example(".once answer.csv", "")
        .of(Group::Files),
    row(Command::Output, ".output", "[FILE [--force]]", "all answers into a file, until `.output`", ArgumentKind::File)
        .with_example(".output answers.md", "")
        .of(Group::Files),
    row(Command::Open, ".open", "[FILE]", "ask another book; the bundled one without FILE", ArgumentKind::File)
        .with_example(".open mine.db", "")
        .of(Group::Files),
    row(Command::Databases, ".databases", "", "the book that is asked, and how", ArgumentKind::None)
        .with_example(".databases", "bundled book")
        .of(Group::Data),
    row(Command::Server, ".server", "", "the server of a shared book, version and copy", ArgumentKind::None)
        .with_example(".server", "bundled book, on no server")
        .of(Group::Data),
    row(Command::Dump, ".dump", "[TABLE]", "the SQL that makes the book, or TABLE, again", ArgumentKind::Relation)
        .with_example(".dump unit", "BEGIN TRANSACTION;")
        .of(Group::Files)
        .question(),
    row(Command::Parameter, ".parameter", "[set :NAME VALUE]", "the parameters of SQL, as `:x`", ArgumentKind::None)
        .with_example(".parameter set :least 5000", "")
        .of(Group::Suppose),
    row(Command::Print, ".print", "[TEXT]", "write a text", ArgumentKind::None)
        .with_example(".print so far", "so far")
        .of(Group::Scripting),
    row(Command::Quit, ".quit", "[CODE]", "leave; Ctrl-D does too", ArgumentKind::None),
    row(Command::Quit, ".exit", "[CODE]", "leave", ArgumentKind::None),
];

const fn row(
    command: Command,
    name: &'static str,
    arguments: &'static str,
    meaning: &'static str,
    argument: ArgumentKind,
) -> CommandInfo {
    let (example, group) = (name, Group::Prompt);
    let (asks_of_book, is_question) = (None, false);
    CommandInfo { command, name, arguments, meaning, argument, example, answer: "", group, asks_of_book, is_question }
}

/// The command that shows or sets the setting of its name.
const fn setting(
    name: &'static str,
    arguments: &'static str,
    meaning: &'static str,
    argument: ArgumentKind,
) -> CommandInfo {
    row(Command::Set(name.split_at(1).1), name, arguments, meaning, argument)
}

impl CommandInfo {
    /// Sets the group; that of the prompt is the default.
    const fn of(self, group: Group) -> Self {
        Self { group, ..self }
    }

    /// Sets the part of a book that it asks.
    const fn asking(self, content: &'static str) -> Self {
        Self { asks_of_book: Some(content), ..self }
    }

    /// The same for a command that asks something.
    const fn question(self) -> Self {
        Self { is_question: true, ..self }
    }

    /// Sets the example, and a part of its answer.
    const fn with_example(self, example: &'static str, answer: &'static str) -> Self {
        Self { example, answer, ..self }
    }
}

/// The command of a line and its arguments, also as another shell writes it. A command may be shortened as long as it stays the only one; an
/// argument with spaces is quoted by `'` or `"`.
///
/// # Errors
/// No such command, one of another shell that is none here, a name short for several, a quote that is not closed.
pub fn parse_command(line: &str) -> Result<(Command, Vec<String>), Error> {
    if line.trim_end().contains('\n') {
        let help = "what follows it is asked by another `-c`, or stands on a line of its own in a file";
        return Err(usage_error("a command is one line", help));
    }
    let translated = habits::translated(line)?;
    let mut words = split_arguments(translated.as_deref().unwrap_or(line))?.into_iter();
    let name = words.next().unwrap_or_default();
    let command = find_command(name.trim_end_matches(';'))?.command;
    Ok((command, without_semicolon(command, words.collect())))
}

/// The arguments of a command without the `;` that ends SQL, unless they are a text of their own.
fn without_semicolon(command: Command, mut words: Vec<String>) -> Vec<String> {
    if !matches!(command, Command::Print | Command::Parameter | Command::Set("nullvalue"))
        && let Some(last) = words.pop()
    {
        words.extend(Some(last.trim_end_matches(';').to_owned()).filter(|word| !word.is_empty() || last.is_empty()));
    }
    words
}

/// The placeholder of a setting's value in help: `TEXT`.
pub fn value_placeholder(setting: &str) -> &'static str {
    let named = COMMANDS
        .iter()
        .find(|info| info.command == Command::Set(info.name.split_at(1).1) && info.name.ends_with(setting));
    named.map_or("TEXT", |info| info.arguments.trim_matches(['[', ']']))
}

/// The command of this name, or the only one that it is short for.
///
/// # Errors
/// No such command, or a name short for several.
pub(super) fn find_command(name: &str) -> Result<&'static CommandInfo, Error> {
    if let Some(exact) = COMMANDS.iter().find(|info| info.name == name) {
        return Ok(exact);
    }
    let mut candidates = COMMANDS.iter().filter(|info| name.len() > 1 && info.name.starts_with(name));
    match (candidates.next(), candidates.next()) {
        (Some(only), None) => Ok(only),
        (Some(first), Some(second)) => {
            let names: Vec<_> = [first, second].into_iter().chain(candidates).map(|info| info.name).collect();
            Err(usage_error(&format!("`{name}` is short for several commands"), &names.join(" or ")))
        }
        _ => {
            let help = did_you_mean(nearest(name, COMMANDS.iter().map(|info| info.name)).as_ref());
            let help = help.unwrap_or_else(|| "`.help` lists them".to_owned());
            Err(usage_error(&format!("there is no command `{name}`"), &help))
        }
    }
}

/// Splits a line into words as a shell does: text within `'` or `"` is one word.
///
/// # Errors
/// A quote that is not closed.
pub fn split_arguments(line: &str) -> Result<Vec<String>, Error> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = split_word(rest)?;
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

/// Splits off the first word of `rest`, without its quotes.
fn split_word(rest: &str) -> Result<(String, &str), Error> {
    let mut word = String::new();
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c.is_whitespace() => return Ok((word, &rest[at..])),
            None if matches!(c, '\'' | '"') => quote = Some(c),
            _ => word.push(c),
        }
    }
    match quote {
        None => Ok((word, "")),
        Some(open) => {
            Err(usage_error(&format!("the quote in `{rest}` is not closed"), &format!("end the argument with {open}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, parse_command};

    fn refused(line: &str) -> (String, Option<String>) {
        let report = parse_command(line).unwrap_err().report().unwrap();
        (report.message, report.help)
    }

    #[test]
    fn a_line_is_a_command_and_its_words() {
        assert_eq!(parse_command(".tables").unwrap(), (Command::Tables, vec![]));
        let words = vec!["a b".to_owned(), "--to".to_owned(), String::new(), "it's".to_owned()];
        assert_eq!(parse_command("  .run 'a b' --to \"\" \"it's\" ").unwrap(), (Command::Run, words));
    }

    #[test]
    fn a_semicolon_ends_a_command_as_it_ends_sql() {
        assert_eq!(parse_command(".mode csv;").unwrap().1, ["csv"]);
        assert_eq!(parse_command(".tables ;").unwrap().1, [""; 0]);
        assert_eq!(parse_command(".tables;").unwrap(), (Command::Tables, vec![]));
        assert_eq!(parse_command(".print a;").unwrap().1, ["a;"]);
    }

    #[test]
    fn a_name_may_be_shortened_while_it_is_the_only_one() {
        assert_eq!(parse_command(".tab x").unwrap().0, Command::Tables);
        assert_eq!(parse_command(".ex").unwrap().0, Command::Quit);
    }

    #[test]
    fn a_line_of_another_shell_is_a_command() {
        assert_eq!(parse_command("\\d pledges").unwrap(), (Command::Schema, vec!["pledges".to_owned()]));
        assert_eq!(parse_command("exit;").unwrap(), (Command::Quit, vec![]));
    }

    #[test]
    fn a_wrong_name_is_answered_by_a_near_one() {
        let help = Some("did you mean `.tables`?".to_owned());
        assert_eq!(refused(".tabels"), ("there is no command `.tabels`".to_owned(), help));
        assert_eq!(refused("."), ("there is no command `.`".to_owned(), Some("`.help` lists them".to_owned())));
    }

    #[test]
    fn an_open_quote_is_an_error() {
        assert_eq!(refused(".run 'a").0, "the quote in `'a` is not closed");
    }
}
