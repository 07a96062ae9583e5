//! The records of imported tables behind the rows of a select: which of its sources have any, also by way of a CTE, a sub-select or
//! a view, and by which expression each row names its own. A select on the way gives the records out as columns of their own.

use crate::store::catalogue::{ColumnKind, View};
use crate::store::plain_columns::RECORD;
use crate::store::{Book, quote_identifier};
use crate::syntax::select::{
    CommonTable, Expression, ExpressionKind, JoinConstraint, Name, Node, ResultColumn, Select, SelectCore, TableKind,
    TableOrSubquery, parse,
};
use std::collections::BTreeSet;
use std::ops::Range;

/// The most selects within each other that are followed.
const MAX_DEPTH: usize = 8;

/// Stands among the records of a number for a window over the rows of the join: what is divided by the number of rows of a record, as by
/// `count(*) over (partition by …)`, is not added up twice.
pub(super) const APPORTIONED: usize = usize::MAX;

/// A text with the places in it where something is written in.
#[derive(Default)]
pub(super) struct Insertions(Vec<(Range<usize>, String)>);

impl Insertions {
    /// A part of the text with what is written into it.
    pub(super) fn text(&self, sql: &str, range: &Range<usize>) -> String {
        let mut within: Vec<&(Range<usize>, String)> =
            self.0.iter().filter(|(at, _)| at.start >= range.start && at.end <= range.end).collect();
        within.sort_by_key(|(at, _)| at.start);
        let (mut text, mut done) = (String::new(), range.start);
        for (at, inserted) in within {
            text.push_str(&sql[done..at.start]);
            text.push_str(inserted);
            done = at.end;
        }
        text + &sql[done..range.end]
    }
}

/// The record of an imported table in a row.
pub(super) struct JoinedRecord<'t> {
    /// The expression for it.
    pub(super) expression: String,
    pub(super) view: &'t View,
}

/// The columns of a source.
enum SourceColumns<'t> {
    /// Those of an imported table.
    Imported(&'t View),
    /// Those of a select, each with the records that its numbers are of, by their places among its own.
    Selected(Vec<(String, BTreeSet<usize>)>),
}

/// A source of `from`.
struct JoinedSource<'t> {
    name: String,
    columns: SourceColumns<'t>,
    /// The places of its records among those of the select.
    records: Vec<usize>,
}

/// The sources of a select that lead to records of imported tables.
#[derive(Default)]
pub(super) struct JoinedSources<'t> {
    pub(super) records: Vec<JoinedRecord<'t>>,
    sources: Vec<JoinedSource<'t>>,
    /// True if there is any join on the way to them.
    pub(super) is_joined: bool,
}

/// What a select on the way gives out.
struct SelectedRecords<'t> {
    columns: Vec<(String, BTreeSet<usize>)>,
    /// The columns of records, by their names.
    records: Vec<(String, &'t View)>,
    is_joined: bool,
}

/// A walk from a select to the tables behind it.
pub(super) struct Joins<'t> {
    pub(super) book: &'t Book,
    pub(super) sql: &'t str,
    pub(super) insertions: Insertions,
    /// The CTEs in sight, the nearest last.
    pub(super) common_tables: Vec<&'t CommonTable>,
    depth: usize,
    count: usize,
}

impl<'t> Joins<'t> {
    pub(super) fn new(book: &'t Book, sql: &'t str, common_tables: Vec<&'t CommonTable>) -> Self {
        Self { book, sql, insertions: Insertions::default(), common_tables, depth: 0, count: 0 }
    }

    /// The sources of a select.
    pub(super) fn sources(&mut self, core: &'t SelectCore) -> JoinedSources<'t> {
        let mut found = JoinedSources::default();
        let tables = leaves(&core.from);
        found.is_joined = tables.len() > 1;
        for table in tables {
            self.add(table, &mut found);
        }
        found
    }

    fn add(&mut self, table: &'t TableOrSubquery, found: &mut JoinedSources<'t>) {
        let own_name = match &table.kind {
            TableKind::Table(name) if name.schema.is_none() => Some(&name.name.text),
            TableKind::Subquery(_) => None,
            _ => return,
        };
        // Nothing can name a sub-select without an alias, but its columns need a name to be given out by.
        let alias = table.alias.as_ref().map(|alias| alias.text.clone()).or_else(|| own_name.cloned());
        let name = alias.unwrap_or_else(|| self.give_alias(table));
        let of_catalogue = || {
            let is_it = |view: &&View| match &table.kind {
                TableKind::Subquery(select) => self.is_plain_table(view, &self.sql[select.span.clone()]),
                _ => own_name.is_some_and(|own| view.name.eq_ignore_ascii_case(own)),
            };
            self.book.catalogue().imported().find(is_it)
        };
        let is_common = own_name.is_some_and(|own| self.common_table(own).is_some());
        match of_catalogue().filter(|_| !is_common) {
            Some(view) => {
                let expression = format!("{}.record", quote_identifier(&name));
                found.sources.push(JoinedSource {
                    name,
                    columns: SourceColumns::Imported(view),
                    records: vec![found.records.len()],
                });
                found.records.push(JoinedRecord { expression, view });
            }
            None => self.add_selected(table, name, found),
        }
    }

    /// True for the select that a translation puts in the place of an imported table.
    fn is_plain_table(&self, view: &View, select: &str) -> bool {
        select.contains(RECORD) && self.book.plain_table(&view.name).is_some_and(|table| table.select == select)
    }

    /// Adds a source that is a select itself: a sub-select, a CTE, a view.
    fn add_selected(&mut self, table: &'t TableOrSubquery, name: String, found: &mut JoinedSources<'t>) {
        if self.depth == MAX_DEPTH {
            return;
        }
        self.depth += 1;
        let selected = match &table.kind {
            TableKind::Subquery(select) => self.selected(select, None),
            TableKind::Table(own) => match self.common_table(&own.name.text) {
                Some(common) => self.selected(&common.select, Some(&common.columns)),
                None => self.of_view(table, &own.name.text),
            },
            _ => None,
        };
        self.depth -= 1;
        let Some(SelectedRecords { columns, records, is_joined }) = selected else { return };
        let first = found.records.len();
        let places = (first..first + records.len()).collect();
        found.records.extend(records.into_iter().map(|(column, view)| JoinedRecord {
            expression: format!("{}.{}", quote_identifier(&name), quote_identifier(&column)),
            view,
        }));
        found.is_joined |= is_joined;
        found.sources.push(JoinedSource { name, columns: SourceColumns::Selected(columns), records: places });
    }

    fn give_alias(&mut self, table: &TableOrSubquery) -> String {
        self.count += 1;
        let name = format!("repeated_source_{}", self.count);
        self.insertions.0.push((table.span.end..table.span.end, format!(" as {name}")));
        name
    }

    fn common_table(&self, name: &str) -> Option<&'t CommonTable> {
        self.common_tables.iter().rev().find(|table| table.name.text.eq_ignore_ascii_case(name)).copied()
    }

    /// The records behind a select whose rows are rows of its sources; it gives each out as a column more.
    fn selected(&mut self, select: &'t Select, names: Option<&'t Vec<Name>>) -> Option<SelectedRecords<'t>> {
        let [core] = &select.cores[..] else { return None };
        let is_other = core.distinct.is_some() || !core.group_by.is_empty() || select.limit.is_some();
        let last = core.columns.last().filter(|_| !is_other)?;
        // A CTE that two sources name would get its columns twice.
        if self.insertions.0.iter().any(|(at, _)| at.start == last.span.end) {
            return None;
        }
        let outer = self.common_tables.len();
        self.common_tables.extend(&select.common_tables);
        let sources = self.sources(core);
        self.common_tables.truncate(outer);
        let mut columns: Vec<_> = core.columns.iter().flat_map(|column| sources.columns_of(self.sql, column)).collect();
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            for (column, name) in columns.iter_mut().zip(names) {
                column.0.clone_from(&name.text);
            }
        }
        let mut records = Vec::new();
        for JoinedRecord { expression, view } in &sources.records {
            self.count += 1;
            let name = format!("repeated_record_{}", self.count);
            let end = last.span.end;
            self.insertions.0.push((end..end, format!(", {expression} as {name}")));
            if let Some(listed) = names.and_then(|names| names.last()) {
                self.insertions.0.push((listed.span.end..listed.span.end, format!(", {name}")));
            }
            records.push((name, *view));
        }
        Some(SelectedRecords { columns, records, is_joined: sources.is_joined })
    }

    /// The records behind a view of one's own, whose select takes its place.
    fn of_view(&mut self, table: &TableOrSubquery, name: &str) -> Option<SelectedRecords<'t>> {
        let (columns, select) = self.book.user_view(name)?;
        let select = Some(&*select).filter(|_| columns.is_empty())?;
        let parsed = parse(select)?;
        let mut inner = Joins { depth: self.depth, count: self.count, ..Joins::new(self.book, select, Vec::new()) };
        let SelectedRecords { columns, records, is_joined } = inner.selected(&parsed, None)?;
        let records = records.into_iter().map(|(name, view)| Some((name, self.book.catalogue().find(&view.name)?)));
        let records = records.collect::<Option<Vec<_>>>()?;
        let (text, count) = (inner.insertions.text(select, &parsed.span), inner.count);
        self.count = count;
        let alias = if table.alias.is_some() { String::new() } else { format!(" as {}", quote_identifier(name)) };
        let TableKind::Table(own) = &table.kind else { return None };
        self.insertions.0.push((own.name.span.clone(), format!("({text}){alias}")));
        Some(SelectedRecords { columns, records, is_joined })
    }
}

impl JoinedSources<'_> {
    /// The records that the numbers in an expression are of.
    pub(super) fn records_in(&self, expression: &Expression) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        Node::Expression(expression).walk(|node| {
            if let Node::Expression(Expression { kind: ExpressionKind::Column(names), .. }) = node
                && let Some(column) = names.last()
            {
                let qualifier = names.len().checked_sub(2).map(|at| &names[at].text);
                let is_of =
                    |source: &&JoinedSource<'_>| qualifier.is_none_or(|name| source.name.eq_ignore_ascii_case(name));
                found.extend(self.sources.iter().filter(is_of).flat_map(|source| source.records_of(&column.text)));
            }
            if let Node::Expression(Expression { kind: ExpressionKind::Call(call), .. }) = node
                && call.over.is_some()
            {
                found.insert(APPORTIONED);
            }
            !matches!(node, Node::Select(_))
        });
        found
    }

    /// The columns that a result column of a select stands for, each with its records.
    fn columns_of(&self, sql: &str, column: &ResultColumn) -> Vec<(String, BTreeSet<usize>)> {
        let Some(expression) = &column.expression else {
            let written = &sql[column.span.clone()];
            let of = written.trim_end_matches('*').trim_end().strip_suffix('.').map(str::trim);
            let is_of = |source: &&JoinedSource<'_>| {
                of.is_none_or(|name| name.trim_matches('"').eq_ignore_ascii_case(&source.name))
            };
            return self.sources.iter().filter(is_of).flat_map(JoinedSource::all_columns).collect();
        };
        let own = match &expression.kind {
            ExpressionKind::Column(names) => names.last().map(|name| &name.text),
            _ => None,
        };
        let name = column.alias.as_ref().map(|alias| &alias.text).or(own).cloned();
        vec![(name.unwrap_or_default(), self.records_in(expression))]
    }
}

impl JoinedSource<'_> {
    /// The records that the numbers of a column are of.
    fn records_of(&self, column: &str) -> Vec<usize> {
        match &self.columns {
            SourceColumns::Imported(view) => {
                let kind = view.column(column).map(|column| column.kind);
                let is_number = matches!(kind, Some(ColumnKind::Quantity | ColumnKind::Integer));
                if is_number { self.records.clone() } else { Vec::new() }
            }
            SourceColumns::Selected(columns) => {
                let found = columns.iter().filter(|(name, _)| name.eq_ignore_ascii_case(column));
                found
                    .flat_map(|(_, records)| {
                        records.iter().map(|place| self.records.get(*place).copied().unwrap_or(APPORTIONED))
                    })
                    .collect()
            }
        }
    }

    fn all_columns(&self) -> Vec<(String, BTreeSet<usize>)> {
        let names: Vec<String> = match &self.columns {
            SourceColumns::Imported(view) => view.columns.iter().map(|column| column.name.to_string()).collect(),
            SourceColumns::Selected(columns) => columns.iter().map(|(name, _)| name.clone()).collect(),
        };
        names.into_iter().map(|name| (name.clone(), self.records_of(&name).into_iter().collect())).collect()
    }
}

/// The tables of a `from`, those of joins in parentheses among them.
pub(super) fn leaves(from: &[TableOrSubquery]) -> Vec<&TableOrSubquery> {
    let mut found = Vec::new();
    for table in from {
        match &table.kind {
            TableKind::Join(tables) => found.extend(leaves(tables)),
            _ => found.push(table),
        }
    }
    found
}

/// The end of `from`, with the conditions of its joins.
pub(super) fn from_end(sql: &str, core: &SelectCore) -> Option<usize> {
    let end = |table: &TableOrSubquery| match &table.constraint {
        Some(JoinConstraint::On(condition)) => condition.span.end,
        Some(JoinConstraint::Using(names)) => {
            let last = names.last().map_or(table.span.end, |name| name.span.end);
            last + sql[last..].find(')').map_or(0, |at| at + 1)
        }
        None => table.span.end,
    };
    core.from.iter().map(end).max()
}
