//! How long Tab takes: the first of an entry, which asks the book for its names, and those after it, on a book of 1,000
//! columns and on the bundled one. Run it with `cargo bench --bench completion`.

mod timing;

use pledgebook::cli::vocabulary;
use pledgebook::session::Session;
use pledgebook::terminal::{classify, complete};
use rusqlite::Connection;
use std::path::Path;
use std::{env, fs, io, process};

const TABLES: usize = 20;
const COLUMNS: usize = 50;

/// What is typed when Tab is pressed, at the end of it: before FROM is typed, with it, in a script, behind a command.
const TYPED: [(&str, &str); 5] = [
    ("all columns by name", "select "),
    ("columns by a letter", "select c"),
    ("the columns of a join", "select * from table_1 a join table_2 b on a.column_1_1 = b."),
    ("a row of a script", "query(\"select * from table_1\").map(|r| r."),
    ("whatever has help", ".help "),
];

/// A book file of so many columns.
fn make(path: &Path) {
    let connection = Connection::open(path).expect("the directory for temporary files can be written");
    for table in 1..=TABLES {
        let columns: Vec<String> = (1..=COLUMNS).map(|column| format!("column_{table}_{column} text")).collect();
        let sql = format!("create table table_{table} ({})", columns.join(", "));
        connection.execute_batch(&sql).expect("the statement is well formed");
    }
}

fn time(book: &str, session: &Session) -> io::Result<()> {
    for (name, typed) in TYPED {
        let language = classify(typed, &|_| false);
        timing::work(&format!("{book}, first Tab: {name}"), 50, || {
            let (start, offers) = complete(typed, typed.len(), language, &vocabulary(session));
            assert!(start <= typed.len() && !offers.is_empty() || typed.contains("table_"), "{typed}");
        })?;
        let names = vocabulary(session);
        timing::work(&format!("{book}, next Tab: {name}"), 200, || {
            drop(complete(typed, typed.len(), language, &names));
        })?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let path = env::temp_dir().join(format!("pledgebook-{}.db", process::id()));
    make(&path);
    let session = Session::open(Some(&path)).expect("the file is a database");
    timing::heading()?;
    time(&format!("{} columns", TABLES * COLUMNS), &session)?;
    drop(session);
    fs::remove_file(&path)?;
    let session = Session::open(None).expect("the bundled book opens");
    time("bundled book", &session)
}
