//! Keys that edit an entry, and what is kept of it.

use crate::keys::prompt::{ALT_ENTER, BACKSPACE, CTRL_C, CTRL_D, CTRL_R, ENTER, TAB, UP};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use crate::scratch;

#[test]
fn it_greets_and_asks() {
    let prompt = Terminal::new("greeting").open();
    let greeting = format!(
        "pledgebook {}, bundled book: {} facts from 1 source, read-only\n\
         A line is SQL, or script, or a command that starts with a dot.\n\
         Try  select * from pledges;    F29 / F30    .why    .scripts    .help\n\
         pledgebook>",
        env!("CARGO_PKG_VERSION"),
        scratch::fact_count(),
    );
    assert_eq!(prompt.screen(), greeting);
}

#[test]
fn it_names_the_book_of_a_file() {
    let terminal = Terminal::new("greeting_file").arguments(&["mine.db"]);
    drop(scratch::book(&terminal.directory.join("mine.db")));
    let prompt = terminal.open();
    let greeting = format!(", mine.db: {} facts from 1 source, read-only\n", scratch::fact_count());
    assert!(prompt.screen().contains(&greeting), "{}", prompt.screen());
}

#[test]
fn it_says_where_tables_of_ones_own_can_be_changed() {
    let terminal = Terminal::new("greeting_write").arguments(&["mine.db", "--write"]);
    drop(scratch::book(&terminal.directory.join("mine.db")));
    let mut prompt = terminal.open();
    let greeting = format!(", mine.db: {} facts from 1 source, your tables can be changed\n", scratch::fact_count());
    assert!(prompt.screen().contains(&greeting), "{}", prompt.screen());
    let made = prompt.ask("create table notes (note text); insert into notes values ('a');");
    assert!(made.ends_with("notice: table `notes` created\nnotice: 1 row inserted into `notes`"), "{made}");
    assert!(prompt.ask("select * from notes;").ends_with(" note\n ────\n a"), "{}", prompt.screen());
    assert!(prompt.ask(".tables notes").ends_with("of your own  notes"), "{}", prompt.screen());
}

#[test]
fn an_entry_over_three_lines_is_one_entry_of_the_history() {
    let mut prompt = Terminal::new("lines").open();
    let entry = format!("select (40 +{ENTER}  2) as n,{ENTER}  3 as m;");
    assert!(prompt.ask(&entry).ends_with("\n  n  m\n ──  ─\n 42  3"), "{}", prompt.screen());
    // The whole of it comes back, and its last line is edited.
    let edited = prompt.ask(&format!("{UP}{BACKSPACE}{BACKSPACE}k;"));
    assert_eq!(edited, "pledgebook> select (40 +\n  2) as n,\n  3 as k;\n  n  k\n ──  ─\n 42  3");
}

#[test]
fn a_new_line_says_what_is_missing() {
    let mut prompt = Terminal::new("missing").open();
    for (begun, missing) in [
        ("select (1,", "a closing `)`"),
        ("select 'it", "a closing `'`"),
        ("select 1 /* why", "a closing `*/`"),
        ("fn f(x) {", "a closing `}`"),
    ] {
        prompt.type_keys(&format!("{begun}{ENTER}"));
        prompt.wait_for(&format!("  … {missing} is missing"));
        prompt.type_keys(CTRL_C);
        prompt.wait_for_line(PROMPT);
    }
}

#[test]
fn alt_enter_begins_a_line_although_the_entry_is_whole() {
    let mut prompt = Terminal::new("alt_enter").open();
    let screen = prompt.ask(&format!("select 1 as n{ALT_ENTER}  where 1 = 1;"));
    assert_eq!(screen, "pledgebook> select 1 as n\n  where 1 = 1;\n n\n ─\n 1");
}

#[test]
fn ctrl_r_finds_an_earlier_entry() {
    let mut prompt = Terminal::new("search").open();
    prompt.ask("select 17 as found;");
    prompt.ask("select 2;");
    prompt.type_keys(&format!("{CTRL_R}found"));
    prompt.wait_for("select 17 as found;");
    assert!(prompt.ask("").contains("\n    17"), "{}", prompt.screen());
}

#[test]
fn what_is_pasted_is_one_entry() {
    let mut prompt = Terminal::new("paste").open();
    let function = "fn twice(x) {\n    let y = x;\n    x + y\n}";
    prompt.ask(&format!("\x1b[200~{function}\x1b[201~"));
    assert_eq!(prompt.answer("twice(21)"), "42");
    prompt.type_keys(&format!("{UP}{UP}"));
    prompt.wait_for("fn twice(x) {\n");
}

#[test]
fn ctrl_c_clears_the_line_and_ctrl_d_leaves() {
    let mut prompt = Terminal::new("leave").open();
    let before = prompt.prompts();
    prompt.type_keys("select nothing");
    prompt.wait_for("select nothing");
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(before + 1);
    assert_eq!(prompt.answer("1 + 1"), "2");
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
}

#[test]
fn tab_lists_what_a_word_may_become() {
    let mut prompt = Terminal::new("tab").open();
    prompt.type_keys(&format!("select * from pl{TAB}"));
    for name in ["plan_points", "pledge_items", "pledges"] {
        prompt.wait_for(name);
    }
}
