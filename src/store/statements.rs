//! What several facts state of one thing, and what becomes of the views where a source is preferred. How it is read from
//! the tables is `statement_groups`'.

use super::Book;
use super::supposition::Supposed;
use crate::quantity::Statements;
use rusqlite::Result;
use std::sync::Arc;

/// The copies of the statements of pledges that stand in front of the book's own while a source is preferred.
const COPIES: &str = "
    create table if not exists temp.pledge_stage as select * from main.pledge_stage where false;
    create index if not exists temp.pledge_stage_row on pledge_stage (pledge, fact);
    create table if not exists temp.pledge_item as select * from main.pledge_item where false;
    create index if not exists temp.pledge_item_row on pledge_item (pledge, fact);
    delete from temp.pledge_stage;
    insert into temp.pledge_stage select * from main.pledge_stage;
    delete from temp.pledge_item;
    insert into temp.pledge_item select * from main.pledge_item;";

/// Takes what is not preferred out of them, all facts of a JSON array in one pass.
const LEAVE_OUT: [&str; 2] = [
    "delete from temp.pledge_stage where fact in (select value from json_each(?1))",
    "delete from temp.pledge_item where fact in (select value from json_each(?1))",
];

impl Book {
    /// What several facts state of one thing.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn statements(&self) -> Result<Arc<Statements>> {
        self.desk.statement_groups()
    }

    /// Lets the views of pledges show what a preference chooses, and leave out what it does not.
    pub(super) fn prefer(&self, supposed: &[Supposed]) -> Result<()> {
        let is_preference = |one: &Supposed| matches!(one, Supposed::Preference(_));
        if !supposed.iter().any(is_preference) && !self.desk.chosen.is_any() {
            return Ok(());
        }
        let statements = self.statements()?;
        let left_out = statements.decided().filter(|one| one.1.is_none()).map(|one| format!("\"{}\"", one.0));
        let left_out = format!("[{}]", left_out.collect::<Vec<_>>().join(","));
        self.privileged(|connection| {
            connection.execute_batch(COPIES)?;
            LEAVE_OUT.iter().try_for_each(|sql| connection.execute(sql, [&left_out]).map(drop))
        })?;
        let chosen = statements.decided().filter_map(|(fact, assumption)| Some((fact, assumption?.clone())));
        self.desk.chosen.set(chosen.collect());
        Ok(())
    }

    /// The ids of every pledge and of every conflict on record.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn owners(&self) -> Result<Vec<String>> {
        self.ids_by("select id from main.pledge union all select id from main.conflict")
    }

    /// The ids of every source.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn source_ids(&self) -> Result<Vec<String>> {
        self.ids_by("select id from main.source order by length(id), id")
    }

    fn ids_by(&self, sql: &str) -> Result<Vec<String>> {
        self.privileged(|connection| connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect())
    }

    /// The sources that state something of a pledge, or of a conflict on record; none where the book has no such thing.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn sources_of(&self, owner: &str) -> Result<Vec<String>> {
        let sql = "select distinct f.source from main.fact f where f.superseded_by is null and f.id in (
                       select fact from main.pledge_stage where pledge = ?1
                       union all select fact from main.pledge_item where pledge = ?1
                       union all select fact from main.conflict_member where conflict = ?1)
                   order by length(f.source), f.source";
        self.privileged(|connection| connection.prepare(sql)?.query_map([owner], |row| row.get(0))?.collect())
    }
}
