//! Rows and tables on the server that are no book, put there past the program: each is refused with what is wrong, or does no harm.

use super::Shared;

/// Statements of an administrator, each with what the program says then.
const CHANGES: &[(&str, &str)] = &[
    ("update book.figure set amount_minor = null where fact = 'F29'", "of `figure`: CHECK constraint failed"),
    (
        "update book.fact set kind = 'nonsense' where id = 'F29'",
        "of `fact` refers to a row of `fact_kind` that is not there",
    ),
    ("update book.fact set gloss = repeat('x', 61) where id = 'F29'", "CHECK constraint failed"),
    ("update book.fact set id = 'F999' where id = 'F29'", "refers to a row of `fact` that is not there"),
    ("update book.fact set id = 'F30' where id = 'F29'", "UNIQUE constraint failed: fact.id"),
    ("insert into book.assumed (_row, assumption) values (1, 'A1')", "row 1 of `assumed`: CHECK constraint failed"),
    ("update book.pledge_stage set fact = 'F19' where _row = 1", "row 1 of `pledge_stage`"),
    ("alter table book.stage alter ord type text; update book.stage set ord = 'first'", "`ord` is no whole number"),
    ("alter table book.fact alter _row type text using 'a'", "a row of `fact` has no number"),
    ("alter table book.fact add colour text", "it has a column `fact.colour`, which this program does not know"),
    ("alter table book.fact drop gloss", "`fact` has no column `gloss`"),
    ("drop table book.mention", "it has no table `mention`"),
    ("update book.version set schema = 99", "its schema is version 99, this program knows up to 1"),
    ("update book.version set token = '../../x'", "`version` has no token"),
    (
        "alter table book.journal alter version type text; alter table book.version alter version type text using 'x'",
        "`version` has no number",
    ),
    ("delete from book.version", "`version` has 0 rows"),
    ("drop table book.version", "there is no book in that database"),
];

#[test]
fn what_is_no_book_is_refused() {
    let Some(shared) = Shared::with_book("hostile") else { return };
    shared.sql("alter database test_hostile set session_replication_role = replica");
    shared.sql("create schema kept; create table kept.nothing (a int)");
    for (change, says) in CHANGES {
        let template = format!("test_hostile_{}", change.len());
        let server = super::cluster().expect("there is one");
        server.psql("postgres", &format!("drop database if exists {template}"));
        server.psql("postgres", &format!("create database {template} template test_hostile owner ann"));
        server.psql(&template, &format!("set session_replication_role = replica; {}", constraints_off()));
        server.psql(&template, &format!("set session_replication_role = replica; {change}"));
        let address = shared.address.replace("test_hostile", &template);
        let answer = shared.ask(&["--db", &address, "-c", "select count(*) from facts"]);
        answer.is(3, &["error: ", says]);
        assert!(answer.out.is_empty(), "{answer:?}");
    }
}

/// Takes away the keys of the tables that the changes break.
fn constraints_off() -> &'static str {
    "do $$ declare c record; begin for c in select conrelid::regclass as t, conname from pg_constraint \
     where connamespace = 'book'::regnamespace and contype in ('f', 'u', 'p') order by contype loop \
     execute format('alter table %s drop constraint if exists %I cascade', c.t, c.conname); end loop; end $$"
}

#[test]
fn what_the_server_works_out_otherwise_changes_no_answer() {
    let Some(shared) = Shared::with_book("columns") else { return };
    let question = ["--csv", "-c", "select id, quantity from figures order by id"];
    let expected = shared.ask(&question);
    shared.sql("update book.figure set quantity = '1 GBP [F29]', amount = '7', value = '1 GBP'");
    assert_eq!(shared.of_book(&[&["--fresh"], &question[..]].concat()), expected);
    // What a name hides in the schemas of users is not found.
    shared
        .sql("create table public.version (version int, token text, schema int); create schema ann authorization ann");
    shared.sql("create function public.to_char(timestamp, text) returns text language sql as 'select ''fooled'''");
    assert_eq!(shared.of_book(&[&["--fresh"], &question[..]].concat()), expected);
    let server = shared.of_book(&["--fresh", ".server"]);
    assert!(!server.out.contains("fooled") && server.code == Some(0), "{server:?}");
    // Text that would drive a terminal is made visible, and markup escaped.
    shared.sql("update book.fact set gloss = E'\\x1b[31m<b>red</b>' where id = 'F29'");
    let shown = shared.of_book(&["--fresh", "-c", ".why F29"]);
    assert!(shown.code == Some(0) && !shown.out.contains('\u{1b}') && shown.out.contains("[31m"), "{shown:?}");
    shared.sql("update book.journal set what = E'\\x1b[2J'");
    assert!(!shared.of_book(&[".server"]).out.contains('\u{1b}'));
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let Some(shared) = Shared::empty("encoding") else { return };
    let server = super::cluster().expect("there is one");
    server.psql("postgres", "create database test_latin owner ann encoding 'LATIN1' template template0");
    let address = shared.address.replace("test_encoding", "test_latin");
    shared.ask(&["push", &address, "--create"]).is(3, &["its texts are in LATIN1, not in UTF-8", "create database"]);
    assert_eq!(server.psql("test_latin", "select count(*) from pg_namespace where nspname = 'book'"), "0");
}
