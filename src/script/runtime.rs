//! The state that the functions of one interpreter share while it runs: the book, the output, the results collected for the
//! end of the script, and the scope around the SQL that runs. It knows no syntax.

use super::inject_scope::{SCOPE_VARIABLE, named_parameters, named_tables};
use super::table::Table;
use super::taint::{self, TaintedVariables};
use crate::quantity::{Assumptions, Worked, reading};
use crate::sql::{Cell, Output, Text};
use crate::store::Book;
use rhai::{Array, Dynamic, EvalContext, GlobalRuntimeState, Map, Module, NativeCallContext, Position, Scope};
use std::cell::{Cell as Flag, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

/// How many modules may wait for each other.
pub(super) const MAX_NESTED_MODULES: usize = 32;

/// What stands beside a script.
#[derive(Debug, Clone, Default)]
pub enum Home {
    /// Nothing: it was typed.
    #[default]
    Nowhere,
    /// The library, of which it is a part.
    Library,
    /// The files of a directory.
    Directory(PathBuf),
}

/// The texts that functions were defined in, by the name under which the engine knows them.
pub(super) type Sources = BTreeMap<String, Text>;

/// A named derived quantity.
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) value: Worked,
    /// The range that it lies in under the supposition that `note` names.
    pub(super) range: Option<Worked>,
    pub(super) note: Option<String>,
}

/// An expectation that did not hold, and where it stands.
pub(super) struct FailedExpectation {
    pub(super) text: String,
    /// The text it stands in, as the engine knows it; `None` for the one that runs.
    pub(super) source: Option<String>,
    pub(super) position: Position,
}

/// Shared state; one for each interpreter.
pub(super) struct Runtime {
    pub(super) book: Rc<Book>,
    /// Name and signature of each function that every script has.
    pub(super) signatures: Vec<(&'static str, &'static str)>,
    output: RefCell<Option<Output>>,
    write_error: RefCell<Option<io::Error>>,
    pub(super) metrics: RefCell<Vec<Metric>>,
    /// The line above the next table.
    pub(super) title: RefCell<Option<String>>,
    /// The rows of the metrics as the sources state them, where this run supposes something else.
    pub(super) stated_metrics: RefCell<Vec<Vec<Cell<'static>>>>,
    /// The ids of the book that have been asked for, with what they stand for.
    pub(super) ids: RefCell<BTreeMap<String, Dynamic>>,
    /// What plain values of its variables may rest on.
    pub(super) tainted: RefCell<TaintedVariables>,
    /// The expectations of this run that did not hold.
    pub(super) failed_expectations: RefCell<Vec<FailedExpectation>>,
    /// The texts that scripts were compiled from.
    pub(super) sources: RefCell<Sources>,
    /// What stands beside each, by the same names.
    pub(super) locations: RefCell<BTreeMap<String, Home>>,
    /// The modules that were loaded, by the same names.
    pub(super) modules: RefCell<BTreeMap<String, Rc<Module>>>,
    /// The words of those texts that SQL in them may mean as tables.
    pub(super) named_tables: RefCell<BTreeSet<String>>,
    /// The names of variables that SQL in the texts so far may mean by `:name`.
    pub(super) named_parameters: RefCell<BTreeSet<String>>,
    /// What is around the statement that runs; `None` for the program's own.
    caller_scope: RefCell<Option<CallerScope>>,
    /// Whether SQL that is no part of a script runs, whose result is being written.
    pub(super) is_running_sql: Flag<bool>,
    calls: Flag<u64>,
}

impl Runtime {
    pub(super) fn new(book: Rc<Book>, signatures: Vec<(&'static str, &'static str)>) -> Self {
        Self {
            book,
            signatures,
            output: RefCell::default(),
            write_error: RefCell::default(),
            metrics: RefCell::default(),
            title: RefCell::default(),
            stated_metrics: RefCell::default(),
            ids: RefCell::default(),
            tainted: RefCell::default(),
            failed_expectations: RefCell::default(),
            sources: RefCell::default(),
            locations: RefCell::default(),
            modules: RefCell::default(),
            named_tables: RefCell::default(),
            named_parameters: RefCell::default(),
            caller_scope: RefCell::default(),
            is_running_sql: Flag::default(),
            calls: Flag::default(),
        }
    }

    /// Does what runs a statement with this around it.
    pub(super) fn with_caller_scope<T>(&self, caller_scope: &CallerScope, work: impl FnOnce() -> T) -> T {
        let before = self.caller_scope.replace(Some(caller_scope.clone()));
        let done = work();
        self.caller_scope.replace(before);
        done
    }

    /// Does what is not part of the statement that runs.
    pub(super) fn without_caller_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.caller_scope.take();
        let done = work();
        self.caller_scope.replace(before);
        done
    }

    /// What is around the statement that runs.
    pub(super) fn caller_scope(&self) -> Option<CallerScope> {
        self.caller_scope.borrow().clone()
    }

    /// Takes note of the tables and variables that SQL in a text may mean.
    pub(super) fn note_names(&self, text: &str) {
        self.named_parameters.borrow_mut().extend(named_parameters(text).map(str::to_owned));
        self.named_tables.borrow_mut().extend(named_tables(text).map(str::to_owned));
    }

    /// What is around a call that was not told: its functions alone.
    pub(super) fn functions_in_scope_of(&self, context: &NativeCallContext) -> CallerScope {
        #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
        let state = context.store_data().global;
        self.capture_scope(state, &Scope::new())
    }

    /// Answers for the variable that stands for what is around a call; `None` for any other.
    pub(super) fn scope_variable(&self, name: &str, context: &EvalContext) -> Option<Dynamic> {
        let caller_scope = || self.capture_scope(context.global_runtime_state().clone(), context.scope());
        (name == SCOPE_VARIABLE).then(|| Dynamic::from(caller_scope()))
    }

    /// What is around a place with these functions and variables, as they are now.
    pub(super) fn capture_scope(&self, state: GlobalRuntimeState, scope: &Scope<'_>) -> CallerScope {
        self.calls.update(|calls| calls + 1);
        let (tables, parameters) = (self.named_tables.borrow(), self.named_parameters.borrow());
        CallerScope::new(state, scope, &tables, &parameters, self.calls.get())
    }

    /// A run begins: what an earlier one left is gone.
    pub(super) fn begin(&self, output: &Output) {
        drop(taint::take());
        self.output.replace(Some(output.clone()));
        self.metrics.take();
        self.title.take();
        self.failed_expectations.take();
    }

    /// A run has ended.
    pub(super) fn end(&self) {
        self.output.take();
    }

    /// Writes something from where no error can be handed on: a failure ends the script at its next step.
    pub(super) fn write(&self, work: impl FnOnce(&Output) -> io::Result<()>) {
        if let Some(Err(error)) = self.output().as_ref().map(work) {
            self.write_error.replace(Some(error));
            self.book.stop().raise();
        }
    }

    /// What [`Runtime::write`] failed with, once.
    pub(super) fn take_write_error(&self) -> Option<io::Error> {
        self.write_error.take()
    }

    /// The assumptions that whatever this run answers may rest on.
    pub(super) fn assumed(&self) -> Assumptions {
        self.output().map_or_else(Assumptions::none, |output| output.assumed())
    }

    /// Whatever this run answers may rest on these.
    pub(super) fn rest_on(&self, assumed: &Assumptions) {
        if let Some(output) = self.output() {
            output.rest_on(assumed);
        }
    }

    /// A text that is no result, with what this run rests on.
    pub(super) fn with_assumptions(&self, text: &str) -> String {
        let assumed: Vec<String> = self.assumed().iter().map(reading::assumption).collect();
        if assumed.is_empty() { text.to_owned() } else { format!("{text}  WHAT-IF  assumes {}", assumed.join("; ")) }
    }

    /// Where output goes; `None` outside a run. It rests on what was looked at so far.
    pub(super) fn output(&self) -> Option<Output> {
        let output = self.output.borrow().clone()?;
        output.rest_on(&taint::take());
        Some(output)
    }
}

/// What is around one call. Clones share it.
#[derive(Clone)]
pub(super) struct CallerScope {
    /// Functions, modules and the depth of calls.
    pub(super) state: Rc<GlobalRuntimeState>,
    /// Tables and arrays, by the names of their variables.
    pub(super) tables: Rc<BTreeMap<String, Dynamic>>,
    /// What SQL may mean by `:name`.
    pub(super) parameters: Rc<BTreeMap<String, Dynamic>>,
    /// The number of the call.
    pub(super) number: u64,
}

impl CallerScope {
    /// What is around a place with these variables. An array is copied, so that only those are that a text of SQL could
    /// mean, which are `tables`; of other values those that it could mean as `parameters`.
    pub(super) fn new(
        state: GlobalRuntimeState,
        scope: &Scope<'_>,
        tables: &BTreeSet<String>,
        parameters: &BTreeSet<String>,
        number: u64,
    ) -> Self {
        let is_held = |name: &str, value: &Dynamic| value.is::<Table>() || value.is::<Array>() && tables.contains(name);
        let is_meant = |name: &str, value: &Dynamic| {
            parameters.contains(name) && !(value.is::<Table>() || value.is::<Array>() || value.is::<Map>())
        };
        let named = |is_one: &dyn Fn(&str, &Dynamic) -> bool| {
            let (mut found, mut seen) = (BTreeMap::new(), BTreeSet::new());
            // The newest come first, and hide others of their name.
            for (name, _, value) in scope.iter_raw() {
                if seen.insert(name) && is_one(name, value) {
                    found.insert(name.to_owned(), value.flatten_clone());
                }
            }
            Rc::new(found)
        };
        Self { state: Rc::new(state), tables: named(&is_held), parameters: named(&is_meant), number }
    }

    /// The same with tables that are given by name.
    pub(super) fn with(&self, values: &Map) -> Self {
        let is_held = |value: &Dynamic| value.is::<Table>() || value.is::<Array>();
        let given = values.iter().filter(|(_, value)| is_held(value));
        let mut tables = BTreeMap::clone(&self.tables);
        tables.extend(given.map(|(name, value)| (name.to_string(), value.clone())));
        Self { tables: Rc::new(tables), ..self.clone() }
    }
}
