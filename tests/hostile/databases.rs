//! Files that are named as books: damaged, cut short, with the logs of others beside them, or no files at all.

use crate::hostile::plain_databases::{asked, made};
use crate::hostile::{ask, files, scratch, shell};
use rusqlite::Connection;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

#[test]
fn what_is_no_file_is_refused_at_once() {
    let directory = scratch::directory("hostile_no_file");
    let made = Command::new("mkfifo").arg(directory.join("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe can be made");
    fs::write(directory.join("empty"), "").expect("it is writable");
    File::create(directory.join("sparse")).and_then(|file| file.set_len(4 << 30)).expect("a hole takes no room");
    for (name, words) in [
        ("pipe", "it is a pipe or a device"),
        ("/dev/zero", "it is a pipe or a device"),
        ("/dev/stdin", "it is a pipe or a device"),
        ("/dev/full", "it is a pipe or a device"),
        (".", "it is a directory"),
        ("empty", "it is not a SQLite database"),
        ("sparse", "it is not a SQLite database"),
        ("empty/in", "there is no such file"),
    ] {
        ask(&directory, &[name, "-c", "select 1"]).is(3, words);
        ask(&directory, &["--db", name, "run", "pledged_per_missile"]).is(3, words);
    }
}

#[test]
fn a_hole_behind_a_database_is_nothing() {
    let directory = made("hole", "create table t(a); insert into t values (7);");
    let file = File::options().write(true).open(directory.join("it.db")).expect("it was made");
    file.set_len(4 << 30).expect("a hole takes no room");
    asked(&directory, "select a from t").is(0, "7");
}

#[test]
fn a_log_of_a_write_that_was_cut_short_is_left_alone() {
    let directory = made("journal", "create table t(a); insert into t values (7);");
    let magic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    fs::write(directory.join("it.db-journal"), [&magic[..], &[1; 5000]].concat()).expect("it is writable");
    asked(&directory, "select a from t").is(3, "a write to it was cut short");
    fs::write(directory.join("it.db-journal"), "").expect("it is writable");
    asked(&directory, "select a from t").is(0, "7");
}

/// A database with a write-ahead log of its own, as a process that was killed leaves it.
fn with_log(name: &str) -> PathBuf {
    let directory = made(name, "pragma journal_mode = wal; create table t(a); insert into t values (1);");
    let writer = Connection::open(directory.join("it.db")).expect("it was made");
    writer.execute_batch("insert into t values (7)").expect("it can be written");
    let read = |ending: &str| fs::read(directory.join(format!("it.db{ending}"))).expect("it is there");
    let (database, log) = (read(""), read("-wal"));
    drop(writer);
    let directory = scratch::directory(&format!("hostile_{name}"));
    fs::write(directory.join("it.db"), database).expect("it is writable");
    fs::write(directory.join("it.db-wal"), log).expect("it is writable");
    directory
}

#[test]
fn a_write_ahead_log_that_nobody_has_open_is_neither_read_nor_forgotten() {
    let directory = with_log("wal");
    asked(&directory, "select a from t").is(3, "its log is beside it");
    fs::write(directory.join("it.db-wal"), [0x5A; 5000]).expect("it is writable");
    asked(&directory, "select a from t").is(3, "its log is beside it");
    fs::write(directory.join("it.db-wal"), "").expect("it is writable");
    asked(&directory, "select a from t").is(0, "1");
}

#[test]
fn a_write_ahead_log_that_somebody_writes_to_is_read() {
    let directory = made("wal_open", "pragma journal_mode = wal; create table t(a);");
    let writer = Connection::open(directory.join("it.db")).expect("it was made");
    writer.execute_batch("insert into t values (7)").expect("it can be written");
    ask(&directory, &["it.db", "-c", "select a from t"]).is(0, "7");
    assert_eq!(files(&directory).len(), 3, "no further file is made");
}

#[test]
fn a_book_cut_anywhere_is_answered_or_damaged() {
    let directory = scratch::directory("hostile_cut");
    drop(scratch::book(&directory.join("whole")));
    let whole = fs::read(directory.join("whole")).expect("it was written");
    for length in [15, 16, 17, 99, 100, 101, 1000, 4095, 4096, 4097, 8192, 40_000, 100_000, 300_000, whole.len() - 1] {
        fs::write(directory.join("it.db"), &whole[..length]).expect("it is writable");
        for question in ["select * from facts", ".tables", "F29 / F30"] {
            let answer = asked(&directory, question);
            assert!(matches!(answer.code, Some(0 | 3)), "{length}, {question}: {answer:?}");
        }
        let answer = ask(&directory, &["it.db", "run", "participants_by_certainty"]);
        assert!(matches!(answer.code, Some(0 | 3)), "{length}: {answer:?}");
    }
}

#[test]
fn a_page_put_in_the_place_of_another_is_the_files_fault() {
    let directory = scratch::directory("hostile_swapped");
    drop(scratch::book(&directory.join("it.db")));
    let whole = fs::read(directory.join("it.db")).expect("it was written");
    for (one, other) in [(90, 1), (1, 2), (0, 3), (50, 51)] {
        let mut bytes = whole.clone();
        for at in 0..4096 {
            bytes.swap(one * 4096 + at, other * 4096 + at);
        }
        fs::write(directory.join("it.db"), bytes).expect("it is writable");
        for question in ["select * from facts", "select * from units", "F29 / F30"] {
            let answer = asked(&directory, question);
            assert!(matches!(answer.code, Some(0 | 1 | 3)), "{one} and {other}, {question}: {answer:?}");
        }
    }
}

#[test]
fn a_quantity_of_a_book_that_is_none_is_the_books_fault() {
    let directory = scratch::directory("hostile_no_quantity");
    let book = scratch::book(&directory.join("it.db"));
    let sql = "pragma foreign_keys = off; pragma ignore_check_constraints = on; update figure set unit = 'no unit' where fact = 'F30'";
    book.execute_batch(sql).expect("checks are off");
    drop(book);
    for question in ["F29 / F30", "select * from facts", "F30", ".why"] {
        let answer = asked(&directory, question);
        assert!(matches!(answer.code, Some(0..=3)), "{question}: {answer:?}");
    }
}

/// Hides in a comment what would end the definition of a view early, and writes on as one of plain numbers.
const FORGED: &str = "pragma writable_schema = on; \
    update sqlite_schema set sql = replace(sql, ' AS' || char(10), ' -- as select 1) select 7 as id, 7 as provider, \
    7 as recipient, 7 as announcer, 7 as instrument, 7777 as amount, 7 as item, 7777 as item_count, 7 as stage, \
    7 as certainty, 7 as condition, 7 as facts /*' || char(10) || ' AS' || char(10)) where name = 'pledges'";

#[test]
fn a_comment_within_a_view_strips_no_quantity() {
    let directory = scratch::directory("hostile_forged_view");
    let book = scratch::book(&directory.join("it.db"));
    book.execute_batch(FORGED).expect("the schema can be written");
    drop(book);
    asked(&directory, "select amount from pledges").is(0, "1,600,000,000 [F29]");
    asked(&directory, "select amount % 7 from pledges").is(1, "would drop the unit");
}

#[test]
fn a_book_that_may_not_be_read_is_refused() {
    let directory = made("unreadable", "create table t(a);");
    // Whoever may read everything, as in a container, is answered.
    let line = "chmod 000 it.db; pledgebook it.db -c 'select 1'; code=$?; test -r it.db && code=3; exit $code";
    assert_eq!(shell(&directory, line).code, Some(3));
}
