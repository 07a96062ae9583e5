//! Files that are no books, each told apart, all with exit code 3.

use crate::binary::{Answer, ask, scratch};
use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;

/// Asks a file that can't be asked.
#[track_caller]
fn check(directory: &Path, file: &str, message: &str) {
    let Answer { code, out, err } = ask(directory, &[file, "--csv", "-c", "select * from facts"]);
    assert_eq!(code, Some(3), "{err}");
    assert!(out.lines().count() <= 1, "a line of column names at most: {out}");
    assert!(err.contains(&format!("`{file}`")) && err.contains(message), "{err}");
}

#[test]
fn a_missing_file_is_named_with_one_like_it() {
    let directory = scratch::directory("files_missing");
    check(&directory, "mine.db", "there is no such file");
    fs::write(directory.join("mine2.db"), "").expect("the directory is writable");
    check(&directory, "mine.db", "did you mean `mine2.db`?");
}

#[test]
fn a_name_that_looks_like_a_uri_is_a_name() {
    let directory = scratch::directory("files_uri");
    let name = "file:other.db?mode=rwc&x=%41";
    drop(scratch::book(&directory.join(name)));
    let Answer { code, out, err } = ask(&directory, &[name, "--csv", "-c", "select count(*) as facts from facts"]);
    assert_eq!((code, out.as_str()), (Some(0), "facts\n55\n"), "{err}");
    assert_eq!(fs::read_dir(&directory).expect("it can be listed").count(), 1, "no other file is made");
}

#[test]
fn a_directory_is_no_book() {
    check(&scratch::directory("files_directory"), ".", "it is a directory");
}

#[test]
fn a_pipe_is_not_waited_for() {
    let directory = scratch::directory("files_pipe");
    let made = Command::new("mkfifo").arg(directory.join("pipe.db")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe can be made");
    check(&directory, "pipe.db", "it is a pipe or a device");
    check(&directory, "/dev/null", "it is a pipe or a device");
}

#[test]
fn another_kind_of_file_is_no_database() {
    let directory = scratch::directory("files_other");
    fs::write(directory.join("facts.bin"), b"\x00\x01\x02\x03 no table, no book").expect("the directory is writable");
    fs::write(directory.join("empty.db"), "").expect("the directory is writable");
    check(&directory, "facts.bin", "it is not a SQLite database");
    check(&directory, "empty.db", "it is not a SQLite database");
}

#[test]
fn a_file_cut_short_is_damaged() {
    let directory = scratch::directory("files_short");
    let path = directory.join("book.db");
    drop(scratch::book(&path));
    let file = OpenOptions::new().write(true).open(&path).expect("it was written");
    let length = file.metadata().expect("it is a file").len();
    file.set_len(length / 2).expect("it can be cut");
    check(&directory, "book.db", "the database is damaged");
}

#[test]
fn a_page_of_rubbish_is_damage() {
    let directory = scratch::directory("files_rubbish");
    let path = directory.join("book.db");
    let page_of_facts = {
        let book = scratch::book(&path);
        let root: u32 = book
            .query_row("select rootpage from sqlite_schema where name = 'fact'", [], |row| row.get(0))
            .expect("there is a table of facts");
        u64::from(root - 1) * 4096
    };
    let mut file = OpenOptions::new().write(true).open(&path).expect("it was written");
    file.seek(SeekFrom::Start(page_of_facts)).expect("the page is in the file");
    file.write_all(&[0xAA; 4096]).expect("it can be written");
    check(&directory, "book.db", "the database is damaged");
}

#[test]
fn a_book_of_a_later_version_is_left_alone() {
    let directory = scratch::directory("files_newer");
    scratch::book(&directory.join("book.db")).execute_batch("pragma user_version = 99").expect("it can be set");
    check(&directory, "book.db", "its schema is version 99");
}

#[test]
fn a_locked_book_is_busy() {
    let directory = scratch::directory("files_busy");
    let other = scratch::book(&directory.join("book.db"));
    other.execute_batch("begin exclusive").expect("nobody else has it open");
    check(&directory, "book.db", "another process holds its lock");
}

#[test]
fn a_plain_database_can_be_asked() {
    let directory = scratch::directory("files_plain");
    let connection = rusqlite::Connection::open(directory.join("plain.db")).expect("it can be made");
    connection
        .execute_batch("create table price(item, pence integer); insert into price values ('tea', 250)")
        .expect("it can be filled");
    drop(connection);
    let answer = ask(&directory, &["plain.db", "--csv", "-c", "select * from price"]);
    assert_eq!(answer, Answer { code: Some(0), out: "item,pence\ntea,250\n".into(), err: String::new() });
}
