//! The newest result: kept when it has been shown, offered to SQL as `last`, handed to scripts when they next run, and
//! what `.why` explains.

use crate::error::{Error, wrong};
use crate::sql::{AppendedColumns, Header, KEPT_ROWS, Keep, Kept, Output, offer_rows};
use crate::store::{Book, Dependencies, TableSource};
use std::cell::{Cell as Flag, RefCell};
use std::rc::Rc;

/// The newest result of a session. Clones are the same.
#[derive(Clone)]
pub(super) struct Last {
    book: Rc<Book>,
    kept: Rc<RefCell<Option<Rc<Kept>>>>,
    is_news: Rc<Flag<bool>>,
    /// How many there were.
    count: Rc<Flag<usize>>,
}

impl Last {
    pub(super) fn new(book: &Rc<Book>) -> Self {
        Self { book: Rc::clone(book), kept: Rc::default(), is_news: Rc::default(), count: Rc::default() }
    }

    /// What an output hands its results to.
    pub(super) fn keeper(&self) -> Keep {
        let last = self.clone();
        Rc::new(move |kept| last.keep(Rc::new(kept)))
    }

    fn keep(&self, kept: Rc<Kept>) {
        let offer = if kept.is_cut() {
            TableSource::TooLong(kept.total_rows, KEPT_ROWS)
        } else {
            let reliance = Dependencies { tracked: kept.named.about_book(), untracked: kept.assumed.clone() };
            offer_rows(&kept.columns, &vec![!kept.holds_cells(); kept.columns.len()], Rc::clone(&kept.rows), reliance)
        };
        // A result that SQL can't be offered is still one that scripts and `.why` can use.
        let _ = self.book.set_last_result(offer);
        self.kept.replace(Some(kept));
        self.is_news.set(true);
        self.count.set(self.count.get() + 1);
    }

    /// How many results there were so far.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    /// The newest result, if it came since this was asked last.
    pub(super) fn news(&self) -> Option<Rc<Kept>> {
        self.is_news.take().then(|| self.kept.borrow().clone()).flatten()
    }

    /// Shows every row of the newest result.
    ///
    /// # Errors
    /// There is none; the writer's.
    pub(super) fn show(&self, output: &Output) -> Result<(), Error> {
        let Some(kept) = self.result() else {
            return Err(wrong("no result has been shown yet", "ask for one first, as `select * from pledges`"));
        };
        let assumptions = !(kept.assumed.is_empty() && kept.named.about_book().is_empty());
        output.begin(&Header {
            columns: kept.columns.clone(),
            is_whole: true,
            appended: AppendedColumns { assumptions, ..AppendedColumns::default() },
            assumed: kept.assumed.clone(),
            ..Header::default()
        })?;
        kept.rows.iter().try_for_each(|row| output.row(row))?;
        output.end(kept.origin.clone())?;
        if kept.is_cut() {
            let (most, all) = (kept.rows.len(), kept.total_rows);
            output.notice(&format!("these are the first {most} of {all} rows; `-o FILE.csv` carries every row"))?;
        }
        Ok(())
    }

    /// The newest result, if there is one.
    pub(super) fn result(&self) -> Option<Rc<Kept>> {
        self.kept.borrow().clone()
    }
}
