//! Declared writing, with the program itself: what it changes and what it refuses, and that an entry is there whole or not at all,
//! whatever ends it.

use crate::scratch::{self, long, random::Random};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The kills of the long run; the normal one does a tenth.
const KILLS: usize = 200;

/// A directory with a book of one's own in it, `mine.db`: one imported table, `aid`, and one of one's own, `notes`.
fn prepared(name: &str) -> PathBuf {
    let directory = scratch::directory(&format!("writing_{name}"));
    fs::write(directory.join("aid.csv"), "donor,amount\nNorway,100\nDenmark,250\n").expect("the directory is writable");
    let options = ["mine.db", "import", "aid.csv", "--unit", "amount=EUR", "--key", "donor"];
    for arguments in [&["init", "mine.db"][..], &options] {
        assert!(program(&directory, arguments).status().expect("it runs").success());
    }
    let answer = write(&directory, "create table notes (id integer primary key, note text not null)");
    assert_eq!(answer, (Some(0), String::new(), "notice: table `notes` created\n".to_owned()));
    directory
}

fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut program = scratch::command(scratch::program(), directory);
    program.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    program
}

/// The exit code, the output and the errors of a run.
fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program(directory, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// One entry of SQL.
fn write(directory: &Path, sql: &str) -> (Option<i32>, String, String) {
    run(directory, &["mine.db", "--write", "--csv", "-c", sql])
}

#[track_caller]
fn succeeds(directory: &Path, sql: &str, said: &str) {
    let (code, _, errors) = write(directory, sql);
    assert!(code == Some(0) && errors.contains(said), "{sql}: {errors}");
}

#[track_caller]
fn is_refused(directory: &Path, sql: &str, code: i32, message: &str) {
    let (found, _, errors) = write(directory, sql);
    assert!(found == Some(code) && errors.contains(message), "{sql}: {found:?} {errors}");
}

fn count(directory: &Path, sql: &str) -> i64 {
    let book = Connection::open(directory.join("mine.db")).expect("the book opens");
    book.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[test]
fn each_statement_says_what_it_did() {
    let directory = prepared("says");
    for (sql, said) in [
        ("insert into notes values (1, 'a'), (2, 'b'), (3, 'c')", "notice: 3 rows inserted into `notes`\n"),
        ("replace into notes values (3, 'd')", "notice: 1 row inserted into `notes`\n"),
        ("with x(n) as (select 4) insert into notes select n, 'e' from x", "notice: 1 row inserted into `notes`\n"),
        ("update notes set note = 'f' where id > 2", "notice: 2 rows of `notes` updated\n"),
        ("delete from notes where id = 9", "notice: 0 rows of `notes` deleted\n"),
        ("delete from notes where id = 4", "notice: 1 row of `notes` deleted\n"),
        ("create index by_note on notes (note)", "notice: index `by_note` created\n"),
        ("create view short as select id from notes", "notice: view `short` created\n"),
        ("drop view short; drop index by_note", "notice: view `short` dropped\nnotice: index `by_note` dropped\n"),
        ("alter table notes add column by text", "notice: table `notes` altered\n"),
        ("alter table notes rename to remarks", "notice: table `notes` altered\n"),
        ("create table copied as select * from aid_S2", "notice: table `copied` created with 2 rows\n"),
        ("create table if not exists copied (a)", ""),
        ("drop table copied", "notice: table `copied` dropped\n"),
        ("create temp table session (n); insert into session values (1)", ""),
    ] {
        assert_eq!(write(&directory, sql), (Some(0), String::new(), said.to_owned()), "{sql}");
    }
    let returned = write(&directory, "insert into remarks values (7, 'g', 'h') returning id, by");
    assert_eq!(returned.1, "id,by\n7,h\n");
    assert_eq!(run(&directory, &["mine.db", "check-book"]).0, Some(0));
}

#[test]
fn what_is_not_ones_own_is_refused() {
    let directory = prepared("refused");
    for (sql, message) in [
        (
            "insert into pledge values ('PL9', 'uk', 'ua', null, 'x')",
            "an entry can't change `pledge`: it is the book's own",
        ),
        ("update figure set amount_minor = 1", "an entry can't change `figure`"),
        ("delete from change_log", "an entry can't change `change_log`"),
        ("delete from imported_table", "an entry can't change `imported_table`"),
        ("update pledges set amount = 5", "an entry can't change `pledges`"),
        ("drop table fact", "an entry can't change `fact`"),
        ("drop view facts", "an entry can't change `facts`"),
        ("drop index mention_actor", "an entry can't change `mention`"),
        ("drop index aid_S2_key", "an entry can't change `aid_S2`"),
        ("alter table unit add column x", "an entry can't change `unit`"),
        ("create index mine on fact (id)", "an entry can't change `fact`"),
        ("delete from aid_S2", "an entry can't change `aid_S2`: it is the record of an imported file"),
        ("insert into aid values (1)", "an entry can't change `aid`: it is a view of the book"),
        ("insert into facts values (1)", "an entry can't change `facts`: it is a view of the book"),
        ("update aid set donor = 'x'", "an entry can't change `aid`: it is a view of the book"),
        ("drop table aid_S2", "an entry can't change `aid_S2`"),
        ("drop view aid", "an entry can't change `aid`"),
        ("alter table aid_S2 rename to mine", "an entry can't change `aid_S2`"),
        ("create index mine on aid_S2 (donor)", "an entry can't change `aid_S2`"),
        ("create table pledges (a)", "an entry can't make `pledges`: the book has something of that name"),
        ("create table aid (a)", "an entry can't make `aid`: the book has"),
        ("create view assumed as select 1", "an entry can't make `assumed`: the program itself has that name"),
        ("create table last (a)", "an entry can't make `last`"),
        ("create table pledgebook_x (a)", "a question can't name what begins with `pledgebook_`"),
        ("alter table notes rename to last", "an entry can't make `last`"),
        ("create trigger t after insert on notes begin delete from notes; end", "an entry can't make a trigger"),
        ("create temp trigger t after insert on notes begin delete from fact; end", "an entry can't make a trigger"),
        ("create virtual table v using fts5(a)", "an entry can't make or drop a virtual table"),
        ("begin; delete from notes", "an entry can't begin or end a transaction"),
        ("delete from notes; commit", "an entry can't begin or end a transaction"),
        ("savepoint s; delete from notes", "an entry can't begin or end a transaction"),
        ("attach 'other.db' as other", "a question can't open another file"),
        ("analyze", "can't"),
        ("pragma user_version = 9", "a question can't set the pragma `user_version`"),
        ("pragma writable_schema = on", "a question can't set the pragma"),
        ("update sqlite_schema set sql = ''", "can't write to the book"),
        ("create table t (a text check (a regexp 'x'))", "by `regexp`, which other programs do not have"),
        ("create index i on notes (regexp('x', note))", "by `regexp`"),
        ("select load_extension('x')", "a question can't load an extension"),
        ("create table t as select amount from aid", "a question can't store `amount` in a table"),
        ("insert into notes select 9, amount from aid", "a question can't store `amount` in a table"),
    ] {
        is_refused(&directory, sql, 6, message);
    }
    assert!(!directory.join("other.db").exists());
    assert_eq!(count(&directory, "select count(*) from change_log where action = 'write'"), 1);
    let check = run(&directory, &["mine.db", "check-book"]);
    assert!(check.0 == Some(0), "{check:?}");
}

#[test]
fn a_view_of_a_table_of_the_session_is_refused() {
    let directory = prepared("session_view");
    let sql = "create temp table s (a); create view of_s as select a from s";
    is_refused(&directory, sql, 1, "`of_s` could not be read in any other session");
    succeeds(
        &directory,
        "create temp table s (a); create view of_notes as select note from notes",
        "`of_notes` created",
    );
    assert_eq!(run(&directory, &["mine.db", "check-book"]).0, Some(0));
}

#[test]
fn an_import_keeps_away_from_tables_of_ones_own() {
    let directory = prepared("names");
    fs::write(directory.join("paid.csv"), "donor,amount\nNorway,7\n").expect("the directory is writable");
    succeeds(&directory, "create table paid_S3 (a); create table aid_v1 (a)", "`aid_v1` created");
    let (code, _, errors) = run(&directory, &["mine.db", "import", "paid.csv"]);
    assert!(code == Some(2) && errors.contains("`--write -c 'drop table paid_S3'`"), "{errors}");
    let (code, _, errors) = run(&directory, &["mine.db", "import", "aid.csv", "--revision-of", "S2"]);
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(count(&directory, "select count(*) from imported_table where name = 'aid_v2'"), 1);
    // Whatever a reference would do: its rows are not taken along.
    let sql = "create table kept (s text references source(id) on delete cascade, k text); insert into kept values ('S2', 'x')";
    succeeds(&directory, sql, "1 row inserted");
    let (code, _, errors) = run(&directory, &["mine.db", "drop", "S2"]);
    assert!(code == Some(2) && errors.contains("the table `kept` refers to it"), "{errors}");
    assert_eq!(count(&directory, "select count(*) from kept"), 1);
    assert_eq!(run(&directory, &["mine.db", "drop", "S3"]).0, Some(0));
}

#[test]
fn a_view_that_another_program_broke_is_left_out_of_a_package() {
    let directory = prepared("broken_view");
    let book = Connection::open(directory.join("mine.db")).expect("the book opens");
    book.execute_batch("insert into notes values (1, 'x'); create view broken as select gone from notes")
        .expect("SQLite looks into it later");
    drop(book);
    let (code, _, errors) = run(&directory, &["mine.db", "export", "out"]);
    assert!(code == Some(0) && errors.contains("`broken` is left out"), "{errors}");
    assert!(directory.join("out/notes.csv").exists() && !directory.join("out/broken.csv").exists());
    let (_, answer, errors) = run(&directory, &["mine.db", "check-book"]);
    assert!(format!("{answer}{errors}").contains("drop view broken"), "{errors}");
    let plain = Connection::open(directory.join("plain.db")).expect("it is made");
    plain
        .execute_batch("create table imported_table (a); insert into imported_table values (5)")
        .expect("it is written");
    drop(plain);
    let (code, answer, errors) = run(&directory, &["plain.db", "--csv", "-c", "select a from imported_table"]);
    assert_eq!((code, answer.as_str()), (Some(0), "a\n5\n"), "{errors}");
}

#[test]
fn a_script_only_reads() {
    let directory = prepared("script");
    for script in ["query(\"delete from notes\")", "fn f(x) { query(\"delete from notes\").len } f(1)"] {
        is_refused(&directory, script, 6, "a question can't write to the book");
    }
    // Also where an entry that writes calls it.
    let nested = "fn f(x) { query(\"insert into notes values (1, 'a') returning id\").len }\n\
                  insert into notes values (f(1), 'b');\n";
    fs::write(directory.join("nested.txt"), nested).expect("the directory is writable");
    let (code, _, errors) = run(&directory, &["mine.db", "--write", "-f", "nested.txt"]);
    assert!(code == Some(6) && errors.contains("can't write to the book"), "{errors}");
    assert_eq!(count(&directory, "select count(*) from notes"), 0);
}

#[test]
fn a_half_entry_is_taken_back() {
    let directory = prepared("half");
    succeeds(&directory, "insert into notes values (1, 'kept')", "1 row inserted");
    let endless =
        "with recursive n(i) as (select 10 union all select i + 1 from n) insert into notes select i, 'x' from n";
    for (sql, code) in [
        ("insert into notes values (2, 'a'); insert into notes values (3, null)".to_owned(), 1),
        ("insert into notes values (2, 'a'); select * from nowhere".to_owned(), 1),
        ("create table more (a); insert into more values (1); delete from pledge".to_owned(), 6),
        ("create view v as select * from nowhere; insert into notes values (2, 'a')".to_owned(), 1),
        ("drop table notes; select 1 / 0; insert into nowhere values (1)".to_owned(), 1),
        (format!("insert into notes values (2, 'a'); {endless}"), 4),
    ] {
        let (found, _, errors) = run(&directory, &["mine.db", "--write", "--limit-time", "1", "-c", &sql]);
        assert_eq!(found, Some(code), "{sql}: {errors}");
        assert!(!errors.contains("notice: 1 row"), "{sql}: {errors}");
    }
    assert_eq!(count(&directory, "select count(*) from notes"), 1);
    assert_eq!(count(&directory, "select count(*) from sqlite_schema where name in ('more', 'v')"), 0);
    assert_eq!(count(&directory, "select count(*) from change_log where action = 'write'"), 2);
    // Entries before the one that fails stay.
    let entries =
        ["mine.db", "--write", "-c", "insert into notes values (2, 'b')", "-c", "insert into notes values (2, 'b')"];
    assert_eq!(run(&directory, &entries).0, Some(1));
    assert_eq!(count(&directory, "select count(*) from notes"), 2);
    // A file of SQL is one entry.
    fs::write(directory.join("all.sql"), "insert into notes values (5, 'c');\ninsert into notes values (2, 'b');\n")
        .expect("the directory is writable");
    assert_eq!(run(&directory, &["mine.db", "--write", "-f", "all.sql"]).0, Some(1));
    assert_eq!(count(&directory, "select count(*) from notes"), 2);
}

#[test]
fn a_view_of_ones_own_keeps_its_units_and_what_it_reads() {
    let directory = prepared("views");
    succeeds(
        &directory,
        "create view large as select donor, amount from aid where donor <> 'Norway'",
        "view `large` created",
    );
    succeeds(
        &directory,
        "create view total as select q_sum(amount) as total from large; create table t (a)",
        "view `total`",
    );
    let (_, out, _) =
        run(&directory, &["mine.db", "--csv", "-c", "select * from large", "-c", "select total from total"]);
    assert!(out.contains("Denmark,250,EUR,,S2:2,") && out.contains("250,EUR,,S2:2,"), "{out}");
    is_refused(&directory, "drop view large", 1, "the view `total` could not be read after this");
    is_refused(
        &directory,
        "create view w as select zebra from aid",
        1,
        "the view `w` could not be read: `w` has no column `zebra`",
    );
    is_refused(
        &directory,
        "create view w as select amount % 2 as rest from aid",
        1,
        "the view `w` could not be read: computing in SQL",
    );
    succeeds(&directory, "create view twice as select donor, amount * 2 as twice from aid", "view `twice` created");
    let (_, out, _) =
        run(&directory, &["mine.db", "--csv", "-c", "select sum(twice) as s from twice where twice > 100"]);
    assert!(out.contains("EUR"), "{out}");
    succeeds(&directory, "drop view twice", "view `twice` dropped");
    is_refused(&directory, "vacuum into 'other.db'", 1, "cannot VACUUM");
    succeeds(&directory, "create view over_notes as select note from notes", "created");
    is_refused(&directory, "drop table notes", 1, "the view `over_notes` could not be read after this");
    succeeds(&directory, "alter table notes rename column note to remark", "altered");
    succeeds(&directory, "drop view over_notes; drop table notes", "table `notes` dropped");
    let (code, _, errors) = run(&directory, &["mine.db", "drop", "S2"]);
    assert!(code == Some(2) && errors.contains("`S2` can't be taken back: the view `large` reads it"), "{errors}");
    // One entry may read what it has just made, and the view that it is about to drop.
    succeeds(&directory, "create view x as select amount from large; select * from x; drop view x", "view `x` dropped");
    succeeds(&directory, "drop view total; drop view large", "dropped");
    succeeds(
        &directory,
        "create table refers (record integer references aid_S2); insert into refers values (2)",
        "1 row",
    );
    let (code, _, errors) = run(&directory, &["mine.db", "drop", "S2"]);
    assert!(code == Some(2) && errors.contains("the table `refers` refers to its records"), "{errors}");
    succeeds(&directory, "drop table refers", "dropped");
    assert_eq!(run(&directory, &["mine.db", "drop", "S2"]).0, Some(0));
}

#[test]
fn the_log_says_what_each_entry_did() {
    let directory = prepared("log");
    succeeds(&directory, "insert into notes values (1, 'a'), (2, 'b'); delete from notes where id = 1", "1 row");
    succeeds(&directory, &format!("insert into notes values (3, '{}')", "x".repeat(2_000)), "1 row");
    let shown = run(&directory, &["mine.db", "--json", "-c", ".log"]).1;
    assert_eq!(shown, run(&directory, &["mine.db", "--json", "log"]).1);
    assert!(shown.contains("\"action\":\"import\",\"source\":\"S2\""), "{shown}");
    let entry = "\"action\":\"write\",\"source\":\"notes\",\"detail\":\"2 rows inserted into `notes`, 1 row of `notes` deleted: insert into";
    assert!(shown.contains(entry), "{shown}");
    assert!(shown.contains("xxx…\"") && shown.len() < 2_000, "{shown}");
}

#[test]
fn the_log_of_an_older_book_takes_entries_too() {
    let directory = prepared("older");
    let book = Connection::open(directory.join("mine.db")).expect("the book opens");
    let older = "create table kept as select * from change_log; drop table change_log; \
        create table change_log (id integer primary key, at text not null default (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), \
        action text not null check (action in ('import', 'drop')), source text not null, detail text not null) strict; \
        insert into change_log select * from kept where action = 'import'; drop table kept";
    book.execute_batch(older).expect("the log is made again");
    drop(book);
    succeeds(&directory, "insert into notes values (1, 'a')", "1 row");
    assert_eq!(count(&directory, "select count(*) from change_log"), 2);
    assert_eq!(run(&directory, &["mine.db", "check-book"]).0, Some(0));
}

#[test]
fn there_must_be_a_book_to_write_to() {
    let directory = prepared("where");
    drop(Connection::open(directory.join("plain.db")).expect("it can be made").execute_batch("create table t (a)"));
    for (arguments, code, message) in [
        (&["--write", "-c", "select 1"][..], 2, "the bundled book takes no changes"),
        (&["aid.csv", "--write", "-c", "select 1"], 2, "a table that is asked at once is in memory"),
        (&["mine.db", "--write", "run", "about_actor"], 2, "`--write` is for the prompt"),
        (&["mine.db", "--write", "log"], 2, "`--write` is for the prompt"),
        (&["mine.db", "--write", "--sandbox", "-c", "select 1"], 6, "`--write` is denied in a sandbox"),
        (&["plain.db", "--write", "-c", "select 1"], 3, "can't open `plain.db` as a book"),
        (&["nowhere.db", "--write", "-c", "select 1"], 3, "there is no such file"),
        (&["mine.db", "-c", "delete from notes"], 6, "`--write` lets tables of your own be changed"),
    ] {
        let (found, _, errors) = run(&directory, arguments);
        assert!(found == Some(code) && errors.contains(message), "{arguments:?}: {found:?} {errors}");
    }
    let bundled = run(&directory, &["-c", "create table mine (a)"]);
    assert!(!bundled.2.contains("--write"), "{bundled:?}");
}

#[test]
fn what_rests_on_an_assumption_is_not_stored() {
    let directory = prepared("assumed");
    let sql = "create table t as select q_amount(quantity) as n from figures where id = 'F30'";
    let (code, _, errors) = run(&directory, &["mine.db", "--write", "--assume", "F30=4500", "-c", sql]);
    assert!(code == Some(6) && errors.contains("store what may rest on an assumption"), "{errors}");
    succeeds(&directory, sql, "table `t` created with 1 row");
}

#[test]
fn another_writer_is_waited_for_or_named() {
    let directory = prepared("locked");
    let other = Connection::open(directory.join("mine.db")).expect("the book opens");
    other.execute_batch("begin immediate").expect("nobody else writes");
    is_refused(&directory, "insert into notes values (1, 'a')", 3, "another process holds its lock");
    other.execute_batch("rollback").expect("it has begun");
    succeeds(&directory, "insert into notes values (1, 'a')", "1 row");
}

#[test]
fn a_killed_entry_is_there_whole_or_not_at_all() {
    let directory = prepared("kills");
    let mut random = Random::new(11);
    let kills = if long::is_asked() { KILLS } else { KILLS / 10 };
    let rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 30000) \
                insert into notes (note) select 'row ' || i from n; \
                insert into notes (note) values ('the last')";
    for kill in 0..kills {
        let mut writer = program(&directory, &["mine.db", "--write", "-c", rows]).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(random.below(600) as u64));
        writer.kill().expect("it is ours");
        writer.wait().expect("it is ours");
        assert!(program(&directory, &["mine.db", "log"]).status().expect("it runs").success(), "kill {kill}");
        let (found, entries) = (
            count(&directory, "select count(*) from notes"),
            count(&directory, "select count(*) from change_log where detail like '30000 rows%'"),
        );
        assert_eq!(found, entries * 30_001, "kill {kill}");
    }
    assert_eq!(run(&directory, &["mine.db", "check-book"]).0, Some(0));
}

#[test]
fn an_entry_whose_file_fails_is_said_to_stand() {
    let directory = prepared("file");
    let made = fs::File::create(directory.join("out.csv"));
    drop(made.expect("the directory is writable"));
    let notes = || count(&directory, "select count(*) from notes");
    let insert = "insert into notes (note) values ('x') returning note";
    // A workbook is written when it is complete, and a device takes no byte, as a full disk; a file of one result gets two; the second
    // entry is none.
    let failing: [(&[&str], i32, &str); 3] = [
        (&["-c", insert, "-o", "/dev/full", "--format", "xlsx"], 3, "no storage space"),
        (&["-c", insert, "-c", "select 1", "-o", "two.csv"], 2, "holds one"),
        (&["-c", insert, "-c", "selec", "-o", "out.json"], 1, ""),
    ];
    for (at, (arguments, code, message)) in (1..).zip(failing) {
        let (found, _, errors) = run(&directory, &[&["mine.db", "--write"], arguments].concat());
        assert!(found == Some(code) && errors.contains(message), "{arguments:?}: {found:?} {errors}");
        assert!(errors.contains("what entries have changed in the book is kept"), "{arguments:?}: {errors}");
        assert_eq!(notes(), at, "{arguments:?}");
    }
    // What fails before the entry is complete has changed nothing: a device takes no byte, as a full disk.
    for (file, message) in [("out.csv", "it exists"), ("/dev/full", "no storage space")] {
        let (found, _, errors) = run(&directory, &["mine.db", "--write", "-c", insert, "-o", file, "--csv"]);
        assert!(found == Some(3) && errors.contains(message) && !errors.contains("is kept"), "{errors}");
    }
    assert_eq!(notes(), 3);
}
