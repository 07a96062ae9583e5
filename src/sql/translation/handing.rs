//! What SQLite's own functions do with a quantity among their arguments.

use crate::store::udf;
use crate::store::udf::probes::ProbeKind;
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, Node};

/// Functions of SQLite's own that write their arguments into a text.
const TEXT_SCALARS: [&str; 6] = ["concat", "concat_ws", "format", "json_array", "json_object", "printf"];

/// Aggregates that do.
const TEXT_AGGREGATES: [&str; 4] = ["group_concat", "json_group_array", "json_group_object", "string_agg"];

/// What a function does with a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handing {
    /// Another function does the same with units.
    Translated(ProbeKind),
    /// It hands on one of its arguments.
    PassedOn,
    /// Nothing is known of it.
    Unknown,
}

/// What SQLite's own function does with a quantity among its arguments.
pub(super) fn handing(call: &Call) -> Handing {
    let name = call.name.text.to_ascii_lowercase();
    Handing::Translated(match (name.as_str(), call.arguments.len()) {
        (_, 0) => return Handing::Unknown,
        ("sum" | "avg" | "median" | "min" | "max", 1) => ProbeKind::Aggregate,
        // It is 0 without a unit where there are no rows.
        ("total", 1) => ProbeKind::MixedAggregate,
        ("count", 1) if call.distinct.is_some() => ProbeKind::PlainAggregate,
        ("round" | "abs" | "nullif" | "min" | "max", _) => ProbeKind::Scalar,
        ("sign", _) => ProbeKind::Plain,
        _ if is_text_call(call) && call.over.is_some() => return Handing::Unknown,
        _ if is_text_aggregate(call) => ProbeKind::PlainAggregate,
        _ if is_text_call(call) => ProbeKind::Plain,
        ("coalesce" | "ifnull" | "iif" | "if" | "lag" | "lead" | "first_value" | "last_value" | "nth_value", _) => {
            return Handing::PassedOn;
        }
        _ => return Handing::Unknown,
    })
}

/// True for an aggregate that is no window function.
pub(super) fn is_aggregate(call: &Call) -> bool {
    let name = &call.name.text;
    let is_translated = matches!(handing(call), Handing::Translated(kind) if kind.is_aggregate());
    let is_known = || name.eq_ignore_ascii_case("count") || is_text_aggregate(call) || udf::is_aggregate(name);
    call.over.is_none() && (is_translated || is_known())
}

/// True if an expression may be written a second time: each function in it is known to give the same again, and to do nothing else.
pub(super) fn is_repeatable(expression: &Expression) -> bool {
    let mut is_repeatable = true;
    Node::Expression(expression).walk(|node| {
        if let Node::Expression(Expression { kind: ExpressionKind::Call(call), .. }) = node {
            let name = &call.name.text;
            let mut known = udf::signatures().filter_map(|signature| signature.split('(').next());
            is_repeatable &=
                known.any(|known| known.eq_ignore_ascii_case(name)) && !name.eq_ignore_ascii_case("random");
        }
        is_repeatable
    });
    is_repeatable
}

/// True for a call that writes its arguments into a text.
pub(super) fn is_text_call(call: &Call) -> bool {
    let is = |names: &[&str]| names.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
    is(&TEXT_SCALARS) || is_text_aggregate(call)
}

/// True for such an aggregate.
pub(super) fn is_text_aggregate(call: &Call) -> bool {
    TEXT_AGGREGATES.iter().any(|name| call.name.text.eq_ignore_ascii_case(name))
}

/// True for what may be around a text of quantities: anything else would read it as a number, or in a way of its own.
pub(super) fn takes_text(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Binary { operator, .. } => {
            matches!(operator, BinaryOperator::Concatenate | BinaryOperator::And | BinaryOperator::Or)
        }
        ExpressionKind::Call(call) => is_text_call(call),
        ExpressionKind::Like { .. }
        | ExpressionKind::Parenthesised(_)
        | ExpressionKind::Case { .. }
        | ExpressionKind::Collate { .. }
        | ExpressionKind::Column(_)
        | ExpressionKind::Literal(_) => true,
        _ => false,
    }
}

/// True for a call that writes its arguments by a format, each as the format says.
pub(super) fn is_format(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Call(call)
        if ["printf", "format"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name)))
}
