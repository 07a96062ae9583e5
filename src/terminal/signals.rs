//! Handlers of system signals. Long work polls the flag that a signal raises; new work clears it.

use crate::store::Stop;
use signal_hook::consts::SIGINT;
use signal_hook::{SigId, flag, low_level};
use std::io;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// Runs `wait`, which waits for a program that has the terminal: any number of Ctrl-C is that program's meanwhile, and
/// does nothing here.
///
/// # Errors
/// Those of `wait`; the system refuses a handler.
pub(super) fn leave_interrupts_to_program<T>(stop: &Stop, wait: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    // A signal whose last handler is taken away is ignored, not set back to what ends a process.
    let handlers = mem::take(&mut *interrupt_handlers());
    let is_handled = !handlers.is_empty();
    for handler in handlers {
        low_level::unregister(handler);
    }
    let ended = wait();
    stop.clear();
    if is_handled {
        handle_interrupts(stop)?;
    }
    ended
}

fn handle_interrupts(stop: &Stop) -> io::Result<()> {
    // Handlers run in the order of their registration: this one must see the flag as the signal before left it.
    let ends_process = flag::register_conditional_shutdown(SIGINT, INTERRUPTED_EXIT_CODE, stop.flag())?;
    let raises_stop = flag::register(SIGINT, stop.flag())?;
    interrupt_handlers().extend([ends_process, raises_stop]);
    Ok(())
}

fn interrupt_handlers() -> MutexGuard<'static, Vec<SigId>> {
    INTERRUPT_HANDLERS.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::install_signal_handlers;
    use crate::store::Stop;

    #[test]
    fn an_interrupt_raises_the_flag_and_the_process_goes_on() {
        let stop = Stop::default();
        install_signal_handlers(&stop).unwrap();
        signal_hook::low_level::raise(signal_hook::consts::SIGINT).unwrap();
        assert!(stop.is_raised());
    }
}
