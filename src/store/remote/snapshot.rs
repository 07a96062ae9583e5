//! The book as one transaction on the server sees it: its version, and the rows of its tables.

use super::factbook::{BookRow, BookTable};
use super::server::Server;
use super::shared_imports::Definition;
use crate::error::{ServerCause, StoreCause};
use crate::store::bundled::SCHEMA_VERSION;
use crate::store::quote_identifier;
use postgres::SimpleQueryRow;
use std::collections::BTreeMap;

/// The version of a book on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerVersion {
    pub(super) number: i64,
    /// A text that no other version has, of this book or another: numbers come again where a book is made anew.
    pub(super) token: String,
    /// Who made it, when, and what it changed.
    pub(super) entry: String,
}

/// The version that a transaction sees, and the columns that each table has on the server.
pub(super) struct Snapshot {
    pub(super) version: ServerVersion,
    columns: BTreeMap<String, Vec<String>>,
}

/// The columns of each table of the book's schema on the server.
const COLUMNS: &str = "select c.relname, a.attname from pg_catalog.pg_class c \
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
    where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'book') and c.relkind in ('r', 'p');";

/// The version with its entry in the journal.
const VERSION: &str = "select v.version, v.token, v.schema, j.who, \
    pg_catalog.to_char(j.at at time zone 'utc', 'YYYY-MM-DD HH24:MI'), j.what \
    from book.version v left join book.journal j on j.version = v.version;";

impl Snapshot {
    /// Reads what a transaction sees. `begin` begins it, or is empty where one has begun.
    ///
    /// # Errors
    /// There is no book, or one that this program does not know.
    pub(super) fn read(server: &mut Server, begin: &str) -> Result<Self, StoreCause> {
        let encoding = "select pg_catalog.current_setting('server_encoding');";
        let mut results = server.run(&format!("{begin}{encoding}{COLUMNS}{VERSION}"))?.into_iter();
        let mut next = || results.next().unwrap_or_default();
        let (encoding, found, version) = (next(), next(), next());
        match encoding.first().and_then(|row| row.get(0)) {
            Some("UTF8") => {}
            other => return Err(ServerCause::Encoding(other.unwrap_or_default().to_owned()).into()),
        }
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in &found {
            if let (Some(table), Some(column)) = (row.get(0), row.get(1)) {
                columns.entry(table.to_owned()).or_default().push(column.to_owned());
            }
        }
        let [row] = version.as_slice() else {
            return Err(ServerCause::NotABook(format!("`version` has {} rows", version.len())).into());
        };
        Ok(Self { version: read_version(row)?, columns })
    }

    /// The rows of tables of the book, in the order of their numbers.
    ///
    /// # Errors
    /// A table or column is missing, or one is there that this program does not know; a row has no number.
    pub(super) fn rows(&self, server: &mut Server, tables: &[BookTable]) -> Result<Vec<Vec<BookRow>>, StoreCause> {
        let selects = tables.iter().map(|table| self.select(table)).collect::<Result<String, _>>()?;
        let mut results = server.run(&selects)?.into_iter();
        let read = |table: &BookTable| {
            let rows = results.next().unwrap_or_default();
            rows.iter().map(|row| read_row(row, table)).collect::<Result<Vec<_>, _>>()
        };
        Ok(tables.iter().map(read).collect::<Result<_, ServerCause>>()?)
    }

    /// True if the server has the tables of imports.
    pub(super) fn has_imports(&self) -> bool {
        self.columns.contains_key("imported")
    }

    /// The columns and views of the imported tables.
    ///
    /// # Errors
    /// The server's, or the network's.
    pub(super) fn imports(&self, server: &mut Server) -> Result<Vec<Definition>, ServerCause> {
        if !self.has_imports() {
            return Ok(Vec::new());
        }
        let rows = server.run("select source, columns, view from book.imported order by source;")?;
        let read = |row: &SimpleQueryRow| {
            let text = |at: usize| row.get(at).unwrap_or_default().to_owned();
            Definition { source: text(0), columns: text(1), view: text(2) }
        };
        Ok(rows.iter().flatten().map(read).collect())
    }

    /// The statement that reads a table.
    fn select(&self, table: &BookTable) -> Result<String, ServerCause> {
        let known = self.columns.get(&table.name);
        let known = known.ok_or_else(|| ServerCause::NotABook(format!("it has no table `{}`", table.name)))?;
        let is_ours = |name: &String| name == ROW || table.columns.iter().any(|column| column.name == *name);
        if let Some(other) = known.iter().find(|name| !is_ours(name)) {
            return Err(ServerCause::NewerTables(format!("a column `{}.{other}`", table.name)));
        }
        if let Some(missing) = table.columns.iter().find(|column| column.is_required && !known.contains(&column.name)) {
            return Err(ServerCause::NotABook(format!("`{}` has no column `{}`", table.name, missing.name)));
        }
        // A book that an older program has made lacks the columns that came later.
        let columns = table.columns.iter().map(|column| {
            if known.contains(&column.name) { quote_identifier(&column.name) } else { "null".to_owned() }
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        Ok(format!("select {ROW}, {columns} from book.{} order by {ROW};", quote_identifier(&table.name)))
    }
}

/// The column of each table on the server that keeps the number of a row.
pub(super) const ROW: &str = "_row";

fn read_version(row: &SimpleQueryRow) -> Result<ServerVersion, StoreCause> {
    let whole = |at: usize| row.get(at).and_then(|text| text.parse::<i64>().ok());
    let wrong = || ServerCause::NotABook("`version` has no number".to_owned());
    let (number, schema) = whole(0).zip(whole(2)).ok_or_else(wrong)?;
    if schema > SCHEMA_VERSION {
        return Err(StoreCause::NewerSchema { found: schema, known: SCHEMA_VERSION });
    }
    let token = row.get(1).filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let token = token.ok_or_else(|| ServerCause::NotABook("`version` has no token".to_owned()))?.to_owned();
    let said = |at: usize| row.get(at).unwrap_or("?");
    let entry = format!("{}, {}: {}", said(3), said(4), said(5));
    Ok(ServerVersion { number, token, entry })
}

fn read_row(row: &SimpleQueryRow, table: &BookTable) -> Result<BookRow, ServerCause> {
    let number = row.get(0).and_then(|text| text.parse().ok());
    let number = number.ok_or_else(|| ServerCause::NotABook(format!("a row of `{}` has no number", table.name)))?;
    let values = (0..table.columns.len()).map(|at| row.get(at + 1).map(str::to_owned)).collect();
    Ok(BookRow { number, values })
}
