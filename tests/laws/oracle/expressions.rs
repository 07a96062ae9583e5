//! Random expressions over columns: quantities of a unit, plain numbers, conditions.

use super::expression::{Aggregate, Expression, Function, Operator};
use super::order::Relation;
use super::select::{Select, Source};
use super::tables::{Holds, Table, number};
use crate::scratch::random::Random;

/// A unit, or none where rows have several or it is a product.
pub(super) type Dimension = Option<&'static str>;

/// A column that can be named.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Holds,
}

pub(super) struct Expressions<'a> {
    pub(super) random: &'a mut Random,
    pub(super) tables: &'a [Table],
    pub(super) columns: Vec<Column>,
    /// How many sub-queries may be in one another.
    pub(super) depth: usize,
}

fn boxed(expression: Expression) -> Box<Expression> {
    Box::new(expression)
}

fn arithmetic(operator: Operator, a: Expression, b: Expression) -> Expression {
    Expression::Arithmetic(operator, boxed(a), boxed(b))
}

impl Expressions<'_> {
    fn column_of(&mut self, fits: impl Fn(Holds) -> bool) -> Option<Column> {
        let fitting: Vec<Column> = self.columns.iter().filter(|column| fits(column.holds)).cloned().collect();
        (!fitting.is_empty()).then(|| self.random.pick(&fitting).clone())
    }

    /// A column of quantities.
    pub(super) fn amount(&mut self) -> (Expression, Dimension) {
        let money = self.random.chance(80);
        let found =
            self.column_of(|holds| matches!(holds, Holds::Quantity(unit) if (unit != Some("missile")) == money));
        let found = found.or_else(|| self.column_of(|holds| matches!(holds, Holds::Quantity(_))));
        match found {
            Some(Column { name, holds: Holds::Quantity(unit) }) => (Expression::Column(name), unit),
            _ => (self.written(Some("EUR")), Some("EUR")),
        }
    }

    /// A quantity that is written down.
    fn written(&mut self, unit: Dimension) -> Expression {
        let unit = unit.unwrap_or_else(|| self.random.word(&["EUR", "GBP"]));
        let number = match self.random.below(20) {
            0 => "1..3".to_owned(),
            1 => ">=2".to_owned(),
            2 => "≈5".to_owned(),
            3 => "unknown(not_in_book)".to_owned(),
            _ => number(self.random, 0),
        };
        Expression::Quantity(format!("{number} {unit}"))
    }

    fn bare(&mut self) -> Expression {
        Expression::Number(number(self.random, 0))
    }

    /// A plain number to multiply or divide by.
    fn factor(&mut self) -> Expression {
        let plain = |text: &str| Expression::Number(text.to_owned());
        let whole = self.column_of(|holds| holds == Holds::Whole);
        match (self.random.below(8), whole) {
            (0, _) => plain("0.5"),
            (1, _) => arithmetic(Operator::Add, plain("1"), plain("0.05")),
            (2, _) => plain("3"),
            (3, _) => plain("0"),
            (4, Some(column)) => arithmetic(Operator::Divide, Expression::Column(column.name), plain("2")),
            (5 | 6, Some(column)) => Expression::Column(column.name),
            _ => plain("2"),
        }
    }

    /// A quantity of one unit with another: as a rule of the same.
    fn partner(&mut self, unit: Dimension, depth: usize) -> Expression {
        if self.random.chance(4) {
            return self.bare();
        }
        for _ in 0..6 {
            let (other, its) = self.quantity(depth);
            if its == unit && unit.is_some() || self.random.chance(6) {
                return other;
            }
        }
        self.written(unit)
    }

    pub(super) fn quantity(&mut self, depth: usize) -> (Expression, Dimension) {
        if depth == 0 {
            return self.amount();
        }
        let (a, unit) = self.quantity(depth - 1);
        match self.random.below(18) {
            0..3 => {
                let operator = *self.random.pick(&[Operator::Add, Operator::Subtract]);
                (arithmetic(operator, a, self.partner(unit, depth - 1)), unit)
            }
            3 => {
                let zero = Expression::Number("0".to_owned());
                (
                    if self.random.chance(50) {
                        arithmetic(Operator::Add, a, zero)
                    } else {
                        arithmetic(Operator::Subtract, zero, a)
                    },
                    unit,
                )
            }
            4 | 5 => (arithmetic(Operator::Multiply, a, self.factor()), unit),
            6 => (arithmetic(Operator::Multiply, self.factor(), a), unit),
            7 | 8 => (arithmetic(Operator::Divide, a, self.factor()), unit),
            9 => (
                arithmetic(*self.random.pick(&[Operator::Divide, Operator::Multiply]), a, self.quantity(depth - 1).0),
                None,
            ),
            10 => (Expression::Negate(boxed(a)), unit),
            11 => (Expression::Coalesce(boxed(a), boxed(self.partner(unit, depth - 1))), unit),
            12 => {
                let when = self.condition(depth - 1);
                let other = if self.random.chance(70) { Some(boxed(self.partner(unit, depth - 1))) } else { None };
                (Expression::Case(vec![(when, a)], other), unit)
            }
            13 => (
                Expression::Iif(boxed(self.condition(depth - 1)), boxed(a), boxed(self.partner(unit, depth - 1))),
                unit,
            ),
            14 => (Expression::NullIf(boxed(a), boxed(self.partner(unit, depth - 1))), unit),
            15 => {
                let function = *self.random.pick(&[Function::Min, Function::Max]);
                (Expression::Extreme(function, boxed(a), boxed(self.partner(unit, depth - 1))), unit)
            }
            16 if self.depth > 0 => self.scalar().unwrap_or((a, unit)),
            _ => (a, unit),
        }
    }

    pub(super) fn relation(&mut self) -> Relation {
        *self.random.pick(&Relation::ALL)
    }

    fn plain_condition(&mut self) -> Expression {
        let column = self.column_of(|holds| matches!(holds, Holds::Text | Holds::Whole));
        let Some(Column { name, holds }) = column else {
            return Expression::Compare(
                Relation::Equal,
                boxed(Expression::Number("1".into())),
                boxed(Expression::Number("1".into())),
            );
        };
        let is_currency = name.ends_with("currency");
        let value = |random: &mut Random| match holds {
            Holds::Text if is_currency => Expression::Text(random.word(&["EUR", "GBP"]).to_owned()),
            Holds::Text if name.ends_with("kind") => {
                Expression::Text(random.word(&["pledged", "delivered"]).to_owned())
            }
            Holds::Text => Expression::Text(random.word(&["a", "b", "c"]).to_owned()),
            _ => Expression::Number((1 + random.below(4)).to_string()),
        };
        let column = Expression::Column(name.clone());
        match self.random.below(6) {
            0 => Expression::Is(boxed(column), boxed(Expression::Null), self.random.chance(70)),
            1 => Expression::In(boxed(column), vec![value(self.random), value(self.random)], self.random.chance(30)),
            2 if holds == Holds::Whole => {
                Expression::Compare(self.relation(), boxed(column), boxed(value(self.random)))
            }
            _ => Expression::Compare(
                if self.random.chance(80) { Relation::Equal } else { Relation::Unequal },
                boxed(column),
                boxed(value(self.random)),
            ),
        }
    }

    /// What a quantity is compared with.
    fn compared_with(&mut self, unit: Dimension, depth: usize) -> Expression {
        match self.random.below(10) {
            0..4 => self.bare(),
            4 | 5 => Expression::Worded(format!("{} {}", number(self.random, 0), unit.unwrap_or("EUR"))),
            _ => self.partner(unit, depth),
        }
    }

    pub(super) fn condition(&mut self, depth: usize) -> Expression {
        if self.random.chance(25) {
            return self.plain_condition();
        }
        let (a, unit) = self.quantity(depth.min(1));
        match self.random.below(20) {
            0..9 => {
                let (relation, other) = (self.relation(), self.compared_with(unit, 0));
                if self.random.chance(15) {
                    Expression::Compare(relation, boxed(other), boxed(a))
                } else {
                    Expression::Compare(relation, boxed(a), boxed(other))
                }
            }
            9 | 10 => {
                Expression::Between(boxed(a), boxed(self.compared_with(unit, 0)), boxed(self.compared_with(unit, 0)))
            }
            11 | 12 => {
                let list = (0..=self.random.below(3)).map(|_| self.compared_with(unit, 0)).collect();
                Expression::In(boxed(a), list, self.random.chance(30))
            }
            13 => Expression::Is(boxed(a), boxed(Expression::Null), self.random.chance(50)),
            14 => Expression::Is(boxed(a), boxed(self.partner(unit, 0)), self.random.chance(40)),
            15 => Expression::Not(boxed(self.condition(0))),
            16 => Expression::And(boxed(self.condition(0)), boxed(self.condition(0))),
            17 => Expression::Or(boxed(self.condition(0)), boxed(self.condition(0))),
            18 if self.depth > 0 => self.in_query(a, unit),
            19 if self.depth > 0 => self.exists(),
            _ => Expression::Compare(self.relation(), boxed(a), boxed(self.written(unit))),
        }
    }

    pub(super) fn aggregate(&mut self, depth: usize) -> (Aggregate, Holds) {
        use Function::{Avg, Count, Max, Median, Min, Sum, Total};
        let function = *self.random.pick(&[Sum, Sum, Sum, Avg, Min, Max, Total, Median, Count]);
        let filter = if self.random.chance(15) { Some(boxed(self.condition(0))) } else { None };
        if function == Count && self.random.chance(50) {
            return (Aggregate { function, argument: None, is_distinct: false, filter }, Holds::Whole);
        }
        let depth = if self.random.chance(60) { 0 } else { depth };
        let (mut argument, unit) = self.quantity(depth);
        if matches!(function, Sum | Avg | Max) && self.random.chance(10) {
            argument = Expression::Coalesce(boxed(argument), boxed(Expression::Number("0".to_owned())));
        }
        let is_distinct = matches!(function, Sum | Count) && self.random.chance(25);
        let holds = if function == Count { Holds::Whole } else { Holds::Quantity(unit) };
        (Aggregate { function, argument: Some(boxed(argument)), is_distinct, filter }, holds)
    }

    /// A table to ask beside this one, with its columns under an alias that is not taken.
    pub(super) fn other(&mut self, alias: &str) -> (Source, Vec<Column>) {
        let table = self.random.pick(self.tables).clone();
        let columns =
            table.columns().into_iter().map(|(name, holds)| Column { name: format!("{alias}.{name}"), holds });
        let names = table.names();
        let name = if self.random.chance(70) { &table.name } else { self.random.pick(&names) };
        (Source::Table(name.clone(), alias.to_owned()), columns.collect())
    }

    fn inside(&mut self, columns: Vec<Column>) -> Expressions<'_> {
        Expressions { random: self.random, tables: self.tables, columns, depth: self.depth - 1 }
    }

    /// A condition that ties rows of a sub-query to the row around it.
    fn correlation(&mut self, alias: &str) -> Option<Expression> {
        let outer = self.column_of(|holds| holds == Holds::Text)?;
        let (column, wanted) = (outer.name.rsplit('.').next()?.to_owned(), format!("{alias}.k"));
        (column == "k").then(|| {
            Expression::Compare(
                Relation::Equal,
                boxed(Expression::Column(wanted)),
                boxed(Expression::Column(outer.name)),
            )
        })
    }

    fn scalar(&mut self) -> Option<(Expression, Dimension)> {
        let alias = format!("s{}", self.depth);
        let (from, columns) = self.other(&alias);
        let tied = if self.random.chance(50) { self.correlation(&alias) } else { None };
        let (mut aggregate, holds) = self.inside(columns).aggregate(0);
        let Holds::Quantity(unit) = holds else { return None };
        if aggregate.function == Function::Total {
            aggregate.function = Function::Sum;
        }
        let select = Select { condition: tied, ..Select::of(vec![Expression::Aggregate(aggregate)], from) };
        Some((Expression::Scalar(Box::new(select)), unit))
    }

    fn in_query(&mut self, a: Expression, unit: Dimension) -> Expression {
        let alias = format!("s{}", self.depth);
        let (from, columns) = self.other(&alias);
        let mut inside = self.inside(columns);
        let mut item = inside.amount();
        for _ in 0..4 {
            if item.1 != unit {
                item = inside.amount();
            }
        }
        let condition = if inside.random.chance(40) { Some(inside.condition(0)) } else { None };
        let select = Select { condition, ..Select::of(vec![item.0], from) };
        Expression::InQuery(boxed(a), Box::new(select), self.random.chance(30))
    }

    fn exists(&mut self) -> Expression {
        let alias = format!("s{}", self.depth);
        let (from, columns) = self.other(&alias);
        let tied = self.correlation(&alias);
        let mut inside = self.inside(columns);
        let own = inside.condition(0);
        let condition = match tied {
            Some(tied) => Expression::And(boxed(tied), boxed(own)),
            None => own,
        };
        Expression::Exists(Box::new(Select {
            condition: Some(condition),
            ..Select::of(vec![Expression::Number("1".into())], from)
        }))
    }
}
