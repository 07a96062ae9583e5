//! Columns that the book's own tables and views have got since there are books. A book made before is read as if each were NULL in
//! every row, and gets them when it is next changed.

use super::bundled;
use super::catalogue::View;
use crate::syntax::sql::statements;
use rusqlite::{Connection, Result};
use std::collections::BTreeSet;

/// The columns of views, by the view.
const OF_VIEWS: [(&str, &str); 3] = [("sources", "revises"), ("sources", "licence"), ("participants", "takes_part")];

/// The columns of tables: table, column and definition.
const OF_TABLES: [(&str, &str, &str); 3] = [
    ("source", "licence", "licence TEXT"),
    ("imported_table", "view_sha256", "view_sha256 TEXT"),
    ("participation", "takes_part", "takes_part INTEGER CHECK (takes_part IN (0, 1))"),
];

/// The columns of a view that its definition in the file lacks, and may lack.
///
/// # Errors
/// The schema can't be read.
pub(super) fn lacking(connection: &Connection, view: &View) -> Result<BTreeSet<&'static str>> {
    let later = OF_VIEWS.iter().filter(|(name, _)| *name == view.name).map(|(_, column)| *column);
    let later: BTreeSet<&str> = later.collect();
    if later.is_empty() {
        return Ok(later);
    }
    let known = columns(connection, &view.name)?;
    Ok(later.into_iter().filter(|column| !known.contains(*column)).collect())
}

/// Adds the columns that a book lacks.
///
/// # Errors
/// SQLite's own.
pub(super) fn add(connection: &Connection) -> Result<()> {
    for (table, column, definition) in OF_TABLES {
        if !columns(connection, table)?.contains(column) {
            connection.execute_batch(&format!("alter table main.{table} add column {definition}"))?;
        }
    }
    for (view, column) in OF_VIEWS {
        if !columns(connection, view)?.contains(column)
            && let Some(definition) = definition_of(view)
        {
            connection.execute_batch(&format!("drop view main.{view}; {definition}"))?;
        }
    }
    Ok(())
}

/// The columns of a table or view of the file.
///
/// # Errors
/// The schema can't be read.
pub(crate) fn columns(connection: &Connection, name: &str) -> Result<BTreeSet<String>> {
    let mut statement = connection.prepare("select name from pragma_table_xinfo(?1, 'main')")?;
    statement.query_map([name], |row| row.get(0))?.collect()
}

/// The statement of the schema that makes a view.
fn definition_of(view: &str) -> Option<&'static str> {
    let start = bundled::SCHEMA.find(&format!("CREATE VIEW {view} AS"))?;
    let statement = statements(&bundled::SCHEMA[start..]).next()?;
    Some(&bundled::SCHEMA[start..][statement])
}
