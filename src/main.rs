//! The program: arguments, run, exit code. Everything else is in the library.

use cap::Cap;
use pledgebook::error::SERIES_HELP;
use std::alloc::System;
use std::process::{self, ExitCode};
use std::{env, io, panic};

/// Counts what is allocated, so that an answer can be ended before the machine runs out of memory.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The end of the path of `generate_series`. Bounds that are literals are refused before a statement runs; computed ones are
/// caught here, since a number that began again from below would be a wrong one.
const SERIES: &str = "vtab/series.rs";

/// A part of the path of the line editor, which counts the rows of an entry in 16 bits; the prompt reports an entry that has
/// more.
const EDITOR: &str = "/rustyline-";

/// Parts of the path of the authorizer hook. SQLite asks it about names that may be invalid UTF-8: the library panics, catches
/// that itself and denies the action, and the error of the statement says so.
const AUTHORIZER: (&str, &str) = ("/rusqlite-", "hooks/mod.rs");

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        if fault.location().is_some_and(|at| at.file().contains(AUTHORIZER.0) && at.file().ends_with(AUTHORIZER.1)) {
            return;
        }
        if fault.location().is_some_and(|at| at.file().contains(EDITOR)) {
            return;
        }
        if fault.location().is_some_and(|at| at.file().ends_with(SERIES)) {
            say(&format!("error: `generate_series` counted past the end of 64-bit numbers\n  = help: {SERIES_HELP}\n"));
            // It was called by SQLite, through which nothing can unwind: the process would be aborted.
            process::exit(1);
        }
        let place = fault.location().map_or_else(String::new, |at| format!(" at {at}"));
        let message = format!(
            "error: a fault of pledgebook itself{place}: {fault}\n  = help: report it with the command that led here\n",
            fault = reason(fault.payload())
        );
        say(&message);
    }));
    ExitCode::from(pledgebook::cli::run(env::args_os().collect(), || MEMORY.allocated()))
}

/// Writes to standard error; where that is closed, there is nobody to tell.
fn say(message: &str) {
    let _ = io::Write::write_all(&mut io::stderr(), message.as_bytes());
}

/// The text of a panic, which is of one type or the other.
fn reason(payload: &dyn std::any::Any) -> &str {
    let owned = || payload.downcast_ref::<String>().map(String::as_str);
    payload.downcast_ref::<&str>().copied().or_else(owned).unwrap_or("no reason given")
}
