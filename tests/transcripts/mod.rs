//! The transcripts: what README.md and tests/sessions/*.md show is done again, and must come out as shown.
//!
//! In a `console` block `$ command` is run by the shell, `pledgebook> entry` is given to one prompt in this process
//! (`     ...> ` continues the entry), and the lines up to the next prompt are the exact output; `? 2` is the exit
//! status of a command that failed, `[..]` stands for anything. A block whose fence says `file=NAME` is written to
//! that file; one that says `book=NAME` is SQL that changes a copy of the bundled book, which is written there. Each
//! heading starts clean. `UPDATE=1 cargo test transcripts` writes what came out into the documents.

mod document;
mod matching;
mod play;
mod prompt;

use crate::scratch;
use document::Action;
use play::Stage;
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

macro_rules! transcripts {
    ($($name:ident: $path:literal),* $(,)?) => {
        /// Every document, as named from the root of the project.
        const DOCUMENTS: &[&str] = &[$($path),*];
        $(
            #[test]
            fn $name() {
                check(stringify!($name), $path);
            }
        )*
    };
}

transcripts! {
    readme: "README.md",
    changes: "tests/sessions/changes.md",
    check_figure: "tests/sessions/check.md",
    check_sources: "tests/sessions/check_sources.md",
    check_written: "tests/sessions/check_written.md",
    command_line: "tests/sessions/command_line.md",
    files: "tests/sessions/files.md",
    formats: "tests/sessions/formats.md",
    given: "tests/sessions/given.md",
    help: "tests/sessions/help.md",
    library: "tests/sessions/library.md",
    modules: "tests/sessions/modules.md",
    parameters: "tests/sessions/parameters.md",
    prompt: "tests/sessions/prompt.md",
    quantities: "tests/sessions/quantities.md",
    questions: "tests/sessions/questions.md",
    save: "tests/sessions/save.md",
    scripts: "tests/sessions/scripts.md",
    search: "tests/sessions/search.md",
    settings: "tests/sessions/settings.md",
    sources: "tests/sessions/sources.md",
    sql: "tests/sessions/sql.md",
    sql_and_script: "tests/sessions/sql_and_script.md",
    sql_quantities: "tests/sessions/sql_quantities.md",
    trust: "tests/sessions/trust.md",
    unknowns: "tests/sessions/unknowns.md",
    why: "tests/sessions/why.md",
    what_if: "tests/sessions/what_if.md",
}

/// Plays the document at `path` and compares, or writes it anew.
fn check(name: &str, path: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("can't read {path}: {error}"));
    let mut stage = Stage::new(name);
    let (mut played, mut failures, mut heading) = (Vec::new(), String::new(), String::new());
    for part in document::parts(&text) {
        if matches!(part.action, Action::Begin) {
            heading.clone_from(&part.lines[0]);
        }
        let actual = stage.play(&part).filter(|actual| !matching::matches(&part.expected, actual));
        if let Some(actual) = &actual {
            let difference = matching::difference(&part.expected, actual);
            let typed = part.lines.join("\n    ");
            failures += &format!("{path}:{}, {heading}\n    {typed}\n{difference}\n", part.line);
        }
        played.extend(part.lines);
        played.extend(actual.unwrap_or(part.expected));
    }
    if failures.is_empty() {
        return;
    }
    assert!(
        env::var_os("UPDATE").is_some(),
        "{failures}where this is right, `UPDATE=1 cargo test transcripts` writes it into the document"
    );
    fs::write(&file, played.join("\n") + "\n").unwrap_or_else(|error| panic!("can't write {path}: {error}"));
}

#[test]
fn every_session_is_played() {
    let sessions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let found: BTreeSet<String> = fs::read_dir(sessions)
        .expect("tests/sessions is there")
        .map(|entry| format!("tests/sessions/{}", entry.expect("it can be listed").file_name().to_string_lossy()))
        .collect();
    let listed: BTreeSet<String> =
        DOCUMENTS.iter().filter(|path| **path != "README.md").map(ToString::to_string).collect();
    assert_eq!(listed, found, "list every file of tests/sessions in `transcripts!`");
}
