//! Timing for the benches: a thing done several times, and a small table of how long it took.

use std::io::{self, Write};
use std::time::{Duration, Instant};

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
