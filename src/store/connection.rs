//! The connection of a book, shared with the statements that are still read, and the register by which functions of SQL
//! find it. Nothing else keeps a connection open: it closes with its book and the last of its statements.
//!
//! A statement of the user is prepared under the authorizer. Anything that it names and the book lacks is created first: a
//! tagged view, the last result, a script's table or a script's function.

use super::{Book, Denial, Findings, failure, guard, udf};
use rusqlite::{Connection, Error, Result, Statement};
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

/// A prepared statement of the user with the authorizer's findings about it.
pub struct GuardedStatement {
    /// The statement.
    pub statement: OwnedStatement,
    /// The findings.
    pub findings: Findings,
}

/// The error of a statement that can't be prepared.
#[derive(Debug)]
pub struct PrepareError {
    /// SQLite's error.
    pub error: Error,
    /// The denial, if the authorizer has denied the statement.
    pub denial: Option<Denial>,
}

impl From<Error> for PrepareError {
    fn from(error: Error) -> Self {
        Self { error, denial: None }
    }
}

/// A missing object that a statement names.
enum Missing<'e> {
    Table(&'e str),
    Function(&'e str),
}

impl Book {
    /// Prepares a statement of the user under the authorizer.
    ///
    /// # Errors
    /// SQLite's own, with the denial of a statement that is denied.
    pub fn prepare(&self, sql: &str) -> std::result::Result<GuardedStatement, PrepareError> {
        self.privileged(|connection| self.pending.create(connection, sql))?;
        self.drop_stale_script_tables(sql)?;
        loop {
            self.authorizer.begin_statement(sql);
            let error = match self.connection.prepare_owned(sql) {
                Ok(statement) => {
                    let findings = self.authorizer.take_findings();
                    self.check_called_functions(&findings)?;
                    return Ok(GuardedStatement { statement, findings });
                }
                Err(error) => error,
            };
            let denial = self.authorizer.take_denial();
            let is_created = match missing(&error) {
                Some(Missing::Table(name)) if guard::is_program_name(name) => self.create_last_result()?,
                Some(Missing::Table(name)) => self.create_script_table(name)?,
                Some(Missing::Function(name)) => self.register_script_function(name)?,
                None => false,
            };
            if !is_created {
                return Err(PrepareError { error, denial });
            }
        }
    }

    /// True if a function of SQL is, or was, one of a script.
    pub(super) fn is_script_function(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.script_functions.borrow().iter().any(|(known, _)| *known == name)
    }

    /// The help for a function that was passed a quantity; `None` for one that is not a script's.
    #[must_use]
    pub fn quantity_help(&self, function: &str) -> Option<String> {
        self.is_script_function(function).then(|| udf::quantity_prefix_help(function))
    }

    /// The signature of a script's function that the statement can call, its variants separated by ` · `.
    #[must_use]
    pub fn scripted_signature(&self, name: &str) -> Option<String> {
        let found = self.host()?.functions(name);
        let signatures: Vec<&str> = found.iter().map(|function| function.signature.as_str()).collect();
        (!signatures.is_empty()).then(|| signatures.join(" · "))
    }

    /// Registers a script's function of that name, for each number of arguments that it can take. Returns true if any
    /// was not registered.
    fn register_script_function(&self, name: &str) -> Result<bool> {
        let Some(host) = self.host() else { return Ok(false) };
        let mut is_new = false;
        for function in host.functions(name) {
            let known = (function.name.to_ascii_lowercase(), function.arguments);
            if self.script_functions.borrow().contains(&known) {
                continue;
            }
            udf::register_script_function(&self.connection, &self.udf, &function)?;
            self.script_functions.borrow_mut().insert(known);
            is_new = true;
        }
        Ok(is_new)
    }

    /// Refuses calls of script functions that SQLite would resolve wrongly: it keeps one that is gone, ignores letter
    /// case, and prefers functions of its own.
    fn check_called_functions(&self, findings: &Findings) -> Result<()> {
        let host = self.host();
        for (name, is_direct) in &findings.functions {
            let found = host.as_ref().map(|host| host.functions(name)).unwrap_or_default();
            match found.iter().find(|function| function.name != found[0].name) {
                _ if !self.is_script_function(name) && *is_direct && !found.is_empty() => {
                    return Err(failure(format!("SQL has a function `{name}`, and so has the script")));
                }
                _ if !self.is_script_function(name) => {}
                Some(other) => {
                    return Err(failure(format!("in SQL `{}` and `{}` are one name", found[0].name, other.name)));
                }
                None if found.is_empty() => return Err(failure(format!("no such function: {name}"))),
                None => {}
            }
        }
        Ok(())
    }
}

fn missing(error: &Error) -> Option<Missing<'_>> {
    let (Error::SqlInputError { msg: said, .. } | Error::SqliteFailure(_, Some(said))) = error else { return None };
    let function = || {
        let other_count = said.strip_prefix("wrong number of arguments to function ");
        said.strip_prefix("no such function: ").or_else(|| other_count?.strip_suffix("()"))
    };
    said.strip_prefix("no such table: ").map(Missing::Table).or_else(|| function().map(Missing::Function))
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
