//! The views of a person in the place of their names: what is done with quantities in them is translated together with the statement
//! that reads them.

use super::MAX_BYTES;
use crate::store::{Book, contains_name, quote_identifier};
use crate::syntax::select::{self, Node, Select, Span, TableKind, TableName, TableOrSubquery};
use std::collections::BTreeSet;

/// The most views within each other.
const MAX_DEPTH: usize = 16;

/// A range of a text that was replaced, and the length of its replacement.
type Replaced = (Span, usize);

/// A statement in which the definitions of views stand in the place of their names.
pub(in crate::sql) struct Expansion {
    pub(in crate::sql) sql: String,
    /// By the depth of the views: what was replaced in the text before.
    rounds: Vec<Vec<Replaced>>,
}

impl Expansion {
    /// Expands the views of a statement; `None` where a name would then mean something else, or it gets too long.
    pub(in crate::sql) fn new(book: &Book, sql: &str) -> Option<Self> {
        let mut expansion = Self { sql: sql.to_owned(), rounds: Vec::new() };
        for _ in 0..MAX_DEPTH {
            let statement = select::parse(&expansion.sql)?;
            let mut edits = ViewSearch::new(book, &expansion.sql, &statement).edits()?;
            if edits.is_empty() {
                return Some(expansion);
            }
            edits.sort_by_key(|(span, _)| span.start);
            let (mut text, mut end, mut replaced) = (String::new(), 0, Vec::new());
            for (span, definition) in edits {
                text += &expansion.sql[end..span.start];
                text += &definition;
                end = span.end;
                replaced.push((span, definition.len()));
            }
            expansion.sql = text + &expansion.sql[end..];
            expansion.rounds.push(replaced);
            if expansion.sql.len() > MAX_BYTES {
                return None;
            }
        }
        None
    }

    /// The place in the statement as it was: of what stands in a view, that of the view's name.
    pub(in crate::sql) fn written(&self, place: &Span) -> Span {
        self.rounds.iter().rev().fold(place.clone(), |place, replaced| {
            original(replaced, place.start, false)..original(replaced, place.end, true)
        })
    }
}

/// An offset in the text before replacements; within one, its beginning or its end.
fn original(replaced: &[Replaced], offset: usize, is_end: bool) -> usize {
    let (mut old_end, mut new_end) = (0, 0);
    for (span, length) in replaced {
        let start = new_end + (span.start - old_end);
        if offset < start || (is_end && offset == start) {
            break;
        }
        if offset < start + length || (is_end && offset == start + length) {
            return if is_end { span.end } else { span.start };
        }
        (old_end, new_end) = (span.end, start + length);
    }
    old_end + (offset - new_end)
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
        let mut common_tables = BTreeSet::new();
        Node::Select(statement).walk(|node| {
            if let Node::Select(select) = node {
                common_tables.extend(select.common_tables.iter().map(|table| table.name.text.to_lowercase()));
            }
            true
        });
        Self { book, sql, statement, common_tables }
    }

    /// The names with the definitions for them; `None` where a definition reads what the statement names otherwise.
    fn edits(&self) -> Option<Vec<(Span, String)>> {
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
    use super::{Expansion, original};

    #[test]
    fn a_place_in_a_view_is_that_of_its_name() {
        // `select a from v, w` with 10 bytes for `v` and 3 for `w`.
        let replaced = [(14..15, 10), (17..18, 3)];
        let places = [(0, 0), (14, 14), (20, 14), (24, 15), (26, 17), (28, 17), (29, 18)];
        for (offset, expected) in places {
            assert_eq!(original(&replaced, offset, false), expected, "{offset}");
        }
        assert_eq!(
            (original(&replaced, 14, true), original(&replaced, 24, true), original(&replaced, 27, true)),
            (14, 15, 18)
        );
        let expansion = Expansion { sql: String::new(), rounds: vec![replaced.to_vec()] };
        assert_eq!((expansion.written(&(16..20)), expansion.written(&(7..8))), (14..15, 7..8));
    }
}
