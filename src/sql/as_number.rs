//! Texts that a statement takes for numbers. SQL counts the digits at the start of a text and drops the rest, so that
//! `'5,000' * 2` is 10: that is SQLite's answer and stays so, with a remark beside it. It refuses nothing.

use super::Cell;
use super::bind::Parameters;
use super::diagnose::Context;
use super::lex::TokenKind;
use super::operands::Words;
use std::collections::BTreeSet;

/// Operators that make numbers of both their sides.
const OPERATORS: [&str; 5] = ["+", "-", "*", "/", "%"];

/// Functions of SQLite's own that make a number of their first argument.
const FUNCTIONS: [&str; 5] = ["sum", "total", "avg", "abs", "round"];

/// What a text is read as.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum As {
    /// Any number.
    Number,
    /// A whole number: `1e3` counts as 1.
    Whole,
}

/// The remark on a statement that takes a text for a number, where that may lose something.
pub(super) fn remark(context: &Context, parameters: &dyn Parameters) -> Option<String> {
    let words = Words::new(context.sql());
    let mut seen = BTreeSet::new();
    let taken = (0..words.count()).flat_map(|at| taken(&words, at));
    taken.into_iter().find_map(|(operand, read_as)| {
        let written = words.text(&(operand..operand + 1));
        if !seen.insert((written, read_as)) {
            return None;
        }
        let is_none = if read_as == As::Whole { "is no whole number of 64 bits" } else { "is no number" };
        let what = match words.kind(operand)? {
            TokenKind::Text => (!is_number(written.trim_matches('\''), read_as)).then_some(is_none),
            TokenKind::Parameter => match parameters.value(&written[1..]) {
                Ok(Some(Cell::Text(text))) => (!is_number(&text, read_as)).then_some(is_none),
                _ => None,
            },
            TokenKind::Word | TokenKind::QuotedName => {
                let name = words.word(operand);
                let name = name.trim_matches(['"', '`', '[', ']']);
                (!words.names(name) && context.is_text(name)).then_some("is text")
            }
            _ => None,
        }?;
        Some(format!("`{written}` {what}: SQL counts the digits at its start, or 0 where there are none"))
    })
}

/// The simple operands that what stands at a place makes numbers of.
fn taken(words: &Words<'_>, at: usize) -> Vec<(usize, As)> {
    let word = words.word(at);
    let is_call = words.word(at + 1) == "(";
    match word.as_str() {
        operator if OPERATORS.contains(&operator) => {
            let right = Some(at + 1).filter(|_| words.is_binary(at) || operator == "-");
            let left = at.checked_sub(1).filter(|_| words.is_binary(at));
            let right = right.and_then(|first| words.column_from(first));
            [left, right].into_iter().flatten().map(|operand| (operand, As::Number)).collect()
        }
        function if is_call && FUNCTIONS.contains(&function) => {
            let first = if words.word(at + 2) == "distinct" { at + 3 } else { at + 2 };
            let operand =
                words.column_from(first).filter(|operand| matches!(words.word(operand + 1).as_str(), ")" | ","));
            operand.map(|operand| (operand, As::Number)).into_iter().collect()
        }
        "cast" if is_call => {
            let operand = words.column_from(at + 2).filter(|operand| words.word(operand + 1) == "as");
            operand.and_then(|operand| Some((operand, read_as(&words.word(operand + 2))?))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What a cast to this type makes of a text, by SQLite's own rule for the names of types.
fn read_as(type_name: &str) -> Option<As> {
    match type_name {
        name if name.contains("int") => Some(As::Whole),
        name if ["char", "clob", "text", "blob"].iter().any(|text| name.contains(text)) => None,
        _ => Some(As::Number),
    }
}

/// Whether SQL counts the whole of a text.
fn is_number(text: &str, read_as: As) -> bool {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']);
    match read_as {
        As::Whole => text.parse::<i64>().is_ok(),
        As::Number => text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte)) && text.parse::<f64>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{As, is_number};

    #[test]
    fn a_text_is_a_number_if_sql_counts_the_whole_of_it() {
        for (text, number, whole) in [
            ("5", true, true),
            (" -5 ", true, true),
            ("1.5e3", true, false),
            ("9223372036854775808", true, false),
            ("12abc", false, false),
            ("5,000", false, false),
            ("0x10", false, false),
            ("inf", false, false),
            ("", false, false),
        ] {
            assert_eq!([is_number(text, As::Number), is_number(text, As::Whole)], [number, whole], "{text}");
        }
    }
}
