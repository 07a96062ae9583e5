//! The handle by which SQL and scripts reach the sink of an evaluation. It gathers what a result rests on and what
//! `last` will hold, and hands both to whoever made it; it must not ask the book itself.

use super::{Cell, Column, Header, Layout, Note, Sink};
use crate::error::Limit;
use crate::quantity::{Amount, Assumption, Assumptions, Facts, Quantity, Reasons, Ref, reading};
use crate::store::Stop;
use std::cell::{Cell as Flag, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::rc::Rc;

/// What the quantities of a result rest on.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every fact, record and unknown.
    pub facts: Facts,
    /// Every assumption.
    pub assumptions: Assumptions,
    /// Why those are unknown that name no open question of the book.
    pub reasons: Reasons,
    /// Whether it is a single value rather than a table.
    pub is_value: bool,
    /// The first quantity.
    pub first: Option<Quantity>,
    /// How many quantities there are.
    pub quantities: usize,
    /// How the cells came about.
    pub origin: Origin,
}

/// How the cells of a result came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is kept of it.
    #[default]
    Untold,
    /// A statement of SQL answered with them.
    Statement(String),
    /// A script computed some of them: row and column, from 0, and how.
    Computed(Vec<(usize, usize, String)>),
}

/// The result shown last, for `last` and `.why`.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: the first [`KEPT_ROWS`] of them.
    pub rows: Rc<Vec<Vec<Cell<'static>>>>,
    /// How many rows it had.
    pub total_rows: usize,
    /// Whether it was a single value rather than a table.
    pub is_value: bool,
    /// How its cells came about.
    pub origin: Origin,
}

/// The longest result that `last` holds.
pub const KEPT_ROWS: usize = 10_000;

/// Writes the notes under a result from what it rests on.
pub type Annotate = Rc<dyn Fn(&Evidence) -> Vec<Note>>;

/// Takes each result when it has been shown.
pub type Keep = Rc<dyn Fn(Kept)>;

/// A shared handle to a sink. Each call borrows the sink for itself alone, so that a function called in the middle
/// of a statement may print. Every call fails as the sink's writer fails.
#[derive(Clone)]
pub struct Output {
    sink: Rc<RefCell<Box<dyn Sink>>>,
    annotate: Annotate,
    keep: Option<Keep>,
    stop: Stop,
    /// The rows of this answer so far, and the most that it may have; 0 stands for any number.
    rows: Rc<Flag<u64>>,
    most_rows: Rc<Flag<u64>>,
    evidence: Rc<RefCell<Evidence>>,
    kept: Rc<RefCell<Kept>>,
    has_answered: Rc<Flag<bool>>,
    /// How results are laid out instead of as rows.
    layout: Rc<Flag<Layout>>,
    /// The assumptions that the results shown so far are stamped with, by name.
    stamped: Rc<RefCell<BTreeSet<String>>>,
    /// The assumptions of what a script has read, the first of each name.
    read: Rc<RefCell<BTreeMap<String, Assumption>>>,
}

#[allow(clippy::missing_errors_doc)] // said once, above
impl Output {
    /// A handle to `sink`; without `keep` no rows are kept. Rows end when `stop` is raised.
    #[must_use]
    pub fn new(sink: Box<dyn Sink>, annotate: Annotate, keep: Option<Keep>, stop: Stop) -> Self {
        Self {
            sink: Rc::new(RefCell::new(sink)),
            annotate,
            keep,
            stop,
            rows: Rc::default(),
            most_rows: Rc::default(),
            evidence: Rc::default(),
            kept: Rc::default(),
            has_answered: Rc::default(),
            layout: Rc::default(),
            stamped: Rc::default(),
            read: Rc::default(),
        }
    }

    /// A result begins.
    pub fn begin(&self, header: &Header) -> io::Result<()> {
        self.has_answered.set(true);
        self.evidence.replace(Evidence::default());
        self.kept.replace(Kept { columns: header.columns.clone(), ..Kept::default() });
        let layout = if header.layout == Layout::Rows { self.layout.get() } else { header.layout };
        self.sink.borrow_mut().begin(&Header { layout, ..header.clone() })
    }

    /// A row of it. A result may be written long after its last row was read.
    pub fn row(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        if self.stop.is_raised() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.count_row()?;
        for cell in cells {
            self.note_stamp(cell);
        }
        let mut sink = self.sink.borrow_mut();
        if sink.wants_notes() {
            let mut evidence = self.evidence.borrow_mut();
            for cell in cells {
                evidence.add(cell);
            }
        }
        if self.keep.is_some() {
            let mut kept = self.kept.borrow_mut();
            kept.total_rows += 1;
            if kept.rows.len() < KEPT_ROWS {
                Rc::make_mut(&mut kept.rows).push(cells.iter().cloned().map(Cell::into_owned).collect());
            }
        }
        sink.row(cells)
    }

    /// Counts the rows of this answer, up to the limit of them.
    fn count_row(&self) -> io::Result<()> {
        self.rows.set(self.rows.get() + 1);
        if self.most_rows.get() > 0 && self.rows.get() > self.most_rows.get() {
            self.stop.raise_at(Limit::Rows);
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(())
    }

    /// The flag that ends it.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// It is complete; its notes follow.
    pub fn end(&self, origin: Origin) -> io::Result<()> {
        let notes = self.notes(&Evidence { origin: origin.clone(), ..self.evidence.take() });
        self.sink.borrow_mut().end(&notes)?;
        self.keep(Kept { origin, ..self.kept.take() });
        Ok(())
    }

    /// A single value, and how a script computed it. It names its facts in its own line; what they say is a `.why`
    /// away, unless it is unknown.
    pub fn value(&self, cell: &Cell<'static>, working: Option<String>) -> io::Result<()> {
        self.has_answered.set(true);
        self.note_stamp(cell);
        let origin = Origin::Computed(working.into_iter().map(|working| (0, 0, working)).collect());
        let mut evidence = Evidence { is_value: true, origin: origin.clone(), ..Evidence::default() };
        evidence.add(cell);
        let notes = self.notes(&evidence);
        let mut sink = self.sink.borrow_mut();
        sink.value(cell)?;
        if !notes.is_empty() {
            sink.below_value(&notes)?;
        }
        drop(sink);
        let columns = vec![Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) }];
        self.keep(Kept { columns, rows: Rc::new(vec![vec![cell.clone()]]), total_rows: 1, is_value: true, origin });
        Ok(())
    }

    /// Text that a script prints.
    pub fn print(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().print(text)
    }

    /// A remark beside the answer.
    pub fn notice(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().notice(text)
    }

    /// The remark on an answer that rests on assumptions where no stamp of a result has named them: it was a plain value, or
    /// which rows there are, that depended on them.
    pub fn notice_assumed(&self, assumptions: &Assumptions) -> io::Result<()> {
        let named = self.stamped.borrow();
        let unnamed = assumptions.iter().filter(|assumption| !named.contains(assumption.name()));
        let unnamed = unnamed.map(reading::assumption).collect::<Vec<_>>().join("; ");
        if unnamed.is_empty() { Ok(()) } else { self.notice(&format!("WHAT-IF this answer depends on {unnamed}")) }
    }

    /// Lays the results of this answer out with their columns one below the other.
    pub fn lay_out_lines(&self) {
        self.layout.set(Layout::Lines);
    }

    /// Something new is asked: what an earlier answer was stamped with, or has read, is no matter of it.
    pub fn begin_answer(&self) {
        self.layout.take();
        self.stamped.take();
        self.rows.take();
        self.most_rows.set(self.stop.limits().most(Limit::Rows));
        self.read.take();
    }

    /// Takes note of a quantity that a script reads: whatever it answers may depend on what is supposed of it.
    pub fn note_read(&self, quantity: &Quantity) {
        for assumption in quantity.assumptions().iter().filter(|assumption| assumption.is_about_book()) {
            if !self.read.borrow().contains_key(assumption.name()) {
                self.read.borrow_mut().insert(assumption.name().to_owned(), assumption.clone());
            }
        }
    }

    /// The remark on the answer of a script that rests on assumptions which no result has named.
    pub fn notice_read(&self) -> io::Result<()> {
        self.notice_assumed(&self.read.borrow().values().cloned().collect())
    }

    fn note_stamp(&self, cell: &Cell<'_>) {
        let Cell::Quantity(quantity) = cell else { return };
        for assumption in quantity.assumptions().iter() {
            if !self.stamped.borrow().contains(assumption.name()) {
                self.stamped.borrow_mut().insert(assumption.name().to_owned());
            }
        }
    }

    /// What was asked has been answered: whoever waits for it sees all of it, and a writer that failed says so.
    pub fn flush(&self) -> io::Result<()> {
        self.sink.borrow_mut().flush()
    }

    /// Whether anything has been answered.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.has_answered.get()
    }

    fn keep(&self, kept: Kept) {
        if let Some(keep) = &self.keep {
            keep(kept);
        }
    }

    fn notes(&self, evidence: &Evidence) -> Vec<Note> {
        let is_bare = evidence.facts.is_empty() && evidence.assumptions.is_empty() && evidence.reasons.is_empty();
        if is_bare || !self.sink.borrow().wants_notes() { Vec::new() } else { (self.annotate)(evidence) }
    }
}

impl Evidence {
    fn add(&mut self, cell: &Cell<'_>) {
        let Cell::Quantity(quantity) = cell else { return };
        self.facts.extend(quantity.facts());
        self.assumptions = self.assumptions.union(quantity.assumptions());
        self.quantities += 1;
        if self.first.is_none() {
            self.first = Some((**quantity).clone());
        }
        if let Amount::Unknown(reasons) = quantity.amount()
            && !quantity.facts().iter().any(|reference| matches!(reference, Ref::Unknown(_)))
        {
            self.reasons = self.reasons.union(*reasons);
        }
    }
}

impl Kept {
    /// Whether rows are missing.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.total_rows > self.rows.len()
    }
}
