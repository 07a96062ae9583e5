//! Keeping a book to the limits of an answer: what SQLite holds is no memory of ours, and has a bound of its own.

use super::{Book, Limits};
use rusqlite::Result;

impl Book {
    /// Keeps what is asked from now on to these limits; what SQLite itself may hold is among them.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_to(&self, limits: Limits) -> Result<()> {
        if self.stop().limits() == limits {
            return Ok(());
        }
        self.stop().set_limits(limits);
        let bytes = i64::try_from(limits.memory_mib.saturating_mul(1 << 20)).unwrap_or(i64::MAX);
        self.privileged(|connection| {
            connection.pragma_update_and_check(None, "hard_heap_limit", bytes, |row| row.get::<_, i64>(0)).map(drop)
        })
    }
}
