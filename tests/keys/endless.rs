//! What is made to do harm, at the prompt: it greets, completes and answers all the same, or says how it can be ended.

use crate::keys::prompt::{CTRL_C, ENTER, TAB};
use crate::keys::terminal::Terminal;
use crate::scratch;
use std::path::Path;

/// The bundled book in a file, with a view of the same columns that has rows without end.
fn book_of_endless(view: &str, path: &Path) {
    let book = scratch::book(path);
    let columns: String = book
        .query_row("select group_concat('null as \"' || name || '\"') from pragma_table_info(?1)", [view], |row| {
            row.get(0)
        })
        .expect("it is a view");
    let sql = format!(
        "create view {view} as with recursive n(n) as (select 1 union all select n + 1 from n) select {columns} from n"
    );
    book.execute_batch("pragma writable_schema = on").expect("it is our own");
    book.execute("update sqlite_schema set sql = ?1 where name = ?2", [sql.as_str(), view]).expect("it is our own");
}

#[test]
fn a_book_whose_facts_never_end_is_asked_for_its_names_for_a_moment() {
    let terminal = Terminal::new("endless_facts");
    let path = terminal.directory.join("it.db");
    book_of_endless("facts", &path);
    let mut prompt = terminal.arguments(&["it.db"]).open();
    assert!(prompt.screen().contains("it.db: facts that can't be counted, read-only"), "{}", prompt.screen());
    prompt.type_keys(&format!(".assume F{TAB}"));
    prompt.type_keys(&format!("\u{15}select 6 * 7 as n;{ENTER}"));
    prompt.wait_for(" 42\n");
    assert!(!prompt.screen().contains("error"), "{}", prompt.screen());
}

#[test]
fn of_a_step_that_hears_no_ctrl_c_the_line_says_how_the_program_is_ended() {
    let mut prompt = Terminal::new("deaf_step").open();
    let search = "select length(trim(replace(hex(zeroblob(2000000)), '0', 'b'), replace(hex(zeroblob(2000000)), '0', 'a') || 'b'));";
    prompt.type_keys(&format!("{search}{ENTER}"));
    prompt.wait_for("; Ctrl-C stops it");
    prompt.type_keys(CTRL_C);
    prompt.wait_for("; stopping; Ctrl-C again ends the program");
    prompt.type_keys(CTRL_C);
    assert_eq!(prompt.exit_code(), Some(130));
}

#[test]
fn a_paste_of_more_lines_than_the_editor_counts_is_an_error() {
    let mut prompt = Terminal::new("many_lines").open();
    prompt.type_keys(&format!("\u{1b}[200~select (1\n{})\u{1b}[201~", "\n".repeat(70_000)));
    prompt.wait_for("error: an entry of so many lines can't be edited");
    prompt.wait_for_prompts(2);
    assert_eq!(prompt.answer("select 6 * 7 as n;"), "  n\n ──\n 42");
}
