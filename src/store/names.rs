//! The names that a book has, for completion, `.tables` and `did you mean`.

use super::schema_names::text;
use super::{Book, MARKER, catalogue, functions, reserved};
use crate::error::suggest;
use rusqlite::{OptionalExtension, Result};
use std::collections::BTreeSet;

/// What a name of the book stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// One of the public views, described in the catalogue.
    PublicView,
    /// A table of the book.
    Table,
    /// Any other view.
    View,
    /// A table or view of this session.
    Temporary,
}

impl Book {
    /// Tables and views with their kind, by name; the public views first. Names of what the program itself keeps
    /// for the session are left out.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn relations(&self) -> Result<Vec<(String, RelationKind)>> {
        let sql = "select name, type, 0 from main.sqlite_schema where type in ('table', 'view') \
                   union all select name, type, 1 from temp.sqlite_schema where type in ('table', 'view') order by name";
        let rows: Vec<(String, String, bool)> = self.privileged(|connection| {
            let mut statement = connection.prepare(sql)?;
            statement.query_map([], |row| Ok((text(row, 0)?, row.get(1)?, row.get(2)?)))?.collect()
        })?;
        let is_public = |name: &str| self.is_book() && catalogue::find(name).is_some();
        let tables = self.held_names();
        let mut found = Vec::new();
        for (name, kind, is_temp) in rows {
            let kind = match (is_public(&name), is_temp, kind.as_str()) {
                // It stands there once more where it has been made again.
                (true, true, _) => continue,
                (true, false, _) => RelationKind::PublicView,
                (false, true, _) => RelationKind::Temporary,
                (false, false, "view") => RelationKind::View,
                (false, false, _) => RelationKind::Table,
            };
            if !name.starts_with("sqlite_") && !reserved::is_ours(&name) && !tables.contains(&name) {
                found.push((name, kind));
            }
        }
        found.sort_by_key(|(_, kind)| *kind != RelationKind::PublicView);
        Ok(found)
    }

    /// The columns of a table or view, in order; none where there is no such thing.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn columns(&self, relation: &str) -> Result<Vec<String>> {
        self.privileged(|connection| {
            let mut statement = connection.prepare("select name from pragma_table_xinfo(?1)")?;
            let rows = statement.query_map([relation], |row| text(row, 0))?;
            rows.collect()
        })
    }

    /// Tables and views as [`Book::relations`] has them, each with its columns.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn relations_with_columns(&self) -> Result<Vec<(String, Vec<String>)>> {
        let relations = self.relations()?.into_iter();
        // SQLite would expand a public view to list what the catalogue knows.
        let described = |name: &str, kind| catalogue::find(name).filter(|_| kind == RelationKind::PublicView);
        let columns = |name: &str, kind| match described(name, kind) {
            Some(view) => Ok(view.columns.iter().map(|column| column.name.to_owned()).collect()),
            None => self.columns(name),
        };
        relations
            .map(|(name, kind)| Ok((columns(&name, kind)?, name)))
            .map(|found| found.map(|(columns, name)| (name, columns)))
            .collect()
    }

    /// The SQL by which a table or view was made; `None` where there is no such thing.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn definition(&self, relation: &str) -> Result<Option<String>> {
        let sql = "select sql from main.sqlite_schema where name = ?1 and sql is not null \
                   union all select sql from temp.sqlite_schema where name = ?1 and sql is not null";
        self.privileged(|connection| connection.query_row(sql, [relation], |row| text(row, 0)).optional())
    }

    /// The table or view whose name is nearest to a mistyped one.
    #[must_use]
    pub fn nearest_relation(&self, relation: &str) -> Option<String> {
        let relations = self.relations().unwrap_or_default();
        let (_, held) = self.desk.reach().map(|reach| reach.names()).unwrap_or_default();
        suggest::nearest(
            relation,
            relations.iter().map(|(name, _)| name.as_str()).chain(held.iter().map(String::as_str)),
        )
    }

    /// Every id that scripts can name: facts, unknowns, pledges, tensions.
    ///
    /// # Errors
    /// The book is a plain database, or can't be read.
    pub fn ids(&self) -> Result<Vec<String>> {
        self.privileged(|connection| {
            let sql = "select id from main.facts union all select id from main.unknowns \
                       union all select distinct id from main.pledges union all select id from main.tensions";
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect()
        })
    }

    /// The definitions of every view, the session's own too, one after the other.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn view_definitions(&self) -> Result<String> {
        let sql = "select coalesce(group_concat(sql, char(10)), '') from \
                   (select sql from main.sqlite_schema where type = 'view' \
                   union all select sql from temp.sqlite_schema where type = 'view')";
        self.privileged(|connection| connection.query_row(sql, [], |row| text(row, 0)))
    }

    /// The function of SQL, or of a script in reach, whose name is nearest to a mistyped one.
    #[must_use]
    pub fn nearest_function(&self, function: &str) -> Option<String> {
        let names = self.sql_functions().unwrap_or_default();
        let (scripted, _) = self.desk.reach().map(|reach| reach.names()).unwrap_or_default();
        suggest::nearest(function, names.iter().chain(&scripted).map(String::as_str))
    }

    /// The functions of SQL by name, SQLite's own and those of the table; operators and the marker are left out.
    ///
    /// # Errors
    /// SQLite can't list them.
    pub fn sql_functions(&self) -> Result<Vec<String>> {
        self.privileged(|connection| {
            let sql = "select distinct name from pragma_function_list where name glob '[a-z]*'";
            let mut statement = connection.prepare(sql)?;
            let listed = statement.query_map([], |row| row.get(0))?.collect::<Result<BTreeSet<String>>>()?;
            let own = functions::all().map(|function| function.name.to_owned());
            Ok(listed
                .into_iter()
                .chain(own)
                .filter(|name| name != MARKER && !self.is_scripted(name))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect())
        })
    }
}
