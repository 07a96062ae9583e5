//! `.once FILE` and `.output FILE` at the prompt: answers into a file instead of onto the screen, as `-o FILE` writes them. The
//! file gets its name when it is complete: after the next answer, or at `.output` and when the prompt is left.

use super::output_file::{OutputFile, PendingFile};
use super::plan::{Plan, format_of};
use crate::error::{Error, usage_error};
use crate::session::Session;
use crate::sql::Output;
use crate::table::{Format, Selection, visible};
use crate::terminal::{self, Command};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::rc::Rc;

/// Answers that are written into a file.
pub(super) struct Redirect {
    target: OutputFile,
    format: Format,
    /// True if the next answer alone is written.
    is_once: bool,
    pending: PendingFile,
    output: Output,
    results: Selection,
    bytes: Rc<Cell<usize>>,
    /// The results and bytes before the newest entry.
    before_entry: (usize, usize),
}

impl Redirect {
    /// Begins to write answers into a file, in the format of its ending.
    ///
    /// # Errors
    /// No format has the ending, or one that holds one answer is to hold all; those of `-o FILE`.
    pub(super) fn begin(
        session: &mut Session,
        plan: &Plan,
        path: &str,
        force: bool,
        is_once: bool,
    ) -> Result<Self, Error> {
        let target = OutputFile { path: PathBuf::from(path), force, is_by_ending: true };
        let format = format_of(&target.path)?;
        if format.holds_one_result() && !is_once {
            let message = format!("a file of {} holds one answer", format.name());
            let help = format!("`.once {path}` writes the next one, `.output FILE.json` holds all");
            return Err(usage_error(&message, &help));
        }
        plan.refuse_to_overwrite(&target.path, session.book().origin().file())?;
        Self::open(session, plan, target, format, is_once)
    }

    fn open(
        session: &mut Session,
        plan: &Plan,
        target: OutputFile,
        format: Format,
        is_once: bool,
    ) -> Result<Self, Error> {
        let (pending, file, medium) = target.create()?;
        let medium = target.medium_of(format, medium);
        let (results, bytes) = (Selection::default(), Rc::new(Cell::new(0)));
        let file = CountingWriter { file, bytes: Rc::clone(&bytes) };
        let of_screen = session.settings.clone();
        session.settings.format = format;
        (session.settings.to_terminal, session.settings.use_color, session.settings.width) = (false, false, None);
        let output = session.output_into(medium, results.clone(), file, plan.notices(), false);
        session.settings = of_screen;
        Ok(Self { target, format, is_once, pending, output: output?, results, bytes, before_entry: (0, 0) })
    }

    /// True if the answer to an entry goes into the file: `.once` waits for one, and lets settings pass.
    pub(super) fn takes(&self, entry: &str) -> bool {
        let Ok((command, _)) = terminal::parse_command(entry) else { return true };
        let is_setting = matches!(command, Command::Set(_) | Command::Show | Command::Limits | Command::Print);
        let is_listing = matches!(command, Command::Help | Command::Tables | Command::Schema | Command::Scripts);
        !(self.is_once && (is_setting || is_listing))
    }

    /// The same for an entry: what `.dump` writes is a text to itself, as a file of SQL is.
    ///
    /// # Errors
    /// As [`Redirect::begin`].
    pub(super) fn for_entry(self, entry: &str, session: &mut Session, plan: &Plan) -> Result<Self, Error> {
        let is_dump = matches!(terminal::parse_command(entry), Ok((Command::Dump, _)));
        if !(is_dump && self.format == Format::Insert && self.written() == (0, 0)) {
            return Ok(self);
        }
        let (target, is_once) = (self.target.again(), self.is_once);
        drop(self);
        Self::open(session, plan, target, Format::Table, is_once)
    }

    /// The output that the next entry is answered into.
    pub(super) fn next_output(&mut self) -> &Output {
        self.before_entry = self.written();
        &self.output
    }

    /// The results and bytes so far.
    fn written(&self) -> (usize, usize) {
        (self.results.count(), self.bytes.get())
    }

    /// Goes on after an entry: completes the file if that was the answer that it waited for, and gives it up after an answer
    /// that broke off.
    ///
    /// # Errors
    /// That of the entry; the file can't be written.
    pub(super) fn after<T>(
        self,
        done: Result<T, Error>,
        session: &mut Session,
        plan: &Plan,
    ) -> (Option<Self>, Result<T, Error>) {
        let name = self.name();
        match done {
            Ok(value) if self.is_once && self.written() != self.before_entry => (None, self.finish().map(|()| value)),
            Ok(value) => (Some(self), Ok(value)),
            Err(error) if self.written() == self.before_entry => (Some(self), Err(error)),
            Err(error) if self.is_once => {
                let error = self.explained(error);
                let (format, target) = (self.format, self.target.again());
                drop(self.pending);
                notice(&format!("nothing was written; `.once {name}` still waits for an answer"));
                (Self::open(session, plan, target, format, true).ok(), Err(error))
            }
            Err(error) => {
                let error = self.explained(error);
                notice(&format!("`{name}` is given up: an answer to it broke off"));
                (None, Err(error))
            }
        }
    }

    /// Completes the file; without an answer there is none.
    ///
    /// # Errors
    /// It can't be written; the format holds one result, and the answer has several.
    pub(super) fn finish(self) -> Result<(), Error> {
        let name = self.name();
        if self.written() == (0, 0) {
            notice(&format!("nothing was written to `{name}`: nothing has been answered"));
            return Ok(());
        }
        self.output.finish().map_err(|error| self.explained(error.into()))?;
        // The writer has what is buffered.
        drop(self.output);
        self.pending.finish()?;
        terminal::print(&format!("written: `{name}`\n")).map_err(Error::from)
    }

    /// The error of writing with its file, and that of a second result with what holds both.
    fn explained(&self, error: Error) -> Error {
        if !self.results.is_refused() {
            return self.target.with_path(error);
        }
        let (name, format) = (self.name(), self.format.name());
        let message = format!("can't write `{name}`: the answer has several results, and a file of {format} holds one");
        usage_error(&message, "ask for one; `.once FILE.json` holds all")
    }

    fn name(&self) -> String {
        visible(&self.target.path.display().to_string()).into_owned()
    }
}

/// A remark beside the answers.
fn notice(text: &str) {
    // Where it can't be written, nothing that it says is lost.
    let _ = terminal::notices().write_all(format!("notice: {text}\n").as_bytes());
}

/// A writer that counts what is written.
struct CountingWriter {
    file: BufWriter<File>,
    bytes: Rc<Cell<usize>>,
}

impl Write for CountingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.set(self.bytes.get() + bytes.len());
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
