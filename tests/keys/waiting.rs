//! What is said while an answer is waited for, and that nothing of it stays.

use crate::keys::prompt::{CTRL_C, ENTER};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use std::fs;
use std::time::Duration;

/// A statement that reads rows for about three seconds, and gives none.
const LONG: &str = "for row in stream(\"select value from generate_series(1, 1000000000)\") { }";

#[test]
fn work_that_takes_long_says_so_until_it_is_stopped() {
    let mut prompt = Terminal::new("progress").open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("loop {{}}{ENTER}"));
    prompt.wait_for_line("… 2 s; Ctrl-C stops it");
    prompt.wait_for_line("… 3 s; Ctrl-C stops it");
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(before + 1);
    let screen = prompt.screen();
    assert!(screen.ends_with("pledgebook> loop {}\nerror: interrupted\npledgebook>"), "{screen}");
}

#[test]
fn it_says_how_many_rows_were_read() {
    let mut prompt = Terminal::new("progress_rows").open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("{LONG}{ENTER}"));
    prompt.wait_for(" rows read; Ctrl-C stops it");
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(before + 1);
    assert!(!prompt.screen().contains("rows read"), "{}", prompt.screen());
}

#[test]
fn a_narrow_window_has_a_short_line() {
    let mut prompt = Terminal::new("progress_narrow").columns(20).open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("loop {{}}{ENTER}"));
    prompt.wait_for_line("… 2 s");
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(before + 1);
}

/// What must not be seen of a long wait.
#[track_caller]
fn check_silent(terminal: Terminal, entry: &str) {
    let mut prompt = terminal.start();
    prompt.wait_for_line(PROMPT);
    prompt.type_keys(&format!("{entry}{ENTER}"));
    prompt.wait_for_work(Duration::from_millis(2_500));
    prompt.type_keys(CTRL_C);
    prompt.wait_for("\nerror: interrupted");
    prompt.wait_for_line(PROMPT);
    assert!(!prompt.sent().contains("stops it"), "{}", prompt.sent());
}

#[test]
fn nothing_is_said_once_the_answer_is_being_printed() {
    check_silent(Terminal::new("progress_printing"), "print(1); loop {}");
}

#[test]
fn nothing_is_said_where_it_could_not_be_erased_or_is_not_wanted() {
    check_silent(Terminal::new("progress_quiet").arguments(&["-q"]), "loop {}");
    check_silent(Terminal::new("progress_dumb").variable("TERM", "dumb"), "loop {}");
}

#[test]
fn rows_go_into_a_pipe_while_the_terminal_is_told() {
    let count = "let n = 0; for i in 0..100000000 { n += 1; if n == 40000000 { show(n) } } n";
    let line = format!("pledgebook --csv -c '{count}' 2>/dev/tty | cat > out.csv");
    let mut prompt = Terminal::new("progress_pipe").program("sh").arguments(&["-c", &line]).start();
    prompt.wait_for_line("… 2 s; Ctrl-C stops it");
    prompt.type_keys(CTRL_C);
    prompt.exit_code();
    let out = fs::read_to_string(prompt.directory.join("out.csv")).expect("the rows are there");
    assert!(!out.contains("stops it"), "{out}");
}
