//! A terminal before the program runs on it: its size, and what differs from the usual surroundings.

use crate::keys::prompt::Prompt;
use crate::keys::seen::{LINES, Seen};
use crate::scratch;
use pty_process::Size;
use pty_process::blocking::{Command, open};
use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

/// A pseudo-terminal that is not open yet.
pub(crate) struct Terminal {
    pub(crate) directory: PathBuf,
    program: String,
    columns: u16,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Terminal {
    /// A terminal of 80 columns in a fresh directory of this name, which is the home of the user as well.
    pub(crate) fn new(name: &str) -> Self {
        Self::again(scratch::directory(&format!("keys_{name}")))
    }

    /// A terminal in a directory that another one has been in.
    pub(crate) fn again(directory: PathBuf) -> Self {
        Self {
            directory,
            program: scratch::program().to_owned(),
            columns: 80,
            arguments: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// Another program, as a shell that runs ours.
    pub(crate) fn program(mut self, program: &str) -> Self {
        program.clone_into(&mut self.program);
        self
    }

    pub(crate) fn columns(mut self, columns: u16) -> Self {
        self.columns = columns;
        self
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the program.
    pub(crate) fn start(self) -> Prompt {
        let mut command = scratch::command(&self.program, &self.directory);
        command.env("TERM", "xterm-256color").env("PLEDGEBOOK_HISTORY", self.directory.join("history"));
        // A pager would be another program on the terminal, and not the same on every machine.
        command.env("PLEDGEBOOK_PAGER", "off");
        command.args(&self.arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        let (pty, program_side) = open().expect("there are pseudo-terminals");
        pty.resize(Size::new(LINES, self.columns)).expect("it can be resized");
        let child = Command::from(command).spawn(program_side).expect("the program runs");
        let seen = Arc::new(Seen::new(self.columns));
        let from = File::from(pty.as_fd().try_clone_to_owned().expect("a handle can be cloned"));
        let watched = Arc::clone(&seen);
        thread::spawn(move || watched.read(from));
        Prompt { pty, child, seen, directory: self.directory }
    }

    /// Starts the program and waits for its first prompt.
    pub(crate) fn open(self) -> Prompt {
        let mut prompt = self.start();
        prompt.wait_for_prompts(1);
        prompt
    }
}
