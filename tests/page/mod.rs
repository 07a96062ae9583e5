//! Pages: the answers of scripts and questions as one file of HTML or Markdown, read as a browser reads it.

mod browser;
mod content;
mod forms;
mod hostile;
mod receipts;
mod structure;

use crate::scratch;
use scraper::{ElementRef, Html, Selector};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// The words of a report that has every kind of answer: a number, one under an assumption, a table with groups, an order.
const FOUR: [&str; 5] = [
    "report",
    "pledged_per_missile",
    "pledged_per_missile --assume F30=4500",
    "participants_by_certainty",
    "order_of_events",
];

/// What a process left behind.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in a directory.
fn run(directory: &Path, words: &[&str]) -> Done {
    let mut command = scratch::command(scratch::program(), directory);
    let done = command.args(words).stdin(Stdio::null()).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

/// The page that some words write to a file of this name.
#[track_caller]
fn written(directory: &Path, name: &str, words: &[&str]) -> String {
    let done = run(directory, &[words, &["-o", name, "--force"]].concat());
    assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
    fs::read_to_string(directory.join(name)).expect("the page was written")
}

/// The page as a browser reads it, which finds nothing to mend.
#[track_caller]
fn read(page: &str) -> Html {
    let read = Html::parse_document(page);
    assert!(read.errors.is_empty(), "{:?}", read.errors);
    read
}

/// The elements that a selector names.
fn all<'p>(page: &'p Html, selector: &str) -> Vec<ElementRef<'p>> {
    page.select(&Selector::parse(selector).expect("the selector is one")).collect()
}

/// The words of an element, each run of blanks as one.
fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of every element that a selector names.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(words).collect()
}
