//! What is pasted: every entry of it is answered, in order; and bytes that are no UTF-8, typed or pasted, are an error of
//! their entry alone.

use crate::keys::prompt::{BACKSPACE, CTRL_C, ENTER, Prompt};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use std::io::Write;
use std::thread;
use std::time::Duration;

/// As a terminal hands over what is pasted.
fn paste(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

/// The places of these words in a text, all of which stand there.
#[track_caller]
fn places(text: &str, words: &[&str]) -> Vec<usize> {
    words.iter().map(|word| text.find(word).unwrap_or_else(|| panic!("{word:?} is not in\n{text}"))).collect()
}

#[test]
fn every_entry_of_a_paste_is_answered_in_order() {
    let mut prompt = Terminal::new("paste_entries").open();
    let entries = "select 40 + 1 as first;\nlet twice = 21 * 2;\ntwice\n.mode csv\nselect :twice + 1 as last;\n";
    let answer = prompt.ask(&paste(entries));
    let found = places(&answer, &[" first\n ─────\n    41\n", "\n42\n", "\nlast\n43"]);
    assert!(found.is_sorted(), "{answer}");
}

#[test]
fn an_error_of_an_entry_ends_no_other_and_stands_in_its_line() {
    let mut prompt = Terminal::new("paste_error").open();
    let answer = prompt.ask(&paste("select 1 as before;\nselect nowhere from facts;\nselect 2 as behind;"));
    places(&answer, &[" before\n", "error: `facts` has no column `nowhere`\n --> prompt:2:8\n", " behind\n"]);
}

#[test]
fn the_last_entry_of_a_paste_may_be_unfinished() {
    let mut prompt = Terminal::new("paste_unfinished").open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("{}{ENTER}", paste("select 1 as one;\nselect (2")));
    prompt.wait_for("a closing `)` is missing");
    prompt.type_keys(&format!(") as two;{ENTER}"));
    prompt.wait_for_prompts(before + 1);
    places(&prompt.screen(), &[" one\n ───\n   1\n", " two\n ───\n   2\n"]);
}

#[test]
fn a_script_of_several_lines_is_one_entry() {
    let mut prompt = Terminal::new("paste_script").open();
    let answer = prompt.ask(&paste("let a = 1;\nlet b = 2;\nthrow \"stopped\";\nprint(\"never\");"));
    assert!(answer.contains("stopped") && !answer.contains("\nnever"), "{answer}");
    prompt.type_keys(&format!("{}{ENTER}", paste(".quit\nselect 1;")));
    assert_eq!(prompt.exit_code(), Some(0));
}

/// What is told of a byte that can't be read.
const STRAY: &str = "a byte here is not valid UTF-8";

/// Types bytes, and waits until an error is told of one of them and the next entry is begun.
#[track_caller]
fn type_stray(prompt: &mut Prompt, bytes: &[u8]) {
    let before = (prompt.sent().matches(STRAY).count(), prompt.prompts());
    (&prompt.pty).write_all(bytes).expect("the program reads");
    let is_told = |sent: &[u8]| String::from_utf8_lossy(sent).matches(STRAY).count() > before.0;
    prompt.seen.wait_until(STRAY, |so_far| so_far.prompts > before.1 && is_told(&so_far.bytes));
    // Whatever the entry begins with again is given up.
    let begun = prompt.prompts();
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(begun + 1);
}

#[test]
fn a_byte_that_is_no_utf8_is_an_error_of_its_entry_alone() {
    let mut prompt = Terminal::new("stray_typed").open();
    assert!(prompt.answer("select 40 + 1 as before;").contains("41"), "{}", prompt.screen());
    // In the middle, as the first one, several at once, at the end.
    for bytes in [
        &b"select 'a\xe9b' as typed;\r"[..],
        b"\xffselect 1;\r",
        b"select '\xc3\x28\xff\xfe';\r",
        b"select 1 -- \xe9\r",
    ] {
        type_stray(&mut prompt, bytes);
        assert!(prompt.answer("select 40 + 2 as behind;").contains("42"), "{}", prompt.screen());
    }
}

#[test]
fn a_byte_is_marked_in_its_line_and_can_be_taken_out() {
    let mut prompt = Terminal::new("stray_edited").open();
    prompt.type_keys("select 40 + 3");
    prompt.wait_for_line(&format!("{PROMPT} select 40 + 3"));
    thread::sleep(Duration::from_millis(100));
    (&prompt.pty).write_all(b"\xff").expect("the program reads");
    prompt.wait_for(STRAY);
    // The screen of the tests leaves the mark out.
    prompt.wait_for_line(&format!("{PROMPT} select 40 + 3"));
    assert!(prompt.sent().contains("select 40 + 3\u{fffd}"), "{}", prompt.sent());
    let before = prompt.prompts();
    prompt.type_keys(&format!("{BACKSPACE} as n;{ENTER}"));
    prompt.wait_for_prompts(before + 1);
    assert!(prompt.screen().contains("\n 43"), "{}", prompt.screen());
}

#[test]
fn a_paste_with_such_a_byte_is_not_run() {
    let mut prompt = Terminal::new("stray_pasted").open();
    let text = b"\x1b[200~select 1 as one;\nselect '\xe9' as two;\nselect 3 as three;\n\x1b[201~";
    type_stray(&mut prompt, text);
    let screen = prompt.screen();
    assert!(screen.contains("notice: what came with it in one go was not read"), "{screen}");
    assert!(!screen.contains(" one\n") && !screen.contains(" three\n"), "{screen}");
    assert!(prompt.answer("select 40 + 4 as behind;").contains("44"), "{}", prompt.screen());
}

#[test]
fn a_long_table_shows_its_ends_on_a_terminal() {
    let mut prompt = Terminal::new("rows").arguments(&["--rows", "4"]).variable("PLEDGEBOOK_ROWS", "6").open();
    let answer = prompt.answer("select value as n from generate_series(1, 100);");
    assert!(answer.contains(" 100 rows (4 shown); .last shows all"), "{answer}");
    assert_eq!(prompt.answer(".rows"), "4");
    let none = prompt.answer(".rows 0");
    assert_eq!(none, "");
    assert!(!prompt.answer("select value as n from generate_series(1, 45);").contains("shown"));
}
