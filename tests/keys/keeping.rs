//! What is kept of entries: the file of the history, and the state of a session after an entry that failed.

use crate::prompt::{CTRL_D, ENTER};
use crate::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn the_history_is_private_and_holds_each_entry_once() {
    let mut prompt = Terminal::new("history").open();
    for entry in ["1 + 1", "1 + 1", " 2 + 2", "let many = [1,\r  2];", "3 + 3"] {
        prompt.ask(entry);
    }
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
    let file = prompt.directory.join("history");
    let kept = fs::read_to_string(&file).expect("the history is kept");
    let entries: Vec<&str> = kept.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(entries, ["1 + 1", "let many = [1,\\n  2];", "3 + 3"]);
    assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_next_session_has_the_history() {
    let terminal = Terminal::new("history_next");
    let directory = terminal.directory.clone();
    let mut first = terminal.open();
    first.ask("40 + 2");
    first.type_keys(CTRL_D);
    first.exit_code();
    let mut second = Terminal::again(directory).open();
    assert_eq!(second.answer(crate::prompt::UP), "42");
}

#[test]
fn where_no_history_can_be_written_the_prompt_says_so_once_and_goes_on() {
    for path in ["/dev/null/history", "/dev/null", "/proc/history"] {
        let mut prompt = Terminal::new("history_unwritable").variable("PLEDGEBOOK_HISTORY", path).open();
        assert_eq!(prompt.answer("40 + 2").lines().last(), Some("42"));
        assert_eq!(prompt.answer("40 + 3"), "43");
        let notices = prompt.sent().matches("notice: the history is not kept in").count();
        assert_eq!(notices, 1, "{path}: {}", prompt.sent());
        prompt.type_keys(CTRL_D);
        assert_eq!(prompt.exit_code(), Some(0));
    }
}

#[test]
fn a_failed_entry_leaves_the_session_as_it_was() {
    let mut prompt = Terminal::new("failed").open();
    for entry in [
        "import \"changes\" as changes;",
        "let kept = 0; const fixed = 8;",
        "let kept = 1; let many = [1, 2]; let fixed = 7; const fixed = 9;",
        "fn twice(x) { x + x }",
        "select 7 as seven;",
    ] {
        prompt.ask(entry);
    }
    for failing in [
        "let kept = 2; let lost = 3; fn twice(x) { 0 } select_nothing()",
        "kept = 9; many.push(3); many[0] = 7; throw `${fixed} is not it`",
        "select nowhere from facts;",
        "let lost = 4; throw \"no\"",
        "let lost = ;",
        "import \"nowhere\" as twice;",
        ".mode nothing",
        "F29 + F30",
    ] {
        let answer = prompt.ask(failing);
        assert!(answer.contains("error: "), "{answer}");
    }
    assert_eq!(prompt.answer("select seven from last;"), " seven\n ─────\n     7");
    assert_eq!(prompt.answer("twice(21)"), "42");
    assert_eq!(prompt.answer("kept"), "1");
    assert_eq!(prompt.answer("fixed"), "9");
    assert_eq!(prompt.answer("print(many)"), "[1, 2]");
    assert_eq!(prompt.answer("changes::times(8, 1)"), "0.125");
    assert!(prompt.answer("lost").contains("error: nothing is called `lost`"), "{}", prompt.screen());
    assert_eq!(prompt.answer(".mode"), "table");
}

#[test]
fn keys_pressed_while_an_answer_is_computed_are_the_next_entry() {
    let mut prompt = Terminal::new("ahead").open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("let n = 0; for i in 0..100000 {{ n += i; }} n{ENTER}40 + 2{ENTER}"));
    prompt.wait_for_prompts(before + 2);
    assert!(prompt.screen().contains("\n42\n"), "{}", prompt.screen());
}
