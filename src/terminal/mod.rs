//! The terminal: what is typed is cut into entries and told apart, errors are drawn, keys are read. Here and in
//! `main` alone is anything printed, or asked whether there is a terminal; nothing here runs an entry.
//!
//! Reading order: `language`, `statement`, `entries`, `keywords`, `commands`; `prompt` with `keys`, `completion`,
//! `highlight`, `brackets` and `history`; `diagnostics`, `screen`, `streams`, `progress`, `watchdog`, `signals`.

mod brackets;
mod choices;
mod commands;
mod completion;
mod diagnostics;
mod edit_mode;
mod entries;
mod foreign;
mod highlight;
mod history;
mod keys;
mod keywords;
mod language;
mod outside;
mod pager;
mod progress;
mod prompt;
mod screen;
mod seen;
mod signals;
mod statement;
mod stray_bytes;
mod streams;
mod user_files;
mod watchdog;

pub use choices::{NOTE_LEVELS, SWITCHES};
pub use commands::{Argument, COMMANDS, Command, CommandInfo, arguments, help, name, parse, placeholder};
pub use completion::{FunctionName, IdName, Offer, ParameterName, ScriptNames, Vocabulary, complete};
pub use diagnostics::{draw, json};
pub use edit_mode::EditMode;
pub use entries::{is_one_entry, missing, missing_at_end, next_entry};
pub use language::{Language, classify};
pub use pager::Pager;
pub use progress::Progress;
pub use prompt::{Flow, Look, Prompt};
pub use screen::{ColorChoice, Screen, report_error, width};
pub use signals::install;
pub use streams::{remarks, results};
pub use user_files::{config_path, history_path};
pub use watchdog::{Reporting, Watchdog};
