//! The page of the guide about shared books: its blocks of text are played against the server, with its address in the place of the one
//! that the page has.

use super::{Answer, Shared};
use crate::scratch;
use crate::transcripts::matching::matches;
use std::fs;
use std::path::Path;

/// The address that the page has.
const ADDRESS: &str = "postgres://ann@db.example/newsroom";

/// The commands of a block, each with the lines that it is shown to answer.
fn commands(block: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => panic!("a block begins with a command: {line}"),
        }
    }
    found
}

#[test]
fn the_page_of_the_guide_is_as_the_server_answers() {
    let Some(shared) = Shared::empty("page") else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions/shared_book.md");
    let text = fs::read_to_string(path).expect("there is the page");
    let mut played = 0;
    for block in text.split("```").skip(1).step_by(2) {
        let (kind, block) = block.split_once('\n').expect("a block has lines");
        if let Some(name) = kind.strip_prefix("csv file=") {
            let file = shared.directory.join(name);
            fs::create_dir_all(file.parent().expect("it is in one")).expect("it is writable");
            fs::write(file, block).expect("it is writable");
        }
        for (command, shown) in if kind == "text" { commands(block) } else { Vec::new() } {
            let line = format!("{{ {}; }} 2>&1", command.replace(ADDRESS, &format!("'{}'", shared.address)));
            let done =
                scratch::command("sh", &shared.directory).args(["-c", &line]).output().expect("there is a shell");
            let answer = Answer::of(done);
            let mut lines: Vec<String> =
                answer.out.replace(&shared.address, ADDRESS).lines().map(str::to_owned).collect();
            lines.extend(answer.code.filter(|code| *code != 0).map(|code| format!("? {code}")));
            assert!(matches(&shown, &lines), "{command}\n{}\nthe page has\n{}", lines.join("\n"), shown.join("\n"));
            played += 1;
        }
    }
    assert!(played > 8, "{played} commands");
}
