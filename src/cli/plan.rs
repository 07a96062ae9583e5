//! What the command line decides: which book, what to ask of it in which order, how results look and where they go.

use super::arguments::{Action, Asked, Errors, Notes, Typed};
use crate::error::{Error, UsageError, wrong};
use crate::session::{Depth, Settings};
use crate::table::Format;
use crate::terminal::{self, Screen};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Everything that is needed to begin.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) book: Option<PathBuf>,
    pub(super) task: Task,
    pub(super) settings: Settings,
    /// What is supposed from the beginning.
    pub(super) assume: Vec<String>,
    pub(super) destination: Option<Destination>,
    pub(super) screen: Screen,
    /// Whether notices are left out.
    pub(super) is_quiet: bool,
    /// How errors are written.
    pub(super) errors: Errors,
}

impl Plan {
    /// Where notices go.
    pub(super) fn notices(&self) -> Box<dyn Write> {
        if self.is_quiet { Box::new(io::sink()) } else { Box::new(terminal::remarks()) }
    }
}

/// What is asked.
#[derive(Debug)]
pub(super) enum Task {
    /// A person at a terminal.
    Prompt,
    /// Standard input, as at the prompt.
    Input,
    /// Texts and files in order.
    Asked(Vec<Asked>),
    /// A saved script with the words behind its name.
    Script(String, Vec<String>),
    /// The list of scripts.
    Scripts,
    /// A figure to check.
    Check(String),
    /// The completions of a shell.
    Completions(clap_complete::Shell),
    /// The manual page.
    Man,
    /// The JSON Schema of the output.
    JsonSchema,
    /// The examples of these scripts, of all where none is named.
    Test(Vec<String>),
    /// What a name stands for; the help of the program where none is given.
    Help(Option<String>),
}

/// A file for results.
#[derive(Debug)]
pub(super) struct Destination {
    pub(super) path: PathBuf,
    /// Whether one that exists is written over.
    pub(super) force: bool,
}

/// Decides.
///
/// # Errors
/// An output file whose ending names no format; `-c` beside a script to run.
pub(super) fn decide(typed: Typed) -> Result<Plan, Error> {
    let screen = typed.screen();
    let arguments = typed.arguments;
    let format = match (arguments.format, arguments.csv, arguments.json, arguments.markdown) {
        (Some(format), ..) => Some(format),
        (None, true, ..) => Some(Format::Csv),
        (None, _, true, _) => Some(Format::Json),
        (None, _, _, true) => Some(Format::Markdown),
        _ => None,
    };
    let format = match (format, &arguments.output) {
        (Some(format), _) => format,
        (None, Some(path)) => format_of(path)?,
        (None, None) => Format::Table,
    };
    let prompts = screen.is_interactive && arguments.output.is_none();
    let task = task(arguments.action, typed.asked, prompts)?;
    if arguments.book.is_some() && arguments.db.is_some() {
        return Err(wrong("two books are named", "name one, as `FILE` or `--db FILE`"));
    }
    let book = arguments.book.or(arguments.db);
    if let Some(output) = &arguments.output {
        refuse_input(output, book.as_deref(), &task)?;
    }
    let settings = Settings {
        format,
        notes: match arguments.notes {
            Notes::Brief => Depth::Brief,
            Notes::Full => Depth::Full,
            Notes::None => Depth::None,
        },
        header: !arguments.no_header,
        null_text: arguments.null,
        color: screen.color && arguments.output.is_none(),
        timer: false,
        width: terminal::width().filter(|_| arguments.output.is_none()),
        // A million rows for a machine are not kept; what a person asked for is.
        keeps_last: !format.is_for_machines(),
    };
    Ok(Plan {
        book,
        task,
        settings,
        assume: arguments.assume,
        destination: arguments.output.map(|path| Destination { path, force: arguments.force }),
        screen,
        is_quiet: arguments.quiet,
        errors: arguments.errors,
    })
}

/// What is asked; a person at a terminal is prompted where nothing is.
fn task(action: Option<Action>, asked: Vec<Asked>, prompts: bool) -> Result<Task, Error> {
    Ok(match (action, asked) {
        (Some(_), asked) if !asked.is_empty() => {
            return Err(wrong("`-c` and `-f` ask something of their own", "leave them out beside `run` and `scripts`"));
        }
        (Some(Action::Run { script, words }), _) => Task::Script(script, words),
        (Some(Action::Scripts), _) => Task::Scripts,
        (Some(Action::Check { figure }), _) => Task::Check(figure.join(" ")),
        (Some(Action::Completions { shell }), _) => Task::Completions(shell),
        (Some(Action::Man), _) => Task::Man,
        (Some(Action::JsonSchema), _) => Task::JsonSchema,
        (Some(Action::Test { scripts }), _) => Task::Test(scripts),
        (Some(Action::Help { name }), _) => Task::Help(name),
        (None, asked) if !asked.is_empty() => Task::Asked(asked),
        (None, _) if prompts => Task::Prompt,
        (None, _) => Task::Input,
    })
}

/// An answer may not be written over what it is an answer to.
fn refuse_input(output: &Path, book: Option<&Path>, task: &Task) -> Result<(), Error> {
    let mut inputs: Vec<&Path> = book.into_iter().collect();
    match task {
        Task::Script(script, _) => inputs.push(Path::new(script)),
        Task::Asked(asked) => inputs.extend(asked.iter().filter_map(|asked| match asked {
            Asked::File(path) => Some(path.as_path()),
            Asked::Command(_) => None,
        })),
        Task::Prompt
        | Task::Input
        | Task::Scripts
        | Task::Completions(_)
        | Task::Man
        | Task::JsonSchema
        | Task::Check(_)
        | Task::Test(_)
        | Task::Help(_) => {}
    }
    let whole = |path: &Path| path.canonicalize().ok();
    let is_input =
        whole(output).is_some_and(|output| inputs.iter().any(|input| whole(input).as_ref() == Some(&output)));
    if is_input {
        Err(wrong("the answer would be written over what is asked", "name another file after `-o`"))
    } else {
        Ok(())
    }
}

fn format_of(path: &Path) -> Result<Format, Error> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let format = extension.and_then(Format::of_extension);
    format.ok_or_else(|| UsageError::NoFormat { path: path.display().to_string() }.into())
}
