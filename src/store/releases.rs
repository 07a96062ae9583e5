//! The versions of an imported table, and taking one back. An import may revise an earlier one. Both stay; the newest has the name that people ask by, an
//! earlier one that name with its number, as in `aid_v1`.

use super::guard::ctes::{contains_name, split_view_definition};
use super::guard::{Owner, SchemaNames};
use super::writer::BookWriter;
use super::{Book, import_view, quote_identifier};
use crate::error::{Error, usage_error};
use rusqlite::{Connection, OptionalExtension, Result};

/// An imported table as a version of what it revises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The source that it is: `S3`.
    pub source: String,
    /// The view of it.
    pub name: String,
    /// The source that it revises.
    pub revises: Option<String>,
    /// The plain table behind the view.
    pub stored: String,
}

impl Release {
    /// The import that a word names: by its source, or else by its view or the table behind it.
    ///
    /// # Errors
    /// There is none.
    pub fn named<'r>(all: &'r [Self], word: &str) -> std::result::Result<&'r Self, Error> {
        let by = |name: fn(&Self) -> &str| all.iter().find(|release| name(release).eq_ignore_ascii_case(word));
        let found = by(|release| &release.source).or_else(|| by(|release| &release.name));
        found.or_else(|| by(|release| &release.stored)).ok_or_else(|| {
            let known: Vec<String> =
                all.iter().take(MAX_NAMED).map(|release| format!("{} (`{}`)", release.source, release.name)).collect();
            let help = match all.len() {
                0 => "nothing has been imported yet".to_owned(),
                few if few <= MAX_NAMED => format!("the imports are {}", known.join(", ")),
                _ => "`select source, name from imported_table` lists the imports".to_owned(),
            };
            usage_error(&format!("`{word}` is no import of this book"), &help)
        })
    }
}

/// The most imports that an error lists.
const MAX_NAMED: usize = 5;

/// The imported tables with what they revise.
const RELEASES: &str = "select t.source, t.name, l.origin, t.stored from main.imported_table t \
     left join main.source_link l on l.source = t.source and l.relation = 'wasRevisionOf' \
     order by cast(substr(t.source, 2) as integer)";

/// The imported tables of the book behind a connection.
fn releases(connection: &Connection) -> Result<Vec<Release>> {
    let mut statement = connection.prepare(RELEASES)?;
    let rows = statement.query_map([], |row| {
        Ok(Release { source: row.get(0)?, name: row.get(1)?, revises: row.get(2)?, stored: row.get(3)? })
    })?;
    rows.collect()
}

impl Book {
    /// The imported tables, in the order of their sources, with what they revise.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn releases(&self) -> Result<Vec<Release>> {
        if !self.catalogue().has_imports() {
            return Ok(Vec::new());
        }
        self.privileged(releases)
    }

    /// The columns by which the records of a source are known, as its import said; none where it did not.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn key_of(&self, source: &str) -> Result<Vec<String>> {
        let sql = "select k.value from main.imported_table t, json_each(t.key) k where t.source = ?1 order by k.key";
        self.query_rows(sql, [source], |row| row.get(0))
    }

    /// The source that revises this one.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn revision_of(&self, source: &str) -> Result<Option<String>> {
        let found = self.releases()?.into_iter().find(|release| release.revises.as_deref() == Some(source));
        Ok(found.map(|release| release.source))
    }
}

/// The table that a revision takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// The source that is revised.
    pub source: String,
    /// The name that the revision takes over.
    pub name: String,
    /// The name that the revised table has from now on.
    pub earlier_name: String,
}

impl BookWriter {
    /// The source of the import that a word names: by its source, or by its view.
    ///
    /// # Errors
    /// There is none; the book can't be read.
    pub fn source_named(&self, word: &str) -> std::result::Result<String, Error> {
        let all = releases(&self.connection).map_err(|error| Self::error(&self.connection, &error))?;
        Ok(Release::named(&all, word)?.source.clone())
    }

    /// Takes an imported table back, by its source or its view: the view, the table behind it, its description and its source.
    /// Returns it.
    ///
    /// # Errors
    /// There is no such import; facts of the book rest on it; SQLite's own.
    pub fn drop_import(&mut self, word: &str) -> std::result::Result<Release, Error> {
        self.transaction(true, |connection| {
            let sqlite = |error: rusqlite::Error| Self::error(connection, &error);
            let line = releases(connection).map_err(sqlite)?;
            let dropped = Release::named(&line, word)?;
            let Release { source, name, stored, .. } = dropped;
            let sql = "select file from imported_table where source = ?1";
            let file: String = connection.query_row(sql, [source], |row| row.get(0)).map_err(sqlite)?;
            Self::refuse_cited(connection, source)?;
            refuse_referred(connection, source, stored)?;
            let remove = || -> rusqlite::Result<()> {
                connection.execute_batch(&format!(
                    "drop view {}; drop table {}",
                    quote_identifier(name),
                    quote_identifier(stored)
                ))?;
                for table in ["imported_note", "imported_column", "imported_table"] {
                    connection.execute(&format!("delete from {table} where source = ?1"), [source])?;
                }
                Ok(())
            };
            remove().map_err(sqlite)?;
            Self::unlink_revision(connection, &line, source, name)?;
            let forget = || -> rusqlite::Result<()> {
                connection.execute("delete from source where id = ?1", [source])?;
                Self::note(connection, "drop", source, &format!("`{name}`, from {file}"))
            };
            forget().map_err(sqlite)?;
            refuse_read(connection, source, &[name, stored])?;
            Ok(dropped.clone())
        })
    }

    /// Makes way for a revision of an import, by its source or its view: its view gets the name of an earlier version.
    ///
    /// # Errors
    /// The source is no import, or is revised already; SQLite's own.
    pub fn make_way(connection: &Connection, word: &str) -> std::result::Result<Revised, Error> {
        let sqlite = |error: rusqlite::Error| Self::error(connection, &error);
        let all = releases(connection).map_err(sqlite)?;
        let revised = Release::named(&all, word)?;
        let source = revised.source.clone();
        if let Some(newer) = all.iter().find(|release| release.revises.as_ref() == Some(&source)) {
            let help = format!("`--revision-of {}` revises the newest", newest(&all, newer));
            return Err(usage_error(&format!("`{word}` was revised by `{}` already", newer.source), &help));
        }
        let name_of = |number: usize| format!("{}_v{number}", revised.name);
        let mut number = 1 + earlier(&all, revised).len();
        // Where an earlier version was taken back, a later one may have this number; so may a table of one's own.
        while Self::relation_kind(connection, &name_of(number))?.is_some() {
            number += 1;
        }
        let earlier_name = name_of(number);
        Self::rename(connection, &revised.source, &revised.name, &earlier_name)?;
        Ok(Revised { source, name: revised.name.clone(), earlier_name })
    }

    /// Writes down that a source revises another.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn link_revision(connection: &Connection, source: &str, revised: &str) -> std::result::Result<(), Error> {
        let sql = "insert into source_link (source, relation, origin) values (?1, 'wasRevisionOf', ?2)";
        connection.execute(sql, [source, revised]).map(drop).map_err(|error| Self::error(connection, &error))
    }

    /// Takes a version that is gone out of its line, which was this one before: what revises it revises what it has revised, and
    /// where it was the newest, the one before has its name again.
    ///
    /// # Errors
    /// SQLite's own.
    fn unlink_revision(
        connection: &Connection,
        all: &[Release],
        dropped: &str,
        name: &str,
    ) -> std::result::Result<(), Error> {
        let sqlite = |error: rusqlite::Error| Self::error(connection, &error);
        let own = all.iter().find(|release| release.source == dropped).and_then(|release| release.revises.clone());
        let newer = all.iter().find(|release| release.revises.as_deref() == Some(dropped));
        let remove = "delete from source_link where relation = 'wasRevisionOf' and (source = ?1 or origin = ?1)";
        connection.execute(remove, [dropped]).map_err(sqlite)?;
        match (own, newer) {
            (Some(older), Some(newer)) => Self::link_revision(connection, &newer.source, &older),
            (Some(older), None) => {
                let old_name = all.iter().find(|release| release.source == older).map(|release| release.name.clone());
                old_name.map_or(Ok(()), |old_name| Self::rename(connection, &older, &old_name, name))
            }
            (None, _) => Ok(()),
        }
    }

    /// Gives the view of an import another name.
    fn rename(connection: &Connection, source: &str, from: &str, to: &str) -> std::result::Result<(), Error> {
        let sqlite = |error: rusqlite::Error| Self::error(connection, &error);
        let sql = "select sql from sqlite_schema where type = 'view' and name = ?1";
        let definition: Option<String> =
            connection.query_row(sql, [from], |row| row.get(0)).optional().map_err(sqlite)?;
        let Some(body) = definition.as_deref().and_then(|definition| definition.strip_prefix(&import_view::head(from)))
        else {
            let message =
                format!("the view `{from}` of {source} is not as an import made it, so that it can't be renamed");
            return Err(usage_error(&message, "take the import back by `drop`, and import the file again"));
        };
        connection.execute_batch(&format!("drop view {}", quote_identifier(from))).map_err(sqlite)?;
        let renamed = import_view::head(to) + body;
        Self::create(connection, to, &[renamed])?;
        let sql = "update imported_table set name = ?2 where source = ?1";
        connection.execute(sql, [source, to]).map(drop).map_err(sqlite)
    }
}

/// Refuses to take back a table to whose rows a table of one's own refers.
fn refuse_referred(connection: &Connection, source: &str, stored: &str) -> std::result::Result<(), Error> {
    let sqlite = |error: rusqlite::Error| BookWriter::error(connection, &error);
    let sql = "select s.name, k.\"from\", k.\"table\" = ?1 collate nocase \
               from main.sqlite_schema s, pragma_foreign_key_list(s.name) k where s.type = 'table' \
               and k.\"table\" collate nocase in (?1, 'source', 'imported_table', 'imported_column', 'imported_note')";
    let mut query = connection.prepare(sql).map_err(sqlite)?;
    let found = query.query_map([stored], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(sqlite)?;
    let found = found.collect::<rusqlite::Result<Vec<(String, String, bool)>>>().map_err(sqlite)?;
    let schema = SchemaNames::read_with_owners(connection).map_err(sqlite)?;
    for (table, column, is_to_records) in found.into_iter().filter(|(table, ..)| schema.owner(table) == Owner::Person) {
        // By whatever action the reference has, its rows would go or change with the source.
        let sql = format!(
            "select exists (select 1 from main.{} where {} = ?1)",
            quote_identifier(&table),
            quote_identifier(&column)
        );
        if is_to_records || connection.query_row(&sql, [source], |row| row.get(0)).map_err(sqlite)? {
            let what = if is_to_records { "its records" } else { "it" };
            return Err(needed(source, &format!("the table `{table}` refers to {what}"), "table", &table));
        }
    }
    Ok(())
}

/// Refuses to take a table away of which views of one's own read a name that nothing has any more.
fn refuse_read(connection: &Connection, source: &str, names: &[&str]) -> std::result::Result<(), Error> {
    let schema = SchemaNames::read_with_owners(connection).map_err(|error| BookWriter::error(connection, &error))?;
    let gone = |name: &str| names.iter().any(|of| of.eq_ignore_ascii_case(name)) && schema.owner(name) == Owner::Nobody;
    for view in &schema.user_views {
        let sql = "select sql from main.sqlite_schema where type = 'view' and name = ?1";
        let definition: String = connection
            .query_row(sql, [view], |row| row.get(0))
            .map_err(|error| BookWriter::error(connection, &error))?;
        if split_view_definition(&definition).is_some_and(|(_, select)| contains_name(select, gone)) {
            return Err(needed(source, &format!("the view `{view}` reads it"), "view", view));
        }
    }
    Ok(())
}

/// The error of an import that something of one's own needs.
fn needed(source: &str, why: &str, kind: &str, name: &str) -> Error {
    let help = format!("drop that first: `pledgebook BOOK --write -c 'drop {kind} {name}'`");
    usage_error(&format!("`{source}` can't be taken back: {why}"), &help)
}

/// The versions before one, the one before it first.
fn earlier<'r>(all: &'r [Release], release: &Release) -> Vec<&'r Release> {
    let mut found: Vec<&Release> = Vec::new();
    let mut next = release.revises.as_ref();
    while let Some(before) = next.and_then(|source| all.iter().find(|known| known.source == *source))
        && found.len() < all.len()
    {
        found.push(before);
        next = before.revises.as_ref();
    }
    found
}

/// The source of the newest version in the line of one.
fn newest<'r>(all: &'r [Release], release: &'r Release) -> &'r str {
    let mut last = release;
    for _ in all {
        match all.iter().find(|known| known.revises.as_deref() == Some(&last.source)) {
            Some(newer) => last = newer,
            None => break,
        }
    }
    &last.source
}
