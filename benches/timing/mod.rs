//! Timing for the benches: a thing done several times, and a small table of how long it took.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The program as it was built for this bench.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pledgebook");

/// Prints the heading of the lines that the other functions print.
///
/// # Errors
/// Standard output can't be written; so do the functions below.
pub(crate) fn heading() -> io::Result<()> {
    writeln!(io::stdout(), "{:<52} {:>9} {:>9} {:>6}", "milliseconds", "min", "median", "runs")
}

/// Does `work` once to warm up and then so many times; prints the fastest run and the median.
///
/// # Errors
/// Standard output can't be written.
pub(crate) fn work(name: &str, runs: usize, mut work: impl FnMut()) -> io::Result<()> {
    work();
    let mut taken: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let (fastest, median) = (taken[0], taken[runs / 2]);
    writeln!(io::stdout(), "{name:<52} {:>9.3} {:>9.3} {runs:>6}", millis(fastest), millis(median))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

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
        work(name, runs, || {
            run();
        })?;
    }
    Ok(())
}
