//! The columns of a table of a package. A quantity becomes a plain number with its unit, reason, stage and facts in columns beside it; a
//! part that no row has gets no column.

use crate::quantity::{Amount, Quantity, Reason};
use crate::sql::Cell;
use crate::store::catalogue::{ColumnKind, View};
use crate::table::machine::{Delimited, explicit_unit};
use std::collections::{BTreeSet, HashSet};

/// A part of a quantity that has a column of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Number,
    Unit,
    Unknown,
    Low,
    High,
    Form,
    Stage,
    Facts,
    Assumptions,
}

/// Every part with the suffix of its column, in their order.
const PARTS: [(Part, &str); 9] = [
    (Part::Number, ""),
    (Part::Unit, "_unit"),
    (Part::Unknown, "_unknown"),
    (Part::Low, "_low"),
    (Part::High, "_high"),
    (Part::Form, "_form"),
    (Part::Stage, "_stage"),
    (Part::Facts, "_facts"),
    (Part::Assumptions, "_assumptions"),
];

/// The suffix of a part's column, and the meaning of the column.
pub(super) const PART_MEANINGS: [(&str, &str); 8] = [
    ("_unit", "its unit; a product of powers, as in `GBP/missile`"),
    (
        "_unknown",
        "the reason why there is no number, as in `not_stated`; such a row is unknown, not zero and not blank",
    ),
    ("_low", "the lower end of a range; empty where it has none"),
    ("_high", "the upper end of a range; empty where it has none"),
    ("_form", "the number with its sign where it is a range or not exact: `>5000`, `310000..<330000`, `≈0.33`"),
    ("_stage", "how far the pledge has got that it belongs to"),
    ("_facts", "the facts and records that it rests on"),
    ("_assumptions", "what was supposed for it, by name and value"),
];

impl Part {
    /// The meaning of its column; none for that of the number, which the catalogue describes.
    pub(super) fn meaning(self) -> Option<&'static str> {
        let suffix = PARTS.iter().find(|(part, _)| *part == self).map(|(_, suffix)| *suffix)?;
        PART_MEANINGS.iter().find(|(known, _)| *known == suffix).map(|(_, meaning)| *meaning)
    }

    /// The type of its column in a table schema.
    pub(super) fn kind(self) -> &'static str {
        if matches!(self, Part::Number | Part::Low | Part::High) { "number" } else { "string" }
    }
}

/// A column of the view with what its rows hold.
#[derive(Debug, Clone)]
pub(super) struct ColumnStatistics {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) kind: ColumnKind,
    /// The type in a table schema that its plain cells have by their import: `date` or `number`.
    pub(super) declared: Option<&'static str>,
    /// The units of its numbers.
    pub(super) units: BTreeSet<String>,
    /// The parts that a row has.
    parts: BTreeSet<Part>,
    /// The quantities in it.
    count: u64,
    /// True if one has no unit.
    has_plain: bool,
    /// True while every quantity rests on the record or fact that its row begins with, and on nothing else.
    pub(super) rests_on_row: bool,
}

impl ColumnStatistics {
    fn new(name: &str, kind: ColumnKind, meaning: &str) -> Self {
        Self {
            name: name.to_owned(),
            meaning: meaning.to_owned(),
            kind,
            declared: None,
            units: BTreeSet::new(),
            parts: [Part::Number].into(),
            count: 0,
            has_plain: false,
            rests_on_row: true,
        }
    }

    fn add(&mut self, quantity: &Quantity, row_id: &str) {
        self.count += 1;
        match explicit_unit(quantity) {
            Some(unit) => {
                self.parts.insert(Part::Unit);
                self.units.insert(unit.to_string());
            }
            None => self.has_plain |= !quantity.is_unknown(),
        }
        match quantity.amount() {
            Amount::Number(number) if number.is_exact() => {}
            Amount::Number(_) => self.parts.extend([Part::Form]),
            Amount::Range(_) => self.parts.extend([Part::Low, Part::High, Part::Form]),
            Amount::Unknown(_) => self.parts.extend([Part::Unknown]),
        }
        if !quantity.stages().is_empty() {
            self.parts.insert(Part::Stage);
        }
        if !quantity.assumptions().is_empty() {
            self.parts.insert(Part::Assumptions);
        }
        if self.rests_on_row && quantity.facts().to_string() != row_id {
            self.rests_on_row = false;
            self.parts.insert(Part::Facts);
        }
    }

    /// True if no row has a quantity.
    pub(super) fn is_blank(&self) -> bool {
        self.count == 0
    }

    /// The unit that all its numbers have.
    pub(super) fn only_unit(&self) -> Option<&str> {
        self.units.first().map(String::as_str).filter(|_| self.units.len() == 1 && !self.has_plain)
    }

    /// The parts that have a column, with its suffix; that of the number first.
    fn shown_parts(&self) -> impl Iterator<Item = (Part, &'static str)> {
        PARTS.into_iter().filter(|(part, _)| self.parts.contains(part))
    }
}

/// The length of `2025-01-31`.
const ISO_DATE_LENGTH: usize = 10;

/// The contents of a table's columns, learnt from all of its rows.
#[derive(Debug, Clone)]
pub struct TableStatistics {
    pub(super) name: String,
    pub(super) meaning: String,
    pub(super) columns: Vec<ColumnStatistics>,
    /// The rows.
    pub rows: u64,
    /// The number of the record that came last, while they come in order.
    last_record: Option<u64>,
}

/// A column of the file.
pub(super) struct FileColumn<'s> {
    pub(super) name: String,
    pub(super) part: Part,
    pub(super) column: &'s ColumnStatistics,
}

impl TableStatistics {
    /// Statistics of no rows of a view yet.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let columns: Vec<(&str, ColumnKind, &str)> =
            view.columns.iter().map(|column| (&*column.name, column.kind, &*column.meaning)).collect();
        Self::new(&view.name, &view.meaning, &columns)
    }

    /// Statistics of no rows of a table yet, by the name, kind and meaning of its columns.
    #[must_use]
    pub fn new(name: &str, meaning: &str, columns: &[(&str, ColumnKind, &str)]) -> Self {
        let columns = columns.iter().map(|(name, kind, meaning)| ColumnStatistics::new(name, *kind, meaning)).collect();
        Self { name: name.to_owned(), meaning: meaning.to_owned(), columns, rows: 0, last_record: Some(0) }
    }

    /// The name of the table.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of its first column.
    #[must_use]
    pub fn first_column(&self) -> Option<&str> {
        self.columns.first().map(|column| column.name.as_str())
    }

    /// True if it has a column of this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// Declares the type in a table schema of the plain cells of a column: `date`, or `number` for floating-point ones.
    pub fn declare(&mut self, name: &str, kind: &'static str) {
        for column in self.columns.iter_mut().filter(|column| column.name == name) {
            column.declared = Some(kind);
        }
    }

    /// Adds a row.
    pub fn add(&mut self, cells: &[Cell<'_>]) {
        self.rows += 1;
        let id = row_id(cells);
        let number = id.split_once(':').and_then(|(_, number)| number.parse().ok());
        self.last_record = self.last_record.and_then(|last| number.filter(|number| *number > last));
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match cell {
                Cell::Quantity(quantity) => column.add(quantity, id),
                // A month or a year alone is no date of a table schema.
                Cell::Text(text) if column.declared == Some("date") && text.len() != ISO_DATE_LENGTH => {
                    column.declared = None;
                }
                _ => {}
            }
        }
    }

    /// True if its rows are records in the order of their numbers, each with one of its own.
    #[must_use]
    pub fn has_ordered_records(&self) -> bool {
        self.rows > 0 && self.last_record.is_some() && self.columns.first().is_some_and(|first| first.name == "record")
    }

    /// The columns of the file. Those of the view keep their names; a part whose name is one of them is numbered.
    pub(super) fn file_columns(&self) -> Vec<FileColumn<'_>> {
        let mut taken: HashSet<String> = self.columns.iter().map(|column| column.name.to_lowercase()).collect();
        let mut columns = Vec::new();
        for column in &self.columns {
            for (part, suffix) in column.shown_parts() {
                let plain = format!("{}{suffix}", column.name);
                let mut name = plain.clone();
                let mut number = 1;
                while part != Part::Number && !taken.insert(name.to_lowercase()) {
                    number += 1;
                    name = format!("{plain}_{number}");
                }
                columns.push(FileColumn { name, part, column });
            }
        }
        columns
    }

    /// Begins the file: the line of column names.
    pub(super) fn write_header(&self, line: &mut Delimited) {
        self.file_columns().iter().for_each(|column| line.text(&column.name));
    }

    /// Writes the fields of a row.
    pub(super) fn write_row(&self, cells: &[Cell<'_>], line: &mut Delimited) {
        for (column, cell) in self.columns.iter().zip(cells) {
            match cell {
                Cell::Quantity(quantity) => {
                    column.shown_parts().for_each(|(part, _)| write_part(part, quantity, line));
                }
                cell => {
                    line.field(cell);
                    column.shown_parts().skip(1).for_each(|_| line.empty());
                }
            }
        }
    }
}

/// The cell that a row begins with: its id, or its record.
fn row_id<'c>(cells: &'c [Cell<'_>]) -> &'c str {
    match cells.first() {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

/// Writes the field of a part; a quantity that does not have it leaves it empty.
fn write_part(part: Part, quantity: &Quantity, line: &mut Delimited) {
    let amount = quantity.amount();
    match (part, amount) {
        (Part::Number, Amount::Number(number)) => line.plain(number.value.normalize()),
        (Part::Low, Amount::Range(range)) => match range.lo() {
            Some(end) => line.plain(end.value.normalize()),
            None => line.empty(),
        },
        (Part::High, Amount::Range(range)) => match range.hi() {
            Some(end) => line.plain(end.value.normalize()),
            None => line.empty(),
        },
        (Part::Unknown, Amount::Unknown(reasons)) => {
            let reasons: Vec<&str> = reasons.iter().map(Reason::as_str).collect();
            line.plain(reasons.join(" "));
        }
        (Part::Form, Amount::Number(number)) if !number.is_exact() => line.plain(amount),
        (Part::Form, Amount::Range(_)) => line.plain(amount),
        (Part::Unit, _) => match explicit_unit(quantity) {
            Some(unit) => line.plain(unit),
            None => line.empty(),
        },
        (Part::Stage, _) => line.plain(quantity.stages()),
        (Part::Facts, _) => line.plain(quantity.facts()),
        (Part::Assumptions, _) => line.plain(quantity.assumptions()),
        _ => line.empty(),
    }
}
