//! The digest of what a book says: of each public view whatever the order of its rows, the pages and the file that they lie in, and of each
//! imported table as it was kept at its import. A table of one's own has one where it is asked for. Assumptions in force change
//! none of them.
//!
//! A row is, for each column that is not NULL, its name and its value as in [`super::content_digest`]; a relation is the SHA-256 of the
//! sorted SHA-256 digests of its rows. So a column that a later version adds changes nothing where it is NULL. The day on which a source was
//! read is no part of what it says.

use super::catalogue::View;
use super::content_digest::append_value;
use super::{Book, added_columns, bundled, hexadecimal, quote_identifier};
use crate::error::Error;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The view and the column that no digest covers: a file that is read today is the same file tomorrow.
const DAY_OF_READING: (&str, &str) = ("sources", "retrieved");

/// The digest of each part of a book by its name, in hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookDigest(pub BTreeMap<String, String>);

impl BookDigest {
    /// The digest of all parts: of a line for each, its name, a blank and its digest.
    #[must_use]
    pub fn whole(&self) -> String {
        let mut hash = Sha256::new();
        for (name, digest) in &self.0 {
            hash.update(format!("{name} {digest}\n"));
        }
        hexadecimal(&hash.finalize())
    }
}

impl Book {
    /// The digests of the public views and of the imported tables.
    ///
    /// # Errors
    /// The book can't be read; the work was stopped.
    pub fn content_digest(&self) -> std::result::Result<BookDigest, Error> {
        self.digested(|connection| {
            let mut parts = BTreeMap::new();
            for view in self.catalogue().of_book() {
                parts.insert(view.name.to_string(), view_digest(connection, view)?);
            }
            parts.extend(import_digests(connection)?);
            Ok(parts)
        })
    }

    /// The digests of those tables and views of one's own that a text may name; a view's is that of its definition.
    ///
    /// # Errors
    /// As [`Book::content_digest`].
    pub fn own_digest(&self, is_named: &dyn Fn(&str) -> bool) -> std::result::Result<BookDigest, Error> {
        self.digested(|connection| {
            let (mut parts, mut definitions) = (BTreeMap::new(), String::new());
            let own = self.own_relations(connection)?;
            let views = own.iter().filter_map(|(name, view)| Some((name, view.as_ref()?)));
            for (name, definition) in views.filter(|(name, _)| is_named(name)) {
                parts.insert(name.clone(), hexadecimal(&Sha256::digest(definition)));
                definitions.push_str(definition);
            }
            let is_read = |name: &str| is_named(name) || names_word(&definitions, name);
            for (name, _) in own.iter().filter(|(name, view)| view.is_none() && is_read(name)) {
                parts.insert(name.clone(), table_digest(connection, name)?);
            }
            Ok(parts)
        })
    }

    /// The tables and views of one's own in the file, each view with its definition.
    ///
    /// # Errors
    /// The book can't be read.
    pub fn own_names(&self) -> Result<BTreeMap<String, Option<String>>> {
        Ok(self.privileged(|connection| self.own_relations(connection))?.into_iter().collect())
    }

    fn digested(
        &self,
        work: impl FnOnce(&Connection) -> Result<BTreeMap<String, String>>,
    ) -> std::result::Result<BookDigest, Error> {
        let done = self.privileged(work);
        match done {
            Ok(parts) => Ok(BookDigest(parts)),
            Err(_) if self.stop.is_raised() => Err(self.stop.cause()),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// The tables and views of one's own in the file, each view with its definition.
    fn own_relations(&self, connection: &Connection) -> Result<Vec<(String, Option<String>)>> {
        let sql = "select name, iif(type = 'view', sql, null) from main.sqlite_schema \
                   where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name";
        let all =
            connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
        let all: Vec<(String, Option<String>)> = all;
        if !self.is_book() {
            return Ok(all);
        }
        let imported = imported_names(connection)?;
        Ok(all.into_iter().filter(|(name, _)| !bundled::is_of_schema(name) && !imported.contains(name)).collect())
    }
}

/// True if a text has this word, in any letter case.
#[must_use]
pub fn names_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    text.match_indices(&word).any(|(at, _)| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

fn view_digest(connection: &Connection, view: &View) -> Result<String> {
    let lacking = added_columns::lacking(connection, view)?;
    let says = |name: &&str| !lacking.contains(name) && (&*view.name, *name) != DAY_OF_READING;
    let names: Vec<&str> = view.columns.iter().map(|column| &*column.name).filter(says).collect();
    let columns: Vec<String> = names.iter().map(|name| quote_identifier(name)).collect();
    rows_digest(connection, &format!("select {} from main.{}", columns.join(", "), quote_identifier(&view.name)))
}

fn table_digest(connection: &Connection, name: &str) -> Result<String> {
    rows_digest(connection, &format!("select * from main.{}", quote_identifier(name)))
}

/// The digest of the rows of a query, whatever their order.
fn rows_digest(connection: &Connection, sql: &str) -> Result<String> {
    let mut statement = connection.prepare(sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let (mut rows, mut digests, mut bytes) = (statement.query([])?, Vec::<[u8; 32]>::new(), Vec::new());
    while let Some(row) = rows.next()? {
        bytes.clear();
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at)?;
            if value != ValueRef::Null {
                append_value(&mut bytes, ValueRef::Text(name.as_bytes()));
                append_value(&mut bytes, value);
            }
        }
        digests.push(Sha256::digest(&bytes).into());
    }
    digests.sort_unstable();
    Ok(hexadecimal(&Sha256::digest(digests.concat())))
}

/// The imported tables, each with the digest that was kept at its import.
fn import_digests(connection: &Connection) -> Result<Vec<(String, String)>> {
    if !has_imports(connection)? {
        return Ok(Vec::new());
    }
    let mut query = connection.prepare("select name, content_sha256 from main.imported_table")?;
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The names of the tables and views that imports have made.
fn imported_names(connection: &Connection) -> Result<BTreeSet<String>> {
    if !has_imports(connection)? {
        return Ok(BTreeSet::new());
    }
    let mut query =
        connection.prepare("select name from main.imported_table union select stored from main.imported_table")?;
    query.query_map([], |row| row.get(0))?.collect()
}

fn has_imports(connection: &Connection) -> Result<bool> {
    let sql = "select 1 from main.sqlite_schema where type = 'table' and name = 'imported_table'";
    Ok(connection.query_row(sql, [], |_| Ok(())).optional()?.is_some())
}

#[cfg(test)]
mod tests {
    use super::{BookDigest, names_word, rows_digest};
    use crate::store::open;
    use rusqlite::Connection;

    fn digest(rows: &str) -> String {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("create table t (a, b)").unwrap();
        connection.execute_batch(&format!("insert into t values {rows}")).unwrap();
        rows_digest(&connection, "select * from t").unwrap()
    }

    #[test]
    fn the_order_of_rows_is_no_part_of_it() {
        assert_eq!(digest("(1, 'x'), (2, null)"), digest("(2, null), (1, 'x')"));
    }

    #[test]
    fn any_value_is_part_of_it() {
        let base = digest("(1, 'x'), (2, null)");
        for other in
            ["(1, 'x')", "(1, 'x'), (2, '')", "('1', 'x'), (2, null)", "(1, 'x'), (null, 2)", "(1.0, 'x'), (2, null)"]
        {
            assert_ne!(digest(other), base, "{other}");
        }
        assert_ne!(digest("('ab', 'c')"), digest("('a', 'bc')"));
        assert_ne!(digest("(1, 2), (1, 2)"), digest("(1, 2)"));
    }

    #[test]
    fn a_book_has_one_digest_however_often_it_is_opened() {
        let of = || open(None).unwrap().content_digest().unwrap();
        let first = of();
        assert!(first.0.contains_key("facts") && first.0.contains_key("pledges"), "{first:?}");
        assert_eq!(first, of());
        assert_ne!(first.whole(), BookDigest::default().whole());
    }

    #[test]
    fn a_word_is_whole() {
        assert!(names_word("select * from Orders;", "orders"));
        assert!(names_word("from \"orders\"", "orders"));
        assert!(!names_word("select reorders, orders_2 from x", "orders"));
    }
}
