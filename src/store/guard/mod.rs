//! The guard between a statement and the book: SQLite may do only what it allows, and quantities are tagged.
//!
//! Reading order: `authorizer` allows or denies each action of a statement, `attached` those on a second database; `marker` tags quantities, `tagged_views` creates the
//! public views again with it, and `record_views` those of imported tables, of which `unread` knows what is still on a server; `ctes` reads the names within a statement; `ownership`
//! says whose an object of the file is, and so what an entry may change. The names that they protect are here: those reserved for
//! the program, and those of the database's own schema.

mod attached;
mod authorizer;
pub(super) mod ctes;
mod denial;
pub(super) mod marker;
mod ownership;
mod record_views;
pub(super) mod tagged_views;
mod unread;

pub(super) use attached::AttachedSchema;
pub use authorizer::Findings;
pub(super) use authorizer::{Authorizer, FunctionTest, WriteAccess};
pub use denial::Denial;
pub use marker::TAG_FUNCTION;
pub(super) use marker::Tag;
pub use ownership::Change;
pub(super) use ownership::{Owner, refuse_name, refuse_view};
pub(super) use record_views::RecordView;
pub(crate) use record_views::decimal_expression;
pub(super) use tagged_views::PendingViews;

use crate::store::{bundled, quote_identifier, series};
use rusqlite::{Connection, Result, Row};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The prefix of every name that is reserved for the program. An object with such a name is the program's own: no
/// statement may name one, and no file with such a name in its schema is opened.
pub const RESERVED_PREFIX: &str = "pledgebook_";

/// The views over the last result.
pub(in crate::store) const LAST_RESULT_VIEWS: [&str; 2] = ["last", "_"];

/// The prefix of the tables behind the last result.
pub(in crate::store) const LAST_RESULT_TABLE: &str = "pledgebook_last";

/// The prefix of the tables behind those of scripts.
pub(in crate::store) const SCRIPT_TABLE: &str = "pledgebook_table";

/// True if a name is reserved, letter case ignored as in SQL.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    name.get(..RESERVED_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
}

/// True if a name is one of the views over the last result.
pub(in crate::store) fn is_last_result_view(name: &str) -> bool {
    LAST_RESULT_VIEWS.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// True if a name belongs to the last result, or to a table of a script.
pub(crate) fn is_program_name(name: &str) -> bool {
    is_last_result_view(name) || is_reserved(name)
}

/// True if a name is one of SQLite's own tables.
pub(in crate::store) fn is_sqlite_name(name: &str) -> bool {
    name.get(.."sqlite_".len()).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
}

/// The names in the schema of the main database. A file may have names that are not UTF-8: they are read with
/// replacement characters, and no statement can spell them.
#[derive(Debug, Default)]
pub(in crate::store) struct SchemaNames {
    /// The tables and views, in lower case.
    pub(in crate::store) relations: BTreeSet<String>,
    /// The definitions of its views, concatenated.
    pub(in crate::store) definitions: String,
    /// The views, in lower case, that count by `generate_series` to a bound which nothing has checked.
    pub(in crate::store) unchecked_series: BTreeSet<String>,
    /// The tables in which R-Tree tables keep their rows, in lower case. SQLite prepares writes to them when an R-Tree
    /// table is first read; nobody else can make any, since shadow tables are defended.
    rtree_shadows: BTreeSet<String>,
    /// The names of those CTEs that its views define, read on first use.
    view_ctes: OnceLock<BTreeSet<String>>,
    /// The tables and views that imports have made, in lower case.
    pub(in crate::store) imported: BTreeSet<String>,
    /// The tables, views and indexes of the person whose book it is, in lower case.
    pub(in crate::store) own: BTreeSet<String>,
    /// Those of them that are views, as they are written.
    pub(in crate::store) user_views: Vec<String>,
}

/// The endings of the shadow tables of an R-Tree table.
const RTREE_SHADOWS: [&str; 3] = ["_node", "_rowid", "_parent"];

impl SchemaNames {
    /// Reads the names of the main database.
    ///
    /// # Errors
    /// The schema can't be read.
    pub(in crate::store) fn read(connection: &Connection) -> Result<Self> {
        Self::read_schema(connection, "main")
    }

    /// Reads the names of a schema's database.
    fn read_schema(connection: &Connection, schema: &str) -> Result<Self> {
        let sql = format!(
            "select name, iif(type = 'view', sql, ''), type = 'table' and rootpage = 0 and sql like '%rtree%' \
             from {}.sqlite_schema where type in ('table', 'view')",
            quote_identifier(schema)
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut found = Self::default();
        while let Some(row) = rows.next()? {
            let name = text(row, 0)?;
            if row.get(2)? {
                found.rtree_shadows.extend(RTREE_SHADOWS.map(|end| format!("{}{end}", name.to_ascii_lowercase())));
            }
            found.add(&name, &text(row, 1)?);
        }
        Ok(found)
    }

    /// The names of the bundled book, which are known without asking it.
    pub(in crate::store) fn bundled() -> Self {
        let mut names = Self::default();
        for (name, definition) in bundled::relations() {
            names.add(name, definition);
        }
        names
    }

    /// Adds a table or view, with the definition of a view.
    fn add(&mut self, name: &str, definition: &str) {
        let name = name.to_ascii_lowercase();
        if series::has_unchecked_bounds(definition) {
            self.unchecked_series.insert(name.clone());
        }
        self.definitions.push_str(definition);
        self.relations.insert(name);
    }

    /// Reads the names of the main database, and who owns what in it.
    ///
    /// # Errors
    /// The schema can't be read.
    pub(in crate::store) fn read_with_owners(connection: &Connection) -> Result<Self> {
        let mut found = Self::read(connection)?;
        found.read_owners(connection, "main")?;
        Ok(found)
    }

    /// Reads the names of a database that is attached, and who owns what in it if it is a book.
    ///
    /// # Errors
    /// The schema can't be read.
    pub(in crate::store) fn read_attached(connection: &Connection, schema: &str, is_book: bool) -> Result<Self> {
        let mut found = Self::read_schema(connection, schema)?;
        if is_book {
            found.read_owners(connection, schema)?;
        }
        Ok(found)
    }

    /// The names of the CTEs in the definitions of the views.
    pub(in crate::store) fn view_ctes(&self) -> &BTreeSet<String> {
        self.view_ctes.get_or_init(|| ctes::cte_names(&self.definitions))
    }

    /// True for a shadow table of an R-Tree table.
    pub(in crate::store) fn is_rtree_shadow(&self, table: &str) -> bool {
        !self.rtree_shadows.is_empty() && self.rtree_shadows.contains(&table.to_ascii_lowercase())
    }
}

/// A text of the schema, with replacement characters where it is not UTF-8.
pub(in crate::store) fn text(row: &Row<'_>, index: usize) -> Result<String> {
    Ok(String::from_utf8_lossy(row.get_ref(index)?.as_bytes()?).into_owned())
}
