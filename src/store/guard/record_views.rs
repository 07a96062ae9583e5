//! The views of imported tables in TEMP. Their definitions in the file put a quantity together from plain columns, in SQL that any
//! program reads; here each is one call of the marker, which does the same at once. A definition of another form is left to
//! `tagged_views`.

use super::marker::{DECIMAL_FUNCTION, marked};
use crate::store::catalogue::{ColumnKind, View};
use crate::store::quote_identifier;
use crate::syntax::select::{self, BinaryOperator, Expression, ExpressionKind, Literal, ResultColumn};

/// The most decimal places of a whole number of smallest parts: its power of ten has 64 bits.
const MAX_PLACES: u32 = 18;

/// The canonical decimal of a whole number of smallest parts, as the view of an imported table writes it.
#[must_use]
pub(crate) fn decimal_expression(minor: &str, places: u32) -> String {
    if places == 0 {
        return minor.to_owned();
    }
    let power = 10_u64.pow(places);
    format!(
        "rtrim(rtrim(iif({minor} < 0, '-', '') || (abs({minor}) / {power}) || '.' || \
         substr({power} + abs({minor}) % {power}, 2), '0'), '.')"
    )
}

/// The `create temp view …` of the view of an imported table, from the list of columns and the select of its definition; `None` for a
/// view of another form.
pub(super) fn record_view(view: &View, (columns, body): (&str, &str)) -> Option<String> {
    // What no import has written is not parsed.
    let select = if body.contains(" || record || ") { select::parse(body)? } else { return None };
    let [core] = &select.cores[..] else { return None };
    let is_plain = columns.is_empty() && select.common_tables.is_empty() && view.columns.len() == core.columns.len();
    if !is_plain || core.from.len() != 1 {
        return None;
    }
    let list: Option<Vec<String>> = view
        .columns
        .iter()
        .zip(&core.columns)
        .map(|(column, result)| {
            let name = quote_identifier(&column.name);
            Some(match column.kind {
                ColumnKind::Quantity => {
                    format!("{} as {name}", tagged(body, result.expression.as_ref()?, &column.name))
                }
                _ => format!("{} as {name}", written(body, result)?),
            })
        })
        .collect();
    let from = &body[core.columns.last()?.span.end..select.span.end];
    Some(format!("create temp view {} as select {} {from}", quote_identifier(&view.name), list?.join(", ")))
}

fn written<'b>(body: &'b str, result: &ResultColumn) -> Option<&'b str> {
    Some(&body[result.expression.as_ref()?.span.clone()])
}

/// An expression that puts a quantity together, as a call of the marker; of a choice, each of its branches.
fn tagged(body: &str, expression: &Expression, column: &str) -> String {
    if let ExpressionKind::Case { base: None, branches, otherwise, .. } = &expression.kind {
        let branches = branches
            .iter()
            .map(|(when, then)| format!(" when {} then {}", &body[when.span.clone()], tagged(body, then, column)));
        let otherwise = otherwise.as_ref().map(|otherwise| format!(" else {}", tagged(body, otherwise, column)));
        return format!("case{}{} end", branches.collect::<String>(), otherwise.unwrap_or_default());
    }
    let mut parts = Vec::new();
    push_parts(body, expression, &mut parts);
    marked(&parts, column)
}

/// Adds the parts of a text that is put together; texts that stand beside each other are one.
fn push_parts(body: &str, expression: &Expression, parts: &mut Vec<String>) {
    let text = &body[expression.span.clone()];
    match &expression.kind {
        ExpressionKind::Binary { operator: BinaryOperator::Concatenate, left, right, .. } => {
            push_parts(body, left, parts);
            push_parts(body, right, parts);
        }
        ExpressionKind::Literal(Literal::Text) => match parts.last_mut().filter(|last| last.starts_with('\'')) {
            Some(last) => {
                last.pop();
                last.push_str(&text[1..]);
            }
            None => parts.push(text.to_owned()),
        },
        _ => parts.push(decimal_call(text).unwrap_or_else(|| text.to_owned())),
    }
}

/// The call that writes the decimal of [`decimal_expression`].
fn decimal_call(text: &str) -> Option<String> {
    let minor = text.strip_prefix("rtrim(rtrim(iif(")?.split_once(" < 0, '-', '')")?.0;
    let places = (1..=MAX_PLACES).find(|places| decimal_expression(minor, *places) == text)?;
    Some(format!("{DECIMAL_FUNCTION}({minor}, {places})"))
}
