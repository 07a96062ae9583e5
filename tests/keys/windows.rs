//! Terminals of other sizes and kinds.

use crate::keys::prompt::{CTRL_D, ENTER, Prompt};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;

/// One wide row, which needs some 90 columns.
const WIDE: &str = "select * from pledges;";

fn widest(screen: &str) -> usize {
    screen.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn a_narrow_window_wraps_and_loses_nothing() {
    let mut prompt = Terminal::new("narrow").columns(20).open();
    let screen = prompt.ask("select id, label from figures where id = 'F29';");
    assert!(screen.contains("F29"), "{screen}");
    let error = prompt.ask("select nowhere from figures;");
    assert!(error.contains("error: `figures` has"), "{error}");
}

/// Questions with answers for reading that fit the screen, whatever its width.
const PROSE: [&str; 6] = [
    ".unknowns troops",
    ".why F29 / F30",
    ".help q_sum",
    ".find missiles",
    ".facts nowhere",
    "select kid from pledges;",
];

/// The words of an answer in any order, for what stands beside a text may also stand behind it.
fn words(answer: &str) -> Vec<String> {
    let lines = answer.lines().filter(|line| !line.contains(" | "));
    let words = lines.flat_map(str::split_whitespace).map(|word| word.trim_matches(['(', ')', ':']).to_owned());
    let mut words: Vec<String> = words.collect();
    words.sort();
    words
}

#[test]
fn no_window_is_too_narrow_for_whole_words() {
    let wide = |question| words(&Terminal::new("words_wide").columns(200).open().ask(question));
    for question in PROSE {
        let expected = wide(question);
        for columns in [80, 60, 40] {
            let mut prompt = Terminal::new("words").columns(columns).open();
            let answer = prompt.ask(question);
            assert_eq!(words(&answer), expected, "{question} at {columns}:\n{answer}");
            assert!(widest(&answer) <= columns.into(), "{question} at {columns}:\n{answer}");
        }
    }
}

#[test]
fn what_is_copied_from_a_window_is_what_was_written() {
    let text = "twenty words that are longer than any window of forty columns is wide";
    let mut prompt = Terminal::new("verbatim").columns(40).arguments(&["--errors", "json"]).open();
    prompt.ask("select nowhere from figures;");
    let sent = prompt.sent();
    let error = sent.lines().find(|line| line.contains("{\"error\"")).unwrap_or_default();
    assert!(error.trim_end().ends_with("}}"), "{sent}");
    prompt.ask(&format!("print(\"{text}\")"));
    assert!(prompt.sent().lines().any(|line| line.trim_end() == text), "{}", prompt.sent());
    prompt.ask(".dump unit");
    let statements = prompt.sent();
    assert!(
        statements.lines().any(|line| line.starts_with("INSERT INTO") && line.trim_end().ends_with(");")),
        "{statements}"
    );
}

#[test]
fn a_wide_window_holds_a_wide_row_in_one_line() {
    let mut prompt = Terminal::new("wide").columns(300).open();
    let screen = prompt.answer(WIDE);
    let heading = screen.lines().next().unwrap_or_default();
    assert!(heading.contains(" id ") && heading.trim_end().ends_with("facts"), "{screen}");
    assert!(widest(&screen) > 100, "{screen}");
}

#[test]
fn a_window_resized_while_the_prompt_waits_is_as_wide_as_it_looks() {
    let mut prompt = Terminal::new("resized").columns(200).open();
    let wide = prompt.answer(WIDE);
    prompt.resize(60);
    let narrow = prompt.answer(WIDE);
    assert!(widest(&wide) > 100 && widest(&narrow) <= 60, "{wide}\n{narrow}");
    prompt.resize(200);
    assert_eq!(prompt.answer(WIDE), wide);
}

#[test]
fn a_window_resized_while_an_entry_is_typed_keeps_it() {
    let mut prompt = Terminal::new("resized_typing").open();
    let before = prompt.prompts();
    prompt.type_keys("select 40 + 2 as");
    prompt.wait_for("select 40 + 2 as");
    prompt.resize(120);
    prompt.type_keys(&format!(" n;{ENTER}"));
    prompt.wait_for_prompts(before + 1);
    assert!(prompt.screen().contains("\n 42"), "{}", prompt.screen());
}

/// What an escape sequence does to the look of what follows it, for each that was sent.
fn looks(prompt: &Prompt) -> Vec<String> {
    let sent = prompt.sent();
    let sequences = sent.split("\x1b[").skip(1);
    let ends = |sequence: &str| sequence.find(|c: char| c.is_ascii_alphabetic()).map(|at| sequence[..=at].to_owned());
    sequences.filter_map(ends).filter(|sequence| sequence.ends_with('m')).collect()
}

/// Entries whose answers have colour where there is any.
fn colourful(prompt: &mut Prompt) {
    prompt.ask("F29 / F30");
    prompt.ask("select id, quantity from figures;");
    prompt.ask("select nowhere from facts;");
    prompt.ask(".why F29");
    prompt.ask(".find troops");
}

#[test]
fn no_color_is_honoured_by_everything() {
    let mut prompt = Terminal::new("no_color").variable("NO_COLOR", "1").open();
    colourful(&mut prompt);
    assert_eq!(looks(&prompt), [""; 0]);
}

/// Bold, dim, red, green, cyan and their ends: legible on dark and on light. White, black, yellow and any background
/// vanish on one of the two.
#[test]
fn colours_are_legible_on_dark_and_on_light() {
    let mut prompt = Terminal::new("colour").open();
    colourful(&mut prompt);
    let looks = looks(&prompt);
    assert!(!looks.is_empty());
    for look in looks {
        for part in look.trim_end_matches('m').split(';') {
            assert!(["", "0", "1", "2", "4", "22", "31", "32", "36", "39"].contains(&part), "{look}");
        }
    }
}

#[test]
fn a_dumb_terminal_is_sent_no_escape_sequence() {
    let mut prompt = Terminal::new("dumb").variable("TERM", "dumb").start();
    prompt.wait_for_line(PROMPT);
    for (entry, seen) in
        [("F29 / F30", "320,000 GBP/missile"), ("select nowhere from facts;", "error: "), (".mode csv", PROMPT)]
    {
        prompt.type_keys(&format!("{entry}{ENTER}"));
        prompt.wait_for(seen);
    }
    prompt.type_keys(&format!("select 40 +{ENTER}"));
    prompt.type_keys(&format!("2 as n;{ENTER}"));
    prompt.wait_for("\n42");
    prompt.wait_for_line(PROMPT);
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
    assert!(!prompt.sent().contains('\x1b'), "{:?}", prompt.sent());
}
