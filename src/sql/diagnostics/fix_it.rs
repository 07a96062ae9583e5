//! A quantity handed to what knows no units, in words: the operator as the statement writes it, where it stands, and
//! what to write instead, tried out before it is said: the same statement with a `q_` function in that place. That it is a misuse
//! has been found already, in the statement's program.

use super::super::dataflow::quantities::Violation;
use crate::error::SqlCause;
use crate::syntax::expr::Tokens;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

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
    Misused(Violation),
}

/// A way to write a statement: the word in it that is at fault, and the new pieces.
struct FixIt {
    word: String,
    token: Token,
    sql: String,
    pieces: Vec<String>,
}

/// The cause and the token to point at: the operator, where there is no doubt about which it is. `attempt` tells what
/// would become of a statement, `units` the unit of a quantity.
pub(super) fn explain(
    sql: &str,
    misuse: Violation,
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
fn cured(
    sql: &str,
    misuse: &Violation,
    attempt: &dyn Fn(&str) -> Trial,
    units: &Units<'_>,
    more: usize,
) -> Option<FixIt> {
    let column = misuse.column.trim_end_matches("(…)");
    // Another key to sort by makes another program, which may be sound by chance.
    let touches = |word: &str, rewritten: &Replacement| {
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
            Some(FixIt { word: full(word), token: token.clone(), sql, pieces })
        })
    })
}

/// The statement to write, or its new pieces where it is long.
fn written(cure: &FixIt) -> String {
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

/// A statement written otherwise.
struct Replacement {
    /// The whole of it.
    pub(super) sql: String,
    /// The piece that is new.
    pub(super) piece: String,
    /// What stood there before, with the arguments of a function that has another name now.
    pub(super) touched: String,
}

/// The unit of a quantity, where it is known.
pub(super) type Units<'u> = dyn Fn(&str) -> Option<String> + 'u;

/// The number of a quantity alone, in its unit or in one that is to be named.
fn amount(of: &str, units: &Units<'_>) -> String {
    format!("q_amount({of}, '{}')", units(of).as_deref().unwrap_or("UNIT"))
}

/// The statement with the operator or function at `token` replaced, in each way that there is.
fn replaced(sql: &str, token: &Token, units: &Units<'_>) -> Vec<Replacement> {
    let words = Tokens::new(sql);
    let Some(at) = words.place(token) else { return Vec::new() };
    let pieces = match words.word(at).as_str() {
        "order" | "group" | "partition" => listed(&words, at, units),
        _ => piece(&words, at, units).into_iter().collect(),
    };
    let rewritten = |(places, piece): (Range<usize>, String)| {
        let bytes = words.bytes(&places);
        let touched = match words.arguments(places.end) {
            Some((_, end)) if places.len() == 1 => words.text(&(places.start..end)),
            _ => words.text(&places),
        };
        let sql = [&sql[..bytes.start], &piece, &sql[bytes.end..]].concat();
        Replacement { sql, piece, touched: touched.to_owned() }
    };
    pieces.into_iter().map(rewritten).collect()
}

/// The places of a piece of the statement and what stands there instead.
fn piece(words: &Tokens<'_>, at: usize, units: &Units<'_>) -> Option<(Range<usize>, String)> {
    match words.word(at).as_str() {
        "+" => computed(words, at, "q_add"),
        "-" if words.left(at).is_none() => {
            let right = words.right(at)?;
            Some((at..right.end, format!("q_neg({})", value(words, &right))))
        }
        "-" => computed(words, at, "q_sub"),
        "*" => computed(words, at, "q_mul"),
        "/" => computed(words, at, "q_div"),
        "<" | "<=" | ">" | ">=" | "=" | "==" | "<>" | "!=" => compared(words, at, units),
        "between" => {
            let left = words.left(at)?;
            let within = words.text(&(at..words.expression(at + 1)?.end));
            let places = left.start..words.expression(at + 1)?.end;
            Some((places, format!("{} {within}", amount(words.text(&left), units))))
        }
        "in" => {
            let left = words.left(at)?;
            Some((left.clone(), amount(words.text(&left), units)))
        }
        "sum" | "total" => called(words, at, "q_sum"),
        "avg" => called(words, at, "q_avg"),
        "min" => called(words, at, "q_min"),
        "max" => called(words, at, "q_max"),
        "round" => called(words, at, "q_round"),
        "cast" => {
            let (arguments, end) = words.arguments(at + 1)?;
            let of = words.expression(arguments.first()?.start)?;
            Some((at..end, amount(words.text(&of), units)))
        }
        _ => None,
    }
}

/// `q_div(a, b)` for `a / b`.
fn computed(words: &Tokens<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (left, right) = (words.left(at)?, words.right(at)?);
    let text = format!("{function}({}, {})", value(words, &left), value(words, &right));
    Some((left.start..right.end, text))
}

/// `q_cmp(a, b) > 0` for `a > b`; against a number the amount alone is compared.
fn compared(words: &Tokens<'_>, at: usize, units: &Units<'_>) -> Option<(Range<usize>, String)> {
    let (left, right) = (words.left(at)?, words.right(at)?);
    let (before, operator, after) = (words.text(&left), words.text(&(at..at + 1)), words.text(&right));
    let is_whole = |text: &str| text.trim_start_matches(['-', ' ']).bytes().all(|byte| byte.is_ascii_digit());
    let text = match (is_whole(before), is_whole(after)) {
        (false, true) => format!("{} {operator} {after}", amount(before, units)),
        (true, false) => format!("{before} {operator} {}", amount(after, units)),
        _ => format!("q_cmp({}, {}) {operator} 0", value(words, &left), value(words, &right)),
    };
    Some((left.start..right.end, text))
}

/// Each expression behind `order by` or `group by`, by its amount; by its unit too, where there may be several.
fn listed(words: &Tokens<'_>, at: usize, units: &Units<'_>) -> Vec<(Range<usize>, String)> {
    let is_sorted = words.word(at) == "order";
    let (mut found, mut next) = (Vec::new(), at + 2);
    while let Some(of) = words.expression(next).filter(|_| words.word(at + 1) == "by") {
        let text = words.text(&of);
        next = of.end;
        while matches!(words.word(next).as_str(), "asc" | "desc" | "nulls" | "first" | "last") {
            next += 1;
        }
        let keys = match units(text) {
            Some(_) if is_sorted => amount(text, units),
            None if is_sorted => format!("q_unit({text}), q_amount({text})"),
            _ => format!("q_amount({text}), q_unit({text})"),
        };
        found.push((of, keys));
        if words.word(next) != "," {
            break;
        }
        next += 1;
    }
    found
}

/// The same call of another function.
fn called(words: &Tokens<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (arguments, _) = words.arguments(at + 1)?;
    let is_like = arguments.len() == 1 || function == "q_round";
    is_like.then(|| (at..at + 1, function.to_owned()))
}

/// An operand of a `q_` function: a number with a point and a text are said to be quantities.
fn value(words: &Tokens<'_>, places: &Range<usize>) -> String {
    let text = words.text(places);
    let is_decimal = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['.', 'e', 'E']);
    let is_text = text.starts_with('\'') && places.len() == 1;
    match (is_decimal && places.len() == 1, is_text) {
        (true, _) => format!("q('{text}')"),
        (_, true) => format!("q({text})"),
        _ => text.to_owned(),
    }
}
