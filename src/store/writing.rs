//! Declared writing: an entry changes tables of one's own, on the connection that reads, so that it can use all that a question can.
//! It is one transaction, there whole or not at all, and noted in the log. `guard::ownership` says what may be changed; here it is
//! checked that no view of one's own is left without what it reads.

use super::guard::ctes::{contains_name, split_view_definition};
use super::guard::{Change, Denial, SchemaNames, WriteAccess, refuse_name, refuse_view};
use super::user_views::{UserViews, changes_schema, drops_view};
use super::writer::{cause_of_write, has_import_tables};
use super::{Book, Origin, PrepareError, Stop, change_log, open, quote_identifier};
use crate::error::{Error, SqlCause, SqlError, StoreCause, StoreError};
use crate::quantity::human;
use rusqlite::{Connection, ErrorCode, Result};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The changes of an entry so far.
#[derive(Debug, Default)]
pub(super) struct EntryChanges {
    /// The version of the schema after the newest of them.
    schema_version: i64,
    /// The tables, views and indexes, in the order of their changes.
    names: Vec<String>,
    /// Each statement in words, also one that found no row to change.
    said: Vec<String>,
    /// Each change in words.
    done: Vec<String>,
    /// The views that it has created.
    views: Vec<String>,
    /// The views of one's own that could not be read before the schema changed; `None` as long as it has not.
    unreadable: Option<BTreeSet<String>>,
}

/// The state of a book before an entry, as it is after one that is taken back.
struct Before {
    user_views: UserViews,
    schema: Arc<SchemaNames>,
    schema_version: i64,
}

/// Opens a book of one's own for questions, and for entries that change tables of one's own.
///
/// # Errors
/// As [`super::open`]; the file may only be read, or is no book that takes changes.
pub fn open_for_writing(path: &Path) -> std::result::Result<Book, Error> {
    let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
    let sqlite = |error: rusqlite::Error| fail(cause_of_write(&error));
    let connection = open::open_writable(path)?;
    if !has_import_tables(&connection).map_err(sqlite)? {
        return Err(fail(StoreCause::NotOwnBook));
    }
    if connection.is_readonly("main").map_err(sqlite)? {
        return Err(fail(StoreCause::CannotWrite("it may only be read".to_owned())));
    }
    let book = open::open_connection(connection, Origin::File(path.to_owned()), Stop::default(), WriteAccess::Open)?;
    book.schema_version.set(book.privileged(schema_version).map_err(sqlite)?);
    Ok(book)
}

fn schema_version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "schema_version", |row| row.get(0))
}

impl Book {
    /// True if entries may change tables of one's own.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.authorizer.access() == WriteAccess::Open
    }

    /// The help for a statement that would write where none may.
    #[must_use]
    pub fn write_help(&self) -> &'static str {
        self.authorizer.access().help()
    }

    fn is_in_entry(&self) -> bool {
        self.entry.borrow().is_some()
    }

    /// Prepares or runs a statement, which may change tables of one's own if it `writes` as part of an entry that may.
    pub fn with_writing<T>(&self, writes: bool, work: impl FnOnce() -> T) -> T {
        let before = self.authorizer.set_writing(writes && self.is_in_entry());
        let done = work();
        self.authorizer.set_writing(before);
        done
    }

    /// Notes the change that a statement of an entry has made.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn note_change(&self, change: &Change) -> Result<()> {
        let Some(mut changes) = self.entry.take() else { return Ok(()) };
        let noted = self.privileged(|connection| changes.add(connection, change));
        if change.is_of_schema() {
            self.user_views.borrow_mut().set_stale();
        }
        self.entry.replace(Some(changes));
        noted
    }

    /// The views that the entry at work has created.
    #[must_use]
    pub fn created_views(&self) -> Vec<String> {
        self.entry.borrow().as_ref().map(|changes| changes.views.clone()).unwrap_or_default()
    }

    /// Runs an entry that may change tables of one's own in one transaction: it is kept whole if `work` and all checks succeed, and
    /// else taken back. Returns each statement of it in words; none for one that changed only the session's tables.
    ///
    /// # Errors
    /// Those of `work`; a name that is taken, or a view that could no longer be read; the file can't be written.
    pub fn write_entry(
        &self,
        text: &str,
        work: impl FnOnce() -> std::result::Result<(), Error>,
    ) -> std::result::Result<Vec<String>, Error> {
        let fail = |error: rusqlite::Error| self.write_error(&error);
        self.drop_session_tables().map_err(fail)?;
        let before = Before {
            user_views: self.user_views.borrow().clone(),
            schema: self.authorizer.schema(),
            schema_version: self.schema_version.get(),
        };
        self.execute("begin immediate").map_err(fail)?;
        let done = self.begin_entry().map_err(fail).and_then(|()| work()).and_then(|()| self.end_entry(text, &before));
        let changes = self.entry.take().unwrap_or_default();
        let kept = done.and_then(|()| {
            if self.stop.is_raised() { Err(self.stop.cause()) } else { self.execute("commit").map_err(fail) }
        });
        match kept {
            Ok(()) => {
                // It is done: a stop from now on ends nothing.
                self.stop.clear();
                Ok(changes.said)
            }
            Err(error) => {
                self.take_back(before);
                Err(error)
            }
        }
    }

    /// Begins the list of changes. Another program may have changed the book since it was opened.
    fn begin_entry(&self) -> Result<()> {
        let schema_version = self.privileged(schema_version)?;
        if schema_version != self.schema_version.get() {
            self.read_schema()?;
        }
        self.entry.replace(Some(EntryChanges { schema_version, ..EntryChanges::default() }));
        Ok(())
    }

    /// Checks what an entry leaves, and writes it down.
    fn end_entry(&self, text: &str, before: &Before) -> std::result::Result<(), Error> {
        let fail = |error: rusqlite::Error| self.write_error(&error);
        let Some(changes) = self.entry.take() else { return Ok(()) };
        if let Some(unreadable) = &changes.unreadable {
            self.read_schema().map_err(fail)?;
            self.refuse_new_names(before)?;
            self.refuse_newly_unreadable(unreadable)?;
            changes.views.iter().try_for_each(|view| self.refuse_session_view(view))?;
        }
        if !changes.done.is_empty() {
            let note = |connection: &Connection| {
                change_log::note_entry(connection, &changes.names, &changes.done, text)?;
                schema_version(connection)
            };
            self.schema_version.set(self.privileged(note).map_err(fail)?);
        }
        self.entry.replace(Some(changes));
        Ok(())
    }

    /// Takes an entry back.
    fn take_back(&self, before: Before) {
        // SQLite may have done so itself, as on a full disk.
        if !self.connection.is_autocommit() {
            let _ = self.execute("rollback");
        }
        self.forget_session_tables();
        self.columns_by_page.borrow_mut().clear();
        self.user_views.replace(before.user_views);
        self.authorizer.set_schema(before.schema);
        self.schema_version.set(before.schema_version);
        // A write that failed leaves its log behind; SQLite takes it back when the book is next read.
        let _ = self.query_row("select count(*) from main.sqlite_schema", [], |_| Ok(()));
    }

    /// Reads the names of the file again, and makes the views of one's own again.
    fn read_schema(&self) -> Result<()> {
        self.columns_by_page.borrow_mut().clear();
        self.privileged(|connection| {
            let names = SchemaNames::read_with_owners(connection)?;
            self.user_views.borrow_mut().renew(connection, &names)?;
            self.authorizer.set_schema(Arc::new(names));
            Ok(())
        })
    }

    /// Makes the views of one's own in TEMP anew before a statement of an entry, if the file has others by now; one that drops a
    /// view means that of the file, and finds none there.
    pub(super) fn suit_user_views(&self, sql: &str) -> Result<()> {
        if !self.is_in_entry() {
            return Ok(());
        }
        if changes_schema(sql) {
            self.note_unreadable();
        }
        if drops_view(sql) {
            return self.privileged(|connection| self.user_views.borrow_mut().drop_all(connection));
        }
        if self.user_views.borrow().is_stale() {
            let renew = |connection: &Connection| {
                self.user_views.borrow_mut().renew(connection, &SchemaNames::read_with_owners(connection)?)
            };
            return self.privileged(renew);
        }
        Ok(())
    }

    /// Notes the views of one's own that can't be read, once, before the schema changes.
    fn note_unreadable(&self) {
        if self.entry.borrow().as_ref().is_some_and(|changes| changes.unreadable.is_none()) {
            let found = self.unreadable_views().into_iter().map(|(view, _)| view).collect();
            if let Some(changes) = self.entry.borrow_mut().as_mut() {
                changes.unreadable = Some(found);
            }
        }
    }

    /// The views of one's own that can't be read, each with the reason.
    #[must_use]
    pub fn unreadable_views(&self) -> Vec<(String, String)> {
        let views = self.user_views.borrow().names().to_vec();
        let reason = |view: &String| {
            let select = format!("select * from {}", quote_identifier(view));
            self.with_writing(false, || self.prepare(&select)).err().map(|error| reason(&error))
        };
        views.into_iter().filter_map(|view| reason(&view).map(|why| (view, why))).collect()
    }

    /// Refuses names that `alter` has given, of which the authorizer is not told.
    fn refuse_new_names(&self, before: &Before) -> std::result::Result<(), Error> {
        let now = self.authorizer.schema();
        let mut new = now.relations.difference(&before.schema.relations);
        match new.find_map(|name| refuse_name(name, &before.schema, &self.catalogue)) {
            Some(Denial { subject, action, help }) => {
                Err(SqlError::nowhere(SqlCause::Denied { subject, action, help }).into())
            }
            None => Ok(()),
        }
    }

    /// The denial of a change of a view's rows.
    #[must_use]
    pub fn refuse_view(&self, view: &str) -> Denial {
        refuse_view(view, self.catalogue.find(view).is_some())
    }

    /// Refuses a new view of what is in this session alone: it could not be read in any other.
    fn refuse_session_view(&self, view: &str) -> std::result::Result<(), Error> {
        let read = |connection: &Connection| -> Result<(BTreeSet<String>, String)> {
            let mut names =
                connection.prepare("select lower(name) from temp.sqlite_schema where type in ('table', 'view')")?;
            let names = names.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
            let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1 collate nocase";
            Ok((names, connection.query_row(sql, [view], |row| row.get(0))?))
        };
        let (names, definition) = self.privileged(read).map_err(|error| self.write_error(&error))?;
        let is_of_book = |name: &str| {
            self.catalogue.find(name).is_some()
                || self.user_views.borrow().names().iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let is_of_session = |name: &str| names.contains(&name.to_lowercase()) && !is_of_book(name);
        if !split_view_definition(&definition).is_some_and(|(_, select)| contains_name(select, is_of_session)) {
            return Ok(());
        }
        let message = format!("the view `{view}` could not be read in any other session: it reads a table of this one");
        Err(SqlError::nowhere(SqlCause::refused(message, "make that a table of the book, by `create table`")).into())
    }

    /// Refuses to leave a view that can't be read, and could be before.
    fn refuse_newly_unreadable(&self, before: &BTreeSet<String>) -> std::result::Result<(), Error> {
        let Some((view, why)) = self.unreadable_views().into_iter().find(|(view, _)| !before.contains(view)) else {
            return Ok(());
        };
        let message = format!("the view `{view}` could not be read after this: {why}");
        let help = "a view is dropped before what it reads, or in the same entry";
        Err(SqlError::nowhere(SqlCause::refused(message, help)).into())
    }

    /// An error of SQLite in writing the book.
    pub(super) fn write_error(&self, error: &rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => self.stop.cause(),
            // A reference that is checked only at the end.
            Some(ErrorCode::ConstraintViolation) => {
                SqlError::nowhere(SqlCause::Other { message: error.to_string() }).into()
            }
            _ => self.origin.error(cause_of_write(error)).into(),
        }
    }
}

/// The reason why a statement can't be prepared.
fn reason(error: &PrepareError) -> String {
    match (&error.denial, &error.error) {
        (Some(denial), _) => format!("it would {}", denial.action),
        (None, rusqlite::Error::SqlInputError { msg, .. } | rusqlite::Error::SqliteFailure(_, Some(msg))) => {
            msg.clone()
        }
        (None, other) => other.to_string(),
    }
}

impl EntryChanges {
    /// Adds the change that a statement has just made.
    fn add(&mut self, connection: &Connection, change: &Change) -> Result<()> {
        if change.is_of_schema() {
            let version = schema_version(connection)?;
            // Where it was there already, or was not, `if exists` changes nothing.
            if version == self.schema_version {
                return Ok(());
            }
            self.schema_version = version;
        }
        let (words, has_changed) = described(connection, change)?;
        if has_changed {
            self.done.push(words.clone());
            if !self.names.iter().any(|name| name.eq_ignore_ascii_case(change.name())) {
                self.names.push(change.name().to_owned());
            }
        }
        self.said.push(words);
        match change {
            Change::Create("view", name) => self.views.push(name.clone()),
            Change::Drop("view", name) => self.views.retain(|view| !view.eq_ignore_ascii_case(name)),
            _ => {}
        }
        Ok(())
    }
}

/// A change in words, and whether it changed anything.
fn described(connection: &Connection, change: &Change) -> Result<(String, bool)> {
    let rows = connection.changes();
    let counted = |rows: u64| human::count(rows, "row");
    Ok(match change {
        Change::Insert(table) => (format!("{} inserted into `{table}`", counted(rows)), rows > 0),
        Change::Update(table) => (format!("{} of `{table}` updated", counted(rows)), rows > 0),
        Change::Delete(table) => (format!("{} of `{table}` deleted", counted(rows)), rows > 0),
        Change::Create("table", table) => {
            let sql = format!("select count(*) from main.{}", quote_identifier(table));
            let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
            let with = if rows == 0 { String::new() } else { format!(" with {}", counted(rows.unsigned_abs())) };
            (format!("table `{table}` created{with}"), true)
        }
        Change::Create(kind, name) => (format!("{kind} `{name}` created"), true),
        Change::Drop(kind, name) => (format!("{kind} `{name}` dropped"), true),
        Change::Alter(table) => (format!("table `{table}` altered"), true),
    })
}
