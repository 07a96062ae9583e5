//! The prompt: a loop that reads entries until the user leaves. It knows neither the book nor the effect of an entry:
//! names, variables and evaluation are the caller's. `line_editor` answers the editor while an entry is typed.

use super::commands::EditMode;
use super::completion::Vocabulary;
use super::continuation::{PROMPT, without_marks};
use super::language::{Language, classify};
use super::line_editor::{EditorHelper, LineTracker, discard_pending_input, is_invalid_utf8};
use super::sanitize::{removal_notice, sanitize};
use super::streams::{is_dumb_terminal, notices};
use super::{continuation_keys, external_editor, history};
use crate::error::{Error, usage_error};
use crate::store::Stop;
use crate::table::visible;
use rustyline::config::Configurer;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Cmd, ColorMode, CompletionType, Config, Editor, Event, EventHandler, KeyEvent};
use std::io::{self, Write};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

/// The most entries that the history keeps; the oldest go first.
const HISTORY_ENTRIES: usize = 5_000;

/// The next action of the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// Read another entry.
    Continue,
    /// Read this file first, as if it were typed.
    Read(String),
    /// Edit the last entry in the external editor.
    Edit,
    /// Write a script, with this path and text.
    Save(String, String),
    /// Write a text into the terminal's clipboard.
    Copy {
        /// The text.
        text: String,
        /// The name of its format.
        format: &'static str,
    },
    /// Write answers into this file: the next one, or all.
    Redirect {
        /// The file.
        file: String,
        /// True if a file that exists is written over.
        force: bool,
        /// True if the next answer alone is written.
        is_once: bool,
    },
    /// Write answers onto the screen again.
    EndRedirect,
    /// Ask another book: that of a file, or the bundled one.
    Open(Option<String>),
}

/// The style of the prompt, which a command can change.
#[derive(Debug, Clone, Copy)]
pub struct PromptStyle {
    /// True if the entry is coloured.
    pub color: bool,
    /// The keys by which it is edited.
    pub edit_mode: EditMode,
}

/// A prompt, with the state and callbacks of its caller.
pub struct Prompt<'a> {
    /// The file that keeps the history between sessions; without one, it ends with the session.
    pub history: Option<PathBuf>,
    /// The stop flag, cleared while another program has the terminal.
    pub stop: Stop,
    /// The style, called before each entry.
    pub style: &'a dyn Fn() -> PromptStyle,
    /// The names to complete, called when an entry first needs them, at Tab or in a call.
    pub vocabulary: &'a dyn Fn() -> Vocabulary,
    /// True if the session has a variable of this name.
    pub is_variable: &'a dyn Fn(&str) -> bool,
    /// The variables of the session, called before each entry.
    pub variables: &'a dyn Fn() -> Vec<String>,
    /// Reports an error to the user.
    pub report: &'a dyn Fn(&Error),
}

impl<'a> Prompt<'a> {
    /// Reads entries and passes each to `evaluate`, until that returns an error, as that of a code to leave with, or Ctrl-D is
    /// pressed. Ctrl-C clears the entry; one that is incomplete, and SQL without its `;`, continues in the next line. Alt-Enter runs SQL
    /// as it is, and begins a new line of anything else. An entry that ends in `\e` is opened in the external editor
    /// first, and so is the last one at [`Flow::Edit`].
    ///
    /// # Errors
    /// The terminal can't be read or written; that of `evaluate`.
    pub fn run(mut self, evaluate: &mut dyn FnMut(&str) -> Result<Flow, Error>) -> Result<(), Error> {
        let mut history_file = self.history.take();
        let tracker = LineTracker::default();
        let mut editor = self.editor(&tracker).map_err(history::into_io_error)?;
        let loaded =
            history_file.as_deref().map_or(Ok(()), |path| history::load(editor.history_mut(), path, HISTORY_ENTRIES));
        disable_on_error(&mut history_file, loaded);
        let (mut last_entry, mut initial) = (String::new(), String::new());
        loop {
            self.configure(&mut editor);
            let entry = match self.read_entry(&mut editor, &tracker, mem::take(&mut initial))? {
                ReadOutcome::Entry(entry) => sanitized(without_marks(&entry)),
                ReadOutcome::Abandoned => continue,
                ReadOutcome::End => return Ok(()),
            };
            if entry.trim().is_empty() {
                continue;
            }
            if let Some(unfinished) = external_editor::strip_edit_suffix(&entry) {
                initial = self.edit(if unfinished.is_empty() { &last_entry } else { unfinished });
                continue;
            }
            let added = history::add(editor.history_mut(), &entry, history_file.as_deref());
            disable_on_error(&mut history_file, added);
            if let Some(error) = tracker.take_error(&entry) {
                (self.report)(&error);
                last_entry = entry;
                continue;
            }
            match evaluate(&entry)? {
                Flow::Edit => initial = self.edit(&last_entry),
                _ => last_entry = entry,
            }
        }
    }

    /// Reads an entry that begins with `initial`, and resumes it after bytes that are not valid UTF-8.
    fn read_entry(
        &self,
        editor: &mut Editor<EditorHelper<'a>, DefaultHistory>,
        tracker: &LineTracker,
        initial: String,
    ) -> Result<ReadOutcome, Error> {
        let mut initial = (initial, String::new());
        tracker.begin((self.variables)());
        loop {
            let error = match read(editor, (&initial.0, &initial.1)) {
                Some(Ok(entry)) => return Ok(ReadOutcome::Entry(entry)),
                Some(Err(error)) => error,
                None => {
                    let help = "put it into a file, and `.read FILE`";
                    (self.report)(&usage_error("an entry of so many lines can't be edited", help));
                    return Ok(ReadOutcome::Abandoned);
                }
            };
            // Where the editor does without keys it has read the whole line: nothing of it is left to go on with.
            if is_invalid_utf8(&error) && is_dumb_terminal() {
                (self.report)(&usage_error("the line is not valid UTF-8", "set the terminal to UTF-8"));
                return Ok(ReadOutcome::Abandoned);
            }
            let Some(invalid_byte) = tracker.invalid_byte(&error) else {
                drop(tracker.take_error(""));
                return match error {
                    ReadlineError::Eof => Ok(ReadOutcome::End),
                    ReadlineError::Interrupted | ReadlineError::Signal(_) => Ok(ReadOutcome::Abandoned),
                    error => Err(history::into_io_error(error).into()),
                };
            };
            let Some(resume_with) = invalid_byte.resume_with else {
                discard_pending_input();
                (self.report)(&invalid_byte.error);
                let notice = "notice: what came with it in one go was not read\n";
                let _ = notices().write_all(notice.as_bytes());
                return Ok(ReadOutcome::Abandoned);
            };
            (self.report)(&invalid_byte.error);
            initial = resume_with;
        }
    }

    fn editor(&self, tracker: &LineTracker) -> Result<Editor<EditorHelper<'a>, DefaultHistory>, ReadlineError> {
        let config = Config::builder()
            .history_ignore_space(true)
            .history_ignore_dups(true)?
            .max_history_size(HISTORY_ENTRIES)?
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            // Drawing goes through `line_editor`, with colours or without.
            .color_mode(ColorMode::Forced)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(EditorHelper::new(self.vocabulary, self.is_variable, tracker.clone())));
        editor.bind_sequence(Event::Any, EventHandler::Conditional(Box::new(tracker.clone())));
        continuation_keys::bind(&mut editor, tracker);
        // Among the keys of vi it has no meaning of its own.
        editor.bind_sequence(KeyEvent::ctrl('L'), Cmd::ClearScreen);
        Ok(editor)
    }

    /// Applies the changes that the entry before may have made: to names, colours and keys.
    fn configure(&self, editor: &mut Editor<EditorHelper<'a>, DefaultHistory>) {
        let PromptStyle { color, edit_mode } = (self.style)();
        if let Some(helper) = editor.helper_mut() {
            helper.reset();
            helper.color = color;
        }
        editor.set_edit_mode(match edit_mode {
            EditMode::Emacs => rustyline::EditMode::Emacs,
            EditMode::Vi => rustyline::EditMode::Vi,
        });
    }

    /// The entry as the external editor saved it, to be typed on; empty where that failed.
    fn edit(&self, entry: &str) -> String {
        let suffix = match classify(entry, self.is_variable) {
            Language::Sql => ".sql",
            Language::Script | Language::Command => ".rhai",
        };
        match external_editor::edit(entry, suffix, &self.stop) {
            Ok(edited) => sanitized(edited),
            Err(error) => {
                (self.report)(&error);
                String::new()
            }
        }
    }
}

/// The outcome of reading an entry.
enum ReadOutcome {
    Entry(String),
    /// The entry was dropped.
    Abandoned,
    /// Ctrl-D was pressed.
    End,
}

/// True if a panic in this source file is one of the line editor's, which counts the rows of an entry in 16 bits: it is caught
/// around the call, and the prompt reports an entry that has more.
#[must_use]
pub fn is_caught_panic(file: &str) -> bool {
    file.contains("/rustyline-")
}

/// Reads an entry that begins with a text before and after the cursor; `None` where the editor has panicked, as it does
/// where it counts more rows than 16 bits hold. Its terminal is restored then.
fn read(
    editor: &mut Editor<EditorHelper<'_>, DefaultHistory>,
    initial: (&str, &str),
) -> Option<Result<String, ReadlineError>> {
    panic::catch_unwind(AssertUnwindSafe(|| editor.readline_with_initial(PROMPT, initial))).ok()
}

/// The entry without characters that no terminal shows; a notice names those removed.
fn sanitized(entry: String) -> String {
    let Some(notice) = removal_notice(&entry) else { return entry };
    let _ = notices().write_all(format!("{notice}\n").as_bytes());
    sanitize(&entry).into_owned()
}

/// Stops using the history file after an error, with a notice.
fn disable_on_error(file: &mut Option<PathBuf>, done: io::Result<()>) {
    let Err(error) = done else { return };
    if let Some(path) = file.take() {
        let path = path.display().to_string();
        let notice = format!("notice: the history is not kept in `{}`: {error}\n", visible(&path));
        let _ = notices().write_all(notice.as_bytes());
    }
}
