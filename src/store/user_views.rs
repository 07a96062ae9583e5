//! The views of a person in a book's file, made again in TEMP: only there do they read the public views with their quantities.
//! Their text stays as it is, and the file's own stay as they are. A statement that drops a view means that of the file, so that
//! these make way for it.

use super::guard::ctes::{contains_name, split_view_definition};
use super::guard::{SchemaNames, is_program_name};
use super::{Book, is_reserved, quote_identifier};
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use rusqlite::{Connection, OptionalExtension, Result};

/// The verbs that change a schema.
const SCHEMA_VERBS: [&str; 3] = ["create", "drop", "alter"];

/// The words of a statement, behind an `explain`.
fn words(sql: &str) -> impl Iterator<Item = Token> {
    tokens(sql).filter(|token| token.kind != TokenKind::Comment).skip_while(|token| token.is_word(sql, "explain"))
}

/// True if a statement begins as one that changes a schema.
pub(super) fn changes_schema(sql: &str) -> bool {
    words(sql).next().is_some_and(|first| SCHEMA_VERBS.iter().any(|verb| first.is_word(sql, verb)))
}

/// True if a statement drops a view.
pub(super) fn drops_view(sql: &str) -> bool {
    let mut words = words(sql);
    words.next().is_some_and(|first| first.is_word(sql, "drop"))
        && words.next().is_some_and(|next| next.is_word(sql, "view"))
}

/// The views of a person that are made in TEMP.
#[derive(Debug, Clone, Default)]
pub(super) struct UserViews {
    made: Vec<String>,
    /// True if the file may have others by now.
    is_stale: bool,
}

impl UserViews {
    /// Drops them, and makes those that the file has now.
    ///
    /// # Errors
    /// As [`UserViews::make`].
    pub(super) fn renew(&mut self, connection: &Connection, schema: &SchemaNames) -> Result<()> {
        self.drop_all(connection)?;
        *self = Self::make(connection, schema)?;
        Ok(())
    }

    /// Those of a book's file; a plain database has no views that others must be made after.
    ///
    /// # Errors
    /// As [`UserViews::make`].
    pub(super) fn of(connection: &Connection, schema: &SchemaNames, is_book: bool) -> Result<Self> {
        if is_book { Self::make(connection, schema) } else { Ok(Self::default()) }
    }

    /// Makes those of the file. One that can't be made again is left as it is in the file.
    ///
    /// # Errors
    /// The schema can't be read.
    pub(super) fn make(connection: &Connection, schema: &SchemaNames) -> Result<Self> {
        let mut made = Vec::new();
        for name in &schema.user_views {
            let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
            let stored: Option<String> = connection.query_row(sql, [name], |row| row.get(0)).optional()?;
            let parts = stored.as_deref().and_then(split_view_definition);
            let Some((columns, select)) = parts else { continue };
            let again = format!("create temp view {}{columns} as {select}", quote_identifier(name));
            if connection.execute(&again, []).is_ok() {
                made.push(name.clone());
            }
        }
        Ok(Self { made, is_stale: false })
    }

    /// Drops them; they are to be made again before a statement reads.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn drop_all(&mut self, connection: &Connection) -> Result<()> {
        self.is_stale = true;
        self.made.drain(..).try_for_each(|name| {
            connection.execute_batch(&format!("drop view if exists temp.{}", quote_identifier(&name)))
        })
    }

    /// Marks them as no longer those of the file.
    pub(super) fn set_stale(&mut self) {
        self.is_stale = true;
    }

    /// True if they may be others than those of the file.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Their names.
    pub(super) fn names(&self) -> &[String] {
        &self.made
    }
}

impl Book {
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
