//! That a book gives its memory back when its session is dropped, whatever of it was still read. SQLite's heap limit and the
//! allocator count for the whole process, so that the rounds have a process of their own.

use super::printed::Printed;
use crate::scratch::long;
use pledgebook::error::Limit;
use pledgebook::session::Session;
use pledgebook::store::Limits;
use pledgebook::syntax::Text;
use std::env;
use std::process::Command;

/// The rounds before memory is compared: what is made once for the process has been made by then.
const FIRST_ROUNDS: usize = 5;

/// The rounds over which it may not grow.
fn rounds() -> usize {
    if long::is_asked() { 100 } else { 30 }
}

/// The most MiB of SQLite's heap: the books of a dozen rounds would not fit, each with that of its `.save`.
const HEAP_MIB: u64 = 16;

/// The most bytes per round by which the allocations of the program may grow: fewer than any entry of a session takes.
const MOST_BYTES: usize = 64;

/// Entries that leave something open behind them: tables and functions of scripts on the connection, streams that are read
/// half, an error in a stream and in a function, an assumption, another session of the same book.
const ENTRIES: [&str; 14] = [
    "select q_sum(amount) from pledges",
    "fn twice(n) { n * 2 }",
    "select twice(id) from facts",
    "select twice(count(*)) from facts",
    "let rows = query(\"select id, quantity from figures\")",
    "select count(*) from rows",
    "select * from last",
    "let half = stream(\"select a.id from facts a, facts b, facts c\")",
    "let n = 0; for fact in half { n += 1; if n > 300 { break } } n",
    "let kept = stream(\"select a.id from facts a, facts b\")",
    "for fact in stream(\"select a.id, twice(1) from facts a, facts b\") { throw fact.id }",
    ".assume F30=4500",
    "select * from pledges",
    ".assume none",
];

/// Opens the bundled book, asks it everything, saves an answer, and drops the session.
fn round() {
    let mut session = Session::open(None).expect("the book opens");
    session.settings.limits = Limits::DEFAULT.with(Limit::Memory, HEAP_MIB);
    let mut eval = |entry: &str| {
        let output = session.output(Printed::default(), Printed::default(), false);
        session.eval(&Text::new("prompt", entry), None, &output).err().map(|error| error.to_string())
    };
    for entry in ENTRIES {
        let fails = entry.contains("throw") || entry.contains("twice(id)");
        let error = eval(entry);
        assert_eq!(error.is_some(), fails, "{entry}: {error:?}");
        assert!(!error.is_some_and(|error| error.contains("memory")), "{entry}");
    }
    assert_eq!(eval("F29 / F30"), None);
    assert_eq!(eval(".save quotient"), None);
}

#[test]
#[ignore = "it counts for the whole process: the test below runs it in one of its own"]
fn rounds_in_one_process() {
    (0..FIRST_ROUNDS).for_each(|_| round());
    let before = crate::MEMORY.allocated();
    (0..rounds()).for_each(|_| round());
    let growth = crate::MEMORY.allocated().saturating_sub(before);
    assert!(growth < rounds() * MOST_BYTES, "{} rounds keep {growth} bytes", rounds());
}

#[test]
fn a_book_gives_its_memory_back() {
    let rounds = "book::memory::rounds_in_one_process";
    let mut tests = Command::new(env::current_exe().expect("the tests are a file"));
    let done = tests.args(["--exact", rounds, "--ignored", "--nocapture"]).output().expect("the tests run");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}
