//! Random statements over the tables of a book, by kind.

use super::expression::{Expression, Function, Window, Windowed};
use super::expressions::{Column, Expressions};
use super::order::Relation;
use super::select::{Select, SetOperator, Source};
use super::tables::{Holds, Table};
use crate::scratch::random::Random;

/// The kinds of statements.
pub(super) const KINDS: [&str; 10] =
    ["rows", "distinct", "aggregates", "groups", "extreme row", "set", "with", "join", "window", "ordered"];

/// A statement, and its kind.
pub(super) fn statement(random: &mut Random, tables: &[Table]) -> (&'static str, Select) {
    let kind = random.word(&KINDS);
    let mut terms = Expressions { random, tables, columns: Vec::new(), depth: 1 };
    let alias = terms.random.word(&["a", "b"]);
    let (from, mut columns) = terms.other(alias);
    if kind != "join" && terms.random.chance(50) {
        // The names alone, where no sub-query can have them too.
        for column in &mut columns {
            column.name = column.name.split_once('.').expect("an alias").1.to_owned();
        }
        terms.depth = 0;
    }
    terms.columns = columns;
    let select = match kind {
        "rows" => rows(&mut terms, from),
        "distinct" => Select { is_distinct: true, ..rows(&mut terms, from) },
        "aggregates" => aggregates(&mut terms, from, 3),
        "groups" => groups(&mut terms, from),
        "extreme row" => extreme_row(&mut terms, from),
        "set" => set(&mut terms, from),
        "with" => with(&mut terms, from),
        "join" => join(&mut terms, from),
        "window" => window(&mut terms, from),
        _ => ordered(&mut terms, from),
    };
    let select = if terms.random.chance(15) { shadowed(&mut terms, select) } else { select };
    (kind, select)
}

/// The same with an item that is named as a column, by which an order may mean either.
fn shadowed(terms: &mut Expressions<'_>, mut select: Select) -> Select {
    let at = terms.random.below(select.items.len());
    select.shadow = Some(at);
    let is_name = |by: &Expression| matches!(by, Expression::Column(name) if name == "amount");
    select.order.iter_mut().filter(|(by, _)| is_name(by)).for_each(|(by, _)| *by = Expression::Item(at));
    select
}

fn maybe_condition(terms: &mut Expressions<'_>, percent: usize) -> Option<Expression> {
    if terms.random.chance(percent) { Some(terms.condition(1)) } else { None }
}

fn plain_column(terms: &mut Expressions<'_>) -> Expression {
    let plain: Vec<Column> =
        terms.columns.iter().filter(|column| !matches!(column.holds, Holds::Quantity(_))).cloned().collect();
    Expression::Column(terms.random.pick(&plain).name.clone())
}

/// An item: mostly a quantity, sometimes a plain column or a condition.
fn item(terms: &mut Expressions<'_>) -> Expression {
    match terms.random.below(10) {
        0 | 1 => plain_column(terms),
        2 | 3 => terms.condition(1),
        _ => {
            let depth = terms.random.below(3);
            terms.quantity(depth).0
        }
    }
}

fn items(terms: &mut Expressions<'_>, most: usize) -> Vec<Expression> {
    (0..=terms.random.below(most)).map(|_| item(terms)).collect()
}

fn rows(terms: &mut Expressions<'_>, from: Source) -> Select {
    let items = items(terms, 3);
    Select { condition: maybe_condition(terms, 50), ..Select::of(items, from) }
}

/// Rows in an order of items or columns, and sometimes only the first.
fn ordered(terms: &mut Expressions<'_>, from: Source) -> Select {
    let mut select = rows(terms, from);
    for _ in 0..=terms.random.below(2) {
        let by = match terms.random.below(4) {
            0 => Expression::Item(terms.random.below(select.items.len())),
            1 => plain_column(terms),
            _ => {
                let depth = terms.random.below(2);
                terms.quantity(depth).0
            }
        };
        select.order.push((by, terms.random.chance(40)));
    }
    select.limit = if terms.random.chance(40) { Some(1 + terms.random.below(4)) } else { None };
    select.is_distinct =
        terms.random.chance(10) && select.order.iter().all(|(by, _)| matches!(by, Expression::Item(_)));
    select
}

fn aggregates(terms: &mut Expressions<'_>, from: Source, most: usize) -> Select {
    let items = (0..=terms.random.below(most)).map(|_| aggregated(terms)).collect();
    Select { condition: maybe_condition(terms, 50), ..Select::of(items, from) }
}

/// An aggregate, alone or in arithmetic.
fn aggregated(terms: &mut Expressions<'_>) -> Expression {
    use super::expression::Operator::{Divide, Multiply};
    let (first, holds) = terms.aggregate(1);
    let first = Expression::Aggregate(first);
    match (holds, terms.random.below(12)) {
        (Holds::Quantity(_), 0) => {
            let count = super::expression::Aggregate {
                function: Function::Count,
                argument: None,
                is_distinct: false,
                filter: None,
            };
            Expression::Arithmetic(Divide, Box::new(first), Box::new(Expression::Aggregate(count)))
        }
        (Holds::Quantity(_), 1) => {
            Expression::Arithmetic(Multiply, Box::new(first), Box::new(Expression::Number("2".to_owned())))
        }
        (Holds::Quantity(_), 2) => {
            Expression::Compare(terms.relation(), Box::new(first), Box::new(Expression::Number("5".to_owned())))
        }
        _ => first,
    }
}

fn groups(terms: &mut Expressions<'_>, from: Source) -> Select {
    let by_amount = terms.random.chance(35);
    let mut groups = vec![if by_amount { terms.amount().0 } else { plain_column(terms) }];
    if terms.random.chance(15) {
        groups.push(plain_column(terms));
    }
    let mut items = groups.clone();
    items.extend((0..=terms.random.below(2)).map(|_| aggregated(terms)));
    let condition = maybe_condition(terms, 40);
    let having = if terms.random.chance(30) {
        let (aggregate, _) = terms.aggregate(0);
        let against = Expression::Number(super::tables::number(terms.random, 0));
        Some(Expression::Compare(terms.relation(), Box::new(Expression::Aggregate(aggregate)), Box::new(against)))
    } else {
        None
    };
    let mut select = Select { condition, groups, having, ..Select::of(items, from) };
    if terms.random.chance(40) {
        let at = terms.random.below(select.items.len());
        select.order.push((Expression::Item(at), terms.random.chance(50)));
        select.limit = if terms.random.chance(40) { Some(1 + terms.random.below(3)) } else { None };
    }
    select
}

fn extreme_row(terms: &mut Expressions<'_>, from: Source) -> Select {
    let (amount, _) = terms.amount();
    let function = *terms.random.pick(&[Function::Min, Function::Max]);
    let aggregate =
        super::expression::Aggregate { function, argument: Some(Box::new(amount)), is_distinct: false, filter: None };
    let items = vec![plain_column(terms), Expression::Aggregate(aggregate)];
    let groups = if terms.random.chance(40) { vec![plain_column(terms)] } else { Vec::new() };
    Select { condition: maybe_condition(terms, 60), groups, ..Select::of(items, from) }
}

/// Two selects with the same columns, united.
fn set(terms: &mut Expressions<'_>, from: Source) -> Select {
    let operators = [SetOperator::Union, SetOperator::UnionAll, SetOperator::Except, SetOperator::Intersect];
    let operator = *terms.random.pick(&operators);
    let has_text = terms.random.chance(50);
    let side = |terms: &mut Expressions<'_>, from: Source| {
        let depth = terms.random.below(2);
        let mut items = vec![terms.quantity(depth).0];
        if has_text {
            let text: Vec<Column> =
                terms.columns.iter().filter(|column| column.holds == Holds::Text).cloned().collect();
            items.push(Expression::Column(terms.random.pick(&text).name.clone()));
        }
        Select { condition: maybe_condition(terms, 40), ..Select::of(items, from) }
    };
    let mut select = side(terms, from);
    let (other, columns) = terms.other("c");
    terms.columns = columns;
    select.compound = Some((operator, Box::new(side(terms, other))));
    if terms.random.chance(40) {
        let at = terms.random.below(select.items.len());
        select.order.push((Expression::Item(at), terms.random.chance(40)));
        select.limit = if terms.random.chance(40) { Some(1 + terms.random.below(4)) } else { None };
    }
    select
}

/// A statement over the rows of another one.
fn with(terms: &mut Expressions<'_>, from: Source) -> Select {
    let by = plain_column(terms);
    let plain = if matches!(&by, Expression::Column(name) if name.ends_with('n')) { Holds::Whole } else { Holds::Text };
    let (inner, columns) = if terms.random.chance(50) {
        let (aggregate, holds) = terms.aggregate(1);
        let items = vec![by.clone(), Expression::Aggregate(aggregate)];
        (Select { groups: vec![by], ..Select::of(items, from) }, [plain, holds])
    } else {
        let (quantity, unit) = terms.quantity(1);
        (Select::of(vec![by, quantity], from), [plain, Holds::Quantity(unit)])
    };
    let inner = Select { condition: maybe_condition(terms, 40), ..inner };
    let alias = "w";
    terms.columns =
        columns.into_iter().enumerate().map(|(at, holds)| Column { name: format!("{alias}.x{at}"), holds }).collect();
    let is_named = terms.random.chance(60);
    let outer = if is_named {
        Source::Table("t".to_owned(), alias.to_owned())
    } else {
        Source::Query(Box::new(inner.clone()), alias.to_owned())
    };
    let mut select = match terms.random.below(3) {
        0 => groups(terms, outer),
        1 => aggregates(terms, outer, 2),
        _ => rows(terms, outer),
    };
    if is_named {
        select.with.push(("t".to_owned(), inner));
    }
    select
}

fn join(terms: &mut Expressions<'_>, from: Source) -> Select {
    let (other, columns) = terms.other("c");
    let name = |columns: &[Column], end: &str| {
        Expression::Column(
            columns.iter().find(|column| column.name.ends_with(end)).expect("every table has it").name.clone(),
        )
    };
    let on = if terms.random.chance(50) { ".k" } else { ".amount" };
    let equal = Expression::Compare(Relation::Equal, Box::new(name(&terms.columns, on)), Box::new(name(&columns, on)));
    let on = if on == ".k" && terms.random.chance(30) {
        let order = Expression::Compare(
            terms.relation(),
            Box::new(name(&terms.columns, ".amount")),
            Box::new(name(&columns, ".amount")),
        );
        Expression::And(Box::new(equal), Box::new(order))
    } else {
        equal
    };
    let is_left = terms.random.chance(40);
    terms.columns.extend(columns);
    let from = Source::Join { left: Box::new(from), right: Box::new(other), on: Box::new(on), is_left };
    match terms.random.below(3) {
        0 => groups(terms, from),
        1 => aggregates(terms, from, 2),
        _ => rows(terms, from),
    }
}

fn window(terms: &mut Expressions<'_>, from: Source) -> Select {
    let partition = if terms.random.chance(50) {
        Some(if terms.random.chance(70) { plain_column(terms) } else { terms.amount().0 })
    } else {
        None
    };
    let by_amount = terms.random.chance(50);
    let order = if by_amount { terms.amount().0 } else { plain_column(terms) };
    let order = Some((Box::new(order), terms.random.chance(40)));
    let of = if by_amount && terms.random.chance(60) {
        Windowed::Rank
    } else if terms.random.chance(20) {
        Windowed::Lag(Box::new(terms.amount().0))
    } else {
        let (mut aggregate, _) = terms.aggregate(0);
        aggregate.is_distinct = false;
        if matches!(aggregate.function, Function::Median | Function::Total) {
            aggregate.function = Function::Sum;
        }
        Windowed::Of(aggregate)
    };
    let is_framed = matches!(of, Windowed::Of(_)) && terms.random.chance(30);
    let (order, preceding) = match of {
        Windowed::Of(_) if terms.random.chance(20) => (None, None),
        _ => (order, is_framed.then_some(1)),
    };
    let window = Window { of, partition: partition.map(Box::new), order, preceding };
    let items = vec![plain_column(terms), terms.amount().0, Expression::Window(Box::new(window))];
    Select { condition: maybe_condition(terms, 50), ..Select::of(items, from) }
}
