//! The columns of the catalogue that the names in a statement mean, by way of sub-selects, CTEs and views too: what a lint says of a
//! column is certain. A name that could mean anything else means nothing here.

use super::joined::leaves;
use crate::store::Book;
use crate::store::catalogue::{View, ViewColumn};
use crate::syntax::select::{
    CommonTable, Expression, ExpressionKind, Name, Node, ResultColumn, Select, SelectCore, TableKind, TableOrSubquery,
    parse,
};

/// The most selects within each other that are followed.
const MAX_DEPTH: usize = 8;

/// A column of a view of the catalogue.
#[derive(Debug, Clone, Copy)]
pub(super) struct CatalogueColumn<'b> {
    pub(super) view: &'b View,
    pub(super) column: &'b ViewColumn,
}

/// The name of a column, and what it is in the catalogue if it is there.
type NamedColumn<'b> = (String, Option<CatalogueColumn<'b>>);

/// A source of `from`.
struct ScopeSource<'b> {
    name: Option<String>,
    columns: Vec<NamedColumn<'b>>,
}

/// The columns of the sources of a `select`.
pub(super) struct ColumnScope<'b> {
    sources: Vec<ScopeSource<'b>>,
    /// True if the columns of all sources are known.
    is_complete: bool,
}

/// One `select` of a statement, with what its names mean.
pub(super) struct ScopedCore<'t, 'b> {
    /// The select that it is, or a part of.
    pub(super) select: &'t Select,
    pub(super) core: &'t SelectCore,
    pub(super) scope: ColumnScope<'b>,
    /// Its expressions, without those of sub-selects and of `limit`.
    pub(super) expressions: Vec<&'t Expression>,
    /// The CTEs in sight.
    pub(super) common_tables: Vec<&'t CommonTable>,
}

impl ScopedCore<'_, '_> {
    /// The CTEs in sight as `with` before a statement has them; empty where there are none.
    pub(super) fn common_tables_text(&self, sql: &str) -> String {
        let tables: Vec<&str> = self.common_tables.iter().map(|table| &sql[table.span.clone()]).collect();
        if tables.is_empty() { String::new() } else { format!("with recursive {} ", tables.join(", ")) }
    }
}

/// Visits every `select` of a statement.
pub(super) fn for_each_core<'t, 'b>(
    book: &'b Book,
    sql: &'t str,
    statement: &'t Select,
    mut visit: impl FnMut(&ScopedCore<'t, 'b>),
) {
    let mut pending: Vec<(&Select, Vec<&CommonTable>)> = vec![(statement, Vec::new())];
    while let Some((select, mut common_tables)) = pending.pop() {
        common_tables.extend(&select.common_tables);
        let mut expressions: Vec<&Expression> = Vec::new();
        for child in Node::Select(select).children() {
            child.walk(|node| {
                match node {
                    Node::Select(inner) => pending.push((inner, common_tables.clone())),
                    Node::Expression(expression) => expressions.push(expression),
                    Node::ResultColumn(_) | Node::Term(_) => {}
                }
                !matches!(node, Node::Select(_))
            });
        }
        if let Some(limit) = &select.limit {
            expressions.retain(|expression| !limit.span.contains(&expression.span.start));
        }
        let reader = ScopeReader { book, sql, common_tables: &common_tables, depth: 0 };
        for core in &select.cores {
            let is_own =
                |expression: &&&Expression| select.cores.len() == 1 || core.span.contains(&expression.span.start);
            let expressions = expressions.iter().filter(is_own).copied().collect();
            let common_tables = common_tables.clone();
            visit(&ScopedCore { select, core, scope: reader.scope(core), expressions, common_tables });
        }
    }
}

/// For each of so many columns of a statement's result, true if it is a column of dates of the catalogue; empty where they are not known.
pub(in crate::sql) fn date_columns(book: &Book, sql: &str, count: usize) -> Vec<bool> {
    let is_date = |(_, found): &NamedColumn<'_>| found.is_some_and(|found| found.column.is_date);
    let dates = parse(sql).and_then(|select| {
        let reader = ScopeReader { book, sql, common_tables: &[], depth: 0 };
        let of_cores = select.cores.iter().map(|core| reader.of_core(&select, core)).collect::<Option<Vec<_>>>()?;
        // Of a `union`, all of whose parts are dates.
        let is_of_all = |at: usize| of_cores.iter().all(|columns| columns.get(at).is_some_and(is_date));
        let width = of_cores.first()?.len();
        Some((0..width).map(is_of_all).collect::<Vec<bool>>())
    });
    dates.filter(|dates| dates.len() == count).unwrap_or_default()
}

/// For each of so many columns of a statement's result, true if it is a column of a view of the book whose rows no outer join leaves
/// without a partner; empty where they are not known.
pub(crate) fn columns_of_book(book: &Book, sql: &str, count: usize) -> Vec<bool> {
    let found = parse(sql).and_then(|select| {
        let columns = ScopeReader { book, sql, common_tables: &[], depth: 0 }.selected(&select, &[])?;
        let without = select.cores.first().map(|core| views_without_partner(book, sql, core))?;
        let is_of_book = |view: &View| book.catalogue().of_book().any(|known| std::ptr::eq(known, view));
        let is_missing = |view: &View| without.iter().any(|known| known.eq_ignore_ascii_case(&view.name));
        let holds = |found: CatalogueColumn<'_>| is_of_book(found.view) && !is_missing(found.view);
        Some(columns.into_iter().map(|(_, found)| found.is_some_and(holds)).collect::<Vec<bool>>())
    });
    found.filter(|found| found.len() == count).unwrap_or_default()
}

/// The tables of a `from` whose columns an outer join may leave empty.
fn views_without_partner<'t>(book: &Book, sql: &str, core: &'t SelectCore) -> Vec<&'t str> {
    let (mut before, mut without) = (Vec::new(), Vec::new());
    for table in leaves(&core.from) {
        let words = table.join.as_ref().map_or(String::new(), |join| sql[join.span.clone()].to_ascii_lowercase());
        let name = match &table.kind {
            TableKind::Table(name) => {
                Some(name.name.text.as_str()).filter(|name| book.catalogue().find(name).is_some())
            }
            _ => None,
        };
        if words.contains("right") || words.contains("full") {
            without.append(&mut before);
        }
        if words.contains("left") || words.contains("full") {
            without.extend(name);
        } else {
            before.extend(name);
        }
    }
    without
}

/// The only column of a select, where it is one of the catalogue.
pub(super) fn only_column<'b>(
    book: &'b Book,
    sql: &str,
    select: &Select,
    common_tables: &[&CommonTable],
) -> Option<CatalogueColumn<'b>> {
    let columns = ScopeReader { book, sql, common_tables, depth: 0 }.selected(select, &[])?;
    let [(_, found)] = &columns[..] else { return None };
    *found
}

/// An expression without parentheses and collations around it.
pub(super) fn unwrapped(expression: &Expression) -> &Expression {
    match &expression.kind {
        ExpressionKind::Parenthesised(inner) | ExpressionKind::Collate { operand: inner, .. } => unwrapped(inner),
        _ => expression,
    }
}

impl<'b> ColumnScope<'b> {
    /// The column that an expression is.
    pub(super) fn column(&self, expression: &Expression) -> Option<CatalogueColumn<'b>> {
        let ExpressionKind::Column(names) = &unwrapped(expression).kind else { return None };
        let (qualifier, name) = match &names[..] {
            [name] if self.is_complete => (None, name),
            [table, name] => (Some(table), name),
            _ => return None,
        };
        let is_named = |source: &&ScopeSource<'_>| match (qualifier, &source.name) {
            (Some(qualifier), Some(name)) => name.eq_ignore_ascii_case(&qualifier.text),
            (qualifier, _) => qualifier.is_none(),
        };
        let columns = self.sources.iter().filter(is_named).flat_map(|source| &source.columns);
        columns.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.text)).and_then(|(_, found)| *found)
    }

    /// The columns of this name, one of each source that has it.
    pub(super) fn columns(&self, name: &str) -> Vec<CatalogueColumn<'b>> {
        let of = |source: &ScopeSource<'b>| {
            source.columns.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).and_then(|(_, found)| *found)
        };
        self.sources.iter().filter_map(of).collect()
    }

    /// True if a source has a column of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut columns = self.sources.iter().flat_map(|source| &source.columns);
        columns.any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The view that alone is asked.
    pub(super) fn only_view(&self) -> Option<&'b View> {
        let [source] = &self.sources[..] else { return None };
        let (_, first) = source.columns.first()?;
        let view = first.filter(|_| self.is_complete)?.view;
        (source.columns.len() == view.columns.len()).then_some(view)
    }
}

/// Reads the sources of selects.
#[derive(Clone, Copy)]
struct ScopeReader<'r, 't, 'b> {
    book: &'b Book,
    sql: &'r str,
    common_tables: &'r [&'t CommonTable],
    depth: usize,
}

impl<'b> ScopeReader<'_, '_, 'b> {
    fn scope(&self, core: &SelectCore) -> ColumnScope<'b> {
        let mut scope = ColumnScope { sources: Vec::new(), is_complete: true };
        for table in leaves(&core.from) {
            match self.columns(table) {
                Some(columns) => {
                    let own_name = match &table.kind {
                        TableKind::Table(name) => Some(&name.name),
                        _ => None,
                    };
                    let name = table.alias.as_ref().or(own_name).map(|name| name.text.clone());
                    scope.sources.push(ScopeSource { name, columns });
                }
                None => scope.is_complete = false,
            }
        }
        scope
    }

    /// The columns of a source; `None` where they are not known.
    fn columns(&self, table: &TableOrSubquery) -> Option<Vec<NamedColumn<'b>>> {
        let deeper = Self { depth: self.depth + 1, ..*self };
        if deeper.depth > MAX_DEPTH {
            return None;
        }
        match &table.kind {
            TableKind::Table(name) if name.schema.is_none() => {
                let name = &name.name.text;
                let is_it = |table: &&&CommonTable| table.name.text.eq_ignore_ascii_case(name);
                match self.common_tables.iter().rev().find(is_it) {
                    Some(common) => deeper.selected(&common.select, &common.columns),
                    None => deeper.of_relation(name),
                }
            }
            TableKind::Subquery(select) => deeper.selected(select, &[]),
            _ => None,
        }
    }

    /// The columns of a table or view of the book.
    fn of_relation(&self, name: &str) -> Option<Vec<NamedColumn<'b>>> {
        if let Some(view) = self.book.catalogue().find(name) {
            let named = |column: &'b ViewColumn| (column.name.to_string(), Some(CatalogueColumn { view, column }));
            return Some(view.columns.iter().map(named).collect());
        }
        if let Some((_, sql)) = self.book.user_view(name).filter(|(columns, _)| columns.is_empty()) {
            let inner = ScopeReader { book: self.book, sql: &sql, common_tables: &[], depth: self.depth };
            return inner.selected(&parse(&sql)?, &[]);
        }
        let names = self.book.columns(name).ok().filter(|names| !names.is_empty())?;
        Some(names.into_iter().map(|name| (name, None)).collect())
    }

    /// The columns of one of the parts of a select.
    fn of_core(&self, select: &Select, core: &SelectCore) -> Option<Vec<NamedColumn<'b>>> {
        let in_sight: Vec<&CommonTable> = self.common_tables.iter().copied().chain(&select.common_tables).collect();
        let scope = ScopeReader { common_tables: &in_sight, ..*self }.scope(core);
        let mut columns = Vec::new();
        for column in &core.columns {
            self.add_selected(&scope, column, &mut columns)?;
        }
        Some(columns)
    }

    /// The columns of a select, under other names where some are given.
    fn selected(&self, select: &Select, names: &[Name]) -> Option<Vec<NamedColumn<'b>>> {
        let mut columns = self.of_core(select, select.cores.first()?)?;
        for ((own, _), name) in columns.iter_mut().zip(names) {
            own.clone_from(&name.text);
        }
        if select.cores.len() > 1 {
            for (_, found) in &mut columns {
                *found = None;
            }
        }
        Some(columns)
    }

    fn add_selected(
        &self,
        scope: &ColumnScope<'b>,
        column: &ResultColumn,
        columns: &mut Vec<NamedColumn<'b>>,
    ) -> Option<()> {
        let Some(expression) = &column.expression else {
            if self.sql.get(column.span.clone())? != "*" || !scope.is_complete {
                return None;
            }
            columns.extend(scope.sources.iter().flat_map(|source| source.columns.iter().cloned()));
            return Some(());
        };
        let own_name = match &unwrapped(expression).kind {
            ExpressionKind::Column(names) => names.last(),
            _ => None,
        };
        let name = column.alias.as_ref().or(own_name).map(|name| name.text.clone());
        columns.push((name.unwrap_or_default(), scope.column(expression)));
        Some(())
    }
}
