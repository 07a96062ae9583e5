//! The one flag that ends all work: Ctrl-C raises it, and so does a limit that is reached; SQL, scripts and printing look at
//! it. Beside it stands how far the work has got, for whoever waits.

use super::Limits;
use crate::error::{Error, Limit, LimitError};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A shared flag. Clones are the same flag.
#[derive(Debug, Clone)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    rows: Arc<AtomicU64>,
    bounds: Arc<Mutex<Bounds>>,
}

/// What the work is kept to, and which of it has ended it.
#[derive(Debug)]
struct Bounds {
    limits: Limits,
    /// Whether a table is kept in memory until its last row.
    holds_rows: bool,
    reached: Option<LimitError>,
}

impl Default for Stop {
    fn default() -> Self {
        let bounds = Bounds { limits: Limits::NONE, holds_rows: false, reached: None };
        Self { flag: Arc::default(), rows: Arc::default(), bounds: Arc::new(Mutex::new(bounds)) }
    }
}

impl Stop {
    /// Whether work was told to end.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Tells all work to end.
    pub fn raise(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Tells all work to end, since a limit is reached; the first that is counts.
    pub fn raise_at(&self, limit: Limit) {
        let mut bounds = self.bounds();
        let most = bounds.limits.most(limit);
        let holds_rows = bounds.holds_rows;
        bounds.reached.get_or_insert(LimitError { limit, most, holds_rows });
        self.raise();
    }

    /// Takes note of whether a table is kept in memory until its last row: a format that streams would not.
    pub fn set_holds_rows(&self, holds_rows: bool) {
        self.bounds().holds_rows = holds_rows;
    }

    /// For what works on a statement beside SQLite.
    ///
    /// # Errors
    /// That of an interrupted statement, where work was told to end.
    pub fn heed(&self) -> rusqlite::Result<()> {
        if !self.is_raised() {
            return Ok(());
        }
        Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT), None))
    }

    /// Why work was told to end.
    #[must_use]
    pub fn why(&self) -> Error {
        self.bounds().reached.map_or(Error::Interrupted, Error::Limit)
    }

    /// What work is kept to.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.bounds().limits
    }

    /// Keeps work to other limits.
    pub fn keep_to(&self, limits: Limits) {
        self.bounds().limits = limits;
    }

    /// Forgets an earlier stop and the rows until then, before new work begins.
    pub fn clear(&self) {
        let mut bounds = self.bounds();
        bounds.reached = None;
        bounds.holds_rows = false;
        drop(bounds);
        self.flag.store(false, Ordering::Relaxed);
        self.rows.store(0, Ordering::Relaxed);
    }

    /// A row has been read. Only the thread that works counts, so that none is lost between reading and writing.
    pub fn count_row(&self) {
        self.rows.store(self.rows() + 1, Ordering::Relaxed);
    }

    /// How many rows the work has read.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// The flag itself, for a signal handler.
    #[must_use]
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }

    /// Each change is one assignment: a thread that panicked has left it whole.
    fn bounds(&self) -> MutexGuard<'_, Bounds> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
