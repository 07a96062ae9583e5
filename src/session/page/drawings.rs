//! The charts of an answer: bars of numbers of one unit, the range of a single one, a number with and without an assumption, counts by
//! certainty, an order of events. One is drawn only where it says what the table does not at once.

use super::cells::{METRIC, RANGE, VALUE, pairs, value_text};
use super::record::RecordedResult;
use crate::quantity::{Amount, End, Quantity, Ref, human};
use crate::report::{Bar, Bars, Chart, Drawn, Extent, MOST_BARS, Order, Pair, is_drawn};
use crate::session::named_ids::may_name_ids;
use crate::sql::{Cell, Layout};
use crate::table::Style;
use rust_decimal::prelude::ToPrimitive;

/// The chart of a result, if one is drawn.
pub(super) fn chart(result: &RecordedResult, caption: &str, style: &Style) -> Option<Chart> {
    let bars = certainties(result)
        .or_else(|| supposed(result, caption, style))
        .or_else(|| rounding(result, style))
        .or_else(|| plain(result, caption, style));
    bars.map(Chart::Bars).filter(is_drawn)
}

/// The place of a column by its name.
fn column(result: &RecordedResult, name: &str) -> Option<usize> {
    result.header.columns.iter().position(|column| column.name == name)
}

fn text(cell: &Cell<'_>) -> Option<String> {
    if let Cell::Text(text) = cell { Some(text.to_string()) } else { None }
}

/// The extent of an amount.
fn extent(amount: &Amount) -> Extent {
    let place = |end: End| Some((end.value.to_f64()?, !end.closed));
    match amount {
        Amount::Number(number) => number.value.to_f64().map_or(Extent::Unknown, Extent::To),
        Amount::Unknown(_) => Extent::Unknown,
        Amount::Range(range) => match (range.lo(), range.hi()) {
            (Some(low), Some(high)) => match (place(low), place(high)) {
                (Some(low), Some(high)) => Extent::Between(low, high),
                _ => Extent::Unknown,
            },
            (Some(low), None) => place(low).map_or(Extent::Unknown, |(low, _)| Extent::AtLeast(low)),
            (None, Some(high)) => place(high).map_or(Extent::Unknown, |(high, _)| Extent::AtMost(high)),
            (None, None) => Extent::Unknown,
        },
    }
}

/// A number in words without the unit that the chart names.
fn words(quantity: &Quantity, style: &Style) -> String {
    if quantity.is_unknown() {
        return human::amount(quantity.amount(), None);
    }
    value_text(&Cell::Quantity(Box::new(quantity.clone())), style).0
}

/// The unit that known numbers share, in words; `None` if they share none.
fn shared_unit<'q>(quantities: impl Iterator<Item = &'q Quantity>) -> Option<String> {
    let mut shared: Option<String> = None;
    for quantity in quantities.filter(|quantity| !quantity.is_unknown()) {
        let unit = quantity.unit().map(crate::quantity::plural::plural).unwrap_or_default();
        if shared.as_ref().is_some_and(|known| *known != unit) {
            return None;
        }
        shared = Some(unit);
    }
    shared.map(|unit| if unit == "1" { String::new() } else { unit })
}

/// True for a number that rests on an assumption about the book.
fn is_supposed(quantity: &Quantity) -> bool {
    !quantity.assumptions().about_book().is_empty()
}

fn drawn(quantity: &Quantity) -> Drawn {
    if is_supposed(quantity) { Drawn::Supposed } else { Drawn::Solid }
}

/// A metric with and without an assumption.
fn supposed(result: &RecordedResult, caption: &str, style: &Style) -> Option<Bars> {
    let pairs = pairs(result);
    let quantity = |row: usize| match &result.rows[row][VALUE] {
        Cell::Quantity(quantity) => Some(&**quantity),
        _ => None,
    };
    let all: Option<Vec<&Quantity>> =
        pairs.iter().flat_map(|(stated, supposed)| [*stated, *supposed]).map(quantity).collect();
    let all = all.filter(|all| !all.is_empty() && all.len() <= MOST_BARS)?;
    let unit = shared_unit(all.iter().copied())?;
    let name = |row: usize| {
        text(&result.rows[row][METRIC]).filter(|_| pairs.len() > 1).map_or(String::new(), |name| format!("{name}, "))
    };
    let bar = |(stated, supposed): &(usize, usize)| {
        let (before, after) = (quantity(*stated)?, quantity(*supposed)?);
        let assumed = human::assumptions(&after.assumptions().about_book()).join(", ");
        Some([
            Bar { label: format!("{}as stated", name(*stated)), ..bar(before, style) },
            Bar { label: format!("WHAT-IF {assumed}"), ..bar(after, style) },
        ])
    };
    let bars: Option<Vec<[Bar; 2]>> = pairs.iter().map(bar).collect();
    let title =
        if pairs.len() > 1 { format!("{caption}: stated and assumed") } else { "Stated and assumed".to_owned() };
    Some(Bars { title, unit, bars: bars?.concat(), remark: "a hatched bar is assumed".to_owned(), left_out: 0 })
}

/// A bar without a name.
fn bar(quantity: &Quantity, style: &Style) -> Bar {
    Bar { value: words(quantity, style), extent: extent(quantity.amount()), drawn: drawn(quantity), ..Bar::default() }
}

/// A single metric, and the range that it may lie in.
fn rounding(result: &RecordedResult, style: &Style) -> Option<Bars> {
    let [row] = result.rows.as_slice() else { return None };
    if result.header.layout != Layout::Metrics {
        return None;
    }
    let (Cell::Quantity(value), Cell::Quantity(range)) = (&row[VALUE], &row[RANGE]) else { return None };
    let unit = shared_unit([&**value, &**range].into_iter())?;
    let Amount::Range(_) = range.amount() else { return None };
    let stated = Bar {
        label: if is_supposed(value) { "as assumed" } else { "as stated" }.to_owned(),
        range: Some((words(range, style), extent(range.amount()))),
        ..bar(value, style)
    };
    Some(Bars {
        title: "How far rounding could move it".to_owned(),
        unit,
        bars: vec![stated],
        remark: "● belongs to the range, ○ does not".to_owned(),
        left_out: 0,
    })
}

/// Two and more numbers of one unit, each with a name.
fn plain(result: &RecordedResult, caption: &str, style: &Style) -> Option<Bars> {
    let is_metric = result.header.layout == Layout::Metrics;
    let numbers = if is_metric { VALUE } else { number_column(result)? };
    let names = name_column(result)?;
    let known = |row: &&Vec<Cell<'_>>| extent_of(&row[numbers]) != Extent::Unknown;
    if names == numbers || result.rows.iter().filter(known).count() < 2 {
        return None;
    }
    let quantities = result.rows.iter().filter_map(|row| match &row[numbers] {
        Cell::Quantity(quantity) => Some(&**quantity),
        _ => None,
    });
    let unit = shared_unit(quantities).or_else(|| (result.header.layout == Layout::Chart).then(String::new))?;
    let bars: Option<Vec<Bar>> = result
        .rows
        .iter()
        .take(MOST_BARS)
        .filter(|row| row[numbers] != Cell::Null)
        .map(|row| {
            Some(Bar {
                label: text(&row[names])?.trim_start_matches("WHAT-IF ").to_owned(),
                ..bar_of(&row[numbers], style)?
            })
        })
        .collect();
    let left_out = result.total.saturating_sub(MOST_BARS);
    Some(Bars { title: caption.to_owned(), unit, bars: bars?, remark: String::new(), left_out })
}

/// The column that names the rows: the first of texts that are no ids.
fn name_column(result: &RecordedResult) -> Option<usize> {
    let columns = result.header.columns.iter().enumerate();
    let is_text = |at: usize| result.rows.iter().any(|row| matches!(row[at], Cell::Text(_)));
    let named = columns.filter(|(at, column)| is_text(*at) && !may_name_ids(&column.name)).map(|(at, _)| at).next();
    named.or_else(|| (0..result.header.columns.len()).find(|at| is_text(*at)))
}

/// The column of quantities of a result that has one; of a chart its second.
fn number_column(result: &RecordedResult) -> Option<usize> {
    if result.header.layout == Layout::Chart {
        return Some(1);
    }
    let mut quantities = result.header.columns.iter().enumerate().filter(|(_, column)| column.is_quantity);
    let first = quantities.next()?.0;
    quantities.next().is_none().then_some(first)
}

fn extent_of(cell: &Cell<'_>) -> Extent {
    match cell {
        Cell::Quantity(quantity) => extent(quantity.amount()),
        // A count that is drawn is far below the digits of a binary number.
        #[allow(clippy::cast_precision_loss)]
        Cell::Integer(whole) => Extent::To(*whole as f64),
        Cell::Decimal(decimal) => decimal.to_f64().map_or(Extent::Unknown, Extent::To),
        Cell::Real(real) | Cell::StoredReal(real) if real.is_finite() => Extent::To(*real),
        _ => Extent::Unknown,
    }
}

fn bar_of(cell: &Cell<'static>, style: &Style) -> Option<Bar> {
    match cell {
        Cell::Quantity(quantity) => Some(bar(quantity, style)),
        Cell::Null => None,
        cell => Some(Bar { value: value_text(cell, style).0, extent: extent_of(cell), ..Bar::default() }),
    }
}

/// The numbers of states that take part, by certainty: those with a name are counted, a group without is a bound or words.
fn certainties(result: &RecordedResult) -> Option<Bars> {
    let [certainty, actor, number] = ["certainty", "actor", "number"].map(|name| column(result, name));
    let (certainty, _, number, role) = (certainty?, actor?, number?, column(result, "role"));
    if result.rows.len() != result.total {
        return None;
    }
    let mut bars: Vec<Bar> = Vec::new();
    for rows in result.rows.chunk_by(|one, other| one[certainty] == other[certainty]) {
        let code = text(&rows[0][certainty])?;
        let level = code.replace('_', " ");
        let named = rows.iter().filter(|row| row[number] == Cell::Null).count();
        if named > 0 {
            let extent = u32::try_from(named).map_or(Extent::Unknown, |count| Extent::To(count.into()));
            bars.push(Bar { label: level.clone(), value: named.to_string(), extent, ..Bar::default() });
        }
        for row in rows {
            let Cell::Quantity(quantity) = &row[number] else { continue };
            let is_of_states = quantity.unit().is_none_or(|unit| unit.is_one() || unit.to_string() == "state");
            if is_of_states {
                let what = role.filter(|_| code == "not_stated").and_then(|at| text(&row[at]));
                bars.push(unnamed(what.as_ref().unwrap_or(&level), quantity));
            }
        }
    }
    (bars.len() > 1).then(|| Bars {
        title: "States by certainty".to_owned(),
        unit: "states".to_owned(),
        bars,
        remark: "a dashed bar says “at least”; levels are never added up".to_owned(),
        left_out: 0,
    })
}

/// The bar of a group without names.
fn unnamed(level: &str, quantity: &Quantity) -> Bar {
    let tail = if quantity.facts().iter().any(|one| matches!(one, Ref::Fact { .. })) && !quantity.is_unknown() {
        "unnamed".to_owned()
    } else {
        String::new()
    };
    Bar {
        label: level.to_owned(),
        value: human::amount(quantity.amount(), None),
        tail,
        extent: extent(quantity.amount()),
        ..Bar::default()
    }
}

/// The order of events that a result states; `alone` is the result behind it that names those in no order.
pub(super) fn order(result: &RecordedResult, alone: Option<&RecordedResult>) -> Option<Order> {
    let [earlier, relation, later] = ["earlier", "relation", "later"].map(|name| column(result, name));
    let (earlier, relation, later) = (earlier?, relation?, later?);
    let (days, fact) = (column(result, "days"), column(result, "fact"));
    let pair = |row: &Vec<Cell<'static>>| {
        let quantity = days.and_then(|at| if let Cell::Quantity(days) = &row[at] { Some(&**days) } else { None });
        let is_stated = quantity.is_some_and(|days| !days.is_unknown());
        let interval = match quantity {
            Some(days) if is_stated => human::quantity(days, None),
            Some(days) => format!("days {}", human::amount(days.amount(), None)),
            None => "interval not stated".to_owned(),
        };
        Some(Pair {
            earlier: text(&row[earlier])?,
            relation: text(&row[relation])?.replace('_', " "),
            later: text(&row[later])?,
            interval,
            is_stated,
            is_assumed: quantity.is_some_and(is_supposed),
            facts: fact.and_then(|at| text(&row[at])).into_iter().collect(),
        })
    };
    let pairs: Option<Vec<Pair>> = result.rows.iter().map(pair).collect();
    let alone = alone.iter().flat_map(|result| &result.rows).filter_map(|row| text(row.first()?)).collect();
    Some(Order { pairs: pairs?, alone })
}

/// True for a result that names the events in no order with any other.
pub(super) fn is_unordered(result: &RecordedResult) -> bool {
    result.header.columns.first().is_some_and(|column| column.name == "unordered")
}
