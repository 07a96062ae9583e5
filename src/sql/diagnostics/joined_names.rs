//! Joins by names: a column of texts beside another, as in `on donor = country`, where one has `UK` and the other `United Kingdom`. The
//! book knows them as one actor, and the rows find no partner.

use super::column_scope::{CatalogueColumn, ScopedCore, only_column, unwrapped};
use crate::store::Book;
use crate::store::catalogue::ColumnKind;
use crate::syntax::select::{BinaryOperator, Expression, ExpressionKind, InSet, JoinConstraint, TableOrSubquery};

/// The most pairs of columns of a `select` that are looked up.
const MAX_JOINS: usize = 4;

/// The most pairs of names that a warning has.
const MAX_NAMED: usize = 4;

/// Two columns beside each other, each as it is written.
struct JoinedColumns<'b> {
    columns: [CatalogueColumn<'b>; 2],
    written: [String; 2],
}

/// The warnings about the names that the columns of a `select` are joined by.
pub(super) fn warnings(book: &Book, sql: &str, scoped: &ScopedCore<'_, '_>) -> Vec<String> {
    let of_conditions = scoped.expressions.iter().filter_map(|expression| joined(book, sql, scoped, expression));
    let of_using = scoped.core.from.iter().flat_map(|table| using(scoped, table));
    let is_by_name = |joined: &JoinedColumns<'_>| {
        let is_text = |found: &CatalogueColumn<'_>| found.column.kind == ColumnKind::Text && !found.column.is_date;
        let [left, right] = &joined.columns;
        let is_same = std::ptr::eq(left.column, right.column);
        is_text(left) && is_text(right) && !is_same
    };
    let joins = of_conditions.chain(of_using).filter(is_by_name).take(MAX_JOINS);
    joins.filter_map(|joined| warning(book, sql, &joined)).collect()
}

/// The two columns that a condition compares.
fn joined<'b>(
    book: &'b Book,
    sql: &str,
    scoped: &ScopedCore<'_, 'b>,
    expression: &Expression,
) -> Option<JoinedColumns<'b>> {
    let text = |expression: &Expression| sql[expression.span.clone()].to_owned();
    match &expression.kind {
        ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right, .. }
        | ExpressionKind::Is { left, right, .. } => {
            let columns = [scoped.scope.column(left)?, scoped.scope.column(right)?];
            Some(JoinedColumns { columns, written: [text(unwrapped(left)), text(unwrapped(right))] })
        }
        ExpressionKind::In { operand, set: InSet::Select(select), .. } => {
            let found = only_column(book, sql, select, &scoped.common_tables)?;
            let columns = [scoped.scope.column(operand)?, found];
            Some(JoinedColumns { columns, written: [text(unwrapped(operand)), found.column.name.to_string()] })
        }
        _ => None,
    }
}

/// The columns of `using` behind a table: that of the table, and that of one before it.
fn using<'b>(scoped: &ScopedCore<'_, 'b>, table: &TableOrSubquery) -> Vec<JoinedColumns<'b>> {
    let Some(JoinConstraint::Using(names)) = &table.constraint else { return Vec::new() };
    let joined = |name: &str| {
        let mut found = scoped.scope.columns(name).into_iter();
        let columns = [found.next()?, found.next()?];
        let written = columns.map(|found| format!("{}.{name}", found.view.name));
        Some(JoinedColumns { columns, written })
    };
    names.iter().filter_map(|name| joined(&name.text)).collect()
}

fn warning(book: &Book, sql: &str, joined: &JoinedColumns<'_>) -> Option<String> {
    let [left, right] = joined.columns.map(|found| (found.view, found.column));
    let (mut pairs, is_of_right) = book.unmatched_names(left, right).ok()?;
    let [mut left_written, mut right_written] = joined.written.each_ref();
    if !is_of_right {
        std::mem::swap(&mut left_written, &mut right_written);
        pairs = pairs.into_iter().map(|(one, other)| (other, one)).collect();
    }
    // Who writes a name knows it.
    pairs.retain(|(one, other)| ![one, other].iter().any(|name| sql.contains(&format!("'{name}'"))));
    let more = pairs.len().saturating_sub(MAX_NAMED);
    pairs.truncate(MAX_NAMED);
    let texts: Vec<String> = pairs.iter().map(|(one, other)| format!("`{one}` is `{other}`")).collect();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let whens: Vec<String> =
        pairs.iter().map(|(one, other)| format!("when {} then {}", quoted(one), quoted(other))).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!pairs.is_empty()).then(|| {
        format!(
            "`{left_written}` and `{right_written}` have other names for one actor, and such rows find no partner: {}{more}; \
             `case {left_written} {} else {left_written} end = {right_written}` finds it",
            texts.join(", "),
            whens.join(" ")
        )
    })
}
