//! The value of a series at a date: of a table of keys, dates and values the row of that date, or else the last before it, which a
//! notice says.

use super::ScriptFunction;
use crate::script::runtime::Runtime;
use crate::script::table::{self, Table};
use crate::script::value::{ScriptResult, argument_error, check_interrupt, display_text, function_error};
use crate::sql::SeriesColumns;
use crate::store::{DatedSeries, EarlierValues};
use rhai::{Dynamic, ImmutableString};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[ScriptFunction {
    signature: "at(series, key, date) · at(series, date)",
    meaning: "the value of a series at a date, of a table of key, date and value, as `query(\"select country, year, gdp from gdp\")`: that of the day or year itself, else the last before it, which a notice says",
    example: "at([#{key: \"Norway\", date: \"2023\", value: 485}], \"Norway\", \"2023-06-30\")",
    answer: "485",
    register: |engine, runtime| {
        let dated = Rc::clone(&runtime);
        engine.register_fn("at", move |series: Dynamic, key: Dynamic, date: Dynamic| {
            at(&runtime, &series, Some(&key), &date)
        });
        engine.register_fn("at", move |series: Dynamic, date: Dynamic| at(&dated, &series, None, &date));
    },
}];

/// The value at a date, or the last before it.
fn at(runtime: &Runtime, series: &Dynamic, key: Option<&Dynamic>, date: &Dynamic) -> ScriptResult<Dynamic> {
    let Some(series) = table::as_table(series)? else {
        return Err(argument_error("a series is a table", "as `query(\"select country, year, gdp from gdp\")`"));
    };
    let columns = SeriesColumns::of_query(&series.columns, key.is_some()).map_err(function_error)?;
    let dates = runtime.dated_series(&series.rows, columns, || read(runtime, &series, columns))?;
    let (asked, key) = (text_of(date), key.map(text_of));
    let found = dates.find(key.as_deref(), &asked).map_err(function_error)?;
    if let (Some(taken), Some(output)) = (found.earlier, runtime.output()) {
        let mut earlier = EarlierValues::default();
        earlier.add(key.as_deref(), &asked, taken);
        output.note_earlier_values(earlier);
    }
    Ok(series.rows[found.row][columns.value].clone())
}

/// The rows of a series by key and date. One whose value is NULL states nothing.
fn read(runtime: &Runtime, series: &Table, columns: SeriesColumns) -> ScriptResult<DatedSeries> {
    let mut dates = DatedSeries::default();
    for (at, row) in series.rows.iter().enumerate() {
        check_interrupt(runtime.book.stop())?;
        if row[columns.value].is_unit() || columns.key.is_some_and(|key| row[key].is_unit()) {
            continue;
        }
        if row[columns.date].is_unit() {
            let name = &series.columns[columns.date].name;
            let help = format!("leave it out: `where {name} is not null`");
            return Err(argument_error(format!("a row of the series has no `{name}`"), help));
        }
        let key = columns.key.map(|key| text_of(&row[key]));
        dates.insert(key.as_deref(), &text_of(&row[columns.date]), at).map_err(function_error)?;
    }
    Ok(dates)
}

/// The text of a key or a date; a year may be a whole number.
fn text_of(value: &Dynamic) -> ImmutableString {
    value.read_lock::<ImmutableString>().map_or_else(|| display_text(value).into(), |text| text.clone())
}
