//! Rules for every file and function: what it opens with, how long it may be, what it must not contain.

use crate::tidy::source::{Source, item_length, read, root, sources, without_words, words};

const FOLDERS: [&str; 3] = ["src", "tests", "benches"];
const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;

/// What no code of the program contains, and what to do instead.
const UNWANTED: [(&str, &str); 4] = [
    (".unwrap()", "handle it, or say with `expect` why it can't fail"),
    ("todo!", "write it"),
    ("unimplemented!", "write it"),
    ("dbg!", "take it out"),
];

/// The marks of unfinished work, in halves so that this file does not contain them.
const UNFINISHED: [[&str; 2]; 3] = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"]];

#[test]
fn every_file_opens_with_what_it_holds() {
    let bare = sources(&FOLDERS).into_iter().filter(|source| !source.text.starts_with("//! "));
    crate::tidy::none(bare.map(|source| source.path), "open it with `//! ` and what it holds and must not");
}

#[test]
fn files_are_short() {
    let lines = |source: &Source| source.text.lines().count();
    let long = sources(&FOLDERS).into_iter().filter(|source| lines(source) > FILE_LINES);
    let told = long.map(|source| format!("{}: {} lines", source.path, lines(&source)));
    crate::tidy::none(
        told,
        &format!("a file has at most {FILE_LINES} lines: make the second concept in it a file of its own"),
    );
}

#[test]
fn functions_are_short() {
    let long = sources(&FOLDERS).into_iter().flat_map(|source| {
        let code = without_words(&source.text);
        let functions = words(&code, "fn ").map(|at| (at, code[at..at + item_length(&code[at..])].lines().count()));
        let long = functions.filter(|(_, lines)| *lines > FUNCTION_LINES);
        long.map(|(at, lines)| format!("{}: {lines} lines", source.place(at))).collect::<Vec<_>>()
    });
    crate::tidy::none(
        long,
        &format!("a function has at most {FUNCTION_LINES} lines: name a part of it and take it out"),
    );
}

#[test]
fn the_program_neither_unwraps_nor_leaves_work_undone() {
    for (unwanted, cure) in UNWANTED {
        let found = sources(&["src"])
            .into_iter()
            .flat_map(|source| words(&source.code, unwanted).map(|at| source.place(at)).collect::<Vec<_>>());
        crate::tidy::none(found, &format!("`{unwanted}` outside tests: {cure}"));
    }
    for mark in UNFINISHED.map(|halves| halves.concat()) {
        let found = sources(&FOLDERS)
            .into_iter()
            .flat_map(|source| words(&source.text, &mark).map(|at| source.place(at)).collect::<Vec<_>>());
        crate::tidy::none(found, &format!("`{mark}`: do it, or leave it out"));
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = read(&root().join("Cargo.toml"));
    let mut unexplained = Vec::new();
    let (mut above, mut is_dependencies) = ("", false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependencies = line.ends_with("dependencies]");
        } else if is_dependencies && line.contains('=') && !above.starts_with('#') && family(line) != family(above) {
            unexplained.push(line.to_owned());
        }
        above = line;
    }
    crate::tidy::none(
        unexplained,
        "say in a comment above it what the dependency is for; a family (`num-…`) may share one",
    );
}

/// The first part of a crate's name: `serde` for `serde_json`.
fn family(line: &str) -> &str {
    line.split(['-', '_', ' ']).next().unwrap_or_default()
}
