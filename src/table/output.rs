//! The places that results go to: two streams, the answer and the text beside it, or a file, which is one valid document of
//! its format when it is complete. A format whose files hold one table refuses the second. Nothing is formatted here.

use super::summary::value_stamp;
use super::visible::{visible, visible_lines};
use super::wrap::WrapWriter;
use crate::quantity::{Assumptions, Digits, Sentence, human};
use crate::sql::{Appended, Cell, Header, Note, Sink};
use std::cell::Cell as StdCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Inserts a text at the start of a file that has been written.
pub(super) type Prepend = Box<dyn FnMut(&[u8]) -> io::Result<()>>;

/// The kind of output.
pub enum Medium {
    /// A stream, in which each result is complete by itself.
    Stream,
    /// A file, which is one document when it is complete.
    File(Prepend),
}

impl Medium {
    /// True for a stream.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self, Self::Stream)
    }
}

/// The results of a run that are written, and the count of all. Clones share their state.
#[derive(Debug, Clone, Default)]
pub struct Selection(Rc<Selected>);

#[derive(Debug, Default)]
struct Selected {
    /// The number of the only result that is written, from 1.
    wanted: Option<usize>,
    count: StdCell<usize>,
    /// The number of tables that results have been written to, each to one of its own.
    tables: StdCell<usize>,
    is_refused: StdCell<bool>,
}

impl Selection {
    /// All results, or the one of this number, counted from 1.
    #[must_use]
    pub fn of(wanted: Option<usize>) -> Self {
        Self(Rc::new(Selected { wanted, ..Selected::default() }))
    }

    /// The selected number, if no result has had it so far.
    pub fn missing(&self) -> Option<usize> {
        self.0.wanted.filter(|wanted| *wanted > self.count())
    }

    /// The number of results so far.
    pub fn count(&self) -> usize {
        self.0.count.get()
    }

    /// Counts on from a number of results, where those behind it were taken back.
    pub fn rewind(&self, results: usize) {
        self.0.count.set(results);
        self.0.tables.set(self.0.tables.get().min(results));
    }

    /// The number of the next table, from 1. The sinks of a run share it: a change of format on the way starts no table anew.
    pub(super) fn next_table(&self) -> usize {
        self.0.tables.set(self.0.tables.get() + 1);
        self.0.tables.get()
    }

    /// Returns true if there was a second result for a file that holds one.
    pub fn is_refused(&self) -> bool {
        self.0.is_refused.get()
    }
}

/// Passes the selected results on to another sink.
pub(super) struct SelectingSink<'a> {
    inner: Box<dyn Sink + 'a>,
    selection: Selection,
    /// True if the output holds one result.
    holds_one: bool,
    /// True if the current result is selected.
    is_selected: bool,
}

impl<'a> SelectingSink<'a> {
    pub(super) fn new(inner: Box<dyn Sink + 'a>, selection: Selection, holds_one: bool) -> Self {
        Self { inner, selection, holds_one, is_selected: true }
    }

    fn count_result(&mut self) -> io::Result<()> {
        let Selected { wanted, count, is_refused, .. } = &*self.selection.0;
        count.set(count.get() + 1);
        self.is_selected = wanted.is_none_or(|wanted| wanted == count.get());
        if self.holds_one && wanted.is_none() && count.get() > 1 {
            is_refused.set(true);
        }
        self.check_refused()
    }

    /// Returns an error after a second result, also later: a script that catches the error ends with it all the same.
    fn check_refused(&self) -> io::Result<()> {
        if self.selection.is_refused() {
            Err(io::Error::other("a file of this format holds one result"))
        } else {
            Ok(())
        }
    }
}

impl Sink for SelectingSink<'_> {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.count_result()?;
        if self.is_selected { self.inner.begin(header) } else { Ok(()) }
    }

    fn row(&mut self, cells: &[Cell<'_>], appended: &Appended<'_>) -> io::Result<()> {
        if self.is_selected { self.inner.row(cells, appended) } else { Ok(()) }
    }

    fn end(&mut self, notes: &[Note]) -> io::Result<()> {
        if self.is_selected { self.inner.end(notes) } else { Ok(()) }
    }

    fn value(&mut self, cell: &Cell<'_>, assumed: &Assumptions) -> io::Result<()> {
        self.count_result()?;
        if self.is_selected { self.inner.value(cell, assumed) } else { Ok(()) }
    }

    fn below_value(&mut self, notes: &[Note]) -> io::Result<()> {
        if self.is_selected { self.inner.below_value(notes) } else { Ok(()) }
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        self.inner.print(text)
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        self.inner.say(text)
    }

    fn answer(&mut self, sentence: &str) -> io::Result<()> {
        self.inner.answer(&answer_line(sentence))
    }

    fn assumed(&mut self, text: &str) -> io::Result<()> {
        self.inner.assumed(text)
    }

    fn sql(&mut self, line: &str) -> io::Result<()> {
        self.inner.sql(line)
    }

    fn takes_sql(&self) -> bool {
        self.inner.takes_sql()
    }

    fn notice(&mut self, text: &str) -> io::Result<()> {
        self.inner.notice(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.check_refused().and_then(|()| self.inner.flush())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.check_refused().and_then(|()| self.inner.finish())
    }

    fn wants_notes(&self) -> bool {
        self.inner.wants_notes()
    }

    fn is_for_programs(&self) -> bool {
        self.inner.is_for_programs()
    }

    fn set_digits(&mut self, digits: Digits) {
        self.inner.set_digits(digits);
    }

    fn holds_rows(&self) -> bool {
        self.is_selected && self.inner.holds_rows()
    }
}

/// The sentence of an answer as a line, with what its quantities rest on behind it.
fn answer_line(sentence: &str) -> String {
    let Sentence { words, facts, stages, assumptions } = Sentence::read(sentence);
    let facts = (!facts.is_empty()).then(|| format!("[{}]", human::facts(&facts)));
    let stages = (!stages.is_empty()).then(|| format!("stage {stages}"));
    let parts = std::iter::once(words).chain(facts).chain(stages).chain(value_stamp(&assumptions));
    parts.collect::<Vec<_>>().join("  ")
}

/// The two streams of an output: `out` takes the data, `side` everything else.
pub(super) struct Writers<W: Write, E> {
    out: WrapWriter<W>,
    side: E,
    last: LastWritten,
}

/// The kind of text that was written last to `out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastWritten {
    Nothing,
    Answer,
    Print,
}

impl<W: Write, E: Write> Writers<W, E> {
    /// `width` is that of a window in which no line is to be broken within a word.
    pub(super) fn new(out: W, side: E, follows_answer: bool, width: Option<usize>) -> Self {
        Self {
            out: WrapWriter::new(out, width),
            side,
            last: if follows_answer { LastWritten::Answer } else { LastWritten::Nothing },
        }
    }

    /// Writes the empty line between an answer and the text before it.
    pub(super) fn separate(&mut self) -> io::Result<()> {
        if self.last != LastWritten::Nothing {
            self.out.write_all(b"\n")?;
        }
        self.last = LastWritten::Answer;
        Ok(())
    }

    /// The stream of the answer.
    pub(super) fn out(&mut self) -> &mut WrapWriter<W> {
        &mut self.out
    }

    /// Writes a part of the answer.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.out.write_all(text)
    }

    /// Flushes both streams at the end of an answer.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.side.flush()
    }

    /// Writes the printed text of a script among the answers, with an empty line after an answer.
    pub(super) fn print(&mut self, text: &str) -> io::Result<()> {
        self.verbatim(&visible_lines(text))
    }

    /// Writes a line among the answers as it stands, with an empty line after an answer.
    pub(super) fn verbatim(&mut self, line: &str) -> io::Result<()> {
        if self.last == LastWritten::Answer {
            self.out.write_all(b"\n")?;
        }
        self.last = LastWritten::Print;
        writeln!(self.out.verbatim()?, "{line}")
    }

    /// The same for a text of the program itself, in lines that fit the window.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        if self.last == LastWritten::Answer {
            self.out.write_all(b"\n")?;
        }
        self.last = LastWritten::Print;
        writeln!(self.out, "{}", visible_lines(text))
    }

    /// Writes the printed text of a script beside the answers.
    pub(super) fn print_aside(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "{}", visible_lines(text))
    }

    /// Writes a notice beside the answers, on one line, so that no text of the book can pass for another notice.
    pub(super) fn notice(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        writeln!(self.side, "notice: {}", visible(text))
    }
}
