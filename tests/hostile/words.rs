//! Words of the command line as no person types them.

use crate::hostile::{ask, run, scratch};
use crate::scratch::long;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

#[track_caller]
fn check(name: &str, words: &[&[u8]], code: i32, said: &str) {
    let directory = scratch::directory(&format!("hostile_words_{name}"));
    let words: Vec<OsString> = words.iter().map(|word| OsStr::from_bytes(word).to_owned()).collect();
    run(scratch::command(scratch::program(), &directory).args(words)).is(code, said);
    assert_eq!(fs::read_dir(&directory).expect("it can be listed").count(), 0, "a file is made");
}

/// No text in UTF-8.
const ODD: &[u8] = b"\xff\xfe";

#[test]
fn words_that_are_no_text_where_a_text_is_wanted() {
    let not_text = "invalid UTF-8 was detected";
    for (name, words, said) in [
        ("text", &[&b"-c"[..], b"select '\xff'"][..], not_text),
        ("text_in_one", &[b"-cselect '\xff'"], not_text),
        ("null", &[b"--null", ODD, b"-c", b"select null as a"], not_text),
        ("null_in_one", &[b"--null=\xff", b"-c", b"select null as a"], not_text),
        ("assume", &[b"--assume", ODD, b"-c", b"F29"], not_text),
        ("assume_value", &[b"--assume", b"F30=\xff", b"-c", b"F29"], not_text),
        ("format", &[b"--format", ODD, b"-c", b"F29"], not_text),
        ("limit_time", &[b"--limit-time", ODD], not_text),
        ("limit_memory", &[b"--limit-memory", ODD], not_text),
        ("limit_rows", &[b"--limit-rows", ODD], not_text),
        ("limit_output", &[b"--limit-output", ODD], not_text),
        ("notes", &[b"--notes", ODD], "invalid value '\u{fffd}\u{fffd}' for '--notes <HOW>'"),
        ("color", &[b"--color", ODD], "invalid value '\u{fffd}\u{fffd}' for '--color <WHEN>'"),
        ("errors", &[b"--errors", ODD], "invalid value '\u{fffd}\u{fffd}' for '--errors <HOW>'"),
        ("script", &[b"run", ODD], not_text),
        ("parameter", &[b"run", b"pledged_per_missile", b"--pledge", ODD], not_text),
        ("parameter_in_one", &[b"run", b"pledged_per_missile", b"--pledge=\xff"], not_text),
        ("parameter_name", &[b"run", b"pledged_per_missile", b"--\xff", b"1"], not_text),
        ("parameter_alone", &[b"run", b"pledged_per_missile", ODD], not_text),
        ("figure", &[b"check", ODD], not_text),
        ("figure_second", &[b"check", b"5", ODD], not_text),
        ("test", &[b"test", ODD], not_text),
        ("help", &[b"help", ODD], not_text),
        ("shell", &[b"completions", ODD], "invalid value '\u{fffd}\u{fffd}' for '<SHELL>'"),
        ("scripts", &[b"scripts", ODD], "unexpected argument '\u{fffd}\u{fffd}'"),
        ("man", &[b"man", ODD], "unexpected argument '\u{fffd}\u{fffd}'"),
        ("option", &[b"--\xff"], "unexpected argument '--\u{fffd}'"),
        ("letter", &[b"-\xff"], "unexpected argument '-\u{fffd}'"),
        ("letter_second", &[b"-q\xff"], "unexpected argument '-\u{fffd}'"),
        ("ending", &[b"-o", ODD, b"-c", b"select 1"], "can't tell a format from the name `\u{fffd}\u{fffd}`"),
    ] {
        check(name, words, 2, said);
    }
}

#[test]
fn names_of_files_that_are_no_text_name_them() {
    for (name, words, said) in [
        (
            "book",
            &[&b"\xff\xfe.db"[..], b"-c", b"select 1"][..],
            "can't open `\u{fffd}\u{fffd}.db`: there is no such file",
        ),
        ("db", &[b"--db", b"\xff.db", b"-c", b"1"], "can't open `\u{fffd}.db`: there is no such file"),
        ("db_in_one", &[b"--db=\xff.db", b"-c", b"1"], "can't open `\u{fffd}.db`: there is no such file"),
        ("file", &[b"-f", b"\xff.sql"], "can't read `\u{fffd}.sql`: there is no such file"),
        ("directory", &[b"-o", b"\xff/x.csv", b"-c", b"1"], "can't write `\u{fffd}/x.csv`: there is no such directory"),
    ] {
        check(name, words, 3, said);
    }
}

/// Runs the program in a directory that holds files of such names.
#[track_caller]
fn among_files(directory: &Path, words: &[&[u8]], code: i32, said: &str) {
    let words: Vec<OsString> = words.iter().map(|word| OsStr::from_bytes(word).to_owned()).collect();
    run(scratch::command(scratch::program(), directory).arg("--csv").args(words)).is(code, said);
}

#[test]
fn files_whose_names_are_no_text_work() {
    let directory = scratch::directory("hostile_words_files");
    let at = |name: &[u8]| directory.join(OsStr::from_bytes(name));
    drop(scratch::book(&at(b"\xff.db")));
    fs::create_dir(at(b"d\xff")).expect("it is writable");
    for (name, text) in [
        (&b"\xff.sql"[..], "select 7 as n"),
        (b"bad\xff.sql", "select nowhere"),
        (b"\xff.rhai", "F29 / F30"),
        (b"\xff", "F29 / F30\n"),
        (b"d\xff/m.rhai", "fn seven() { 7 }"),
        (b"d\xff/s.rhai", "import \"m\" as m; m::seven()"),
        (b"old\xff.csv", "old"),
    ] {
        fs::write(at(name), text).expect("it is writable");
    }
    for (words, code, said) in [
        (&[&b"\xff.db"[..], b"-c", b"select count(*) from facts"][..], 0, scratch::fact_count()),
        (&[b"--db=\xff.db", b"-c", b"F29 / F30"], 0, "320000"),
        (&[b"-f", b"\xff.sql"], 0, "7"),
        (&[b"-f", b"\xff.rhai"], 0, "320000"),
        (&[b"-f", b"\xff"], 0, "320000"),
        (&[b"-f", b"d\xff/s.rhai"], 0, "7"),
        (&[b"-f", b"bad\xff.sql"], 1, "--> bad\u{fffd}.sql:1:8"),
        // A parameter behind it would be a text: the error says how it is run.
        (
            &[b"\xff.rhai"],
            3,
            "can't open `\u{fffd}.rhai`: it is not a SQLite database\n  = help: a table is asked by `--table FILE`; a script or SQL file is run with `-f FILE`",
        ),
        (&[b"run", b"\xff.rhai"], 2, "invalid UTF-8 was detected"),
        (&[b"-o", b"new\xff.csv", b"-c", b"select 7 as n"], 0, ""),
        (&[b"-o", b"old\xff.csv", b"-c", b"select 7 as n"], 3, "can't write `old\u{fffd}.csv`: it exists"),
    ] {
        among_files(&directory, words, code, said);
    }
    assert_eq!(fs::read(at(b"new\xff.csv")).expect("it was written"), b"n\n7\n");
    assert_eq!(fs::read(at(b"old\xff.csv")).expect("it stays"), b"old");
    among_files(&directory, &[b"-o", b"old\xff.csv", b"--force", b"-c", b"select 7 as n"], 0, "");
    assert_eq!(fs::read(at(b"old\xff.csv")).expect("it was written"), b"n\n7\n");
}

#[test]
fn words_that_begin_with_a_dash() {
    for (name, words, code, said) in [
        ("dash", &[&b"-"[..]][..], 3, "can't open `-`: there is no such file"),
        ("dashes", &[b"--", b"-c"], 3, "can't open `-c`: there is no such file"),
        ("unknown", &[b"-Z"], 2, "unexpected argument '-Z'"),
        ("text", &[b"-c", b"-1"], 0, "-1"),
        ("text_option", &[b"-c", b"--csv"], 1, "the SQL is empty"),
        ("file", &[b"-f", b"-x.sql"], 2, "unexpected argument '-x'"),
        ("file_option", &[b"-f", b"--csv"], 2, "a value is required for '--file <FILE>'"),
        ("output", &[b"-o", b"-x.csv", b"-c", b"1"], 2, "unexpected argument '-x'"),
        ("output_dash", &[b"-o", b"-", b"-c", b"1"], 2, "can't tell a format from the name `-`"),
        ("book", &[b"--db", b"-x", b"-c", b"1"], 2, "unexpected argument '-x'"),
        ("book_in_one", &[b"--db=-x", b"-c", b"1"], 3, "can't open `-x`: there is no such file"),
        ("null", &[b"--null", b"-x", b"-c", b"1"], 2, "unexpected argument '-x'"),
        ("null_in_one", &[b"--null=-x", b"-c", b"select null as a, 1 as b"], 0, "-x"),
        ("null_option", &[b"--null", b"--csv", b"-c", b"1"], 2, "a value is required for '--null <TEXT>'"),
        ("assume", &[b"--assume", b"-F30=1", b"-c", b"1"], 2, "unexpected argument '-F'"),
        ("limit", &[b"--limit-time", b"-1", b"-c", b"1"], 2, "unexpected argument '-1'"),
        ("limit_in_one", &[b"--limit-time=-1", b"-c", b"1"], 2, "invalid value '-1' for '--limit-time <SECONDS>'"),
        ("figure_word", &[b"check", b"-x"], 2, "can't read the figure `-x`"),
        ("script", &[b"run", b"-x.rhai"], 2, "unexpected argument '-x'"),
        ("script_behind", &[b"run", b"--", b"x"], 2, "there is no script `--`"),
        ("script_path", &[b"run", b"./-x.rhai"], 3, "can't read `./-x.rhai`: there is no such file"),
        ("parameter", &[b"run", b"pledged_per_missile", b"--", b"--x"], 2, "`--pledge` wants a pledge of the book"),
        (
            "parameter_value",
            &[b"run", b"pledged_per_missile", b"--places", b"-1"],
            2,
            "`--places` wants a whole number from 0 to 28, not `-1`",
        ),
    ] {
        check(name, words, code, said);
    }
}

#[test]
fn a_figure_below_0_is_no_option() {
    let directory = scratch::directory("hostile_words_figure");
    for words in [&["check", "-5"][..], &["check", "--", "-5 GBP"]] {
        let answer = ask(&directory, words);
        assert!(answer.code == Some(5) && answer.out.contains(" is NOT IN BOOK"), "{answer:?}");
    }
}

#[test]
fn words_that_are_empty() {
    for (name, words, code, said) in [
        ("book", &[&b""[..]][..], 2, "a value is required for '[BOOK]'"),
        ("db", &[b"--db", b""], 2, "a value is required for '--db <FILE>'"),
        ("text", &[b"-c", b""], 0, ""),
        ("null", &[b"--null", b"", b"-c", b"select null as a, 1 as b"], 0, " a  b\n \u{2500}  \u{2500}\n    1"),
        ("file", &[b"-f", b""], 2, "a value is required for '--file <FILE>'"),
        ("output", &[b"-o", b"", b"-c", b"1"], 2, "a value is required for '--output <FILE>'"),
        ("format", &[b"--format", b""], 2, "a value is required for '--format <FORMAT>'"),
        ("color", &[b"--color", b""], 2, "a value is required for '--color <WHEN>'"),
        ("assume", &[b"--assume", b"", b"-c", b"F29"], 2, "the book has no figure or assumption ``"),
        ("limit", &[b"--limit-rows", b""], 2, "it is a whole number; 0 is none"),
        ("script", &[b"run", b""], 2, "there is no script ``"),
        ("parameter", &[b"run", b"pledged_per_missile", b""], 2, "`--pledge` wants a pledge of the book"),
        (
            "parameter_value",
            &[b"run", b"pledged_per_missile", b"--pledge", b""],
            2,
            "`--pledge` wants a pledge of the book",
        ),
        ("test", &[b"test", b""], 2, "there is no script ``"),
        ("figure", &[b"check", b""], 2, "can't read the figure ``: a number is missing"),
        ("figures", &[b"check", b"", b""], 2, "2 of 2 figures can't be read"),
        ("shell", &[b"completions", b""], 2, "a value is required for '<SHELL>'"),
        ("help", &[b"help", b""], 2, "there is no help on ``"),
    ] {
        check(name, words, code, said);
    }
}

#[test]
fn a_word_as_long_as_the_system_takes() {
    // The system takes no word longer than 128 KiB.
    let long = "a".repeat(130_000);
    let text = format!("select length('{long}') as n");
    for (name, words, code, said) in [
        ("book", &[&*long, "-c", "select 1"][..], 3, "can't open `aaa"),
        ("text", &["-c", &text], 0, "130000"),
        ("name", &["-c", &long], 1, "nothing is called"),
        ("option", &[&format!("--{long}")[..130_000]], 2, "unexpected argument '--aaa"),
        ("letters", &[&format!("-{}", "z".repeat(129_000))], 2, "unexpected argument '-z'"),
        ("format", &["--format", &long], 2, "invalid value 'aaa"),
        ("null", &["--null", &long, "-c", "select null as a, 1 as b"], 0, &long[..9_000]),
        ("assume", &["--assume", &format!("F30={}", "9".repeat(129_000)), "-c", "F29"], 2, "it is too long to be one"),
        ("script", &["run", &long], 2, "there is no script `aaa"),
        ("script_file", &["run", &format!("{}.rhai", &long[..129_000])], 3, "can't read `aaa"),
        ("file", &["-f", &long], 3, "can't read `aaa"),
        ("output", &["-o", &format!("{}.csv", &long[..129_000]), "-c", "1"], 3, "can't write `aaa"),
        ("parameter", &["run", "pledged_per_missile", "--pledge", &long], 2, "`--pledge` wants a pledge of the book"),
        (
            "parameter_name",
            &["run", "pledged_per_missile", &format!("--{}", &long[..129_000]), "1"],
            2,
            "has no parameter",
        ),
        ("figure", &["check", &"9".repeat(130_000)], 2, "it is too long to be one"),
        ("figure_word", &["check", &long], 2, "can't read the figure `aaa"),
        ("help", &["help", &long], 2, "there is no help on `aaa"),
        ("command", &["-c", &format!(".{}", "x".repeat(129_000))], 2, "there is no command `.xxx"),
        ("mode", &["-c", &format!(".mode {}", "x".repeat(129_000))], 2, "`mode` can't be `xxx"),
        ("nested", &["-c", &"(".repeat(130_000)], 4, "a limit was reached"),
        ("sum", &["-c", &format!("{}1", "1+".repeat(60_000))], 4, "a limit was reached"),
        ("sum_sql", &["-c", &format!("select {}1", "1+".repeat(60_000))], 4, "a limit was reached"),
    ] {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        check(&format!("long_{name}"), &words, code, said);
    }
}

#[test]
fn a_million_bytes_of_words() {
    let text = format!("select length('{}') as n", "a".repeat(long::part_of(120_000)));
    let word = "a".repeat(long::part_of(120_000));
    let (length, unread) = (word.len().to_string(), format!("{0} of {0} figures can't be read", long::part_of(900)));
    let figure = format!("9{word}");
    let number = format!("F30={}", "9".repeat(long::part_of(120_000)));
    let (short, many) = ("select 1 as n", |pair: &[&str], count: usize| {
        pair.repeat(count).iter().map(|word| (*word).to_owned()).collect::<Vec<String>>()
    });
    let with = |before: &[&str], many: Vec<String>| {
        before.iter().map(|word| (*word).to_owned()).chain(many).collect::<Vec<String>>()
    };
    for (name, words, code, said) in [
        ("texts", with(&["--csv"], many(&["-c", &text], 8)), 0, &*length),
        ("short_texts", with(&["--csv"], many(&["-c", short], long::part_of(40_000))), 0, "1"),
        ("no_texts", many(&["-c", ""], long::part_of(60_000)), 0, ""),
        ("books", many(&[&word], 8), 2, "unexpected argument 'aaa"),
        ("empty", many(&[""], long::part_of(90_000)), 2, "unexpected argument ''"),
        ("dashes", many(&["-"], long::part_of(90_000)), 2, "unexpected argument '-'"),
        ("double_dashes", many(&["--"], long::part_of(90_000)), 3, "can't open `--`: there is no such file"),
        ("switches", many(&["-q"], long::part_of(90_000)), 2, "the argument '--quiet' cannot be used multiple times"),
        ("figures", with(&["check"], many(&[&figure], 8)), 2, "8 of 8 figures can't be read"),
        ("numbers", with(&["check"], many(&[&figure[..990]], long::part_of(900))), 2, &*unread),
        ("sentence", with(&["check"], many(&[&word], 8)), 2, "is a sentence, and no figure"),
        (
            "parameters",
            with(&["run", "pledged_per_missile"], many(&["--pledge", &word], 8)),
            2,
            "`--pledge` is given twice",
        ),
        ("assumed", many(&["--assume", &number], 8), 2, "it is too long to be one"),
        ("tests", with(&["test"], many(&[&word], 8)), 2, "there is no script `aaa"),
        ("help", with(&["help"], many(&[&word], 8)), 2, "unexpected argument 'aaa"),
    ] {
        let size: usize = words.iter().map(|word| word.len() + 9).sum();
        assert!(size > long::part_of(800_000), "{name} is of {size} bytes, with what the system needs for each");
        let words: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
        check(&format!("million_{name}"), &words, code, said);
    }
}
