//! Aggregates of plain columns with empty cells: such a row is left out; of what is calculated from several columns, with what its other
//! cells hold. The statement that counts such rows is that of the `select` itself.

use super::column_scope::{ScopedCore, unwrapped};
use super::joined::from_end;
use crate::store::catalogue::ColumnKind;
use crate::syntax::select::{BinaryOperator, Call, Expression, ExpressionKind, UnaryOperator};

/// The aggregates that leave NULL out.
const AGGREGATES: [&str; 6] = ["sum", "total", "avg", "median", "min", "max"];

/// Those that answer about all rows, so that an empty cell of one column matters too.
const OF_ALL: [&str; 4] = ["sum", "total", "avg", "median"];

/// An aggregate of one column, or of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftOutQuestion {
    /// The statement that counts the rows that are left out although a cell of them has a value, and all rows.
    pub(super) counting: String,
    /// The aggregates, of which there are several of one column alone.
    aggregates: Vec<String>,
    argument: String,
    /// True if the argument has one column.
    is_alone: bool,
}

/// The questions about the aggregates of a `select`.
pub(super) fn questions(sql: &str, scoped: &ScopedCore<'_, '_>) -> Vec<LeftOutQuestion> {
    let calls = scoped.expressions.iter().filter_map(|expression| match &expression.kind {
        ExpressionKind::Call(call) => Some(&**call),
        _ => None,
    });
    let mut questions: Vec<LeftOutQuestion> = Vec::new();
    for question in calls.filter_map(|call| question(sql, scoped, call)) {
        match questions.iter_mut().find(|known| known.is_alone && known.counting == question.counting) {
            Some(known) if !known.aggregates.contains(&question.aggregates[0]) => {
                known.aggregates.extend(question.aggregates);
            }
            Some(_) => {}
            None => questions.push(question),
        }
    }
    questions
}

fn question(sql: &str, scoped: &ScopedCore<'_, '_>, call: &Call) -> Option<LeftOutQuestion> {
    let is_aggregate = AGGREGATES.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
    let ([argument], true) = (&call.arguments[..], is_aggregate && call.over.is_none()) else { return None };
    let mut columns: Vec<&str> = Vec::new();
    let is_of_all = OF_ALL.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
    let least = if is_of_all { 1 } else { 2 };
    if !adds_columns(sql, scoped, argument, &mut columns) || columns.len() < least {
        return None;
    }
    let core = scoped.core;
    let from = &sql[core.from.first()?.span.start..from_end(sql, core)?];
    let conditions = core.where_clause.iter().chain(call.filter.iter().map(|filter| &**filter));
    let conditions: Vec<String> = conditions.map(|condition| format!("({})", &sql[condition.span.clone()])).collect();
    let filter = if conditions.is_empty() { String::new() } else { format!("\n where {}", conditions.join(" and ")) };
    let with = scoped.common_tables_text(sql);
    let written = &sql[argument.span.clone()];
    let is_alone = columns.len() == 1;
    let any = if is_alone {
        vec!["1".to_owned()]
    } else {
        columns.iter().map(|column| format!("{column} is not null")).collect()
    };
    let counting = format!(
        "{with}select count(*) filter (where ({written}) is null and ({})), count(*) from {from}{filter}",
        any.join(" or ")
    );
    let (aggregates, argument) = (vec![call.name.text.clone()], written.to_owned());
    Some(LeftOutQuestion { counting, aggregates, argument, is_alone })
}

/// Adds the columns of a sum or a difference to a list; false where something else is in it, or a quantity, of which its rows say it.
fn adds_columns<'s>(
    sql: &'s str,
    scoped: &ScopedCore<'_, '_>,
    expression: &Expression,
    columns: &mut Vec<&'s str>,
) -> bool {
    match &unwrapped(expression).kind {
        ExpressionKind::Literal(_) => true,
        ExpressionKind::Column(_) => {
            let is_plain =
                scoped.scope.column(expression).is_some_and(|found| found.column.kind == ColumnKind::Integer);
            let written = &sql[unwrapped(expression).span.clone()];
            if !columns.contains(&written) {
                columns.push(written);
            }
            is_plain
        }
        ExpressionKind::Unary(UnaryOperator::Minus | UnaryOperator::Plus, operand) => {
            adds_columns(sql, scoped, operand, columns)
        }
        ExpressionKind::Binary { operator: BinaryOperator::Add | BinaryOperator::Subtract, left, right, .. } => {
            adds_columns(sql, scoped, left, columns) && adds_columns(sql, scoped, right, columns)
        }
        _ => false,
    }
}

impl LeftOutQuestion {
    /// The warning about so many rows of all.
    pub(super) fn warning(&self, counts: &[Option<i64>]) -> Option<String> {
        let &[Some(left_out), Some(all)] = counts else { return None };
        let Self { aggregates, argument, is_alone, .. } = self;
        let (aggregate, leave) = (aggregates.join("` and `"), if aggregates.len() == 1 { "leaves" } else { "leave" });
        let (have, them) = if left_out == 1 { ("has", "it") } else { ("have", "them") };
        if *is_alone {
            return (left_out > 0)
                .then(|| format!("{left_out} of {all} rows {have} no `{argument}`: `{aggregate}` {leave} {them} out"));
        }
        (left_out > 0).then(|| {
            format!(
                "{left_out} of {all} rows {have} no `{argument}`, since a part of it is empty: `{aggregate}` leaves {them} out; \
                 `coalesce(…, 0)` around each part takes an empty one as 0"
            )
        })
    }
}
