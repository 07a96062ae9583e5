//! Facts that a later one corrects. The public views show none of them; whoever names one, or what it stated, is told by
//! which fact it is corrected.

use super::Book;
use crate::error::{FunctionCause, SupersededFact};
use crate::quantity::Quantity;
use rusqlite::{OptionalExtension, Result, Row};

/// The number of a corrected fact.
#[derive(Debug, Clone, PartialEq)]
pub struct SupersededFigure {
    /// Its number, as the source stated it.
    pub quantity: Quantity,
    /// `S1`.
    pub source: String,
    /// `4.2`: paragraph and sentence; `record 37` in a table.
    pub locator: String,
    /// What it is the number of.
    pub label: String,
    /// The fact that corrects it, and is not corrected itself.
    pub by: String,
}

/// The last correction of the fact `f`, in SQL; the next one, where a chain of corrections has no end.
const LAST: &str = "
    coalesce((with recursive correction (id) as (
                  select f.superseded_by
                  union
                  select c.superseded_by from correction join main.fact c using (id) where c.superseded_by is not null)
              select id from correction join main.fact c using (id) where c.superseded_by is null),
             f.superseded_by)";

impl Book {
    /// The fact of an id with the one that corrects it; `None` where none does, and where the book has no such fact.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn superseded(&self, id: &str) -> Result<Option<SupersededFact>> {
        if !self.is_book() {
            return Ok(None);
        }
        let sql = format!("select {LAST} from main.fact f where f.id = ?1 and f.superseded_by is not null");
        let by = self.privileged(|connection| connection.query_row(&sql, [id], |row| row.get(0)).optional())?;
        Ok(by.map(|by| SupersededFact { id: id.to_owned(), by }))
    }

    /// The numbers that sources stated and later facts correct, in the order of their ids.
    ///
    /// # Errors
    /// As [`Book::superseded`].
    pub fn superseded_figures(&self) -> Result<Vec<SupersededFigure>> {
        let sql = format!(
            "select q.quantity, f.source, coalesce('record ' || f.record, f.paragraph || '.' || f.sentence), q.label, {LAST}
             from main.fact f join main.figure q on q.fact = f.id
             where f.superseded_by is not null and q.basis = 'stated' order by length(f.id), f.id"
        );
        self.privileged(|connection| {
            connection.prepare(&sql)?.query_map([], figure)?.filter_map(Result::transpose).collect()
        })
    }

    /// Refuses the id of a corrected fact.
    ///
    /// # Errors
    /// With the fact that corrects it; the book can't be read.
    pub(super) fn refuse_superseded(&self, id: &str) -> std::result::Result<(), FunctionCause> {
        let fact = self.superseded(id).map_err(|error| FunctionCause::Book(error.to_string()))?;
        fact.map_or(Ok(()), |fact| Err(FunctionCause::Superseded(fact)))
    }
}

/// `None` where the text of the figure is no quantity: a book of somebody's own making.
fn figure(row: &Row<'_>) -> Result<Option<SupersededFigure>> {
    let form: String = row.get(0)?;
    let Ok(quantity) = form.parse() else { return Ok(None) };
    let (source, locator) = (row.get(1)?, row.get(2)?);
    Ok(Some(SupersededFigure { quantity, source, locator, label: row.get(3)?, by: row.get(4)? }))
}
