//! Expressions of the oracle's own, and how they are written in SQL.

use super::order::Relation;
use super::select::Select;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }

    fn is_sum(self) -> bool {
        matches!(self, Self::Add | Self::Subtract)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sum,
    Avg,
    Min,
    Max,
    Total,
    Median,
    Count,
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Total => "total",
            Self::Median => "median",
            Self::Count => "count",
        }
    }
}

/// An aggregate; one without an argument counts rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aggregate {
    pub(super) function: Function,
    pub(super) argument: Option<Box<Expression>>,
    pub(super) is_distinct: bool,
    pub(super) filter: Option<Box<Expression>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Windowed {
    Rank,
    /// The value of the row before.
    Lag(Box<Expression>),
    Of(Aggregate),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window {
    pub(super) of: Windowed,
    pub(super) partition: Option<Box<Expression>>,
    /// The order, and whether it descends.
    pub(super) order: Option<(Box<Expression>, bool)>,
    /// How many rows before the current one are in the frame, where it is one of rows.
    pub(super) preceding: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    /// A column, with or without its table.
    Column(String),
    /// The item of the select at this place, by its name.
    Item(usize),
    Null,
    /// A whole or a decimal number.
    Number(String),
    Text(String),
    /// A quantity in `q('…')`.
    Quantity(String),
    /// A text that a comparison with a quantity takes for one.
    Worded(String),
    Negate(Box<Self>),
    Arithmetic(Operator, Box<Self>, Box<Self>),
    Compare(Relation, Box<Self>, Box<Self>),
    Between(Box<Self>, Box<Self>, Box<Self>),
    In(Box<Self>, Vec<Self>, bool),
    InQuery(Box<Self>, Box<Select>, bool),
    Is(Box<Self>, Box<Self>, bool),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Case(Vec<(Self, Self)>, Option<Box<Self>>),
    Coalesce(Box<Self>, Box<Self>),
    NullIf(Box<Self>, Box<Self>),
    Iif(Box<Self>, Box<Self>, Box<Self>),
    /// The lesser or the greater of two.
    Extreme(Function, Box<Self>, Box<Self>),
    Aggregate(Aggregate),
    Window(Box<Window>),
    Scalar(Box<Select>),
    Exists(Box<Select>),
}

impl Expression {
    /// How tightly it holds together: what is looser gets parentheses.
    fn rank(&self) -> u8 {
        match self {
            Self::Or(..) => 0,
            Self::And(..) => 1,
            Self::Not(..) => 2,
            Self::Compare(relation, ..) if !relation.is_equality() => 4,
            Self::Compare(..) | Self::Between(..) | Self::In(..) | Self::InQuery(..) | Self::Is(..) => 3,
            Self::Arithmetic(operator, ..) if operator.is_sum() => 5,
            Self::Arithmetic(..) => 6,
            Self::Negate(..) => 7,
            _ => 8,
        }
    }

    /// Whether it is true or false.
    pub(super) fn is_condition(&self) -> bool {
        self.rank() <= 4 || matches!(self, Self::Exists(_))
    }

    /// The text of a part that has to hold together so tightly.
    fn part(&self, rank: u8) -> String {
        if self.rank() < rank { format!("({self})") } else { self.to_string() }
    }

    /// The parts of it that are expressions of the same rows.
    pub(super) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Negate(a) | Self::Not(a) | Self::InQuery(a, ..) => vec![a],
            Self::Arithmetic(_, a, b)
            | Self::Compare(_, a, b)
            | Self::Is(a, b, _)
            | Self::And(a, b)
            | Self::Or(a, b) => vec![a, b],
            Self::Coalesce(a, b) | Self::NullIf(a, b) | Self::Extreme(_, a, b) => vec![a, b],
            Self::Between(a, b, c) | Self::Iif(a, b, c) => vec![a, b, c],
            Self::In(a, list, _) => std::iter::once(&**a).chain(list).collect(),
            Self::Case(arms, other) => {
                arms.iter().flat_map(|(when, then)| [when, then]).chain(other.as_deref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether an aggregate is in it.
    pub(super) fn is_aggregated(&self) -> bool {
        matches!(self, Self::Aggregate(_)) || self.parts().into_iter().any(Self::is_aggregated)
    }

    /// Whether a quantity meets in it: a comparison of such is put behind plain ones.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Quantity(_) | Self::Worded(_) | Self::InQuery(..) | Self::Scalar(_) | Self::Exists(_) => false,
            Self::Column(name) => !name.ends_with("amount") && !name.ends_with("item") && !name.contains('x'),
            Self::Aggregate(_) | Self::Window(_) | Self::Item(_) => false,
            _ => self.parts().into_iter().all(Self::is_plain),
        }
    }
}

fn negation(is_negated: bool) -> &'static str {
    if is_negated { "not " } else { "" }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(name) | Self::Number(name) => f.write_str(name),
            Self::Item(at) => write!(f, "x{at}"),
            Self::Null => f.write_str("null"),
            Self::Text(text) | Self::Worded(text) => write!(f, "'{text}'"),
            Self::Quantity(text) => write!(f, "q('{text}')"),
            Self::Negate(a) => write!(f, "- {}", a.part(8)),
            Self::Arithmetic(operator, a, b) => {
                let rank = self.rank();
                write!(f, "{} {} {}", a.part(rank), operator.sign(), b.part(rank + 1))
            }
            Self::Compare(relation, a, b) => write!(f, "{} {} {}", a.part(5), relation.sign(), b.part(5)),
            Self::Between(a, lo, hi) => write!(f, "{} between {} and {}", a.part(5), lo.part(5), hi.part(5)),
            Self::In(a, list, no) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(f, "{} {}in ({})", a.part(5), negation(*no), list.join(", "))
            }
            Self::InQuery(a, query, no) => write!(f, "{} {}in ({query})", a.part(5), negation(*no)),
            Self::Is(a, b, no) => write!(f, "{} is {}{}", a.part(5), negation(*no), b.part(5)),
            Self::And(a, b) => write!(f, "{} and {}", a.part(2), b.part(2)),
            Self::Or(a, b) => write!(f, "{} or {}", a.part(1), b.part(1)),
            Self::Not(a) => write!(f, "not {}", a.part(8)),
            Self::Case(arms, other) => {
                f.write_str("case")?;
                for (when, then) in arms {
                    write!(f, " when {when} then {then}")?;
                }
                other.iter().try_for_each(|other| write!(f, " else {other}"))?;
                f.write_str(" end")
            }
            Self::Coalesce(a, b) => write!(f, "coalesce({a}, {b})"),
            Self::NullIf(a, b) => write!(f, "nullif({a}, {b})"),
            Self::Iif(a, b, c) => write!(f, "iif({a}, {b}, {c})"),
            Self::Extreme(function, a, b) => write!(f, "{}({a}, {b})", function.name()),
            Self::Aggregate(aggregate) => write!(f, "{aggregate}"),
            Self::Window(window) => write!(f, "{window}"),
            Self::Scalar(select) => write!(f, "({select})"),
            Self::Exists(select) => write!(f, "exists ({select})"),
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let distinct = if self.is_distinct { "distinct " } else { "" };
        let argument = self.argument.as_ref().map_or("*".to_owned(), ToString::to_string);
        write!(f, "{}({distinct}{argument})", self.function.name())?;
        self.filter.iter().try_for_each(|filter| write!(f, " filter (where {filter})"))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Windowed::Rank => f.write_str("rank()")?,
            Windowed::Lag(of) => write!(f, "lag({of})")?,
            Windowed::Of(aggregate) => write!(f, "{aggregate}")?,
        }
        let partition = self.partition.iter().map(|by| format!("partition by {by}"));
        let order = self.order.iter().map(|(by, desc)| format!("order by {by}{}", if *desc { " desc" } else { "" }));
        let frame = self.preceding.iter().map(|rows| format!("rows between {rows} preceding and current row"));
        write!(f, " over ({})", partition.chain(order).chain(frame).collect::<Vec<_>>().join(" "))
    }
}
