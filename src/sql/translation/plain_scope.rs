//! The imported tables of a select whose quantities can be read from their plain columns, and which of them are: a table that is read so
//! stands as a select with its plain columns beside the others.

use super::rewrite::{Edit, bare};
use crate::store::plain_columns::{PlainQuantity, PlainTable};
use crate::store::{Book, contains_name, quote_identifier};
use crate::syntax::select::{Expression, ExpressionKind, JoinConstraint, Node, Select, TableKind, TableOrSubquery};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The imported tables that a statement may read by their plain columns.
pub(super) struct PlainTables<'b> {
    book: &'b Book,
    /// The names that mean no view, in lower case.
    common_tables: BTreeSet<String>,
}

impl<'b> PlainTables<'b> {
    /// Those of a statement; `None` where it names rows by a number that they only have in a table.
    pub(super) fn of(book: &'b Book, sql: &str, statement: &Select) -> Option<Self> {
        let names_rows = contains_name(sql, |name| ["rowid", "oid", "_rowid_"].contains(&name));
        (!names_rows).then(|| Self { book, common_tables: common_tables(statement) })
    }

    fn find(&self, table: &TableOrSubquery) -> Option<Rc<PlainTable>> {
        let TableKind::Table(named) = &table.kind else { return None };
        let is_common = self.common_tables.contains(&named.name.text.to_lowercase());
        if is_common || named.schema.is_some() { None } else { self.book.plain_table(&named.name.text) }
    }
}

/// The names of the common tables of a statement, in lower case.
pub(super) fn common_tables(statement: &Select) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    Node::Select(statement).walk(|node| {
        if let Node::Select(select) = node {
            found.extend(select.common_tables.iter().map(|table| table.name.text.to_lowercase()));
        }
        true
    });
    found
}

/// The imported tables of a select that may be read by their plain columns.
#[derive(Default)]
pub(super) struct PlainScope {
    tables: Vec<ScopeTable>,
    /// True if it reads no other tables: a column without that of a table is one of theirs.
    is_complete: bool,
}

/// A table of a select, under the name by which its columns are named.
struct ScopeTable {
    name: String,
    /// Its place in `from`.
    at: usize,
    table: Rc<PlainTable>,
    /// True once it is read by a plain column.
    is_read: bool,
}

/// A column of a table in scope that has plain columns: the places of both.
#[derive(Clone, Copy)]
pub(super) struct PlainPlace {
    table: usize,
    column: usize,
}

impl PlainScope {
    /// The tables of a select that may be read by their plain columns.
    pub(super) fn of(plain: &PlainTables<'_>, select: &Select) -> Self {
        let [core] = &select.cores[..] else { return Self::default() };
        let names: Option<Vec<String>> =
            core.from.iter().map(|table| Some(name_of(table)?.to_ascii_lowercase())).collect();
        let is_unique = names.is_some_and(|names| names.iter().collect::<BTreeSet<_>>().len() == names.len());
        // A star that is not written out would show the plain columns.
        let has_star = core.columns.iter().any(|column| column.expression.is_none());
        if !is_unique || has_star || core.from.iter().any(is_joined_by_name) {
            return Self::default();
        }
        let tables: Vec<ScopeTable> = core
            .from
            .iter()
            .enumerate()
            .filter_map(|(at, table)| {
                let name = name_of(table)?.to_owned();
                Some(ScopeTable { name, at, table: plain.find(table)?, is_read: false })
            })
            .collect();
        Self { is_complete: tables.len() == core.from.len(), tables }
    }

    /// Puts the selects with plain columns in the place of the tables that are read by them.
    pub(super) fn edit_tables(&self, select: &Select, edits: &mut Vec<Edit>) {
        let [core] = &select.cores[..] else { return };
        for known in self.tables.iter().filter(|known| known.is_read) {
            let table = &core.from[known.at];
            let TableKind::Table(named) = &table.kind else { continue };
            let alias = match table.alias {
                Some(_) => String::new(),
                None => format!(" as {}", quote_identifier(&known.name)),
            };
            edits.push((named.name.span.clone(), format!("({}){alias}", known.table.select)));
        }
    }

    /// Leaves a table of the select to its texts.
    pub(super) fn leave_to_texts(&mut self, at: usize) -> bool {
        let count = self.tables.len();
        self.tables.retain(|known| known.at != at);
        let is_left = self.tables.len() < count;
        self.is_complete &= !is_left;
        is_left
    }

    /// The place of an expression that is a column with plain columns.
    pub(super) fn place(&self, expression: &Expression) -> Option<PlainPlace> {
        let ExpressionKind::Column(names) = &bare(expression).kind else { return None };
        let (table, name) = match &names[..] {
            [name] if self.is_complete => (None, name),
            [table, name] => (Some(table), name),
            _ => return None,
        };
        let is_named = |known: &ScopeTable| table.is_none_or(|table| known.name.eq_ignore_ascii_case(&table.text));
        let named = self.tables.iter().enumerate().filter(|(_, known)| is_named(known));
        let mut found = named.filter_map(|(at, known)| Some((at, known.table.column(&name.text)?)));
        let (table, (column, quantity)) = found.next().filter(|_| found.next().is_none())?;
        quantity.map(|_| PlainPlace { table, column })
    }

    /// The plain columns at a place.
    pub(super) fn quantity(&self, place: PlainPlace) -> Option<&PlainQuantity> {
        self.tables.get(place.table)?.table.quantity(place.column)
    }

    /// A plain column as SQL names it, of the table that is then read so.
    pub(super) fn name(&mut self, place: PlainPlace, column: &str) -> String {
        let table = &mut self.tables[place.table];
        table.is_read = true;
        format!("{}.{column}", quote_identifier(&table.name))
    }
}

/// The name by which the columns of a table are named.
pub(super) fn name_of(table: &TableOrSubquery) -> Option<&str> {
    match (&table.alias, &table.kind) {
        (Some(alias), _) => Some(&alias.text),
        (None, TableKind::Table(name) | TableKind::Function { name, .. }) => Some(&name.name.text),
        (None, _) => None,
    }
}

/// True for a table that is joined by the names of columns, and for a join in parentheses.
pub(super) fn is_joined_by_name(table: &TableOrSubquery) -> bool {
    table.join.as_ref().is_some_and(|join| join.is_natural)
        || matches!(table.constraint, Some(JoinConstraint::Using(_)))
        || matches!(table.kind, TableKind::Join(_))
}
