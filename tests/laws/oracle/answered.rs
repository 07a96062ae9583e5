//! The program's answers, and whether they are the oracle's.

use super::amount::{Amount, End, whole};
use super::run::{Answer, Row};
use super::value::{Quantity, Unit, Value, decimal};
use crate::laws::fraction::{Fraction, last_place};
use num_traits::{Signed, Zero};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// The rows of lines of JSON, each with its cells in the order of the items.
pub(super) fn rows(printed: &str, names: &[String]) -> Vec<Vec<Json>> {
    let read = |line: &str| -> Json { serde_json::from_str(line).expect("a line is one object") };
    let cell = |row: &Json, name: &String| row.get(name).cloned().expect("a cell of each item");
    let cells = |row: Json| names.iter().map(|name| cell(&row, name)).collect();
    printed.lines().map(read).map(cells).collect()
}

/// What is wrong with an answer.
pub(super) fn check(answer: &Answer, rows: &[Vec<Json>]) -> Result<(), String> {
    let limit = answer.limit.unwrap_or(usize::MAX).min(answer.rows.len());
    if rows.len() != limit {
        return Err(format!("{} rows, and there must be {limit}", rows.len()));
    }
    let (mut from, mut given) = (0, 0);
    for run in &answer.runs {
        let count = (*run).min(rows.len() - given);
        let mut candidates: Vec<&Row> = answer.rows[from..from + run].iter().collect();
        for row in &rows[given..given + count] {
            let mut wrong = String::new();
            let found = candidates.iter().position(|candidate| match same_row(candidate, row) {
                Ok(()) => true,
                Err(what) => {
                    wrong = what;
                    false
                }
            });
            let Some(found) = found else { return Err(format!("a row is wrong: {wrong}")) };
            candidates.swap_remove(found);
        }
        (from, given) = (from + run, given + count);
    }
    Ok(())
}

fn same_row(row: &Row, given: &[Json]) -> Result<(), String> {
    row.iter()
        .zip(given)
        .enumerate()
        .try_for_each(|(at, (value, cell))| same(value, cell).map_err(|what| format!("x{at}: {what}")))
}

fn same(value: &Value, cell: &Json) -> Result<(), String> {
    let wanted =
        |is_so: bool, what: &str| if is_so { Ok(()) } else { Err(format!("{what}: {value:?} is given as {cell}")) };
    match (value, cell) {
        (Value::Null, Json::Null) => Ok(()),
        (Value::Text(text), Json::String(given)) => wanted(text == given, "another text"),
        (Value::Number(number), Json::Number(given)) => {
            wanted(decimal_of(&given.to_string()).as_ref() == Some(number), "another number")
        }
        (Value::Number(number), Json::Object(_)) => {
            let plain = Quantity::given(Amount::Number(super::amount::Number::exact(number.clone())), Unit::new());
            same_quantity(&plain, cell)
        }
        (Value::Quantity(quantity), Json::Object(_)) => same_quantity(quantity, cell),
        _ => wanted(false, "another kind"),
    }
}

/// A number that JSON writes; a REAL that is whole has a point.
fn decimal_of(text: &str) -> Option<Fraction> {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte)).then(|| decimal(text))
}

fn same_quantity(quantity: &Quantity, cell: &Json) -> Result<(), String> {
    let wanted =
        |is_so: bool, what: &str| if is_so { Ok(()) } else { Err(format!("{what}: {quantity:?} is given as {cell}")) };
    wanted(unit(cell["unit"].as_str().unwrap_or_default()) == quantity.unit, "another unit")?;
    wanted(texts(&cell["stage"]) == quantity.stages, "other stages")?;
    if let Some(facts) = &quantity.facts {
        wanted(records(&cell["facts"]) == *facts, "other facts")?;
    }
    let number = |name: &str| cell[name].as_str().map(decimal);
    match &quantity.amount {
        Amount::Unknown(reasons) => wanted(texts(&cell["unknown"]) == *reasons, "other reasons"),
        Amount::Number(truth) => {
            let Some(given) = number("value") else { return wanted(false, "no number") };
            let is_exact = cell.get("exact").is_none();
            wanted((given - &truth.value).abs() <= tolerance(&truth.slack, &truth.value), "another number")?;
            wanted(is_exact == truth.is_exact || truth.value.is_zero(), "another exactness")
        }
        Amount::Range(lo, hi, slack) => {
            wanted(cell.get("unknown").is_none() && number("value").is_none(), "no range")?;
            let is_same = |end: &Option<End>, name: &str| match (end, number(name)) {
                (None, None) => true,
                (Some(end), Some(given)) if slack.is_zero() => {
                    given == end.value && cell[format!("{name}_open")].as_bool() == Some(!end.is_closed)
                }
                (Some(end), Some(given)) => (given - &end.value).abs() <= tolerance(slack, &end.value),
                _ => false,
            };
            wanted(is_same(lo, "lo") && is_same(hi, "hi"), "another range")
        }
    }
}

/// How far an inexact answer may be off: by what was lost on the way, and its own last digit.
fn tolerance(slack: &Fraction, truth: &Fraction) -> Fraction {
    if slack.is_zero() { Fraction::zero() } else { slack * whole(3) + last_place(truth) }
}

/// A unit of its text: powers above, powers below.
fn unit(text: &str) -> Unit {
    let (above, below) = text.split_once('/').unwrap_or((text, ""));
    let side = |product: &str, sign: i32| -> Vec<(String, i32)> {
        let bases = product.split('*').filter(|base| !base.is_empty() && *base != "1");
        bases
            .map(|base| base.split_once('^').unwrap_or((base, "1")))
            .map(|(base, power)| (base.to_owned(), sign * power.parse::<i32>().expect("a power")))
            .collect()
    };
    // Behind the stroke everything is below.
    side(above, 1).into_iter().chain(side(&below.replace('/', "*"), -1)).collect()
}

fn texts(cell: &Json) -> BTreeSet<String> {
    cell.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Each record of a list that has them from one to another.
fn records(cell: &Json) -> BTreeSet<String> {
    let spread = |text: String| -> Vec<String> {
        let Some((source, range)) = text.split_once(':') else { return vec![text] };
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let Some((first, last)) = first.parse::<u32>().ok().zip(last.parse::<u32>().ok()) else { return vec![text] };
        (first..=last).map(|record| format!("{source}:{record}")).collect()
    };
    texts(cell).into_iter().flat_map(spread).collect()
}

/// A message without what is of its statement alone: its class.
pub(super) fn class(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let first = first.split_once(": ").map_or(first, |(first, _)| first);
    let quoted = first.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "_" });
    let words = quoted.collect::<String>();
    let is_number = |word: &str| word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    words.split(' ').map(|word| if is_number(word) { "_" } else { word }).collect::<Vec<_>>().join(" ")
}
