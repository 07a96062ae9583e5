//! The schema of a book: tables and views with their columns and definitions, the functions of SQL, names close to
//! mistyped ones; and the columns of a table or an index as they are stored, by the page of the file that a program
//! opens.

use crate::error::suggest;
use crate::store::guard::{self, text};
use crate::store::{Book, is_reserved, quote_identifier, udf};
use rusqlite::{OptionalExtension, Result, params};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The kind of a table or view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// One of the public views, described in the catalogue.
    PublicView,
    /// A table or view of the person whose book it is.
    Own,
    /// A table of the book.
    Table,
    /// A view of the file that is not public.
    View,
    /// A table or view of this session.
    Temporary,
}

impl Book {
    /// Tables and views with their kind, by name; the public views first. The program's own are left out.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn relations(&self) -> Result<Vec<(String, RelationKind)>> {
        let sql = "select name, type, 0 from main.sqlite_schema where type in ('table', 'view') \
                   union all select name, type, 1 from temp.sqlite_schema where type in ('table', 'view') order by name";
        let rows: Vec<(String, String, bool)> =
            self.query_rows(sql, [], |row| Ok((text(row, 0)?, row.get(1)?, row.get(2)?)))?;
        let is_public = |name: &str| self.catalogue.find(name).is_some();
        let tables = self.script_table_names();
        let schema = self.authorizer.schema();
        let is_own = |name: &str| self.has_views && schema.own.contains(&name.to_ascii_lowercase());
        let mut found = Vec::new();
        for (name, kind, is_temp) in rows {
            let kind = match (is_public(&name), is_temp, kind.as_str()) {
                // A public view that has been created again in TEMP is listed already.
                (true, true, _) => continue,
                (true, false, _) => RelationKind::PublicView,
                // A copy in TEMP of a table or view of the file hides it, and is no other.
                (false, true, _) if schema.relations.contains(&name.to_ascii_lowercase()) => continue,
                (false, true, _) => RelationKind::Temporary,
                (false, false, _) if is_own(&name) => RelationKind::Own,
                (false, false, "view") => RelationKind::View,
                (false, false, _) => RelationKind::Table,
            };
            if !name.starts_with("sqlite_") && !guard::is_program_name(&name) && !tables.contains(&name) {
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
        self.query_rows("select name from pragma_table_xinfo(?1)", [relation], |row| text(row, 0))
    }

    /// Tables and views as [`Book::relations`] returns them, each with its columns.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn relations_with_columns(&self) -> Result<Vec<(String, Vec<String>)>> {
        let relations = self.relations()?.into_iter();
        // SQLite would expand a public view to list columns that are in the catalogue.
        let described = |name: &str, kind| self.catalogue.find(name).filter(|_| kind == RelationKind::PublicView);
        let columns = |name: &str, kind| match described(name, kind) {
            Some(view) => Ok(view.columns.iter().map(|column| column.name.to_string()).collect()),
            None => self.columns(name),
        };
        relations
            .map(|(name, kind)| Ok((columns(&name, kind)?, name)))
            .map(|found| found.map(|(columns, name)| (name, columns)))
            .collect()
    }

    /// The SQL that created a table or view; `None` if there is no such thing.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn definition(&self, relation: &str) -> Result<Option<String>> {
        let sql = "select sql from main.sqlite_schema where name = ?1 and sql is not null \
                   union all select sql from temp.sqlite_schema where name = ?1 and sql is not null";
        self.query_optional(sql, [relation], |row| text(row, 0))
    }

    /// The table or view whose name is nearest to a mistyped one.
    #[must_use]
    pub fn nearest_relation(&self, relation: &str) -> Option<String> {
        let relations = self.relations().unwrap_or_default();
        let attached = self.attached_names();
        let (_, script_tables) = self.host().map(|host| host.names()).unwrap_or_default();
        suggest::nearest(
            relation,
            relations
                .iter()
                .map(|(name, _)| name.as_str())
                .chain(script_tables.iter().chain(&attached).map(String::as_str)),
        )
    }

    /// The definitions of every view, the session's own too, concatenated.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn view_definitions(&self) -> Result<String> {
        let sql = "select coalesce(group_concat(sql, char(10)), '') from \
                   (select sql from main.sqlite_schema where type = 'view' \
                   union all select sql from temp.sqlite_schema where type = 'view')";
        self.query_row(sql, [], |row| text(row, 0))
    }

    /// The function of SQL, or of a script around the statement, whose name is nearest to a mistyped one.
    #[must_use]
    pub fn nearest_function(&self, function: &str) -> Option<String> {
        let names = self.sql_functions().unwrap_or_default();
        let (scripted, _) = self.host().map(|host| host.names()).unwrap_or_default();
        suggest::nearest(function, names.iter().chain(&scripted).map(String::as_str))
    }

    /// The functions of SQL by name, SQLite's own and those of the table; operators and those of the program alone are left out.
    ///
    /// # Errors
    /// SQLite can't list them.
    pub fn sql_functions(&self) -> Result<Vec<String>> {
        let sql = "select distinct name from pragma_function_list where name glob '[a-z]*'";
        let listed: Vec<String> = self.query_rows(sql, [], |row| row.get(0))?;
        let table = udf::all().map(|function| function.name.to_owned());
        let names: BTreeSet<String> = listed.into_iter().chain(table).collect();
        Ok(names.into_iter().filter(|name| !is_reserved(name) && !self.is_script_function(name)).collect())
    }
}

/// The affinity of a column: SQLite's conversion of a value on storing it, by the declared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// An integer if possible.
    Integer,
    /// A REAL if it is a number.
    Real,
    /// A number of either kind if possible.
    Numeric,
    /// A text.
    Text,
    /// No conversion: the column has no type, or one that SQLite does not know, as `date`.
    None,
}

/// A column as it is stored.
#[derive(Debug, Clone)]
pub struct StoredColumn {
    /// The schema of its table: `main`, `temp`, or the name of an attached database.
    pub(in crate::store) schema: Rc<str>,
    /// The name of its table.
    pub(in crate::store) table: Rc<str>,
    /// The name of the column; empty for an expression of an index.
    pub name: String,
    /// The affinity.
    pub affinity: Affinity,
}

/// A condition on the texts of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFilter {
    /// Every text.
    Any,
    /// Texts that are not numbers.
    NoNumbers,
    /// Texts that begin as numbers or sums of money do, dates and quarters apart.
    LikeNumbers,
}

/// The affinity of a declared type, by SQLite's own rules, except for a day or a time: it would be a number by them,
/// and columns of such a type contain texts.
pub(in crate::store) fn affinity(declared: &str) -> Affinity {
    let declared = declared.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    match () {
        () if has(&["int"]) => Affinity::Integer,
        () if has(&["char", "clob", "text"]) => Affinity::Text,
        () if declared.is_empty() || has(&["blob", "date", "time"]) || declared == "any" => Affinity::None,
        () if has(&["real", "floa", "doub"]) => Affinity::Real,
        () => Affinity::Numeric,
    }
}

/// The number of rows that are sampled for the content of a column without a type.
const SAMPLED_ROWS: usize = 10_000;

impl Book {
    /// The columns of the table or index at a page of a schema (0 for the file, 1 for the session, then what is attached), in stored order;
    /// empty if the page is unknown.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn stored_columns(&self, database: i64, page: i64) -> Result<Rc<[StoredColumn]>> {
        let schema = match database {
            0 => "main".to_owned(),
            1 => "temp".to_owned(),
            attached => self.schema_name(attached)?,
        };
        let known = self.columns_by_page.borrow().get(&page).filter(|_| database == 0).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found: Rc<[StoredColumn]> = self.read_columns(&schema, page)?.into();
        if database == 0 {
            self.columns_by_page.borrow_mut().insert(page, Rc::clone(&found));
        }
        Ok(found)
    }

    fn read_columns(&self, schema: &str, page: i64) -> Result<Vec<StoredColumn>> {
        let (named, quoted): (Rc<str>, _) = (schema.into(), quote_identifier(schema));
        let object = format!("select type = 'index', name, tbl_name from {quoted}.sqlite_schema where rootpage = ?1");
        // The key of a table without rowid is no object of the schema. `pragma_table_list` has it too, but expands every
        // view first, which takes longer than most questions.
        let key = format!(
            "select name from pragma_index_list(?1, ?2) where origin = 'pk' and name not in \
             (select name from {quoted}.sqlite_schema where type = 'index')"
        );
        let in_table =
            "select name, type from pragma_table_xinfo(?1, ?2) where hidden <> 2 and ?3 is null order by cid";
        let in_index = "select coalesce(i.name, ''), iif(i.cid < 0, 'integer', c.type) from pragma_index_xinfo(?3, ?2) i \
                        left join pragma_table_xinfo(?1, ?2) c on c.cid = i.cid order by i.seqno";
        self.privileged(|connection| {
            let object_of = |row: &rusqlite::Row<'_>| Ok((row.get::<_, bool>(0)?, text(row, 1)?, text(row, 2)?));
            let Some((is_key, name, table)) = connection.query_row(&object, [page], object_of).optional()? else {
                return Ok(Vec::new());
            };
            let index = if is_key {
                Some(name)
            } else {
                connection.query_row(&key, [&table, schema], |row| row.get(0)).optional()?
            };
            let mut statement = connection.prepare(if index.is_some() { in_index } else { in_table })?;
            let owner: Rc<str> = table.as_str().into();
            let columns = statement.query_map(params![table, schema, index], |row| {
                let declared: Option<String> = row.get(1)?;
                let affinity = affinity(&declared.unwrap_or_default());
                Ok(StoredColumn { schema: Rc::clone(&named), table: Rc::clone(&owner), name: text(row, 0)?, affinity })
            })?;
            columns.collect()
        })
    }

    /// True if a value of JSON contains a text.
    #[must_use]
    pub fn has_json_texts(&self, json: &str) -> bool {
        let sql = "select exists (select 1 from json_tree(?1) where type = 'text')";
        self.query_row(sql, [json], |row| row.get(0)).unwrap_or(true)
    }

    /// True if the first rows of a column have such a text.
    #[must_use]
    pub fn has_texts(&self, column: &StoredColumn, texts: TextFilter) -> bool {
        // What an import has made holds whole numbers alone there; its rows need not be read for that.
        if column.affinity == Affinity::Integer && self.authorizer.unread.contains(&column.table) {
            return false;
        }
        let condition = match texts {
            TextFilter::Any => "1",
            TextFilter::NoNumbers => "cast(cast(v as numeric) as text) <> trim(v)",
            TextFilter::LikeNumbers => {
                "(v glob '[0-9]*' or v glob '[-+£$€¥.][0-9]*') and v not glob '[0-9][0-9][0-9][0-9]-[0-9Q][0-9]*'"
            }
        };
        let sql = format!(
            "select 1 from (select {} as v from {}.{} limit {SAMPLED_ROWS}) where typeof(v) = 'text' and {condition} limit 1",
            quote_identifier(&column.name),
            quote_identifier(&column.schema),
            quote_identifier(&column.table)
        );
        let found = self.query_optional(&sql, [], |_| Ok(()));
        !column.name.is_empty() && matches!(found, Ok(Some(())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Affinity, TextFilter, affinity};
    use crate::store::open;

    #[test]
    fn a_declared_type_has_the_affinity_that_sqlite_gives_it() {
        for (declared, expected) in [
            ("INTEGER", Affinity::Integer),
            ("varchar(20)", Affinity::Text),
            ("DOUBLE PRECISION", Affinity::Real),
            ("decimal(10, 2)", Affinity::Numeric),
            ("datetime", Affinity::None),
            ("", Affinity::None),
        ] {
            assert_eq!(affinity(declared), expected, "{declared}");
        }
    }

    #[test]
    fn columns_are_found_by_their_page() {
        let book = open(None).unwrap();
        let page: i64 = book
            .privileged(|connection| {
                let sql = "select rootpage from sqlite_schema where name = 'figure'";
                connection.query_row(sql, [], |row| row.get(0))
            })
            .unwrap();
        let columns = book.stored_columns(0, page).unwrap();
        let column = |name: &str| columns.iter().find(|column| column.name == name).unwrap();
        assert_eq!(column("as_written").affinity, Affinity::Text);
        assert_eq!(column("sig_figs").affinity, Affinity::Integer);
        assert!(
            book.has_texts(column("as_written"), TextFilter::LikeNumbers)
                && !book.has_texts(column("unit"), TextFilter::LikeNumbers)
        );
        assert!(book.stored_columns(0, 1_000_000).unwrap().is_empty());
    }

    #[test]
    fn a_table_without_rowid_is_stored_as_its_key() {
        let book = open(None).unwrap();
        for (kind, expected) in [("", ["a", "b", "c"]), ("without rowid", ["c", "b", "a"])] {
            let made =
                format!("drop table if exists temp.kept; create temp table kept (a, b, c, primary key (c, b)) {kind}");
            let root = "select rootpage from temp.sqlite_schema where name = 'kept'";
            let page = book.privileged(|connection| {
                connection.execute_batch(&made)?;
                connection.query_row(root, [], |row| row.get(0))
            });
            let columns = book.stored_columns(1, page.unwrap()).unwrap();
            assert_eq!(columns.iter().map(|column| &*column.name).collect::<Vec<_>>(), expected, "{kind}");
        }
    }
}
