//! The prompt: reads entries key by key until the user leaves. It knows neither the book nor what an entry does:
//! names, variables and evaluation are the caller's. What happens while an entry is typed is in `keys`.

use super::completion::Vocabulary;
use super::history;
use super::keys::Keys;
use crate::error::Error;
use crate::table::visible;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Cmd, ColorMode, CompletionType, Config, Editor, KeyCode, KeyEvent, Modifiers};
use std::io::{self, Write};
use std::path::PathBuf;

/// What stands before an entry.
const PROMPT: &str = "pledgebook> ";

/// How many entries the history keeps; the oldest go first.
const HISTORY_ENTRIES: usize = 5_000;

/// Whether to read another entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// Read on.
    Continue,
    /// Read this file first, as if it were typed.
    Read(String),
    /// Leave.
    Quit,
}

/// What the prompt needs to know from its caller.
pub struct Prompt<'a> {
    /// The file that keeps the history between sessions; without one, it ends with the session.
    pub history: Option<PathBuf>,
    /// Whether what is typed is coloured.
    pub color: bool,
    /// The names to complete: asked for at the first Tab of an entry, never before.
    pub vocabulary: &'a dyn Fn() -> Vocabulary,
    /// Whether the session has a variable of a name.
    pub is_variable: &'a dyn Fn(&str) -> bool,
}

impl<'a> Prompt<'a> {
    /// Reads entries and hands each to `evaluate`, until that says so or Ctrl-D is pressed. Ctrl-C clears the entry;
    /// one that lacks something goes on in the next line; Alt-Enter begins a new line anyhow.
    ///
    /// # Errors
    /// The terminal can't be read or written.
    pub fn run(mut self, evaluate: &mut dyn FnMut(&str) -> Flow) -> Result<(), Error> {
        let mut history_file = self.history.take();
        let mut editor = self.editor().map_err(history::to_io)?;
        let loaded = history_file.as_deref().map_or(Ok(()), |path| history::load(editor.history_mut(), path));
        keep_if_written(&mut history_file, loaded);
        loop {
            if let Some(keys) = editor.helper_mut() {
                keys.forget_names();
            }
            let entry = match editor.readline(PROMPT) {
                Ok(entry) => entry,
                Err(ReadlineError::Eof) => return Ok(()),
                Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => continue,
                Err(error) => return Err(history::to_io(error).into()),
            };
            if entry.trim().is_empty() {
                continue;
            }
            let added = history::add(editor.history_mut(), &entry, history_file.as_deref());
            keep_if_written(&mut history_file, added);
            if evaluate(&entry) == Flow::Quit {
                return Ok(());
            }
        }
    }

    fn editor(self) -> Result<Editor<Keys<'a>, DefaultHistory>, ReadlineError> {
        let config = Config::builder()
            .history_ignore_space(true)
            .history_ignore_dups(true)?
            .max_history_size(HISTORY_ENTRIES)?
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .color_mode(if self.color { ColorMode::Enabled } else { ColorMode::Disabled })
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Keys::new(self.vocabulary, self.is_variable)));
        editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
        Ok(editor)
    }
}

/// Gives up the file of the history where it can't be kept, and says so once.
fn keep_if_written(file: &mut Option<PathBuf>, done: io::Result<()>) {
    let Err(error) = done else { return };
    if let Some(path) = file.take() {
        let path = path.display().to_string();
        let notice = format!("notice: the history is not kept in `{}`: {error}\n", visible(&path));
        let _ = io::stderr().lock().write_all(notice.as_bytes());
    }
}
