//! Databases that are no books, made to do harm to whoever asks them.

use crate::hostile::{Answer, ask, files, scratch};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory with a database made by this SQL.
pub(crate) fn made(name: &str, sql: &str) -> PathBuf {
    let directory = scratch::directory(&format!("hostile_{name}"));
    let connection = Connection::open(directory.join("it.db")).expect("it can be made");
    connection.execute_batch(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    directory
}

/// Asks the database of a directory, in which nothing may change.
#[track_caller]
pub(crate) fn asked(directory: &Path, question: &str) -> Answer {
    let before = files(directory);
    let answer = ask(directory, &["it.db", "-c", question]);
    assert!(before == files(directory), "a file is changed: {question}");
    answer
}

#[track_caller]
fn check(name: &str, sql: &str, questions: &[(&str, i32, &str)]) {
    let directory = made(name, sql);
    for (question, code, words) in questions {
        asked(&directory, question).is(*code, words);
        asked(&directory, ".tables").is(0, "");
        asked(&directory, ".schema").is(0, "");
    }
}

#[test]
fn views_over_what_is_not_there() {
    let sql = "create table t(a); create view v as select nowhere(a) as x from t; create view w as select * from gone; \
               create view e as select load_extension('x') as y;";
    check(
        "missing",
        sql,
        &[
            ("select * from v", 1, "there is no SQL function `nowhere`"),
            ("select * from w", 1, "gone"),
            ("select * from e", 1, "load_extension"),
        ],
    );
}

#[test]
fn tables_of_an_index_are_read_and_not_written() {
    let sql = "create virtual table places using rtree(id, west, east); insert into places values (1, 1, 2), (2, 3, 4);
               create virtual table whole using rtree_i32(id, low, high, +note); insert into whole values (1, 2, 3, 'x');
               create virtual table five using fts5(text); insert into five values ('hello world');
               create virtual table four using fts4(text); insert into four values ('hello there');
               create view seen as select id from places where west > 2; create table places_nodes(a);";
    let changes = [
        "insert into places values (9, 1, 2)",
        "delete from places",
        "update whole set low = 1",
        "insert into places_node values (9, x'00')",
        "delete from places_rowid",
        "update places_parent set parentnode = 1",
        "insert into places_nodes values (1)",
        "insert into five values ('more')",
        "insert into five(five) values ('optimize')",
        "delete from four",
        "update five_content set c0 = 'x'",
    ];
    let questions = [
        ("select count(*) || '!' from places", 0, "2!"),
        ("select id, low, note from whole where high < 9", 0, "x"),
        ("select * from seen", 0, "2"),
        ("explain query plan select * from places where west > 2", 0, "VIRTUAL TABLE"),
        ("select text from five('hello')", 0, "hello world"),
        ("select snippet(five, 0, '<', '>', '…', 5) as s from five where five match 'world'", 0, "<world>"),
        ("select text from four where text match 'there'", 0, "hello there"),
        ("select * from places_node", 0, "nodeno"),
        ("pragma integrity_check", 0, "ok"),
        ("query(\"select * from places\").len()", 0, "2"),
    ];
    check("index", sql, &questions);
    check("index", sql, &changes.map(|change| (change, 6, "a question can't write to the book")));
}

/// A database with a name that is no UTF-8 in the place of `name`.
fn with_bytes(sql: &str, name: &str) -> PathBuf {
    let directory = made("bytes", sql);
    let path = directory.join("it.db");
    let mut bytes = fs::read(&path).expect("it was made");
    for at in 0..bytes.len() {
        if bytes[at..].starts_with(name.as_bytes()) {
            bytes[at + 1] = 0xff;
        }
    }
    fs::write(&path, bytes).expect("it is writable");
    directory
}

#[test]
fn what_has_a_name_that_is_no_utf8_can_not_be_asked_for_and_the_rest_can() {
    let is_told = |directory: &Path, question: &str, words: &str| {
        asked(directory, question).is(1, words);
        let answer = ask(directory, &["it.db", "--errors", "json", "-c", question]);
        let told: serde_json::Value = serde_json::from_str(&answer.err).expect("an error is one document");
        assert!(told["error"]["message"].as_str().is_some_and(|message| message.contains(words)), "{told}");
    };
    let sql = "create table t(qzy, b); insert into t values (1, 2);";
    let column = with_bytes(sql, "qzy");
    is_told(&column, "select * from t", "the name `t.q\u{fffd}y` is not valid UTF-8");
    is_told(&column, "query(\"select * from t\")", "is not valid UTF-8");
    is_told(&column, "select qz from t", "`t` has no column `qz`");
    asked(&column, "select b from t").is(0, "2");
    asked(&column, "select count(*) from t").is(0, "1");
    asked(&column, ".schema t").is(0, "CREATE TABLE t(q\u{fffd}y, b)");
    for (sql, question, words) in [
        ("create table qzy(a); create table t(b); insert into t values (7);", "select b from t", "7"),
        (
            "create table t(b); insert into t values (7); create view v as select b as qzy from t;",
            "select b from t",
            "7",
        ),
        ("create table t(b); insert into t values (7); create view qzy as select 1;", "select b from t", "7"),
        ("create table t(b); create index qzy on t(b); insert into t values (7);", "select b from t where b > 6", "7"),
        ("create table t(b, c default 'qzy'); insert into t(b) values (7);", "select b from t", "7"),
    ] {
        let directory = with_bytes(sql, "qzy");
        asked(&directory, question).is(0, words);
        asked(&directory, ".tables").is(0, "t");
        asked(&directory, ".schema").is(0, "CREATE TABLE");
    }
    let view = with_bytes("create table t(b); create view v as select b as qzy from t;", "qzy");
    is_told(&view, "select * from v", "is not valid UTF-8");
}

#[test]
fn views_upon_views_upon_views() {
    let views: Vec<String> =
        (1..40).map(|n| format!("create view v{n} as select a.x from v{0} a, v{0} b;", n - 1)).collect();
    let sql = format!("create view v0 as select 1 as x; {}", views.concat());
    check(
        "chain",
        &sql,
        &[("select count(*) from v3", 0, "1"), ("select count(*) from v39", 4, "a limit was reached")],
    );
}

#[test]
fn triggers_and_defaults_that_call_functions() {
    let sql = "create table t(a default (hex(randomblob(9)))); insert into t values (1); \
               create trigger before_it before insert on t begin select load_extension('/tmp/x'); end; \
               create trigger after_it after delete on t begin insert into t values (q_sum(1)); end;";
    check("triggers", sql, &[("select * from t", 0, "1"), ("delete from t", 6, "can't write to the book")]);
}

#[test]
fn columns_of_hundreds_of_megabytes() {
    let sql = "create table g(a, b generated always as (zeroblob(400000000)) virtual, \
               c generated always as (printf('%.*c', 400000000, 'x')) virtual); insert into g(a) values (1), (2);";
    let limit = "a limit was reached";
    check(
        "generated",
        sql,
        &[
            ("select * from g", 4, limit),
            ("select length(b) from g", 4, limit),
            ("select substr(c, 1, 2) from g", 4, limit),
            ("select a from g", 0, "2"),
        ],
    );
}

#[test]
fn names_of_the_book_on_something_else() {
    let sql = "create table plan(amount); create view facts as select 1 as id, '5 GBP' as quantity; \
               create view fact as select 2 as id; create table pledges(amount); insert into pledges values ('5 GBP');";
    check("names", sql, &[("select * from facts", 0, "5 GBP"), ("select q_unit(amount) from pledges", 1, "")]);
    let directory =
        made("names_of_a_book", &format!("{sql} pragma application_id = 0x504C4447; pragma user_version = 1;"));
    asked(&directory, "select * from facts").is(3, "can't open `it.db` as a book");
}

#[test]
fn very_many_columns_and_very_long_names() {
    let columns: Vec<String> = (0..2000).map(|n| format!("c{n}")).collect();
    let sql = format!("create table t({}); create table \"{}\"(a);", columns.join(","), "n".repeat(500_000));
    check("wide", &sql, &[("select * from t", 0, "c1999"), ("select nowhere from t", 1, "no column")]);
}

#[test]
fn names_and_texts_that_are_no_utf_8() {
    let directory = made("bytes", "create table t(a text); insert into t values (cast(x'41fffe' as text));");
    asked(&directory, "select * from t").is(0, "A\u{fffd}\u{fffd}");
    asked(&directory, "select length(a), upper(a) from t").is(0, "");
    let path = made("bytes_names", "create table x_t(a_column); create view v_n as select 1 as c_n;");
    let bytes = fs::read(path.join("it.db")).expect("it can be read");
    for (name, bad) in [("x_t", 0xFF), ("a_column", 0xFE), ("v_n", 0xC3), ("c_n", 0x80)] {
        let mut spoilt = bytes.clone();
        for at in 0..spoilt.len().saturating_sub(name.len()) {
            if &spoilt[at..at + name.len()] == name.as_bytes() {
                spoilt[at + 1] = bad;
            }
        }
        fs::write(path.join("it.db"), spoilt).expect("it can be written");
        for question in
            [".tables", ".schema", "select * from x_t", "select * from v_n", "F29", "select * from sqlite_schema"]
        {
            let answer = asked(&path, question);
            assert!(matches!(answer.code, Some(0..=3)), "{name}, {question}: {answer:?}");
        }
    }
}

#[test]
fn a_schema_that_no_sql_would_make() {
    let loops = "pragma writable_schema = on; \
                 insert into sqlite_schema values ('view', 'round', 'round', 0, 'create view round as select * from round');";
    let directory = made("loop", &format!("create table t(a); {loops}"));
    asked(&directory, "select * from round").is(1, "round");
    let broken = "insert into sqlite_schema values ('table', 'bad', 'bad', 2, 'create tabel bad(');";
    let directory = made("malformed", &format!("create table t(a); pragma writable_schema = on; {broken}"));
    asked(&directory, "select 1").is(3, "the database is damaged");
}

#[test]
fn an_endless_view_ends_with_ctrl_c() {
    let sql = "create view endless as with recursive t(n) as (select 1 union all select n + 1 from t) select n from t;";
    let directory = made("endless", sql);
    let line = "timeout -s INT 2 pledgebook it.db -c 'select count(*) from endless'; test $? = 124 -o $? = 130";
    let answer = crate::hostile::shell(&directory, line);
    assert_eq!(answer.code, Some(0), "{answer:?}");
}
