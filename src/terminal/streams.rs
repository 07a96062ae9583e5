//! Where results and remarks go: standard output and standard error, as writers that own nothing but a handle.

use std::io::{self, BufWriter, IsTerminal, Write};

/// Bytes that are gathered before they are written to a pipe or a file.
const BUFFER_BYTES: usize = 1 << 16;

/// Standard output: line by line to a terminal, in large pieces to anything else.
#[must_use]
pub fn results() -> Box<dyn Write> {
    let out = io::stdout();
    if out.is_terminal() { Box::new(out) } else { Box::new(BufWriter::with_capacity(BUFFER_BYTES, out)) }
}

/// Standard error, for notices.
#[must_use]
pub fn remarks() -> Box<dyn Write> {
    Box::new(io::stderr())
}
