//! Plays a document: does what its parts ask for, in order, and finds out what really comes out.

use super::document::{Action, Part};
use super::prompt::Prompt;
use super::scratch;
use rusqlite::Connection;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::Stdio;

/// The README runs the program from its checkout; what is typed after this is what `pledgebook` gets.
const FROM_CHECKOUT: &str = "cargo run --";

/// Where the parts under one heading are played: a directory, books in it, and a prompt once an entry was given.
pub(crate) struct Stage {
    name: String,
    directory: PathBuf,
    prompt: Option<Prompt>,
    /// The connections by which books were written stay open: what they lock stays locked.
    books: Vec<Connection>,
}

impl Stage {
    /// A clean stage of this name.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), directory: scratch::directory(name), prompt: None, books: Vec::new() }
    }

    /// The lines that come out of a part; `None` where it prints nothing to compare.
    pub(crate) fn play(&mut self, part: &Part) -> Option<Vec<String>> {
        match &part.action {
            Action::Show => None,
            Action::Begin => {
                *self = Self::new(&self.name);
                None
            }
            Action::Write(name) => {
                fs::write(self.directory.join(name), part.lines.join("\n") + "\n").expect("the directory is writable");
                None
            }
            Action::WriteBook(name) => {
                let book = scratch::book(&self.directory.join(name));
                book.execute_batch(&part.lines.join("\n"))
                    .unwrap_or_else(|error| panic!("line {}: {error}", part.line));
                self.books.push(book);
                None
            }
            Action::WriteDatabase(name) => {
                let database = Connection::open(self.directory.join(name)).expect("the directory is writable");
                database
                    .execute_batch(&part.lines.join("\n"))
                    .unwrap_or_else(|error| panic!("line {}: {error}", part.line));
                None
            }
            Action::Shell(command) => self.shell(command).map(|output| lines(&output)),
            Action::Enter(entry) => {
                let prompt = self.prompt.get_or_insert_with(|| Prompt::new(&self.directory));
                Some(lines(&prompt.enter(entry)))
            }
        }
    }

    /// What a command line prints, both streams as they come, then its exit status where that is not 0; `None`
    /// for building and testing, since this is the test.
    fn shell(&self, command: &str) -> Option<String> {
        let command = command.replace(FROM_CHECKOUT, "pledgebook");
        if command.starts_with("cargo ") {
            return None;
        }
        let (mut printed, both_streams) = io::pipe().expect("a pipe");
        let mut shell = scratch::command("sh", &self.directory);
        shell.arg("-c").arg(command).stdin(Stdio::null());
        shell.stdout(both_streams.try_clone().expect("a pipe has two ends")).stderr(both_streams);
        let mut running = shell.spawn().expect("there is a shell");
        // The command holds the writing end of the pipe too, and the reader waits until every copy is closed.
        drop(shell);
        let mut output = Vec::new();
        printed.read_to_end(&mut output).expect("a pipe can be read");
        let mut output = String::from_utf8(output).expect("the program prints UTF-8");
        match running.wait().expect("the shell ends").code() {
            Some(0) => {}
            Some(code) => output += &format!("? {code}\n"),
            None => output += "? killed\n",
        }
        Some(output)
    }
}

/// The lines of an output. One that does not end its last line says so: every output should.
fn lines(output: &str) -> Vec<String> {
    let mut lines: Vec<String> = output.lines().map(str::to_owned).collect();
    if !output.is_empty() && !output.ends_with('\n') {
        lines.push("(the last line is not ended)".to_owned());
    }
    lines
}
