//! That the receipt of an answer is verified as the same wherever the book says the same, and names the fact where it does not: every
//! script of the library and every view, on the bundled book, on a copy of it in a file, and on that file after its rows were moved.

use super::bundled;
use super::printed::Printed;
use pledgebook::script::library::{self, Script};
use pledgebook::session::{Asked, Given, Receipt, Session, read_receipts};
use pledgebook::store::catalogue::VIEWS;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use pledgebook::terminal::Language;
use std::fs;
use std::path::{Path, PathBuf};

/// The receipt of a script with its defaults, read back from its text; `None` for one that needs a parameter.
fn receipt_of_script(session: &mut Session, script: &Script) -> Option<Receipt> {
    let recorder = session.recorder();
    if script.header.parameters.iter().any(|parameter| parameter.default.is_none()) {
        return None;
    }
    let modules = session.run_with_modules(script, &[], recorder.output()).expect(&script.header.name);
    let receipt = session.receipt(Asked::Script(script, &[], &modules), &recorder).expect(&script.header.name);
    Some(read_back(&receipt))
}

fn receipt_of_sql(session: &mut Session, sql: &str) -> Receipt {
    let recorder = session.recorder();
    session.eval(&Text::new("SQL", sql), Some(Language::Sql), recorder.output()).expect(sql);
    read_back(&session.receipt(Asked::Text(sql, Language::Sql), &recorder).expect(sql))
}

fn read_back(receipt: &Receipt) -> Receipt {
    let read = read_receipts("the receipt", &receipt.text()).expect("a receipt is read as it was written");
    assert_eq!(read, std::slice::from_ref(receipt));
    receipt.clone()
}

fn receipts(session: &mut Session) -> Vec<Receipt> {
    let limits = session.settings.limits;
    let scripts = library::names().map(|name| library::find(name, limits).expect(name));
    let mut all: Vec<Receipt> = scripts.filter_map(|script| receipt_of_script(session, &script)).collect();
    all.extend(VIEWS.iter().map(|view| receipt_of_sql(session, &format!("select * from {} limit 40", view.name))));
    all
}

/// What `verify` says of receipts, as CSV, and whether all are the same.
fn verified(session: &mut Session, receipts: &[Receipt]) -> (bool, String) {
    session.settings.format = Format::Csv;
    let answer = Printed::default();
    let output = session.output(answer.clone(), Printed::default(), false);
    let done = session.verify(receipts, &Given::default(), &output);
    assert!(done.as_ref().err().is_none_or(|error| error.exit_code() == 5), "{done:?}");
    drop(output);
    (done.is_ok(), String::from_utf8(answer.0.take()).expect("the program prints UTF-8"))
}

/// A book in a file of this name, made by `change` of a copy.
fn book(name: &str, change: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("receipts_{name}.db"));
    let _ = fs::remove_file(&path);
    let connection = bundled();
    connection.execute_batch(change).expect(change);
    connection.execute("vacuum into ?", [path.to_str().expect("UTF-8")]).expect("the book is written");
    path
}

#[test]
fn a_receipt_is_the_same_wherever_the_book_says_the_same() {
    let mut session = Session::open(None).expect("the bundled book opens");
    let receipts = receipts(&mut session);
    assert!(receipts.len() > 25, "{}", receipts.len());
    let again = verified(&mut session, &receipts);
    assert!(again.0, "{}", again.1);
    // The rows of a table in another order, on other pages.
    let moved = "pragma foreign_keys = off; pragma page_size = 1024; create table t as select * from mention order by rowid desc; \
                 delete from mention; insert into mention select * from t; drop table t";
    // Of rows without an order, which come as they lie, other ones may be the first.
    let is_ordered = |receipt: &&Receipt| !receipt.question().contains("mentions");
    let ordered: Vec<Receipt> = receipts.iter().filter(is_ordered).cloned().collect();
    for (name, change, receipts) in [("copy", "", &receipts), ("moved", moved, &ordered)] {
        let path = book(name, change);
        let in_file = verified(&mut Session::open(Some(&path)).expect("the book opens"), receipts);
        assert!(in_file.0, "{name}: {}", in_file.1);
        let digest = |session: &Session| session.book().content_digest().expect("it can be read").whole();
        let of_file = digest(&Session::open(Some(&path)).expect("the book opens"));
        assert_eq!(of_file, digest(&session), "{name}");
        fs::remove_file(&path).expect("the book can be removed");
    }
}

#[test]
fn the_day_on_which_a_source_was_read_changes_no_digest() {
    let path = book("day", "update source set retrieved = '2020-02-29'");
    let digest = |session: &Session| session.book().content_digest().expect("it can be read").whole();
    let mut read_then = Session::open(Some(&path)).expect("the book opens");
    let day = receipt_of_sql(&mut read_then, "select retrieved from sources").text();
    assert!(day.contains("2020-02-29"), "{day}");
    assert_eq!(digest(&read_then), digest(&Session::open(None).expect("the bundled book opens")));
    fs::remove_file(&path).expect("the book can be removed");
}

#[test]
fn a_receipt_names_the_fact_that_has_changed() {
    let mut session = Session::open(None).expect("the bundled book opens");
    let receipts = receipts(&mut session);
    let path = book("changed", "update figure set amount_minor = 4500 where fact = 'F30'");
    let mut changed = Session::open(Some(&path)).expect("the book opens");
    for receipt in &receipts {
        let (is_same, said) = verified(&mut changed, std::slice::from_ref(receipt));
        let rests_on_it = receipt.text().contains("{\"id\":\"F30\"");
        assert_eq!(said.contains("F30 states,5000 missile,4500 missile"), rests_on_it, "{said}");
        assert!(!(is_same && rests_on_it), "{said}");
    }
    fs::remove_file(&path).expect("the book can be removed");
}

#[test]
fn a_fact_that_a_column_names_is_behind_the_answer() {
    let mut session = Session::open(None).expect("the bundled book opens");
    let limits = session.settings.limits;
    let script = library::find("participants_by_certainty", limits).expect("it is of the library");
    let receipt = receipt_of_script(&mut session, &script).expect("it needs no parameter").text();
    for fact in ["F44", "F48", "F50", "F52"] {
        assert!(receipt.contains(&format!("{{\"id\":\"{fact}\"")), "{fact}: {receipt}");
    }
}
