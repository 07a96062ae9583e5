//! A row below a table that may be the header of a second one, with the sign of it and the question that it asks.

use super::file::ImportFile;
use super::layout::note;
use super::numeric;
use super::record::Record;
use crate::error::Error;
use std::collections::BTreeSet;

/// A row that may be the header of a second table.
#[derive(Debug, Clone)]
pub(super) struct SecondHeader {
    /// The row.
    pub(super) row: Record,
    /// The line of the last full row before it.
    pub(super) last_line: u64,
    /// The sign of it.
    pub(super) sign: Sign,
}

/// The sign by which a row may be a second header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// Names follow a blank row.
    Gap,
    /// The header of the first table follows a title.
    Title,
    /// The header of the first table follows, with another name for a column.
    Renamed { name: String, other: String },
    /// Names follow a row of numbers.
    Numbers,
}

impl SecondHeader {
    /// The error that asks which table is meant.
    pub(super) fn question(&self, file: &ImportFile, header_line: u64) -> Error {
        let (line, text) = (self.row.line, note(&self.row).text);
        let why = match &self.sign {
            Sign::Gap => "names follow a blank row".to_owned(),
            Sign::Title => "the header follows a title".to_owned(),
            Sign::Renamed { name, other } => format!("the header is there again, with `{other}` for `{name}`"),
            Sign::Numbers => "names are where the rows above and below have numbers".to_owned(),
        };
        let message = format!("a second table may begin on line {line}: {why}");
        file.undecided(Some((line, &text)), &message, &self.help(header_line))
    }

    pub(super) fn help(&self, header_line: u64) -> String {
        let line = self.row.line;
        format!(
            "`--lines {header_line}-{}` takes the first and `--lines {line}-` the second, each as an import of its own; \
             `--lines {header_line}-` takes all of it for one table",
            self.last_line
        )
    }
}

/// True for a row of different texts, several of them, as a header is; a year is a text here.
pub(super) fn is_header_like(row: &Record) -> bool {
    let cells: Vec<&str> = row.cells().map(numeric::trim).filter(|cell| !cell.is_empty()).collect();
    let different = cells.iter().collect::<BTreeSet<_>>().len();
    let is_text = |cell: &&str| numeric::is_year(cell) || numeric::parse(cell).is_none();
    cells.len() > 1 && different * 10 >= cells.len() * 7 && cells.iter().all(is_text)
}
