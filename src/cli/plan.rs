//! What the command line decides: which book, what to ask of it in which order, how results look and where they go.

use super::arguments::{Action, Arguments, Asked, Errors, Notes, Typed};
use super::config::{self, Wanted};
use crate::error::{Error, Limit, UsageError, wrong};
use crate::session::{NoteLevel, Session, Settings};
use crate::store::Limits;
use crate::table::Format;
use crate::terminal::{self, ErrorStyle, Progress, Screen, Watchdog};
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
    /// The number of the only result that is written, from 1.
    pub(super) result: Option<usize>,
    /// Whether notices are left out.
    pub(super) is_quiet: bool,
    /// How errors are written.
    pub(super) errors: Errors,
    /// How much memory the program holds.
    pub(super) held_bytes: fn() -> usize,
}

impl Plan {
    /// Where notices go.
    pub(super) fn notices(&self) -> Box<dyn Write> {
        if self.is_quiet { Box::new(io::sink()) } else { Box::new(terminal::notices()) }
    }

    /// Watches work, and says how it goes on, as long as what this hands over is kept.
    pub(super) fn watch(&self, session: &Session) -> (Option<Progress>, Watchdog) {
        let progress = if self.is_quiet { None } else { Progress::begin(session.book().stop()) };
        (progress, self.keep_to(session, session.settings.limits))
    }

    /// Asks of a session what nobody has entered, as the names that Tab completes. The views of a file could be endless, so
    /// that it ends after a second, with whatever it has got until then.
    pub(super) fn briefly<T>(&self, session: &Session, ask: impl FnOnce(&Session) -> T) -> T {
        let limits = session.settings.limits.with(Limit::Time, 1);
        let watch = self.keep_to(session, limits);
        let got = ask(session);
        drop(watch);
        session.book().stop().clear();
        got
    }

    fn keep_to(&self, session: &Session, limits: Limits) -> Watchdog {
        let color = Screen::detect(session.settings.color).error_color;
        let how = ErrorStyle { color, as_json: self.errors == Errors::Json };
        Watchdog::begin(session.book().stop(), limits, self.held_bytes, how)
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
    /// Figures to check.
    Check(Vec<String>),
    /// The completions of a shell.
    Completions(clap_complete::Shell),
    /// The manual page.
    Man,
    /// A config file that documents every setting.
    Config,
    /// The JSON Schema of the output.
    JsonSchema,
    /// The examples of these scripts, of all where none is named.
    Test(Vec<String>),
    /// What a name stands for; the help of the program where none is given.
    Help(Option<String>),
}

impl Task {
    /// Whether it answers with results, to standard output or a file.
    fn gives_results(&self) -> bool {
        matches!(self, Task::Input | Task::Asked(_) | Task::Script(..) | Task::Check(_))
    }
}

/// Whether a result may be asked for by `last` or `_`, as far as it is known what will be asked.
fn may_ask_again(task: &Task) -> bool {
    let names_last = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| matches!(word, "_" | "last" | "LAST" | "Last" | "why"))
    };
    match task {
        Task::Prompt | Task::Input => true,
        Task::Asked(asked) => asked.iter().any(|asked| match asked {
            Asked::Command(text) => names_last(text),
            Asked::File(_) => true,
        }),
        _ => false,
    }
}

/// A file for results.
#[derive(Debug)]
pub(super) struct Destination {
    pub(super) path: PathBuf,
    /// Whether one that exists is written over.
    pub(super) force: bool,
    /// Whether its ending alone tells its format: a page is one, and not the bare table that a format asks for by name.
    pub(super) is_by_ending: bool,
}

/// Decides.
///
/// # Errors
/// An output file whose ending names no format; `-c` beside a script to run, or another option that makes no sense for the task;
/// a config file that can't be taken.
pub(super) fn decide(typed: Typed, held_bytes: fn() -> usize) -> Result<Plan, Error> {
    let is_interactive = typed.screen().is_interactive && typed.arguments.output.is_none();
    let Typed { arguments, asked } = typed;
    let mut settings = Settings::default();
    let (action, output) = (arguments.action.clone(), arguments.output.clone());
    let task = task(action, asked, is_interactive)?;
    match task {
        _ if arguments.sandbox => {}
        Task::Prompt => config::apply(&mut settings, Wanted::All)?,
        _ => config::apply(&mut settings, Wanted::Limits)?,
    }
    let is_by_ending = choose(&mut settings, &arguments)?;
    let screen = Screen::detect(settings.color);
    if arguments.book.is_some() && arguments.db.is_some() {
        return Err(wrong("two books are named", "name one, as `FILE` or `--db FILE`"));
    }
    let book = arguments.book.or(arguments.db);
    if arguments.result.is_some() && !task.gives_results() {
        return Err(wrong(
            "`--result` chooses among the results of an answer",
            "give it beside `-c`, `-f`, `run` or a pipe",
        ));
    }
    if matches!(task, Task::Test(_)) && !arguments.assume.is_empty() {
        return Err(wrong(
            "examples say what scripts answer where nothing is supposed",
            "leave out `--assume`; beside `run` it shows what a script answers with it",
        ));
    }
    if let Some(output) = &output {
        refuse_input(output, book.as_deref(), &task)?;
    }
    settings.use_color = screen.color && output.is_none() && !settings.is_sandboxed;
    settings.to_terminal = screen.is_output && output.is_none();
    settings.width = terminal::width().filter(|_| output.is_none());
    // Rows for a machine are kept only where they may be asked for again.
    settings.keep_last = !settings.format.is_for_machines() || may_ask_again(&task);
    Ok(Plan {
        book,
        task,
        settings,
        assume: arguments.assume,
        destination: output.map(|path| Destination { path, force: arguments.force, is_by_ending }),
        result: arguments.result,
        is_quiet: arguments.quiet,
        errors: arguments.errors,
        held_bytes,
    })
}

/// What the options choose, above what stands in the settings; whether the format is that of a file's ending.
fn choose(settings: &mut Settings, arguments: &Arguments) -> Result<bool, Error> {
    let named = match arguments.format {
        _ if arguments.csv => Some(Format::Csv),
        _ if arguments.json => Some(Format::Json),
        _ if arguments.markdown => Some(Format::Markdown),
        format => format,
    };
    settings.format = match (named, &arguments.output) {
        (Some(format), _) => format,
        (None, Some(path)) => format_of(path)?,
        (None, None) => settings.format,
    };
    settings.notes = match arguments.notes {
        Some(Notes::Brief) => NoteLevel::Brief,
        Some(Notes::Full) => NoteLevel::Full,
        Some(Notes::None) => NoteLevel::None,
        None => settings.notes,
    };
    settings.is_sandboxed = arguments.sandbox;
    if arguments.sandbox {
        settings.limits = Limits::SANDBOX;
        "off".clone_into(&mut settings.pager);
    }
    settings.limits = arguments.limits.above(settings.limits);
    settings.header &= !arguments.no_header;
    settings.csv_safe = arguments.csv_safe;
    settings.color = arguments.color.unwrap_or(settings.color);
    settings.rows = arguments.rows.unwrap_or(settings.rows);
    if let Some(text) = &arguments.null {
        settings.null_text = Some(text.clone());
    }
    Ok(named.is_none() && arguments.output.is_some())
}

/// What is asked; a person at a terminal is prompted where nothing is.
fn task(action: Option<Action>, asked: Vec<Asked>, prompts: bool) -> Result<Task, Error> {
    Ok(match (action, asked) {
        (Some(_), asked) if !asked.is_empty() => {
            return Err(wrong("`-c` and `-f` ask something of their own", "leave them out beside `run` and `scripts`"));
        }
        (Some(Action::Run { script, words }), _) => Task::Script(script, words),
        (Some(Action::Scripts), _) => Task::Scripts,
        (Some(Action::Check { figure }), _) => Task::Check(figure),
        (Some(Action::Completions { shell }), _) => Task::Completions(shell),
        (Some(Action::Man), _) => Task::Man,
        (Some(Action::Config), _) => Task::Config,
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
        | Task::Config
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
