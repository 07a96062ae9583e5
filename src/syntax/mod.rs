//! The lexers of the program's two languages, one each, and the text and tokens that they share. They know no book and run nothing.
//!
//! [`sql`] cuts SQL and its statements, `expr` finds the operands in one, [`rhai`] cuts scripts.

pub(crate) mod expr;
pub mod rhai;
pub mod sql;

use crate::error::{Error, Place, SqlCause, SqlError};
use std::ops::Range;
use std::rc::Rc;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a bare name.
    Word,
    /// A name in `"`, `[` or `` ` ``.
    QuotedName,
    /// A text in `'`.
    Text,
    /// A number.
    Number,
    /// `?`, `:name`, `@name`, `$name`.
    Parameter,
    /// An operator or a punctuation mark; `;` too.
    Mark,
    /// `-- …` or `/* … */`.
    Comment,
}

/// A token and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether a quote or a comment ends with it; false only for the last token of a text.
    pub is_closed: bool,
}

impl Token {
    /// The token as written.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        &text[self.range.clone()]
    }

    /// Whether it is the word `word`, in any letter case.
    #[must_use]
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }
}

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
