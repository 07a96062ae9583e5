//! What is kept of entries: the file of the history, and the state of a session after an entry that failed.

use crate::keys::prompt::{CTRL_D, ENTER, UP};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

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

/// Every text below a directory, whatever its file is called.
fn texts(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("it can be listed").map(|entry| entry.expect("it is there").path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                texts(&path)
            } else {
                vec![String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned()]
            }
        })
        .collect()
}

/// Entries with a word that their leading space hides: one line, several, pasted, with a tab, an empty first line, edited.
const HIDDEN: [&str; 7] = [
    " 'it is secret'",
    " let secret = [1,\r  2];",
    "\x1b[200~  fn secret() {\n    1\n}\x1b[201~",
    "\x1b[200~\t'it is secret'\x1b[201~",
    "\x1b\r'it is secret'",
    " 'it is secret'\\e",
    " .schema secret",
];

#[test]
fn what_a_leading_space_hides_is_kept_nowhere() {
    // The editor hands back what it was given.
    let mut prompt = Terminal::new("hidden").variable("EDITOR", "true").open();
    for hidden in HIDDEN {
        prompt.ask("1 + 1");
        if hidden.ends_with("\\e") {
            prompt.type_keys(&format!("{hidden}{ENTER}"));
            prompt.wait_for_line("pledgebook>  'it is secret'");
        }
        prompt.ask(hidden.trim_end_matches(" 'it is secret'\\e"));
        assert!(prompt.sent().contains("secret"), "{hidden}");
        prompt.ask("2 + 2");
    }
    // The newest entry, hidden, is edited, and asked as it comes back.
    prompt.ask(" 'it is secret'");
    prompt.type_keys(&format!(".edit{ENTER}"));
    prompt.wait_for_line("pledgebook>  'it is secret'");
    prompt.ask("");
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
    let kept = fs::read_to_string(prompt.directory.join("history")).expect("the history is kept");
    assert_eq!(kept.matches("1 + 1\n").count() + kept.matches("2 + 2\n").count(), 2 * HIDDEN.len(), "{kept}");
    assert!(kept.contains("\n.edit\n"), "{kept}");
    assert!(texts(&prompt.directory).iter().all(|text| !text.contains("secret")), "{kept}");
}

#[test]
fn what_is_hidden_stays_hidden_when_the_program_is_killed() {
    for (round, signal) in ["KILL", "TERM", "HUP"].iter().cycle().take(18).enumerate() {
        let mut prompt = Terminal::new("hidden_killed").start();
        prompt.wait_for_line(PROMPT);
        for n in 0..8 {
            prompt.type_keys(&format!(" 'secret {n}'{ENTER}'open {n}'{ENTER} let secret = [{ENTER}{n}]{ENTER}"));
        }
        std::thread::sleep(Duration::from_millis(round as u64 * 7 % 60));
        let id = prompt.child.id().to_string();
        let killed = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(killed.is_ok_and(|status| status.success()), "a signal can be sent");
        assert_eq!(prompt.exit_code(), None, "{signal}");
        for text in texts(&prompt.directory) {
            let is_whole = |line: &str| line == "#V2" || (line.starts_with("'open ") && line.ends_with('\''));
            assert!(text.lines().all(is_whole), "{signal}, {round}: {text}");
        }
    }
}

#[test]
fn two_sessions_keep_each_other_s_entries() {
    let mut one = Terminal::new("history_two").open();
    let mut two = Terminal::again(one.directory.clone()).open();
    for n in 0..3 {
        one.ask(&format!("'one {n}'"));
        two.ask(&format!("'two {n}'"));
    }
    let kept = fs::read_to_string(one.directory.join("history")).expect("the history is kept");
    assert_eq!(kept, "#V2\n'one 0'\n'two 0'\n'one 1'\n'two 1'\n'one 2'\n'two 2'\n");
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
    assert_eq!(second.answer(UP), "42");
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
fn a_file_that_is_no_history_is_left_alone() {
    let terminal = Terminal::new("history_other").variable("PLEDGEBOOK_HISTORY", "it.db");
    drop(crate::scratch::book(&terminal.directory.join("it.db")));
    let before = fs::read(terminal.directory.join("it.db")).expect("it was made");
    let mut prompt = terminal.open();
    assert!(prompt.screen().contains("notice: the history is not kept in `it.db`: it holds something else"));
    assert_eq!(prompt.answer("40 + 2"), "42");
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
    assert!(before == fs::read(prompt.directory.join("it.db")).expect("it is there"), "the book is changed");
}

#[test]
fn an_entry_that_the_editor_could_not_draw_is_not_recalled() {
    let terminal = Terminal::new("history_long");
    let long = "\\n".repeat(70_000);
    fs::write(terminal.directory.join("history"), format!("#V2\n40 + 2\nselect ({long})\n")).expect("it is writable");
    let mut prompt = terminal.open();
    assert_eq!(prompt.answer(UP), "42");
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
