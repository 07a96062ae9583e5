//! The same questions to the bundled book and to the one that was pushed: standard output, standard error and exit code are the same
//! bytes. Nothing is masked: what names the book (`.databases`, `.server`, receipts and pages) is not among the questions.

use super::{Answer, Shared, command};
use crate::scratch::long;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

const FORMATS: [&str; 9] = ["table", "csv", "tsv", "json", "jsonl", "markdown", "html", "line", "insert"];

/// The processes that ask at the same time.
const THREADS: usize = 2;

/// A question: arguments, and the text of standard input.
struct Question {
    arguments: Vec<String>,
    input: String,
}

impl Question {
    fn new(arguments: &[&str], input: &str) -> Self {
        Self { arguments: arguments.iter().map(ToString::to_string).collect(), input: input.to_owned() }
    }

    fn ask(&self, shared: &Shared, of_server: bool) -> Answer {
        let mut arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        if of_server {
            arguments.splice(0..0, ["--db", shared.address.as_str()]);
        }
        let mut command = command(&shared.directory, &arguments);
        let mut running = command.stdin(Stdio::piped()).spawn().expect("the program runs");
        let mut input = running.stdin.take().expect("it is piped");
        // One that is refused reads nothing.
        let _ = input.write_all(self.input.as_bytes());
        drop(input);
        Answer::of(running.wait_with_output().expect("it ends"))
    }
}

/// Every `nth` of these, and all in the long run.
pub(super) fn some<T>(all: Vec<T>, nth: usize) -> Vec<T> {
    let nth = if long::is_asked() { 1 } else { nth };
    all.into_iter().step_by(nth).collect()
}

#[track_caller]
fn compare(shared: &Shared, questions: &[Question]) {
    let next = AtomicUsize::new(0);
    let ask = || {
        while let Some(question) = questions.get(next.fetch_add(1, Ordering::Relaxed)) {
            let [bundled, there] = [false, true].map(|of_server| question.ask(shared, of_server));
            assert!(bundled == there, "{:?} {}\n{bundled:?}\n{there:?}", question.arguments, question.input);
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(ask))));
}

#[test]
fn the_library_answers_in_every_format_as_of_the_bundled_book() {
    let Some(shared) = Shared::with_book("library") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let listed = fs::read_dir(folder).expect("the library can be listed").flatten();
    let mut names: Vec<String> = listed
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rhai").map(str::to_owned))
        .filter(|name| name != "prelude")
        .collect();
    names.sort();
    let mut questions = Vec::new();
    for name in &names {
        for format in FORMATS {
            questions.push(Question::new(&["run", name, "--format", format], ""));
        }
        for notes in ["full", "none"] {
            questions.push(Question::new(&["run", name, "--notes", notes], ""));
        }
        questions.push(Question::new(&["run", name, "--assume", "F30=4500"], ""));
    }
    assert!(questions.len() > 100);
    // No format is left out: the number of forms and the step have no common part.
    compare(&shared, &some(questions, 7));
}

#[test]
fn views_and_commands_answer_as_of_the_bundled_book() {
    let Some(shared) = Shared::with_book("views") else { return };
    let views =
        shared.ask(&["--csv", "-c", "select name from pragma_table_list where type = 'view' and schema = 'main'"]);
    let mut questions = Vec::new();
    for view in views.out.lines().skip(1) {
        for format in ["table", "csv", "json"] {
            questions.push(Question::new(&["--format", format, "-c", &format!("select * from {view}")], ""));
        }
    }
    assert!(questions.len() >= 48, "{views:?}");
    for entry in [
        ".tables",
        ".schema facts",
        ".why F29",
        ".facts missile",
        ".unknowns cost",
        ".find Starmer",
        ".assumptions",
        ".log",
        ".scripts",
        ".help",
        ".dump unit",
        "F29 / F30",
        "F29 / F30\n.why",
        "insert into fact values (1)",
        "select * from fact",
        "create temp table t as select 1 as a; select a from t",
        "F99",
        ".assume A1\nF29",
    ] {
        questions.push(Question::new(&[], entry));
    }
    for arguments in [["check", "£320,000 per missile"], ["check", "£2bn"], ["cite", "F30"], ["help", "facts"]] {
        questions.push(Question::new(&arguments, ""));
    }
    questions.push(Question::new(&["scripts"], ""));
    questions.push(Question::new(&["test"], ""));
    compare(&shared, &some(questions, 3));
}

#[test]
fn the_corpus_answers_as_of_the_bundled_book() {
    let Some(shared) = Shared::with_book("corpus") else { return };
    let mut questions = Vec::new();
    for folder in ["hostile", "legitimate", "refused"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
        let mut files: Vec<_> =
            fs::read_dir(folder).expect("it can be listed").flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).expect("it is a text");
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let asked = lines.map(|line| line.rsplit_once("  =>  ").map_or(line, |(question, _)| question));
            questions
                .extend(asked.map(|asked| Question::new(&["--csv", "--notes", "none"], &asked.replace("\\n", "\n"))));
        }
    }
    assert!(questions.len() > 1_000, "{}", questions.len());
    compare(&shared, &some(questions, 20));
}
