//! Imported tables of a shared book: every answer is that of the file, to the last byte, and rows come when they are asked for.

use super::differential::some;
use super::faults::{interrupt, moment, running};
use super::{Answer, Shared};
use crate::scratch::long;
use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A table with everything that `copy` has to escape, quantities, dates, blank cells and a name in quotes.
const TRADES: &str = "donor,recipient,day,amount (EUR),items,note\n\
    Norway,Ukraine,2022-03-01,100.50,3,\"a \"\"quoted\"\" note\"\n\
    Norway,Poland,2023-01-31,7,4,tab\tand \\N and \\.\n\
    \"Ile, de\nFrance\",Ukraine,2022-12-24,13.25,5,back\\slash \\t\n\
    Spain,Ukraine,2023-07-07,1000000,6,\n\
    Spain,Poland,2022-01-01,2,7,\u{fc}n\u{ef}\u{1f600} 'x'\n";

/// One with totals, an unknown number and fractions.
const COUNTS: &str = "place,people,share (%)\nAlfa,5,0.5\nBeta,..,1.25\nGamma,7,0.75\nTotal,12,2.5\n";

/// Questions about both; `@` stands for the book in a shell.
const QUESTIONS: &[&str] = &[
    "select * from trades",
    "select donor, sum(amount_eur) as total from trades group by donor order by donor",
    "select donor, q_sum(amount_eur) as total, count(*) as n from trades where day < '2023' group by donor",
    "select count(*) as n from trades",
    "select max(amount_eur) as most, min(items) as least, avg(amount_eur) as mean from trades",
    "select record, note from trades where note like '%\\%' order by record desc",
    "select recipient, sum(items) from trades group by 1 having sum(amount_eur) > '50 EUR'",
    "select a.donor, b.amount_eur from trades a join trades b on a.day < b.day order by 1, 2 limit 5",
    "select * from counts",
    "select sum(people) from counts",
    "select place, people from counts where people > 5",
    "select sum(amount_eur) / 2, sum(items) / 2 from trades",
    "select amount_eur + items from trades",
    "select nothing from trades",
    "select amount_eur || note from trades",
    "select * from trades_S2",
    "create temp table t as select donor, amount_eur from trades; select sum(amount_eur) from t",
    "select median(amount_eur) from trades",
    "explain query plan select * from trades where donor = 'Spain'",
    "select name from pragma_table_info('trades')",
    "select * from imported_column",
    ".tables",
    ".schema trades",
    ".schema trades_S2",
    ".sources",
    ".why S2:3",
    "S2:2",
    "S2:99",
    ".dump trades_S2",
    ".find Ukraine",
    "select sum(amount_eur) as a from trades\n.why",
    ".assume S2:1.amount_eur=200\nselect sum(amount_eur) from trades",
    "let t = 0; for row in query(\"select items from trades\") { t += row.items } t",
    ".log",
    "select source, name, records, content_sha256 from imported_table",
    "select count(*) from pledges",
    "help trades",
];

impl Shared {
    /// A book of one's own with imported tables in the file `mine.db`, pushed.
    fn with_imports(name: &str) -> Option<Self> {
        let shared = Self::empty(name)?;
        shared.import_trades();
        shared.ask(&["mine.db", "push", &shared.address, "--create"]).is(0, &["version 1, which adds "]);
        Some(shared)
    }

    /// A book of one's own with imported tables in the file `mine.db`.
    fn import_trades(&self) {
        for (file, text) in [("trades.csv", TRADES), ("counts.csv", COUNTS)] {
            fs::write(self.directory.join(file), text).expect("it is writable");
        }
        self.ask(&["init", "mine.db"]).is(0, &[]);
        self.ask(&["mine.db", "import", "trades.csv", "--key", "day"]).is(0, &["S2"]);
        self.ask(&["mine.db", "import", "counts.csv"]).is(0, &["S3"]);
    }

    fn csv(&self, book: &str, sql: &str) -> Answer {
        self.ask(&[book, "--csv", "-c", sql])
    }
}

#[test]
fn an_imported_table_answers_as_in_the_file() {
    let Some(shared) = Shared::with_imports("imports") else { return };
    for (turn, question) in some(QUESTIONS.iter().enumerate().collect(), 2) {
        // The formats take turns in the usual run.
        let formats = ["table", "csv", "json"].into_iter().enumerate();
        for (_, format) in formats.filter(|(at, _)| long::is_asked() || turn / 2 % 3 == *at) {
            let format = if question.starts_with(".dump") { "insert" } else { format };
            let entries = question.lines().flat_map(|entry| ["-c", entry]);
            let question: Vec<&str> = ["--format", format].into_iter().chain(entries).collect();
            let ask = |book: &str, more: &[&str]| shared.ask(&[&[book], &*question, more].concat());
            let of_file = ask("mine.db", &[]);
            for (book, more) in [(shared.address.as_str(), &["--fresh"][..]), (&shared.address, &[])] {
                let there = ask(book, more);
                assert!(of_file == there, "{question:?}\n{of_file:?}\n{there:?}");
            }
        }
    }
    let check = ["check", "Spain gave EUR 1,000,000"];
    assert_eq!(shared.ask(&[&["mine.db"], &check[..]].concat()), shared.of_book(&check));
    shared
        .of_book(&["--offline", "--csv", "-c", "select count(*) as n, max(day) from trades"])
        .is(0, &["5,2023-07-07"]);
}

#[test]
fn rows_come_when_they_are_asked_for() {
    let Some(shared) = Shared::with_imports("lazy") else { return };
    let server = shared.of_book(&["-c", ".server"]);
    server.is(0, &["`trades`: 5 rows, on the server", "`counts`: 4 rows, on the server"]);
    shared.of_book(&["-c", "select max(note) from trades", "-c", ".server"]).is(0, &["`trades`: 5 rows, read here"]);
    // Where the rows can't be had, what does not ask for them answers.
    let offline = shared.of_book(&["--offline", "-c", "select max(place) from counts"]);
    offline.is(3, &["there is no copy of the rows of `counts` here", "leave `--offline` out"]);
    shared.sql("revoke usage on schema imported from ann; alter schema imported owner to admin");
    for question in [".tables", ".schema counts", ".sources", "select * from pledges", "F29 / F30", ".log", ".help"] {
        let [of_file, there] = ["mine.db", &shared.address].map(|book| shared.ask(&[book, "-c", question]));
        assert!(of_file == there, "{question}\n{of_file:?}\n{there:?}");
    }
    shared.of_book(&["-c", "select max(day) from trades"]).is(0, &["2023-07-07"]);
    for question in ["select max(place) from counts", "select count(*) from trades"] {
        shared.of_book(&["-c", question]).is(6, &["permission denied for schema imported"]);
    }
    let limited = ["--limit-rows", "3", "--fresh", "-c", "select max(note) from trades"];
    shared.of_book(&limited).is(4, &["this would copy 5 rows of `trades`", "an answer may have 3", "pull mine.db"]);
}

#[test]
fn rows_that_somebody_has_changed_are_noticed() {
    let Some(shared) = Shared::with_imports("changed_rows") else { return };
    let table = shared.sql("select rows_table from book.imported where name = 'trades'");
    let question = ["-c", "select max(note) from trades"];
    for (change, says) in [
        ("update T set items = 4 where record = 1", "the rows of `trades` there are not those that were imported"),
        ("delete from T where record = 5", "are not those that were imported"),
        ("alter table T alter items type text using 'x'", "row 1 of `trades` is none that an import makes"),
        ("alter table T drop items", "column \"items\" does not exist"),
        ("drop table T", "the rows of `trades` are gone with their version of the book"),
    ] {
        shared.sql(&change.replace('T', &format!("imported.\"{table}\"")));
        shared.of_book(&question).is(3, &[says]);
    }
    shared.of_book(&["-c", "select count(*) from trades"]).is(3, &["the rows of `trades` are gone"]);
    for (change, says) in [
        (
            "update book.imported set view = view || '; drop table fact' where name = 'counts'",
            "its imported table `counts`: ",
        ),
        ("update book.imported set columns = '[]' where name = 'counts'", "its columns are none that an import makes"),
        ("delete from book.imported where name = 'counts'", "its columns are not on the server"),
    ] {
        shared.sql(change);
        shared.of_book(&["--fresh", "-c", "select 1"]).is(3, &["its imported table `counts`", says]);
    }
}

#[test]
fn a_pulled_file_has_the_rows() {
    let Some(shared) = Shared::with_imports("pulled_rows") else { return };
    shared.of_book(&["pull", "again.db"]).is(0, &["again.db: the whole book, complete"]);
    shared.ask(&["again.db", "check-book"]).is(0, &[]);
    for question in QUESTIONS {
        let [first, again] = ["mine.db", "again.db"].map(|book| shared.ask(&[book, "-c", question]));
        assert!(first == again, "{question}\n{first:?}\n{again:?}");
    }
    shared.ask(&["again.db", "push", &shared.address]).is(0, &["nothing to push"]);
    shared
        .of_book(&["pull", "facts.db", "--without-rows"])
        .is(0, &["facts.db: the book without its 2 imported tables"]);
    shared.ask(&["facts.db", "-c", "select * from trades"]).is(1, &["there is no table or view `trades`"]);
    shared.ask(&["facts.db", "check-book"]).is(0, &[]);
    shared.ask(&["facts.db", "push", &shared.address]).is(3, &["of it would go or be other ones"]);
}

#[test]
fn a_table_is_imported_into_the_shared_book() {
    let Some(shared) = Shared::with_book("import_table") else { return };
    fs::write(shared.directory.join("trades.csv"), TRADES).expect("it is writable");
    let command = ["import", "trades.csv"];
    let tried = shared.of_book(&[&command[..], &["--dry-run"]].concat());
    tried.is(0, &["trades.csv would be S2: `trades`, 5 records"]);
    assert_eq!(shared.sql("select version from book.version"), "1");
    shared.of_book(&command).is(0, &["trades.csv is S2: `trades`, 5 records", "version 2, which adds "]);
    shared.csv(&shared.address, "select sum(items) as n from trades").is(0, &["25"]);
    shared.of_book(&command).is(2, &["the book has a view `trades` already"]);
    let first = shared.sql("select rows_table from book.imported");
    // Those who have opened the version before go on with its rows.
    fs::write(shared.directory.join("newer.csv"), TRADES.replace("1000000", "2000000")).expect("it is writable");
    shared.of_book(&["import", "newer.csv", "--revision-of", "S2"]).is(0, &["it revises S2, now `trades_v1`"]);
    shared.csv(&shared.address, "select max(amount_eur) as most from trades").is(0, &["2000000"]);
    shared.csv(&shared.address, "select max(amount_eur) as most from trades_v1").is(0, &["1000000"]);
    assert_eq!(shared.sql("select count(*) from book.imported_rows where unused_since is null"), "2");
    // A table that is taken away stays for a day.
    shared.of_book(&["pull", "mine.db"]).is(0, &[]);
    shared.ask(&["mine.db", "drop", "S3"]).is(0, &[]);
    shared.ask(&["mine.db", "push", &shared.address, "--force"]).is(0, &["takes away"]);
    let unused = "select count(*) from book.imported_rows where unused_since is not null";
    assert_eq!(shared.sql(unused), "1");
    shared.sql("update book.imported_rows set unused_since = unused_since - interval '25 hours'");
    shared.of_book(&["import", "newer.csv", "--as", "other"]).is(0, &["S4"]);
    assert_eq!(shared.sql("select count(*) from book.imported_rows"), "2");
    assert_eq!(
        shared.sql(
            "select count(*) from pg_class where relname like '%\\_________________' and relkind = 'r' \
        and relnamespace = 'imported'::regnamespace"
        ),
        "2"
    );
    assert_eq!(shared.sql(&format!("select count(*) from book.imported_rows where name = '{first}'")), "1");
}

/// Writes a table with many rows, `many.csv`.
fn write_many(shared: &Shared, rows: u32) {
    let lines: Vec<String> = (0..rows).map(|row| format!("r{row},{row}.25")).collect();
    let text = format!("name,amount (EUR)\n{}\n", lines.join("\n"));
    fs::write(shared.directory.join("many.csv"), text).expect("it is writable");
}

#[test]
fn a_push_that_is_killed_has_sent_a_table_whole_or_not_at_all() {
    let Some(shared) = Shared::with_book("killed_rows") else { return };
    write_many(&shared, 200_000);
    shared.of_book(&["pull", "mine.db"]).is(0, &[]);
    shared.ask(&["mine.db", "import", "many.csv"]).is(0, &["200000 records"]);
    let begun = Instant::now();
    for round in 0..long::part_of(100) {
        let mut running = shared
            .command(&["mine.db", "push", &shared.address])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        thread::sleep(moment(round, Duration::from_millis(900)));
        let _ = running.kill();
        running.wait().expect("it is a child");
        // What is listed is there whole.
        let listed = shared.sql("select count(*) from book.imported_rows");
        if listed != "0" {
            let table = shared.sql("select name from book.imported_rows");
            assert_eq!(shared.sql(&format!("select count(*) from imported.\"{table}\"")), "200000", "{round}");
        }
        let version = shared.sql("select version from book.version");
        assert_eq!(shared.sql("select count(*) from book.imported"), if version == "1" { "0" } else { "1" }, "{round}");
        shared.csv(&shared.address, "select count(*) as n from facts").is(0, &[]);
    }
    assert!(begun.elapsed().as_secs() < 300);
    let last = shared.ask(&["mine.db", "push", &shared.address]);
    assert_eq!(last.code, Some(0), "{last:?}");
    shared
        .csv(&shared.address, "select count(*) as n, sum(amount_eur) as total from many")
        .is(0, &["200000,19999950000,EUR,,S2:1-200000"]);
    let only =
        shared.sql("select count(*) from pg_class where relkind = 'r' and relnamespace = 'imported'::regnamespace");
    assert_eq!(only, "1");
}

#[test]
fn ctrl_c_ends_a_copy_in_either_direction() {
    let Some(shared) = Shared::with_book("copy_interrupted") else { return };
    write_many(&shared, 100_000);
    let push = [shared.address.as_str(), "import", "many.csv"];
    let interrupted = |arguments: &[&str], round: u32| {
        let asking = shared.command(arguments).spawn().expect("it runs");
        thread::sleep(moment(round, Duration::from_millis(1_500)));
        interrupt(&asking);
        let answer = Answer::of(asking.wait_with_output().expect("it ends"));
        // Before the program catches it the signal ends the process by itself.
        assert!(matches!(answer.code, None | Some(0 | 130)), "{round}: {answer:?}");
        let begun = Instant::now();
        while running(&shared) != "0" {
            assert!(begun.elapsed() < Duration::from_secs(2), "{round}: a query goes on");
        }
        answer.code == Some(0)
    };
    let is_there = (0..long::part_of(30)).any(|round| interrupted(&push, round));
    assert_eq!(shared.sql("select count(*) from book.imported"), if is_there { "1" } else { "0" });
    if !is_there {
        shared.ask(&push).is(0, &["100000 records"]);
    }
    let question =
        ["--db", &shared.address, "--sandbox", "--limit-memory", "0", "--limit-time", "60", "--limit-rows", "0"];
    let question = [&question[..], &["--csv", "-c", "select count(name) as n, max(name) as m from many"]].concat();
    for round in 0..long::part_of(30) {
        interrupted(&question, round);
    }
    shared.ask(&question).is(0, &["100000,r99999"]);
}

#[test]
fn those_who_read_while_a_table_is_revised_see_one_version_of_it() {
    const VERSIONS: u32 = 5;
    let Some(shared) = Shared::with_book("revised") else { return };
    let write = |version: u32| {
        let rows = vec![version.to_string(); version as usize].join("\n");
        fs::write(shared.directory.join("t.csv"), format!("n\n{rows}\n")).expect("it is writable");
    };
    write(1);
    shared.of_book(&["import", "t.csv"]).is(0, &["S2"]);
    let is_done = AtomicBool::new(false);
    let read = || {
        let mut reads = 0;
        while !is_done.load(Ordering::Relaxed) {
            let answer = shared.csv(&shared.address, "select count(*) * count(*) as n, sum(n) as m from t");
            answer.is(0, &[]);
            let numbers: Vec<&str> = answer.out.lines().last().unwrap_or_default().split(',').collect();
            assert!(numbers.len() == 2 && numbers[0] == numbers[1], "{answer:?}");
            reads += 1;
        }
        reads
    };
    thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        for version in 2..=VERSIONS {
            write(version);
            shared.of_book(&["import", "t.csv", "--revision-of", "t"]).is(0, &["it revises "]);
        }
        is_done.store(true, Ordering::Relaxed);
        assert!(readers.into_iter().all(|reader| reader.join().expect("it reads one version") > 0));
    });
    shared.csv(&shared.address, "select count(*) as n from t").is(0, &["5"]);
}
