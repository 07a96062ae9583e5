//! A writer into memory, for an answer that is looked at before anybody sees it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer whose clones keep what they are given together.
#[derive(Debug, Clone, Default)]
pub struct Written(Rc<RefCell<Vec<u8>>>);

impl Written {
    /// What was written since this was asked last.
    #[must_use]
    pub fn take(&self) -> String {
        String::from_utf8_lossy(&self.0.take()).into_owned()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
