//! The two places that results go to, the answer and what is beside it, and the empty line between answers.
//! It does not format.

use super::visible::{visible, visible_lines};
use std::io::{self, Write};

/// `out` takes the data, `side` everything else.
pub(super) struct Writers<W, E> {
    out: W,
    side: E,
    before: Before,
}

/// What was written last to the place of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Answer,
    Print,
}

impl<W: Write, E: Write> Writers<W, E> {
    pub(super) fn new(out: W, side: E, follows_answer: bool) -> Self {
        Self { out, side, before: if follows_answer { Before::Answer } else { Before::Nothing } }
    }

    /// Writes the empty line that parts an answer from what stands before it.
    pub(super) fn part(&mut self) -> io::Result<()> {
        if self.before != Before::Nothing {
            self.out.write_all(b"\n")?;
        }
        self.before = Before::Answer;
        Ok(())
    }

    /// Writes a part of the answer.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.write_all(text)
    }

    /// An answer, or all of them, is complete: whoever waits for it sees it now.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.side.flush()
    }

    /// What a script prints, among the answers: line under line, parted from an answer by an empty one.
    pub(super) fn print(&mut self, text: &str) -> io::Result<()> {
        if self.before == Before::Answer {
            self.out.write_all(b"\n")?;
        }
        self.before = Before::Print;
        writeln!(self.out, "{}", visible_lines(text))
    }

    /// What a script prints, beside the answers.
    pub(super) fn print_aside(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "{}", visible_lines(text))
    }

    /// A remark that is no part of the answer, on one line, so that no text of the book can pass for another one.
    pub(super) fn notice(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "notice: {}", visible(text))
    }
}
