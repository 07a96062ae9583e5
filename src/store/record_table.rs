//! The plain table behind an imported table: its columns and indexes, from which its definition follows to the letter, wherever it is
//! made again.

use super::quote_identifier;
use rusqlite::{Connection, Result};
use serde::{Deserialize, Serialize};

/// The declarations that a column may have.
const DECLARATIONS: [&str; 4] = ["TEXT", "INTEGER", "REAL", "INTEGER NOT NULL"];

/// The column with the number of the record, which is the first.
pub(super) const RECORD: &str = "record";

/// The column of the flag of totals.
const TOTAL: &str = "is_total";

/// The columns of a plain table behind the record, and those of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RecordTable {
    /// Each column with its declaration.
    pub(super) columns: Vec<(String, String)>,
    /// The columns by which its rows are known, as its import said; none where it did not.
    pub(super) key: Vec<String>,
}

impl RecordTable {
    /// The table of a name as a book has it; `None` for one that no import has made so.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn of(book: &Connection, name: &str) -> Result<Option<Self>> {
        let sql = "select name, type || iif(\"notnull\", ' NOT NULL', ''), pk from pragma_table_info(?1, 'main') order by cid";
        let mut found = book.prepare(sql)?;
        let found = found.query_map([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut columns: Vec<(String, String, i64)> = found.collect::<Result<_>>()?;
        if columns.is_empty() || columns.remove(0) != (RECORD.to_owned(), "INTEGER".to_owned(), 1) {
            return Ok(None);
        }
        let mut key = book.prepare("select name from pragma_index_info(?1, 'main') order by seqno")?;
        let key = key.query_map([format!("{name}_key")], |row| row.get(0))?.collect::<Result<_>>()?;
        let columns = columns.into_iter().map(|(column, declared, _)| (column, declared)).collect();
        let table = Self { columns, key };
        let sql = "select sql from main.sqlite_schema where tbl_name = ?1 and sql is not null order by rowid";
        let stored: Vec<String> = book.prepare(sql)?.query_map([name], |row| row.get(0))?.collect::<Result<_>>()?;
        let is_as_made = stored == [vec![table.definition(name)], table.indexes(name)].concat();
        Ok(is_as_made.then_some(table))
    }

    /// True if an import may have made it.
    pub(super) fn is_possible(&self) -> bool {
        let is_known = |column: &String| self.columns.iter().any(|(name, _)| name == column);
        let is_declared = |(_, declared): &(String, String)| DECLARATIONS.contains(&declared.as_str());
        self.columns.iter().all(is_declared) && self.key.iter().all(is_known)
    }

    /// The statement that makes the table.
    pub(super) fn definition(&self, name: &str) -> String {
        record_table(name, self.columns.iter().map(|(column, declared)| (column.as_str(), declared.as_str())))
    }

    /// The statements that make its indexes.
    pub(super) fn indexes(&self, name: &str) -> Vec<String> {
        let has_totals =
            self.columns.iter().any(|(column, declared)| column == TOTAL && declared == "INTEGER NOT NULL");
        let key = (!self.key.is_empty()).then(|| key_index(name, &self.key));
        has_totals.then(|| totals_index(name)).into_iter().chain(key).collect()
    }

    /// True if its rows have a flag of totals.
    pub(super) fn has_totals(&self) -> bool {
        self.columns.iter().any(|(column, _)| column == TOTAL)
    }
}

/// The statement that makes the plain table of an import, with the columns behind the record, each with its declaration.
pub fn record_table<'c>(name: &str, columns: impl Iterator<Item = (&'c str, &'c str)>) -> String {
    let columns: Vec<String> =
        columns.map(|(column, declared)| format!(",\n    {} {declared}", quote_identifier(column))).collect();
    format!("CREATE TABLE {} (\n    {RECORD} INTEGER PRIMARY KEY{}\n) STRICT", quote_identifier(name), columns.concat())
}

/// The statement that makes the index of the totals of a plain table.
#[must_use]
pub fn totals_index(name: &str) -> String {
    let index = quote_identifier(&format!("{name}_totals"));
    format!("CREATE INDEX {index} on {} ({RECORD}) where {TOTAL}", quote_identifier(name))
}

/// The statement that makes the index of the key of a plain table.
#[must_use]
pub fn key_index(name: &str, columns: &[String]) -> String {
    let list: Vec<String> = columns.iter().map(|column| quote_identifier(column)).collect();
    let index = quote_identifier(&format!("{name}_key"));
    format!("CREATE INDEX {index} on {} ({})", quote_identifier(name), list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_made_again_as_it_was() {
        let book = Connection::open_in_memory().unwrap();
        let columns =
            [("line", "INTEGER NOT NULL"), ("is_total", "INTEGER NOT NULL"), ("a \"b\"", "TEXT"), ("r", "REAL")];
        book.execute_batch(&record_table("t_S2", columns.into_iter())).unwrap();
        book.execute_batch(&totals_index("t_S2")).unwrap();
        book.execute_batch(&key_index("t_S2", &["a \"b\"".to_owned()])).unwrap();
        let table = RecordTable::of(&book, "t_S2").unwrap().unwrap();
        assert!(table.is_possible() && table.has_totals() && table.key == ["a \"b\""], "{table:?}");
        assert_eq!(table.columns.len(), 4);
        book.execute_batch("create index other on t_S2 (r)").unwrap();
        assert_eq!(RecordTable::of(&book, "t_S2").unwrap(), None);
    }
}
