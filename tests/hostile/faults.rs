//! What befalls the program while it works: it is killed at any moment, others work on the same book, a lock is held, its
//! reader goes away. The book is whole, the answer complete or an error, and no half of one bears its name.
//!
//! `PLEDGEBOOK_FAULT_ROUNDS` says how often it is killed; usually a dozen times, and ten times as often in the long run.

use crate::hostile::{ask, files, long, scratch, shell};
use pty_process::blocking::{Command as PtyCommand, open};
use rusqlite::Connection;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use std::{env, fs};

/// How often the program is killed.
pub(crate) fn rounds() -> u32 {
    let usual = if long::is_asked() { 120 } else { 12 };
    env::var("PLEDGEBOOK_FAULT_ROUNDS").map_or(usual, |text| text.parse().expect("a whole number"))
}

/// A time to wait before the kill in a round: spread over all that a run takes, in an order that repeats nothing.
pub(crate) fn moment(round: u32, longest: Duration) -> Duration {
    longest * (round * 37 % 101) / 101
}

/// Starts the program.
fn start(directory: &Path, arguments: &[&str]) -> Child {
    let mut command = scratch::command(scratch::program(), directory);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("it runs")
}

/// Kills it; one that has ended already is as good.
fn kill(mut running: Child) {
    running.kill().expect("it is a child");
    running.wait().expect("it is a child");
}

#[track_caller]
fn is_whole(book: &Path) {
    let connection = Connection::open(book).expect("it opens");
    let found: String =
        connection.query_row("pragma integrity_check", [], |row| row.get(0)).expect("it can be checked");
    assert_eq!(found, "ok");
}

const ROWS: usize = 60_000;

fn counting() -> String {
    format!("with recursive t(n) as (select 1 union all select n + 1 from t where n < {ROWS}) select n from t")
}

#[test]
fn killed_while_it_writes_an_answer_it_leaves_the_old_one_or_the_new_one() {
    let directory = scratch::directory("hostile_killed_writing");
    let path = directory.join("x.csv");
    let begun = Instant::now();
    ask(&directory, &["-o", "x.csv", "-c", &counting()]).is(0, "");
    let longest = begun.elapsed() * 5 / 4;
    let complete = fs::read(&path).expect("it was written");
    assert_eq!(String::from_utf8_lossy(&complete).lines().count(), ROWS + 1);
    for round in 0..rounds() {
        let has_old = round % 2 == 0;
        if has_old {
            fs::write(&path, "old").expect("it is writable");
        } else if path.exists() {
            fs::remove_file(&path).expect("it is writable");
        }
        let running = start(&directory, &["-o", "x.csv", "--force", "-c", &counting()]);
        sleep(moment(round, longest));
        kill(running);
        match fs::read(&path) {
            Ok(found) => assert!(found == complete || (has_old && found == b"old"), "round {round}: half an answer"),
            Err(_) => assert!(!has_old, "round {round}: the old answer is gone"),
        }
    }
}

#[test]
fn killed_while_four_ask_one_book_it_leaves_the_book_as_it_was() {
    let directory = scratch::directory("hostile_killed_four");
    drop(scratch::book(&directory.join("it.db")));
    let before = files(&directory);
    for round in 0..rounds() {
        let questions: [&[&str]; 4] = [
            &["it.db", "--csv", "-c", "select * from facts, pledges, figures"],
            &["it.db", "run", "pledged_per_missile"],
            &["it.db", "--json", "-c", "create temp table mine as select * from facts; select count(*) from mine"],
            &["it.db", "-c", "F29 / F30", "-c", ".why"],
        ];
        let running: Vec<Child> = questions.iter().map(|question| start(&directory, question)).collect();
        sleep(moment(round, Duration::from_millis(80)));
        running.into_iter().for_each(kill);
        assert!(before == files(&directory), "round {round}");
    }
    is_whole(&directory.join("it.db"));
    ask(&directory, &["it.db", "--csv", "-c", "select count(*) from facts"]).is(0, scratch::fact_count());
}

#[test]
fn four_at_once_all_answer() {
    let directory = scratch::directory("hostile_four");
    drop(scratch::book(&directory.join("it.db")));
    let before = files(&directory);
    thread::scope(|scope| {
        let all: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| (0..5).for_each(|_| ask(&directory, &["it.db", "-c", "F29 / F30"]).is(0, "320,000")))
            })
            .collect();
        for one in all {
            one.join().expect("each is answered");
        }
    });
    assert!(before == files(&directory));
}

#[test]
fn a_book_that_another_writes_to_is_answered_or_busy_in_time() {
    let directory = scratch::directory("hostile_writer");
    let writer = scratch::book(&directory.join("it.db"));
    writer.execute_batch("begin immediate; update actor set name = name").expect("nobody else has it open");
    ask(&directory, &["it.db", "--csv", "-c", "select count(*) from facts"]).is(0, scratch::fact_count());
    writer.execute_batch("rollback; begin exclusive").expect("nobody else has it open");
    let begun = Instant::now();
    let questions: [&[&str]; 4] =
        [&["-c", "select 1 from facts"], &["run", "pledged_per_missile"], &["check", "5"], &["-c", "F29"]];
    // Each waits for some seconds.
    let asked = |question: &[&str]| ask(&directory, &[&["it.db"], question].concat());
    thread::scope(|scope| {
        for question in questions {
            let asked = &asked;
            scope.spawn(move || asked(question).is(3, "another process holds its lock"));
        }
    });
    assert!(begun.elapsed() < Duration::from_secs(40), "it waits {:?}", begun.elapsed());
    writer.execute_batch("rollback").expect("it ends");
    is_whole(&directory.join("it.db"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let directory = scratch::directory("hostile_reader");
    for question in [
        "-c 'select * from facts'",
        "--csv -c 'select * from facts a, facts b'",
        "--json -c 'select * from facts a, facts b'",
        "run participants_by_certainty",
        "man",
        "help",
        "-c 'for n in 0..100000 { print(n) }'",
    ] {
        let line = format!("{{ pledgebook {question}; echo $? >&2; }} | head -1");
        let answer = shell(&directory, &line);
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), "0\n"), "{question}: {answer:?}");
        assert_eq!(answer.out.lines().count(), 1, "{question}");
    }
}

#[test]
fn killed_at_the_prompt_it_leaves_a_history_of_whole_lines() {
    let directory = scratch::directory("hostile_history");
    let history = directory.join("history");
    for round in 0..rounds().min(200) / 2 {
        let (pty, side) = open().expect("there are pseudo-terminals");
        let mut command = scratch::command(scratch::program(), &directory);
        command.env("TERM", "xterm").env("PLEDGEBOOK_HISTORY", &history).env("PLEDGEBOOK_PAGER", "off");
        let mut running = PtyCommand::from(command).spawn(side).expect("the program runs");
        let mut first = [0; 64];
        let seen = (&pty).read(&mut first).expect("it greets");
        assert!(seen > 0);
        let lines = (0..20).map(|n| format!("select {n} as whole_line;\r")).collect::<Vec<_>>().concat();
        (&pty).write_all(lines.as_bytes()).expect("it reads");
        sleep(moment(round, Duration::from_millis(150)));
        running.kill().and_then(|()| running.wait()).expect("it is a child");
    }
    let text = fs::read_to_string(&history).unwrap_or_default();
    let is_odd = |line: &&str| *line != "#V2" && !(line.starts_with("select ") && line.ends_with(" as whole_line;"));
    assert_eq!(text.lines().find(is_odd), None);
    assert!(text.lines().count() > 1, "something was entered");
}
