//! The tables of two books compared: those that only one of them has, the records of an imported table that came, went or changed, found by its key,
//! and those of one's own of which the rows or the definition differ. An imported table of which the digest was the same at both imports is not read.

use super::Session;
use super::book_diff::{BookDifference, text_cell};
use super::diff::{Value, is_one_unit, value};
use crate::error::Error;
use crate::quantity::human;
use crate::sql::{Cell, Output};
use crate::store::catalogue::ViewColumn;
use crate::store::{ComparedRecord, Comparison, Difference, ImportState};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// The tables of a book by their names.
type Tables = BTreeMap<String, Table>;

/// A table as a book has it.
enum Table {
    Imported(Box<ImportState>),
    /// A table or a view of one's own, with its digest; of a view its definition too.
    Own {
        view: Option<String>,
        digest: String,
    },
}

impl Table {
    /// True if another one has the same content.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Imported(one), Self::Imported(other)) => one.has_same_content(other),
            (Self::Own { view, digest }, Self::Own { view: other_view, digest: other_digest }) => {
                (view.is_some(), digest) == (other_view.is_some(), other_digest)
            }
            _ => false,
        }
    }

    fn is_view(&self) -> bool {
        matches!(self, Self::Own { view: Some(_), .. })
    }
}

/// The numbers of tables and records that differ, and the remarks on tables whose records are not compared.
#[derive(Default)]
pub(super) struct TableDifferences {
    tables: [u64; 3],
    views: [u64; 3],
    records: [u64; 3],
    remarks: Vec<String>,
    has_tables: bool,
    has_views: bool,
}

/// The places of the counts.
const ADDED: usize = 0;
const REMOVED: usize = 1;
const CHANGED: usize = 2;

impl Session {
    /// Writes the differences of the tables of an older book and of this one; `keys` are the columns by which records are known, in the
    /// tables that have them.
    ///
    /// # Errors
    /// A book can't be read; the writer's.
    pub(super) fn write_table_differences(
        &self,
        older: &Self,
        keys: &[String],
        output: &Output,
    ) -> Result<TableDifferences, Error> {
        let (old, new) = (older.tables()?, self.tables()?);
        let is_view = |table: &&Table| table.is_view();
        let count = |tables: &Tables| (tables.len(), tables.values().filter(is_view).count());
        let ((of_old, old_views), (of_new, new_views)) = (count(&old), count(&new));
        let mut found = TableDifferences {
            has_tables: of_old + of_new > old_views + new_views,
            has_views: old_views + new_views > 0,
            ..Default::default()
        };
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            match (old.get(name), new.get(name)) {
                (Some(then), Some(now)) if then.is_same(now) => {}
                (Some(Table::Imported(then)), Some(Table::Imported(now))) => {
                    let states: [&ImportState; 2] = [then, now];
                    self.write_record_differences(older, name, states, keys, &mut found, output)?;
                }
                (then, now) => {
                    let change = match (then, now) {
                        (None, _) => ADDED,
                        (_, None) => REMOVED,
                        _ => CHANGED,
                    };
                    let is_view = now.or(then).is_some_and(Table::is_view);
                    let counts = if is_view { &mut found.views } else { &mut found.tables };
                    counts[change] += 1;
                    output.row(&table_difference(name, then, now).row())?;
                }
            }
        }
        Ok(found)
    }

    /// The tables of the book: the imported ones, and those of one's own.
    fn tables(&self) -> Result<Tables, Error> {
        let imported = self.book.import_states().map_err(|error| self.book.error(&error))?;
        let own = self.book.own_digest(&|_| true)?;
        let kinds = self.book.own_names().map_err(|error| self.book.error(&error))?;
        let own = own.0.into_iter().map(|(name, digest)| {
            let view = kinds.get(&name).cloned().flatten();
            (name, Table::Own { view, digest })
        });
        Ok(imported.into_iter().map(|(name, state)| (name, Table::Imported(Box::new(state)))).chain(own).collect())
    }

    /// Writes the differences of an imported table: of its columns, and of its records where a key finds them.
    fn write_record_differences(
        &self,
        older: &Self,
        name: &str,
        states: [&ImportState; 2],
        keys: &[String],
        found: &mut TableDifferences,
        output: &Output,
    ) -> Result<(), Error> {
        let [then, now] = states;
        let keys = self.keys_of(older, states, keys)?;
        let help = "name its columns by `--key`";
        if keys.is_empty() {
            found.remarks.push(format!("no key of `{name}` is known, by which its records are compared: {help}"));
            return found.write_whole(name, states, output);
        }
        let comparison = self.book.comparison_since(&older.book, &then.source, &now.source, &keys);
        let written = comparison.and_then(|comparison| found.write_records(name, &comparison, output));
        match written {
            Err(Error::Usage(error)) => {
                found.remarks.push(format!("the records of `{name}` are not compared: {}; {help}", error.message));
                found.write_whole(name, states, output)
            }
            done => done,
        }
    }

    /// The columns by which the records of a table are known: those asked for, if both versions have them, or else those of an import.
    fn keys_of(&self, older: &Self, states: [&ImportState; 2], keys: &[String]) -> Result<Vec<String>, Error> {
        if !keys.is_empty() && keys.iter().all(|key| states.iter().all(|state| state.has_column(key))) {
            return Ok(keys.to_owned());
        }
        for (session, state) in [(self, states[1]), (older, states[0])] {
            let kept = session.book.key_of(&state.source).map_err(|error| session.book.error(&error))?;
            if !kept.is_empty() {
                return Ok(kept);
            }
        }
        Ok(Vec::new())
    }
}

impl TableDifferences {
    /// True if any table differs.
    pub(super) fn has_any(&self) -> bool {
        self.tables.iter().chain(&self.views).any(|count| *count > 0)
    }

    /// `; tables: 0 added, 0 removed, 1 changed (records: 1 added, 0 removed, 2 changed); views: 1 added, 0 removed, 0 changed`; empty for books
    /// without tables and views.
    pub(super) fn summary(&self) -> String {
        let counts = |counts: &[u64; 3]| {
            let named = counts.iter().zip(["added", "removed", "changed"]);
            named.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
        };
        let has_records = self.records.iter().any(|count| *count > 0);
        let records = if has_records { format!(" (records: {})", counts(&self.records)) } else { String::new() };
        let tables =
            if self.has_tables { format!("; tables: {}{records}", counts(&self.tables)) } else { String::new() };
        let views = if self.has_views { format!("; views: {}", counts(&self.views)) } else { String::new() };
        [tables, views].concat()
    }

    /// The remarks on tables whose records are not compared.
    pub(super) fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Writes that a table differs, and no record of it.
    fn write_whole(&mut self, name: &str, [then, now]: [&ImportState; 2], output: &Output) -> Result<(), Error> {
        self.tables[CHANGED] += 1;
        let [old, new] = [then, now].map(|state| Some(size(state)));
        let (id, member) = (name.to_owned(), "records".to_owned());
        output.row(&BookDifference { change: "changed", what: "table".to_owned(), id, member, old, new }.row())?;
        Ok(())
    }

    /// Writes the columns and the records that differ.
    fn write_records(&mut self, name: &str, comparison: &Comparison<'_>, output: &Output) -> Result<(), Error> {
        let mut differs = false;
        let mut last = String::new();
        let mut columns = Some(column_differences(name, comparison));
        comparison.run(&mut |difference| {
            let mut rows = columns.take().unwrap_or_default();
            differs |= !rows.is_empty();
            if let Some(row) = record_difference(name, comparison, &difference) {
                differs = true;
                self.count(&difference, &mut last);
                rows.push(row);
            }
            match rows.iter().try_for_each(|row| output.row(&row.row())) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error.into()),
            }
        })?;
        // A table without records has none to pass on.
        let rows = columns.take().unwrap_or_default();
        differs |= !rows.is_empty();
        rows.iter().try_for_each(|row| output.row(&row.row()))?;
        self.tables[CHANGED] += u64::from(differs);
        Ok(())
    }

    fn count(&mut self, difference: &Difference<'_>, last: &mut String) {
        match difference {
            Difference::Added(_) => self.records[ADDED] += 1,
            Difference::Removed(_) => self.records[REMOVED] += 1,
            Difference::Changed { records: [_, new], .. } if *last != new.record => {
                self.records[CHANGED] += 1;
                last.clone_from(&new.record);
            }
            Difference::Changed { .. } | Difference::Same => {}
        }
    }
}

/// The number of records.
fn size(state: &ImportState) -> Cell<'static> {
    text_cell(&human::count(state.records.unsigned_abs(), "record"))
}

/// The difference of a table that only one book has, or that is told as a whole.
fn table_difference(name: &str, then: Option<&Table>, now: Option<&Table>) -> BookDifference {
    let size = |table: Option<&Table>| match table {
        Some(Table::Imported(state)) => Some(size(state)),
        Some(Table::Own { view, .. }) => view.as_deref().map(definition),
        None => None,
    };
    let change = match (then, now) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    let what = if now.or(then).is_some_and(Table::is_view) { "view" } else { "table" };
    let member = match (then, now) {
        (Some(Table::Own { .. }), Some(Table::Own { .. })) if what == "view" => "definition",
        (Some(_), Some(_)) => "records",
        _ => "",
    };
    let (id, member) = (name.to_owned(), member.to_owned());
    BookDifference { change, what: what.to_owned(), id, member, old: size(then), new: size(now) }
}

/// The select of a view in a line.
fn definition(view: &str) -> Cell<'static> {
    text_cell(&view.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The columns that only one version of a table has, and those whose cells are of another kind.
fn column_differences(name: &str, comparison: &Comparison<'_>) -> Vec<BookDifference> {
    let [old, new] = comparison.lone_columns();
    let lone = |change, column: &str| {
        let id = format!("{name}.{column}");
        BookDifference { change, what: "column".to_owned(), id, member: String::new(), old: None, new: None }
    };
    let gone = old.into_iter().map(|column| lone("removed", column));
    gone.chain(new.into_iter().map(|column| lone("added", column))).collect()
}

/// The row of a difference; none for records that are alike.
fn record_difference(name: &str, comparison: &Comparison<'_>, difference: &Difference<'_>) -> Option<BookDifference> {
    let id = |record: &ComparedRecord| {
        let cells = comparison.keys().iter().zip(&record.key).map(|(column, cell)| format!("{column}={cell}"));
        format!("{name} {}", cells.collect::<Vec<_>>().join(", "))
    };
    let lone = |change, record: &ComparedRecord, is_new: bool| {
        let place = Some(text_cell(&record.record));
        let (old, new) = if is_new { (None, place) } else { (place, None) };
        BookDifference { change, what: "record".to_owned(), id: id(record), member: String::new(), old, new }
    };
    match difference {
        Difference::Same => None,
        Difference::Added(record) => Some(lone("added", record, true)),
        Difference::Removed(record) => Some(lone("removed", record, false)),
        Difference::Changed { records: [_, new], column, cells } => {
            let pair = &comparison.columns()[*column];
            let (change, [old_cell, new_cell]) = changed_cells(pair, *cells);
            let member = pair.1.name.to_string();
            Some(BookDifference {
                change,
                what: "record".to_owned(),
                id: id(new),
                member,
                old: old_cell,
                new: new_cell,
            })
        }
    }
}

/// The kind of a change, and the two cells.
fn changed_cells(
    (old_column, new_column): &(ViewColumn, ViewColumn),
    [before, after]: [Option<&str>; 2],
) -> (&'static str, [Option<Cell<'static>>; 2]) {
    let values = [value(before, old_column.kind), value(after, new_column.kind)];
    let [old, new] = values.each_ref().map(Value::number);
    let is_unit = old.zip(new).is_some_and(|(old, new)| !is_one_unit(&old, &new));
    let change = if is_unit { "unit changed" } else { "changed" };
    (change, values.map(|value| Some(value.into_cell().into_owned())))
}
