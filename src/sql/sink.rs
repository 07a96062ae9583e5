//! Where results go: one after the other, header, rows, end. Machine writers, the head-and-tail table, the
//! capture of tests and `last` are sinks. A sink must not ask the book for anything.

use super::Cell;
use crate::quantity::Assumptions;
use std::io;

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name as the statement or the script gives it.
    pub name: String,
    /// Whether its values are quantities, known before the first row: CSV splits such a column in five.
    pub is_quantity: bool,
}

/// How a table is laid out for people; machine formats ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Rows and columns as they come.
    #[default]
    Rows,
    /// Bars: a column of labels and one of numbers.
    Chart,
    /// Columns one below the other, whatever the format for people is.
    Lines,
    /// The standard result of metrics: columns `metric, value, range, stage, note`, in that order.
    Metrics,
}

/// The columns that a result has behind those that were asked for, in formats for programs alone: people are told at the
/// result as a whole. They stand in the order of these fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppendedColumns {
    /// `conflict`: the sources that disagree about what a row states.
    pub conflict: bool,
    /// `assumptions`: what a row may rest on besides the sources.
    pub assumptions: bool,
}

/// The cells of a row in its appended columns.
#[derive(Debug, Clone, Default)]
pub struct Appended<'r> {
    /// The values and sources that disagree; `None` where none do.
    pub conflict: Option<&'r str>,
    /// What the row may rest on.
    pub assumptions: Assumptions,
}

/// What is known of a result before its first row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Header {
    /// A line above the table, in tables and markdown only.
    pub title: Option<String>,
    /// The columns, in order; names may repeat.
    pub columns: Vec<Column>,
    /// How people see it.
    pub layout: Layout,
    /// Whether people see every row, rather than both ends of a long result.
    pub is_whole: bool,
    /// The columns behind these.
    pub appended: AppendedColumns,
    /// The assumptions that its plain values, or which rows there are, may rest on: its quantities name their own.
    pub assumed: Assumptions,
}

/// One line under a table: `F29  ¶4.2  UK would provide …`. Empty label and place continue the line above.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Note {
    /// What the note is about: a fact id, `not stated`, `one source`.
    pub label: String,
    /// Where it stands, as `¶4.2`; empty where that does not apply.
    pub place: String,
    /// The sentence, in the project's own words.
    pub text: String,
    /// What stands before the sentence, whose further lines hang behind it: `F38 ¶6.1`.
    pub lead: String,
    /// What stands at the right edge of its first line: `possible`.
    pub aside: String,
    /// Whether the sentence begins right behind its label, above what belongs to it.
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

    /// The same with what stands before its sentence.
    #[must_use]
    pub fn led_by(self, lead: &str) -> Self {
        Self { lead: lead.to_owned(), ..self }
    }

    /// The same with what stands at the right edge.
    #[must_use]
    pub fn beside(self, aside: &str) -> Self {
        Self { aside: aside.to_owned(), ..self }
    }
}

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
