//! A book and scripts whose texts try to be more than texts: on a page they are words.

use super::{all, read, run, scratch, structure, texts, written};
use std::fs;

/// Texts that would be markup, leave an attribute, turn the direction of what follows, or be wider than a page.
fn hostile() -> String {
    let word = "w".repeat(300);
    format!(
        "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> &amp; </style></title>--> \u{202e}gpj.exe\u{7} \u{645}\u{631}\u{62d}\u{628}\u{627} {word}"
    )
}

/// The same as far as it fits where a book has few letters.
const SHORT: &str = "<script>alert(1)</script>\"'>\u{202e}gpj.exe\u{7} مرحبا";

/// A book in which every kind of text is hostile.
fn book(directory: &std::path::Path) {
    let book = scratch::book(&directory.join("own.db"));
    let long = hostile();
    for (sql, text) in [
        ("update fact set gloss = ?1 || id", SHORT),
        ("update source set description = ?1", &long),
        ("update unknown set question = ?1 || id, short = ?1", SHORT),
        ("update tension set statement = ?1 || id, handling = ?1", &long),
        ("update event set label = ?1 || id", &long),
    ] {
        book.execute(sql, [text]).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// What no text may leave behind.
#[track_caller]
fn check_escaped(page: &str) {
    structure::check(page);
    let mut before: Vec<&str> = page.split("alert(1)").collect();
    before.pop();
    for text in before {
        assert!(text.ends_with("&lt;script&gt;") || text.ends_with("onerror="), "{text}");
    }
    for markup in ["<script", "<img", "\u{202e}", "\u{7}"] {
        assert!(!page.contains(markup), "{markup:?}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("</title>").count(), 1);
}

#[test]
fn a_hostile_notice_is_words() {
    let directory = scratch::directory("page_hostile_notice");
    fs::write(directory.join("t.csv"), "id,amount_eur\n1,5\n2,\n").expect("the table is written");
    let sql = "select sum(amount_eur) as \"<script>alert(1)</script>\" from t";
    let page = written(&directory, "hostile.html", &["t.csv", sql]);
    check_escaped(&page);
    assert!(page.contains("Notice: 1 of 2 rows has no amount_eur"), "{page}");
    let sql = "select '<script>alert(1)</script>' + 1";
    let page = written(&directory, "hostile.html", &["-c", sql]);
    check_escaped(&page);
    assert!(page.contains("Notice: ") && page.contains("&lt;script&gt;alert(1)"), "{page}");
}

#[test]
fn a_hostile_book_is_words() {
    let directory = scratch::directory("page_hostile");
    book(&directory);
    for question in [
        &["run", "pledged_per_missile"][..],
        &["run", "order_of_events"],
        &["report", "--all"],
        &["-c", "select * from facts"],
        &["-c", "select * from unknowns"],
    ] {
        let page = written(&directory, "hostile.html", &[&["--db", "own.db"], question].concat());
        check_escaped(&page);
        assert!(page.contains("\\u{202e}gpj.exe\\u{7}") && page.contains("مرحبا"), "{question:?}");
    }
}

#[test]
fn hostile_scripts_and_statements_are_words() {
    let directory = scratch::directory("page_hostile_scripts");
    let text = hostile().replace(['\\', '`'], "");
    let rows = format!("[#{{a: `{text}`, b: 1}}, #{{a: `x`, b: 2}}]");
    let script = format!(
        "// {text}\n// question: {text}\n\ntitle(`{text}`); show({rows}); metric(`{text}`, F29, `{text}`); answer(`{text}`); print(`{text}`);\n"
    );
    fs::write(directory.join("h.rhai"), script).expect("it is written");
    check_escaped(&written(&directory, "h.html", &["report", "h.rhai", "pledged_per_missile"]));
    let sql = format!("select '{}' as \"{}\"", text.replace('\'', "''"), text.replace('"', "\"\""));
    check_escaped(&written(&directory, "s.html", &["-c", &sql]));
    fs::write(directory.join("e.rhai"), format!("throw `{text}`;")).expect("it is written");
    assert_eq!(run(&directory, &["report", "e.rhai", "-o", "e.html"]).code, Some(1));
    check_escaped(&fs::read_to_string(directory.join("e.html")).expect("it was written"));
}

#[test]
fn hostile_texts_are_no_markup_of_markdown() {
    let directory = scratch::directory("page_hostile_markdown");
    book(&directory);
    let page = written(&directory, "h.md", &["--db", "own.db", "run", "pledged_per_missile"]);
    for markup in ["<script", "<img", "\u{202e}"] {
        assert!(!page.contains(markup), "{markup:?}: {page}");
    }
}

#[test]
fn the_stylesheet_alone_is_put_in_as_it_is() {
    let sources = ["page", "chart", "order", "facts", "svg", "table", "checked", "markdown"];
    let unescaped: Vec<String> = sources
        .iter()
        .flat_map(|name| {
            let path = format!("{}/src/report/{name}.rs", env!("CARGO_MANIFEST_DIR"));
            let code = fs::read_to_string(path).expect("the source is there");
            code.lines().filter(|line| line.contains("PreEscaped(")).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(unescaped.len(), 1, "{unescaped:?}");
    assert!(unescaped[0].trim().starts_with("style {"), "{unescaped:?}");
}

#[test]
fn an_id_that_is_none_is_no_link() {
    let directory = scratch::directory("page_ids");
    let page = read(&written(&directory, "i.html", &["-c", "select 'F16 jets' as fact, 'A1' as id, 'F29' as facts"]));
    assert_eq!(texts(&page, "td a"), ["F29"]);
    assert_eq!(all(&page, "#F29").len(), 1);
}
