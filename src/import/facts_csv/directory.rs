//! The directory of facts by hand: which file in it is which table, and how its text is divided into cells.

use super::contents::{FILES, find};
use super::definition::FactsFile;
use super::findings::{Findings, FoundFile};
use crate::error::suggest::nearest;
use crate::error::{Error, StoreCause, StoreError, usage_error};
use crate::import::encoding::TextFile;
use crate::import::file::ImportFile;
use crate::import::format::{self, FileFormat, HEAD_BYTES};
use crate::import::numeric::trim;
use crate::store::Stop;
use encoding_rs::Encoding;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The ending of the files.
const ENDING: &str = "csv";

/// The separators that are tried, the most usual first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The form of the files, where options name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notation {
    /// The encoding of their text.
    pub(super) encoding: Option<&'static Encoding>,
    /// The separator of their cells.
    pub(super) separator: Option<u8>,
}

/// The name of a file in its directory.
pub(super) fn name_of(file: &FactsFile) -> String {
    format!("{}.{ENDING}", file.name)
}

/// The files of a directory, in reading order. Files that are no tables of text are passed over.
///
/// # Errors
/// It can't be read, or holds none.
pub(super) fn files(directory: &Path, findings: &mut Findings) -> Result<Vec<(&'static FactsFile, PathBuf)>, Error> {
    let fail = |error: &std::io::Error| {
        Error::from(StoreError { path: directory.to_owned(), cause: StoreCause::CannotReadText(error.to_string()) })
    };
    let mut found = Vec::new();
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(directory).map_err(|error| fail(&error))? {
        paths.push(entry.map_err(|error| fail(&error))?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_table = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(ENDING));
        // Spreadsheets leave locks beside the file, `.~lock.facts.csv#` and `~$facts.csv`.
        if !is_table || name.starts_with(['.', '~']) || path.is_dir() {
            continue;
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match find(&stem) {
            Some(file) => found.push((file, path)),
            None => findings.add_file(&path.display().to_string(), None, &unknown_file(&stem)),
        }
    }
    if found.is_empty() && findings.len() == 0 {
        let help = format!("`pledgebook export {} --facts` writes such files", directory.display());
        return Err(usage_error(&format!("`{}` holds no files of facts", directory.display()), &help));
    }
    let place = |file: &FactsFile| FILES.iter().position(|known| known.name == file.name);
    found.sort_by_key(|(file, _)| place(file));
    for pair in found.windows(2).filter(|pair| pair[0].0.name == pair[1].0.name) {
        let message = format!("it is the same table as `{}`", pair[0].1.display());
        findings.add_file(&pair[1].1.display().to_string(), None, &message);
    }
    found.dedup_by_key(|(file, _)| file.name);
    Ok(found)
}

fn unknown_file(stem: &str) -> String {
    if let Some(near) = nearest(stem, FILES.iter().map(|file| file.name)) {
        return format!("there is no such table of facts: did you mean `{near}.csv`?");
    }
    let names: Vec<&str> = FILES.iter().map(|file| file.name).collect();
    format!("there is no such table of facts: they are {}", names.join(", "))
}

/// Finds out how a file is written: its encoding, and the separator with which its first line has the most columns that are known.
///
/// # Errors
/// It can't be read, or is no text.
pub(super) fn open(definition: &FactsFile, path: &Path, written: Notation, stop: &Stop) -> Result<FoundFile, Error> {
    let file = ImportFile::new(path, stop);
    let mut head = Vec::new();
    file.open()?.take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| file.unreadable(&error))?;
    if matches!(format::detect(&file, &head)?, FileFormat::ZippedWorkbook | FileFormat::OlderWorkbook) {
        return Err(file.broken(None, "it is a workbook under the name of a table of text", "save its sheet as CSV"));
    }
    let text = TextFile::detect(&file, written.encoding)?;
    let separator = match written.separator {
        Some(separator) => separator,
        None => sniff(definition, &first_line(&file, &text)?),
    };
    Ok(FoundFile { file, text, separator })
}

/// The first line in which something is written.
fn first_line(file: &ImportFile, text: &TextFile) -> Result<String, Error> {
    let mut reader = BufReader::new(text.text(file)?);
    let mut line = String::new();
    loop {
        line.clear();
        let length = reader.read_line(&mut line).map_err(|error| file.unreadable(&error))?;
        if length == 0 || !trim(&line).is_empty() {
            return Ok(line);
        }
    }
}

fn sniff(definition: &FactsFile, line: &str) -> u8 {
    let known = |separator: &u8| {
        let cells = line.split(char::from(*separator));
        cells.filter(|cell| definition.position(&column_name(trim(cell).trim_matches('"'))).is_some()).count()
    };
    let most = SEPARATORS.iter().map(known).max().unwrap_or_default();
    SEPARATORS.into_iter().find(|separator| known(separator) == most).unwrap_or(b',')
}

/// The name of a column as its header means it: in small letters, with `_` for blanks and dashes.
pub(super) fn column_name(header: &str) -> String {
    trim(header).to_lowercase().replace([' ', '-'], "_")
}
