//! The program among what is broken or meant to do harm: files, texts, words, surroundings, and what befalls it while it
//! works. Whatever it is: a clear error with the right exit code or an answer, in time, and no file changed.

mod attached;
mod databases;
mod faults;
mod full;
mod kills;
mod pages;
mod plain_databases;
mod refused;
mod surroundings;
mod terminals;
mod texts;
mod words;

use crate::scratch;
use crate::scratch::long;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// How long the program may take for what it should refuse or answer at once, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a process left behind.
#[derive(Debug)]
struct Answer {
    /// The exit code; `None` if a signal ended it.
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in `directory` with nothing on its standard input.
#[track_caller]
fn ask(directory: &Path, arguments: &[&str]) -> Answer {
    let mut command = scratch::command(scratch::program(), directory);
    run(command.args(arguments))
}

/// Runs a command line of the shell, in which `pledgebook` is the program.
#[track_caller]
fn shell(directory: &Path, line: &str) -> Answer {
    let mut command = scratch::command("sh", directory);
    run(command.args(["-c", line]))
}

/// Runs a command to its end, which has to come.
#[track_caller]
fn run(command: &mut Command) -> Answer {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("it runs");
    let out = gather(running.stdout.take());
    let err = gather(running.stderr.take());
    let begun = Instant::now();
    let code = loop {
        if let Some(status) = running.try_wait().expect("it is a child") {
            break status.code();
        }
        if begun.elapsed() > PATIENCE {
            running.kill().expect("it is a child");
            panic!("it does not end: {command:?}");
        }
        sleep(Duration::from_millis(2));
    };
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    let wait = |reader: thread::JoinHandle<Vec<u8>>| text(reader.join().expect("a pipe can be read"));
    Answer { code, out: wait(out), err: wait(err) }
}

fn gather(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    let mut pipe = pipe.expect("it is a pipe");
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

impl Answer {
    /// Ended with this code, and with words of why where it is an error.
    #[track_caller]
    fn is(&self, code: i32, words: &str) {
        let shown = || format!("{:?}\n{}\n{}", self.code, beginning(&self.err), beginning(&self.out));
        assert_eq!(self.code, Some(code), "{}", shown());
        assert!(
            self.err.contains(words) || (code == 0 && self.out.contains(words)),
            "`{words}` is not said: {}",
            shown()
        );
        if code != 0 {
            assert!(self.err.starts_with("error: "), "{}", shown());
        }
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(600).collect()
}

/// Every file of a directory with its size and bytes; of what is large or no file, the size.
fn files(directory: &Path) -> BTreeMap<String, (u64, Vec<u8>)> {
    let entries = fs::read_dir(directory).expect("it can be listed").map(|entry| entry.expect("it can be listed"));
    entries
        .map(|entry| {
            let found = entry.metadata().expect("it is there");
            let is_short = found.is_file() && found.len() < 64 << 20;
            let bytes = if is_short { fs::read(entry.path()).expect("it can be read") } else { Vec::new() };
            (entry.file_name().to_string_lossy().into_owned(), (found.len(), bytes))
        })
        .collect()
}
