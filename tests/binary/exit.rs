//! Each exit code, from a cause of its own.

use crate::{ask, scratch};

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
    let message = "`generate_series` counted past the end of 64-bit numbers";
    for (name, bounds) in [
        ("series_up", "9223372036854775806 + 0, 9223372036854775807 - 0"),
        ("series_down", "-9223372036854775807 + 0, 1 + 1, -5"),
        ("series_step", "1, 2, -9223372036854775807 - 1"),
    ] {
        check(name, 1, &["-c", &format!("select sum(value > 0) from generate_series({bounds})")], message);
    }
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
