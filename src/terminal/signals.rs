//! Handlers of system signals. Long work polls the flag that a signal raises; new work clears it.

use super::{lock, streams};
use crate::store::Stop;
use signal_hook::consts::SIGINT;
use signal_hook::{SigId, flag, low_level};
use std::io;
use std::mem;
use std::process::Child;
use std::sync::Mutex;

/// The exit code of a program that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED_EXIT_CODE: i32 = 130;

/// The handlers of Ctrl-C in force: like the signal itself, there is one set of them in a process.
static INTERRUPT_HANDLERS: Mutex<Vec<SigId>> = Mutex::new(Vec::new());

/// Makes Ctrl-C raise `stop`, and a second Ctrl-C, while the first is not yet served, end the process with 130.
/// Writing past a file size limit becomes an error of the write, where it would have killed the process.
///
/// A reader that goes away needs nothing here: SIGPIPE is ignored from the start of every Rust program.
///
/// # Errors
/// The system refuses a handler.
pub fn install_signal_handlers(stop: &Stop) -> io::Result<()> {
    handle_interrupts(stop)?;
    survive_file_size_limit()
}

/// Waits until a program that has the terminal ends, and returns true if it ended well. Any number of Ctrl-C is that
/// program's meanwhile, and does nothing here. What is piped to it is complete: its input is closed.
///
/// # Errors
/// The system can't tell, or refuses a handler.
pub(super) fn wait_for_exit(child: &mut Child, stop: &Stop) -> io::Result<bool> {
    streams::end_progress();
    // A signal whose last handler is taken away is ignored, not set back to what ends a process.
    let handlers = mem::take(&mut *lock(&INTERRUPT_HANDLERS));
    let is_handled = !handlers.is_empty();
    for handler in handlers {
        low_level::unregister(handler);
    }
    let ended = child.wait();
    stop.clear();
    if is_handled {
        handle_interrupts(stop)?;
    }
    ended.map(|status| status.success())
}

fn handle_interrupts(stop: &Stop) -> io::Result<()> {
    // Handlers run in the order of their registration: this one must see the flag as the signal before left it.
    let ends_process = flag::register_conditional_shutdown(SIGINT, INTERRUPTED_EXIT_CODE, stop.flag())?;
    let raises_stop = flag::register(SIGINT, stop.flag())?;
    lock(&INTERRUPT_HANDLERS).extend([ends_process, raises_stop]);
    Ok(())
}

/// Handles SIGXFSZ so that it no longer kills; no code reads the flag that it raises.
#[cfg(unix)]
fn survive_file_size_limit() -> io::Result<()> {
    flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default()).map(drop)
}

#[cfg(not(unix))]
fn survive_file_size_limit() -> io::Result<()> {
    Ok(())
}
