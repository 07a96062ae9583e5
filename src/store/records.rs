//! Rows of the public views by their id, whatever they are, and in which facts somebody is: what explaining and searching
//! need. Prose is made elsewhere.

use super::Book;
use super::catalogue::{ColumnKind, VIEWS, View};
use crate::quantity::{Quantity, Unit};
use rusqlite::types::ValueRef;
use rusqlite::{Result, Row};
use std::collections::BTreeSet;

/// A row of a view: what each column says; `None` for NULL.
pub type Record = Vec<(&'static str, Option<String>)>;

impl Book {
    /// The rows with this id and the view that they are of; `None` where no view has it.
    ///
    /// # Errors
    /// The book can't be read; so for the calls below.
    pub fn records(&self, id: &str) -> Result<Option<(&'static View, Vec<Record>)>> {
        for view in VIEWS.iter().filter(|view| view.column("id").is_some()) {
            let found = self.rows(view, "where id = ?1", &[id])?;
            if !found.is_empty() {
                return Ok(Some((view, found)));
            }
        }
        Ok(None)
    }

    /// Every row of a view.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub fn all_records(&self, view: &'static View) -> Result<Vec<Record>> {
        self.rows(view, "", &[])
    }

    /// The row of a view that examples speak of; `None` where this book does not have it.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub fn sample(&self, view: &'static View) -> Result<Option<Record>> {
        Ok(self.rows(view, &format!("where {}", view.sample), &[])?.into_iter().next())
    }

    /// The unit of the quantities in a column of a view, as far as its first rows tell: where they have one in common.
    ///
    /// # Errors
    /// As [`Book::records`]; no such column.
    pub fn only_unit(&self, view: &'static View, column: &str) -> Result<Option<String>> {
        let Some(column) = view.column(column).filter(|column| column.kind == ColumnKind::Quantity) else {
            return Ok(None);
        };
        let sql = format!("select {0} from main.{1} where {0} is not null limit 500", column.name, view.name);
        let forms: Vec<String> =
            self.privileged(|connection| connection.prepare(&sql)?.query_map([], |row| row.get(0))?.collect())?;
        let quantities = forms.iter().filter_map(|form| form.parse::<Quantity>().ok());
        let units: BTreeSet<String> = quantities.filter_map(|quantity| quantity.unit().map(Unit::to_string)).collect();
        let mut units = units.into_iter().filter(|unit| unit != "1");
        Ok(units.next().filter(|_| units.next().is_none()))
    }

    fn rows(&self, view: &'static View, condition: &str, values: &[&str]) -> Result<Vec<Record>> {
        let columns: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
        let sql = format!("select {} from main.{} {condition}", columns.join(", "), view.name);
        self.privileged(|connection| {
            let mut statement = connection.prepare(&sql)?;
            statement.query_map(rusqlite::params_from_iter(values), |row| record(view, row))?.collect()
        })
    }

    /// In which facts an actor is.
    ///
    /// # Errors
    /// As [`Book::records`].
    pub fn mentions_of(&self, actor: &str) -> Result<Vec<String>> {
        let sql = "select fact from main.mentions where actor = ?1";
        self.privileged(|connection| connection.prepare(sql)?.query_map([actor], |row| row.get(0))?.collect())
    }
}

fn record(view: &'static View, row: &Row<'_>) -> Result<Record> {
    let cell = |at: usize| -> Result<Option<String>> {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => None,
            ValueRef::Integer(whole) => Some(whole.to_string()),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Real(real) => Some(real.to_string()),
        })
    };
    view.columns.iter().enumerate().map(|(at, column)| Ok((column.name, cell(at)?))).collect()
}
