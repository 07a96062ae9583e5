//! Characters that move the cursor, recolour, reorder or hide, in every place from which text comes: none arrives as it
//! is where people read. What only a terminal shows, as colours of the command line's parser, is not looked at here.

use crate::hostile::{Answer, ask, scratch, shell};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Such characters, each beside a letter, without NUL, which no word and no file name can have.
fn wild() -> String {
    let controls = (1..32_u32).chain(0x7f..=0x9f).filter_map(char::from_u32);
    let others = "\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2028}\u{2029}\u{2060}\
                  \u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{fff9}\u{e0041}";
    controls.chain(others.chars()).flat_map(|c| ['x', c]).collect()
}

/// The same without line ends, for what has one line.
fn wild_line() -> String {
    wild().replace(['\n', '\r'], "")
}

#[track_caller]
fn check(what: &str, answer: &Answer) {
    let wild: BTreeSet<char> = wild().chars().filter(|c| !matches!(c, '\n' | '\t' | 'x')).collect();
    for (name, text) in [("standard output", &answer.out), ("standard error", &answer.err)] {
        let found = text.chars().find(|c| wild.contains(c));
        let shown: String = text.escape_debug().take(600).collect();
        assert_eq!(found, None, "{what}, {name}: {shown}");
    }
}

const FORMATS: [&str; 4] = ["table", "line", "markdown", "html"];

#[track_caller]
fn in_every_format(what: &str, directory: &Path, arguments: &[&str]) {
    for format in FORMATS {
        let answer = ask(directory, &[&["--format", format], arguments].concat());
        assert!(!answer.out.is_empty() || !answer.err.is_empty());
        check(&format!("{what} as {format}"), &answer);
    }
}

#[test]
fn cells_and_headings() {
    let directory = scratch::directory("hostile_terminal_cells");
    let text = wild();
    in_every_format("a cell", &directory, &["-c", &format!("select '{text}' as a, 'x' as b")]);
    in_every_format("a heading", &directory, &["-c", &format!("select 1 as \"{text}\"")]);
    in_every_format("one value", &directory, &["-c", &format!("let a = `{}`; a", wild_line())]);
    in_every_format("a map", &directory, &["-c", &format!("#{{\"a\": `{}`}}", wild_line())]);
    in_every_format("an array", &directory, &["-c", &format!("[`{}`]", wild_line())]);
    in_every_format("NULL", &directory, &["--null", &text, "-c", "select null as a, 1 as b"]);
}

#[test]
fn what_a_script_writes() {
    let directory = scratch::directory("hostile_terminal_script");
    let line = wild_line();
    for (what, script) in [
        ("print", format!("print(`{line}`)")),
        ("debug", format!("debug(`{line}`)")),
        ("a thrown text", format!("throw `{line}`")),
        ("a metric", format!("metric(`{line}`, F29, `{line}`)")),
        ("an expectation", format!("expect(false, `{line}`)")),
        ("a name of a quantity", format!("q(`5 {line}`)")),
        ("a bar chart", format!("query(\"select '{line}' as a, 1 as n\").bar(\"a\", \"n\")")),
        ("a query", format!("query(`select {line} from`)")),
        ("an import", format!("import `{line}` as a;")),
        ("a name of nothing", format!("nothing{line}")),
        ("a call of nothing", format!("F29.`{line}`()")),
    ] {
        in_every_format(what, &directory, &["-c", &script]);
    }
    let script =
        format!("// {line}\n//\n// {line}\n//\n// a: text = \"{line}\" — {line}\nprint(a); F29 + F30 // {line}\n");
    fs::write(directory.join("it.rhai"), &script).expect("it is writable");
    in_every_format("a script", &directory, &["it.rhai"]);
    check("help of a script", &ask(&directory, &["run", "it.rhai", "--help"]));
    check("a wrong parameter", &ask(&directory, &["run", "it.rhai", &format!("--{line}")]));
    check("its examples", &ask(&directory, &["test", "it.rhai"]));
}

#[test]
fn what_a_book_says() {
    let directory = scratch::directory("hostile_terminal_book");
    let book = scratch::book(&directory.join("it.db"));
    let columns: Vec<(String, String)> = {
        let sql = "select t.name, c.name from sqlite_schema t, pragma_table_xinfo(t.name) c where t.type = 'table' \
                   and c.type = 'TEXT' and c.pk = 0";
        let mut statement = book.prepare(sql).expect("the schema can be read");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("it can be read");
        rows.map(|row| row.expect("two names")).collect()
    };
    let mut spoilt = 0;
    for (table, column) in &columns {
        // What is a code or of a form can't be spoilt: the schema checks it.
        let sql = format!("update or ignore \"{table}\" set \"{column}\" = \"{column}\" || ?1");
        spoilt += usize::from(book.execute(&sql, [wild_line()]).is_ok());
    }
    assert!(spoilt > 10, "{spoilt} of {columns:?}");
    drop(book);
    let questions = [
        "select * from facts",
        "select * from pledges",
        "select * from actors",
        "select * from unknowns",
        "select * from sources",
        "F29 / F30",
        "U11",
        "F29",
        ".unknowns",
        ".tables",
        ".facts coalition",
        ".units",
    ];
    in_every_format("questions", &directory, &["it.db", "--notes", "full", "-c", &questions.join(";\n")]);
    in_every_format("why", &directory, &["it.db", "-c", "F29 / F30\n.why\n.cite"]);
    in_every_format("a script", &directory, &["it.db", "run", "pledged_per_missile"]);
    in_every_format("a script of people", &directory, &["it.db", "run", "about_actor", "--actor", "Starmer"]);
    check("check", &ask(&directory, &["it.db", "check", "5,000 missiles"]));
}

#[test]
fn names_of_files_and_words() {
    let directory = scratch::directory("hostile_terminal_names");
    let name = wild_line().replace('/', "");
    let short: String = name.chars().take(60).collect();
    fs::write(directory.join(format!("{short}.rhai")), "F29 + F30\n").expect("it is writable");
    fs::write(directory.join(format!("{short}.sql")), "select nowhere\n").expect("it is writable");
    fs::write(directory.join(format!("{short}.db")), "nothing").expect("it is writable");
    for arguments in [
        vec![format!("{short}.rhai")],
        vec!["-f".to_owned(), format!("{short}.sql")],
        vec![format!("{short}.db")],
        vec![name.clone()],
        vec!["-f".to_owned(), name.clone()],
        vec!["-o".to_owned(), format!("nowhere/{name}.csv"), "-c".to_owned(), "select 1".to_owned()],
        vec!["-o".to_owned(), name.clone(), "-c".to_owned(), "select 1".to_owned()],
        vec!["run".to_owned(), name.clone()],
        vec!["help".to_owned(), name.clone()],
        vec!["check".to_owned(), name.clone()],
        vec!["--format".to_owned(), name.clone()],
        vec!["--notes".to_owned(), name.clone()],
        vec!["--color".to_owned(), name.clone()],
        vec![format!("--{name}")],
        vec![format!("-{name}")],
        vec!["completions".to_owned(), name.clone()],
        vec!["--assume".to_owned(), format!("F30={name}"), "-c".to_owned(), "F29".to_owned()],
        vec!["--assume".to_owned(), name.clone(), "-c".to_owned(), "F29".to_owned()],
        vec!["run".to_owned(), "pledged_per_missile".to_owned(), "--places".to_owned(), name.clone()],
        vec!["run".to_owned(), "pledged_per_missile".to_owned(), "--pledge".to_owned(), name.clone()],
        vec!["-c".to_owned(), format!(".{name}")],
        vec!["-c".to_owned(), format!(".read {name}")],
        vec!["-c".to_owned(), format!(".mode {name}")],
        vec!["-c".to_owned(), format!(".schema {name}")],
    ] {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = ask(&directory, &words);
        check(&format!("{:?}", words.first()), &answer);
    }
}

#[test]
fn errors_of_sql() {
    let directory = scratch::directory("hostile_terminal_errors");
    let line = wild_line();
    for sql in [
        format!("select '{line}' from nowhere"),
        format!("select \"{line}\" from facts"),
        format!("select * from \"{line}\""),
        format!("select \"{line}\"(1)"),
        format!("select {line}"),
        format!("select q('{line}')"),
        format!("select q_convert(amount, '{line}') from pledges"),
        format!("pragma \"{line}\""),
        format!("attach '{line}' as a"),
        format!("create table \"{line}\"(a)"),
        format!("select json('{line}')"),
        format!("select 'a' regexp '{line}['"),
        format!("select 1 as \"{line}\" union select"),
        format!("select amount + '{line}' from pledges"),
        format!("with \"{line}\" as (select 1) select * from \"{line}\" where nowhere"),
        format!("select 1 /* {line}"),
        format!("select :{line}"),
        format!("select :nothing -- {line}"),
        format!("create temp view \"{line}\" as select nowhere; select * from \"{line}\""),
    ] {
        in_every_format(&sql.escape_debug().to_string(), &directory, &["-c", &sql]);
    }
}

#[test]
fn ordinary_text_stays_as_it_is() {
    let directory = scratch::directory("hostile_terminal_ordinary");
    for text in
        ["e\u{301}", "👩\u{200d}🚀", "می\u{200c}خواهم", "北京", "क्\u{200d}ष", "❤\u{fe0f}", "🇬🇧", "שלום", "C:\\new"]
    {
        for format in FORMATS {
            let answer =
                ask(&directory, &["--format", format, "-c", &format!("select '{text}' as a, 1 as \"b{text}\"")]);
            assert_eq!(answer.code, Some(0));
            assert!(answer.out.contains(text) || format == "markdown" && text.contains('\\'), "{text}: {answer:?}");
        }
    }
}

#[test]
fn json_errors_are_of_one_line() {
    let directory = scratch::directory("hostile_terminal_json");
    let answer = ask(&directory, &["--errors", "json", "-c", &format!("throw `{}`", wild_line())]);
    assert_eq!(answer.err.lines().count(), 1, "{answer:?}");
    let answer = shell(&directory, "pledgebook --errors json -f nowhere.sql");
    assert!(answer.err.starts_with("{\"error\":"), "{answer:?}");
}
