//! What a page says is what the book has: its notes are rows of the book, and its numbers those of the answer.

use super::{FOUR, all, read, run, scratch, texts, words, written};
use rusqlite::Connection;
use std::path::Path;

/// The cells of a row of the book.
fn row(book: &Connection, sql: &str, id: &str) -> Vec<String> {
    let mut statement = book.prepare(sql).expect("the statement is one");
    let columns = statement.column_count();
    let cells = statement.query_row([id], |row| (0..columns).map(|at| row.get(at)).collect::<Result<Vec<String>, _>>());
    cells.unwrap_or_else(|error| panic!("{id}: {error}"))
}

#[test]
fn every_note_is_a_row_of_the_book() {
    let directory = scratch::directory("page_notes");
    let book = scratch::book(&directory.join("own.db"));
    for report in [&FOUR[..], &["report", "--all"]] {
        let page = read(&written(&directory, "notes.html", &[&["--db", "own.db"], report].concat()));
        let mut seen = 0;
        for note in all(&page, ".notes > li[id]") {
            let id = note.value().attr("id").expect("it has one");
            let said = words(note);
            let cells = match id.chars().next() {
                Some('F') => row(&book, "select gloss from facts where id = ?1", id),
                Some('U') => row(&book, "select question from unknowns where id = ?1", id),
                Some('X') => row(&book, "select statement, handling from tensions where id = ?1", id),
                Some('S') => row(&book, "select sha256 from sources where id = ?1", id),
                _ => panic!("{id} is the id of nothing"),
            };
            assert!(cells.iter().all(|cell| said.contains(cell.as_str())), "{said} has not {cells:?}");
            seen += 1;
        }
        assert!(seen > 10, "only {seen} notes");
    }
}

/// The digits of a text, number by number, without their groups and without zeros behind the point.
fn numbers(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let plain = text.split(|c| !is_part(c)).map(|number| number.trim_matches(['.', ',']).replace(',', ""));
    let short = |number: String| {
        let is_broken = number.contains('.');
        if is_broken { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
    };
    plain.filter(|number| !number.is_empty()).map(short).collect()
}

#[test]
fn every_number_of_a_table_is_one_of_the_answer() {
    let directory = scratch::directory("page_numbers");
    for question in [
        &["run", "pledged_per_missile"][..],
        &["run", "pledged_per_missile", "--assume", "F30=4500"],
        &["run", "participants_by_certainty"],
        &["run", "order_of_events"],
        &["run", "money_by_stage"],
        &["run", "in_currency", "--rate", "1.25 USD/GBP"],
        &["-c", "select id, quantity from figures"],
    ] {
        let answered = numbers(&run(&directory, &[question, &["--json"]].concat()).out);
        let page = read(&written(&directory, "numbers.html", question));
        let shown = texts(&page, "td.n, .big").into_iter().flat_map(|text| numbers(&text)).collect::<Vec<_>>();
        // Ids stand in cells of unknowns.
        let ids = texts(&page, "td a").into_iter().flat_map(|text| numbers(&text)).collect::<Vec<_>>();
        for number in shown.iter().filter(|number| !ids.contains(number)) {
            assert!(answered.contains(number), "{question:?}: {number} is not among {answered:?}");
        }
    }
}

#[test]
fn facts_that_texts_name_are_facts_of_the_page() {
    let directory = scratch::directory("page_named");
    let page = read(&written(&directory, "named.html", &["run", "participants_by_certainty"]));
    let told = texts(&page, "aside .notes .id");
    for id in ["F38", "F39", "F44", "F48", "F49", "F50", "F51", "F52"] {
        assert!(told.contains(&id.to_owned()), "{id} is not told: {told:?}");
    }
}

#[test]
fn what_was_told_before_is_told_once() {
    let directory = scratch::directory("page_once");
    let page = read(&written(&directory, "once.html", &FOUR));
    assert_eq!(all(&page, "#F29").len(), 1);
    let before = texts(&page, "#q2 aside p.s")[0].clone();
    assert!(before.starts_with("As in question 1: F29 F30 U17"), "{before}");
    assert!(texts(&page, "#q4 aside p.s").iter().any(|line| line.starts_with("As in question 3: F44")));
}

#[test]
fn many_facts_are_told_in_part_and_named_all() {
    let directory = scratch::directory("page_many");
    let page = read(&written(&directory, "many.html", &["-c", "select id, gloss from facts"]));
    assert_eq!(all(&page, "aside > .notes").first().map(|list| list.child_elements().count()), Some(5));
    assert_eq!(texts(&page, "aside details summary"), ["50 more: F06–F55"]);
}

/// A book with a second source that states another amount of one pledge.
fn disputed(path: &Path) {
    let book = scratch::book(path);
    book.execute_batch(
        "insert into source (id, description, sha256, authority) select 'S2', 'a second news text', sha256, 'press' from source;
         insert into fact (id, source, paragraph, sentence, subject, action, object, gloss, kind, status, certainty, attribution)
         values ('S2F01', 'S2', 1, 1, 'United Kingdom', 'would provide', 'export finance to Ukraine', 'UK would provide {}',
                 'pledge', 'planned', 'proposed', 'author');
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage)
         values ('S2F01', 'exact', 116000000000, 'GBP', 100, 'stated', '£1.16 billion', 3, 'export finance', 'proposed');
         insert into pledge_stage (pledge, fact) values ('PL1', 'S2F01');",
    )
    .expect("the rows fit");
}

#[test]
fn a_conflict_is_stamped_and_no_mean_is_told() {
    let directory = scratch::directory("page_conflict");
    disputed(&directory.join("two.db"));
    let sql = "select q_sum(amount) as total from pledges";
    let page = read(&written(&directory, "two.html", &["--db", "two.db", "-c", sql]));
    assert_eq!(texts(&page, "#q1 .stamp"), ["CONFLICT", "CONFLICT"]);
    assert!(all(&page, ".big").is_empty());
    assert!(texts(&page, "p.answer")[0].contains("none is chosen or averaged"));
    assert!(texts(&page, "aside h3").contains(&"Where sources disagree".to_owned()));
    assert!(!page.html().contains("1,380,000,000"));
    // A row and a bar a source.
    assert!(texts(&page, "#q1 caption").iter().any(|caption| caption.starts_with("What each source states")));
    assert_eq!(all(&page, "#q1 rect.bar").len(), 2);
    let page = read(&written(&directory, "two.html", &["--db", "two.db", "run", "pledged_per_missile"]));
    assert_eq!(texts(&page, "#q1 td.n"), ["320,000", "310,000 to <330,000", "232,000", "231,000 to <233,000"]);
    assert_eq!(all(&page, "#q1 rect.bar").len(), 2);
}

#[test]
fn an_unknown_is_words_and_neither_0_nor_a_bar() {
    let directory = scratch::directory("page_unknown");
    let page =
        read(&written(&directory, "unknown.html", &["-c", "select number from participants where fact = 'F38'"]));
    assert!(all(&page, ".big").is_empty());
    assert!(texts(&page, "p.answer")[0].starts_with("Unknown: not stated"), "{:?}", texts(&page, "p.answer"));
    assert!(all(&page, "rect.bar").is_empty());
    assert!(all(&page, "#U11").len() == 1);
}

#[test]
fn an_assumption_that_is_not_used_is_said_to_be_none_of_the_answer() {
    let directory = scratch::directory("page_unused");
    let page = read(&written(&directory, "unused.html", &["--assume", "F30=4500", "run", "order_of_events"]));
    assert!(all(&page, ".stamp").iter().all(|stamp| words(*stamp) == "WHAT-IF" && stamp.ancestors().any(|_| true)));
    assert!(all(&page, "h2 .stamp").is_empty());
    let said = texts(&page, "aside p.s");
    assert!(said.iter().any(|line| line.contains("F30 = 4,500 missiles is assumed, but not used here")), "{said:?}");
}
