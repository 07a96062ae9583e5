//! The sink for programs, one for every machine format: a row is encoded into one buffer that is used again, and written at
//! once. Nothing is rounded, grouped or made visible. The formats are in `delimited`, `json` and `insert`; the distinct
//! names of columns are made here.

mod delimited;
mod insert;
mod json;

pub(super) use delimited::{Delimited, Dialect};
pub(super) use insert::Insert;
pub use json::write_json;
pub(super) use json::{Json, JsonShape};

use super::output::Writers;
use super::summary::CommonAssumptions;
use crate::quantity::{Assumptions, Quantity, Unit};
use crate::sql::{Appended, AppendedColumns, Cell, Column, Header, Note, Sink};
use std::collections::HashSet;
use std::io::{self, Write};

/// A machine format: encodes the parts of a result into a buffer that is used again for every row.
pub(super) trait Encoder {
    /// True if an empty line separates two results.
    const SEPARATES_RESULTS: bool;

    /// True if SQL may stand among the results.
    const TAKES_SQL: bool = false;

    /// Begins a result; returns the bytes before its first row.
    fn begin(&mut self, header: &Header) -> io::Result<&[u8]>;

    /// Begins a row.
    fn begin_row(&mut self);

    /// Appends a cell; `is_quantity` is true in a column of quantities.
    fn cell(&mut self, cell: &Cell<'_>, is_quantity: bool) -> io::Result<()>;

    /// Appends the cell of the column `assumptions`.
    fn assumptions(&mut self, assumptions: &Assumptions) -> io::Result<()>;

    /// Ends the row; returns its bytes.
    fn end_row(&mut self) -> &[u8];

    /// The notice about what the cells of the result have become.
    fn notice(&mut self) -> Option<String> {
        None
    }

    /// The bytes that close a result.
    fn result_end(&self) -> &'static [u8] {
        b""
    }

    /// The bytes that close a document.
    fn document_end(&self) -> &'static [u8] {
        b""
    }

    /// Writes the bytes that open a document, when the number of its results is known.
    fn open_document(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes results for programs row by row: memory does not grow with the rows.
pub(super) struct MachineSink<W: Write, E, F> {
    writers: Writers<W, E>,
    encoder: F,
    is_quantity: Vec<bool>,
    appended: AppendedColumns,
    assumptions: CommonAssumptions,
}

impl<W: Write, E: Write, F: Encoder> MachineSink<W, E, F> {
    pub(super) fn new(writers: Writers<W, E>, encoder: F) -> Self {
        let (appended, assumptions) = (AppendedColumns::default(), CommonAssumptions::default());
        Self { writers, encoder, is_quantity: Vec::new(), appended, assumptions }
    }
}

impl<W: Write, E: Write, F: Encoder> Sink for MachineSink<W, E, F> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        if F::SEPARATES_RESULTS {
            self.writers.separate()?;
        }
        self.assumptions = CommonAssumptions::of(&header.assumed);
        self.appended = header.appended;
        self.is_quantity = header.columns.iter().map(|column| column.is_quantity).collect();
        self.writers.write(self.encoder.begin(header)?)
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        self.encoder.begin_row();
        for (cell, is_quantity) in cells.iter().zip(&self.is_quantity) {
            if let Cell::Quantity(quantity) = cell {
                self.assumptions.update(quantity.assumptions());
            }
            self.encoder.cell(cell, *is_quantity)?;
        }
        if self.appended.conflict {
            let conflict = appended.conflict.map_or(Cell::Null, |conflict| Cell::Text(conflict.into()));
            self.encoder.cell(&conflict, false)?;
        }
        if self.appended.assumptions {
            self.assumptions.update(&appended.assumptions);
            self.encoder.assumptions(&appended.assumptions)?;
        }
        self.writers.write(self.encoder.end_row())
    }

    fn end(&mut self, _notes: &[Note]) -> io::Result<()> {
        self.writers.write(self.encoder.result_end())?;
        self.writers.flush()?;
        let notices = self.encoder.notice().into_iter().chain(self.assumptions.notice());
        notices.into_iter().try_for_each(|notice| self.writers.notice(&notice))
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.writers.print_aside(text)
    }

    fn sql(&mut self, line: &str) -> io::Result<()> {
        self.writers.verbatim(line)
    }

    fn takes_sql(&self) -> bool {
        F::TAKES_SQL
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.writers.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writers.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writers.write(self.encoder.document_end())?;
        self.writers.flush()?;
        self.encoder.open_document()
    }

    fn wants_notes(&self) -> bool {
        false
    }
}

pub(in crate::table) fn appended_names(columns: AppendedColumns) -> impl Iterator<Item = &'static str> {
    [("conflict", columns.conflict), ("assumptions", columns.assumptions)]
        .into_iter()
        .filter_map(|(name, is_appended)| is_appended.then_some(name))
}

/// The suffixes of the five columns that a column of quantities becomes.
const QUANTITY_SUFFIXES: [&str; 5] = ["", "_unit", "_stage", "_facts", "_assumptions"];

/// The unit as the text form writes it: a plain number has none, while an unknown without unit, which fits any, differs from
/// one of unit `1`.
pub(in crate::table) fn explicit_unit(quantity: &Quantity) -> Option<&Unit> {
    quantity.unit().filter(|unit| quantity.is_unknown() || !unit.is_one())
}

/// The naming of columns in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::table) enum ColumnNaming {
    /// A column is one member of an object.
    Members,
    /// A quantity becomes five columns.
    Split,
    /// A quantity becomes five columns of an SQL table, where `a` and `A` are one name.
    Sql,
}

impl ColumnNaming {
    /// A key that is equal for names that a reader takes for one.
    fn key(self, name: &str) -> String {
        if self == Self::Sql { name.to_ascii_lowercase() } else { name.to_owned() }
    }

    /// The suffixes of the columns that a column becomes.
    fn suffixes(self, column: &Column) -> &'static [&'static str] {
        if column.is_quantity && self != Self::Members { &QUANTITY_SUFFIXES } else { &QUANTITY_SUFFIXES[..1] }
    }
}

/// The distinct names of all columns of a result in a format, the appended ones last. A reader that keeps its columns by name
/// would lose a value otherwise.
pub(in crate::table) fn column_names(
    columns: &[Column],
    appended: AppendedColumns,
    naming: ColumnNaming,
) -> Vec<String> {
    let appended = appended_names(appended).map(|name| Column { name: name.to_owned(), is_quantity: false });
    let columns: Vec<Column> = columns.iter().cloned().chain(appended).collect();
    let named = distinct_names(&columns, naming).into_iter().zip(&columns);
    named.flat_map(|(name, column)| naming.suffixes(column).iter().map(move |part| format!("{name}{part}"))).collect()
}

/// The name of each column: the second `n` is `n_2`, or has the next free number. The columns of a quantity take precedence
/// over a column that has the name of one.
fn distinct_names(columns: &[Column], naming: ColumnNaming) -> Vec<String> {
    let key = |name: &str, part: &str| naming.key(&format!("{name}{part}"));
    let mut given: HashSet<String> = HashSet::new();
    let mut reserved: HashSet<String> = HashSet::new();
    for column in columns {
        if given.insert(key(&column.name, "")) {
            reserved.extend(naming.suffixes(column)[1..].iter().map(|part| key(&column.name, part)));
        }
    }
    let mut used: HashSet<String> = HashSet::new();
    let mut names = Vec::with_capacity(columns.len());
    for column in columns {
        let suffixes = naming.suffixes(column);
        let is_free = |name: &str, number: usize| {
            let own = key(name, "");
            let is_taken = |name: String| used.contains(&name) || number > 1 && given.contains(&name);
            let is_others = |name: &String| reserved.contains(name) && (number > 1 || *name == own);
            !suffixes.iter().map(|suffix| key(name, suffix)).any(|name| is_others(&name) || is_taken(name))
        };
        let mut name = column.name.clone();
        let mut number = 1;
        while !is_free(&name, number) {
            number += 1;
            name = format!("{}_{number}", column.name);
        }
        used.extend(suffixes.iter().map(|suffix| key(&name, suffix)));
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{ColumnNaming, column_names, distinct_names};
    use crate::sql::{AppendedColumns, Column};
    use crate::table::fixture::header;
    use proptest::prelude::{Strategy, any, prop, proptest};
    use std::collections::HashSet;

    fn named(columns: &[&str], naming: ColumnNaming) -> Vec<String> {
        distinct_names(&header(columns).columns, naming)
    }

    #[test]
    fn a_name_that_comes_again_has_a_number() {
        for naming in [ColumnNaming::Members, ColumnNaming::Split, ColumnNaming::Sql] {
            assert_eq!(named(&["n", "n", "n_2", "n", ""], naming), ["n", "n_3", "n_2", "n_4", ""]);
        }
        assert_eq!(named(&["a", "A", "", ""], ColumnNaming::Split), ["a", "A", "", "_2"]);
        assert_eq!(named(&["a", "A", "A_2"], ColumnNaming::Sql), ["a", "A_3", "A_2"]);
    }

    #[test]
    fn the_parts_of_a_quantity_keep_their_names() {
        let plain = ["amount*", "amount_unit"];
        assert_eq!(named(&plain, ColumnNaming::Members), ["amount", "amount_unit"]);
        assert_eq!(named(&plain, ColumnNaming::Split), ["amount", "amount_unit_2"]);
        assert_eq!(named(&["amount_unit", "amount*"], ColumnNaming::Split), ["amount_unit_2", "amount"]);
        assert_eq!(named(&["a*", "a_unit*", "A_UNIT"], ColumnNaming::Sql), ["a", "a_unit_2", "A_UNIT_3"]);
        assert_eq!(named(&["a", "a*", "a_2_unit"], ColumnNaming::Split), ["a", "a_3", "a_2_unit"]);
    }

    #[test]
    fn appended_columns_are_last_and_have_distinct_names() {
        let appended = AppendedColumns { conflict: true, assumptions: true };
        let all = |columns: &[&str], naming| column_names(&header(columns).columns, appended, naming);
        assert_eq!(all(&["a"], ColumnNaming::Members), ["a", "conflict", "assumptions"]);
        assert_eq!(all(&["assumptions"], ColumnNaming::Members), ["assumptions", "conflict", "assumptions_2"]);
        assert_eq!(all(&["Conflict"], ColumnNaming::Split), ["Conflict", "conflict", "assumptions"]);
        assert_eq!(all(&["Conflict", "b"], ColumnNaming::Sql), ["Conflict", "b", "conflict_2", "assumptions"]);
        let split = ["_unit", "_stage", "_facts", "_assumptions"].map(|part| format!("conflict{part}"));
        assert_eq!(all(&["conflict*"], ColumnNaming::Split)[1..5], split);
    }

    fn columns() -> impl Strategy<Value = Vec<Column>> {
        let name = "[aA]?(_unit|_2|_facts|_3|assumptions|conflict){0,2}";
        let column = (name, any::<bool>()).prop_map(|(name, is_quantity)| Column { name, is_quantity });
        prop::collection::vec(column, 0..12)
    }

    proptest! {
        #[test]
        fn no_two_columns_of_a_result_have_one_name(columns in columns()) {
            let appended = AppendedColumns { conflict: true, assumptions: true };
            for naming in [ColumnNaming::Members, ColumnNaming::Split, ColumnNaming::Sql] {
                let names = column_names(&columns, appended, naming);
                let mut seen = HashSet::new();
                assert!(names.iter().all(|name| seen.insert(naming.key(name))), "{naming:?}: {names:?} of {columns:?}");
            }
        }
    }
}
