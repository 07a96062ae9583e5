//! The totals of other rows among the rows that a `select` counts or lists, and among those that a sub-select looks through: how many they
//! are, or how many rows of the answer they change, says a statement of its own.

use super::column_scope::{ScopedCore, unwrapped};
use super::joined::{from_end, leaves};
use crate::quantity::human;
use crate::store::catalogue::View;
use crate::store::{Book, quote_identifier};
use crate::syntax::select::{
    BinaryOperator, Call, CommonTable, Expression, ExpressionKind, Select, SelectCore, Span, TableKind, TableOrSubquery,
};

/// The column that marks totals.
const MARK: &str = "is_total";

/// The aggregates that take totals with the other rows, each with its verb.
const TAKING: [(&str, &str); 5] = [
    ("count", "counts"),
    ("group_concat", "lists"),
    ("string_agg", "lists"),
    ("json_group_array", "lists"),
    ("json_group_object", "lists"),
];

/// Functions over a window that rank and number totals with the other rows, or take their values.
const OVER_ROWS: [&str; 11] = [
    "rank",
    "dense_rank",
    "row_number",
    "ntile",
    "percent_rank",
    "cume_dist",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// Aggregates that count with an argument which is true or false, or one of several literals.
const TALLYING: [&str; 3] = ["sum", "total", "avg"];

/// A place in a statement where totals are taken with other rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TotalsQuestion {
    /// The statement that counts the totals, or the rows of the answer that they change.
    pub(super) counting: String,
    view: String,
    kind: TotalsKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum TotalsKind {
    /// An aggregate, with its verb.
    Taken(&'static str, &'static str),
    /// A sub-select, with the name of its table there.
    Within(String),
}

/// The question about the totals of a `select`; `None` where it asks no table with any.
pub(super) fn question(
    book: &Book,
    sql: &str,
    statement: &Select,
    scoped: &ScopedCore<'_, '_>,
) -> Option<TotalsQuestion> {
    let core = scoped.core;
    let (view, name) = totals_of(book, &core.from, &scoped.common_tables)?;
    let is_total = mark(&name);
    let taken = scoped.expressions.iter().find_map(|expression| match &expression.kind {
        ExpressionKind::Call(call) => taking(call).map(|(name, verb)| (name, verb, call.filter.as_ref())),
        _ => None,
    });
    let view = view.name.to_string();
    if let Some(counting) = counting_within(book, sql, statement, scoped, &is_total) {
        return Some(TotalsQuestion { counting, view, kind: TotalsKind::Within(name) });
    }
    let (function, verb, filter) = taken?;
    let from = &sql[core.from.first()?.span.start..from_end(sql, core)?];
    let conditions = core.where_clause.iter().chain(filter.map(|filter| &**filter));
    let conditions: Vec<String> =
        conditions.map(|condition| format!("({}) and ", &sql[condition.span.clone()])).collect();
    let with = scoped.common_tables_text(sql);
    let counting = format!("{with}select count(*) from {from}\n where {}{is_total}", conditions.concat());
    Some(TotalsQuestion { counting, view, kind: TotalsKind::Taken(function, verb) })
}

/// The statement that counts the rows of the answer that totals in a sub-select change: those that its conditions let through, or those
/// with another value in a column. `None` for a sub-select elsewhere.
fn counting_within(
    book: &Book,
    sql: &str,
    statement: &Select,
    scoped: &ScopedCore<'_, '_>,
    is_total: &str,
) -> Option<String> {
    let [outer] = &statement.cores[..] else { return None };
    if std::ptr::eq(scoped.select, statement) || statement.limit.is_some() {
        return None;
    }
    let at = scoped.select.span.start;
    let is_in_columns = outer.columns.iter().any(|column| column.span.contains(&at));
    let mut conditions = outer.where_clause.iter().chain(&outer.having);
    if !is_in_columns && !conditions.any(|condition| condition.span.contains(&at)) {
        return None;
    }
    // A total that is a row of the answer itself is another matter.
    let own = totals_of(book, &outer.from, &[]).map(|(_, name)| mark(&name));
    let own = own.and_then(|mark| excluding(sql, outer, &mark)).unwrap_or_default();
    let within = excluding(sql, scoped.core, is_total)?;
    let text = |parts: &[(usize, String)]| inserted(sql, &statement.span, parts);
    let (whole, without) = (text(&own), text(&[own.clone(), within].concat()));
    Some(if is_in_columns {
        format!("select count(*) from (select * from ({whole}\n) except select * from ({without}\n))")
    } else {
        format!("select (select count(*) from ({whole}\n)) - (select count(*) from ({without}\n))")
    })
}

/// The name and the verb of a function that takes totals with the other rows.
fn taking(call: &Call) -> Option<(&'static str, &'static str)> {
    let is_it = |known: &str| call.name.text.eq_ignore_ascii_case(known);
    if let Some(found) = TAKING.iter().find(|(known, _)| is_it(known)) {
        return Some(*found);
    }
    if call.over.is_some() {
        return OVER_ROWS.iter().find(|known| is_it(known)).map(|known| (*known, "takes"));
    }
    let [argument] = &call.arguments[..] else { return None };
    TALLYING.iter().find(|known| is_it(known) && is_indicator(argument)).map(|known| (*known, "counts"))
}

/// True for an expression that is true or false, or one of several literals.
fn is_indicator(expression: &Expression) -> bool {
    use BinaryOperator::{And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual, Or};
    let is_literal = |value: &Expression| matches!(unwrapped(value).kind, ExpressionKind::Literal(_));
    match &unwrapped(expression).kind {
        ExpressionKind::Binary { operator, .. } => {
            matches!(operator, And | Or | Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
        }
        ExpressionKind::Is { .. }
        | ExpressionKind::IsNull { .. }
        | ExpressionKind::Like { .. }
        | ExpressionKind::Between { .. }
        | ExpressionKind::In { .. } => true,
        ExpressionKind::Case { branches, otherwise, .. } => {
            branches.iter().all(|(_, then)| is_literal(then)) && otherwise.iter().all(|other| is_literal(other))
        }
        ExpressionKind::Call(call) => {
            call.name.text.eq_ignore_ascii_case("iif") && call.arguments.iter().skip(1).all(is_literal)
        }
        _ => false,
    }
}

/// The first table with totals among sources, and its name there.
fn totals_of<'b>(
    book: &'b Book,
    from: &[TableOrSubquery],
    common_tables: &[&CommonTable],
) -> Option<(&'b View, String)> {
    leaves(from).into_iter().find_map(|table| {
        let TableKind::Table(named) = &table.kind else { return None };
        let is_it = |name: &str| named.name.text.eq_ignore_ascii_case(name) && named.schema.is_none();
        let is_asked = |view: &&View| is_it(&view.name) && view.column(MARK).is_some();
        let is_own = common_tables.iter().any(|table| is_it(&table.name.text));
        let view = book.catalogue().imported().find(is_asked).filter(|_| !is_own)?;
        Some((view, table.alias.as_ref().unwrap_or(&named.name).text.clone()))
    })
}

/// The column that marks totals.
fn mark(name: &str) -> String {
    format!("{}.{MARK}", quote_identifier(name))
}

/// The texts that leave totals out of a `select`, each with its place.
fn excluding(sql: &str, core: &SelectCore, mark: &str) -> Option<Vec<(usize, String)>> {
    Some(match &core.where_clause {
        Some(condition) => {
            vec![(condition.span.start, "(".to_owned()), (condition.span.end, format!(") and not {mark}"))]
        }
        None => vec![(from_end(sql, core)?, format!("\n where not {mark}"))],
    })
}

/// A part of a text with others in it at their places; of two at one place the inner one comes first.
fn inserted(sql: &str, span: &Span, parts: &[(usize, String)]) -> String {
    let mut parts: Vec<&(usize, String)> = parts.iter().rev().collect();
    parts.sort_by_key(|(at, _)| *at);
    let (mut text, mut done) = (String::new(), span.start);
    for (at, part) in parts {
        text.push_str(&sql[done..*at]);
        text.push_str(part);
        done = *at;
    }
    text + &sql[done..span.end]
}

impl TotalsQuestion {
    /// The warning about so many totals, or rows that they change.
    pub(super) fn warning(&self, count: i64) -> Option<String> {
        let Self { view, kind, .. } = self;
        if count == 0 {
            return None;
        }
        Some(match kind {
            TotalsKind::Taken("count", _) => format!(
                "`count` counts the totals in `{view}` with the other rows, which sums do not add up: `where not is_total` leaves them out"
            ),
            TotalsKind::Taken(name, verb) => {
                format!(
                    "`{name}` {verb} the totals in `{view}` with the other rows: `where not is_total` leaves them out"
                )
            }
            TotalsKind::Within(name) => {
                let rows = human::count(count.unsigned_abs(), "row");
                let hang = if count.unsigned_abs() == 1 { "hangs" } else { "hang" };
                format!(
                    "{rows} of the answer {hang} on totals in `{view}`, which a sub-select takes with the other rows: `not {name}.is_total` \
                     there leaves them out"
                )
            }
        })
    }
}
