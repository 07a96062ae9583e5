//! The totals of other rows among the rows that a statement picks, puts in an order or groups: the greatest row of a table with a
//! `Total` is that total. A plain look at a whole table shows its totals as they are in the file, and gets no warning but where it is
//! written for programs without the column that marks them.

use super::lints::{AGGREGATES, names_totals};
use super::multiplied::{MAX_STEPS, counts};
use crate::quantity::Facts;
use crate::sql::{Cell, Column};
use crate::store::catalogue::View;
use crate::store::{Book, udf};
use crate::syntax::expr::Tokens;
use crate::syntax::select::{TableKind, parse};
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
    fn of(tokens: &Tokens<'_>) -> Option<Self> {
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
        let tokens = Tokens::new(sql);
        let showing = Showing::of(&tokens).filter(|_| !names_totals(&tokens))?;
        let has_quantity = columns.iter().any(|column| column.is_quantity);
        let is_of_interest = match showing {
            Showing::Whole => is_for_programs,
            Showing::Grouped => has_quantity,
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
        let count = if self.has_quantity { self.counted_by_facts() } else { totals_picked(&self.book, statement)? };
        match count {
            0 => None,
            1 => Some(format!("1 total of other rows {what}: `where not is_total` leaves it out")),
            _ => Some(format!("{count} totals of other rows {many}: `where not is_total` leaves them out")),
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

/// The number of totals among the rows of a statement over one imported table, none of whose columns names its records: it is run
/// again with the column that marks them. `None` for any other statement.
fn totals_picked(book: &Book, statement: &Statement<'_>) -> Option<u64> {
    let is_cheap = (0..=MAX_STEPS).contains(&statement.get_status(StatementStatus::VmStep));
    if !is_cheap || !statement.readonly() || statement.is_explain() != 0 {
        return None;
    }
    let sql = statement.expanded_sql()?;
    let select = parse(&sql)?;
    let ([core], true) = (&select.cores[..], select.common_tables.is_empty()) else { return None };
    let ([table], true) = (&core.from[..], core.distinct.is_none() && core.having.is_none()) else { return None };
    let has_totals = match &table.kind {
        TableKind::Table(name) => {
            let is_asked = |view: &&View| view.name.eq_ignore_ascii_case(&name.name.text);
            book.catalogue().imported().find(is_asked).is_some_and(|view| view.column("is_total").is_some())
        }
        // A translation has the select of a view in its place; the column is known to SQLite or not.
        TableKind::Subquery(_) => true,
        TableKind::Function { .. } | TableKind::Join(_) => false,
    };
    if !has_totals {
        return None;
    }
    let list_end = core.columns.last()?.span.end;
    let (head, tail) = (&sql[select.span.start..list_end], &sql[list_end..select.span.end]);
    let counted = counts(book, &format!("select sum(counted_total) from ({head}, is_total as counted_total{tail}\n)"))?;
    counted.first().map(|count| count.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::{Showing, Tokens};

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
            assert_eq!(Showing::of(&Tokens::new(sql)), expected, "{sql}");
        }
    }
}
