//! Whether the file of a book is whole. SQLite notices a page that can't be one, and not one that stands in the place of
//! another: the figures of that page would be read as those of this one. So a book is looked through before it answers.

use super::Book;
use crate::error::{Error, StoreCause, StoreError};
use std::fs;

/// The longest file that is looked through, which takes some 10 ms a MiB: ten times the bundled book. Of a longer one only
/// what is read is known to be whole.
const MOST_BYTES: u64 = 4 << 20;

impl Book {
    /// Looks once through all pages and indices of a book's file. Plain databases are taken as they are.
    ///
    /// # Errors
    /// It is damaged, busy, or the work was told to end.
    pub fn check_whole(&self) -> Result<(), Error> {
        let Some(path) = self.path.as_deref().filter(|_| self.has_views && !self.is_whole.get()) else {
            return Ok(());
        };
        if fs::metadata(path).is_ok_and(|found| found.len() <= MOST_BYTES) {
            let found: String = self
                .privileged(|connection| connection.query_row("pragma main.integrity_check(1)", [], |row| row.get(0)))
                .map_err(|error| self.error(&error))?;
            // The first line may only name the database.
            let told = found.lines().find(|line| !line.starts_with("***")).unwrap_or(&found);
            if told != "ok" {
                return Err(StoreError { path: path.to_owned(), cause: StoreCause::Damaged(told.to_owned()) }.into());
            }
        }
        self.is_whole.set(true);
        Ok(())
    }
}
