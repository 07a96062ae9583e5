//! The totals of other rows among the rows that a statement picks, puts in an order or groups: the greatest row of a table with a
//! `Total` is that total. A plain look at a whole table shows its totals as they are in the file, and gets no warning but where it is
//! written for programs without the column that marks them.

use super::bare_columns::aggregates;
use super::lints::{AGGREGATES, names_totals};
use super::multiplied::{MAX_STEPS, counts};
use crate::quantity::Facts;
use crate::sql::{Cell, Column};
use crate::store::catalogue::View;
use crate::store::{Book, udf};
use crate::syntax::expr::Tokens;
use crate::syntax::select::{ExpressionKind, SelectCore, TableKind, TableOrSubquery, Term, parse};
use rusqlite::{Statement, StatementStatus};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The words that pick rows.
const PICKING: [&str; 3] = ["limit", "where", "having"];

/// The way in which a statement shows the rows that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Showing {
    /// All of them, as they are in the table.
    Whole,
    /// All of them in another order.
    Ordered,
    /// Some of them.
    Picked,
    /// Groups of them.
    Grouped,
}

impl Showing {
    /// The way of a statement; `None` for one that adds all its rows up.
    fn of(sql: &str) -> Option<Self> {
        let Some(select) = parse(sql) else { return Self::of_tokens(&Tokens::new(sql)) };
        let any = |is_it: &dyn Fn(&SelectCore) -> bool| select.cores.iter().any(is_it);
        let of_file = |term: &Term| matches!(&term.expression.kind, ExpressionKind::Column(names) if names.last().is_some_and(|name| name.text == "record"));
        if any(&|core| !core.group_by.is_empty()) {
            Some(Self::Grouped)
        } else if any(&aggregates) {
            None
        } else if select.limit.is_some() || any(&|core| core.where_clause.is_some() || core.from.len() > 1) {
            Some(Self::Picked)
        } else if !select.order_by.first().is_none_or(of_file) {
            Some(Self::Ordered)
        } else {
            Some(Self::Whole)
        }
    }

    /// As [`Showing::of`], for a statement whose tree is not read.
    fn of_tokens(tokens: &Tokens<'_>) -> Option<Self> {
        let is_aggregate = |at: usize| {
            let word = tokens.word(at);
            tokens.word(at + 1) == "(" && (AGGREGATES.contains(&&*word) || udf::is_aggregate(&word))
        };
        // The order of the records is that of the file.
        let orders =
            |at: usize| tokens.word(at) == "order" && tokens.word(at + 1) == "by" && tokens.word(at + 2) != "record";
        let words = || 0..tokens.count();
        if words().any(|at| tokens.word(at) == "group" && tokens.word(at + 1) == "by") {
            Some(Self::Grouped)
        } else if words().any(is_aggregate) {
            None
        } else if words().any(|at| PICKING.contains(&&*tokens.word(at))) {
            Some(Self::Picked)
        } else if words().any(orders) {
            Some(Self::Ordered)
        } else {
            Some(Self::Whole)
        }
    }
}

/// True for a statement that shows the rows that it reads, rather than to add them up.
pub(crate) fn shows_rows(sql: &str) -> bool {
    matches!(Showing::of(sql), Some(Showing::Whole | Showing::Ordered | Showing::Picked))
}

/// The totals among the rows of an answer so far.
pub(crate) struct ShownTotals {
    book: Rc<Book>,
    showing: Showing,
    has_quantity: bool,
    rows: u64,
    totals: Facts,
    /// The tables of which other records are among the rows.
    others: BTreeSet<u16>,
}

impl ShownTotals {
    /// Of a statement that has no `is_total` in it, over a book with totals; `None` for one that adds its rows up, and for a plain look
    /// at a whole table that is not written for programs.
    pub(crate) fn of(book: &Rc<Book>, sql: &str, columns: &[Column], is_for_programs: bool) -> Option<Self> {
        let marks_them = columns.is_empty() || columns.iter().any(|column| column.name == "is_total");
        if marks_them || !book.catalogue().has_imports() || !book.totals().is_ok_and(|totals| !totals.is_empty()) {
            return None;
        }
        let showing = Showing::of(sql).filter(|_| !names_totals(&Tokens::new(sql)))?;
        let has_quantity = columns.iter().any(|column| column.is_quantity);
        let is_of_interest = match showing {
            Showing::Whole => is_for_programs,
            Showing::Grouped => has_quantity || sql.to_lowercase().contains("having"),
            Showing::Ordered | Showing::Picked => true,
        };
        let (book, totals, others) = (Rc::clone(book), Facts::none(), BTreeSet::new());
        is_of_interest.then_some(Self { book, showing, has_quantity, rows: 0, totals, others })
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, cells: &[Cell<'_>]) {
        self.rows += 1;
        let Ok(totals) = self.book.totals() else { return };
        for cell in cells {
            let Cell::Quantity(quantity) = cell else { continue };
            let of_row = totals.of_row(quantity);
            if of_row.is_empty() && self.showing == Showing::Grouped {
                self.others.extend(quantity.facts().record_sources());
            }
            self.totals.extend(&of_row);
        }
    }

    /// The warning, when the statement has run; `None` where no total is among the rows, or nothing else could be.
    pub(crate) fn warning(&self, statement: &Statement<'_>) -> Option<String> {
        let (what, many) = match self.showing {
            Showing::Grouped => ("makes a group of its own", "make groups of their own"),
            _ => ("is among the rows", "are among the rows"),
        };
        let (count, condition) = if self.has_quantity {
            (self.counted_by_facts(), "not is_total".to_owned())
        } else {
            self.counted_anew(statement)?
        };
        match count {
            0 => None,
            1 => Some(format!("1 total of other rows {what}: `where {condition}` leaves it out")),
            _ => Some(format!("{count} totals of other rows {many}: `where {condition}` leaves them out")),
        }
    }

    /// The number of totals that the quantities of the rows rest on; 0 where they are all that there is.
    fn counted_by_facts(&self) -> u64 {
        let leaves_out = |source| {
            self.book.import_of(source).ok().flatten().is_some_and(|table| self.rows.cast_signed() < table.records)
        };
        let is_of_interest = match self.showing {
            Showing::Whole | Showing::Ordered => true,
            Showing::Picked => self.totals.record_sources().any(leaves_out),
            Showing::Grouped => self.totals.record_sources().any(|source| self.others.contains(&source)),
        };
        if is_of_interest { self.totals.len() } else { 0 }
    }
}

impl ShownTotals {
    /// The number of totals among the rows of a statement over imported tables, none of whose columns names its records, and the
    /// condition that leaves them out: it is run again with the columns that mark them. `None` for any other statement.
    fn counted_anew(&self, statement: &Statement<'_>) -> Option<(u64, String)> {
        let is_cheap = (0..=MAX_STEPS).contains(&statement.get_status(StatementStatus::VmStep));
        if !is_cheap || !statement.readonly() || statement.is_explain() != 0 {
            return None;
        }
        let sql = statement.expanded_sql()?;
        let select = parse(&sql)?;
        let ([core], true) = (&select.cores[..], select.common_tables.is_empty()) else { return None };
        let is_grouped = self.showing == Showing::Grouped;
        if core.distinct.is_some() || (core.having.is_some() && !is_grouped) {
            return None;
        }
        let names: Vec<String> = core.from.iter().filter_map(|table| self.name_with_totals(&sql, table)).collect();
        let is_join = core.from.len() > 1;
        if names.is_empty() || is_grouped && is_join {
            return None;
        }
        let qualified = |name: &str, column: &str| if is_join { format!("{name}.{column}") } else { column.to_owned() };
        let (mut marks, mut sums) = (String::new(), Vec::new());
        for (at, name) in names.iter().enumerate() {
            let is_total = qualified(name, "is_total");
            let (mark, sum) = if is_join {
                let record = qualified(name, "record");
                (format!("case when {is_total} then {record} end"), format!("count(distinct counted_{at})"))
            } else if is_grouped {
                (format!("min({is_total})"), format!("sum(counted_{at})"))
            } else {
                (is_total, format!("sum(counted_{at})"))
            };
            marks.push_str(&format!(", {mark} as counted_{at}"));
            sums.push(sum);
        }
        let list_end = core.columns.last()?.span.end;
        let (head, tail) = (&sql[select.span.start..list_end], &sql[list_end..select.span.end]);
        let counted = counts(&self.book, &format!("select {} from ({head}{marks}{tail}\n)", sums.join(", ")))?;
        let found = names.iter().zip(counted).filter(|(_, count)| *count > 0);
        let found: Vec<(String, u64)> =
            found.map(|(name, count)| (format!("not {}", qualified(name, "is_total")), count.unsigned_abs())).collect();
        let most = found.iter().map(|(_, count)| *count).max()?;
        Some((most, found.into_iter().map(|(condition, _)| condition).collect::<Vec<_>>().join(" and ")))
    }

    /// The name in a statement of a table that has totals.
    fn name_with_totals(&self, sql: &str, table: &TableOrSubquery) -> Option<String> {
        let alias = table.alias.as_ref().map(|alias| sql[alias.span.clone()].to_owned());
        match &table.kind {
            TableKind::Table(name) => {
                let is_asked = |view: &&View| view.name.eq_ignore_ascii_case(&name.name.text);
                let view = self.book.catalogue().imported().find(is_asked)?;
                view.column("is_total").map(|_| alias.unwrap_or_else(|| sql[name.name.span.clone()].to_owned()))
            }
            // A translation has the select of a view in its place.
            TableKind::Subquery(select) if sql[select.span.clone()].contains("is_total") => {
                Some(alias.unwrap_or_default())
            }
            TableKind::Subquery(_) | TableKind::Function { .. } | TableKind::Join(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Showing, Tokens, shows_rows};

    #[test]
    fn a_window_and_a_sub_select_show_rows() {
        for (sql, expected) in [
            ("select a, sum(a) over () from t", true),
            ("select a, (select sum(a) from t where a > 5) from t", true),
            ("select sum(a) from t", false),
            ("select a, sum(b) from t group by a", false),
        ] {
            assert_eq!(shows_rows(sql), expected, "{sql}");
        }
    }

    #[test]
    fn rows_are_shown_where_they_are_not_all_added_up() {
        for (sql, expected) in [
            ("select * from t order by a desc limit 1", Some(Showing::Picked)),
            ("select a from t where a > 5", Some(Showing::Picked)),
            ("select a from t order by a", Some(Showing::Ordered)),
            ("select a from t order by record", Some(Showing::Whole)),
            ("select a from t", Some(Showing::Whole)),
            ("select sum(a) from t where a > 5", None),
            ("select b, sum(a) from t group by b having sum(a) > 5", Some(Showing::Grouped)),
            ("select count(*) from t limit 1", None),
        ] {
            assert_eq!(Showing::of(sql), expected, "{sql}");
            assert_eq!(Showing::of_tokens(&Tokens::new(sql)), expected, "{sql}");
        }
    }
}
