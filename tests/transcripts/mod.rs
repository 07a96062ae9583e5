//! The transcripts: what README.md and tests/sessions/*.md show is done again, and must come out as shown.
//!
//! `tests/sessions/README.md` says how a page is read: its prompts, its fences, `? 1` and `[..]`. Entries of the prompt are
//! given to one in this process. `UPDATE=1 cargo test transcripts` writes what came out into the documents.

mod document;
pub(crate) mod matching;
mod play;
mod prompt;

use crate::scratch;
use document::Action;
use play::Stage;
use pledgebook::syntax::sql::is_ended;
use pledgebook::terminal::{Language, classify};
use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

macro_rules! transcripts {
    ($($page:ident)*) => {
        /// Every page of the guide, by the name of its file without the ending.
        const PAGES: &[&str] = &[$(stringify!($page)),*];
        $(
            #[test]
            fn $page() {
                check(stringify!($page), concat!("tests/sessions/", stringify!($page), ".md"));
            }
        )*
    };
}

transcripts! {
    ask_a_table check_a_text check_figures check_sources check_wording command_line facts_by_hand files formats functions
    glossary help import import_asked import_rows library other_databases own_book_story own_data own_numbers own_tables
    prompt publish_a_page quantities questions releases save_a_script script_modules script_parameters scripts search
    settings several_sources shared_book sql sql_and_script sql_quantities sql_statements take_it_away tools trace_and_cite trust
    unknowns verify what_if
}

#[test]
fn readme() {
    check("readme", "README.md");
}

#[test]
fn guide() {
    check("guide", INDEX);
}

/// The first page of the guide, which lists the others by task.
const INDEX: &str = "tests/sessions/README.md";

/// Plays the document at `path` and compares, or writes it anew.
fn check(name: &str, path: &str) {
    let mut stage = Stage::new(name);
    let (mut played, mut failures, mut heading) = (Vec::new(), String::new(), String::new());
    for part in document::parts(&text(path)) {
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
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::write(file, played.join("\n") + "\n").unwrap_or_else(|error| panic!("can't write {path}: {error}"));
}

/// The text of a file, named from the root of the project.
fn text(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(file).unwrap_or_else(|error| panic!("can't read {path}: {error}"))
}

#[test]
fn every_page_is_played_and_stands_in_the_index() {
    let sessions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let found: BTreeSet<String> = fs::read_dir(sessions)
        .expect("tests/sessions is there")
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    let played: BTreeSet<String> = PAGES.iter().map(|page| format!("{page}.md")).collect();
    assert_eq!(played, found, "list every page of tests/sessions in `transcripts!`");
    let index = text(INDEX);
    let links = index.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link.to_owned());
    let listed: BTreeSet<String> = links.filter(|link| !link.contains('/')).collect();
    assert_eq!(listed, found, "list every page of tests/sessions in {INDEX}");
}

#[test]
fn sql_is_typed_as_a_terminal_runs_it() {
    let pages = PAGES.iter().map(|page| format!("tests/sessions/{page}.md"));
    for path in pages.chain(["README.md".to_owned(), INDEX.to_owned()]) {
        for part in document::parts(&text(&path)) {
            let Action::Enter(entry) = &part.action else { continue };
            let is_sql = classify(entry, &|_| false) == Language::Sql;
            assert!(!is_sql || is_ended(entry), "{path}:{}: end it in a `;`: {entry}", part.line);
        }
    }
}

#[test]
fn every_page_begins_with_its_purpose() {
    for page in PAGES {
        let text = text(&format!("tests/sessions/{page}.md"));
        let opening: Vec<&str> = text.lines().take(3).collect();
        let is_purpose = matches!(opening[..], [title, "", purpose]
            if title.starts_with("# ") && purpose.starts_with(char::is_alphabetic));
        assert!(is_purpose, "begin {page}.md with a title and a sentence on what it is for");
    }
}
