//! The standard result: what `metric` collects during a run, shown as one table when it ends.

use super::raise::{Raised, raise_error};
use super::shared::{Metric, Shared};
use crate::sql::{Cell, Column, Header, Layout};
use std::borrow::Cow;

/// Its columns (contract).
const COLUMNS: [(&str, bool); 5] =
    [("metric", false), ("value", true), ("range", true), ("stage", false), ("note", false)];

/// Shows what has been collected, if anything.
pub(super) fn flush(shared: &Shared) -> Raised<()> {
    let metrics = shared.metrics.take();
    let Some(output) = shared.output().filter(|_| !metrics.is_empty()) else { return Ok(()) };
    let working = metrics.first().map(|metric| metric.value.working.to_string());
    let columns = COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity });
    let header = Header { title: shared.title.take(), columns: columns.into(), layout: Layout::Metrics };
    let show = || {
        output.begin(&header)?;
        for metric in &metrics {
            output.row(&cells(metric))?;
        }
        output.end(working)
    };
    show().map_err(|error| raise_error(error.into()))
}

fn cells(metric: &Metric) -> [Cell<'_>; 5] {
    let text = |text: &'_ str| Cell::Text(Cow::Owned(text.to_owned()));
    let stages = metric.value.quantity.stages();
    [
        text(&metric.name),
        Cell::Quantity(Box::new(metric.value.quantity.clone())),
        metric.range.as_ref().map_or(Cell::Null, |range| Cell::Quantity(Box::new(range.quantity.clone()))),
        if stages.is_empty() { Cell::Null } else { text(&stages.to_string()) },
        metric.note.as_deref().map_or(Cell::Null, text),
    ]
}
