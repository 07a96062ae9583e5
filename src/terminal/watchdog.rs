//! The watchdog of running work: raises the stop flag when the time or the memory is used up, and ends the process where
//! nothing looks at the flag, as in one call of the engines that takes all of it. Its thread is started by the first work and
//! lives as long as the process.

use super::lock;
use super::screen::report_error;
use super::streams::notices;
use crate::error::Limit;
use crate::store::{Limits, Stop};
use std::fs;
use std::io::Write;
use std::process;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The interval at which memory is measured.
const CHECK_INTERVAL: Duration = Duration::from_millis(5);

/// The processor time left to work after its time limit.
const TIME_GRACE: Duration = Duration::from_secs(2);

/// The processor time left to work that has more memory than its limit: freeing it takes a while too.
const MEMORY_GRACE: Duration = Duration::from_secs(10);

/// The processor time left to work that has more than twice its limit of memory and takes more, or more than three times: an
/// array that doubles its room has both rooms for a moment, and is then freed.
const DOUBLE_MEMORY_GRACE: Duration = Duration::from_millis(200);

/// The factor by which the grace by the clock is longer than that in processor time, where work waits rather than
/// computes.
const CLOCK_FACTOR: u32 = 10;

static STATE: Mutex<WatchdogState> = Mutex::new(WatchdogState { work: None, has_thread: false });

/// Signals that work began.
static WORK_CHANGED: Condvar = Condvar::new();

struct WatchdogState {
    work: Option<WatchedWork>,
    has_thread: bool,
}

struct WatchedWork {
    started: Instant,
    stop: Stop,
    limits: Limits,
    allocated_bytes: fn() -> usize,
    /// The start of each excess: time used up, memory above the limit, memory above twice the limit.
    out_of_time: Option<Timestamp>,
    over_memory: Option<Timestamp>,
    far_over_memory: Option<Timestamp>,
    /// The memory at the first check that found more than twice the limit, in MiB.
    double_memory_mib: Option<u64>,
    reporting: ErrorStyle,
}

/// The format of the error that ends the process.
#[derive(Debug, Clone, Copy)]
pub struct ErrorStyle {
    /// True if it is coloured.
    pub color: bool,
    /// True if it is a line of JSON.
    pub as_json: bool,
}

/// A guard for watched work: dropped when it has ended.
pub struct Watchdog(());

impl Watchdog {
    /// Starts watching work. `allocated_bytes` returns the memory allocated by the process.
    #[must_use]
    pub fn begin(stop: &Stop, limits: Limits, allocated_bytes: fn() -> usize, reporting: ErrorStyle) -> Self {
        let mut state = lock(&STATE);
        if !state.has_thread {
            // Without a thread Ctrl-C still ends the work.
            state.has_thread = thread::Builder::new().name("watchdog".into()).spawn(watch).is_ok();
        }
        let started = Instant::now();
        let stop = stop.clone();
        state.work = Some(WatchedWork {
            started,
            stop,
            limits,
            allocated_bytes,
            out_of_time: None,
            over_memory: None,
            far_over_memory: None,
            double_memory_mib: None,
            reporting,
        });
        WORK_CHANGED.notify_one();
        Self(())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        lock(&STATE).work = None;
    }
}

/// Suspends the time limit for the rest of the work: from now on it waits for the user.
pub(super) fn suspend_time_limit() {
    if let Some(work) = &mut lock(&STATE).work {
        work.limits = work.limits.with(Limit::Time, 0);
    }
}

fn watch() {
    let mut guard = lock(&STATE);
    loop {
        guard = if let Some(work) = &mut guard.work {
            work.check(Instant::now());
            WORK_CHANGED.wait_timeout(guard, CHECK_INTERVAL).unwrap_or_else(PoisonError::into_inner).0
        } else {
            WORK_CHANGED.wait(guard).unwrap_or_else(PoisonError::into_inner)
        };
    }
}

/// A point in time, by the clock and by the processor time of this process. The grace is measured in the latter: on a
/// busy machine work may not get to run for a while, and can't stop then.
#[derive(Clone, Copy)]
struct Timestamp {
    clock: Instant,
    cpu: Option<Duration>,
}

impl Timestamp {
    fn now() -> Self {
        Self { clock: Instant::now(), cpu: cpu_time() }
    }

    /// The processor time between the two, or a part of the time by the clock if that is more: waiting takes no
    /// processor time.
    fn elapsed_since(&self, earlier: &Self) -> Duration {
        let clock = self.clock - earlier.clock;
        match (self.cpu, earlier.cpu) {
            (Some(now), Some(then)) => now.saturating_sub(then).max(clock / CLOCK_FACTOR),
            _ => clock,
        }
    }
}

/// The processor time that this process has taken, by `utime` and `stime` of proc(5), in hundredths of a second; `None`
/// where the system has no such file.
fn cpu_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 10))
}

impl WatchedWork {
    fn check(&mut self, now: Instant) {
        let (time_s, memory_mib) = (self.limits.most(Limit::Time), self.limits.most(Limit::Memory));
        if time_s > 0 && now - self.started >= Duration::from_secs(time_s) {
            self.stop.raise_at(Limit::Time);
            self.exit_after(TIME_GRACE, |work| &mut work.out_of_time);
        }
        let allocated_mib = ((self.allocated_bytes)() >> 20) as u64;
        if memory_mib > 0 && allocated_mib > memory_mib {
            self.stop.raise_at(Limit::Memory);
            self.exit_after(MEMORY_GRACE, |work| &mut work.over_memory);
            let is_double = allocated_mib > memory_mib.saturating_mul(2);
            let is_growing = is_double && allocated_mib > *self.double_memory_mib.get_or_insert(allocated_mib);
            if is_growing || allocated_mib > memory_mib.saturating_mul(3) {
                self.exit_after(DOUBLE_MEMORY_GRACE, |work| &mut work.far_over_memory);
            }
        }
    }

    /// Ends the process where this has lasted longer than the grace.
    fn exit_after(&mut self, grace: Duration, since: fn(&mut Self) -> &mut Option<Timestamp>) {
        let now = Timestamp::now();
        let started = *since(self).get_or_insert(now);
        if now.elapsed_since(&started) >= grace {
            let error = self.stop.cause();
            report_error(&error, self.reporting.color, self.reporting.as_json);
            let _ =
                notices().write_all(b"notice: one step of it did not heed the stop, so that the program has ended\n");
            process::exit(error.exit_code().into());
        }
    }
}
