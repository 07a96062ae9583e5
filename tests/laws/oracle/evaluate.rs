//! Evaluation of expressions: over one row, the rows of its group and of its window, and the rows around a sub-query.

use super::aggregate::aggregate;
use super::amount::whole;
use super::expression::{Aggregate, Expression, Function, Operator, Window, Windowed};
use super::fault::Fault;
use super::order::{Key, Place, Relation, compare, compare_plain, one_unit};
use super::run::{Row, Tables, answer};
use super::value::{self, Evaluated, Quantity, Unit, Value, beside, decimal, holds, truth};
use num_traits::Zero;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Names of columns with a row of them.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) names: &'a [String],
    pub(super) row: &'a Row,
}

/// What an expression is evaluated in.
#[derive(Clone)]
pub(super) struct Context<'a> {
    pub(super) tables: &'a Tables,
    /// The rows around it, the innermost last.
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) group: Option<&'a [Row]>,
    pub(super) window: Option<(&'a [Row], usize)>,
    pub(super) items: &'a [Expression],
    /// The unit that each place of a comparison with a bare number has met.
    pub(super) sites: &'a RefCell<HashMap<*const Expression, Unit>>,
}

type Truth = Result<Option<bool>, Fault>;

impl<'a> Context<'a> {
    /// The same with another innermost row, on its own.
    fn with_row(&self, row: &'a Row) -> Self {
        let mut other = Context { group: None, window: None, ..self.clone() };
        other.scopes.last_mut().expect("a row").row = row;
        other
    }

    fn column(&self, name: &str) -> Value {
        let is_named =
            |known: &String| known == name || known.split_once('.').is_some_and(|(_, column)| column == name);
        let found =
            self.scopes.iter().rev().find_map(|scope| Some(scope.row[scope.names.iter().position(is_named)?].clone()));
        found.unwrap_or_else(|| panic!("no column `{name}`"))
    }

    pub(super) fn evaluate(&self, expression: &Expression) -> Evaluated {
        let each = |part: &Expression| self.evaluate(part);
        match expression {
            Expression::Column(name) => Ok(self.column(name)),
            Expression::Item(at) => each(&self.items[*at]),
            Expression::Null => Ok(Value::Null),
            Expression::Number(text) => Ok(Value::Number(decimal(text))),
            Expression::Text(text) => Ok(Value::Text(text.clone())),
            Expression::Quantity(text) | Expression::Worded(text) => Ok(Value::Quantity(value::read(text))),
            Expression::Negate(a) => value::negate(&each(a)?),
            Expression::Arithmetic(operator, a, b) => match operator {
                Operator::Add => value::add(&each(a)?, &each(b)?),
                Operator::Subtract => value::add(&each(a)?, &value::negate(&each(b)?)?),
                Operator::Multiply => value::multiply(&each(a)?, &each(b)?),
                Operator::Divide => value::divide(&each(a)?, &each(b)?),
            },
            Expression::Case(arms, other) => {
                for (when, then) in arms {
                    if holds(&each(when)?)? == Some(true) {
                        return each(then);
                    }
                }
                other.as_ref().map_or(Ok(Value::Null), |other| each(other))
            }
            Expression::Coalesce(a, b) => Ok(each(a)?).and_then(|a| if a == Value::Null { each(b) } else { Ok(a) }),
            Expression::NullIf(a, b) => {
                let (first, second) = (each(a)?, each(b)?);
                let same = self.compare(Relation::Equal, &first, &second, expression)?;
                Ok(if same == Some(true) { Value::Null } else { first })
            }
            Expression::Iif(a, b, c) => each(if holds(&each(a)?)? == Some(true) { b } else { c }),
            Expression::Extreme(function, a, b) => self.extreme(*function, each(a)?, each(b)?, expression),
            Expression::Aggregate(of) => self.over(of, self.group.expect("a group")),
            Expression::Window(window) => self.windowed(window),
            Expression::Scalar(select) => {
                let answered = answer(select, self.tables, &self.scopes, self.sites)?;
                Ok(answered.rows.first().map_or(Value::Null, |row| row[0].clone()))
            }
            condition => self.condition(condition).map(truth),
        }
    }

    fn condition(&self, expression: &Expression) -> Truth {
        let each = |part: &Expression| self.evaluate(part);
        let flip = |value: Option<bool>, is_negated: bool| value.map(|value| value != is_negated);
        match expression {
            Expression::Compare(relation, a, b) => self.compare(*relation, &each(a)?, &each(b)?, expression),
            Expression::Between(a, lo, hi) => {
                let value = each(a)?;
                let above = self.compare(Relation::GreaterOrEqual, &value, &each(lo)?, lo)?;
                let below = self.compare(Relation::LessOrEqual, &value, &each(hi)?, hi);
                match (above, below) {
                    (Some(false), Err(_)) => Err(Fault::Open),
                    (above, below) => Ok(both(above, below?)),
                }
            }
            Expression::In(a, list, no) => {
                let value = each(a)?;
                let mut equal = Vec::new();
                for item in list {
                    equal.push(self.compare(Relation::Equal, &value, &each(item)?, item)?);
                    // Those behind an equal one need not be compared.
                    if equal.contains(&Some(true)) {
                        break;
                    }
                }
                Ok(flip(any(&equal), *no))
            }
            Expression::InQuery(a, select, no) => {
                let value = each(a)?;
                let rows = answer(select, self.tables, &self.scopes, self.sites)?.rows;
                let equal = rows.iter().map(|row| self.compare(Relation::Equal, &value, &row[0], expression));
                // Which of them are compared before one decides is open.
                let equal = equal.collect::<Result<Vec<_>, _>>().map_err(|_| Fault::Open)?;
                Ok(flip(any(&equal), *no))
            }
            Expression::Is(a, b, no) => Key::of(&each(a)?).same(&Key::of(&each(b)?)).map(|same| Some(same != *no)),
            Expression::And(a, b) => self.joined(a, b, false),
            Expression::Or(a, b) => self.joined(a, b, true),
            Expression::Not(a) => Ok(holds(&each(a)?)?.map(|value| !value)),
            Expression::Exists(select) => {
                let answered = answer(select, self.tables, &self.scopes, self.sites).map_err(|_| Fault::Open)?;
                Ok(Some(!answered.rows.is_empty()))
            }
            other => holds(&each(other)?),
        }
    }

    /// Two conditions, of which one that is plain comes first; `decisive` is the value that leaves the other out.
    fn joined(&self, a: &Expression, b: &Expression, decisive: bool) -> Truth {
        let (first, second) = if b.is_plain() && !a.is_plain() { (b, a) } else { (a, b) };
        let one = self.evaluate(first).and_then(|value| holds(&value));
        if one == Ok(Some(decisive)) && first.is_plain() {
            return Ok(Some(decisive));
        }
        let other = self.evaluate(second).and_then(|value| holds(&value));
        match (one, other) {
            // SQLite need not look at the other of a false or a NULL.
            (Err(_), _) | (_, Err(_))
                if [one, other].iter().any(|side| *side == Ok(Some(decisive)) || *side == Ok(None)) =>
            {
                Err(Fault::Open)
            }
            (one, other) if !first.is_plain() => {
                Ok(together(one.map_err(|_| Fault::Open)?, other.map_err(|_| Fault::Open)?, decisive))
            }
            (one, other) => Ok(together(one?, other?, decisive)),
        }
    }

    /// A comparison at a place: a bare number is taken in the other's unit, and at one place in one unit only.
    fn compare(&self, relation: Relation, a: &Value, b: &Value, site: &Expression) -> Truth {
        match (a, b) {
            (Value::Null, _) | (_, Value::Null) => Ok(None),
            (Value::Quantity(a), Value::Quantity(b)) => compare(relation, a, b),
            (Value::Quantity(a), Value::Number(b)) => compare(relation, a, &self.in_its_unit(b, a, site)?),
            (Value::Number(a), Value::Quantity(b)) => compare(relation, &self.in_its_unit(a, b, site)?, b),
            _ => compare_plain(relation, a, b),
        }
    }

    /// The lesser or the greater of two, which is found by a comparison: a bare number is in the other's unit.
    fn extreme(&self, function: Function, a: Value, b: Value, site: &Expression) -> Evaluated {
        let pair = match (a, b) {
            (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
            (Value::Quantity(a), Value::Number(b)) => [a.clone(), self.in_its_unit(&b, &a, site)?].map(Value::Quantity),
            (Value::Number(a), Value::Quantity(b)) => [self.in_its_unit(&a, &b, site)?, b].map(Value::Quantity),
            (a, b) => [a, b],
        };
        aggregate(function, &pair, false)
    }

    fn in_its_unit(
        &self,
        number: &crate::laws::fraction::Fraction,
        beside_it: &Quantity,
        site: &Expression,
    ) -> Result<Quantity, Fault> {
        let mut sites = self.sites.borrow_mut();
        let met = sites.entry(std::ptr::from_ref(site)).or_insert_with(|| beside_it.unit.clone());
        if *met != beside_it.unit {
            // A 0 fits any unit, and beside the unit 1 a number is in no other one.
            let fits = number.is_zero() || met.is_empty() || beside_it.unit.is_empty();
            return Err(if fits { Fault::Open } else { Fault::Error });
        }
        let zero = beside(&whole(0), &beside_it.unit)?;
        Ok(Quantity { amount: super::amount::Amount::Number(super::amount::Number::exact(number.clone())), ..zero })
    }

    /// What an aggregate makes of rows.
    fn over(&self, aggregated: &Aggregate, rows: &'a [Row]) -> Evaluated {
        let mut values = Vec::new();
        for row in rows {
            let context = self.with_row(row);
            let is_in = aggregated
                .filter
                .as_ref()
                .map_or(Ok(Some(true)), |filter| context.evaluate(filter).and_then(|value| holds(&value)))?;
            if is_in == Some(true) {
                values.push(
                    aggregated
                        .argument
                        .as_ref()
                        .map_or(Ok(truth(Some(true))), |argument| context.evaluate(argument))?,
                );
            }
        }
        aggregate(aggregated.function, &values, aggregated.is_distinct)
    }

    fn windowed(&self, window: &Window) -> Evaluated {
        let (rows, at) = self.window.expect("rows of a window");
        let mut part: Vec<(&Row, Place, bool)> = Vec::new();
        let key = |row: &'a Row| {
            window
                .partition
                .as_ref()
                .map_or(Ok(Key::Null), |by| self.with_row(row).evaluate(by).map(|value| Key::of(&value)))
        };
        let own = key(&rows[at])?;
        let mut ordered = Vec::new();
        for (other, row) in rows.iter().enumerate() {
            let value = window.order.as_ref().map_or(Ok(Value::Null), |(by, _)| self.with_row(row).evaluate(by))?;
            ordered.push(value.clone());
            if key(row)?.same(&own)? {
                part.push((row, Place::of(&value), other == at));
            }
        }
        one_unit(&ordered)?;
        let descends = window.order.as_ref().is_some_and(|(_, descends)| *descends);
        let own = part.iter().find(|(.., is_own)| *is_own).expect("its own row").1.clone();
        let mut orders = Vec::new();
        for (row, place, is_own) in &part {
            let order = place.compare(&own, descends)?;
            if order == Ordering::Equal && !is_own && matches!(place, Place::Unknown | Place::Known(..)) {
                open_peers(place, &part)?;
            }
            orders.push((*row, order, *is_own));
        }
        match &window.of {
            Windowed::Rank => Ok(Value::Number(whole(
                1 + i64::try_from(orders.iter().filter(|(_, order, _)| order.is_lt()).count()).expect("few"),
            ))),
            Windowed::Lag(of) => {
                let frame = framed(Some(1), orders, &part, descends)?;
                frame.get(1).map_or(Ok(Value::Null), |before| self.at(before).evaluate(of))
            }
            Windowed::Of(aggregated) => {
                let frame = framed(window.preceding, orders, &part, descends)?;
                frame.first().map_or_else(
                    || aggregate(aggregated.function, &[], false),
                    |first| self.at(first).over(aggregated, &frame),
                )
            }
        }
    }

    /// Another row on its own, which lives less long.
    fn at<'b>(&self, row: &'b Row) -> Context<'b>
    where
        'a: 'b,
    {
        let mut scopes: Vec<Scope<'b>> = self.scopes.clone();
        scopes.last_mut().expect("a row").row = row;
        Context { tables: self.tables, scopes, group: None, window: None, items: self.items, sites: self.sites }
    }
}

/// Unknowns may differ in their reasons, ranges from numbers at their lower ends: whether they are peers is open.
fn open_peers(place: &Place, part: &[(&Row, Place, bool)]) -> Result<(), Fault> {
    let is_open =
        matches!(place, Place::Unknown) || part.iter().any(|(row, other, _)| other == place && has_range(row));
    if is_open { Err(Fault::Open) } else { Ok(()) }
}

fn has_range(row: &Row) -> bool {
    let is_range =
        |value: &Value| matches!(value, Value::Quantity(Quantity { amount: super::amount::Amount::Range(..), .. }));
    row.iter().any(is_range)
}

/// The rows of a frame: up to the peers of the current row, or so many rows before it.
fn framed(
    preceding: Option<usize>,
    orders: Vec<(&Row, Ordering, bool)>,
    part: &[(&Row, Place, bool)],
    descends: bool,
) -> Result<Vec<Row>, Fault> {
    let Some(preceding) = preceding else {
        return Ok(orders.into_iter().filter(|(_, order, _)| order.is_le()).map(|(row, ..)| row.clone()).collect());
    };
    let mut before: Vec<(&Row, &Place)> = Vec::new();
    for ((row, order, is_own), (_, place, _)) in orders.into_iter().zip(part) {
        match order {
            Ordering::Equal if !is_own => return Err(Fault::Open),
            Ordering::Greater => {}
            _ => before.push((row, place)),
        }
    }
    let mut fault = None;
    before.sort_by(|(_, a), (_, b)| {
        a.compare(b, descends).unwrap_or_else(|error| {
            fault = Some(error);
            Ordering::Equal
        })
    });
    let is_tied = before.windows(2).any(|pair| pair[0].1.compare(pair[1].1, descends) == Ok(Ordering::Equal));
    match fault {
        Some(fault) => Err(fault),
        None if is_tied => Err(Fault::Open),
        None => Ok(before.iter().rev().take(preceding + 1).map(|(row, _)| (*row).clone()).collect()),
    }
}

/// Both of two conditions, or one of them.
fn together(one: Option<bool>, other: Option<bool>, decisive: bool) -> Option<bool> {
    if decisive { any(&[one, other]) } else { both(one, other) }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn any(values: &[Option<bool>]) -> Option<bool> {
    let is_open = values.contains(&None);
    if values.contains(&Some(true)) { Some(true) } else { (!is_open).then_some(false) }
}
