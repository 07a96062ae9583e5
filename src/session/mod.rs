//! A session: one book, one interpreter, and every way to ask. The prompt, `-c`, `-f`, `run` and the tests all go
//! through [`Session::eval`]. It prints nothing itself: results go to the output that it is handed.
//!
//! Reading order: this file; `last` for what becomes of the newest result; `settings` and `outputs`; `grounds`, `notes`, `questions`,
//! `cite` and `describe` for what is said of a result; `suppose` and `prefer` for what-if and `check` for figures, with `capture`;
//! `commands` for what begins with a dot, `why` with `cells` and `identify`, `search` and `topics` for the longest of
//! them.

mod capture;
mod cells;
mod check;
mod cite;
mod commands;
mod compose;
mod describe;
mod explain;
mod grounds;
mod help;
mod identify;
mod journal;
mod last;
mod limits;
mod notes;
mod outputs;
mod prefer;
mod questions;
mod save;
mod script_help;
mod search;
mod settings;
mod suppose;
mod topics;
mod why;
mod written;

use crate::error::{Error, ScriptCause};
use crate::script::library::{self, Script};
use crate::script::{Home, Interpreter, OwnName, argument_values};
use crate::sql::{self, Cell, Layout, NoParameters, Output, Text, lex};
use crate::store::{Book, WhatIf, open};
use crate::terminal::{self, COMMANDS, Command, Flow, Language, classify};
use capture::Capture;
use journal::{Entry, Journal};
use last::Last;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

pub use commands::list_scripts;
pub use notes::Depth;
pub use script_help::help as script_help;
pub use settings::{SETTINGS, Setting, Settings};
pub use topics::Topic;
pub use written::Written;

/// An open book and the state of the questions asked of it.
pub struct Session {
    book: Rc<Book>,
    /// Built at the first script: a question in SQL alone does without.
    interpreter: Option<Interpreter>,
    /// How results look.
    pub settings: Settings,
    last: Last,
    /// What was entered, for `.save`.
    journal: Journal,
    /// What is supposed, in the order in which it was.
    supposed: Vec<WhatIf>,
}

impl Session {
    /// Opens the bundled book, or the file at `path`.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        Ok(Self::begin(open(path)?))
    }

    /// A session of the same book in which nothing has been asked.
    fn open_again(&self) -> Result<Self, Error> {
        Ok(Self::begin(self.book.open_again()?))
    }

    fn begin(book: Book) -> Self {
        let book = Rc::new(book);
        Self {
            last: Last::new(&book),
            book,
            interpreter: None,
            settings: Settings::default(),
            journal: Journal::default(),
            supposed: Vec::new(),
        }
    }

    /// The book.
    #[must_use]
    pub fn book(&self) -> &Rc<Book> {
        &self.book
    }

    /// All that is known under a name: how it is written, what it means, an example. `more` are names of the caller's own.
    ///
    /// # Errors
    /// Nothing bears the name.
    pub fn help(&self, name: &str, more: Vec<Topic>) -> Result<String, Error> {
        help::help(&self.book, name, more)
    }

    /// Asks one thing. `language` is decided by the text where it is `None`, as at the prompt.
    ///
    /// # Errors
    /// Whatever goes wrong with it; the session goes on.
    pub fn eval(&mut self, text: &Text, language: Option<Language>, output: &Output) -> Result<Flow, Error> {
        let begun = Instant::now();
        self.begin_work()?;
        output.begin_answer();
        let language = language.unwrap_or_else(|| classify(&text.whole, &|name| self.has_variable(name)));
        let answers_before = self.last.count();
        let done = match language {
            Language::Command => commands::run(self, text, output),
            Language::Sql => self.eval_sql(text, output).map(|()| Flow::Continue),
            Language::Script => self.eval_script(text, output).map(|()| Flow::Continue),
        };
        if self.settings.timer && done.is_ok() && language != Language::Command {
            output.notice(&format!("{:.1} ms", begun.elapsed().as_secs_f64() * 1_000.0))?;
        }
        let done = self.ended(done, output);
        if done.is_ok() {
            self.note_entry(text, language, self.last.count() > answers_before);
        }
        done
    }

    /// Keeps in mind what was entered. A command that only shows the newest answer again gives no other.
    fn note_entry(&mut self, text: &Text, language: Language, has_answered: bool) {
        let is_shown_again = has_answered && matches!(terminal::parse(&text.whole), Ok((Command::Last, _)));
        if language != Language::Command || (has_answered && !is_shown_again) {
            self.journal.note(Entry { text: text.whole.to_string(), language, has_answered });
        }
    }

    /// Runs a saved script with the words behind its name.
    ///
    /// # Errors
    /// Wrong words, before anything runs; whatever goes wrong with the script.
    pub fn run_script(&mut self, script: &Script, words: &[String], output: &Output) -> Result<(), Error> {
        self.begin_work()?;
        output.begin_answer();
        let values = argument_values(&script.header, words, &self.book)?;
        let stated = self.stated_metrics(script, &values)?;
        let mut interpreter = self.script_interpreter(script, &values)?;
        interpreter.compare_with(stated);
        let done = interpreter.eval(&script.text, output);
        self.ended(done, output)
    }

    /// Whether the book can be asked at all, which is looked at before each question too.
    ///
    /// # Errors
    /// It is damaged, or can't be read.
    pub fn check_book(&self) -> Result<(), Error> {
        self.begin_work()
    }

    /// Forgets an earlier stop, keeps what follows to the limits that are set now, and asks no book that is damaged.
    fn begin_work(&self) -> Result<(), Error> {
        let stop = self.book.stop();
        stop.clear();
        self.book.set_limits(self.settings.limits).map_err(|error| self.book.error(&error))?;
        self.book.check_integrity().map_err(|error| if stop.is_raised() { stop.cause() } else { error })
    }

    /// An interpreter for one run of a script: its parameters, and nothing of the session.
    fn script_interpreter(&self, script: &Script, values: &[(String, Cell<'static>)]) -> Result<Interpreter, Error> {
        // In a sandbox only the library is within reach.
        let home = if self.settings.is_sandboxed { Home::Nowhere } else { script.home.clone() };
        let mut interpreter = Interpreter::new(Rc::clone(&self.book), home)?;
        for (name, value) in values {
            interpreter.set_constant(name, value.clone());
        }
        Ok(interpreter)
    }

    /// Runs a saved script with its defaults, past the session: nothing is kept of it.
    fn run_alone(&self, script: &Script, output: &Output) -> Result<(), Error> {
        let values = argument_values(&script.header, &[], &self.book)?;
        self.script_interpreter(script, &values)?.eval(&script.text, output)
    }

    /// Where something is supposed: the metrics of the script as the sources state them, to stand beside its answer. A
    /// script that fails without the supposition has none.
    fn stated_metrics(
        &mut self,
        script: &Script,
        values: &[(String, Cell<'static>)],
    ) -> Result<Vec<Vec<Cell<'static>>>, Error> {
        if self.supposed.is_empty() {
            return Ok(Vec::new());
        }
        let supposed = std::mem::take(&mut self.supposed);
        let capture = Capture::default();
        self.suppose(Vec::new())?;
        let done =
            self.script_interpreter(script, values).and_then(|mut one| one.eval(&script.text, &capture.output()));
        self.suppose(supposed)?;
        if matches!(done, Err(Error::Interrupted)) {
            return Err(Error::Interrupted);
        }
        let results = capture.take().into_iter().filter(|result| result.header.layout == Layout::Metrics);
        Ok(results.flat_map(|result| result.rows).collect())
    }

    /// A stop that came after the last look at the flag still ends what was asked; so does a writer that fails only now.
    fn ended<T>(&self, done: Result<T, Error>, output: &Output) -> Result<T, Error> {
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
        // As the MySQL shell has it: `select … \G` stands columns one below the other.
        let whole = text.whole.trim_end();
        let upright = whole.strip_suffix("\\G").map(|sql| Text { whole: sql.into(), ..text.clone() });
        if upright.is_some() {
            output.lay_out_lines();
        }
        let text = upright.as_ref().unwrap_or(text);
        if !sql::may_leave_half(&text.whole) {
            return self.run_sql(text, output);
        }
        let book = Rc::clone(&self.book);
        book.with_savepoint(|| self.run_sql(text, output), |error| book.error(&error))
    }

    fn run_sql(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        // Parameters need the variables of scripts and ids of the book, and functions of the prelude need an engine; other
        // SQL does without an interpreter as long as there is none.
        let prelude: Vec<&str> = library::prelude_functions().collect();
        let needs_scripts = |token: &lex::Token| {
            token.kind == lex::TokenKind::Parameter || prelude.iter().any(|name| token.is_word(&text.whole, name))
        };
        if self.interpreter.is_none() && !lex::tokens(&text.whole).any(|token| needs_scripts(&token)) {
            return sql::run(&self.book, text, &NoParameters, output);
        }
        self.interpreter()?.run_sql(text, output)
    }

    fn eval_script(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        let done = self.interpreter()?.eval(text, output);
        done.map_err(|error| match error {
            Error::Script(mut script) => {
                suggest_command(&mut script.cause);
                Error::Script(script)
            }
            error => error,
        })
    }

    /// The interpreter, with `last` as it stands now.
    fn interpreter(&mut self) -> Result<&mut Interpreter, Error> {
        let interpreter = match self.interpreter.take() {
            Some(interpreter) => interpreter,
            None => Interpreter::new(Rc::clone(&self.book), Home::Nowhere)?,
        };
        let interpreter = self.interpreter.insert(interpreter);
        interpreter.keep_to(self.settings.limits)?;
        if let Some(kept) = self.last.news() {
            interpreter.set_last(&kept);
        }
        Ok(interpreter)
    }

    /// The variables and functions that scripts of this session have made, and `last`.
    #[must_use]
    pub fn own_names(&self) -> Vec<OwnName> {
        let mut own = self.interpreter.as_ref().map(Interpreter::own_names).unwrap_or_default();
        // The interpreter is handed the newest result only when it next runs.
        own.retain(|known| known.name != "last");
        own.extend(self.last.result().map(|kept| OwnName::last(&kept)));
        own
    }

    /// The columns of the newest result, as SQL reads them of `last`; none before there is one.
    #[must_use]
    pub fn last_columns(&self) -> Vec<String> {
        let kept = self.last.result();
        kept.map(|kept| kept.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default()
    }

    /// Whether scripts of this session have a variable of this name.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.interpreter.as_ref().is_some_and(|interpreter| interpreter.has_variable(name))
    }
}

/// Whether the words behind a script's name ask what can stand there.
#[must_use]
pub fn asks_for_help(words: &[String]) -> bool {
    words.iter().any(|word| word == "--help" || word == "-h")
}

/// `help`, typed without its dot, is no variable that somebody forgot to set.
fn suggest_command(cause: &mut ScriptCause) {
    if let ScriptCause::NoVariable { name, near } = cause
        && let Some(info) = COMMANDS.iter().find(|info| info.name.strip_prefix('.') == Some(name.as_str()))
    {
        *near = Some(info.name.to_owned());
    }
}
