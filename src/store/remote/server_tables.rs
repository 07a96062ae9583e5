//! The tables of a book on the server, from SQLite's own catalogue: the same columns, keys and references. What SQLite works out or
//! checks is a plain column there: rows enter through SQLite, when they are pushed and again when they are pulled.

use super::factbook::BookTable;
use super::snapshot::ROW;
use crate::store::bundled::SCHEMA_VERSION;
use crate::store::quote_identifier;
use rusqlite::{Connection, Result};

/// The schema of PostgreSQL, and the tables that say which version of the book it holds and who made each.
const FRAME: &str = "create schema book; \
    create table book.version (one boolean primary key default true check (one), version bigint not null, token text not null, \
        schema bigint not null, program text not null); \
    create table book.journal (version bigint primary key, who text not null default session_user, \
        at timestamptz not null default pg_catalog.now(), what text not null, file text, sha256 text not null);";

/// The tables that list the imported tables of the newest version, and those with rows in the schema `imported`. A table with rows never
/// changes: it is made, named by a version of the book, and taken away when no version has named it for a day.
const IMPORTED: &str = "create schema if not exists imported; \
    create table if not exists book.imported (source text collate \"C\" primary key, name text not null, rows_table text not null, \
        rows bigint not null, columns text not null, view text not null); \
    create table if not exists book.imported_rows (name text collate \"C\" primary key, rows bigint not null, \
        loaded timestamptz not null default pg_catalog.now(), unused_since timestamptz);";

/// Makes the roles for readers and writers where the owner may, and gives them what they need where there are such roles. Texts of users
/// never reach the server, so that they need no more.
const ROLES: &str = "do $$ begin \
        begin \
            if not exists (select from pg_catalog.pg_roles where rolname = 'pb_reader') then create role pb_reader nologin; end if; \
            if not exists (select from pg_catalog.pg_roles where rolname = 'pb_writer') then create role pb_writer nologin; end if; \
        exception when insufficient_privilege or duplicate_object or unique_violation then null; \
        end; \
        if exists (select from pg_catalog.pg_roles where rolname = 'pb_reader') then \
            grant usage on schema book to pb_reader; grant select on all tables in schema book to pb_reader; \
            grant usage on schema imported to pb_reader; end if; \
        if exists (select from pg_catalog.pg_roles where rolname = 'pb_writer') then \
            grant usage on schema book to pb_writer; \
            grant select, insert, update, delete on all tables in schema book to pb_writer; \
            grant usage, create on schema imported to pb_writer; end if; \
    end $$;";

/// True, as a row, if both roles are there.
const HAS_ROLES: &str = "select count(*) = 2 from pg_catalog.pg_roles where rolname in ('pb_reader', 'pb_writer');";

/// The statements that make an empty book of version 0; the last has a row with `t` if the roles are there.
pub(super) fn definitions(book: &Connection, tables: &[BookTable], program: &str) -> Result<String> {
    let mut sql = format!("{FRAME}{IMPORTED}");
    for table in in_order(book, tables)? {
        sql.push_str(&definition(book, table, tables)?);
    }
    let program = program.replace('\'', "''");
    sql.push_str(&format!(
        "insert into book.version (version, token, schema, program) values (0, 'new', {SCHEMA_VERSION}, '{program}');"
    ));
    Ok(format!("{sql}{ROLES}{HAS_ROLES}"))
}

/// The statements that make the tables of imports in a book that was made before there were any.
pub(super) fn import_definitions() -> String {
    format!("{IMPORTED}{ROLES}")
}

/// The statement that makes a table.
fn definition(book: &Connection, table: &BookTable, tables: &[BookTable]) -> Result<String> {
    let mut parts = vec![format!("{ROW} bigint primary key")];
    for column in &table.columns {
        let kind = if column.is_integer { "bigint" } else { "text collate \"C\"" };
        let required = if column.is_required { " not null" } else { "" };
        parts.push(format!("{} {kind}{required}", quote_identifier(&column.name)));
    }
    parts.extend(unique_keys(book, &table.name)?.iter().map(|columns| format!("unique ({})", list(columns))));
    for Reference { parent, from, to } in references(book, &table.name)? {
        let to = if to.is_empty() { primary_key(tables, &parent) } else { to };
        let (from, parent, to) = (list(&from), quote_identifier(&parent), list(&to));
        parts.push(format!("foreign key ({from}) references book.{parent} ({to}) deferrable initially deferred"));
    }
    Ok(format!("create table book.{} ({});", quote_identifier(&table.name), parts.join(", ")))
}

/// The tables in an order in which each comes behind those that it refers to.
pub(super) fn in_order<'t>(book: &Connection, tables: &'t [BookTable]) -> Result<Vec<&'t BookTable>> {
    let mut left: Vec<(&BookTable, Vec<String>)> = Vec::new();
    for table in tables {
        let parents = references(book, &table.name)?.into_iter().map(|reference| reference.parent);
        left.push((table, parents.filter(|parent| *parent != table.name).collect()));
    }
    let mut ordered: Vec<&BookTable> = Vec::new();
    while !left.is_empty() {
        let is_ready =
            |parents: &[String]| parents.iter().all(|parent| ordered.iter().any(|table| table.name == *parent));
        // Tables in a circle come in the order of the schema: references are checked at the end.
        let at = left.iter().position(|(_, parents)| is_ready(parents)).unwrap_or_default();
        ordered.push(left.remove(at).0);
    }
    Ok(ordered)
}

/// The columns of each key of a table, as SQLite has an index for it.
fn unique_keys(book: &Connection, table: &str) -> Result<Vec<Vec<String>>> {
    let sql = "select name from pragma_index_list(?1) where origin in ('pk', 'u') order by seq desc";
    let names: Vec<String> = book.prepare(sql)?.query_map([table], |row| row.get(0))?.collect::<Result<_>>()?;
    let mut columns = book.prepare("select name from pragma_index_info(?1) order by seqno")?;
    names.iter().map(|name| columns.query_map([name], |row| row.get(0))?.collect()).collect()
}

/// A reference of a table to another: columns, and those of the other, none where it is its primary key.
struct Reference {
    parent: String,
    from: Vec<String>,
    to: Vec<String>,
}

fn references(book: &Connection, table: &str) -> Result<Vec<Reference>> {
    let sql = "select id, \"table\", \"from\", \"to\" from pragma_foreign_key_list(?1) order by id, seq";
    let mut statement = book.prepare(sql)?;
    let mut rows = statement.query([table])?;
    let (mut found, mut last): (Vec<Reference>, Option<i64>) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if last != Some(id) {
            found.push(Reference { parent: row.get(1)?, from: Vec::new(), to: Vec::new() });
            last = Some(id);
        }
        if let Some(reference) = found.last_mut() {
            reference.from.push(row.get(2)?);
            reference.to.extend(row.get::<_, Option<String>>(3)?);
        }
    }
    Ok(found)
}

/// The columns of the primary key of a table.
fn primary_key(tables: &[BookTable], name: &str) -> Vec<String> {
    let mut columns: Vec<_> = tables
        .iter()
        .filter(|table| table.name == name)
        .flat_map(|table| &table.columns)
        .filter(|column| column.key_place > 0)
        .collect();
    columns.sort_by_key(|column| column.key_place);
    columns.into_iter().map(|column| column.name.clone()).collect()
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote_identifier(column)).collect::<Vec<_>>().join(", ")
}
