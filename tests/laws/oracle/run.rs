//! Evaluation of statements: the rows that a select gives, in which order.

use super::amount::Amount;
use super::evaluate::{Context, Scope};
use super::expression::{Aggregate, Expression, Function};
use super::fault::Fault;
use super::order::{Key, Place, Relation, compare, compare_plain, one_unit, same_keys};
use super::select::{Select, SetOperator, Source};
use super::value::{Quantity, Unit, Value, holds};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

pub(super) type Row = Vec<Value>;

/// The columns and rows of a table.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<Row>,
}

pub(super) type Tables = HashMap<String, Rows>;
type Sites = RefCell<HashMap<*const Expression, Unit>>;

/// The rows of an answer: in order, each run of rows that may change places by itself; how many of them are asked for.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    /// The lengths of the runs.
    pub(super) runs: Vec<usize>,
    pub(super) limit: Option<usize>,
}

/// What a statement must answer.
pub(super) fn oracle(select: &Select, tables: &Tables) -> Result<Answer, Fault> {
    ordered(select, tables, &[], &Sites::default())
}

/// What a sub-query answers; open where a limit leaves open which rows.
pub(super) fn answer(select: &Select, tables: &Tables, scopes: &[Scope<'_>], sites: &Sites) -> Result<Answer, Fault> {
    let mut answered = ordered(select, tables, scopes, sites)?;
    if let Some(limit) = answered.limit.filter(|limit| *limit < answered.rows.len()) {
        let mut end = 0;
        let is_sure = answered.runs.iter().any(|run| {
            end += run;
            end == limit
        });
        if !is_sure {
            return Err(Fault::Open);
        }
        answered.rows.truncate(limit);
    }
    Ok(answered)
}

fn ordered(select: &Select, tables: &Tables, scopes: &[Scope<'_>], sites: &Sites) -> Result<Answer, Fault> {
    let mut known;
    let mut tables = tables;
    if !select.with.is_empty() {
        known = tables.clone();
        for (name, query) in &select.with {
            // What of it the statement does not need is not computed.
            let rows = answer(query, &known, scopes, sites).map_err(|_| Fault::Open)?.rows;
            known.insert(name.clone(), Rows { names: item_names(query), rows });
        }
        tables = &known;
    }
    let mut keyed = core(select, tables, scopes, sites).map_err(|fault| stopped(select, fault))?;
    if let Some((operator, other)) = &select.compound {
        let other = core(other, tables, scopes, sites)?;
        let rows = |keyed: Vec<Keyed>| keyed.into_iter().map(|keyed| keyed.row).collect::<Vec<_>>();
        let united = united(*operator, rows(keyed), rows(other))?;
        let place =
            |row: &Row, by: &Expression| if let Expression::Item(at) = by { row[*at].clone() } else { Value::Null };
        let terms = |row: &Row| select.order.iter().map(|(by, _)| place(row, by)).collect();
        keyed = united.into_iter().map(|row| Keyed { terms: terms(&row), row }).collect();
    }
    sorted(select, keyed)
}

/// An error that the program may not come to, as it needs not all rows.
fn stopped(select: &Select, fault: Fault) -> Fault {
    if select.limit.is_some() { Fault::Open } else { fault }
}

fn item_names(select: &Select) -> Vec<String> {
    (0..select.items.len()).map(|at| select.name(at)).collect()
}

/// A row with the values it is ordered by.
struct Keyed {
    row: Row,
    terms: Vec<Value>,
}

fn sorted(select: &Select, mut keyed: Vec<Keyed>) -> Result<Answer, Fault> {
    if select.limit.is_some() {
        for at in 0..select.order.len() {
            one_unit(keyed.iter().map(|keyed| &keyed.terms[at]))?;
        }
    }
    let compared = |a: &Keyed, b: &Keyed| {
        for (at, (_, descends)) in select.order.iter().enumerate() {
            let (a, b) = (&a.terms[at], &b.terms[at]);
            let order = Place::of(a).compare(&Place::of(b), *descends)?;
            if order.is_ne() {
                return Ok(order);
            }
            // Whether the next term decides between a range and its lower end, or between two unknowns, is open.
            if at + 1 < select.order.len() && Key::of(a) != Key::of(b) {
                return Err(Fault::Open);
            }
        }
        Ok(Ordering::Equal)
    };
    for (at, a) in keyed.iter().enumerate() {
        keyed[at + 1..].iter().try_for_each(|b| compared(a, b).map(|_| ()))?;
    }
    keyed.sort_by(|a, b| compared(a, b).expect("all pairs were compared"));
    let mut runs: Vec<usize> = Vec::new();
    for (at, one) in keyed.iter().enumerate() {
        let is_tied = at > 0 && compared(&keyed[at - 1], one)? == Ordering::Equal;
        match runs.last_mut().filter(|_| is_tied) {
            Some(run) => *run += 1,
            None => runs.push(1),
        }
    }
    Ok(Answer { rows: keyed.into_iter().map(|keyed| keyed.row).collect(), runs, limit: select.limit })
}

/// The rows of a select without its compound, order and limit.
fn core(select: &Select, tables: &Tables, scopes: &[Scope<'_>], sites: &Sites) -> Result<Vec<Keyed>, Fault> {
    let blank: Row = Vec::new();
    let read = source(&select.from, tables, scopes, sites)?;
    let scope = Scope { names: &read.names, row: &blank };
    let scopes: Vec<Scope<'_>> = scopes.iter().copied().chain([scope]).collect();
    let base = Context { tables, scopes, group: None, window: None, items: &select.items, sites };
    let mut kept: Vec<Row> = Vec::new();
    for row in &read.rows {
        let is_in = select.condition.as_ref().map_or(Ok(Some(true)), |condition| {
            at_row(&base, row).evaluate(condition).and_then(|value| holds(&value))
        })?;
        if is_in == Some(true) {
            kept.push(row.clone());
        }
    }
    let keyed = if select.is_aggregated() {
        grouped(select, &base, &kept, read.names.len())?
    } else {
        each(select, &base, &kept)?
    };
    if select.is_distinct { without_doubles(keyed) } else { Ok(keyed) }
}

fn at_row<'a>(base: &Context<'a>, row: &'a Row) -> Context<'a> {
    let mut context = base.clone();
    context.scopes.last_mut().expect("a row").row = row;
    context
}

fn keyed(select: &Select, context: &Context<'_>) -> Result<Keyed, Fault> {
    let row = select.items.iter().map(|item| context.evaluate(item)).collect::<Result<Row, _>>()?;
    let term = |by: &Expression| match by {
        Expression::Item(at) => Ok(row[*at].clone()),
        by => context.evaluate(by),
    };
    let terms = if select.compound.is_some() {
        Vec::new()
    } else {
        select.order.iter().map(|(by, _)| term(by)).collect::<Result<_, _>>()?
    };
    Ok(Keyed { row, terms })
}

fn each(select: &Select, base: &Context<'_>, rows: &[Row]) -> Result<Vec<Keyed>, Fault> {
    let context = |at: usize| Context { window: Some((rows, at)), ..at_row(base, &rows[at]) };
    (0..rows.len()).map(|at| keyed(select, &context(at))).collect()
}

fn grouped(select: &Select, base: &Context<'_>, rows: &[Row], width: usize) -> Result<Vec<Keyed>, Fault> {
    let nothing = vec![Value::Null; width];
    let mut groups: Vec<(Vec<Key>, Vec<Row>)> =
        if select.groups.is_empty() { vec![(Vec::new(), Vec::new())] } else { Vec::new() };
    for row in rows {
        let context = at_row(base, row);
        let values = select.groups.iter().map(|by| context.evaluate(by)).collect::<Result<Vec<_>, _>>()?;
        let keys: Vec<Key> = values.iter().map(Key::of).collect();
        let mut place = None;
        for (at, (known, _)) in groups.iter().enumerate() {
            if same_keys(known, &keys)? {
                place = Some(at);
            }
        }
        match place {
            Some(at) => groups[at].1.push(row.clone()),
            None => groups.push((keys, vec![row.clone()])),
        }
    }
    let mut answered = Vec::new();
    for (_, rows) in &groups {
        let shown = match lone_extreme(select) {
            Some(aggregate) => chosen(aggregate, base, rows)?.unwrap_or_else(|| nothing.clone()),
            None => united_row(rows, &nothing),
        };
        // A lone extreme is that of the row it picks, with its stage alone.
        let picked = [shown.clone()];
        let group = if lone_extreme(select).is_some() && !rows.is_empty() { &picked[..] } else { rows };
        let context = Context { group: Some(group), ..at_row(base, &shown) };
        let having = select
            .having
            .as_ref()
            .map_or(Ok(Some(true)), |having| context.evaluate(having).and_then(|value| holds(&value)));
        if having? == Some(true) {
            answered.push(keyed(select, &context)?);
        } else {
            // Whether the items of a group that is left out are computed is open.
            let apart = Sites::default();
            drop(keyed(select, &Context { sites: &apart, ..context }).map_err(|_| Fault::Open)?);
        }
    }
    Ok(answered)
}

/// The one `min` or `max` of a select that shows columns beside it, which are of the row it picks.
fn lone_extreme(select: &Select) -> Option<&Aggregate> {
    let is_bare = |item: &Expression| matches!(item, Expression::Column(_)) && !select.groups.contains(item);
    let aggregates: Vec<&Aggregate> = select
        .items
        .iter()
        .filter_map(|item| if let Expression::Aggregate(of) = item { Some(of) } else { None })
        .collect();
    let is_lone = matches!(&aggregates[..], [only] if matches!(only.function, Function::Min | Function::Max) && only.filter.is_none());
    (is_lone && select.items.iter().any(is_bare)).then(|| aggregates[0])
}

/// The row with the extreme: an error where it is not known, open where several have it.
fn chosen(aggregate: &Aggregate, base: &Context<'_>, rows: &[Row]) -> Result<Option<Row>, Fault> {
    let argument = aggregate.argument.as_ref().expect("`min` and `max` have an argument");
    let values = rows.iter().map(|row| at_row(base, row).evaluate(argument)).collect::<Result<Vec<_>, _>>()?;
    let known: Vec<(&Row, &Value)> = rows.iter().zip(&values).filter(|(_, value)| **value != Value::Null).collect();
    let [first, ..] = &known[..] else { return if rows.is_empty() { Ok(None) } else { Err(Fault::Open) } };
    if known.len() == 1 {
        return if is_number(first.1) { Ok(Some(first.0.clone())) } else { Err(Fault::Open) };
    }
    let [beyond, not_behind] = match aggregate.function {
        Function::Max => [Relation::Greater, Relation::GreaterOrEqual],
        _ => [Relation::Less, Relation::LessOrEqual],
    };
    let holds = |relation: Relation, a: &Value, b: &Value| match (a, b) {
        (Value::Quantity(a), Value::Quantity(b)) => compare(relation, a, b),
        _ => compare_plain(relation, a, b),
    };
    let all = |relation: Relation, at: usize| {
        let others = known.iter().enumerate().filter(|(other, _)| *other != at);
        let held = others.map(|(_, (_, other))| holds(relation, known[at].1, other)).collect::<Result<Vec<_>, _>>()?;
        Ok(held.iter().all(|is| *is == Some(true)))
    };
    let mut is_there = false;
    for (at, (row, _)) in known.iter().enumerate() {
        if all(beyond, at)? {
            return Ok(Some((*row).clone()));
        }
        is_there |= all(not_behind, at)?;
    }
    // Equal numbers leave the row open; ranges, unknowns and inexact numbers within their errors the greatest itself.
    Err(if is_there { Fault::Open } else { Fault::Error })
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Quantity(Quantity { amount: Amount::Number(number), .. }) => number.is_exact,
        Value::Quantity(_) => false,
        _ => true,
    }
}

/// A row of a group: its first, each quantity of which rests on all rows of the group.
fn united_row(rows: &[Row], nothing: &Row) -> Row {
    let Some(first) = rows.first() else { return nothing.clone() };
    let cell = |(at, value): (usize, &Value)| match value {
        Value::Quantity(first) => {
            let all = rows
                .iter()
                .filter_map(|row| if let Value::Quantity(quantity) = &row[at] { Some(quantity) } else { None });
            Value::Quantity(all.skip(1).fold(first.clone(), |first, again| first.united(again)))
        }
        other => other.clone(),
    };
    first.iter().enumerate().map(cell).collect()
}

/// The rows of which no two are one, each resting on all that are one with it.
fn without_doubles(rows: Vec<Keyed>) -> Result<Vec<Keyed>, Fault> {
    let mut kept: Vec<(Vec<Key>, Vec<Row>, Keyed)> = Vec::new();
    for keyed in rows {
        let keys: Vec<Key> = keyed.row.iter().map(Key::of).collect();
        let mut place = None;
        for (at, (known, ..)) in kept.iter().enumerate() {
            if same_keys(known, &keys)? {
                place = Some(at);
            }
        }
        match place {
            Some(at) => kept[at].1.push(keyed.row),
            None => kept.push((keys, vec![keyed.row.clone()], keyed)),
        }
    }
    let united = |(_, rows, keyed): (_, Vec<Row>, Keyed)| Keyed { row: united_row(&rows, &rows[0]), ..keyed };
    Ok(kept.into_iter().map(united).collect())
}

fn united(operator: SetOperator, left: Vec<Row>, right: Vec<Row>) -> Result<Vec<Row>, Fault> {
    let bare = |row: Row| Keyed { row, terms: Vec::new() };
    let single = |rows: Vec<Row>| {
        without_doubles(rows.into_iter().map(bare).collect())
            .map(|rows| rows.into_iter().map(|keyed| keyed.row).collect::<Vec<_>>())
    };
    let keys = |row: &Row| row.iter().map(Key::of).collect::<Vec<_>>();
    match operator {
        SetOperator::UnionAll => Ok([left, right].concat()),
        SetOperator::Union => single([left, right].concat()),
        SetOperator::Except | SetOperator::Intersect => {
            let mut kept = Vec::new();
            for row in single(left)? {
                let mut same = Vec::new();
                for other in &right {
                    if same_keys(&keys(&row), &keys(other))? {
                        same.push(other.clone());
                    }
                }
                let is_kept = same.is_empty() == (operator == SetOperator::Except);
                kept.extend(is_kept.then(|| united_row(&[vec![row.clone()], same].concat(), &row)));
            }
            Ok(kept)
        }
    }
}

fn source(from: &Source, tables: &Tables, scopes: &[Scope<'_>], sites: &Sites) -> Result<Rows, Fault> {
    let named =
        |names: Vec<String>, alias: &str| names.into_iter().map(|name| format!("{alias}.{name}")).collect::<Vec<_>>();
    match from {
        Source::Table(name, alias) => {
            let Rows { names, rows } = tables.get(name).unwrap_or_else(|| panic!("no table `{name}`")).clone();
            Ok(Rows { names: named(names, alias), rows })
        }
        Source::Query(select, alias) => {
            let rows = answer(select, tables, &[], sites).map_err(|_| Fault::Open)?.rows;
            Ok(Rows { names: named(item_names(select), alias), rows })
        }
        Source::Join { left, right, on, is_left } => {
            let (left, right) = (source(left, tables, scopes, sites)?, source(right, tables, scopes, sites)?);
            let names = [left.names, right.names].concat();
            let mut rows = Vec::new();
            for row in &left.rows {
                let before = rows.len();
                for other in &right.rows {
                    let joined = [row.clone(), other.clone()].concat();
                    let scope = Scope { names: &names, row: &joined };
                    let scopes = scopes.iter().copied().chain([scope]).collect();
                    let context = Context { tables, scopes, group: None, window: None, items: &[], sites };
                    // Which pairs are compared is the program's to choose.
                    let holds = context.evaluate(on).and_then(|value| holds(&value)).map_err(|_| Fault::Open)?;
                    if holds == Some(true) {
                        rows.push(joined);
                    }
                }
                if *is_left && rows.len() == before {
                    let width = names.len() - row.len();
                    rows.push([row.clone(), vec![Value::Null; width]].concat());
                }
            }
            Ok(Rows { names, rows })
        }
    }
}
