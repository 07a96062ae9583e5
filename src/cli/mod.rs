//! The command line: what was typed, what that decides, and carrying it out. It computes nothing and prints through
//! the terminal alone.
//!
//! Reading order: `arguments` (what was typed), `words` (where a script's own parameters stand among the options),
//! `limit_options` (those of the limits),
//! `plan` (what it decides), `config` (the user's own settings), `carry_out` (doing it), `entries` (texts as they would be typed), `waiting`
//! (texts that come slowly), `prompt` (a person at a terminal) with `vocabulary`, `options` (their help by name), `destination` (`-o FILE`) with
//! `unnamed` (what an answer is until it is complete),
//! `examples` (`test`).

mod arguments;
mod carry_out;
mod config;
mod destination;
mod entries;
mod examples;
mod limit_options;
mod options;
mod plan;
mod prompt;
mod unnamed;
mod vocabulary;
mod waiting;
mod words;

use crate::error::{Error, Limit, wrong};
use crate::script::library;
use crate::terminal::{self, Reporting};
use plan::Plan;
use std::ffi::OsString;
use std::thread;
pub use vocabulary::vocabulary;

/// Reads the command line and carries it out; returns the exit code of the process. `held_bytes` tells how much memory the
/// process has allocated, for the limit of it.
pub fn run(words: Vec<OsString>, held_bytes: fn() -> usize) -> u8 {
    library::reserve_option_names(arguments::options);
    let arguments = match arguments::read(words) {
        Ok(arguments) => arguments,
        Err(shown) => return arguments::show(*shown),
    };
    let report = arguments.reporting();
    match plan::decide(arguments, held_bytes) {
        Ok(plan) => work(plan, report),
        Err(error) => fail(&error, report),
    }
}

/// Stack for one call of a script or of SQL within others: eight times what the largest seen took in a debug build.
const STACK_BYTES_A_CALL: u64 = 256 << 10;

/// What else takes a stack, as the reading of deep expressions, has one as for so many calls.
const LEAST_CALLS: u64 = 256;

/// Carries the plan out in a thread whose stack is long enough for the calls that it allows; returns the exit code. A panic
/// has been told by whoever installed the hook for it.
fn work(plan: Plan, report: Reporting) -> u8 {
    let calls = plan.settings.limits.most(Limit::Depth).max(LEAST_CALLS);
    let stack_bytes = usize::try_from(calls * STACK_BYTES_A_CALL).unwrap_or(usize::MAX);
    let work = move || carry_out::carry_out(&plan).map_or_else(|error| fail(&error, report), |()| 0);
    match thread::Builder::new().stack_size(stack_bytes).spawn(work) {
        Ok(worker) => worker.join().unwrap_or_else(|_| Error::Fault(String::new()).exit_code()),
        Err(error) => {
            let message = format!("a stack of {} MiB can't be had: {error}", stack_bytes >> 20);
            fail(&wrong(&message, "set a lower `--limit-depth`"), report)
        }
    }
}

/// Reports what ended the program; a closed pipe ends it silently.
fn fail(error: &Error, report: Reporting) -> u8 {
    terminal::report_error(error, report.color, report.as_json);
    error.exit_code()
}
