//! Temporary tables of quantities: rows that a statement keeps for the session, behind a view that tags its quantities again. The view
//! has the name that the statement gives, and drops like a table.

use super::guard::ctes::contains_name;
use super::session_tables::{ColumnContent, view_column};
use super::{Book, quote_identifier};
use rusqlite::Result;

/// The prefix of the tables with the rows.
const KEPT_TABLE: &str = "pledgebook_kept";

/// A temporary table of quantities.
#[derive(Debug, Clone)]
pub struct KeptTable {
    /// Its name in SQL.
    pub name: String,
    /// The table with its rows.
    pub stored: String,
    /// Its columns, each with true for quantities.
    pub columns: Vec<(String, bool)>,
}

impl Book {
    /// A name for a table with rows to keep.
    #[must_use]
    pub fn next_kept_name(&self) -> String {
        self.kept_count.set(self.kept_count.get() + 1);
        format!("{KEPT_TABLE}_{}", self.kept_count.get())
    }

    /// Prepares a statement that makes the table with rows to keep.
    pub fn with_kept_name<T>(&self, stored: &str, work: impl FnOnce() -> T) -> T {
        self.authorizer.set_kept(Some(stored.to_owned()));
        let done = work();
        self.authorizer.set_kept(None);
        done
    }

    /// Gives a table of rows that is there its name.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn keep_table(&self, table: &KeptTable) -> Result<()> {
        self.privileged(|connection| {
            let mut columns = connection.prepare("select name from pragma_table_info(?1, 'temp') order by cid")?;
            let stored = columns.query_map([&table.stored], |row| row.get(0))?.collect::<Result<Vec<String>>>()?;
            let list = stored.iter().zip(&table.columns).map(|(stored, (name, is_quantity))| {
                let content = if *is_quantity { ColumnContent::Quantity } else { ColumnContent::Plain };
                view_column(quote_identifier(stored), name, content)
            });
            connection.execute_batch(&format!(
                "create temp view {} as select {} from temp.{}",
                quote_identifier(&table.name),
                list.collect::<Vec<_>>().join(", "),
                table.stored
            ))
        })
    }

    /// True if any has been made.
    #[must_use]
    pub fn has_kept_tables(&self) -> bool {
        self.kept_count.get() > 0
    }

    /// True if a name is that of a temporary table of quantities.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn is_kept_table(&self, name: &str) -> Result<bool> {
        if !self.has_kept_tables() {
            return Ok(false);
        }
        let sql = "select sql from temp.sqlite_schema where type = 'view' and name = ?1 collate nocase";
        let definition: Option<String> = self.query_optional(sql, [name], |row| row.get(0))?;
        Ok(definition.is_some_and(|sql| contains_name(&sql, |name| name.starts_with(KEPT_TABLE))))
    }

    /// Drops the rows of temporary tables of quantities that have been dropped.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_unkept_rows(&self) -> Result<()> {
        if !self.has_kept_tables() {
            return Ok(());
        }
        let sql = format!(
            "select name from temp.sqlite_schema t where type = 'table' and name glob '{KEPT_TABLE}_*' and not exists \
             (select 1 from temp.sqlite_schema v where v.type = 'view' and v.sql like '% from temp.' || t.name)"
        );
        let unkept: Vec<String> = self.query_rows(&sql, [], |row| row.get(0))?;
        // What a stream still reads stays until the next time.
        for name in unkept {
            drop(self.execute(&format!("drop table temp.{name}")));
        }
        Ok(())
    }
}
