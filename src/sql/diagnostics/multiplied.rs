//! Joins that repeat records: a sum or a count over a join in which a record of an imported table stands in several rows, wherever the
//! join stands. A plain number names no record, so that the join is counted a second time: its rows beside its different
//! records, as one more pass over the same rows.

use super::joined::{APPORTIONED, JoinedSources, Joins, from_end};
use crate::quantity::human;
use crate::store::Book;
use crate::syntax::select::{
    Call, CommonTable, ExpressionKind, NamedWindow, Node, Over, Select, SelectCore, Span, TableKind, TableOrSubquery,
    Window, parse,
};
use rusqlite::{Statement, StatementStatus};
use std::collections::BTreeSet;

/// The aggregates of plain numbers.
const AGGREGATES: [&str; 4] = ["sum", "total", "avg", "count"];

/// The most steps of SQLite's machine that a statement may have taken for its rows to be counted a second time.
pub(crate) const MAX_STEPS: i32 = 50_000_000;

/// The warning about an aggregate of a statement that adds up or counts records of an imported table more than once, in the words of
/// the statement as it is written.
pub(crate) fn warning(book: &Book, statement: &Statement<'_>, written: &str) -> Option<String> {
    if !book.catalogue().has_imports() || !statement.readonly() || statement.is_explain() != 0 {
        return None;
    }
    // The counter has 32 bits, and is negative in the upper half.
    if !(0..=MAX_STEPS).contains(&statement.get_status(StatementStatus::VmStep)) {
        return None;
    }
    let sql = statement.expanded_sql()?;
    let lower = sql.to_ascii_lowercase();
    if !AGGREGATES.iter().any(|name| lower.contains(name)) {
        return None;
    }
    let select = parse(&sql)?;
    let calls = |select| selects(select).into_iter().flat_map(|(_, select)| calls_of(select)).collect::<Vec<_>>();
    let own = calls(&select);
    if own.is_empty() {
        return None;
    }
    let parsed = parse(written);
    let as_written = parsed.as_ref().map(calls).unwrap_or_default();
    // A translated statement may have other calls than the written one.
    let spoken = |call: &CountedCall<'_>| {
        let at = own.iter().position(|other| other.span == call.span).filter(|_| as_written.len() == own.len());
        at.map_or(&sql[call.span.clone()], |at| &written[as_written[at].span.clone()])
    };
    selects(&select).into_iter().find_map(|(common, select)| {
        let aggregating = AggregatingSelect::read(book, &sql, common, select)?;
        aggregating.repeated_call(book).map(|(call, repeated)| repeated.in_words(spoken(call), call.verb))
    })
}

/// The selects that may aggregate, each once, with the CTEs that it sees: the statement, its CTEs and the sub-selects in `from`.
fn selects(statement: &Select) -> Vec<(&[CommonTable], &Select)> {
    let mut found = vec![(&statement.common_tables[..], statement)];
    found.extend(statement.common_tables.iter().map(|table| (&statement.common_tables[..], &table.select)));
    let in_from = |table: &TableOrSubquery| matches!(table.kind, TableKind::Subquery(_));
    for table in statement.cores.iter().flat_map(|core| &core.from).filter(|table| in_from(table)) {
        if let TableKind::Subquery(select) = &table.kind {
            found.push((&statement.common_tables[..], select));
        }
    }
    found
}

/// A call of an aggregate of plain values.
struct CountedCall<'t> {
    call: &'t Call,
    span: Span,
    /// `adds up` or `counts`.
    verb: &'static str,
    /// The records that it is about, by their places.
    about: BTreeSet<usize>,
}

/// The calls of aggregates in the list of a select.
fn calls_of(select: &Select) -> Vec<CountedCall<'_>> {
    let [core] = &select.cores[..] else { return Vec::new() };
    let mut found = Vec::new();
    for column in &core.columns {
        Node::ResultColumn(column).walk(|node| {
            if let Node::Expression(expression) = node
                && let ExpressionKind::Call(call) = &expression.kind
                && AGGREGATES.iter().any(|name| call.name.text.eq_ignore_ascii_case(name))
                && call.distinct.is_none()
                && (call.is_star || call.arguments.len() == 1)
            {
                let verb = if call.name.text.eq_ignore_ascii_case("count") { "counts" } else { "adds up" };
                found.push(CountedCall { call, span: expression.span.clone(), verb, about: BTreeSet::new() });
            }
            !matches!(node, Node::Select(_))
        });
    }
    found
}

/// The rows of a record that a call takes more than once.
struct Repeated {
    rows: i64,
    records: i64,
    view: String,
}

impl Repeated {
    fn in_words(&self, call: &str, verb: &str) -> String {
        let Self { rows, records, view } = self;
        let records = human::count(records.unsigned_abs(), "record");
        format!("`{call}` {verb} {rows} rows of {records} of `{view}`, which the join repeats: counted twice?")
    }
}

/// The groups of rows that calls take together.
#[derive(PartialEq, Eq)]
enum Grouping {
    /// Those of the select.
    OfSelect,
    /// Those of a window, by its terms.
    Partitions(String),
}

/// A `select` with aggregates over a join with imported tables.
struct AggregatingSelect<'t> {
    sql: &'t str,
    select: &'t Select,
    core: &'t SelectCore,
    joins: Joins<'t>,
    sources: JoinedSources<'t>,
    calls: Vec<CountedCall<'t>>,
    common_tables: &'t [CommonTable],
}

impl<'t> AggregatingSelect<'t> {
    fn read(book: &'t Book, sql: &'t str, common_tables: &'t [CommonTable], select: &'t Select) -> Option<Self> {
        let [core] = &select.cores[..] else { return None };
        let mut calls = calls_of(select);
        if calls.is_empty() || core.distinct.is_some() {
            return None;
        }
        let in_sight =
            common_tables.iter().chain(&select.common_tables).filter(|table| table.select.span != select.span);
        let mut joins = Joins::new(book, sql, in_sight.collect());
        let sources = joins.sources(core);
        if !sources.is_joined || sources.records.is_empty() {
            return None;
        }
        for call in &mut calls {
            call.about = match call.verb {
                "counts" => (0..sources.records.len()).collect(),
                _ => call.call.arguments.first().map(|argument| sources.records_in(argument)).unwrap_or_default(),
            };
        }
        calls.retain(|call| !call.about.is_empty() && !call.about.contains(&APPORTIONED));
        Some(Self { sql, select, core, joins, sources, calls, common_tables })
    }

    /// The first call that takes records more than once. Calls over the same groups are counted in one pass.
    fn repeated_call(&self, book: &Book) -> Option<(&CountedCall<'t>, Repeated)> {
        let mut passes: Vec<(Grouping, Vec<&CountedCall<'t>>)> = Vec::new();
        for call in &self.calls {
            let Some(grouping) = self.grouping(call) else { continue };
            match passes.iter_mut().find(|(known, _)| *known == grouping) {
                Some((_, calls)) => calls.push(call),
                None => passes.push((grouping, vec![call])),
            }
        }
        passes.into_iter().find_map(|(grouping, calls)| {
            let counts = counts(book, &self.counting_sql(&grouping, &calls)?)?;
            let mut counts = counts.chunks_exact(2).map(|counted| (counted[0], counted[1]));
            calls.into_iter().find_map(|call| {
                let of = |place: &usize| {
                    let (rows, records) = counts.next()?;
                    let view = self.sources.records[*place].view.name.to_string();
                    (rows > records).then_some(Repeated { rows, records, view })
                };
                let mut repeated: Vec<Repeated> = call.about.iter().filter_map(of).collect();
                // A rate that is looked up in another table by its key stands in many rows, and is not added up itself.
                (repeated.len() == call.about.len()).then(|| (call, repeated.swap_remove(0)))
            })
        })
    }

    /// The groups of rows that a call takes together; `None` where a window leaves rows out.
    fn grouping(&self, call: &CountedCall<'t>) -> Option<Grouping> {
        let Some(over) = &call.call.over else { return Some(Grouping::OfSelect) };
        let window = self.window(over).filter(|_| self.core.group_by.is_empty())?;
        let terms = window.partition_by.iter().map(|term| format!("({})", &self.sql[term.span.clone()]));
        Some(Grouping::Partitions(terms.collect::<Vec<_>>().join(", ")))
    }

    /// The statement that counts the rows which calls take and their different records, in each group, and adds them up.
    fn counting_sql(&self, grouping: &Grouping, calls: &[&CountedCall<'t>]) -> Option<String> {
        let text = |span: &Span| self.joins.insertions.text(self.sql, span);
        let (mut columns, mut sums) = (String::new(), Vec::new());
        for (call, place) in calls.iter().flat_map(|call| call.about.iter().map(move |place| (call, place))) {
            let (record, condition) = (&self.sources.records[*place].expression, self.condition(call));
            let at = sums.len();
            columns.push_str(&format!(", count({record}){condition} as repeated_{at}"));
            columns.push_str(&format!(", count(distinct {record}){condition} as single_{at}"));
            sums.push(format!("sum(repeated_{at}), sum(single_{at})"));
        }
        let (head, sums) = (self.common_tables_text(), sums.join(", "));
        let list = self.core.columns.first()?.span.start..self.core.columns.last()?.span.end;
        let counted = match grouping {
            Grouping::OfSelect => format!("{}{columns} {}", text(&list), text(&(list.end..self.select.span.end))),
            Grouping::Partitions(terms) => {
                let groups = if terms.is_empty() { String::new() } else { format!(" group by {terms}") };
                format!("1{columns} {}\n{groups}", text(&(list.end..self.rows_end(list.end))))
            }
        };
        Some(format!("{head}select {sums} from (select {counted}\n)"))
    }

    /// The `filter` of the rows that a call takes.
    fn condition(&self, call: &CountedCall<'_>) -> String {
        let argument =
            call.call.arguments.first().map(|argument| format!("({}) is not null", &self.sql[argument.span.clone()]));
        let filter = call.call.filter.as_ref().map(|filter| format!("({})", &self.sql[filter.span.clone()]));
        let conditions: Vec<String> = argument.into_iter().chain(filter).collect();
        if conditions.is_empty() { String::new() } else { format!(" filter (where {})", conditions.join(" and ")) }
    }

    /// The CTEs before the select, with what is written into them.
    fn common_tables_text(&self) -> String {
        let own = self.select.common_tables.iter().map(|table| &table.span);
        let of_statement = self.common_tables.iter().map(|table| &table.span);
        let is_statement = std::ptr::eq(self.select.common_tables.as_ptr(), self.common_tables.as_ptr());
        let spans: Vec<&Span> = if is_statement { own.collect() } else { of_statement.chain(own).collect() };
        let texts: Vec<String> = spans.into_iter().map(|span| self.joins.insertions.text(self.sql, span)).collect();
        if texts.is_empty() { String::new() } else { format!("with recursive {} ", texts.join(", ")) }
    }

    /// The window of a call, if each of its rows sees all those before it in its partition.
    fn window(&self, over: &'t Over) -> Option<&'t Window> {
        let window = match over {
            Over::Window(window) => window,
            Over::Named(name) => {
                let is_it = |named: &&NamedWindow| named.name.text.eq_ignore_ascii_case(&name.text);
                &self.core.windows.iter().find(is_it)?.window
            }
        };
        let sees_all = window.frame.as_ref().is_none_or(|frame| {
            let words = self.sql[frame.span.clone()].to_ascii_lowercase();
            !frame.has_offset() && words.contains("unbounded preceding") && !words.contains("exclude")
        });
        (window.base.is_none() && sees_all).then_some(window)
    }

    /// The end of `from` and `where` behind the list of the select.
    fn rows_end(&self, list_end: usize) -> usize {
        let from = from_end(self.sql, self.core);
        from.into_iter()
            .chain(self.core.where_clause.iter().map(|condition| condition.span.end))
            .max()
            .unwrap_or(list_end)
    }
}

/// The numbers of the only row of a statement.
pub(super) fn counts(book: &Book, sql: &str) -> Option<Vec<i64>> {
    let mut prepared = book.prepare(sql).ok()?;
    // Such a function may print, and would do so again.
    if book.calls_scripts(&prepared.findings) {
        return None;
    }
    book.read_rows(std::mem::take(&mut prepared.findings.unread)).ok()?;
    let counts = prepared.statement.with_mut(|statement| {
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        let row = book.run_step(None, || rows.next()).ok()??;
        (0..width).map(|at| row.get(at).ok()).collect()
    });
    // The statement itself has reported the same.
    drop((book.take_function_error(), book.take_denial(), book.take_remarks()));
    counts
}
