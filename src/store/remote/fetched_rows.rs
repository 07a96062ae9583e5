//! Reading the rows of imported tables, when a statement first asks for them: by `copy` in the order of their records, in pieces, into
//! the SQLite that answers. They are digested on the way, so that other rows than those that were imported are noticed, and kept beside
//! the copy of the book: rows of one digest are always the same.

use super::cache::Cache;
use super::copy_text::read_line;
use super::server::{Pieces, Server, with_pieces, with_server};
use super::shared_imports::{CHUNK, SharedImport};
use super::{Freshness, SharedBook, causes};
use crate::error::{Error, ServerCause, StoreCause, TooManyRows};
use crate::quantity::human;
use crate::store::{ContentDigest, Stop, quote_identifier};
use postgres::error::SqlState;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Statement, params_from_iter};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::mem::take;
use tempfile::NamedTempFile;

/// The bytes of a piece beyond which no further row is added to it.
const PIECE_BYTES: usize = 1 << 16;

/// The imported tables of a shared book, and the way to their rows.
#[derive(Debug)]
pub(in crate::store) struct RemoteRows {
    pub(super) shared: SharedBook,
    imports: Vec<SharedImport>,
    pub(super) stop: Stop,
}

/// The reason for which rows are not read.
pub(in crate::store) enum ReadError {
    /// SQLite does not take them.
    Sqlite(rusqlite::Error),
    /// They can't be had.
    Other(Error),
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl RemoteRows {
    /// The imported tables of a shared book that has been read; `None` if it has none.
    ///
    /// # Errors
    /// The book is none that this program has read.
    pub(in crate::store) fn of(book: &Connection, shared: &SharedBook, stop: &Stop) -> Result<Option<Self>, Error> {
        let imports = SharedImport::of_book(book).map_err(|why| shared.error(ServerCause::NotABook(why)))?;
        Ok((!imports.is_empty()).then(|| Self { shared: shared.clone(), imports, stop: stop.clone() }))
    }

    /// The plain tables, in lower case.
    pub(in crate::store) fn tables(&self) -> impl Iterator<Item = String> {
        self.imports.iter().map(|import| import.stored.to_ascii_lowercase())
    }

    /// The views of the imported tables, each with the plain table behind it and its number of rows.
    pub(in crate::store) fn listing(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        self.imports.iter().map(|import| (import.name.as_str(), import.stored.as_str(), import.rows))
    }

    pub(super) fn find(&self, table: &str) -> Result<&SharedImport, Error> {
        let found = self.imports.iter().find(|import| import.stored.eq_ignore_ascii_case(table));
        found.ok_or_else(|| Error::Fault(format!("`{table}` is no imported table")))
    }

    /// Refuses to read more rows of a plain table than an answer may have.
    ///
    /// # Errors
    /// It has more.
    pub(in crate::store) fn check_rows(&self, table: &str, most: u64) -> Result<(), Error> {
        let import = self.find(table)?;
        if most == 0 || import.rows <= most {
            return Ok(());
        }
        let (rows, address) = (human::count(import.rows, "row"), self.shared.address.to_string());
        Err(Error::TooManyRows(TooManyRows { rows, table: import.name.clone(), most, address }))
    }

    /// Reads the rows of a plain table into that of a book, which is empty.
    ///
    /// # Errors
    /// The server can't be reached, or has them no more; they are others than those that were imported; the work was stopped.
    pub(in crate::store) fn read_into(&self, book: &Connection, table: &str) -> Result<(), ReadError> {
        let import = self.find(table).map_err(ReadError::Other)?;
        book.execute_batch("savepoint pledgebook_rows")?;
        let read = self.read(book, import);
        let end = if read.is_ok() { "" } else { "rollback to pledgebook_rows; " };
        // Where SQLite has taken all of it back, there is no savepoint any more.
        let ended = book.execute_batch(&format!("{end}release pledgebook_rows"));
        read.and_then(|()| Ok(ended?))
    }

    fn read(&self, book: &Connection, import: &SharedImport) -> Result<(), ReadError> {
        let cache = Cache::of(&self.shared);
        if let Some(kept) = cache.as_ref().and_then(|cache| cache.rows(&import.rows_name())) {
            if Insertion::new(book, import)?.kept(kept, &self.stop)? {
                return Ok(());
            }
            // What was kept is damaged.
            book.execute_batch(&format!("delete from main.{}", quote_identifier(&import.stored)))?;
        }
        if self.shared.freshness == Freshness::Offline {
            let cause = ServerCause::NoRows(import.name.clone());
            return Err(ReadError::Other(self.shared.error(cause).into()));
        }
        let mut insertion = Insertion::new(book, import)?;
        let mut keeping = cache.as_ref().and_then(Cache::begin_rows);
        self.receive(import, |lines| {
            keep(&mut keeping, &lines);
            insertion.add(&lines)
        })?;
        if !insertion.is_whole() {
            let cause = ServerCause::ChangedRows { table: import.name.clone(), is_sent: false };
            return Err(ReadError::Other(self.shared.error(cause).into()));
        }
        if let Some((cache, file)) = cache.zip(keeping) {
            let current: Vec<String> = self.imports.iter().map(SharedImport::rows_name).collect();
            cache.keep_rows(file, &import.rows_name(), &current);
        }
        Ok(())
    }

    /// Hands over the rows that the server has, as lines in pieces.
    fn receive(
        &self,
        import: &SharedImport,
        mut add: impl FnMut(String) -> Result<(), AddError>,
    ) -> Result<(), ReadError> {
        let (columns, rows_table, name) = (import.server_columns(), import.rows_table(), import.name.clone());
        let sql = format!("copy (select {columns} from {rows_table} order by {CHUNK}, record) to stdout");
        let mut failed = None;
        let work = move |server: &mut Server, pieces: &Pieces<String, ()>| send_lines(server, &sql, &name, pieces);
        let received = with_pieces(&self.shared, &self.stop, work, |lines| {
            add(lines).map_err(|error| match error {
                AddError::Sqlite(error) => {
                    failed = Some(error);
                    Error::Interrupted
                }
                AddError::NoRow(number) => {
                    let why = format!("row {number} of `{}` is none that an import makes", import.name);
                    self.shared.error(ServerCause::NotABook(why)).into()
                }
            })
        });
        match failed {
            Some(error) => Err(ReadError::Sqlite(error)),
            None => received.map_err(ReadError::Other),
        }
    }

    /// The records of a plain table that are totals of others; its rows are not read.
    ///
    /// # Errors
    /// As [`RemoteRows::read_into`].
    pub(in crate::store) fn totals(&self, table: &str) -> Result<Vec<u32>, Error> {
        let import = self.find(table)?;
        if !import.table.has_totals() {
            return Ok(Vec::new());
        }
        if self.shared.freshness == Freshness::Offline {
            return Err(self.shared.error(ServerCause::NoRows(import.name.clone())).into());
        }
        let sql = format!("select record from {} where is_total <> 0 order by {CHUNK}, record;", import.rows_table());
        let rows = with_server(&self.shared, &self.stop, move |server| {
            let begin = server.begin("read only");
            Ok(server.run(&format!("{begin}{sql}"))?)
        })?;
        Ok(rows.iter().flatten().filter_map(|row| row.get(0)?.parse().ok()).collect())
    }
}

/// Reads the lines of a `copy` from the server, and hands them over in pieces.
fn send_lines(server: &mut Server, sql: &str, name: &str, pieces: &Pieces<String, ()>) -> Result<(), StoreCause> {
    let failed = |error: &postgres::Error| match error.code() {
        Some(code) if *code == SqlState::UNDEFINED_TABLE => ServerCause::RowsGone(name.to_owned()),
        _ => causes::of_statement(error),
    };
    let begin = server.begin("read only");
    server.run(&begin)?;
    let mut reader = server.client().copy_out(sql).map_err(|error| failed(&error))?;
    let mut is_at_end = false;
    while !is_at_end {
        let mut lines = String::new();
        is_at_end = next_lines(&mut reader, &mut lines).map_err(|error| causes::of_stream(&error))?;
        pieces.send(lines)?;
    }
    Ok(())
}

/// Reads the next lines, up to the size of a piece; true at the end, behind which nothing may be read.
fn next_lines(reader: &mut impl BufRead, lines: &mut String) -> io::Result<bool> {
    while lines.len() < PIECE_BYTES {
        if reader.read_line(lines)? == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps a piece in a file, until one can't be written.
fn keep(file: &mut Option<NamedTempFile>, lines: &str) {
    if file.as_mut().is_some_and(|file| file.write_all(lines.as_bytes()).is_err()) {
        *file = None;
    }
}

/// The reason for which lines are not added.
enum AddError {
    Sqlite(rusqlite::Error),
    /// The line of this number is no row.
    NoRow(u64),
}

impl From<rusqlite::Error> for AddError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// The rows of an imported table on their way into a book.
struct Insertion<'i> {
    statement: Statement<'i>,
    import: &'i SharedImport,
    digest: ContentDigest,
    values: Vec<Value>,
    rows: u64,
}

impl<'i> Insertion<'i> {
    fn new(book: &'i Connection, import: &'i SharedImport) -> rusqlite::Result<Self> {
        let marks = vec!["?"; import.table.columns.len() + 1].join(", ");
        let table = quote_identifier(&import.stored);
        let statement = book.prepare(&format!("insert into main.{table} values ({marks})"))?;
        Ok(Self { statement, import, digest: ContentDigest::default(), values: Vec::new(), rows: 0 })
    }

    fn add(&mut self, lines: &str) -> Result<(), AddError> {
        for line in lines.split_terminator('\n') {
            self.rows += 1;
            read_line(line, &self.import.table, &mut self.values).ok_or(AddError::NoRow(self.rows))?;
            self.values.iter().for_each(|value| self.digest.add(ValueRef::from(value)));
            self.statement.execute(params_from_iter(&self.values))?;
        }
        Ok(())
    }

    /// Adds rows that were kept here; false if they are damaged.
    fn kept(mut self, file: File, stop: &Stop) -> Result<bool, ReadError> {
        let (mut reader, mut lines) = (BufReader::new(file), String::new());
        loop {
            lines.clear();
            let Ok(is_at_end) = next_lines(&mut reader, &mut lines) else { return Ok(false) };
            stop.check()?;
            match self.add(&lines) {
                Ok(()) if is_at_end => return Ok(self.is_whole()),
                Ok(()) => {}
                Err(AddError::Sqlite(error)) => return Err(error.into()),
                Err(AddError::NoRow(_)) => return Ok(false),
            }
        }
    }

    /// True if these are all rows that were imported.
    fn is_whole(&mut self) -> bool {
        take(&mut self.digest).finish() == self.import.digest
    }
}
