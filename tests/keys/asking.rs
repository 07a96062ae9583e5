//! What an import leaves open is asked on a terminal, one question after the other; elsewhere the same is an error that names the
//! option.

use crate::keys::prompt::{CTRL_C, ENTER, Prompt};
use crate::keys::terminal::Terminal;
use crate::scratch;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory with an empty book and a file in it.
fn directory(name: &str, file: &str, text: &str) -> PathBuf {
    let directory = scratch::directory(&format!("keys_asking_{name}"));
    fs::write(directory.join(file), text).expect("the directory is writable");
    let made = scratch::command(scratch::program(), &directory).args(["init", "book.db", "--empty"]).output();
    assert!(made.expect("it runs").status.success());
    directory
}

fn import(directory: &Path, file: &str) -> Prompt {
    Terminal::again(directory.to_owned()).columns(120).arguments(&["book.db", "import", file]).start()
}

/// The options that are kept with the only import; none where there is none.
fn kept(directory: &Path) -> Option<String> {
    let book = Connection::open(directory.join("book.db")).expect("the book opens");
    book.query_row("select options from imported_table", [], |row| row.get(0)).ok()
}

#[test]
fn a_number_is_chosen_and_kept() {
    let directory = directory("number", "rates.csv", "country,people\nNorway,\"5,572\"\nIceland,387\n");
    let mut prompt = import(&directory, "rates.csv");
    prompt.wait_for("Enter ends:");
    let screen = prompt.screen();
    for words in
        ["can be read in two ways", "line 2: 5,572", "1  a decimal point: `5,572` is 5572", "2  a decimal comma"]
    {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    prompt.type_keys(&format!("7{ENTER}"));
    prompt.wait_for("`7` is none of them");
    prompt.type_keys(&format!("1{ENTER}"));
    assert_eq!(prompt.exit_code(), Some(0), "{}", prompt.screen());
    assert_eq!(kept(&directory).as_deref(), Some("decimal = \"point\"\n"));
}

#[test]
fn each_question_is_asked_by_itself() {
    let directory = directory("several", "aid.csv", "who,cost ($),n\na,5,\"1,846\"\nb,6,\"2,100\"\n");
    let mut prompt = import(&directory, "aid.csv");
    prompt.wait_for("the unit of `cost` is open");
    prompt.type_keys(&format!("CAD thousand{ENTER}"));
    prompt.wait_for("two ways");
    prompt.type_keys(&format!("1{ENTER}"));
    assert_eq!(prompt.exit_code(), Some(0), "{}", prompt.screen());
    let options = kept(&directory).expect("it is imported");
    assert!(options.contains("decimal = \"point\"") && options.contains("cost = \"CAD thousand\""), "{options}");
}

#[test]
fn nothing_is_taken_by_default() {
    let directory = directory("nothing", "rates.csv", "country,people\nNorway,\"5,572\"\nIceland,387\n");
    for (keys, code) in [(ENTER, 2), (CTRL_C, 130), ("\u{4}", 2)] {
        let mut prompt = import(&directory, "rates.csv");
        prompt.wait_for("Enter ends:");
        prompt.type_keys(keys);
        assert_eq!(prompt.exit_code(), Some(code), "{}", prompt.screen());
        assert_eq!(kept(&directory), None);
    }
}
