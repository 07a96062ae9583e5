//! A session: one book, one interpreter, and every way to ask. The prompt, `-c`, `-f`, `run` and the tests all go
//! through [`Session::eval`]. It prints nothing itself: results go to the output that it is handed.
//!
//! Reading order: `session`; `settings` and `notes` for how results look; `commands` for what begins with a dot,
//! `why` for the longest of them.

mod commands;
mod describe;
mod notes;
mod settings;
mod why;

use crate::error::Error;
use crate::quantity::Quantity;
use crate::script::library::Script;
use crate::script::{Interpreter, argument_values};
use crate::sql::{self, Cell, Kept, NoParameters, Output, Parameters, Text};
use crate::store::{Book, open};
use crate::terminal::{Flow, Language};
use std::cell::OnceCell;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

pub use notes::Depth;
pub use settings::Settings;

/// An open book and the state of the questions asked of it.
pub struct Session {
    book: Rc<Book>,
    /// Built at the first script: a question in SQL alone does without.
    interpreter: OnceCell<Interpreter>,
    /// How results look.
    pub settings: Settings,
    last: Option<Kept>,
    last_quantity: Option<Quantity>,
    last_working: Option<String>,
}

impl Session {
    /// Opens the bundled book, or the file at `path`.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(path: Option<&Path>) -> Result<Self, Error> {
        let book = Rc::new(open(path)?);
        Ok(Self {
            book,
            interpreter: OnceCell::new(),
            settings: Settings::default(),
            last: None,
            last_quantity: None,
            last_working: None,
        })
    }

    /// The book.
    #[must_use]
    pub fn book(&self) -> &Rc<Book> {
        &self.book
    }

    /// An output by the settings of the session: results to `out`, notices and what machine formats must not hold to
    /// `side`. `before` is the output whose answers stand above, where there is one.
    ///
    /// # Errors
    /// The units can't be read.
    pub fn output(
        &self,
        out: impl Write + 'static,
        side: impl Write + 'static,
        before: Option<&Output>,
    ) -> Result<Output, Error> {
        let style = self.settings.style(&self.book, before.is_some_and(Output::has_answered))?;
        let sink = crate::table::sink(self.settings.format, style, out, side);
        let (book, depth) = (Rc::clone(&self.book), self.settings.notes);
        Ok(Output::new(sink, Rc::new(move |evidence| notes::notes(&book, evidence, depth)), self.settings.keeps_last))
    }

    /// Asks one thing. `language` is decided by the text where it is `None`, as at the prompt.
    ///
    /// # Errors
    /// Whatever goes wrong with it; the session goes on.
    pub fn eval(&mut self, text: &Text, language: Option<Language>, output: &Output) -> Result<Flow, Error> {
        self.book.stop().clear();
        let language =
            language.unwrap_or_else(|| crate::terminal::classify(&text.whole, &|name| self.has_variable(name)));
        let done = match language {
            Language::Command => commands::run(self, text, output),
            Language::Sql => self.eval_sql(text, output).map(|()| Flow::Continue),
            Language::Script => self.interpreter()?.eval(text, output).map(|()| Flow::Continue),
        };
        // A stop that came after the last look at the flag still ends what was asked.
        let flow = if self.book.stop().is_raised() { Err(Error::Interrupted) } else { done }?;
        if let Some(kept) = output.take_kept() {
            let working = self.interpreter.get().and_then(Interpreter::take_working);
            self.keep(kept, working);
        }
        Ok(flow)
    }

    /// Runs a saved script with the words behind its name.
    ///
    /// # Errors
    /// Wrong words, before anything runs; whatever goes wrong with the script.
    pub fn run_script(&mut self, script: &Script, words: &[String], output: &Output) -> Result<(), Error> {
        self.book.stop().clear();
        let units = self.book.units().map_err(|error| Error::Fault(error.to_string()))?;
        let values = argument_values(&script.header, words, units)?;
        let mut interpreter = Interpreter::new(Rc::clone(&self.book))?;
        for (name, value) in values {
            interpreter.set_constant(&name, value);
        }
        interpreter.eval(&script.text, output)?;
        if let Some(kept) = output.take_kept() {
            self.keep(kept, interpreter.take_working());
        }
        Ok(())
    }

    fn eval_sql(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        if sql::lex::tokens(&text.whole)
            .any(|token| token.is_word(&text.whole, "last") || token.text(&text.whole) == "_")
        {
            self.hold_last()?;
        }
        // Parameters need the variables of scripts and ids of the book, hence an interpreter; other SQL does without.
        let needs_values = sql::lex::tokens(&text.whole).any(|token| token.kind == sql::lex::TokenKind::Parameter);
        let book = Rc::clone(&self.book);
        let parameters: &dyn Parameters = if needs_values { self.interpreter()? } else { &NoParameters };
        sql::run(&book, text, parameters, output)
    }

    /// Hands the newest result to SQL, where the statement names it.
    fn hold_last(&self) -> Result<(), Error> {
        let Some(kept) = &self.last else { return Ok(()) };
        let columns: Vec<(&str, bool)> =
            kept.columns.iter().map(|column| (column.name.as_str(), column.is_quantity)).collect();
        self.book
            .hold_last(&columns, &kept.rows)
            .map_err(|error| Error::Fault(format!("can't hand `last` to SQL: {error}")))
    }

    fn keep(&mut self, kept: Kept, working: Option<String>) {
        let quantity = kept.rows.iter().flatten().find_map(|cell| match cell {
            Cell::Quantity(quantity) => Some((**quantity).clone()),
            _ => None,
        });
        self.last_quantity = quantity;
        self.last_working = working;
        self.last = Some(kept.clone());
        if let Some(interpreter) = self.interpreter.get_mut() {
            interpreter.set_last(kept);
        }
    }

    fn interpreter(&mut self) -> Result<&mut Interpreter, Error> {
        if self.interpreter.get().is_none() {
            let mut interpreter = Interpreter::new(Rc::clone(&self.book))?;
            if let Some(kept) = &self.last {
                interpreter.set_last(kept.clone());
            }
            // The cell is empty, so the value is taken; it is read back below.
            drop(self.interpreter.set(interpreter));
        }
        self.interpreter.get_mut().ok_or_else(|| Error::Fault("the interpreter is gone".to_owned()))
    }

    /// The variables and functions that scripts of this session have made.
    #[must_use]
    pub fn own_names(&self) -> Vec<String> {
        self.interpreter.get().map(Interpreter::own_names).unwrap_or_default()
    }

    /// Whether scripts of this session have a variable of this name.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.interpreter.get().is_some_and(|interpreter| interpreter.has_variable(name))
    }
}
