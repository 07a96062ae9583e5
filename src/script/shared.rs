//! What the functions of one interpreter share while it runs: the book, where output goes, what has been collected
//! for the end of the script. It must not know of syntax.

use crate::quantity::Worked;
use crate::sql::{Cell, Output};
use crate::store::Book;
use rhai::{Dynamic, Position};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

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
    /// The expectations of this run that did not hold.
    pub(super) failed_expectations: RefCell<Vec<Failed>>,
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
            failed_expectations: RefCell::default(),
        }
    }

    /// A run begins: what an earlier one left is gone.
    pub(super) fn begin(&self, output: &Output) {
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

    /// Takes note of a quantity from which something is made that can't say what is supposed of it.
    pub(super) fn note_read(&self, value: &Dynamic) {
        if let Some(worked) = value.read_lock::<Worked>().filter(|worked| !worked.quantity.assumptions().is_empty())
            && let Some(output) = self.output()
        {
            output.note_read(&worked.quantity);
        }
    }

    /// Where output goes; `None` outside a run.
    pub(super) fn output(&self) -> Option<Output> {
        self.output.borrow().clone()
    }
}
