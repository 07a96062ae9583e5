//! The examples in the headers of the library's scripts are what the scripts answer: the program tests itself, on any
//! book, and so does this.

use crate::binary::{ask, scratch};
use pledgebook::script::library;

#[test]
fn every_script_of_the_library_has_examples_and_answers_as_they_say() {
    let answer = ask(&scratch::directory("examples"), &["test"]);
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{answer:?}");
    for script in library::all().expect("the library's headers can be read") {
        let header = script.header;
        assert!(!header.examples.is_empty(), "`{}` has no example", header.name);
        for example in header.examples {
            let line = format!("ok      {} {}", header.name, example.arguments);
            assert!(answer.out.lines().any(|told| told == line.trim_end()), "no `{line}` in:\n{}", answer.out);
        }
    }
}

#[test]
fn an_example_that_fails_is_5_and_what_came_is_told() {
    let directory = scratch::directory("examples_failed");
    std::fs::write(directory.join("one.rhai"), "// One\n//\n// example: → 2\n1\n").expect("it can be written");
    let answer = ask(&directory, &["test", "one.rhai", "--json"]);
    let out = "FAILED  one.rhai\n          expected  2\n          came      1\n0 ok, 1 failed\n";
    assert_eq!((answer.code, answer.out.as_str()), (Some(5), out), "{answer:?}");
}
