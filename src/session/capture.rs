//! A sink that keeps results instead of showing them: those of a script that is run to be looked at.

use crate::sql::{Annotate, Cell, Header, Note, Output, Sink};
use crate::store::Stop;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// A result, whole.
#[derive(Debug, Clone)]
pub(super) struct Captured {
    pub(super) header: Header,
    pub(super) rows: Vec<Vec<Cell<'static>>>,
}

/// The results of a run, in order. Clones share them. What is printed and remarked on is not kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Capture(Rc<RefCell<Vec<Captured>>>);

impl Capture {
    /// An output that hands its results here.
    pub(super) fn output(&self) -> Output {
        let no_notes: Annotate = Rc::new(|_| Vec::new());
        Output::new(Box::new(self.clone()), no_notes, None, Stop::default())
    }

    /// The results so far.
    pub(super) fn take(&self) -> Vec<Captured> {
        self.0.take()
    }
}

impl Sink for Capture {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.0.borrow_mut().push(Captured { header: header.clone(), rows: Vec::new() });
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if let Some(result) = self.0.borrow_mut().last_mut() {
            result.rows.push(cells.iter().cloned().map(Cell::into_owned).collect());
        }
        Ok(())
    }

    fn end(&mut self, _: &[Note]) -> io::Result<()> {
        Ok(())
    }

    fn value(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.0.borrow_mut().push(Captured { header: Header::default(), rows: vec![vec![cell.clone().into_owned()]] });
        Ok(())
    }

    fn print(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn notice(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn wants_notes(&self) -> bool {
        false
    }
}
