//! Scripts and SQL as no person writes them.

use crate::hostile::{ask, scratch, shell};
use crate::scratch::long;
use std::fs;
use std::ops::Range;
use std::process::Command;

/// Runs a text as a file of this ending.
#[track_caller]
fn check(name: &str, ending: &str, text: impl AsRef<[u8]>, code: i32, words: &str) {
    let directory = scratch::directory(&format!("hostile_text_{name}_{ending}"));
    let file = format!("it.{ending}");
    fs::write(directory.join(&file), text).expect("it is writable");
    ask(&directory, &["--csv", "-f", &file]).is(code, words);
    assert_eq!(fs::read_dir(&directory).expect("it can be listed").count(), 1, "a file is made");
}

/// So many pieces, one after the other.
fn many(numbers: Range<usize>, piece: impl Fn(usize) -> String) -> String {
    numbers.map(piece).collect::<Vec<_>>().concat()
}

#[test]
fn a_mark_of_byte_order_is_nothing() {
    check("bom", "rhai", "\u{feff}F29 / F30\n", 0, "320000");
    check("bom", "sql", "\u{feff}select 7 as n", 0, "7");
    check("bom", "txt", "\u{feff}select 7 as n\nF29\n", 0, "7");
}

#[test]
fn a_nul_ends_no_text_silently() {
    check("nul", "rhai", "F29\0 / F30\n", 1, "\\u{0}");
    check("nul", "sql", "select 1\0, 2\n", 1, "U+0000");
    check("nul_in_text", "sql", "select 'a\0b' as a", 1, "U+0000");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for ending in ["rhai", "sql", "txt"] {
        check("bytes", ending, b"F29 \xff\xfe", 3, "it is no text in UTF-8");
    }
}

#[test]
fn very_many_lines_are_read() {
    let (lines, statements) = (long::part_of(150_000), long::part_of(30_000));
    let script = many(0..lines, |n| format!("let x = {n};\n"));
    check("lines", "rhai", script + "x", 0, &(lines - 1).to_string());
    let sql = many(0..statements, |n| format!("select {n} as n;\n"));
    check("lines", "sql", sql, 0, &(statements - 1).to_string());
    check("line", "rhai", format!("let x = \"{}\"; x.len()", "a".repeat(5_000_000)), 0, "5000000");
    check("line", "sql", format!("select length('{}')", "a".repeat(5_000_000)), 4, "a limit was reached");
}

#[test]
fn what_is_nested_without_end_is_a_limit() {
    let depth = long::part_of(100_000);
    let nested =
        |open: &str, inner: &str, close: &str| [open.repeat(depth), inner.into(), close.repeat(depth)].concat();
    for (name, open, inner, close) in [
        ("round", "(", "1", ")"),
        ("square", "[", "1", "]"),
        ("curly", "{", "1", "}"),
        ("map", "#{a:", "1", "}"),
        ("if", "if true {", "1", "}"),
        ("not", "!", "true", ""),
        ("plus", "1+", "1", ""),
        ("closure", "|x| ", "1", ""),
        ("text", "`${", "1", "}`"),
        ("call", "f(", "1", ")"),
    ] {
        check(name, "rhai", nested(open, inner, close), 4, "a limit was reached");
    }
    for (name, open, inner, close) in
        [("round", "(", "1", ")"), ("not", "not ", "1", ""), ("plus", "1+", "1", ""), ("select", "(select ", "1", ")")]
    {
        check(name, "sql", format!("select {}", nested(open, inner, close)), 4, "a limit was reached");
    }
    check("columns", "sql", format!("select {}1", "1,".repeat(50_000)), 4, "a limit was reached");
    check("union", "sql", format!("select 1{}", " union all select 1".repeat(50_000)), 4, "a limit was reached");
}

#[test]
fn a_long_statement_is_read_in_time_that_grows_with_it() {
    let list = many(0..long::part_of(64_000), |n| format!("'F{n:02}',"));
    check(
        "list",
        "sql",
        format!(
            "select count(*) as n, q_sum(quantity) as s from figures where q_unit(quantity) = 'GBP' and id in ({list} '')"
        ),
        0,
        "GBP",
    );
    check(
        "list_of_ids",
        "sql",
        format!("select count(*) as n from facts where id in ({list} '')"),
        0,
        scratch::fact_count(),
    );
    let row = format!("select {}1", "1,".repeat(1_900));
    check("rows", "sql", format!("{row}{}", format!(" union all {row}").repeat(long::part_of(250) - 1)), 0, "1,1,1");
}

#[test]
fn too_many_arguments_are_a_limit_only_where_there_is_one() {
    check("pragma", "sql", "select * from pragma_user_version(5)", 1, "too many arguments");
    check("arguments", "sql", format!("select max({}1)", "1,".repeat(2_000)), 4, "a limit was reached");
}

#[test]
fn a_join_of_very_many_tables_says_so() {
    let views: Vec<String> = (0..10).map(|n| format!("pledges p{n}")).collect();
    check("join", "sql", format!("select count(*) from {}", views.join(", ")), 4, "at most 64 tables in a join");
    let tables: Vec<String> = (0..65).map(|n| format!("figure p{n}")).collect();
    check(
        "join_of_tables",
        "sql",
        format!("select count(*) from {}", tables.join(", ")),
        4,
        "at most 64 tables in a join",
    );
}

#[test]
fn very_many_arms_are_chosen_from_and_very_many_functions_refused() {
    let arms = many(0..100_000, |n| format!("{n} => {n},\n"));
    check("arms", "rhai", format!("switch 5 {{ {arms} _ => 0 }}"), 0, "5");
    let functions = many(0..20_000, |n| format!("fn f{n}(x) {{ x }}\n"));
    check("functions", "rhai", functions, 4, "more than 10,000 functions");
}

#[test]
fn a_figure_of_very_many_signs_is_no_figure() {
    let directory = scratch::directory("hostile_figures");
    for sign in
        ["-", "\u{2212}", "+", "~", "≈", ">", "(", "\"", "..", "/", "*", "^", "£", "$", "½", "%", "1,", "1 ", "1.", "9"]
    {
        let text = sign.repeat(long::part_of(150_000) / sign.len());
        for entry in [format!(".check {text}"), format!(".assume F30={text}"), format!("assume(F30, `{text}`)")] {
            fs::write(directory.join("it.txt"), &entry).expect("it is writable");
            for sandbox in [&["-f", "it.txt"][..], &["--sandbox", "-f", "it.txt"]] {
                assert!([1, 2, 4].map(Some).contains(&ask(&directory, sandbox).code), "{sign}: {}", &entry[..20]);
            }
        }
    }
    for words in
        ["about ", "per ", "a ", "and ", "to ", "million ", "five ", "additional ", "between ", "or more ", "each "]
    {
        let text = words.repeat(long::part_of(100_000) / words.len());
        let answer = ask(&directory, &["check", &text]);
        answer.is(2, "is a sentence, and no figure");
        ask(&directory, &["--assume", &format!("F30={text}"), "-c", "F30"]).is(2, "it is too long to be one");
    }
}

#[test]
fn a_quantity_of_very_many_parts_is_read_or_refused() {
    let joined = |part: &str, by: &str| vec![part; long::part_of(100_000)].join(by);
    for (name, form) in [
        ("signs", "-".repeat(long::part_of(150_000))),
        ("marks", "≈".repeat(long::part_of(50_000))),
        ("units", format!("5 {}", joined("GBP", "*"))),
        (
            "different_units",
            format!("5 {}", (0..long::part_of(100_000)).map(|n| format!("a{n}")).collect::<Vec<_>>().join("*")),
        ),
        ("powers", format!("5 GBP{}", "^2".repeat(long::part_of(100_000)))),
        ("below", format!("5 GBP/{}", joined("missile", "/"))),
        ("reasons", format!("unknown({})", joined("not_stated", ","))),
        ("stages", format!("5 GBP [@{}]", joined("proposed", "+"))),
        ("assumptions", format!("5 GBP [{}]", joined("a=5", "; "))),
        ("brackets", format!("5 GBP {}", "[".repeat(long::part_of(150_000)))),
        ("digits", "9".repeat(long::part_of(150_000))),
        ("exponents", format!("1{}", "e9".repeat(long::part_of(70_000)))),
    ] {
        for (ending, text) in [("rhai", format!("q(`{form}`)")), ("sql", format!("select q('{form}') as x"))] {
            let directory = scratch::directory(&format!("hostile_parts_{name}_{ending}"));
            let file = format!("it.{ending}");
            fs::write(directory.join(&file), text).expect("it is writable");
            for words in [&["-f", &file][..], &["--sandbox", "-f", &file]] {
                assert!([0, 1, 4].map(Some).contains(&ask(&directory, words).code), "{name} as {ending}");
            }
        }
    }
}

#[test]
fn a_device_fills_no_memory() {
    let directory = scratch::directory("hostile_device");
    for name in ["/dev/zero", "link.rhai", "link.sql"] {
        if name != "/dev/zero" {
            std::os::unix::fs::symlink("/dev/zero", directory.join(name)).expect("a link can be made");
        }
        ask(&directory, &["-f", name]).is(4, "the limit of text");
    }
    shell(&directory, "pledgebook -f - < /dev/zero").is(4, "the limit of text");
    shell(&directory, "pledgebook < /dev/zero").is(4, "the limit of text");
    shell(&directory, "pledgebook run - < /dev/zero").is(4, "the limit of text");
    ask(&directory, &["--limit-text", "0", "--limit-memory", "20", "-f", "/dev/zero"])
        .is(4, "20 MiB, the limit of memory");
    ask(&directory, &["-f", "/dev/null"]).is(0, "");
    ask(&directory, &["-f", "."]).is(3, "is a directory");
}

#[test]
fn a_pipe_is_read_and_one_without_a_writer_ends_with_ctrl_c() {
    let directory = scratch::directory("hostile_pipe");
    let made = Command::new("mkfifo").arg(directory.join("pipe.sql")).status();
    assert!(made.is_ok_and(|status| status.success()), "a pipe can be made");
    shell(&directory, "echo 'select 7 as n' > pipe.sql & pledgebook --csv -f pipe.sql").is(0, "7");
    let answer = shell(&directory, "timeout -k 20 -s INT 1 pledgebook -f pipe.sql; echo $?");
    assert!(["124\n", "130\n"].contains(&answer.out.as_str()), "{answer:?}");
}
