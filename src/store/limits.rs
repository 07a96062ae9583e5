//! The limits of an answer, the bounds of SQLite that follow from them, and the stop flag: Ctrl-C raises it, and so
//! does a limit that is reached; SQL, scripts and printing check it. It also counts the rows read so far, for the
//! progress display.

use super::{Book, lock};
use crate::error::{Error, Limit, LimitError};
use rusqlite::Connection;
use rusqlite::limits::Limit as SqliteLimit;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// The value of every limit, in its own unit; 0 is no limit, for a limit that has no ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits([u64; Limit::ALL.len()]);

/// A value of every limit.
#[derive(Clone, Copy)]
enum Preset {
    Default,
    Sandbox,
    None,
}

impl Limits {
    /// The default limits: more than ordinary work takes.
    pub const DEFAULT: Self = Self::all(Preset::Default);

    /// The limits of an untrusted script.
    pub const SANDBOX: Self = Self::all(Preset::Sandbox);

    /// No limits but those that can't be off.
    pub const NONE: Self = Self::all(Preset::None);

    const fn all(preset: Preset) -> Self {
        let (mut limits, mut at) = (Self([0; Limit::ALL.len()]), 0);
        while at < Limit::ALL.len() {
            let spec = Limit::ALL[at].spec();
            limits.0[at] = match preset {
                Preset::None if spec.ceiling.is_none() => 0,
                Preset::Default | Preset::None => spec.default,
                Preset::Sandbox => spec.sandbox,
            };
            at += 1;
        }
        limits
    }

    /// A copy with another value for one limit.
    #[must_use]
    pub const fn with(mut self, limit: Limit, most: u64) -> Self {
        self.0[limit as usize] = most;
        self
    }

    /// The value of a limit.
    #[must_use]
    pub const fn most(&self, limit: Limit) -> u64 {
        self.0[limit as usize]
    }

    /// The value in bytes of a limit in MiB; `None` if there is no limit.
    #[must_use]
    pub fn bytes(&self, limit: Limit) -> Option<u64> {
        Some(self.most(limit)).filter(|most| *most > 0).map(|mib| mib.saturating_mul(1 << 20))
    }

    /// True if another value would be a higher limit than the present one.
    #[must_use]
    pub fn would_raise(&self, limit: Limit, most: u64) -> bool {
        let now = self.most(limit);
        now > 0 && (most == 0 || most > now)
    }
}

/// A shared stop flag. Clones are the same flag.
#[derive(Debug, Clone)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    rows: Arc<AtomicU64>,
    state: Arc<Mutex<StopState>>,
}

/// The limits in force, and the one that has ended the work.
#[derive(Debug)]
struct StopState {
    limits: Limits,
    /// True if a table is kept in memory until its last row.
    holds_rows: bool,
    reached: Option<LimitError>,
}

impl Default for Stop {
    fn default() -> Self {
        let state = StopState { limits: Limits::NONE, holds_rows: false, reached: None };
        Self { flag: Arc::default(), rows: Arc::default(), state: Arc::new(Mutex::new(state)) }
    }
}

/// Instructions of SQLite's virtual machine between two looks at the flag, on a connection of the program's own.
const STOP_CHECK_OPS: i32 = 1_000;

impl Stop {
    /// Ends the work of a connection of the program's own once the flag is raised.
    ///
    /// # Errors
    /// SQLite's own.
    pub(super) fn watch(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let stop = self.clone();
        connection.progress_handler(STOP_CHECK_OPS, Some(move || stop.is_raised()))
    }

    /// True if the work is to end.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Ends all work.
    pub fn raise(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Ends all work, since a limit is reached; the first one is kept.
    pub fn raise_at(&self, limit: Limit) {
        let mut state = self.state();
        let most = state.limits.most(limit);
        let holds_rows = state.holds_rows;
        state.reached.get_or_insert(LimitError { limit, most, holds_rows });
        self.raise();
    }

    /// Records that a table is kept in memory until its last row: a format that streams would not.
    pub fn set_holds_rows(&self, holds_rows: bool) {
        self.state().holds_rows = holds_rows;
    }

    /// Checks the flag, for work on a statement outside SQLite.
    ///
    /// # Errors
    /// That of an interrupted statement, if the work was stopped.
    pub fn check(&self) -> rusqlite::Result<()> {
        if !self.is_raised() {
            return Ok(());
        }
        Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT), None))
    }

    /// The error that ends the work: a limit, or else an interruption.
    #[must_use]
    pub fn cause(&self) -> Error {
        self.state().reached.map_or(Error::Interrupted, Error::Limit)
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.state().limits
    }

    /// Sets the limits in force.
    pub fn set_limits(&self, limits: Limits) {
        self.state().limits = limits;
    }

    /// Clears an earlier stop and the count of rows, before new work begins.
    pub fn clear(&self) {
        let mut state = self.state();
        state.reached = None;
        state.holds_rows = false;
        drop(state);
        self.flag.store(false, Ordering::Relaxed);
        self.rows.store(0, Ordering::Relaxed);
    }

    /// Counts a row. Only the thread that works counts, so that none is lost between reading and writing.
    pub fn count_row(&self) {
        self.rows.store(self.rows() + 1, Ordering::Relaxed);
    }

    /// The number of rows read so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// The flag itself, for a signal handler.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }

    fn state(&self) -> MutexGuard<'_, StopState> {
        lock(&self.state)
    }
}

/// The limits that set bounds of SQLite too, in bytes.
const SQLITE_LIMITS: [(Limit, SqliteLimit); 2] =
    [(Limit::Value, SqliteLimit::SQLITE_LIMIT_LENGTH), (Limit::Statement, SqliteLimit::SQLITE_LIMIT_SQL_LENGTH)];

impl Book {
    /// Sets the limits of an answer, with the bounds of SQLite that follow from them, its heap included.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn set_limits(&self, limits: Limits) -> rusqlite::Result<()> {
        if self.stop().limits() == limits {
            return Ok(());
        }
        self.stop().set_limits(limits);
        let bytes = |limit| limits.bytes(limit).unwrap_or_default();
        self.privileged(|connection| {
            for (limit, bound) in SQLITE_LIMITS {
                connection.set_limit(bound, i32::try_from(bytes(limit)).unwrap_or(i32::MAX))?;
            }
            let heap = i64::try_from(bytes(Limit::Memory)).unwrap_or(i64::MAX);
            connection.pragma_update_and_check(None, "hard_heap_limit", heap, |row| row.get::<_, i64>(0)).map(drop)
        })
    }
}
