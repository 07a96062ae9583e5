//! The standard result: what `metric` collects during a run, shown as one table when it ends.

use super::raise::{Raised, raise_error};
use super::shared::{Metric, Shared};
use super::show;
use crate::quantity::{Quantity, Worked, reading};
use crate::sql::{Cell, Column, Header, Layout, Origin};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// Its columns (contract).
const COLUMNS: [(&str, bool); 5] =
    [("metric", false), ("value", true), ("range", true), ("stage", false), ("note", false)];

/// Where some of them stand.
const NAME: usize = 0;
const VALUE: usize = 1;
const RANGE: usize = 2;
const NOTE: usize = 4;

/// The decimal places of a change in percent.
const CHANGE_PLACES: u32 = 2;

/// Shows what has been collected, if anything.
pub(super) fn flush(shared: &Shared) -> Raised<()> {
    let metrics = shared.metrics.take();
    let Some(output) = shared.output().filter(|_| !metrics.is_empty()) else { return Ok(()) };
    let columns = COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity });
    let rows = rows(&metrics, &mut shared.stated_metrics.take());
    let cells: Vec<&[Cell<'_>]> = rows.iter().map(|(row, _)| row.as_slice()).collect();
    let (title, appended) = (shared.title.take(), show::appended(&cells));
    let header = Header { title, columns: columns.into(), layout: Layout::Metrics, appended, ..Header::default() };
    let computed = rows.iter().enumerate().filter_map(|(at, (_, metric))| Some(workings(at, (*metric)?)));
    let workings = computed.flatten().collect();
    let show = || {
        output.begin(&header)?;
        rows.iter().try_for_each(|(row, metric)| match metric {
            Some(_) => output.row(row),
            None => output.row_as_stated(row),
        })?;
        output.end(Origin::Computed(workings))
    };
    show().map_err(|error| raise_error(error.into()))
}

/// The rows, each with the metric that it shows; one that shows what the sources state has none.
fn rows<'m>(
    metrics: &'m [Metric],
    stated: &mut Vec<Vec<Cell<'static>>>,
) -> Vec<(Vec<Cell<'static>>, Option<&'m Metric>)> {
    let mut rows = Vec::new();
    for metric in metrics {
        match supposed(metric, stated) {
            Some([stated, supposed]) => rows.extend([(stated, None), (supposed, Some(metric))]),
            None => rows.push((cells(metric).into_iter().map(Cell::into_owned).collect(), Some(metric))),
        }
    }
    rows
}

/// A metric that rests on what the session supposes, below the same as the sources state it: two rows, of which the
/// second says how far it is from the first. `None` for any other metric.
fn supposed(metric: &Metric, stated: &mut Vec<Vec<Cell<'static>>>) -> Option<[Vec<Cell<'static>>; 2]> {
    let is_same = |row: &Vec<Cell<'_>>| matches!(&row[NAME], Cell::Text(name) if *name == metric.name);
    let mut row = stated.remove(stated.iter().position(is_same)?);
    let Cell::Quantity(before) = &row[VALUE] else { return None };
    let after = &metric.value.quantity;
    if before.assumptions() == after.assumptions() {
        return None;
    }
    let change = change(before, after).unwrap_or_else(|| "as assumed".to_owned());
    let mut supposed: Vec<Cell<'static>> = cells(metric).into_iter().map(Cell::into_owned).collect();
    supposed[NAME] = text(&format!("WHAT-IF {}", metric.name));
    supposed[NOTE] = text(&change);
    row[NOTE] = text("as stated");
    // Two ranges side by side would hide what is compared.
    (row[RANGE], supposed[RANGE]) = (Cell::Null, Cell::Null);
    Some([row, supposed])
}

/// `≈+11.11 %`; `None` where one of the two is no single number.
fn change(before: &Quantity, after: &Quantity) -> Option<String> {
    let plain = |quantity: &Quantity| {
        quantity.number().map(|_| Quantity::new(quantity.amount().clone(), quantity.unit().cloned()))
    };
    let (before, after) = (plain(before)?, plain(after)?);
    let share = after.subtract(&before).ok()?.divide(&before).ok()?;
    let percent = share.multiply(&Quantity::plain(Decimal::ONE_HUNDRED)).ok()?;
    let words = reading::amount(percent.amount(), Some(CHANGE_PLACES));
    if percent.number().is_some_and(|number| number.is_zero()) {
        return Some("unchanged".to_owned());
    }
    let is_rise = percent.number().is_some_and(|number| number > Decimal::ZERO);
    let (sign, digits) = words.strip_prefix('≈').map_or(("", words.as_str()), |digits| ("≈", digits));
    Some(format!("{sign}{}{digits} %", if is_rise { "+" } else { "" }))
}

fn text(text: &str) -> Cell<'static> {
    Cell::Text(Cow::Owned(text.to_owned()))
}

/// How the value and the range of a row were computed, by row and column.
fn workings(row: usize, metric: &Metric) -> Vec<(usize, usize, String)> {
    let told = |(column, worked): (usize, &Worked)| (row, column, worked.working.to_string());
    [(1, Some(&metric.value)), (2, metric.range.as_ref())]
        .into_iter()
        .filter_map(|(column, worked)| Some((column, worked?)))
        .filter(|(_, worked)| !worked.working.is_value())
        .map(told)
        .collect()
}

fn cells(metric: &Metric) -> [Cell<'_>; 5] {
    let stages = metric.value.quantity.stages();
    [
        text(&metric.name),
        Cell::Quantity(Box::new(metric.value.quantity.clone())),
        metric.range.as_ref().map_or(Cell::Null, |range| Cell::Quantity(Box::new(range.quantity.clone()))),
        if stages.is_empty() { Cell::Null } else { text(&stages.to_string()) },
        metric.note.as_deref().map_or(Cell::Null, text),
    ]
}
