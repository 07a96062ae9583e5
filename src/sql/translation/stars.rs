//! Stars written out, as SQLite itself has their columns: where rows are compared as a whole, and where `order by` names one of them.

use super::plain_scope::{name_of, star_table};
use super::rewrite::Edit;
use crate::store::{Book, quote_identifier};
use crate::syntax::select::{JoinConstraint, Node, Select, SelectCore, TableKind, TableOrSubquery};

/// A result column beside a star, or of one.
pub(super) struct StarredColumn {
    /// Its name; empty where it has none that counts.
    pub(super) name: String,
    /// The column of a table that it is, of a star.
    pub(super) of_table: Option<String>,
}

/// The edits that write out the stars of selects whose rows are compared as a whole, where that can be done.
pub(super) fn edits(book: &Book, sql: &str, statement: &Select) -> Vec<Edit> {
    let mut edits = Vec::new();
    Node::Select(statement).walk(|node| {
        if let Node::Select(select) = node {
            let is_set = |core: &&SelectCore| select.cores.len() > 1 || core.distinct.is_some();
            for core in select.cores.iter().filter(is_set) {
                edits.extend(star_edits(book, sql, statement, core).unwrap_or_default());
            }
        }
        true
    });
    edits
}

/// The edits of the stars of a core; `None` where they can't be written out.
fn star_edits(book: &Book, sql: &str, statement: &Select, core: &SelectCore) -> Option<Vec<Edit>> {
    let mut stars = core.columns.iter().filter(|column| column.expression.is_none());
    let (star, None) = (stars.next()?, stars.next()) else { return None };
    let columns = columns(book, sql, statement, core)?;
    let list = columns
        .iter()
        .filter_map(|column| Some(format!("{} as {}", column.of_table.as_ref()?, quote_identifier(&column.name))));
    Some(vec![(star.span.clone(), list.collect::<Vec<_>>().join(", "))])
}

/// The result columns of a core, those of its stars among them; `None` where a star can't be written out.
pub(super) fn columns(book: &Book, sql: &str, statement: &Select, core: &SelectCore) -> Option<Vec<StarredColumn>> {
    let is_joined_by_name = |table: &TableOrSubquery| {
        table.join.as_ref().is_some_and(|join| join.is_natural)
            || matches!(table.constraint, Some(JoinConstraint::Using(_)))
            || matches!(table.kind, TableKind::Join(_))
    };
    if core.from.iter().any(is_joined_by_name) {
        return None;
    }
    let (first, last) = (core.from.first()?, core.from.last()?);
    let from = &sql[first.span.start..last.span.end];
    let common_tables = statement.with_span.as_ref().map_or("", |span| &sql[span.clone()]);
    let of_table = |table: &TableOrSubquery| -> Option<Vec<StarredColumn>> {
        let table = quote_identifier(name_of(table)?);
        let trial = book.prepare(&format!("{common_tables} select {table}.* from {from}")).ok()?;
        let names: Vec<String> = trial.statement.get().column_names().map(ToString::to_string).collect();
        let column =
            |name: String| StarredColumn { of_table: Some(format!("{table}.{}", quote_identifier(&name))), name };
        Some(names.into_iter().map(column).collect())
    };
    let mut found = Vec::new();
    for column in &core.columns {
        if column.expression.is_some() {
            let name = column.alias.as_ref().map(|alias| alias.text.clone()).unwrap_or_default();
            found.push(StarredColumn { name, of_table: None });
            continue;
        }
        let star = star_table(sql, column)?;
        let is_of = |table: &&TableOrSubquery| {
            star.is_empty()
                || name_of(table).is_some_and(|name| quote_identifier(name) == star || name.eq_ignore_ascii_case(star))
        };
        for table in core.from.iter().filter(is_of) {
            found.extend(of_table(table)?);
        }
    }
    Some(found)
}
