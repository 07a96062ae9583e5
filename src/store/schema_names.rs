//! The names in a database's own schema. A file may hold names that are no UTF-8: they are read as far as they can be, and
//! what bears them can't be asked for, since no statement could spell it.

use rusqlite::{Connection, Result, Row};
use std::collections::BTreeSet;

/// What the guard has to know of a schema.
#[derive(Debug, Default)]
pub(super) struct SchemaNames {
    /// Its tables and views, in lower case.
    pub(super) relations: BTreeSet<String>,
    /// The definitions of its views, one after the other.
    pub(super) definitions: String,
    /// The tables in which R-Tree tables keep their rows, in lower case. `SQLite` prepares writes to them when an R-Tree
    /// table is first read; nobody else can make any, since shadow tables are defended.
    rtree_shadows: BTreeSet<String>,
}

/// What is appended to the name of an R-Tree table for each of its shadow tables.
const RTREE_SHADOWS: [&str; 3] = ["_node", "_rowid", "_parent"];

impl SchemaNames {
    /// The names of the main database.
    ///
    /// # Errors
    /// The schema can't be read.
    pub(super) fn of(connection: &Connection) -> Result<Self> {
        let sql = "select name, iif(type = 'view', sql, ''), type = 'table' and rootpage = 0 and sql like '%rtree%' \
                   from main.sqlite_schema where type in ('table', 'view')";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Self::default();
        while let Some(row) = rows.next()? {
            let name = text(row, 0)?.to_ascii_lowercase();
            found.definitions.push_str(&text(row, 1)?);
            if row.get(2)? {
                found.rtree_shadows.extend(RTREE_SHADOWS.map(|end| format!("{name}{end}")));
            }
            found.relations.insert(name);
        }
        Ok(found)
    }

    /// Whether a table is one in which an R-Tree table keeps its rows.
    pub(super) fn is_rtree_shadow(&self, table: &str) -> bool {
        !self.rtree_shadows.is_empty() && self.rtree_shadows.contains(&table.to_ascii_lowercase())
    }
}

/// A text of the schema; what is no UTF-8 in it is replaced.
pub(super) fn text(row: &Row<'_>, index: usize) -> Result<String> {
    Ok(String::from_utf8_lossy(row.get_ref(index)?.as_bytes()?).into_owned())
}
