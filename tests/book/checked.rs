//! That `check` calls a figure stated only where a fact states it: figures all around the stated ones, in the bundled book and
//! in books that bound them.

use super::bundled;
use super::printed::Printed;
use pledgebook::session::Session;
use pledgebook::table::Format;
use std::fs;
use std::path::Path;

/// The stated figures as they are written, with the units that they are counted in.
const STATED: [(&str, &str, &str); 4] =
    [("F16", "1", "day"), ("F18", "4", "point"), ("F29", "1600000000", "GBP"), ("F30", "5000", "missile")];

/// How a bound is written, and the book's word for it.
const BOUNDS: [(&str, &str); 5] =
    [("", "exact"), (">=", "at_least"), (">", "more_than"), ("<=", "up_to"), ("<", "less_than")];

/// A digit more or less, another digit, another bound, another unit.
fn around(digits: &str, unit: &str) -> Vec<String> {
    let changed = (0..digits.len()).flat_map(|at| {
        ('0'..='9')
            .map(move |digit| (at, digit))
            .map(|(at, digit)| format!("{}{digit}{}", &digits[..at], &digits[at + 1..]))
    });
    let lengths = [format!("{digits}0"), digits[..digits.len() - 1].to_owned(), format!("{digits}.5")];
    let numbers = changed.chain(lengths).filter(|number| !number.is_empty() && !number.starts_with('0'));
    let numbers = numbers.map(|number| format!("{number} {unit}"));
    let bounds = BOUNDS.iter().map(|(bound, _)| format!("{bound}{digits} {unit}"));
    let units = ["USD", "troop", "year", "percent"].map(|other| format!("{digits} {other}"));
    numbers.chain(bounds).chain(units).collect()
}

/// The figures that a book calls stated.
fn stated(name: &str, change: &str, figures: &[String]) -> Vec<String> {
    let book = bundled();
    book.execute_batch(change).expect(change);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("checked_{name}.db"));
    let _ = fs::remove_file(&path);
    let file = path.to_str().expect("the directory's name is UTF-8");
    book.execute("vacuum into ?", [file]).expect("the book is written");
    let mut session = Session::open(Some(&path)).expect("the book opens");
    session.settings.format = Format::Jsonl;
    let answer = Printed::default();
    let output = session.output(answer.clone(), Printed::default(), false).expect("the book has units");
    let done = session.check(figures, &output);
    assert!(done.is_err(), "some of them are not in the book");
    drop(output);
    fs::remove_file(&path).expect("the book can be removed");
    let answer = String::from_utf8(answer.0.take()).expect("the program prints UTF-8");
    assert_eq!(answer.lines().count(), figures.len(), "{answer}");
    let is_stated = |(line, _): &(&str, &String)| line.contains("\"verdict\":\"stated\"");
    answer.lines().zip(figures).filter(is_stated).map(|(_, figure)| figure.clone()).collect()
}

#[test]
fn only_what_a_fact_states_is_called_stated() {
    for (bound, word) in BOUNDS {
        let figures: Vec<String> = STATED.iter().flat_map(|(_, digits, unit)| around(digits, unit)).collect();
        let change = format!("update figure set bound = '{word}' where basis = 'stated'");
        let found = stated(word, &change, &figures);
        let expected =
            |figure: &&String| STATED.iter().any(|(_, digits, unit)| **figure == format!("{bound}{digits} {unit}"));
        let expected: Vec<&String> = figures.iter().filter(expected).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{word}");
    }
}
