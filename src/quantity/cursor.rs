//! A position in a text that is being read, and the small steps of reading. It knows no grammar.

use crate::error::QuantityError;

/// How many characters an error shows of what was read, and of what was not: enough to find the place.
const SHOWN_BEFORE: usize = 30;
const SHOWN_AFTER: usize = 30;

/// A text and how much of it has been read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `prefix` if the text goes on with it.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.offset += prefix.len();
        }
        found
    }

    /// Steps over spaces; says whether there were any.
    pub(super) fn spaces(&mut self) -> bool {
        !self.ascii(|byte| byte == b' ').is_empty()
    }

    /// The longest run of characters that `belongs`, which may be empty.
    pub(super) fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.offset += length;
        &rest[..length]
    }

    /// The longest run of digits, which may be empty.
    pub(super) fn digits(&mut self) -> &'a str {
        self.ascii(|byte| byte.is_ascii_digit())
    }

    /// As `take` for ASCII alone, which is most of the text and needs no decoding.
    fn ascii(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| belongs(*byte)).count();
        self.offset += length;
        &rest[..length]
    }

    /// A name: a letter, then letters, digits and `_`; empty if there is none.
    pub(super) fn name(&mut self) -> &'a str {
        if self.peek().is_some_and(char::is_alphabetic) { self.take(|c| c.is_alphanumeric() || c == '_') } else { "" }
    }

    /// The error that something else was expected here.
    pub(super) fn malformed(&self, expected: &'static str) -> QuantityError {
        QuantityError::Malformed { text: self.surroundings(), offset: self.offset, expected }
    }

    /// What of the text an error shows: about as much of it on both sides of the position.
    fn surroundings(&self) -> String {
        let (before, after) = self.text.split_at(self.offset);
        let start = before.char_indices().rev().nth(SHOWN_BEFORE - 1).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(SHOWN_AFTER).map_or(after.len(), |(at, _)| at);
        let mark = |is_cut: bool| if is_cut { "…" } else { "" };
        format!("{}{}{}{}", mark(start > 0), &before[start..], &after[..end], mark(end < after.len()))
    }

    /// Succeeds at the end of the text only.
    pub(super) fn finish(&self, expected: &'static str) -> Result<(), QuantityError> {
        if self.offset == self.text.len() { Ok(()) } else { Err(self.malformed(expected)) }
    }
}

/// Whether `text` is a name: of a unit, of an assumption.
pub(super) fn is_name(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    !cursor.name().is_empty() && cursor.rest().is_empty()
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn an_error_shows_what_surrounds_it() {
        let long = format!("{}é{}", "a".repeat(100), "b".repeat(100));
        let mut cursor = Cursor::new(&long);
        assert_eq!(cursor.surroundings(), format!("{}…", "a".repeat(30)));
        cursor.take(|c| c == 'a');
        assert_eq!(cursor.surroundings(), format!("…{}é{}…", "a".repeat(30), "b".repeat(29)));
        assert_eq!(Cursor::new("5 x").surroundings(), "5 x");
    }
}
