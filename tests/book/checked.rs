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
const BOUNDS: [(&str, &str); 6] =
    [("", "exact"), (">=", "at_least"), (">", "more_than"), ("<=", "up_to"), ("<", "less_than"), ("≈", "about")];

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

/// What `check` answers of figures in a book that a change has been made to.
fn answer(name: &str, change: &str, format: Format, figures: &[String]) -> String {
    let book = bundled();
    book.execute_batch(change).expect(change);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("checked_{name}.db"));
    let _ = fs::remove_file(&path);
    let file = path.to_str().expect("the directory's name is UTF-8");
    book.execute("vacuum into ?", [file]).expect("the book is written");
    let mut session = Session::open(Some(&path)).expect("the book opens");
    session.settings.format = format;
    let answer = Printed::default();
    let output = session.output(answer.clone(), Printed::default(), false);
    let done = session.check(figures, &output);
    assert!(done.as_ref().err().is_none_or(|error| error.exit_code() == 5), "{done:?}");
    drop(output);
    fs::remove_file(&path).expect("the book can be removed");
    String::from_utf8(answer.0.take()).expect("the program prints UTF-8")
}

/// The figures that a book calls stated.
fn stated(name: &str, change: &str, figures: &[String]) -> Vec<String> {
    let answer = answer(name, change, Format::Jsonl, figures);
    assert_eq!(answer.lines().count(), figures.len(), "{answer}");
    let is_stated = |(line, _): &(&str, &String)| line.contains("\"verdict\":\"stated\"");
    answer.lines().zip(figures).filter(is_stated).map(|(_, figure)| figure.clone()).collect()
}

/// A statement of the money of a pledge: the fact, its source, the pledge, the billions.
fn statement(fact: &str, source: &str, pledge: &str, millions: u32) -> String {
    format!(
        "insert or ignore into source (id, description, sha256, authority) select '{source}', 'a text', sha256, 'press' from source;
         insert or ignore into pledge values ('{pledge}', 'united_kingdom', 'ukraine', 'starmer', 'grant');
         insert into fact (id, source, paragraph, sentence, subject, action, gloss, kind, status, certainty, attribution) values
         ('{fact}', '{source}', 1, 1, 'United Kingdom', 'provides', '{{}}', 'pledge', 'planned', 'proposed', 'author');
         insert into figure (fact, bound, amount_minor, unit, minor_per_unit, basis, as_written, sig_figs, label, stage) values
         ('{fact}', 'exact', {millions}00000000, 'GBP', 100, 'stated', '{millions}m', 2, 'finance', 'proposed');
         insert into pledge_stage values ('{pledge}', '{fact}');"
    )
}

/// Checks the first line that `check` answers of a figure.
#[track_caller]
fn says(name: &str, change: &str, figure: &str, expected: &str) {
    let answer = answer(name, change, Format::Table, &[figure.to_owned()]);
    assert_eq!(answer.lines().next(), Some(expected), "{answer}");
}

#[test]
fn every_source_of_a_figure_is_named_and_every_one_that_contradicts_it() {
    let (second, third) = (statement("S2F01", "S2", "PL1", 1600), statement("S3F01", "S3", "PL1", 1160));
    let both = "S1 states it, ¶4.2; S2 states it, ¶1.1";
    says("agreed", &second, "£1.6bn", &format!("1,600,000,000 GBP is STATED: {both}"));
    let expected = format!("1,600,000,000 GBP is in CONFLICT: {both}; S3 states 1,160,000,000 GBP");
    says("contradicted", &format!("{second}{third}"), "£1.6bn", &expected);
    let elsewhere = format!("{third}{}", statement("S2F01", "S2", "PL2", 1160));
    let expected = "1,160,000,000 GBP is STATED: S2 states it, ¶1.1; S3 states it, ¶1.1";
    says("elsewhere", &elsewhere, "£1.16bn", expected);
}

#[test]
fn a_corrected_figure_names_the_last_of_its_corrections() {
    let corrections = [statement("F91", "S1", "PL1", 1610), statement("F92", "S1", "PL1", 1620)].concat();
    let chain = "update fact set superseded_by = 'F92' where id = 'F91';
                 update fact set superseded_by = 'F91' where id = 'F29';";
    let expected = "1,600,000,000 GBP is SUPERSEDED by F92: S1 stated it, ¶4.2; F92 states 1,620,000,000 GBP";
    says("chain", &format!("{corrections}{chain}"), "£1.6bn", expected);
    let circle = "update fact set superseded_by = 'F91' where id = 'F29';
                  update fact set superseded_by = 'F29' where id = 'F91';";
    let expected = "1,600,000,000 GBP is SUPERSEDED by F91: S1 stated it, ¶4.2; F91 states 1,610,000,000 GBP";
    says("circle", &format!("{corrections}{circle}"), "£1.6bn", expected);
    let silent = "update fact set superseded_by = 'F01' where id = 'F30'";
    let expected = "5,000 missiles is SUPERSEDED by F01: S1 stated it, ¶4.2; F01 states no number";
    says("silent", silent, "5,000 missiles", expected);
    let same = statement("F91", "S1", "PL1", 1600);
    let same = format!("{same}update fact set superseded_by = 'F91' where id = 'F29'");
    says("same", &same, "£1.6bn", "1,600,000,000 GBP is STATED: S1 states it, ¶1.1");
}

#[test]
fn only_what_a_fact_states_is_called_stated() {
    for (bound, word) in BOUNDS {
        let figures: Vec<String> = STATED.iter().flat_map(|(_, digits, unit)| around(digits, unit)).collect();
        let change = format!("update figure set bound = '{word}' where basis = 'stated'");
        let found = stated(word, &change, &figures);
        // Whoever says about of a number that a source states exactly has not said another.
        let bounds = if bound.is_empty() { vec!["", "≈"] } else { vec![bound] };
        let expected = |figure: &&String| {
            let is_one = |(_, digits, unit): &(&str, &str, &str)| {
                bounds.iter().any(|bound| **figure == format!("{bound}{digits} {unit}"))
            };
            STATED.iter().any(is_one)
        };
        let expected: Vec<&String> = figures.iter().filter(expected).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{word}");
    }
}
