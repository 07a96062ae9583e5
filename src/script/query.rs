//! Rows of SQL for scripts: all of them as a table, or one at a time as a stream. The caller chooses the parameters of a
//! statement.

use super::runtime::{CallerScope, Runtime};
use super::table::{Table, TableRow};
use super::value::{ScriptResult, argument_error, from_cell, from_cell_untagged, program_error};
use crate::sql::{Author, Cell, Column, Output, Parameters, Prepared, prepare_one};
use crate::syntax::Text;
use rhai::{Dynamic, Engine, EvalAltResult};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Rows per read: enough to make the cost of crossing the border small, few enough to stay in the cache.
const CHUNK_ROWS: usize = 256;

/// Prepares a statement of a script, or of the program's own.
pub(super) fn prepare(
    runtime: &Runtime,
    author: Author,
    sql: &str,
    parameters: &dyn Parameters,
) -> ScriptResult<Prepared> {
    let prepared = prepare_one(&runtime.book, &Text::new("SQL", sql), parameters, author).map_err(program_error)?;
    if prepared.columns().is_empty() {
        return Err(argument_error("this SQL has no result", "a script asks questions: `select …`"));
    }
    Ok(prepared)
}

/// Reads every row of a statement of the program's own, as the lookup of an id.
pub(super) fn read_internal(runtime: &Runtime, sql: &str, parameters: &dyn Parameters) -> ScriptResult<Table> {
    all_rows(runtime, prepare(runtime, Author::Program, sql, parameters)?)
}

/// Reads every row of a statement.
pub(super) fn all_rows(runtime: &Runtime, mut prepared: Prepared) -> ScriptResult<Table> {
    let columns: Rc<[Column]> = prepared.columns().into();
    let mut rows = Vec::new();
    loop {
        let mut chunk = Vec::new();
        let is_end = prepared.fetch(CHUNK_ROWS, &mut chunk).map_err(program_error)?;
        note_assumptions(runtime, &prepared);
        rows.extend(chunk.into_iter().map(|cells| row_values(cells, &columns, prepared.user_supplied())));
        if is_end {
            report_notices(runtime.output().as_ref(), &mut prepared)?;
            return Ok(Table::new(columns, rows));
        }
    }
}

/// Adds the assumptions of a statement's rows to those of the run.
fn note_assumptions(runtime: &Runtime, prepared: &Prepared) {
    if let Some(output) = runtime.output() {
        prepared.add_assumptions_to(&output);
    }
}

/// Reports the lints found in the rows of a statement that has ended.
fn report_notices(output: Option<&Output>, prepared: &mut Prepared) -> ScriptResult<()> {
    let Some(output) = output else { return Ok(()) };
    prepared.report_warnings(output).map_err(|error| program_error(error.into()))
}

/// Converts the cells of a row; those of a column in `given` are not tagged as coming from the book.
pub(super) fn row_values(cells: Vec<Cell<'static>>, columns: &[Column], given: &[bool]) -> Rc<[Dynamic]> {
    let value = |((cell, column), given): ((Cell<'static>, &Column), &bool)| {
        if *given { from_cell_untagged(cell, &column.name) } else { from_cell(cell, &column.name) }
    };
    cells.into_iter().zip(columns).zip(given).map(value).collect()
}

/// The rows of a statement, to be read once. Clones share the reading.
#[derive(Clone)]
pub(super) struct RowStream(Rc<RefCell<Option<OpenStream>>>);

/// A stream whose statement is open.
pub(super) struct OpenStream {
    prepared: Prepared,
    columns: Rc<[Column]>,
    pending: VecDeque<Vec<Cell<'static>>>,
    is_at_end: bool,
    /// A row that was taken and not gone through.
    handed_back: Option<Rc<[Dynamic]>>,
    /// The error of a chunk that was read ahead.
    failed: Option<Box<EvalAltResult>>,
    /// Receiver of the lints on its rows.
    output: Option<Output>,
    runtime: Rc<Runtime>,
    /// The scope of the call that opened it.
    caller: CallerScope,
}

impl RowStream {
    /// Opens a stream and reads its first chunk: a statement that has not begun would begin with the tables of a later one.
    pub(super) fn new(runtime: &Rc<Runtime>, caller: CallerScope, prepared: Prepared) -> ScriptResult<Self> {
        let columns = prepared.columns().into();
        let (runtime, output) = (Rc::clone(runtime), runtime.output());
        let (pending, is_at_end, handed_back, failed) = (VecDeque::new(), false, None, None);
        let mut open =
            OpenStream { prepared, columns, pending, is_at_end, handed_back, failed, output, runtime, caller };
        open.read()?;
        Ok(Self(Rc::new(RefCell::new(Some(open)))))
    }

    /// Takes the rows; `None` where they have been gone through.
    pub(super) fn take(&self) -> Option<OpenStream> {
        self.0.take()
    }

    /// Puts back the rows that are left.
    pub(super) fn put_back(&self, open: OpenStream) {
        self.0.replace(Some(open));
    }
}

/// The rows, for one `for` loop; in a second one the first step is an error.
impl IntoIterator for RowStream {
    type Item = ScriptResult<TableRow>;
    type IntoIter = Box<dyn Iterator<Item = Self::Item>>;

    fn into_iter(self) -> Self::IntoIter {
        let Some(mut open) = self.0.take() else {
            let help = "ask again with `stream(…)`, or keep the rows with `query(…)`";
            return Box::new(std::iter::once(Err(argument_error("a stream can be gone through once", help))));
        };
        Box::new(std::iter::from_fn(move || open.next()))
    }
}

impl OpenStream {
    /// The columns of its rows.
    pub(super) fn columns(&self) -> &Rc<[Column]> {
        &self.columns
    }

    /// For each column, true if its cells are not tagged as coming from the book.
    pub(super) fn user_supplied(&self) -> &[bool] {
        self.prepared.user_supplied()
    }

    /// The cells of the next row; `None` where [`OpenStream::next`] has to say why there is none.
    pub(super) fn next_cells(&mut self) -> Option<Vec<Cell<'static>>> {
        if self.handed_back.is_some() || self.failed.is_some() {
            return None;
        }
        if self.pending.is_empty() && !self.is_at_end {
            self.failed = self.read().err();
        }
        if self.failed.is_some() { None } else { self.pending.pop_front() }
    }

    /// Makes a row the next one again.
    pub(super) fn hand_back(&mut self, values: Rc<[Dynamic]>) {
        self.handed_back = Some(values);
    }

    fn next(&mut self) -> Option<ScriptResult<TableRow>> {
        if let Some(values) = self.handed_back.take() {
            return Some(Ok(TableRow { columns: Rc::clone(&self.columns), values }));
        }
        if let Some(error) = self.failed.take() {
            return Some(Err(error));
        }
        if self.pending.is_empty()
            && !self.is_at_end
            && let Err(error) = self.read()
        {
            return Some(Err(error));
        }
        let Some(cells) = self.pending.pop_front() else { return self.report().err().map(Err) };
        Some(Ok(TableRow {
            columns: Rc::clone(&self.columns),
            values: row_values(cells, &self.columns, self.prepared.user_supplied()),
        }))
    }

    /// Reads the next chunk.
    fn read(&mut self) -> ScriptResult<()> {
        let mut chunk = Vec::with_capacity(CHUNK_ROWS);
        let runtime = Rc::clone(&self.runtime);
        let fetched =
            runtime.with_caller_scope(Some(&self.caller.clone()), || self.prepared.fetch(CHUNK_ROWS, &mut chunk));
        note_assumptions(&runtime, &self.prepared);
        self.pending.extend(chunk);
        self.is_at_end = !matches!(fetched, Ok(false));
        fetched.map(|_| ()).map_err(program_error)
    }

    /// Reports the lints on its rows, once all of them have been handed out.
    fn report(&mut self) -> ScriptResult<()> {
        let output = self.output.take();
        report_notices(output.as_ref(), &mut self.prepared)
    }
}

/// Registers streams as iterable.
pub(super) fn register_stream(engine: &mut Engine) {
    engine.register_type_with_name::<RowStream>("rows");
    engine.register_iterator_result::<RowStream, TableRow>();
}
