//! Databases beside the book: never written to, never taken for the book, and refused where they can't be read.

use crate::hostile::plain_databases::made;
use crate::hostile::{ask, files};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

const SQL: &str = "create table sales (city text, price integer, weight real); insert into sales values ('Kyiv', 7, 1.5); \
                   create view cheap as select * from sales where price < 10; create table pledges (id, amount); \
                   insert into pledges values ('zz', 9); create table figure (amount); insert into figure values (3); \
                   create table last (a); create view endless as select value from generate_series(1, (select max(price) from sales)); \
                   create index by_price on sales (price);";

/// A directory with the database `it.db` and a book `own.db` of a person, which has an imported table and one of its own.
fn with_book(name: &str) -> std::path::PathBuf {
    let directory = made(&format!("attached_{name}"), SQL);
    fs::write(directory.join("money.csv"), "item,amount GBP\na,5\n").expect("it can be written");
    ask(&directory, &["init", "own.db"]).is(0, "");
    ask(&directory, &["own.db", "import", "money.csv"]).is(0, "");
    let own =
        "create table mine (a text); insert into mine values ('here'); create view seen as select amount from pledges";
    ask(&directory, &["own.db", "--write", "-c", own]).is(0, "");
    directory
}

/// Asks the bundled book with a database beside it; no file may change.
#[track_caller]
fn check(directory: &Path, attached: &str, question: &str, code: i32, words: &str) {
    let before = files(directory);
    ask(directory, &["--attach", attached, "-c", question]).is(code, words);
    assert!(before == files(directory), "a file is changed: {question}");
}

#[test]
fn its_tables_are_read_by_its_name_and_by_no_other() {
    let directory = made("attached_read", SQL);
    for (question, code, words) in [
        ("select city, price * 2 as p from it.sales", 0, "Kyiv  14"),
        ("select city from it.cheap", 0, "Kyiv"),
        ("select it.sales.city from it.sales", 0, "Kyiv"),
        ("with s as (select * from it.sales) select city from s", 0, "Kyiv"),
        ("create temp view v as select * from it.sales; select city from v", 0, "Kyiv"),
        ("value(\"select city from it.sales\")", 0, "Kyiv"),
        ("let sales = [#{city: \"Lviv\"}]; value(\"select city from sales\")", 0, "Lviv"),
        ("let sales = [#{city: \"Lviv\"}]; value(\"select s.city || t.city from sales s, it.sales t\")", 0, "LvivKyiv"),
        ("select amount from pledges, it.sales", 0, "1,600,000,000 [F29]"),
        // What has the name of a view or a table of the book is plain in another database.
        ("select amount + 1 as n from it.pledges", 0, "10"),
        ("select amount from it.figure", 0, "3"),
        ("select city from sales", 6, "write `it.sales`"),
        ("with s as (select * from sales) select city from s", 6, "write `it.sales`"),
        ("select a from it.last", 6, "can't read `it.last`"),
        ("select * from it.endless", 6, "counts to a bound that is not checked"),
        ("select * from it.sale", 1, "did you mean `it.sales`?"),
        ("select round(price / 2) as r from it.sales", 0, "dropped the remainder"),
        (".tables sales", 0, "it.sales"),
        (".schema it.sales", 0, "CREATE TABLE sales"),
        (".help it.sales", 0, "city, price, weight"),
    ] {
        check(&directory, "it=it.db", question, code, words);
    }
}

#[test]
fn nothing_is_written_to_it() {
    let directory = with_book("written");
    let changes = [
        ("insert into it.sales values ('x', 1, 1)", "can't write to `it`"),
        ("update it.sales set price = 1", "can't write to `it`"),
        ("delete from it.sales", "can't write to `it`"),
        ("create table it.t (a)", "can't write to `it`"),
        ("create index it.i on sales (city)", "can't write to `it`"),
        ("alter table it.sales add column z", "can't write to `it`"),
        ("alter table it.sales rename to z", "can't write to `it`"),
        ("drop table it.sales", "can't write to `it`"),
        ("drop view it.cheap", "can't write to `it`"),
        ("analyze it", "can't write to `it`"),
        ("reindex it.sales", "can't write to `it`"),
        ("vacuum it", "can't"),
        ("vacuum it into 'x.db'", "can't"),
        ("pragma it.user_version = 3", "can't set the pragma"),
        ("pragma it.journal_mode = wal", "can't set the pragma"),
        ("detach it", "can't detach a database"),
        ("attach 'it.db' as again", "`--attach NAME=FILE`"),
    ];
    for (change, words) in changes {
        check(&directory, "it=it.db", change, 6, words);
        let before = fs::read(directory.join("it.db")).unwrap();
        let answer = ask(&directory, &["own.db", "--write", "--attach", "it=it.db", "-c", change]);
        // A `vacuum` within the transaction of an entry is SQLite's to refuse.
        assert!(answer.code.is_some_and(|code| code != 0), "{change}: {}", answer.err);
        assert!(before == fs::read(directory.join("it.db")).unwrap(), "{change}");
    }
    let copied = "insert into mine select city from it.sales; select group_concat(a) as all_of_it from mine";
    ask(&directory, &["own.db", "--write", "--attach", "it=it.db", "-c", copied]).is(0, "here,Kyiv");
}

#[test]
fn of_another_book_only_what_a_person_made_is_read() {
    let directory = with_book("book");
    let open = "`pledgebook 'own.db'` asks that book";
    for table in ["pledges", "facts", "units", "figure", "fact", "money", "money_S2", "imported_table", "seen"] {
        check(&directory, "other=own.db", &format!("select * from other.{table}"), 6, open);
        check(&directory, "other=own.db", &format!("select count(*) from other.{table}"), 6, open);
    }
    check(&directory, "other=own.db", "select a from other.mine", 0, "here");
    check(&directory, "other=own.db", ".tables other", 0, "other.mine, other.seen");
    ask(&directory, &["own.db", "--attach", "other=own.db", "-c", "select 1"]).is(2, "is the book itself");
}

#[test]
fn a_name_that_is_none_or_is_taken_is_refused() {
    let directory = made("attached_names", SQL);
    for (option, words) in [
        ("it.db", "gives the database no name"),
        ("=it.db", "`` is no name for a database"),
        ("a=", "gives the database no name"),
        ("a-b=it.db", "`a-b` is no name for a database"),
        ("1a=it.db", "`1a` is no name for a database"),
        ("main=it.db", "SQLite has something of that name"),
        ("TEMP=it.db", "SQLite has something of that name"),
        ("pledges=it.db", "the book has a table or view of that name"),
        ("figure=it.db", "the book has a table or view of that name"),
        ("last=it.db", "the program itself has that name"),
        ("pledgebook_x=it.db", "the program itself has that name"),
        ("order=it.db", "it is a word of SQL"),
    ] {
        check(&directory, option, "select 1", 2, words);
    }
    let twice = ["--attach", "a=it.db", "--attach", "A=it.db", "-c", "select 1"];
    ask(&directory, &twice).is(2, "another database is attached under that name");
    ask(&directory, &["--sandbox", "--attach", "a=it.db", "-c", "select 1"]).is(6, "`--attach` is denied in a sandbox");
    ask(&directory, &["--attach", "a=it.db", "check", "5"]).is(2, "`--attach` is for questions");
    ask(&directory, &["--attach", "a=it.db", "-c", "select 1", "-o", "it.db", "--csv"]).is(2, "written over");
    let many: Vec<String> = (0..11).map(|n| format!("--attach=a{n}=it.db")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["-c", "select 1"]).collect();
    ask(&directory, &many).is(2, "at most 10 databases");
    ask(&directory, &many[1..]).is(0, "1");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let directory = made("attached_files", SQL);
    fs::write(directory.join("text.db"), "no database, but a text of some length").unwrap();
    let mut damaged = fs::read(directory.join("it.db")).unwrap();
    damaged[4096..4300].fill(0xA5);
    fs::write(directory.join("damaged.db"), damaged).unwrap();
    for (option, words) in [
        ("a=none.db", "can't open `none.db`: there is no such file"),
        ("a=itt.db", "did you mean `it.db`?"),
        ("a=.", "it is a directory"),
        ("a=text.db", "it is not a SQLite database"),
        ("a=damaged.db", "can't read `damaged.db`: the database is damaged"),
    ] {
        check(&directory, option, "select * from a.sales", 3, words);
    }
    let named = Connection::open(directory.join("tagged.db")).unwrap();
    named.execute_batch("create table pledgebook_x (a)").unwrap();
    drop(named);
    check(&directory, "a=tagged.db", "select 1", 3, "begins with `pledgebook_`");
}

#[test]
fn a_log_of_writes_is_read_and_a_lock_waited_for() {
    let directory =
        made("attached_log", "pragma journal_mode = wal; create table t (a); insert into t values ('logged')");
    check(&directory, "w=it.db", "select a from w.t", 0, "logged");
    let writer = Connection::open(directory.join("it.db")).unwrap();
    writer.execute_batch("insert into t values ('second')").unwrap();
    ask(&directory, &["--attach", "w=it.db", "-c", "select a from w.t"]).is(0, "second");
    drop(writer);
    let locked = made("attached_lock", "create table t (a)");
    let writer = Connection::open(locked.join("it.db")).unwrap();
    writer.execute_batch("begin exclusive").unwrap();
    ask(&locked, &["--attach", "w=it.db", "-c", "select a from w.t"])
        .is(3, "can't read `it.db`: another process holds its lock");
}
