//! The names that scripts of a session have made, with what each holds as far as completion asks. It tells shapes, never
//! values.

use super::rows::{Row, Table};
use crate::quantity::Worked;
use crate::sql::{CachedResult, Column};
use rhai::{Array, Dynamic, Map};

/// What a name holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// A quantity.
    Quantity,
    /// A row or a map: its fields.
    Row(Vec<String>),
    /// A table: its columns.
    Table(Vec<String>),
    /// An array; where its elements are rows or maps, their fields.
    Array(Option<Vec<String>>),
    /// Anything else, or what is not known.
    Other,
}

/// A variable or a function of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnName {
    /// Its name.
    pub name: String,
    /// How a function is called, as `twice(n)`; `None` for a variable.
    pub signature: Option<String>,
    /// What a variable holds.
    pub holds: Holds,
}

impl OwnName {
    pub(super) fn variable(name: &str, value: &Dynamic) -> Self {
        Self { name: name.to_owned(), signature: None, holds: holds(value) }
    }

    pub(super) fn function(name: &str, parameters: &[&str]) -> Self {
        let signature = Some(format!("{name}({})", parameters.join(", ")));
        Self { name: name.to_owned(), signature, holds: Holds::Other }
    }

    /// The newest result under its name.
    #[must_use]
    pub fn last(kept: &CachedResult) -> Self {
        let holds = match kept.columns.first() {
            Some(column) if kept.is_value && column.is_quantity => Holds::Quantity,
            _ if kept.is_value => Holds::Other,
            _ => Holds::Table(names(&kept.columns)),
        };
        Self { name: "last".to_owned(), signature: None, holds }
    }
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

fn holds(value: &Dynamic) -> Holds {
    if value.is::<Worked>() {
        return Holds::Quantity;
    }
    if let Some(table) = value.read_lock::<Table>() {
        return Holds::Table(names(&table.columns));
    }
    if let Some(array) = value.read_lock::<Array>() {
        return Holds::Array(array.first().and_then(fields));
    }
    fields(value).map_or(Holds::Other, Holds::Row)
}

/// The fields of a row or a map.
fn fields(value: &Dynamic) -> Option<Vec<String>> {
    let of_row = value.read_lock::<Row>().map(|row| names(&row.columns));
    of_row.or_else(|| Some(value.read_lock::<Map>()?.keys().map(ToString::to_string).collect()))
}
