//! Measuring of whole processes, with nothing to read and nobody who reads them.

use std::io;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The timed runs of each process: more of them the sooner a turn is over, as long as all fit the time.
const MIN_RUNS: u32 = 5;
const MAX_RUNS: u32 = 40;
const TIME_MS: f64 = 4_000.0;

/// A command line.
pub(crate) struct Process {
    program: String,
    arguments: Vec<String>,
}

/// The fastest of several runs, and the most memory that one of them held.
pub(crate) struct Measured {
    pub(crate) fastest_ms: f64,
    pub(crate) peak_mb: Option<f64>,
}

impl Process {
    pub(crate) fn new(program: &str, arguments: Vec<String>) -> Self {
        Process { program: program.to_owned(), arguments }
    }

    /// Returns the time of one run in milliseconds; none if it can't be started or fails.
    fn run(&self) -> Option<f64> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().ok()?;
        status.success().then(|| start.elapsed().as_secs_f64() * 1e3)
    }

    /// Returns the peak of resident memory of one run, as GNU `time` writes it in the last line of standard error.
    fn peak_mb(&self) -> Option<f64> {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%M", &self.program]).args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null());
        let output = command.stderr(Stdio::piped()).output().ok()?;
        let kilobytes: f64 = String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse().ok()?;
        output.status.success().then_some(kilobytes * 1024.0 / 1e6)
    }
}

/// Measures processes in turns, the first again after the last, each behind a `renew`; none for one that failed. The run that
/// reads the memory warms up and is not timed. Returns the number of timed runs of each, too.
///
/// # Errors
/// Those of `renew`.
pub(crate) fn alternating(
    processes: &[Process],
    renew: impl Fn() -> io::Result<()>,
) -> io::Result<(Vec<Option<Measured>>, u32)> {
    let measure = |process: &Process| {
        renew()?;
        let peak_mb = process.peak_mb();
        renew()?;
        Ok(process.run().map(|fastest_ms| Measured { fastest_ms, peak_mb }))
    };
    let mut measured = processes.iter().map(measure).collect::<io::Result<Vec<Option<Measured>>>>()?;
    let turn: f64 = measured.iter().flatten().map(|measured| measured.fastest_ms).sum();
    let runs = (MIN_RUNS..MAX_RUNS).find(|runs| turn * f64::from(runs + 1) > TIME_MS).unwrap_or(MAX_RUNS);
    for _ in 1..runs {
        for (process, measured) in processes.iter().zip(&mut measured) {
            if let Some(measured) = measured {
                renew()?;
                measured.fastest_ms = measured.fastest_ms.min(process.run().unwrap_or(f64::INFINITY));
            }
        }
    }
    Ok((measured, runs))
}
