//! The public views, created again in TEMP with their quantity columns behind the marker function.

use super::RESERVED_PREFIX;
use super::ctes::{prefix_ctes, split_view_definition};
use super::marker::marked;
use super::record_views::RecordView;
use crate::error::StoreCause;
use crate::store::added_columns;
use crate::store::catalogue::{Catalogue, ColumnKind, View};
use crate::store::quote_identifier;
use rusqlite::{Connection, OptionalExtension, Result};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The name of the CTE with the body of a public view, within the view that tags it.
const BODY_CTE: &str = "stated";

/// The public views that have not been made again yet. Each is when a statement first names it: making all of them
/// would take as long as loading the book.
#[derive(Debug)]
pub(in crate::store) struct PendingViews(RefCell<Vec<View>>);

impl PendingViews {
    pub(in crate::store) fn all(catalogue: &Catalogue) -> Self {
        Self(RefCell::new(catalogue.iter().cloned().collect()))
    }

    pub(in crate::store) fn none() -> Self {
        Self(RefCell::default())
    }

    /// Creates the views whose names occur anywhere in `sql`. A view that a statement reads without naming it was named
    /// when the view in between was created.
    ///
    /// # Errors
    /// SQLite's own, where the file's definition can't be made again.
    pub(in crate::store) fn create(&self, connection: &Connection, sql: &str) -> Result<()> {
        if self.0.borrow().is_empty() {
            return Ok(());
        }
        let lower = sql.to_ascii_lowercase();
        let named: Vec<View> = self.0.borrow().iter().filter(|view| lower.contains(&*view.name)).cloned().collect();
        named.into_iter().try_for_each(|view| {
            create(connection, &view)?;
            // A view that Ctrl-C kept from being created is when it is named again.
            self.0.borrow_mut().retain(|waiting| waiting.name != view.name);
            Ok(())
        })
    }
}

/// Creates every public view and prepares a read of each: SQLite looks into a view only when it is used.
///
/// # Errors
/// Says which view is not what the catalogue knows, and why.
pub(in crate::store) fn create_all(
    connection: &Connection,
    catalogue: &Catalogue,
) -> std::result::Result<(), StoreCause> {
    for view in catalogue.iter() {
        let unlike = |error: rusqlite::Error| {
            let (view, why) = (view.name.to_string(), error.to_string());
            match source_of(connection, &view) {
                Some(source) => StoreCause::ChangedImport { view, source, why },
                None => StoreCause::NotABook(format!("its view `{view}`: {why}")),
            }
        };
        if !create(connection, view).map_err(unlike)? {
            return Err(StoreCause::NotABook(format!("it has no view `{}`", view.name)));
        }
        connection.prepare(&format!("select * from temp.{}", quote_identifier(&view.name))).map_err(unlike)?;
    }
    Ok(())
}

/// The source of the import that made a view; `None` for a view of the schema.
fn source_of(connection: &Connection, view: &str) -> Option<String> {
    let sql = "select source from main.imported_table where name = ?1";
    connection.query_row(sql, [view], |row| row.get(0)).ok()
}

/// Creates one view in TEMP from the book's definition. Returns false if the book has none.
fn create(connection: &Connection, view: &View) -> Result<bool> {
    let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
    let Some(stored) = connection.query_row(sql, [&*view.name], |row| row.get::<_, String>(0)).optional()? else {
        return Ok(false);
    };
    let body = split_view_definition(&stored).ok_or(rusqlite::Error::InvalidQuery)?;
    let lacking = added_columns::lacking(connection, view)?;
    let statement = match RecordView::of(view, body) {
        Some(view) => view.create_statement(),
        None => create_statement(view, body, &lacking),
    };
    connection.execute(&statement, []).map(|_| true)
}

/// The `create temp view …` of one view, from the list of columns (or nothing) and the select of its definition. Every
/// CTE of it gets a reserved name: the authorizer allows reading figures as text by that name alone. Columns that it lacks are NULL.
fn create_statement(view: &View, (columns, select): (&str, &str), lacking: &BTreeSet<&str>) -> String {
    let list: Vec<String> = view
        .columns
        .iter()
        .map(|column| match column.kind {
            ColumnKind::Quantity => {
                let name = quote_identifier(&column.name);
                format!("{} as {name}", marked(std::slice::from_ref(&name), &column.name))
            }
            _ if lacking.contains(&*column.name) => format!("null as {}", quote_identifier(&column.name)),
            _ => quote_identifier(&column.name),
        })
        .collect();
    // The new line ends a comment of the definition.
    format!(
        "create temp view {} as with {RESERVED_PREFIX}{BODY_CTE}{columns} as ({}\n) select {} from {RESERVED_PREFIX}{BODY_CTE}",
        quote_identifier(&view.name),
        prefix_ctes(select, RESERVED_PREFIX),
        list.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use crate::store::open;

    #[test]
    fn a_view_that_a_stop_kept_from_being_made_is_made_later() {
        let book = open(None).unwrap();
        book.stop().raise();
        assert!(book.prepare("select * from figures").is_err());
        book.stop().clear();
        assert!(book.prepare("select * from figures").is_ok());
    }
}
