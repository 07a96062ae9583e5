//! Columns beside an aggregate that are neither grouped nor aggregated: SQLite takes them from any one row of the group, but beside a single
//! `min` or `max`, whose row it is. The statement that looks whether such a column has several values in a group is that of the `select`
//! itself, with counts among its columns.

use super::column_scope::{ScopedCore, unwrapped};
use super::enumerate;
use super::lints::AGGREGATES;
use crate::store::catalogue::ColumnKind;
use crate::store::udf;
use crate::syntax::select::{Call, Expression, ExpressionKind, Literal, Name, Node, ResultColumn, SelectCore};
use std::collections::BTreeSet;

/// Aggregates that a statement may name besides those of numbers.
const OTHER_AGGREGATES: [&str; 5] =
    ["string_agg", "json_group_array", "json_group_object", "jsonb_group_array", "jsonb_group_object"];

/// The most columns of a `select` that are looked into.
const MAX_COLUMNS: usize = 6;

/// The columns of a `select` that are of one row of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BareColumns {
    /// The statement that counts, for each of them, the rows of the greatest group in which it has several values.
    pub(super) counting: String,
    columns: Vec<BareColumn>,
    /// The terms of `group by`; empty where there are none.
    keys: String,
    /// An aggregate that is calculated with one of them: in `x / sum(x)` it was meant to be of all rows.
    share: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct BareColumn {
    written: String,
    is_number: bool,
}

/// A walk through the list, the order and the conditions of a `select`.
struct BareWalk<'t> {
    sql: &'t str,
    keys: Vec<&'t Expression>,
    aliases: Vec<&'t str>,
    aggregates: usize,
    /// The last aggregate.
    last_aggregate: Option<&'t Expression>,
    /// An aggregate in an expression with a bare column.
    share: Option<&'t Expression>,
    /// The calls of `min` and `max`; what is written alike is one to SQLite.
    extremes: BTreeSet<String>,
    found: Vec<&'t Expression>,
}

/// The question about the bare columns of a `select`; `None` where there are none.
pub(super) fn question(sql: &str, scoped: &ScopedCore<'_, '_>) -> Option<BareColumns> {
    let core = scoped.core;
    let last = core.columns.last().filter(|_| !core.from.is_empty())?;
    let mut walk = BareWalk {
        sql,
        keys: core.group_by.iter().flat_map(|term| keys(sql, &term.expression, &core.columns)).collect(),
        aliases: core.columns.iter().filter_map(|column| Some(&*column.alias.as_ref()?.text)).collect(),
        aggregates: 0,
        last_aggregate: None,
        share: None,
        extremes: BTreeSet::new(),
        found: Vec::new(),
    };
    let listed = core.columns.iter().filter_map(|column| column.expression.as_ref());
    listed.chain(&core.having).for_each(|expression| walk.expression(expression));
    if scoped.select.cores.len() == 1 {
        scoped.select.order_by.iter().for_each(|term| walk.sorted(&term.expression));
    }
    if walk.extremes.len() == 1 || (walk.aggregates == 0 && core.group_by.is_empty()) || walk.found.is_empty() {
        return None;
    }
    let share = walk.share.map(|aggregate| sql[aggregate.span.clone()].to_owned());
    let column = |expression: &Expression| BareColumn {
        written: sql[expression.span.clone()].to_owned(),
        is_number: scoped.scope.column(expression).is_some_and(|found| found.column.kind != ColumnKind::Text),
    };
    let mut columns: Vec<BareColumn> = Vec::new();
    for bare in walk.found.into_iter().map(column) {
        if !columns.contains(&bare) && columns.len() < MAX_COLUMNS {
            columns.push(bare);
        }
    }
    let with = scoped.common_tables_text(sql);
    let (head, tail) = (&sql[core.span.start..last.span.end], &sql[last.span.end..core.span.end]);
    let numbered = || columns.iter().map(|column| &column.written).enumerate();
    let kinds: Vec<String> = numbered()
        .map(|(at, x)| format!(", count(distinct {x}) + (count(*) > count({x})) as bare_kinds_{at}"))
        .collect();
    let most: Vec<String> =
        numbered().map(|(at, _)| format!("max(case when bare_kinds_{at} > 1 then bare_rows end)")).collect();
    let counting =
        format!("{with}select {} from ({head}, count(*) as bare_rows{}{tail}\n)", most.join(", "), kinds.concat());
    let keys: Vec<&str> = core.group_by.iter().map(|term| &sql[term.span.clone()]).collect();
    Some(BareColumns { counting, columns, keys: keys.join(", "), share })
}

/// The expressions that a term of `group by` may mean: itself, and a column of the result by its place or name.
fn keys<'t>(sql: &str, term: &'t Expression, columns: &'t [ResultColumn]) -> Vec<&'t Expression> {
    let of_result = match &unwrapped(term).kind {
        ExpressionKind::Literal(Literal::Integer) => {
            let place = sql[term.span.clone()].parse::<usize>().ok().and_then(|place| place.checked_sub(1));
            place.and_then(|place| columns.get(place))
        }
        ExpressionKind::Column(names) => {
            let is_it = |column: &&ResultColumn| match (&column.alias, &names[..]) {
                (Some(alias), [name]) => alias.text.eq_ignore_ascii_case(&name.text),
                _ => false,
            };
            columns.iter().find(is_it)
        }
        _ => None,
    };
    [term].into_iter().chain(of_result.and_then(|column| column.expression.as_ref())).collect()
}

impl<'t> BareWalk<'t> {
    fn expression(&mut self, expression: &'t Expression) {
        let before = (self.aggregates, self.found.len());
        self.read(expression);
        if self.aggregates > before.0 && self.found.len() > before.1 {
            self.share = self.share.or(self.last_aggregate);
        }
    }

    fn read(&mut self, expression: &'t Expression) {
        Node::Expression(expression).walk(|node| {
            let Node::Expression(expression) = node else { return !matches!(node, Node::Select(_)) };
            if self.is_key(expression) {
                return false;
            }
            match &expression.kind {
                ExpressionKind::Column(_) => self.found.push(expression),
                ExpressionKind::Call(call) if is_aggregate(call) => {
                    self.aggregates += 1;
                    self.last_aggregate = Some(expression);
                    if is_extreme(call) {
                        self.extremes.insert(self.spelled(expression));
                    }
                    return false;
                }
                _ => {}
            }
            true
        });
    }

    /// A term of `order by`, which may be a column of the result.
    fn sorted(&mut self, expression: &'t Expression) {
        let is_of_result = match &unwrapped(expression).kind {
            ExpressionKind::Column(names) => {
                names.len() == 1 && self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(&names[0].text))
            }
            _ => false,
        };
        if !is_of_result {
            self.expression(expression);
        }
    }

    /// The text of an expression in small letters, without blanks.
    fn spelled(&self, expression: &Expression) -> String {
        let mut text = self.sql[expression.span.clone()].to_lowercase();
        text.retain(|c| !c.is_whitespace());
        text
    }

    /// True for what is grouped, as it is written there or with another qualifier.
    fn is_key(&self, expression: &Expression) -> bool {
        self.keys.iter().any(|key| match (&unwrapped(key).kind, &expression.kind) {
            (ExpressionKind::Column(key), ExpressionKind::Column(names)) if key.len() == 1 || names.len() == 1 => {
                let last = |names: &[Name]| names.last().map(|name| name.text.to_lowercase());
                last(key) == last(names)
            }
            _ => self.spelled(unwrapped(key)) == self.spelled(expression),
        })
    }
}

/// True for the name of a function that may be of the rows of a group.
pub(super) fn may_aggregate(name: &str) -> bool {
    AGGREGATES.iter().chain(&OTHER_AGGREGATES).any(|known| known.eq_ignore_ascii_case(name)) || udf::is_aggregate(name)
}

/// True for a `select` whose list has an aggregate.
pub(super) fn aggregates(core: &SelectCore) -> bool {
    let mut found = false;
    for column in &core.columns {
        Node::ResultColumn(column).walk(|node| {
            if let Node::Expression(expression) = node
                && let ExpressionKind::Call(call) = &expression.kind
            {
                found |= is_aggregate(call);
            }
            !matches!(node, Node::Select(_))
        });
    }
    found
}

/// True for a call that is of the rows of a group.
fn is_aggregate(call: &Call) -> bool {
    let is_scalar = is_extreme(call) && call.arguments.len() != 1;
    may_aggregate(&call.name.text) && call.over.is_none() && !is_scalar
}

fn is_extreme(call: &Call) -> bool {
    ["min", "max"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name))
}

impl BareColumns {
    /// The warning about the columns that have several values, each with the rows of the greatest group in which it has.
    pub(super) fn warning(&self, rows: &[Option<i64>]) -> Option<String> {
        let found: Vec<(&BareColumn, i64)> =
            self.columns.iter().zip(rows).filter_map(|(column, rows)| Some((column, (*rows)?))).collect();
        let most = found.iter().map(|(_, rows)| *rows).max()?;
        let names: Vec<&str> = found.iter().map(|(column, _)| &*column.written).collect();
        let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let (are, their) = if names.len() == 1 { ("is", "its") } else { ("are", "their") };
        let (named, list) = (enumerate(&named), names.join(", "));
        if let Some(share) = &self.share {
            let partition = if self.keys.is_empty() { String::new() } else { format!("partition by {}", self.keys) };
            return Some(format!(
                "{named} {are} of one row of {most}: `{share} over ({partition})` is that of all beside each row"
            ));
        }
        if self.keys.is_empty() {
            return Some(format!("{named} {are} of one row of {most}: `group by {list}` is missing"));
        }
        let keys = &self.keys;
        let help = match found.iter().rev().find(|(column, _)| column.is_number) {
            Some((BareColumn { written, .. }, _)) => {
                format!("`max({written})` and `sum({written})` are of all of them")
            }
            None => format!("`group by {keys}, {list}` gives each a row of its own"),
        };
        Some(format!("{named} {are} of one row of {their} group, which has up to {most}: {help}"))
    }
}
