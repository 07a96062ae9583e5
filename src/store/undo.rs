//! All or nothing: work that may make and change tables of the session, and that leaves them as they were if it fails.

use super::Book;
use super::reserved::LAST_VIEWS;
use crate::store::catalogue::VIEWS;
use rusqlite::Result;

impl Book {
    /// Does the work; if it fails, the tables of the session are as they were before it.
    ///
    /// # Errors
    /// Those of the work; SQLite's own, as the caller puts them.
    pub fn all_or_nothing<T, E>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, E>,
        failed: impl Fn(rusqlite::Error) -> E,
    ) -> std::result::Result<T, E> {
        self.clear_held().map_err(&failed)?;
        self.run_own("savepoint entry").map_err(&failed)?;
        let done = work();
        if done.is_ok() {
            self.run_own("release entry").map_err(&failed)?;
        } else {
            self.run_own("rollback to entry; release entry").map_err(&failed)?;
            // What was made meanwhile is gone.
            self.held.borrow_mut().is_made = false;
            self.tables.borrow_mut().made.clear();
            self.guard.set_tables(std::iter::empty());
        }
        done
    }

    fn run_own(&self, sql: &str) -> Result<()> {
        self.privileged(|connection| connection.execute_batch(sql))
    }

    /// Makes the views that wait, and takes away what is made again when it is named: none of them must begin or end within
    /// the work.
    fn clear_held(&self) -> Result<()> {
        let names: Vec<&str> = VIEWS.iter().map(|view| view.name).collect();
        self.privileged(|connection| self.pending.make(connection, &names.join(" ")))?;
        self.forget_tables("")?;
        if std::mem::take(&mut self.held.borrow_mut().is_made) {
            LAST_VIEWS.iter().try_for_each(|view| self.run_own(&format!("drop view temp.{view}")))?;
        }
        Ok(())
    }
}
