//! The clipboard of the terminal, as `.copy` writes it.

use crate::keys::terminal::Terminal;

#[test]
fn the_last_result_is_copied_in_a_format() {
    let mut prompt = Terminal::new("copy").open();
    let nothing = prompt.answer(".copy");
    assert!(nothing.starts_with("error: no result has been shown yet"), "{nothing}");
    prompt.ask("select 1 as a, 'x' as b;");
    assert_eq!(prompt.answer(".copy"), "copied as tsv: 8 bytes");
    // `a⇥b⏎1⇥x⏎`
    assert!(prompt.sent().contains("\u{1b}]52;c;YQliCjEJeAo=\u{7}"), "{:?}", prompt.sent());
    assert_eq!(prompt.answer(".copy csv"), "copied as csv: 8 bytes");
    assert!(prompt.sent().contains("\u{1b}]52;c;YSxiCjEseAo=\u{7}"));
    // The result that was copied is still the last.
    assert!(prompt.answer(".last").contains(" 1  x"));
    assert!(prompt.answer(".copy xlsx").starts_with("error: `.copy` can't write `xlsx`"));
}

#[test]
fn what_the_clipboard_can_not_hold_is_for_a_file() {
    let mut prompt = Terminal::new("copy_long").open();
    prompt.ask("select length(hex(zeroblob(40000))) as n, hex(zeroblob(40000)) as b;");
    let copies = prompt.sent().matches("\u{1b}]52").count();
    let refused = prompt.answer(".copy csv");
    assert!(refused.contains("error: the last result has 80011 bytes as csv"), "{refused}");
    assert!(refused.contains("`-o FILE`"), "{refused}");
    assert_eq!(prompt.sent().matches("\u{1b}]52").count(), copies);
}

#[test]
fn a_sandbox_copies_nothing() {
    let mut prompt = Terminal::new("copy_sandbox").arguments(&["--sandbox"]).open();
    prompt.ask("select 1 as a;");
    assert!(prompt.answer(".copy").contains("`.copy`"));
    assert!(!prompt.sent().contains("\u{1b}]52"));
}
