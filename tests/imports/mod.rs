//! Importing tables: the traps of published files, real files with their expected figures where they are at hand, and that an
//! import that is cut short leaves nothing.

mod asked;
mod assumed;
mod broken;
mod dates;
mod facts_csv;
mod joined;
mod joined_names;
mod levels;
mod licence;
mod losses;
mod named_columns;
mod overlaps;
mod plain_columns;
mod plain_sources;
mod questions;
mod realdata;
mod reserved;
mod rows;
mod said_beside;
mod series;
mod taken;
mod text_times;
mod traps;
mod types;
mod units;
mod walk;
mod whole;
mod workbook;
mod writing;

use crate::scratch;
use pledgebook::import::{ImportOptions, Mode, Report, import};
use pledgebook::store::{BookWriter, create_book};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A new empty book in a directory of the test's own.
fn empty_book(name: &str) -> PathBuf {
    let path = scratch::directory(name).join("book.db");
    create_book(&path, false).expect("a book can be made");
    path
}

/// The report that an import of a file would make.
fn report(book: &Path, file: &Path, options: &ImportOptions) -> Result<Report, String> {
    let mut book = BookWriter::open(book).map_err(|error| error.to_string())?;
    import(&mut book, file, options, Mode::DryRun, false).map_err(|error| error.to_string())
}

/// Runs the program; its exit code and both streams.
fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut program = scratch::command(scratch::program(), directory);
    let output = program.args(arguments).stdin(Stdio::null()).output().expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("the program prints UTF-8"))
}

/// As [`run`], where all has to go well.
fn ask(directory: &Path, arguments: &[&str]) -> String {
    let (code, text) = run(directory, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    text
}
