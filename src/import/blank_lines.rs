//! The blank lines of a text while it is read: a reader of CSV skips them and counts them to the record behind them.

use memchr::memmem::Finder;
use std::collections::VecDeque;
use std::io::{self, Read};

/// A reader that remembers the blank lines in what is read from it.
#[derive(Debug)]
pub(super) struct BlankLines<R> {
    inner: R,
    /// The last byte that was read; a line begins at the first one.
    last: u8,
    /// The number of bytes read.
    end: u64,
    /// The runs of line feeds behind a line feed, which a quoted cell may have too: offset and length.
    runs: VecDeque<(u64, u64)>,
    /// Finds a line feed behind another.
    finder: Finder<'static>,
}

impl<R> BlankLines<R> {
    /// Remembers the blank lines of a text.
    pub(super) fn new(inner: R) -> Self {
        Self { inner, last: b'\n', end: 0, runs: VecDeque::new(), finder: Finder::new(b"\n\n") }
    }

    /// The number of blank lines before a record between two offsets, of which the first is where the record before ends.
    pub(super) fn between(&mut self, start: u64, end: u64) -> u64 {
        while self.runs.front().is_some_and(|(offset, length)| offset + length <= start) {
            self.runs.pop_front();
        }
        let lines = match self.runs.front() {
            Some((offset, length)) if *offset <= start => offset + length - start,
            _ => 0,
        };
        while self.runs.front().is_some_and(|(offset, length)| offset + length <= end) {
            self.runs.pop_front();
        }
        lines
    }

    /// The reader behind it.
    pub(super) fn inner(&self) -> &R {
        &self.inner
    }

    /// The reader behind it.
    pub(super) fn inner_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    fn follow(&mut self, chunk: &[u8]) {
        let mut add = |offset: u64| match self.runs.back_mut() {
            Some((first, length)) if *first + *length == offset => *length += 1,
            _ => self.runs.push_back((offset, 1)),
        };
        if self.last == b'\n' && chunk.first() == Some(&b'\n') {
            add(self.end);
        }
        let mut from = 0;
        while let Some(at) = self.finder.find(&chunk[from..]) {
            from += at + 1;
            add(self.end + from as u64);
        }
        self.last = chunk.last().copied().unwrap_or(self.last);
        self.end += chunk.len() as u64;
    }
}

impl<R: Read> Read for BlankLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.follow(&buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::BlankLines;
    use std::io::Read;

    #[test]
    fn blank_lines_are_known_by_the_offset_of_the_record_behind_them() {
        let text = "a,b\n\n\nc\n\"d\n\ne\"\n\n";
        for step in [1, 2, 3, 64] {
            let mut lines = BlankLines::new(text.as_bytes());
            let mut buffer = vec![0; step];
            while lines.read(&mut buffer).unwrap() > 0 {}
            let found: Vec<u64> =
                [(0, 4), (4, 8), (8, 15), (15, 16)].map(|(start, end)| lines.between(start, end)).into();
            assert_eq!(found, [0, 2, 0, 1], "by {step}");
        }
        let mut lines = BlankLines::new("\n\na\n".as_bytes());
        lines.read_to_string(&mut String::new()).unwrap();
        assert_eq!(lines.between(0, 4), 2);
    }
}
