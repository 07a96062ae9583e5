//! The newest result: kept when it has been shown, offered to SQL as `last`, handed to scripts when they next run, and
//! what `.why` explains.

use crate::sql::{Cell, KEPT_ROWS, Keep, Kept};
use crate::store::{Book, Offer};
use rusqlite::types::Value;
use std::cell::{Cell as Flag, RefCell};
use std::rc::Rc;

/// The newest result of a session. Clones are the same.
#[derive(Clone)]
pub(super) struct Last {
    book: Rc<Book>,
    kept: Rc<RefCell<Option<Rc<Kept>>>>,
    is_news: Rc<Flag<bool>>,
}

impl Last {
    pub(super) fn new(book: &Rc<Book>) -> Self {
        Self { book: Rc::clone(book), kept: Rc::default(), is_news: Rc::default() }
    }

    /// What an output hands its results to.
    pub(super) fn keeper(&self) -> Keep {
        let last = self.clone();
        Rc::new(move |kept| last.keep(Rc::new(kept)))
    }

    fn keep(&self, kept: Rc<Kept>) {
        let offer = if kept.is_cut() { Offer::TooLong(kept.total_rows, KEPT_ROWS) } else { offer(&kept) };
        // A result that SQL can't be offered is still one that scripts and `.why` can use.
        let _ = self.book.offer_last(offer);
        self.kept.replace(Some(kept));
        self.is_news.set(true);
    }

    /// The newest result, if it came since this was asked last.
    pub(super) fn news(&self) -> Option<Rc<Kept>> {
        self.is_news.take().then(|| self.kept.borrow().clone()).flatten()
    }

    /// The newest result, if there is one.
    pub(super) fn result(&self) -> Option<Rc<Kept>> {
        self.kept.borrow().clone()
    }
}

/// The rows for SQL. A column that holds a quantity, or a number that SQL could hold only as text, is one of
/// quantities, and so are the plain numbers in it.
fn offer(kept: &Rc<Kept>) -> Offer {
    let is_quantity =
        |at: usize, marked: bool| marked || kept.rows.iter().any(|row| row.get(at).is_some_and(Cell::is_quantity));
    let columns: Vec<(String, bool)> = kept
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| (column.name.clone(), is_quantity(at, column.is_quantity)))
        .collect();
    let marks: Vec<bool> = columns.iter().map(|(_, is_quantity)| *is_quantity).collect();
    let kept = Rc::clone(kept);
    let rows = move || {
        kept.rows.iter().map(|row| row.iter().zip(&marks).map(|(cell, mark)| value(cell, *mark)).collect()).collect()
    };
    Offer::Rows(columns, Box::new(rows))
}

fn value(cell: &Cell<'_>, is_quantity: bool) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Integer(i64::from(*truth)),
        Cell::Integer(whole) if is_quantity => Value::Text(whole.to_string()),
        Cell::Integer(whole) => Value::Integer(*whole),
        Cell::Real(real) => Value::Real(*real),
        Cell::Decimal(decimal) => match i64::try_from(*decimal) {
            Ok(whole) if decimal.is_integer() && !is_quantity => Value::Integer(whole),
            _ => Value::Text(decimal.normalize().to_string()),
        },
        Cell::Text(text) => Value::Text(text.to_string()),
        Cell::Blob(bytes) => Value::Blob(bytes.to_vec()),
        Cell::Quantity(quantity) => Value::Text(quantity.to_string()),
    }
}
