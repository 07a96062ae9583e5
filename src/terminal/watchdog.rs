//! Watches work from beside it: raises the stop flag when the time or the memory is used up, and ends the process where the
//! flag is not heeded, as in one call of the engines that takes all of it. Its thread is started by the first work and
//! lives as long as the process.

use super::screen::report_error;
use super::streams::remarks;
use crate::error::Limit;
use crate::store::{Limits, Stop};
use std::fs;
use std::io::Write;
use std::process;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often memory is looked at.
const GLANCE: Duration = Duration::from_millis(5);

/// How much processor time work may take after its time is used up.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much processor time work may take while it holds more than it may: to give back what it holds takes a while too.
const PATIENCE_WHILE_FREEING: Duration = Duration::from_secs(10);

/// How much processor time work may take while it holds more than twice its memory.
const PATIENCE_WITH_MEMORY: Duration = Duration::from_millis(200);

/// How much longer than in processor time patience lasts by the clock, where work waits rather than computes.
const WAITING_FACTOR: u32 = 10;

static STATE: Mutex<State> = Mutex::new(State { work: None, has_thread: false });

/// There is work to watch.
static CHANGED: Condvar = Condvar::new();

struct State {
    work: Option<Work>,
    has_thread: bool,
}

struct Work {
    begun: Instant,
    stop: Stop,
    limits: Limits,
    held_bytes: fn() -> usize,
    /// Since when its time is used up, it holds more than it may, and it holds more than twice that.
    out_of_time: Option<Moment>,
    over_memory: Option<Moment>,
    far_over_memory: Option<Moment>,
    how: Reporting,
}

/// How the end of the process is told.
#[derive(Debug, Clone, Copy)]
pub struct Reporting {
    /// Whether it is coloured.
    pub color: bool,
    /// Whether it is a line of JSON.
    pub as_json: bool,
}

/// Stands for work that is watched; dropped when it has ended.
pub struct Watchdog(());

impl Watchdog {
    /// Work begins. `held_bytes` tells how much memory the program holds.
    #[must_use]
    pub fn begin(stop: &Stop, limits: Limits, held_bytes: fn() -> usize, how: Reporting) -> Self {
        let mut state = state();
        if !state.has_thread {
            // Without a thread Ctrl-C still ends the work.
            state.has_thread = thread::Builder::new().name("watchdog".into()).spawn(watch).is_ok();
        }
        let begun = Instant::now();
        let stop = stop.clone();
        state.work = Some(Work {
            begun,
            stop,
            limits,
            held_bytes,
            out_of_time: None,
            over_memory: None,
            far_over_memory: None,
            how,
        });
        CHANGED.notify_one();
        Self(())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        state().work = None;
    }
}

/// From now on the work waits for a person: its time is not counted any more.
pub(super) fn leave_time() {
    if let Some(work) = &mut state().work {
        work.limits = work.limits.with(Limit::Time, 0);
    }
}

fn watch() {
    let mut guard = state();
    loop {
        guard = if let Some(work) = &mut guard.work {
            work.look(Instant::now());
            CHANGED.wait_timeout(guard, GLANCE).unwrap_or_else(PoisonError::into_inner).0
        } else {
            CHANGED.wait(guard).unwrap_or_else(PoisonError::into_inner)
        };
    }
}

/// A point in time, by the clock and by the processor time of this process. The second is what patience is counted in:
/// on a busy machine work may not get to run for a while, and can't heed anything then.
#[derive(Clone, Copy)]
struct Moment {
    clock: Instant,
    cpu: Option<Duration>,
}

impl Moment {
    fn now() -> Self {
        Self { clock: Instant::now(), cpu: cpu_time() }
    }

    /// The processor time between the two, or a part of the time by the clock if that is more: work that waits takes none.
    fn elapsed_since(&self, earlier: &Self) -> Duration {
        let clock = self.clock - earlier.clock;
        match (self.cpu, earlier.cpu) {
            (Some(now), Some(then)) => now.saturating_sub(then).max(clock / WAITING_FACTOR),
            _ => clock,
        }
    }
}

/// The processor time that this process has taken, by `utime` and `stime` of proc(5), in hundredths of a second; `None`
/// where the system has no such file.
fn cpu_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields = told.rsplit_once(')')?.1.split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|field| field.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 10))
}

impl Work {
    fn look(&mut self, now: Instant) {
        let (time_s, memory_mib) = (self.limits.most(Limit::Time), self.limits.most(Limit::Memory));
        if time_s > 0 && now - self.begun >= Duration::from_secs(time_s) {
            self.stop.raise_at(Limit::Time);
            self.end_after(PATIENCE, |work| &mut work.out_of_time);
        }
        let held_mib = ((self.held_bytes)() >> 20) as u64;
        if memory_mib > 0 && held_mib > memory_mib {
            self.stop.raise_at(Limit::Memory);
            self.end_after(PATIENCE_WHILE_FREEING, |work| &mut work.over_memory);
            if held_mib > memory_mib.saturating_mul(2) {
                self.end_after(PATIENCE_WITH_MEMORY, |work| &mut work.far_over_memory);
            }
        }
    }

    /// Ends the process where this has lasted too long.
    fn end_after(&mut self, patience: Duration, since: fn(&mut Self) -> &mut Option<Moment>) {
        let now = Moment::now();
        let begun = *since(self).get_or_insert(now);
        if now.elapsed_since(&begun) >= patience {
            let error = self.stop.cause();
            report_error(&error, self.how.color, self.how.as_json);
            let _ =
                remarks().write_all(b"notice: one step of it did not heed the stop, so that the program has ended\n");
            process::exit(error.exit_code().into());
        }
    }
}

/// A thread that panicked while it held the state has left it whole: each change is one assignment.
fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
