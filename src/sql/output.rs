//! The handle by which SQL and scripts reach the sink of an evaluation. It gathers which facts a result rests on,
//! so that whoever made it can say where they stand; it must not ask the book itself.

use super::{Cell, Column, Header, Note, Sink};
use crate::quantity::{Assumptions, Facts};
use std::cell::{Cell as Flag, RefCell};
use std::io;
use std::rc::Rc;

/// What the quantities of a result rest on.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every fact, record and unknown.
    pub facts: Facts,
    /// Every assumption.
    pub assumptions: Assumptions,
}

/// The rows of the result shown last, kept for `last`.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: at most [`KEPT_ROWS`].
    pub rows: Vec<Vec<Cell<'static>>>,
    /// How many rows it had.
    pub total_rows: usize,
}

/// How many rows of a result `last` holds.
pub const KEPT_ROWS: usize = 10_000;

/// Writes the notes under a result from what it rests on.
pub type Annotate = Rc<dyn Fn(&Evidence) -> Vec<Note>>;

/// A shared handle to a sink. Each call borrows the sink for itself alone, so that a function called in the middle
/// of a statement may print.
#[derive(Clone)]
pub struct Output {
    sink: Rc<RefCell<Box<dyn Sink>>>,
    annotate: Annotate,
    evidence: Rc<RefCell<Evidence>>,
    kept: Rc<RefCell<Option<Kept>>>,
    has_answered: Rc<Flag<bool>>,
}

impl Output {
    /// A handle to `sink`; `keeps_last` holds the rows of the newest result for `last`.
    #[must_use]
    pub fn new(sink: Box<dyn Sink>, annotate: Annotate, keeps_last: bool) -> Self {
        let kept = keeps_last.then(Kept::default);
        Self {
            sink: Rc::new(RefCell::new(sink)),
            annotate,
            evidence: Rc::default(),
            kept: Rc::new(RefCell::new(kept)),
            has_answered: Rc::default(),
        }
    }

    /// A result begins.
    ///
    /// # Errors
    /// As the sink's writer fails; so do the calls below.
    pub fn begin(&self, header: &Header) -> io::Result<()> {
        self.has_answered.set(true);
        self.evidence.replace(Evidence::default());
        if let Some(kept) = self.kept.borrow_mut().as_mut() {
            *kept = Kept { columns: header.columns.clone(), ..Kept::default() };
        }
        self.sink.borrow_mut().begin(header)
    }

    /// A row of it.
    ///
    /// # Errors
    /// As the sink's writer fails.
    pub fn row(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        let mut sink = self.sink.borrow_mut();
        if sink.wants_notes() {
            let mut evidence = self.evidence.borrow_mut();
            for cell in cells {
                evidence.add(cell);
            }
        }
        if let Some(kept) = self.kept.borrow_mut().as_mut() {
            kept.total_rows += 1;
            if kept.rows.len() < KEPT_ROWS {
                kept.rows.push(cells.iter().cloned().map(Cell::into_owned).collect());
            }
        }
        sink.row(cells)
    }

    /// It is complete; its notes follow.
    ///
    /// # Errors
    /// As the sink's writer fails.
    pub fn end(&self) -> io::Result<()> {
        let notes = self.notes(&self.evidence.take());
        self.sink.borrow_mut().end(&notes)
    }

    /// A single value. It names its facts in its own line; what they say is a `.why` away.
    ///
    /// # Errors
    /// As the sink's writer fails.
    pub fn value(&self, cell: &Cell<'static>) -> io::Result<()> {
        self.has_answered.set(true);
        if let Some(kept) = self.kept.borrow_mut().as_mut() {
            let is_quantity = matches!(cell, Cell::Quantity(_));
            let columns = vec![Column { name: "value".to_owned(), is_quantity }];
            *kept = Kept { columns, rows: vec![vec![cell.clone()]], total_rows: 1 };
        }
        self.sink.borrow_mut().value(cell)
    }

    /// Text that a script prints.
    ///
    /// # Errors
    /// As the sink's writer fails.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().print(text)
    }

    /// A remark beside the answer.
    ///
    /// # Errors
    /// As the sink's writer fails.
    pub fn notice(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().notice(text)
    }

    /// Whether anything has been answered.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.has_answered.get()
    }

    /// The newest result, if it is kept.
    #[must_use]
    pub fn take_kept(&self) -> Option<Kept> {
        self.kept.borrow_mut().take().filter(|kept| !kept.columns.is_empty())
    }

    fn notes(&self, evidence: &Evidence) -> Vec<Note> {
        let is_bare = evidence.facts.is_empty() && evidence.assumptions.is_empty();
        if is_bare || !self.sink.borrow().wants_notes() { Vec::new() } else { (self.annotate)(evidence) }
    }
}

impl Evidence {
    fn add(&mut self, cell: &Cell<'_>) {
        if let Cell::Quantity(quantity) = cell {
            self.facts = self.facts.union(quantity.facts());
            self.assumptions = self.assumptions.union(quantity.assumptions());
        }
    }
}
