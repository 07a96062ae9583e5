//! Facts by hand, out of a book and into one: the round trip, files as spreadsheets leave them, errors of every kind, an import that is
//! cut short.

use super::{ask, run};
use crate::scratch::{self, long};
use rusqlite::Connection;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// A directory in which the bundled book has been exported to `facts` and imported into `mine.db`.
fn exported(name: &str) -> PathBuf {
    let directory = scratch::directory(name);
    ask(&directory, &["export", "facts", "--facts"]);
    ask(&directory, &["init", "mine.db", "--empty"]);
    directory
}

/// The files of a directory with their bytes, by name.
fn bytes(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = fs::read_dir(directory)
        .expect("it can be listed")
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| {
            (
                path.file_name().expect("it has a name").to_string_lossy().into_owned(),
                fs::read(&path).expect("it can be read"),
            )
        })
        .collect();
    found.sort();
    found
}

#[test]
fn an_empty_book_with_the_exported_facts_answers_as_the_first() {
    let directory = exported("facts_round_trip");
    ask(&directory, &["mine.db", "import", "facts"]);
    ask(&directory, &["mine.db", "export", "again", "--facts"]);
    assert_eq!(bytes(&directory.join("facts")), bytes(&directory.join("again")));
    let views = ask(&directory, &["--csv", "--no-header", "-c", "select name from sqlite_schema where type = 'view'"]);
    for view in views.lines() {
        let sql = format!("select * from {view}");
        assert_eq!(
            ask(&directory, &["mine.db", "--json", "-c", &sql]),
            ask(&directory, &["--json", "-c", &sql]),
            "{view}"
        );
    }
    let scripts = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts")).expect("there is a library");
    for script in scripts {
        let path = script.expect("it can be listed").path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(run(&directory, &["mine.db", "run", &name]), run(&directory, &["run", &name]), "{name}");
    }
    for entry in [".why F29", ".why PL1", ".why U11", ".why X4", ".find missiles", "F29 / F30", ".unknowns"] {
        assert_eq!(ask(&directory, &["mine.db", "-c", entry]), ask(&directory, &["-c", entry]), "{entry}");
    }
    assert!(ask(&directory, &["mine.db", "check-book"]).contains("sound"));
}

#[test]
fn a_second_import_of_the_same_changes_nothing() {
    let directory = exported("facts_twice");
    ask(&directory, &["mine.db", "import", "facts"]);
    let before = fs::read(directory.join("mine.db")).unwrap();
    let report = ask(&directory, &["mine.db", "--json", "import", "facts"]);
    let files = report.matches("\"added\":").count();
    assert!(files > 0 && report.matches("\"added\":0,").count() == files, "{report}");
    let log = ask(&directory, &["mine.db", "--csv", "-c", "select count(*) from change_log"]);
    assert!(log.ends_with("\n1\n"), "{log}");
    assert_eq!(before.len(), fs::read(directory.join("mine.db")).unwrap().len());
}

/// A file as spreadsheets write it: semicolons, line ends of Windows, columns in another order, blank lines, cells without a header, no
/// line of meanings.
fn respelled(text: &str) -> String {
    let mut rows = csv_rows(text);
    rows.remove(1);
    let mut out = String::from("\u{feff}\r\n");
    for row in rows {
        let cells: Vec<String> = row.iter().rev().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        let _ = write!(out, "{};;\r\n;;\r\n", cells.join(";"));
    }
    out
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.expect("it is a table").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_file_that_a_spreadsheet_wrote_is_read() {
    let directory = exported("facts_respelled");
    let changed = directory.join("changed");
    fs::create_dir(&changed).unwrap();
    for (name, bytes) in bytes(&directory.join("facts")) {
        let text = String::from_utf8(bytes).expect("an export is UTF-8");
        let name = if name == "facts.csv" { "Facts.CSV".to_owned() } else { name };
        fs::write(changed.join(name), respelled(&text)).unwrap();
    }
    fs::write(changed.join(".~lock.facts.csv#"), "a lock").unwrap();
    fs::write(changed.join("notes.txt"), "no table").unwrap();
    ask(&directory, &["mine.db", "import", "changed"]);
    ask(&directory, &["mine.db", "export", "again", "--facts"]);
    assert_eq!(bytes(&directory.join("facts")), bytes(&directory.join("again")));
}

#[test]
fn every_text_of_a_book_comes_back() {
    let directory = scratch::directory("facts_texts");
    let book = scratch::book(&directory.join("odd.db"));
    for (id, note) in [
        ("F01", ""),
        ("F02", " "),
        ("F03", "\""),
        ("F04", "\"\""),
        ("F05", "a\nb, \"c\" \u{a0}"),
        ("F06", "#x"),
        ("F07", "=1+1"),
    ] {
        book.execute("update fact set note = ?2 where id = ?1", [id, note]).unwrap();
    }
    drop(book);
    ask(&directory, &["odd.db", "export", "facts", "--facts"]);
    ask(&directory, &["init", "mine.db", "--empty"]);
    ask(&directory, &["mine.db", "import", "facts"]);
    let sql = "select id, note, note is null from facts order by id";
    assert_eq!(ask(&directory, &["odd.db", "--json", "-c", sql]), ask(&directory, &["mine.db", "--json", "-c", sql]));
}

#[test]
fn what_a_table_of_text_cannot_hold_is_not_exported() {
    let directory = scratch::directory("facts_unheld");
    let book = scratch::book(&directory.join("odd.db"));
    book.execute("update fact set note = 'a' || char(13) || 'b' where id = 'F05'", []).unwrap();
    drop(book);
    let (code, message) = run(&directory, &["odd.db", "export", "facts", "--facts"]);
    assert!(code == Some(3) && message.contains("carriage return") && message.contains("`note`"), "{message}");
    let left: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["odd.db"]);
}

/// Files of a directory, and what its import says of each error: the place and a part of the message.
type Broken = (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const BROKEN: &[Broken] = &[
    (
        &[("sources.csv", "id,description,sha256\nS2,a,b\n")],
        &[("sources.csv:1:1", "the column `authority` is missing")],
    ),
    (&[("sources.csv", "")], &[("sources.csv:1:1", "it has no header")]),
    (&[("sources.csv", "\n\n")], &[("sources.csv:1:1", "it has no header")]),
    (&[("sorces.csv", "id\n")], &[("sorces.csv:1:1", "did you mean `sources.csv`?")]),
    (&[("actors.csv", "id,kind,name,nam\n")], &[("actors.csv:1:14", "did you mean `name`?")]),
    (&[("actors.csv", "id,kind,name,name\n")], &[("actors.csv:1:14", "two columns `name`")]),
    (&[("actors.csv", "id,kind,name\nx,person,\n")], &[("actors.csv:2:10", "`name` of actors.csv can't be empty")]),
    (&[("actors.csv", "id,kind,name\nx,persn,X\n")], &[("actors.csv:2:3", "did you mean `person`?")]),
    (&[("actors.csv", "id,kind,name\nx,person,X,stray\n")], &[("actors.csv:2:12", "no column above")]),
    (
        &[("actors.csv", "id,kind,name\nx,person,\"X\nY\"\ny,group,Z\n\ny,group,Z\n")],
        &[("actors.csv:6:1", "its id stands on line 4")],
    ),
    (
        &[("actors.csv", "id,kind,name\nx,person,Keir Starmer\n")],
        &[("actors.csv:2:10", "another row has the same `name`")],
    ),
    (&[("actors.csv", "id,kind,name\nstarmer,person,Starmer\n")], &[("actors.csv:2:16", "with another `name`")]),
    (&[("actors.csv", "id,kind,name\nx,person,\"X\n")], &[("actors.csv:2:1", "never closed")]),
    (&[("actors.csv", "id,kind,name\nx,person,a\0b\n")], &[("actors.csv:2:1", "bytes that are zero")]),
    (&[("actors.csv", "<html>\n")], &[("actors.csv:1:1", "page of HTML")]),
    (
        &[("events.csv", "id,label,date,date_basis,fact\nE90,x,3/2/2025,stated,F01\n")],
        &[("events.csv:2:7", "is no date")],
    ),
    (
        &[("events.csv", "id,label,date,date_basis,fact\nE90,x,2025-03-02,not_stated,F01\n")],
        &[("events.csv:2:18", "there is a date")],
    ),
    (
        &[("event_order.csv", "earlier,relation,later,fact\nE01,before,E01,F999\n")],
        &[
            ("event_order.csv:2:12", "same as `earlier`"),
            ("event_order.csv:2:16", "neither facts.csv nor the book has `F999`"),
        ],
    ),
    (
        &[("pledges.csv", "id,provider,recipient,instrument\nPL2,united_kingdm,ukraine,loan\n")],
        &[("pledges.csv:2:5", "did you mean `united_kingdom`?")],
    ),
    (&[("stages.csv", "pledge,fact\nPL1,F16\n")], &[("stages.csv:2:5", "has no stage")]),
    (&[("stages.csv", "pledge,stage,fact\nPL1,delivered,F29\n")], &[("stages.csv:2:5", "at the stage `proposed`")]),
    (&[("stages.csv", "pledge,fact\nPL1,F01\n")], &[("stages.csv:2:5", "has a number of the fact `F01`")]),
    (&[("stages.csv", "pledge,stage,fact,column\nPL1,pledged,S9:1,x\n")], &[("stages.csv:2:18", "no imported table")]),
    (
        &[("reasons.csv", "code,meaning\nbored,nobody cared\n")],
        &[("reasons.csv:2:1", "no reason that the program knows")],
    ),
    (&[("units.csv", "code,kind,places,name,source\nGBP/x,count,0,x,me\n")], &[("units.csv:2:1", "can't be a unit")]),
    (
        &[
            ("overlaps.csv", "pledge,relation,other\nPL1,part_of,PL2\nPL2,part_of,PL3\nPL3,part_of,PL1\n"),
            ("pledges.csv", "id,provider,recipient,instrument\nPL2,france,ukraine,loan\nPL3,france,ukraine,loan\n"),
        ],
        &[
            ("overlaps.csv:2:13", "part of itself"),
            ("overlaps.csv:3:13", "part of itself"),
            ("overlaps.csv:4:13", "part of itself"),
        ],
    ),
    (
        &[(
            "facts.csv",
            "id,source,paragraph,sentence,char_start,char_end,subject,action,gloss,kind,status,certainty,attribution,supersedes\n\
             F70,S1,1,1,5,5,a,b,c,state,ongoing,asserted,author,\n\
             F71,S1,1,,,,a,b,c,state,ongoing,asserted,author,\n\
             F072,S1,1,1,,,a,b,c,state,ongoing,asserted,author,\n\
             F73,S1,1,1,,,a,b,c,state,ongoing,asserted,author,F74\n\
             F74,S1,1,1,,,a,b,c,state,ongoing,asserted,author,F73\n\
             F75,S1,1,1,,,a,b,c,state,ongoing,asserted,author,F998\n",
        )],
        &[
            ("facts.csv:2:14", "before it has begun"),
            ("facts.csv:3:10", "sentence of that paragraph is missing"),
            ("facts.csv:4:1", "is written `F72`"),
            ("facts.csv:5:50", "would correct itself"),
            ("facts.csv:6:50", "would correct itself"),
            ("facts.csv:7:50", "has `F998`"),
        ],
    ),
];

#[test]
fn every_error_of_every_file_is_reported_with_its_place() {
    let directory = scratch::directory("facts_broken");
    ask(&directory, &["init", "mine.db"]);
    let untouched = fs::read(directory.join("mine.db")).unwrap();
    for (files, expected) in BROKEN {
        let broken = directory.join("broken");
        fs::create_dir(&broken).unwrap();
        for (name, text) in *files {
            fs::write(broken.join(name), text).unwrap();
        }
        let (code, message) = run(&directory, &["mine.db", "import", "broken"]);
        assert_eq!(code, Some(3), "{files:?}: {message}");
        assert_eq!(message.matches(" --> ").count(), expected.len(), "{files:?}: {message}");
        for (place, words) in *expected {
            let lines = message.lines().skip_while(|line| !line.ends_with(&format!("broken/{place}")));
            let found = lines.take(3).any(|line| line.contains(words));
            assert!(found, "{files:?}: {place} {words}: {message}");
        }
        fs::remove_dir_all(&broken).unwrap();
    }
    assert_eq!(untouched, fs::read(directory.join("mine.db")).unwrap());
}

#[test]
fn a_pledge_that_is_the_same_as_another_is_named_once_whatever_is_imported_first() {
    let directory = scratch::directory("facts_chain");
    ask(&directory, &["init", "mine.db"]);
    for (name, overlap) in [("first", "PL3,same_as,PL2"), ("second", "PL2,same_as,PL1")] {
        fs::create_dir(directory.join(name)).unwrap();
        let pledges = "id,provider,recipient,instrument\nPL2,france,ukraine,loan\nPL3,france,ukraine,loan\n";
        fs::write(directory.join(name).join("pledges.csv"), pledges).unwrap();
        let overlaps = format!("pledge,relation,other\n{overlap}\n");
        fs::write(directory.join(name).join("overlaps.csv"), overlaps).unwrap();
    }
    ask(&directory, &["mine.db", "import", "first"]);
    let (code, message) = run(&directory, &["mine.db", "import", "second"]);
    assert!(code == Some(3) && message.contains("`PL2` is itself the same as `PL1`"), "{message}");
}

#[test]
fn a_file_that_cannot_be_read_is_all_that_is_wrong() {
    let directory = scratch::directory("facts_unread");
    many_facts(&directory.join("many"), 3);
    fs::write(directory.join("many/facts.csv"), "id;name;what\nF1000;a;b\n").unwrap();
    ask(&directory, &["init", "mine.db"]);
    let (code, message) = run(&directory, &["mine.db", "import", "many"]);
    assert!(code == Some(3) && !message.contains("nor the book has"), "{message}");
}

#[test]
fn a_directory_without_facts_and_one_that_is_taken_are_refused() {
    let directory = scratch::directory("facts_refused");
    fs::create_dir(directory.join("empty")).unwrap();
    ask(&directory, &["init", "mine.db", "--empty"]);
    let (code, message) = run(&directory, &["mine.db", "import", "empty"]);
    assert!(code == Some(2) && message.contains("holds no files of facts"), "{message}");
    let (code, message) = run(&directory, &["mine.db", "import", "empty", "--unit", "a=EUR"]);
    assert!(code == Some(2) && message.contains("`--encoding`"), "{message}");
    ask(&directory, &["export", "empty", "--facts"]);
    fs::write(directory.join("empty/facts.csv"), "mine").unwrap();
    let (code, message) = run(&directory, &["export", "empty", "--facts"]);
    assert!(code == Some(3) && message.contains("it exists"), "{message}");
    assert_eq!(fs::read_to_string(directory.join("empty/facts.csv")).unwrap(), "mine");
    ask(&directory, &["export", "empty", "--facts", "--force"]);
    assert!(fs::read_to_string(directory.join("empty/facts.csv")).unwrap().contains("gloss"));
    fs::write(directory.join("empty/note.csv"), "mine").unwrap();
    let (code, message) = run(&directory, &["export", "empty", "--facts", "--force"]);
    assert!(code == Some(2) && message.contains("`note.csv`"), "{message}");
    let (code, message) = run(&directory, &["export", "nowhere/facts", "--facts"]);
    assert!(code == Some(3) && message.contains("can't write"), "{message}");
}

/// A directory of so many facts, each with a number and a mention.
fn many_facts(directory: &Path, count: usize) {
    fs::create_dir_all(directory).expect("it can be made");
    let mut facts =
        String::from("id,source,paragraph,sentence,subject,action,gloss,kind,status,certainty,attribution\n");
    let mut figures = String::from("fact,bound,amount,unit,basis,as_written,sig_figs,label,stage\n");
    for number in 1000..1000 + count {
        let _ = writeln!(facts, "F{number},S1,1,1,somebody,gives,text {number},pledge,planned,proposed,author");
        let _ = writeln!(figures, "F{number},exact,{number},GBP,stated,{number},1,a sum,pledged");
    }
    fs::write(directory.join("facts.csv"), facts).expect("it can be written");
    fs::write(directory.join("figures.csv"), figures).expect("it can be written");
}

#[test]
fn many_facts_come_in_at_once() {
    let directory = scratch::directory("facts_many");
    let count = if long::is_asked() { 100_000 } else { 10_000 };
    many_facts(&directory.join("many"), count);
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "many"]);
    assert_eq!(added(&directory.join("mine.db")), count);
}

/// The facts of [`many_facts`] that a book has.
fn added(book: &Path) -> usize {
    let book = Connection::open(book).expect("the book opens");
    let sql = "select count(*) from fact where subject = 'somebody'";
    let count: i64 = book.query_row(sql, [], |row| row.get(0)).expect("the facts can be counted");
    usize::try_from(count).expect("it is a count")
}

#[test]
fn a_killed_import_leaves_all_facts_or_none() {
    let directory = scratch::directory("facts_kills");
    let count = 5_000;
    many_facts(&directory.join("many"), count);
    let kills = if long::is_asked() { 50 } else { 5 };
    for kill in 0..kills {
        let book = format!("book_{kill}.db");
        ask(&directory, &["init", &book]);
        let mut program = scratch::command(scratch::program(), &directory);
        let mut import = program.args([&*book, "import", "many"]).stdout(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(60 * kill));
        import.kill().expect("it is ours");
        import.wait().expect("it is ours");
        // SQLite takes back what was cut short when the book is next opened for writing.
        run(&directory, &[&book, "drop", "S9"]);
        let found = added(&directory.join(&book));
        assert!(found == 0 || found == count, "kill {kill}: {found}");
    }
}

#[test]
fn a_damaged_book_is_said_to_be_wrong_where_it_is() {
    let directory = scratch::directory("book_check");
    fs::write(directory.join("t.csv"), "a,b (EUR)\nx,1\ny,2\n").unwrap();
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "t.csv"]);
    assert!(ask(&directory, &["mine.db", "check-book"]).contains("1 imported table"));
    let book = Connection::open(directory.join("mine.db")).unwrap();
    book.execute_batch(
        "pragma foreign_keys = off; delete from t_S2 where record = 2; update fact set condition = 'C9' where id = 'F24'; \
         update fact set superseded_by = 'F02' where id = 'F03'; update fact set superseded_by = 'F03' where id = 'F02';",
    )
    .unwrap();
    drop(book);
    let before = fs::read(directory.join("mine.db")).unwrap();
    let (code, message) = run(&directory, &["mine.db", "--csv", "check-book"]);
    assert_eq!(code, Some(3), "{message}");
    for words in [
        "`condition` names `C9`",
        "fact F02",
        "has 1 records up to number 1, and 2 were imported",
        "4 things are wrong",
    ] {
        assert!(message.contains(words), "{words}: {message}");
    }
    assert_eq!(before, fs::read(directory.join("mine.db")).unwrap());
    let changed = Connection::open(directory.join("mine.db")).unwrap();
    changed.execute_batch("insert into t_S2 (record, line, a, b_eur_minor) values (2, 3, 'y', 7)").unwrap();
    drop(changed);
    let (_, message) = run(&directory, &["mine.db", "--csv", "check-book"]);
    assert!(message.contains("are not those that were imported"), "{message}");
    let text = fs::read(directory.join("mine.db")).unwrap();
    fs::write(directory.join("short.db"), &text[..text.len() / 2]).unwrap();
    assert_eq!(run(&directory, &["short.db", "check-book"]).0, Some(3));
}

/// Replaces the view `t` of an import by hand.
fn replace_view(book: &Path, select: &str) {
    let book = Connection::open(book).expect("the book opens");
    book.execute_batch(&format!("drop view t; create view t as {select}")).expect("the view is there");
}

#[test]
fn a_view_of_an_import_that_was_replaced_is_said_to_be_wrong() {
    let directory = scratch::directory("book_check_view");
    fs::write(directory.join("t.csv"), "a,b (EUR)\nx,1\ny,2\n").unwrap();
    ask(&directory, &["init", "mine.db"]);
    ask(&directory, &["mine.db", "import", "t.csv"]);
    // A revision gives the view another name, and what is taken back gives it its own again.
    ask(&directory, &["mine.db", "import", "t.csv", "--revision-of", "S2"]);
    assert!(ask(&directory, &["mine.db", "check-book"]).contains("2 imported tables"));
    ask(&directory, &["mine.db", "drop", "S3"]);
    assert!(ask(&directory, &["mine.db", "check-book"]).contains("sound"));
    let other = "select 'S2:' || record as record, a, '7 EUR [S2:' || record || ']' as b_eur from t_S2";
    let book = directory.join("mine.db");
    replace_view(&book, other);
    let (code, message) = run(&directory, &["mine.db", "--csv", "check-book"]);
    let finding = "the view `t` is not the one that the import made";
    assert!(code == Some(3) && message.contains(finding) && message.contains("S2"), "{message}");
    // A book from before there were digests.
    let before = Connection::open(&book).unwrap();
    before.execute_batch("alter table imported_table drop column view_sha256").unwrap();
    drop(before);
    let (code, message) = run(&directory, &["mine.db", "--csv", "check-book"]);
    assert!(code == Some(3) && message.contains(finding), "{message}");
    replace_view(&book, "select 1");
    let (code, message) = run(&directory, &["mine.db", "check-book"]);
    assert!(code == Some(3) && message.contains("the view `t` is not the one that the import S2 made"), "{message}");
    assert_eq!(run(&directory, &["mine.db", "drop", "S2"]).0, Some(0));
    ask(&directory, &["mine.db", "import", "t.csv"]);
    assert!(ask(&directory, &["mine.db", "check-book"]).contains("1 imported table"));
}
