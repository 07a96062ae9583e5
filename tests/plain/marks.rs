//! The mark of a computed REAL for people: a cell as a table stores it has none, and what is computed has it, by whatever way
//! the value took to the result.

use crate::scratch::printed::Printed;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use rusqlite::Connection;
use std::io;

const TABLES: &str = "create table t(id integer primary key, r real, s text, made as (r * 2));
    insert into t(r, s) values (0.1, 'a'), (0.2, 'b'), (2.5, 'a');
    create index by_value on t(r); create index by_product on t(r * 3);
    create view w as select r as x, r * 2 as y from t;
    create table k(a text primary key, b real) without rowid; insert into k values ('q', 0.3);";

/// Statements with the marks in their first row, a character a cell.
const STATEMENTS: &[(&str, &str)] = &[
    ("select r, made from t", ".≈"),
    ("select * from w", ".≈"),
    ("select r from t order by r desc", "."),
    ("select r, s from t order by s, r", ".."),
    ("select distinct r from t", "."),
    ("select r from t group by r", "."),
    ("select b from k", "."),
    ("select a.r, b.b from t a join k b on b.b > a.r", ".."),
    ("with a as (select r from t) select r from a", "."),
    ("select (select r from t), (select sum(r) from t)", ".≈"),
    ("select case when id > 0 then r end from t", "."),
    ("select sum(r), avg(r), total(r), max(r), min(r) from t", "≈≈≈.."),
    ("select s, sum(r), max(r) from t group by s", ".≈."),
    ("select max(r), max(r * 2) from t", ".≈"),
    ("select max(r, 7.5) from t", "≈"),
    ("select r, sum(r) over (order by id), first_value(r) over (order by id) from t", ".≈."),
    ("select r + 0, -r, round(r, 1), abs(r), sqrt(r), cast(r as real), coalesce(r, 0.5), 0.1 from t", "≈≈≈≈≈≈≈≈"),
    ("select r * 3 from t order by r * 3", "≈"),
    ("select r from t union all select r * 2 from t", "≈"),
    ("select x from (select r as x from t union all select r * 2 from t)", "≈"),
    ("select case when id > 1 then r else r * 2 end from t", "≈"),
    ("select r from t union select r from t", "."),
    (
        "with recursive c(x, n) as (select r, 1 from t union all select x + 0.1, n + 1 from c where n < 3) select x from c",
        "≈",
    ),
    ("select total, r from z", "≈≈"),
    ("query(\"select r, r * 2 as d from t\")", ".≈"),
    ("query(\"select r from t\").map(|a| #{a: a.r, b: a.r + a.r})", ".≈"),
    ("let x = value(\"select max(r) from t\"); x", "."),
    ("let x = value(\"select max(r) from t\"); x += x; x", "≈"),
    ("let x = value(\"select max(r) from t\"); -x", "≈"),
];

/// The marks of the first row of an answer.
fn marks(session: &mut Session, statement: &str) -> String {
    let printed = Printed::default();
    let output = session.output(printed.clone(), io::sink(), false);
    session.eval(&Text::new("test", statement), None, &output).expect("the statement runs");
    drop(output);
    let printed = String::from_utf8(printed.0.take()).expect("the program prints UTF-8");
    // A single value is a line of its own; a table has its names and a rule above its first row.
    let row =
        printed.lines().filter(|line| line.starts_with('|')).nth(2).or(printed.lines().next()).unwrap_or_default();
    row.trim_matches(['|', ' ']).split(" | ").map(|cell| if cell.starts_with('≈') { '≈' } else { '.' }).collect()
}

#[test]
fn what_is_computed_has_the_mark_and_what_is_stored_has_none() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path().join("plain.db");
    let connection = Connection::open(&path).expect("the file can be made");
    connection.execute_batch(TABLES).expect("the tables can be made");
    drop(connection);
    let mut session = Session::open(Some(&path)).expect("the database opens");
    session.settings.format = Format::Markdown;
    marks(&mut session, "create temp table z as select sum(r) as total, r from t");
    let different: Vec<String> = STATEMENTS
        .iter()
        .map(|(statement, expected)| (statement, *expected, marks(&mut session, statement)))
        .filter(|(_, expected, found)| expected != found)
        .map(|(statement, expected, found)| format!("{statement}\n  expected {expected}, found {found}"))
        .collect();
    assert!(different.is_empty(), "{}", different.join("\n"));
}
