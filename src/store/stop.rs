//! The one flag that ends all work: Ctrl-C raises it; SQL, scripts and printing look at it. Beside it stands how far the
//! work has got, for whoever waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A shared flag. Clones are the same flag.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    rows: Arc<AtomicU64>,
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

    /// Forgets an earlier stop and the rows until then, before new work begins.
    pub fn clear(&self) {
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
}
