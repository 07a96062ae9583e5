//! Whatever takes too much of the machine is ended by a limit, with exit code 4 and the name of its option.

use crate::scratch;
use pledgebook::table::Format;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

/// What never ends, in scripts, in SQL, and in both.
const ENDLESS: [(&str, &str); 11] = [
    ("loop", "loop {}"),
    ("recursion", "fn f(n) { if n < 2 { n } else { f(n - 1) + f(n - 2) } } f(60)"),
    ("errors caught", "loop { try { throw 1 } catch { } }"),
    ("endless rows", "with recursive n(n) as (select 1 union all select n + 1 from n) select count(*) from n"),
    ("cross join", "select count(*) from facts a, facts b, facts c, facts d, facts e, facts f"),
    ("rows of a function", "select sum(value) from generate_series(1, 4000000000000)"),
    ("sort", "select value from generate_series(1, 4000000000000) order by value % 9973 limit 1"),
    (
        "SQL, script, SQL",
        "fn f(n) { value(\"select count(*) as n from facts a, facts b\") + n } \
         value(\"select sum(f(value)) as n from generate_series(1, 100000000)\")",
    ),
    ("stream", "for row in stream(\"select value from generate_series(1, 4000000000000)\") { }"),
    ("quantities", "select q_sum(q(value, 'GBP')) from generate_series(1, 4000000000000)"),
    (
        "sort of an array",
        "let a = []; for i in 0..20000 { a.push(i * 7919 % 20011); } loop { a.sort(); a.sort_desc(); }",
    ),
];

/// One step each, of many hours, that looks at no flag: of the engines, only SQLite's own functions have such.
const UNHEEDING: [(&str, &str); 3] = [
    (
        "trim",
        "select length(trim(replace(hex(zeroblob(2000000)), '0', 'b'), replace(hex(zeroblob(2000000)), '0', 'a') || 'b'))",
    ),
    ("replace", "select length(replace(hex(zeroblob(20000000)), hex(zeroblob(5000000)) || '1', ''))"),
    ("instr", "select instr(hex(zeroblob(20000000)), hex(zeroblob(5000000)) || '1')"),
];

/// What holds ever more memory.
const BOMBS: [(&str, &str); 14] = [
    ("array", "let a = []; loop { a.push(1) }"),
    ("array doubled", "let a = [1]; loop { a += a; }"),
    ("text doubled", "let s = \"x\"; loop { s += s; }"),
    ("text filled", "let s = \"\"; s.pad(2000000000, \"x\")"),
    ("characters", "let s = \"x\"; for i in 0..25 { s += s; } s.to_chars().len"),
    ("map", "let m = #{}; let i = 0; loop { m.set(`k${i}`, i); i += 1; }"),
    ("array in itself", "let a = [1]; for i in 0..60 { a.push(a); }"),
    ("array before itself", "let a = [1]; for i in 0..60 { a.insert(0, a); }"),
    ("map in itself", "let m = #{}; for i in 0..60 { m.set(`k${i}`, m); }"),
    ("maps in maps", "let m = #{a: 1}; for i in 0..60 { m = #{a: m, b: m}; }"),
    ("maps of arrays", "let a = [#{x: [1, 2, 3]}]; loop { a += a; }"),
    ("rows kept", "query(\"select value as n from generate_series(1, 100000000)\").len"),
    ("sort", "select count(*) from (select value from generate_series(1, 100000000) order by random())"),
    ("texts joined", "select length(group_concat(hex(zeroblob(1000)), '')) from generate_series(1, 1000000)"),
];

/// The directory in which what has this name is asked.
fn directory(name: &str) -> String {
    format!("limits_{}", name.replace([' ', ','], "_"))
}

fn run(name: &str, arguments: &[&str], text: &str) -> (Output, Duration) {
    // The address space is bounded too: what slipped past the limit would abort the process.
    let mut command = scratch::command("sh", &scratch::directory(&directory(name)));
    let begun = Instant::now();
    let bounded = ["-c", "ulimit -v 2000000; exec pledgebook \"$@\"", "sh"];
    let output = command.args(bounded).args(arguments).args(["-c", text]).output().expect("the program runs");
    (output, begun.elapsed())
}

#[track_caller]
fn ends_by(limit: &str, name: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{name}: {said}");
    assert!(said.contains("error: stopped ") && said.contains(&format!("--limit-{limit} ")), "{name}: {said}");
}

#[test]
fn what_never_ends_ends_by_the_limit_of_time() {
    // Each takes the time of the limit, whatever runs beside it.
    thread::scope(|scope| {
        for (name, text) in ENDLESS {
            scope.spawn(move || ends_by("time", name, &run(name, &["--limit-time", "1"], text).0));
        }
    });
}

#[test]
fn what_heeds_no_stop_ends_with_the_program() {
    let ends = |name: &str, text: &str| {
        let (output, _) = run(name, &["--limit-time", "1", "-o", "answer.csv"], text);
        ends_by("time", name, &output);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.ends_with("\nnotice: one step of it did not heed the stop, so that the program has ended\n"),
            "{said}"
        );
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(directory(name));
        let left = fs::read_dir(made).expect("it can be listed").count();
        assert_eq!(left, 0, "{name}: a part of an answer is left");
    };
    let ends = &ends;
    // Each takes the time of the limit, and that which a step is given to heed it.
    thread::scope(|scope| UNHEEDING.iter().for_each(|(name, text)| drop(scope.spawn(move || ends(name, text)))));
}

#[test]
fn calls_within_calls_are_limited_as_deep_as_the_option_says() {
    for (name, text) in [
        ("function", "fn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } } f(N)"),
        ("SQL and function", "fn f(n) { if n == 0 { 0 } else { value(`select f(${n - 1}) as n`) + 1 } } f(N)"),
        ("closure", "let f = |f, n| if n == 0 { 0 } else { 1 + f.call(f, n - 1) }; f.call(f, N)"),
    ] {
        for (depth, calls, is_answered) in
            [("64", 20, true), ("64", 70, false), ("300", 120, true), ("300", 320, false)]
        {
            let text = text.replace('N', &calls.to_string());
            let (output, _) = run(name, &["--limit-depth", depth], &text);
            if is_answered {
                assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{calls}\n"), "{name}");
            } else {
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(4), "{name}: {said}");
                assert!(said.contains(&format!("more than {depth} deep")) && said.contains("--limit-depth "), "{said}");
            }
        }
    }
}

#[test]
fn a_script_under_test_is_kept_to_the_limits_too() {
    let directory = scratch::directory("limits_test");
    fs::write(directory.join("it.rhai"), "loop {}\n").expect("it is writable");
    let mut command = scratch::command(scratch::program(), &directory);
    let output = command.args(["--sandbox", "test", "it.rhai"]).output().expect("the program runs");
    ends_by("time", "test", &output);
    fs::write(directory.join("it.rhai"), "import \"other\" as other;\n").expect("it is writable");
    fs::write(directory.join("other.rhai"), "fn f() { 1 }\n").expect("it is writable");
    let told = |arguments: &[&str]| {
        let mut command = scratch::command(scratch::program(), &directory);
        command.args(arguments).output().expect("the program runs").status.code()
    };
    assert_eq!(told(&["test", "it.rhai"]), Some(0));
    assert_eq!(
        told(&["--sandbox", "--limit-time", "60", "test", "it.rhai"]),
        Some(5),
        "nothing but the library is in reach of a sandbox"
    );
}

#[test]
fn the_settings_limit_what_is_asked_without_a_prompt_but_not_a_sandbox() {
    let directory = scratch::directory("limits_settings");
    fs::write(directory.join("config.toml"), "limit_rows = 2\nmode = \"json\"\n").expect("it is writable");
    let ask = |arguments: &[&str], rows: Option<&str>| {
        let mut command = scratch::command(scratch::program(), &directory);
        command.env("PLEDGEBOOK_CONFIG", directory.join("config.toml"));
        command.envs(rows.map(|rows| ("PLEDGEBOOK_LIMIT_ROWS", rows)));
        let question = ["--csv", "-c", "select value from generate_series(1, 5)"];
        let output = command.args(arguments).args(question).output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).lines().count())
    };
    assert_eq!(ask(&[], None), (Some(4), 3));
    assert_eq!(ask(&[], Some("3")), (Some(4), 4));
    assert_eq!(ask(&["--limit-rows", "4"], Some("3")), (Some(4), 5));
    assert_eq!(ask(&["--sandbox", "--limit-time", "60"], Some("3")), (Some(0), 6));
    assert_eq!(ask(&[], Some("many")), (Some(2), 0));
}

#[test]
fn what_fills_the_memory_ends_by_the_limit_of_memory() {
    for (name, text) in BOMBS {
        let (output, _) = run(name, &["--limit-memory", "24", "--limit-time", "0"], text);
        ends_by("memory", name, &output);
    }
}

#[test]
fn rows_and_output_are_limited_in_every_format() {
    for format in Format::names() {
        let rows = "select value from generate_series(1, 1000000)";
        let (output, _) = run("rows", &["--limit-rows", "1000", "--format", format], rows);
        ends_by("rows", format, &output);
        let (output, _) = run("output", &["--limit-output", "1", "--format", format], "loop { print(\"and on\"); }");
        ends_by("output", format, &output);
        assert!(output.stdout.len() + output.stderr.len() <= (2 << 20), "{format}");
    }
}

#[test]
fn a_limit_of_0_is_none() {
    let none = ["--limit-time", "0", "--limit-memory", "0", "--limit-rows", "0", "--limit-output", "0", "--csv"];
    let (output, _) = run("none", &none, "select count(*) as n from generate_series(1, 1000)");
    assert_eq!((output.status.code(), &*output.stdout), (Some(0), &b"n\n1000\n"[..]));
}

#[test]
fn a_sandbox_may_be_given_more_time() {
    let (output, elapsed) = run("more", &["--sandbox", "--limit-time", "2"], "loop {}");
    ends_by("time", "sandbox", &output);
    assert!(elapsed >= Duration::from_secs(2), "{elapsed:?}");
}
