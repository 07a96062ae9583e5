//! The state that the native functions of one interpreter share while it runs: the book, the output, the results collected for
//! the end of the script, and the scope of the caller of the SQL that runs. It knows no syntax.

use super::inject_scope::{Insertion, depend_on_more, plain_insertions};
use super::inject_scope::{SCOPE_VARIABLE, named_parameters, named_tables};
use super::table::Table;
use super::taint::{self, TaintedVariables};
use super::value::ScriptResult;
use crate::error::Error;
use crate::quantity::{Assumptions, Quantity, ShareTaken, Traced, human};
use crate::sql::{Cell, Output, SeriesColumns};
use crate::store::{Book, DatedSeries};
use crate::syntax::Text;
use rhai::{
    Array, Dynamic, EvalAltResult, EvalContext, GlobalRuntimeState, Map, Module, NativeCallContext, Position, Scope,
};
use std::cell::{Cell as Flag, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::rc::{Rc, Weak};

/// Maximum depth of modules that import each other.
pub(super) const MAX_NESTED_MODULES: usize = 32;

/// Location of a script, against which its imports are resolved.
#[derive(Debug, Clone, Default)]
pub enum ScriptLocation {
    /// None: it was typed, and can import from the library only.
    #[default]
    Nowhere,
    /// In the library.
    Library,
    /// In a file of this directory.
    Directory(PathBuf),
}

/// The sources that functions were defined in, by the engine's name of each.
pub(super) type Sources = BTreeMap<String, Text>;

/// A named result that `metric` collects.
pub(super) struct Metric {
    pub(super) name: String,
    pub(super) value: Traced,
    /// The range of the value under the supposition in `note`.
    pub(super) range: Option<Traced>,
    pub(super) note: Option<String>,
}

/// An expectation that failed, with its position.
pub(super) struct FailedExpectation {
    pub(super) text: String,
    /// The engine's name of its source; `None` for the script that runs.
    pub(super) source: Option<String>,
    pub(super) position: Position,
}

/// State of one interpreter.
pub(super) struct Runtime {
    pub(super) book: Rc<Book>,
    /// Name and signature of each native function.
    pub(super) signatures: Vec<(&'static str, &'static str)>,
    output: RefCell<Option<Output>>,
    /// The error that [`Runtime::write`] failed with.
    pub(super) write_error: RefCell<Option<io::Error>>,
    pub(super) metrics: RefCell<Vec<Metric>>,
    /// The sentences of the answer, shown when the script ends.
    pub(super) answers: RefCell<Vec<String>>,
    /// The title of the next table.
    pub(super) title: RefCell<Option<String>>,
    /// The rows of the metrics without assumptions, shown beside those of this run.
    pub(super) stated_metrics: RefCell<Vec<Vec<Cell<'static>>>>,
    /// Cache of ids that have been looked up, with their values.
    pub(super) ids: RefCell<BTreeMap<String, Dynamic>>,
    /// The taint of the session's variables.
    pub(super) tainted: RefCell<TaintedVariables>,
    /// The failed expectations of this run.
    pub(super) failed_expectations: RefCell<Vec<FailedExpectation>>,
    /// The sources of compiled scripts.
    pub(super) sources: RefCell<Sources>,
    /// The insertions into texts that call variables, by the text: positions in what was compiled are mapped back later.
    insertions: RefCell<BTreeMap<Rc<str>, Rc<[Insertion]>>>,
    /// The location of each source, by the same names.
    pub(super) locations: RefCell<BTreeMap<String, ScriptLocation>>,
    /// Cache of loaded modules, by the same names.
    pub(super) modules: RefCell<BTreeMap<String, Rc<Module>>>,
    /// Words of the sources that SQL in them may mean as tables.
    pub(super) named_tables: RefCell<BTreeSet<String>>,
    /// Words of the sources that SQL in them may mean as `:name`.
    pub(super) named_parameters: RefCell<BTreeSet<String>>,
    /// The scope of the caller of the statement that runs; `None` for a statement of the program's own.
    caller_scope: RefCell<Option<CallerScope>>,
    /// True while SQL outside a script runs and its result is being written.
    pub(super) is_running_sql: Flag<bool>,
    calls: Flag<u64>,
    /// The exit code of a script that has ended itself by `exit`.
    exit: Flag<Option<u8>>,
    /// Cache of the series that `at` has looked values up in.
    series: RefCell<Vec<CachedSeries>>,
    /// The rows of the table that was counted last: a loop asks for its length again and again.
    counted: RefCell<Weak<Vec<Rc<[Dynamic]>>>>,
    /// Percents as factors, and 100 as a divisor.
    share_taken: Flag<ShareTaken>,
}

/// The rows of a table by key and date.
struct CachedSeries {
    rows: Weak<Vec<Rc<[Dynamic]>>>,
    columns: SeriesColumns,
    dates: Rc<DatedSeries>,
}

/// The most series that are kept.
const MAX_CACHED_SERIES: usize = 16;

impl Runtime {
    pub(super) fn new(book: Rc<Book>, signatures: Vec<(&'static str, &'static str)>) -> Self {
        Self {
            book,
            signatures,
            output: RefCell::default(),
            write_error: RefCell::default(),
            metrics: RefCell::default(),
            answers: RefCell::default(),
            title: RefCell::default(),
            stated_metrics: RefCell::default(),
            ids: RefCell::default(),
            tainted: RefCell::default(),
            failed_expectations: RefCell::default(),
            sources: RefCell::default(),
            insertions: RefCell::default(),
            locations: RefCell::default(),
            modules: RefCell::default(),
            named_tables: RefCell::default(),
            named_parameters: RefCell::default(),
            caller_scope: RefCell::default(),
            is_running_sql: Flag::default(),
            calls: Flag::default(),
            exit: Flag::default(),
            series: RefCell::default(),
            counted: RefCell::default(),
            share_taken: Flag::default(),
        }
    }

    /// The rows of a table by key and date; `read` reads them the first time.
    pub(super) fn dated_series(
        &self,
        rows: &Rc<Vec<Rc<[Dynamic]>>>,
        columns: SeriesColumns,
        read: impl FnOnce() -> ScriptResult<DatedSeries>,
    ) -> ScriptResult<Rc<DatedSeries>> {
        let is_same = |known: &&CachedSeries| known.columns == columns && known.rows.as_ptr() == Rc::as_ptr(rows);
        if let Some(known) = self.series.borrow().iter().find(is_same) {
            return Ok(Rc::clone(&known.dates));
        }
        let dates = Rc::new(read()?);
        let mut series = self.series.borrow_mut();
        series.retain(|known| known.rows.strong_count() > 0);
        if series.len() == MAX_CACHED_SERIES {
            series.remove(0);
        }
        series.push(CachedSeries { rows: Rc::downgrade(rows), columns, dates: Rc::clone(&dates) });
        Ok(dates)
    }

    /// True if these rows are not those that were counted last in this run.
    pub(super) fn is_newly_counted(&self, rows: &Rc<Vec<Rc<[Dynamic]>>>) -> bool {
        let last = self.counted.replace(Rc::downgrade(rows));
        last.as_ptr() != Rc::as_ptr(rows)
    }

    /// Notes a product or a quotient; true if a share may have been taken twice.
    pub(super) fn note_share(&self, name: &str, left: &Quantity, right: &Quantity) -> bool {
        let mut taken = self.share_taken.get();
        if name == "*" {
            taken.multiply(left, right);
        } else {
            taken.divide(left, right);
        }
        self.share_taken.set(taken);
        taken.is_twice()
    }

    /// Calls `work` with the scope of the caller of the statement that it runs; `None` for work that is not part of one.
    pub(super) fn with_caller_scope<T>(&self, caller_scope: Option<&CallerScope>, work: impl FnOnce() -> T) -> T {
        let outer = self.caller_scope.replace(caller_scope.cloned());
        let done = work();
        self.caller_scope.replace(outer);
        done
    }

    /// The scope of the caller of the statement that runs.
    pub(super) fn caller_scope(&self) -> Option<CallerScope> {
        self.caller_scope.borrow().clone()
    }

    /// Calls `work` with that scope; `None` where there is none.
    pub(super) fn with_caller<T>(&self, work: impl FnOnce(&CallerScope) -> T) -> Option<T> {
        self.caller_scope.borrow().as_ref().map(work)
    }

    /// Records the words of a source that SQL in it may mean as tables and parameters.
    pub(super) fn note_names(&self, text: &str) {
        self.named_parameters.borrow_mut().extend(named_parameters(text).map(str::to_owned));
        self.named_tables.borrow_mut().extend(named_tables(text).map(str::to_owned));
    }

    /// The caller scope of a call into which none was injected: its functions, and no variables.
    pub(super) fn functions_in_scope_of(&self, context: &NativeCallContext) -> CallerScope {
        #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
        let state = context.store_data().global;
        self.capture_scope(state, &Scope::new())
    }

    /// Resolves the injected variable to the scope at the call; `None` for any other name.
    pub(super) fn scope_variable(&self, name: &str, context: &EvalContext) -> Option<Dynamic> {
        let caller_scope = || self.capture_scope(context.global_runtime_state().clone(), context.scope());
        (name == SCOPE_VARIABLE).then(|| Dynamic::from(caller_scope()))
    }

    /// Captures the functions and variables at a call, as they are now.
    pub(super) fn capture_scope(&self, state: GlobalRuntimeState, scope: &Scope<'_>) -> CallerScope {
        self.calls.update(|calls| calls + 1);
        let (tables, parameters) = (self.named_tables.borrow(), self.named_parameters.borrow());
        CallerScope::new(state, scope, &tables, &parameters, self.calls.get())
    }

    /// Begins a run: clears the results of an earlier one.
    pub(super) fn begin(&self, output: &Output) {
        drop(taint::take());
        self.output.replace(Some(output.clone()));
        self.metrics.take();
        self.answers.take();
        self.title.take();
        self.failed_expectations.take();
        self.exit.take();
        self.counted.take();
        self.share_taken.take();
    }

    /// Ends the script with an exit code: no script can catch the error that it returns.
    pub(super) fn exit(&self, code: u8) -> Box<EvalAltResult> {
        self.exit.set(Some(code));
        EvalAltResult::Exit(Dynamic::UNIT, Position::NONE).into()
    }

    /// Keeps the insertions that a text was compiled with, where they can't be found in it alone.
    pub(super) fn note_insertions(&self, text: &Text, insertions: Vec<Insertion>) {
        let mut known = self.insertions.borrow_mut();
        if depend_on_more(&insertions) {
            known.insert(Rc::clone(&text.whole), insertions.into());
        } else {
            known.remove(&text.whole);
        }
    }

    /// The insertions that a text was compiled with.
    pub(super) fn insertions(&self, text: &Text) -> Rc<[Insertion]> {
        let known = self.insertions.borrow().get(&text.whole).cloned();
        known.unwrap_or_else(|| plain_insertions(&text.whole).into())
    }

    /// Ends long work between two steps.
    ///
    /// # Errors
    /// The stop flag is raised.
    pub(super) fn check_stop(&self) -> Result<(), Error> {
        if self.book.stop().is_raised() { Err(self.book.stop().cause()) } else { Ok(()) }
    }

    /// The exit code of a script that has ended itself.
    pub(super) fn exit_code(&self) -> Option<u8> {
        self.exit.get()
    }

    /// Goes on ending a script that has ended itself, where its error would be wrapped in another or lost.
    ///
    /// # Errors
    /// The script has ended itself.
    pub(super) fn refuse_after_exit(&self) -> ScriptResult<()> {
        self.exit.get().map_or(Ok(()), |code| Err(self.exit(code)))
    }

    /// Ends a run.
    pub(super) fn end(&self) {
        self.output.take();
    }

    /// Writes output from a callback that can't return an error: a failure ends the script at its next step.
    pub(super) fn write(&self, work: impl FnOnce(&Output) -> io::Result<()>) {
        if let Some(Err(error)) = self.output().as_ref().map(work) {
            self.write_error.replace(Some(error));
            self.book.stop().raise();
        }
    }

    /// The assumptions that any answer of this run may rest on.
    pub(super) fn assumed(&self) -> Assumptions {
        self.output().map_or_else(Assumptions::none, |output| output.assumptions())
    }

    /// Adds assumptions that any answer of this run may rest on.
    pub(super) fn rest_on(&self, assumed: &Assumptions) {
        if let Some(output) = self.output() {
            output.add_assumptions(assumed);
        }
    }

    /// Appends the assumptions of this run to a text that is no result.
    pub(super) fn with_assumptions(&self, text: &str) -> String {
        let assumed: Vec<String> = self.assumed().iter().map(human::assumption).collect();
        if assumed.is_empty() { text.to_owned() } else { format!("{text}  WHAT-IF  assumes {}", assumed.join("; ")) }
    }

    /// The output, with the taint noted so far; `None` outside a run.
    pub(super) fn output(&self) -> Option<Output> {
        let output = self.output.borrow().clone()?;
        output.add_assumptions(&taint::take());
        Some(output)
    }
}

/// The scope at a call that asks the book: functions in scope, and tables and parameters among the variables, captured at the
/// call. Clones share it.
#[derive(Clone)]
pub(super) struct CallerScope {
    /// Functions, modules and the call depth.
    pub(super) state: Rc<GlobalRuntimeState>,
    /// Tables and arrays by variable name.
    pub(super) tables: Rc<BTreeMap<String, Dynamic>>,
    /// Values that SQL may mean by `:name`.
    pub(super) parameters: Rc<BTreeMap<String, Dynamic>>,
    /// Sequence number of the call.
    pub(super) number: u64,
}

impl CallerScope {
    /// Captures a scope. Copying is not free, so of arrays only those in `tables` are taken, and of other values those in
    /// `parameters`.
    pub(super) fn new(
        state: GlobalRuntimeState,
        scope: &Scope<'_>,
        tables: &BTreeSet<String>,
        parameters: &BTreeSet<String>,
        number: u64,
    ) -> Self {
        let is_table =
            |name: &str, value: &Dynamic| value.is::<Table>() || value.is::<Array>() && tables.contains(name);
        let is_parameter = |name: &str, value: &Dynamic| {
            parameters.contains(name) && !(value.is::<Table>() || value.is::<Array>() || value.is::<Map>())
        };
        let capture = |is_captured: &dyn Fn(&str, &Dynamic) -> bool| {
            let (mut found, mut seen) = (BTreeMap::new(), BTreeSet::new());
            // `iter_raw` yields the newest first, which shadow others of their name.
            for (name, _, value) in scope.iter_raw() {
                if seen.insert(name) && is_captured(name, value) {
                    found.insert(name.to_owned(), value.flatten_clone());
                }
            }
            Rc::new(found)
        };
        Self { state: Rc::new(state), tables: capture(&is_table), parameters: capture(&is_parameter), number }
    }

    /// Adds the tables among `values`, by name.
    pub(super) fn with(&self, values: &Map) -> Self {
        let is_table = |value: &Dynamic| value.is::<Table>() || value.is::<Array>();
        let given = values.iter().filter(|(_, value)| is_table(value));
        let mut tables = BTreeMap::clone(&self.tables);
        tables.extend(given.map(|(name, value)| (name.to_string(), value.clone())));
        Self { tables: Rc::new(tables), ..self.clone() }
    }
}
