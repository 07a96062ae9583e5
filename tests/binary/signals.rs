//! Ctrl-C ends whatever runs, with 130.

use crate::scratch;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the program may take to notice; it takes milliseconds where nothing else runs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Interrupts the program once it is busy with `text`, which would never end.
#[track_caller]
fn check(name: &str, text: &str) {
    let mut command = scratch::command(scratch::program(), &scratch::directory(&format!("signals_{name}")));
    command.args(["--csv", "-c", "select 'begun'", "-c", text]);
    let mut running =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    // The first answer shows that the book is open and the signal is heard; it is printed before the second begins.
    let mut out = BufReader::new(running.stdout.take().expect("standard output is a pipe")).lines();
    assert!(out.any(|line| line.is_ok_and(|line| line == "begun")));
    sleep(Duration::from_millis(100));
    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    assert!(ends(&mut running), "it went on after Ctrl-C");
    let output = running.wait_with_output().expect("it has ended");
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: interrupted\n");
}

/// Whether a process ends in time; it is killed if not.
fn ends(running: &mut Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if running.try_wait().expect("it is a child").is_some() {
            return true;
        }
        sleep(Duration::from_millis(10));
    }
    running.kill().expect("it is a child");
    false
}

#[test]
fn a_script_is_interrupted() {
    check("script", "loop {}");
}

#[test]
fn a_statement_is_interrupted() {
    check("statement", "with recursive t(n) as (select 1 union all select n + 1 from t) select sum(n * 0) from t");
}

#[test]
fn a_statement_inside_a_script_is_interrupted() {
    check(
        "both",
        "query(\"with recursive t(n) as (select 1 union all select n + 1 from t) select max(n) as most from t\")",
    );
}

#[test]
fn a_script_that_catches_errors_is_interrupted() {
    check("caught", "loop { try { throw 1 } catch { } }");
}

#[test]
fn a_function_of_a_script_inside_a_statement_is_interrupted() {
    check("function", "fn spin(n) { while true { } n } query(\"select spin(1) as n\")");
    check("calls", "fn one(n) { 1 } value(\"select sum(one(value)) as n from generate_series(1, 1000000000000)\")");
}
