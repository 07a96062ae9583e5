//! A file system that is really full: one of 64 KiB, in a space of its own that vanishes with the shell. Where the machine
//! lets nobody make one, `surroundings` has what stands for it.

use crate::hostile::{Answer, scratch, shell};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// How a shell gets a space of its own: as a user who is mighty only there, or as one who is so anyway.
fn space() -> Option<&'static str> {
    static SPACE: OnceLock<Option<&str>> = OnceLock::new();
    *SPACE.get_or_init(|| {
        let directory = scratch::directory("hostile_full_tried");
        let is_possible = |options: &&str| {
            let line = "mount -t tmpfs -o size=64k none .";
            let tried = Command::new("unshare").arg(options).args(["sh", "-c", line]).current_dir(&directory).output();
            tried.is_ok_and(|tried| tried.status.success())
        };
        let found = ["-Urm", "-m"].into_iter().find(is_possible);
        if found.is_none() {
            let _ = io::stderr().write_all(b"no file system can be made here: nothing is tried on a full one\n");
        }
        found
    })
}

/// Rows of some 200 KB, and of some bytes.
const LONG: &str = "with recursive t(n) as (select 1 union all select n + 1 from t where n < 40000) select n from t";

/// Runs lines of the shell in a directory that is such a file system; `fill` leaves no room on it.
#[track_caller]
fn on_a_small_one(name: &str, size: &str, lines: &str) -> Option<Answer> {
    let directory = scratch::directory(&format!("hostile_full_{name}"));
    std::fs::create_dir(directory.join("small")).expect("it is writable");
    let script = format!(
        "mount -t tmpfs -o size={size} none small && cd small || exit 99\n\
         fill() {{ dd if=/dev/zero of=filler bs=1k 2> /dev/null; sync; }}\n{lines}\n"
    );
    std::fs::write(directory.join("script"), script).expect("it is writable");
    let answer = in_space(&directory)?;
    assert_ne!(answer.code, Some(99), "{answer:?}");
    Some(answer)
}

#[track_caller]
fn in_space(directory: &Path) -> Option<Answer> {
    let options = space()?;
    Some(shell(directory, &format!("exec unshare {options} sh script")))
}

/// Each line says what came of one step.
#[track_caller]
fn check(name: &str, lines: &str, told: &str) {
    check_on(name, "64k", lines, told);
}

/// The same on one of this size.
#[track_caller]
fn check_on(name: &str, size: &str, lines: &str, told: &str) {
    let Some(answer) = on_a_small_one(name, size, lines) else { return };
    assert_eq!(answer.out, told, "{answer:?}");
}

#[test]
fn a_book_that_finds_no_room_leaves_nothing_of_its_copy() {
    check(
        "export",
        "pledgebook export b.db 2> ../err; echo $?; ls -A; pledgebook export d 2>> ../err; echo $?; ls -A; \
         pledgebook -o a.xlsx -c 'select hex(randomblob(10000)) as x from generate_series(1, 20)' 2>> ../err; \
         echo $?; ls -A; grep -c \"can't write\" ../err",
        "3\n3\n3\n3\n",
    );
}

#[test]
fn an_answer_that_finds_no_room_is_an_error_and_leaves_no_half() {
    check(
        "output",
        &format!("pledgebook -o x.csv -c '{LONG}' 2> ../err; echo $?; ls; grep -c \"can't write\" ../err"),
        "3\n1\n",
    );
}

#[test]
fn an_entry_that_finds_no_room_is_taken_back() {
    let rows = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) \
                insert into t select printf('%0200d', i) from n";
    check_on(
        "entry",
        "2m",
        &format!(
            "pledgebook -q init mine.db --empty; pledgebook -q mine.db --write -c 'create table t (a)'\n\
             pledgebook mine.db --write -c \"{rows}\" 2>&1; echo $?; ls; pledgebook mine.db --csv -c 'select count(*) as n from t'\n\
             pledgebook -q mine.db --write -c 'insert into t values (1)'; pledgebook mine.db check-book"
        ),
        "error: can't write `mine.db`: its disk is full; the book is as before\n3\nmine.db\nn\n0\n\
         mine.db: sound; 16 views answer, 0 imported tables\n",
    );
}

#[test]
fn an_old_answer_stays_where_the_new_one_finds_no_room() {
    check(
        "force",
        &format!("echo old > x.csv; pledgebook -o x.csv --force -c '{LONG}' 2> ../err; echo $?; ls; cat x.csv"),
        "3\nx.csv\nold\n",
    );
    check(
        "force_full",
        "echo old > x.csv; fill; pledgebook -o x.csv --force -c 'select 1' 2> ../err; echo $?; ls; cat x.csv",
        "3\nfiller\nx.csv\nold\n",
    );
}

#[test]
fn standard_output_that_finds_no_room_is_an_error() {
    for (format, words) in [("csv", "--csv"), ("json", "--json"), ("table", ""), ("markdown", "--markdown")] {
        let lines = format!(
            "fill; pledgebook {words} -c 'select * from facts' > x 2> ../err; echo $?; grep -c \"can't write the answer\" ../err"
        );
        check(format, &lines, "3\n1\n");
    }
    let lines = format!("pledgebook --csv -c '{LONG}' > x 2> ../err; echo $?; pledgebook man > y 2> ../err; echo $?");
    check("stdout", &lines, "3\n3\n");
}

/// The prompt of a terminal that `script` makes; `TERM=dumb` draws nothing, so that what it says can be read.
fn prompt(entries: &str) -> String {
    format!("printf '{entries}' | TERM=dumb script -qec pledgebook /dev/null > ../seen 2>&1")
}

fn has_script() -> bool {
    Command::new("script").arg("--version").output().is_ok_and(|tried| tried.status.success())
}

#[test]
fn what_is_saved_is_whole_or_not_there() {
    if !has_script() {
        return;
    }
    let entries = "F29 / F30\\n.save mine\\n.quit\\n";
    let lines = format!(
        "{}; ls; {{ fill; }}; rm mine.rhai; fill; {0}; ls; grep -ao \"error: can't write .mine.rhai.\" ../seen",
        prompt(entries)
    );
    check("save", &lines.replace("{ fill; }", ":"), "mine.rhai\nfiller\nerror: can't write `mine.rhai`\n");
}

#[test]
fn the_history_loses_nothing_where_there_is_no_room() {
    if !has_script() {
        return;
    }
    // Another session has written meanwhile, so that the file is not as this one knew it, up to the end of a page.
    let lines = format!(
        "export PLEDGEBOOK_HISTORY=$PWD/history; {}; room=$((4093 - $(wc -c < history)))\n\
         printf \"'%0${{room}}d'\\n\" 0 >> history; wc -c < history; sha256sum history > ../before; fill\n\
         {}; sha256sum -c --quiet ../before && echo whole; \
         grep -ac 'notice: the history is not kept' ../seen; grep -aom 1 '^43' ../seen",
        prompt("40 + 2\\n.quit\\n"),
        prompt("40 + 3\\n.quit\\n")
    );
    let Some(answer) = on_a_small_one("history", "64k", &lines) else { return };
    assert_eq!(answer.out, "4096\nwhole\n1\n43\n", "{answer:?}");
}

#[test]
fn an_import_that_finds_no_room_leaves_the_book_as_it_was() {
    check(
        "import",
        "mount -o remount,size=2m . && pledgebook init b.db --empty > ../out && printf 'who,n\\n' > ../big.csv\n\
         seq 1 200000 | sed 's/.*/somebody with a long name &,&/' >> ../big.csv\n\
         pledgebook b.db import ../big.csv > ../out 2> ../err; echo $?; grep -c 'disk is full' ../err\n\
         pledgebook b.db --csv --no-header -c 'select count(*) from imported_table'\n\
         pledgebook b.db --csv --no-header -c \"select count(*) from sqlite_schema where name like 'big%'\"\n\
         head -3 ../big.csv > ../small.csv; pledgebook b.db import ../small.csv > ../out; echo $?",
        "3\n1\n0\n0\n0\n",
    );
}
