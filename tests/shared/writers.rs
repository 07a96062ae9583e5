//! Writing: the version is compared and swapped, so that of several writers none loses an entry, and a push is there whole or not at
//! all. It is killed 20 times, and 200 times in the long run.

use super::Shared;
use crate::scratch::long;
use crate::shared::faults::moment;
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

const WRITERS: usize = 8;

/// The entries of each writer.
fn entries() -> usize {
    if long::is_asked() { 25 } else { 2 }
}

/// Adds a row that no view shows to a book in a file.
fn add(book: &Path, word: &str) {
    let connection = Connection::open(book).expect("it opens");
    connection.execute("insert into search_word (word, near) values (?1, 'x')", [word]).expect("it is a book");
}

/// Pulls the book, adds a word and pushes it, until nobody was quicker.
fn enter(shared: &Shared, writer: usize, word: &str) {
    let file = shared.directory.join(format!("writer{writer}.db"));
    let name = file.to_str().expect("a text");
    let begun = Instant::now();
    loop {
        shared.of_book(&["pull", name, "--force"]).is(0, &[]);
        add(&file, word);
        let answer = shared.ask(&[name, "push", &shared.address]);
        if answer.code == Some(0) {
            return;
        }
        answer.is(3, &["can't write `", "nothing was written"]);
        assert!(begun.elapsed() < Duration::from_secs(600), "{answer:?}");
    }
}

#[test]
fn of_eight_writers_none_loses_an_entry() {
    let Some(shared) = Shared::with_book("writers") else { return };
    let words = shared.sql("select count(*) from book.search_word");
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let shared = &shared;
            scope.spawn(move || (0..entries()).for_each(|n| enter(shared, writer, &format!("w{writer}e{n}"))));
        }
    });
    let all = WRITERS * entries();
    assert_eq!(shared.sql("select version from book.version"), (all + 1).to_string());
    assert_eq!(
        shared.sql("select count(*), min(version), max(version) from book.journal"),
        format!("{0}|1|{0}", all + 1)
    );
    assert_eq!(shared.sql(&format!("select count(*) - {words} from book.search_word")), all.to_string());
    assert_eq!(
        shared.sql("select count(distinct word) from book.search_word where word ~ '^w[0-7]e'"),
        all.to_string()
    );
}

#[test]
fn a_push_that_was_overtaken_is_taken_back() {
    let Some(shared) = Shared::with_book("overtaken") else { return };
    let [mine, other] = ["mine.db", "other.db"].map(|name| shared.directory.join(name));
    for file in [&mine, &other] {
        shared.of_book(&["pull", file.to_str().expect("a text")]).is(0, &["the whole book, complete"]);
    }
    add(&other, "theirs");
    // The lock lets the push read and compare, and the other one pass it before it writes.
    shared.sql("alter table book.journal add column held boolean");
    shared.sql(
        "create function book.hold() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'",
    );
    shared.sql("create trigger hold before update on book.version for each row execute function book.hold()");
    let slow = shared.command(&["other.db", "push", &shared.address]).spawn().expect("it runs");
    sleep(Duration::from_millis(600));
    add(&mine, "mine");
    let late = shared.ask(&["mine.db", "push", &shared.address]);
    assert!(slow.wait_with_output().expect("it ends").status.success());
    late.is(3, &["the book has moved on from version 1 to 2 (ann, ", "adds 1 row in search_word", "`push` again"]);
    assert_eq!(shared.sql("select version from book.version"), "2");
    shared.sql("drop trigger hold on book.version");
    // What came between is in no file of this writer's.
    let losing = shared.ask(&["mine.db", "push", &shared.address]);
    losing.is(3, &["1 row of it would go or be other ones, the first row ", "of `search_word`", "`--force` replaces"]);
    shared
        .ask(&["mine.db", "push", &shared.address, "--force"])
        .is(0, &["version 3, which alters 1 row in search_word"]);
}

#[test]
fn a_killed_push_is_there_whole_or_not_at_all() {
    const ROWS: u32 = 300;
    let Some(shared) = Shared::with_book("killed") else { return };
    let words: u32 = shared.sql("select count(*) from book.search_word").parse().expect("a number");
    let file = shared.directory.join("mine.db");
    shared.of_book(&["pull", "mine.db"]).is(0, &[]);
    let begun = Instant::now();
    shared.ask(&["mine.db", "push", &shared.address]).is(0, &["nothing to push, version 1 has it all"]);
    // On a machine that others use the next may take longer.
    let longest = begun.elapsed() * 3;
    let (mut version, mut kept) = (1, words);
    for round in 0..long::part_of(200) {
        let book = Connection::open(&file).expect("it opens");
        let sql = "with recursive t(n) as (select 1 union all select n + 1 from t where n < ?1) \
                   insert into search_word (word, near) select 'r' || ?2 || 'n' || n, 'x' from t";
        book.execute(sql, (ROWS, round)).expect("it is a book");
        drop(book);
        let mut command = shared.command(&["mine.db", "push", &shared.address]);
        let mut running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        sleep(moment(round, longest));
        running.kill().expect("it is a child");
        running.wait().expect("it is a child");
        is_left(&shared);
        let there = |sql: &str| shared.sql(sql).parse::<u32>().expect("a number");
        let now = there("select version from book.version");
        assert!(now == version || now == version + 1, "{round}: {version}, then {now}");
        // A push takes along what the killed ones before it have left.
        kept = if now > version { words + ROWS * (round + 1) } else { kept };
        version = now;
        assert_eq!(there("select count(*) from book.search_word"), kept, "{round}: a part of an entry");
        assert_eq!(there("select count(*) from book.journal"), version, "{round}");
    }
    assert!(version > 1, "each was killed too early");
}

/// Waits until the server has noticed that its client is gone.
fn is_left(shared: &Shared) {
    let sql = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and application_name = 'pledgebook'",
        shared.database
    );
    let begun = Instant::now();
    while shared.sql(&sql) != "0" {
        assert!(begun.elapsed() < Duration::from_secs(30), "a connection stays");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn only_what_a_book_may_share_is_pushed_and_only_where_one_may() {
    let Some(shared) = Shared::empty("refusals") else { return };
    shared.of_book(&["-c", "select 1"]).is(3, &["there is no book in that database", "push ADDRESS --create"]);
    shared.ask(&["push", &shared.address]).is(3, &["there is no book in that database"]);
    let others = shared.address.replace("ann@", "bo@");
    shared.ask(&["push", &others, "--create"]).is(6, &["can't use `postgres://bo@/", "permission denied"]);
    Connection::open(shared.directory.join("plain.db"))
        .and_then(|plain| plain.execute_batch("create table t (a)"))
        .expect("made");
    let plain = shared.ask(&["plain.db", "push", &shared.address, "--create"]);
    plain.is(3, &["can't open `plain.db` as a book: it is a plain database"]);
    shared.ask(&["init", "mine.db"]).is(0, &[]);
    fs::write(shared.directory.join("t.csv"), "a,b\n1,2\n").expect("it is writable");
    shared.ask(&["mine.db", "import", "t.csv"]).is(0, &[]);
    Connection::open(shared.directory.join("mine.db"))
        .and_then(|book| book.execute("update t_S2 set a = 3", []))
        .expect("it is a book");
    shared
        .ask(&["mine.db", "push", &shared.address, "--create"])
        .is(3, &["the rows of `t` are not those that were imported", "`drop SOURCE`"]);
    shared.ask(&["mine.db", "drop", "S2"]).is(0, &[]);
    shared.ask(&["mine.db", "--write", "-c", "create table notes (a text)"]).is(0, &[]);
    shared
        .ask(&["mine.db", "push", &shared.address, "--create"])
        .is(3, &["the book has `notes` of your own, and only facts and imported tables are shared"]);
    shared.ask(&["mine.db", "--write", "-c", "drop table notes"]).is(0, &[]);
    let book = Connection::open(shared.directory.join("mine.db")).expect("it opens");
    book.execute("insert into search_word (word, near) values ('a' || char(0), 'b')", []).expect("it is a book");
    shared
        .ask(&["mine.db", "push", &shared.address, "--create"])
        .is(3, &["of `search_word` has a character NUL in `word`, which the server can't keep"]);
    book.execute("update search_word set word = 'tab' || char(9) || '\\N' || char(10) || '\\.' where near = 'b'", [])
        .expect("it is one");
    shared.ask(&["mine.db", "push", &shared.address, "--create"]).is(0, &["version 1, which adds"]);
    shared.ask(&["push", &shared.address, "--create"]).is(3, &["can't make a book in `", "there is one"]);
    shared.of_book(&["-c", "select 1", "--db", &others]).is(2, &["two books are named"]);
    shared.ask(&["--db", &others, "-c", "select 1"]).is(6, &["permission denied", "pb_reader"]);
    shared.of_book(&["pull", "again.db"]).is(0, &[]);
    let again = Connection::open(shared.directory.join("again.db")).expect("it opens");
    let word: String =
        again.query_row("select word from search_word where near = 'b'", [], |row| row.get(0)).expect("it is there");
    assert_eq!(word, "tab\t\\N\n\\.");
}

#[test]
fn roles_are_made_where_the_owner_may_and_read_or_write() {
    let Some(shared) = Shared::empty("roles") else { return };
    // Roles are the whole server's, and this test alone makes them.
    let Some(before) = Shared::empty("roles_before") else { return };
    before
        .ask(&["push", &before.address, "--create"])
        .is(0, &["`pb_reader` and `pb_writer` are not there", "may not make them"]);
    let admin = shared.address.replace("ann@", "admin@");
    shared.ask(&["push", &admin, "--create"]).is(0, &["`grant pb_reader to ROLE` lets a role read it"]);
    shared.sql("create role reads login in role pb_reader; create role writes login in role pb_writer");
    let [reads, writes] = ["reads@", "writes@"].map(|role| shared.address.replace("ann@", role));
    shared.ask(&["--db", &reads, "--csv", "-c", "select 1 as a"]).is(0, &["1"]);
    shared.ask(&["--db", &reads, "pull", "mine.db"]).is(0, &[]);
    add(&shared.directory.join("mine.db"), "new");
    shared.ask(&["mine.db", "push", &reads]).is(6, &["permission denied", "pb_writer"]);
    shared.ask(&["mine.db", "push", &writes]).is(0, &["version 2, which adds 1 row in search_word"]);
    shared.ask(&["--db", &reads, ".server"]).is(0, &["version 2 (writes, "]);
}

#[test]
fn a_correction_is_one_entry_and_is_made_anew_where_another_came_before() {
    let Some(shared) = Shared::with_book("corrections") else { return };
    let head =
        "id,source,paragraph,sentence,subject,action,object,gloss,kind,status,certainty,attribution,supersedes\n";
    let first = "F60,S1,4,2,UK,would provide,finance,UK would provide: {},pledge,planned,proposed,Starmer,F29\n";
    let number = "fact,bound,amount,unit,basis,as_written,sig_figs,label,stage\n\
                  F60,exact,1060000000,GBP,stated,£1.06 billion,3,export finance,proposed\n";
    let second = "F61,S1,1,1,Starmer,announced,an initiative,Starmer announced it,event,occurred,asserted,author,\n";
    for (file, text) in [
        ("first/facts.csv", [head, first].concat()),
        ("first/figures.csv", number.to_owned()),
        ("first/stages.csv", "pledge,fact\nPL1,F60\n".to_owned()),
        ("second/facts.csv", [head, second].concat()),
    ] {
        let path = shared.directory.join(file);
        fs::create_dir_all(path.parent().expect("it is in one")).expect("it is writable");
        fs::write(path, text).expect("it is writable");
    }
    let tried = shared.of_book(&["import", "first", "--dry-run"]);
    tried.is(0, &["3 rows would be added"]);
    assert_eq!(shared.sql("select version from book.version"), "1");
    // Both read the same version; the second to write begins again.
    shared.sql(
        "create function book.hold() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'",
    );
    shared.sql("create trigger hold before update on book.version for each row execute function book.hold()");
    let first = shared.command(&[&shared.address, "import", "first"]).spawn().expect("it runs");
    sleep(Duration::from_millis(600));
    shared.of_book(&["import", "second"]).is(0, &["1 row is added", "version 3, which adds "]);
    let first = super::Answer::of(first.wait_with_output().expect("it ends"));
    first.is(0, &["3 rows are added", "F29 by F60", "version 2, which adds ", "alters 1 row"]);
    shared.of_book(&["--csv", "-c", "select count(*) as n from facts where id in ('F29', 'F60', 'F61')"]).is(0, &["2"]);
    assert_eq!(
        shared.sql("select string_agg(file, ' ' order by version) from book.journal"),
        "bundled book first second"
    );
    fs::write(shared.directory.join("first/facts.csv"), "id,colour\nF70,red\n").expect("it is writable");
    let wrong = shared.of_book(&["import", "first"]);
    assert!(wrong.code.is_some_and(|code| code > 0) && wrong.err.contains("colour"), "{wrong:?}");
    shared
        .of_book(&["--offline", "import", "first"])
        .is(2, &["`--offline` asks the copy of the book, which takes no entry"]);
    assert_eq!(shared.sql("select version from book.version"), "3");
}
