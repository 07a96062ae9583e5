//! Texts that are made of quantities: each is written in its text form there, with its unit, facts and stages. Where the text would be read
//! as a number or by another function, it is refused.

use super::rewrite::{Edit, Rewrite, bare};
use super::translator::Translator;
use crate::syntax::select::{Call, Expression, ExpressionKind, Literal};

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
            edits.push((operand.span.clone(), format!("pledgebook_text({}, {text})", expression.id)));
        }
        self.is_refused |= self.other_depth > 0;
        self.kept_with(expression, edits)
    }

    /// A call that writes quantities into a text.
    pub(super) fn text_call(&mut self, expression: &Expression, call: &Call) -> String {
        let is_formatted = ["printf", "format"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
        let is_read_as_text = !is_formatted || self.formats_texts(expression, call);
        // Equal ones may differ in their text form.
        self.is_refused |= call.distinct.is_some() || !is_read_as_text;
        self.with_texts(expression, &call.arguments)
    }

    /// True if the format of `printf` is written out, and writes each quantity as a text.
    fn formats_texts(&self, expression: &Expression, call: &Call) -> bool {
        let [format, ..] = call.arguments.as_slice() else { return false };
        let ExpressionKind::Literal(Literal::Text) = bare(format).kind else { return false };
        let Some(conversions) = conversions(&self.source().sql[format.span.clone()]) else { return false };
        (1..call.arguments.len()).all(|at| {
            let is_text = conversions.get(at - 1).is_none_or(|conversion| TEXT_CONVERSIONS.contains(conversion));
            is_text || !self.types.argument(expression.id, at).quantity
        })
    }
}

/// The conversions of a format, one an argument; `None` where a width is an argument too.
fn conversions(format: &str) -> Option<Vec<char>> {
    let mut found = Vec::new();
    let mut rest = format.chars();
    while rest.by_ref().any(|c| c == '%') {
        let conversion = rest.by_ref().find(|c| c.is_ascii_alphabetic() && *c != 'l' || matches!(c, '%' | '*'))?;
        match conversion {
            '*' => return None,
            '%' => {}
            conversion => found.push(conversion),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::conversions;

    #[test]
    fn a_format_has_a_conversion_for_each_argument() {
        assert_eq!(conversions("'%s: %-10.3s %% %,d %lld'"), Some(vec!['s', 's', 'd', 'd']));
        assert_eq!(conversions("'%*s'"), None);
        assert_eq!(conversions("'none'"), Some(vec![]));
    }
}
