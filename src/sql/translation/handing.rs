//! What SQLite's own functions do with a quantity among their arguments.

use crate::store::udf;
use crate::syntax::select::{Call, Expression, ExpressionKind, Node};

/// Aggregates besides those that have a translation.
const AGGREGATES: [&str; 10] = [
    "count",
    "group_concat",
    "json_group_array",
    "json_group_object",
    "q_avg",
    "q_max",
    "q_min",
    "q_sum",
    "q_sum_known",
    "string_agg",
];

/// What a function does with a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handing {
    /// Another function does the same with units, and gives a quantity.
    Scalar,
    /// The same for an aggregate.
    Aggregate,
    /// It gives a plain value.
    Plain,
    /// The same for an aggregate.
    PlainAggregate,
    /// An aggregate that is 0 without a unit where there are no rows.
    MixedAggregate,
    /// It hands on one of its arguments.
    PassedOn,
    /// Nothing is known of it.
    Unknown,
}

/// What SQLite's own function does with a quantity among its arguments.
pub(super) fn handing(call: &Call) -> Handing {
    let name = call.name.text.to_ascii_lowercase();
    match (name.as_str(), call.arguments.len()) {
        (_, 0) => Handing::Unknown,
        ("sum" | "avg" | "median" | "min" | "max", 1) => Handing::Aggregate,
        ("total", 1) => Handing::MixedAggregate,
        ("count", 1) if call.distinct.is_some() => Handing::PlainAggregate,
        ("round" | "abs" | "nullif" | "min" | "max", _) => Handing::Scalar,
        ("sign", _) => Handing::Plain,
        ("coalesce" | "ifnull" | "iif" | "if" | "lag" | "lead" | "first_value" | "last_value" | "nth_value", _) => {
            Handing::PassedOn
        }
        _ => Handing::Unknown,
    }
}

/// True for an aggregate that is no window function.
pub(super) fn is_aggregate(call: &Call) -> bool {
    let is_named = |names: &[&str]| names.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
    call.over.is_none()
        && (matches!(handing(call), Handing::Aggregate | Handing::PlainAggregate | Handing::MixedAggregate)
            || is_named(&AGGREGATES))
}

/// Functions of SQLite that give something else each time.
const UNREPEATABLE: [&str; 5] = ["changes", "last_insert_rowid", "random", "randomblob", "total_changes"];

/// True if an expression may be written a second time: each function in it is known to give the same again, and to do nothing else.
pub(super) fn is_repeatable(expression: &Expression) -> bool {
    let mut is_repeatable = true;
    Node::Expression(expression).walk(|node| {
        if let Node::Expression(Expression { kind: ExpressionKind::Call(call), .. }) = node {
            let name = &call.name.text;
            let is_known = udf::signatures().any(|signature| {
                signature.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                    && signature[name.len()..].starts_with('(')
            });
            is_repeatable &= is_known && !UNREPEATABLE.iter().any(|known| name.eq_ignore_ascii_case(known));
        }
        is_repeatable
    });
    is_repeatable
}
