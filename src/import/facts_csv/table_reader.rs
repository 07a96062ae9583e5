//! The rows of one file of facts: its header is matched to the columns that the table has, in any order; the line of meanings and blank
//! lines are passed over; each row is handed on with its cells in the order of the definition.

use super::definition::FactsFile;
use super::directory::column_name;
use super::findings::{Findings, FoundFile};
use crate::error::Error;
use crate::error::suggest::nearest;
use crate::import::delimited::{self, Dialect};
use crate::import::numeric::trim;
use crate::import::record::{Record, Records};

/// The beginning of each cell in the line of meanings.
pub(super) const MEANING_MARK: &str = "# ";

/// The rows of a file.
pub(super) struct TableReader {
    records: Box<dyn Records>,
    record: Record,
    /// The cell of each column of the definition; `None` for one that the file does not have.
    cells: Vec<Option<usize>>,
    /// True until the first row below the header has been read.
    is_first: bool,
}

impl TableReader {
    /// Reads the header of a file. What is wrong with it is added to the findings, and nothing of the file is read then.
    ///
    /// # Errors
    /// It can't be read, or is broken.
    pub(super) fn open(
        definition: &'static FactsFile,
        found: &FoundFile,
        findings: &mut Findings,
    ) -> Result<Option<Self>, Error> {
        let dialect = Dialect { separator: found.separator, quote: Some(b'"') };
        let mut records: Box<dyn Records> = Box::new(delimited::open(&found.file, &found.text, dialect)?);
        let mut record = Record::default();
        loop {
            if !records.read(&mut record)? {
                let names: Vec<&str> = definition.columns.iter().map(|column| column.name).collect();
                findings.add_file(&found.file.name(), None, &format!("it has no header: {}", names.join(",")));
                return Ok(None);
            }
            if record.filled() > 0 {
                break;
            }
        }
        let before = findings.len();
        let cells = match_header(definition, &record, findings);
        let is_right = findings.len() == before;
        Ok(is_right.then_some(Self { records, record, cells, is_first: true }))
    }

    /// Reads the next row; false at the end.
    ///
    /// # Errors
    /// The file can't be read, or is broken at a line.
    pub(super) fn read(&mut self) -> Result<bool, Error> {
        loop {
            if !self.records.read(&mut self.record)? {
                return Ok(false);
            }
            if self.record.filled() == 0 {
                continue;
            }
            let is_meanings = std::mem::take(&mut self.is_first)
                && self.record.cells().filter(|cell| !trim(cell).is_empty()).all(|cell| cell.starts_with('#'));
            if !is_meanings {
                return Ok(true);
            }
        }
    }

    /// The line on which the row begins.
    pub(super) fn line(&self) -> u64 {
        self.record.line
    }

    /// True if a quote in the row does not enclose its cell, so that something may be lost.
    pub(super) fn is_misquoted(&self) -> bool {
        self.record.is_misquoted
    }

    /// The cell of a column in the row, with its place there; `None` where the file does not have the column.
    pub(super) fn cell(&self, column: usize) -> Option<(usize, &str)> {
        self.cells[column].map(|at| (at, self.record.cell(at)))
    }

    /// The place of a column in the row; the first cell where the file does not have it.
    pub(super) fn place(&self, column: usize) -> usize {
        self.cells[column].unwrap_or_default()
    }

    /// The first filled cell that is under no header.
    pub(super) fn stray(&self) -> Option<usize> {
        (0..self.record.len()).find(|at| !self.cells.contains(&Some(*at)) && !trim(self.record.cell(*at)).is_empty())
    }
}

/// The cell of each column. A header without a name is a stray column of a spreadsheet: what is written under it is found row by row.
fn match_header(definition: &FactsFile, header: &Record, findings: &mut Findings) -> Vec<Option<usize>> {
    let mut cells: Vec<Option<usize>> = vec![None; definition.columns.len()];
    for (at, written) in header.cells().enumerate() {
        let name = column_name(written);
        if name.is_empty() {
            continue;
        }
        match definition.position(&name) {
            Some(column) if cells[column].is_some() => {
                findings.add(header.line, at, format!("there are two columns `{name}`"));
            }
            Some(column) => cells[column] = Some(at),
            None => findings.add(header.line, at, unknown_column(definition, &name)),
        }
    }
    for (column, cell) in definition.columns.iter().zip(&cells) {
        if column.is_required && cell.is_none() {
            findings.add(header.line, 0, format!("the column `{}` is missing: {}", column.name, column.meaning));
        }
    }
    cells
}

fn unknown_column(definition: &FactsFile, name: &str) -> String {
    if name == "superseded_by" {
        return "a correction names what it corrects: give the new fact `supersedes`".to_owned();
    }
    let names: Vec<&str> = definition.columns.iter().map(|column| column.name).collect();
    if let Some(near) = nearest(name, names.iter().copied()) {
        return format!("there is no column `{name}`: did you mean `{near}`?");
    }
    format!("there is no column `{name}`: they are {}", names.join(", "))
}
