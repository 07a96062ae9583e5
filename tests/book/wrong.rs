//! That every parameter of every script of the library refuses what the book does not have: an error, with nothing before
//! it. An empty table would pass for an answer.

use super::printed::Printed;
use pledgebook::script::library::{self, ParameterType};
use pledgebook::session::Session;
use pledgebook::store::NameKind;

/// What a script is run with so that one further word is all that is wrong.
const NEEDED: [(&str, &[&str]); 3] = [
    ("in_currency", &["--rate", "1.25 USD/GBP"]),
    ("evidence", &["--fact", "F30"]),
    ("share_of_gdp", &["--series", "an example"]),
];

/// Words that are no value of a type.
fn wrong(kind: &ParameterType) -> &'static [&'static str] {
    match kind {
        ParameterType::Int => &["many", "1.5", "9223372036854775808"],
        ParameterType::IntWithin(..) => &["many", "1.5", "9223372036854775808", "-1", "99"],
        ParameterType::Decimal => &["many", "1 GBP"],
        ParameterType::Date => &["today", "2025-02-30"],
        ParameterType::Bool => &["perhaps"],
        ParameterType::Quantity => &["5 zebra", "many", ""],
        ParameterType::Fact => &["F99", "U11", "PL1", "nope"],
        ParameterType::Choice(_) => &["nope", ""],
        ParameterType::Named(NameKind::Pledge) => &["PL9", "F29", "nope"],
        ParameterType::AnyName => &[" "],
        ParameterType::Named(_) => &["nope", "F29", "zebra crossing"],
        // Any text is one.
        ParameterType::Text => &[],
    }
}

/// Values of the right form that a script has no use for.
const USELESS: [(&str, &[&str]); 11] = [
    ("in_currency", &["--rate", "1.25"]),
    ("in_currency", &["--rate", "1.25 USD/EUR"]),
    ("in_currency", &["--rate", "5 missile"]),
    ("compare_pledges", &["--rate", "0.84"]),
    ("compare_pledges", &["--rate", "0.84 GBP"]),
    ("compare_pledges", &["--stage", "delivered"]),
    ("share_of_gdp", &["--gdp", "5 missile", "--series", "an example"]),
    ("share_of_gdp", &["--gdp", "5", "--series", "an example"]),
    ("plan_points", &["--plan", "peace plan"]),
    ("order_of_events", &["--event", "speech", "--other", "speech"]),
    ("pledged_per_missile", &["--places", "-1"]),
];

/// What a run answers, and the exit code of its error.
fn run(name: &str, words: &[&str]) -> (String, Option<u8>) {
    let mut session = Session::open(None).expect("the bundled book opens");
    let answer = Printed::default();
    let output = session.output(answer.clone(), Printed::default(), false);
    let script = library::find(name, session.settings.limits).expect("it is in the library");
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let done = session.run_script(&script, &words, &output);
    drop(output);
    (String::from_utf8(answer.0.take()).expect("the program prints UTF-8"), done.err().map(|error| error.exit_code()))
}

#[test]
fn what_is_no_value_is_an_error() {
    let mut tried = 0;
    for script in library::all().expect("the headers can be read") {
        let name = script.header.name.as_str();
        let needed = NEEDED.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, words)| words);
        for parameter in &script.header.parameters {
            let flag = format!("--{}", parameter.flag());
            for value in wrong(&parameter.kind).iter().filter(|value| !value.is_empty() || parameter.default.is_none())
            {
                let others = needed.chunks(2).filter(|pair| pair[0] != flag).flatten().copied();
                let words: Vec<&str> = others.chain([flag.as_str(), value]).collect();
                let (answer, code) = run(name, &words);
                assert!(
                    code == Some(2) && answer.is_empty(),
                    "{name} {words:?} ends with {code:?} and answers\n{answer}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "only {tried} wrong values");
}

#[test]
fn what_is_of_no_use_is_an_error() {
    for (name, words) in USELESS {
        let (answer, code) = run(name, words);
        // That a plan has no clauses, or a stage no pledge, is the book's answer and not a wrong value.
        let is_answer = name == "plan_points" || words.contains(&"--stage");
        let expected = if is_answer { 1 } else { 2 };
        assert!(
            code == Some(expected) && answer.is_empty(),
            "{name} {words:?} ends with {code:?} and answers\n{answer}"
        );
    }
}

#[test]
fn words_that_the_book_does_not_have_are_answered_in_words() {
    for (name, words) in [
        ("open_questions", &["--word", "zebra"][..]),
        ("about_actor", &["--actor", "Poland"]),
        ("about_actor", &["--actor", "_%"]),
        ("ambiguities", &["--fact", "F45"]),
        ("order_of_events", &["--event", "war"]),
    ] {
        let (answer, code) = run(name, words);
        assert!(
            code.is_none() && !answer.contains("0 rows") && !answer.is_empty(),
            "{name} {words:?} answers\n{answer}"
        );
    }
}

#[test]
fn tables_of_actors_name_the_actor() {
    for words in ["president", "UK"] {
        let (answer, _) = run("about_actor", &["--actor", words]);
        for name in if words == "UK" { vec!["United Kingdom"] } else { vec!["Donald Trump", "Vladimir Putin"] } {
            assert!(answer.lines().any(|line| line.starts_with(&format!(" {name}"))), "{words}:\n{answer}");
        }
    }
}
