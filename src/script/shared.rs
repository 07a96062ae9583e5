//! What the functions of one interpreter share while it runs: the book, where output goes, what has been collected
//! for the end of the script. It must not know of syntax.

use super::around::Around;
use super::home::Home;
use super::taint;
use super::tainted::Tainted;
use super::weave::{AROUND, named_parameters, named_tables};
use crate::quantity::{Assumptions, Worked, reading};
use crate::sql::{Cell, Output};
use crate::store::Book;
use crate::syntax::Text;
use rhai::{Dynamic, EvalContext, GlobalRuntimeState, Module, NativeCallContext, Position, Scope};
use std::cell::{Cell as Flag, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

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
pub(super) struct Failed {
    pub(super) text: String,
    /// The text it stands in, as the engine knows it; `None` for the one that runs.
    pub(super) source: Option<String>,
    pub(super) position: Position,
}

/// Shared state; one for each interpreter.
pub(super) struct Shared {
    pub(super) book: Rc<Book>,
    output: RefCell<Option<Output>>,
    failure: RefCell<Option<io::Error>>,
    pub(super) metrics: RefCell<Vec<Metric>>,
    /// The line above the next table.
    pub(super) title: RefCell<Option<String>>,
    /// The rows of the metrics as the sources state them, where this run supposes something else.
    pub(super) stated_metrics: RefCell<Vec<Vec<Cell<'static>>>>,
    /// The ids of the book that have been asked for, with what they stand for.
    pub(super) ids: RefCell<BTreeMap<String, Dynamic>>,
    /// What plain values of its variables may rest on.
    pub(super) tainted: RefCell<Tainted>,
    /// The expectations of this run that did not hold.
    pub(super) failed_expectations: RefCell<Vec<Failed>>,
    /// The texts that scripts were compiled from.
    pub(super) sources: RefCell<Sources>,
    /// What stands beside each, by the same names.
    pub(super) homes: RefCell<BTreeMap<String, Home>>,
    /// The modules that were loaded, by the same names.
    pub(super) modules: RefCell<BTreeMap<String, Rc<Module>>>,
    /// The words of those texts that SQL in them may mean as tables.
    pub(super) named_tables: RefCell<BTreeSet<String>>,
    /// The names of variables that SQL in the texts so far may mean by `:name`.
    pub(super) named_parameters: RefCell<BTreeSet<String>>,
    /// What is around the statement that runs; `None` for the program's own.
    around: RefCell<Option<Around>>,
    /// Whether SQL that is no part of a script runs, whose result is being written.
    pub(super) is_answering: Flag<bool>,
    calls: Flag<u64>,
}

impl Shared {
    pub(super) fn new(book: Rc<Book>) -> Self {
        Self {
            book,
            output: RefCell::default(),
            failure: RefCell::default(),
            metrics: RefCell::default(),
            title: RefCell::default(),
            stated_metrics: RefCell::default(),
            ids: RefCell::default(),
            tainted: RefCell::default(),
            failed_expectations: RefCell::default(),
            sources: RefCell::default(),
            homes: RefCell::default(),
            modules: RefCell::default(),
            named_tables: RefCell::default(),
            named_parameters: RefCell::default(),
            around: RefCell::default(),
            is_answering: Flag::default(),
            calls: Flag::default(),
        }
    }

    /// Does what runs a statement with this around it.
    pub(super) fn within<T>(&self, around: &Around, work: impl FnOnce() -> T) -> T {
        let before = self.around.replace(Some(around.clone()));
        let done = work();
        self.around.replace(before);
        done
    }

    /// Does what is not part of the statement that runs.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.around.take();
        let done = work();
        self.around.replace(before);
        done
    }

    /// What is around the statement that runs.
    pub(super) fn around(&self) -> Option<Around> {
        self.around.borrow().clone()
    }

    /// Takes note of the tables and variables that SQL in a text may mean.
    pub(super) fn note_names(&self, text: &str) {
        self.named_parameters.borrow_mut().extend(named_parameters(text).map(str::to_owned));
        self.named_tables.borrow_mut().extend(named_tables(text).map(str::to_owned));
    }

    /// What is around a call that was not told: its functions alone.
    pub(super) fn untold(&self, context: &NativeCallContext) -> Around {
        #[allow(deprecated)] // the engine marks this call so because it may change, hence the pinned version
        let state = context.store_data().global;
        self.around_now(state, &Scope::new())
    }

    /// Answers for the variable that stands for what is around a call; `None` for any other.
    pub(super) fn told(&self, name: &str, context: &EvalContext) -> Option<Dynamic> {
        let around = || self.around_now(context.global_runtime_state().clone(), context.scope());
        (name == AROUND).then(|| Dynamic::from(around()))
    }

    /// What is around a place with these functions and variables, as they are now.
    pub(super) fn around_now(&self, state: GlobalRuntimeState, scope: &Scope<'_>) -> Around {
        self.calls.update(|calls| calls + 1);
        let (tables, parameters) = (self.named_tables.borrow(), self.named_parameters.borrow());
        Around::new(state, scope, &tables, &parameters, self.calls.get())
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
            self.failure.replace(Some(error));
            self.book.stop().raise();
        }
    }

    /// What [`Shared::write`] failed with, once.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.failure.take()
    }

    /// The assumptions that whatever this run answers may rest on.
    pub(super) fn assumed(&self) -> Assumptions {
        self.output().map_or_else(Assumptions::none, |output| output.assumptions())
    }

    /// Whatever this run answers may rest on these.
    pub(super) fn rest_on(&self, assumed: &Assumptions) {
        if let Some(output) = self.output() {
            output.add_assumptions(assumed);
        }
    }

    /// A text that is no result, with what this run rests on.
    pub(super) fn stamped(&self, text: &str) -> String {
        let assumed: Vec<String> = self.assumed().iter().map(reading::assumption).collect();
        if assumed.is_empty() { text.to_owned() } else { format!("{text}  WHAT-IF  assumes {}", assumed.join("; ")) }
    }

    /// Where output goes; `None` outside a run. It rests on what was looked at so far.
    pub(super) fn output(&self) -> Option<Output> {
        let output = self.output.borrow().clone()?;
        output.add_assumptions(&taint::take());
        Some(output)
    }
}
