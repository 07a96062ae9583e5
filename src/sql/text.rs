//! A text that a person wrote and the name under which errors speak of it.

use crate::error::{Error, Place, SqlCause, SqlError};
use std::rc::Rc;

/// SQL or script, as it came, with the name of where it came from. Clones share it.
#[derive(Debug, Clone)]
pub struct Text {
    /// `prompt`, `-c`, a file as it was named, `SQL` for a text that a script made.
    pub source: Rc<str>,
    /// The whole of it.
    pub whole: Rc<str>,
    /// The line of the source on which it begins, 1 unless it was cut out of a longer text.
    pub first_line: usize,
}

impl Text {
    /// A text under the name of its source.
    #[must_use]
    pub fn new(source: &str, whole: &str) -> Self {
        Self::from_line(source, whole, 1)
    }

    /// A text that begins on a later line of its source.
    #[must_use]
    pub fn from_line(source: &str, whole: &str, first_line: usize) -> Self {
        Self { source: source.into(), whole: whole.into(), first_line }
    }

    /// The place of `width` bytes from `offset` on, both in bytes of the whole.
    #[must_use]
    pub fn place(&self, offset: usize, width: usize) -> Place {
        self.shifted(Place::at_byte(&self.source, &self.whole, offset, width))
    }

    /// The place at a line and a column of the whole, both from 1.
    #[must_use]
    pub fn place_at_line(&self, line: usize, column: usize) -> Place {
        self.shifted(Place::at_line(&self.source, &self.whole, line, column))
    }

    /// The error of a byte at `offset` that was no UTF-8, and in whose place U+FFFD stands.
    #[must_use]
    pub fn stray_byte(&self, offset: usize) -> Error {
        let message = "a byte here is not valid UTF-8".to_owned();
        let place = Some(self.place(offset, char::REPLACEMENT_CHARACTER.len_utf8()));
        SqlError { cause: SqlCause::Other { message }, place }.into()
    }

    fn shifted(&self, place: Place) -> Place {
        Place { line: place.line + self.first_line - 1, ..place }
    }
}
