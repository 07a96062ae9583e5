//! The imported tables of a shared book. What describes them goes with the facts; their rows stay on the server, in a table there that
//! is named by their digest and never changes: a version of the book names the rows that it means, and rows that are there already are
//! not sent again.

use crate::store::content_digest::hexadecimal;
use crate::store::record_table::{RECORD, RecordTable};
use crate::store::{bundled, import_view, quote_identifier};
use rusqlite::{Connection, Result};
use sha2::{Digest, Sha256};

/// The column of a table with rows by which it can be shared out: 65,536 records have one number.
pub(super) const CHUNK: &str = "_chunk";

/// An imported table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SharedImport {
    /// The source that it is: `S2`.
    pub(super) source: String,
    /// The view that people read.
    pub(super) name: String,
    /// The plain table behind it.
    pub(super) stored: String,
    /// The columns and indexes of that.
    pub(super) table: RecordTable,
    /// The definition of the view, behind its head.
    pub(super) view: String,
    /// The digest of its rows.
    pub(super) digest: String,
    /// Their number.
    pub(super) rows: u64,
}

/// The columns and the view of an imported table, as the server keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    /// The source.
    pub(super) source: String,
    /// The columns and indexes, as JSON.
    pub(super) columns: String,
    /// The view, behind its head.
    pub(super) view: String,
}

/// The sources, names, plain tables, digests and numbers of rows of the imports of a book.
const LISTED: &str = "select source, name, stored, content_sha256, records from main.imported_table \
     order by cast(substr(source, 2) as integer)";

impl SharedImport {
    /// The imported tables of a book, as they are defined there.
    ///
    /// # Errors
    /// One that no import has made so, or SQLite's own error, in words.
    pub(super) fn of_book(book: &Connection) -> std::result::Result<Vec<Self>, String> {
        let read = |error: rusqlite::Error| error.to_string();
        let define = |import: Listed| {
            let unlike = || format!("`{}`, which is not as an import made it", import.name);
            let table = RecordTable::of(book, &import.stored).map_err(read)?.ok_or_else(unlike)?;
            let view = import_view::body(book, &import.name).map_err(read)?.ok_or_else(unlike)?;
            Ok(import.with(table, view))
        };
        listed(book).map_err(read)?.into_iter().map(define).collect()
    }

    /// The columns and the view, for the server.
    pub(super) fn definition(&self) -> Definition {
        let (source, view) = (self.source.clone(), self.view.clone());
        Definition { source, columns: serde_json::json!(self.table).to_string(), view }
    }

    /// The name of the table with its rows on the server.
    pub(super) fn rows_name(&self) -> String {
        let digest = Sha256::digest(format!("{}\n{}", self.digest, self.definition().columns));
        let begin: String = self.stored.chars().take(MAX_NAME).collect();
        // A name of PostgreSQL has at most 63 bytes.
        let begin = if begin.is_ascii() { begin } else { "rows".to_owned() };
        format!("{begin}_{}", &hexadecimal(&digest)[..DIGEST_DIGITS])
    }

    /// The table with its rows on the server, in quotes.
    pub(super) fn rows_table(&self) -> String {
        format!("imported.{}", quote_identifier(&self.rows_name()))
    }

    /// The names of the columns of a row, with commas between, the record first.
    pub(super) fn column_list(&self) -> String {
        let columns = self.table.columns.iter().map(|(column, _)| quote_identifier(column));
        std::iter::once(RECORD.to_owned()).chain(columns).collect::<Vec<_>>().join(", ")
    }

    /// The name of a column on the server, in quotes.
    pub(super) fn server_column(&self, at: usize) -> String {
        let (name, _) = &self.table.columns[at];
        let is_taken = SYSTEM_COLUMNS.contains(&name.as_str()) || name == CHUNK;
        if is_taken || name.len() > MAX_COLUMN { format!("\"_{}\"", at + 1) } else { quote_identifier(name) }
    }

    /// The names of the columns on the server, as [`SharedImport::column_list`] has them.
    pub(super) fn server_columns(&self) -> String {
        let columns = (0..self.table.columns.len()).map(|at| self.server_column(at));
        std::iter::once(RECORD.to_owned()).chain(columns).collect::<Vec<_>>().join(", ")
    }

    /// Makes the table without its rows, its view and its indexes in a book that has its entry.
    fn make(&self, book: &Connection) -> Result<()> {
        let view = [import_view::head(&self.name), self.view.clone()].concat();
        // Each is one statement: what another had behind it is refused.
        let made = [self.table.definition(&self.stored), view].into_iter().chain(self.table.indexes(&self.stored));
        made.into_iter().try_for_each(|definition| book.execute(&definition, []).map(drop))
    }
}

/// The characters of the name of a plain table that are part of the name on the server.
const MAX_NAME: usize = 40;

/// The bytes of the longest name of a column on the server.
const MAX_COLUMN: usize = 63;

/// The names that every table of the server has for itself.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The digits of a digest that are part of that name.
const DIGEST_DIGITS: usize = 16;

/// An imported table as the facts list it.
struct Listed {
    source: String,
    name: String,
    stored: String,
    digest: String,
    rows: u64,
}

impl Listed {
    fn with(self, table: RecordTable, view: String) -> SharedImport {
        let Self { source, name, stored, digest, rows } = self;
        SharedImport { source, name, stored, table, view, digest, rows }
    }
}

fn listed(book: &Connection) -> Result<Vec<Listed>> {
    let is_there = "select exists (select 1 from main.sqlite_schema where name = 'imported_table')";
    if !book.query_row(is_there, [], |row| row.get(0))? {
        return Ok(Vec::new());
    }
    let mut all = book.prepare(LISTED)?;
    let listed = all.query_map([], |row| {
        let rows: i64 = row.get(4)?;
        Ok(Listed {
            source: row.get(0)?,
            name: row.get(1)?,
            stored: row.get(2)?,
            digest: row.get(3)?,
            rows: rows.unsigned_abs(),
        })
    })?;
    listed.collect()
}

/// Makes the imported tables, without their rows, of a book whose facts have been read from the server.
///
/// # Errors
/// What is wrong with the first of them.
pub(super) fn make_all(book: &Connection, definitions: &[Definition]) -> std::result::Result<(), String> {
    for import in listed(book).map_err(|error| error.to_string())? {
        let (name, stored) = (import.name.clone(), import.stored.clone());
        let wrong = |why: &str| format!("its imported table `{name}`: {why}");
        if [&name, &stored].into_iter().any(|name| bundled::is_of_schema(name)) {
            return Err(wrong("every book has something else of that name"));
        }
        let found = definitions.iter().find(|definition| definition.source == import.source);
        let found = found.ok_or_else(|| wrong("its columns are not on the server"))?;
        let table = serde_json::from_str::<RecordTable>(&found.columns).ok().filter(RecordTable::is_possible);
        let table = table.ok_or_else(|| wrong("its columns are none that an import makes"))?;
        let made = import.with(table, found.view.clone()).make(book);
        made.map_err(|error| wrong(&error.to_string()))?;
    }
    Ok(())
}
