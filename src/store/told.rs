//! The ids of the book with what each says in a line, for completion. More than anybody reads are left out.

use super::Book;
use rusqlite::Result;

/// The most ids of a kind: one more is found by `.find`, not by reading a list.
const MOST: usize = 2_000;

/// An id in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `F29`.
    pub id: String,
    /// What the book says under it.
    pub says: String,
    /// The public view whose row it is as a script's value; `None` where it is a quantity.
    pub view: Option<&'static str>,
}

impl Book {
    /// Facts, open questions, pledges and tensions, by id.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn told_ids(&self) -> Result<Vec<Told>> {
        let sql = format!(
            "select * from (select f.id, f.gloss, 'facts', exists (select 1 from main.figures where figures.id = f.id) \
             from main.facts f order by f.id limit {MOST}) \
             union all select * from (select id, question, 'unknowns', 1 from main.unknowns order by id limit {MOST}) \
             union all select * from (select distinct id, concat_ws(' ', provider, 'to', recipient || ':', instrument), 'pledges', 0 from main.pledges order by id limit {MOST}) \
             union all select * from (select id, statement, 'tensions', 0 from main.tensions order by id limit {MOST})"
        );
        self.privileged(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let told = statement.query_map([], |row| {
                let (view, is_quantity): (String, bool) = (row.get(2)?, row.get(3)?);
                let view = ["facts", "pledges", "tensions"].into_iter().find(|known| *known == view && !is_quantity);
                Ok(Told { id: row.get(0)?, says: row.get::<_, Option<String>>(1)?.unwrap_or_default(), view })
            })?;
            told.collect()
        })
    }

    /// What can be supposed besides numbers: id and statement.
    ///
    /// # Errors
    /// As [`Book::told_ids`].
    pub fn told_assumptions(&self) -> Result<Vec<(String, String)>> {
        self.told_by(&format!("select id, statement from main.assumptions order by id limit {MOST}"))
    }

    /// Whose statements can be preferred: id, and what the source is.
    ///
    /// # Errors
    /// As [`Book::told_ids`].
    pub fn told_sources(&self) -> Result<Vec<(String, String)>> {
        self.told_by(&format!("select id, description from main.source order by length(id), id limit {MOST}"))
    }

    fn told_by(&self, sql: &str) -> Result<Vec<(String, String)>> {
        self.privileged(|connection| {
            connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }
}
