//! The function `at` of SQL: looks a value up in a series that was read when its statement was prepared. A call of it is lowered to
//! one of a function that no statement can name, which finds the series by its number.

use super::arguments::describe;
use super::context::UdfContext;
use super::{FunctionKind, Registration, SqlFunction};
use crate::error::FunctionCause;
use crate::store::dated_series::LoadedSeries;
use crate::store::{Book, FunctionResult, lock};
use rusqlite::Result;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The function as people write it.
pub(crate) const AT: &str = "at";

/// The function that finds a value in a series of cells of the book.
pub(crate) const LOOKUP_FUNCTION: &str = "pledgebook_at";

/// The same for a series of values that a person gave.
pub(crate) const GIVEN_LOOKUP_FUNCTION: &str = "pledgebook_at_given";

/// What a series is, as an argument of `at`.
pub(crate) const SERIES_HELP: &str =
    "a series is a table, as `at('gdp', donor, year)`, or `at((select country, year, gdp from gdp), donor, year)`";

pub(super) const FUNCTIONS: &[SqlFunction] = &[SqlFunction {
    name: AT,
    signature: "at(series, key, date) · at(series, date)",
    meaning: "the value of a series at a date: of a table as `'gdp'`, one of its columns as `'rates.usd'`, or `(select country, year, gdp from gdp)`; that of the day or year itself, else the last before it, which a notice says",
    example: "select at((select 'Norway', 2023, 485), 'Norway', '2023-06-30')",
    answer: "485",
    kind: FunctionKind::Plain,
    register: |registration| registration.lookups(),
}];

/// The number of a series that statements can look values up in while this is held.
#[derive(Debug)]
pub struct OpenSeries {
    /// The number.
    pub number: u64,
    udf: Arc<UdfContext>,
}

impl Drop for OpenSeries {
    fn drop(&mut self) {
        lock(&self.udf.series).remove(&self.number);
    }
}

impl Book {
    /// Opens a series for the statements that look values up in it.
    #[must_use]
    pub fn open_series(&self, series: LoadedSeries) -> OpenSeries {
        let number = self.udf.next_series.fetch_add(1, Ordering::Relaxed);
        lock(&self.udf.series).insert(number, Arc::new(series));
        OpenSeries { number, udf: Arc::clone(&self.udf) }
    }
}

/// Not deterministic, and not to be called by a view.
const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8.union(FunctionFlags::SQLITE_DIRECTONLY);

impl Registration<'_> {
    /// The function as people write it, which is called only where its series was not read, and those that calls of it become.
    fn lookups(&self) -> Result<()> {
        for count in [2, 3] {
            let udf = Arc::clone(self.udf);
            self.connection.create_scalar_function(AT, count, FLAGS, move |_| -> Result<Value> {
                Err(udf.fail(AT, None, FunctionCause::argument("the first argument of `at` is no series", SERIES_HELP)))
            })?;
            for name in [LOOKUP_FUNCTION, GIVEN_LOOKUP_FUNCTION] {
                let udf = Arc::clone(self.udf);
                self.connection.create_scalar_function(name, count, FLAGS, move |context| {
                    look_up(&udf, context).map_err(|cause| udf.fail(AT, None, cause))
                })?;
            }
        }
        Ok(())
    }
}

/// The value at a date; NULL where the date or the key is NULL.
fn look_up(udf: &UdfContext, context: &Context<'_>) -> FunctionResult<Value> {
    let number = context.get_raw(0).as_i64().unwrap_or(-1);
    let series = u64::try_from(number).ok().and_then(|number| lock(&udf.series).get(&number).cloned());
    let Some(series) = series else {
        return Err(FunctionCause::argument("the series of `at` is read no more", "ask again"));
    };
    let last = context.len() - 1;
    let Some(asked) = text_of(udf, context.get_raw(last))? else { return Ok(Value::Null) };
    let key = if last == 1 { None } else { Some(text_of(udf, context.get_raw(1))?) };
    let key = match &key {
        Some(None) => return Ok(Value::Null),
        Some(Some(key)) => Some(&**key),
        None => None,
    };
    let found = series.dates.find(key, &asked)?;
    if let Some(taken) = found.earlier {
        udf.add_remark(|remarks| remarks.earlier_values.add(key, &asked, taken));
    }
    Ok(series.values.get(found.row).cloned().unwrap_or(Value::Null))
}

/// The text of a key or a date; a year may be a whole number.
fn text_of<'v>(udf: &UdfContext, value: ValueRef<'v>) -> FunctionResult<Option<Cow<'v, str>>> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(whole) => Ok(Some(whole.to_string().into())),
        ValueRef::Text(bytes) if !udf.tag.is_in(&String::from_utf8_lossy(bytes)) => {
            Ok(Some(String::from_utf8_lossy(bytes)))
        }
        other => {
            let message = format!("`at` does not take {}", describe(other, udf));
            Err(FunctionCause::argument(message, "give it a key as text, and a date as text or a year"))
        }
    }
}
