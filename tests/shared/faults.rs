//! What befalls a question while it waits for the server: Ctrl-C, the time limit, a server that is gone. Nothing goes on there.

use super::{Answer, Shared, cluster};
use crate::scratch::long;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A time to wait in a round: spread over all that a run takes, in an order that repeats nothing.
pub(super) fn moment(round: u32, longest: Duration) -> Duration {
    longest * (round * 37 % 101) / 101
}

/// Holds a lock for which questions wait, until it is dropped.
struct Lock<'s>(&'s Shared, Child);

impl<'s> Lock<'s> {
    fn new(shared: &'s Shared) -> Self {
        let sql = "begin; lock table book.fact in access exclusive mode; select pg_sleep(120)";
        let mut psql = cluster().expect("there is one").command(&shared.database, sql);
        psql.stdout(Stdio::null()).stderr(Stdio::null());
        let lock = Self(shared, psql.spawn().expect("psql runs"));
        let held =
            "select count(*) from pg_locks where relation = 'book.fact'::regclass and mode = 'AccessExclusiveLock'";
        while shared.sql(held) == "0" {
            sleep(Duration::from_millis(10));
        }
        lock
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.0.sql("select pg_terminate_backend(pid) from pg_stat_activity where query like 'begin; lock table%'");
        let _ = self.1.wait();
    }
}

/// The statements that the server runs for the program in a test's database.
pub(super) fn running(shared: &Shared) -> String {
    shared.sql(&format!(
        "select count(*) from pg_stat_activity where datname = '{}' and application_name = 'pledgebook' and state = 'active'",
        shared.database
    ))
}

pub(super) fn interrupt(child: &Child) {
    let _ = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).stderr(Stdio::null()).status();
}

#[test]
fn ctrl_c_leaves_no_query() {
    let Some(shared) = Shared::with_book("interrupted") else { return };
    let question = ["--db", &shared.address, "--fresh", "-c", "select count(*) from facts"];
    let lock = Lock::new(&shared);
    let waiting = shared.command(&question).spawn().expect("it runs");
    while running(&shared) == "0" {
        sleep(Duration::from_millis(10));
    }
    let begun = Instant::now();
    interrupt(&waiting);
    let answer = Answer::of(waiting.wait_with_output().expect("it ends"));
    assert!(answer.code == Some(130) && answer.out.is_empty(), "{answer:?}");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(running(&shared), "0");
    let limited = shared.ask(&["--db", &shared.address, "--fresh", "--limit-time", "1", "-c", "select 1"]);
    limited.is(4, &["--limit-time"]);
    assert_eq!(running(&shared), "0");
    drop(lock);
    let begun = Instant::now();
    shared.ask(&question).is(0, &[]);
    let longest = begun.elapsed();
    for round in 0..long::part_of(200) {
        let asking = shared.command(&question).spawn().expect("it runs");
        sleep(moment(round, longest));
        interrupt(&asking);
        let answer = Answer::of(asking.wait_with_output().expect("it ends"));
        // Before the program catches it the signal ends the process by itself.
        assert!(matches!(answer.code, None | Some(0 | 130)), "{round}: {answer:?}");
        let begun = Instant::now();
        while running(&shared) != "0" {
            assert!(begun.elapsed() < Duration::from_secs(2), "{round}: a query goes on");
        }
    }
}

#[test]
fn a_copy_answers_where_the_server_is_gone() {
    let Some(shared) = Shared::with_book("copies") else { return };
    let question = ["--csv", "-c", "select count(*) as n from facts"];
    let offline = [&["--offline"], &question[..]].concat();
    shared.of_book(&offline).is(3, &["there is no copy of it here", "leave `--offline` out"]);
    let sandboxed = [&["--sandbox", "--limit-time", "20"], &question[..]].concat();
    let expected = shared.of_book(&sandboxed);
    assert_eq!(expected.code, Some(0), "{expected:?}");
    assert!(!shared.directory.join("pledgebook").exists(), "a sandbox keeps a copy");
    assert_eq!(shared.of_book(&question), expected);
    assert_eq!(shared.of_book(&offline), expected);
    let copies = || {
        let books = fs::read_dir(shared.directory.join("pledgebook")).expect("there is a copy").flatten();
        books.flat_map(|book| fs::read_dir(book.path()).expect("it is a directory")).flatten().collect::<Vec<_>>()
    };
    let copy = copies().pop().expect("there is one");
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&copy.metadata().expect("it is there").permissions()) & 0o777,
        0o600
    );
    // A damaged copy is none.
    let mut bytes = fs::read(copy.path()).expect("it is a file");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(copy.path(), &bytes).expect("it is writable");
    shared.of_book(&offline).is(3, &["there is no copy of it here"]);
    assert_eq!(shared.of_book(&question), expected);
    assert_eq!(shared.of_book(&offline), expected);
    // Another version has another copy, and the one before goes.
    shared.of_book(&["pull", "mine.db"]).is(0, &[]);
    let book = rusqlite::Connection::open(shared.directory.join("mine.db")).expect("it opens");
    book.execute("insert into search_word (word, near) values ('a', 'b')", []).expect("it is a book");
    shared.ask(&["mine.db", "push", &shared.address]).is(0, &["version 2"]);
    shared.of_book(&[".server"]).is(0, &["version 2 (ann, ", "read from the server"]);
    shared.of_book(&["--offline", ".server"]).is(0, &["version 2\n", "the server was not asked"]);
    assert_eq!(copies().len(), 1);
    // A row that was changed there without a version is read where it is asked for.
    shared.sql("update book.search_word set near = 'c' where word = 'a'");
    let near = ["--format", "insert", "-c", ".dump search_word"];
    assert!(shared.of_book(&near).out.contains("'a','b'"), "{:?}", shared.of_book(&near));
    assert!(shared.of_book(&[&["--fresh"], &near[..]].concat()).out.contains("'a','c'"));
    let close = "alter database test_copies allow_connections false";
    cluster().expect("there is one").psql("postgres", close);
    shared.of_book(&question).is(3, &["is not currently accepting connections"]);
    assert_eq!(shared.of_book(&offline), expected);
}
