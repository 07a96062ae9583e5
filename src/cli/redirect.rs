//! `.once FILE` and `.output FILE` at the prompt: answers into a file instead of onto the screen, as `-o FILE` writes them. The
//! file gets its name when it is complete: after the next answer, or at `.output` and when the prompt is left.

use super::output_file::{OutputFile, PendingFile};
use super::plan::{Plan, format_of};
use crate::error::{Error, usage_error};
use crate::session::Session;
use crate::sql::Output;
use crate::table::{Format, Selection, visible};
use crate::terminal::{self, Command, Language};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::rc::Rc;

/// Answers that are written into a file.
pub(super) struct Redirect {
    target: OutputFile,
    format: Format,
    /// True if the next answer alone is written.
    is_once: bool,
    pending: PendingFile,
    /// A second handle to the file.
    handle: File,
    output: Output,
    results: Selection,
    bytes: Rc<Cell<u64>>,
    /// The results and bytes before the newest entry.
    before_entry: (usize, u64),
}

impl Redirect {
    /// Begins to write answers into a file, in the format of its ending.
    ///
    /// # Errors
    /// No format has the ending; those of `-o FILE`.
    pub(super) fn begin(session: &Session, plan: &Plan, path: &str, force: bool, is_once: bool) -> Result<Self, Error> {
        let command = Some(if is_once { ".once" } else { ".output" });
        let target = OutputFile { path: PathBuf::from(path), force, is_by_ending: true, command };
        let format = format_of(&target.path)?;
        plan.refuse_to_overwrite(&target.path, session.book().origin().file())?;
        Self::open(session, plan, target, format, is_once || format.holds_one_result())
    }

    fn open(session: &Session, plan: &Plan, target: OutputFile, format: Format, is_once: bool) -> Result<Self, Error> {
        let (pending, file, medium) = target.create()?;
        let handle = file.get_ref().try_clone()?;
        let medium = target.medium_of(format, medium);
        let (results, bytes) = (Selection::default(), Rc::new(Cell::new(0)));
        let file = CountingWriter { file, bytes: Rc::clone(&bytes) };
        let settings = session.settings.of_file(format);
        let output = session.output_by(&settings, medium, results.clone(), file, plan.notices(), false);
        Ok(Self { target, format, is_once, pending, handle, output, results, bytes, before_entry: (0, 0) })
    }

    /// Returns an error if the file has come to be there meanwhile, and may not be written over.
    ///
    /// # Errors
    /// It is there.
    pub(super) fn refuse_existing(&self) -> Result<(), Error> {
        self.target.refuse_existing()
    }

    /// True if the answer to an entry goes into the file: `.once` waits for one, and lets other commands pass.
    pub(super) fn takes(&self, entry: &str, session: &Session) -> bool {
        let is_command = || terminal::classify(entry, &|name| session.has_variable(name)) == Language::Command;
        let is_question = || {
            let command = terminal::parse_command(entry).ok().map(|(command, _)| command);
            // What defines a table is SQL, as far as a file holds that.
            let is_sql = command == Some(Command::Schema) && self.output.is_sql();
            is_sql || command.and_then(Command::info).is_some_and(|info| info.is_question)
        };
        !self.is_once || !is_command() || is_question()
    }

    /// The output that the next entry is answered into.
    pub(super) fn next_output(&mut self) -> &Output {
        self.before_entry = self.written();
        &self.output
    }

    /// The results and bytes so far.
    fn written(&self) -> (usize, u64) {
        (self.results.count(), self.bytes.get())
    }

    /// Goes on after an entry: completes the file if that was the answer that it waited for, and takes out of it an answer
    /// that broke off. An expectation that failed, and a code to leave with, come behind a whole answer.
    ///
    /// # Errors
    /// That of the entry; the file can't be written.
    pub(super) fn after<T>(
        self,
        done: Result<T, Error>,
        session: &Session,
        plan: &Plan,
    ) -> (Option<Self>, Result<T, Error>) {
        let has_written = self.written() != self.before_entry;
        match done {
            Err(error) if has_written && !matches!(error, Error::Expectation(_) | Error::Exit(..)) => {
                let error = self.explained(error);
                (self.take_back(session, plan), Err(error))
            }
            done if has_written && self.is_once => (None, self.finish().and(done)),
            done => (Some(self), done),
        }
    }

    /// Takes the answer to the newest entry out of the file, which then waits for the next one; `None` where the file keeps it,
    /// as a pipe does.
    fn take_back(mut self, session: &Session, plan: &Plan) -> Option<Self> {
        let name = self.name();
        if self.before_entry == (0, 0) {
            let command = self.target.command.unwrap_or(".output");
            notice(&format!("nothing was written; `{command} {name}` still waits for an answer"));
            drop(self.pending);
            return Self::open(session, plan, self.target, self.format, self.is_once).ok();
        }
        let is_taken = self.truncate().is_ok();
        let said = if is_taken {
            "keeps the answers before the one that broke off"
        } else {
            "is given up: an answer to it broke off"
        };
        notice(&format!("`{name}` {said}"));
        is_taken.then_some(self)
    }

    /// Cuts the file to what it had before the newest entry.
    fn truncate(&mut self) -> io::Result<()> {
        self.output.flush()?;
        let (results, bytes) = self.before_entry;
        self.handle.set_len(bytes)?;
        self.handle.seek(SeekFrom::Start(bytes))?;
        self.bytes.set(bytes);
        self.results.rewind(results);
        Ok(())
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
        let is_full = self.is_once && self.target.command == Some(".output");
        let goes_on = if is_full { ", which holds one answer: the next one goes to the screen" } else { "" };
        terminal::print(&format!("written: `{name}`{goes_on}\n")).map_err(Error::from)
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
    bytes: Rc<Cell<u64>>,
}

impl Write for CountingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes.set(self.bytes.get() + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
