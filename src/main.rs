//! The program: arguments, run, exit code. Everything else is in the library.

use std::process::ExitCode;
use std::{env, io, panic, thread};

/// Stack of the thread that does the work: scripts and SQL may call each other 64 deep, in a debug build too.
const STACK_BYTES: usize = 64 << 20;

/// The exit code of a fault of the program itself.
const FAULT: u8 = 70;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        let place = fault.location().map_or_else(String::new, |at| format!(" at {at}"));
        let message = format!(
            "error: a fault of pledgebook itself{place}: {fault}\n  = cure: report it with the command that led here\n",
            fault = reason(fault.payload())
        );
        say(&message);
    }));
    let words = env::args_os().collect();
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || pledgebook::cli::run(words));
    let code = match worker {
        Ok(worker) => worker.join().unwrap_or(FAULT),
        Err(error) => {
            say(&format!("error: a thread can't be started: {error}\n"));
            FAULT
        }
    };
    ExitCode::from(code)
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
