//! The addends of a sum, for `.why`: the figure of each row that it adds up, and the number of rows that it leaves out. A statement is
//! asked again with the argument of its `sum` in the place of the result; the sum of a script has the figures of the rows that it rests
//! on. Addends that do not add up to the sum are not shown, as where several sources state one of them.

use crate::quantity::{Quantity, Ref, Sum, TotalRecords, human};
use crate::sql::{Author, Cell, NoParameters, Note, prepare_one};
use crate::store::Book;
use crate::store::catalogue::ColumnKind;
use crate::syntax::Text;
use crate::syntax::select::{self, Expression, ExpressionKind, SelectCore};
use std::rc::Rc;

/// The most addends that are named.
const MAX_NAMED: usize = 10;

/// The most rows that are read for the addends of one sum.
const MAX_ROWS: usize = 100_000;

/// The most facts of a script's sum that are looked up, one by one.
const MAX_FACTS: u64 = 1_000;

/// The functions that add up.
const SUMS: [&str; 4] = ["sum", "total", "q_sum", "q_sum_known"];

/// The rows of a sum.
#[derive(Debug, Default)]
pub(super) struct Addends {
    rows: Vec<Quantity>,
    totals: Vec<Quantity>,
    blank: usize,
    unknown: usize,
}

impl Addends {
    /// Those of a column of a statement's result; `None` where that is no sum.
    pub(super) fn of_statement(book: &Rc<Book>, sql: &str, column: usize, sum: &Quantity) -> Option<Self> {
        let query = addends_query(sql, column)?;
        let text = Text::new("why", &query);
        let mut prepared = prepare_one(book, &text, &NoParameters, Author::Program).ok()?;
        let mut rows = Vec::new();
        while rows.len() <= MAX_ROWS && !prepared.fetch(1_000, &mut rows).ok()? {}
        if rows.len() > MAX_ROWS {
            return None;
        }
        let rests_on = |row: &&Vec<Cell<'_>>| match &row[0] {
            Cell::Quantity(addend) if !addend.facts().is_empty() => {
                sum.facts().intersection(addend.facts()) == *addend.facts()
            }
            _ => false,
        };
        // Without `group by` the keys are none, and every row has them.
        let keys = rows.iter().find(rests_on).or(rows.first())?[1..].to_vec();
        let mut addends = Self::default();
        let totals = book.totals().ok()?;
        rows.iter().filter(|row| row[1..] == keys).try_for_each(|row| addends.add(totals, &row[0]))?;
        addends.checked(sum)
    }

    /// Those of the sum of a script, by the facts that it rests on.
    pub(super) fn of_facts(book: &Book, sum: &Quantity) -> Option<Self> {
        if sum.facts().len() > MAX_FACTS {
            return None;
        }
        let facts: Vec<Ref> = sum.facts().iter().collect();
        if facts.iter().all(|fact| matches!(fact, Ref::Fact { .. })) {
            let figures = facts.iter().map(|fact| book.stated_figure(&fact.to_string()).ok().flatten());
            return Self { rows: figures.collect::<Option<_>>()?, ..Self::default() }.checked(sum);
        }
        let mut columns: Vec<(usize, Vec<Quantity>)> = Vec::new();
        for fact in facts {
            let (view, cells) = book.record_cells(fact).ok().flatten()?;
            for (at, (column, (_, cell))) in view.columns.iter().zip(&cells).enumerate() {
                let quantity = cell.as_ref().filter(|_| column.kind == ColumnKind::Quantity);
                let Some(Ok(quantity)) = quantity.map(|cell| cell.parse()) else { continue };
                match columns.iter_mut().find(|(known, _)| *known == at) {
                    Some((_, rows)) => rows.push(quantity),
                    None => columns.push((at, vec![quantity])),
                }
            }
        }
        let mut fitting = columns.into_iter().filter_map(|(_, rows)| Self { rows, ..Self::default() }.checked(sum));
        fitting.next().filter(|_| fitting.next().is_none())
    }

    fn add(&mut self, totals: &TotalRecords, cell: &Cell<'_>) -> Option<()> {
        match cell {
            Cell::Null => self.blank += 1,
            Cell::Quantity(addend) if addend.is_unknown() => self.unknown += 1,
            Cell::Quantity(addend) if !totals.of_row(addend).is_empty() => self.totals.push((**addend).clone()),
            Cell::Quantity(addend) => self.rows.push((**addend).clone()),
            _ => return None,
        }
        Some(())
    }

    /// The same if they add up to the sum. Totals alone are added up too.
    fn checked(mut self, sum: &Quantity) -> Option<Self> {
        if self.rows.is_empty() {
            self.rows = std::mem::take(&mut self.totals);
        }
        let mut added = Sum::new();
        self.rows.iter().try_for_each(|row| added.push(row)).ok()?;
        let added = added.finish().ok()?;
        (added.amount() == sum.amount() && added.unit() == sum.unit()).then_some(self)
    }

    /// The notes on them, with the name of the column where several are explained; none on a single row without any left out.
    pub(super) fn notes(&self, column: &str) -> Vec<Note> {
        let counts = [
            (self.blank, "row without a value", "rows without a value"),
            (self.unknown, "unknown value", "unknown values"),
            (self.totals.len(), "total of other rows", "totals of other rows"),
        ];
        let left_out: Vec<String> = counts
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        if self.rows.len() < 2 && left_out.is_empty() {
            return Vec::new();
        }
        let more = self.rows.len().saturating_sub(MAX_NAMED);
        let named = self.rows.iter().take(MAX_NAMED).map(|row| {
            let value = human::quantity(row, None);
            if row.facts().is_empty() { value } else { format!("{value} [{}]", human::facts(row.facts())) }
        });
        let lines = named.chain((more > 0).then(|| format!("and {more} more")));
        let label = |at: usize| if at == 0 { ("addends", column) } else { ("", "") };
        let notes = lines.enumerate().map(|(at, line)| Note::new(label(at).0, label(at).1, &line));
        let left_out = (!left_out.is_empty()).then(|| Note::new("left out", "", &left_out.join(", ")));
        notes.chain(left_out).collect()
    }
}

/// The statement that has the addends of a column's sum as its rows, with the keys of their groups behind.
fn addends_query(sql: &str, column: usize) -> Option<String> {
    let select = select::parse(sql)?;
    let [core] = &select.cores[..] else { return None };
    if core.columns.iter().any(|column| column.expression.is_none()) {
        return None;
    }
    let ExpressionKind::Call(call) = &core.columns.get(column)?.expression.as_ref()?.kind else { return None };
    let is_sum = SUMS.iter().any(|name| call.name.text.eq_ignore_ascii_case(name));
    let [argument] = &call.arguments[..] else { return None };
    if !is_sum || call.distinct.is_some() || call.over.is_some() {
        return None;
    }
    let text = |expression: &Expression| &sql[expression.span.clone()];
    let keys: Vec<String> =
        core.group_by.iter().map(|term| format!(", {}", key_text(sql, core, &term.expression))).collect();
    let conditions: Vec<String> = [core.where_clause.as_ref(), call.filter.as_deref()]
        .into_iter()
        .flatten()
        .map(|condition| format!("({})", text(condition)))
        .collect();
    let condition = if conditions.is_empty() { String::new() } else { format!(" where {}", conditions.join(" and ")) };
    let with = select.with_span.map_or("", |span| &sql[span]);
    let from = &sql[core.from.first()?.span.start..core.from.last()?.span.end];
    Some(format!("{with} select {}{} from {from}{condition}", text(argument), keys.concat()))
}

/// The expression of a term of `group by`: that of the result column whose place or name it is, or its own.
fn key_text<'s>(sql: &'s str, core: &SelectCore, term: &Expression) -> &'s str {
    let text = &sql[term.span.clone()];
    let by_place = text.parse::<usize>().ok().and_then(|place| core.columns.get(place.checked_sub(1)?));
    let is_named = |name: &str| name.eq_ignore_ascii_case(text);
    let by_name = || core.columns.iter().find(|column| column.alias.as_ref().is_some_and(|name| is_named(&name.text)));
    let expression = by_place.or_else(by_name).and_then(|column| column.expression.as_ref());
    expression.map_or(text, |expression| &sql[expression.span.clone()])
}

#[cfg(test)]
mod tests {
    use super::addends_query;

    #[test]
    fn the_rows_of_a_sum_are_asked_for_with_the_keys_of_their_groups() {
        for (sql, column, expected) in [
            ("select sum(a) from t", 0, Some(" select a from t")),
            (
                "select b, sum(a) s from t where c or d group by 1 order by s",
                1,
                Some(" select a, b from t where (c or d)"),
            ),
            (
                "select b || 'x' k, sum(a) filter (where a > 5) from t join u using (i) group by k",
                1,
                Some(" select a, b || 'x' from t join u using (i) where (a > 5)"),
            ),
            ("with t as (select 1 a) select sum(a) from t", 0, Some("with t as (select 1 a) select a from t")),
            ("select max(a) from t", 0, None),
            ("select sum(distinct a) from t", 0, None),
            ("select sum(a) * 2 from t", 0, None),
            ("select sum(a) from t union select 1", 0, None),
        ] {
            assert_eq!(addends_query(sql, column).as_deref(), expected, "{sql}");
        }
    }
}
