//! The program: arguments, run, exit code. Everything else is in the library.

use cap::Cap;
use pledgebook::{import, store, table, terminal};
use std::alloc::System;
use std::process::ExitCode;
use std::{env, io, panic};

/// Counts what is allocated, so that an answer can be ended before the machine runs out of memory.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        // What a library catches itself, or its caller here, is reported there.
        let is_caught = |file: &str| {
            let known =
                [store::is_caught_panic, import::is_caught_panic, table::is_caught_panic, terminal::is_caught_panic];
            known.iter().any(|is_caught| is_caught(file))
        };
        if fault.location().is_some_and(|at| is_caught(at.file())) {
            return;
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
