//! The selects of a statement: the keys of its groups, which row a lone `min` or `max` shows, and the conditions that wait for
//! others.

use super::handing::{is_aggregate, is_repeatable};
use super::plain_scope::PlainScope;
use super::rewrite::{Clause, Edit, Rewrite, bare, named, splice, stands_for};
use super::translator::{GroupKey, Translator};
use crate::sql::dataflow::probe_types::ProbeTypes;
use crate::syntax::select::{
    BinaryOperator, Expression, ExpressionKind, FrameUnit, Node, Select, SelectCore, TableKind, TableOrSubquery, Term,
    UnaryOperator, Window,
};
use std::collections::BTreeSet;

impl Translator<'_> {
    /// A select. What it is in has groups of its own.
    pub(super) fn translated_select(&mut self, select: &Select) -> String {
        let depth = std::mem::take(&mut self.aggregate_depth);
        let keys = std::mem::take(&mut self.group_keys);
        let shows_a_row = std::mem::take(&mut self.shows_a_row);
        let plain = std::mem::take(&mut self.plain);
        let text = self.set(select).unwrap_or_else(|| {
            self.plain = self.plain_tables.map(|plain| PlainScope::of(plain, select)).unwrap_or_default();
            // The conditions of joins are written with the keys of their tables.
            let mut edits = Vec::new();
            select.cores.iter().for_each(|core| self.join_by_keys(core, &mut edits));
            edits.extend(self.edits(select));
            self.plain.edit_tables(select, &mut edits);
            splice(self.sql(), &select.span, edits)
        });
        self.plain = plain;
        (self.aggregate_depth, self.group_keys, self.shows_a_row) = (depth, keys, shows_a_row);
        text
    }

    /// The keys of the groups of a core that are quantities; a term that is the number of a result column has the key of its
    /// expression. One that is the name of a result column is refused: it may be that of a column of a table.
    pub(super) fn keys_of(&mut self, core: &SelectCore) -> Vec<GroupKey> {
        let (tables, mut keys) = (names_of_tables(&core.from), Vec::new());
        for term in core.group_by.iter().filter(|term| self.types.argument(term.id, 0).quantity) {
            self.is_refused |= named(&term.expression, &core.columns).is_some();
            let target = stands_for(self.sql(), term, Clause::GroupBy, &core.columns).unwrap_or(&term.expression);
            keys.push(GroupKey::new(self.sql(), term.id, target).among(&tables));
        }
        keys
    }

    /// True if a core has one `min` or `max`, and columns that are in no group: SQLite shows those of the row that has it. Of two
    /// different ones it is open which row is shown: that is refused.
    pub(super) fn shows_a_row(&mut self, select: &Select, core: &SelectCore) -> bool {
        let tables = names_of_tables(&core.from);
        let keys = core
            .group_by
            .iter()
            .map(|term| stands_for(self.sql(), term, Clause::GroupBy, &core.columns).unwrap_or(&term.expression));
        let keys: Vec<GroupKey> = keys.map(|key| GroupKey::new(self.sql(), 0, key).among(&tables)).collect();
        let mut found = RowSearch {
            sql: self.sql(),
            keys: &keys,
            extremes: BTreeSet::new(),
            takes_quantity: false,
            shows_column: false,
            types: self.types,
        };
        let columns = core.columns.iter();
        found.shows_column |= columns.clone().any(|column| column.expression.is_none());
        let order = select.order_by.iter().filter(|_| select.cores.len() == 1);
        let order =
            order.map(|term| stands_for(self.sql(), term, Clause::OrderBy, &core.columns).unwrap_or(&term.expression));
        let shown = columns.filter_map(|column| column.expression.as_ref()).chain(&core.having).chain(order);
        shown.for_each(|expression| found.search(expression));
        let (count, shows_column, takes_quantity) = (found.extremes.len(), found.shows_column, found.takes_quantity);
        self.is_refused |= count > 1 && shows_column && takes_quantity;
        count == 1 && shows_column
    }
}

/// The names of the tables that a core reads, in lower case.
fn names_of_tables(tables: &[TableOrSubquery]) -> Vec<String> {
    let names = tables.iter().flat_map(|table| match (&table.alias, &table.kind) {
        (Some(alias), _) => vec![alias.text.to_lowercase()],
        (None, TableKind::Table(named) | TableKind::Function { name: named, .. }) => {
            vec![named.name.text.to_lowercase()]
        }
        (None, TableKind::Join(tables)) => names_of_tables(tables),
        (None, TableKind::Subquery(_)) => Vec::new(),
    });
    names.collect()
}

/// The search for columns outside of aggregates.
struct RowSearch<'k> {
    sql: &'k str,
    keys: &'k [GroupKey],
    /// The different calls of `min` and `max`: SQLite computes equal ones once.
    extremes: BTreeSet<String>,
    /// True if one of them is of quantities.
    takes_quantity: bool,
    shows_column: bool,
    types: &'k ProbeTypes,
}

impl RowSearch<'_> {
    fn search(&mut self, expression: &Expression) {
        let this = GroupKey::new(self.sql, 0, expression);
        if self.keys.iter().any(|key| key.is_same(&this)) {
            return;
        }
        match &expression.kind {
            ExpressionKind::Column(_) | ExpressionKind::Subquery(_) | ExpressionKind::Exists(_) => {
                self.shows_column = true;
            }
            ExpressionKind::Call(call) if is_aggregate(call) => {
                let is_extreme = ["min", "max"].iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
                if is_extreme {
                    self.extremes.insert(this.text);
                    self.takes_quantity |= self.types.takes_quantity(expression.id);
                }
            }
            _ => {
                for child in Node::Expression(expression).children() {
                    match child {
                        Node::Expression(child) => self.search(child),
                        Node::Term(term) => self.search(&term.expression),
                        Node::Select(_) => self.shows_column = true,
                        Node::ResultColumn(_) => {}
                    }
                }
            }
        }
    }
}

/// True for a column that is equal to a constant.
fn is_constant(condition: &Expression) -> bool {
    let ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right, .. } = &bare(condition).kind else {
        return false;
    };
    let is_column = |side: &Expression| matches!(bare(side).kind, ExpressionKind::Column(_));
    let is_value =
        |side: &Expression| !matches!(bare(side).kind, ExpressionKind::Column(_) | ExpressionKind::Subquery(_));
    is_column(left) && is_value(right) || is_column(right) && is_value(left)
}

/// The conditions that are joined by `and`.
fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match &bare(condition).kind {
        ExpressionKind::Binary { operator: BinaryOperator::And, left, right, .. } => {
            let mut all = conjuncts(left);
            all.extend(conjuncts(right));
            all
        }
        _ => vec![condition],
    }
}

impl Translator<'_> {
    /// Refuses what no key says: the rows of a window within an amount of a quantity.
    pub(super) fn check_window(&mut self, window: &Window) {
        let is_by_amount =
            window.frame.as_ref().is_some_and(|frame| frame.unit == FrameUnit::Range && frame.has_offset());
        let is_quantity = |term: &Term| self.types.argument(term.id, 0).quantity;
        if is_by_amount && window.order_by.iter().any(is_quantity) {
            self.is_refused = true;
        }
    }

    /// Refuses the condition of a table function that is no call: SQLite takes its arguments from the conditions, as they are written.
    pub(super) fn check_tables(&mut self, core: &SelectCore) {
        let is_hidden = |table: &TableOrSubquery| match &table.kind {
            TableKind::Table(named) => {
                let name = named.name.text.to_ascii_lowercase();
                name.starts_with("pragma_") || ["json_each", "json_tree", "generate_series"].contains(&&*name)
            }
            _ => false,
        };
        self.is_refused |= core.from.iter().any(is_hidden);
    }

    /// Edits the condition of `where`: where values are compared in order, which fails if there are two units, the other conditions
    /// are asked first, in whatever order SQLite tests them.
    pub(super) fn guard(&mut self, condition: &Expression, edits: &mut Vec<Edit>) {
        let all = conjuncts(condition);
        let waits: Vec<bool> = all.iter().map(|one| self.may_fail(one)).collect();
        let texts: Vec<String> = all.iter().map(|one| self.expression(one)).collect();
        let first = texts.iter().zip(&waits).filter(|(_, waits)| !**waits).map(|(text, _)| format!("({text})"));
        let first = first.collect::<Vec<_>>().join(" and ");
        let is_repeatable = all.iter().zip(&waits).all(|(one, waits)| *waits || is_repeatable(one));
        let is_guarded = !first.is_empty() && waits.contains(&true) && is_repeatable;
        for ((one, text), waits) in all.iter().zip(texts).zip(waits) {
            let text = match (is_guarded, waits) {
                (true, true) => format!("case when {first} then {text} end"),
                // Beside the guard it would make a constant of the column in it.
                (true, false) if is_constant(one) => "1".to_owned(),
                _ => text,
            };
            edits.push((one.span.clone(), text));
        }
    }

    /// True if a quantity is ordered beside another or a bare number somewhere in a condition: that fails where there are two units, so it
    /// must not be asked of rows that another condition leaves out.
    fn may_fail(&self, condition: &Expression) -> bool {
        let is_plain = self.compares_plainly(condition);
        let (compares, is_mixed) = (self.types.takes_quantity(condition.id), self.types.mixes(condition.id));
        match &condition.kind {
            ExpressionKind::Parenthesised(inner) | ExpressionKind::Unary(UnaryOperator::Not, inner) => {
                self.may_fail(inner)
            }
            ExpressionKind::Binary { operator, left, right, .. } => {
                !is_plain && (is_mixed || compares && orders(*operator)) || self.may_fail(left) || self.may_fail(right)
            }
            ExpressionKind::Between { .. } => !is_plain && compares,
            ExpressionKind::In { .. } => is_mixed,
            _ => false,
        }
    }
}

/// True for a comparison that asks for an order.
fn orders(operator: BinaryOperator) -> bool {
    use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    matches!(operator, Less | LessOrEqual | Greater | GreaterOrEqual)
}
