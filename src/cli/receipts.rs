//! `--receipt FILE`: the file, the record of the answer, and the questions that a receipt can repeat.

use super::arguments::Input;
use super::output_file::OutputFile;
use crate::error::{Error, usage_error};
use crate::session::{Asked, Recorder, Session};
use crate::sql::Output;
use crate::terminal::{Language, SqlEnd, classify, next_entry};
use std::io::Write;
use std::path::Path;

/// The file of a receipt, and the record of the answer so far.
pub(super) struct PendingReceipt {
    file: OutputFile,
    recorder: Recorder,
}

impl PendingReceipt {
    /// The receipt of the next answer, for the file at `path`.
    ///
    /// # Errors
    /// The file is there, and is not to be written over; the book can't be read.
    pub(super) fn begin(path: &Path, force: bool, session: &Session) -> Result<Self, Error> {
        let file = OutputFile { path: path.to_owned(), force, is_by_ending: false, command: None };
        file.refuse_existing()?;
        Ok(Self { file, recorder: session.recorder() })
    }

    /// The output, whose results are recorded too.
    pub(super) fn record(&self, output: Output) -> Output {
        self.recorder.beside(output)
    }

    /// Writes the receipt of the answer.
    ///
    /// # Errors
    /// The book can't be read; the file can't be written.
    pub(super) fn write(&self, session: &Session, asked: Asked<'_>) -> Result<(), Error> {
        let receipt = session.receipt(asked, &self.recorder)?;
        let (pending, mut file, _) = self.file.create()?;
        let written = file.write_all(receipt.text().as_bytes()).and_then(|()| file.flush());
        written.map_err(|error| self.file.with_path(error.into()))?;
        pending.finish()
    }
}

/// The text of an input that a receipt can repeat, with its language.
///
/// # Errors
/// It is a command, or several entries.
pub(super) fn question<'t>(input: &Input, text: &'t str) -> Result<Asked<'t>, Error> {
    let is_sql_file = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("sql"));
    if matches!(input, Input::File(path) if is_sql_file(path)) {
        return Ok(Asked::Text(text, Language::Sql));
    }
    let language = classify(text, &|_| false);
    let first = next_entry(text, 0, SqlEnd::Line, &|_| false);
    let is_one = first.is_some_and(|first| next_entry(text, first.end, SqlEnd::Line, &|_| false).is_none());
    if language == Language::Command || !is_one {
        let help = "one statement or script; several go into a script of their own: `-f FILE.rhai`";
        return Err(usage_error("a receipt is of one question, and no command", help));
    }
    Ok(Asked::Text(text, language))
}
