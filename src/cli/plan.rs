//! The decisions that follow from the command line: the book, the task, the look of results and their place.

use super::arguments::{Action, Cli, CommandLine, Errors, Input, Switched};
use super::at_once::{self, AskedTable};
use super::attachment::{self, Attachment};
use super::book_diff::compared_books;
use super::config::{self, SettingsScope};
use super::endings::{ending, is_text_file};
use super::output_file::OutputFile;
use super::server_address;
use crate::error::{Error, Limit, StoreCause, StoreError, usage_error};
use crate::quantity::Digits;
use crate::session::{Session, Settings};
use crate::store::{self, Limits, SharedBook, Stop};
use crate::table::Format;
use crate::terminal::{self, ErrorStyle, Progress, Screen, Watchdog};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The decisions that a run begins with.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) book: Option<PathBuf>,
    /// The book that is asked, where it is on a server.
    pub(super) shared: Option<SharedBook>,
    /// The server that the book is pushed to.
    pub(super) pushed_to: Option<SharedBook>,
    /// The book that it is compared with.
    pub(super) older_book: Option<PathBuf>,
    /// True if tables of one's own in the book may be changed.
    pub(super) is_writing: bool,
    /// The tables that are asked at once.
    pub(super) tables: Vec<AskedTable>,
    /// The databases that are read beside the book.
    pub(super) attached: Vec<Attachment>,
    pub(super) task: Task,
    pub(super) settings: Settings,
    /// The assumptions of `--assume`.
    pub(super) assume: Vec<String>,
    pub(super) output_file: Option<OutputFile>,
    /// The file for the receipt of the answer.
    pub(super) receipt: Option<PathBuf>,
    /// True if what is there may be written over.
    pub(super) force: bool,
    /// The rows that are asked for of a long table; `None` for the usual number.
    pub(super) rows: Option<usize>,
    /// The number of the only result that is written, from 1.
    pub(super) result: Option<usize>,
    /// True if notices are omitted.
    pub(super) is_quiet: bool,
    /// The form of errors.
    pub(super) errors: Errors,
    /// Returns the memory that the process has allocated.
    pub(super) allocated_bytes: fn() -> usize,
}

impl Plan {
    /// Opens the book under these settings and assumptions; from now on Ctrl-C stops it.
    ///
    /// # Errors
    /// The book can't be opened, Ctrl-C can't be caught, or an assumption is none.
    pub(super) fn open_session(&self) -> Result<Session, Error> {
        if let (Some(book), false) = (&self.book, self.settings.is_sandboxed) {
            store::recover(book)?;
        }
        let mut session = match (self.tables.as_slice(), &self.shared) {
            (_, Some(shared)) => self.open_shared(shared)?,
            ([], None) => {
                let session = match self.book.as_deref().filter(|_| self.is_writing) {
                    Some(book) => Session::open_for_writing(book),
                    None => Session::open(self.book.as_deref()),
                };
                let session = session.map_err(maybe_text)?;
                Self::catch_interrupts(session.book().stop())?;
                session
            }
            (tables, None) => self.open_tables(tables).map_err(maybe_text)?,
        };
        session.settings = self.settings.clone();
        session.set_book_words(at_once::book_words(self.book.as_deref(), &self.tables));
        self.attached.iter().try_for_each(|attached| session.attach(&attached.name, &attached.file))?;
        self.assume.iter().try_for_each(|assumed| session.assume(assumed))?;
        Ok(session)
    }

    /// Opens a book on a server, within the limits of an answer.
    fn open_shared(&self, shared: &SharedBook) -> Result<Session, Error> {
        let stop = Stop::default();
        Self::catch_interrupts(&stop)?;
        let watch = self.watch_change(&stop);
        let session = Session::open_shared(shared, &stop);
        drop(watch);
        // The session sets its own, with the bounds of SQLite that follow from them.
        stop.set_limits(Limits::NONE);
        session
    }

    /// Opens a book in memory with tables that are asked at once, within the limits of an answer.
    fn open_tables(&self, tables: &[AskedTable]) -> Result<Session, Error> {
        let stop = Stop::default();
        Self::catch_interrupts(&stop)?;
        // SQLite's own bound on memory is that of the book in memory.
        stop.set_limits(self.settings.limits);
        let watch: &dyn Fn(&Stop) -> _ = &|stop| self.watch_change(stop);
        let ask = (self.is_asking(), watch);
        let done = at_once::open_session(self.book.as_deref(), tables, ask, &stop, &mut *self.notices());
        match done {
            // That of an import names the file.
            Err(error @ Error::Import(_)) => Err(error),
            _ if stop.is_raised() => Err(stop.cause()),
            done => done,
        }
    }

    /// Returns an error for an output file that is read: a book, a table that is asked, an attached database, an input.
    ///
    /// # Errors
    /// The file is one of them.
    pub(super) fn refuse_to_overwrite(&self, output: &Path, book: Option<&Path>) -> Result<(), Error> {
        let inputs = match &self.task {
            Task::Inputs(inputs) => inputs.as_slice(),
            Task::Prompt | Task::StandardInput | Task::Action(_) => &[],
        };
        let files = inputs.iter().filter_map(|input| match input {
            Input::File(path) => Some(path.as_path()),
            Input::Command(_) => None,
        });
        let scripts: Vec<&Path> = match &self.task {
            Task::Action(Action::Run { script, .. }) => vec![Path::new(script)],
            Task::Action(Action::Report { scripts, .. }) => scripts.iter().map(Path::new).collect(),
            _ => Vec::new(),
        };
        let checked: &[String] = match &self.task {
            Task::Action(Action::Check { figure, .. }) => figure,
            _ => &[],
        };
        let checked = checked.iter().filter(|argument| is_text_file(argument)).map(Path::new);
        let tables = self.tables.iter().map(|table| table.file.as_path());
        let attached = self.attached.iter().map(|attached| attached.file.as_path());
        let mut read = book.into_iter().chain(tables).chain(attached).chain(files).chain(scripts).chain(checked);
        let canonical = |path: &Path| path.canonicalize().ok();
        if canonical(output).is_some_and(|output| read.any(|read| canonical(read).as_ref() == Some(&output))) {
            return Err(usage_error("the answer would be written over what is asked", "name another file"));
        }
        Ok(())
    }

    /// Refuses to write where nothing may be written, and to send the report of a change into a file of answers.
    ///
    /// # Errors
    /// The run is sandboxed, or has a file for answers.
    pub(super) fn refuse_change(&self) -> Result<(), Error> {
        if self.settings.is_sandboxed {
            return Err(Error::Denied("changing a book"));
        }
        if self.output_file.is_some() {
            return Err(usage_error(
                "`-o` writes answers, and this is none",
                "`--json` prints the report for programs",
            ));
        }
        Ok(())
    }

    pub(super) fn notices(&self) -> Box<dyn Write> {
        if self.is_quiet { Box::new(io::sink()) } else { Box::new(terminal::notices()) }
    }

    /// Gives a notice of an option that has nothing to do in this run.
    pub(super) fn note_unused_options(&self) {
        let has_json = matches!(self.settings.format, Format::Json | Format::Jsonl);
        if self.settings.json_numbers && !has_json && self.task.gives_results() && !may_set_format(&self.task) {
            let name = self.settings.format.name();
            let notice = format!("`--json-numbers` is for JSON, and the format is {name}: write `--json` beside it");
            // A closed standard error is noticed where something else is written.
            let _ = writeln!(self.notices(), "notice: {notice}");
        }
    }

    /// Starts the watchdog and the progress line; they end when the returned values are dropped.
    pub(super) fn watch(&self, session: &Session) -> (Option<Progress>, Watchdog) {
        let progress = if self.is_quiet { None } else { Progress::begin(session.book().stop()) };
        (progress, self.start_watchdog(session.book().stop(), &session.settings))
    }

    /// True if a person is there to be asked.
    pub(super) fn is_asking(&self) -> bool {
        let is_text = self.settings.format != Format::Json && self.errors == Errors::Text;
        is_text && Screen::detect(self.settings.color).is_interactive
    }

    /// Makes Ctrl-C end a change of a book.
    ///
    /// # Errors
    /// Ctrl-C can't be caught.
    pub(super) fn catch_interrupts(stop: &Stop) -> Result<(), Error> {
        terminal::install_signal_handlers(stop)
            .map_err(|error| Error::Fault(format!("can't watch for Ctrl-C: {error}")))
    }

    /// Watches a change of a book: the limits and the progress line.
    pub(super) fn watch_change(&self, stop: &Stop) -> (Option<Progress>, Watchdog) {
        stop.set_limits(self.settings.limits);
        let progress = if self.is_quiet { None } else { Progress::begin(stop) };
        (progress, self.start_watchdog(stop, &self.settings))
    }

    /// Calls `work` under a time limit of one second, for work that nobody has entered, as the names for completion: the
    /// views of a file could be endless. It returns the part that was done in that time.
    pub(super) fn with_short_limit<T>(&self, session: &Session, work: impl FnOnce(&Session) -> T) -> T {
        let limits = session.settings.limits.with(Limit::Time, 1);
        let watch = self.start_watchdog(session.book().stop(), &Settings { limits, ..session.settings.clone() });
        let done = work(session);
        drop(watch);
        session.book().stop().clear();
        done
    }

    /// Starts the watchdog over work that a stop flag ends.
    pub(super) fn start_watchdog(&self, stop: &Stop, settings: &Settings) -> Watchdog {
        let color = Screen::detect(settings.color).error_color;
        let reporting = ErrorStyle { color, as_json: self.errors == Errors::Json };
        Watchdog::begin(stop, settings.limits, self.allocated_bytes, reporting)
    }
}

/// The error of a book that is missing, where its name may be meant as a text to ask, as `F29`.
fn maybe_text(error: Error) -> Error {
    let Error::Store(StoreError { path, cause: StoreCause::NotFound { near: None } }) = &error else { return error };
    let word = path.to_string_lossy().into_owned();
    let is_text = word.chars().all(|c| c.is_alphanumeric() || c == '_' || "/*+-".contains(c)) && !word.starts_with('/');
    match error.report().and_then(|report| report.help) {
        Some(help) if is_text => {
            let cause = StoreCause::Missing(format!("{help}; `-c {word}` asks a text that has no blank"));
            StoreError { path: path.clone(), cause }.into()
        }
        _ => error,
    }
}

/// The task of a run.
#[derive(Debug)]
pub(super) enum Task {
    /// A person at a terminal.
    Prompt,
    /// Standard input, as at the prompt.
    StandardInput,
    /// Texts and files in order.
    Inputs(Vec<Input>),
    /// A subcommand.
    Action(Action),
}

impl Task {
    /// True if the task asks questions in SQL or scripts.
    fn asks_in_sql(&self) -> bool {
        match self {
            Task::Prompt | Task::StandardInput | Task::Inputs(_) => true,
            Task::Action(action) => {
                matches!(
                    action,
                    Action::Run { .. }
                        | Action::Report { .. }
                        | Action::Help { .. }
                        | Action::Test { .. }
                        | Action::Verify { .. }
                )
            }
        }
    }

    /// True if the task has results, for standard output or a file.
    fn gives_results(&self) -> bool {
        match self {
            Task::StandardInput | Task::Inputs(_) => true,
            Task::Action(action) => matches!(
                action,
                Action::Run { .. } | Action::Check { .. } | Action::Diff { .. } | Action::Verify { .. }
            ),
            Task::Prompt => false,
        }
    }
}

/// Returns true if an entry may refer to a result by `last` or `_`, as far as the entries are known.
fn may_use_last_result(task: &Task) -> bool {
    let names_last = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| matches!(word, "_" | "last" | "LAST" | "Last" | "why"))
    };
    match task {
        Task::Prompt | Task::StandardInput => true,
        Task::Inputs(inputs) => inputs.iter().any(|input| match input {
            Input::Command(text) => names_last(text),
            Input::File(_) => true,
        }),
        Task::Action(_) => false,
    }
}

/// Returns true if an entry may choose another format by `.mode`, as far as the entries are known.
fn may_set_format(task: &Task) -> bool {
    match task {
        Task::Prompt | Task::StandardInput => true,
        Task::Inputs(inputs) => inputs.iter().any(|input| match input {
            Input::Command(text) => text.contains(".mode") || text.contains(".read"),
            Input::File(path) => path.extension().is_none_or(|ending| ending != "sql" && ending != "rhai"),
        }),
        Task::Action(_) => false,
    }
}

/// Refuses what only a file can be or do, where none is named.
fn refuse_without_output(format: Format, force: bool, task: &Task) -> Result<(), Error> {
    if format.is_only_a_file() {
        return Err(usage_error("a workbook is a file and no text", "name it by `-o FILE.xlsx`"));
    }
    let writes = matches!(task, Task::Action(Action::Export { .. } | Action::Pull { .. } | Action::Push { .. }));
    if force && !writes {
        return Err(usage_error("`--force` lets a file be written over", "give it beside `-o FILE` or `export`"));
    }
    Ok(())
}

/// Refuses `--receipt` where there is not one question that only reads.
///
/// # Errors
/// There is none, or more than one; it may change the book.
fn refuse_receipt(cli: &Cli, task: &Task) -> Result<(), Error> {
    if cli.receipt.is_none() {
        return Ok(());
    }
    if cli.write {
        return Err(usage_error("a receipt is of a question, and `--write` lets one change the book", "leave one out"));
    }
    match task {
        Task::Action(Action::Run { .. }) => Ok(()),
        Task::Action(Action::Check { figure, text })
            if text.len() == 1 || figure.iter().any(|one| is_text_file(one)) =>
        {
            Ok(())
        }
        Task::Inputs(inputs) if inputs.len() == 1 => Ok(()),
        Task::Prompt | Task::StandardInput | Task::Inputs(_) | Task::Action(_) => Err(usage_error(
            "a receipt is of one question",
            "give it beside `run`, one `-c`, one `-f`, or `check FILE`",
        )),
    }
}

/// Refuses assumptions where examples are tested.
fn refuse_assumptions(cli: &Cli, task: &Task) -> Result<(), Error> {
    if matches!(task, Task::Action(Action::Test { .. })) && !cli.assume.is_empty() {
        return Err(usage_error(
            "examples say what scripts answer where nothing is supposed",
            "leave out `--assume`; beside `run` it shows what a script answers with it",
        ));
    }
    Ok(())
}

/// Makes the plan that follows from a command line, the config file and the environment.
///
/// # Errors
/// An output file whose ending names no format; `-c` beside a script to run, or another option that makes no sense for
/// the task; a config file that can't be read.
pub(super) fn resolve(command_line: CommandLine, allocated_bytes: fn() -> usize) -> Result<Plan, Error> {
    let is_interactive = command_line.screen().is_interactive && command_line.cli.output.is_none();
    let CommandLine { cli, inputs, table_options } = command_line;
    let mut settings = Settings::default();
    let (action, output) = (cli.action.clone(), cli.output.clone());
    let task = task(action, inputs, is_interactive)?;
    match task {
        _ if cli.sandbox => {}
        Task::Prompt => config::apply(&mut settings, SettingsScope::All)?,
        _ => config::apply(&mut settings, SettingsScope::Limits)?,
    }
    let is_by_ending = apply_options(&mut settings, &cli)?;
    let screen = Screen::detect(settings.color);
    let [older_book, book] = books(&cli, &task)?;
    let Places { book, shared, pushed_to } = Places::of(book, &cli, &task, settings.is_sandboxed)?;
    if cli.result.is_some() && !task.gives_results() {
        return Err(usage_error(
            "`--result` chooses among the results of an answer",
            "give it beside `-c`, `-f`, `run` or a pipe",
        ));
    }
    refuse_assumptions(&cli, &task)?;
    refuse_receipt(&cli, &task)?;
    let tables =
        cli.table.iter().zip(&table_options).map(|(text, (options, words))| AskedTable::new(text, options, words));
    let tables = tables.collect::<Result<Vec<_>, Error>>()?;
    refuse_place(&cli, &task, book.is_some(), !tables.is_empty())?;
    let attached = attachment::read(&cli.attach, cli.sandbox, task.asks_in_sql())?;
    if output.is_none() {
        refuse_without_output(settings.format, cli.force && cli.receipt.is_none(), &task)?;
    }
    settings.use_color = screen.color && output.is_none() && !settings.is_sandboxed;
    settings.to_terminal = screen.is_output && output.is_none();
    settings.width = terminal::width().filter(|_| output.is_none());
    // Rows in a machine format are kept only if an entry may refer to them.
    settings.keep_last = !settings.format.is_for_machines() || may_use_last_result(&task);
    let plan = Plan {
        book,
        shared,
        pushed_to,
        older_book,
        is_writing: cli.write,
        tables,
        attached,
        task,
        settings,
        assume: cli.assume,
        output_file: output.map(|path| OutputFile { path, force: cli.force, is_by_ending, command: None }),
        receipt: cli.receipt,
        force: cli.force,
        rows: cli.rows,
        result: cli.result,
        is_quiet: cli.quiet,
        errors: cli.errors,
        allocated_bytes,
    };
    let written = plan.output_file.iter().map(|output| &output.path).chain(&plan.receipt);
    written.into_iter().try_for_each(|path| plan.refuse_to_overwrite(path, plan.book.as_deref()))?;
    Ok(plan)
}

/// The book of a run, in a file or on a server, and the server that it is pushed to.
struct Places {
    book: Option<PathBuf>,
    shared: Option<SharedBook>,
    pushed_to: Option<SharedBook>,
}

impl Places {
    fn of(book: Option<PathBuf>, cli: &Cli, task: &Task, is_sandboxed: bool) -> Result<Self, Error> {
        let shared = book.as_deref().filter(|book| server_address::is_shared(book));
        let shared =
            shared.map(|address| server_address::shared_book(address.as_os_str(), cli, is_sandboxed)).transpose()?;
        match &shared {
            Some(_) => {
                let action = if let Task::Action(action) = task { Some(action) } else { None };
                server_address::refuse_task(cli, action, !cli.table.is_empty())?;
            }
            None => server_address::refuse_unused(cli)?,
        }
        let pushed_to = match task {
            Task::Action(Action::Push { address, .. }) => {
                Some(server_address::shared_book(address.as_ref(), cli, is_sandboxed)?)
            }
            _ => None,
        };
        let book = book.filter(|_| shared.is_none());
        Ok(Self { book, shared, pushed_to })
    }
}

/// The seconds that a call of a tool may take.
const SERVING_SECONDS: u64 = 10;

/// The book that is compared with another one, and the book that is asked.
fn books(cli: &Cli, task: &Task) -> Result<[Option<PathBuf>; 2], Error> {
    if cli.book.is_some() && cli.db.is_some() {
        return Err(usage_error("two books are named", "name one, as `FILE` or `--db FILE`"));
    }
    let named = cli.book.clone().or_else(|| cli.db.clone());
    let compared = match task {
        Task::Action(action) => compared_books(action, named.is_some())?,
        _ => None,
    };
    let book = named.or_else(server_address::book_of_environment);
    Ok(compared.map_or([None, book], |books| books.map(Some)))
}

/// Applies the options to the settings; returns true if the format is that of the output file's ending.
fn apply_options(settings: &mut Settings, cli: &Cli) -> Result<bool, Error> {
    let named = match cli.format {
        _ if cli.csv => Some(Format::Csv),
        _ if cli.json => Some(Format::Json),
        _ if cli.markdown => Some(Format::Markdown),
        format => format,
    };
    settings.format = match (named, &cli.output) {
        (Some(format), _) => format,
        (None, Some(path)) => format_of(path)?,
        (None, None) => settings.format,
    };
    settings.notes = cli.notes.unwrap_or(settings.notes);
    let is_serving = matches!(cli.action, Some(Action::ServeMcp));
    settings.is_sandboxed = cli.sandbox || is_serving;
    if settings.is_sandboxed {
        // A whole text is checked in a call.
        let time = if is_serving { SERVING_SECONDS } else { Limits::SANDBOX.most(Limit::Time) };
        settings.limits = Limits::SANDBOX.with(Limit::Time, time);
        "off".clone_into(&mut settings.pager);
    }
    settings.limits = cli.limits.apply_to(settings.limits);
    settings.header &= !cli.no_header;
    settings.csv_safe = cli.csv_safe;
    settings.bom = cli.bom;
    if cli.bom && !settings.format.takes_bom() {
        let message = format!("`--bom` is for csv and tsv, and the format is {}", settings.format.name());
        return Err(usage_error(&message, "write `--format csv`, or `-o FILE.csv`"));
    }
    settings.json_numbers |= cli.json_numbers;
    settings.echo_sql |= cli.echo_sql;
    settings.color = cli.color.unwrap_or(settings.color);
    settings.rows = cli.rows.unwrap_or(settings.rows);
    let Digits { scale, significant } = &mut settings.digits;
    *scale = cli.scale.map_or(*scale, |Switched(chosen)| chosen);
    *significant = cli.significant.map_or(*significant, |Switched(chosen)| chosen);
    if let Some(text) = &cli.null {
        settings.null_text.clone_from(text);
    }
    Ok(named.is_none() && cli.output.is_some())
}

/// The task that a command line names; without one, the prompt on a terminal and standard input elsewhere.
fn task(action: Option<Action>, inputs: Vec<Input>, prompts: bool) -> Result<Task, Error> {
    match action {
        Some(_) if !inputs.is_empty() => Err(usage_error(
            "a text or a file is asked beside a subcommand",
            "leave out the text, `-c` and `-f`, or the subcommand",
        )),
        Some(action) => Ok(Task::Action(action)),
        None if !inputs.is_empty() => Ok(Task::Inputs(inputs)),
        None if prompts => Ok(Task::Prompt),
        None => Ok(Task::StandardInput),
    }
}

/// Returns an error for a task that is about a book's file, beside tables that are asked in memory.
fn refuse_book_task(task: &Task) -> Result<(), Error> {
    use Action::{
        Check, CheckScript, Completions, Config, Help, JsonSchema, Man, Report, Run, Scripts, ServeMcp, Test, Verify,
    };
    let Task::Action(action) = task else { return Ok(()) };
    if matches!(
        action,
        Run { .. }
            | Report { .. }
            | Scripts
            | Check { .. }
            | CheckScript { .. }
            | Completions { .. }
            | Man
            | Config
            | JsonSchema
            | Test { .. }
            | Help { .. }
            | Verify { .. }
            | ServeMcp
    ) {
        return Ok(());
    }
    let help = "`pledgebook init mine.db` makes a book, and `pledgebook mine.db import FILE` adds a table to it";
    Err(usage_error("a table that is asked at once is in no book's file", help))
}

/// Returns an error for a task that is about a book's file, or `--write`, where there is no file of a book.
fn refuse_place(cli: &Cli, task: &Task, has_book: bool, has_tables: bool) -> Result<(), Error> {
    if has_tables {
        refuse_book_task(task)?;
    }
    if !cli.write {
        return Ok(());
    }
    let init =
        "`pledgebook init mine.db` makes a book of your own, and `pledgebook mine.db --write` changes its tables";
    match task {
        _ if cli.sandbox => Err(Error::Denied("--write")),
        Task::Action(_) => {
            let help = "leave it out: a script only reads, and `import` and `drop` need no leave";
            Err(usage_error("`--write` is for the prompt, `-c`, `-f` and standard input", help))
        }
        _ if has_tables => Err(usage_error("a table that is asked at once is in memory, and takes no changes", init)),
        _ if !has_book => Err(usage_error("the bundled book takes no changes", init)),
        _ => Ok(()),
    }
}

/// The format of a file, by the ending of its name.
///
/// # Errors
/// No format has the ending.
pub(super) fn format_of(path: &Path) -> Result<Format, Error> {
    ending(path.as_os_str()).as_deref().and_then(Format::of_extension).ok_or_else(|| {
        let endings: Vec<String> = Format::extensions().map(|ending| format!(".{ending}")).collect();
        let message = format!("can't tell a format from the name `{}`", path.display());
        usage_error(&message, &format!("end it in {}, or say `--format`", endings.join(", ")))
    })
}
