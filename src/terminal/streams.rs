//! Where results and remarks go: standard output and standard error, as writers that own nothing but a handle. On a
//! terminal, the line of `progress` makes way for both.

use super::progress;
use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};

/// Bytes that are gathered before they are written to a pipe or a file.
const BUFFER_BYTES: usize = 1 << 16;

/// Standard output: line by line to a terminal, in large pieces to anything else.
#[must_use]
pub fn results() -> Box<dyn Write> {
    let out = io::stdout();
    if out.is_terminal() { Box::new(Answer(out)) } else { Box::new(BufWriter::with_capacity(BUFFER_BYTES, out)) }
}

/// Standard error, for notices.
#[must_use]
pub fn remarks() -> Box<dyn Write> {
    Box::new(Remark(io::stderr()))
}

/// Standard output that is a terminal.
struct Answer(Stdout);

impl Write for Answer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        progress::answer();
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Standard error.
struct Remark(Stderr);

impl Write for Remark {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        progress::aside(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
