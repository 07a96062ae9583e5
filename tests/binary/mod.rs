//! The program as a process: how it ends, what it does to files, to pipes and to signals. What it answers is told in
//! the transcripts.

mod documents;
mod examples;
mod exit;
mod files;
mod intact;
mod json;
mod limits;
mod signals;
mod streams;
mod tools;

use crate::scratch;
use crate::scratch::long;
use std::path::Path;
use std::process::{Output, Stdio};

/// What a process left behind.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    /// The exit code; `None` if a signal ended it.
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in `directory` with nothing on its standard input.
fn ask(directory: &Path, arguments: &[&str]) -> Answer {
    let mut command = scratch::command(scratch::program(), directory);
    answer(command.args(arguments).stdin(Stdio::null()).output().expect("the program runs"))
}

fn answer(output: Output) -> Answer {
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Answer { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A statement of so many rows: 1, 2, 3, …
fn counting(rows: u32) -> String {
    format!("with recursive t(n) as (select 1 union all select n + 1 from t where n < {rows}) select n from t")
}
