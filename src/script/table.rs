//! Tables and rows of scripts: named columns, values by name or index, iteration, and the values that convert to tables. The
//! methods that scripts call are in `functions/tables.rs`.

use super::value::{ScriptResult, argument_error, display_text, script_error};
use crate::error::{ScriptCause, suggest};
use crate::sql::Column;
use rhai::{Array, Dynamic, INT, Map};
use std::rc::Rc;

/// A row; it shares the columns with all rows of its table.
#[derive(Debug, Clone)]
pub(super) struct TableRow {
    pub(super) columns: Rc<[Column]>,
    pub(super) values: Rc<[Dynamic]>,
}

/// Columns and rows in memory; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) columns: Rc<[Column]>,
    pub(super) rows: Rc<Vec<Rc<[Dynamic]>>>,
}

impl Table {
    pub(super) fn new(columns: Rc<[Column]>, rows: Vec<Rc<[Dynamic]>>) -> Self {
        Self { columns, rows: Rc::new(rows) }
    }

    /// The row at `at`, which must be in range.
    pub(super) fn row(&self, at: usize) -> TableRow {
        TableRow { columns: Rc::clone(&self.columns), values: Rc::clone(&self.rows[at]) }
    }
}

impl TableRow {
    /// Returns the value of a column.
    ///
    /// # Errors
    /// No such column, with the nearest name; a name that several columns have.
    pub(super) fn get(&self, name: &str) -> ScriptResult<Dynamic> {
        Ok(self.values[column_index(&self.columns, name)?].clone())
    }
}

/// The index of a column among `columns`.
///
/// # Errors
/// No such column, with the nearest name; a name that several columns have.
pub(super) fn column_index(columns: &[Column], name: &str) -> ScriptResult<usize> {
    let mut places = columns.iter().enumerate().filter(|(_, column)| column.name == name).map(|(at, _)| at);
    if let (Some(_), Some(_)) = (places.next(), places.next()) {
        return Err(argument_error(format!("there are several columns `{name}`"), "name them apart: `select a as b`"));
    }
    columns.iter().position(|column| column.name == name).ok_or_else(|| {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let help = format!("the columns are {}", names.join(", "));
        let near = suggest::nearest(name, names);
        let help = near.is_none().then_some(help);
        script_error(ScriptCause::NotFound { message: format!("there is no column `{name}`"), near, help })
    })
}

/// Resolves an index counted from 0, or from the end where it is negative.
///
/// # Errors
/// The index is out of range; `of` names the thing counted.
pub(super) fn checked_index(index: INT, len: usize, of: &str) -> ScriptResult<usize> {
    let from_end = index.checked_add_unsigned(len as u64).filter(|_| index < 0);
    let place = usize::try_from(from_end.unwrap_or(index)).ok().filter(|place| *place < len);
    place.ok_or_else(|| argument_error(format!("there is no {of} {index}"), format!("there are {len}, counted from 0")))
}

/// The text of a row for `print`: `{name: value, …}`.
pub(super) fn display_row(row: &TableRow) -> String {
    let fields = row.columns.iter().zip(row.values.iter());
    let fields: Vec<String> =
        fields.map(|(column, value)| format!("{}: {}", column.name, display_text(value))).collect();
    format!("{{{}}}", fields.join(", "))
}

/// The rows, for `for` loops.
impl IntoIterator for Table {
    type Item = TableRow;
    type IntoIter = Box<dyn Iterator<Item = TableRow>>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new((0..self.rows.len()).map(move |at| self.row(at)))
    }
}

/// Converts a table, a row, a map (one row) or an array to a table; `None` for any other value.
pub(super) fn as_table(value: &Dynamic) -> ScriptResult<Option<Table>> {
    if let Some(table) = value.read_lock::<Table>() {
        return Ok(Some(table.clone()));
    }
    if let Some(row) = value.read_lock::<TableRow>() {
        return Ok(Some(Table::new(Rc::clone(&row.columns), vec![Rc::clone(&row.values)])));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return table_of_maps(&[Dynamic::from_map(map.clone())]).map(Some);
    }
    match value.read_lock::<Array>() {
        None => Ok(None),
        Some(values) if !values.is_empty() && values.iter().all(Dynamic::is::<Map>) => table_of_maps(&values).map(Some),
        Some(values) if !values.is_empty() && values.iter().all(Dynamic::is::<TableRow>) => table_of_rows(&values),
        Some(values) => {
            let column = Column { name: "value".to_owned(), is_quantity: false };
            let rows = values.iter().map(|value| Rc::from([value.clone()])).collect();
            Ok(Some(Table::new(Rc::from([column]), rows)))
        }
    }
}

/// One row for each map; the columns are the union of their keys in alphabetical order.
fn table_of_maps(maps: &[Dynamic]) -> ScriptResult<Table> {
    let maps: Vec<Map> = maps.iter().filter_map(|map| map.clone().try_cast::<Map>()).collect();
    let mut names: Vec<String> = maps.iter().flat_map(|map| map.keys().map(ToString::to_string)).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(argument_error("can't show an empty map", "give it keys, as `#{name: value}`"));
    }
    let row = |map: &Map| names.iter().map(|name| map.get(name.as_str()).cloned().unwrap_or_default()).collect();
    let rows: Vec<Rc<[Dynamic]>> = maps.iter().map(row).collect();
    let columns: Rc<[Column]> = names.iter().map(|name| Column { name: name.clone(), is_quantity: false }).collect();
    Ok(Table::new(columns, rows))
}

/// Collects rows that have the same columns into a table; refuses rows with different ones.
fn table_of_rows(rows: &[Dynamic]) -> ScriptResult<Option<Table>> {
    let rows: Vec<TableRow> = rows.iter().filter_map(|row| row.clone().try_cast::<TableRow>()).collect();
    let Some(first) = rows.first() else { return Ok(None) };
    if rows.iter().any(|row| row.columns != first.columns) {
        return Err(argument_error(
            "these rows have unlike columns",
            "show each kind by itself, or select the same columns",
        ));
    }
    Ok(Some(Table::new(Rc::clone(&first.columns), rows.iter().map(|row| Rc::clone(&row.values)).collect())))
}
