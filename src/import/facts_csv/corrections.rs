//! Corrections: a new fact supersedes the facts that it names, which stay as they are. A fact has one correction at most, and no chain
//! of corrections leads back to its beginning.

use super::findings::Findings;
use crate::store::circular;
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A correction of a file: the new fact, an old one, and where that stands.
#[derive(Debug)]
pub(super) struct Correction {
    pub(super) new: String,
    pub(super) old: String,
    pub(super) line: u64,
    pub(super) cell: usize,
}

/// The corrections of a file, in order.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    all: Vec<Correction>,
}

impl Corrections {
    /// Adds one.
    pub(super) fn add(&mut self, correction: Correction) {
        self.all.push(correction);
    }

    /// Writes the corrections that the book does not have yet, and returns them: the old fact with the new one. What is wrong is added
    /// to the findings.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn write(
        &self,
        connection: &Connection,
        facts: &BTreeSet<String>,
        findings: &mut Findings,
    ) -> Result<Vec<(String, String)>> {
        let mut known = connection.prepare("select superseded_by from fact where id = ?1")?;
        let mut update = connection.prepare("update fact set superseded_by = ?2 where id = ?1")?;
        let mut written = Vec::new();
        for Correction { new, old, line, cell } in &self.all {
            if !facts.contains(old) {
                findings.add(*line, *cell, format!("neither facts.csv nor the book has `{old}`"));
            }
            // A fact with something wrong in it is not in the table: that has been said.
            let Some(corrected): Option<Option<String>> = known.query_row([old], |row| row.get(0)).optional()? else {
                continue;
            };
            match corrected {
                Some(by) if by == *new => {}
                Some(by) => {
                    let message = format!("`{old}` is corrected by `{by}` already: correct that one");
                    findings.add(*line, *cell, message);
                }
                None if old == new => findings.add(*line, *cell, "a fact can't correct itself"),
                None => {
                    update.execute([old, new])?;
                    written.push((old.clone(), new.clone()));
                }
            }
        }
        self.refuse_circles(connection, findings)?;
        Ok(written)
    }

    /// Adds a finding for each correction by which a chain leads back to its beginning.
    fn refuse_circles(&self, connection: &Connection, findings: &mut Findings) -> Result<()> {
        if self.all.is_empty() {
            return Ok(());
        }
        let mut query = connection.prepare("select id, superseded_by from fact where superseded_by is not null")?;
        let next: HashMap<String, String> =
            query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
        let circular = circular(&next);
        for Correction { new, old, line, cell } in self.all.iter().filter(|one| circular.contains(one.old.as_str())) {
            if next.get(old) == Some(new) {
                findings.add(*line, *cell, format!("`{old}` would correct itself by way of `{new}`"));
            }
        }
        Ok(())
    }
}

/// The tables by which a corrected fact is part of something, with the column that names it and the file to add a row to.
const DEPENDENTS: [(&str, &str, &str); 6] = [
    ("figure", "fact", "figures"),
    ("pledge_stage", "fact", "stages"),
    ("pledge_item", "fact", "items"),
    ("participation", "fact", "participants"),
    ("event", "fact", "events"),
    ("plan_clause", "fact", "plan_points"),
];

/// The rows that are shown no more, since the fact that they rest on is corrected by one that has no such row: one line each.
///
/// # Errors
/// SQLite's own.
pub(super) fn unfollowed(connection: &Connection, corrected: &[(String, String)]) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if corrected.is_empty() {
        return Ok(lines);
    }
    for (table, column, file) in DEPENDENTS {
        let mut query =
            connection.prepare(&format!("select distinct {column} from {table} where {column} is not null"))?;
        let resting: HashSet<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
        let left = corrected.iter().filter(|(old, new)| resting.contains(old) && !resting.contains(new));
        lines.extend(left.map(|(old, new)| {
            format!("`{old}` has a row in {file}.csv, and `{new}`, which corrects it, has none: it is shown no more")
        }));
    }
    Ok(lines)
}
