//! Answers into files, other books, and leaving with a code, as a person at the prompt has them.

use crate::keys::prompt::{CTRL_D, ENTER};
use crate::keys::terminal::Terminal;
use crate::scratch;
use calamine::Reader;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

fn read(directory: &Path, file: &str) -> String {
    fs::read_to_string(directory.join(file)).unwrap_or_else(|error| format!("none: {error}"))
}

#[test]
fn the_next_answer_goes_into_a_file() {
    let mut prompt = Terminal::new("once").open();
    assert_eq!(prompt.answer(".once 'a b.csv'"), "");
    // What is no answer passes, and an error leaves the file to the next one.
    assert_eq!(prompt.answer(".mode"), "table");
    assert_eq!(prompt.answer("let x = 2;"), "");
    assert!(prompt.answer("select nowhere from facts;").starts_with("error: `facts` has no column `nowhere`"));
    assert!(!prompt.directory.join("a b.csv").exists());
    assert_eq!(prompt.answer("select id from facts limit :x;"), "written: `a b.csv`");
    assert_eq!(read(&prompt.directory, "a b.csv"), "id\nF01\nF02\n");
    assert_eq!(prompt.answer("F30"), "5,000 missiles  [F30]  stage proposed");
    // A later answer may ask it too.
    prompt.ask("select 40 + 2 as n;");
    prompt.ask(".once b.json");
    assert_eq!(prompt.answer("select n from last;"), "written: `b.json`");
    assert_eq!(read(&prompt.directory, "b.json"), "[{\"n\":42}]\n");
}

#[test]
fn a_file_that_is_read_writes_files_as_if_it_was_typed() {
    let terminal = Terminal::new("once_read");
    let asked = ".once a.csv\nselect 1 as n;\n.output b.json\nselect 2 as n;\n.output\nselect 3 as n;\n.edit\n";
    fs::write(terminal.directory.join("asked.sql"), asked).expect("it is writable");
    let mut prompt = terminal.open();
    let answer = prompt.answer(".read asked.sql");
    assert!(answer.starts_with("written: `a.csv`") && answer.contains(" 3"), "{answer}");
    assert!(answer.ends_with("error: `.edit` works at the prompt alone\n  = help: type it there"), "{answer}");
    assert_eq!(read(&prompt.directory, "a.csv"), "n\n1\n");
    assert_eq!(read(&prompt.directory, "b.json"), "[{\"n\":2}]\n");
}

#[test]
fn a_file_is_written_over_by_leave_alone() {
    let terminal = Terminal::new("once_there").arguments(&["mine.db"]);
    drop(scratch::book(&terminal.directory.join("mine.db")));
    fs::write(terminal.directory.join("a.csv"), "kept").expect("it is writable");
    let mut prompt = terminal.open();
    let exists = "error: can't write `a.csv`: it exists\n  = help: `.once --force a.csv` writes over it";
    assert_eq!(prompt.answer(".once a.csv"), exists);
    assert!(prompt.answer(".once mine.db --force").starts_with("error: can't tell a format from the name `mine.db`"));
    assert_eq!(read(&prompt.directory, "a.csv"), "kept");
    prompt.ask(".once --force a.csv");
    let several = prompt.answer("select 1 as n; select 2 as n;");
    assert!(several.contains("error: can't write `a.csv`: the answer has several results"), "{several}");
    assert!(several.contains("nothing was written; `.once a.csv` still waits"), "{several}");
    assert_eq!(read(&prompt.directory, "a.csv"), "kept");
    assert_eq!(prompt.answer("select 2 as n;"), "written: `a.csv`");
    assert_eq!(read(&prompt.directory, "a.csv"), "n\n2\n");
}

#[test]
fn of_a_file_that_holds_one_answer_the_next_goes_to_the_screen() {
    let mut prompt = Terminal::new("output_of_one").open();
    prompt.ask(".output a.csv");
    let written = "written: `a.csv`, which holds one answer: the next one goes to the screen";
    assert_eq!(prompt.answer("select 1 as n;"), written);
    assert_eq!(read(&prompt.directory, "a.csv"), "n\n1\n");
    assert!(prompt.answer("select 2 as n;").ends_with('2'));
}

#[test]
fn an_open_book_is_not_written_over() {
    let terminal = Terminal::new("once_book").arguments(&["./book.csv", "--attach", "beside=other.csv"]);
    drop(scratch::book(&terminal.directory.join("book.csv")));
    drop(scratch::book(&terminal.directory.join("other.csv")));
    let mut prompt = terminal.open();
    for entry in [".once book.csv --force", ".once other.csv --force", ".once ./other.csv --force"] {
        let refused = prompt.answer(entry);
        assert!(refused.starts_with("error: the answer would be written over what is asked"), "{refused}");
    }
    // A link to it is the same file.
    std::os::unix::fs::symlink("other.csv", prompt.directory.join("linked.txt")).expect("it is made");
    let refused = prompt.answer(".output linked.txt --force");
    assert!(refused.starts_with("error: the answer would be written over what is asked"), "{refused}");
    assert!(prompt.answer("F30").starts_with("5,000 missiles"));
}

#[test]
fn a_dump_in_a_file_makes_the_book_again() {
    let mut prompt = Terminal::new("once_dump").open();
    prompt.ask(".once book.sql");
    assert_eq!(prompt.answer(".dump"), "written: `book.sql`");
    let made = Connection::open(prompt.directory.join("made.db")).expect("it can be made");
    made.execute_batch(&read(&prompt.directory, "book.sql")).expect("it is SQL");
    drop(made);
    assert!(prompt.answer(".open made.db").contains(&format!("made.db: {} facts", scratch::fact_count())));
    assert_eq!(prompt.answer("F29 / F30"), "320,000 GBP/missile  [F29 F30]  stage proposed");
    // Rows are written as SQL too, and beside them.
    prompt.ask(".once rows.sql");
    assert_eq!(prompt.answer("select code from units where code = 'GBP';"), "written: `rows.sql`");
    assert!(read(&prompt.directory, "rows.sql").contains("'GBP'"));
    prompt.ask(".output both.sql");
    prompt.ask("select code from units where code = 'GBP';");
    prompt.ask(".dump source");
    assert_eq!(prompt.answer(".output"), "written: `both.sql`");
    let both = read(&prompt.directory, "both.sql");
    assert!(both.starts_with("create table if not exists result (\"code\");\ninsert into result (\"code\") values ('GBP');\n\nPRAGMA foreign_keys=OFF;\n"), "{both}");
    assert!(both.contains("INSERT INTO \"source\"") && both.ends_with("\nCOMMIT;\n"), "{both}");
    // Another format has no place for it.
    prompt.ask(".once rows.json");
    assert!(prompt.answer(".dump").starts_with("error: a dump is SQL, and answers are written in another format"));
    assert_eq!(prompt.answer("1 + 1"), "written: `rows.json`");
}

#[test]
fn what_asks_nothing_leaves_the_file_to_the_next_answer() {
    let mut prompt = Terminal::new("once_passes").open();
    prompt.ask(".once answer.md");
    for entry in [".assume F30=4500", ".assume none", ".databases", ".parameter set :y 2", ".parameter", ".tables"] {
        let answer = prompt.answer(entry);
        assert!(!answer.contains("written"), "{entry}: {answer}");
    }
    // A variable of the name of another shell's command is a question.
    prompt.ask("let help = 5;");
    assert_eq!(prompt.answer("help"), "written: `answer.md`");
    assert_eq!(read(&prompt.directory, "answer.md"), "5\n");
    prompt.ask(".once why.md");
    assert_eq!(prompt.answer(".why F30"), "written: `why.md`");
}

#[test]
fn all_answers_go_into_a_file_until_it_is_ended() {
    let mut prompt = Terminal::new("output").open();
    prompt.ask(".output all.md");
    assert_eq!(prompt.answer("F29 / F30"), "");
    // An error is told, and what was answered stays.
    assert!(prompt.answer("select nowhere from facts;").starts_with("error: "));
    assert_eq!(prompt.answer("select 1 as n;"), "");
    assert!(!prompt.directory.join("all.md").exists());
    assert_eq!(prompt.answer(".output"), "written: `all.md`");
    let text = read(&prompt.directory, "all.md");
    assert!(text.contains("320,000 GBP/missile") && text.ends_with("| n |\n| ---: |\n| 1 |\n"), "{text}");
    // What a file that is there would end is open still.
    prompt.ask(".output left.json");
    prompt.ask("select 7 as n;");
    prompt.type_keys(CTRL_D);
    assert_eq!(prompt.exit_code(), Some(0));
    assert!(read(&prompt.directory, "left.json").contains("[{\"n\":7}]"));
}

/// A question whose answer breaks off when some of its rows are written.
const BREAKING: &str =
    "select value, case when value > 3000 then abs(-9223372036854775807 - 1) end from generate_series(1, 4000);";

#[test]
fn an_answer_that_breaks_off_takes_no_other_with_it() {
    let mut prompt = Terminal::new("output_broken").open();
    for (file, whole) in [
        ("a.json", "{\"results\":[{\"name\":null,\"rows\":[{\"n\":1}]},{\"name\":null,\"rows\":[{\"n\":2}]}]}\n"),
        (
            "a.sql",
            "create table if not exists result (\"n\");\ninsert into result (\"n\") values (1);\n\ncreate table if not exists result_2 (\"n\");\ninsert into result_2 (\"n\") values (2);\n",
        ),
        ("a.md", "| n |\n| ---: |\n| 1 |\n\n| n |\n| ---: |\n| 2 |\n"),
    ] {
        prompt.ask(&format!(".output {file}"));
        // Nothing was answered before it.
        let broken = prompt.answer(BREAKING);
        assert!(
            broken.contains(&format!("nothing was written; `.output {file}` still waits for an answer")),
            "{broken}"
        );
        prompt.ask("select 1 as n;");
        let broken = prompt.answer(BREAKING);
        let kept = format!("notice: `{file}` keeps the answers before the one that broke off");
        assert!(broken.contains(&kept), "{broken}");
        // What is before the error in one entry is of its answer.
        assert!(prompt.answer(&format!("select 9 as n; {BREAKING}")).contains("error: "));
        prompt.ask("select 2 as n;");
        assert_eq!(prompt.answer(".output"), format!("written: `{file}`"));
        assert_eq!(read(&prompt.directory, file), whole);
    }
    prompt.ask(".output a.xlsx");
    prompt.ask("select 1 as n;");
    prompt.ask(BREAKING);
    prompt.ask("select 2 as n;");
    assert_eq!(prompt.answer(".output"), "written: `a.xlsx`");
    let mut book = calamine::open_workbook_auto(prompt.directory.join("a.xlsx")).expect("it is a workbook");
    assert_eq!(book.sheet_names(), ["result", "result 2", "notes"]);
    let range = book.worksheet_range("result 2").expect("it is there");
    assert_eq!(range.get_value((1, 0)), Some(&calamine::Data::Float(2.0)));
}

#[test]
fn an_entry_that_fails_leaves_the_file_of_answers_open() {
    let mut prompt = Terminal::new("output_stays").open();
    prompt.ask(".output a.md");
    prompt.ask("select 1 as n;");
    for (entry, error) in [
        (".open nowhere.db", "error: can't open `nowhere.db`"),
        (".output nowhere/b.md", "error: can't write `nowhere/b.md`: there is no such directory"),
        (".output b.nothing", "error: can't tell a format from the name"),
    ] {
        let answer = prompt.answer(entry);
        assert!(answer.starts_with(error), "{answer}");
        assert!(!answer.contains("written"), "{answer}");
    }
    prompt.ask("select 2 as n;");
    // The same file again is there by then.
    let again = prompt.answer(".output a.md");
    assert!(again.contains("written: `a.md`") && again.contains("error: can't write `a.md`: it exists"), "{again}");
    assert_eq!(read(&prompt.directory, "a.md"), "| n |\n| ---: |\n| 1 |\n\n| n |\n| ---: |\n| 2 |\n");
    // A script that ends itself with a code has answered, and so has one with an expectation that failed.
    let script = "//! Ends itself.\nprint(\"said\");\nexit(4);\n";
    fs::write(prompt.directory.join("ends.rhai"), script).expect("it is writable");
    prompt.ask(".output b.md");
    prompt.type_keys(&format!(".run ./ends.rhai{ENTER}"));
    assert_eq!(prompt.exit_code(), Some(4));
    assert_eq!(read(&prompt.directory, "b.md"), "said\n");
}

#[test]
fn another_book_is_opened_and_the_prompt_left_with_a_code() {
    let terminal = Terminal::new("open");
    let book = scratch::book(&terminal.directory.join("mine.db"));
    book.execute_batch("create table note (text text); insert into note values ('mine')").expect("it has room");
    drop(book);
    let mut prompt = terminal.open();
    prompt.ask("let x = 5;");
    assert!(prompt.answer(".open nowhere.db").starts_with("error: can't open `nowhere.db`: there is no such file"));
    assert_eq!(prompt.answer("x"), "5");
    let opened = prompt.answer(".open mine.db");
    assert!(opened.contains(", mine.db: ") && opened.ends_with(", read-only"), "{opened}");
    assert_eq!(prompt.answer("select text from note;"), " text\n ────\n mine");
    assert!(prompt.answer("x").starts_with("error: nothing is called `x`"));
    // Ctrl-C stops an answer of it too.
    let before = prompt.prompts();
    prompt.type_keys(&format!("loop {{}}{ENTER}"));
    prompt.wait_for_line("… 2 s; Ctrl-C stops it");
    prompt.type_keys(crate::keys::prompt::CTRL_C);
    prompt.wait_for_prompts(before + 1);
    assert!(prompt.screen().contains("error: interrupted"), "{}", prompt.screen());
    prompt.type_keys(&format!(".exit 3{ENTER}"));
    assert_eq!(prompt.exit_code(), Some(3));
}
