//! The quotes of a table of text while it is read: where a quoted cell goes on behind its closing quote, and whether the text ends
//! within one. A reader of CSV takes both as they come, and cells move to where they do not belong.

use memchr::memchr;
use std::collections::VecDeque;
use std::io::{self, Read};

/// A reader that follows the quotes in what is read from it.
#[derive(Debug)]
pub(super) struct QuoteScan<R> {
    inner: R,
    separator: u8,
    quote: Option<u8>,
    place: Place,
    /// The last byte that was read; a line begins at the first one.
    last: u8,
    /// The number of bytes read.
    end: u64,
    /// The offsets of text behind a closing quote that were not asked for yet.
    misplaced: VecDeque<u64>,
}

/// The place that a reading has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of quotes.
    Outside,
    /// Within quotes.
    Quoted,
    /// Behind a quote that closes the cell, or is the first of two.
    BehindQuote,
}

impl<R> QuoteScan<R> {
    /// Follows the quotes of a text; with `quote` none, there are none.
    pub(super) fn new(inner: R, separator: u8, quote: Option<u8>) -> Self {
        Self { inner, separator, quote, place: Place::Outside, last: b'\n', end: 0, misplaced: VecDeque::new() }
    }

    /// True if text behind a closing quote lies before an offset. It is told once.
    pub(super) fn has_misplaced_before(&mut self, offset: u64) -> bool {
        let count = self.misplaced.iter().take_while(|at| **at < offset).count();
        self.misplaced.drain(..count).count() > 0
    }

    /// True if the text has ended within quotes.
    pub(super) fn ends_quoted(&self) -> bool {
        self.place == Place::Quoted
    }

    /// True if the text has ended with the quote that closes a cell.
    pub(super) fn ends_behind_quote(&self) -> bool {
        self.place == Place::BehindQuote
    }

    /// True if the last line of the text has no line end.
    pub(super) fn ends_within_line(&self) -> bool {
        self.last != b'\n'
    }

    fn follow(&mut self, chunk: &[u8]) {
        let (Some(quote), Some(last)) = (self.quote, chunk.last()) else {
            self.last = chunk.last().copied().unwrap_or(self.last);
            return;
        };
        let mut at = 0;
        while at < chunk.len() {
            if self.place == Place::BehindQuote {
                let byte = chunk[at];
                self.place = if byte == quote { Place::Quoted } else { Place::Outside };
                if byte != quote && byte != self.separator && byte != b'\n' {
                    self.misplaced.push_back(self.end + at as u64);
                }
                at += 1;
                continue;
            }
            let Some(next) = memchr(quote, &chunk[at..]).map(|next| at + next) else { break };
            let before = next.checked_sub(1).map_or(self.last, |before| chunk[before]);
            self.place = match self.place {
                Place::Outside if before == self.separator || before == b'\n' => Place::Quoted,
                Place::Outside => Place::Outside,
                Place::Quoted | Place::BehindQuote => Place::BehindQuote,
            };
            at = next + 1;
        }
        self.last = *last;
    }
}

impl<R: Read> Read for QuoteScan<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.follow(&buffer[..length]);
        self.end += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::QuoteScan;
    use std::io::Read;

    /// The offsets of text behind closing quotes, and whether the text ends within quotes, read by so many bytes at once.
    fn scan(text: &str, step: usize) -> (Vec<u64>, bool) {
        let mut scan = QuoteScan::new(text.as_bytes(), b',', Some(b'"'));
        let mut buffer = vec![0; step];
        while scan.read(&mut buffer).unwrap() > 0 {}
        (scan.misplaced.iter().copied().collect(), scan.ends_quoted())
    }

    #[test]
    fn an_open_quote_and_text_behind_a_closed_one_are_found() {
        for (text, misplaced, is_open) in [
            ("a,b\n", vec![], false),
            ("a,\"b\"\n", vec![], false),
            ("a,\"b\"\"\"", vec![], false),
            ("a,\"b", vec![], true),
            ("a,\"b\"\"", vec![], true),
            ("5\" pipe,b", vec![], false),
            ("\"a\nb\",c", vec![], false),
            ("\"a\nb,c\n", vec![], true),
            ("a,\"", vec![], true),
            ("\"5\" pipe\",c\n", vec![3], false),
            ("x,\"open\ny,\"shut, up\",7\n", vec![11], false),
        ] {
            for step in [1, 2, 3, 64] {
                assert_eq!(scan(text, step), (misplaced.clone(), is_open), "{text:?} by {step}");
            }
        }
    }
}
