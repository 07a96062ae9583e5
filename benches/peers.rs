//! Tasks by whole processes beside the same by other programs, over a million rows of a SQLite file: one line a pair,
//! with the fastest run and the peak memory of each, and the ratio of the times. Run it with `cargo bench --bench peers`;
//! words behind `--` run the tasks that have one of them in their name.
//!
//! The peers are looked up on `PATH`: the shells of SQLite and `DuckDB`, Python with its `sqlite3` and `decimal`, pandas,
//! `LuaJIT`, Lua and Node; the first lines say which are missing. Runs alternate between the program and its peers, so that
//! a busy minute slows all of them. Memory is what `/usr/bin/time -f %M` reports, `-` where it does not.
//!
//! The rows are written once, below `target/tmp`. `PEERS_ROWS=10000` asks for fewer; a trial by an unoptimized program is
//! `PEERS_ROWS=10000 cargo bench --profile dev --bench peers`.

mod comparison;

use comparison::gifts::Gifts;
use comparison::peers::{self, Installed};
use comparison::process::{self, Measured, Process};
use comparison::tasks::{TASKS, Task};
use std::env;
use std::io::{self, Write};

/// The program as it was built for this bench.
const PROGRAM: &str = env!("CARGO_BIN_EXE_pledgebook");

/// The rows that are compared unless `PEERS_ROWS` asks for another number.
const ROWS: usize = 1_000_000;

fn main() -> io::Result<()> {
    let names: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let rows = env::var("PEERS_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS);
    let installed = peers::installed();
    report_installed(&installed)?;
    let duckdb = installed.iter().find(|peer| peer.name == "duckdb");
    let gifts = Gifts::generated(rows, PROGRAM, duckdb.map(|peer| peer.program.as_str()))?;
    writeln!(io::stdout(), "rows:    {rows}\n")?;
    writeln!(
        io::stdout(),
        "{:<20} {:<10} {:>10} {:>6}   {:>10} {:>6} {:>7} {:>5}",
        "task",
        "peer",
        "pledgebook",
        "MB",
        "peer, ms",
        "MB",
        "ratio",
        "runs"
    )?;
    for task in TASKS.iter().filter(|task| names.is_empty() || names.iter().any(|name| task.name.contains(name))) {
        compare(task, &installed, &gifts)?;
    }
    Ok(())
}

fn report_installed(installed: &[Installed]) -> io::Result<()> {
    let found: Vec<String> = installed.iter().map(|peer| format!("{} {}", peer.name, peer.version)).collect();
    writeln!(io::stdout(), "found:   {}", found.join(", "))?;
    let missing: Vec<&str> = peers::names().filter(|name| installed.iter().all(|peer| peer.name != *name)).collect();
    let missing = if missing.is_empty() { "none".to_owned() } else { missing.join(", ") };
    writeln!(io::stdout(), "missing: {missing}")
}

/// Measures a task by the program and by each peer that is installed; prints a line a peer.
fn compare(task: &Task, installed: &[Installed], gifts: &Gifts) -> io::Result<()> {
    let process = |program: &str, arguments: &[&str]| {
        Process::new(program, arguments.iter().map(|argument| gifts.with_paths(argument)).collect())
    };
    let peers: Vec<(&Installed, &[&str])> = task
        .peers
        .iter()
        .filter_map(|(name, arguments)| Some((installed.iter().find(|peer| peer.name == *name)?, *arguments)))
        .collect();
    let mut processes = vec![process(PROGRAM, task.program)];
    processes.extend(peers.iter().map(|(peer, arguments)| process(&peer.program, arguments)));
    let (measured, runs) = process::alternating(&processes, || gifts.renew())?;
    let [own, others @ ..] = &*measured else { return Ok(()) };
    if others.is_empty() {
        line(task.name, "-", own.as_ref(), None, runs)?;
    }
    for ((peer, _), other) in peers.iter().zip(others) {
        line(task.name, peer.name, own.as_ref(), other.as_ref(), runs)?;
    }
    Ok(())
}

/// Prints one pair; a process that failed has no time.
fn line(task: &str, peer: &str, own: Option<&Measured>, other: Option<&Measured>, runs: u32) -> io::Result<()> {
    let [(time, memory), (peer_time, peer_memory)] = [own, other].map(|measured| {
        let time = measured.map_or_else(|| "failed".to_owned(), |measured| format!("{:.1}", measured.fastest_ms));
        let memory = measured.and_then(|measured| measured.peak_mb);
        (time, memory.map_or_else(|| "-".to_owned(), |memory| format!("{memory:.0}")))
    });
    let ratio = own.zip(other).map(|(own, other)| format!("{:.2}", own.fastest_ms / other.fastest_ms));
    let ratio = ratio.unwrap_or_else(|| "-".to_owned());
    let peer_time = if peer == "-" { "-" } else { &peer_time };
    writeln!(
        io::stdout(),
        "{task:<20} {peer:<10} {time:>10} {memory:>6}   {peer_time:>10} {peer_memory:>6} {ratio:>7} {runs:>5}"
    )
}
