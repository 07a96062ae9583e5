//! Runs SQL: each statement of a text in turn, or one whose rows a script fetches. Rows stream, and nothing is kept.

use super::bind::Parameters;
use super::blocks;
use super::diagnostics::column_scope::date_columns;
use super::diagnostics::shown_totals::{ShownTotals, shows_rows};
use super::diagnostics::{StatementContext, lints, losses, multiplied};
use super::from_first;
use super::instrumentation::LossCounters;
use super::preparation::{Author, Preparation, Prepared};
use super::series_calls::{self, SeriesCall, SeriesRows};
use super::{AppendedColumns, Cell, Column, Header, Origin, Output};
use crate::error::{Error, SqlCause, SqlError};
use crate::store::{Book, Dependencies};
use crate::syntax::Text;
use crate::syntax::expr::Tokens;
use crate::syntax::sql::{open_at_end, statements};
use rusqlite::types::ValueRef;
use rusqlite::{Row, StatementStatus};
use std::borrow::Cow;
use std::io;
use std::rc::Rc;

/// Runs every statement of `text` and hands each result to `output`; the first error stops.
///
/// # Errors
/// SQL that can't be prepared, bound or run; a file that can't be read; a writer that fails; Ctrl-C.
pub fn run(book: &Rc<Book>, text: &Text, parameters: &dyn Parameters, output: &Output) -> Result<(), Error> {
    refuse_open(text)?;
    let text = &*from_first::in_order(text);
    let mut found_any = false;
    for range in statements(&text.whole) {
        found_any = true;
        let preparation = Preparation { book, text, parameters, author: Author::Person, depth: 0 };
        book.with_writing(true, || preparation.prepare(range)?.stream_to(output))?;
    }
    if found_any { Ok(()) } else { Err(empty()) }
}

/// Prepares the only statement of `text`.
///
/// # Errors
/// As [`run`]; several statements are an error too.
pub fn prepare_one(
    book: &Rc<Book>,
    text: &Text,
    parameters: &dyn Parameters,
    author: Author,
) -> Result<Prepared, Error> {
    refuse_open(text)?;
    let in_order = (author == Author::Person).then(|| from_first::in_order(text));
    let text = in_order.as_deref().unwrap_or(text);
    let mut ranges = statements(&text.whole);
    let Some(first) = ranges.next() else { return Err(empty()) };
    if let Some(second) = ranges.next() {
        let message = "a second statement begins here; one at a time is asked for".to_owned();
        let place = Some(text.place(second.start, 1));
        return Err(SqlError { cause: SqlCause::Other { message }, place }.into());
    }
    // What a script asks only reads, also within an entry that writes.
    book.with_writing(false, || Preparation { book, text, parameters, author, depth: 0 }.prepare(first))
}

/// Refuses a text in which a quote or a comment is still open at the end, before any of it runs: the text behind it
/// would be left out of the answer. SQLite allows an open comment.
fn refuse_open(text: &Text) -> Result<(), Error> {
    let Some((token, missing)) = open_at_end(&text.whole) else { return Ok(()) };
    let place = Some(text.place(token.range.start, token.range.len()));
    Err(SqlError { cause: SqlCause::Incomplete { missing: missing.to_owned() }, place }.into())
}

fn empty() -> Error {
    SqlError::nowhere(SqlCause::Other { message: "the SQL is empty".to_owned() }).into()
}

impl Prepared {
    /// The columns of its result; none for a statement that has no result.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// For each column, true if its numbers are a person's rather than cells.
    #[must_use]
    pub fn user_supplied(&self) -> &[bool] {
        &self.user_supplied
    }

    /// Adds the assumptions of its rows to those of the answer.
    pub fn add_assumptions_to(&self, output: &Output) {
        output.add_assumptions(&self.assumed);
        if self.is_assumed {
            output.add_assumptions(&self.context.book.noted_assumptions());
        }
    }

    fn stream_to(self, output: &Output) -> Result<(), Error> {
        output.isolate_assumptions(|| self.stream_apart(output))
    }

    fn stream_apart(mut self, output: &Output) -> Result<(), Error> {
        if output.echoes_sql() {
            let executed = self.executed.as_deref().unwrap_or(self.context.sql());
            output.remark(format!("ran `{}`", executed.trim()))?;
        }
        let has_result = !self.columns.is_empty();
        if has_result {
            let appended = AppendedColumns { assumptions: self.is_assumed, ..AppendedColumns::default() };
            let (columns, assumed) = (self.columns.clone(), self.assumed.clone());
            let statement = Some(self.context.sql().trim().to_owned());
            let dates = if output.is_for_programs() {
                date_columns(&self.context.book, self.context.sql(), columns.len())
            } else {
                Vec::new()
            };
            output.begin(&Header { columns, statement, appended, dates, assumed, ..Header::default() })?;
        }
        let mut shown =
            ShownTotals::of(&self.context.book, self.context.sql(), &self.columns, output.is_for_programs());
        self.stream_rows(output, shown.as_mut())?;
        self.note_done().map_err(|error| self.context.step_error(error))?;
        output.note_series(self.series.iter().filter_map(SeriesCall::note));
        if has_result {
            output.end(Origin::Statement(self.context.sql().trim().to_owned()))?;
        }
        self.report_warnings(output)?;
        let shown = shown.and_then(|shown| shown.warning(self.statement.get()));
        Ok(shown.map_or(Ok(()), |warning| output.notice(&warning))?)
    }

    /// Notes what a statement that has run to its end has done: a change of the file, a table of its rows, one that is gone.
    fn note_done(&mut self) -> rusqlite::Result<()> {
        let book = &self.context.book;
        self.change.iter().try_for_each(|change| book.note_change(change))?;
        self.keep_rows()
    }

    /// Gives the rows that it has kept their name, once, and drops those of a table that is gone.
    fn keep_rows(&mut self) -> rusqlite::Result<()> {
        let book = &self.context.book;
        self.kept.take().map_or(Ok(()), |table| book.keep_table(&table))?;
        if self.columns.is_empty() { book.drop_unkept_rows() } else { Ok(()) }
    }

    /// Reads the rows that are still on a server, before the first step; of a block the server adds them up.
    fn read_rows(&mut self) -> Result<(), Error> {
        let book = &self.context.book;
        // A question about the statement is counted in its rows, as it would be beside them.
        let may_be_block = self.unread.len() == 1 && self.counted.is_empty();
        let block = may_be_block.then(|| blocks::block(book, self.context.sql())).flatten();
        if let Some(block) = block.filter(|block| self.unread.contains(&block.table.to_ascii_lowercase()))
            && let Some(statement) = book.add_up(&block)?
        {
            self.statement = statement;
            self.unread.clear();
            return Ok(());
        }
        book.read_rows(std::mem::take(&mut self.unread))
    }

    /// Hands the rows to the output.
    fn stream_rows(&mut self, output: &Output, mut shown: Option<&mut ShownTotals>) -> Result<(), Error> {
        self.read_rows()?;
        let Self { statement, columns, context, given_arguments, is_assumed, .. } = self;
        statement.with_mut(|statement| {
            let mut rows = statement.raw_query();
            loop {
                let next = context.book.run_step(given_arguments.as_ref(), || rows.next());
                let Some(row) = next.map_err(|error| context.step_error(error))? else { return Ok(()) };
                if *is_assumed {
                    output.add_assumptions(&context.book.noted_assumptions());
                }
                let cells = read_row(row, columns, context)?;
                if let Some(shown) = &mut shown {
                    shown.add(&cells);
                }
                output.row(&cells)?;
            }
        })
    }

    /// Reports the warnings about the statement and about the rows that were read, once.
    ///
    /// # Errors
    /// The writer's.
    pub fn report_warnings(&mut self, output: &Output) -> io::Result<()> {
        let found = self.context.take_remarks();
        let mut warnings = losses::loss_warnings(self.counters.iter().flat_map(LossCounters::take));
        warnings.append(&mut self.warnings);
        lints::first_warnings(warnings).into_iter().try_for_each(|warning| output.remark(warning))?;
        output.note_reconciled(found.statements.clone());
        output.note_handed_on(&found.made_plain);
        output.note_earlier_values(found.earlier_values.clone());
        let own_text = series_calls::without_series(self.context.sql(), &self.series);
        let has_totals = !found.plain_totals.is_empty();
        let plain_totals = has_totals.then(|| lints::plain_totals(&found, &Tokens::new(&own_text))).flatten();
        let are_shown = !found.totals_left_out.is_empty() && shows_rows(self.context.sql());
        let scaled_name = lints::scaled_name(self.context.book.catalogue(), &found, &own_text);
        // The scale of a name decides how the other notices are read.
        let rows = lints::row_warnings(&found, are_shown, &|site| self.context.argument_at(site));
        let warnings = scaled_name.into_iter().chain(rows).chain(plain_totals);
        let warnings = warnings.chain(self.context.invalid_texts.warning());
        let is_warned = self.is_a_persons && found.counted_twice.is_empty();
        let warn = || multiplied::warning(&self.context.book, self.statement.get(), self.context.sql());
        let warnings = warnings.chain(if is_warned { warn() } else { None });
        let warnings: Vec<String> = warnings.collect();
        let warnings = warnings.into_iter().chain(self.counted_warnings());
        warnings.into_iter().try_for_each(|warning| output.notice(&warning))
    }

    /// The warnings about what is counted behind the statement.
    fn counted_warnings(&mut self) -> Vec<String> {
        let taken = self.statement.get().get_status(StatementStatus::VmStep);
        // The counter has 32 bits, and is negative in the upper half.
        if !(0..=multiplied::MAX_STEPS).contains(&taken) {
            return Vec::new();
        }
        let counted = std::mem::take(&mut self.counted).into_iter();
        counted.filter_map(|(question, mut counting)| question.warning(&counting.counts()?)).collect()
    }

    /// The numbers in its only row.
    fn counts(&mut self) -> Option<Vec<Option<i64>>> {
        self.read_rows().ok()?;
        let Self { statement, context, .. } = self;
        let counted = statement.with_mut(|statement| {
            let width = statement.column_count();
            let mut rows = statement.raw_query();
            let row = context.book.run_step(None, || rows.next()).ok().flatten()?;
            (0..width).map(|at| row.get(at).ok()).collect()
        });
        // The statement that is asked has reported the same.
        drop((context.book.take_function_error(), context.book.take_denial(), context.book.take_remarks()));
        counted
    }

    /// Reads up to `most` more rows into `rows`; true if the result has ended. A statement keeps its place between
    /// calls: forgetting the handle to its rows skips the reset that dropping it would do, and frees nothing, since
    /// the handle owns nothing.
    ///
    /// # Errors
    /// As [`run`].
    pub fn fetch(&mut self, most: usize, rows: &mut Vec<Vec<Cell<'static>>>) -> Result<bool, Error> {
        self.read_rows()?;
        let Self { statement, columns, context, given_arguments, .. } = self;
        let has_ended = statement.with_mut(|statement| {
            let mut handle = statement.raw_query();
            for _ in 0..most {
                let next = context.book.run_step(given_arguments.as_ref(), || handle.next());
                let Some(row) = next.map_err(|error| context.step_error(error))? else { return Ok(true) };
                let cells = read_row(row, columns, context)?;
                rows.push(cells.into_iter().map(Cell::into_owned).collect());
            }
            std::mem::forget(handle);
            Ok::<_, Error>(false)
        })?;
        if has_ended {
            self.keep_rows().map_err(|error| self.context.step_error(error))?;
        }
        Ok(has_ended)
    }
}

impl SeriesRows for Prepared {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn user_supplied(&self) -> &[bool] {
        &self.user_supplied
    }

    fn fetch(&mut self, most: usize, rows: &mut Vec<Vec<Cell<'static>>>) -> Result<bool, Error> {
        Prepared::fetch(self, most, rows)
    }

    fn reliance(&self) -> Dependencies {
        let mut reliance = Dependencies { tracked: self.tracked.clone(), untracked: self.assumed.clone() };
        if self.is_assumed {
            reliance.untracked = reliance.untracked.union(&self.context.book.noted_assumptions());
        }
        reliance
    }
}

fn read_row<'r>(row: &'r Row<'_>, columns: &[Column], context: &StatementContext) -> Result<Vec<Cell<'r>>, Error> {
    context.book.stop().count_row();
    let mut cells = Vec::with_capacity(columns.len());
    for (index, column) in columns.iter().enumerate() {
        let value = row.get_ref(index).map_err(|error| Error::Fault(error.to_string()))?;
        cells.push(match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Text(bytes) if column.is_quantity => quantity(bytes, column, context)?,
            other if column.is_quantity => {
                return Err(no_quantity(column, &format!("it is a {}", type_in_words(other))));
            }
            ValueRef::Integer(whole) => Cell::Integer(whole),
            ValueRef::Real(real) if context.is_stored(row.as_ref(), index) => Cell::StoredReal(real),
            ValueRef::Real(real) => Cell::Real(real),
            ValueRef::Text(bytes) => Cell::Text(text(bytes, column, context)?),
            ValueRef::Blob(bytes) => Cell::Blob(Cow::Borrowed(bytes)),
        });
    }
    Ok(cells)
}

fn quantity(bytes: &[u8], column: &Column, context: &StatementContext) -> Result<Cell<'static>, Error> {
    let units = context.book.units().map_err(|error| context.step_error(error))?;
    let text = String::from_utf8_lossy(bytes);
    let Some(form) = context.book.untagged(&text) else { return Err(no_quantity(column, "it is text")) };
    match units.parse_quantity(form) {
        Ok(quantity) => Ok(Cell::Quantity(Box::new(quantity))),
        Err(error) => Err(no_quantity(column, &error.message())),
    }
}

/// A text of a column that holds no quantities. A quantity that got there all the same has lost its column, and is refused.
fn text<'r>(bytes: &'r [u8], column: &Column, context: &StatementContext) -> Result<Cow<'r, str>, Error> {
    let text = context.invalid_texts.decode(bytes);
    if context.knows_quantities && context.book.contains_tag(&text) {
        return Err(SqlError::nowhere(SqlCause::mixed_column(&column.name)).into());
    }
    Ok(text)
}

fn type_in_words(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Integer(_) => "whole number",
        ValueRef::Real(_) => "REAL",
        ValueRef::Blob(_) => "blob",
        ValueRef::Text(_) | ValueRef::Null => "text",
    }
}

/// The error of a value among quantities that is none, as where `union all` puts a number below them.
fn no_quantity(column: &Column, why: &str) -> Error {
    let message = format!("a value of `{}` is no quantity: {why}", column.name);
    SqlError::nowhere(SqlCause::refused(message, "write a quantity as `1600000000 GBP [F29]`")).into()
}
