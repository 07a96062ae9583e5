//! The rows of a file that mark a pledge as part of another or the same, or state something of one; and what is wrong with them together:
//! marks that lead in a circle or on to others, and a fact that is stated of one pledge under two ids, whose number would be added twice.

use super::definition::FactsFile;
use super::findings::Findings;
use super::table_reader::TableReader;
use crate::store::circular;
use rusqlite::{Connection, Result, Row};
use std::collections::HashMap;

/// The files with such rows, and the column of the other pledge or of the fact.
const COLUMNS: [(&str, &str); 3] = [("stages", "fact"), ("items", "fact"), ("overlaps", "other")];

/// The rows of one file.
#[derive(Default)]
pub(super) struct PledgeRows {
    rows: Vec<PledgeRow>,
    /// The place of the column of the other pledge or of the fact; `None` of any other file.
    column: Option<usize>,
    are_marks: bool,
}

/// A row about a pledge.
struct PledgeRow {
    line: u64,
    cell: usize,
    pledge: String,
    /// The other pledge, or the fact.
    other: String,
}

/// A fact that is stated of a pledge and of another one that is the same.
struct ToldTwice {
    pledge: String,
    other: String,
    fact: String,
}

impl PledgeRows {
    /// No rows yet of a file.
    pub(super) fn of(file: &FactsFile) -> Self {
        let column = COLUMNS.iter().find(|(name, _)| *name == file.name).and_then(|(_, column)| file.position(column));
        Self { rows: Vec::new(), column, are_marks: file.name == "overlaps" }
    }

    /// Takes the next row into account.
    pub(super) fn add(&mut self, rows: &TableReader, cells: &[Option<String>]) {
        if let Some(at) = self.column
            && let (Some(pledge), Some(other)) = (&cells[0], &cells[at])
        {
            let (line, cell, pledge, other) = (rows.line(), rows.place(at), pledge.clone(), other.clone());
            self.rows.push(PledgeRow { line, cell, pledge, other });
        }
    }

    /// Adds what is wrong with them, once all are in the book.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn check(&self, connection: &Connection, findings: &mut Findings) -> Result<()> {
        if self.are_marks {
            self.check_marks(connection, findings)?;
        }
        if !self.rows.is_empty() {
            self.check_told_twice(connection, findings)?;
        }
        Ok(())
    }

    fn row_of(&self, pledge: &str) -> Option<&PledgeRow> {
        self.rows.iter().find(|row| row.pledge == pledge)
    }

    /// Refuses pledges that are part of themselves by way of others, and those that are the same as one that is the same as another.
    fn check_marks(&self, connection: &Connection, findings: &mut Findings) -> Result<()> {
        let mut query = connection.prepare("select pledge, other from pledge_overlap")?;
        let next: HashMap<String, String> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
        let circular = circular(&next);
        for PledgeRow { line, cell, pledge, .. } in &self.rows {
            let Some(other) = next.get(pledge) else { continue };
            if circular.contains(pledge.as_str()) {
                findings.add(*line, *cell, format!("`{pledge}` would be part of itself by way of `{other}`"));
            }
        }
        let sql = "select a.pledge, a.other, b.other from pledge_overlap a join pledge_overlap b on b.pledge = a.other \
                   where a.relation = 'same_as' and b.relation = 'same_as'";
        let mut query = connection.prepare(sql)?;
        let chains = query.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
        for [start, middle, end] in chains.collect::<Result<Vec<[String; 3]>>>()? {
            if let Some(PledgeRow { line, cell, .. }) =
                self.row_of(&start).or_else(|| self.row_of(&middle)).filter(|_| !circular.contains(start.as_str()))
            {
                findings.add(*line, *cell, format!("`{middle}` is itself the same as `{end}`: name that one"));
            }
        }
        Ok(())
    }

    /// Refuses a fact that is stated of a pledge and of another which is the same.
    fn check_told_twice(&self, connection: &Connection, findings: &mut Findings) -> Result<()> {
        for ToldTwice { pledge, other, fact } in told_twice(connection)? {
            let states = |row: &&PledgeRow| row.other == fact && [&pledge, &other].contains(&&row.pledge);
            if let Some(PledgeRow { line, cell, .. }) = self.rows.iter().find(states).or_else(|| self.row_of(&pledge)) {
                let message =
                    format!("`{pledge}` and `{other}` are the same, and `{fact}` is stated of both: state it of one");
                findings.add(*line, *cell, message);
            }
        }
        Ok(())
    }
}

/// The facts that are stated of pledges under two ids, once for each of the ids but the one that the others are the same as.
fn told_twice(connection: &Connection) -> Result<Vec<ToldTwice>> {
    let sql = "with told (pledge, fact) as (select pledge, fact from pledge_stage union select pledge, fact from pledge_item),
                    own (pledge, id, fact) as (
                        select t.pledge, coalesce(o.other, t.pledge), t.fact
                        from told t left join pledge_overlap o on o.pledge = t.pledge and o.relation = 'same_as'
                    )
               select a.pledge, b.pledge, a.fact from own a join own b on b.id = a.id and b.fact = a.fact
               where a.pledge <> b.pledge and a.pledge <> a.id order by a.pledge, b.pledge, a.fact";
    let mut query = connection.prepare(sql)?;
    let row = |row: &Row<'_>| Ok(ToldTwice { pledge: row.get(0)?, other: row.get(1)?, fact: row.get(2)? });
    query.query_map([], row)?.collect()
}
