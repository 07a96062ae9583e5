//! Pipes: every row arrives, the same bytes each time; a reader may go away; questions may come in through one.

use crate::binary::{answer, ask, counting, scratch};
use std::io::{Read, Write};
use std::process::Stdio;

const ROWS: u32 = 100_000;

/// The formats that carry every row, and how many lines each has for a column of so many rows.
const COMPLETE: [(&str, u32); 5] =
    [("csv", ROWS + 1), ("tsv", ROWS + 1), ("json", 1), ("jsonl", ROWS), ("markdown", ROWS + 2)];

#[test]
fn every_row_is_in_what_programs_read() {
    let directory = scratch::directory("streams_rows");
    for (format, lines) in COMPLETE {
        let answer = ask(&directory, &["--format", format, "-c", &counting(ROWS)]);
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{format}");
        assert_eq!(answer.out.lines().count(), lines as usize, "{format}");
        let missing = (1..=ROWS).zip(numbers(&answer.out)).find(|(wanted, found)| wanted != found);
        assert_eq!(missing, None, "{format}");
        assert_eq!(numbers(&answer.out).count(), ROWS as usize, "{format}");
    }
}

/// The whole numbers in a text, in order.
fn numbers(text: &str) -> impl Iterator<Item = u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

#[test]
fn a_table_in_a_pipe_leaves_no_row_out() {
    let answer = ask(&scratch::directory("streams_table"), &["--rows", "4", "-c", &counting(5_000)]);
    assert_eq!(answer.code, Some(0));
    assert_eq!(numbers(&answer.out).collect::<Vec<_>>(), (1..=5_000).collect::<Vec<_>>());
}

#[test]
fn a_reader_may_go_away() {
    let directory = scratch::directory("streams_closed");
    for format in ["csv", "tsv", "json", "jsonl", "markdown"] {
        let mut command = scratch::command(scratch::program(), &directory);
        command.args(["--format", format, "-c", &counting(1_000_000)]).stdin(Stdio::null());
        let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut out = running.stdout.take().expect("standard output is a pipe");
        out.read_exact(&mut [0; 3]).expect("something is printed");
        drop(out);
        let answer = answer(running.wait_with_output().expect("it ends"));
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let mut command = scratch::command("sh", &scratch::directory("streams_full"));
    let answer =
        answer(command.args(["-c", "pledgebook -c 'select 1' > /dev/full"]).output().expect("there is a shell"));
    assert_eq!(answer.code, Some(3), "{answer:?}");
    assert!(answer.err.contains("can't write the answer"), "{answer:?}");
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let directory = scratch::directory("streams_same");
    let questions: [&[&str]; 5] = [
        &["-c", "select * from pledges"],
        &["--json", "-c", "select * from facts"],
        &["--csv", "-c", "select * from figures"],
        &["run", "pledged_per_missile"],
        &["scripts"],
    ];
    for question in questions {
        assert_eq!(ask(&directory, question), ask(&directory, question), "{question:?}");
    }
}

#[test]
fn standard_input_is_read_as_at_the_prompt() {
    let directory = scratch::directory("streams_input");
    let piped = |arguments: &[&str]| {
        let mut command = scratch::command(scratch::program(), &directory);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().expect("it runs");
        let mut input = running.stdin.take().expect("standard input is a pipe");
        input.write_all(b"let a = 40;\nselect\n  :a + 2 as answer;\n.mode csv\nF29 / F30\n").expect("it reads");
        drop(input);
        answer(running.wait_with_output().expect("it ends"))
    };
    let (bare, dash) = (piped(&[]), piped(&["-f", "-"]));
    assert_eq!(bare, dash);
    assert_eq!((bare.code, bare.err.as_str()), (Some(0), ""), "{bare:?}");
    assert!(bare.out.contains("42") && bare.out.contains("320000,GBP/missile"), "{bare:?}");
}
