//! Names and numbers in `order by` beside a star: SQLite takes a name for the first result column that has it, and a number counts the
//! columns of a star. Each is written as the column of its table, so that it is known which it is.

use super::rewrite::{Edit, uncollated};
use super::stars::{StarredColumn, columns};
use crate::store::{Book, quote_identifier};
use crate::syntax::select::{Expression, ExpressionKind, Literal, Node, Select, SelectCore};

/// The edits that name the columns of tables in `order by`; `None` where it is not known which column a name means.
pub(super) fn edits(book: &Book, sql: &str, statement: &Select) -> Option<Vec<Edit>> {
    let (mut edits, mut is_known) = (Vec::new(), true);
    Node::Select(statement).walk(|node| {
        if let Node::Select(select) = node
            && let [core] = &select.cores[..]
            && core.columns.iter().any(|column| column.expression.is_none())
            && !select.order_by.is_empty()
        {
            match columns(book, sql, statement, core) {
                Some(columns) => edits.extend(
                    select.order_by.iter().filter_map(|term| edit(sql, &columns, uncollated(&term.expression))),
                ),
                None => is_known &= !select.order_by.iter().any(|term| names_alias(core, uncollated(&term.expression))),
            }
        }
        true
    });
    is_known.then_some(edits)
}

/// The edit of a term that is the name or the number of a column of a star, or the number of one that has a name.
fn edit(sql: &str, columns: &[StarredColumn], expression: &Expression) -> Option<Edit> {
    let find = |name: &str| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
    let text = match &expression.kind {
        ExpressionKind::Column(names) => {
            let [name] = &names[..] else { return None };
            find(&name.text)?.of_table.clone()?
        }
        ExpressionKind::Literal(Literal::Integer) => {
            let number: usize = sql[expression.span.clone()].parse().ok()?;
            let column = columns.get(number.checked_sub(1)?)?;
            let is_first = || find(&column.name).is_some_and(|first| std::ptr::eq(first, column));
            let own = || (!column.name.is_empty() && is_first()).then(|| quote_identifier(&column.name));
            column.of_table.clone().or_else(own)?
        }
        _ => return None,
    };
    Some((expression.span.clone(), text))
}

/// True for a name that a result column behind a star was given.
fn names_alias(core: &SelectCore, expression: &Expression) -> bool {
    let ExpressionKind::Column(names) = &expression.kind else { return false };
    let [name] = &names[..] else { return false };
    let behind = core.columns.iter().skip_while(|column| column.expression.is_some());
    behind.filter_map(|column| column.alias.as_ref()).any(|alias| alias.text.eq_ignore_ascii_case(&name.text))
}
