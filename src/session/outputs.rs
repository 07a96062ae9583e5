//! Where results of a session go, by its settings.

use super::limits::Limited;
use super::{Session, notes};
use crate::error::Error;
use crate::sql::{self, Output};
use crate::table::{self, Medium, Selection};
use std::io::Write;
use std::rc::Rc;

impl Session {
    /// An output by the settings of the session: results to `out`, notices and what machine formats must not hold to
    /// `side`. `follows_answer` says whether answers stand above already.
    ///
    /// # Errors
    /// The units can't be read.
    pub fn output(
        &self,
        out: impl Write + 'static,
        side: impl Write + 'static,
        follows_answer: bool,
    ) -> Result<Output, Error> {
        self.output_into(Medium::Stream, Selection::default(), out, side, follows_answer)
    }

    /// The same for the selected results, and for a file that is to be one document.
    ///
    /// # Errors
    /// The units can't be read.
    pub fn output_into(
        &self,
        medium: Medium,
        selection: Selection,
        out: impl Write + 'static,
        side: impl Write + 'static,
        follows_answer: bool,
    ) -> Result<Output, Error> {
        let style = self.settings.style(&self.book, follows_answer)?;
        let stop = self.book.stop();
        let (out, side) = (Limited::new(out, stop, &self.settings), Limited::new(side, stop, &self.settings));
        let sink = table::document(self.settings.format, style, medium, selection, out, side);
        let (book, depth, look) = (Rc::clone(&self.book), self.settings.notes, self.settings.style(&self.book, false)?);
        let annotate = Rc::new(move |evidence: &sql::Evidence| notes::notes(&book, evidence, depth, &look));
        let keep = self.settings.keeps_last.then(|| self.last.keeper());
        let book = Rc::clone(&self.book);
        // A book that can't be read any more gives none: the rows above would have failed first.
        let statements = move || book.statements().ok().filter(|statements| !statements.is_empty());
        Ok(Output::new(sink, annotate, keep, self.book.stop().clone()).with_statements(Rc::new(statements)))
    }
}
