//! Other programs at the terminal, an editor and a pager; and what the person has set beforehand.

use crate::keys::prompt::{CTRL_C, ENTER, Prompt};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// Writes a program of the shell's.
fn program(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("the directory is writable");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
}

fn with_editor(name: &str, text: &str) -> Prompt {
    let terminal = Terminal::new(name).variable("EDITOR", "./editor.sh --wait");
    program(&terminal.directory, "editor.sh", text);
    terminal.open()
}

#[test]
fn the_newest_entry_comes_back_from_the_editor() {
    let mut prompt = with_editor("edit", "sed -i 's/40/50/' \"$2\"");
    assert_eq!(prompt.answer("40 + 2"), "42");
    let before = prompt.prompts();
    prompt.type_keys(&format!(".edit{ENTER}"));
    prompt.wait_for_line("pledgebook> 50 + 2");
    prompt.type_keys(&format!(" + 1{ENTER}"));
    prompt.wait_for_prompts(before + 2);
    assert!(prompt.screen().ends_with("pledgebook> 50 + 2 + 1\n53\npledgebook>"), "{}", prompt.screen());
}

#[test]
fn an_unfinished_entry_is_edited_in_its_language() {
    let mut prompt =
        with_editor("edit_this", "printf '%s from pledges;' \"$(cat \"$2\")\" > \"$2\"; echo \"${2##*.}\"");
    prompt.type_keys(&format!("select provider,{ENTER}id\\e{ENTER}"));
    prompt.wait_for_line("id from pledges;");
    prompt.wait_for("\nsql\n");
    let before = prompt.prompts();
    prompt.type_keys(ENTER);
    prompt.wait_for_prompts(before + 1);
    assert!(prompt.screen().contains("\n United Kingdom  PL1\n"), "{}", prompt.screen());
}

#[test]
fn what_the_prompt_can_not_hold_is_not_taken_over() {
    let mut prompt = with_editor("edit_long", "head -c 70000 /dev/zero | tr '\\0' '\\n' > \"$2\"; echo 1 >> \"$2\"");
    let answer = prompt.answer(".edit");
    assert!(answer.contains("error: what was edited has more than 60000 characters"), "{answer}");
    assert_eq!(prompt.answer("40 + 3"), "43");
}

#[test]
fn an_editor_that_fails_takes_nothing_over() {
    let mut prompt = with_editor("edit_fails", "echo 'broken()' > \"$2\"; exit 1");
    prompt.ask("40 + 2");
    let answer = prompt.answer(".edit");
    assert!(answer.contains("error: can't edit with `./editor.sh --wait`: it ended with an error"), "{answer}");
    assert_eq!(prompt.answer("40 + 3"), "43");
}

#[test]
fn without_an_editor_the_error_says_what_to_set() {
    let mut prompt = Terminal::new("edit_nowhere").variable("EDITOR", "/no/such/editor").open();
    let answer = prompt.answer(".edit");
    assert!(answer.contains("= help: set `EDITOR` to a program that edits a file"), "{answer}");
}

fn with_pager(name: &str, text: &str) -> Prompt {
    let terminal = Terminal::new(name).variable("PLEDGEBOOK_PAGER", "./pager.sh");
    program(&terminal.directory, "pager.sh", text);
    terminal.open()
}

#[test]
fn what_is_longer_than_the_screen_goes_to_the_pager() {
    let mut prompt = with_pager("pager", "trap '' INT; echo \"[$(wc -l)]\"; read key < /dev/tty; echo left");
    assert_eq!(prompt.answer("40 + 2"), "42");
    let before = prompt.prompts();
    prompt.type_keys(&format!("for n in 0..1000 {{ print(n); }}{ENTER}"));
    prompt.wait_for("[1000]");
    // Many in quick succession: a second one, before the first was served, used to end the prompt.
    for _ in 0..50 {
        prompt.type_keys(CTRL_C);
        thread::sleep(Duration::from_millis(1));
    }
    prompt.type_keys(&format!("q{ENTER}"));
    prompt.wait_for_prompts(before + 1);
    assert_eq!(prompt.answer("40 + 3"), "43");
}

#[test]
fn a_pager_that_is_left_ends_what_writes_to_it() {
    let mut prompt = with_pager("pager_left", "head -3");
    let answer = prompt.answer("let n = 0; loop { n += 1; print(n); }");
    assert!(answer.ends_with("1\n2\n3"), "{answer}");
    assert_eq!(prompt.answer("40 + 2"), "42");
}

#[test]
fn without_the_pager_everything_is_written() {
    let mut prompt = Terminal::new("pager_nowhere").variable("PLEDGEBOOK_PAGER", "/no/such/pager").open();
    let answer = prompt.answer("for n in 0..1000 { print(n); }");
    assert!(answer.ends_with("\n998\n999"), "{answer}");
}

#[test]
fn the_config_file_is_read_and_a_variable_stands_above_it() {
    let terminal = Terminal::new("config").variable("PLEDGEBOOK_NOTES", "none");
    let config = terminal.directory.join("pledgebook");
    fs::create_dir_all(&config).expect("the directory is writable");
    fs::write(config.join("config.toml"), "mode = \"csv\"\nnotes = \"full\"\nkeys = \"vi\"\n").expect("it is writable");
    let mut prompt = terminal.open();
    assert_eq!(prompt.answer("select 42 as n;"), "n\n42");
    assert_eq!(prompt.answer(".notes"), "none");
    // Escape, to the beginning of the line, and `x` takes its first character away.
    assert_eq!(prompt.answer("940 + 2\u{1b}0x"), "value\n42");
}

#[test]
fn a_config_file_that_is_wrong_is_told_with_its_line() {
    let terminal = Terminal::new("config_wrong").variable("PLEDGEBOOK_CONFIG", "mine.toml");
    fs::write(terminal.directory.join("mine.toml"), "mode = \"cvs\"\n").expect("it is writable");
    let mut prompt = terminal.start();
    assert_eq!(prompt.exit_code(), Some(2));
    let screen = prompt.screen();
    assert!(screen.starts_with("error: `mode` can't be `cvs`\n --> mine.toml:1:8\n"), "{screen}");
    assert!(!screen.contains(PROMPT), "{screen}");
}

#[test]
fn what_led_to_an_answer_is_saved_and_runs() {
    let mut prompt = Terminal::new("save").open();
    for entry in ["let money = F29;", "money / F30"] {
        prompt.ask(entry);
    }
    assert!(prompt.answer(".save mine What it comes to").starts_with("saved: "), "{}", prompt.screen());
    assert!(prompt.answer(".save mine").contains("error: `mine.rhai` is there already"), "{}", prompt.screen());
    assert!(prompt.answer(".run mine.rhai").starts_with("320,000 GBP/missile  [F29 F30]"), "{}", prompt.screen());
}

#[test]
fn the_time_that_a_person_reads_is_not_the_answers() {
    let terminal = Terminal::new("pager_read").variable("PLEDGEBOOK_PAGER", "./pager.sh");
    program(&terminal.directory, "pager.sh", "sleep 2; echo \"[$(wc -l)]\"");
    let mut prompt = terminal.variable("PLEDGEBOOK_LIMIT_TIME", "1").open();
    // More than a pipe holds, so that the answer waits for its reader.
    let answer = prompt.answer("for n in 0..30000 { print(n); }");
    assert!(answer.ends_with("[30000]"), "{answer}");
}
