//! Tables of scripts under the names of their variables. One is made when a statement names it and nothing of the book
//! has that name: a temporary table of its values behind a view that marks its quantities. It is there for as long as
//! the variable holds the same rows, and no question can write to it.

use super::Book;
use super::causes::failure;
use super::offer::{Identity, Made, Offer, make};
use super::reserved::HELD_TABLE;
use rusqlite::Result;

impl Book {
    /// Takes away every table of a script that `sql` could not mean: whose variable is gone or holds other rows, or that
    /// SQL, which ignores letter case, would take for another.
    pub(super) fn forget_tables(&self, sql: &str) -> Result<()> {
        if self.tables.borrow().made.is_empty() {
            return Ok(());
        }
        let made = std::mem::take(&mut self.tables.borrow_mut().made);
        let lower = sql.to_ascii_lowercase();
        let (kept, gone): (Vec<Made>, Vec<Made>) = made.into_iter().partition(|made| self.is_meant(made, sql, &lower));
        self.guard.set_tables(kept.iter().map(|made| made.name.to_ascii_lowercase()));
        self.tables.borrow_mut().made = kept;
        gone.into_iter().try_for_each(|made| self.drop_table(&made))
    }

    fn is_meant(&self, made: &Made, sql: &str, lower: &str) -> bool {
        let is_exact = || sql.matches(&*made.name).count() == lower.matches(&*made.name.to_ascii_lowercase()).count();
        let is_same = || self.identity(&made.name).is_some_and(|identity| identity == made.identity);
        // One that the statement makes itself may have the name of a variable.
        !lower.trim_start().starts_with("create") && is_exact() && is_same()
    }

    fn drop_table(&self, made: &Made) -> Result<()> {
        let waste = [std::mem::take(&mut self.tables.borrow_mut().waste), vec![made.table.clone()]].concat();
        self.privileged(|connection| {
            connection.execute_batch(&format!("drop view temp.{}", quoted(&made.name)))?;
            let is_read = |table: &String| connection.execute_batch(&format!("drop table temp.{table}")).is_err();
            self.tables.borrow_mut().waste = waste.into_iter().filter(is_read).collect();
            Ok(())
        })
    }

    /// The names under which SQL has tables of scripts just now.
    pub(super) fn held_names(&self) -> Vec<String> {
        self.tables.borrow().made.iter().map(|made| made.name.clone()).collect()
    }

    fn identity(&self, name: &str) -> Option<Identity> {
        self.desk.reach()?.identity(name)
    }

    /// Makes the table of a script that a statement has named; whether there is one.
    pub(super) fn make_table(&self, name: &str) -> Result<bool> {
        let (Some(reach), Some(identity)) = (self.desk.reach(), self.identity(name)) else { return Ok(false) };
        let held = reach.table(name);
        let held = held.map_err(|what| failure(format!("SQL can't have `{name}` as a table: it holds {what}")))?;
        let Some(Offer::Rows(columns, rows, reliance)) = held else { return Ok(false) };
        let mut tables = self.tables.borrow_mut();
        if tables.made.iter().any(|made| made.name == name) {
            return Ok(false);
        }
        tables.count += 1;
        let table = format!("{HELD_TABLE}_{}", tables.count);
        self.privileged(|connection| make(connection, &table, &[&quoted(name)], &columns, &rows()))?;
        tables.made.push(Made { name: name.to_owned(), table, identity, reliance });
        self.guard.set_tables(tables.made.iter().map(|made| made.name.to_ascii_lowercase()));
        Ok(true)
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
