//! The connection of a book, shared with the statements that are still read, and the register by which functions of SQL
//! find it. Nothing else keeps a connection open: it closes with its book and the last of its statements. Also databases in memory.

use super::failure;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, Result, Statement};
use self_cell::self_cell;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU64, Ordering};

thread_local! {
    /// The open connections of this thread. A function of SQL must be `Send` and so can't hold the connection that it is
    /// registered on, which it would keep open besides; SQLite calls it on the thread that runs the statement.
    static REGISTER: RefCell<BTreeMap<ConnectionId, Weak<Connection>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The number of a connection in the register; none is used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ConnectionId(u64);

impl ConnectionId {
    /// A number for a connection that is about to be registered.
    pub(super) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// The connection; `None` on another thread, and once its book is dropped.
    pub(super) fn connection(self) -> Option<Rc<Connection>> {
        REGISTER.with_borrow(|register| register.get(&self)?.upgrade())
    }
}

/// A connection in the register; dropping it frees the entry.
pub(super) struct RegisteredConnection {
    id: ConnectionId,
    connection: Rc<Connection>,
}

impl RegisteredConnection {
    /// Registers a connection.
    pub(super) fn new(id: ConnectionId, connection: Connection) -> Self {
        let connection = Rc::new(connection);
        REGISTER.with_borrow_mut(|register| register.insert(id, Rc::downgrade(&connection)));
        Self { id, connection }
    }

    /// Prepares a statement that keeps the connection open.
    pub(super) fn prepare_owned(&self, sql: &str) -> Result<OwnedStatement> {
        StatementCell::try_new(Rc::clone(&self.connection), |connection| connection.prepare(sql)).map(OwnedStatement)
    }
}

impl Deref for RegisteredConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for RegisteredConnection {
    fn drop(&mut self) {
        // The register of a thread that ends may be gone already.
        let _ = REGISTER.try_with(|register| register.borrow_mut().remove(&self.id));
    }
}

/// Rusqlite's statement, borrowed from the cell's connection.
type BorrowedStatement<'c> = Statement<'c>;

self_cell!(
    struct StatementCell {
        owner: Rc<Connection>,
        #[covariant]
        dependent: BorrowedStatement,
    }
);

/// A prepared statement that keeps its connection open, for rows that are read as long as a script likes.
pub struct OwnedStatement(StatementCell);

impl OwnedStatement {
    /// The statement.
    #[must_use]
    pub fn get(&self) -> &Statement<'_> {
        self.0.borrow_dependent()
    }

    /// Does work that binds parameters or steps the statement.
    pub fn with_mut<T>(&mut self, work: impl FnOnce(&mut Statement<'_>) -> T) -> T {
        self.0.with_dependent_mut(|_, statement| work(statement))
    }
}

/// A copy of the database behind a connection.
pub(super) fn copy_of(connection: &Connection) -> Result<Connection> {
    let mut copy = empty()?;
    let backup = Backup::new(connection, &mut copy)?;
    match backup.step(-1)? {
        StepResult::Done => {}
        _ => return Err(failure("another process is writing to it".to_owned())),
    }
    drop(backup);
    copy.pragma_update(None, "foreign_keys", true)?;
    Ok(copy)
}

/// An empty database in memory.
pub(super) fn empty() -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // A database that is attached to it is named by a URI.
    Connection::open_in_memory_with_flags(flags | OpenFlags::SQLITE_OPEN_URI)
}

#[cfg(test)]
mod tests {
    use super::{REGISTER, Rc};
    use crate::store::open;

    #[test]
    fn a_connection_closes_with_its_book_and_the_last_of_its_statements() {
        let book = open(None).unwrap();
        let (id, alive) = (book.connection.id, Rc::downgrade(&book.connection.connection));
        book.units().unwrap();
        let mut statement = book.prepare("select q_sum(amount) from pledges").unwrap().statement;
        statement.with_mut(|statement| statement.raw_query().next().map(|row| assert!(row.is_some()))).unwrap();
        assert!(id.connection().is_some());
        drop(book);
        assert!(id.connection().is_none());
        assert!(REGISTER.with_borrow(|register| !register.contains_key(&id)));
        assert!(alive.upgrade().is_some());
        drop(statement);
        assert!(alive.upgrade().is_none());
    }
}
