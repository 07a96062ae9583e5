//! The evidence on a table before its columns are decided: its headers, the counts of every cell, the lines above, the options.

use super::column::ColumnProfile;
use super::file::ImportFile;
use super::layout::NoteLine;
use super::options::ImportOptions;
use super::shape::Shape;
use super::stated_unit::StatedUnit;
use super::unit_phrase::ScaledUnit;
use crate::quantity::UnitRegistry;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// The evidence on a table before its columns are decided.
pub(super) struct Findings<'f> {
    /// The file.
    pub(super) file: &'f ImportFile,
    /// The last line of the header.
    pub(super) header_line: u64,
    /// The lines above it.
    pub(super) above: &'f [NoteLine],
    /// The lines below the records, and other rows that are none.
    pub(super) notes: &'f [NoteLine],
    /// The header of each column.
    pub(super) headers: &'f [String],
    /// The unit that each states.
    pub(super) stated: Vec<StatedUnit<'f>>,
    /// The counts of each, after every row.
    pub(super) profiles: &'f [ColumnProfile],
    /// The units of the book.
    pub(super) units: &'f UnitRegistry,
    /// The options.
    pub(super) options: &'f ImportOptions,
    /// The shape of the rows.
    pub(super) shape: &'f Shape,
    /// The unit that a line above gives columns, once it is looked for.
    pub(super) title: OnceCell<Option<TitleUnit>>,
}

/// The unit that a line above a table states for its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TitleUnit {
    /// The line.
    pub(super) line: u64,
    /// The unit.
    pub(super) unit: ScaledUnit,
    /// The columns that take it, by index.
    pub(super) columns: BTreeSet<usize>,
}
