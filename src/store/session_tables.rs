//! Temporary tables of the session that the program creates: the last result under the names `last` and `_`, and the
//! tables of scripts under the names of their variables. Each is created when a statement first names it: a table of
//! its values behind views that tag the quantities. No statement can write to one. Savepoints drop the tables that a
//! failed entry created.

use super::dependencies::Dependencies;
use super::guard::marker::marked;
use super::guard::{LAST_RESULT_TABLE, LAST_RESULT_VIEWS, SCRIPT_TABLE, Tag};
use super::{Book, failure, quote_identifier};
use rusqlite::types::Value;
use rusqlite::{Connection, Result, params_from_iter};
use std::borrow::Cow;
use std::rc::Rc;

/// The rows for a session table.
pub enum TableSource {
    /// The columns with their content, a function that reads the rows, and the dependencies of the rows.
    Rows(Vec<(String, ColumnContent)>, Box<dyn Fn() -> Vec<Vec<Value>>>, Dependencies),
    /// A table with more rows than are kept: its number of rows, and the most that are kept.
    TooLong(usize, usize),
}

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnContent {
    /// Plain values.
    Plain,
    /// Plain values with literals among them.
    Literal,
    /// Quantities.
    Quantity,
}

/// The version of the rows of a script's variable: equal versions have equal rows.
#[derive(Clone)]
pub enum TableVersion {
    /// Rows that are never changed, only replaced. Holding the pointer keeps other rows from getting the same address.
    Rows(Rc<dyn std::any::Any>),
    /// Rows that are valid for one call of a querying function.
    Call(u64),
}

impl PartialEq for TableVersion {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rows(one), Self::Rows(other)) => std::ptr::addr_eq(Rc::as_ptr(one), Rc::as_ptr(other)),
            (Self::Call(one), Self::Call(other)) => one == other,
            _ => false,
        }
    }
}

/// The table behind `last` and `_`.
#[derive(Default)]
pub(super) struct LastResultTable {
    pub(super) source: Option<TableSource>,
    pub(super) is_created: bool,
    /// The dependencies of the rows in the table that exists.
    pub(super) dependencies: Dependencies,
    /// The number of tables created so far: each has its own name, since an older one may still be read.
    pub(super) created: usize,
}

/// The tables of scripts that exist in SQL.
#[derive(Default)]
pub(super) struct ScriptTables {
    pub(super) tables: Vec<ScriptTable>,
    pub(super) count: usize,
    /// Tables that could not be dropped with their views, since a stream still read them.
    pub(super) undropped: Vec<String>,
}

/// A table of a script.
pub(super) struct ScriptTable {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) version: TableVersion,
    pub(super) dependencies: Dependencies,
}

/// Creates the table and the views over it, whose names are quoted where they need it. Its quantities have their tag already: they were
/// computed, and no what-if changes them any more.
pub(super) fn create_table(
    (connection, tag): (&Connection, &Tag),
    table: &str,
    views: &[&str],
    columns: &[(String, ColumnContent)],
    rows: &[Vec<Value>],
) -> Result<()> {
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("create temp table {table} ({})", names.join(", ")))?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert = connection.prepare(&format!("insert into temp.{table} values ({places})"))?;
    for row in rows {
        let cells = row.iter().zip(columns).map(|(cell, (_, content))| match (cell, content) {
            (Value::Text(form), ColumnContent::Quantity) => Cow::Owned(Value::Text(tag.attach(form))),
            _ => Cow::Borrowed(cell),
        });
        insert.execute(params_from_iter(cells))?;
    }
    let list: Vec<String> =
        columns.iter().enumerate().map(|(at, (name, content))| view_column(format!("c{at}"), name, *content)).collect();
    views.iter().try_for_each(|view| {
        connection.execute_batch(&format!("create temp view {view} as select {} from temp.{table}", list.join(", ")))
    })
}

/// One column of the views, as `q_text(c1, 'amount') as "amount"`. A column with literals has a branch that is never
/// taken: the pass over a statement's program finds the literal in it.
pub(super) fn view_column(stored: String, name: &str, content: ColumnContent) -> String {
    let value = match content {
        ColumnContent::Quantity => marked(&[stored], name),
        ColumnContent::Literal => format!("case typeof({stored}) when '' then 0 else {stored} end"),
        ColumnContent::Plain => stored,
    };
    format!("{value} as {}", quote_identifier(name))
}

impl Book {
    /// Sets the rows of `last` and `_` in SQL.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn set_last_result(&self, source: TableSource) -> Result<()> {
        let mut last = self.last_result.borrow_mut();
        last.source = Some(source);
        if std::mem::take(&mut last.is_created) {
            let table = format!("{LAST_RESULT_TABLE}_{}", last.created);
            self.privileged(|connection| {
                LAST_RESULT_VIEWS
                    .iter()
                    .try_for_each(|view| connection.execute_batch(&format!("drop view temp.{view}")))?;
                // A table that a stream still reads can't be dropped: it stays until the session ends.
                connection.execute_batch(&format!("drop table temp.{table}")).or(Ok(()))
            })?;
        }
        Ok(())
    }

    /// The reason why SQL has no `last`, in words.
    #[must_use]
    pub fn no_last_reason(&self) -> String {
        match &self.last_result.borrow().source {
            Some(TableSource::TooLong(rows, most)) => {
                format!("the newest result has {rows} rows, and `last` holds {most} at most")
            }
            _ => "no result has been shown yet".to_owned(),
        }
    }

    /// Creates the views `last` and `_`. Returns false if there is no result, or they exist.
    pub(super) fn create_last_result(&self) -> Result<bool> {
        let mut last = self.last_result.borrow_mut();
        let created = last.created + 1;
        let Some(TableSource::Rows(columns, rows, dependencies)) = &last.source else { return Ok(false) };
        if last.is_created {
            return Ok(false);
        }
        self.privileged(|connection| {
            let table = format!("{LAST_RESULT_TABLE}_{created}");
            create_table((connection, &self.udf.tag), &table, &LAST_RESULT_VIEWS, columns, &rows())
        })?;
        last.dependencies = dependencies.clone();
        (last.created, last.is_created) = (created, true);
        Ok(true)
    }
}

impl Book {
    /// Drops every script table that `sql` can't mean: its variable is gone or has other rows, or SQL, which ignores
    /// letter case, would take it for another.
    pub(super) fn drop_stale_script_tables(&self, sql: &str) -> Result<()> {
        if self.script_tables.borrow().tables.is_empty() {
            return Ok(());
        }
        let tables = std::mem::take(&mut self.script_tables.borrow_mut().tables);
        let lower = sql.to_ascii_lowercase();
        let (kept, stale): (Vec<ScriptTable>, Vec<ScriptTable>) =
            tables.into_iter().partition(|table| self.is_current(table, sql, &lower));
        self.authorizer.set_script_tables(kept.iter().map(|table| table.name.to_ascii_lowercase()));
        self.script_tables.borrow_mut().tables = kept;
        stale.into_iter().try_for_each(|table| self.drop_script_table(&table))
    }

    fn is_current(&self, table: &ScriptTable, sql: &str, lower: &str) -> bool {
        let is_exact = || sql.matches(&*table.name).count() == lower.matches(&*table.name.to_ascii_lowercase()).count();
        let is_same = || self.version(&table.name).is_some_and(|version| version == table.version);
        // A table that the statement creates may have the name of a variable.
        !lower.trim_start().starts_with("create") && is_exact() && is_same()
    }

    fn drop_script_table(&self, table: &ScriptTable) -> Result<()> {
        let undropped =
            [std::mem::take(&mut self.script_tables.borrow_mut().undropped), vec![table.table.clone()]].concat();
        self.privileged(|connection| {
            connection.execute_batch(&format!("drop view temp.{}", quote_identifier(&table.name)))?;
            let is_read = |name: &String| connection.execute_batch(&format!("drop table temp.{name}")).is_err();
            self.script_tables.borrow_mut().undropped = undropped.into_iter().filter(is_read).collect();
            Ok(())
        })
    }

    /// The names of the script tables that exist in SQL.
    pub(super) fn script_table_names(&self) -> Vec<String> {
        self.script_tables.borrow().tables.iter().map(|table| table.name.clone()).collect()
    }

    fn version(&self, name: &str) -> Option<TableVersion> {
        self.host()?.version(name)
    }

    /// Creates the table of a script that a statement has named. Returns false if there is none.
    pub(super) fn create_script_table(&self, name: &str) -> Result<bool> {
        let (Some(host), Some(version)) = (self.host(), self.version(name)) else { return Ok(false) };
        let source = host.table(name);
        let source = source.map_err(|what| failure(format!("SQL can't have `{name}` as a table: it holds {what}")))?;
        let Some(TableSource::Rows(columns, rows, dependencies)) = source else { return Ok(false) };
        let mut tables = self.script_tables.borrow_mut();
        if tables.tables.iter().any(|table| table.name == name) {
            return Ok(false);
        }
        tables.count += 1;
        let table = format!("{SCRIPT_TABLE}_{}", tables.count);
        let view = quote_identifier(name);
        self.privileged(|connection| create_table((connection, &self.udf.tag), &table, &[&view], &columns, &rows()))?;
        tables.tables.push(ScriptTable { name: name.to_owned(), table, version, dependencies });
        self.authorizer.set_script_tables(tables.tables.iter().map(|table| table.name.to_ascii_lowercase()));
        Ok(true)
    }
}

impl Book {
    /// Runs work in a savepoint: if it fails, the tables of the session are as they were before it.
    ///
    /// # Errors
    /// Those of the work; SQLite's own, as the caller puts them.
    pub fn with_savepoint<T, E>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, E>,
        failed: impl Fn(rusqlite::Error) -> E,
    ) -> std::result::Result<T, E> {
        self.drop_session_tables().map_err(&failed)?;
        self.execute("savepoint entry").map_err(&failed)?;
        let unread = self.authorizer.unread.tables();
        let done = work();
        if done.is_ok() {
            self.execute("release entry").map_err(&failed)?;
        } else {
            self.execute("rollback to entry; release entry").map_err(&failed)?;
            self.forget_session_tables();
            // The rows that were read meanwhile are gone with it.
            self.authorizer.unread.set(unread);
        }
        done
    }

    /// Forgets the tables that a rollback has dropped: those that were created meanwhile.
    pub(super) fn forget_session_tables(&self) {
        self.last_result.borrow_mut().is_created = false;
        self.script_tables.borrow_mut().tables.clear();
        self.authorizer.set_script_tables(std::iter::empty());
    }

    pub(super) fn execute(&self, sql: &str) -> Result<()> {
        self.privileged(|connection| connection.execute_batch(sql))
    }

    /// Creates the pending views and drops the tables that are created again when they are named: none of them may
    /// begin or end within a savepoint.
    pub(super) fn drop_session_tables(&self) -> Result<()> {
        let names: Vec<&str> = self.catalogue.iter().map(|view| &*view.name).collect();
        self.privileged(|connection| self.pending.create(connection, &names.join(" ")))?;
        self.drop_stale_script_tables("")?;
        if std::mem::take(&mut self.last_result.borrow_mut().is_created) {
            LAST_RESULT_VIEWS.iter().try_for_each(|view| self.execute(&format!("drop view temp.{view}")))?;
        }
        Ok(())
    }
}
