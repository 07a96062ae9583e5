//! The output of an evaluation: the [`Sink`] that receives results one after the other, header, rows, end, and the handle by which
//! SQL and scripts write to it. The handle gathers evidence, conflicts of sources, and the last result on the way, for its
//! owner's callbacks; it does not query the book itself.

use super::conflict_log::{ConflictLog, FindStatements};
use super::result::{
    Appended, AppendedColumns, CachedResult, Cell, Column, Evidence, Header, Layout, MAX_CACHED_ROWS, Note, Origin,
};
use crate::error::Limit;
use crate::quantity::{Assumptions, Digits, Facts, Sentence, StatementWarnings, human};
use crate::store::{EarlierValues, Stop};
use std::cell::{Cell as Flag, RefCell};
use std::collections::BTreeSet;
use std::io;
use std::mem::take;
use std::rc::Rc;

/// A receiver of results. Every method fails as its writer fails; a broken pipe ends the program silently, so it is
/// passed on as it is.
#[allow(clippy::missing_errors_doc)] // said once, above
pub trait Sink {
    /// Begins a result.
    fn begin(&mut self, header: &Header) -> io::Result<()>;
    /// Writes a row of the result begun last: as many cells as it has columns, and those of its appended columns.
    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()>;
    /// Completes the result. `notes` is empty unless [`Sink::wants_notes`].
    fn end(&mut self, notes: &[Note]) -> io::Result<()>;
    /// Writes a single value of a script, which may rest on assumptions besides those that it names itself: a result of one
    /// row with the column `value`, unless the sink shows it otherwise.
    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        let column = Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) };
        let appended = AppendedColumns { assumptions: !assumed.is_empty(), ..AppendedColumns::default() };
        self.begin(&Header { columns: vec![column], appended, assumed: assumed.clone(), ..Header::default() })?;
        self.row(std::slice::from_ref(cell), &Appended { assumptions: assumed.clone(), ..Appended::default() })?;
        self.end(&[])
    }
    /// Writes the notes below the single value written last, if [`Sink::wants_notes`].
    fn below_value(&mut self, _notes: &[Note]) -> io::Result<()> {
        Ok(())
    }
    /// Writes text that a script prints.
    fn print(&mut self, text: &str) -> io::Result<()>;
    /// Writes text of the program itself among the answers, which a window may break between words.
    fn say(&mut self, text: &str) -> io::Result<()> {
        self.print(text)
    }
    /// Writes the sentence by which a script answers its question.
    fn answer(&mut self, sentence: &str) -> io::Result<()> {
        self.print(sentence)
    }
    /// Writes the line that names the assumptions of the text behind it.
    fn assumed(&mut self, text: &str) -> io::Result<()> {
        self.say(text)
    }
    /// Writes a line of an answer that is SQL itself, as it stands, if [`Sink::takes_sql`].
    fn sql(&mut self, line: &str) -> io::Result<()> {
        self.print(line)
    }
    /// True if SQL stands among the results as it is.
    fn takes_sql(&self) -> bool {
        false
    }
    /// Writes a remark that is not part of the answer, for standard error.
    fn notice(&mut self, text: &str) -> io::Result<()>;
    /// True if notes are shown: collecting them is skipped otherwise.
    fn wants_notes(&self) -> bool;
    /// True if programs or documents take what is written, of whose readers none knows more of a row than its columns.
    fn is_for_programs(&self) -> bool {
        !self.wants_notes()
    }
    /// Writes everything that is still held back, at the end of an answer, so that a writer that fails is noticed.
    fn flush(&mut self) -> io::Result<()>;
    /// Closes a document, after the last answer.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
    /// Sets the digits of the numbers that people see in further results; formats for programs have every digit.
    fn set_digits(&mut self, _digits: Digits) {}
    /// True if the rows of the result begun last are all held until it is complete.
    fn holds_rows(&self) -> bool {
        false
    }
}

/// Makes the notes under a result from its evidence.
pub type Annotate = Rc<dyn Fn(&Evidence) -> Vec<Note>>;

/// Stores each result when it has been shown.
pub type OnResult = Rc<dyn Fn(CachedResult)>;

/// A shared handle to a sink. Each call borrows the sink for itself alone, so that a function called in the middle
/// of a statement may print. Every call fails as the sink's writer fails.
#[derive(Clone)]
pub struct Output {
    sink: Rc<RefCell<Box<dyn Sink>>>,
    annotate: Annotate,
    on_result: Option<OnResult>,
    stop: Stop,
    find_statements: FindStatements,
    echoes_sql: bool,
    /// An output that gets the same results, for a receipt of them.
    record: Option<Rc<Output>>,
    state: Rc<OutputState>,
}

/// The state of an output, shared by its clones.
#[derive(Default)]
struct OutputState {
    /// The rows of this answer so far, and the most that it may have; 0 for any number.
    rows: Flag<u64>,
    most_rows: Flag<u64>,
    /// True if the result begun last has a row.
    has_row: Flag<bool>,
    evidence: RefCell<Evidence>,
    cached: RefCell<CachedResult>,
    has_answered: Flag<bool>,
    /// The layout of results that come as rows.
    layout: Flag<Layout>,
    /// The header of the result that has begun.
    header: RefCell<Header>,
    /// The assumptions that all further answers may rest on.
    assumed: RefCell<Assumptions>,
    /// The assumptions that a line above printed text has named.
    printed: RefCell<Assumptions>,
    /// The warnings of this answer so far: a script may run one statement a thousand times.
    warnings: RefCell<BTreeSet<String>>,
    conflicts: RefCell<ConflictLog>,
    /// The notes on the series of which the result that has begun has values.
    series: RefCell<Vec<Note>>,
    /// The values of series that are of an earlier date than was asked for.
    earlier_values: RefCell<EarlierValues>,
}

#[allow(clippy::missing_errors_doc)] // said once, above
impl Output {
    /// A handle to `sink`; without `on_result` no rows are kept. Rows end when `stop` is raised.
    #[must_use]
    pub fn new(sink: Box<dyn Sink>, annotate: Annotate, on_result: Option<OnResult>, stop: Stop) -> Self {
        Self {
            sink: Rc::new(RefCell::new(sink)),
            annotate,
            on_result,
            stop,
            find_statements: Rc::new(|| None),
            echoes_sql: false,
            record: None,
            state: Rc::default(),
        }
    }

    /// The same for a book of which several facts may state one thing.
    #[must_use]
    pub fn with_statements(self, find_statements: FindStatements) -> Self {
        Self { find_statements, ..self }
    }

    /// The same, which says of each statement which SQL ran, or does not.
    #[must_use]
    pub fn with_echo(self, echoes_sql: bool) -> Self {
        Self { echoes_sql, ..self }
    }

    /// The same, whose results and printed lines another output gets too.
    #[must_use]
    pub fn recorded_by(self, record: Self) -> Self {
        let record = Self { record: self.record.clone(), ..record };
        Self { record: Some(Rc::new(record)), ..self }
    }

    /// The output that records, under the assumptions of this answer so far.
    #[must_use]
    pub fn record(&self) -> Option<&Self> {
        let record = self.record.as_deref()?;
        record.state.assumed.replace(self.assumptions());
        Some(record)
    }

    /// True if each statement is to be reported as SQLite runs it.
    #[must_use]
    pub fn echoes_sql(&self) -> bool {
        self.echoes_sql
    }

    /// Begins a result. It may rest on the assumptions of this answer so far.
    pub fn begin(&self, header: &Header) -> io::Result<()> {
        if let Some(record) = self.record() {
            record.begin(header)?;
        }
        self.state.has_answered.set(true);
        self.state.evidence.replace(Evidence::default());
        self.state.cached.replace(CachedResult { columns: header.columns.clone(), ..CachedResult::default() });
        let mut header = header.clone();
        if header.layout == Layout::Rows {
            header.layout = self.state.layout.get();
        }
        header.assumed = header.assumed.union(&self.assumptions());
        header.appended.assumptions |= !header.assumed.is_empty();
        // Text printed with it needs no stamp of its own.
        self.state.printed.replace_with(|printed| printed.union(&header.assumed));
        header.appended.conflict = self.state.conflicts.borrow_mut().begin(&self.find_statements, &header.columns);
        self.state.header.replace(header.clone());
        self.state.has_row.set(false);
        self.sink.borrow_mut().begin(&header)
    }

    /// Writes a row of it. A result may be written long after its last row was read.
    pub fn row(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        let assumptions = self.row_assumptions(cells);
        self.push(cells, assumptions)
    }

    /// Writes a row of it that was answered without the assumptions of the session.
    pub fn row_as_stated(&self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.push(cells, Assumptions::none())
    }

    fn push(&self, cells: &[Cell<'_>], assumptions: Assumptions) -> io::Result<()> {
        if self.stop.is_raised() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.count_row()?;
        if let Some(record) = &self.record {
            record.push(cells, assumptions.clone())?;
        }
        let mut sink = self.sink.borrow_mut();
        if !self.state.has_row.replace(true) {
            self.stop.set_holds_rows(sink.holds_rows());
        }
        if sink.wants_notes() {
            let mut evidence = self.state.evidence.borrow_mut();
            for cell in cells {
                evidence.add(cell);
            }
        }
        if self.on_result.is_some() {
            let mut cached = self.state.cached.borrow_mut();
            cached.total_rows += 1;
            if cached.rows.len() < MAX_CACHED_ROWS {
                Rc::make_mut(&mut cached.rows).push(cells.iter().cloned().map(Cell::into_owned).collect());
            }
            cached.named = named_by(cells).fold(take(&mut cached.named), |all, named| all.union(named));
        }
        let conflict = self.state.conflicts.borrow_mut().add_row(cells, !sink.wants_notes());
        sink.row(cells, &Appended { conflict: conflict.as_deref(), assumptions })
    }

    /// The assumptions of a row: those of its quantities, and those of the result as a whole.
    fn row_assumptions(&self, cells: &[Cell<'_>]) -> Assumptions {
        let header = self.state.header.borrow();
        if !header.appended.assumptions {
            return self.assumptions();
        }
        let whole = header.assumed.union(&self.assumptions());
        named_by(cells).fold(whole, |all, named| all.union(named))
    }

    /// Counts the rows of this answer, up to the limit of them.
    fn count_row(&self) -> io::Result<()> {
        self.state.rows.set(self.state.rows.get() + 1);
        if self.state.most_rows.get() > 0 && self.state.rows.get() > self.state.most_rows.get() {
            self.stop.raise_at(Limit::Rows);
            return Err(io::ErrorKind::Interrupted.into());
        }
        Ok(())
    }

    /// The flag that ends the answer.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Completes the result, with its notes.
    pub fn end(&self, origin: Origin) -> io::Result<()> {
        if let Some(record) = self.record() {
            record.end(Origin::Untold)?;
        }
        let assumed = self.state.header.take().assumed.union(&self.assumptions());
        let mut evidence = Evidence { origin: origin.clone(), ..self.state.evidence.take() };
        evidence.assumptions = evidence.assumptions.union(&assumed);
        let notes = self.notes(&evidence);
        self.sink.borrow_mut().end(&notes)?;
        self.stop.set_holds_rows(false);
        self.cache(CachedResult { origin, assumed, ..self.state.cached.take() });
        Ok(())
    }

    /// Writes a single value, with its derivation in a script. It names its facts in its own line; their texts are a `.why`
    /// away, unless it is unknown.
    pub fn value(&self, cell: &Cell<'static>, working: Option<String>) -> io::Result<()> {
        if let Some(record) = self.record() {
            record.value(cell, None)?;
        }
        self.state.has_answered.set(true);
        let columns = vec![Column { name: "value".to_owned(), is_quantity: matches!(cell, Cell::Quantity(_)) }];
        let has_column = self.state.conflicts.borrow_mut().begin(&self.find_statements, &columns);
        let is_for_programs = !self.sink.borrow().wants_notes();
        let conflict = self.state.conflicts.borrow_mut().add_row(std::slice::from_ref(cell), is_for_programs);
        let origin = Origin::Computed(working.into_iter().map(|working| (0, 0, working)).collect());
        let mut evidence = Evidence { is_value: true, origin: origin.clone(), ..Evidence::default() };
        evidence.add(cell);
        let notes = self.notes(&evidence);
        let (assumed, named) = (self.assumptions(), evidence.assumptions);
        let mut sink = self.sink.borrow_mut();
        // A bare number of the reader's own names itself.
        let all = assumed.union(&named);
        let all = if all.about_book().is_empty() { Assumptions::none() } else { all };
        if is_for_programs && has_column {
            let appended = AppendedColumns { conflict: true, assumptions: !all.is_empty() };
            sink.begin(&Header { columns: columns.clone(), appended, assumed: all.clone(), ..Header::default() })?;
            let row = Appended { conflict: conflict.as_deref(), assumptions: all };
            sink.row(std::slice::from_ref(cell), &row)?;
            sink.end(&[])?;
        } else {
            sink.value(cell, &all)?;
        }
        if !notes.is_empty() {
            sink.below_value(&notes)?;
        }
        drop(sink);
        let rows = Rc::new(vec![vec![cell.clone()]]);
        self.cache(CachedResult { columns, rows, total_rows: 1, is_value: true, origin, assumed, named });
        Ok(())
    }

    /// Writes text that a script prints, below a line with its assumptions unless one above has named them.
    pub fn print(&self, text: &str) -> io::Result<()> {
        if let Some(record) = &self.record {
            record.print(text)?;
        }
        self.name_assumptions()?;
        self.sink.borrow_mut().print(text)
    }

    /// Writes the sentence by which a script answers its question, in the same way.
    pub fn answer(&self, sentence: &str) -> io::Result<()> {
        if let Some(record) = &self.record {
            record.answer(sentence)?;
        }
        self.name_assumptions_beside(&Sentence::read(sentence).assumptions)?;
        self.sink.borrow_mut().answer(sentence)
    }

    /// Writes text of the program itself, in the same way; a window may break it between words.
    pub fn say(&self, text: &str) -> io::Result<()> {
        self.name_assumptions()?;
        self.sink.borrow_mut().say(text)
    }

    /// Writes a line of an answer that is SQL itself, which is no result: nothing stands beside it.
    pub fn sql(&self, line: &str) -> io::Result<()> {
        self.sink.borrow_mut().sql(line)
    }

    /// True if SQL can be written as the answer.
    #[must_use]
    pub fn takes_sql(&self) -> bool {
        self.sink.borrow().takes_sql()
    }

    /// True if all that is written is SQL.
    #[must_use]
    pub fn is_sql(&self) -> bool {
        self.takes_sql() && !self.sink.borrow().wants_notes()
    }

    /// Writes a line with the assumptions of printed text that none above has named.
    fn name_assumptions(&self) -> io::Result<()> {
        self.name_assumptions_beside(&Assumptions::none())
    }

    /// The same without those that the text names itself.
    fn name_assumptions_beside(&self, named: &Assumptions) -> io::Result<()> {
        let unnamed = self.assumptions().without(&self.state.printed.borrow()).without(named);
        self.state.printed.replace_with(|printed| printed.union(&unnamed));
        if unnamed.is_empty() {
            return Ok(());
        }
        let unnamed: Vec<String> = unnamed.iter().map(human::assumption).collect();
        self.sink.borrow_mut().assumed(&format!("WHAT-IF  assumes {}", unnamed.join("; ")))
    }

    /// True if programs or documents take the answer.
    #[must_use]
    pub fn is_for_programs(&self) -> bool {
        self.sink.borrow().is_for_programs()
    }

    /// Writes a remark beside the answer.
    pub fn notice(&self, text: &str) -> io::Result<()> {
        self.sink.borrow_mut().notice(text)
    }

    /// Writes a warning about a statement, unless this answer has it already.
    pub fn remark(&self, text: String) -> io::Result<()> {
        if self.state.warnings.borrow().contains(&text) {
            return Ok(());
        }
        self.notice(&text)?;
        self.state.warnings.borrow_mut().insert(text);
        Ok(())
    }

    /// Lays the results of this answer out with their columns one below the other.
    pub fn lay_out_lines(&self) {
        self.state.layout.set(Layout::Lines);
    }

    /// Shows what `work` writes with these digits.
    pub fn with_digits<T>(&self, digits: Digits, work: impl FnOnce() -> T) -> T {
        self.sink.borrow_mut().set_digits(digits);
        let done = work();
        self.sink.borrow_mut().set_digits(Digits::default());
        done
    }

    /// Begins a new answer: the assumptions, warnings and rows of an earlier one don't count.
    pub fn begin_answer(&self) {
        self.state.layout.take();
        self.state.rows.take();
        self.state.most_rows.set(self.stop.limits().most(Limit::Rows));
        self.state.assumed.take();
        self.state.printed.take();
        self.state.warnings.take();
        self.state.earlier_values.take();
        self.state.conflicts.borrow_mut().begin_answer();
    }

    /// Records statements of one thing that were combined, for a remark at the end of the answer.
    pub fn note_reconciled(&self, settled: StatementWarnings) {
        self.state.conflicts.borrow_mut().settle(settled);
    }

    /// Records statements that were handed on as plain numbers.
    pub fn note_handed_on(&self, facts: &Facts) {
        self.state.conflicts.borrow_mut().hand_on(facts);
    }

    /// Notes the series of which the result that has begun has values.
    pub fn note_series<'n>(&self, notes: impl Iterator<Item = &'n Note>) {
        let mut series = self.state.series.borrow_mut();
        for note in notes {
            if !series.contains(note) {
                series.push(note.clone());
            }
        }
    }

    /// Records values of series that are of an earlier date than was asked for, for a remark at the end of the answer.
    pub fn note_earlier_values(&self, earlier: EarlierValues) {
        self.state.earlier_values.borrow_mut().extend(earlier);
    }

    /// The assumptions that all further answers may rest on.
    #[must_use]
    pub fn assumptions(&self) -> Assumptions {
        self.state.assumed.borrow().clone()
    }

    /// Adds to the assumptions that all further answers may rest on, for values that can't be followed further.
    pub fn add_assumptions(&self, assumptions: &Assumptions) {
        if !assumptions.is_empty() {
            self.state.assumed.replace_with(|assumed| assumed.union(assumptions));
        }
    }

    /// Runs `work`, and returns the assumptions that it alone has added.
    pub fn track_assumptions<T>(&self, work: impl FnOnce() -> T) -> (T, Assumptions) {
        let before = self.state.assumed.take();
        let done = work();
        let found = self.assumptions();
        self.state.assumed.replace(before.union(&found));
        (done, found)
    }

    /// Runs `work`, and drops the assumptions that it has added.
    pub fn isolate_assumptions<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.assumptions();
        let done = work();
        self.state.assumed.replace(before);
        done
    }

    /// Ends an answer: writes its remarks and everything that is held back.
    pub fn flush(&self) -> io::Result<()> {
        let remarks = self.state.conflicts.borrow_mut().remarks(&self.find_statements);
        let earlier = self.state.earlier_values.take().notices();
        remarks.iter().chain(&earlier).try_for_each(|remark| self.notice(remark))?;
        self.sink.borrow_mut().flush()
    }

    /// Closes the document that is written.
    pub fn finish(&self) -> io::Result<()> {
        self.sink.borrow_mut().finish()
    }

    /// True if anything has been answered.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.state.has_answered.get()
    }

    fn cache(&self, cached: CachedResult) {
        if let Some(on_result) = &self.on_result {
            on_result(cached);
        }
    }

    fn notes(&self, evidence: &Evidence) -> Vec<Note> {
        let series = self.state.series.take();
        let is_bare = evidence.facts.is_empty() && evidence.assumptions.is_empty() && evidence.reasons.is_empty();
        if is_bare || !self.sink.borrow().wants_notes() {
            return Vec::new();
        }
        let mut notes = self.state.conflicts.borrow_mut().notes();
        notes.extend(series);
        notes.extend((self.annotate)(evidence));
        notes
    }
}

/// The assumptions of the quantities among cells.
fn named_by<'c>(cells: &'c [Cell<'_>]) -> impl Iterator<Item = &'c Assumptions> {
    cells.iter().filter_map(|cell| match cell {
        Cell::Quantity(quantity) => Some(quantity.assumptions()),
        _ => None,
    })
}
