//! The rows of a book's own tables compared with those of an older book: actors and their other names, open questions, tensions, pledges,
//! units, and whatever else of facts the numbers do not show.

use super::Session;
use super::book_diff::{BookDifference, text_cell};
use crate::error::Error;
use crate::store::{PartRow, PartRows};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of facts, of which those that came and went are told elsewhere.
const OF_FACTS: [&str; 2] = ["fact", "figure"];

/// The rows that differ.
#[derive(Default)]
pub(super) struct PartDifferences {
    /// What else differs in facts.
    pub(super) of_facts: Vec<BookDifference>,
    pub(super) others: Vec<BookDifference>,
    /// The rows added, removed and changed among the others.
    counts: [u64; 3],
}

impl Session {
    /// The differences of the rows of an older book and of this one.
    ///
    /// # Errors
    /// A book can't be read.
    pub(super) fn part_differences(&self, older: &Self) -> Result<PartDifferences, Error> {
        let rows = |session: &Self| session.book.part_rows().map_err(|error| session.book.error(&error));
        let (old, new) = (rows(older)?, rows(self)?);
        let mut found = PartDifferences::default();
        for table in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            found.add_table(table, [&old, &new].map(|book| book.get(table)));
        }
        Ok(found)
    }
}

impl PartDifferences {
    /// `; other rows: 1 added, 0 removed, 0 changed`; empty where none differs.
    pub(super) fn summary(&self) -> String {
        let [added, removed, changed] = self.counts;
        if self.others.is_empty() {
            return String::new();
        }
        format!("; other rows: {added} added, {removed} removed, {changed} changed")
    }

    fn add_table(&mut self, table: &str, rows: [Option<&PartRows>; 2]) {
        let none = PartRows::new();
        let [old, new] = rows.map(|rows| rows.unwrap_or(&none));
        let is_of_facts = OF_FACTS.contains(&table);
        for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            match (old.get(key), new.get(key)) {
                (Some(then), Some(now)) => {
                    let changes = changes((table, key), then, now);
                    self.counts[2] += u64::from(!is_of_facts && !changes.is_empty());
                    if is_of_facts { &mut self.of_facts } else { &mut self.others }.extend(changes);
                }
                (then, now) if !is_of_facts => {
                    self.counts[usize::from(now.is_none())] += 1;
                    self.others.push(lone((table, key), then, now));
                }
                _ => {}
            }
        }
    }
}

/// The columns in which two rows of one key differ; a figure is told as its fact.
fn changes((table, key): (&str, &str), then: &PartRow, now: &PartRow) -> Vec<BookDifference> {
    let of = |row: &PartRow| row.iter().cloned().collect::<BTreeMap<String, String>>();
    let (then, now) = (of(then), of(now));
    let columns: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let differing = columns.into_iter().filter(|column| then.get(*column) != now.get(*column));
    let difference = |column: &String| BookDifference {
        change: "changed",
        what: if OF_FACTS.contains(&table) { "fact" } else { table }.to_owned(),
        id: key.to_owned(),
        member: column.clone(),
        old: then.get(column).map(|text| text_cell(text)),
        new: now.get(column).map(|text| text_cell(text)),
    };
    differing.map(difference).collect()
}

/// The difference of a row that only one book has.
fn lone((table, key): (&str, &str), then: Option<&PartRow>, now: Option<&PartRow>) -> BookDifference {
    let text = |row: &PartRow| {
        let texts: Vec<&str> = row.iter().map(|(_, text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| text_cell(&texts.join(" · ")))
    };
    BookDifference {
        change: if then.is_some() { "removed" } else { "added" },
        what: table.to_owned(),
        id: key.to_owned(),
        member: String::new(),
        old: then.and_then(text),
        new: now.and_then(text),
    }
}
