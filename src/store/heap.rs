//! Keeping a book to the limits of an answer: what SQLite holds is no memory of ours, and has bounds of its own.

use super::{Book, Limits};
use crate::error::Limit;
use rusqlite::Result;
use rusqlite::limits::Limit as Bound;

/// The limits that are bounds of SQLite too, on bytes.
const BOUNDS: [(Limit, Bound); 2] =
    [(Limit::Value, Bound::SQLITE_LIMIT_LENGTH), (Limit::Statement, Bound::SQLITE_LIMIT_SQL_LENGTH)];

impl Book {
    /// Keeps what is asked from now on to these limits; what SQLite itself may hold is among them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_to(&self, limits: Limits) -> Result<()> {
        if self.stop().limits() == limits {
            return Ok(());
        }
        self.stop().keep_to(limits);
        let bytes = |limit| limits.bytes(limit).unwrap_or_default();
        self.privileged(|connection| {
            for (limit, bound) in BOUNDS {
                connection.set_limit(bound, i32::try_from(bytes(limit)).unwrap_or(i32::MAX))?;
            }
            let heap = i64::try_from(bytes(Limit::Memory)).unwrap_or(i64::MAX);
            connection.pragma_update_and_check(None, "hard_heap_limit", heap, |row| row.get::<_, i64>(0)).map(drop)
        })
    }
}
