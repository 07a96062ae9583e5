//! A book whose own views and tables bear the names that the program's views are made of: a name opens nothing, and nothing
//! that needs none is refused for it.

use super::bundled;
use super::printed::Printed;
use pledgebook::session::Session;
use pledgebook::store::{self, RESERVED_PREFIX};
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names by which the program itself once knew its own views and the tables behind them.
const FORMER: [&str; 7] = ["stated", "last", "_", "held_last", "held_last_1", "held_table_1", "q_text"];

/// The parts of the definitions in `schema.sql`, as they stand before `AS (`.
fn parts() -> BTreeSet<String> {
    let schema = store::bundled::SCHEMA.replace(" NOT MATERIALIZED", "").replace(" MATERIALIZED", "");
    let found = schema.match_indices(" AS (").map(|(at, _)| {
        let before = schema[..at].trim_end();
        let before = before.strip_suffix(')').map_or(before, |list| &list[..list.rfind('(').expect("it opens")]);
        before.trim_end().rsplit([' ', '\n', ',', '(']).next().expect("a word").to_owned()
    });
    found.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect()
}

/// A book with more in its schema, in a file of its own.
fn changed(name: &str, change: &str) -> PathBuf {
    let connection: Connection = bundled();
    connection.execute_batch(change).expect(change);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("names_{name}.db"));
    let _ = fs::remove_file(&path);
    connection
        .execute("vacuum into ?", [path.to_str().expect("the directory's name is UTF-8")])
        .expect("it is written");
    path
}

/// What a statement answers, or how its error begins.
fn ask(session: &mut Session, sql: &str) -> String {
    let answer = Printed::default();
    let output = session.output(answer.clone(), std::io::sink(), false);
    let error = session.eval(&Text::new("test", sql), None, &output).err();
    drop(output);
    let answer = String::from_utf8(answer.0.take()).expect("the program prints UTF-8");
    error.map_or(answer, |error| format!("error: {error}"))
}

fn opened(path: &Path) -> Session {
    let mut session = Session::open(Some(path)).expect("the book opens");
    session.settings.format = Format::Csv;
    session
}

#[test]
fn the_parts_of_the_schema_are_found() {
    let parts = parts();
    for name in ["money", "goods", "statement", "part"] {
        assert!(parts.contains(name), "{name} is not among {parts:?}");
    }
}

#[test]
fn a_view_of_the_book_reads_no_figure_whatever_its_name() {
    for name in parts().iter().map(String::as_str).chain(FORMER) {
        let change = format!(
            "create view \"{name}\" as select fact, quantity, amount, value from figure;
             create view mine as with \"{name}\" (q) as (select quantity from figure) select q from \"{name}\";"
        );
        let path = changed(name, &change);
        let mut session = opened(&path);
        for sql in [
            format!("select quantity * 2 from \"{name}\""),
            format!("select amount + 1 from \"{name}\" where fact = 'F29'"),
            format!("select max(value) from \"{name}\""),
            format!("select quantity from \"{name}\""),
            "select q * 2 from mine".to_owned(),
            format!("with \"{name}\" as (select quantity as q from figure) select q * 2 from \"{name}\""),
            format!("create temp view v as select quantity as q from \"{name}\"; select q * 2 from v"),
        ] {
            let answer = ask(&mut session, &sql);
            assert!(answer.starts_with("error: ") && answer.contains("can't read `figure."), "{name}: {sql}: {answer}");
        }
        let answer = ask(&mut session, "select amount from pledges");
        assert!(answer.contains("1600000000,GBP,proposed,F29,"), "{name}: {answer}");
        fs::remove_file(&path).expect("the book can be removed");
    }
}

#[test]
fn a_view_of_such_a_name_that_reads_no_figure_is_answered() {
    for name in parts().iter().map(String::as_str).chain(FORMER) {
        let path = changed(&format!("plain_{name}"), &format!("create view \"{name}\" as select 5 as n"));
        let mut session = opened(&path);
        for (sql, expected) in [
            (format!("select n * 2 as m from \"{name}\""), "m\n10\n"),
            (format!("with \"{name}\" as (select 7 as n) select n + 1 as m from \"{name}\""), "m\n8\n"),
        ] {
            assert_eq!(ask(&mut session, &sql), expected, "{name}: {sql}");
        }
        fs::remove_file(&path).expect("the book can be removed");
    }
}

#[test]
fn no_file_has_a_name_of_the_programs_own() {
    for (at, change) in [
        format!("create view {RESERVED_PREFIX}money as select quantity from figure"),
        format!("create view v as with \"{}stated\" (q) as (select quantity from figure) select q from {RESERVED_PREFIX}stated", RESERVED_PREFIX.to_uppercase()),
        format!("create table {RESERVED_PREFIX}last_1 (c0)"),
        format!("create view last as select {RESERVED_PREFIX}quantity('5 GBP [F29]', 'x') as x"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = changed(&format!("own_{at}"), &change);
        let error = Session::open(Some(&path)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(RESERVED_PREFIX), "{change}: {error}");
        fs::remove_file(&path).expect("the book can be removed");
    }
}
