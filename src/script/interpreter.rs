//! Runs scripts one after the other with the variables and functions of a session, or one alone with its parameters.

use super::causes::Names;
use super::raise::Raised;
use super::shared::Shared;
use super::table::Table;
use super::trace::{Sources, compile_error, expectation_frames, of_function, run_error};
use super::value::{from_cell, to_cell};
use super::{dialect, engine, fetch, functions, ids, library, metrics, show};
use crate::error::{Error, Frame, ScriptCause, ScriptError};
use crate::sql::{Cell, Kept, Output, Parameters, Text};
use crate::store::Book;
use rhai::{AST, Dynamic, Engine, Scope};
use std::rc::Rc;

/// An engine with the state of a session.
pub struct Interpreter {
    engine: Engine,
    shared: Rc<Shared>,
    scope: Scope<'static>,
    /// The functions that scripts of this session, and the library's prelude, have defined.
    functions: AST,
    sources: Sources,
}

impl Interpreter {
    /// An interpreter for questions to `book`, with the prelude's functions.
    ///
    /// # Errors
    /// A fault of the program: the prelude does not compile.
    pub fn new(book: Rc<Book>) -> Result<Self, Error> {
        let shared = Rc::new(Shared::new(book));
        let engine = engine::build(&shared);
        let mut interpreter =
            Self { engine, shared, scope: Scope::new(), functions: AST::empty(), sources: Sources::new() };
        let prelude = Text::new("prelude.rhai", library::PRELUDE);
        let compiled = interpreter.compile(&prelude);
        let mut ast = compiled.map_err(|error| Error::Fault(format!("in the prelude: {error}")))?;
        ast.set_source(&*prelude.source);
        interpreter.note_functions(&ast, &prelude);
        interpreter.sources.insert(prelude.source.to_string(), prelude);
        interpreter.functions = ast.clone_functions_only();
        Ok(interpreter)
    }

    /// Runs `text` with the state of the session and shows the value of its last expression.
    ///
    /// # Errors
    /// A script that can't be compiled or run, with its places; SQL within it; a writer that fails; Ctrl-C; an
    /// expectation that did not hold.
    pub fn eval(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        self.shared.begin(output);
        let done = self.eval_begun(text);
        self.shared.end();
        match self.shared.take_failure() {
            Some(failure) => Err(Error::Output(failure)),
            None => done,
        }
    }

    fn eval_begun(&mut self, text: &Text) -> Result<(), Error> {
        self.bring_ids(text)?;
        let ast = self.defined(text)?;
        let (merged, variables) = (self.functions.merge(&ast), self.scope.len());
        let value = self.engine.eval_ast_with_scope::<Dynamic>(&mut self.scope, &merged).map_err(|error| {
            let error = self.run_error(&error, text);
            self.scope.rewind(variables);
            error
        })?;
        self.functions = self.functions.merge(&ast.clone_functions_only());
        self.finish(&value, text)
    }

    /// The compiled text, under a name by which errors find it again when one of its functions is called later.
    fn defined(&mut self, text: &Text) -> Result<AST, Error> {
        let mut ast = self.compile(text)?;
        if let Some(taken) = ast.iter_functions().find(|function| functions::is_taken(function.name)) {
            let message = format!("`{}` is a function of every script", taken.name);
            let cause = ScriptCause::Argument { message, cure: "give yours another name".to_owned() };
            return Err(ScriptError { cause, frames: Vec::new() }.into());
        }
        let name = format!("{}#{}", text.source, self.sources.len());
        ast.set_source(name.as_str());
        self.note_functions(&ast, text);
        self.sources.insert(name, text.clone());
        Ok(ast)
    }

    fn note_functions(&mut self, ast: &AST, text: &Text) {
        self.sources.extend(ast.iter_functions().map(|function| (of_function(function.name), text.clone())));
    }

    /// What follows the last expression: its value, the metrics, a stop that was swallowed, failed expectations.
    fn finish(&self, value: &Dynamic, text: &Text) -> Result<(), Error> {
        if self.shared.book.stop().is_raised() {
            return Err(Error::Interrupted);
        }
        let shown: Raised<()> = metrics::flush(&self.shared).and_then(|()| show::show(&self.shared, value));
        shown.map_err(|error| self.run_error(&error, text))?;
        self.notice_assumed()?;
        let failed = self.shared.failed_expectations.take();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Error::Expectation(expectation_frames(&failed, text, &self.sources)))
        }
    }

    /// Says what is supposed of what was read, where no result is stamped with it.
    fn notice_assumed(&self) -> Result<(), Error> {
        self.shared.output().map_or(Ok(()), |output| output.notice_read()).map_err(Error::from)
    }

    fn run_error(&self, error: &rhai::EvalAltResult, text: &Text) -> Error {
        run_error(error, text, &self.sources, &self.names())
    }

    fn compile(&self, text: &Text) -> Result<AST, Error> {
        if let Some(missing) = dialect::open_comment_or_string(&text.whole) {
            let place = text.place(text.whole.trim_end().len(), 1);
            let cause = ScriptCause::Incomplete { missing: missing.to_owned() };
            return Err(ScriptError { cause, frames: vec![Frame { place, label: None }] }.into());
        }
        let compiled = self.engine.compile_with_scope(&self.scope, &*text.whole);
        compiled.map_err(|error| compile_error(&error, text, &self.names()))
    }

    /// Makes the ids that a script mentions constants of the session.
    fn bring_ids(&mut self, text: &Text) -> Result<(), Error> {
        for id in ids::mentioned(&text.whole) {
            if self.scope.contains(id) {
                continue;
            }
            if let Some(value) = ids::find(&self.shared, id).map_err(|error| self.run_error(&error, text))? {
                self.scope.push_constant_dynamic(id, value);
            }
        }
        Ok(())
    }

    /// Forgets the numbers behind ids: what is supposed of them has changed.
    pub fn forget_ids(&mut self) {
        for id in std::mem::take(&mut *self.shared.ids.borrow_mut()).into_keys() {
            drop(self.scope.remove::<Dynamic>(&id));
        }
    }

    /// The rows of the metrics of a script as the sources state them, to stand beside those of its next run.
    pub fn compare_with(&self, stated: Vec<Vec<Cell<'static>>>) {
        self.shared.stated_metrics.replace(stated);
    }

    fn names(&self) -> Names<'_> {
        let mut own: Vec<String> = self.scope.iter().map(|(name, ..)| name.to_owned()).collect();
        own.extend(self.functions.iter_functions().map(|function| function.name.to_owned()));
        Names { shared: &self.shared, own }
    }

    /// Sets a variable of the session, as a parameter of a script is one.
    pub fn set_constant(&mut self, name: &str, value: Cell<'static>) {
        self.scope.push_constant_dynamic(name, from_cell(value, name));
    }

    /// Sets `last` to the newest result: its table, or its value where it was a single one. One whose rows were not all
    /// kept has no `last`: a part would pass for the whole.
    pub fn set_last(&mut self, kept: &Kept) {
        if kept.is_cut() {
            drop(self.scope.remove::<Dynamic>("last"));
            return;
        }
        let columns: Rc<[_]> = kept.columns.clone().into();
        let rows: Vec<_> = kept.rows.iter().map(|cells| fetch::script_values(cells.clone(), &columns)).collect();
        let last = if kept.is_value { rows[0][0].clone() } else { Dynamic::from(Table::new(columns, rows)) };
        self.scope.set_or_push("last", last);
    }

    /// Whether the session has a variable of this name.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.scope.contains(name)
    }

    /// The variables and functions of the session, for completion.
    #[must_use]
    pub fn own_names(&self) -> Vec<String> {
        self.names().own
    }
}

/// The variables of the session as `:name`, and ids of the book.
impl Parameters for Interpreter {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.scope.get(name) {
            Some(value) => to_cell(value).map(Some),
            None => ids::bound(&self.shared, name),
        }
    }

    fn names(&self) -> Vec<String> {
        self.scope.iter().map(|(name, ..)| name.to_owned()).collect()
    }
}
