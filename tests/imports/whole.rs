//! That an import is there whole or not at all: killed at any moment, on a full disk, beside another writer.

use crate::scratch::{self, long, random::Random};
use rusqlite::Connection;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The kills of the long run; the normal one does a tenth.
const KILLS: usize = 200;

fn program(directory: &Path) -> Command {
    let mut program = Command::new(scratch::program());
    program.current_dir(directory).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    program
}

#[test]
fn a_killed_import_leaves_the_whole_table_or_none() {
    let directory = scratch::directory("import_kills");
    let mut rows = String::from("donor,amount (EUR),note\n");
    for row in 0..30_000 {
        writeln!(rows, "Donor {},{}.{:02},text {row}", row % 50, row * 7, row % 100).expect("a string is written");
    }
    fs::write(directory.join("aid.csv"), rows).expect("the directory is writable");
    let mut random = Random::new(7);
    let kills = if long::is_asked() { KILLS } else { KILLS / 10 };
    for kill in 0..kills {
        let name = format!("book_{kill}.db");
        assert!(program(&directory).args(["init", &name, "--empty"]).status().expect("it runs").success());
        let mut import = program(&directory).args([&*name, "import", "aid.csv"]).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(random.below(400) as u64));
        import.kill().expect("it is ours");
        import.wait().expect("it is ours");
        // What was cut short is taken back when the book is next opened for writing.
        assert!(program(&directory).args([&*name, "log"]).status().expect("it runs").success(), "kill {kill}");
        let book = Connection::open(directory.join(&name)).expect("the book opens");
        let count = |sql: &str| book.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("it can be read");
        let tables = count("select count(*) from sqlite_schema where name in ('aid_S1', 'aid')");
        let imports = count("select count(*) from imported_table");
        let sources = count("select count(*) from source");
        assert_eq!((tables, sources), (imports * 2, imports), "kill {kill}");
        if imports == 1 {
            assert_eq!(count("select count(*) from aid_S1"), 30_000, "kill {kill}");
        }
        fs::remove_file(directory.join(&name)).expect("it is ours");
    }
}

#[test]
fn a_second_writer_waits_or_is_told() {
    let directory = scratch::directory("import_locked");
    fs::write(directory.join("t.csv"), "a,b\nx,1\n").expect("the directory is writable");
    assert!(program(&directory).args(["init", "book.db", "--empty"]).status().expect("it runs").success());
    let other = Connection::open(directory.join("book.db")).expect("the book opens");
    other.execute_batch("begin immediate").expect("nobody else writes");
    let answer =
        program(&directory).args(["book.db", "import", "t.csv"]).stderr(Stdio::piped()).output().expect("it runs");
    let message = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.code() == Some(3) && message.contains("another process"), "{message}");
}

/// A book as a writer leaves it that is killed in the middle of a change: pages of the change are in it, and beside it is the journal
/// with those from before.
fn half_written(directory: &Path) {
    let _ = fs::remove_dir_all(directory);
    fs::create_dir_all(directory).expect("it is ours");
    assert!(program(directory).args(["init", "whole.db"]).status().expect("it runs").success());
    let writer = Connection::open(directory.join("whole.db")).expect("the book opens");
    let change = "pragma cache_size = 2; pragma cache_spill = on; begin immediate; create table filler (a);
        insert into filler with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
            select randomblob(400) from n;
        update fact set gloss = substr('changed ' || gloss, 1, 60)";
    writer.execute_batch(change).expect("it can be changed");
    for ending in ["", "-journal"] {
        let [from, to] = ["whole.db", "book.db"].map(|name| directory.join(format!("{name}{ending}")));
        fs::copy(from, to).expect("it is there");
    }
}

#[test]
fn a_reader_takes_back_what_a_killed_writer_left() {
    let directory = scratch::directory("import_recovered");
    let readers: [&[&str]; 6] = [
        &["book.db", "-c", "select count(*) from facts"],
        &["book.db", "check-book"],
        &["book.db", "log"],
        &["book.db", "export", "copy.db"],
        &["book.db", "export", "facts", "--facts"],
        &["--db", "book.db", "run", "money_by_stage"],
    ];
    for arguments in readers {
        half_written(&directory);
        let output = program(&directory).args(arguments).stderr(Stdio::piped()).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!directory.join("book.db-journal").exists(), "{arguments:?}");
        let book = Connection::open(directory.join("book.db")).expect("the book opens");
        let sql = "select count(*) from fact where gloss like '%changed%'";
        assert_eq!(book.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("it can be read"), 0, "{arguments:?}");
    }
}

#[test]
fn a_reader_that_may_not_write_leaves_a_half_written_book() {
    let directory = scratch::directory("import_not_recovered");
    half_written(&directory);
    let read =
        || ["", "-journal"].map(|ending| fs::read(directory.join(format!("book.db{ending}"))).expect("it is there"));
    let before = read();
    let refused = |arguments: &[&str], words: &str| {
        let output = program(&directory).args(arguments).stderr(Stdio::piped()).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(3) && said.contains(words), "{arguments:?}: {said}");
    };
    refused(&["book.db", "--sandbox", "-c", "select 1"], "its log is beside it");
    let mark = |path: &Path, is_read_only: bool| {
        let mut permissions = fs::metadata(path).expect("it is there").permissions();
        permissions.set_mode(if is_read_only { 0o555 } else { 0o755 });
        fs::set_permissions(path, permissions).expect("it is ours");
    };
    for path in [directory.clone(), directory.join("book.db")] {
        mark(&path, true);
        refused(&["book.db", "-c", "select 1"], "can't be taken back here");
        mark(&path, false);
    }
    assert!(before == read(), "neither the book nor its journal has changed");
    // A writer that is at work is none that was killed.
    let writer = Connection::open(directory.join("whole.db")).expect("the book opens");
    writer
        .execute_batch("begin immediate; update fact set gloss = substr('changed ' || gloss, 1, 60)")
        .expect("it can be changed");
    assert!(directory.join("whole.db-journal").exists());
    for path in [directory.clone(), directory.join("whole.db")] {
        mark(&path, true);
        assert!(program(&directory).args(["whole.db", "-c", "select 1"]).status().expect("it runs").success());
        mark(&path, false);
    }
    drop(writer);
}
