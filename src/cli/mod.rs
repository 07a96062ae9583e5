//! The command line: what was typed, what that decides, and carrying it out. It computes nothing and prints through
//! the terminal alone.
//!
//! Reading order: `arguments` (what was typed), `words` (where a script's own parameters stand among the options),
//! `plan` (what it decides), `config` (the user's own settings), `carry_out` (doing it), `entries` (texts as they would be typed), `waiting`
//! (texts that come slowly), `prompt` (a person at a terminal) with `vocabulary`, `options` (their help by name), `destination` (`-o FILE`),
//! `examples` (`test`).

mod arguments;
mod carry_out;
mod config;
mod destination;
mod entries;
mod examples;
mod options;
mod plan;
mod prompt;
mod vocabulary;
mod waiting;
mod words;

use crate::error::Error;
use crate::terminal;
use std::ffi::OsString;
pub use vocabulary::vocabulary;

/// Reads the command line and carries it out; returns the exit code of the process. `held_bytes` tells how much memory the
/// process has allocated, for the limit of it.
pub fn run(words: Vec<OsString>, held_bytes: fn() -> usize) -> u8 {
    let arguments = match arguments::read(words) {
        Ok(arguments) => arguments,
        Err(shown) => return arguments::show(*shown),
    };
    let report = arguments.reporting();
    let done = plan::decide(arguments, held_bytes).and_then(|plan| carry_out::carry_out(&plan));
    done.map_or_else(|error| fail(&error, report), |()| 0)
}

/// Reports what ended the program; a closed pipe ends it silently.
fn fail(error: &Error, report: terminal::Reporting) -> u8 {
    terminal::report_error(error, report.color, report.as_json);
    error.exit_code()
}
