//! What gives a page, and what a bare table; a report whose scripts fail; the same page as Markdown.

use super::{FOUR, all, read, run, scratch, structure, texts, written};
use std::fs;

#[test]
fn a_format_that_is_named_gives_the_bare_table() {
    let directory = scratch::directory("page_bare");
    let page = written(&directory, "bare.html", &["run", "pledged_per_missile", "--format", "html"]);
    assert!(page.starts_with("<p>Pledged finance per missile"), "{page}");
    let page = written(&directory, "bare.md", &["run", "pledged_per_missile", "--format", "markdown"]);
    assert!(page.starts_with("Pledged finance per missile"), "{page}");
    let page = written(&directory, "page.html", &["run", "pledged_per_missile"]);
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
}

#[test]
fn a_report_without_a_file_goes_to_standard_output() {
    let directory = scratch::directory("page_output");
    let done = run(&directory, &FOUR);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    // A page names itself.
    assert_eq!(done.out, written(&directory, "report.html", &FOUR));
    let done = run(&directory, &[&FOUR[..], &["--markdown"]].concat());
    assert_eq!(done.out, written(&directory, "report.md", &FOUR));
}

#[test]
fn a_script_that_fails_keeps_its_section() {
    let directory = scratch::directory("page_failing");
    fs::write(directory.join("bad.rhai"), "// Fails\n// question: What fails?\n\nshow(F30);\nlet x = missing_thing;\n")
        .expect("it is written");
    let done = run(&directory, &["report", "bad.rhai", "pledged_per_missile", "-o", "bad.html"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("nothing is called `missing_thing`"), "{done:?}");
    let page = structure::check(&fs::read_to_string(directory.join("bad.html")).expect("it was written"));
    assert_eq!(all(&page, "section.q").len(), 2);
    assert_eq!(texts(&page, "#q1 h2 .stamp"), ["FAILED"]);
    assert!(texts(&page, "#q1 p.answer")[0].starts_with("No answer: nothing is called `missing_thing`"));
    assert_eq!(texts(&page, "#q2 .big"), ["320,000 GBP/missile"]);
    // One script alone leaves no half of an answer.
    let done = run(&directory, &["run", "bad.rhai", "-o", "alone.html"]);
    assert_eq!(done.code, Some(1));
    assert!(!directory.join("alone.html").exists());
}

#[test]
fn the_exit_code_is_that_of_a_run() {
    let directory = scratch::directory("page_code");
    fs::write(directory.join("e.rhai"), "expect(1 > 2, \"one is more than two\"); show(F30);\n")
        .expect("it is written");
    fs::write(directory.join("x.rhai"), "show(F30); exit(7)\n").expect("it is written");
    for (script, code) in [("e.rhai", 5), ("x.rhai", 7)] {
        assert_eq!(run(&directory, &["run", script]).code, Some(code));
        assert_eq!(run(&directory, &["report", script, "-o", "a.html", "--force"]).code, Some(code), "{script}");
        assert!(directory.join("a.html").exists());
    }
    assert_eq!(run(&directory, &["report", "no_such_script"]).code, Some(2));
}

#[test]
fn the_page_as_markdown_has_the_same_words() {
    let directory = scratch::directory("page_markdown");
    let (html, markdown) = (read(&written(&directory, "a.html", &FOUR)), written(&directory, "a.md", &FOUR));
    let plain = markdown.replace(['\\', '*'], "").replace("&lt;", "<");
    for selector in ["h1", "h3", ".cite", ".answer", ".kind", ".notes .id"] {
        for text in texts(&html, selector) {
            let first = text.split(['(', '·', '“']).next().unwrap_or_default().trim();
            let first: String = first.chars().take(40).collect();
            assert!(plain.contains(first.trim()), "{selector}: {first}");
        }
    }
    assert!(markdown.starts_with("# Four questions, answered from one source\n"), "{markdown}");
    assert!(markdown.contains("| **WHAT-IF** F30 = 4,500 missiles | ≈355,555.56 |"), "{markdown}");
}

#[test]
fn one_result_of_several_can_be_chosen() {
    let directory = scratch::directory("page_result");
    let page = read(&written(&directory, "a.html", &["-c", "select 1 as a", "-c", "select 2 as b", "--result", "2"]));
    assert_eq!(texts(&page, ".big"), ["2"]);
    let done = run(&directory, &["-c", "select 1 as a", "--result", "2", "-o", "b.html"]);
    assert_eq!(done.code, Some(2), "{done:?}");
}
