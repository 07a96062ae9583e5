//! Ends what takes too long: a case is told to stop after a while, which is no failure, since honest questions may be
//! endless; one that does not end then is, and the process with it.

use pledgebook::store::Stop;
use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};
use std::{process, thread};

/// When a case is told to stop.
const DEADLINE: Duration = Duration::from_millis(300);

/// When it must have.
const PATIENCE: Duration = Duration::from_secs(15);

static WATCHED: Mutex<Option<(Instant, Stop)>> = Mutex::new(None);
static START: Once = Once::new();

/// A case begins that looks at this flag.
pub(crate) fn watch(stop: &Stop) {
    START.call_once(|| drop(thread::spawn(guard)));
    *WATCHED.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), stop.clone()));
}

/// It has ended.
pub(crate) fn rest() {
    *WATCHED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

fn guard() {
    loop {
        thread::sleep(Duration::from_millis(20));
        let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some((begun, stop)) = watched else { continue };
        // Again and again: the next entry of a case forgets an earlier stop.
        if begun.elapsed() > DEADLINE {
            stop.raise();
        }
        if begun.elapsed() > PATIENCE {
            writeln!(io::stderr(), "it does not stop: told to after {DEADLINE:?}, it still works after {PATIENCE:?}")
                .expect("somebody listens");
            process::abort();
        }
    }
}
