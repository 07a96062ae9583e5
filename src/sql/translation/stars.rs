//! Stars written out, as SQLite itself has their columns: then each column of a select is known by its place and its name, where `order by`
//! names one, where rows are compared as a whole, and where a table has more columns than are to be shown.

use super::plain_scope::{is_joined_by_name, name_of};
use super::rewrite::{Edit, uncollated};
use crate::store::{Book, quote_identifier};
use crate::syntax::select::{
    Expression, ExpressionKind, Node, ResultColumn, Select, SelectCore, TableOrSubquery, Term,
};

/// The edits that write out the stars of a statement; `None` where one can't be, and a name in `order by` may mean a column of it.
pub(super) fn edits(book: &Book, sql: &str, statement: &Select) -> Option<Vec<Edit>> {
    let (mut edits, mut is_known) = (Vec::new(), true);
    Node::Select(statement).walk(|node| {
        if let Node::Select(select) = node {
            for core in &select.cores {
                let written_out = Stars { book, sql, statement, core }.edits();
                let may_name = |term: &Term| names_alias(core, uncollated(&term.expression));
                is_known &= written_out.is_some() || !select.order_by.iter().any(may_name);
                edits.extend(written_out.into_iter().flatten());
            }
        }
        true
    });
    is_known.then_some(edits)
}

/// The stars of a core.
struct Stars<'s> {
    book: &'s Book,
    sql: &'s str,
    statement: &'s Select,
    core: &'s SelectCore,
}

impl Stars<'_> {
    /// The edits that write them out; `None` where one can't be.
    fn edits(&self) -> Option<Vec<Edit>> {
        let stars: Vec<&ResultColumn> = self.core.columns.iter().filter(|column| column.expression.is_none()).collect();
        if !stars.is_empty() && self.core.from.iter().any(is_joined_by_name) {
            return None;
        }
        stars.into_iter().map(|star| Some((star.span.clone(), self.columns(star)?))).collect()
    }

    /// The columns of a star, with their names: `order by` takes those before names that are given behind it.
    fn columns(&self, star: &ResultColumn) -> Option<String> {
        let written = self.sql[star.span.clone()].strip_suffix('*')?.trim_end();
        let of = written.strip_suffix('.').map_or("", str::trim);
        let is_of = |table: &&TableOrSubquery| {
            of.is_empty()
                || name_of(table).is_some_and(|name| quote_identifier(name) == of || name.eq_ignore_ascii_case(of))
        };
        let mut found = Vec::new();
        for table in self.core.from.iter().filter(is_of) {
            let name = name_of(table)?;
            let is_it = |other: &&TableOrSubquery| name_of(other).is_some_and(|other| other.eq_ignore_ascii_case(name));
            if self.core.from.iter().filter(is_it).count() > 1 {
                return None;
            }
            let table = quote_identifier(name);
            found.extend(self.names(&table)?.iter().map(|name| format!("{table}.{name} as {name}")));
        }
        (!found.is_empty()).then(|| found.join(", "))
    }

    /// The columns of a table in `from`, as SQL names them.
    fn names(&self, table: &str) -> Option<Vec<String>> {
        let (first, last) = (self.core.from.first()?, self.core.from.last()?);
        let from = &self.sql[first.span.start..last.span.end];
        let common_tables = self.statement.with_span.as_ref().map_or("", |span| &self.sql[span.clone()]);
        let trial = self.book.prepare(&format!("{common_tables} select {table}.* from {from}")).ok()?;
        Some(trial.statement.get().column_names().map(quote_identifier).collect())
    }
}

/// True for a name that a result column behind a star was given.
fn names_alias(core: &SelectCore, expression: &Expression) -> bool {
    let ExpressionKind::Column(names) = &expression.kind else { return false };
    let [name] = &names[..] else { return false };
    let behind = core.columns.iter().skip_while(|column| column.expression.is_some());
    behind.filter_map(|column| column.alias.as_ref()).any(|alias| alias.text.eq_ignore_ascii_case(&name.text))
}
