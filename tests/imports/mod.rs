//! Importing tables: the traps of published files, real files with their expected figures where they are at hand, and that an
//! import that is cut short leaves nothing.

mod asked;
mod assumed;
mod broken;
mod facts_csv;
mod joined;
mod licence;
mod losses;
mod overlaps;
mod questions;
mod realdata;
mod rows;
mod series;
mod taken;
mod traps;
mod types;
mod units;
mod walk;
mod whole;
mod workbook;
mod writing;

use pledgebook::import::{ImportOptions, Mode, Report, import};
use pledgebook::store::{BookWriter, create_book};
use std::path::{Path, PathBuf};

/// A new empty book in a directory of the test's own.
fn empty_book(name: &str) -> PathBuf {
    let path = crate::scratch::directory(name).join("book.db");
    create_book(&path, false).expect("a book can be made");
    path
}

/// The report that an import of a file would make.
fn report(book: &Path, file: &Path, options: &ImportOptions) -> Result<Report, String> {
    let mut book = BookWriter::open(book).map_err(|error| error.to_string())?;
    import(&mut book, file, options, Mode::DryRun, false).map_err(|error| error.to_string())
}
