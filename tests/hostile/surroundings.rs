//! Surroundings in which few programs are tried.

use crate::hostile::{Answer, files, run, scratch, shell};
use std::fs;

/// Asks with a variable of the environment set, or without it.
#[track_caller]
fn with(name: &str, value: Option<&str>, arguments: &[&str]) -> Answer {
    let directory = scratch::directory(&format!("hostile_environment_{name}"));
    let mut command = scratch::command(scratch::program(), &directory);
    match value {
        Some(value) => command.env(name, value),
        None => command.env_remove(name),
    };
    run(command.args(arguments))
}

const TABLE: [&str; 2] = ["-c", "select id, label from figures"];

#[test]
fn the_environment_decides_no_answer() {
    let usual = with("NOTHING", Some("1"), &TABLE);
    for (name, value) in [
        ("HOME", None),
        ("HOME", Some("")),
        ("HOME", Some("/nowhere")),
        ("PATH", None),
        ("COLUMNS", Some("0")),
        ("COLUMNS", Some("1")),
        ("COLUMNS", Some("-5")),
        ("COLUMNS", Some("99999999999999999999")),
        ("LINES", Some("0")),
        ("TERM", None),
        ("TERM", Some("nonsense\u{1b}[31m")),
        ("LANG", Some("xx_YY.nonsense")),
        ("LC_ALL", Some("C")),
        ("LC_ALL", Some("tr_TR.UTF-8")),
        ("TZ", Some("nonsense")),
        ("TMPDIR", Some("/nowhere")),
        ("SQLITE_TMPDIR", Some("/nowhere")),
        ("XDG_CONFIG_HOME", Some("relative")),
        ("RUST_BACKTRACE", Some("full")),
        ("PLEDGEBOOK_HISTORY", Some("/nowhere/at/all")),
    ] {
        let answer = with(name, value, &TABLE);
        answer.is(0, "");
        assert_eq!((answer.out, answer.err), (usual.out.clone(), usual.err.clone()), "{name} {value:?}");
    }
}

#[test]
fn what_may_not_be_written_is_not_needed() {
    let directory = scratch::directory("hostile_read_only");
    drop(scratch::book(&directory.join("it.db")));
    let before = files(&directory);
    shell(&directory, "chmod -R a-w . && pledgebook it.db --csv -c 'select count(*) from facts'")
        .is(0, scratch::fact_count());
    // Whoever may write everywhere, as in a container, has the answer written.
    let answer =
        shell(&directory, "touch x 2> /dev/null && { rm x; exit 3; }; pledgebook it.db -o x.csv -c 'select 1'");
    assert_eq!(answer.code, Some(3), "{answer:?}");
    shell(&directory, "chmod -R u+w .").is(0, "");
    assert!(before == files(&directory));
}

#[test]
fn settings_that_are_a_pipe_are_not_waited_for() {
    let directory = scratch::directory("hostile_settings");
    shell(&directory, "mkfifo pipe && PLEDGEBOOK_CONFIG=pipe pledgebook -c F29")
        .is(3, "`pipe`: it is a pipe or a device");
    shell(&directory, "PLEDGEBOOK_CONFIG=/dev/null pledgebook -c F29").is(0, "GBP");
    shell(&directory, "PLEDGEBOOK_CONFIG=. pledgebook -c F29").is(3, "is a directory");
    shell(&directory, "PLEDGEBOOK_CONFIG=pipe pledgebook --sandbox --limit-time 60 -c F29").is(0, "GBP");
}

#[test]
fn a_directory_that_is_gone_is_not_needed() {
    let directory = scratch::directory("hostile_gone");
    shell(&directory, "mkdir here && cd here && rmdir ../here && pledgebook --csv -c 'select count(*) from facts'")
        .is(0, scratch::fact_count());
}

#[test]
fn closed_streams_end_nothing_badly() {
    let directory = scratch::directory("hostile_closed");
    fs::write(directory.join("it.sql"), "select 7 as n").expect("it is writable");
    for (line, codes) in [
        ("pledgebook --csv -f it.sql <&-", &[0][..]),
        ("pledgebook <&-", &[0, 3]),
        ("pledgebook run - <&-", &[0, 2, 3]),
        ("pledgebook --csv -f it.sql >&-", &[0, 3]),
        ("pledgebook --csv -f it.sql 2>&-", &[0]),
        ("pledgebook --csv -c 'select nowhere' 2>&-", &[1]),
        ("pledgebook --csv -f it.sql <&- >&- 2>&-", &[0, 3]),
        ("pledgebook --help >&-", &[0, 3]),
        ("pledgebook --nonsense 2>&-", &[2]),
        ("pledgebook run pledged_per_missile >&- 2>&-", &[0, 3]),
    ] {
        let answer = shell(&directory, line);
        assert!(answer.code.is_some_and(|code| codes.contains(&code)), "{line}: {answer:?}");
        assert_eq!(files(&directory).len(), 1, "{line}");
    }
}

#[test]
fn a_full_disk_is_said() {
    let directory = scratch::directory("hostile_full");
    for arguments in [
        "--csv -c 'select * from facts'",
        "-c 'select * from facts'",
        "--json -c 'select 1'",
        "--markdown -c 'F29'",
        "run pledged_per_missile",
        "scripts",
        "help",
        "man",
        "completions bash",
        "config",
        "json-schema",
    ] {
        shell(&directory, &format!("pledgebook {arguments} > /dev/full")).is(3, "can't write the answer");
    }
    shell(&directory, "pledgebook -o /dev/full --format csv -c 'select 1'")
        .is(3, "can't write `/dev/full`: no storage space");
    assert_eq!(shell(&directory, "pledgebook -c 'select nowhere' 2> /dev/full").code, Some(1));
    // A file may grow no further: the system's signal for it ends nothing.
    let rows = "with recursive t(n) as (select 1 union all select n + 1 from t where n < 300000) select n from t";
    shell(&directory, &format!("ulimit -f 64; pledgebook -o x.csv -c '{rows}'")).is(3, "can't write");
    assert_eq!(files(&directory).len(), 0, "no half of an answer is left");
}
