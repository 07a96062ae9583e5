//! Runs SQL: each statement of a text in turn, or one whose rows a script asks for. Rows stream; nothing is kept.

use super::bind::{Parameters, bind};
use super::coercion::Asked;
use super::diagnose::Context;
use super::lex::{self, statements};
use super::lowering::Lowered;
use super::operands::Words;
use super::program::program;
use super::remark::on_rows;
use super::storage::Classes;
use super::unreadable::Unreadable;
use super::{AppendedColumns, Cell, Column, Header, Origin, Output, Text, lints, typing};
use crate::error::{Error, SqlCause, SqlError};
use crate::quantity::Assumptions;
use crate::store::{Book, LiteralArguments};
use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};
use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// A statement ready to be stepped, with its parameters bound and its columns typed.
pub struct Prepared {
    statement: Statement<'static>,
    columns: Vec<Column>,
    context: Context,
    /// The assumptions that its plain values, or which rows there are, may rest on.
    assumed: Assumptions,
    /// Whether its rows may rest on assumptions at all.
    is_assumed: bool,
    /// For each column, whether it is made of numbers that a person gave.
    given: Vec<bool>,
    /// The arguments of its functions that are.
    given_arguments: Option<Arc<LiteralArguments>>,
    /// What is worth a remark whatever the rows are.
    remarks: Vec<String>,
}

/// Runs every statement of `text` and hands each result to `output`; the first error stops.
///
/// # Errors
/// SQL that can't be prepared, bound or run; a file that can't be read; a writer that fails; Ctrl-C.
pub fn run(book: &Rc<Book>, text: &Text, parameters: &dyn Parameters, output: &Output) -> Result<(), Error> {
    refuse_open(text)?;
    let mut found_any = false;
    for range in statements(&text.whole) {
        found_any = true;
        prepare(book, text, range, parameters, Asker::Person)?.stream_to(output)?;
    }
    if found_any { Ok(()) } else { Err(empty()) }
}

/// Words that begin a statement which changes nothing.
const READING_VERBS: [&str; 5] = ["select", "values", "with", "explain", "pragma"];

/// Whether a text has several statements, of which some change something: it could stop half-way.
#[must_use]
pub fn may_leave_half(text: &str) -> bool {
    statements(text).nth(1).is_some() && !only_reads(text)
}

/// Whether every statement of a text begins as one that changes nothing.
#[must_use]
pub fn only_reads(text: &str) -> bool {
    statements(text).all(|range| {
        let statement = &text[range];
        let is_verb = |token: lex::Token| READING_VERBS.iter().any(|verb| token.is_word(statement, verb));
        lex::tokens(statement).next().is_some_and(is_verb)
    })
}

/// Who has written a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person, who hears of what it may not mean.
    Person,
    /// The program itself.
    Program,
}

/// Prepares the only statement of `text`.
///
/// # Errors
/// As [`run`]; several statements are an error too.
pub fn prepare_one(book: &Rc<Book>, text: &Text, parameters: &dyn Parameters, asker: Asker) -> Result<Prepared, Error> {
    refuse_open(text)?;
    let mut ranges = statements(&text.whole);
    let Some(first) = ranges.next() else { return Err(empty()) };
    if let Some(second) = ranges.next() {
        let message = "a second statement begins here; one at a time is asked for".to_owned();
        let place = Some(text.place(second.start, 1));
        return Err(SqlError { cause: SqlCause::Other { message }, place }.into());
    }
    prepare(book, text, first, parameters, asker)
}

/// Refuses a text in which a quote or a comment is still open at the end, before any of it runs: whatever stands behind
/// would be left out of the answer. SQLite lets a comment be open.
fn refuse_open(text: &Text) -> Result<(), Error> {
    let Some((token, missing)) = lex::open_at_end(&text.whole) else { return Ok(()) };
    let place = Some(text.place(token.range.start, token.range.len()));
    Err(SqlError { cause: SqlCause::Incomplete { missing: missing.to_owned() }, place }.into())
}

fn empty() -> Error {
    SqlError::nowhere(SqlCause::Other { message: "the SQL is empty".to_owned() }).into()
}

fn prepare(
    book: &Rc<Book>,
    text: &Text,
    range: Range<usize>,
    parameters: &dyn Parameters,
    asker: Asker,
) -> Result<Prepared, Error> {
    let mut context = Context {
        book: Rc::clone(book),
        text: text.clone(),
        range,
        knows_quantities: false,
        literal: None,
        unreadable: Unreadable::default(),
    };
    context.refuse_nul()?;
    context.refuse_reserved()?;
    context.refuse_endless_series()?;
    let lowered = Lowered::new(&text.whole[context.range.clone()]);
    context.literal = lowered.only_literal();
    let mut statement = book.prepare(&lowered.sql()).map_err(|error| context.prepare_error(lowered.error(error)))?;
    let (reads_quantities, reads_own_views) = (book.reads_quantities(), book.reads_user_views());
    let mut reliance = book.dependencies().map_err(|error| context.step_error(error))?;
    let mut is_assumed = book.makes_assumptions();
    let bound = bind(book, &mut statement, parameters).map_err(|cause| context.parameter_error(cause))?;
    reliance.merge(&bound.reliance);
    is_assumed |= !reliance.is_empty();
    let bound = bound.values;
    let width = statement.column_count();
    let mut are_quantities = vec![false; width];
    // Without any table there are no cells.
    let mut given = vec![!lex::reads_tables(context.sql()); width];
    let mut given_arguments = None;
    context.knows_quantities = reads_quantities || bound.iter().any(|bound| bound.quantity.is_some());
    let words = Words::new(context.sql());
    let mut remarks: Vec<String> = lints::wrapped(&words).into_iter().collect();
    let is_suspect = asker == Asker::Person && (lints::is_suspect(&words) || reads_own_views);
    if (context.knows_quantities || is_suspect) && statement.is_explain() == 0 && (width > 0 || !statement.readonly()) {
        let steps = program(book, &lowered.sql()).map_err(|error| context.prepare_error(error))?;
        if context.knows_quantities {
            let typed = typing::typed(book, &lowered.sql(), &steps, &bound, width);
            let typed = typed
                .map_err(|error| context.prepare_error(error))?
                .map_err(|misuse| context.misuse(misuse, &bound))?;
            (are_quantities, given) = (typed.are_quantities, typed.are_given);
            given_arguments = Some(Arc::new(typed.given_arguments));
            if typed.extracts {
                reliance.untracked = reliance.untracked.union(&reliance.tracked);
            }
            if typed.slides {
                book.keep_window_rows();
            }
        }
        if is_suspect {
            let classes = classes(&statement, parameters);
            let asked = Asked { sql: &lowered.sql(), parameters: &classes, is_question: statement.readonly() };
            remarks.extend(lints::remarks(&context, &steps, &asked).map_err(|error| context.step_error(error))?);
        }
    }
    context.refuse_storing_supposed(!reliance.is_empty() && !statement.readonly() && statement.is_explain() == 0)?;
    let named = statement.column_names().zip(are_quantities);
    let columns = named.map(|(name, is_quantity)| Column { name: lowered.column(name), is_quantity }).collect();
    let assumed = reliance.untracked;
    Ok(Prepared { statement, columns, context, assumed, is_assumed, given, given_arguments, remarks })
}

/// What the parameters of a statement hold, from 1 on.
fn classes(statement: &Statement<'_>, parameters: &dyn Parameters) -> Vec<Classes> {
    let class = |index| {
        let name = statement.parameter_name(index).unwrap_or_default();
        match parameters.value(name.trim_start_matches([':', '@', '$'])) {
            Ok(Some(Cell::Text(text))) => Classes::of_text(&text),
            Ok(Some(Cell::Real(_))) => Classes::REAL,
            Ok(Some(Cell::Integer(_) | Cell::Truth(_))) => Classes::WHOLE,
            Ok(Some(cell @ Cell::Decimal(_))) if !cell.is_quantity() => Classes::WHOLE,
            _ => Classes::NONE,
        }
    };
    std::iter::once(Classes::NONE).chain((1..=statement.parameter_count()).map(class)).collect()
}

impl Prepared {
    /// The columns of its result; none for a statement that has no result.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// For each column, whether its numbers are a person's rather than cells.
    #[must_use]
    pub fn given(&self) -> &[bool] {
        &self.given
    }

    /// Whatever is answered with its rows rests on what they do.
    pub fn rest(&self, output: &Output) {
        output.rest_on(&self.assumed);
        if self.is_assumed {
            output.rest_on(&self.context.book.noted_assumptions());
        }
    }

    fn stream_to(self, output: &Output) -> Result<(), Error> {
        output.apart(|| self.stream_apart(output))
    }

    fn stream_apart(mut self, output: &Output) -> Result<(), Error> {
        let has_result = !self.columns.is_empty();
        if has_result {
            let appended = AppendedColumns { assumptions: self.is_assumed, ..AppendedColumns::default() };
            let (columns, assumed) = (self.columns.clone(), self.assumed.clone());
            output.begin(&Header { columns, appended, assumed, ..Header::default() })?;
        }
        let (mut rows, book, given) =
            (self.statement.raw_query(), Rc::clone(&self.context.book), self.given_arguments.clone());
        while let Some(row) =
            book.with_literals(given.as_ref(), || rows.next()).map_err(|error| self.context.step_error(error))?
        {
            if self.is_assumed {
                output.rest_on(&book.noted_assumptions());
            }
            output.row(&read_row(row, &self.columns, &self.context)?)?;
        }
        if has_result {
            output.end(Origin::Statement(self.context.sql().trim().to_owned()))?;
        }
        drop(rows);
        self.tell(output).map_err(Error::from)
    }

    /// Says what is worth a remark about the statement, and what functions found in the rows that were read, once.
    ///
    /// # Errors
    /// The writer's.
    pub fn tell(&mut self, output: &Output) -> io::Result<()> {
        let found = self.context.remarks();
        std::mem::take(&mut self.remarks).into_iter().try_for_each(|remark| output.remark(remark))?;
        output.note_settled(found.statements.clone());
        output.note_handed_on(&found.made_plain);
        let told = on_rows(&found).into_iter().chain(self.context.unreadable.remark());
        told.into_iter().try_for_each(|remark| output.notice(&remark))
    }

    /// Reads up to `most` more rows into `rows`; whether the result has ended. A statement keeps its place between
    /// calls: forgetting the handle to its rows skips the reset that dropping it would do, and frees nothing, since
    /// the handle owns nothing.
    ///
    /// # Errors
    /// As [`run`].
    pub fn fetch(&mut self, most: usize, rows: &mut Vec<Vec<Cell<'static>>>) -> Result<bool, Error> {
        let mut handle = self.statement.raw_query();
        for _ in 0..most {
            let next = self.context.book.with_literals(self.given_arguments.as_ref(), || handle.next());
            let Some(row) = next.map_err(|error| self.context.step_error(error))? else { return Ok(true) };
            let cells = read_row(row, &self.columns, &self.context)?;
            rows.push(cells.into_iter().map(Cell::into_owned).collect());
        }
        std::mem::forget(handle);
        Ok(false)
    }
}

fn read_row<'r>(row: &'r Row<'_>, columns: &[Column], context: &Context) -> Result<Vec<Cell<'r>>, Error> {
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
            ValueRef::Real(real) => Cell::Real(real),
            ValueRef::Text(bytes) => Cell::Text(text(bytes, column, context)?),
            ValueRef::Blob(bytes) => Cell::Blob(Cow::Borrowed(bytes)),
        });
    }
    Ok(cells)
}

fn quantity(bytes: &[u8], column: &Column, context: &Context) -> Result<Cell<'static>, Error> {
    let units = context.book.units().map_err(|error| context.step_error(error))?;
    let text = String::from_utf8_lossy(bytes);
    let Some(form) = context.book.untagged(&text) else { return Err(no_quantity(column, "it is text")) };
    match units.read(form) {
        Ok(quantity) => Ok(Cell::Quantity(Box::new(quantity))),
        Err(error) => Err(no_quantity(column, &error.message())),
    }
}

/// A text of a column that holds no quantities. One that got there all the same has lost its column, and is refused.
fn text<'r>(bytes: &'r [u8], column: &Column, context: &Context) -> Result<Cow<'r, str>, Error> {
    let text = context.unreadable.text(bytes);
    if context.knows_quantities && context.book.contains_tag(&text) {
        return Err(SqlError::nowhere(SqlCause::Mixed { column: column.name.clone() }).into());
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

/// A value that stands among quantities and is none, as where `union all` puts a number below them.
fn no_quantity(column: &Column, why: &str) -> Error {
    SqlError::nowhere(SqlCause::NotAQuantity { column: column.name.clone(), why: why.to_owned() }).into()
}
