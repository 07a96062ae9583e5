//! How a script's value becomes a result: a table, a list, or a single value.

use super::raise::{Raised, raise_argument, raise_error, unless_stopped};
use super::rows::Row;
use super::shared::Shared;
use super::table::Table;
use super::value::{is_null_of_cell, to_cell};
use crate::quantity::{Assumptions, Worked};
use crate::sql::{AppendedColumns, Cell, Column, Header, Layout, MAX_CACHED_ROWS, Origin, Output};
use rhai::{Array, Dynamic, Map};
use std::io;
use std::rc::Rc;

/// Shows a value. A statement has none, and shows nothing; the NULL of a cell is shown as the cell would be.
pub(super) fn show(shared: &Shared, value: &Dynamic) -> Raised<()> {
    let Some(output) = shared.output() else { return Ok(()) };
    refuse_within(shared, "show")?;
    let title = shared.title.take();
    if value.is_unit() && !is_null_of_cell(value) {
        return Ok(());
    }
    let written = match as_table(value)? {
        Some(table) => write_table(&output, title, &table)?,
        None => match to_cell(value) {
            Ok(cell) => output.value(&cell, working(value)),
            Err(what) => return Err(raise_argument(format!("can't show {what}"), "show a value, a row or a table")),
        },
    };
    written.map_err(|error| raise_error(error.into()))
}

/// Refuses a result within that of a statement, as a function would write that SQL calls.
pub(super) fn refuse_within(shared: &Shared, function: &str) -> Raised<()> {
    if shared.is_answering.get() {
        let message = format!("`{function}` can't write a result while that of SQL is written");
        return Err(raise_argument(message, "let the function give the value: SQL shows it"));
    }
    Ok(())
}

/// A value that has rows, as a table: a table, a row, a map (one row), an array.
pub(super) fn as_table(value: &Dynamic) -> Raised<Option<Table>> {
    if let Some(table) = value.read_lock::<Table>() {
        return Ok(Some(table.clone()));
    }
    if let Some(row) = value.read_lock::<Row>() {
        return Ok(Some(Table::new(Rc::clone(&row.columns), vec![Rc::clone(&row.values)])));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return of_maps(&[Dynamic::from_map(map.clone())]).map(Some);
    }
    match value.read_lock::<Array>() {
        None => Ok(None),
        Some(values) if !values.is_empty() && values.iter().all(Dynamic::is::<Map>) => of_maps(&values).map(Some),
        Some(values) if !values.is_empty() && values.iter().all(Dynamic::is::<Row>) => of_rows(&values),
        Some(values) => {
            let column = Column { name: "value".to_owned(), is_quantity: false };
            let rows = values.iter().map(|value| Rc::from([value.clone()])).collect();
            Ok(Some(Table::new(Rc::from([column]), rows)))
        }
    }
}

/// Maps as rows; the columns are the union of their keys, in the order of the letters.
fn of_maps(maps: &[Dynamic]) -> Raised<Table> {
    let maps: Vec<Map> = maps.iter().filter_map(|map| map.clone().try_cast::<Map>()).collect();
    let mut names: Vec<String> = maps.iter().flat_map(|map| map.keys().map(ToString::to_string)).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(raise_argument("can't show an empty map", "give it keys, as `#{name: value}`"));
    }
    let row = |map: &Map| names.iter().map(|name| map.get(name.as_str()).cloned().unwrap_or_default()).collect();
    let rows: Vec<Rc<[Dynamic]>> = maps.iter().map(row).collect();
    let columns: Rc<[Column]> = names.iter().map(|name| Column { name: name.clone(), is_quantity: false }).collect();
    Ok(Table::new(columns, rows))
}

/// Rows of one table, gathered again; rows of several are refused where their columns differ.
fn of_rows(rows: &[Dynamic]) -> Raised<Option<Table>> {
    let rows: Vec<Row> = rows.iter().filter_map(|row| row.clone().try_cast::<Row>()).collect();
    let Some(first) = rows.first() else { return Ok(None) };
    if rows.iter().any(|row| row.columns != first.columns) {
        return Err(raise_argument(
            "these rows have unlike columns",
            "show each kind by itself, or select the same columns",
        ));
    }
    Ok(Some(Table::new(Rc::clone(&first.columns), rows.iter().map(|row| Rc::clone(&row.values)).collect())))
}

/// How a quantity was computed; `None` for one that was there, and for any other value.
pub(super) fn working(value: &Dynamic) -> Option<String> {
    let worked = value.read_lock::<Worked>()?;
    (!worked.working.is_value()).then(|| worked.working.to_string())
}

/// Shows a table of labels and numbers as bars.
pub(super) fn write_chart(shared: &Shared, table: &Table) -> Raised<()> {
    let Some(output) = shared.output() else { return Ok(()) };
    let written = write_as(&output, shared.title.take(), table, Layout::Chart)?;
    written.map_err(|error| raise_error(error.into()))
}

fn write_table(output: &Output, title: Option<String>, table: &Table) -> Raised<io::Result<()>> {
    write_as(output, title, table, Layout::Rows)
}

fn write_as(output: &Output, title: Option<String>, table: &Table, layout: Layout) -> Raised<io::Result<()>> {
    let columns = table.columns.iter().enumerate().map(|(at, column)| Column {
        name: column.name.clone(),
        is_quantity: column.is_quantity || table.rows.iter().any(|row| row[at].is::<Worked>()),
    });
    let columns = columns.collect();
    let cells = |row: &Rc<[Dynamic]>| unless_stopped(output.stop()).and_then(|()| row.iter().map(inner_cell).collect());
    let rows = table.rows.iter().map(cells).collect::<Raised<Vec<Vec<_>>>>()?;
    let header = Header { title, columns, layout, appended: appended(&rows), ..Header::default() };
    let computed = |(row, values): (usize, &Rc<[Dynamic]>)| {
        let cells = values.iter().enumerate();
        cells.filter_map(|(column, value)| Some((row, column, working(value)?))).collect::<Vec<_>>()
    };
    let workings = table.rows.iter().take(MAX_CACHED_ROWS).enumerate().flat_map(computed).collect();
    let write = || {
        output.begin(&header)?;
        rows.iter().try_for_each(|row| output.row(row))?;
        output.end(Origin::Computed(workings))
    };
    Ok(write())
}

/// The columns behind those of these rows.
pub(super) fn appended<'c>(rows: &[impl AsRef<[Cell<'c>]>]) -> AppendedColumns {
    AppendedColumns { assumptions: !named(rows).is_empty(), ..AppendedColumns::default() }
}

/// What is supposed of the book in the quantities of these rows.
pub(super) fn named<'c>(rows: &[impl AsRef<[Cell<'c>]>]) -> Assumptions {
    let mut named = Assumptions::none();
    for cell in rows.iter().flat_map(AsRef::as_ref) {
        if let Cell::Quantity(quantity) = cell {
            named = named.union(&quantity.assumptions().about_book());
        }
    }
    named
}

/// A value within a table. What has no cell would be lost in most formats, so it is refused in all.
fn inner_cell(value: &Dynamic) -> Raised<Cell<'static>> {
    to_cell(value)
        .map_err(|what| raise_argument(format!("can't show {what} within a table"), "show its parts one by one"))
}
