//! Texts that are made of quantities: each is written in its text form there, with its unit, facts and stages. A text is a result column of
//! the statement itself, or what `like` looks at: anywhere else it would be read as a number or by another function, and is refused.

use super::TEXT_FUNCTION;
use super::handing::{is_format, is_text_call};
use super::rewrite::{Edit, Rewrite, bare};
use super::translator::Translator;
use crate::syntax::select::{
    BinaryOperator, Call, Expression, ExpressionKind, Literal, Node, ResultColumn, Select, SelectCore,
};

/// Conversions of `printf` that write a text as it is, or quoted.
const TEXT_CONVERSIONS: [char; 5] = ['s', 'z', 'q', 'Q', 'w'];

impl Translator<'_> {
    /// An operator or a call with its quantities in their text form.
    pub(super) fn with_texts<'e>(
        &mut self,
        expression: &Expression,
        operands: impl IntoIterator<Item = &'e Expression>,
    ) -> String {
        let mut edits: Vec<Edit> = Vec::new();
        for (at, operand) in operands.into_iter().enumerate() {
            let found = self.types.argument(expression.id, at);
            if !found.quantity {
                continue;
            }
            self.is_refused |= found.plain;
            let text = self.expression(operand);
            edits.push((operand.span.clone(), format!("{TEXT_FUNCTION}({}, {text})", expression.id)));
        }
        self.is_refused |= self.texts.other_depth > 0;
        self.texts.is_written = true;
        self.kept_with(expression, edits)
    }

    /// Refuses a result column with a text of quantities that the select names in another clause: it would be compared there, or counted.
    pub(super) fn check_text_columns(&mut self, select: &Select, core: &SelectCore) {
        let is_text = |column: &ResultColumn| self.texts.columns.contains(&column.id);
        let names: Vec<String> = core
            .columns
            .iter()
            .filter(|column| is_text(column))
            .filter_map(|column| column.alias.as_ref())
            .map(|alias| alias.text.to_lowercase())
            .collect();
        let numbers: Vec<String> = (1..)
            .zip(&core.columns)
            .filter(|(_, column)| is_text(column))
            .map(|(number, _): (usize, _)| number.to_string())
            .collect();
        let terms = core.group_by.iter().chain(&select.order_by).map(|term| &term.expression);
        let mut is_named =
            terms.clone().any(|term| numbers.contains(&self.source().sql[bare(term).span.clone()].to_owned()));
        for clause in core.where_clause.iter().chain(&core.having).chain(terms) {
            Node::Expression(clause).walk(|node| {
                if let Node::Expression(Expression { kind: ExpressionKind::Column(path), .. }) = node
                    && let [name] = path.as_slice()
                {
                    is_named |= names.contains(&name.text.to_lowercase());
                }
                true
            });
        }
        self.is_refused |= is_named;
    }

    /// A call that writes quantities into a text.
    pub(super) fn text_call(&mut self, expression: &Expression, call: &Call) -> String {
        let is_formatted = is_format(expression);
        let is_read_as_text = !is_formatted || self.formats_texts(expression, call);
        // Equal ones may differ in their text form.
        self.is_refused |= call.distinct.is_some() || !is_read_as_text;
        // A text within may be read as a number by a conversion.
        self.is_refused |= is_formatted && call.arguments.iter().any(|argument| self.has_text(argument));
        self.with_texts(expression, &call.arguments)
    }

    /// True if a text is made of a quantity within an expression.
    fn has_text(&self, expression: &Expression) -> bool {
        let mut has_text = false;
        Node::Expression(expression).walk(|node| {
            if let Node::Expression(inner) = node {
                let is_text = match &inner.kind {
                    ExpressionKind::Binary { operator, .. } => *operator == BinaryOperator::Concatenate,
                    ExpressionKind::Call(call) => is_text_call(call),
                    _ => false,
                };
                has_text |= is_text && self.types.takes_quantity(inner.id);
            }
            !has_text
        });
        has_text
    }

    /// True if the format of `printf` is written out, and writes each quantity as a text.
    fn formats_texts(&self, expression: &Expression, call: &Call) -> bool {
        let [format, ..] = call.arguments.as_slice() else { return false };
        let ExpressionKind::Literal(Literal::Text) = bare(format).kind else { return false };
        let Some(conversions) = conversions(&self.source().sql[format.span.clone()]) else { return false };
        (1..call.arguments.len()).all(|at| {
            let is_text = conversions
                .get(at - 1)
                .is_none_or(|(conversion, is_cut)| TEXT_CONVERSIONS.contains(conversion) && !is_cut);
            is_text || !self.types.argument(expression.id, at).quantity
        })
    }
}

/// The conversions of a format, one an argument, each with true if a precision cuts what it writes; `None` where a width is an argument
/// too.
fn conversions(format: &str) -> Option<Vec<(char, bool)>> {
    let mut found = Vec::new();
    let mut rest = format.chars();
    while rest.by_ref().any(|c| c == '%') {
        let mut is_cut = false;
        let conversion = rest.by_ref().find(|c| {
            is_cut |= *c == '.';
            c.is_ascii_alphabetic() && *c != 'l' || matches!(c, '%' | '*')
        })?;
        match conversion {
            '*' => return None,
            '%' => {}
            conversion => found.push((conversion, is_cut)),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::conversions;

    #[test]
    fn a_format_has_a_conversion_for_each_argument() {
        let found = vec![('s', false), ('s', true), ('d', false), ('d', false)];
        assert_eq!(conversions("'%s: %-10.3s %% %,d %lld'"), Some(found));
        assert_eq!(conversions("'%*s'"), None);
        assert_eq!(conversions("'none'"), Some(vec![]));
    }
}
