//! Each exit code, from a cause of its own.

use crate::binary::{ask, scratch};
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::symlink;

#[track_caller]
fn check(name: &str, code: i32, arguments: &[&str], message: &str) {
    let answer = ask(&scratch::directory(&format!("exit_{name}")), arguments);
    assert_eq!(answer.code, Some(code), "{answer:?}");
    assert!(answer.err.contains(message), "{answer:?}");
    assert_eq!(answer.err.is_empty(), code == 0, "only what failed is spoken of: {answer:?}");
}

#[test]
fn all_went_well_is_0() {
    check("well", 0, &["-c", "select 1", "-c", "F29 / F30"], "");
    check("version", 0, &["--version"], "");
    check("help", 0, &["--help"], "");
}

#[test]
fn an_error_of_sql_or_script_is_1() {
    check("sql", 1, &["-c", "select nowhere from pledges"], "`pledges` has no column `nowhere`");
    check("script", 1, &["-c", "F29 + F30"], "can't add");
}

#[test]
fn a_series_past_the_end_of_64_bits_is_1() {
    let message = "`generate_series` can't count so far: its numbers have 64 bits";
    for (name, bounds) in [
        ("series_up", "9223372036854775806 + 0, 9223372036854775807 - 0"),
        ("series_down", "-9223372036854775807 + 0, 1 + 1, -5"),
        ("series_step", "1, 2, -9223372036854775807 - 1"),
    ] {
        check(name, 1, &["-c", &format!("select sum(value > 0) from generate_series({bounds})")], message);
    }
}

#[test]
fn a_view_of_a_file_that_counts_to_an_unchecked_bound_is_not_read() {
    let directory = scratch::directory("series_view");
    let schema = "create table t(n); insert into t values (9223372036854775807);
                  create view computed as select value from t, generate_series(n - 1, n);
                  create view hidden as select value from t, generate_series where start = n and stop = n;
                  create view small as select value from generate_series(1, 3);";
    Connection::open(directory.join("views.db"))
        .and_then(|file| file.execute_batch(schema))
        .expect("a file can be made");
    for view in ["computed", "hidden"] {
        for what in ["*", "count(*)", "1"] {
            let answer = ask(&directory, &["views.db", "-c", &format!("select {what} from {view}")]);
            assert_eq!(answer.code, Some(6), "{answer:?}");
            assert!(answer.err.contains("a bound that is not checked"), "{answer:?}");
        }
    }
    let answer = ask(&directory, &["views.db", "--csv", "-c", "select sum(value) as n from small"]);
    assert_eq!((answer.code, &*answer.out), (Some(0), "n\n6\n"), "{answer:?}");
}

#[test]
fn the_first_error_ends_the_program() {
    let answer = ask(&scratch::directory("exit_first"), &["-c", "select 1", "-c", "select *", "-c", "select 2"]);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.out.contains('1') && !answer.out.contains('2'), "{answer:?}");
}

#[test]
fn wrong_use_is_2() {
    check("option", 2, &["--frobnicate"], "--frobnicate");
    check("name", 2, &["run", "pledged_per_misile"], "did you mean `pledged_per_missile`?");
    check("parameter", 2, &["run", "pledged_per_missile", "--places", "many"], "`--places` wants");
}

#[test]
fn a_file_that_is_not_there_is_3() {
    check("book", 3, &["nowhere.db", "-c", "select 1"], "can't open `nowhere.db`");
    check("text", 3, &["-f", "nowhere.sql"], "can't read `nowhere.sql`");
}

#[test]
fn a_limit_is_4() {
    check("size", 4, &["-c", "select zeroblob(1000000000)"], "a limit was reached");
    check("depth", 4, &["-c", "fn f(n) { f(n + 1) } f(0)"], "a limit was reached");
    let both = "fn f(n) { value(\"select f(:n) as n\", #{n: n + 1}) } f(0)";
    check("depth_of_both", 4, &["-c", both], "a limit was reached");
    let from_sql = "fn f(n) { value(\"select f(:n) as n\", #{n: n + 1}) }";
    check("depth_from_sql", 4, &["-c", from_sql, "-c", "select f(0)"], "a limit was reached");
}

#[test]
fn an_expectation_that_fails_is_5() {
    check("expectation", 5, &["-c", "expect(1 == 2, \"one is two\")"], "one is two");
}

#[test]
fn what_is_denied_is_6() {
    check("write", 6, &["-c", "create table mine(a)"], "a question can't write to the book");
    check("write_from_script", 6, &["-c", "query(\"delete from fact\")"], "a question can't write to the book");
}

#[test]
fn a_module_outside_is_6() {
    let directory = scratch::directory("exit_module");
    let inner = directory.join("inner");
    fs::create_dir(&inner).expect("the directory is writable");
    fs::write(directory.join("secret.rhai"), "fn told() { \"told\" }\n").expect("the directory is writable");
    symlink("../secret.rhai", inner.join("linked.rhai")).expect("a link can be made");
    symlink("..", inner.join("up")).expect("a link can be made");
    for name in ["../secret", "linked", "up/secret", "./../secret", "/secret", "linked.rhai", "secret.txt"] {
        let script = format!("// A test\nimport \"{name}\" as secret;\nsecret::told()\n");
        fs::write(inner.join("script.rhai"), script).expect("the directory is writable");
        let answer = ask(&directory, &["inner/script.rhai"]);
        assert_eq!((answer.code, answer.out.as_str()), (Some(6), ""), "{name}: {answer:?}");
        assert!(answer.err.contains("= help: put the module beside the script"), "{name}: {answer:?}");
    }
}

#[test]
fn a_module_is_found_beside_its_script_wherever_that_is_run_from() {
    let directory = scratch::directory("exit_beside");
    fs::create_dir_all(directory.join("inner/parts")).expect("the directory is writable");
    fs::write(directory.join("inner/parts/one.rhai"), "import \"two\" as two;\nfn told() { two::told() }\n")
        .and_then(|()| fs::write(directory.join("inner/parts/two.rhai"), "fn told() { \"told\" }\n"))
        .and_then(|()| fs::write(directory.join("inner/a.rhai"), "// A\nimport \"parts/one\" as one;\none::told()\n"))
        .expect("the directory is writable");
    for from in [directory.clone(), directory.join("inner")] {
        let script = if from == directory { "inner/a.rhai" } else { "./a.rhai" };
        let answer = ask(&from, &["--csv", "run", script]);
        assert_eq!((answer.code, answer.out.as_str()), (Some(0), "value\ntold\n"), "{answer:?}");
    }
}

#[test]
fn an_unreadable_module_is_3() {
    let directory = scratch::directory("exit_unreadable");
    fs::write(directory.join("bytes.rhai"), [0xFF, 0xFE, 0x00]).expect("the directory is writable");
    fs::write(directory.join("script.rhai"), "// A test\nimport \"bytes\" as bytes;\n").expect("it is writable");
    let answer = ask(&directory, &["script.rhai"]);
    assert_eq!(answer.code, Some(3), "{answer:?}");
    assert!(answer.err.contains("it is no text in UTF-8"), "{answer:?}");
}
