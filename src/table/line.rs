//! One line of CSV or TSV under construction: fields, what parts them, and what has to be escaped.

use super::machine;
use super::real::Real;
use crate::quantity::{Assumptions, Quantity};
use crate::sql::Cell;
use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// How fields are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Commas, and quotes where RFC 4180 wants them.
    Csv,
    /// Tabs, and backslash escapes.
    Tsv,
}

/// A line under construction, and room for the field that may have to be escaped.
pub(super) struct Line {
    dialect: Dialect,
    text: String,
    field: String,
    is_ended: bool,
    /// Whether a text that a spreadsheet would compute gets a `'` before it.
    is_safe: bool,
}

/// What a formula begins with, or what a spreadsheet passes over before one.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Line {
    pub(super) fn new(dialect: Dialect, is_safe: bool) -> Self {
        Self { dialect, text: String::new(), field: String::new(), is_ended: true, is_safe }
    }

    /// The finished line; the next field begins a new one.
    pub(super) fn end(&mut self) -> &[u8] {
        self.text.push('\n');
        self.is_ended = true;
        self.text.as_bytes()
    }

    /// Begins a field; NULL is one in which nothing follows.
    pub(super) fn empty(&mut self) {
        if self.is_ended {
            self.text.clear();
            self.is_ended = false;
        } else {
            self.text.push(if self.dialect == Dialect::Csv { ',' } else { '\t' });
        }
    }

    pub(super) fn cell(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Null => self.empty(),
            Cell::Text(text) => self.text(text),
            Cell::Truth(truth) => self.plain(truth),
            Cell::Integer(whole) => self.plain(whole),
            Cell::Real(real) => self.plain(Real(*real)),
            Cell::Decimal(decimal) => self.plain(decimal.normalize()),
            Cell::Quantity(quantity) => self.value(quantity),
            Cell::Blob(bytes) if bytes.is_empty() => self.text(""),
            Cell::Blob(bytes) => {
                self.empty();
                bytes.iter().for_each(|byte| push(&mut self.text, format_args!("{byte:02x}")));
            }
        }
    }

    /// The five columns of a quantity; a part that there is none of is empty, as in the text form.
    pub(super) fn quantity(&mut self, quantity: &Quantity) {
        self.value(quantity.amount());
        match machine::unit(quantity) {
            Some(unit) => self.plain(unit),
            None => self.empty(),
        }
        self.plain(quantity.stages());
        self.plain(quantity.facts());
        self.plain(quantity.assumptions());
    }

    /// A field of digits, names and signs that are never escaped; an empty set is an empty field.
    fn plain(&mut self, value: impl Display) {
        self.empty();
        push(&mut self.text, value);
    }

    /// What a row rests on besides its cells.
    pub(super) fn assumptions(&mut self, assumptions: &Assumptions) {
        self.plain(assumptions);
    }

    /// The name of a column that is [`Self::safe`], escaped as text is.
    pub(super) fn name(&mut self, name: &str) {
        self.escape(name);
    }

    /// The text, with a `'` before one that a spreadsheet would compute where that is asked for.
    pub(super) fn safe<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_safe && text.starts_with(FORMULA_STARTS) { format!("'{text}").into() } else { text.into() }
    }

    /// A value that is printed first and then escaped: it may begin with the sign of a number, and is no formula.
    fn value(&mut self, value: impl Display) {
        let mut field = std::mem::take(&mut self.field);
        field.clear();
        push(&mut field, value);
        self.escape(&field);
        self.field = field;
    }

    /// Text; one that a spreadsheet would compute is kept as text where that is asked for.
    pub(super) fn text(&mut self, text: &str) {
        self.escape(&self.safe(text));
    }

    /// Text, escaped; empty text is `""` and so is not taken for NULL.
    fn escape(&mut self, text: &str) {
        self.empty();
        match self.dialect {
            _ if text.is_empty() => self.text.push_str("\"\""),
            Dialect::Csv if text.contains([',', '"', '\n', '\r']) => {
                self.text.push('"');
                for c in text.chars() {
                    self.text.extend(std::iter::repeat_n(c, if c == '"' { 2 } else { 1 }));
                }
                self.text.push('"');
            }
            // Two quotes that are the text itself are not taken for the empty one.
            Dialect::Tsv if text == "\"\"" => self.text.push_str("\\\"\\\""),
            Dialect::Tsv if text.contains(['\t', '\n', '\r', '\\']) => text.chars().for_each(|c| self.escaped(c)),
            _ => self.text.push_str(text),
        }
    }

    fn escaped(&mut self, c: char) {
        match c {
            '\t' => self.text.push_str("\\t"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\\' => self.text.push_str("\\\\"),
            c => self.text.push(c),
        }
    }
}

fn push(text: &mut String, value: impl Display) {
    write!(text, "{value}").expect("a string takes any text");
}
