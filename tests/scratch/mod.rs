//! What the program is run with, the same on every machine: an empty directory, a clean environment, and books in
//! files.

pub(crate) mod long;
pub(crate) mod printed;
pub(crate) mod random;

use pledgebook::store::bundled;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

/// The program under test: the one that was built with the tests, or the one that `PLEDGEBOOK_PROGRAM` names.
pub(crate) fn program() -> &'static str {
    static PROGRAM: LazyLock<String> = LazyLock::new(|| {
        let built = || env!("CARGO_BIN_EXE_pledgebook").to_owned();
        env::var("PLEDGEBOOK_PROGRAM").unwrap_or_else(|_| built())
    });
    &PROGRAM
}

/// A fresh, empty directory of this name; what an earlier run left there is gone.
pub(crate) fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("what an earlier run left can be removed");
    }
    fs::create_dir_all(&path).expect("the directory for temporary files can be written");
    path
}

/// A command to be run in `directory`, which is its home as well: `pledgebook` is found first, nothing of the
/// user's own environment is seen.
pub(crate) fn command(name: &str, directory: &Path) -> Command {
    let programs = Path::new(program()).parent().expect("the program lies in a directory").to_owned();
    let inherited = env::var_os("PATH").unwrap_or_default();
    let paths =
        env::join_paths(std::iter::once(programs).chain(env::split_paths(&inherited))).expect("paths join again");
    let mut command = Command::new(name);
    command.current_dir(directory).env_clear().env("PATH", paths).env("LC_ALL", "C.UTF-8");
    for home in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(home, directory);
    }
    command
}

/// Writes the bundled book to a file at `path`, and hands over the connection by which it can be changed.
pub(crate) fn book(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("the file can be made");
    fill(&connection);
    connection
}

/// The number of facts in the bundled book, as CSV writes it.
pub(crate) fn fact_count() -> &'static str {
    static COUNT: LazyLock<String> = LazyLock::new(|| {
        let connection = Connection::open_in_memory().expect("memory");
        fill(&connection);
        let count = connection.query_row("select count(*) from fact", [], |row| row.get::<_, i64>(0));
        count.expect("the facts can be counted").to_string()
    });
    &COUNT
}

fn fill(connection: &Connection) {
    connection.execute_batch("begin").expect("a transaction begins");
    connection.execute_batch(bundled::SCHEMA).expect("the schema runs");
    for (name, sql) in bundled::DATA {
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    connection.execute_batch("commit").expect("the transaction ends");
}
