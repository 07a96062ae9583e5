//! The public views, created again in TEMP with their quantity columns behind a marker function, by which the pass over
//! a statement's program recognizes quantities; and the tag that the marker puts in front of a quantity. The marker
//! changes nothing else.

use super::RESERVED_PREFIX;
use super::ctes::{prefix_ctes, split_view_definition};
use crate::store::added_columns;
use crate::store::catalogue::{Catalogue, ColumnKind, View};
use crate::store::quote_identifier;
use crate::store::what_if::WhatIfNumbers;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The marker function: returns its first argument, tagged; the second names the column.
pub const TAG_FUNCTION: &str = "pledgebook_quantity";

/// The name of the CTE with the body of a public view, within the view that tags it.
const BODY_CTE: &str = "stated";

/// Registers the marker: it tags the text form, as a what-if has it. Anything else it makes a
/// tagged text too, which is refused when it is read.
pub(in crate::store) fn register_marker(connection: &Connection, tag: &Tag, numbers: &WhatIfNumbers) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    let (tag, numbers) = (tag.clone(), numbers.clone());
    connection.create_scalar_function(TAG_FUNCTION, 2, flags, move |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Null => None,
            ValueRef::Text(form) => {
                let form = String::from_utf8_lossy(form);
                let column = context.get_raw(1).as_str().unwrap_or_default();
                Some(tag.attach(numbers.applied(&form, column).as_deref().unwrap_or(&form)))
            }
            other => Some(tag.attach(&format!("{other:?}"))),
        })
    })
}

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
pub(in crate::store) fn create_all(connection: &Connection, catalogue: &Catalogue) -> std::result::Result<(), String> {
    for view in catalogue.iter() {
        let unlike = |error: rusqlite::Error| format!("its view `{}`: {error}", view.name);
        if !create(connection, view).map_err(unlike)? {
            return Err(format!("it has no view `{}`", view.name));
        }
        connection.prepare(&format!("select * from temp.{}", quote_identifier(&view.name))).map_err(unlike)?;
    }
    Ok(())
}

/// Creates one view in TEMP from the book's definition. Returns false if the book has none.
fn create(connection: &Connection, view: &View) -> Result<bool> {
    let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
    let Some(stored) = connection.query_row(sql, [&*view.name], |row| row.get::<_, String>(0)).optional()? else {
        return Ok(false);
    };
    let body = split_view_definition(&stored).ok_or(rusqlite::Error::InvalidQuery)?;
    let lacking = added_columns::lacking(connection, view)?;
    connection.execute(&create_statement(view, body, &lacking), []).map(|_| true)
}

/// The `create temp view …` of one view, from the list of columns (or nothing) and the select of its definition. Every
/// CTE of it gets a reserved name: the authorizer allows reading figures as text by that name alone. Columns that it lacks are NULL.
fn create_statement(view: &View, (columns, select): (&str, &str), lacking: &BTreeSet<&str>) -> String {
    let list: Vec<String> = view
        .columns
        .iter()
        .map(|column| match column.kind {
            ColumnKind::Quantity => {
                let (name, text) = (quote_identifier(&column.name), column.name.replace('\'', "''"));
                format!("{TAG_FUNCTION}({name}, '{text}') as {name}")
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

/// The prefix of a quantity's text form inside SQL: a few random characters for each book that is opened, printed
/// nowhere. No statement can write it, so that a text of the user never passes for a quantity, and a quantity in a
/// wrong place is noticed.
#[derive(Debug, Clone)]
pub(crate) struct Tag(String);

impl Tag {
    /// A random tag that nobody can guess.
    pub(in crate::store) fn new() -> Self {
        // It begins with a control character: no text that people write does, and SQL reads no number there.
        Self(format!("\u{1}{:016x}\u{1}", RandomState::new().build_hasher().finish()))
    }

    /// The text form of a quantity, tagged.
    pub(crate) fn attach(&self, form: &str) -> String {
        [&self.0, form].concat()
    }

    /// The text form behind the tag; `None` if there is none.
    pub(crate) fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&self.0)
    }

    /// True if the tag is anywhere in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Tag;
    use crate::store::open;

    #[test]
    fn a_view_that_a_stop_kept_from_being_made_is_made_later() {
        let book = open(None).unwrap();
        book.stop().raise();
        assert!(book.prepare("select * from figures").is_err());
        book.stop().clear();
        assert!(book.prepare("select * from figures").is_ok());
    }

    #[test]
    fn a_seal_opens_only_what_it_has_sealed() {
        let (tag, other) = (Tag::new(), Tag::new());
        let tagged = tag.attach("5 GBP");
        assert_eq!((tag.strip(&tagged), other.strip(&tagged), tag.strip("5 GBP")), (Some("5 GBP"), None, None));
        assert!(tag.is_in(&format!("about {tagged}")) && !tag.is_in("about 5 GBP"));
    }
}
