//! What is between a result and its drawing: columns of finished text. Tables and markdown draw the same ones.

/// A column of a table for people.
pub(super) struct Column {
    /// The name, with the unit that all cells share.
    pub(super) heading: String,
    /// Numbers stand right.
    pub(super) is_numeric: bool,
    /// One for each shown row.
    pub(super) cells: Vec<Piece>,
}

/// The text of a cell in three parts, each aligned for itself, so that digits stand under digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// The text, or the digits.
    pub(super) main: String,
    /// The unit, where the heading does not carry it.
    pub(super) unit: String,
    /// `[F29 F30]`.
    pub(super) refs: String,
    /// Whether `main` stands for a value that is not there.
    pub(super) is_faint: bool,
}
