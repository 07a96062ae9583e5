//! The view of an imported table, as the import made it: its definition is known again by a digest, so that one that another program
//! put in its place is noticed. The name is no part of it, for a revision takes that over.

use super::{added_columns, hexadecimal, quote_identifier};
use rusqlite::{Connection, OptionalExtension, Result};
use sha2::{Digest, Sha256};

/// The beginning of the definition of a view that an import made.
pub(super) fn head(name: &str) -> String {
    format!("CREATE VIEW {} AS\n", quote_identifier(name))
}

/// The digest of the definition of an import's view; `None` if there is no such view, or no import made it.
///
/// # Errors
/// SQLite's own.
pub fn view_digest(connection: &Connection, name: &str) -> Result<Option<String>> {
    Ok(body(connection, name)?.map(|body| hexadecimal(&Sha256::digest(body))))
}

/// The definition of an import's view without its head; `None` if there is no such view, or no import made it.
pub(super) fn body(connection: &Connection, name: &str) -> Result<Option<String>> {
    let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
    let definition: Option<String> = connection.query_row(sql, [name], |row| row.get(0)).optional()?;
    Ok(definition.and_then(|definition| Some(definition.strip_prefix(&head(name))?.to_owned())))
}

/// True if the view of an import is the one that was made. Of an import from before there were digests only the ends are known.
///
/// # Errors
/// SQLite's own.
pub(super) fn is_as_made(connection: &Connection, source: &str, name: &str, stored: &str) -> Result<bool> {
    let digest: Option<String> = if added_columns::columns(connection, "imported_table")?.contains("view_sha256") {
        let sql = "select view_sha256 from main.imported_table where source = ?1";
        connection.query_row(sql, [source], |row| row.get(0))?
    } else {
        None
    };
    if digest.is_some() {
        return Ok(view_digest(connection, name)? == digest);
    }
    let (first, last) =
        (format!("SELECT '{source}:' || record AS record"), format!("\nFROM {}", quote_identifier(stored)));
    Ok(body(connection, name)?.is_some_and(|body| body.starts_with(&first) && body.ends_with(&last)))
}
