//! Tables that are asked at once: told from books by their bytes, read under the options that stand behind them, and never written.

use crate::scratch;
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// The exit code, standard output and standard error of a command line.
fn ask(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = scratch::command(scratch::program(), directory);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn directory(name: &str) -> std::path::PathBuf {
    let directory = scratch::directory(name);
    for (file, text) in [
        ("aid.csv", "donor,amount (EUR)\nNorway,12\nDenmark,13\n"),
        ("open.csv", "n,m\n\"1,846\",2\n"),
        ("x=aid.csv", "a\n1\n"),
    ] {
        fs::write(directory.join(file), text).expect("the directory is writable");
    }
    directory
}

#[test]
fn a_table_is_told_from_a_book_by_its_bytes_and_nothing_is_written() {
    let directory = directory("asked_bytes");
    assert_eq!(ask(&directory, &["init", "book.csv", "--empty", "-q"]).0, Some(0));
    let count = |arguments: &[&str]| ask(&directory, &[arguments, &["--csv", "--no-header"]].concat());
    let files = || fs::read_dir(&directory).expect("it can be read").count();
    let before = files();
    assert_eq!(count(&["book.csv", "-c", "select count(*) from facts"]).1, "0\n");
    assert_eq!(count(&["book.csv", "aid.csv", "-c", "select count(*) from aid"]).1, "2\n");
    assert_eq!(count(&["aid.csv", "-c", "select record from aid where donor = 'Denmark'"]).1, "S1:2\n");
    assert_eq!(count(&["x=aid.csv", "-c", "select count(*) from x_aid"]).1, "1\n");
    assert_eq!(count(&["--table", "y=aid.csv", "-c", "select count(*) from y"]).1, "2\n");
    assert_eq!(count(&["-c", "select count(*) from y", "--table=y=aid.csv"]).1, "2\n");
    let (code, _, said) = count(&["book.csv", "-c", "select count(*) from aid"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(files(), before);
    // The book's own views keep their names.
    fs::copy(directory.join("aid.csv"), directory.join("pledges.csv")).expect("the directory is writable");
    let (code, out, said) = count(&["pledges.csv", "-c", "select count(*) from pledges_csv"]);
    assert!(code == Some(0) && out == "2\n" && said.contains("the table is `pledges_csv`"), "{said}");
}

#[test]
fn options_behind_a_file_are_for_it_and_those_before_the_first_for_all() {
    let directory = directory("asked_options");
    let sum = ["-c", "select sum(n) from open", "--csv", "--no-header"];
    let asked = |arguments: &[&str]| ask(&directory, &[arguments, &sum].concat());
    assert_eq!(asked(&["open.csv", "--decimal", "point"]).1, "1846\n");
    assert_eq!(asked(&["--decimal=point", "aid.csv", "open.csv"]).1, "1846\n");
    let (code, _, said) = asked(&["open.csv", "aid.csv", "--decimal", "point"]);
    assert!(code == Some(2) && said.contains("--decimal point"), "{said}");
    let (code, _, said) = asked(&["open.csv", "--decimal", "commas"]);
    assert!(code == Some(2) && said.contains("it is point or comma"), "{said}");
    // Beside `run`, they are parameters of the script.
    let (code, _, said) = ask(&directory, &["run", "pledged_per_missile", "--decimal", "point"]);
    assert!(code == Some(2) && said.contains("no parameter `--decimal`"), "{said}");
    let (code, _, said) = ask(&directory, &["--decimal", "point", "-c", "1"]);
    assert!(code == Some(2) && said.contains("'--decimal'"), "{said}");
}

#[test]
fn what_can_not_be_asked_says_so() {
    let directory = directory("asked_refused");
    fs::create_dir(directory.join("dir.csv")).expect("the directory is writable");
    for (arguments, code, part) in [
        (&["nowhere.csv", "-c", "1"][..], 3, "there is no such file"),
        (&["dir.csv", "-c", "1"], 3, "it is a directory"),
        (&["--table", "/dev/null", "-c", "1"], 3, "not a regular file"),
        (&["aid.csv", "--dry-run", "-c", "1"], 2, "`--dry-run`"),
        (&["aid.csv", "drop", "S1"], 2, "in no book's file"),
        (&["aid.csv", "-c", "select 1", "-o", "aid.csv"], 2, "written over what is asked"),
        (&["aid.csv", "-c", "insert into aid_S1 (line) values (9)"], 6, "can't write"),
        (&["aid.csv", "run", "roles"], 1, "`roles` needs `F38` and `X1`"),
        (&["aid.csv", "--as", "a", "x=aid.csv", "--as", "a", "-c", "1"], 2, "`a` already"),
    ] {
        let (found, _, said) = ask(&directory, arguments);
        assert!(found == Some(code) && said.contains(part), "{arguments:?}: {found:?} {said}");
    }
}

#[test]
fn a_table_keeps_the_limits_of_a_sandbox() {
    let directory = directory("asked_sandbox");
    let rows: Vec<String> = (0..300_000).map(|row| format!("{row},Donor {row} of a list of donors\n")).collect();
    let rows = rows.concat();
    fs::write(directory.join("long.csv"), format!("n,donor\n{rows}")).expect("the directory is writable");
    assert_eq!(ask(&directory, &["--sandbox", "aid.csv", "-c", "select count(*) from aid"]).0, Some(0));
    let (code, _, said) = ask(&directory, &["--limit-memory", "8", "long.csv", "-c", "select count(*) from long"]);
    assert!(code == Some(4) && said.contains("can't import `long.csv`: stopped beyond 8 MiB"), "{said}");
}

#[test]
fn a_user_script_says_what_a_book_lacks() {
    let directory = directory("asked_needs");
    let script = "// Rows of aid\n//\n// needs: aid, F29\n// needs: prose, as in this line\nvalue(\"select count(*) from aid\")\n";
    fs::write(directory.join("rows.rhai"), script).expect("the directory is writable");
    let (code, _, said) = ask(&directory, &["aid.csv", "run", "rows.rhai"]);
    assert!(code == Some(1) && said.contains("`rows.rhai` needs `F29`, and this book has none"), "{said}");
    fs::write(directory.join("rows.rhai"), script.replace(", F29", "")).expect("the directory is writable");
    assert_eq!(ask(&directory, &["aid.csv", "run", "rows.rhai"]).1, "2\n");
    let (code, out, _) = ask(&directory, &["aid.csv", "test", "roles"]);
    assert!(code == Some(0) && out.contains("0 ok, 0 failed, 1 skipped"), "{out}");
}
