//! Files that the system refuses. Whoever may do everything is refused nothing, so that such a user asks as another, who owns
//! nothing: each test looks first whether it is refused indeed, and fails where it is not.

use crate::hostile::{Answer, files, run, scratch};
use std::env;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The user and the group of nobody.
const NOBODY: u32 = 65_534;

/// Whether this user may do everything.
fn is_mighty() -> bool {
    static MIGHTY: OnceLock<bool> = OnceLock::new();
    *MIGHTY.get_or_init(|| {
        let directory = scratch::directory("hostile_refused_mighty");
        fs::write(directory.join("x"), "").expect("it is writable");
        set_mode(&directory.join("x"), 0);
        fs::read(directory.join("x")).is_ok()
    })
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

/// A directory in which files can be refused, and who asks there.
struct Place(PathBuf);

impl Place {
    /// One that the other user can reach, with a copy of the program where it has to be another user.
    fn new(name: &str) -> Self {
        if !is_mighty() {
            return Self(scratch::directory(&format!("hostile_refused_{name}")));
        }
        let path = env::temp_dir().join(format!("pledgebook-refused-{}-{name}", std::process::id()));
        fs::create_dir_all(path.join("home")).expect("the directory for temporary files is writable");
        set_mode(&path, 0o755);
        let home = path.join("home");
        set_mode(&home, 0o755);
        chown(&home, Some(NOBODY), Some(NOBODY)).expect("who may do everything may do this");
        let program = path.join("pledgebook");
        if fs::hard_link(scratch::program(), &program).is_err() {
            fs::copy(scratch::program(), &program).expect("the program can be copied");
        }
        Self(path)
    }

    /// Where the questions are asked.
    fn directory(&self) -> PathBuf {
        if is_mighty() { self.0.join("home") } else { self.0.clone() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory().join(name)
    }

    /// Writes a file that is the asking user's own, with this mode.
    fn file(&self, name: &str, text: impl AsRef<[u8]>, mode: u32) {
        let path = self.path(name);
        fs::write(&path, text).expect("it is writable");
        self.hand_over(name, mode);
    }

    fn hand_over(&self, name: &str, mode: u32) {
        let path = self.path(name);
        if is_mighty() {
            chown(&path, Some(NOBODY), Some(NOBODY)).expect("who may do everything may do this");
        }
        set_mode(&path, mode);
    }

    fn directory_in(&self, name: &str, mode: u32) {
        fs::create_dir_all(self.path(name)).expect("it is writable");
        self.hand_over(name, mode);
    }

    /// A command of the shell as the user who is refused; `pledgebook` is the program.
    fn command(&self, line: &str) -> Command {
        let mut command = scratch::command("sh", &self.directory());
        command.args(["-c", line]);
        if is_mighty() {
            let paths = env::var_os("PATH").unwrap_or_default();
            let all = env::join_paths(std::iter::once(self.0.clone()).chain(env::split_paths(&paths)));
            command.env("PATH", all.expect("paths join again")).uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn shell(&self, line: &str) -> Answer {
        run(&mut self.command(line))
    }

    /// Looks whether the system refuses what this line does: a test that is refused nothing would prove nothing.
    #[track_caller]
    fn is_refused(&self, line: &str) {
        let answer = self.shell(line);
        assert!(answer.code.is_some_and(|code| code != 0), "`{line}` is not refused: {answer:?}");
    }

    /// Asks, and nothing changes in any file.
    #[track_caller]
    fn asked(&self, line: &str, code: i32, words: &str) -> Answer {
        let before = files(&self.directory());
        let answer = self.shell(line);
        answer.is(code, words);
        assert!(before == files(&self.directory()), "{line}: a file is changed");
        answer
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // So that the next run can remove it too.
        let _ = Command::new("chmod").args(["-R", "u+rwX"]).arg(&self.0).status();
        if is_mighty() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

#[test]
fn a_book_that_may_not_be_read() {
    let place = Place::new("book");
    drop(scratch::book(&place.path("it.db")));
    place.hand_over("it.db", 0);
    place.is_refused("cat it.db");
    for question in ["-c 'select 1'", "run pledged_per_missile", "check 5000", "-c F29"] {
        place.asked(&format!("pledgebook --db it.db {question}"), 3, "can't open `it.db`: permission denied");
    }
}

#[test]
fn a_directory_that_may_not_be_entered() {
    let place = Place::new("directory");
    place.directory_in("in", 0o755);
    place.file("in/it.sql", "select 1", 0o644);
    place.file("in/it.rhai", "1", 0o644);
    drop(scratch::book(&place.path("in/it.db")));
    place.hand_over("in/it.db", 0o644);
    place.hand_over("in", 0);
    place.is_refused("cat in/it.sql");
    for (line, words) in [
        ("pledgebook in/it.db -c 'select 1'", "can't open `in/it.db`: permission denied"),
        ("pledgebook -f in/it.sql", "can't read `in/it.sql`: permission denied"),
        ("pledgebook in/it.rhai", "can't read `in/it.rhai`: permission denied"),
        ("pledgebook -o in/x.csv -c 'select 1'", "can't write `in/x.csv`: permission denied"),
    ] {
        place.asked(line, 3, words);
    }
    // It holds what it held.
    place.hand_over("in", 0o755);
    assert_eq!(files(&place.path("in")).len(), 3);
}

#[test]
fn a_book_and_a_directory_that_may_only_be_read() {
    let place = Place::new("read_only");
    drop(scratch::book(&place.path("it.db")));
    place.hand_over("it.db", 0o444);
    place.file("old.csv", "old", 0o644);
    place.hand_over(".", 0o555);
    place.is_refused("touch it.db new");
    assert!(
        place
            .asked("pledgebook it.db --csv -c 'select count(*) from facts'", 0, "")
            .out
            .contains(scratch::fact_count())
    );
    place.asked(
        "pledgebook it.db -c 'create temp table mine as select id from facts; select count(*) from mine'",
        0,
        scratch::fact_count(),
    );
    place.asked("pledgebook it.db -o new.csv -c 'select 1'", 3, "can't write `new.csv`: permission denied");
    place.asked("pledgebook it.db -o old.csv --force -c 'select 1'", 3, "can't write `old.csv`: permission denied");
    place.asked("pledgebook it.db -c 'delete from fact'", 6, "can't write to the book");
}

/// With a log, SQLite would make two files beside the book.
#[test]
fn a_book_with_a_log_in_a_directory_that_may_only_be_read() {
    let place = Place::new("log");
    let book = scratch::book(&place.path("it.db"));
    book.query_row("pragma journal_mode = wal", [], |row| row.get::<_, String>(0)).expect("it can have a log");
    drop(book);
    place.hand_over("it.db", 0o444);
    place.hand_over(".", 0o555);
    place.is_refused("touch new");
    assert!(
        place
            .asked("pledgebook it.db --csv -c 'select count(*) from facts'", 0, "")
            .out
            .contains(scratch::fact_count())
    );
}

#[test]
fn texts_that_may_not_be_read() {
    let place = Place::new("texts");
    for name in ["it.sql", "it.rhai", "it.txt", "module.rhai"] {
        place.file(name, "1", 0);
    }
    place.file("asks.rhai", "import \"module\" as m; 1", 0o644);
    place.is_refused("cat it.sql");
    for (line, words) in [
        ("pledgebook -f it.sql", "can't read `it.sql`: permission denied"),
        ("pledgebook -f it.txt", "can't read `it.txt`: permission denied"),
        ("pledgebook it.rhai", "can't read `it.rhai`: permission denied"),
        ("pledgebook run ./it.rhai", "can't read `./it.rhai`: permission denied"),
        ("pledgebook test ./it.rhai", "can't read `./it.rhai`: permission denied"),
        ("echo .read it.txt | pledgebook", "can't read `it.txt`: permission denied"),
        ("pledgebook -f - < asks.rhai; exec < it.txt; pledgebook", ""),
        ("pledgebook asks.rhai", "module"),
    ] {
        let answer = place.shell(line);
        let code = if line.contains("asks") { answer.code } else { Some(3) };
        assert_eq!(answer.code, code, "{line}: {answer:?}");
        assert!(answer.code != Some(0) && answer.err.contains(words), "{line}: {answer:?}");
    }
    place.asked("pledgebook asks.rhai", 3, "permission denied");
}

#[test]
fn an_answer_that_may_not_be_written() {
    let place = Place::new("answer");
    place.directory_in("in", 0o555);
    place.file("old.csv", "old", 0o444);
    place.is_refused("touch in/new");
    place.asked("pledgebook -o in/x.csv -c 'select 1'", 3, "can't write `in/x.csv`: permission denied");
    place.asked("pledgebook -o in/x.csv --force -c 'select 1'", 3, "can't write `in/x.csv`: permission denied");
    place.asked("pledgebook -o old.csv -c 'select 1'", 3, "can't write `old.csv`: it exists");
    place.asked("pledgebook -o old.csv --force -c 'select 1'", 3, "can't write `old.csv`: it is read-only");
    assert_eq!(fs::read(place.path("old.csv")).expect("it is there"), b"old");
    assert_eq!(files(&place.path("in")).len(), 0);
}

#[test]
fn a_home_that_may_not_be_written_is_not_needed() {
    let place = Place::new("home");
    place.hand_over(".", 0o555);
    place.is_refused("mkdir \"$HOME/x\"");
    assert!(place.asked("pledgebook --csv -c 'select count(*) from facts'", 0, "").out.contains(scratch::fact_count()));
    place.asked("echo 'F29 / F30' | pledgebook", 0, "320,000 GBP/missile");
}

/// What a prompt says of settings and of its history.
#[test]
fn settings_and_a_history_that_are_refused() {
    use pty_process::blocking::{Command as PtyCommand, open};
    use std::io::{Read, Write};
    let place = Place::new("prompt");
    place.directory_in("state", 0o755);
    place.file("state/history", "#V2\nselect 1\n", 0);
    place.file("config.toml", "mode = \"csv\"\n", 0);
    place.directory_in("locked", 0o555);
    place.is_refused("cat config.toml");
    let owner = fs::metadata(place.path("config.toml")).expect("it is there").uid();
    assert_eq!(owner, fs::metadata(place.directory()).expect("it is there").uid());
    for (variables, words, code) in [
        ("PLEDGEBOOK_CONFIG=config.toml", "error: can't read `config.toml`: permission denied", 3),
        (
            "PLEDGEBOOK_HISTORY=state/history",
            "notice: the history is not kept in `state/history`: Permission denied",
            0,
        ),
        (
            "PLEDGEBOOK_HISTORY=locked/history",
            "notice: the history is not kept in `locked/history`: Permission denied",
            0,
        ),
        ("XDG_STATE_HOME=$PWD/locked", "notice: the history is not kept in `", 0),
    ] {
        let before = files(&place.directory());
        let (pty, side) = open().expect("there are pseudo-terminals");
        let line = format!("export TERM=dumb {variables}; pledgebook; echo ended $?");
        let mut running = PtyCommand::from(place.command(&line)).spawn(side).expect("the program runs");
        (&pty).write_all(b"40 + 2\n40 + 3\n\x04").expect("it reads");
        let mut text = Vec::new();
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = (&pty).read(&mut part) {
            text.extend_from_slice(&part[..length]);
        }
        running.wait().expect("it is a child");
        let text = String::from_utf8_lossy(&text).replace('\r', "");
        assert_eq!(text.matches(words).count(), 1, "{variables}: {text}");
        assert!(text.contains(&format!("ended {code}\n")), "{variables}: {text}");
        assert_eq!(text.contains("> 43\n"), code == 0, "{variables}: {text}");
        assert!(before == files(&place.directory()), "{variables}");
    }
}
