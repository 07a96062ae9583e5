//! The interpreter: runs scripts one after the other with the variables and functions of a session, or one alone with its
//! parameters, and undoes the changes of a failed one.

use super::compile::{self, compile, define_ids, register_sources};
use super::diagnostics::{NamesInScope, expectation_frames, run_error};
use super::functions::{self, output};
use super::host::ScriptHost;
use super::runtime::{Runtime, ScriptLocation};
use super::table::{Table, TableRow};
use super::value::{self, ScriptResult, from_cell_untagged, to_cell};
use super::{changes, engine, ids, inject_scope, library, query, taint};
use crate::error::Error;
use crate::quantity::{Assumptions, Traced};
use crate::sql::{self, Author, CachedResult, Cell, Column, Output, Parameters};
use crate::store::{Book, Host, Limits, Origin};
use crate::syntax::Text;
use rhai::{AST, Array, Dynamic, Expr, GlobalRuntimeState, INT, ImmutableString, Map, Scope, Stmt};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashSet};
use std::rc::{Rc, Weak};

/// An engine with the state of a session.
pub struct Interpreter {
    runtime: Rc<Runtime>,
    /// The engine, and the callbacks of SQL into it.
    host: Rc<ScriptHost>,
    scope: Scope<'static>,
    /// The functions of the prelude.
    prelude: AST,
    /// The functions defined by the prelude and by scripts of this session.
    functions: AST,
    /// Location of its scripts.
    location: ScriptLocation,
    /// Modules imported in this session: name and newest alias.
    imports: Vec<(String, String)>,
}

impl Interpreter {
    /// Creates an interpreter on `book` with the prelude's functions.
    ///
    /// # Errors
    /// The book can't be read; a fault of the program: the prelude does not compile.
    pub fn new(book: Rc<Book>, location: ScriptLocation) -> Result<Self, Error> {
        let signatures = functions::all().map(|function| (function.name(), function.signature)).collect();
        let runtime = Rc::new(Runtime::new(book, signatures));
        let mut engine = engine::build(&runtime);
        functions::register(&mut engine, &runtime);
        compile::register(&mut engine, &runtime);
        let host = Rc::new(ScriptHost::new(engine, Rc::clone(&runtime)));
        let (scope, imports) = (Scope::new(), Vec::new());
        let (prelude, functions) = (AST::empty(), AST::empty());
        let mut interpreter = Self { runtime, host, scope, prelude, functions, location, imports };
        let prelude = Text::new("prelude.rhai", library::PRELUDE);
        let defined = interpreter.compile(&prelude, prelude.source.to_string());
        let is_stopped = interpreter.runtime.book.stop().is_raised();
        let ast = defined.map_err(|error| match error {
            _ if is_stopped => interpreter.runtime.book.stop().cause(),
            // An error in a file is its author's, one in the bundled book a fault of the program.
            error if *interpreter.runtime.book.origin() != Origin::Bundled => error,
            error => Error::Fault(format!("in the prelude: {error}")),
        })?;
        interpreter.prelude = ast.clone_functions_only();
        interpreter.functions = interpreter.prelude.clone();
        Ok(interpreter)
    }

    /// Forgets the variables, functions and modules of its scripts, as a new one has none, but keeps the engine, the prelude and the values of
    /// ids that were looked up: a script that is run alone needs no engine of its own.
    pub fn restart(&mut self, location: ScriptLocation) {
        self.scope = Scope::new();
        self.functions = self.prelude.clone();
        self.imports.clear();
        self.location = location;
        self.runtime.modules.borrow_mut().clear();
        let ids = self.runtime.ids.borrow();
        self.runtime.tainted.borrow_mut().retain(|name| ids.contains_key(name));
    }

    /// Runs `text` with the state of the session and shows the value of its last expression.
    ///
    /// # Errors
    /// A script that can't be compiled or run, with its positions; SQL within it; a writer that fails; Ctrl-C; a failed
    /// expectation.
    pub fn eval(&mut self, text: &Text, output: &Output) -> Result<(), Error> {
        self.runtime.begin(output);
        let host = self.host();
        let before = self.runtime.book.set_host(Some(host));
        let done = self.eval_text(text);
        let _ = self.runtime.book.set_host(before);
        self.runtime.end();
        match self.runtime.write_error.take() {
            Some(failure) => Err(failure.into()),
            None => done,
        }
    }

    /// The modules that scripts of this session have imported, each with its text.
    #[must_use]
    pub fn modules(&self) -> Vec<(String, String)> {
        let (modules, sources) = (self.runtime.modules.borrow(), self.runtime.sources.borrow());
        let text = |name: &String| Some((name.clone(), sources.get(name)?.whole.to_string()));
        modules.keys().filter_map(text).collect()
    }

    /// Runs SQL outside a script, with the functions and variables of the session in scope.
    ///
    /// # Errors
    /// As [`sql::run`], and a failed expectation of a function.
    pub fn run_sql(&self, text: &Text, output: &Output) -> Result<(), Error> {
        self.runtime.begin(output);
        self.runtime.is_running_sql.set(true);
        self.runtime.note_names(&text.whole);
        let caller_scope = self.runtime.capture_scope(self.state(), &self.scope);
        let before = self.runtime.book.set_host(Some(self.host()));
        let done =
            self.runtime.with_caller_scope(Some(&caller_scope), || sql::run(&self.runtime.book, text, self, output));
        let _ = self.runtime.book.set_host(before);
        self.runtime.is_running_sql.set(false);
        self.runtime.end();
        match self.runtime.exit_code() {
            Some(_) => self.check_expectations(text),
            None => done.and_then(|()| self.check_expectations(text)),
        }
    }

    /// The columns of the answer to a statement, which is not run.
    ///
    /// # Errors
    /// The statement can't be prepared.
    pub fn columns_of(&self, text: &Text) -> Result<Vec<Column>, Error> {
        let caller_scope = self.runtime.capture_scope(self.state(), &self.scope);
        let before = self.runtime.book.set_host(Some(self.host()));
        let prepared = self.runtime.with_caller_scope(Some(&caller_scope), || {
            sql::prepare_one(&self.runtime.book, text, self, Author::Person).map(|found| found.columns().to_vec())
        });
        let _ = self.runtime.book.set_host(before);
        prepared
    }

    /// The engine's state for a call of a function of the session.
    fn state(&self) -> GlobalRuntimeState {
        let mut state = self.host.engine.new_global_runtime_state();
        state.lib.push(Rc::clone(self.functions.shared_lib()));
        state.source = self.functions.source().map(Into::into);
        state
    }

    fn host(&self) -> Weak<dyn Host> {
        let host: Rc<dyn Host> = self.host.clone();
        Rc::downgrade(&host)
    }

    fn eval_text(&mut self, text: &Text) -> Result<(), Error> {
        let script = &text.whole;
        let text = &self.with_imports(text);
        let name = format!("{}#{}", text.source, self.runtime.sources.borrow().len());
        self.runtime.rest_on(&self.runtime.tainted.borrow().named_in(script));
        let ast = self.compile(text, name)?;
        let (merged, snapshot) = (self.functions.merge(&ast), Snapshot::of(&self.scope, &text.whole));
        let done = self.host.engine.eval_ast_with_scope::<Dynamic>(&mut self.scope, &merged);
        // What has ended itself within a native function comes as an error.
        let done = if self.runtime.exit_code().is_some() { Ok(Dynamic::UNIT) } else { done };
        let value = done.map_err(|error| {
            let error = self.run_error(&error, text);
            snapshot.restore(&mut self.scope);
            self.taint(&snapshot, "");
            error
        })?;
        self.taint(&snapshot, script);
        self.functions = self.functions.merge(&ast.clone_functions_only());
        self.record_imports(&ast);
        let shown = if changes::is_at_end(&ast, script) { Dynamic::UNIT } else { value };
        self.show_results(&shown, text)
    }

    /// Taints the variables that a script has set with the assumptions of its run.
    fn taint(&self, snapshot: &Snapshot, script: &str) {
        let assumed = self.runtime.assumed();
        let mut tainted = self.runtime.tainted.borrow_mut();
        tainted.update(&self.scope, |name, at, value| snapshot.is_changed(name, at, value), script, &assumed);
        let exists = |name: &str| {
            let is_imported = self.imports.iter().any(|(_, alias)| alias == name);
            is_imported || self.scope.contains(name) || self.runtime.ids.borrow().contains_key(name)
        };
        tainted.retain(exists);
    }

    /// Prepends a line that repeats the imports of earlier scripts, which the engine forgets.
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

    fn record_imports(&mut self, ast: &AST) {
        for statement in ast.statements() {
            if let Stmt::Import(import, _) = statement
                && let (Expr::StringConstant(name, _), alias) = &**import
                && !alias.name.is_empty()
            {
                let is_known = self.imports.iter().any(|known| known.0 == name.as_str() && known.1 == alias.as_str());
                if !is_known {
                    // A module is loaded once, whatever its aliases: they share their taint.
                    let mut tainted = self.runtime.tainted.borrow_mut();
                    let others = self.imports.iter().map(|(_, other)| tainted.of(other));
                    let assumed = others.fold(self.runtime.assumed(), |all, other| all.union(&other));
                    tainted.set(alias.as_str(), assumed);
                }
                self.imports.retain(|(_, known)| *known != alias.as_str());
                self.imports.push((name.to_string(), alias.as_str().to_owned()));
            }
        }
    }

    /// Compiles a source and registers it under a name by which errors in later calls of its functions find it.
    fn compile(&mut self, text: &Text, name: String) -> Result<AST, Error> {
        define_ids(&self.runtime, &mut self.scope, text).map_err(|error| self.run_error(&error, text))?;
        let mut ast = compile(&self.host.engine, &self.scope, text, &self.names_in_scope())?;
        ast.set_source(name.as_str());
        register_sources(&self.runtime, &name, &ast, text);
        self.runtime.locations.borrow_mut().insert(name, self.location.clone());
        Ok(ast)
    }

    /// Shows the metrics, the value of the last expression and the sentences of the answer, then checks for a swallowed stop and failed expectations.
    fn show_results(&self, value: &Dynamic, text: &Text) -> Result<(), Error> {
        if self.runtime.book.stop().is_raised() {
            return Err(Error::Interrupted);
        }
        let shown: ScriptResult<()> =
            output::flush_metrics(&self.runtime).and_then(|()| output::show(&self.runtime, value));
        let shown = shown.and_then(|()| output::flush_answers(&self.runtime));
        shown.map_err(|error| self.run_error(&error, text))?;
        self.check_expectations(text)
    }

    /// Returns the failed expectations, and the exit code of a script that has ended itself, as an error.
    fn check_expectations(&self, text: &Text) -> Result<(), Error> {
        let failed = self.runtime.failed_expectations.take();
        let frames = expectation_frames(&self.runtime, &failed, text);
        match self.runtime.exit_code() {
            Some(code) => Err(Error::Exit(code, frames)),
            None if failed.is_empty() => Ok(()),
            None => Err(Error::Expectation(frames)),
        }
    }

    fn run_error(&self, error: &rhai::EvalAltResult, text: &Text) -> Error {
        run_error(error, text, &self.runtime.sources.borrow(), &self.names_in_scope())
    }

    /// Sets the maximum call depth from the limits in force.
    ///
    /// # Errors
    /// A fault of the program: a statement still uses the engine.
    pub fn set_limits(&mut self, limits: Limits) -> Result<(), Error> {
        let Some(host) = Rc::get_mut(&mut self.host) else {
            return Err(Error::Fault("the engine is still in use".to_owned()));
        };
        engine::set_max_depth(&mut host.engine, limits);
        Ok(())
    }

    /// Clears the cached values of ids, after a change of assumptions.
    pub fn clear_id_cache(&mut self) {
        for id in std::mem::take(&mut *self.runtime.ids.borrow_mut()).into_keys() {
            self.runtime.tainted.borrow_mut().set(&id, Assumptions::none());
            drop(self.scope.remove::<Dynamic>(&id));
        }
        self.runtime.modules.borrow_mut().clear();
    }

    /// Sets the metrics of a script without assumptions, shown beside those of its next run.
    pub fn set_stated_metrics(&self, stated: Vec<Vec<Cell<'static>>>) {
        self.runtime.stated_metrics.replace(stated);
    }

    /// The scope in which a script is compiled that is not run.
    pub(super) fn scope_for_check(&mut self, text: &Text) -> Result<Scope<'static>, Error> {
        define_ids(&self.runtime, &mut self.scope, text).map_err(|error| self.run_error(&error, text))?;
        Ok(self.scope.clone())
    }

    /// Location of its scripts.
    pub(super) fn location(&self) -> &ScriptLocation {
        &self.location
    }

    /// The engine.
    pub(super) fn engine(&self) -> &rhai::Engine {
        &self.host.engine
    }

    pub(super) fn names_in_scope(&self) -> NamesInScope<'_> {
        let functions = self.functions.iter_functions().map(|function| function.name.to_owned()).collect();
        NamesInScope { runtime: &self.runtime, variables: self.variables(), functions }
    }

    fn variables(&self) -> Vec<String> {
        let names = self.scope.iter().map(|(name, ..)| name);
        names.filter(|name| *name != inject_scope::SCOPE_VARIABLE).map(str::to_owned).collect()
    }

    /// Defines a constant of the session, as a parameter of a script is one.
    pub fn set_constant(&mut self, name: &str, value: Cell<'static>) {
        // Untagged: it comes from the person who runs the script, not from the book.
        self.scope.push_constant_dynamic(name, from_cell_untagged(value, name));
    }

    /// Sets `last` to the newest result: its table, or its single value. A truncated result defines no `last`: a part would
    /// pass for the whole.
    pub fn set_last(&mut self, kept: &CachedResult) {
        self.runtime.tainted.borrow_mut().set("last", kept.assumed.clone());
        if kept.is_cut() {
            drop(self.scope.remove::<Dynamic>("last"));
            return;
        }
        let columns: Rc<[_]> = kept.columns.clone().into();
        let given = vec![!kept.holds_cells(); columns.len()];
        let rows: Vec<_> = kept.rows.iter().map(|cells| query::row_values(cells.clone(), &columns, &given)).collect();
        let last = if kept.is_value { rows[0][0].clone() } else { Dynamic::from(Table::new(columns, rows)) };
        self.scope.set_or_push("last", last);
    }

    /// True if the session has a variable of this name.
    #[must_use]
    pub fn has_variable(&self, name: &str) -> bool {
        self.scope.contains(name)
    }

    /// The variables and functions of the session, for completion; cached ids are left out.
    #[must_use]
    pub fn symbols(&self) -> Vec<Symbol> {
        let ids = self.runtime.ids.borrow();
        let variables =
            self.scope.iter().filter(|(name, ..)| *name != inject_scope::SCOPE_VARIABLE && !ids.contains_key(*name));
        let variables = variables.map(|(name, _, value)| Symbol {
            name: name.to_owned(),
            signature: None,
            shape: shape_of(&value),
        });
        let functions = self.functions.iter_functions().filter(|function| !function.name.contains('$'));
        let functions = functions.map(|function| {
            let signature = Some(format!("{}({})", function.name, function.params.join(", ")));
            Symbol { name: function.name.to_owned(), signature, shape: ValueShape::Other }
        });
        variables.chain(functions).collect()
    }
}

impl Interpreter {
    /// The variables of the session by name, each with its value in a line; cached ids are left out.
    #[must_use]
    pub fn variable_values(&self) -> BTreeMap<String, String> {
        let names = self.symbols().into_iter().filter(|symbol| symbol.signature.is_none()).map(|symbol| symbol.name);
        // Of several with one name the newest is visible.
        names
            .filter_map(|name| Some((line_of(self.scope.get(&name)?), name)))
            .map(|(line, name)| (name, line))
            .collect()
    }
}

/// A value in a line, as a script could write it; a table by its size.
fn line_of(value: &Dynamic) -> String {
    match value.read_lock::<Table>() {
        Some(table) => match table.rows.len() {
            1 => "a table of 1 row".to_owned(),
            rows => format!("a table of {rows} rows"),
        },
        None => value::literal(value),
    }
}

/// The variables of the session as `:name`, and ids of the book.
impl Parameters for Interpreter {
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String> {
        match self.scope.get(name) {
            Some(value) => to_cell(value).map(Some),
            None => ids::parameter_value(&self.runtime, name),
        }
    }

    fn is_of_book(&self, name: &str) -> bool {
        self.scope.get(name).is_none_or(value::is_from_book)
    }

    fn names(&self) -> Vec<String> {
        self.variables()
    }

    fn assumed(&self, name: &str) -> Assumptions {
        self.runtime.tainted.borrow().of(name)
    }
}

/// Snapshot of the scope before an entry, to undo a failed one: the number of variables, and the values of those that the entry
/// may change, which are those that its source names, or all where it may build names (`eval`). Of several with one name only
/// the newest is visible.
pub(super) struct Snapshot {
    count: usize,
    named: BTreeMap<String, Dynamic>,
}

impl Snapshot {
    pub(super) fn of(scope: &Scope<'_>, text: &str) -> Self {
        let words: HashSet<&str> = taint::words(text).collect();
        let may_change = |name: &str| words.contains(name) || words.contains("eval");
        let mut named = BTreeMap::new();
        // `iter_raw` yields the newest first.
        for (name, is_constant, value) in scope.iter_raw().filter(|(name, ..)| may_change(name)) {
            if !is_constant && !named.contains_key(name) {
                named.insert(name.to_owned(), value.flatten_clone());
            }
        }
        Self { count: scope.len(), named }
    }

    /// True if the entry has defined the variable at this index, or may have changed its value.
    pub(super) fn is_changed(&self, name: &str, index: usize, value: &Dynamic) -> bool {
        let is_another = |known: &Dynamic| !is_certainly_equal(known, &value.flatten_clone());
        index >= self.count || self.named.get(name).is_some_and(is_another)
    }

    /// Removes the variables that the entry defined, and restores those that it changed.
    pub(super) fn restore(&self, scope: &mut Scope<'_>) {
        scope.rewind(self.count);
        for (name, value) in &self.named {
            // A variable that a closure has captured is changed in place, for both.
            if let Some(mut place) = scope.get_mut(name).and_then(Dynamic::write_lock::<Dynamic>) {
                *place = value.clone();
            }
        }
    }
}

/// True if two values are certainly equal.
fn is_certainly_equal(one: &Dynamic, other: &Dynamic) -> bool {
    fn equal<T: rhai::Variant + Clone + PartialEq>(one: &Dynamic, other: &Dynamic) -> bool {
        let (one, other) = (one.clone().try_cast::<T>(), other.clone().try_cast::<T>());
        one.is_some() && one == other
    }
    let is_one_table = || match (one.read_lock::<Table>(), other.read_lock::<Table>()) {
        (Some(one), Some(other)) => Rc::ptr_eq(&one.rows, &other.rows) && Rc::ptr_eq(&one.columns, &other.columns),
        _ => false,
    };
    let is_one_quantity = || match (one.read_lock::<Traced>(), other.read_lock::<Traced>()) {
        (Some(one), Some(other)) => one.quantity == other.quantity,
        _ => false,
    };
    one.is_unit() && other.is_unit()
        || equal::<INT>(one, other)
        || equal::<Decimal>(one, other)
        || equal::<bool>(one, other)
        || equal::<ImmutableString>(one, other)
        || is_one_quantity()
        || is_one_table()
}

/// The shape of a value, for completion; no value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueShape {
    /// A quantity.
    Quantity,
    /// A row or a map, with its fields.
    Row(Vec<String>),
    /// A table, with its columns.
    Table(Vec<String>),
    /// An array; if its elements are rows or maps, with their fields.
    Array(Option<Vec<String>>),
    /// Any other value, or an unknown one.
    Other,
}

/// A variable or function that scripts of the session have defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// Signature of a function, as `twice(n)`; `None` for a variable.
    pub signature: Option<String>,
    /// Shape of a variable's value.
    pub shape: ValueShape,
}

impl Symbol {
    /// The symbol `last` for the newest result.
    #[must_use]
    pub fn last(kept: &CachedResult) -> Self {
        let shape = match kept.columns.first() {
            Some(column) if kept.is_value && column.is_quantity => ValueShape::Quantity,
            _ if kept.is_value => ValueShape::Other,
            _ => ValueShape::Table(column_names(&kept.columns)),
        };
        Self { name: "last".to_owned(), signature: None, shape }
    }
}

fn column_names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn shape_of(value: &Dynamic) -> ValueShape {
    if value.is::<Traced>() {
        return ValueShape::Quantity;
    }
    if let Some(table) = value.read_lock::<Table>() {
        return ValueShape::Table(column_names(&table.columns));
    }
    if let Some(array) = value.read_lock::<Array>() {
        return ValueShape::Array(array.first().and_then(fields));
    }
    fields(value).map_or(ValueShape::Other, ValueShape::Row)
}

/// The fields of a row or a map.
fn fields(value: &Dynamic) -> Option<Vec<String>> {
    let of_row = value.read_lock::<TableRow>().map(|row| column_names(&row.columns));
    of_row.or_else(|| Some(value.read_lock::<Map>()?.keys().map(ToString::to_string).collect()))
}

#[cfg(test)]
mod tests {
    use super::Snapshot;
    use rhai::Scope;

    #[test]
    fn variables_that_a_source_names_are_restored() {
        let mut scope = Scope::new();
        scope.push("x", 1_i64).push("x", 2_i64).push("y", 3_i64).push_constant("z", 4_i64);
        let snapshot = Snapshot::of(&scope, "x = 5; let w = z;");
        scope.set_value("x", 5_i64);
        scope.set_value("y", 6_i64);
        scope.push("w", 7_i64);
        snapshot.restore(&mut scope);
        assert_eq!(scope.get_value::<i64>("x"), Some(2));
        assert_eq!(scope.get_value::<i64>("y"), Some(6), "what is not named can't have been changed");
        assert!(!scope.contains("w"));
        scope.rewind(1);
        assert_eq!(scope.get_value::<i64>("x"), Some(1));
    }
}
