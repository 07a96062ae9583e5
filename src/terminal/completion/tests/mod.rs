//! What is offered where: the names of a small book, lines with `¦` for the cursor; and that no text and no cursor makes
//! trouble. The lines themselves are in `sql`, `script` and `command`.

mod command;
mod script;
mod sql;

use super::{FunctionName, IdName, ParameterName, ScriptNames, Vocabulary, complete, language_at, signature};
use crate::script::{Symbol, ValueShape};
use crate::terminal::classify;
use proptest::prelude::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn own(name: &str, shape: ValueShape) -> Symbol {
    Symbol { name: name.to_owned(), signature: None, shape }
}

fn id(id: &str, says: &str, holds: ValueShape) -> IdName {
    IdName { id: id.to_owned(), says: says.to_owned(), holds }
}

fn functions(signatures: &[&str]) -> Vec<FunctionName> {
    signatures.iter().flat_map(|signature| FunctionName::read(signature)).collect()
}

fn vocabulary() -> Vocabulary {
    let pledges = names(&["provider", "amount", "two words", "\u{1b}[2J", "order"]);
    Vocabulary {
        relations: vec![
            ("pledges".to_owned(), pledges.clone()),
            ("figures".to_owned(), names(&["quantity", "as_written", "id"])),
            ("last".to_owned(), names(&["provider", "total"])),
        ],
        sql_functions: functions(&["q_sum(q)", "q_div(a, b)", "max(x) · max(x, y, …)"]),
        script_functions: functions(&[
            "query(sql) · query(sql, #{name: value})",
            "figure(id)",
            "percent(quantity)",
            "quantity.unit",
            "table.filter(|row| condition)",
            "table.len",
            "row.columns",
            "array.sort() · array.sort_desc()",
        ]),
        own: vec![
            own("plan", ValueShape::Quantity),
            own("prices", ValueShape::Table(names(&["item", "cost"]))),
            own("pairs", ValueShape::Array(Some(names(&["left_side", "right_side"])))),
            own("point", ValueShape::Row(names(&["x", "y"]))),
            Symbol { signature: Some("twice(n)".to_owned()), ..own("twice", ValueShape::Other) },
        ],
        scripts: vec![ScriptNames {
            name: "pledged_per_missile".to_owned(),
            summary: "Pledged finance per missile".to_owned(),
            parameters: vec![
                ParameterName {
                    name: "places".to_owned(),
                    placeholder: "INT".to_owned(),
                    meaning: "decimal places to print".to_owned(),
                    values: Vec::new(),
                },
                ParameterName {
                    name: "sort-by".to_owned(),
                    values: names(&["fact", "stage"]),
                    ..ParameterName::default()
                },
            ],
        }],
        modules: names(&["changes"]),
        ids: vec![
            id("F01", "they met in London", ValueShape::Row(names(&["id", "status"]))),
            id("F29", "UK would provide export finance", ValueShape::Quantity),
            id("F30", "additional missiles", ValueShape::Quantity),
            id("PL1", "UK to Ukraine", ValueShape::Row(pledges)),
        ],
        assumptions: vec![("A1".to_owned(), "the gathering is the summit".to_owned())],
        sources: vec![("S1".to_owned(), "a news text".to_owned()), ("S2".to_owned(), "a second news text".to_owned())],
    }
}

/// The line without its mark, and where that stood.
fn cursor(marked: &str) -> (String, usize) {
    let pos = marked.find('¦').expect("each line of this table has a cursor");
    (marked.replace('¦', ""), pos)
}

/// What the list shows, with where the word begins.
fn offered(marked: &str) -> (usize, Vec<super::Offer>) {
    let (line, pos) = cursor(marked);
    complete(&line, pos, language_at(&line, pos, &|_| false), &vocabulary())
}

#[track_caller]
fn offers(marked: &str, expected: &[&str]) {
    let found: Vec<String> = offered(marked).1.into_iter().map(|offer| offer.name).collect();
    assert_eq!(found, expected, "{marked}");
}

#[track_caller]
fn shows(marked: &str, expected: &[&str]) {
    let mut found = offered(marked).1;
    super::lay_out(&mut found, 80);
    assert_eq!(found.into_iter().map(|offer| offer.shown).collect::<Vec<_>>(), expected, "{marked}");
}

#[track_caller]
fn hints(marked: &str, expected: Option<&str>) {
    let (line, pos) = cursor(marked);
    let vocabulary = vocabulary();
    let told = signature(&line, pos, classify(&line, &|_| false), || &vocabulary);
    assert_eq!(told.as_deref(), expected, "{marked}");
}

/// Bits of which lines are made that come near to what is typed.
const BITS: [&str; 30] = [
    "select ",
    "from ",
    "pledges",
    " p",
    ".",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "${",
    ":",
    "|r| ",
    ", ",
    ";",
    "--",
    "/*",
    "//",
    "with x as ",
    "union ",
    "query(",
    "F29",
    "é漢",
    "\n",
    "\\",
    ".run ",
];

proptest! {
    #[test]
    fn no_text_and_no_cursor_makes_trouble(
        bits in prop::collection::vec(prop::sample::select(&BITS[..]), 0..14),
        other in "\\PC{0,6}",
        share in 0.0..=1.0_f64,
    ) {
        let line = format!("{}{other}", bits.concat());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "any place will do")]
        let mut pos = (line.len() as f64 * share) as usize;
        while !line.is_char_boundary(pos) {
            pos -= 1;
        }
        let vocabulary = vocabulary();
        for language in [crate::terminal::Language::Sql, crate::terminal::Language::Script, classify(&line, &|_| false)] {
            let (start, found) = complete(&line, pos, language, &vocabulary);
            prop_assert!(start <= pos && line.is_char_boundary(start));
            for offer in &found {
                prop_assert!(!offer.name.contains(char::is_control));
                prop_assert!(offer.name.to_lowercase().starts_with(&line[start..pos].to_lowercase()) || line.trim_start().starts_with('.'));
            }
            drop(signature(&line, pos, language, || &vocabulary));
            crate::terminal::brackets::matching(&line, pos, language);
        }
    }
}
