//! The process that does a batch: case by case, each with a deadline; a failing one is made smaller before it is told.

use crate::fuzz::Target;
use crate::fuzz::shrink::smaller;
use crate::fuzz::watchdog;
use crate::scratch::random::Random;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, io, thread};

/// The directory in which the process may write.
pub(crate) const DIRECTORY: &str = "PLEDGEBOOK_FUZZ_DIRECTORY";

/// After how many milliseconds no further case is begun.
pub(crate) const UNTIL: &str = "PLEDGEBOOK_FUZZ_UNTIL";

/// The seed of the case that is being done, for when the process does not live to tell.
pub(crate) const SEED_FILE: &str = "seed";

/// What begins the report of a failure that the process found itself.
pub(crate) const FOUND: &str = "a case fails";

/// As the program itself has it, for scripts and SQL that call each other.
const STACK_BYTES: usize = 64 << 20;

/// The choices of a seed.
pub(crate) fn random(seed: u64) -> Random {
    Random::new(seed.wrapping_mul(0x5851_F42D_4C95_7F2D))
}

/// The directory in which this process may write.
pub(crate) fn directory() -> PathBuf {
    env::var_os(DIRECTORY).expect("the process that started this one says where").into()
}

/// Does the cases of a batch.
pub(crate) fn run<T: Target>(name: &str, first: u64, count: u64) {
    let name = name.to_owned();
    let work = move || cases::<T>(&name, first, count);
    let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread can be started");
    assert!(worker.join().is_ok_and(|is_well| is_well), "see above");
}

fn cases<T: Target>(name: &str, first: u64, count: u64) -> bool {
    let until = env::var(UNTIL).ok().and_then(|text| text.parse().ok()).map_or(Duration::MAX, Duration::from_millis);
    let begun = Instant::now();
    let note = File::create(directory().join(SEED_FILE)).expect("the directory is writable");
    let mut target = T::new();
    for seed in first..first + count {
        if seed > first && begun.elapsed() >= until {
            break;
        }
        note.write_all_at(format!("{seed:20}").as_bytes(), 0).expect("the file is writable");
        let pieces = T::input(&mut random(seed));
        if let Err(why) = checked(&mut target, &pieces) {
            write!(io::stdout(), "{}", told::<T>(name, (first, seed), &pieces, &why)).expect("somebody listens");
            return false;
        }
    }
    true
}

/// Checks a case; a panic is a failure like any other.
fn checked<T: Target>(target: &mut T, pieces: &[String]) -> Result<(), String> {
    let done = catch_unwind(AssertUnwindSafe(|| target.check(pieces)));
    watchdog::rest();
    done.unwrap_or_else(|panic| {
        let owned = panic.downcast_ref::<String>().cloned();
        let words = owned.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Err(format!("it panics: {}", words.unwrap_or_default()))
    })
}

fn told<T: Target>(name: &str, (first, seed): (u64, u64), pieces: &[String], why: &str) -> String {
    let whole = pieces.concat();
    let said =
        format!("{FOUND}: {name}, PLEDGEBOOK_SEED={seed}\n{why}\nthe input, and as a literal:\n{whole}\n{whole:?}\n");
    if checked(&mut T::new(), pieces).is_ok() {
        let cases = seed + 1 - first;
        return said
            + format!("it fails only after others: PLEDGEBOOK_SEED={first} PLEDGEBOOK_CASES={cases}\n").as_str();
    }
    let mut why = String::new();
    let small = smaller(pieces, |pieces| match checked(&mut T::new(), pieces) {
        Ok(()) => false,
        Err(reason) => {
            why = reason;
            true
        }
    });
    said + format!("smaller, it is\n{:?}\n{why}\n", small.concat()).as_str()
}
