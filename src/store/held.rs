//! What the book offers of the result shown last. It is made when a statement first names it; no question can write to
//! it.

use super::Book;
use super::offer::{Offer, make};
use super::reserved::{LAST_TABLE, LAST_VIEWS};
use rusqlite::Result;

impl Book {
    /// Sets what `last` and `_` stand for in SQL.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn offer_last(&self, offer: Offer) -> Result<()> {
        let mut held = self.held.borrow_mut();
        held.offer = Some(offer);
        if std::mem::take(&mut held.is_made) {
            let table = format!("{LAST_TABLE}_{}", held.made);
            self.privileged(|connection| {
                LAST_VIEWS.iter().try_for_each(|view| connection.execute_batch(&format!("drop view temp.{view}")))?;
                // A stream over the older result keeps its table until the session ends.
                connection.execute_batch(&format!("drop table temp.{table}")).or(Ok(()))
            })?;
        }
        Ok(())
    }

    /// Why SQL has no `last`, in words.
    #[must_use]
    pub fn why_no_last(&self) -> String {
        match &self.held.borrow().offer {
            Some(Offer::TooLong(rows, most)) => {
                format!("the newest result has {rows} rows, and `last` holds {most} at most")
            }
            _ => "no result has been shown yet".to_owned(),
        }
    }

    /// Makes the views `last` and `_`; whether there is anything that they can stand for.
    pub(super) fn make_last(&self) -> Result<bool> {
        let mut held = self.held.borrow_mut();
        let made = held.made + 1;
        let Some(Offer::Rows(columns, rows, reliance)) = &held.offer else { return Ok(false) };
        if held.is_made {
            return Ok(false);
        }
        self.privileged(|connection| make(connection, &format!("{LAST_TABLE}_{made}"), &LAST_VIEWS, columns, &rows()))?;
        held.reliance = reliance.clone();
        (held.made, held.is_made) = (made, true);
        Ok(true)
    }
}
