//! The report of an import of facts: what each file added, which facts were corrected, what is in doubt.

use serde::Serialize;

/// An import of facts, as it was carried out or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FactsReport {
    /// The directory as it was named.
    pub directory: String,
    /// Its files, in reading order.
    pub files: Vec<ImportedFile>,
    /// The records of imported tables that became facts with a number.
    pub records: Vec<String>,
    /// The facts that were corrected: the old one, then the new one.
    pub corrected: Vec<(String, String)>,
    /// The doubts, to be looked at.
    pub doubts: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportedFile {
    /// The file as it was named.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Those that were added.
    pub added: u64,
    /// Those that the book had already.
    pub unchanged: u64,
}
