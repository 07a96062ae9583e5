//! `check`: whether a figure that somebody has written stands in the book, follows from it, is rounded from it, or is not
//! there.

mod candidates;
mod verdict;
mod words;

use super::Session;
use crate::error::{Error, wrong};
use crate::quantity::Quantity;
use crate::sql::{Cell, Column, Header, Origin, Output};
use crate::table::Format;
use verdict::{Agreement, Verdict};

/// The columns of the answer for programs.
const COLUMNS: [(&str, bool); 5] =
    [("figure", true), ("verdict", false), ("match", false), ("value", true), ("significant_figures", false)];

impl Session {
    /// Says where a figure stands, as people write it: `£320,000 per missile`.
    ///
    /// # Errors
    /// No figure, or one that could be two; a figure that is not in the book, after that has been said; a book that can't
    /// be asked.
    pub fn check(&mut self, text: &str, output: &Output) -> Result<(), Error> {
        self.begin_work()?;
        let done = self.check_figure(text, output);
        self.ended(done, output)
    }

    fn check_figure(&mut self, text: &str, output: &Output) -> Result<(), Error> {
        if !self.book.is_book() {
            return Err(wrong("this database has no figures", "ask the bundled book, or a copy of it"));
        }
        let figure = self.book.read_figure(text);
        let figure = figure.map_err(|cause| wrong(&cause.message(), &cause.cure().unwrap_or_default()))?;
        let candidates = candidates::candidates(self)?;
        let verdict = verdict::verdict(&figure, &candidates);
        if self.settings.format == Format::Table {
            output.print(words::text(&self.book, &figure, &verdict).trim_end())?;
        } else {
            show(output, figure, &verdict)?;
        }
        output.flush()?;
        if matches!(verdict, Verdict::NotInBook { .. }) { Err(Error::NotInBook) } else { Ok(()) }
    }
}

/// One row, for programs: the nearest number stands where a figure is not in the book.
fn show(output: &Output, figure: Quantity, verdict: &Verdict) -> Result<(), Error> {
    let columns = COLUMNS.map(|(name, is_quantity)| Column { name: name.to_owned(), is_quantity }).into();
    let candidate = verdict.candidate();
    let figures = match verdict {
        Verdict::Found(_, Agreement::Rounded(figures)) => Some(*figures),
        _ => None,
    };
    output.begin(&Header { columns, ..Header::default() })?;
    output.row(&[
        Cell::Quantity(Box::new(figure)),
        Cell::Text(words::code(verdict).into()),
        candidate.map_or(Cell::Null, |candidate| Cell::Text(candidate.name.clone().into())),
        candidate.map_or(Cell::Null, |candidate| Cell::Quantity(Box::new(candidate.quantity.clone()))),
        figures.map_or(Cell::Null, |figures| Cell::Integer(figures.into())),
    ])?;
    output.end(Origin::Untold).map_err(Error::from)
}
