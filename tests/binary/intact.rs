//! A question changes nothing: no byte of the book, no file beside it, whatever it asks.

use crate::binary::{ask, scratch};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Statements that would write: to the book, beside it, or to its settings.
const WRITING: [&str; 16] = [
    "vacuum",
    "vacuum into 'copy.db'",
    "attach 'other.db' as other",
    "create table mine(a)",
    "create view mine as select 1",
    "create index mine on fact(id)",
    "insert into fact(id) values ('F99')",
    "update figure set as_written = '6,000'",
    "delete from fact",
    "drop table fact",
    "alter table fact add column mine",
    "begin immediate",
    "pragma user_version = 7",
    "pragma journal_mode = wal",
    "pragma writable_schema = on",
    "pragma temp_store_directory = '.'",
];

/// The name and the bytes of every file of a directory.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries =
        fs::read_dir(directory).expect("the directory can be listed").map(|entry| entry.expect("it can be listed"));
    entries
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("it can be read"))
        })
        .collect()
}

#[test]
fn no_question_writes_to_a_book_or_beside_it() {
    let directory = scratch::directory("intact_book");
    drop(scratch::book(&directory.join("book.db")));
    let before = files(&directory);
    for statement in WRITING {
        let script = format!("query(\"{statement}\")");
        for arguments in [&["-c", statement][..], &["book.db", "-c", statement], &["book.db", "-c", &script]] {
            let answer = ask(&directory, arguments);
            // SQLite looks at a `vacuum` only when it runs, and a script runs nothing that has no result.
            let is_never_run = arguments.contains(&script.as_str()) && statement.starts_with("vacuum");
            assert_eq!(answer.code, Some(if is_never_run { 1 } else { 6 }), "{arguments:?}: {answer:?}");
            assert!(is_never_run || answer.err.contains("a question can't"), "{arguments:?}: {answer:?}");
            assert!(before == files(&directory), "{arguments:?} changed a file");
        }
    }
}

#[test]
fn a_table_of_the_session_is_written_nowhere() {
    let directory = scratch::directory("intact_session");
    drop(scratch::book(&directory.join("book.db")));
    let before = files(&directory);
    let statements = "create temp table mine as select id from facts; select count(*) as facts from mine";
    let answer = ask(&directory, &["book.db", "--csv", "-c", statements]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(0), "facts\n55\n"), "{answer:?}");
    assert!(before == files(&directory));
}

#[test]
fn an_answer_is_written_whole_or_not_at_all() {
    let directory = scratch::directory("intact_answer");
    let failed = ask(&directory, &["-o", "answer.csv", "-c", "select 1 as n", "-c", "select nowhere from facts"]);
    assert_eq!((failed.code, files(&directory).len()), (Some(1), 0), "{failed:?}");
    let written = ask(&directory, &["-o", "answer.csv", "-c", "select 1 as n"]);
    assert_eq!((written.code, written.out.as_str()), (Some(0), ""), "{written:?}");
    assert_eq!(files(&directory)["answer.csv"], b"n\n1\n");
    let again = ask(&directory, &["-o", "answer.csv", "-c", "select 2 as n"]);
    assert_eq!(again.code, Some(3), "{again:?}");
    assert_eq!(files(&directory)["answer.csv"], b"n\n1\n");
}
