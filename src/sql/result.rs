//! A result as data: its cells and columns, header and notes, the evidence that it rests on, and the last result. Its formats are
//! `table`'s.

use crate::quantity::{Amount, Assumptions, Facts, Quantity, Reasons, Ref};
use crate::syntax::sql::reads_tables;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::rc::Rc;

/// A value in a row. Text and bytes are borrowed while a row streams by, so that a machine format copies
/// nothing; [`Cell::into_owned`] keeps one.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// "Does not apply": SQL's NULL and Rhai's `()`; never the same as an unknown.
    Null,
    /// A script's `true` or `false` (SQL has none).
    Truth(bool),
    /// A 64-bit whole number.
    Integer(i64),
    /// A computed REAL, or one of which nothing else is known: binary, hence printed with `≈` for people.
    Real(f64),
    /// A REAL as a table stores it: its digits are those that were stored.
    StoredReal(f64),
    /// An exact decimal of a script.
    Decimal(Decimal),
    /// Text, in the form it was stored; control characters are still in it.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(Cow<'a, [u8]>),
    /// A number with its unit, facts, stages and assumptions.
    Quantity(Box<Quantity>),
}

impl Cell<'_> {
    /// True if SQL has to treat it as a quantity: it is one, or an exact decimal that no number of SQL can hold.
    #[must_use]
    pub fn is_quantity(&self) -> bool {
        match self {
            Cell::Quantity(_) => true,
            Cell::Decimal(decimal) => !decimal.is_integer() || i64::try_from(*decimal).is_err(),
            _ => false,
        }
    }

    /// The same value, owning its text.
    #[must_use]
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Null => Cell::Null,
            Cell::Truth(truth) => Cell::Truth(truth),
            Cell::Integer(whole) => Cell::Integer(whole),
            Cell::Real(real) => Cell::Real(real),
            Cell::StoredReal(real) => Cell::StoredReal(real),
            Cell::Decimal(decimal) => Cell::Decimal(decimal),
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Blob(bytes) => Cell::Blob(Cow::Owned(bytes.into_owned())),
            Cell::Quantity(quantity) => Cell::Quantity(quantity),
        }
    }
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name as the statement or the script gives it.
    pub name: String,
    /// True if its values are quantities, known before the first row: CSV splits such a column in five.
    pub is_quantity: bool,
}

/// The layout of a table for people; machine formats ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Rows and columns as they come.
    #[default]
    Rows,
    /// Bars: a column of labels and one of numbers.
    Chart,
    /// Columns one below the other, in any format for people.
    Lines,
    /// The standard result of metrics: columns `metric, value, range, stage, note`, in that order.
    Metrics,
}

/// The columns that a result has behind those of the query, in machine formats alone: people see the same below the
/// result. They come in the order of these fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppendedColumns {
    /// `conflict`: the sources that disagree about the facts of a row.
    pub conflict: bool,
    /// `assumptions`: those that a row may rest on besides the sources.
    pub assumptions: bool,
}

/// The cells of a row in its appended columns.
#[derive(Debug, Clone, Default)]
pub struct Appended<'r> {
    /// The values and sources that disagree; `None` if none do.
    pub conflict: Option<&'r str>,
    /// The assumptions that the row may rest on.
    pub assumptions: Assumptions,
}

/// The header of a result: the facts that are known before its first row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Header {
    /// A line above the table, in tables and markdown only.
    pub title: Option<String>,
    /// The columns, in order; names may repeat.
    pub columns: Vec<Column>,
    /// The layout for people.
    pub layout: Layout,
    /// True if people see every row, rather than both ends of a long result.
    pub is_whole: bool,
    /// The statement that it answers, where one does.
    pub statement: Option<String>,
    /// The columns behind these.
    pub appended: AppendedColumns,
    /// For each column, true if it is one of dates; empty where that is not known.
    pub dates: Vec<bool>,
    /// The assumptions that its plain values, or which rows there are, may rest on: its quantities name their own.
    pub assumed: Assumptions,
}

/// One line under a table: `F29  ¶4.2  UK would provide …`. Empty label and place continue the line above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// The subject of the note: a fact id, `not stated`, `one source`.
    pub label: String,
    /// The place in the source, as `¶4.2`; empty if that does not apply.
    pub place: String,
    /// The sentence, in the project's own words.
    pub text: String,
    /// The words before the sentence, whose further lines hang behind them: `F38 ¶6.1`.
    pub lead: String,
    /// The words at the right edge of its first line: `possible`.
    pub aside: String,
    /// True if the sentence begins right behind its label, above the notes that belong to it.
    pub is_heading: bool,
}

impl Note {
    /// A note; an empty label and place continue the one above.
    #[must_use]
    pub fn new(label: &str, place: &str, text: &str) -> Self {
        Self { label: label.to_owned(), place: place.to_owned(), text: text.to_owned(), ..Self::default() }
    }

    /// A note that begins right behind its label; the notes that belong to it follow.
    #[must_use]
    pub fn heading(label: &str, text: &str) -> Self {
        Self { is_heading: true, ..Self::new(label, "", text) }
    }

    /// The same with the words before its sentence.
    #[must_use]
    pub fn led_by(self, lead: &str) -> Self {
        Self { lead: lead.to_owned(), ..self }
    }

    /// The same with the words at the right edge.
    #[must_use]
    pub fn beside(self, aside: &str) -> Self {
        Self { aside: aside.to_owned(), ..self }
    }
}

/// The evidence that the quantities of a result rest on.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Every fact, record and unknown.
    pub facts: Facts,
    /// Every assumption.
    pub assumptions: Assumptions,
    /// The reasons of unknowns that name no open question of the book.
    pub reasons: Reasons,
    /// True for a single value rather than a table.
    pub is_value: bool,
    /// The first quantity.
    pub first: Option<Quantity>,
    /// The number of quantities.
    pub quantities: usize,
    /// The origin of the cells.
    pub origin: Origin,
}

/// The origin of the cells of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// Unknown.
    #[default]
    Untold,
    /// The result of this SQL statement.
    Statement(String),
    /// Computed by a script: row and column, from 0, and the derivation.
    Computed(Vec<(usize, usize, String)>),
}

impl Evidence {
    /// Adds a cell.
    pub(super) fn add(&mut self, cell: &Cell<'_>) {
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

/// The result shown last, for `last` and `.why`.
#[derive(Debug, Clone, Default)]
pub struct CachedResult {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: the first [`MAX_CACHED_ROWS`] of them.
    pub rows: Rc<Vec<Vec<Cell<'static>>>>,
    /// The number of rows that it had.
    pub total_rows: usize,
    /// True if it was a single value rather than a table.
    pub is_value: bool,
    /// The origin of its cells.
    pub origin: Origin,
    /// The assumptions that its plain values, or which rows there are, may rest on.
    pub assumed: Assumptions,
    /// The assumptions that its quantities name.
    pub named: Assumptions,
}

/// The longest result that `last` holds.
pub const MAX_CACHED_ROWS: usize = 10_000;

impl CachedResult {
    /// True if its numbers are cells of the book: those of a script, or of a statement that reads no table, may be a person's.
    #[must_use]
    pub fn holds_cells(&self) -> bool {
        matches!(&self.origin, Origin::Statement(statement) if reads_tables(statement))
    }

    /// True if rows are missing.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.total_rows > self.rows.len()
    }
}
