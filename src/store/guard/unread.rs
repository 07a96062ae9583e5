//! The plain tables of imports whose rows are still on a server. A statement of a user is told which of them it reads, before it is
//! stepped; one of the program's own is denied to, for without the rows it would answer as if there were none.

use crate::store::lock;
use rusqlite::hooks::{AuthAction, AuthContext};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Plain tables, in lower case, whose rows are still on a server.
#[derive(Debug, Default)]
pub(in crate::store) struct UnreadTables {
    tables: Mutex<BTreeSet<String>>,
    /// True if there are any.
    has_any: AtomicBool,
    /// The table that a statement of the program's own was denied to read.
    denied: Mutex<Option<String>>,
}

impl UnreadTables {
    /// True if there are any.
    pub(in crate::store) fn has_any(&self) -> bool {
        self.has_any.load(Ordering::Relaxed)
    }

    /// The tables.
    pub(in crate::store) fn tables(&self) -> BTreeSet<String> {
        if self.has_any() { lock(&self.tables).clone() } else { BTreeSet::new() }
    }

    /// True for one of the tables.
    pub(in crate::store) fn contains(&self, table: &str) -> bool {
        self.has_any() && lock(&self.tables).contains(&table.to_ascii_lowercase())
    }

    /// Sets the tables.
    pub(in crate::store) fn set(&self, tables: BTreeSet<String>) {
        self.has_any.store(!tables.is_empty(), Ordering::Relaxed);
        *lock(&self.tables) = tables;
    }

    /// Takes the table that a statement of the program's own was denied to read.
    pub(in crate::store) fn take_denied(&self) -> Option<String> {
        lock(&self.denied).take()
    }

    /// True if an action of the program's own reads one of them.
    pub(super) fn denies(&self, context: AuthContext<'_>) -> bool {
        let read = self.read_by(context);
        let is_denied = read.is_some();
        if is_denied {
            *lock(&self.denied) = read;
        }
        is_denied
    }

    /// The table that an action reads, if it is one of them.
    pub(super) fn read_by(&self, context: AuthContext<'_>) -> Option<String> {
        let AuthAction::Read { table_name, .. } = context.action else { return None };
        if !self.has_any() || context.database_name == Some("temp") {
            return None;
        }
        let name = table_name.to_ascii_lowercase();
        lock(&self.tables).contains(&name).then_some(name)
    }
}
