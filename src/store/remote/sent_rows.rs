//! Sending the rows of imported tables, before the entry that names them: each table is one transaction of its own, so that a push that
//! is cut short has sent it whole or not at all, and one that is made anew does not send it again. Rows are read where the book is, and
//! pass in pieces to the thread that speaks to the server: no more of them is in memory.

use super::copy_text;
use super::server::{Pieces, Server};
use super::shared_imports::{CHUNK, SharedImport};
use super::{SharedBook, causes, quote_text};
use crate::error::{Error, ServerCause, StoreCause};
use crate::store::{Book, ContentDigest, Stop, quote_identifier};
use rusqlite::Connection;
use std::io::Write;
use std::mem::take;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::sleep;
use std::time::Duration;

/// The bytes of a piece beyond which no further row is added to it.
const PIECE_BYTES: usize = 1 << 16;

/// The pieces that lie between the threads.
const PIECES_AHEAD: usize = 4;

/// The interval at which a piece is offered again.
const OFFER_INTERVAL: Duration = Duration::from_millis(1);

/// A request for the rows of an imported table, by its place among those of the book.
pub(super) struct RowRequest {
    pub(super) import: usize,
    rows: SyncSender<RowPiece>,
}

/// Rows as lines of `copy`, or their end.
enum RowPiece {
    Lines(String),
    End,
}

/// The places of the imported tables whose rows the server lacks. A transaction has begun.
pub(super) fn missing(server: &mut Server, imports: &[SharedImport]) -> Result<Vec<usize>, ServerCause> {
    if imports.is_empty() {
        return Ok(Vec::new());
    }
    let there = server.run("select name from book.imported_rows;")?;
    let there: Vec<&str> = there.iter().flatten().filter_map(|row| row.get(0)).collect();
    Ok((0..imports.len()).filter(|at| !there.contains(&imports[*at].rows_name().as_str())).collect())
}

/// Sends the rows of an imported table, in a transaction that `begin` begins and this ends, or in the one that has begun.
pub(super) fn send<T>(
    server: &mut Server,
    (imports, import): (&[SharedImport], usize),
    pieces: &Pieces<RowRequest, T>,
    begin: Option<&str>,
) -> Result<(), StoreCause> {
    let of = &imports[import];
    let name = quote_text(&of.rows_name());
    // Another may be sending the same.
    let lock = format!("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended({name}, 0));");
    let is_there = format!("select name from book.imported_rows where name = {name};");
    let begun = server.run(&format!("{}{lock}{is_there}", begin.unwrap_or_default()))?;
    if begun.last().is_some_and(|rows| !rows.is_empty()) {
        return end(server, begin);
    }
    server.run(&definition(of))?;
    let (sender, rows) = sync_channel(PIECES_AHEAD);
    pieces.send(RowRequest { import, rows: sender })?;
    let sql = format!("copy {} ({}, {CHUNK}) from stdin", of.rows_table(), of.server_columns());
    let mut writer = server.client().copy_in(&sql).map_err(|error| causes::of_statement(&error))?;
    loop {
        match rows.recv() {
            Ok(RowPiece::Lines(lines)) => {
                writer.write_all(lines.as_bytes()).map_err(|error| causes::of_stream(&error))?;
            }
            Ok(RowPiece::End) => break,
            // The thread that has the book says why.
            Err(_) => return Err(ServerCause::Failed("the rows end too early".to_owned()).into()),
        }
    }
    writer.finish().map_err(|error| causes::of_statement(&error))?;
    server.run(&format!(
        "{} insert into book.imported_rows (name, rows, unused_since) values ({name}, {}, pg_catalog.now());",
        rights(of),
        of.rows
    ))?;
    end(server, begin)
}

fn end(server: &mut Server, begin: Option<&str>) -> Result<(), StoreCause> {
    if begin.is_some() {
        server.run("commit")?;
    }
    Ok(())
}

/// The statement that makes the table with the rows of an import.
fn definition(import: &SharedImport) -> String {
    let columns = import.table.columns.iter().enumerate().map(|(at, (_, declared))| {
        let (kind, required) = match declared.as_str() {
            "TEXT" => ("text collate \"C\"", ""),
            "REAL" => ("double precision", ""),
            "INTEGER NOT NULL" => ("bigint", " not null"),
            _ => ("bigint", ""),
        };
        format!(", {} {kind}{required}", import.server_column(at))
    });
    let columns: String = columns.collect();
    let table = import.rows_table();
    format!(
        "create table {table} (record bigint not null{columns}, {CHUNK} int not null, primary key ({CHUNK}, record));"
    )
}

/// The statement that lets the owner of the book, its readers and its writers read the rows.
fn rights(import: &SharedImport) -> String {
    let table = quote_text(&import.rows_table());
    format!(
        "do $$ declare role name; begin \
            for role in select rolname from pg_catalog.pg_roles where rolname in ('pb_reader', 'pb_writer') or oid = \
                (select nspowner from pg_catalog.pg_namespace where nspname = 'imported') loop \
                execute pg_catalog.format('grant select on %s to %I', {table}, role); \
            end loop; end $$;"
    )
}

/// Lists the imported tables of the new version, and marks the rows that it does not mean any more. A transaction has begun.
pub(super) fn list(server: &mut Server, imports: &[SharedImport]) -> Result<(), postgres::Error> {
    let client = server.client();
    client.batch_execute("delete from book.imported")?;
    let insert = client.prepare(
        "insert into book.imported (source, name, rows_table, rows, columns, view) values ($1, $2, $3, $4, $5, $6)",
    )?;
    for import in imports {
        let (rows, definition) = (i64::try_from(import.rows).unwrap_or(i64::MAX), import.definition());
        let (table, columns, view) = (import.rows_name(), definition.columns, definition.view);
        client.execute(&insert, &[&import.source, &import.name, &table, &rows, &columns, &view])?;
    }
    client.batch_execute(
        "update book.imported_rows r set unused_since = null \
             where exists (select from book.imported i where i.rows_table = r.name); \
         update book.imported_rows r set unused_since = pg_catalog.now() \
             where unused_since is null and not exists (select from book.imported i where i.rows_table = r.name)",
    )
}

/// Takes away the rows that no version has meant for a day, as far as the role may and nobody reads them.
pub(super) fn drop_unused(server: &mut Server) {
    let sql = format!(
        "{} set local lock_timeout = '1s'; \
         do $$ declare gone text; begin \
            for gone in delete from book.imported_rows r using pg_catalog.pg_class c \
                where r.unused_since < pg_catalog.now() - interval '1 day' and c.relname = r.name \
                and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'imported') \
                and pg_catalog.pg_has_role(c.relowner, 'usage') returning r.name loop \
                execute pg_catalog.format('drop table imported.%I', gone); \
            end loop; end $$; commit",
        server.begin_load()
    );
    // The next push tries again.
    if server.run(&sql).is_err() {
        drop(server.run("rollback"));
    }
}

impl Book {
    /// Answers a request for the rows of an imported table, which are those that were imported.
    ///
    /// # Errors
    /// They are not; the server can't keep one; the book can't be read.
    pub(super) fn send_rows(
        &self,
        shared: &SharedBook,
        import: &SharedImport,
        request: &RowRequest,
    ) -> Result<(), Error> {
        self.read_rows([import.stored.to_ascii_lowercase()])?;
        let sent = self.privileged(|connection| Ok(send_lines(connection, import, &request.rows, self.stop())));
        match sent.map_err(|error| self.error(&error))? {
            Ok(()) => Ok(()),
            Err(_) if self.stop().is_raised() => Err(self.stop().cause()),
            Err(SendError::Refused(cause)) => Err(shared.error(cause).into()),
            Err(SendError::Sqlite(error)) => Err(self.error(&error)),
        }
    }
}

/// The reason for which rows are not sent.
enum SendError {
    Refused(ServerCause),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for SendError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn send_lines(
    book: &Connection,
    import: &SharedImport,
    pieces: &SyncSender<RowPiece>,
    stop: &Stop,
) -> Result<(), SendError> {
    let sql = format!("select {} from main.{} order by record", import.column_list(), quote_identifier(&import.stored));
    let mut statement = book.prepare(&sql)?;
    let width = statement.column_count();
    let (mut rows, mut digest, mut lines) = (statement.query([])?, ContentDigest::default(), String::new());
    while let Some(row) = rows.next()? {
        let record: i64 = row.get(0)?;
        for at in 0..width {
            let value = row.get_ref(at)?;
            digest.add(value);
            let cannot = |what| ServerCause::NotStorable(format!("record {record} of `{}` has {what}", import.name));
            copy_text::append_value(value, &mut lines).map_err(|what| SendError::Refused(cannot(what)))?;
            lines.push('\t');
        }
        lines.push_str(&format!("{}\n", record >> 16));
        if lines.len() >= PIECE_BYTES && !offer(pieces, RowPiece::Lines(take(&mut lines)), stop) {
            return Ok(());
        }
    }
    if digest.finish() != import.digest {
        return Err(SendError::Refused(ServerCause::ChangedRows { table: import.name.clone(), is_sent: true }));
    }
    // Where nobody takes them, the thread that speaks to the server says why.
    let _ = offer(pieces, RowPiece::Lines(lines), stop) && offer(pieces, RowPiece::End, stop);
    Ok(())
}

/// Hands over a piece; false if nobody takes it, or the work is to stop.
fn offer(pieces: &SyncSender<RowPiece>, mut piece: RowPiece, stop: &Stop) -> bool {
    loop {
        piece = match pieces.try_send(piece) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(_)) if stop.is_raised() => return false,
            Err(TrySendError::Full(piece)) => piece,
        };
        sleep(OFFER_INTERVAL);
    }
}
