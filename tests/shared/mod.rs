//! Books on a server: the same answers as of the bundled book, writing side by side, and what goes wrong. The server is a private
//! PostgreSQL in a temporary directory, on a socket alone, which ends with the tests; where no PostgreSQL is installed they are skipped,
//! and say so. `PLEDGEBOOK_PG=require` makes that a failure, `PG_BIN` names the directory of its programs.

mod address;
mod blocks;
mod cluster;
mod differential;
mod faults;
mod hostile_rows;
mod imports;
mod page;
mod writers;

use crate::scratch;
use cluster::cluster;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a process left behind.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    /// The exit code; `None` if a signal ended it.
    code: Option<i32>,
    out: String,
    err: String,
}

impl Answer {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Checks the exit code, and that both streams say something.
    #[track_caller]
    fn is(&self, code: i32, says: &[&str]) {
        let all = format!("{}{}", self.out, self.err);
        assert!(self.code == Some(code) && says.iter().all(|part| all.contains(part)), "{says:?}: {self:?}");
    }
}

/// A database of its own for a test, and the directory in which the program runs.
struct Shared {
    directory: PathBuf,
    database: String,
    address: String,
}

impl Shared {
    /// A database without a book; `None` where there is no PostgreSQL.
    fn empty(name: &str) -> Option<Self> {
        let cluster = cluster()?;
        let database = format!("test_{name}");
        cluster.psql("postgres", &format!("create database {database} owner ann"));
        let address = format!("postgres://ann@/{database}?host={}", cluster.directory.display());
        Some(Self { directory: scratch::directory(&format!("shared_{name}")), database, address })
    }

    /// One with the bundled book.
    fn with_book(name: &str) -> Option<Self> {
        let shared = Self::empty(name)?;
        shared.ask(&["push", &shared.address, "--create"]).is(0, &["version 1, which adds "]);
        Some(shared)
    }

    /// The program with its arguments, in the test's directory.
    fn command(&self, arguments: &[&str]) -> Command {
        command(&self.directory, arguments)
    }

    fn ask(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().expect("the program runs"))
    }

    /// The answer of the program about the shared book.
    fn of_book(&self, arguments: &[&str]) -> Answer {
        self.ask(&[&[self.address.as_str()], arguments].concat())
    }

    /// What the server answers to a statement of its administrator, and after it has done it.
    fn sql(&self, sql: &str) -> String {
        cluster().expect("there is one").psql(&self.database, sql)
    }
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = scratch::command(scratch::program(), directory);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
