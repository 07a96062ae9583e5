//! Writing facts by hand: all files, each with its header and a line of meanings below it. Where they are written is not decided here.

use super::contents::FILES;
use super::definition::FactsFile;
use super::directory::name_of;
use super::parse::written;
use super::table_reader::MEANING_MARK;
use crate::error::{Error, StoreCause, StoreError};
use crate::store::{Book, columns};
use csv::Writer;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde::Serialize;
use std::io::{self, Write};

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

/// Writes the content of a book into files that `create` makes, each by its name.
///
/// # Errors
/// The book can't be read; what it holds is no text; the files can't be written.
pub fn export_facts<W: Write>(
    book: &Book,
    mut create: impl FnMut(&str) -> Result<W, Error>,
) -> Result<Vec<ExportedFile>, Error> {
    book.read_tables(|connection| {
        FILES.iter().map(|file| write_file(book, connection, file, create(&name_of(file))?)).collect()
    })
}

/// True for the name of a file of facts by hand.
#[must_use]
pub fn is_facts_file(name: &str) -> bool {
    FILES.iter().any(|file| name_of(file) == name)
}

fn write_file<W: Write>(
    book: &Book,
    connection: &Connection,
    file: &FactsFile,
    mut out: W,
) -> Result<ExportedFile, Error> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut out = Writer::from_writer(out);
    let failed = |error: csv::Error| Error::from(io::Error::from(error));
    out.write_record(file.columns.iter().map(|column| column.name)).map_err(failed)?;
    let meanings = file.columns.iter().map(|column| format!("{MEANING_MARK}{}", column.meaning));
    out.write_record(meanings).map_err(failed)?;
    let sqlite = |error: rusqlite::Error| book.error(&error);
    let known = columns(connection, file.table).map_err(sqlite)?;
    let mut query = connection.prepare(&file.select_known(&known, "order by t.rowid")).map_err(sqlite)?;
    let mut found = query.query([]).map_err(sqlite)?;
    let mut rows = 0;
    while let Some(row) = found.next().map_err(sqlite)? {
        rows += 1;
        for (at, column) in file.columns.iter().enumerate() {
            let cell = text(row.get_ref(at).map_err(sqlite)?).map_err(|why| {
                let message = format!("row {rows} of `{}` {why}, in `{}`", file.table, column.name);
                let cause = StoreCause::CannotWrite(format!("{message}: a table of text can't hold it"));
                Error::from(StoreError { path: name_of(file).into(), cause })
            })?;
            out.write_field(cell).map_err(failed)?;
        }
        out.write_record(None::<&[u8]>).map_err(failed)?;
    }
    out.flush()?;
    Ok(ExportedFile { file: name_of(file), meaning: file.meaning, rows })
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
