//! Temporary tables of quantities: rows that a statement keeps for the session, behind a view that tags its quantities again. The view
//! has the name that the statement gives, and drops like a table.

use super::guard::ctes::{contains_name, split_view_definition};
use super::guard::{TAG_FUNCTION, is_program_name};
use super::{Book, is_reserved, quote_identifier};
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
                let stored = quote_identifier(stored);
                if *is_quantity { format!("{TAG_FUNCTION}({stored}, '{}')", name.replace('\'', "''")) } else { stored }
            });
            let names: Vec<String> = table.columns.iter().map(|(name, _)| quote_identifier(name)).collect();
            connection.execute_batch(&format!(
                "create temp view {} ({}) as select {} from temp.{}",
                quote_identifier(&table.name),
                names.join(", "),
                list.collect::<Vec<_>>().join(", "),
                table.stored
            ))
        })
    }

    /// True if a name is that of a temporary table of quantities.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn is_kept_table(&self, name: &str) -> Result<bool> {
        if self.kept_count.get() == 0 {
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
        if self.kept_count.get() == 0 {
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

    /// The list of columns, which may be empty, and the select of a view of a person; `None` for any other name.
    #[must_use]
    pub fn user_view(&self, name: &str) -> Option<(String, String)> {
        if self.catalogue.find(name).is_some() || is_program_name(name) {
            return None;
        }
        let sql = "select sql from temp.sqlite_schema where type = 'view' and name = ?1 collate nocase";
        let definition: String = self.query_optional(sql, [name], |row| row.get(0)).ok()??;
        let (columns, select) = split_view_definition(&definition)?;
        let is_own = !contains_name(select, is_reserved);
        is_own.then(|| (columns.to_owned(), select.to_owned()))
    }
}
