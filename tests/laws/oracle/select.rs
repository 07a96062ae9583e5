//! Statements of the oracle's own, and how they are written in SQL.

use super::expression::Expression;
use std::fmt;

/// What a select reads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// A table, a common table expression, and the name it has here.
    Table(String, String),
    Query(Box<Select>, String),
    Join {
        left: Box<Source>,
        right: Box<Source>,
        on: Box<Expression>,
        is_left: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SetOperator {
    Union,
    UnionAll,
    Except,
    Intersect,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Select {
    /// The common table expressions in front.
    pub(super) with: Vec<(String, Select)>,
    pub(super) is_distinct: bool,
    pub(super) items: Vec<Expression>,
    /// An item that has the name of a column, which an order takes for the item and all else for the column.
    pub(super) shadow: Option<usize>,
    pub(super) from: Source,
    pub(super) condition: Option<Expression>,
    pub(super) groups: Vec<Expression>,
    pub(super) having: Option<Expression>,
    pub(super) compound: Option<(SetOperator, Box<Select>)>,
    /// The terms, each with whether it descends.
    pub(super) order: Vec<(Expression, bool)>,
    pub(super) limit: Option<usize>,
}

impl Select {
    /// A select of items and nothing else.
    pub(super) fn of(items: Vec<Expression>, from: Source) -> Self {
        let (with, groups, order) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            with,
            is_distinct: false,
            items,
            shadow: None,
            from,
            condition: None,
            groups,
            having: None,
            compound: None,
            order,
            limit: None,
        }
    }

    /// The name of the item at a place.
    pub(super) fn name(&self, at: usize) -> String {
        if self.shadow == Some(at) { "amount".to_owned() } else { format!("x{at}") }
    }

    /// Whether rows are put together, by groups or by an aggregate.
    pub(super) fn is_aggregated(&self) -> bool {
        !self.groups.is_empty() || self.items.iter().chain(&self.having).any(Expression::is_aggregated)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name, alias) => write!(f, "{name} {alias}"),
            Self::Query(select, alias) => write!(f, "({select}) {alias}"),
            Self::Join { left, right, on, is_left } => {
                write!(f, "{left} {}join {right} on {on}", if *is_left { "left " } else { "" })
            }
        }
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.with.is_empty() {
            let with: Vec<String> = self.with.iter().map(|(name, select)| format!("{name} as ({select})")).collect();
            write!(f, "with {} ", with.join(", "))?;
        }
        let items: Vec<String> =
            self.items.iter().enumerate().map(|(at, item)| format!("{item} as {}", self.name(at))).collect();
        write!(f, "select {}{} from {}", if self.is_distinct { "distinct " } else { "" }, items.join(", "), self.from)?;
        self.condition.iter().try_for_each(|condition| write!(f, " where {condition}"))?;
        if !self.groups.is_empty() {
            let groups: Vec<String> = self.groups.iter().map(ToString::to_string).collect();
            write!(f, " group by {}", groups.join(", "))?;
        }
        self.having.iter().try_for_each(|having| write!(f, " having {having}"))?;
        if let Some((operator, other)) = &self.compound {
            let operator = match operator {
                SetOperator::Union => "union",
                SetOperator::UnionAll => "union all",
                SetOperator::Except => "except",
                SetOperator::Intersect => "intersect",
            };
            write!(f, " {operator} {other}")?;
        }
        if !self.order.is_empty() {
            let name = |by: &Expression| if let Expression::Item(at) = by { self.name(*at) } else { by.to_string() };
            let terms = self.order.iter().map(|(by, desc)| format!("{}{}", name(by), if *desc { " desc" } else { "" }));
            write!(f, " order by {}", terms.collect::<Vec<_>>().join(", "))?;
        }
        self.limit.iter().try_for_each(|limit| write!(f, " limit {limit}"))
    }
}
