//! The commands of the prompt in a book that has imported tables and no facts: what they say is of what the book has.

use crate::scratch;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A book with two tables: one that was read from a workbook, and one with a total.
fn book(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    let aid =
        "id,donor,amount,currency\nN1,Norland,\"1,200,500\",NOK\nS1,Sudland,320,DKK\nO1,Ostmark,undisclosed,EUR\n";
    fs::write(directory.join("aid.csv"), aid).expect("the directory is writable");
    fs::write(directory.join("list.csv"), "what;amount (EUR)\nGrant;1,5\nLoan;2,25\nTotal;3,75\n").expect("it is");
    let text =
        ["aid.csv", "--type", "amount=text", "-o", "aid.xlsx", "-c", "select id, donor, amount, currency from aid"];
    run(&directory, &text, true);
    run(&directory, &["init", "own.db", "--empty"], true);
    run(&directory, &["own.db", "import", "aid.xlsx", "--sheet", "result", "--unit", "amount=@currency"], true);
    run(&directory, &["own.db", "import", "list.csv"], true);
    directory
}

/// What the program prints for these arguments, both streams.
fn run(directory: &Path, arguments: &[&str], succeeds: bool) -> String {
    let mut command = scratch::command(scratch::program(), directory);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("the program runs");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("the program prints UTF-8");
    assert!(output.status.success() || !succeeds, "{arguments:?}: {printed}");
    printed
}

/// Entries, and what their answers have and have not.
const ENTRIES: &[(&str, &[&str], &[&str])] = &[
    (".tables", &["imported tables", "aid, list"], &[]),
    (".facts", &["this book has no facts"], &[]),
    (".facts grant", &["this book has no facts"], &["nor a form of it"]),
    (".unknowns grant", &["this book has no open questions"], &[]),
    (".find grant", &["S2:1", "Grant"], &[]),
    (".assume", &["nothing is assumed", "`.assumptions`"], &["F30"]),
    (".last", &["select * from aid"], &["pledges"]),
    (".why", &["ask for a number first, as `select amount from aid`"], &["F29"]),
    (".why S1:9", &["`aid` has the records `S1:1` to `S1:3`"], &[".facts"]),
    (".why S7:1", &["this book has no facts: `.tables` lists its tables"], &[]),
    (".why F29", &["this book has no facts"], &["`.facts`"]),
    (".why S1:1", &["line 2 of aid.xlsx, sheet `result`", "1,200,500 NOK [S1:1], written \"1,200,500\""], &[]),
    (".why S1:3", &["unknown: withheld", "written \"undisclosed\""], &[]),
    (".why S2:2", &["line 3 of list.csv", "2.25 EUR [S2:2], written \"2,25\""], &["sheet"]),
    ("S1", &["tracker", "the table in `aid.xlsx`"], &[]),
    (".check '2.25 EUR'", &["STATED: S2:2 states it, line 3 of list.csv"], &[]),
    (".check '320 DKK'", &["line 3 of aid.xlsx, sheet `result`"], &[]),
    ("select * from adi", &["did you mean `aid`?"], &[]),
    ("query(\"select * from list\").sum(\"amount_eur\")", &["3.75 EUR  [S2:1-2]", "1 total of other rows"], &[]),
];

#[test]
fn commands_speak_of_what_a_book_of_tables_has() {
    let directory = book("walk");
    for (entry, has, has_not) in ENTRIES {
        let printed = run(&directory, &["own.db", "-c", entry], false);
        let one_line = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = |part: &&&str| one_line.contains(&part.split_whitespace().collect::<Vec<_>>().join(" "));
        assert!(has.iter().all(|part| said(&part)), "{entry} lacks one of {has:?}: {printed}");
        assert!(!has_not.iter().any(|part| said(&part)), "{entry} has one of {has_not:?}: {printed}");
    }
    let schema = run(&directory, &["own.db", "-c", ".schema"], true);
    assert!(schema.starts_with("aid "), "what was imported goes first: {schema}");
}
