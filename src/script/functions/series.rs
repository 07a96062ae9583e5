//! The value of a series at a date: of a table of keys, dates and values the row of that date, or else the last before it, which a
//! notice says.

use super::ScriptFunction;
use crate::error::suggest;
use crate::script::runtime::Runtime;
use crate::script::table::{self, Table};
use crate::script::value::{ScriptResult, argument_error, check_interrupt, display_text, program_error};
use rhai::{Dynamic, ImmutableString};
use std::collections::BTreeSet;
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

/// The columns of a series: by the names `key`, `date` and `value`, or else in this order.
struct SeriesColumns {
    key: Option<usize>,
    date: usize,
    value: usize,
}

impl SeriesColumns {
    fn of(series: &Table, has_key: bool) -> ScriptResult<Self> {
        let place = |name: &str| series.columns.iter().position(|column| column.name == name);
        match (place("key"), place("date"), place("value"), series.columns.len(), has_key) {
            (Some(key), Some(date), Some(value), _, true) => Ok(Self { key: Some(key), date, value }),
            (_, Some(date), Some(value), _, false) => Ok(Self { key: None, date, value }),
            (.., 3, true) => Ok(Self { key: Some(0), date: 1, value: 2 }),
            (.., 2, false) => Ok(Self { key: None, date: 0, value: 1 }),
            (.., count, _) => {
                let wanted = if has_key { "key, date and value" } else { "date and value" };
                let help = "select them in this order, as `query(\"select country, year, gdp from gdp\")`";
                Err(argument_error(format!("a series has the columns {wanted}, and this table has {count}"), help))
            }
        }
    }
}

/// The value at a date, or the last before it.
fn at(runtime: &Runtime, series: &Dynamic, key: Option<&Dynamic>, date: &Dynamic) -> ScriptResult<Dynamic> {
    let Some(series) = table::as_table(series)? else {
        return Err(argument_error("a series is a table", "as `query(\"select country, year, gdp from gdp\")`"));
    };
    let columns = SeriesColumns::of(&series, key.is_some())?;
    let (asked, wanted_key) = (date_of(date)?, key.map(display_text));
    let mut found: Option<(String, usize)> = None;
    let mut first: Option<String> = None;
    for (at, row) in series.rows.iter().enumerate() {
        check_interrupt(runtime.book.stop())?;
        if let (Some(column), Some(wanted)) = (columns.key, &wanted_key)
            && text_of(&row[column]).as_str() != wanted
        {
            continue;
        }
        let date = date_of(&row[columns.date])?;
        if date.len() > asked.len() {
            let help = format!("ask for one of them, as `{date}`");
            return Err(argument_error(format!("`{asked}` is longer than the days or months of the series"), help));
        }
        if first.as_ref().is_none_or(|first| date < *first) {
            first = Some(date.clone());
        }
        if is_until(&date, &asked) {
            match &found {
                Some((taken, _)) if *taken == date => return Err(twice(wanted_key.as_deref(), &date)),
                Some((taken, _)) if *taken > date => {}
                _ => found = Some((date, at)),
            }
        }
    }
    let Some((taken, row)) = found else { return Err(absent(&series, &columns, wanted_key, &asked, first)) };
    if !asked.starts_with(&taken)
        && let Some(output) = runtime.output()
    {
        let of = wanted_key.map(|key| format!(" for `{key}`")).unwrap_or_default();
        let notice = format!("the series has no {asked}{of}: the value of {taken} is taken, the last before");
        output.remark(notice).map_err(|error| program_error(error.into()))?;
    }
    Ok(series.rows[row][columns.value].clone())
}

/// True if a period has begun at a date: a year has on each of its days.
fn is_until(period: &str, date: &str) -> bool {
    period <= date.get(..period.len()).unwrap_or(date)
}

/// The text of a key or a date; a year may be a whole number.
fn text_of(value: &Dynamic) -> ImmutableString {
    value.read_lock::<ImmutableString>().map_or_else(|| display_text(value).into(), |text| text.clone())
}

/// A year, month or day as ISO 8601 has it.
fn date_of(value: &Dynamic) -> ScriptResult<String> {
    let text = text_of(value).to_string();
    let is_digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('-');
    let is_date = parts.next().is_some_and(|year| is_digits(year, 4))
        && parts.by_ref().take(2).all(|part| is_digits(part, 2))
        && parts.next().is_none();
    if is_date {
        return Ok(text);
    }
    let help =
        "write a year, month or day, as `2024`, `2024-02` or `2024-02-01`; `--date` of an import reads other forms";
    Err(argument_error(format!("`{text}` is no date"), help))
}

fn twice(key: Option<&str>, date: &str) -> Box<rhai::EvalAltResult> {
    let of = key.map(|key| format!(" for `{key}`")).unwrap_or_default();
    argument_error(format!("the series has several values of {date}{of}"), "select one of them by a condition")
}

/// The error of a series that has no value until a date, or none for a key.
fn absent(
    series: &Table,
    columns: &SeriesColumns,
    key: Option<String>,
    asked: &str,
    first: Option<String>,
) -> Box<rhai::EvalAltResult> {
    match (first, key, columns.key) {
        (Some(first), key, _) => {
            let of = key.map(|key| format!(" for `{key}`")).unwrap_or_default();
            argument_error(format!("the series has no value{of} until {asked}"), format!("it begins at {first}"))
        }
        (None, Some(key), Some(column)) => {
            let known: BTreeSet<String> = series.rows.iter().map(|row| text_of(&row[column]).to_string()).collect();
            let near = suggest::nearest(&key, known.iter().map(String::as_str));
            let help =
                near.map_or_else(|| format!("it has {} keys", known.len()), |near| format!("did you mean `{near}`?"));
            argument_error(format!("the series has no `{key}`"), help)
        }
        _ => argument_error("the series has no rows", "select some"),
    }
}
