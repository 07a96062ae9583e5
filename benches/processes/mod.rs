//! Timing of whole processes, the program's own and others that it is compared with.

use crate::timing;
use std::io;
use std::process::{Command, Stdio};

/// The program as it was built for this bench.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pledgebook");

/// Times a whole process; one that is not installed, or fails, is left out.
///
/// # Errors
/// Standard output can't be written.
pub(crate) fn process(name: &str, runs: usize, program: &str, arguments: &[&str]) -> io::Result<()> {
    let run = || {
        let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if run() {
        timing::work(name, runs, || {
            run();
        })?;
    }
    Ok(())
}
