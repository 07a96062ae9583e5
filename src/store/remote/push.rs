//! Writing a book to the server. What is pushed is compared with what is there, row by row, and the difference is one entry: its rows,
//! its line in the journal and the next version, in one transaction, before which the rows of its imported tables are sent. A push that
//! would take away or alter what is there is refused unless it is asked for; one beside which the book has moved on is taken back.

use super::factbook::{BookRow, BookTable};
use super::sent_rows::{self, RowRequest};
use super::server::{Pieces, Server, with_pieces};
use super::shared_imports::SharedImport;
use super::snapshot::{ROW, ServerVersion, Snapshot};
use super::{PushOptions, Pushed, SharedBook, causes, copy_text, factbook, server_tables};
use crate::error::{Error, ServerCause, StoreCause};
use crate::quantity::human;
use crate::store::bundled::SCHEMA_VERSION;
use crate::store::{Book, Stop, bundled, quote_identifier};
use postgres::Client;
use postgres::error::SqlState;
use postgres::types::ToSql;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// A table with its rows.
type FilledTable = (BookTable, Vec<BookRow>);

/// The content of a push, checked and ready to be sent.
struct Entry {
    /// An empty book, by whose catalogue the tables on the server are made.
    schema: Connection,
    tables: Vec<FilledTable>,
    imports: Vec<SharedImport>,
    is_new: bool,
    replaces: bool,
    seen: Option<i64>,
    name: String,
    program: String,
}

/// The difference of a table from what is on the server.
struct TableChange<'e> {
    table: &'e BookTable,
    added: Vec<&'e BookRow>,
    /// Rows that are there with other values: the new row, and the places of the columns that differ.
    altered: Vec<(&'e BookRow, Vec<usize>)>,
    gone: Vec<i64>,
    /// The altered rows of which a value would be lost.
    losing: Vec<i64>,
}

impl Book {
    /// Pushes the facts and the imported tables of the book to a server.
    ///
    /// # Errors
    /// The book has tables of its maker's own, or breaks a rule of its schema; the server can't be reached or written to; something there would
    /// be lost; the book there has moved on; the work was stopped. The server's book is as before then.
    pub fn push(&self, shared: &SharedBook, options: PushOptions<'_>) -> Result<Pushed, Error> {
        if !self.is_book() {
            return Err(self.origin().error(StoreCause::NotABook("it is a plain database".to_owned())).into());
        }
        let read = self.privileged(|connection| Ok(read(connection, self.stop())));
        let (schema, tables, imports) = match read.map_err(|error| self.error(&error))? {
            Ok(read) => read,
            Err(_) if self.stop().is_raised() => return Err(self.stop().cause()),
            Err(Refusal::Shared(cause)) => return Err(shared.error(cause).into()),
            Err(Refusal::Wrong(why)) => return Err(self.origin().error(StoreCause::NotABook(why)).into()),
        };
        let PushOptions { is_new, replaces, seen, name, program } = options;
        let (name, program) = (name.to_owned(), program.to_owned());
        let entry = Entry { schema, tables, imports: imports.clone(), is_new, replaces, seen, name, program };
        let work = move |server: &mut Server, pieces: &Pieces<RowRequest, Pushed>| write(server, &entry, pieces);
        with_pieces(shared, self.stop(), work, |request| self.send_rows(shared, &imports[request.import], &request))
    }
}

/// The reason for which a book is not pushed.
enum Refusal {
    /// It holds what is not shared.
    Shared(ServerCause),
    /// It breaks a rule of its schema.
    Wrong(String),
}

/// The shared parts of a book: an empty one with its schema, the rows of its tables, and its imported tables.
type Contents = (Connection, Vec<FilledTable>, Vec<SharedImport>);

/// A book's rows, checked by a new book of this program's schema, and its imported tables without theirs.
fn read(book: &Connection, stop: &Stop) -> Result<Contents, Refusal> {
    let wrong = |error: rusqlite::Error| Refusal::Wrong(error.to_string());
    let imports = SharedImport::of_book(book).map_err(|what| Refusal::Shared(ServerCause::NotShareable(what)))?;
    refuse_own(book, &imports)?;
    let schema = factbook::begin().map_err(wrong)?;
    let (known, mut all) = (factbook::tables(book).map_err(wrong)?, Vec::new());
    for table in factbook::tables(&schema).map_err(wrong)? {
        // A book that an older program has made lacks the tables that came later.
        if !known.iter().any(|found| found.name == table.name) {
            all.push((table, Vec::new()));
            continue;
        }
        let rows = factbook::rows(book, &table).map_err(|what| Refusal::Shared(ServerCause::NotStorable(what)))?;
        factbook::load(&schema, &table, rows.iter().cloned(), stop).map_err(Refusal::Wrong)?;
        // As this program's schema works its columns out, whatever the book's did.
        let rows = factbook::rows(&schema, &table).map_err(Refusal::Wrong)?;
        all.push((table, rows));
    }
    factbook::finish(&schema).map_err(Refusal::Wrong)?;
    Ok((schema, all, imports))
}

/// Refuses a book with tables and views of its maker's own.
fn refuse_own(book: &Connection, imports: &[SharedImport]) -> Result<(), Refusal> {
    let wrong = |error: rusqlite::Error| Refusal::Wrong(error.to_string());
    let sql = "select name from main.sqlite_schema where type in ('table', 'view') and name not like 'sqlite%'";
    let mut statement = book.prepare(sql).map_err(wrong)?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(wrong)?;
    let is_imported = |name: &String| imports.iter().any(|import| import.name == *name || import.stored == *name);
    match names.iter().find(|name| !bundled::is_of_schema(name) && !is_imported(name)) {
        Some(own) => Err(Refusal::Shared(ServerCause::NotShareable(format!("`{own}` of your own")))),
        None => Ok(()),
    }
}

/// The comparison of an entry with the server.
struct Compared<'e> {
    /// The version that is there.
    seen: i64,
    /// The changes of the tables, in the order of the schema.
    changes: Vec<TableChange<'e>>,
    /// The changes in words; `None` where there are none.
    what: Option<String>,
    /// The places of the imported tables whose rows the server lacks.
    missing: Vec<usize>,
    /// True if the server has the tables that list imports.
    has_lists: bool,
}

/// Writes an entry in one transaction, behind the rows that it names.
fn write(server: &mut Server, entry: &Entry, pieces: &Pieces<RowRequest, Pushed>) -> Result<Pushed, StoreCause> {
    let tables: Vec<BookTable> = entry.tables.iter().map(|(table, _)| table.clone()).collect();
    let begin = server.begin("read write");
    let has_roles = if entry.is_new { Some(create(server, entry, &begin, &tables)?) } else { None };
    let mut compared = compare(server, entry, &tables, if entry.is_new { "" } else { &begin })?;
    if compared.what.is_none() && !entry.is_new {
        return Ok(Pushed { version: compared.seen, change: None, has_roles });
    }
    if !compared.has_lists && !entry.imports.is_empty() {
        // The book was made before there were imports on a server.
        server.run(&format!("rollback; {}{}commit", server.begin_load(), server_tables::import_definitions()))?;
        compared = compare(server, entry, &tables, &begin)?;
    }
    // Rows that are long on their way hold up nobody: they go before the entry, unless the book is made with it.
    let load = (!entry.is_new).then(|| server.begin_load());
    if load.is_some() && !compared.missing.is_empty() {
        server.run("rollback")?;
    }
    for import in &compared.missing {
        sent_rows::send(server, (&entry.imports, *import), pieces, load.as_deref())?;
    }
    if load.is_some() && !compared.missing.is_empty() {
        compared = compare(server, entry, &tables, &begin)?;
    }
    let Compared { seen, changes, what, has_lists, .. } = compared;
    let what = what.unwrap_or_else(|| "nothing yet".to_owned());
    let failed = |error: rusqlite::Error| ServerCause::Failed(error.to_string());
    let ordered = server_tables::in_order(&entry.schema, &tables).map_err(failed)?;
    let ordered: Vec<&TableChange<'_>> =
        ordered.iter().filter_map(|table| changes.iter().find(|change| change.table.name == table.name)).collect();
    match send(server, entry, &ordered, (&what, has_lists), seen) {
        Ok(()) => {
            sent_rows::drop_unused(server);
            Ok(Pushed { version: seen + 1, change: Some(what), has_roles })
        }
        Err(SendError::Overtaken) => Err(behind(server, seen)),
        Err(SendError::Failed(cause)) => Err(cause.into()),
    }
}

/// Compares an entry with what is there. `begin` begins a transaction, or is empty where one has begun.
fn compare<'e>(
    server: &mut Server,
    entry: &'e Entry,
    tables: &[BookTable],
    begin: &str,
) -> Result<Compared<'e>, StoreCause> {
    let snapshot = Snapshot::read(server, begin)?;
    let seen = snapshot.version.number;
    if let Some(older) = entry.seen.filter(|older| *older != seen) {
        return Err(moved_on(older, &snapshot.version).into());
    }
    let there = snapshot.rows(server, tables)?;
    let pairs = entry.tables.iter().zip(&there);
    let changes: Vec<TableChange<'_>> = pairs.map(|((table, rows), there)| difference(table, rows, there)).collect();
    if !entry.replaces {
        refuse_losses(&changes)?;
    }
    let has_lists = snapshot.has_imports();
    let missing = if has_lists { sent_rows::missing(server, &entry.imports)? } else { Vec::new() };
    Ok(Compared { seen, what: describe(&changes), changes, missing, has_lists })
}

/// Begins a transaction and makes the tables of an empty book in it; returns true if the roles are there.
fn create(server: &mut Server, entry: &Entry, begin: &str, tables: &[BookTable]) -> Result<bool, ServerCause> {
    let definitions = server_tables::definitions(&entry.schema, tables, &entry.program);
    let definitions = definitions.map_err(|error| ServerCause::Failed(error.to_string()))?;
    let results = server.run(&format!("{begin}{definitions}"))?;
    Ok(results.last().and_then(|rows| rows.first()).is_some_and(|row| row.get(0) == Some("t")))
}

/// The difference of a table from the rows on the server.
fn difference<'e>(table: &'e BookTable, rows: &'e [BookRow], there: &[BookRow]) -> TableChange<'e> {
    let known: BTreeMap<i64, &BookRow> = there.iter().map(|row| (row.number, row)).collect();
    let mut change =
        TableChange { table, added: Vec::new(), altered: Vec::new(), gone: Vec::new(), losing: Vec::new() };
    for row in rows {
        let Some(old) = known.get(&row.number) else {
            change.added.push(row);
            continue;
        };
        let differs = |at: &usize| old.values[*at] != row.values[*at];
        let places: Vec<usize> = (0..table.columns.len()).filter(differs).collect();
        // A cell that was empty loses nothing, and one that SQLite works out only follows.
        if places.iter().any(|at| old.values[*at].is_some() && !table.columns[*at].is_generated) {
            change.losing.push(row.number);
        }
        if !places.is_empty() {
            change.altered.push((row, places));
        }
    }
    let kept: BTreeSet<i64> = rows.iter().map(|row| row.number).collect();
    change.gone.extend(there.iter().map(|row| row.number).filter(|number| !kept.contains(number)));
    change
}

/// A difference in words; `None` where there is none.
fn describe(changes: &[TableChange<'_>]) -> Option<String> {
    let count = |of: fn(&TableChange<'_>) -> usize, verb: &str| {
        let rows: usize = changes.iter().map(of).sum();
        (rows > 0).then(|| format!("{verb} {}", in_rows(rows)))
    };
    let parts = [
        count(|change| change.added.len(), "adds"),
        count(|change| change.altered.len(), "alters"),
        count(|change| change.gone.len(), "takes away"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let is_changed = |change: &&TableChange<'_>| change.added.len() + change.altered.len() + change.gone.len() > 0;
    let tables: Vec<&str> = changes.iter().filter(is_changed).map(|change| change.table.name.as_str()).collect();
    let shown = tables.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = tables.len().checked_sub(MAX_NAMED + 1).map(|more| format!(" and {} more", more + 1));
    (!parts.is_empty()).then(|| format!("{} in {shown}{}", parts.join(", "), more.unwrap_or_default()))
}

fn in_rows(count: usize) -> String {
    human::count(u64::try_from(count).unwrap_or(u64::MAX), "row")
}

/// The most tables that the journal names of one entry.
const MAX_NAMED: usize = 5;

/// Refuses changes by which something on the server would be lost.
fn refuse_losses(changes: &[TableChange<'_>]) -> Result<(), ServerCause> {
    let losses: usize = changes.iter().map(|change| change.gone.len() + change.losing.len()).sum();
    let first = changes.iter().find_map(|change| {
        let number = change.gone.iter().chain(&change.losing).min()?;
        Some(format!("row {number} of `{}`", change.table.name))
    });
    match first {
        Some(first) => Err(ServerCause::Losing { rows: in_rows(losses), first }),
        None => Ok(()),
    }
}

/// The reason for which an entry is not sent.
enum SendError {
    /// Another entry came before it.
    Overtaken,
    Failed(ServerCause),
}

impl From<postgres::Error> for SendError {
    fn from(error: postgres::Error) -> Self {
        if error.code() == Some(&SqlState::T_R_SERIALIZATION_FAILURE) {
            return Self::Overtaken;
        }
        Self::Failed(causes::of_statement(&error))
    }
}

/// Sends the changes, parents first, and commits them as the version after `seen`.
fn send(
    server: &mut Server,
    entry: &Entry,
    ordered: &[&TableChange<'_>],
    (what, has_lists): (&str, bool),
    seen: i64,
) -> Result<(), SendError> {
    let client = server.client();
    let swap = "update book.version set version = version + 1, schema = $2, program = $3, \
                token = pg_catalog.replace(pg_catalog.gen_random_uuid()::text, '-', '') where version = $1";
    if client.execute(swap, &[&seen, &SCHEMA_VERSION, &entry.program])? == 0 {
        return Err(SendError::Overtaken);
    }
    for change in ordered.iter().rev().filter(|change| !change.gone.is_empty()) {
        let sql = format!("delete from book.{} where {ROW} = any ($1)", quote_identifier(&change.table.name));
        client.execute(&sql, &[&change.gone])?;
    }
    for change in ordered {
        change.altered.iter().try_for_each(|(row, places)| alter(client, change.table, row, places))?;
        add(client, change)?;
    }
    let journal = "insert into book.journal (version, what, file, sha256) values ($1, $2, $3, $4)";
    client.execute(journal, &[&(seen + 1), &what, &entry.name, &factbook::digest(&entry.tables)])?;
    if has_lists {
        sent_rows::list(server, &entry.imports)?;
    }
    server.client().batch_execute("commit")?;
    Ok(())
}

/// Sends the new values of a row.
fn alter(client: &mut Client, table: &BookTable, row: &BookRow, places: &[usize]) -> Result<(), postgres::Error> {
    let set = places.iter().zip(1..).map(|(at, nth)| {
        let column = &table.columns[*at];
        let kind = if column.is_integer { "::bigint" } else { "" };
        format!("{} = ${nth}::text{kind}", quote_identifier(&column.name))
    });
    let set = set.collect::<Vec<_>>().join(", ");
    let sql = format!("update book.{} set {set} where {ROW} = {}", quote_identifier(&table.name), row.number);
    let values: Vec<&(dyn ToSql + Sync)> = places.iter().map(|at| &row.values[*at] as &(dyn ToSql + Sync)).collect();
    client.execute(&sql, &values).map(drop)
}

/// Sends the new rows of a table.
fn add(client: &mut Client, change: &TableChange<'_>) -> Result<(), SendError> {
    if change.added.is_empty() {
        return Ok(());
    }
    let table = change.table;
    let sql = format!("copy book.{} ({ROW}, {}) from stdin", quote_identifier(&table.name), table.column_list());
    let mut text = String::new();
    for row in &change.added {
        text.push_str(&row.number.to_string());
        for value in &row.values {
            text.push('\t');
            copy_text::append(value.as_deref(), &mut text);
        }
        text.push('\n');
    }
    let mut writer = client.copy_in(&sql)?;
    writer.write_all(text.as_bytes()).map_err(|error| SendError::Failed(causes::of_stream(&error)))?;
    writer.finish()?;
    Ok(())
}

/// The error of a book that has moved on, with what came between.
fn behind(server: &mut Server, seen: i64) -> StoreCause {
    let begin = format!("rollback;{}", server.begin("read only"));
    match Snapshot::read(server, &begin) {
        Ok(snapshot) => moved_on(seen, &snapshot.version).into(),
        Err(cause) => cause,
    }
}

fn moved_on(seen: i64, now: &ServerVersion) -> ServerCause {
    ServerCause::Behind { seen, now: format!("{} ({})", now.number, now.entry) }
}
