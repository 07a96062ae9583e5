//! Names that Tab offers, where they hold characters that act on a terminal: of files, of a foreign database, of a spoilt book,
//! of what was made at the prompt. What is planted, and how it is looked for, is in `wild`.

use crate::keys::prompt::{CTRL_C, Prompt, TAB};
use crate::keys::terminal::Terminal;
use crate::keys::wild::{check, check_unseen, name, pasted, planted};
use crate::scratch;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// Presses Tab twice behind something typed, and gives it up.
#[track_caller]
fn offer(prompt: &mut Prompt, typed: &str) {
    let before = prompt.prompts();
    prompt.type_keys(&format!("{typed}{TAB}{TAB}"));
    prompt.type_keys(CTRL_C);
    prompt.wait_for_prompts(before + 1);
}

/// Presses Tab behind each of what is `typed`, asks each of what is `asked`, and looks each time at all that was sent.
#[track_caller]
fn offer_and_ask(prompt: &mut Prompt, typed: &[&str], asked: &[&str], check: fn(&str, &Prompt)) {
    for typed in typed {
        offer(prompt, typed);
        check(typed, prompt);
    }
    for entry in asked {
        prompt.ask(entry);
        check(entry, prompt);
    }
}

#[test]
fn names_of_files_that_are_offered() {
    let terminal = Terminal::new("wild_files");
    for file in
        [format!("a{}.sql", name()), format!("a{}.rhai", name()), format!("d{}/x.sql", name()), "seen.sql".into()]
    {
        let path = terminal.directory.join(file);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
        fs::write(path, "select 1").expect("it is writable");
    }
    let mut prompt = terminal.open();
    let typed = [".read ", ".read a", ".read ./a", ".read 'a", ".read d", ".run ./", ".run ./a", ".run \"", ".save a"];
    offer_and_ask(&mut prompt, &typed, &[], check_unseen);
    assert!(prompt.sent().contains("seen.sql"));
}

#[test]
fn names_of_a_plain_database_that_are_offered() {
    let terminal = Terminal::new("wild_names").arguments(&["plain.db"]);
    let database = Connection::open(terminal.directory.join("plain.db")).expect("it can be made");
    let names = planted();
    let sql = format!(
        "create table \"t{names}\"(\"c{names}\" text, other text); create view \"v{names}\" as select 1 as \"x{names}\"; \
         create table seen(a text, \"b{names}\"); insert into seen values ('{names}', '{names}')"
    );
    database.execute_batch(&sql).expect("it can be made");
    drop(database);
    let mut prompt = terminal.open();
    prompt.ask("select * from seen;");
    prompt.ask("let held = query(\"select * from seen\");");
    let typed = [
        "select ",
        "select c",
        "select * from ",
        "select * from t",
        "select \"t",
        "select seen.",
        ".schema ",
        ".schema t",
        "select b from last where ",
        ".why 1 ",
        "held.map(|row| row.",
        "held.column(\"",
        "select z from held where ",
    ];
    let asked = [".tables", ".schema", ".schema seen", ".why 1", ".last"];
    offer_and_ask(&mut prompt, &typed, &asked, check);
}

/// A book that holds such characters wherever it holds text, its ids among them, and so long that it is not looked through
/// when it is opened.
fn spoilt(path: &Path) {
    let book = scratch::book(path);
    book.execute_batch("pragma foreign_keys = off; pragma ignore_check_constraints = on").expect("nothing is checked");
    let columns: Vec<(String, String)> = {
        let sql = "select t.name, c.name from sqlite_schema t, pragma_table_xinfo(t.name) c \
                   where t.type = 'table' and c.type = 'TEXT' and c.hidden = 0";
        let mut statement = book.prepare(sql).expect("the schema can be read");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("it can be read");
        rows.map(|row| row.expect("two names")).collect()
    };
    for (table, column) in columns {
        let sql = format!("update or ignore \"{table}\" set \"{column}\" = \"{column}\" || ?1");
        book.execute(&sql, [planted()]).expect("nothing is checked");
    }
    book.execute_batch("create table long as select zeroblob(5000000) as a").expect("it has room");
}

#[test]
fn ids_and_texts_of_a_spoilt_book() {
    let terminal = Terminal::new("wild_book").arguments(&["it.db"]);
    spoilt(&terminal.directory.join("it.db"));
    let mut prompt = terminal.open();
    let typed = [
        "F",
        "F29",
        "F29 / F3",
        "select :F",
        ".assume F29",
        ".assume A",
        ".assume p",
        ".assume prefer=S1",
        ".why F29",
        ".why U11",
        ".help F29",
        "figure(\"F29",
        "PL",
        ".run pledged_per_missile --pledge ",
        "select * from facts where id = ",
    ];
    let asked =
        [".unknowns", ".facts", ".find UK", ".why F29", ".assumptions", ".check 5000", "select * from pledges;"];
    offer_and_ask(&mut prompt, &typed, &asked, check_unseen);
    check("the book", &prompt);
}

#[test]
fn names_of_variables_and_functions() {
    let mut prompt = Terminal::new("wild_variables").open();
    let names = pasted();
    for entry in [
        format!("let z{names} = 1;"),
        format!("fn f{names}(z{names}) {{ 1 }}"),
        format!("let m = #{{\"z{names}\": 1}};"),
        format!("let t = `z{names}`; t"),
    ] {
        prompt.ask(&format!("\x1b[200~{entry}\x1b[201~"));
        check(&entry, &prompt);
    }
    for typed in ["zp", "m.zp", "fzp", "select :zp", "fzplanted("] {
        offer(&mut prompt, typed);
        check(typed, &prompt);
    }
}
