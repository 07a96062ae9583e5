//! The calls of functions that are handed quantities: each becomes that of the function that does the same with units.

use super::handing::is_text_call;
use super::rewrite::{Edit, Rewrite};
use super::translator::{Translator, is_text};
use crate::syntax::select::{Call, Expression};

impl Translator<'_> {
    /// A call that is handed a quantity.
    pub(super) fn call(&mut self, expression: &Expression, call: &Call) -> String {
        let (site, count) = (expression.id, call.arguments.len());
        let name = call.name.text.to_ascii_lowercase();
        match name.as_str() {
            "count" => {
                let plain = self.plain_value(site, &call.arguments[0]);
                self.with_arguments(expression, call, "count", |text| {
                    plain.unwrap_or_else(|| format!("pledgebook_equality_key({site}, {text})"))
                })
            }
            "total" if call.distinct.is_some() => self.refused(expression),
            "sum" | "avg" if call.distinct.is_some() => {
                self.aggregate(expression, call, &format!("pledgebook_{name}_distinct"))
            }
            "min" | "max" if count == 1 && self.shows_a_row && call.over.is_none() => {
                let is_least = u8::from(name == "min");
                let text = self.with_arguments(expression, call, &name, |text| {
                    format!("pledgebook_top_key({site}, {text}, {is_least})")
                });
                format!("pledgebook_top({site}, {text})")
            }
            "sum" | "avg" | "total" | "median" | "min" | "max" if count == 1 => {
                self.aggregate(expression, call, &format!("pledgebook_{name}"))
            }
            "min" => self.function(site, "least", &call.arguments),
            "max" => self.function(site, "greatest", &call.arguments),
            "round" | "abs" | "sign" => {
                let (first, others) = call.arguments.split_at(1);
                let first = self.operand(&first[0]);
                let others = others.iter().map(|other| self.expression(other));
                let all: Vec<String> = [site.to_string(), first].into_iter().chain(others).collect();
                format!("pledgebook_{name}({})", all.join(", "))
            }
            "nullif" => self.function(site, "nullif", &call.arguments),
            _ if is_text_call(call) => self.text_call(expression, call),
            _ => self.refused(expression),
        }
    }

    /// A call that hands on one of its arguments.
    pub(super) fn passed_on(&mut self, expression: &Expression, call: &Call) -> String {
        if !self.types.argument(expression.id, 0).plain {
            return self.kept(expression);
        }
        if call.arguments.iter().any(is_text) {
            return self.refused(expression);
        }
        // A number among them is one in the unit of the others, if any.
        let name = call.name.text.to_ascii_lowercase();
        let is_value = |at: usize| match name.as_str() {
            "lag" | "lead" => at != 1,
            "nth_value" => at == 0,
            "iif" | "if" => at > 0,
            _ => true,
        };
        let mut edits: Vec<Edit> = Vec::new();
        for (at, argument) in call.arguments.iter().enumerate().filter(|(at, _)| is_value(*at)) {
            if let Some(text) = self.number(argument) {
                edits.push((call.arguments[at].span.clone(), text));
            }
        }
        let text = self.kept_with(expression, edits);
        format!("pledgebook_of({}, {text})", expression.id)
    }

    /// An aggregate under another name, its site before its argument.
    fn aggregate(&mut self, expression: &Expression, call: &Call, name: &str) -> String {
        let site = expression.id;
        let plain = self.plain_rows(site, &call.arguments[0]);
        self.with_arguments(expression, call, name, |text| plain.unwrap_or_else(|| format!("{site}, {text}")))
    }

    /// A call under a name, without `distinct` where the function has its own, and its first argument written otherwise.
    fn with_arguments(
        &mut self,
        expression: &Expression,
        call: &Call,
        name: &str,
        write: impl FnOnce(&str) -> String,
    ) -> String {
        let mut edits: Vec<Edit> = vec![(call.name.span.clone(), name.to_owned())];
        if let (Some(distinct), true) = (&call.distinct, name.starts_with("pledgebook_")) {
            edits.push((distinct.clone(), String::new()));
        }
        let text = self.expression(&call.arguments[0]);
        edits.push((call.arguments[0].span.clone(), write(&text)));
        self.kept_with(expression, edits)
    }
}
