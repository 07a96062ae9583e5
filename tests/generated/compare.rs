//! Whether two outcomes are the same.

use super::ask::Outcome;

/// What a message of arithmetic has in it. Which of several rows or columns fails first is not laid down, so that where
/// both languages fail, each message must be one of these and not the same one.
const ARITHMETIC: [&str; 14] = [
    "can't add",
    "can't subtract",
    "can't sum",
    "can't compare",
    "would mix the stages",
    "overflows",
    "so small that it would become 0",
    "division by",
    "does not fit",
    "is not a rate",
    "q_amount",
    "no number lies in",
    "is beyond 127",
    "number is too long",
];

/// What the script says where its operators can't tell what SQL's function gives.
const LEFT_OUT: &str = "left out";

/// What is said of an operator that would drop a unit.
const REFUSALS: [&str; 4] = ["would drop the unit", "would be in one column", "can't store", "is no quantity"];

/// How what SQL answered differs from what the script computed.
pub(crate) fn same(answered: &Outcome, computed: &Outcome, is_ordered: bool) -> Result<(), String> {
    match (answered, computed) {
        (Outcome::Panic(_), _) | (_, Outcome::Panic(_)) => Err("a panic".to_owned()),
        (_, Outcome::Error(message)) if message.contains(LEFT_OUT) => Ok(()),
        (Outcome::Rows(left), Outcome::Rows(right)) => {
            let (mut left, mut right) = (left.clone(), right.clone());
            if !is_ordered {
                left.sort();
                right.sort();
            }
            if left == right { Ok(()) } else { Err(format!("different answers\n{}", difference(&left, &right))) }
        }
        (Outcome::Error(left), Outcome::Error(right)) => {
            let unlike = [left, right].into_iter().find(|message| !is_arithmetic(message));
            unlike.map_or(Ok(()), |message| Err(format!("no error of arithmetic: {message}")))
        }
        _ => Err("only one of them answers".to_owned()),
    }
}

/// An outcome in which an aggregate of nothing is NULL, as the plain names have it; the functions give an unknown.
pub(crate) fn nothing_is_null(outcome: Outcome) -> Outcome {
    let Outcome::Rows(mut rows) = outcome else { return outcome };
    for (_, cell) in rows.iter_mut().flatten() {
        if cell == "unknown(not_in_book)" {
            cell.clear();
        }
    }
    Outcome::Rows(rows)
}

/// Whether a misuse was refused as one.
pub(crate) fn refused(answered: &Outcome) -> Result<(), String> {
    match answered {
        Outcome::Error(message) if REFUSALS.iter().any(|words| message.contains(words)) => Ok(()),
        _ => Err("not refused as a misuse".to_owned()),
    }
}

fn is_arithmetic(message: &str) -> bool {
    ARITHMETIC.iter().any(|words| message.contains(words))
}

type Rows = [Vec<(String, String)>];

/// The rows that only one of the two has.
fn difference(left: &Rows, right: &Rows) -> String {
    let only = |mark: char, these: &Rows, those: &Rows| -> String {
        let rows = these.iter().filter(|row| !those.contains(row)).map(|row| format!("{mark} {row:?}"));
        rows.collect::<Vec<_>>().join("\n")
    };
    [only('-', left, right), only('+', right, left)].join("\n")
}
