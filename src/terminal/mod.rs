//! The terminal: entries are split and classified, errors are drawn, keys are read. Here and in
//! `main` alone is anything printed, or asked whether there is a terminal; nothing here runs an entry.
//!
//! Reading order: `language`, `splitter`, `commands` with `command_groups`, `habits`; `prompt` with `line_editor`, `continuation`, `continuation_keys`, `completion`, `highlight`, `history`,
//! `sanitize` and `external_editor`; `question`; `clipboard`; `diagnostics`, `screen`, `streams`, `pager`, `watchdog`, `signals`.

mod clipboard;
mod command_groups;
mod commands;
mod completion;
mod continuation;
mod continuation_keys;
mod diagnostics;
mod external_editor;
mod habits;
mod highlight;
mod history;
mod language;
mod line_editor;
mod pager;
mod prompt;
mod question;
mod sanitize;
mod screen;
mod signals;
mod splitter;
mod streams;
mod watchdog;

pub use clipboard::{MAX_CLIPBOARD_BYTES, copy};
pub use command_groups::{group_list, overview};
pub use commands::{
    ArgumentKind, COMMANDS, Choice, ColorChoice, Command, CommandInfo, EditMode, Group, NoteLevel, commands_for,
    parse_command, split_arguments, value_placeholder,
};
pub use completion::{Completion, FunctionName, IdName, Vocabulary, complete, is_sql_identifier};
pub use diagnostics::draw;
pub use habits::{SUMMARIZE_HELP, format_hint};
pub use language::{Language, QUERY_VERBS, classify};
pub use pager::Pager;
pub use prompt::{Flow, Prompt, PromptStyle, is_caught_panic};
pub use question::ask;
pub use screen::{Screen, print, report_error, width};
pub use signals::install_signal_handlers;
pub use splitter::{SqlEnd, is_one_entry, next_entry};
pub use streams::{Progress, notices, results};
pub use watchdog::{ErrorStyle, Watchdog};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a state. A thread that panicked under the lock has left it consistent: each change is one assignment.
fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
