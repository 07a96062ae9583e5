//! A quantity handed to what knows no units, in words: the operator as the statement writes it, where it stands, and
//! what to write instead, tried out before it is said. That it is a misuse has been found already, in the statement's
//! program.

use super::rewrite::{Rewritten, Units, amount, replaced};
use super::typing::Misuse;
use crate::error::SqlCause;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};

/// What the program does, with the words of SQL that may have asked for it, likeliest first: SQLite turns comparisons
/// round, and sorts for more than `order by`.
const SPELLINGS: [(&str, &[&str]); 11] = [
    ("&", &["&", "in"]),
    ("a condition", &["where", "when", "having", "on", "and", "or", "filter"]),
    ("=", &["=", "==", "is", "in", "<>", "!=", "using", "natural", "case"]),
    ("<>", &["<>", "!=", "=", "==", "is", "in", "using", "natural", "case"]),
    ("<", &["<", ">=", ">", "<=", "between"]),
    ("<=", &["<=", ">", ">=", "<", "between"]),
    (">", &[">", "<=", "<", ">=", "between"]),
    (">=", &[">=", "<", "<=", ">", "between"]),
    ("sorting", &["order", "group", "distinct", "union", "except", "intersect", "in", "join"]),
    ("comparing", &["distinct", "in", "union", "except", "intersect", "=", "join", "group"]),
    ("grouping", &["group", "distinct", "partition", "order"]),
];

/// What the program does that no word of the statement stands for.
const PHRASES: [&str; 6] = ["sorting", "comparing", "computing", "grouping", "a condition", "a table function"];

/// How many places of a statement are written otherwise at most before it is given up.
const MOST_REWRITES: usize = 4;

/// The longest statement that is given back whole, in characters; of a longer one the new pieces are.
const SHORT: usize = 100;

/// What becomes of a statement that was written otherwise.
pub(super) enum Trial {
    /// It can't be prepared.
    Broken,
    /// It is sound.
    Sound,
    /// A quantity is misused in it still.
    Misused(Misuse),
}

/// A way to write a statement: the word in it that is at fault, and the new pieces.
struct Cure {
    word: String,
    token: Token,
    sql: String,
    pieces: Vec<String>,
}

/// The cause and the token to point at: the operator, where there is no doubt about which it is. `attempt` tells what
/// would become of a statement, `units` the unit of a quantity.
pub(super) fn explain(
    sql: &str,
    misuse: Misuse,
    attempt: &dyn Fn(&str) -> Trial,
    units: &Units<'_>,
) -> (SqlCause, Option<Token>) {
    if misuse.operator == "storing" {
        let action = format!("store `{}` in a table, where it would lose its unit", misuse.column);
        let cure = "`create temp view` keeps it, and so does a script variable".to_owned();
        return (SqlCause::Denied { action, cure }, tokens(sql).find(|token| token.kind == TokenKind::Word));
    }
    if misuse.operator == "an unknown step" {
        return (SqlCause::NotFollowed, None);
    }
    if misuse.operator == "mixing" {
        return (SqlCause::Mixed { column: misuse.column }, None);
    }
    if let Some(found) = (0..MOST_REWRITES).find_map(|more| cured(sql, &misuse, attempt, units, more)) {
        let operator = in_words(&found.word);
        let cure = written(&found);
        return (SqlCause::Misused { operator, column: misuse.column, cure }, Some(found.token));
    }
    let written = occurrences(sql, &misuse.operator);
    let (operator, token) = match written.as_slice() {
        [] => (unwritten(&misuse.operator).to_owned(), None),
        [(word, only)] => (full(word), Some(only.clone())),
        // Several could be meant: the likeliest is named, and none is pointed at.
        [(word, _), ..] => (full(word), None),
    };
    let cure = cure(&operator, &misuse.column, units);
    (SqlCause::Misused { operator: in_words(&operator), column: misuse.column, cure }, token)
}

/// The way to write a statement soundly by changing exactly `more + 1` places: the first that works.
fn cured(sql: &str, misuse: &Misuse, attempt: &dyn Fn(&str) -> Trial, units: &Units<'_>, more: usize) -> Option<Cure> {
    let column = misuse.column.trim_end_matches("(…)");
    // Another key to sort by makes another program, which may be sound by chance.
    let touches = |word: &str, rewritten: &Rewritten| {
        !matches!(word, "order" | "group" | "partition") || !occurrences(&rewritten.touched, column).is_empty()
    };
    occurrences(sql, &misuse.operator).into_iter().find_map(|(word, token)| {
        replaced(sql, &token, units).into_iter().filter(|rewritten| touches(word, rewritten)).find_map(|rewritten| {
            let (sql, pieces) = match (attempt(&rewritten.sql), more.checked_sub(1)) {
                (Trial::Sound, None) => (rewritten.sql, vec![rewritten.piece]),
                (Trial::Misused(next), Some(more)) => {
                    let rest = cured(&rewritten.sql, &next, attempt, units, more)?;
                    (rest.sql, [vec![rewritten.piece], rest.pieces].concat())
                }
                _ => return None,
            };
            Some(Cure { word: full(word), token: token.clone(), sql, pieces })
        })
    })
}

/// The statement to write, or its new pieces where it is long.
fn written(cure: &Cure) -> String {
    if cure.sql.chars().count() <= SHORT && !cure.sql.contains('\n') {
        return format!("write `{}`", cure.sql);
    }
    let is_within_later = |at: usize| cure.pieces[at + 1..].iter().any(|later| later.contains(&cure.pieces[at]));
    let pieces: Vec<String> =
        (0..cure.pieces.len()).filter(|at| !is_within_later(*at)).map(|at| format!("`{}`", cure.pieces[at])).collect();
    format!("write {}", pieces.join(" and "))
}

/// The words of the statement that may have asked for what the program does, likeliest first.
fn occurrences<'o>(sql: &str, operator: &'o str) -> Vec<(&'o str, Token)> {
    let spellings = SPELLINGS.iter().find(|(known, _)| *known == operator).map(|(_, words)| *words);
    let is_code = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Mark);
    let written = |word: &'o str| {
        tokens(sql)
            .filter(move |token| is_code(token) && token.text(sql).eq_ignore_ascii_case(word))
            .map(move |token| (word, token))
    };
    if let Some(words) = spellings {
        return words.iter().flat_map(|word| written(word)).collect();
    }
    // A column may have the name of the function that it comes from.
    let (called, named): (Vec<_>, Vec<_>) =
        written(operator).partition(|(_, token)| sql[token.range.end..].trim_start().starts_with('('));
    if called.is_empty() { named } else { called }
}

/// What the program does by an operator that nobody wrote.
fn unwritten(operator: &str) -> &str {
    match operator {
        "=" | "<>" | "<" | "<=" | ">" | ">=" | "&" => "comparing",
        "+" | "-" | "*" | "/" | "%" | "|" | "<<" | ">>" | "~" => "computing",
        operator => operator,
    }
}

/// The words that belong together.
fn full(word: &str) -> String {
    match word {
        "order" | "group" | "partition" => format!("{word} by"),
        word => word.to_owned(),
    }
}

/// An operator in backticks, a phrase without.
fn in_words(operator: &str) -> String {
    if PHRASES.contains(&operator) { operator.to_owned() } else { format!("`{operator}`") }
}

/// What to do where the statement could not be written otherwise.
fn cure(operator: &str, column: &str, units: &Units<'_>) -> String {
    if let Some(variable) = column.strip_prefix(':') {
        return format!("work on it in a script, where `{variable}` keeps its unit");
    }
    let amount = amount(column, units);
    match operator {
        "+" => format!("add by `q_add({column}, …)`"),
        "-" => format!("subtract by `q_sub({column}, …)`"),
        "*" => format!("multiply by `q_mul({column}, …)`"),
        "/" => format!("divide by `q_div({column}, …)`"),
        "<" | "<=" | ">" | ">=" | "=" | "==" | "<>" | "!=" | "between" | "in" | "is" | "using" | "natural" | "case"
        | "comparing" => {
            format!("compare by `q_cmp({column}, …)`, or its number alone, `{amount}`")
        }
        "order by" | "sorting" => format!("sort by its number alone: `{amount}`"),
        "group by" | "partition by" | "distinct" | "union" | "grouping" => {
            format!("its parts are plain: `{amount}`, `q_unit({column})`")
        }
        "where" | "when" | "having" | "on" | "and" | "or" | "not" | "filter" | "a condition" => {
            format!("say what is asked of it, as `{amount} > 0` or `{column} is not null`")
        }
        "max" | "min" => format!("compare by `q_cmp({column}, …)`, as `case when q_cmp(a, b) > 0 then a else b end`"),
        _ => format!("its parts are plain: `{amount}`, `q_unit({column})`, `q_facts({column})`"),
    }
}
