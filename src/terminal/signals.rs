//! Handlers of system signals. Long work polls the flag that a signal raises; new work clears it.

use crate::store::Stop;
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::io;

/// The exit code of a program that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED_EXIT_CODE: i32 = 130;

/// Makes Ctrl-C raise `stop`, and a second Ctrl-C, while the first is not yet served, end the process with 130.
/// Writing past a file size limit becomes an error of the write, where it would have killed the process.
///
/// A reader that goes away needs nothing here: SIGPIPE is ignored from the start of every Rust program.
///
/// # Errors
/// The system refuses a handler.
pub fn install_signal_handlers(stop: &Stop) -> io::Result<()> {
    // Handlers run in the order of their registration: this one must see the flag as the signal before left it.
    flag::register_conditional_shutdown(SIGINT, INTERRUPTED_EXIT_CODE, stop.flag())?;
    flag::register(SIGINT, stop.flag())?;
    survive_file_size_limit()
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
