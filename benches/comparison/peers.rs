//! The programs that are compared with, as far as they are on this machine.

use std::process::{Command, Stdio};

/// A program on this machine.
pub(crate) struct Installed {
    pub(crate) name: &'static str,
    /// A name on `PATH`, or the path of the interpreter itself where a wrapper of it stands there.
    pub(crate) program: String,
    pub(crate) version: String,
}

/// The names of the tasks' peers, the commands that may be them, and the arguments that print a version.
const PEERS: [(&str, &[&str], &[&str]); 7] = [
    ("sqlite3", &["sqlite3"], &["-version"]),
    ("duckdb", &["duckdb"], &["--version"]),
    (
        "python3",
        &["python3"],
        &["-c", "import sqlite3, decimal, sys; print(sys.version.split()[0]); print(sys.executable)"],
    ),
    ("pandas", &["python3"], &["-c", "import pandas, sys; print(pandas.__version__); print(sys.executable)"]),
    ("luajit", &["luajit"], &["-v"]),
    ("lua", &["lua", "lua5.4", "lua5.3"], &["-v"]),
    ("node", &["node"], &["--version"]),
];

/// The names of all peers.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PEERS.iter().map(|(name, ..)| *name)
}

/// Returns the peers that can be started.
pub(crate) fn installed() -> Vec<Installed> {
    let probed = PEERS.iter().filter_map(|(name, commands, arguments)| {
        let (command, output) = commands.iter().find_map(|command| Some((command, printed(command, arguments)?)))?;
        let digits = |word: &&str| word.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit());
        let version = output.split_whitespace().find(digits).unwrap_or_default().trim_start_matches('v');
        let program = output.lines().nth(1).filter(|line| line.starts_with('/')).unwrap_or(command);
        Some(Installed { name, program: program.to_owned(), version: version.to_owned() })
    });
    probed.collect()
}

fn printed(command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
