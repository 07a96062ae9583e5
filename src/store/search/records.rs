//! Searching the records of imported tables: their texts are read one by one, up to as many hits as are shown.

use super::terms::SearchTerms;
use crate::store::catalogue::{ColumnKind, View};
use crate::store::{Book, RecordEntry, quote_identifier};
use rusqlite::Result;

/// The records of one imported table that have the words of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRecords {
    /// The table.
    pub view: String,
    /// The first of them, each with its texts in a line.
    pub records: Vec<(RecordEntry, String)>,
    /// True if there may be more.
    pub is_cut: bool,
}

impl Book {
    /// The records of imported tables that have the words in their texts, at most `most` of each table.
    ///
    /// # Errors
    /// The book can't be read; the work is stopped.
    pub fn search_records(&self, terms: &SearchTerms, most: usize) -> Result<Vec<FoundRecords>> {
        let found = self.catalogue().imported().map(|view| self.records_with(view, terms, most));
        Ok(found.collect::<Result<Vec<_>>>()?.into_iter().filter(|found| !found.records.is_empty()).collect())
    }

    fn records_with(&self, view: &View, terms: &SearchTerms, most: usize) -> Result<FoundRecords> {
        let mut found = FoundRecords { view: view.name.to_string(), records: Vec::new(), is_cut: false };
        let texts = view.columns.iter().filter(|column| column.kind == ColumnKind::Text && column.name != "record");
        let columns: Vec<String> = texts.map(|column| quote_identifier(&column.name)).collect();
        if columns.is_empty() {
            return Ok(found);
        }
        let name = quote_identifier(&view.name);
        let sql = format!("select record, concat_ws(' · ', {}) from main.{name}", columns.join(", "));
        let mut hits: Vec<(String, String)> = Vec::new();
        self.read_rows_for(&sql)?;
        self.privileged(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text: String = row.get(1)?;
                if !terms.matches_text(&text) {
                    continue;
                }
                if hits.len() == most {
                    found.is_cut = true;
                    break;
                }
                hits.push((row.get(0)?, text));
            }
            Ok(())
        })?;
        for (id, text) in hits {
            let record = id.parse().ok().map(|reference| self.record_of(reference)).transpose()?.flatten();
            found.records.extend(record.map(|record| (record, text)));
        }
        Ok(found)
    }
}
