//! The corpus: questions in one line each, with what must come of them, in files for people to read and to add to.
//!
//! A line is `question  =>  outcome`; one that begins with `#` is for people. The question is what the prompt would be
//! given, `\n` in it is a new line. The outcome is `error: ` with the message, or the rows as CSV, joined by ` / `, with
//! several results joined by ` // ` and remarks behind them in parentheses; `nothing` where there is no row. Each
//! question has a fresh session. `hostile` asks for numbers that would be wrong: the answer is exact, or marked, or an
//! error that says what to do. `legitimate` must be answered, `refused` must not. `UPDATE=1 cargo test corpus` writes what
//! came out into the files.

mod articles;
mod ask;
mod case;
mod figures;
mod sentences;

use ask::{Outcome, Prompt};
use pledgebook::error::Report;
use pledgebook::syntax::select;
use std::path::Path;
use std::{env, fs, thread};

/// What is wrong with an outcome besides being another than expected; the prompt that was asked can be asked more.
type Judge = fn(&mut Prompt, &Outcome) -> Option<String>;

#[test]
fn hostile_questions_get_no_wrong_number() {
    check("hostile", |prompt, outcome| match cure_of(outcome.error.as_ref()?) {
        None => Some("the error says nothing of what to do".to_owned()),
        Some(help) => suggested(&help).and_then(|sql| tried(&sql, prompt)),
    });
}

#[test]
fn legitimate_questions_are_answered() {
    check("legitimate", |_, outcome| outcome.error.as_ref().map(|_| "it is refused".to_owned()));
}

#[test]
fn wrong_calls_are_refused() {
    check("refused", |_, outcome| outcome.error.is_none().then(|| "it is answered".to_owned()));
}

#[test]
fn there_are_enough_of_both() {
    let counts = ["hostile", "legitimate"].map(case::count);
    assert!(counts[0] >= 200 && counts[1] >= 100, "hostile and legitimate: {counts:?}");
}

/// A statement with every expression in parentheses has the same program: the parser reads it as SQLite does.
#[test]
fn the_parser_reads_statements_as_sqlite_does() {
    let mut prompt = Prompt::new();
    let mut compared = 0;
    for file in ["hostile", "legitimate"].into_iter().flat_map(case::files) {
        let text = case::text(&file);
        for case in text.lines().filter_map(case::read) {
            // Arguments of these are known by their text: a literal in parentheses is none.
            if ["q_", "q(", "generate_series"].iter().any(|name| case.question.contains(name)) {
                continue;
            }
            let Some(select) = select::parse(case.question) else { continue };
            let programs = [case.question.to_owned(), select::parenthesised(case.question, &select)]
                .map(|sql| prompt.ask(&format!("explain {sql}")));
            if programs.iter().all(|program| program.error.is_none()) {
                assert!(programs[0].line == programs[1].line, "{}", case.question);
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared} programs");
}

/// Asks every question of a folder.
fn check(folder: &str, judge: Judge) {
    let failures: String = thread::scope(|scope| {
        let files = case::files(folder).into_iter();
        let checks: Vec<_> = files.map(|file| scope.spawn(move || check_file(&file, judge))).collect();
        checks.into_iter().map(|check| check.join().expect("no question may panic")).collect()
    });
    assert!(failures.is_empty(), "{failures}where this is right, `UPDATE=1 cargo test corpus` writes it");
}

/// The failures of one file; where they are only outcomes that are to be written, it is written and there are none.
fn check_file(file: &Path, judge: Judge) -> String {
    let text = case::text(file);
    let (mut failures, mut lines) = (String::new(), Vec::new());
    let is_update = env::var_os("UPDATE").is_some();
    for (line, number) in text.lines().zip(1..) {
        let Some(case) = case::read(line) else {
            lines.push(line.to_owned());
            continue;
        };
        let mut prompt = Prompt::new();
        let outcome = prompt.ask(case.question);
        let is_other = outcome.line != case.expected && !is_update;
        let other = is_other.then(|| format!("expected  {}\n    came out  {}", case.expected, outcome.line));
        let wrong = judge(&mut prompt, &outcome);
        for failure in other.into_iter().chain(wrong) {
            failures += &format!("{}:{number}\n    {}\n    {failure}\n", file.display(), case.question);
        }
        lines.push(case::write(case.question, &outcome.line));
    }
    if is_update {
        fs::write(file, lines.join("\n") + "\n")
            .unwrap_or_else(|error| panic!("can't write {}: {error}", file.display()));
    }
    failures
}

/// What an error says is to be done: its help, or the words beside the caret.
fn cure_of(report: &Report) -> Option<String> {
    report.help.clone().or_else(|| report.frames.iter().find_map(|frame| frame.label.clone()))
}

/// The statement that a help says to write.
fn suggested(help: &str) -> Option<String> {
    let written = help.strip_prefix("write `")?.strip_suffix('`')?;
    ["select ", "with "].iter().any(|start| written.to_lowercase().starts_with(start)).then(|| written.to_owned())
}

/// What is wrong with a statement that a help says to write: it may fail for its units, not for dropping one.
fn tried(sql: &str, prompt: &mut Prompt) -> Option<String> {
    let outcome = prompt.ask(sql);
    let report = outcome.error?;
    let is_refused = ["would drop the unit", "would be in one column", "does not fit here", "there is no"];
    let is_refused = is_refused.iter().any(|words| report.message.contains(words));
    is_refused.then(|| format!("the help is refused: {sql}\n    {}", report.message))
}
