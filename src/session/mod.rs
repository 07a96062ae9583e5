//! A session: one book, one interpreter, and every way to ask. The prompt, `-c`, `-f`, `run` and the tests all go
//! through [`Session::eval`]. It prints nothing itself: results go to the output that the caller passes in.
//!
//! Reading order: this file; `last_result`, `settings` and `output`; `provenance`, with `citation` for the line to cite and
//! `notes` for what stands under a result; `page` for answers as one page; `what_if`; `example`; `check` for figures; `commands`, and of them `why`, `search`, `help` (with
//! `language`), `parameter`, `copy` and `save`; `bare_name` for what people type that is neither language's.

mod addends;
mod bare_name;
mod book_diff;
mod check;
mod citation;
mod cite;
mod commands;
mod copy;
mod correction_page;
mod described;
mod diff;
mod example;
mod fact_state;
mod header_page;
mod help;
mod import_page;
mod language;
mod last_result;
mod locator;
mod named_ids;
mod notes;
mod output;
mod package;
mod page;
mod parameter;
mod part_diff;
mod plain_sources;
mod provenance;
mod receipt;
mod save;
mod search;
mod settings;
mod table_diff;
mod what_if;
mod why;

use crate::error::{Error, ScriptCause, SqlCause, SqlError, usage_error};
use crate::script::library::{self, Script};
use crate::script::{Interpreter, ScriptLocation, Symbol, check_defaults};
use crate::sql::{self, Author, Cell, Layout, NoParameters, Output};
use crate::store::{Book, Origin, SharedBook, Stop, WhatIf, open, open_for_writing, open_shared, quote_identifier};
use crate::syntax::sql as lex;
use crate::syntax::{Text, shell_word};
use crate::terminal::{self, COMMANDS, Command, Flow, Language, classify};
use last_result::LastResult;
use output::CaptureSink;
use save::{Journal, JournalEntry};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

pub use crate::terminal::NoteLevel;
pub use check::Article;
pub use cite::CitationForm;
pub use help::{Topic, script_help};
pub use output::SharedBuffer;
pub use page::PageRecord;
pub use receipt::{Asked, Given, Receipt, Recorder, read_receipts};
pub use settings::{SETTINGS, Setting, Settings};

/// An open book and the state of a session with it.
pub struct Session {
    book: Rc<Book>,
    /// Made at the first script: a question in SQL alone needs none.
    interpreter: Option<Interpreter>,
    /// The settings: format, limits and behaviour of the prompt.
    pub settings: Settings,
    last: LastResult,
    /// The entries so far, for `.save`.
    journal: Journal,
    /// The assumptions in force, in the order in which they were made.
    supposed: Vec<WhatIf>,
    /// The assumptions that were made, each with its value as it was given.
    assumed_texts: Vec<(WhatIf, Option<String>)>,
    /// True if the newest entry has changed the book's file.
    has_written: bool,
    /// The record of a page, where the answers are to be one.
    page_record: Option<PageRecord>,
    /// The words of a command line that name the book, without the places of its files; empty for the bundled one.
    book_words: String,
}

impl Session {
    /// Opens the bundled book, or the file at `path`.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        Ok(Self::begin(open(path)?))
    }

    /// Opens a shared book. `stop` ends the work of opening it, and the work of the session.
    ///
    /// # Errors
    /// As [`open_shared`].
    pub fn open_shared(shared: &SharedBook, stop: &Stop) -> Result<Self, Error> {
        Ok(Self::begin(open_shared(shared, stop)?))
    }

    /// Opens a book of one's own, whose own tables entries of SQL may change.
    ///
    /// # Errors
    /// As [`open_for_writing`].
    pub fn open_for_writing(path: &Path) -> Result<Self, Error> {
        Ok(Self::begin(open_for_writing(path)?))
    }

    /// A session of another book, that of a file or the bundled one, with the settings of this one, what is attached to it,
    /// and nothing else of it.
    ///
    /// # Errors
    /// As [`open`], and as [`Book::attach`].
    pub fn open_other(&self, path: Option<&Path>) -> Result<Self, Error> {
        let other = Self { settings: self.settings.clone(), ..Self::begin(self.book.open_other(path)?) };
        self.book.attached().iter().try_for_each(|attached| other.attach(&attached.name, &attached.path))?;
        Ok(other)
    }

    /// The name of the book, for people.
    pub fn book_name(&self) -> String {
        commands::book_name(&self.book)
    }

    /// The access to the book, for people.
    pub fn access(&self) -> &'static str {
        commands::access(&self.book)
    }

    /// A new session of the same book.
    fn open_again(&self) -> Result<Self, Error> {
        Ok(Self::begin(self.book.open_again()?))
    }

    /// Attaches a database for reading, under a name.
    ///
    /// # Errors
    /// As [`Book::attach`].
    pub fn attach(&self, name: &str, path: &Path) -> Result<(), Error> {
        self.book.attach(name, path)
    }

    /// A session of an open book.
    pub fn begin(book: Book) -> Self {
        let book = Rc::new(book);
        Self {
            last: LastResult::new(&book),
            book,
            interpreter: None,
            settings: Settings::default(),
            journal: Journal::default(),
            supposed: Vec::new(),
            assumed_texts: Vec::new(),
            has_written: false,
            page_record: None,
            book_words: String::new(),
        }
    }

    /// Notes the words of the command line that name the book.
    pub fn set_book_words(&mut self, words: String) {
        self.book_words = words;
    }

    /// The words that name the files of which a book in memory was made; none for any other.
    fn files_at_once(&self) -> String {
        if matches!(self.book.origin(), Origin::Memory(_)) { self.book_words.clone() } else { String::new() }
    }

    /// The words of a command line that name the book: its file, the tables that it was made of, or none.
    fn book_words(&self) -> String {
        match self.book.origin() {
            Origin::File(path) if self.book_words.is_empty() => {
                path.file_name().map_or_else(String::new, |name| shell_word(&name.to_string_lossy()))
            }
            _ => self.book_words.clone(),
        }
    }

    /// The book.
    pub fn book(&self) -> &Rc<Book> {
        &self.book
    }

    /// The help on a name: signature, meaning, example. `more` are topics of the caller's own.
    ///
    /// # Errors
    /// No topic has the name.
    pub fn help(&self, name: &str, more: Vec<Topic>) -> Result<String, Error> {
        help::help(&self.book, name, more)
    }

    /// The scripts of the library that work in the book, a line each, and what the others need.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn list_scripts(&self) -> Result<String, Error> {
        commands::scripts_text(&self.book)
    }

    /// Evaluates an entry. `language` is decided by the text where it is `None`, as at the prompt.
    ///
    /// # Errors
    /// Those of the entry; the session stays usable.
    pub fn eval(&mut self, text: &Text, language: Option<Language>, output: &Output) -> Result<Flow, Error> {
        let started = Instant::now();
        self.begin_work()?;
        output.begin_answer();
        let language = language.unwrap_or_else(|| classify(&text.whole, &|name| self.has_variable(name)));
        if let Some(record) = &self.page_record {
            record.begin_text(&text.whole, language, &self.supposed);
        }
        let answers_before = self.last.count();
        self.has_written = false;
        let done = match language {
            Language::Command => commands::run(self, text, output),
            Language::Sql => match described::statement_of_entry(text) {
                Some(statement) => statement.and_then(|statement| described::write(self, &statement, output)),
                None => self.eval_sql(text, output),
            }
            .map(|()| Flow::Continue),
            Language::Script => self.eval_script(text, output).map(|()| Flow::Continue),
        };
        if self.settings.timer && done.is_ok() && language != Language::Command {
            output.notice(&format!("{:.1} ms", started.elapsed().as_secs_f64() * 1_000.0))?;
        }
        let done = self.finish(done, output);
        if done.is_ok() {
            self.record_entry(text, language, self.last.count() > answers_before);
        }
        done
    }

    /// Adds an entry to the journal. A command that only shows the last answer again gives no other; what was written to the book is
    /// there for every question.
    fn record_entry(&mut self, text: &Text, language: Language, has_answered: bool) {
        if self.has_written && !has_answered {
            return;
        }
        let is_shown_again = || matches!(terminal::parse_command(&text.whole), Ok((Command::Last, _)));
        if language != Language::Command || (has_answered && !is_shown_again()) {
            self.journal.record(JournalEntry { text: text.whole.to_string(), language, has_answered });
        }
    }

    /// True if the newest entry has changed the book's file.
    #[must_use]
    pub fn has_written(&self) -> bool {
        self.has_written
    }

    /// Runs a saved script with its arguments.
    ///
    /// # Errors
    /// Wrong arguments, before anything runs; those of the script.
    pub fn run_script(&mut self, script: &Script, words: &[String], output: &Output) -> Result<(), Error> {
        self.run_with_modules(script, words, output).map(drop)
    }

    /// The same; the modules that the script imported, each with its text.
    ///
    /// # Errors
    /// As [`Session::run_script`].
    pub fn run_with_modules(
        &mut self,
        script: &Script,
        words: &[String],
        output: &Output,
    ) -> Result<Vec<(String, String)>, Error> {
        self.begin_work()?;
        output.begin_answer();
        if let Some(record) = &self.page_record {
            record.begin_script(script, words, &self.supposed);
        }
        library::check_needs(&script.header, &self.book)?;
        let values = library::argument_values(&script.header, words, &self.book)?;
        let stated = self.stated_metrics(script, &values)?;
        let mut interpreter = self.script_interpreter(script, &values)?;
        interpreter.set_stated_metrics(stated);
        let done = interpreter.eval(&script.text, output).map(|()| interpreter.modules());
        if let (Some(record), Ok(modules)) = (&self.page_record, &done) {
            record.note_modules(modules);
        }
        self.finish(done, output)
    }

    /// Runs a saved script under further assumptions, which end with it.
    ///
    /// # Errors
    /// An assumption that is none. Those of the script are the value, as of [`Session::run_script`].
    pub fn run_script_assuming(
        &mut self,
        assumed: &[String],
        script: &Script,
        words: &[String],
        output: &Output,
    ) -> Result<Result<(), Error>, Error> {
        let before = self.supposed.clone();
        let made = assumed.iter().try_for_each(|assumed| self.assume(assumed));
        let done = made.map(|()| self.run_script(script, words, output));
        self.set_suppositions(before)?;
        done
    }

    /// Begins a question that has a heading of its own on a page.
    pub fn begin_question(&self, heading: &str) {
        if let Some(record) = &self.page_record {
            record.begin_question(heading, &self.supposed);
        }
    }

    /// Checks a script without running it: the errors of its defaults, and those of its text.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn check_script(&self, script: &Script) -> Result<Vec<Error>, Error> {
        self.begin_work()?;
        let mut errors = check_defaults(script, &self.book);
        errors.extend(self.script_interpreter(script, &[])?.check(script));
        Ok(errors)
    }

    /// Checks that the book can be read, as is done before each question too.
    ///
    /// # Errors
    /// It is damaged, or can't be read.
    pub fn check_book(&self) -> Result<(), Error> {
        self.begin_work()
    }

    /// Clears the stop flag, applies the limits in force, and refuses a damaged book.
    fn begin_work(&self) -> Result<(), Error> {
        let stop = self.book.stop();
        stop.clear();
        self.book.set_limits(self.settings.limits).map_err(|error| self.book.error(&error))?;
        self.book.check_integrity().map_err(|error| if stop.is_raised() { stop.cause() } else { error })
    }

    /// An interpreter for one run of a script: its parameters, and no state of the session.
    fn script_interpreter(&self, script: &Script, values: &[(String, Cell<'static>)]) -> Result<Interpreter, Error> {
        let mut interpreter = Interpreter::new(Rc::clone(&self.book), self.location_of(script))?;
        for (name, value) in values {
            interpreter.set_constant(name, value.clone());
        }
        Ok(interpreter)
    }

    /// The location of a script for what it imports: in a sandbox only the library is within reach.
    fn location_of(&self, script: &Script) -> ScriptLocation {
        if self.settings.is_sandboxed { ScriptLocation::Nowhere } else { script.location.clone() }
    }

    /// Runs a saved script with its defaults, outside the session: none of its state is kept. The interpreter is made for the first
    /// of several scripts.
    fn run_isolated(
        &self,
        script: &Script,
        interpreter: &mut Option<Interpreter>,
        output: &Output,
    ) -> Result<(), Error> {
        let values = library::argument_values(&script.header, &[], &self.book)?;
        let interpreter = match interpreter {
            Some(interpreter) => {
                interpreter.restart(self.location_of(script));
                interpreter
            }
            None => interpreter.insert(Interpreter::new(Rc::clone(&self.book), self.location_of(script))?),
        };
        for (name, value) in values {
            interpreter.set_constant(&name, value);
        }
        interpreter.eval(&script.text, output)
    }

    /// Under assumptions, the metrics of the script without them, to be shown beside its answer. A script that fails
    /// without them has none.
    fn stated_metrics(
        &mut self,
        script: &Script,
        values: &[(String, Cell<'static>)],
    ) -> Result<Vec<Vec<Cell<'static>>>, Error> {
        if self.supposed.is_empty() {
            return Ok(Vec::new());
        }
        let capture = CaptureSink::default();
        let done = self.as_stated(|session| {
            let interpreter = session.script_interpreter(script, values);
            Ok(interpreter.and_then(|mut interpreter| interpreter.eval(&script.text, &capture.output())))
        })?;
        if matches!(done, Err(Error::Interrupted)) {
            return Err(Error::Interrupted);
        }
        let results = capture.take().into_iter().filter(|result| result.header.layout == Layout::Metrics);
        Ok(results.flat_map(|result| result.rows).collect())
    }

    /// Flushes the output. A stop after the last check of the flag still ends the entry; so does a write that fails
    /// only now.
    fn finish<T>(&self, done: Result<T, Error>, output: &Output) -> Result<T, Error> {
        let is_output = matches!(done, Err(Error::Output(_)));
        match output.flush() {
            _ if self.book.stop().is_raised() => match self.book.stop().cause() {
                Error::Interrupted if is_output => done,
                why => Err(why),
            },
            Err(error) if done.is_ok() => Err(error.into()),
            _ => done,
        }
    }

    fn eval_sql(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        let (sql, in_lines) = lex::without_backslash_end(&text.whole);
        if in_lines {
            output.lay_out_lines();
        }
        let is_shorter = sql.len() < text.whole.len();
        let text = &if is_shorter { text.with_whole(sql) } else { text.clone() };
        if self.book.is_writable() && !lex::only_reads(&text.whole) {
            return self.write(text, output);
        }
        if !crate::syntax::sql::may_leave_half(&text.whole) {
            return self.run_sql(text, output);
        }
        let book = Rc::clone(&self.book);
        book.with_savepoint(|| self.run_sql(text, output), |error| book.error(&error))
    }

    /// Runs an entry that may change tables of one's own, and says what it did once that is done.
    fn write(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        let book = Rc::clone(&self.book);
        let said = book.write_entry(&text.whole, || {
            self.run_sql(text, output)?;
            book.created_views().iter().try_for_each(|view| self.check_view(view))?;
            output.flush().map_err(Error::from)
        })?;
        self.has_written = !said.is_empty();
        said.iter().try_for_each(|line| output.notice(line)).map_err(Error::from)
    }

    /// Checks that a new view can be read: SQLite looks into one only when it is.
    fn check_view(&self, view: &str) -> Result<(), Error> {
        let select = format!("select * from {}", quote_identifier(view));
        let done = sql::prepare_one(&self.book, &Text::new("SQL", &select), &NoParameters, Author::Program);
        let Some(report) = done.err().and_then(|error| error.report()) else { return Ok(()) };
        let message = format!("the view `{view}` could not be read: {}", report.message);
        let help = report.help.unwrap_or_else(|| "mend what it selects".to_owned());
        Err(SqlError::nowhere(SqlCause::refused(message, help)).into())
    }

    fn run_sql(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        // Parameters need the variables of scripts and ids of the book, and functions of the prelude need an engine; other
        // SQL does without an interpreter as long as there is none.
        let prelude: Vec<&str> = library::prelude_functions().collect();
        let needs_scripts = |token: &crate::syntax::Token| {
            token.kind == crate::syntax::TokenKind::Parameter
                || prelude.iter().any(|name| token.is_word(&text.whole, name))
        };
        if self.interpreter.is_none() && !lex::tokens(&text.whole).any(|token| needs_scripts(&token)) {
            return sql::run(&self.book, text, &NoParameters, output);
        }
        self.interpreter()?.run_sql(text, output)
    }

    fn eval_script(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        match self.interpreter()?.eval(text, output) {
            Err(Error::Script(mut script)) => {
                if let Some(sql) = bare_name::record_query(&self.book, &text.whole) {
                    return self.eval_sql(&Text::new("SQL", &sql), output);
                }
                bare_name::explain(&self.book, &mut script.cause);
                suggest_command(&mut script.cause);
                Err(Error::Script(script))
            }
            done => done,
        }
    }

    /// The interpreter, with the current `last`.
    fn interpreter(&mut self) -> Result<&mut Interpreter, Error> {
        let interpreter = match self.interpreter.take() {
            Some(interpreter) => interpreter,
            None => Interpreter::new(Rc::clone(&self.book), ScriptLocation::Nowhere)?,
        };
        let interpreter = self.interpreter.insert(interpreter);
        interpreter.set_limits(self.settings.limits)?;
        if let Some(kept) = self.last.take_new() {
            interpreter.set_last(&kept);
        }
        Ok(interpreter)
    }

    /// The variables and functions that scripts of this session have defined, and `last`.
    pub fn own_names(&self) -> Vec<Symbol> {
        let mut names = self.interpreter.as_ref().map(Interpreter::symbols).unwrap_or_default();
        // The interpreter gets the last result only when it next runs.
        names.retain(|known| known.name != "last");
        names.extend(self.last.result().map(|kept| Symbol::last(&kept)));
        names
    }

    /// The columns of the last result, as SQL reads them of `last`; none before there is one.
    pub fn last_columns(&self) -> Vec<String> {
        let kept = self.last.result();
        kept.map(|kept| kept.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default()
    }

    /// The variables of scripts of this session, without the last result.
    pub fn variable_names(&self) -> Vec<String> {
        let symbols = self.interpreter.as_ref().map(Interpreter::symbols).unwrap_or_default();
        symbols.into_iter().filter(|symbol| symbol.signature.is_none()).map(|symbol| symbol.name).collect()
    }

    /// The variables of scripts by name, each with its value in a line.
    fn variable_values(&self) -> BTreeMap<String, String> {
        self.interpreter.as_ref().map(Interpreter::variable_values).unwrap_or_default()
    }

    /// True if scripts of this session have a variable of this name.
    pub fn has_variable(&self, name: &str) -> bool {
        self.interpreter.as_ref().is_some_and(|interpreter| interpreter.has_variable(name))
    }
}

/// True if the arguments of a script ask for its help.
pub fn asks_for_help(words: &[String]) -> bool {
    words.iter().any(|word| word == "--help" || word == "-h")
}

/// Refuses a database that is no book, and so has none of the `content` asked for.
fn require_book(book: &Book, content: &str) -> Result<(), Error> {
    if book.is_book() {
        return Ok(());
    }
    Err(usage_error(&format!("this database has no {content}"), "ask the bundled book, or a copy of it"))
}

/// Suggests the command for a name typed without its dot: `help` is no undefined variable.
fn suggest_command(cause: &mut ScriptCause) {
    if let ScriptCause::UndefinedVariable { name, near, .. } = cause
        && let Some(info) = COMMANDS.iter().find(|info| info.name.strip_prefix('.') == Some(name.as_str()))
    {
        *near = Some(info.name.to_owned());
    }
}
