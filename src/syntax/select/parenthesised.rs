//! The proof of a tree: the statement with parentheses around each expression in it. SQLite must compile that to the
//! program of the statement as it is written; where an operand was cut wrongly, the program is another.

use super::ast::{Expression, ExpressionKind, Select, Span};
use super::node::Node;
use crate::syntax::sql::tokens;

/// The statement with parentheses around every expression of an operator, other than that of a whole result column
/// without an alias, whose text is its name. Where a select refers by such a name to an expression with several
/// operators, the result does not compile.
#[must_use]
pub fn parenthesised(sql: &str, select: &Select) -> String {
    let mut writer = Writer { sql, written: 0, text: String::with_capacity(sql.len() * 2) };
    writer.children(Node::Select(select));
    writer.copy_to(sql.len());
    writer.text
}

/// The text as it is made, from left to right.
struct Writer<'s> {
    sql: &'s str,
    /// The end of the copied part of the statement.
    written: usize,
    text: String,
}

impl Writer<'_> {
    fn node(&mut self, node: Node<'_>) {
        match node {
            Node::Expression(expression) if has_operator(expression) && !self.begins_as_select(&expression.span) => {
                self.copy_to(expression.span.start);
                self.text.push('(');
                self.children(node);
                self.copy_to(expression.span.end);
                self.text.push(')');
            }
            Node::ResultColumn(column) if column.alias.is_none() => {
                if let Some(expression) = &column.expression {
                    self.children(Node::Expression(expression));
                }
            }
            _ => self.children(node),
        }
    }

    /// True if the first word is `with`, here a column: behind a parenthesis it would begin a sub-select.
    fn begins_as_select(&self, span: &Span) -> bool {
        let text = &self.sql[span.clone()];
        tokens(text).next().is_some_and(|first| first.is_word(text, "with"))
    }

    fn children(&mut self, node: Node<'_>) {
        for child in node.children() {
            self.node(child);
        }
    }

    fn copy_to(&mut self, end: usize) {
        self.text.push_str(&self.sql[self.written..end]);
        self.written = end;
    }
}

fn has_operator(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Unary(..)
            | ExpressionKind::Binary { .. }
            | ExpressionKind::Is { .. }
            | ExpressionKind::IsNull { .. }
            | ExpressionKind::Like { .. }
            | ExpressionKind::Between { .. }
            | ExpressionKind::In { .. }
            | ExpressionKind::Collate { .. }
    )
}
