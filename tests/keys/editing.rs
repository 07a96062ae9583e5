//! Keys that edit an entry, and what is kept of it.

use crate::keys::prompt::{ALT_ENTER, BACKSPACE, CTRL_C, CTRL_D, CTRL_R, ENTER, LEFT, TAB, UP};
use crate::keys::seen::PROMPT;
use crate::keys::terminal::Terminal;
use crate::scratch;

#[test]
fn it_greets_and_asks() {
    let prompt = Terminal::new("greeting").open();
    let greeting = format!(
        "pledgebook {}, bundled book: {} facts from 1 source, read-only\n\
         SQL goes on at `...>` until its `;`. A script or a .command is run by Enter.\n\
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
fn sql_goes_on_until_its_semicolon() {
    let mut prompt = Terminal::new("semicolon").open();
    prompt.type_keys(&format!("select 1 as n{ENTER}"));
    prompt.wait_for("       ...>   … `;` or Alt-Enter runs it, Ctrl-C drops it");
    // Lines that could be entries of their own are not.
    let screen = prompt.ask(&format!("union select 2{ENTER}order by 1{ENTER}{ENTER}desc;"));
    let entry =
        "pledgebook> select 1 as n\n       ...> union select 2\n       ...> order by 1\n       ...>\n       ...> desc;";
    assert_eq!(screen, format!("{entry}\n n\n ─\n 2\n 1"));
    // The history has it whole, without the marks.
    let recalled = prompt.ask(UP);
    assert!(recalled.starts_with("pledgebook> select 1 as n\nunion select 2\norder by 1\n\ndesc;\n n"), "{recalled}");
    let history = std::fs::read_to_string(prompt.directory.join("history")).expect("it is kept");
    assert_eq!(history.matches("union select 2").count(), 1, "{history}");
    assert!(!history.contains('\u{2005}') && !history.contains("...>"), "{history}");
}

#[test]
fn sql_that_waits_can_be_left() {
    let mut prompt = Terminal::new("waiting_sql").open();
    for asked in ["exit", ".quit", "help;", "\\q"] {
        let before = prompt.prompts();
        prompt.type_keys(&format!("select 1{ENTER}{}{ENTER}", asked.trim_end_matches(';')));
        prompt.wait_for("  … still SQL: Ctrl-C drops it first");
        prompt.type_keys(CTRL_C);
        prompt.wait_for_prompts(before + 1);
        assert!(prompt.ask("1 + 1").ends_with("\n2"), "{}", prompt.screen());
    }
    prompt.type_keys(&format!("exit{ENTER}"));
    assert_eq!(prompt.exit_code(), Some(0));
}

#[test]
fn a_backslash_ends_sql_as_a_semicolon_does() {
    let mut prompt = Terminal::new("backslash").open();
    assert_eq!(prompt.ask("select 1 as n \\gx"), "pledgebook> select 1 as n \\gx\n n = 1");
    assert_eq!(prompt.ask("select 2 as n\\G"), "pledgebook> select 2 as n\\G\n n = 2");
    assert!(prompt.ask("select 3 as n \\g").ends_with("\n n\n ─\n 3"), "{}", prompt.screen());
}

#[test]
fn backspace_takes_the_mark_and_then_the_line() {
    let mut prompt = Terminal::new("mark_back").open();
    let screen = prompt.ask(&format!("select 40 + 1{ENTER}{BACKSPACE}{BACKSPACE}2 as n;"));
    assert_eq!(screen, "pledgebook> select 40 + 12 as n;\n  n\n ──\n 52");
    // Left stays behind the mark.
    let screen = prompt.ask(&format!("select 1 as a{ENTER}b;{LEFT}{LEFT}{LEFT}, 2 as "));
    assert_eq!(screen, "pledgebook> select 1 as a\n       ...> , 2 as b;\n a  b\n ─  ─\n 1  2");
}

#[test]
fn a_script_goes_on_at_the_mark_while_it_lacks_something() {
    let mut prompt = Terminal::new("mark_script").open();
    assert_eq!(prompt.ask(&format!("let t = [1,{ENTER}2];")), "pledgebook> let t = [1,\n       ...> 2];");
    assert_eq!(prompt.answer("t.len()"), "2");
    // A text over two lines has no mark in it.
    let screen = prompt.ask(&format!("select 'a{ENTER}b' = 'a' || char(10) || 'b' as same;"));
    assert!(screen.ends_with("\n same\n ────\n    1"), "{screen}");
}

#[test]
fn alt_enter_runs_sql_and_begins_a_line_of_a_script() {
    let mut prompt = Terminal::new("alt_enter").open();
    let before = prompt.prompts();
    prompt.type_keys(&format!("select 1 as n{ENTER}where 1 = 1{ALT_ENTER}"));
    prompt.wait_for_prompts(before + 1);
    let screen = prompt.screen();
    assert!(screen.ends_with("> select 1 as n\n       ...> where 1 = 1\n n\n ─\n 1\npledgebook>"), "{screen}");
    let screen = prompt.ask(&format!("let a = 20;{ALT_ENTER}a + 1"));
    assert_eq!(screen, "pledgebook> let a = 20;\n       ...> a + 1\n21");
}

#[test]
fn ctrl_r_finds_an_earlier_entry() {
    let mut prompt = Terminal::new("search").open();
    prompt.ask("select 17 as found;");
    prompt.ask("select 2;");
    prompt.type_keys(&format!("{CTRL_R}FOUND"));
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
