//! The totals of other rows among the rows that a statement picks: the greatest row of a table with a `Total` is that total. A plain
//! look at a whole table shows its totals as they are in the file, and gets no warning.

use super::lints::{AGGREGATES, names_totals, totals_text};
use crate::quantity::{FactGroup, Facts};
use crate::sql::{Cell, Column};
use crate::store::{Book, udf};
use crate::syntax::expr::Tokens;
use std::rc::Rc;

/// The words that pick rows.
const PICKING: [&str; 3] = ["limit", "where", "having"];

/// The totals among the rows of an answer so far.
pub(crate) struct ShownTotals {
    book: Rc<Book>,
    rows: u64,
    totals: Facts,
}

impl ShownTotals {
    /// Of a statement that picks rows and neither adds them up nor has `is_total` in it, over a book with totals; `None` for any other.
    pub(crate) fn of(book: &Rc<Book>, sql: &str, columns: &[Column]) -> Option<Self> {
        let has_quantity = columns.iter().any(|column| column.is_quantity);
        if !has_quantity || !book.catalogue().has_imports() || columns.iter().any(|column| column.name == "is_total") {
            return None;
        }
        let tokens = Tokens::new(sql);
        let is_picked = picks_rows(&tokens) && !names_totals(&tokens);
        let has_totals = is_picked && book.totals().is_ok_and(|totals| !totals.is_empty());
        has_totals.then(|| Self { book: Rc::clone(book), rows: 0, totals: Facts::none() })
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, cells: &[Cell<'_>]) {
        self.rows += 1;
        let Ok(totals) = self.book.totals() else { return };
        for cell in cells {
            if let Cell::Quantity(quantity) = cell {
                self.totals.extend(&totals.of_row(quantity));
            }
        }
    }

    /// The warning; `None` where no total is among the rows, or no row of its table is left out.
    pub(crate) fn warning(&self) -> Option<String> {
        let mut sources = self.totals.groups().filter_map(|group| match group {
            FactGroup::Records { source } => Some(source),
            FactGroup::Named(_) => None,
        });
        let leaves_out = |source| {
            self.book.import_of(source).ok().flatten().is_some_and(|table| self.rows.cast_signed() < table.records)
        };
        if !sources.any(leaves_out) {
            return None;
        }
        let them = if self.totals.len() == 1 { "it" } else { "them" };
        Some(format!("{}: `where not is_total` leaves {them} out", totals_text(&self.totals, "among the rows")))
    }
}

/// True if a statement shows some of the rows that it reads, as they are.
fn picks_rows(tokens: &Tokens<'_>) -> bool {
    let is_aggregate = |at: usize| {
        let word = tokens.word(at);
        tokens.word(at + 1) == "(" && (AGGREGATES.contains(&&*word) || udf::is_aggregate(&word))
    };
    let words = || 0..tokens.count();
    let groups = words().any(|at| tokens.word(at) == "group" || is_aggregate(at));
    !groups && words().any(|at| PICKING.contains(&&*tokens.word(at)))
}

#[cfg(test)]
mod tests {
    use super::{Tokens, picks_rows};

    #[test]
    fn rows_are_picked_where_they_are_not_added_up() {
        for (sql, expected) in [
            ("select * from t order by a desc limit 1", true),
            ("select a from t where a > 5", true),
            ("select a from t order by a", false),
            ("select sum(a) from t where a > 5", false),
            ("select b, a from t group by b having a > 5", false),
            ("select count(*) from t limit 1", false),
        ] {
            assert_eq!(picks_rows(&Tokens::new(sql)), expected, "{sql}");
        }
    }
}
