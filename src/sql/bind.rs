//! Cells as SQLite values: the parameters `:name` of a statement, each bound with its type, and the rows of a temporary table.
//! Names are looked up by the caller.

use super::result::{Cell, Column};
use crate::error::{FunctionCause, SqlCause, suggest};
use crate::quantity::{Assumptions, Quantity};
use crate::store::{Book, ColumnContent, Dependencies, TableSource};
use rusqlite::Statement;
use rusqlite::types::{ToSql, ToSqlOutput, Value, ValueRef};
use rust_decimal::Decimal;
use std::rc::Rc;

/// The facts about a bound parameter.
#[derive(Debug, Clone, Default)]
pub(super) struct BoundValue {
    /// The parameter's name, if it is a quantity.
    pub(super) quantity: Option<Rc<str>>,
    /// True if it comes from the book rather than from a person.
    pub(super) is_of_book: bool,
}

/// The bound parameters of a statement, from 1 on.
pub(super) type BoundValues = [BoundValue];

/// A source of values for `:name`.
pub trait Parameters {
    /// The value of a name, without its colon; `None` where nothing has that name.
    ///
    /// # Errors
    /// In words, if the name holds a value that SQL has none for.
    fn value(&self, name: &str) -> Result<Option<Cell<'static>>, String>;
    /// True if that value comes from the book, as a cell does, rather than from a person.
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

/// The bound parameters of a statement.
pub(super) struct Bound {
    /// Each of them, from 1 on.
    pub(super) values: Vec<BoundValue>,
    /// The assumptions that they rest on.
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
        let found = parameters.value(&name).map_err(|what| SqlCause::UnsupportedValue { name: name.clone(), what })?;
        let Some(cell) = found else {
            if let Some(fact) =
                book.superseded(&name).map_err(|error| SqlCause::Other { message: error.to_string() })?
            {
                return Err(SqlCause::Function(FunctionCause::Superseded(fact)));
            }
            let near = suggest::nearest(&name, parameters.names().iter().map(String::as_str));
            return Err(SqlCause::Unbound { name, near, in_script: false });
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
        bound.map_err(|error| SqlCause::UnsupportedValue { name, what: error.to_string() })?;
    }
    Ok(Bound { values, reliance })
}

/// The text form of a quantity for SQL, tagged as user-supplied if it is a person's bare number; `None` for any other value.
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
            Cell::Real(real) | Cell::StoredReal(real) => ToSqlOutput::Owned(Value::Real(*real)),
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

/// A temporary table of rows for SQL. A column that holds a quantity, or a number that SQL could hold only as text, is one of
/// quantities, and so are the plain numbers in it. Some numbers of the `user_supplied` columns are a person's.
#[must_use]
pub fn temp_table(
    columns: &[Column],
    user_supplied: &[bool],
    rows: Rc<Vec<Vec<Cell<'static>>>>,
    reliance: Dependencies,
) -> TableSource {
    let has_quantity = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(Cell::is_quantity));
    let holds = |(at, (column, is_user_supplied)): (usize, (&Column, &bool))| {
        let holds = match (column.is_quantity || has_quantity(at), is_user_supplied) {
            (true, _) => ColumnContent::Quantity,
            (false, true) => ColumnContent::Literal,
            (false, false) => ColumnContent::Plain,
        };
        (column.name.clone(), holds)
    };
    let columns: Vec<(String, ColumnContent)> = columns.iter().zip(user_supplied).enumerate().map(holds).collect();
    let kinds: Vec<(bool, bool)> =
        columns.iter().map(|(_, holds)| *holds == ColumnContent::Quantity).zip(user_supplied.iter().copied()).collect();
    let rows = move || {
        let value = |(cell, (is_quantity, is_user_supplied)): (&Cell<'_>, &(bool, bool))| {
            sql_value(cell, *is_quantity, *is_user_supplied)
        };
        rows.iter().map(|row| row.iter().zip(&kinds).map(value).collect()).collect()
    };
    TableSource::Rows(columns, Box::new(rows), reliance)
}

fn sql_value(cell: &Cell<'_>, is_quantity: bool, is_user_supplied: bool) -> Value {
    let number = |number: Decimal| {
        let number = Quantity::plain(number);
        Value::Text(if is_user_supplied { number.given() } else { number }.full_text())
    };
    match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Integer(i64::from(*truth)),
        Cell::Integer(whole) if is_quantity => number((*whole).into()),
        Cell::Integer(whole) => Value::Integer(*whole),
        Cell::Real(real) | Cell::StoredReal(real) => Value::Real(*real),
        Cell::Decimal(decimal) => match i64::try_from(*decimal) {
            Ok(whole) if decimal.is_integer() && !is_quantity => Value::Integer(whole),
            _ => number(*decimal),
        },
        // A text in quotes is read as no quantity.
        Cell::Text(text) if is_quantity => Value::Text(format!("'{text}'")),
        Cell::Text(text) => Value::Text(text.to_string()),
        Cell::Blob(bytes) => Value::Blob(bytes.to_vec()),
        Cell::Quantity(quantity) => Value::Text(quantity.full_text()),
    }
}
