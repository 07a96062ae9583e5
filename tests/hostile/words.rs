//! Words of the command line as no person types them.

use crate::{run, scratch};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

#[track_caller]
fn check(name: &str, words: &[&[u8]], code: i32, said: &str) {
    let directory = scratch::directory(&format!("hostile_words_{name}"));
    let words: Vec<OsString> = words.iter().map(|word| OsStr::from_bytes(word).to_owned()).collect();
    run(scratch::command(scratch::PROGRAM, &directory).args(words)).is(code, said);
    assert_eq!(std::fs::read_dir(&directory).expect("it can be listed").count(), 0, "a file is made");
}

#[test]
fn words_that_are_no_utf_8_are_refused_or_names_of_files() {
    check("book", &[b"\xff\xfe.db", b"-c", b"select 1"], 3, "there is no such file");
    check("text", &[b"-c", b"select '\xff'"], 2, "UTF-8");
    check("file", &[b"-f", b"\xff.sql"], 3, "there is no such file");
    check("script", &[b"run", b"\xff"], 2, "UTF-8");
    check("parameter", &[b"run", b"pledged_per_missile", b"--pledge", b"\xff"], 2, "UTF-8");
    check("option", &[b"--\xff"], 2, "");
    check("format", &[b"--format", b"\xff"], 2, "");
    check("figure", &[b"check", b"\xff"], 2, "UTF-8");
    check("assume", &[b"--assume", b"\xff", b"-c", b"F29"], 2, "UTF-8");
}

#[test]
fn words_that_begin_with_a_dash_or_are_empty() {
    check("dash", &[b"-"], 3, "");
    check("dashes", &[b"--", b"-c"], 3, "there is no such file");
    check("unknown", &[b"-Z"], 2, "-Z");
    check("text", &[b"-c", b"-1"], 0, "-1");
    check("empty", &[b""], 2, "");
    check("empty_text", &[b"-c", b""], 0, "");
    check("empty_file", &[b"-f", b""], 2, "");
    check("empty_script", &[b"run", b""], 2, "");
    check("empty_output", &[b"-o", b"", b"-c", b"select 1"], 2, "");
    check("empty_assume", &[b"--assume", b"", b"-c", b"F29"], 2, "");
    check("empty_figure", &[b"check", b""], 2, "");
}

#[test]
fn very_long_words() {
    // The system takes no word longer than 128 KiB.
    let long = "a".repeat(130_000);
    check("long_book", &[long.as_bytes(), b"-c", b"select 1"], 3, "");
    check("long_text", &[b"-c", format!("select length('{long}') as n").as_bytes()], 0, "130000");
    check("long_name", &[b"-c", long.as_bytes()], 1, "nothing is called");
    check("long_option", &[format!("--{long}").as_bytes()], 2, "");
    check("long_script", &[b"run", long.as_bytes()], 2, "there is no script");
    check("long_figure", &[b"check", "9".repeat(100_000).as_bytes()], 2, "");
    let many: Vec<&[u8]> = std::iter::repeat_n([&b"-c"[..], b"select 1 as n"], 5_000).flatten().collect();
    check("many", &many, 0, "1");
}
