//! Equality joins on quantities, of two tables of a select or of one with a select around it, as in `exists`. The function that compares
//! them would be asked of each pair of rows, for SQLite has no index for it: so the later table is read with the number of its quantity
//! beside its columns, by which SQLite joins, and the function decides on the pairs that are left. A number is a condition that all
//! equal quantities meet.

use super::rewrite::{Edit, Rewrite, bare};
use super::translator::Translator;
use crate::store::{RESERVED_PREFIX, contains_name, quote_identifier};
use crate::syntax::select::{
    BinaryOperator, Expression, ExpressionKind, JoinConstraint, Name, SelectCore, SiteId, Span, TableKind, TableName,
    TableOrSubquery,
};
use crate::syntax::sql::tokens;

/// A condition that joins two tables by quantities.
struct EquiJoin<'e> {
    site: SiteId,
    /// The column of the later table, which is of the select itself.
    later: &'e Name,
    /// The column of the other, with its table.
    earlier: &'e Expression,
    /// The place of the later table in `from`.
    at: usize,
}

impl Translator<'_> {
    /// Reads the later table of each equality join of a core with a key, and notes the condition on it.
    pub(super) fn join_by_keys(&mut self, core: &SelectCore, edits: &mut Vec<Edit>) {
        // A star would show the keys, a right join keeps rows of which no key is known, and the rows that are read have no number.
        let is_plain = self.joins_by_keys
            && core.columns.iter().all(|column| column.expression.is_some())
            && core.from.iter().all(|table| table.join.as_ref().is_none_or(|join| self.is_plain_join(&join.span)))
            && !contains_name(self.sql(), |name| ["rowid", "oid", "_rowid_"].contains(&name));
        if !is_plain {
            return;
        }
        let mut keyed = vec![false; core.from.len()];
        let conditions = conjuncts_of(core);
        // A table that is read with a key is read by its texts.
        while conditions
            .iter()
            .any(|condition| self.equi_join(core, condition).is_some_and(|join| self.plain.leave_to_texts(join.at)))
        {
        }
        for condition in conditions {
            let Some(join) = self.equi_join(core, condition) else { continue };
            let (table, key) = (&core.from[join.at], format!("{RESERVED_PREFIX}key_{}", join.site));
            let (Some(named), false) = (name_of(table), keyed[join.at]) else { continue };
            keyed[join.at] = true;
            edits.extend(self.keyed_table(table, &join, &key));
            let earlier = &self.sql()[join.earlier.span.clone()];
            let condition =
                format!("pledgebook_join_key({}, {earlier}) = {}.{key}", join.site, quote_identifier(&named.text));
            self.joined_by.insert(join.site, condition);
        }
    }

    fn is_plain_join(&self, join: &Span) -> bool {
        let words = self.sql()[join.clone()].to_ascii_lowercase();
        !["right", "full", "natural"].iter().any(|word| words.contains(word))
    }

    /// The table with the number of its quantity as one more column. `limit` keeps SQLite from taking it apart.
    fn keyed_table(&self, table: &TableOrSubquery, join: &EquiJoin<'_>, key: &str) -> Vec<Edit> {
        let column = quote_identifier(&join.later.text);
        let before = format!("(select pledgebook_join_key({}, {column}) as {key}, * from ", join.site);
        let (rows, behind) = match &table.kind {
            TableKind::Table(name) => (name.name.span.end, alias_of(table, name)),
            TableKind::Subquery(select) => (self.behind_parenthesis(select.span.end), String::new()),
            TableKind::Function { .. } | TableKind::Join(_) => return Vec::new(),
        };
        let start = table.span.start;
        vec![(start..start, before), (rows..rows, format!(" limit -1){behind}"))]
    }

    /// The place behind the parenthesis that closes at or behind an offset.
    fn behind_parenthesis(&self, offset: usize) -> usize {
        let rest = &self.sql()[offset..];
        let close = tokens(rest).find(|token| token.text(rest) == ")");
        close.map_or(offset, |token| offset + token.range.end)
    }

    /// The join that a condition makes, if both sides are columns of tables that it names, and quantities alone.
    fn equi_join<'e>(&self, core: &SelectCore, condition: &'e Expression) -> Option<EquiJoin<'e>> {
        let ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right, .. } = &bare(condition).kind else {
            return None;
        };
        let site = bare(condition).id;
        if self.compares_plainly(bare(condition)) {
            return None;
        }
        let are_quantities = (0..2).all(|at| {
            let found = self.types.argument(site, at);
            found.quantity && !found.plain
        });
        let ((left_place, left_column), (right_place, right_column)) = (place(core, left)?, place(core, right)?);
        if !are_quantities || left_place == right_place {
            return None;
        }
        Some(match (left_place, right_place) {
            (Place::From(at), Place::Outside) => EquiJoin { site, later: left_column, earlier: right, at },
            (Place::From(at), Place::From(other)) if at > other => {
                EquiJoin { site, later: left_column, earlier: right, at }
            }
            (_, Place::From(at)) => EquiJoin { site, later: right_column, earlier: left, at },
            (_, Place::Outside) => return None,
        })
    }
}

/// The name that a table without alias has, as one.
fn alias_of(table: &TableOrSubquery, name: &TableName) -> String {
    if table.alias.is_some() { String::new() } else { format!(" as {}", quote_identifier(&name.name.text)) }
}

/// The name by which columns of a table or of a sub-select are named; `None` of anything else.
fn name_of(table: &TableOrSubquery) -> Option<&Name> {
    match (&table.alias, &table.kind) {
        (Some(alias), TableKind::Table(_) | TableKind::Subquery(_)) => Some(alias),
        (None, TableKind::Table(name)) => Some(&name.name),
        _ => None,
    }
}

/// The conditions of a core that hold of all its rows, one by one.
fn conjuncts_of(core: &SelectCore) -> Vec<&Expression> {
    let on = core.from.iter().filter_map(|table| match &table.constraint {
        Some(JoinConstraint::On(condition)) => Some(condition),
        _ => None,
    });
    let (mut found, mut pending): (Vec<&Expression>, Vec<&Expression>) =
        (Vec::new(), on.chain(&core.where_clause).collect());
    while let Some(condition) = pending.pop() {
        match &bare(condition).kind {
            ExpressionKind::Binary { operator: BinaryOperator::And, left, right, .. } => {
                pending.extend([&**left, right]);
            }
            _ => found.push(condition),
        }
    }
    found
}

/// The table of a column, as a select sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At a place in its `from`.
    From(usize),
    /// Of a select around it.
    Outside,
}

/// The table that a column names, and the column's own name; a column without a table is that of the only one there is.
fn place<'e>(core: &SelectCore, expression: &'e Expression) -> Option<(Place, &'e Name)> {
    let ExpressionKind::Column(names) = &bare(expression).kind else { return None };
    let (table, column) = match &names[..] {
        // Where that has no such column, the table can't be read with it, and the statement is written without keys.
        [column] if core.from.len() == 1 => return Some((Place::From(0), column)),
        [table, column] => (table, column),
        _ => return None,
    };
    let is_it = |one: &TableOrSubquery| name_of(one).is_some_and(|name| name.text.eq_ignore_ascii_case(&table.text));
    let mut found = (0..core.from.len()).filter(|at| is_it(&core.from[*at]));
    match (found.next(), found.next()) {
        (Some(at), None) => Some((Place::From(at), column)),
        (None, _) if core.from.iter().all(|table| name_of(table).is_some()) => Some((Place::Outside, column)),
        _ => None,
    }
}
