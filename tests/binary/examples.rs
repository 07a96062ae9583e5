//! The examples in the headers of the library's scripts are what the scripts answer.

use crate::{answer, scratch};
use pledgebook::script::library;
use std::process::Stdio;

#[test]
fn every_example_of_a_script_is_its_answer() {
    let directory = scratch::directory("examples");
    for script in library::all().expect("the library's headers can be read") {
        let header = script.header;
        assert!(!header.examples.is_empty(), "`{}` has no example", header.name);
        for example in header.examples {
            // As a person would type it: a value with a space in it stands in quotes.
            let line = format!("pledgebook run {} {}", header.name, example.arguments);
            let mut shell = scratch::command("sh", &directory);
            let answer = answer(shell.arg("-c").arg(&line).stdin(Stdio::null()).output().expect("there is a shell"));
            assert_eq!(answer.code, Some(0), "{line}: {answer:?}");
            assert!(answer.out.contains(&example.answer), "{line} does not say `{}`:\n{}", example.answer, answer.out);
        }
    }
}
