//! The licence of a source: kept, shown and taken away with it; and books that were made before there was a column for it, or for
//! who takes part.

use super::empty_book;
use crate::scratch;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// What the program prints for these arguments.
fn run(directory: &Path, arguments: &[&str]) -> String {
    let mut command = scratch::command(scratch::program(), directory);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("the program prints UTF-8")
}

#[test]
fn a_licence_is_kept_shown_and_taken_away() {
    let book = empty_book("licence");
    let directory = book.parent().expect("it is in one");
    fs::write(directory.join("aid.csv"), "who,amount\na,5\n").expect("the directory is writable");
    let report = run(directory, &["book.db", "import", "aid.csv", "--licence", "CC BY 4.0"]);
    assert!(report.contains("licence = \"CC BY 4.0\""), "{report}");
    // The next release has it too, and its own goes before.
    let options = "licence = \"https://example.org/terms\"\nunit.amount = \"EUR\"\n";
    fs::write(directory.join("options.toml"), options).expect("the directory is writable");
    run(directory, &["book.db", "import", "aid.csv", "--as", "again"]);
    run(directory, &["book.db", "import", "aid.csv", "--as", "other", "--options", "options.toml"]);
    let shown = run(directory, &["book.db", "--csv", "-c", "select id, licence from sources"]);
    assert_eq!(shown, "id,licence\nS1,CC BY 4.0\nS2,CC BY 4.0\nS3,https://example.org/terms\n");
    assert!(run(directory, &["book.db", "-c", ".why S1:1"]).contains("licence CC BY 4.0"));
    run(directory, &["book.db", "export", "package"]);
    let text = fs::read_to_string(directory.join("package/datapackage.json")).expect("it is written");
    let package: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let of = |name: &str| {
        let resources = package["resources"].as_array().expect("a list");
        resources.iter().find(|resource| resource["name"] == name).expect("it is there")["licenses"].clone()
    };
    assert_eq!(of("aid"), serde_json::json!([{ "name": "CC-BY-4.0", "title": "CC BY 4.0" }]));
    assert_eq!(of("other"), serde_json::json!([{ "path": "https://example.org/terms" }]));
    assert_eq!(of("sources"), serde_json::Value::Null);
    assert_eq!(package["sources"][0]["licence"], "CC BY 4.0");
    let readme = fs::read_to_string(directory.join("package/README.md")).expect("it is written");
    assert!(readme.contains("CC BY 4.0"), "{readme}");
}

#[test]
fn a_book_of_before_opens_and_gets_the_columns_with_the_next_import() {
    let book = empty_book("licence_before");
    let directory = book.parent().expect("it is in one");
    let before = "drop view sources;
        alter table source drop column licence;
        create view sources as
        select s.id, s.title, s.publisher, s.url, s.published, s.retrieved, s.sha256, s.authority, null as derived_from,
               s.description, s.unknown
        from source s;";
    Connection::open(&book).and_then(|book| book.execute_batch(before)).expect("it can be written");
    fs::write(directory.join("aid.csv"), "who,amount\na,5\n").expect("the directory is writable");
    let ask = ["book.db", "--csv", "-c", "select id, revises, licence from sources"];
    assert_eq!(run(directory, &ask), "id,revises,licence\n");
    run(directory, &["book.db", "export", "facts", "--facts"]);
    run(directory, &["book.db", "check-book"]);
    run(directory, &["book.db", "import", "aid.csv", "--dry-run", "--licence", "CC0"]);
    assert_eq!(run(directory, &ask), "id,revises,licence\n");
    run(directory, &["book.db", "import", "aid.csv", "--licence", "CC0"]);
    assert_eq!(run(directory, &ask), "id,revises,licence\nS1,,CC0\n");
    assert!(run(directory, &["book.db", "-c", ".why S1:1"]).contains("licence CC0"));
    run(directory, &["book.db", "check-book"]);
}

#[test]
fn participants_of_a_book_of_before_have_no_word_on_who_takes_part() {
    let book = empty_book("participants_before");
    let directory = book.parent().expect("it is in one");
    let before = "drop view participants;
        alter table participation drop column takes_part;
        create view participants as
        select a.name as actor, a.kind, 'group' as in_kind, null as in_what, p.role, null as number, 'asserted' as certainty, p.fact
        from participation p left join actor a on a.id = p.actor;";
    Connection::open(&book).and_then(|book| book.execute_batch(before)).expect("it can be written");
    fs::write(directory.join("aid.csv"), "who,amount\na,5\n").expect("the directory is writable");
    let ask = ["book.db", "--csv", "-c", "select count(*) as n from participants where takes_part is null"];
    assert_eq!(run(directory, &ask), "n\n0\n");
    run(directory, &["book.db", "export", "facts", "--facts"]);
    run(directory, &["book.db", "import", "aid.csv"]);
    let columns =
        ["book.db", "--csv", "-c", "select name from pragma_table_info('participants') where name = 'takes_part'"];
    assert_eq!(run(directory, &columns), "name\ntakes_part\n");
    run(directory, &["book.db", "check-book"]);
}
