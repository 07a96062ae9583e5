//! The tables of a book as rows: what goes to the server and comes from it. Rows from anywhere enter through [`load`], into a new book
//! of this program's schema, where each of its constraints is checked.

use crate::store::connection::empty;
use crate::store::content_digest::{append_value, hexadecimal};
use crate::store::{Stop, bundled, quote_identifier};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result, params_from_iter};
use sha2::{Digest, Sha256};

/// A column of a table of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookColumn {
    pub(super) name: String,
    pub(super) is_integer: bool,
    pub(super) is_required: bool,
    /// True if SQLite works it out from others.
    pub(super) is_generated: bool,
    /// Its place in the primary key, from 1; 0 if it is in none.
    pub(super) key_place: u32,
}

/// A table of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookTable {
    pub(super) name: String,
    pub(super) columns: Vec<BookColumn>,
}

/// A row of a table: its number, by which rows without an order are read, and its values as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookRow {
    pub(super) number: i64,
    pub(super) values: Vec<Option<String>>,
}

impl BookTable {
    /// The columns that are written; the others follow from them.
    pub(super) fn written(&self) -> impl Iterator<Item = &BookColumn> {
        self.columns.iter().filter(|column| !column.is_generated)
    }

    /// The names of all columns, with commas between.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| quote_identifier(&column.name)).collect::<Vec<_>>().join(", ")
    }

    /// The statement that adds a row: parameter 1 is its number, the others are the written columns.
    fn insert(&self) -> String {
        let mut names: Vec<String> = self.written().map(|column| quote_identifier(&column.name)).collect();
        let mut marks: Vec<String> = (0..names.len()).map(|at| format!("?{}", at + 2)).collect();
        // A whole number that is the key is the number of the row already.
        if !self.columns.iter().any(|column| column.key_place == 1 && column.is_integer) {
            names.push("rowid".to_owned());
            marks.push("?1".to_owned());
        }
        format!("insert into {} ({}) values ({})", quote_identifier(&self.name), names.join(", "), marks.join(", "))
    }
}

/// The tables of a book, in the order of its schema.
pub(super) fn tables(book: &Connection) -> Result<Vec<BookTable>> {
    let sql = "select name from main.sqlite_schema where type = 'table' and name not like 'sqlite%' order by rowid";
    let names: Vec<String> = book.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
    names.into_iter().map(|name| Ok(BookTable { columns: columns(book, &name)?, name })).collect()
}

fn columns(book: &Connection, table: &str) -> Result<Vec<BookColumn>> {
    let sql = "select name, type = 'INTEGER', \"notnull\", hidden > 1, pk from pragma_table_xinfo(?1, 'main')";
    let column = |row: &rusqlite::Row<'_>| {
        Ok(BookColumn {
            name: row.get(0)?,
            is_integer: row.get(1)?,
            is_required: row.get(2)?,
            is_generated: row.get(3)?,
            key_place: row.get(4)?,
        })
    };
    book.prepare(sql)?.query_map([table], column)?.collect()
}

/// A new book with the schema and no row, inside a transaction that checks references when it ends.
pub(super) fn begin() -> Result<Connection> {
    let book = empty()?;
    book.execute_batch("pragma foreign_keys = on; begin; pragma defer_foreign_keys = on")?;
    book.execute_batch(bundled::SCHEMA)?;
    Ok(book)
}

/// Adds rows to a table; an error says which row is wrong, and how.
pub(super) fn load(
    book: &Connection,
    table: &BookTable,
    rows: impl Iterator<Item = BookRow>,
    stop: &Stop,
) -> std::result::Result<(), String> {
    let mut insert = book.prepare(&table.insert()).map_err(|error| error.to_string())?;
    for row in rows {
        let wrong = |why: &str| format!("row {} of `{}`: {why}", row.number, table.name);
        let values = table.columns.iter().zip(&row.values).filter(|(column, _)| !column.is_generated);
        let values = values.map(|(column, value)| match value {
            Some(text) if column.is_integer => {
                text.parse().map(Value::Integer).map_err(|_| wrong(&format!("`{}` is no whole number", column.name)))
            }
            Some(text) => Ok(Value::Text(text.clone())),
            None => Ok(Value::Null),
        });
        let values: Vec<Value> = values.collect::<std::result::Result<_, _>>()?;
        let all = [Value::Integer(row.number)].into_iter().chain(values);
        insert.execute(params_from_iter(all)).map_err(|error| wrong(&error.to_string()))?;
        stop.check().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Ends the transaction that [`begin`] has begun; an error names a row that refers to one that is not there.
pub(super) fn finish(book: &Connection) -> std::result::Result<(), String> {
    let sql = "select \"table\", rowid, parent from pragma_foreign_key_check limit 1";
    let dangling = book.query_row(sql, [], |row| {
        let (table, number, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("row {} of `{table}` refers to a row of `{parent}` that is not there", number.unwrap_or_default()))
    });
    match dangling {
        Ok(wrong) => Err(wrong),
        Err(rusqlite::Error::QueryReturnedNoRows) => book.execute_batch("commit").map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// The rows of a table in the order of their numbers, with those of `columns` that the table has; an error names a text that the
/// server can't keep.
pub(super) fn rows(book: &Connection, table: &BookTable) -> std::result::Result<Vec<BookRow>, String> {
    let known = columns(book, &table.name).map_err(|error| error.to_string())?;
    let list = table.columns.iter().map(|column| {
        if known.iter().any(|found| found.name == column.name) {
            quote_identifier(&column.name)
        } else {
            "null".to_owned()
        }
    });
    let list = list.collect::<Vec<_>>().join(", ");
    let sql = format!("select rowid, {list} from main.{} order by rowid", quote_identifier(&table.name));
    let mut statement = book.prepare(&sql).map_err(|error| error.to_string())?;
    let mut found = statement.query([]).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(|error| error.to_string())? {
        let number: i64 = row.get(0).map_err(|error| error.to_string())?;
        let wrong = |column: &BookColumn, what: &str| {
            format!("row {number} of `{}` has {what} in `{}`", table.name, column.name)
        };
        let value = |(at, column): (usize, &BookColumn)| {
            let value = row.get_ref(at + 1).map_err(|error| error.to_string())?;
            text_of(value).map_err(|what| wrong(column, what))
        };
        let values = table.columns.iter().enumerate().map(value).collect::<std::result::Result<_, String>>()?;
        rows.push(BookRow { number, values });
    }
    Ok(rows)
}

/// A value as text; an error says what it is that the server can't keep.
pub(super) fn text_of(value: ValueRef<'_>) -> std::result::Result<Option<String>, &'static str> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(number) => Ok(Some(number.to_string())),
        ValueRef::Text(bytes) => match str::from_utf8(bytes) {
            Ok(text) if text.contains('\0') => Err("a character NUL"),
            Ok(text) => Ok(Some(text.to_owned())),
            Err(_) => Err("a text that is not UTF-8"),
        },
        ValueRef::Real(_) | ValueRef::Blob(_) => Err("neither text nor a whole number"),
    }
}

/// The digest of rows, table by table.
pub(super) fn digest(tables: &[(BookTable, Vec<BookRow>)]) -> String {
    let (mut hash, mut bytes) = (Sha256::new(), Vec::new());
    for (table, rows) in tables {
        append_value(&mut bytes, ValueRef::Text(table.name.as_bytes()));
        for value in rows.iter().flat_map(|row| &row.values) {
            append_value(&mut bytes, value.as_ref().map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes())));
        }
        hash.update(&bytes);
        bytes.clear();
    }
    hexadecimal(&hash.finalize())
}
