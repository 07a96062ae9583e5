//! Conditions of `case` and `iif` that compare with an empty cell: they are neither true nor false, so that the row is taken for one of those
//! behind `else`. The statement that counts such rows is that of the `select` itself.

use super::column_scope::{ScopedCore, unwrapped};
use super::joined::from_end;
use crate::quantity::human;
use crate::syntax::select::{BinaryOperator, Expression, ExpressionKind, Literal, Node};

/// A `case` or an `iif` with another value for the rows of which no condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndecidedQuestion {
    /// The statement that counts the rows whose conditions compare with an empty cell, and that none of them decides on.
    pub(super) counting: String,
    condition: String,
    column: String,
    otherwise: &'static str,
}

/// The questions about the conditions of a `select`.
pub(super) fn questions(sql: &str, scoped: &ScopedCore<'_, '_>) -> Vec<UndecidedQuestion> {
    scoped.expressions.iter().filter_map(|expression| question(sql, scoped, expression)).collect()
}

fn question(sql: &str, scoped: &ScopedCore<'_, '_>, expression: &Expression) -> Option<UndecidedQuestion> {
    let (conditions, other, otherwise): (Vec<&Expression>, &Expression, _) = match &expression.kind {
        ExpressionKind::Case { base: None, branches, otherwise: Some(other), .. } => {
            (branches.iter().map(|(when, _)| when).collect(), other, "`else`")
        }
        ExpressionKind::Call(call) if ["iif", "if"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name)) => {
            let [condition, _, other] = &call.arguments[..] else { return None };
            (vec![condition], other, "the last argument")
        }
        _ => return None,
    };
    // What is left empty is no answer.
    if matches!(unwrapped(other).kind, ExpressionKind::Literal(Literal::Null)) {
        return None;
    }
    let compared = conditions.iter().copied().find(|condition| compares(condition))?;
    let mut columns: Vec<&str> = Vec::new();
    for condition in &conditions {
        add_columns(sql, scoped, condition, &mut columns);
    }
    let column = (*columns.first()?).to_owned();
    let core = scoped.core;
    let from = &sql[core.from.first()?.span.start..from_end(sql, core)?];
    let filter = core.where_clause.as_ref().map(|condition| format!("({}) and ", &sql[condition.span.clone()]));
    let empty: Vec<String> = columns.iter().map(|column| format!("{column} is null")).collect();
    let open: Vec<String> =
        conditions.iter().map(|condition| format!("({}) is null", &sql[condition.span.clone()])).collect();
    let counting = format!(
        "{}select count(*) from {from}\n where {}({}) and {}",
        scoped.common_tables_text(sql),
        filter.unwrap_or_default(),
        empty.join(" or "),
        open.join(" and ")
    );
    Some(UndecidedQuestion { counting, condition: sql[compared.span.clone()].to_owned(), column, otherwise })
}

/// True for a comparison.
fn compares(condition: &Expression) -> bool {
    use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    match &unwrapped(condition).kind {
        ExpressionKind::Binary { operator, .. } => {
            matches!(operator, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
        }
        ExpressionKind::Between { .. } => true,
        _ => false,
    }
}

/// Adds the columns of a condition that are of the catalogue, as they are written.
fn add_columns<'s>(sql: &'s str, scoped: &ScopedCore<'_, '_>, condition: &Expression, columns: &mut Vec<&'s str>) {
    Node::Expression(condition).walk(|node| {
        if let Node::Expression(expression) = node
            && matches!(expression.kind, ExpressionKind::Column(_))
            && scoped.scope.column(expression).is_some()
        {
            let written = &sql[expression.span.clone()];
            if !columns.contains(&written) {
                columns.push(written);
            }
        }
        !matches!(node, Node::Select(_))
    });
}

impl UndecidedQuestion {
    /// The warning about so many rows.
    pub(super) fn warning(&self, count: i64) -> Option<String> {
        let Self { condition, column, otherwise, .. } = self;
        let rows = human::count(count.unsigned_abs(), "row");
        (count > 0).then(|| {
            format!(
                "in {rows} a cell is empty, which `{condition}` does not decide on: {otherwise} is taken; \
                 `{column} is null` before it tells such rows apart"
            )
        })
    }
}
