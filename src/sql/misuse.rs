//! A quantity handed to what knows no units, in words: the operator as the statement writes it, where it stands, and
//! what to write instead. That it is a misuse has been found already, in the statement's program.

use super::lex::{Token, TokenKind, tokens};
use super::typing::Misuse;
use crate::error::SqlCause;

/// What the program does, with the words of SQL that may have asked for it, likeliest first: SQLite turns comparisons
/// round, and sorts for more than `order by`.
const SPELLINGS: [(&str, &[&str]); 10] = [
    ("a condition", &["where", "when", "having", "on", "and", "or", "filter"]),
    ("=", &["=", "==", "is", "in", "<>", "!=", "using"]),
    ("<>", &["<>", "!=", "=", "==", "is", "in"]),
    ("<", &["<", ">=", ">", "<=", "between"]),
    ("<=", &["<=", ">", ">=", "<", "between"]),
    (">", &[">", "<=", "<", ">=", "between"]),
    (">=", &[">=", "<", "<=", ">", "between"]),
    ("sorting", &["order", "group", "distinct", "union", "except", "intersect", "in", "join"]),
    ("comparing", &["distinct", "in", "union", "except", "intersect", "=", "join", "group"]),
    ("grouping", &["group", "distinct", "partition", "order"]),
];

/// What the program does that no word of the statement stands for.
const PHRASES: [&str; 6] = ["sorting", "comparing", "grouping", "a condition", "a table function", "an unknown step"];

/// The cause and the token to point at: the operator, where the statement has it once.
pub(super) fn explain(sql: &str, misuse: Misuse) -> (SqlCause, Option<Token>) {
    if misuse.operator == "storing" {
        let action = format!("store `{}` in a table, where it would lose its unit", misuse.column);
        let cure = "`create temp view` keeps it, and so does a script variable".to_owned();
        return (SqlCause::Denied { action, cure }, tokens(sql).find(|token| token.kind == TokenKind::Word));
    }
    if misuse.operator == "mixing" {
        return (SqlCause::Mixed { column: misuse.column }, None);
    }
    let itself = [misuse.operator.as_str()];
    let spellings = SPELLINGS.iter().find(|(operator, _)| *operator == misuse.operator);
    let spellings = spellings.map_or(itself.as_slice(), |(_, words)| words);
    let written: Vec<(&str, Token)> =
        spellings.iter().flat_map(|word| occurrences(sql, word).into_iter().map(|token| (*word, token))).collect();
    let (operator, token) = match written.as_slice() {
        [] => (misuse.operator.clone(), None),
        [(word, only)] => (full(word), Some(only.clone())),
        // Several could be meant: the likeliest is named, and none is pointed at.
        [(word, _), ..] => (full(word), None),
    };
    let cure = cure(&operator, &misuse.column);
    let operator = if PHRASES.contains(&operator.as_str()) { operator } else { format!("`{operator}`") };
    (SqlCause::Misused { operator, column: misuse.column, cure }, token)
}

fn occurrences(sql: &str, word: &str) -> Vec<Token> {
    let is_code = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Mark);
    tokens(sql).filter(|token| is_code(token) && token.text(sql).eq_ignore_ascii_case(word)).collect()
}

/// The words that belong together.
fn full(word: &str) -> String {
    match word {
        "order" | "group" | "partition" => format!("{word} by"),
        word => word.to_owned(),
    }
}

fn cure(operator: &str, column: &str) -> String {
    if let Some(variable) = column.strip_prefix(':') {
        return format!("work on it in a script, where `{variable}` keeps its unit");
    }
    match operator {
        "+" | "-" | "*" | "/" => format!("a script keeps them: `query(…).map(|row| row.{column} {operator} …)`"),
        "<" | "<=" | ">" | ">=" | "=" | "==" | "<>" | "!=" | "between" | "in" | "is" => {
            format!("a script compares them with their units: `query(…).filter(|row| row.{column} > …)`")
        }
        "order by" | "sorting" => format!("a script sorts them by value: `query(…).sort_by(\"{column}\")`"),
        "group by" | "distinct" | "union" => format!("leave `{column}` out of it, and read it in a second question"),
        "sum" | "total" => format!("a script sums them with their units: `query(…).sum(\"{column}\")`"),
        _ => format!("select `{column}` by itself, and work on it in a script: `query(…).map(|row| row.{column})`"),
    }
}
