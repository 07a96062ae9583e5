//! The views of a person in the place of their names: what is done with quantities in them is translated together with the statement
//! that reads them.

use super::MAX_BYTES;
use super::group_names;
use super::plain_scope::common_tables;
use super::rewrite::{Edit, splice};
use super::stars;
use crate::sql::lowering::written_place;
use crate::store::{Book, contains_name, quote_identifier};
use crate::syntax::select::{self, Node, Select, Span, TableKind, TableName, TableOrSubquery};
use std::collections::BTreeSet;

/// The most views within each other.
const MAX_DEPTH: usize = 16;

/// A statement in which the definitions of views stand in the place of their names.
pub(in crate::sql) struct Expansion {
    pub(super) sql: String,
    /// Its structure.
    pub(super) statement: Select,
    /// By the depth of the views: the ranges of the text before that were replaced, and the lengths of what stands there now.
    rounds: Vec<Vec<(Span, usize)>>,
}

impl Expansion {
    /// Expands the views of a statement, then the names of result columns in `group by`; `None` where it can't be parsed, a name would then mean something else, or it gets too long.
    pub(in crate::sql) fn new(book: &Book, sql: &str) -> Option<Self> {
        let (mut sql, mut rounds, mut has_names) = (sql.to_owned(), Vec::new(), true);
        for _ in 0..MAX_DEPTH {
            let statement = select::parse(&sql)?;
            let mut edits = ViewSearch::new(book, &sql, &statement).edits()?;
            if edits.is_empty() && std::mem::take(&mut has_names) {
                edits = group_names::edits(book, &sql, &statement);
                edits.extend(stars::edits(book, &sql, &statement)?);
            }
            if edits.is_empty() {
                return Some(Self { sql, statement, rounds });
            }
            edits.sort_by_key(|(span, _)| span.start);
            rounds.push(edits.iter().map(|(span, definition)| (span.clone(), definition.len())).collect());
            sql = splice(&sql, &(0..sql.len()), edits);
            if sql.len() > MAX_BYTES {
                return None;
            }
        }
        None
    }

    /// The place in the statement as it was: of what stands in a view, that of the view's name.
    pub(in crate::sql) fn written(&self, place: &Span) -> Span {
        self.rounds.iter().rev().fold(place.clone(), |place, replaced| {
            let written = |offset| written_place(replaced.iter().map(|(span, length)| (span, *length)), offset);
            written(place.start).start..written(place.end).end
        })
    }
}

/// The search for the names of views in a statement.
struct ViewSearch<'s> {
    book: &'s Book,
    sql: &'s str,
    statement: &'s Select,
    /// The names of its common tables, in lower case.
    common_tables: BTreeSet<String>,
}

impl<'s> ViewSearch<'s> {
    fn new(book: &'s Book, sql: &'s str, statement: &'s Select) -> Self {
        Self { book, sql, statement, common_tables: common_tables(statement) }
    }

    /// The names with the definitions for them; `None` where a definition reads what the statement names otherwise.
    fn edits(&self) -> Option<Vec<Edit>> {
        let mut tables: Vec<(&TableName, bool)> = Vec::new();
        Node::Select(self.statement).walk(|node| {
            if let Node::Select(select) = node {
                select.cores.iter().for_each(|core| gather(&core.from, &mut tables));
            }
            true
        });
        let mut edits = Vec::new();
        for (table, has_alias) in tables {
            let Some((columns, select)) = self.definition(table) else { continue };
            if contains_name(&select, |name| self.common_tables.contains(name)) {
                return None;
            }
            let start = table.schema.as_ref().map_or(table.name.span.start, |schema| schema.span.start);
            let alias = if has_alias { String::new() } else { format!(" as {}", quote_identifier(&table.name.text)) };
            let rows = self.rows(&columns, &select);
            edits.push((start..table.name.span.end, format!("{rows}{alias}")));
        }
        Some(edits)
    }

    /// The list of columns and the select of a view of a person that a name means.
    fn definition(&self, table: &TableName) -> Option<(String, String)> {
        let is_temp = |schema: &select::Name| schema.text.eq_ignore_ascii_case("temp");
        let is_common = table.schema.is_none() && self.common_tables.contains(&table.name.text.to_lowercase());
        if is_common || !table.schema.as_ref().is_none_or(is_temp) {
            return None;
        }
        self.book.user_view(&table.name.text)
    }

    /// The rows of a view as a sub-select. The new line ends a comment of its definition.
    fn rows(&self, columns: &str, select: &str) -> String {
        if columns.is_empty() {
            return format!("({select}\n)");
        }
        let mut name = "rows_of_view".to_owned();
        while contains_name(self.sql, |other| other == name) || contains_name(select, |other| other == name) {
            name.push('_');
        }
        format!("(with {name}{columns} as ({select}\n) select * from {name})")
    }
}

/// Adds the names of tables in a `from`, each with true if it has an alias.
fn gather<'s>(from: &'s [TableOrSubquery], found: &mut Vec<(&'s TableName, bool)>) {
    for table in from {
        match &table.kind {
            TableKind::Table(name) => found.push((name, table.alias.is_some())),
            TableKind::Join(tables) => gather(tables, found),
            TableKind::Function { .. } | TableKind::Subquery(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Expansion, select};

    #[test]
    fn a_place_in_a_view_is_that_of_its_name() {
        // `select a from v, w` with 10 bytes for `v` and 3 for `w`.
        let rounds = vec![vec![(14..15, 10), (17..18, 3)]];
        let statement = select::parse("select 1").unwrap();
        let expansion = Expansion { sql: String::new(), statement, rounds };
        for (place, expected) in [(7..8, 7..8), (16..20, 14..15), (14..24, 14..15), (20..27, 14..18), (29..30, 18..19)]
        {
            assert_eq!(expansion.written(&place), expected, "{place:?}");
        }
    }
}
