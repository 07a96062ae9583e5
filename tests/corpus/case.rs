//! The files of cases: which there are, and what a line of one says.

use std::fs;
use std::path::{Path, PathBuf};

/// What stands between a question and its outcome.
const ARROW: &str = "  =>  ";

/// A question with the outcome that it must have.
pub(crate) struct Case<'l> {
    pub(crate) question: &'l str,
    pub(crate) expected: &'l str,
}

/// The case that a line holds; `None` for a heading, prose or an empty line.
pub(crate) fn read(line: &str) -> Option<Case<'_>> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (question, expected) = line.rsplit_once(ARROW).unwrap_or((line, ""));
    Some(Case { question, expected })
}

/// The line of a case.
pub(crate) fn write(question: &str, outcome: &str) -> String {
    [question, ARROW, outcome].concat()
}

/// The files of one folder, in the order of their names.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let listed = fs::read_dir(&folder).unwrap_or_else(|error| panic!("can't list {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = listed.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    files
}

/// How many cases the files of one folder hold.
pub(crate) fn count(folder: &str) -> usize {
    files(folder).iter().map(|file| text(file).lines().filter_map(read).count()).sum()
}

pub(crate) fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("can't read {}: {error}", file.display()))
}
