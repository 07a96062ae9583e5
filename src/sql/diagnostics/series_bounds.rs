//! Series of whole numbers that count down: `generate_series` of SQLite has no rows where its first bound is the greater.

use super::column_scope::{ScopedCore, unwrapped};
use super::joined::leaves;
use crate::store::series::SERIES;
use crate::syntax::select::{Expression, ExpressionKind, Literal, TableKind, UnaryOperator};

/// The warning about a series in a `select` that is empty by its bounds.
pub(super) fn warning(sql: &str, core: &ScopedCore<'_, '_>) -> Option<String> {
    leaves(&core.core.from).into_iter().find_map(|table| {
        let TableKind::Function { name, arguments } = &table.kind else { return None };
        let [first, last, ..] = &arguments[..] else { return None };
        let (low, high) = (number(sql, last)?, number(sql, first)?);
        let is_empty = name.name.text.eq_ignore_ascii_case(SERIES) && low < high;
        let written = sql[table.span.clone()].split(" as ").next().unwrap_or_default();
        is_empty.then(|| {
            format!("`{written}` has no rows: `{SERIES}({low}, {high})` counts up, and `order by value desc` puts it in the other order")
        })
    })
}

/// The whole number that an expression is.
fn number(sql: &str, expression: &Expression) -> Option<i64> {
    match &unwrapped(expression).kind {
        ExpressionKind::Literal(Literal::Integer) => sql[unwrapped(expression).span.clone()].parse().ok(),
        ExpressionKind::Unary(UnaryOperator::Minus, operand) => Some(-number(sql, operand)?),
        _ => None,
    }
}
