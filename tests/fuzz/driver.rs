//! How long a kind of input is thrown, from which seed on; and what is told of a failure. The cases are done by
//! processes of their own, batch by batch: one that dies or hangs takes nothing else with it, and its seed is known.

use crate::fuzz::batch::{self, SEED_FILE};
use crate::fuzz::{Target, scratch};
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs, io};

/// The first seed and the number of cases of a batch, for the process that does it.
const BATCH: &str = "PLEDGEBOOK_FUZZ_BATCH";

/// How long a kind of input usually has.
const USUAL: Duration = Duration::from_secs(1);

/// Throws one kind of input, whose test has this name.
#[track_caller]
pub(crate) fn run<T: Target>(name: &str) {
    if let Ok(words) = env::var(BATCH) {
        let (first, count) = words.split_once(' ').expect("two numbers");
        return batch::run::<T>(name, first.parse().expect("a number"), count.parse().expect("a number"));
    }
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let seconds = number("PLEDGEBOOK_FUZZ_SECONDS");
    let seed = number("PLEDGEBOOK_SEED");
    let cases = number("PLEDGEBOOK_CASES").or((seed.is_some() && seconds.is_none()).then_some(1));
    let by_clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() * 1_000_000);
    let first = seed.unwrap_or_else(|| if seconds.is_some() { by_clock() } else { 0 });
    let time = seconds.map_or(USUAL, Duration::from_secs);

    let directory = scratch::directory(&format!("fuzz_{name}"));
    let (begun, mut next) = (Instant::now(), first);
    while cases.map_or(begun.elapsed() < time, |cases| next < first + cases) {
        let count = cases.map_or(T::BATCH, |cases| T::BATCH.min(first + cases - next));
        let until = if cases.is_some() { Duration::MAX } else { time.saturating_sub(begun.elapsed()) };
        next += one_batch::<T>(name, &directory, (next, count), until);
    }
    let (count, long) = (next - first, begun.elapsed());
    writeln!(io::stdout(), "{name}: {count} cases from PLEDGEBOOK_SEED={first} on in {long:.1?}")
        .expect("somebody listens");
}

/// Has a process do one batch; how many cases it did.
#[track_caller]
fn one_batch<T: Target>(name: &str, directory: &Path, (first, count): (u64, u64), until: Duration) -> u64 {
    let cwd = directory.join("empty");
    fs::create_dir_all(&cwd).expect("the directory is writable");
    let mut command = Command::new(env::current_exe().expect("this is a program"));
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]).current_dir(&cwd).stdin(Stdio::null());
    command.env(BATCH, format!("{first} {count}")).env(batch::DIRECTORY, directory);
    command.env(batch::UNTIL, until.as_millis().to_string()).env("HOME", &cwd).env("RUST_BACKTRACE", "0");
    let done = command.output().expect("this program runs again");
    let told = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    let seed =
        fs::read_to_string(directory.join(SEED_FILE)).ok().and_then(|seed| seed.trim().parse().ok()).unwrap_or(first);
    assert!(done.status.success(), "{}", failure::<T>(seed, done.status, &told));
    let left: Vec<_> = fs::read_dir(&cwd).expect("it can be listed").flatten().map(|entry| entry.path()).collect();
    assert!(left.is_empty(), "files were made by a case of PLEDGEBOOK_SEED={first} and the {count} after it: {left:?}");
    seed + 1 - first
}

/// What is told of a batch that failed: its own words where it found the failure itself, the case else.
fn failure<T: Target>(seed: u64, status: ExitStatus, told: &str) -> String {
    if told.contains(batch::FOUND) {
        return told.to_owned();
    }
    let input = T::input(&mut batch::random(seed)).concat();
    format!("PLEDGEBOOK_SEED={seed}\nthe process ended with {status}\n{input}\n{input:?}\n{told}")
}
