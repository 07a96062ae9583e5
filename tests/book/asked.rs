//! That every script of the library answers of a changed book: a fact that is gone makes its metric unknown, never 0
//! and never a crash; statements that differ are never averaged. The long run asks every changed book everything, the
//! usual one a fifth of it, which is another one each time.

use super::printed::Printed;
use super::{bundled, long, rows};
use pledgebook::script::library;
use pledgebook::session::Session;
use pledgebook::syntax::Text;
use pledgebook::table::Format;
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// Averages and sums of 1.6 with 1.16 billion or itself, of 5,000 with 4,000 or itself, and what would be worked out
/// from them.
const NO_ANSWERS: [&str; 10] =
    ["1380000000", "2760000000", "3200000000", "276000", "552000", "4500", "9000", "10000", "355555.56", "160000"];

/// The scripts that ask of pledges, whose only facts are these; asking them costs most of the time.
const OF_PLEDGES: [&str; 6] =
    ["compare_pledges", "in_currency", "items_per_million", "money_by_stage", "pledged_per_missile", "share_of_gdp"];
const PLEDGED: [&str; 3] = ["F29", "F30", "F31"];

/// The question that all of them have a part in.
const QUOTIENT: &str = ".run pledged_per_missile";

/// After so many changed books the usual run has asked every question.
const TURNS: usize = 5;

/// The first example of each script of the library, as the prompt's `.run` takes it.
pub(crate) fn questions() -> Vec<String> {
    let scripts = library::all().expect("the library's headers can be read");
    let of_script = |script: library::Script| {
        let name = script.header.name.clone();
        script.header.examples.into_iter().take(1).map(move |example| format!(".run {name} {}", example.arguments))
    };
    scripts.into_iter().flat_map(of_script).collect()
}

/// Asks every question whose turn it is of a book that the change of this name can reach, and hands each with its answer in
/// JSON lines, and the error that it ended in.
fn ask_all(name: &str, turn: usize, book: &Connection, mut judge: impl FnMut(&str, &str, Option<&str>)) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("asked_{name}.db"));
    let _ = fs::remove_file(&path);
    book.execute("vacuum into ?", [path.to_str().expect("the directory's name is UTF-8")])
        .expect("the book is written");
    let mut session = Session::open(Some(&path)).expect("the book opens");
    session.settings.format = Format::Jsonl;
    let is_pledged = PLEDGED.iter().any(|fact| name.starts_with(fact));
    let is_reached = |question: &String| is_pledged || !OF_PLEDGES.iter().any(|script| question.contains(script));
    let is_due = |place: usize, question: &str| {
        long::is_asked() || (place + turn).is_multiple_of(TURNS) || is_pledged && question.starts_with(QUOTIENT)
    };
    let due = (0..).zip(questions()).filter(|(place, question)| is_due(*place, question));
    for question in due.map(|(_, question)| question).filter(is_reached) {
        let (answer, aside) = (Printed::default(), Printed::default());
        let output = session.output(answer.clone(), aside.clone(), false);
        let error = session.eval(&Text::new("prompt", &question), None, &output).err();
        drop(output);
        let said = [answer, aside].map(|said| String::from_utf8(said.0.take()).expect("the program prints UTF-8"));
        judge(&question, &said.concat(), error.map(|error| error.to_string()).as_deref());
    }
    fs::remove_file(&path).expect("the book can be removed");
}

/// Fails where an answer says 0 of a quantity, or where a question ends in an error that `may_fail` does not excuse.
#[track_caller]
fn check(change: &str, turn: usize, book: &Connection, may_fail: impl Fn(&str) -> bool) {
    let name = change.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    ask_all(&name, turn, book, |question, answer, error| {
        assert!(!answer.contains("\"value\":\"0\""), "{change}, {question}: it says 0\n{answer}");
        if let Some(error) = error {
            assert!(may_fail(error), "{change}, {question}: {error}");
        }
    });
}

/// Deletes a fact, and whatever rests on it, and what rests on that.
fn delete(book: &Connection, fact: &str) {
    book.execute_batch("pragma foreign_keys = off").expect("they can be left unchecked");
    book.execute("delete from fact where id = ?", [fact]).expect("it is deleted");
    let dangling = "select \"table\", rowid from pragma_foreign_key_check";
    loop {
        let mut statement = book.prepare(dangling).expect("it can be asked");
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
        let rows: Vec<_> = rows.expect("it can be asked").collect::<Result<_, _>>().expect("rows");
        if rows.is_empty() {
            return;
        }
        for (table, row) in rows {
            book.execute(&format!("delete from {table} where rowid = ?"), [row]).expect("it is deleted");
        }
    }
}

/// What a question may end in when what it asks for by name is gone.
fn asks_for_what_is_gone(error: &str) -> bool {
    [
        "`--fact` wants the id",
        "there is no clause of the",
        "`--pledge` wants a pledge",
        "`--event` wants words",
        "`--other` wants words",
        "`--plan` wants the name",
    ]
    .iter()
    .any(|gone| error.contains(gone))
}

#[test]
fn a_deleted_fact_leaves_every_question_answered() {
    for (turn, fact) in rows(&bundled(), "select id from fact order by id").into_iter().enumerate() {
        let book = bundled();
        delete(&book, &fact);
        check(&format!("{fact} deleted"), turn, &book, asks_for_what_is_gone);
    }
}

#[test]
fn a_superseded_fact_leaves_every_question_answered() {
    for (turn, fact) in ["F08", "F16", "F18", "F24", "F29", "F30", "F31", "F33", "F44", "F48"].into_iter().enumerate() {
        let book = bundled();
        book.execute("update fact set superseded_by = 'F01' where id = ?", [fact]).expect("it is superseded");
        check(&format!("{fact} superseded"), turn, &book, asks_for_what_is_gone);
    }
}

#[test]
fn a_changed_figure_leaves_every_question_answered() {
    let unstated = "bound = null, amount_minor = null, basis = null, as_written = null, sig_figs = null, label = null";
    let no_unit = format!("{unstated}, unit = null, minor_per_unit = null");
    let changes = [
        "bound = 'at_least'".to_owned(),
        "bound = 'more_than'".to_owned(),
        "bound = 'up_to'".to_owned(),
        "bound = 'less_than'".to_owned(),
        "bound = 'about'".to_owned(),
        "bound = 'between', upper_minor = amount_minor * 2".to_owned(),
        "amount_minor = amount_minor * 2".to_owned(),
        "unit = 'EUR', minor_per_unit = 100".to_owned(),
        "unit = 'troop', minor_per_unit = 1".to_owned(),
        format!("{unstated}, reason = 'not_stated'"),
        format!("{no_unit}, reason = 'unnamed'"),
    ];
    for (fact, changes) in [("F16", &changes[9..]), ("F18", &changes[..2]), ("F29", &changes), ("F30", &changes)] {
        for (turn, change) in changes.iter().enumerate() {
            let book = bundled();
            book.execute_batch(&format!("update figure set {change} where fact = '{fact}'")).expect(change);
            // The rate of the example is one from pounds.
            check(&format!("{fact} with {change}"), turn, &book, |error| error.contains("does not fit"));
        }
    }
}

/// A copy of the book in which F29 or F30 is stated once more, by the same source or another, with this amount.
fn doubled(fact: &str, source: &str, amount_minor: i64) -> Connection {
    let book = bundled();
    let id = if source == "S1" { "F91" } else { "S2F01" };
    let part = match fact {
        "F29" => "insert into pledge_stage select pledge, '{id}' from pledge_stage where fact = 'F29'",
        _ => "insert into pledge_item select pledge, '{id}', item, null, null, null, cost_coverage from pledge_item",
    };
    let sql = format!(
        "insert into source (id, description, sha256, authority) select 'S2', 'a second text', sha256, 'press' from source;
         insert into fact (id, source, paragraph, sentence, subject, action, gloss, kind, status, certainty, attribution)
         select '{{id}}', '{source}', 1, 1, subject, action, gloss, kind, status, certainty, attribution
         from fact where id = '{fact}';
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage)
         select '{{id}}', bound, {amount_minor}, unit, minor_per_unit, basis, as_written, 3, label, stage
         from figure where fact = '{fact}';
         {part}"
    );
    book.execute_batch(&sql.replace("{id}", id)).expect("it is stated once more");
    book
}

#[test]
fn statements_that_differ_are_shown_side_by_side_and_never_averaged_or_added() {
    let mut turn = 0;
    for (fact, amount_minor, values) in [
        ("F29", 116_000_000_000, ["\"320000\"", "\"232000\""]),
        ("F29", 160_000_000_000, ["\"320000\"", "\"320000\""]),
        ("F30", 4_000, ["\"320000\"", "\"400000\""]),
        ("F30", 5_000, ["\"320000\"", "\"320000\""]),
    ] {
        for source in ["S1", "S2"] {
            turn += 1;
            let book = doubled(fact, source, amount_minor);
            let change = format!("{fact} as {amount_minor} by {source}");
            ask_all(&change.replace(' ', "_"), turn, &book, |question, answer, error| {
                assert_eq!(error, None, "{change}, {question}");
                for wrong in NO_ANSWERS {
                    assert!(!answer.contains(&format!("\"{wrong}\"")), "{change}, {question}: {wrong}\n{answer}");
                }
                let is_quotient = question.starts_with(QUOTIENT);
                let has_values = values.iter().all(|value| answer.contains(value));
                assert!(!is_quotient || has_values, "{change}, {question}:\n{answer}");
                let is_conflict = source == "S2" && values[0] != values[1];
                let is_told = answer.contains("\"conflict\":\"PL1@proposed");
                assert!(!is_quotient || is_told == is_conflict, "{change}, {question}:\n{answer}");
            });
        }
    }
}
