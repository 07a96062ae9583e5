//! Outputs of a session: by its settings, kept within the limit of bytes; into memory; and captured as values.

use super::notes;
use super::{NoteLevel, Session, Settings};
use crate::error::Limit;
use crate::quantity::Assumptions;
use crate::sql::{self, Annotate, Appended, Cell, Header, Note, Output, Sink};
use crate::store::Stop;
use crate::table::{self, Medium, Selection};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

impl Session {
    /// An output by the settings of the session: results to `out`, notices and other text that machine formats must not
    /// contain to `notices`. `follows_answer` is true if an answer was written before.
    pub fn output(&self, out: impl Write + 'static, notices: impl Write + 'static, follows_answer: bool) -> Output {
        self.output_into(Medium::Stream, Selection::default(), out, notices, follows_answer)
    }

    /// The same for the selected results, and for a file that is to be one document.
    pub fn output_into(
        &self,
        medium: Medium,
        selection: Selection,
        out: impl Write + 'static,
        notices: impl Write + 'static,
        follows_answer: bool,
    ) -> Output {
        self.output_by(&self.settings, medium, selection, out, notices, follows_answer)
    }

    /// The same by other settings.
    pub fn output_by(
        &self,
        settings: &Settings,
        medium: Medium,
        selection: Selection,
        out: impl Write + 'static,
        notices: impl Write + 'static,
        follows_answer: bool,
    ) -> Output {
        let style = settings.style(&self.book, follows_answer);
        let stop = self.book.stop();
        let (mut out, notices) = (LimitedWriter::new(out, stop, settings), LimitedWriter::new(notices, stop, settings));
        // The bytes of a workbook are no characters.
        out.keeps_controls |= settings.format.is_only_a_file();
        let sink = table::sink(settings.format, style, medium, selection, out, notices);
        // A workbook has a sheet for them, where `.why` is out of reach.
        let depth = match settings.notes {
            NoteLevel::Brief if settings.format.is_only_a_file() => NoteLevel::Full,
            depth => depth,
        };
        let (book, look) = (Rc::clone(&self.book), settings.style(&self.book, false));
        let annotate = Rc::new(move |evidence: &sql::Evidence| notes::notes(&book, evidence, depth, &look));
        let keep = settings.keep_last.then(|| self.last.sink());
        let book = Rc::clone(&self.book);
        // A book that can't be read any more gives none: the rows above would have failed first.
        let statements = move || book.statements().ok().filter(|statements| !statements.is_empty());
        let output = Output::new(sink, annotate, keep, self.book.stop().clone());
        output.with_statements(Rc::new(statements)).with_echo(settings.echo_sql)
    }
}

/// A writer that ends the answer at the limit of output.
struct LimitedWriter<W> {
    inner: W,
    stop: Stop,
    /// Bytes that may still be written; `None` where there is no limit.
    remaining_bytes: Option<u64>,
    /// True if control characters are written as they are.
    keeps_controls: bool,
}

impl<W: Write> LimitedWriter<W> {
    pub(super) fn new(inner: W, stop: &Stop, settings: &Settings) -> Self {
        let remaining_bytes = settings.limits.bytes(Limit::Output);
        Self { inner, stop: stop.clone(), remaining_bytes, keeps_controls: !settings.is_sandboxed }
    }
}

impl<W: Write> Write for LimitedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(remaining_bytes) = &mut self.remaining_bytes {
            let Some(rest) = remaining_bytes.checked_sub(bytes.len() as u64) else {
                self.stop.raise_at(Limit::Output);
                return Err(io::Error::other("the limit of output is reached"));
            };
            *remaining_bytes = rest;
        }
        if self.keeps_controls {
            return self.inner.write(bytes);
        }
        self.inner.write_all(&escape_controls(bytes)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Text with control characters escaped, line feeds and tabs apart.
fn escape_controls(bytes: &[u8]) -> Vec<u8> {
    if bytes.iter().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return bytes.to_owned();
    }
    let is_shown = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let shown = |c: char| if is_shown(c) { c.to_string() } else { c.escape_default().to_string() };
    String::from_utf8_lossy(bytes).chars().map(shown).collect::<String>().into_bytes()
}

/// A writer into memory. Clones share the buffer.
#[derive(Debug, Clone, Default)]
pub struct SharedBuffer(Rc<RefCell<Vec<u8>>>);

impl SharedBuffer {
    /// The text written since the previous call.
    pub fn take(&self) -> String {
        String::from_utf8_lossy(&self.0.take()).into_owned()
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A complete result.
#[derive(Debug, Clone)]
pub(super) struct CapturedResult {
    pub(super) header: Header,
    pub(super) rows: Vec<Vec<Cell<'static>>>,
}

/// A sink that captures the results of a run, in order. Clones share them. Printed text and notices are dropped.
#[derive(Debug, Clone, Default)]
pub(super) struct CaptureSink(Rc<RefCell<Vec<CapturedResult>>>);

impl CaptureSink {
    /// An output into this sink.
    pub(super) fn output(&self) -> Output {
        let no_notes: Annotate = Rc::new(|_| Vec::new());
        Output::new(Box::new(self.clone()), no_notes, None, Stop::default())
    }

    /// The results so far.
    pub(super) fn take(&self) -> Vec<CapturedResult> {
        self.0.take()
    }
}

impl Sink for CaptureSink {
    fn begin(&mut self, header: &Header) -> io::Result<()> {
        self.0.borrow_mut().push(CapturedResult { header: header.clone(), rows: Vec::new() });
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>], _: &Appended<'_>) -> io::Result<()> {
        if let Some(result) = self.0.borrow_mut().last_mut() {
            result.rows.push(cells.iter().cloned().map(Cell::into_owned).collect());
        }
        Ok(())
    }

    fn end(&mut self, _: &[Note]) -> io::Result<()> {
        Ok(())
    }

    fn value(&mut self, cell: &Cell<'_>, _: &Assumptions) -> io::Result<()> {
        self.0
            .borrow_mut()
            .push(CapturedResult { header: Header::default(), rows: vec![vec![cell.clone().into_owned()]] });
        Ok(())
    }

    fn print(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn notice(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn wants_notes(&self) -> bool {
        false
    }
}
