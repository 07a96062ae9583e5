//! Values for `:name`: each is bound with its type, and whether it is a quantity is remembered for the pass over
//! the statement's program. It must not look a name up by itself: what a name holds is the caller's.

use super::Cell;
use super::typing::BoundValue;
use crate::error::{SqlCause, suggest};
use crate::quantity::{Assumptions, Quantity};
use crate::store::{Book, Dependencies};
use rusqlite::Statement;
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use std::rc::Rc;

/// What `:name` can stand for.
pub trait Parameters {
    /// The value of a name, without its colon; `None` where nothing has that name.
    ///
    /// # Errors
    /// In words, where the name holds what SQL can't.
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String>;
    /// Whether that value comes from the book, as a cell does, rather than from a person.
    fn is_of_book(&self, _name: &str) -> bool {
        false
    }
    /// The names that have a value, for `did you mean`.
    fn names(&self) -> Vec<String>;
    /// The assumptions that a plain value of a name may rest on.
    fn assumed(&self, _name: &str) -> Assumptions {
        Assumptions::none()
    }
}

/// What was bound to the parameters of a statement.
pub(super) struct Bound {
    /// What was bound to each of them, from 1 on.
    pub(super) values: Vec<BoundValue>,
    /// What they rest on.
    pub(super) reliance: Dependencies,
}

/// No parameters at all.
pub struct NoParameters;

impl Parameters for NoParameters {
    fn value(&self, _: &str) -> Result<Option<Cell<'static>>, String> {
        Ok(None)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Binds every parameter of `statement`. A decimal that is not whole is a quantity too: SQLite could hold it only as text,
/// and would compare it so.
///
/// # Errors
/// A name without a value, a value that SQL can't hold, or a parameter without a name.
pub(super) fn bind(book: &Book, statement: &mut Statement<'_>, parameters: &dyn Parameters) -> Result<Bound, SqlCause> {
    let (mut values, mut reliance) = (vec![BoundValue::default()], Dependencies::default());
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or("?").trim_start_matches([':', '@', '$']).to_owned();
        if name.starts_with('?') {
            let message = "a parameter needs a name: write `:name` instead of `?`".to_owned();
            return Err(SqlCause::Other { message });
        }
        let found = parameters.value(&name).map_err(|what| SqlCause::Unbindable { name: name.clone(), what })?;
        let Some(cell) = found else {
            if let Some(fact) =
                book.superseded(&name).map_err(|error| SqlCause::Other { message: error.to_string() })?
            {
                return Err(SqlCause::Superseded(fact));
            }
            let near = suggest::nearest(&name, parameters.names().iter().map(String::as_str));
            return Err(SqlCause::Unbound { name, near });
        };
        reliance.untracked = reliance.untracked.union(&parameters.assumed(&name));
        if let Cell::Quantity(quantity) = &cell {
            reliance.tracked = reliance.tracked.union(&quantity.assumptions().about_book());
        }
        let quantity = cell.is_quantity().then(|| Rc::from(format!(":{name}")));
        let is_of_book = parameters.is_of_book(&name);
        values.push(BoundValue { quantity, is_of_book });
        let bound = match sealed(book, &cell, is_of_book) {
            Some(sealed) => statement.raw_bind_parameter(index, sealed),
            None => statement.raw_bind_parameter(index, &cell),
        };
        bound.map_err(|error| SqlCause::Unbindable { name, what: error.to_string() })?;
    }
    Ok(Bound { values, reliance })
}

/// A quantity as SQL holds it, a person's number as one that is given; `None` for any other value.
fn sealed(book: &Book, cell: &Cell<'_>, is_of_book: bool) -> Option<String> {
    let own = |quantity: Quantity| if quantity.is_bare() && !is_of_book { quantity.given() } else { quantity };
    match cell {
        Cell::Quantity(quantity) => Some(book.tagged(&own((**quantity).clone()).full_text())),
        Cell::Decimal(decimal) if cell.is_quantity() => {
            Some(book.tagged(&own(Quantity::plain(decimal.normalize())).full_text()))
        }
        _ => None,
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Truth(truth) => ToSqlOutput::Owned(Value::Integer(i64::from(*truth))),
            Cell::Integer(whole) => ToSqlOutput::Owned(Value::Integer(*whole)),
            Cell::Real(real) => ToSqlOutput::Owned(Value::Real(*real)),
            Cell::Decimal(decimal) => match i64::try_from(*decimal) {
                Ok(whole) if decimal.is_integer() => ToSqlOutput::Owned(Value::Integer(whole)),
                _ => ToSqlOutput::Owned(Value::Text(decimal.normalize().to_string())),
            },
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Cell::Quantity(quantity) => ToSqlOutput::Owned(Value::Text(quantity.to_string())),
        })
    }
}
