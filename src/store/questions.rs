//! The open questions of the book, with all that can be said where there is no answer: why there is none, which facts
//! come closest, what the silence means, what would answer it. Prose is made elsewhere.

use super::Book;
use rusqlite::{OptionalExtension, Result, Row};

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionEntry {
    /// `U11`.
    pub id: String,
    /// The question itself.
    pub question: String,
    /// The matter in a few words.
    pub about: String,
    /// The code of the reason why there is no answer.
    pub reason: String,
    /// The ids of the facts that come closest to one.
    pub closest: Vec<String>,
    /// What kind of source would answer it.
    pub needs: String,
    /// What the silence means, and what it must not be taken for.
    pub means: String,
}

const ENTRY: &str = "select id, question, about, reason, coalesce(closest, ''), needs, means from main.unknowns";

impl Book {
    /// The open question of an id.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn question(&self, id: &str) -> Result<Option<QuestionEntry>> {
        let sql = format!("{ENTRY} where id = ?1");
        self.privileged(|connection| connection.query_row(&sql, [id], entry).optional())
    }

    /// Every open question, in the order of their ids.
    ///
    /// # Errors
    /// As [`Book::question`].
    pub fn questions(&self) -> Result<Vec<QuestionEntry>> {
        let sql = format!("{ENTRY} order by length(id), id");
        self.privileged(|connection| connection.prepare(&sql)?.query_map([], entry)?.collect())
    }

    /// What the code of a reason means; `None` where the book does not say.
    #[must_use]
    pub fn meaning_of(&self, reason: &str) -> Option<String> {
        let sql = "select meaning from main.reason where code = ?1";
        self.privileged(|connection| connection.query_row(sql, [reason], |row| row.get(0))).ok()
    }
}

fn entry(row: &Row<'_>) -> Result<QuestionEntry> {
    let closest: String = row.get(4)?;
    Ok(QuestionEntry {
        id: row.get(0)?,
        question: row.get(1)?,
        about: row.get(2)?,
        reason: row.get(3)?,
        closest: closest.split_whitespace().map(str::to_owned).collect(),
        needs: row.get(5)?,
        means: row.get(6)?,
    })
}
