//! The handle by which SQL and scripts reach the sink of an evaluation. It gathers what a result rests on and what
//! `last` will hold, and hands both to whoever made it; it must not ask the book itself.

use super::conflicts::{AskStatements, Conflicts};
use super::evidence::{Evidence, Origin};
use super::{Appended, AppendedColumns, Cell, Column, Header, Layout, Note, Sink};
use crate::error::Limit;
use crate::quantity::{Assumptions, Facts, StatementRemarks, reading};
use crate::store::Stop;
use crate::syntax::sql::reads_tables;
use std::cell::{Cell as Flag, RefCell};
use std::collections::BTreeSet;
use std::io;
use std::mem::take;
use std::rc::Rc;

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
    /// The assumptions that its plain values, or which rows there are, may rest on.
    pub assumed: Assumptions,
    /// The assumptions that its quantities name.
    pub named: Assumptions,
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
    /// Whether the result begun last has a row.
    has_row: Rc<Flag<bool>>,
    evidence: Rc<RefCell<Evidence>>,
    kept: Rc<RefCell<Kept>>,
    has_answered: Rc<Flag<bool>>,
    /// How results are laid out instead of as rows.
    layout: Rc<Flag<Layout>>,
    /// The header of the result that has begun.
    begun: Rc<RefCell<Header>>,
    /// The assumptions that whatever is answered from now on may rest on.
    assumed: Rc<RefCell<Assumptions>>,
    /// Those that a line above printed text has named.
    printed: Rc<RefCell<Assumptions>>,
    /// The remarks on statements of this answer so far: a script may ask one a thousand times.
    remarks: Rc<RefCell<BTreeSet<String>>>,
    ask_statements: AskStatements,
    conflicts: Rc<RefCell<Conflicts>>,
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
            has_row: Rc::default(),
            evidence: Rc::default(),
            kept: Rc::default(),
            has_answered: Rc::default(),
            layout: Rc::default(),
            begun: Rc::default(),
            assumed: Rc::default(),
            printed: Rc::default(),
            remarks: Rc::default(),
            ask_statements: Rc::new(|| None),
            conflicts: Rc::default(),
        }
    }

    /// The same for a book of which several facts may state one thing.
    #[must_use]
    pub fn with_statements(self, ask_statements: AskStatements) -> Self {
        Self { ask_statements, ..self }
    }

    /// A result begins. It may rest on whatever this answer does so far.
    pub fn begin(&self, header: &Header) -> io::Result<()> {
        self.has_answered.set(true);
        self.evidence.replace(Evidence::default());
        self.kept.replace(Kept { columns: header.columns.clone(), ..Kept::default() });
        let mut header = header.clone();
        if header.layout == Layout::Rows {
            header.layout = self.layout.get();
        }
        header.assumed = header.assumed.union(&self.assumed());
        header.appended.assumptions |= !header.assumed.is_empty();
        // Above what is printed with it stands its stamp.
        self.printed.replace_with(|printed| printed.union(&header.assumed));
        header.appended.conflict = self.conflicts.borrow_mut().begin(&self.ask_statements, &header.columns);
        self.begun.replace(header.clone());
        self.has_row.set(false);
        self.sink.borrow_mut().begin(&header)
    }

    /// A row of it. A result may be written long after its last row was read.
    pub fn row(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        let assumptions = self.row_assumptions(cells);
        self.push(cells, assumptions)
    }

    /// A row of it that was answered without what the session supposes.
    pub fn row_as_stated(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.push(cells, Assumptions::none())
    }

    fn push(&self, cells: &[Cell<'_>], assumptions: Assumptions) -> io::Result<()> {
        if self.stop.is_raised() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.count_row()?;
        let mut sink = self.sink.borrow_mut();
        if !self.has_row.replace(true) {
            self.stop.set_holds_rows(sink.holds_rows());
        }
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
            kept.named = named_by(cells).fold(take(&mut kept.named), |all, named| all.union(named));
        }
        let conflict = self.conflicts.borrow_mut().meet(cells, !sink.wants_notes());
        sink.row_with(cells, &Appended { conflict: conflict.as_deref(), assumptions })
    }

    /// What a row rests on: what its quantities suppose, and what the result as a whole may.
    fn row_assumptions(&self, cells: &[Cell<'_>]) -> Assumptions {
        let begun = self.begun.borrow();
        if !begun.appended.assumptions {
            return self.assumed();
        }
        let whole = begun.assumed.union(&self.assumed());
        named_by(cells).fold(whole, |all, named| all.union(named))
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
        let assumed = self.begun.take().assumed.union(&self.assumed());
        let mut evidence = Evidence { origin: origin.clone(), ..self.evidence.take() };
        evidence.assumptions = evidence.assumptions.union(&assumed);
        let notes = self.notes(&evidence);
        self.sink.borrow_mut().end(&notes)?;
        self.stop.set_holds_rows(false);
        self.keep(Kept { origin, assumed, ..self.kept.take() });
        Ok(())
    }

    /// A single value, and how a script computed it. It names its facts in its own line; what they say is a `.why`
    /// away, unless it is unknown.
    pub fn value(&self, cell: &Cell<'static>, working: Option<String>) -> io::Result<()> {
        self.has_answered.set(true);
        let columns = vec![Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) }];
        let has_column = self.conflicts.borrow_mut().begin(&self.ask_statements, &columns);
        let is_for_programs = !self.sink.borrow().wants_notes();
        let conflict = self.conflicts.borrow_mut().meet(std::slice::from_ref(cell), is_for_programs);
        let origin = Origin::Computed(working.into_iter().map(|working| (0, 0, working)).collect());
        let mut evidence = Evidence { is_value: true, origin: origin.clone(), ..Evidence::default() };
        evidence.add(cell);
        let notes = self.notes(&evidence);
        let (assumed, named) = (self.assumed(), evidence.assumptions);
        let mut sink = self.sink.borrow_mut();
        // A bare number of the reader's own says so itself.
        let all = assumed.union(&named);
        let all = if all.about_book().is_empty() { Assumptions::none() } else { all };
        if is_for_programs && has_column {
            let appended = AppendedColumns { conflict: true, assumptions: !all.is_empty() };
            sink.begin(&Header { columns: columns.clone(), appended, assumed: all.clone(), ..Header::default() })?;
            let row = Appended { conflict: conflict.as_deref(), assumptions: all };
            sink.row_with(std::slice::from_ref(cell), &row)?;
            sink.end(&[])?;
        } else {
            sink.value_with(cell, &all)?;
        }
        if !notes.is_empty() {
            sink.below_value(&notes)?;
        }
        drop(sink);
        let rows = Rc::new(vec![vec![cell.clone()]]);
        self.keep(Kept { columns, rows, total_rows: 1, is_value: true, origin, assumed, named });
        Ok(())
    }

    /// Text that a script prints. Above it stands what it may rest on, where no line above it has said so.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let unnamed = self.assumed().without(&self.printed.borrow());
        self.printed.replace_with(|printed| printed.union(&unnamed));
        let mut sink = self.sink.borrow_mut();
        if !unnamed.is_empty() {
            let unnamed: Vec<String> = unnamed.iter().map(reading::assumption).collect();
            sink.print(&format!("WHAT-IF  assumes {}", unnamed.join("; ")))?;
        }
        sink.print(text)
    }

    /// A remark beside the answer.
    pub fn notice(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().notice(text)
    }

    /// A remark on a statement, unless this answer has it already.
    pub fn remark(&self, text: String) -> io::Result<()> {
        if self.remarks.borrow().contains(&text) {
            return Ok(());
        }
        self.notice(&text)?;
        self.remarks.borrow_mut().insert(text);
        Ok(())
    }

    /// Lays the results of this answer out with their columns one below the other.
    pub fn lay_out_lines(&self) {
        self.layout.set(Layout::Lines);
    }

    /// Something new is asked: what an earlier answer was stamped with, or has read, is no matter of it.
    pub fn begin_answer(&self) {
        self.layout.take();
        self.rows.take();
        self.most_rows.set(self.stop.limits().most(Limit::Rows));
        self.assumed.take();
        self.printed.take();
        self.remarks.take();
        self.conflicts.borrow_mut().begin_answer();
    }

    /// Takes note of statements of one thing that were put together, for a remark when all is answered.
    pub fn note_settled(&self, settled: StatementRemarks) {
        self.conflicts.borrow_mut().settle(settled);
    }

    /// Takes note of statements that were handed on as plain numbers.
    pub fn note_handed_on(&self, facts: &Facts) {
        self.conflicts.borrow_mut().hand_on(facts);
    }

    /// The assumptions that whatever is answered from now on may rest on.
    #[must_use]
    pub fn assumed(&self) -> Assumptions {
        self.assumed.borrow().clone()
    }

    /// Whatever is answered from now on may rest on these too: what becomes of them can't be followed further.
    pub fn rest_on(&self, assumptions: &Assumptions) {
        if !assumptions.is_empty() {
            self.assumed.replace_with(|assumed| assumed.union(assumptions));
        }
    }

    /// Does something, and says what is answered from now on may rest on because of it alone.
    pub fn measured<T>(&self, work: impl FnOnce() -> T) -> (T, Assumptions) {
        let before = self.assumed.take();
        let done = work();
        let found = self.assumed();
        self.assumed.replace(before.union(&found));
        (done, found)
    }

    /// Does what answers for itself: what it rests on is no matter of what follows it.
    pub fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.assumed();
        let done = work();
        self.assumed.replace(before);
        done
    }

    /// What was asked has been answered: whoever waits for it sees all of it, and a writer that failed says so.
    pub fn flush(&self) -> io::Result<()> {
        let remarks = self.conflicts.borrow_mut().remarks(&self.ask_statements);
        remarks.iter().try_for_each(|remark| self.notice(remark))?;
        self.sink.borrow_mut().flush()
    }

    /// Nothing more will be asked: what is written to is complete.
    pub fn finish(&self) -> io::Result<()> {
        self.sink.borrow_mut().finish()
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
        if is_bare || !self.sink.borrow().wants_notes() {
            return Vec::new();
        }
        let mut notes = self.conflicts.borrow_mut().notes();
        notes.extend((self.annotate)(evidence));
        notes
    }
}

/// What the quantities among cells suppose.
fn named_by<'c>(cells: &'c [Cell<'_>]) -> impl Iterator<Item = &'c Assumptions> {
    cells.iter().filter_map(|cell| match cell {
        Cell::Quantity(quantity) => Some(quantity.assumptions()),
        _ => None,
    })
}

impl Kept {
    /// Whether its numbers are cells of the book: what a script has shown is whatever it was made of, a person's numbers
    /// among them, and so is what a statement has that reads no table.
    #[must_use]
    pub fn holds_cells(&self) -> bool {
        matches!(&self.origin, Origin::Statement(statement) if reads_tables(statement))
    }

    /// Whether rows are missing.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.total_rows > self.rows.len()
    }
}
