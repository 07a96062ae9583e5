//! The evidence on a table before its columns are decided: its headers, the counts of every cell, the lines above, the options.

use super::column::ColumnProfile;
use super::file::ImportFile;
use super::layout::NoteLine;
use super::options::ImportOptions;
use super::shape::Shape;
use crate::quantity::UnitRegistry;

/// The evidence on a table before its columns are decided.
pub(super) struct Findings<'f> {
    /// The file.
    pub(super) file: &'f ImportFile,
    /// The last line of the header.
    pub(super) header_line: u64,
    /// The lines above it.
    pub(super) above: &'f [NoteLine],
    /// The header of each column.
    pub(super) headers: &'f [String],
    /// The counts of each, after every row.
    pub(super) profiles: &'f [ColumnProfile],
    /// The units of the book.
    pub(super) units: &'f UnitRegistry,
    /// The options.
    pub(super) options: &'f ImportOptions,
    /// The shape of the rows.
    pub(super) shape: &'f Shape,
}
