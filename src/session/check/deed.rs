//! The deed of a clause: what a sentence says is done with a figure, as `paid` or `delivered`. A number that the book has only as a
//! proposal is not what such a sentence speaks of.
//!
//! Only the words around the figure count, as far as the next comma, semicolon, colon, bracket, dash or other figure; a negation, a
//! modal or a word of pledging among them leaves the deed undone.

use crate::quantity::{Quantity, Stage};
use crate::syntax::WordList;

/// Past forms of verbs by which money moves, goods arrive, or either is used up.
const MOVING: WordList = WordList(
    "paid spent disbursed transferred lent gave donated provided supplied delivered shipped sent received got obtained arrived \
     used fired launched",
);

/// Past forms of verbs of purchase.
const BUYING: WordList = WordList("bought purchased acquired ordered");

/// Words that leave a deed undone in their clause.
const UNDONE: WordList = WordList(
    "not never yet no none neither nor cannot will would could may might must should shall can if when once until unless \
     pledged promised proposed planned pledges promises proposes plans offered offers",
);

/// Words behind `to` with which a past form is no deed: `to be paid`.
const BEHIND_TO: WordList = WordList("be have get");

/// A deed that the stage of a number does not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deed {
    /// Its word, as written.
    pub(super) word: String,
    /// The stages of the number, as the book has them.
    pub(super) stages: String,
}

/// The deed that a sentence, before a figure and behind it, says is done with it, and that the number of the book does not reach by any of its stages.
pub(super) fn unreached(number: &Quantity, sentence: [&str; 2]) -> Option<Deed> {
    let stages: Vec<Stage> = number.stages().iter().collect();
    if stages.is_empty() {
        return None;
    }
    let (word, needed) = deed(sentence)?;
    let is_reached = stages.iter().any(|stage| reach(*stage) >= needed);
    let stages = stages.iter().map(|stage| format!("`{stage}`")).collect::<Vec<_>>().join(", ");
    (!is_reached).then_some(Deed { word, stages })
}

/// How far a pledge has got by a stage; one that is halted has got nowhere.
fn reach(stage: Stage) -> u8 {
    match stage {
        Stage::Suspended | Stage::Cancelled => 0,
        Stage::Proposed => 1,
        Stage::Pledged => 2,
        Stage::Committed => 3,
        Stage::Allocated => 4,
        Stage::Contracted => 5,
        Stage::Guaranteed => 6,
        Stage::Disbursed => 7,
        Stage::Delivered => 8,
    }
}

/// The deed of the clause of a figure, and the stage that it needs.
fn deed([before, behind]: [&str; 2]) -> Option<(String, u8)> {
    let (before, behind) = (words(end_of(before)), words(start_of(behind)));
    if before.iter().chain(&behind).any(|word| is_undone(word)) || is_aim(&before) || is_aim(&behind) {
        return None;
    }
    // `received help to buy 5,000 missiles`: the deed is done with something else.
    let near = before.iter().rposition(|word| word == "to").map_or(&before[..], |at| &before[at + 1..]);
    near.iter().chain(&behind).find_map(|word| needed(word).map(|stage| (word.clone(), stage)))
}

/// The stage that a deed needs; none for any other word.
fn needed(word: &str) -> Option<u8> {
    match word {
        _ if BUYING.contains(word) => Some(reach(Stage::Contracted)),
        _ if MOVING.contains(word) => Some(reach(Stage::Disbursed)),
        _ => None,
    }
}

fn is_undone(word: &str) -> bool {
    UNDONE.contains(word) || word.ends_with("n't") || word.ends_with("n’t")
}

/// True for `to be`, behind which a past form is what is aimed at.
fn is_aim(words: &[String]) -> bool {
    words.windows(2).any(|pair| pair[0] == "to" && BEHIND_TO.contains(&pair[1]))
}

/// The words of a clause, in lower case.
fn words(text: &str) -> Vec<String> {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(word).filter(|word| !word.is_empty()).collect()
}

/// True for a character that ends a clause.
fn is_boundary(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '–' | '—' | '―') || c.is_ascii_digit()
}

/// Dashes between blanks, as a keyboard has them.
const TYPED_DASHES: [&str; 2] = [" - ", "--"];

/// The part of a clause that ends a text.
fn end_of(text: &str) -> &str {
    let text = text.rsplit(is_boundary).next().unwrap_or_default();
    TYPED_DASHES.iter().fold(text, |text, dash| text.rsplit(dash).next().unwrap_or_default())
}

/// The part of a clause that begins a text.
fn start_of(text: &str) -> &str {
    let text = text.split(is_boundary).next().unwrap_or_default();
    TYPED_DASHES.iter().fold(text, |text, dash| text.split(dash).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Deed, unreached};

    fn found(before: &str, behind: &str, stages: &str) -> Option<Deed> {
        let number = format!("1600000000 GBP [F29{stages}]").parse().unwrap();
        unreached(&number, [before, behind])
    }

    #[track_caller]
    fn check(before: &str, behind: &str, deed: Option<&str>) {
        let word = found(before, behind, "; @proposed").map(|deed| deed.word);
        assert_eq!(word.as_deref(), deed, "{before} … {behind}");
    }

    #[test]
    fn a_clause_ends_at_marks_and_at_other_figures() {
        check("The UK has paid ", " to Ukraine", Some("paid"));
        check("The UK has paid its dues, and ", " is offered", None);
        check("Ukraine received 300 tanks and ", " is at hand", None);
        check("A sum of ", " – half of it paid – is at hand", None);
        check("A sum of ", " - half of it paid - is at hand", None);
        check("A sum of ", " (paid) is at hand", None);
        check("It would not, but it paid ", ".", Some("paid"));
    }

    #[test]
    fn what_is_not_done_is_no_deed() {
        for before in ["Britain has not paid ", "Britain hasn’t paid ", "Britain would have paid ", "Once it is paid "]
        {
            check(before, "", None);
        }
        check("A sum of ", " to be paid", None);
        check("Britain received help to buy ", "", None);
        check("", " was paid to Ukraine", Some("paid"));
    }

    #[test]
    fn a_stage_that_is_that_of_the_deed_or_beyond_is_no_mismatch() {
        assert_eq!(found("It paid ", "", "; @disbursed"), None);
        assert_eq!(found("It paid ", "", "; @delivered+proposed"), None);
        assert_eq!(found("It bought ", "", "; @contracted"), None);
        assert_eq!(found("It paid ", "", ""), None);
        let deed = found("It paid ", "", "; @contracted").unwrap();
        assert_eq!(deed, Deed { word: "paid".to_owned(), stages: "`contracted`".to_owned() });
        assert!(found("It paid ", "", "; @cancelled").is_some());
    }
}
