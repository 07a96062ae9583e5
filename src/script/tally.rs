//! Counting rows, so that the count rests on the facts of what was counted.

use super::raise::{Raised, raise_argument};
use super::rows::{Row, Table};
use super::value::in_words;
use crate::quantity::{Facts, Quantity, Ref, Worked};
use crate::sql::Column;
use rhai::{Array, Dynamic, Map};

/// The columns that name the facts of a row.
const OF_FACTS: [&str; 3] = ["fact", "facts", "id"];

/// The key under which a group has its rows.
const ROWS: &str = "rows";

/// How many rows a table has, or how many rows or groups an array has, on the facts that they name.
pub(super) fn tally(counted: &Dynamic) -> Raised<Worked> {
    let mut facts = Facts::none();
    let count = if let Some(table) = counted.read_lock::<Table>() {
        add_table(&table, &mut facts);
        table.rows.len()
    } else if let Some(array) = counted.read_lock::<Array>() {
        array.iter().try_for_each(|one| add(one, &mut facts))?;
        array.len()
    } else {
        return Err(uncountable(counted));
    };
    Ok(Worked::from(Quantity::plain(count.into()).with_facts(facts)))
}

/// Adds the facts of a row, or of the rows of a group.
fn add(one: &Dynamic, facts: &mut Facts) -> Raised<()> {
    if let Some(row) = one.read_lock::<Row>() {
        add_row(&row.columns, &row.values, facts);
        return Ok(());
    }
    let group = one.read_lock::<Map>();
    let rows = group.as_ref().and_then(|group| group.get(ROWS));
    match rows.and_then(Dynamic::read_lock::<Table>) {
        Some(rows) => add_table(&rows, facts),
        None => return Err(uncountable(one)),
    }
    Ok(())
}

fn add_table(table: &Table, facts: &mut Facts) {
    table.rows.iter().for_each(|row| add_row(&table.columns, row, facts));
}

/// The facts that the columns for them name; those of its quantities where it has no such column.
fn add_row(columns: &[Column], values: &[Dynamic], facts: &mut Facts) {
    let named = columns.iter().zip(values).filter(|(column, _)| OF_FACTS.contains(&column.name.as_str()));
    let texts: Vec<String> = named.filter_map(|(_, value)| value.clone().into_string().ok()).collect();
    let ids = texts.iter().flat_map(|text| text.split_whitespace()).filter_map(|id| id.parse::<Ref>().ok());
    let ids: Facts = ids.filter(|id| !matches!(id, Ref::Unknown(_))).collect();
    if !ids.is_empty() {
        facts.extend(&ids);
        return;
    }
    for quantity in values.iter().filter_map(Dynamic::read_lock::<Worked>) {
        facts.extend(&quantity.quantity.facts().without_questions());
    }
}

fn uncountable(value: &Dynamic) -> Box<rhai::EvalAltResult> {
    let message =
        format!("`tally` counts the rows of a table, or rows and groups in an array, not {}", in_words(value));
    raise_argument(message, "give it a table, as `tally(query(\"select fact from participants\"))`")
}
