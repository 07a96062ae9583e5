//! The imported tables of a select whose quantities can be read from their plain columns, and which of them are: a table that is read so
//! stands as a select with its plain columns beside the others.

use super::rewrite::{Edit, bare};
use crate::store::plain_columns::{PlainQuantity, PlainTable};
use crate::store::{Book, contains_name, quote_identifier};
use crate::syntax::select::{
    Expression, ExpressionKind, JoinConstraint, Node, ResultColumn, Select, SelectCore, TableKind, TableOrSubquery,
};
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
    pub(super) fn of(plain: &PlainTables<'_>, sql: &str, select: &Select) -> Self {
        let [core] = &select.cores[..] else { return Self::default() };
        let names: Option<Vec<String>> =
            core.from.iter().map(|table| Some(name_of(table)?.to_ascii_lowercase())).collect();
        let is_joined_by_name = core.from.iter().any(|table| {
            table.join.as_ref().is_some_and(|join| join.is_natural)
                || matches!(table.constraint, Some(JoinConstraint::Using(_)))
                || matches!(table.kind, TableKind::Join(_))
        });
        let Some(names) = names.filter(|_| !is_joined_by_name) else { return Self::default() };
        let is_unique = names.iter().collect::<BTreeSet<_>>().len() == names.len();
        let stars = core.columns.iter().filter(|column| column.expression.is_none());
        let mut stars = stars.map(|column| star_table(sql, column));
        let are_known =
            stars.all(|star| star.is_some_and(|star| star.is_empty() || names.contains(&star.to_ascii_lowercase())));
        if !is_unique || !are_known {
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

    /// Puts the selects with plain columns in the place of the tables that are read by them, and names the columns of their stars.
    pub(super) fn edit_tables(&self, sql: &str, select: &Select, edits: &mut Vec<Edit>) {
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
        if !self.tables.iter().any(|known| known.is_read) {
            return;
        }
        for column in core.columns.iter().filter(|column| column.expression.is_none()) {
            let star = star_table(sql, column).unwrap_or_default();
            let is_of = |table: &TableOrSubquery| {
                star.is_empty() || name_of(table).is_some_and(|name| name.eq_ignore_ascii_case(star))
            };
            edits.push((column.span.clone(), self.star(core, is_of)));
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

    /// The columns that a star stands for, of the tables that are read by plain columns and the others.
    fn star(&self, core: &SelectCore, of: impl Fn(&TableOrSubquery) -> bool) -> String {
        let columns = core.from.iter().enumerate().filter(|(_, table)| of(table)).map(|(at, table)| {
            let name = quote_identifier(name_of(table).unwrap_or_default());
            match self.tables.iter().find(|known| known.at == at && known.is_read) {
                None => format!("{name}.*"),
                Some(known) => {
                    let columns = known.table.columns.iter().map(|column| {
                        let column = quote_identifier(column);
                        // A star gives its columns names that `order by` takes before those that are given behind it.
                        format!("{name}.{column} as {column}")
                    });
                    columns.collect::<Vec<_>>().join(", ")
                }
            }
        });
        columns.collect::<Vec<_>>().join(", ")
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

/// The table whose columns a star of a name stands for; the star without a name is that of all.
pub(super) fn star_table<'s>(sql: &'s str, column: &ResultColumn) -> Option<&'s str> {
    let written = sql[column.span.clone()].strip_suffix('*')?.trim_end();
    Some(written.strip_suffix('.').map_or("", str::trim))
}
