//! Where results go: the sink that receives one after the other, header, rows, end, and the handle by which SQL and scripts
//! reach the sink of an evaluation. It gathers what a result rests on, what sources disagree about, and what
//! `last` will hold, and hands them to whoever made it; it must not ask the book itself.

use super::result::{Appended, AppendedColumns, Cell, Column, Evidence, Header, KEPT_ROWS, Kept, Layout, Note, Origin};
use crate::error::Limit;
use crate::quantity::{Assumptions, Facts, StatementRemarks, Statements, reading};
use crate::store::Stop;
use std::cell::{Cell as Flag, RefCell};
use std::collections::BTreeSet;
use std::io;
use std::mem::take;
use std::rc::Rc;
use std::sync::Arc;

/// What receives results. Every method fails as its writer fails; a broken pipe ends the program silently, so it is
/// passed on as it is.
#[allow(clippy::missing_errors_doc)] // said once, above
pub trait Sink {
    /// A result begins.
    fn begin(&mut self, header: &Header) -> io::Result<()>;
    /// A row of the result begun last: as many cells as it has columns.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;
    /// The same with the cells of its appended columns.
    fn row_with(&mut self, cells: &[Cell<'_>], _appended: &Appended<'_>) -> io::Result<()> {
        self.row(cells)
    }
    /// The result is complete. `notes` is empty unless [`Sink::wants_notes`].
    fn end(&mut self, notes: &[Note]) -> io::Result<()>;
    /// A single value of a script.
    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()>;
    /// A single value that may rest on assumptions, whatever it says itself.
    fn value_with(&mut self, cell: &Cell<'_>, _assumed: &Assumptions) -> io::Result<()> {
        self.value(cell)
    }
    /// What is said below the single value written last, where [`Sink::wants_notes`].
    fn below_value(&mut self, _notes: &[Note]) -> io::Result<()> {
        Ok(())
    }
    /// Text that a script prints.
    fn print(&mut self, text: &str) -> io::Result<()>;
    /// A remark that is not part of the answer, for standard error.
    fn notice(&mut self, text: &str) -> io::Result<()>;
    /// All that was asked has been answered: what is still held back is written now, so that a writer that fails is
    /// noticed.
    fn flush(&mut self) -> io::Result<()>;
    /// Nothing follows: what closes a document is written.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
    /// Whether the rows of the result begun last are all held until it is complete.
    fn holds_rows(&self) -> bool {
        false
    }
    /// Whether notes are shown at all: collecting them is skipped otherwise.
    fn wants_notes(&self) -> bool;
}

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

/// So many conflicts are told one by one.
const MOST_TOLD: usize = 12;

/// Gives what several facts state of one thing, where there is anything.
pub type AskStatements = Rc<dyn Fn() -> Option<Arc<Statements>>>;

/// What has been shown and told of disagreements.
#[derive(Default)]
pub(super) struct Conflicts {
    /// The statements, while a result is written that may show some.
    statements: Option<Arc<Statements>>,
    shown: Facts,
    told: BTreeSet<String>,
    settled: StatementRemarks,
    handed_on: Facts,
}

impl Conflicts {
    /// A result begins; whether it may show what sources disagree about, so that programs have a column more.
    pub(super) fn begin(&mut self, ask: &AskStatements, columns: &[Column]) -> bool {
        self.shown = Facts::none();
        self.statements = ask().filter(|statements| statements.has_conflict());
        self.statements.is_some() && columns.iter().any(|column| column.is_quantity)
    }

    /// Takes a row into account; what programs are told of it, where it is part of a conflict.
    pub(super) fn meet(&mut self, cells: &[Cell<'_>], is_for_programs: bool) -> Option<String> {
        let statements = self.statements.as_ref()?;
        let mut facts = Facts::none();
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                facts.extend(&statements.touched(quantity.facts()));
            }
        }
        self.shown.extend(&facts);
        let told = if is_for_programs { statements.conflicts_with(&facts) } else { Vec::new() };
        (!told.is_empty()).then(|| told.join("; "))
    }

    /// The lines under a result that shows several statements which disagree.
    pub(super) fn notes(&mut self) -> Vec<Note> {
        let Some(statements) = self.statements.take() else { return Vec::new() };
        let lines = statements.conflicts_among(&self.shown);
        let more = lines.len().saturating_sub(MOST_TOLD);
        let note = |line: &String| Note::new("CONFLICT", "", &format!("{line}; none is chosen or averaged"));
        let mut notes: Vec<Note> = lines.iter().take(MOST_TOLD).map(note).collect();
        if more > 0 {
            notes.push(Note::new("", "", &format!("{more} more: `select * from conflicts` lists them")));
        }
        self.told.extend(lines);
        notes
    }

    /// Takes note of statements of one thing that were put together.
    pub(super) fn settle(&mut self, settled: StatementRemarks) {
        self.settled.extend(settled);
    }

    /// Takes note of statements that were handed on as plain numbers.
    pub(super) fn hand_on(&mut self, facts: &Facts) {
        self.handed_on.extend(facts);
    }

    /// The remarks on them, each once, without the conflicts that results have named.
    pub(super) fn remarks(&mut self, ask: &AskStatements) -> Vec<String> {
        let StatementRemarks { disputes, once, twice } = std::mem::take(&mut self.settled);
        let mut remarks = self.untold(&disputes, "unknown: conflict of ", "; none is chosen or averaged");
        remarks.extend(self.untold(&once, "counted once: ", ""));
        remarks.extend(self.untold(&twice, "counted twice? ", ""));
        let facts = std::mem::take(&mut self.handed_on);
        let several = if facts.len() > 1 { ask().map(|statements| statements.several_among(&facts)) } else { None };
        remarks.extend(self.untold(several.iter().flatten(), "plain numbers of one thing: ", ""));
        remarks
    }

    fn untold<'l>(&mut self, lines: impl IntoIterator<Item = &'l String>, before: &str, behind: &str) -> Vec<String> {
        let new: Vec<&String> = lines.into_iter().filter(|line| self.told.insert((*line).clone())).collect();
        let mut remarks: Vec<String> =
            new.iter().take(MOST_TOLD).map(|line| format!("{before}{line}{behind}")).collect();
        if new.len() > MOST_TOLD {
            remarks.push(format!("{before}{} more{behind}", new.len() - MOST_TOLD));
        }
        remarks
    }

    /// Something new is asked.
    pub(super) fn begin_answer(&mut self) {
        *self = Self::default();
    }
}
