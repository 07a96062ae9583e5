//! Functions of dates, which are texts: `2025-03-31`, or `2025-03` and `2025` where no more is known. None of them reads a clock.

use super::ScriptFunction;
use crate::quantity::{Assumption, TODAY, Traced, is_calendar_day};
use crate::script::runtime::Runtime;
use crate::script::value::{Scalar, ScriptResult, argument_error, describe, quantity_error, scalar};
use crate::store::WhatIf;
use chrono::format::{Fixed, Item, Parsed, StrftimeItems, parse};
use chrono::{Datelike, Days, NaiveDate};
use rhai::{Dynamic, INT};
use rust_decimal::Decimal;

pub(super) const FUNCTIONS: &[ScriptFunction] = &[
    ScriptFunction {
        signature: "add_days(date, days)",
        meaning: "the date so many days later, or earlier where they are negative",
        example: "add_days(\"2025-02-27\", 3)",
        answer: "2025-03-02",
        register: |engine, _| {
            engine.register_fn("add_days", |date: Dynamic, days: Dynamic| add_days(&date, &days));
        },
    },
    ScriptFunction {
        signature: "date.year() · date.month() · date.day()",
        meaning: "the parts of a date as whole numbers; a part that the date leaves open is an error",
        example: "\"2025-03-31\".month()",
        answer: "3",
        register: |engine, _| {
            engine.register_fn("year", |date: Dynamic| part(&date, "year", 0));
            engine.register_fn("month", |date: Dynamic| part(&date, "month", 1));
            engine.register_fn("day", |date: Dynamic| part(&date, "day", 2));
        },
    },
    ScriptFunction {
        signature: "parse_date(text, format)",
        meaning: "the date that a text writes in a format of strptime: %d day, %m month, %b or %B its name, %Y year",
        example: "parse_date(\"1 March 2025\", \"%d %B %Y\")",
        answer: "2025-03-01",
        register: |engine, _| {
            engine.register_fn("parse_date", |text: Dynamic, format: Dynamic| parse_date(&text, &format));
        },
    },
    ScriptFunction {
        signature: "today()",
        meaning: "the day that you say it is, by `--assume today=2025-03-31`: no clock is read, and every answer that rests on it names it",
        example: "try { today() } catch (error) { print(error.message); }",
        answer: "a script does not know what day it is",
        register: |engine, runtime| {
            engine.register_fn("today", move || today(&runtime));
        },
    },
];

/// The day that is assumed; what the script answers from now on rests on it.
fn today(runtime: &Runtime) -> ScriptResult<String> {
    let Some(WhatIf::Today(date)) = runtime.book.what_if(TODAY) else {
        let help = "say it: `--assume today=2025-03-31`, or `.assume today=2025-03-31`";
        return Err(argument_error("a script does not know what day it is", help));
    };
    let assumption = Assumption::today(&date).map_err(quantity_error)?;
    runtime.rest_on(&[assumption].into_iter().collect());
    Ok(date)
}

/// The last year that a date can have, in four digits.
const LAST_YEAR: i32 = 9999;

/// The text of a value that `function` wants as a date.
fn text_of(value: &Dynamic, function: &str, wanted: &str) -> ScriptResult<String> {
    match scalar(value) {
        Scalar::Text(text) => Ok(text.into_owned()),
        _ => Err(argument_error(
            format!("`{function}` wants {wanted}, not {}", describe(value)),
            "a date is a text, as `\"2025-03-31\"`",
        )),
    }
}

/// The day of the calendar that a value is.
fn day_of(value: &Dynamic, function: &str) -> ScriptResult<NaiveDate> {
    let text = text_of(value, function, "a date")?;
    let day = Some(&text).filter(|text| is_calendar_day(text)).and_then(|text| text.parse().ok());
    day.ok_or_else(|| {
        let message = format!("`{function}` wants a day of the calendar, not \"{}\"", text.escape_debug());
        argument_error(message, "as `\"2025-03-31\"`; `parse_date(text, format)` reads other forms")
    })
}

fn add_days(date: &Dynamic, days: &Dynamic) -> ScriptResult<String> {
    let (day, count) = (day_of(date, "add_days")?, whole_days(days)?);
    let size = Days::new(count.unsigned_abs());
    let moved = if count < 0 { day.checked_sub_days(size) } else { day.checked_add_days(size) };
    let moved = moved.filter(|day| (0..=LAST_YEAR).contains(&day.year()));
    moved.map(|day| day.to_string()).ok_or_else(|| {
        argument_error(format!("{count} days from {day} are beyond the years 0000 to 9999"), "add fewer days")
    })
}

/// A number of days: a whole number, or a quantity in the unit `day`.
fn whole_days(days: &Dynamic) -> ScriptResult<INT> {
    let wrong = || {
        let message = format!("`add_days` wants a whole number of days, not {}", describe(days));
        argument_error(message, "as `add_days(date, 30)`, or `days_between(a, b)`")
    };
    let number = match scalar(days) {
        Scalar::Integer(count) => return Ok(count),
        Scalar::Decimal(number) => Some(number),
        Scalar::Quantity(worked) => of_day(&worked),
        _ => None,
    };
    number.filter(Decimal::is_integer).and_then(|number| INT::try_from(number).ok()).ok_or_else(wrong)
}

/// The exact number of a quantity in days that rests on nothing: a date can't carry a fact on.
fn of_day(worked: &Traced) -> Option<Decimal> {
    let quantity = &worked.quantity;
    let is_of_days = quantity.unit().is_some_and(|unit| unit.to_string() == "day");
    let rests_on_nothing = quantity.facts().is_empty() && quantity.assumptions().about_book().is_empty();
    quantity.number().filter(|_| is_of_days && rests_on_nothing && quantity.is_exact())
}

/// A part of a date: 0 is the year, 1 the month, 2 the day.
fn part(date: &Dynamic, function: &str, index: usize) -> ScriptResult<INT> {
    let text = text_of(date, function, "a date")?;
    let is_date = match text.len() {
        4 => is_calendar_day(&format!("{text}-01-01")),
        7 => is_calendar_day(&format!("{text}-01")),
        _ => is_calendar_day(&text),
    };
    let found = text.split('-').nth(index).filter(|_| is_date).and_then(|part| part.parse().ok());
    found.ok_or_else(|| {
        let shown = text.escape_debug();
        let message = if is_date {
            format!("`{function}` finds none in \"{shown}\"")
        } else {
            format!("`{function}` wants a date, not \"{shown}\"")
        };
        argument_error(message, "a date is a text, as `\"2025-03-31\"`, `\"2025-03\"` or `\"2025\"`")
    })
}

/// The day of a text by the items of a format. A name of a month or a day may be abbreviated or not, whichever the format has: chrono
/// takes an abbreviation for a full name, but not the other way.
fn day_by<'f>(text: &str, items: impl Iterator<Item = Item<'f>>) -> Option<NaiveDate> {
    let items = items.map(|item| match item {
        Item::Fixed(Fixed::ShortMonthName) => Item::Fixed(Fixed::LongMonthName),
        Item::Fixed(Fixed::ShortWeekdayName) => Item::Fixed(Fixed::LongWeekdayName),
        item => item,
    });
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items).ok()?;
    parsed.to_naive_date().ok()
}

fn parse_date(text: &Dynamic, format: &Dynamic) -> ScriptResult<String> {
    let text = text_of(text, "parse_date", "a text")?;
    let format = text_of(format, "parse_date", "a format, as `\"%d %B %Y\"`")?;
    if StrftimeItems::new(&format).any(|item| item == Item::Error) {
        let message = format!("`parse_date` can't read the format \"{}\"", format.escape_debug());
        return Err(argument_error(message, "%d is the day, %m the month, %b or %B its name, %Y the year"));
    }
    day_by(&text, StrftimeItems::new(&format))
        .filter(|day| (0..=LAST_YEAR).contains(&day.year()))
        .map(|day| day.to_string())
        .ok_or_else(|| {
            let (text, format) = (text.escape_debug(), format.escape_debug());
            let message = format!("`parse_date` finds no day in \"{text}\" by the format \"{format}\"");
            argument_error(message, "%d is the day, %m the month, %b or %B its name, %Y the year")
        })
}
