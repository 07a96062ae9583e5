//! Command lines for the real program: words of the transcripts, of its options, and odd ones.

use crate::fuzz::{Target, batch, material, mutate, scratch, tame};
use crate::scratch::random::Random;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long the program may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Words that the program knows, and some that it does not.
const WORDS: [&str; 44] = [
    "-c",
    "-f",
    "-",
    "--",
    "-o",
    "--force",
    "--csv",
    "--json",
    "--markdown",
    "--format",
    "table",
    "html",
    "line",
    "insert",
    "--notes",
    "full",
    "--assume",
    "F30=4500",
    "F30=",
    "=",
    "A1",
    "--db",
    "book.db",
    "--no-header",
    "--null",
    "--errors",
    "json",
    "-q",
    "run",
    "pledged_per_missile",
    "--pledge",
    "PL1",
    "--places",
    "check",
    "£320,000 per missile",
    "help",
    "scripts",
    "completions",
    "bash",
    "test",
    "config",
    "-qc",
    "-V",
    "--color",
];

/// What makes the program write for programs, who are sent every character as it is.
const MACHINES: [&str; 9] = ["csv", "json", "tsv", "insert", "jsonl", "-o", "completions", "mode", "man"];

/// A directory in which the program runs.
pub(crate) struct CommandLines {
    directory: PathBuf,
}

impl Target for CommandLines {
    const BATCH: u64 = 40;

    fn new() -> Self {
        let directory = batch::directory().join("lines");
        fs::create_dir_all(&directory).expect("the directory is writable");
        fs::write(directory.join("book.db"), material::book_bytes(&batch::directory())).expect("it is writable");
        Self { directory }
    }

    /// Each piece is a word, ended by a NUL.
    fn input(random: &mut Random) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        if random.chance(50) {
            words.extend(
                random
                    .pick::<String>(&material::COMMAND_LINES)
                    .split(' ')
                    .map(|word| word.trim_matches('\'').to_owned()),
            );
        }
        for _ in 0..random.below(5) {
            let word = match random.below(5) {
                0 => mutate::spoilt(random, &material::QUESTIONS).concat(),
                1 => mutate::spoilt(random, &WORDS.map(str::to_owned)).concat(),
                // Options are told by how a word begins.
                2 => random.word(&["", "-", "--"]).to_owned() + random.word(&mutate::ODD) + random.word(&WORDS),
                _ => random.word(&WORDS).to_owned(),
            };
            let at = random.below(words.len() + 1);
            words.insert(at, word);
        }
        // The longest argument that the system takes is 128 KiB.
        words.iter().map(|word| word.replace('\0', "").chars().take(30_000).collect::<String>() + "\0").collect()
    }

    fn check(&mut self, pieces: &[String]) -> Result<(), String> {
        let book = fs::read(self.directory.join("book.db")).map_err(|error| error.to_string())?;
        let mut command = scratch::command(scratch::program(), &self.directory);
        command.args(pieces.iter().map(|piece| piece.trim_end_matches('\0'))).stdin(Stdio::null());
        let running =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let (code, out, err) = ended(running)?;
        if !matches!(code, Some(0..=6)) {
            return Err(format!("it ends with {code:?}: {err}"));
        }
        let says_error = err.lines().any(|line| line.starts_with("error") || line.starts_with("{\"error\""));
        // A figure that is not in the book, or an expectation that does not hold, is an answer.
        if says_error == (code == Some(0)) && code != Some(5) {
            return Err(format!("it ends with {code:?} and says {err:?}"));
        }
        tame::check(&err)?;
        if !pieces.iter().any(|piece| MACHINES.iter().any(|word| piece.contains(word))) {
            tame::check(&out)?;
        }
        let is_whole = fs::read(self.directory.join("book.db")).is_ok_and(|now| now == book);
        if is_whole { Ok(()) } else { Err("the book is changed".to_owned()) }
    }
}

/// Waits for a process: its exit code, its answer and what it says beside it. One that works on is killed, which is a failure.
fn ended(mut running: Child) -> Result<(Option<i32>, String, String), String> {
    let begun = Instant::now();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [running.stdout.take().map(|out| Box::new(out) as _), running.stderr.take().map(|err| Box::new(err) as _)];
    let [out, err] = streams.map(|stream| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stream.map(|mut stream| stream.read_to_end(&mut text));
            String::from_utf8(text).map_err(|_| "it says what is no UTF-8".to_owned())
        })
    });
    let status = loop {
        match running.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status.code(),
            None if begun.elapsed() > PATIENCE => {
                running.kill().and_then(|()| running.wait()).map_err(|error| error.to_string())?;
                return Err("it does not end".to_owned());
            }
            None => sleep(Duration::from_millis(2)),
        }
    };
    let text = |words: std::thread::JoinHandle<Result<String, String>>| {
        words.join().map_err(|_| "its words can't be read".to_owned())?
    };
    Ok((status, text(out)?, text(err)?))
}
