//! Databases beside the book: each is attached under a name for reading alone, after the checks that a book's file gets, and
//! attached again wherever the book is opened again. `guard::attached` says what of it a statement may read.

use super::guard::{AttachedSchema, LAST_RESULT_VIEWS, SchemaNames, ctes, is_program_name, text};
use super::open::{self, MAX_CHECKED_BYTES};
use super::{Book, cause_of, quote_identifier};
use crate::error::{Error, StoreCause, StoreError, usage_error};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OptionalExtension, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The most databases that SQLite attaches, as it is built.
const MAX_ATTACHED: usize = 10;

/// A database that is read beside the book.
#[derive(Debug, Clone)]
pub struct AttachedDatabase {
    /// The name under which its tables are read.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    is_checked: bool,
}

/// A table or view of an attached database that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedRelation {
    /// The name of the database.
    pub database: String,
    /// Its own name.
    pub name: String,
    /// True for a view.
    pub is_view: bool,
    /// Its columns.
    pub columns: Vec<String>,
}

impl AttachedRelation {
    /// The name by which SQL reads it.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        let quoted = |name: &str| {
            let is_plain = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(char::is_numeric);
            if is_plain { name.to_owned() } else { quote_identifier(name) }
        };
        format!("{}.{}", quoted(&self.database), quoted(&self.name))
    }
}

/// True for letters, digits and `_`, without a digit at the start.
fn is_identifier(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

impl Book {
    /// Attaches a database file for reading, under a name.
    ///
    /// # Errors
    /// A name that is none or is taken; a file that is missing, damaged, locked, or the book itself.
    pub fn attach(&self, name: &str, path: &Path) -> std::result::Result<(), Error> {
        self.check_name(name)?;
        let same =
            |other: &Path| other.canonicalize().ok().filter(|found| path.canonicalize().ok().as_ref() == Some(found));
        if self.path().and_then(same).is_some() {
            let help = "leave `--attach` out: its tables are read by their names";
            return Err(usage_error(&format!("`{}` is the book itself", path.display()), help));
        }
        let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
        let is_book = check_database(name, path)?;
        let most = i32::try_from(self.attached.borrow().len() + 1).unwrap_or(i32::MAX);
        // `?mode=ro` says it once more: the connection's own settings let nothing that is attached be written to.
        let uri = open::uri(path)?;
        let uri = format!("{uri}{}mode=ro", if uri.contains('?') { '&' } else { '?' });
        let names = self.privileged(|connection| {
            connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, most)?;
            connection.execute(&format!("attach ?1 as {}", quote_identifier(name)), [uri])?;
            SchemaNames::read_attached(connection, name, is_book)
        });
        let names = names.map_err(|error| fail(cause_of(&error)))?;
        let file = path.display().to_string();
        self.authorizer.add_attached(AttachedSchema { name: name.to_lowercase(), file, is_book, names });
        self.attached.borrow_mut().push(AttachedDatabase {
            name: name.to_owned(),
            path: path.to_owned(),
            is_checked: false,
        });
        Ok(())
    }

    /// Attaches to another opening of the book what is attached to this one.
    pub(super) fn attach_again(&self, again: &Self) -> std::result::Result<(), StoreError> {
        let attached = self.attached.borrow().clone();
        attached.iter().try_for_each(|database| {
            again.attach(&database.name, &database.path).map_err(|error| match error {
                Error::Store(error) => error,
                error => StoreError { path: database.path.clone(), cause: StoreCause::CannotOpen(error.to_string()) },
            })
        })
    }

    fn check_name(&self, name: &str) -> std::result::Result<(), Error> {
        let refuse = |message: String, help: &str| Err(usage_error(&message, help));
        if !is_identifier(name) {
            let help = "it is made of letters, digits and `_`, and begins with no digit, as `--attach sales=sales.db`";
            return refuse(format!("`{name}` is no name for a database"), help);
        }
        let taken = match name.to_lowercase().as_str() {
            "main" | "temp" => Some("SQLite has something of that name"),
            lower if is_program_name(lower) || lower.starts_with("sqlite_") => Some("the program itself has that name"),
            lower if self.catalogue.find(lower).is_some() || self.authorizer.schema().relations.contains(lower) => {
                Some("the book has a table or view of that name")
            }
            lower if self.attached.borrow().iter().any(|other| other.name.eq_ignore_ascii_case(lower)) => {
                Some("another database is attached under that name")
            }
            _ => None,
        };
        if let Some(whose) = taken {
            return refuse(format!("can't attach a database as `{name}`: {whose}"), "give it another name");
        }
        if self.attached.borrow().len() >= MAX_ATTACHED {
            return refuse(format!("at most {MAX_ATTACHED} databases can be attached"), "leave some out");
        }
        Ok(())
    }

    /// The databases that are attached.
    #[must_use]
    pub fn attached(&self) -> Vec<AttachedDatabase> {
        self.attached.borrow().clone()
    }

    /// The tables and views of the attached databases that can be read, each with its columns.
    ///
    /// # Errors
    /// A schema can't be read.
    pub fn attached_relations(&self) -> Result<Vec<AttachedRelation>> {
        let mut found = Vec::new();
        for schema in &self.authorizer.attached() {
            let database = schema.name.as_str();
            let sql = format!(
                "select name, type = 'view' from {}.sqlite_schema where type in ('table', 'view') \
                 and name not like 'sqlite\\_%' escape '\\' order by name",
                quote_identifier(database)
            );
            let rows: Vec<(String, bool)> = self.query_rows(&sql, [], |row| Ok((text(row, 0)?, row.get(1)?)))?;
            for (name, is_view) in rows.into_iter().filter(|(name, _)| schema.is_readable(name)) {
                let listed = "select name from pragma_table_xinfo(?1, ?2)";
                // A view over what is not there has no columns.
                let columns = self.query_rows(listed, [&name, database], |row| text(row, 0)).unwrap_or_default();
                found.push(AttachedRelation { database: database.to_owned(), name, is_view, columns });
            }
        }
        Ok(found)
    }

    /// Their names, as SQL reads them.
    pub(super) fn attached_names(&self) -> Vec<String> {
        self.attached_relations().unwrap_or_default().iter().map(AttachedRelation::qualified_name).collect()
    }

    /// The SQL that created a table or view of an attached database, named as `database.table`; of all that can be read,
    /// where only the database is named. `None` for any other name.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn attached_definition(&self, name: &str) -> Result<Option<String>> {
        let (database, table) = name.split_once('.').map_or((name, None), |(of, table)| (of, Some(table)));
        let attached = self.authorizer.attached();
        let Some(schema) = attached.iter().find(|schema| schema.name.eq_ignore_ascii_case(database)) else {
            return Ok(None);
        };
        let sql = format!(
            "select name, sql from {}.sqlite_schema where type in ('table', 'view') and sql is not null \
             and (?1 is null or name = ?1 collate nocase) order by name",
            quote_identifier(&schema.name)
        );
        let table = table.map(|table| table.trim_matches('"'));
        let rows: Vec<(String, String)> = self.query_rows(&sql, [table], |row| Ok((text(row, 0)?, text(row, 1)?)))?;
        let readable = rows.into_iter().filter(|(name, _)| schema.is_readable(name)).map(|(_, sql)| sql);
        let definitions: Vec<String> = readable.collect();
        Ok((!definitions.is_empty()).then(|| definitions.join("\n")))
    }

    /// The name of the schema with this number in a program: 0 is the file, 1 the session.
    pub(super) fn schema_name(&self, database: i64) -> Result<String> {
        let sql = "select name from pragma_database_list where seq = ?1";
        self.query_row(sql, [database], |row| text(row, 0))
    }

    /// Creates what a statement may mean by a name that an attached database has too: what the session has under it is
    /// found first.
    pub(super) fn create_before_attached(&self, sql: &str) -> Result<()> {
        for schema in &self.authorizer.attached() {
            let is_there = |name: &str| schema.names.relations.contains(name);
            if LAST_RESULT_VIEWS.iter().any(|view| is_there(view)) && ctes::contains_name(sql, is_program_name) {
                self.create_last_result()?;
            }
            if self.host().is_none() {
                continue;
            }
            let (_, tables) = self.host().map(|host| host.names()).unwrap_or_default();
            for table in tables.iter().filter(|table| is_there(&table.to_lowercase())) {
                if ctes::contains_name(sql, |name| name.eq_ignore_ascii_case(table)) {
                    // A variable that is no table is none.
                    let _ = self.create_script_table(table);
                }
            }
        }
        Ok(())
    }

    /// Checks the integrity of what is attached, once, as that of a book's file is.
    pub(super) fn check_attached(&self) -> std::result::Result<(), Error> {
        let unchecked: Vec<AttachedDatabase> = self.attached().into_iter().filter(|one| !one.is_checked).collect();
        for database in unchecked {
            let fail = |cause| Error::from(StoreError { path: database.path.clone(), cause });
            if fs::metadata(&database.path).is_ok_and(|found| found.len() <= MAX_CHECKED_BYTES) {
                let damage = self.damage_of(&database.name).map_err(|error| fail(cause_of(&error)))?;
                damage.map_or(Ok(()), |report| Err(fail(StoreCause::Corrupt(report))))?;
            }
            let mut attached = self.attached.borrow_mut();
            attached.iter_mut().filter(|one| one.name == database.name).for_each(|one| one.is_checked = true);
        }
        Ok(())
    }

    /// The store error of an attached database behind an error of a statement; `None` if the book's own file is the cause.
    pub(super) fn attached_error(&self, error: &rusqlite::Error) -> Option<StoreError> {
        let code = error.sqlite_error_code();
        let is_cause = |database: &AttachedDatabase| {
            let sql = format!("select count(*) from {}.sqlite_schema", quote_identifier(&database.name));
            let read = self.query_row(&sql, [], |_| Ok(()));
            let is_damaged = || self.damage_of(&database.name).is_ok_and(|damage| damage.is_some());
            read.is_err_and(|found| found.sqlite_error_code() == code) || is_damaged()
        };
        let found = self.attached().into_iter().find(is_cause)?;
        Some(StoreError { path: found.path, cause: cause_of(error) })
    }
}

/// Checks a file before it is attached; true if it is a book.
fn check_database(name: &str, path: &Path) -> std::result::Result<bool, Error> {
    let fail = |cause| Error::from(StoreError { path: path.to_owned(), cause });
    let connection = open::open_plain(path).map_err(|error| match error.cause {
        // The help of a missing book is of no use here.
        StoreCause::NotFound { near: None } => fail(StoreCause::CannotOpen("there is no such file".to_owned())),
        _ => Error::from(error),
    })?;
    open::check_version(&connection).map_or(Ok(()), |cause| Err(fail(cause)))?;
    open::refuse_reserved_names(&connection).map_err(fail)?;
    if !is_no_keyword(&connection, name).map_err(|error| fail(cause_of(&error)))? {
        let help = format!("give it another name, as `{name}_db`");
        return Err(usage_error(&format!("can't attach a database as `{name}`: it is a word of SQL"), &help));
    }
    Ok(open::is_book(&connection))
}

/// True if SQL takes a bare word for the name of a database.
fn is_no_keyword(connection: &Connection, name: &str) -> Result<bool> {
    let sql = format!("select {name}.x from (select 1 as x) as {name}");
    match connection.query_row(&sql, [], |_| Ok(())).optional() {
        Ok(_) => Ok(true),
        Err(rusqlite::Error::SqlInputError { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
