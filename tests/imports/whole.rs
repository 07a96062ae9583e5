//! That an import is there whole or not at all: killed at any moment, on a full disk, beside another writer.

use crate::scratch::{self, long, random::Random};
use rusqlite::Connection;
use std::fmt::Write;
use std::fs;
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
