//! What the columns of a table or an index hold by their declared types, found by the page of the file where a program opens
//! it, and what their rows show where the type leaves it open.

use super::Book;
use super::stored_columns::{StoredColumn, Texts, affinity};
use rusqlite::{OptionalExtension, Result, params};
use std::rc::Rc;

/// How many rows are looked at to tell what a column without a type holds.
const LOOKED_AT: usize = 10_000;

impl Book {
    /// The columns of the table or index at a page of a schema (0 for the file, 1 for the session), in the order in which a row
    /// has them; none where nothing is known of it.
    ///
    /// # Errors
    /// The schema can't be read.
    pub fn stored_columns(&self, database: i64, page: i64) -> Result<Rc<[StoredColumn]>> {
        let schema = if database == 0 { "main" } else { "temp" };
        let known = self.pages.borrow().get(&page).filter(|_| database == 0).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found: Rc<[StoredColumn]> = self.read_columns(schema, page)?.into();
        if database == 0 {
            self.pages.borrow_mut().insert(page, Rc::clone(&found));
        }
        Ok(found)
    }

    fn read_columns(&self, schema: &'static str, page: i64) -> Result<Vec<StoredColumn>> {
        let object = format!("select type = 'index', name, tbl_name from {schema}.sqlite_schema where rootpage = ?1");
        // The key of a table without rowid is no object of the schema. `pragma_table_list` would tell it too, but expands every
        // view first, which takes longer than most questions.
        let key = format!(
            "select name from pragma_index_list(?1, ?2) where origin = 'pk' and name not in \
             (select name from {schema}.sqlite_schema where type = 'index')"
        );
        let in_table =
            "select name, type from pragma_table_xinfo(?1, ?2) where hidden <> 2 and ?3 is null order by cid";
        let in_index = "select coalesce(i.name, ''), iif(i.cid < 0, 'integer', c.type) from pragma_index_xinfo(?3, ?2) i \
                        left join pragma_table_xinfo(?1, ?2) c on c.cid = i.cid order by i.seqno";
        self.privileged(|connection| {
            let named = |row: &rusqlite::Row<'_>| Ok((row.get::<_, bool>(0)?, text(row, 1)?, text(row, 2)?));
            let Some((is_key, name, table)) = connection.query_row(&object, [page], named).optional()? else {
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
                Ok(StoredColumn { schema, table: Rc::clone(&owner), name: text(row, 0)?, affinity })
            })?;
            columns.collect()
        })
    }

    /// Whether there is a text in a value of JSON.
    #[must_use]
    pub fn has_json_texts(&self, json: &str) -> bool {
        let sql = "select exists (select 1 from json_tree(?1) where type = 'text')";
        self.privileged(|connection| connection.query_row(sql, [json], |row| row.get(0))).unwrap_or(true)
    }

    /// Whether the first rows of a column have such a text.
    #[must_use]
    pub fn has_texts(&self, column: &StoredColumn, texts: Texts) -> bool {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let condition = match texts {
            Texts::Any => "1",
            Texts::NoNumbers => "cast(cast(v as numeric) as text) <> trim(v)",
            Texts::LikeNumbers => {
                "(v glob '[0-9]*' or v glob '[-+£$€¥.][0-9]*') and v not glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]*'"
            }
        };
        let sql = format!(
            "select 1 from (select {} as v from {}.{} limit {LOOKED_AT}) where typeof(v) = 'text' and {condition} limit 1",
            quoted(&column.name),
            column.schema,
            quoted(&column.table)
        );
        let found = self.privileged(|connection| connection.query_row(&sql, [], |_| Ok(())).optional());
        !column.name.is_empty() && matches!(found, Ok(Some(())))
    }
}

/// A text of the schema; a name in it may be no UTF-8.
fn text(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<String> {
    Ok(String::from_utf8_lossy(row.get_ref(at)?.as_bytes()?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::stored_columns::{Affinity, Texts};
    use crate::store::open;

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
            book.has_texts(column("as_written"), Texts::LikeNumbers)
                && !book.has_texts(column("unit"), Texts::LikeNumbers)
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
