//! Runs scripts one after the other with the variables and functions of a session, or one alone with its parameters.

use super::before::Before;
use super::causes::Names;
use super::compile::{bring_names, compile, note};
use super::home::Home;
use super::own::OwnName;
use super::raise::Raised;
use super::reach::Scripts;
use super::shared::Shared;
use super::table::Table;
use super::trace::{expectation_frames, run_error};
use super::value::{from_any_cell, from_cell, to_cell};
use super::{engine, fetch, ids, library, metrics, origin, show, weave};
use crate::error::Error;
use crate::quantity::Assumptions;
use crate::sql::{self, Cell, Kept, Output, Parameters, Text};
use crate::store::{Book, Host, Limits};
use rhai::{AST, Dynamic, Expr, GlobalRuntimeState, Scope, Stmt};
use std::rc::{Rc, Weak};

/// An engine with the state of a session.
pub struct Interpreter {
    shared: Rc<Shared>,
    /// The engine, and what SQL reaches.
    scripts: Rc<Scripts>,
    scope: Scope<'static>,
    /// The functions that scripts of this session, and the library's prelude, have defined.
    functions: AST,
    /// What stands beside its scripts.
    home: Home,
    /// The modules that scripts of this session have imported: name, and what it is called since.
    imports: Vec<(String, String)>,
}

impl Interpreter {
    /// An interpreter for questions to `book`, with the prelude's functions, for scripts that stand at `home`.
    ///
    /// # Errors
    /// The book can't be read; a fault of the program: the prelude does not compile.
    pub fn new(book: Rc<Book>, home: Home) -> Result<Self, Error> {
        let shared = Rc::new(Shared::new(book));
        let scripts = Rc::new(Scripts { engine: engine::build(&shared), shared: Rc::clone(&shared) });
        let (scope, functions, imports) = (Scope::new(), AST::empty(), Vec::new());
        let mut interpreter = Self { shared, scripts, scope, functions, home, imports };
        let prelude = Text::new("prelude.rhai", library::PRELUDE);
        let defined = interpreter.compile(&prelude, prelude.source.to_string());
        let is_stopped = interpreter.shared.book.stop().is_raised();
        let ast = defined.map_err(|error| match error {
            _ if is_stopped => interpreter.shared.book.stop().cause(),
            // What a file holds, be it damaged or no quantity, is its maker's; what the bundled book holds is ours.
            error if interpreter.shared.book.path().is_some() => error,
            error => Error::Fault(format!("in the prelude: {error}")),
        })?;
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
        let scripts = self.scripts();
        let before = self.shared.book.set_host(Some(scripts));
        let done = self.eval_begun(text);
        let _ = self.shared.book.set_host(before);
        self.shared.end();
        match self.shared.take_failure() {
            Some(failure) => Err(failure.into()),
            None => done,
        }
    }

    /// Runs SQL that is no part of a script, with the functions and variables of the session around it.
    ///
    /// # Errors
    /// As [`sql::run`], and an expectation of a function that did not hold.
    pub fn run_sql(&self, text: &Text, output: &Output) -> Result<(), Error> {
        self.shared.begin(output);
        self.shared.is_answering.set(true);
        self.shared.note_names(&text.whole);
        let around = self.shared.around_now(self.state(), &self.scope);
        let before = self.shared.book.set_host(Some(self.scripts()));
        let done = self.shared.within(&around, || sql::run(&self.shared.book, text, self, output));
        let _ = self.shared.book.set_host(before);
        self.shared.is_answering.set(false);
        self.shared.end();
        done.and_then(|()| self.expectations(text))
    }

    /// What the engine has to know to call a function of the session.
    fn state(&self) -> GlobalRuntimeState {
        let mut state = self.scripts.engine.new_global_runtime_state();
        state.lib.push(Rc::clone(self.functions.shared_lib()));
        state.source = self.functions.source().map(Into::into);
        state
    }

    fn scripts(&self) -> Weak<dyn Host> {
        let scripts: Rc<dyn Host> = self.scripts.clone();
        Rc::downgrade(&scripts)
    }

    fn eval_begun(&mut self, text: &Text) -> Result<(), Error> {
        let script = &text.whole;
        let text = &self.with_imports(text);
        let name = format!("{}#{}", text.source, self.shared.sources.borrow().len());
        self.shared.rest_on(&self.shared.tainted.borrow().named_in(script));
        let ast = self.compile(text, name)?;
        let (merged, before) = (self.functions.merge(&ast), Before::of(&self.scope, &text.whole));
        let value = self.scripts.engine.eval_ast_with_scope::<Dynamic>(&mut self.scope, &merged).map_err(|error| {
            let error = self.run_error(&error, text);
            before.bring_back(&mut self.scope);
            self.taint(&before, "");
            error
        })?;
        self.taint(&before, script);
        self.functions = self.functions.merge(&ast.clone_functions_only());
        self.keep_imports(&ast);
        self.finish(&value, text)
    }

    /// What a script has set rests on what the script does.
    fn taint(&self, before: &Before, script: &str) {
        let assumed = self.shared.assumed();
        let mut tainted = self.shared.tainted.borrow_mut();
        tainted.update(&self.scope, before, script, &assumed);
        let is_there = |name: &str| {
            let is_imported = self.imports.iter().any(|(_, alias)| alias == name);
            is_imported || self.scope.contains(name) || self.shared.ids.borrow().contains_key(name)
        };
        tainted.keep(is_there);
    }

    /// The text behind a line that imports again what earlier ones have imported: the engine forgets it.
    fn with_imports(&self, text: &Text) -> Text {
        if self.imports.is_empty() {
            return text.clone();
        }
        let again: Vec<String> =
            self.imports.iter().map(|(name, alias)| format!("import {name:?} as {alias};")).collect();
        Text {
            whole: format!("{}\n{}", again.concat(), text.whole).into(),
            first_line: text.first_line - 1,
            ..text.clone()
        }
    }

    fn keep_imports(&mut self, ast: &AST) {
        for statement in ast.statements() {
            if let Stmt::Import(import, _) = statement
                && let (Expr::StringConstant(name, _), alias) = &**import
                && !alias.name.is_empty()
            {
                let is_known = self.imports.iter().any(|known| known.0 == name.as_str() && known.1 == alias.as_str());
                if !is_known {
                    // A module is read once, under whatever names: what one of them rests on, any other may.
                    let mut tainted = self.shared.tainted.borrow_mut();
                    let others = self.imports.iter().map(|(_, other)| tainted.of(other));
                    let assumed = others.fold(self.shared.assumed(), |all, other| all.union(&other));
                    tainted.set(alias.as_str(), assumed);
                }
                self.imports.retain(|(_, known)| *known != alias.as_str());
                self.imports.push((name.to_string(), alias.as_str().to_owned()));
            }
        }
    }

    /// The compiled text, under a name by which errors find it again when one of its functions is called later.
    fn compile(&mut self, text: &Text, name: String) -> Result<AST, Error> {
        bring_names(&self.shared, &mut self.scope, text).map_err(|error| self.run_error(&error, text))?;
        let mut ast = compile(&self.scripts.engine, &self.scope, text, &self.names())?;
        ast.set_source(name.as_str());
        note(&self.shared, &name, &ast, text);
        self.shared.homes.borrow_mut().insert(name, self.home.clone());
        Ok(ast)
    }

    /// What follows the last expression: its value, the metrics, a stop that was swallowed, failed expectations.
    fn finish(&self, value: &Dynamic, text: &Text) -> Result<(), Error> {
        if self.shared.book.stop().is_raised() {
            return Err(Error::Interrupted);
        }
        let shown: Raised<()> = metrics::flush(&self.shared).and_then(|()| show::show(&self.shared, value));
        shown.map_err(|error| self.run_error(&error, text))?;
        self.expectations(text)
    }

    /// The expectations that did not hold.
    fn expectations(&self, text: &Text) -> Result<(), Error> {
        let failed = self.shared.failed_expectations.take();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(Error::Expectation(expectation_frames(&failed, text, &self.shared.sources.borrow())))
        }
    }

    fn run_error(&self, error: &rhai::EvalAltResult, text: &Text) -> Error {
        run_error(error, text, &self.shared.sources.borrow(), &self.names())
    }

    /// Keeps calls to the limit of depth that is set now.
    ///
    /// # Errors
    /// A fault of the program: a statement still reaches the engine.
    pub fn keep_to(&mut self, limits: Limits) -> Result<(), Error> {
        let Some(scripts) = Rc::get_mut(&mut self.scripts) else {
            return Err(Error::Fault("the engine is still in use".to_owned()));
        };
        engine::keep_to_depth(&mut scripts.engine, limits);
        Ok(())
    }

    /// Forgets the numbers behind ids: what is supposed of them has changed.
    pub fn forget_ids(&mut self) {
        for id in std::mem::take(&mut *self.shared.ids.borrow_mut()).into_keys() {
            self.shared.tainted.borrow_mut().set(&id, Assumptions::none());
            drop(self.scope.remove::<Dynamic>(&id));
        }
        self.shared.modules.borrow_mut().clear();
    }

    /// The rows of the metrics of a script as the sources state them, to stand beside those of its next run.
    pub fn compare_with(&self, stated: Vec<Vec<Cell<'static>>>) {
        self.shared.stated_metrics.replace(stated);
    }

    fn names(&self) -> Names<'_> {
        let mut own = self.variables();
        own.extend(self.functions.iter_functions().map(|function| function.name.to_owned()));
        Names { shared: &self.shared, own }
    }

    fn variables(&self) -> Vec<String> {
        let names = self.scope.iter().map(|(name, ..)| name);
        names.filter(|name| *name != weave::AROUND).map(str::to_owned).collect()
    }

    /// Sets a variable of the session, as a parameter of a script is one.
    pub fn set_constant(&mut self, name: &str, value: Cell<'static>) {
        // It is a person's who runs the script.
        self.scope.push_constant_dynamic(name, from_any_cell(value, name));
    }

    /// Sets `last` to the newest result: its table, or its value where it was a single one. One whose rows were not all
    /// kept has no `last`: a part would pass for the whole.
    pub fn set_last(&mut self, kept: &Kept) {
        self.shared.tainted.borrow_mut().set("last", kept.assumed.clone());
        if kept.is_cut() {
            drop(self.scope.remove::<Dynamic>("last"));
            return;
        }
        let columns: Rc<[_]> = kept.columns.clone().into();
        let read = if kept.holds_cells() { from_cell } else { from_any_cell };
        let rows: Vec<_> = kept.rows.iter().map(|cells| fetch::values_by(read, cells.clone(), &columns)).collect();
        let last = if kept.is_value { rows[0][0].clone() } else { Dynamic::from(Table::new(columns, rows)) };
        self.scope.set_or_push("last", last);
    }

    /// Whether the session has a variable of this name.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.scope.contains(name)
    }

    /// The variables and functions of the session, for completion; ids that it has looked up are none.
    #[must_use]
    pub fn own_names(&self) -> Vec<OwnName> {
        let ids = self.shared.ids.borrow();
        let held = self.scope.iter().filter(|(name, ..)| *name != weave::AROUND && !ids.contains_key(*name));
        let held = held.map(|(name, _, value)| OwnName::variable(name, &value));
        let functions = self.functions.iter_functions().filter(|function| !function.name.contains('$'));
        held.chain(functions.map(|function| OwnName::function(function.name, &function.params))).collect()
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

    fn is_of_book(&self, name: &str) -> bool {
        self.scope.get(name).is_none_or(origin::is_of_book)
    }

    fn names(&self) -> Vec<String> {
        self.variables()
    }

    fn assumed(&self, name: &str) -> Assumptions {
        self.shared.tainted.borrow().of(name)
    }
}
