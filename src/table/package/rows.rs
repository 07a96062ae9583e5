//! The file of a table: CSV, row by row, with the number of its bytes and their digest.

use super::columns::TableStatistics;
use crate::sql::Cell;
use crate::table::format::Style;
use crate::table::machine::{Delimited, Dialect, Encoder};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Writes the rows of a table to its file.
pub struct TableFile<'s, W> {
    statistics: &'s TableStatistics,
    line: Delimited,
    out: W,
    digest: Sha256,
    bytes: u64,
}

/// A file of the package that is complete.
#[derive(Debug, Clone)]
pub struct WrittenFile {
    /// The number of its bytes.
    pub(super) bytes: u64,
    /// SHA-256 of them, in hexadecimal digits.
    pub(super) sha256: String,
}

impl<'s, W: Write> TableFile<'s, W> {
    /// Begins the file with the names of its columns.
    ///
    /// # Errors
    /// The writer's.
    pub fn begin(statistics: &'s TableStatistics, style: &Style, out: W) -> io::Result<Self> {
        let line = Delimited::new(Dialect::Csv, style);
        let mut file = Self { statistics, line, out, digest: Sha256::new(), bytes: 0 };
        file.line.begin_row();
        statistics.write_header(&mut file.line);
        file.end_line()?;
        Ok(file)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// The writer's.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.begin_row();
        self.statistics.write_row(cells, &mut self.line);
        self.end_line()
    }

    fn end_line(&mut self) -> io::Result<()> {
        let bytes = self.line.end_row();
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> io::Result<WrittenFile> {
        self.out.flush()?;
        let digits: Vec<String> = self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(WrittenFile { bytes: self.bytes, sha256: digits.concat() })
    }
}
