//! Spellings of figures with what is read, a line each: `£2.0bn  =>  2000000000 GBP (2 figures)`, or `refused: ` with what is
//! said to be done. In `code.txt` a point is the decimal point; everywhere else what could mean two numbers is refused.

use crate::corpus::case;
use pledgebook::quantity::{
    Approximation, Quantity, Strictness, UnitRegistry, WrittenFigure, WrittenNumber, parse_figure,
};
use pledgebook::store::{self, Book};
use std::path::Path;
use std::{env, fs};

#[test]
fn figures_are_read_as_they_are_written_or_refused() {
    let book = store::open(None).expect("the bundled book opens");
    let failures: String = case::files("figures").iter().map(|file| check_file(file, &book)).collect();
    assert!(failures.is_empty(), "{failures}where this is right, `UPDATE=1 cargo test corpus` writes it");
}

#[test]
fn there_are_enough_spellings() {
    assert!(case::count("figures") >= 330, "{} spellings", case::count("figures"));
}

/// The failures of one file, which is written where outcomes are to be.
fn check_file(file: &Path, book: &Book) -> String {
    let units = book.units().expect("it has units");
    let strictness = strictness(file);
    let (mut failures, mut lines) = (String::new(), Vec::new());
    let is_update = env::var_os("UPDATE").is_some();
    for (line, number) in case::text(file).lines().zip(1..) {
        let Some(case) = case::read(line) else {
            lines.push(line.to_owned());
            continue;
        };
        let outcome = outcome(case.question, units, strictness);
        if outcome != case.expected && !is_update {
            let (expected, place) = (case.expected, file.display());
            failures += &format!(
                "{place}:{number}\n    {}\n    expected  {expected}\n    came out  {outcome}\n",
                case.question
            );
        }
        lines.push(case::write(case.question, &outcome));
    }
    if is_update {
        fs::write(file, lines.join("\n") + "\n")
            .unwrap_or_else(|error| panic!("can't write {}: {error}", file.display()));
    }
    failures
}

fn strictness(file: &Path) -> Strictness {
    if file.ends_with("code.txt") { Strictness::Code } else { Strictness::Prose }
}

fn outcome(text: &str, units: &UnitRegistry, strictness: Strictness) -> String {
    match parse_figure(text, units, strictness) {
        Ok(figure) => described(&figure),
        Err(error) => format!("refused: {}; {}", error.message(), error.help().expect("every refusal says what to do")),
    }
}

fn described(figure: &WrittenFigure) -> String {
    let counts: Vec<String> = figure.numbers.iter().map(count).collect();
    let mut notes = vec![format!("{} figures", counts.join(" and "))];
    notes.extend(figure.approximation.map(|hedge| match hedge {
        Approximation::Near => "near".to_owned(),
        Approximation::JustBelow => "just below".to_owned(),
        Approximation::JustAbove => "just above".to_owned(),
    }));
    notes.extend(figure.per_unnamed_item.then(|| "each of something not named".to_owned()));
    notes.extend((!figure.skipped.is_empty()).then(|| format!("passed over: {}", figure.skipped.join(", "))));
    format!("{} ({})", figure.quantity, notes.join("; "))
}

fn count(number: &WrittenNumber) -> String {
    match (number.significant_figures, number.most_figures) {
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    }
}

/// What is printed, for programs and for people, is read as the same quantity; only three digits behind a point of which
/// people may think otherwise are refused there.
#[test]
fn what_is_printed_is_read_again() {
    let book = store::open(None).expect("the bundled book opens");
    let units = book.units().expect("it has units");
    let files = case::files("figures");
    let texts: Vec<(String, Strictness)> = files.iter().map(|file| (case::text(file), strictness(file))).collect();
    let mut again = 0;
    for (text, strictness) in &texts {
        for case in text.lines().filter_map(case::read) {
            let Ok(figure) = parse_figure(case.question, units, *strictness) else { continue };
            for printed in [figure.quantity.to_string(), pledgebook::quantity::human::quantity(&figure.quantity, None)]
            {
                let read = parse_figure(&printed, units, Strictness::Code).map(|figure| figure.quantity);
                assert_eq!(read.as_ref(), Ok(&figure.quantity), "{} prints as {printed}", case.question);
                match parse_figure(&printed, units, Strictness::Prose) {
                    Ok(read) => assert_eq!(read.quantity, figure.quantity, "{printed}"),
                    Err(error) => assert!(error.message().contains("two numbers"), "{printed}: {error}"),
                }
                again += 1;
            }
        }
    }
    assert!(again > 400, "only {again} were printed");
}

/// A refusal that shows numbers to write shows all that could be meant, each in a spelling that is read, as that number;
/// any other says what to do without a number.
#[test]
fn no_cure_changes_the_number() {
    let book = store::open(None).expect("the bundled book opens");
    let units = book.units().expect("it has units");
    let mut shown = 0;
    for file in case::files("figures") {
        let strictness = strictness(&file);
        for case in case::text(&file).lines().filter_map(case::read) {
            let Err(error) = parse_figure(case.question, units, strictness) else { continue };
            let help = error.help().unwrap_or_default();
            for suggested in
                help.split('`').skip(1).step_by(2).filter(|text| text.contains(|c: char| c.is_ascii_digit()))
            {
                let read = parse_figure(suggested, units, strictness);
                if read.is_err() && help.starts_with(&format!("for `{suggested}` ")) {
                    continue;
                }
                let read = read.unwrap_or_else(|error| panic!("{}: `{suggested}` is refused: {error}", case.question));
                assert!(is_meant(&read.quantity, case.question), "{}: {help}", case.question);
                shown += 1;
            }
        }
    }
    assert!(shown > 40, "only {shown} numbers are shown");
}

/// Whether each number of a quantity has the digits that were written, whatever separates them, but for zeros.
fn is_meant(quantity: &Quantity, written: &str) -> bool {
    let bare = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').to_owned();
    let numbers = [quantity.lo(), quantity.hi()].into_iter().flatten().filter_map(|end| end.number());
    let all = bare(written);
    numbers.map(|number| bare(&number.normalize().to_string())).all(|digits| all.contains(&digits))
}
