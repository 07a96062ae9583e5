//! The assumptions of an answer: each with what the sources state, the sentence that says what it changes, and those in force that the
//! answer does not use.

use super::cells::{NOTE, VALUE, pairs};
use super::record::Question;
use crate::error::Error;
use crate::quantity::{Assumption, Assumptions, human};
use crate::report::{Line, Noted, Piece, Section, Stamp};
use crate::session::Session;
use crate::session::what_if::supposed_text;
use crate::sql::Cell;
use crate::store::WhatIf;
use std::collections::BTreeSet;

/// Tells the assumptions of a section.
///
/// # Errors
/// The book can't be read.
pub(super) fn tell(session: &Session, asked: &Question, all: &Assumptions, section: &mut Section) -> Result<(), Error> {
    let names: BTreeSet<&str> = all.iter().map(Assumption::name).collect();
    let of_book = all.about_book();
    let (used, unused): (Vec<&WhatIf>, Vec<&WhatIf>) =
        session.supposed.iter().partition(|what_if| names.contains(what_if.id()));
    for what_if in used {
        section
            .assumed
            .push(noted(&supposed_text(session.book(), what_if)?, "holds for this answer only; the book is unchanged"));
    }
    let in_force = |one: &&Assumption| !session.supposed.iter().any(|what_if| what_if.id() == one.name());
    let others: Assumptions = of_book.iter().filter(in_force).cloned().collect();
    for words in human::assumptions(&others) {
        section.assumed.push(noted(&words, "no source of the book states it"));
    }
    let sentence = sentence(asked, section);
    section.assumptions = human::assumptions(&of_book);
    let given: Assumptions = all.iter().filter(|one| one.is_given()).cloned().collect();
    section
        .assumptions
        .extend(human::given(&given).into_iter().map(|given| format!("given here, by no source: {given}")));
    for what_if in unused {
        let text = supposed_text(session.book(), what_if)?;
        let end = [", where ", ", which ", ": ", ", for "].iter().filter_map(|word| text.find(word)).min();
        let name = &text[..end.unwrap_or(text.len())];
        section.assumptions.push(format!("{name} is assumed, but not used here"));
    }
    if !of_book.is_empty() {
        section.stamps.push(Stamp::WhatIf);
        section.supposed = sentence;
    }
    Ok(())
}

/// `F30 = 4,500 missiles, where S1 states 5,000 missiles` under its id.
fn noted(text: &str, small: &str) -> Noted {
    let (id, text) = match text.split_once([' ', ':']) {
        Some((id, rest)) => (id, rest.trim_start_matches(['=', ' '])),
        None => (text, ""),
    };
    Noted { id: id.to_owned(), text: text.to_owned(), small: small.to_owned() }
}

/// `Assumes F30 = 4,500 missiles, where S1 states 5,000 missiles: ≈+11.11 % on 320,000 GBP/missile. …`
fn sentence(asked: &Question, section: &Section) -> Line {
    let separator = |id: &str, text: &str| {
        if text.starts_with(['<', '>', '≥', '≤']) { format!("{id} ") } else { format!("{id} = ") }
    };
    let words: Vec<String> =
        section.assumed.iter().map(|note| format!("{}{}", separator(&note.id, &note.text), note.text)).collect();
    let mut line = Line::of(format!("Assumes {}", words.join("; ")));
    if let Some((change, stated)) = change(asked) {
        line = if change == "unchanged" {
            line.text(": unchanged, ").then(Piece::Value(stated))
        } else {
            line.text(": ").then(Piece::Value(change)).text(" on ").then(Piece::Value(stated))
        };
    }
    let end = if words.len() == 1 {
        ". The assumption is yours; no source states it."
    } else {
        ". The assumptions are yours; no source states them."
    };
    line.text(end)
}

/// The change of the only metric, and its value without the assumption.
fn change(asked: &Question) -> Option<(String, String)> {
    let mut results = asked.results();
    let (Some(only), None) = (results.next(), results.next()) else { return None };
    let pairs = pairs(only);
    let [(stated, supposed)] = pairs.as_slice() else { return None };
    match (&only.rows[*stated][VALUE], &only.rows[*supposed][NOTE]) {
        (Cell::Quantity(stated), Cell::Text(change)) if change.ends_with('%') || change == "unchanged" => {
            Some((change.to_string(), human::quantity(stated, None)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::noted;

    #[test]
    fn an_assumption_stands_under_its_id() {
        let one = noted("F30 = 4,500 missiles, where S1 states 5,000 missiles", "");
        assert_eq!((one.id.as_str(), one.text.as_str()), ("F30", "4,500 missiles, where S1 states 5,000 missiles"));
        let other = noted("A6: the states are members", "");
        assert_eq!((other.id.as_str(), other.text.as_str()), ("A6", "the states are members"));
        assert_eq!(noted("F30 >5,000 missiles", "").text, ">5,000 missiles");
    }
}
