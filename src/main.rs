//! The program: arguments, run, exit code. Everything else is in the library.

use cap::Cap;
use pledgebook::error::SERIES_HELP;
use std::alloc::System;
use std::process::{self, ExitCode};
use std::{env, io, panic};

/// Counts what is allocated, so that an answer can be ended before the machine runs out of memory.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// The source of the table behind `generate_series`. Bounds that a statement writes out are refused before it runs; those
/// that it computes are noticed here, since a number that began again from below would be a wrong one.
const SERIES: &str = "vtab/series.rs";

/// Where the line editor lies. It counts the rows of an entry in 16 bits; the prompt tells of an entry that has more.
const EDITOR: &str = "/rustyline-";

/// Where SQLite asks for leave. What it asks about may have a name that is no UTF-8, which the library takes for a fault of its
/// caller and then for a refusal: the error of the statement says so.
const LEAVE: (&str, &str) = ("/rusqlite-", "hooks/mod.rs");

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        if fault.location().is_some_and(|at| at.file().contains(LEAVE.0) && at.file().ends_with(LEAVE.1)) {
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

/// What a panic says, which is a text of one kind or the other.
fn reason(payload: &dyn std::any::Any) -> &str {
    let owned = || payload.downcast_ref::<String>().map(String::as_str);
    payload.downcast_ref::<&str>().copied().or_else(owned).unwrap_or("no reason given")
}
