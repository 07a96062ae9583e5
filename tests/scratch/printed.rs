//! What a session in this process prints, kept in memory.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer whose clones write to the same bytes, as two streams of one terminal do.
#[derive(Clone, Default)]
pub(crate) struct Printed(pub(crate) Rc<RefCell<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
