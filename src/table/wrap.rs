//! Lines that a window is too narrow for, broken between words rather than by the terminal within one; what goes on is indented as
//! the last column of its line begins. Only text for people goes through it.

use std::borrow::Cow;
use std::io::{self, Write};
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// The least width of the text beside an indent, in terminal columns.
const MIN_TEXT_WIDTH: usize = 16;

/// The most bytes that a column of the window is taken to have, its colours included.
const MAX_BYTES_PER_COLUMN: usize = 16;

/// The labels of messages, behind which their text begins.
const LABELS: [&str; 3] = ["error: ", "notice: ", "= help: "];

/// The text with each of its lines in as many as it needs within `width` columns. A word that is longer has a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = line.strip_suffix('\n').map_or((line, ""), |content| (content, "\n"));
        wrapped.push_str(&wrap_line(content, width));
        wrapped.push_str(end);
    }
    wrapped
}

fn wrap_line(line: &str, width: usize) -> String {
    if line.len() <= width || display_width(line) <= width {
        return line.to_owned();
    }
    let indent = " ".repeat(hanging_indent(line, width));
    textwrap::wrap(line, options(width).subsequent_indent(&indent)).join("\n")
}

/// The words of a text, with one blank between them, in lines of at most `width` columns.
pub(super) fn words_in_lines(text: &str, width: usize) -> Vec<String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    textwrap::wrap(&words, options(width)).into_iter().map(Cow::into_owned).collect()
}

/// The way in which lines are broken: between words alone, each as full as it gets.
fn options<'o>(width: usize) -> Options<'o> {
    Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}

/// The indent of what goes on: the beginning of the last column that leaves room for it, else that of the line and two more.
fn hanging_indent(line: &str, width: usize) -> usize {
    let most = width.saturating_sub(MIN_TEXT_WIDTH);
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let labels = LABELS.iter().filter_map(|label| Some(line.find(label)? + label.len()));
    // A column that leaves room begins near the start, colours and wide characters counted: what is behind is not measured.
    let near = width * MAX_BYTES_PER_COLUMN;
    let gaps = line.match_indices("  ").map(|(at, _)| at + 2).take_while(|at| *at <= near).filter(|at| *at > blanks);
    let columns = gaps.chain(labels).filter(|at| !line[*at..].starts_with(' '));
    let found = columns.map(|at| display_width(&line[..at])).filter(|at| *at <= most).max();
    found.unwrap_or_else(|| (blanks + 2).min(most))
}

/// A writer of text for people to a window, which is handed whole lines that fit it; without a window lines stay as they are.
pub struct WrapWriter<W: Write> {
    inner: W,
    width: Option<usize>,
    /// The beginning of a line that has not ended.
    pending: Vec<u8>,
}

impl<W: Write> WrapWriter<W> {
    /// A writer to a window of so many columns, if there is one.
    pub fn new(inner: W, width: Option<usize>) -> Self {
        Self { inner, width, pending: Vec::new() }
    }

    /// The writer below, for lines that stay as they are: what is copied from the window is then what was written.
    ///
    /// # Errors
    /// What was pending can't be written.
    pub fn verbatim(&mut self) -> io::Result<&mut W> {
        self.write_pending()?;
        Ok(&mut self.inner)
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if let Some(width) = self.width {
            let wrapped = wrap(&String::from_utf8_lossy(&self.pending), width);
            self.inner.write_all(wrapped.as_bytes())?;
        }
        self.pending.clear();
        Ok(())
    }
}

impl<W: Write> Write for WrapWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.width.is_none() {
            return self.inner.write(bytes);
        }
        let ends = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if ends > 0 {
            self.pending.extend(&bytes[..ends]);
            self.write_pending()?;
        }
        self.pending.extend(&bytes[ends..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.inner.flush()
    }
}

impl<W: Write> Drop for WrapWriter<W> {
    fn drop(&mut self) {
        // A window that is gone has no reader.
        let _ = self.write_pending();
    }
}

#[cfg(test)]
mod tests {
    use super::{WrapWriter, wrap};
    use std::io::Write;

    #[test]
    fn a_line_is_broken_between_words_below_its_last_column() {
        assert_eq!(wrap("a line that fits\n", 16), "a line that fits\n");
        assert_eq!(wrap("a line that is a little longer\nand one", 20), "a line that is a\n  little longer\nand one");
        assert_eq!(
            wrap(" .mode [FORMAT]  the format of the answers from here on", 40),
            " .mode [FORMAT]  the format of the\n                 answers from here on"
        );
        assert_eq!(wrap("  = help: write `a` or `b` here", 26), "  = help: write `a` or `b`\n          here");
        assert_eq!(wrap("a_word_that_is_longer than it", 10), "a_word_that_is_longer\nthan it");
    }

    #[test]
    fn colours_take_no_room() {
        let line = "\u{1b}[2mone two\u{1b}[0m three";
        assert_eq!(wrap(line, 13), line);
        assert_eq!(wrap("北北 北北 北北", 9), "北北 北北\n北北");
    }

    #[test]
    fn a_writer_waits_for_the_end_of_a_line_or_a_flush() {
        let mut written = Vec::new();
        {
            let mut writer = WrapWriter::new(&mut written, Some(7));
            for part in ["one ", "two th", "ree\nfo", "ur"] {
                writer.write_all(part.as_bytes()).unwrap();
            }
            writer.flush().unwrap();
        }
        assert_eq!(String::from_utf8(written).unwrap(), "one two\nthree\nfour");
    }
}
