//! Reading a shared book: the copy at hand if the server has no later version, else all rows in one snapshot. The rows are checked as
//! those of any book when they enter SQLite, whoever has changed them on the server.

use super::cache::{Cache, CopyName};
use super::server::{Server, with_server};
use super::snapshot::{ServerVersion, Snapshot};
use super::{Freshness, SharedBook, SharedVersion, factbook, shared_imports};
use crate::error::{Error, ServerCause, StoreCause, StoreError};
use crate::store::Stop;
use rusqlite::Connection;

/// Reads a shared book: its database in memory, and the version that it is.
///
/// # Errors
/// As [`crate::store::open_shared`].
pub(in crate::store) fn read(shared: &SharedBook, stop: &Stop) -> Result<(Connection, SharedVersion), Error> {
    let cache = Cache::of(shared);
    match shared.freshness {
        Freshness::Offline => offline(shared, cache.as_ref()),
        Freshness::ByVersion | Freshness::Fresh => {
            from_server(shared, cache.as_ref(), stop).map_err(|error| with_copy(error, cache.as_ref()))
        }
    }
}

/// The copy at hand, without asking the server.
fn offline(shared: &SharedBook, cache: Option<&Cache>) -> Result<(Connection, SharedVersion), Error> {
    let found = cache.and_then(|cache| {
        let copy = cache.newest()?;
        let (connection, day) = cache.load(&copy)?;
        Some((connection, copy.number, day))
    });
    let (connection, number, day) = found.ok_or_else(|| shared.error(ServerCause::NoCopy))?;
    Ok((connection, SharedVersion { address: shared.address.clone(), number, entry: None, copied: Some(day) }))
}

/// The book as the server has it: from the copy at hand where that is of the same version.
fn from_server(shared: &SharedBook, cache: Option<&Cache>, stop: &Stop) -> Result<(Connection, SharedVersion), Error> {
    let opened = |version: ServerVersion, copied| SharedVersion {
        address: shared.address.clone(),
        number: version.number,
        entry: Some(version.entry),
        copied,
    };
    let known = cache.and_then(Cache::newest).filter(|_| shared.freshness == Freshness::ByVersion);
    let (mut version, mut book) = ask(shared, known.clone(), stop)?;
    if book.is_none() {
        if let Some((connection, day)) = cache.zip(known).and_then(|(cache, copy)| cache.load(&copy)) {
            return Ok((connection, opened(version, Some(day))));
        }
        // The copy is damaged, or was taken away meanwhile.
        (version, book) = ask(shared, None, stop)?;
    }
    let mut connection = book.ok_or_else(|| Error::Fault("a book was not read".to_owned()))?;
    if let Some(cache) = cache {
        cache.keep(&mut connection, &version);
    }
    Ok((connection, opened(version, None)))
}

/// The version on the server, and the book unless there is a copy of that version.
fn ask(
    shared: &SharedBook,
    known: Option<CopyName>,
    stop: &Stop,
) -> Result<(ServerVersion, Option<Connection>), Error> {
    let ending = stop.clone();
    with_server(shared, stop, move |server| {
        let begin = server.begin("read only");
        let snapshot = Snapshot::read(server, &begin)?;
        let is_known = known.is_some_and(|copy| copy.is_of(&snapshot.version));
        let book = if is_known { None } else { Some(pull(server, &snapshot, &ending)?) };
        Ok((snapshot.version, book))
    })
}

/// Reads all rows into a new book, but for those of imported tables.
pub(super) fn pull(server: &mut Server, snapshot: &Snapshot, stop: &Stop) -> Result<Connection, StoreCause> {
    let fault = |error: rusqlite::Error| StoreCause::from(ServerCause::Failed(error.to_string()));
    let wrong = |why: String| StoreCause::from(ServerCause::NotABook(why));
    let mut book = factbook::begin().map_err(fault)?;
    stop.watch(&mut book).map_err(fault)?;
    let tables = factbook::tables(&book).map_err(fault)?;
    let rows = snapshot.rows(server, &tables)?;
    for (table, rows) in tables.iter().zip(rows) {
        factbook::load(&book, table, rows.into_iter(), stop).map_err(wrong)?;
    }
    shared_imports::make_all(&book, &snapshot.imports(server)?).map_err(wrong)?;
    factbook::finish(&book).map_err(wrong)?;
    Ok(book)
}

/// The error of a server that can't be reached, with the copy that is at hand.
fn with_copy(error: Error, cache: Option<&Cache>) -> Error {
    let Error::Store(StoreError { path, cause: StoreCause::Server(ServerCause::Unreachable { why, cached: None }) }) =
        error
    else {
        return error;
    };
    let cached = cache.and_then(Cache::describe_newest);
    StoreError { path, cause: ServerCause::Unreachable { why, cached }.into() }.into()
}
