//! Writing facts by hand: a directory of all files, each with its header and a line of meanings below it. It is there whole or not at
//! all: it is written under another name beside its place, and then renamed.

use super::contents::FILES;
use super::definition::FactsFile;
use super::directory::path_of;
use super::parse::written;
use super::table_reader::MEANING_MARK;
use crate::error::{Error, StoreCause, StoreError, usage_error};
use crate::store::Book;
use csv::Writer;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// The mark of UTF-8 at the beginning of a file, without which some spreadsheets take its text for another encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    /// Its name.
    pub file: String,
    /// The meaning of a row.
    pub meaning: &'static str,
    /// The rows below the line of meanings.
    pub rows: u64,
}

/// Writes the content of a book into a new directory.
///
/// # Errors
/// There is something of that name; the book can't be read; the system refuses.
pub fn export_facts(book: &Book, directory: &Path) -> Result<Vec<ExportedFile>, Error> {
    let fail = |error: &dyn std::fmt::Display| {
        Error::from(StoreError { path: directory.to_owned(), cause: StoreCause::CannotWrite(error.to_string()) })
    };
    refuse_taken(directory)?;
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished =
        tempfile::Builder::new().prefix(".pledgebook-").tempdir_in(parent).map_err(|error| fail(&error))?;
    let written = book.read_tables(|connection| {
        FILES.iter().map(|file| write_file(book, connection, file, unfinished.path(), directory)).collect()
    })?;
    share(unfinished.path()).map_err(|error| fail(&error))?;
    fs::rename(unfinished.path(), directory).map_err(|error| fail(&error))?;
    Ok(written)
}

/// Refuses to write where something is: its files may have been edited.
fn refuse_taken(directory: &Path) -> Result<(), Error> {
    let is_empty = |directory: &Path| fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none());
    if directory.symlink_metadata().is_err() || is_empty(directory) {
        return Ok(());
    }
    let message = format!("can't make `{}`: it exists", directory.display());
    Err(usage_error(&message, "name a directory that is not there yet: what is in this one may have been edited"))
}

/// Gives a directory the rights of a new one: readable for all that the owner's mask allows.
#[cfg(unix)]
fn share(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn share(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn write_file(
    book: &Book,
    connection: &Connection,
    file: &FactsFile,
    unfinished: &Path,
    directory: &Path,
) -> Result<ExportedFile, Error> {
    let shown = path_of(directory, file);
    let fail = |error: &dyn std::fmt::Display| {
        Error::from(StoreError { path: shown.clone(), cause: StoreCause::CannotWrite(error.to_string()) })
    };
    let mut out = BufWriter::new(File::create(path_of(unfinished, file)).map_err(|error| fail(&error))?);
    out.write_all(BYTE_ORDER_MARK).map_err(|error| fail(&error))?;
    let mut out = Writer::from_writer(out);
    out.write_record(file.columns.iter().map(|column| column.name)).map_err(|error| fail(&error))?;
    let meanings = file.columns.iter().map(|column| format!("{MEANING_MARK}{}", column.meaning));
    out.write_record(meanings).map_err(|error| fail(&error))?;
    let sqlite = |error: rusqlite::Error| book.error(&error);
    let mut query = connection.prepare(&file.select("order by t.rowid")).map_err(sqlite)?;
    let mut found = query.query([]).map_err(sqlite)?;
    let mut rows = 0;
    while let Some(row) = found.next().map_err(sqlite)? {
        rows += 1;
        for (at, column) in file.columns.iter().enumerate() {
            let cell = text(row.get_ref(at).map_err(sqlite)?).map_err(|why| {
                let message = format!("row {rows} of `{}` {why}, in `{}`", file.table, column.name);
                fail(&format!("{message}: a table of text can't hold it"))
            })?;
            out.write_field(cell).map_err(|error| fail(&error))?;
        }
        out.write_record(None::<&[u8]>).map_err(|error| fail(&error))?;
    }
    let out = out.into_inner().map_err(|error| fail(&error.error()))?;
    let out = out.into_inner().map_err(|error| fail(&error.error()))?;
    out.sync_all().map_err(|error| fail(&error))?;
    let name = shown.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ExportedFile { file: name, meaning: file.meaning, rows })
}

/// A cell; why it can't be one.
fn text(value: ValueRef<'_>) -> Result<String, &'static str> {
    let text = match value {
        ValueRef::Null => return Ok(String::new()),
        ValueRef::Integer(number) => return Ok(number.to_string()),
        ValueRef::Text(text) => std::str::from_utf8(text).map_err(|_| "has a text that is not UTF-8")?,
        ValueRef::Real(_) | ValueRef::Blob(_) => return Err("has what is neither a text nor a whole number"),
    };
    if text.contains(['\0', '\r']) { Err("has a zero byte or a carriage return") } else { Ok(written(text)) }
}
