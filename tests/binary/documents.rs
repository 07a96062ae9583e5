//! Files that `-o` writes: one document of its format each, whatever was asked, and nothing where that can't be.

use crate::binary::{ask, scratch};
use jsonschema::Validator;
use pledgebook::script::library;
use pledgebook::table::json_schema;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The validator of one kind of document.
fn schema() -> Validator {
    let schema: Value = serde_json::from_str(&json_schema(false)).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

/// The document that a question writes to a file of this ending.
fn document(directory: &Path, name: &str, question: &[&str]) -> String {
    let answer = ask(directory, &[&["-o", name, "--force"], question].concat());
    assert_eq!(answer.code, Some(0), "{question:?}: {answer:?}");
    fs::read_to_string(directory.join(name)).expect("it was written")
}

#[test]
fn every_script_of_the_library_writes_one_document_of_json() {
    let (directory, schema) = (scratch::directory("documents_library"), schema());
    let mut several = 0;
    for script in library::all().expect("the library's headers can be read") {
        for example in &script.header.examples {
            let words: Vec<&str> =
                ["run", &script.header.name].into_iter().chain(example.arguments.split(' ')).collect();
            if words.iter().any(|word| word.contains(['"', '\''])) {
                continue;
            }
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            let written = document(&directory, "a.json", &words);
            let read: Value = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{words:?}: {error}"));
            assert!(schema.is_valid(&read), "{words:?}: {written}");
            // It is what standard output has, one document a line.
            let lines = ask(&directory, &[&["--json"], &words[..]].concat()).out;
            let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a document")).collect();
            let rows = |result: &Value| result["rows"].clone();
            match read["results"].as_array() {
                Some(results) => assert_eq!(results.iter().map(rows).collect::<Vec<_>>(), lines, "{words:?}"),
                None => assert_eq!(vec![read], lines, "{words:?}"),
            }
            several += usize::from(lines.len() > 1);
        }
    }
    assert!(several > 5, "{several}");
}

#[test]
fn a_long_document_streams() {
    let directory = scratch::directory("documents_long");
    let long = "select value as n, 'a text of some length' as t from generate_series(1, 400000)";
    let question = ["--limit-memory", "24", "-c", long, "-c", "select 2 as b", "-c", long];
    let written = document(&directory, "long.json", &question);
    let read: Value = serde_json::from_str(&written).expect("it is one document");
    let count = |at: usize| read["results"][at]["rows"].as_array().map(Vec::len);
    assert_eq!([count(0), count(1), count(2), count(3)], [Some(400_000), Some(1), Some(400_000), None]);
    assert_eq!(read["results"][0]["rows"][399_999]["n"], 400_000);
}

#[test]
fn nothing_is_left_where_a_file_can_not_hold_all() {
    let directory = scratch::directory("documents_refused");
    for name in ["a.csv", "a.tsv", "a.jsonl"] {
        for question in [
            &["-c", "select 1 as a; select 2 as b"][..],
            &["-c", "F29", "-c", "F30"],
            &["-c", "show(1); show(2);"],
            &["-c", "for n in 0..3 { try { show(n) } catch { print(n) } }"],
            &["run", "about_actor", "--actor", "Zelenskyy"],
        ] {
            let answer = ask(&directory, &[&["-o", name], question].concat());
            assert_eq!(answer.code, Some(2), "{name} {question:?}: {answer:?}");
            assert!(answer.err.contains("the answer has several results") && answer.err.contains("--result N"));
            assert_eq!(fs::read_dir(&directory).expect("it can be listed").count(), 0, "{name} {question:?}");
        }
    }
    let answer = ask(&directory, &["-o", "a.json", "--result", "3", "-c", "select 1 as a; select 2 as b"]);
    assert_eq!((answer.code, fs::read_dir(&directory).expect("it can be listed").count()), (Some(2), 0), "{answer:?}");
}

#[test]
fn a_selected_result_is_that_of_the_whole_answer() {
    let directory = scratch::directory("documents_selected");
    let asked = ["-c", "select 1 as a; F29", "-c", ".mode csv", "-c", "select 2 as a; select 3 as a"];
    let selected = |number: &str| ask(&directory, &[&["--csv", "--result", number], &asked[2..]].concat()).out;
    assert_eq!([selected("1"), selected("2"), selected("3")], ["a\n2\n", "a\n3\n", ""]);
    assert_eq!(document(&directory, "b.csv", &["--result", "2", "-c", "F29", "-c", "select 'x' as t"]), "t\nx\n");
}

#[test]
fn a_device_is_a_stream() {
    let directory = scratch::directory("documents_device");
    for (format, out) in [("json", "[{\"a\":1}]\n[{\"b\":2}]\n"), ("csv", "a\n1\n\nb\n2\n")] {
        let words = ["-o", "/dev/stdout", "--format", format, "-c", "select 1 as a; select 2 as b"];
        let answer = ask(&directory, &words);
        assert_eq!((answer.code, answer.out.as_str()), (Some(0), out), "{answer:?}");
    }
}

#[test]
fn what_a_sandbox_writes_is_json_that_reads_back() {
    let directory = scratch::directory("documents_sandbox");
    let question = "select char(127, 128, 155, 159, 27, 10, 8232) as \"k\u{7f}\u{85}\u{9b}\"";
    let check = |text: &str| {
        assert!(!text.trim_end().contains(char::is_control), "{text:?}");
        let read: Value = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(read[0]["k\u{7f}\u{85}\u{9b}"], "\u{7f}\u{80}\u{9b}\u{9f}\u{1b}\n\u{2028}");
    };
    for sandbox in [&[][..], &["--sandbox"]] {
        check(&ask(&directory, &[sandbox, &["--json", "-c", question]].concat()).out);
        check(&document(&directory, "a.json", &[sandbox, &["-c", question]].concat()));
        let answer = ask(&directory, &[sandbox, &["--errors", "json", "-c", &format!("{question} from")]].concat());
        assert!(!answer.err.trim_end().contains(char::is_control), "{answer:?}");
        let read: Value = serde_json::from_str(&answer.err).expect("it is JSON");
        assert_eq!(read["error"]["places"][0]["text"], format!("{question} from"));
    }
}
