//! Unknown values where a statement asks for NULL: a quantity that is unknown has a value, which says so. `is null` does not find it,
//! `is not null` and `count` take it with the others, `coalesce` leaves it. The statement that counts such rows is that of the
//! `select` itself, over the same rows.

use super::column_scope::{CatalogueColumn, ScopedCore, unwrapped};
use super::joined::from_end;
use crate::quantity::human;
use crate::store::catalogue::{ColumnKind, ViewColumn};
use crate::syntax::expr::Tokens;
use crate::syntax::select::{Expression, ExpressionKind, Literal, SelectCore, Span};

/// The function that finds unknown values.
const IS_UNKNOWN: &str = "q_is_unknown";

/// Functions that give another value for NULL.
const OTHERWISE: [&str; 2] = ["coalesce", "ifnull"];

/// Words of which a statement about NULL has one.
pub(super) const WORDS: [&str; 6] = ["null", "isnull", "notnull", "count", "coalesce", "ifnull"];

/// A place in a statement that is about the NULLs of a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NullQuestion {
    /// The statement that counts the rows in which the quantity is unknown.
    pub(super) counting: String,
    /// The view that has the quantity.
    pub(super) view: String,
    /// The column of the view.
    pub(super) column: String,
    /// The column as it is written.
    written: String,
    kind: QuestionKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum QuestionKind {
    IsNull,
    IsNotNull,
    /// `count(…)`, as it is written.
    Count(String),
    /// `coalesce(…)`, as it is written, and its other value.
    Otherwise(String, String),
}

/// The questions about the NULLs of quantities in a `select`.
pub(super) fn questions(sql: &str, core: &ScopedCore<'_, '_>) -> Vec<NullQuestion> {
    core.expressions.iter().filter_map(|expression| question(sql, core, expression)).collect()
}

/// True if a statement asks for unknown values itself.
pub(super) fn asks_for_unknowns(tokens: &Tokens<'_>) -> bool {
    tokens.calls(IS_UNKNOWN).next().is_some()
}

fn question(sql: &str, core: &ScopedCore<'_, '_>, expression: &Expression) -> Option<NullQuestion> {
    let text = |span: &Span| sql[span.clone()].to_owned();
    let (operand, kind) = match &expression.kind {
        ExpressionKind::IsNull { is_negated, operand } => (&**operand, null_test(*is_negated)),
        ExpressionKind::Is { is_negated, left, right, .. } => {
            matches!(unwrapped(right).kind, ExpressionKind::Literal(Literal::Null)).then_some(())?;
            (&**left, null_test(*is_negated))
        }
        ExpressionKind::Call(call) => {
            let is_call = |name: &&str| call.name.text.eq_ignore_ascii_case(name);
            let written = text(&expression.span);
            match &call.arguments[..] {
                [argument]
                    if is_call(&"count") && call.distinct.is_none() && call.filter.is_none() && call.over.is_none() =>
                {
                    (argument, QuestionKind::Count(written))
                }
                [argument, other] if OTHERWISE.iter().any(is_call) => {
                    (argument, QuestionKind::Otherwise(written, text(&other.span)))
                }
                _ => return None,
            }
        }
        _ => return None,
    };
    let CatalogueColumn { view, column } = core.scope.column(operand)?;
    // A row that an outer join has found nothing for is asked for by NULL.
    let is_of_join = kind == QuestionKind::IsNull && joins_outer(sql, core.core);
    // An unknown that is shown says itself that it is one.
    let is_shown = kind == QuestionKind::IsNotNull && shows(core, column);
    if column.kind != ColumnKind::Quantity || is_of_join || is_shown {
        return None;
    }
    let written = text(&unwrapped(operand).span);
    let counting = counting(sql, core, expression, &written)?;
    Some(NullQuestion { counting, view: view.name.to_string(), column: column.name.to_string(), written, kind })
}

fn null_test(is_negated: bool) -> QuestionKind {
    if is_negated { QuestionKind::IsNotNull } else { QuestionKind::IsNull }
}

/// True for a `select` with a column among those of its result.
fn shows(core: &ScopedCore<'_, '_>, column: &ViewColumn) -> bool {
    core.core.columns.iter().any(|result| match &result.expression {
        Some(expression) => core.scope.column(expression).is_some_and(|shown| std::ptr::eq(shown.column, column)),
        None => true,
    })
}

fn joins_outer(sql: &str, core: &SelectCore) -> bool {
    let mut operators =
        core.from.iter().filter_map(|table| Some(sql[table.join.as_ref()?.span.clone()].to_lowercase()));
    operators.any(|operator| ["left", "right", "full"].iter().any(|word| operator.contains(word)))
}

/// The statement that counts the rows of a `select` in which a column is unknown. A test for NULL in `where` is put aside for that.
fn counting(sql: &str, core: &ScopedCore<'_, '_>, test: &Expression, column: &str) -> Option<String> {
    let first = core.core.from.first()?;
    let from = &sql[first.span.start..from_end(sql, core.core)?];
    let is_test = matches!(test.kind, ExpressionKind::IsNull { .. } | ExpressionKind::Is { .. });
    let condition = core.core.where_clause.as_ref().map(|condition| {
        let (span, tested) = (&condition.span, &test.span);
        if is_test && span.start <= tested.start && tested.end <= span.end {
            let (before, behind) = (&sql[span.start..tested.start], &sql[tested.end..span.end]);
            format!("({before}{IS_UNKNOWN}({column}){behind}) and ")
        } else {
            format!("({}) and ", &sql[span.clone()])
        }
    });
    let with = core.common_tables_text(sql);
    Some(format!("{with}select count(*) from {from}\n where {}{IS_UNKNOWN}({column})", condition.unwrap_or_default()))
}

impl NullQuestion {
    /// The warning about so many unknown values.
    pub(super) fn warning(&self, count: i64) -> Option<String> {
        let count = u64::try_from(count).ok().filter(|count| *count > 0)?;
        let (written, values) = (&self.written, human::count(count, "unknown value"));
        let (is, they, them) = if count == 1 { ("is", "it", "it") } else { ("are", "they", "them") };
        let finds = format!("`{IS_UNKNOWN}({written})` finds {them}");
        Some(match &self.kind {
            QuestionKind::IsNull => format!("{values} of `{written}` {is} not NULL: {finds}"),
            QuestionKind::IsNotNull => format!("{values} of `{written}` {is} not NULL, and among these rows: {finds}"),
            QuestionKind::Count(call) => format!(
                "`{call}` counts {values} too, which {is} not NULL: `{call} filter (where not {IS_UNKNOWN}({written}))` leaves {them} out"
            ),
            QuestionKind::Otherwise(call, other) => format!(
                "`{call}` leaves {values} as {they} {is}, not being NULL; `iif({IS_UNKNOWN}({written}), {other}, {call})` takes {them} as \
                 {other}"
            ),
        })
    }
}
