//! The examples in the headers of the library's scripts are what the scripts answer.

use crate::{ask, scratch};
use pledgebook::script::library;

#[test]
fn every_example_of_a_script_is_its_answer() {
    let directory = scratch::directory("examples");
    for script in library::all().expect("the library's headers can be read") {
        let header = script.header;
        assert!(!header.examples.is_empty(), "`{}` has no example", header.name);
        for example in header.examples {
            let arguments = example.arguments.split_whitespace();
            let words: Vec<&str> = ["run", &header.name].into_iter().chain(arguments).collect();
            let answer = ask(&directory, &words);
            assert_eq!(answer.code, Some(0), "{words:?}: {answer:?}");
            assert!(
                answer.out.contains(&example.answer),
                "{words:?} does not say `{}`:\n{}",
                example.answer,
                answer.out
            );
        }
    }
}
