//! Literals that answer otherwise than a reader may expect: texts in single quotes where a column was meant, comparisons with NULL, the
//! truth values of JSON, which a column holds as texts, and decimal fractions, which SQL calculates with in binary.

use super::column_scope::{CatalogueColumn, ScopedCore, unwrapped};
use crate::store::Book;
use crate::store::catalogue::ColumnKind;
use crate::syntax::select::{BinaryOperator, Expression, ExpressionKind, InSet, Literal, Node};

/// The warnings about the literals of a `select`.
pub(super) fn warnings(book: &Book, sql: &str, scoped: &ScopedCore<'_, '_>) -> Vec<String> {
    let terms = scoped.select.order_by.iter().map(|term| ("order by", &term.expression));
    let keys = scoped.core.group_by.iter().map(|term| ("group by", &term.expression));
    let constant = terms.chain(keys).filter(|(_, key)| is_text(key)).map(|(clause, key)| {
        let written = &sql[key.span.clone()];
        let column = written.trim_matches(['\'', '(', ')', ' ']);
        format!(
            "`{clause} {written}` has one text for every row: a column is written without quotes, or as `\"{column}\"`"
        )
    });
    let of = |expression: &&Expression| {
        comparison(sql, scoped, expression)
            .or_else(|| fraction(sql, expression))
            .or_else(|| truth(book, sql, scoped, expression))
    };
    let condition = scoped.core.where_clause.as_ref().and_then(|condition| truth_column(book, scoped, condition));
    let conditions = condition.map(|column| truth_warning(&column, "true"));
    constant.chain(scoped.expressions.iter().filter_map(of)).chain(conditions).collect()
}

/// A column that holds truth values as texts.
fn truth_column<'b>(book: &Book, scoped: &ScopedCore<'_, 'b>, column: &Expression) -> Option<CatalogueColumn<'b>> {
    let found = scoped.scope.column(column).filter(|found| found.column.kind == ColumnKind::Text)?;
    let holds = |text: &str| book.has_text(found.view, &found.column.name, "=", text).unwrap_or_default();
    (holds("true") || holds("false")).then_some(found)
}

fn truth_warning(CatalogueColumn { column, .. }: &CatalogueColumn<'_>, truth: &str) -> String {
    let name = &column.name;
    format!("`{name}` holds `true` and `false` as texts: write `{name} = '{truth}'`")
}

/// The warning about a comparison of such a column with a truth value.
fn truth(book: &Book, sql: &str, scoped: &ScopedCore<'_, '_>, expression: &Expression) -> Option<String> {
    let (ExpressionKind::Binary { operator: BinaryOperator::Equal | BinaryOperator::NotEqual, left, right, .. }
    | ExpressionKind::Is { left, right, .. }) = &expression.kind
    else {
        return None;
    };
    let truth = match &sql[right.span.clone()] {
        value if value.eq_ignore_ascii_case("true") || value == "1" => "true",
        value if value.eq_ignore_ascii_case("false") || value == "0" => "false",
        _ => return None,
    };
    Some(truth_warning(&truth_column(book, scoped, left)?, truth))
}

/// The warning about a comparison with what is calculated from decimal fractions.
fn fraction(sql: &str, expression: &Expression) -> Option<String> {
    use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let ExpressionKind::Binary { operator, left, right, .. } = &expression.kind else { return None };
    if !matches!(operator, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual) {
        return None;
    }
    let calculated = [left, right].into_iter().find(|side| is_calculated(side))?;
    Some(format!(
        "`{}` is calculated in binary, where few decimal fractions are exact: a script compares such numbers exactly",
        &sql[calculated.span.clone()]
    ))
}

/// True for a calculation with literals alone, a decimal fraction among them.
fn is_calculated(expression: &Expression) -> bool {
    let (mut has_fraction, mut is_constant) = (false, true);
    Node::Expression(expression).walk(|node| {
        if let Node::Expression(inner) = node {
            match &inner.kind {
                ExpressionKind::Literal(Literal::Real) => has_fraction = true,
                ExpressionKind::Literal(Literal::Integer)
                | ExpressionKind::Parenthesised(_)
                | ExpressionKind::Unary(..)
                | ExpressionKind::Binary { .. } => {}
                _ => is_constant = false,
            }
        }
        is_constant
    });
    is_constant && has_fraction && matches!(unwrapped(expression).kind, ExpressionKind::Binary { .. })
}

/// True for a text in single quotes.
fn is_text(expression: &Expression) -> bool {
    matches!(unwrapped(expression).kind, ExpressionKind::Literal(Literal::Text))
}

fn is_null(expression: &Expression) -> bool {
    matches!(unwrapped(expression).kind, ExpressionKind::Literal(Literal::Null))
}

/// The warning about a comparison that answers the same for every row.
fn comparison(sql: &str, scoped: &ScopedCore<'_, '_>, expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Binary { operator, left, right, .. } => {
            let written = &sql[expression.span.clone()];
            let compared = &sql[left.span.clone()];
            let is = match operator {
                BinaryOperator::Equal => "is null",
                BinaryOperator::NotEqual => "is not null",
                _ => return None,
            };
            if is_null(right) {
                return Some(format!("`{written}` is never true: write `{compared} {is}`"));
            }
            let named = [left, right].into_iter().filter(|_| is_text(left) && is_text(right)).find_map(|side| {
                let name = sql[unwrapped(side).span.clone()].trim_matches('\'');
                scoped.scope.has(name).then_some(name)
            })?;
            Some(format!("`{written}` compares two texts, the same for every row: the column is `{named}`"))
        }
        ExpressionKind::In { is_negated: true, set: InSet::List(list), .. } if list.iter().any(is_null) => {
            Some(format!("`{}` is never true, since NULL is in the list", &sql[expression.span.clone()]))
        }
        _ => None,
    }
}
