//! Fix-its for a quantity that is handed to something that knows no units: the operator as the statement spells it, its token, and
//! the same statement with a `q_` function in that place, tried before it is proposed. The violation has been found
//! already, in the statement's program.

use super::StatementContext;
use crate::error::SqlCause;
use crate::sql::dataflow::quantities::Violation;
use crate::store::is_reserved;
use crate::syntax::expr::Tokens;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// The uses of a program, with the spellings in SQL that may have led to each, likeliest first: SQLite reverses comparisons,
/// and sorts for more than `order by`.
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

/// Uses of a program that are described by a phrase rather than an operator.
const PHRASES: [&str; 6] = ["sorting", "comparing", "computing", "grouping", "a condition", "a table function"];

/// Functions that take a number which may have places.
const NUMERIC_FUNCTIONS: [&str; 19] = [
    "printf",
    "format",
    "stddev_samp",
    "stddev_pop",
    "corr",
    "sqrt",
    "pow",
    "power",
    "exp",
    "ln",
    "log",
    "log2",
    "log10",
    "floor",
    "ceil",
    "ceiling",
    "trunc",
    "mod",
    "cast",
];

/// The types of `cast` that give a text.
const TEXT_TYPES: [&str; 3] = ["text", "varchar", "char"];

/// The beginnings of types of numbers with places.
const REAL_TYPES: [&str; 5] = ["real", "float", "double", "decimal", "numeric"];

/// The most replacements in a statement before it is given up.
const MAX_REPLACEMENTS: usize = 4;

/// The longest statement that is shown whole, in characters; of a longer one the replacements are.
const MAX_STATEMENT_CHARS: usize = 100;

impl StatementContext {
    /// A violation of the translation by a function that the statement calls once, in the words of the statement; `None` for any other.
    pub(crate) fn as_written(&self, Violation { operator, column }: Violation) -> Option<Violation> {
        let called = self.only_token(&operator)?;
        if !is_reserved(&column) {
            return Some(Violation { operator, column });
        }
        let tokens = Tokens::new(self.sql());
        let (arguments, _) = tokens.arguments(tokens.position(&called)? + 1)?;
        let is_value = |argument: &&Range<usize>| tokens.kind(argument.start) != Some(TokenKind::String);
        let value = arguments.iter().find(is_value)?;
        // That of `cast` has a type behind it.
        let value = tokens.expression(value.start).unwrap_or_else(|| value.clone());
        Some(Violation { operator, column: tokens.text(&value).to_owned() })
    }
}

/// The outcome of preparing a statement with a replacement.
pub(super) enum Attempt {
    /// It can't be prepared.
    Invalid,
    /// It is sound.
    Sound,
    /// It still violates a unit.
    Violates(Violation),
}

/// A statement that keeps its units: the operator at fault in the original, and the replacements.
struct FixIt {
    operator: String,
    token: Token,
    sql: String,
    pieces: Vec<String>,
}

/// The cause and the token to point at: the operator, if there is no doubt about which it is. `attempt` tries
/// a statement, `units` finds the unit of a quantity.
pub(super) fn explain_violation(
    sql: &str,
    violation: Violation,
    attempt: &dyn Fn(&str) -> Attempt,
    units: &UnitLookup<'_>,
) -> (SqlCause, Option<Token>) {
    if violation.operator == "storing" {
        let action = format!("store `{}` in a table, where it would lose its unit", violation.column);
        let help = "`create temp view` keeps it, and so does a script variable".to_owned();
        return (SqlCause::denied_question(action, help), tokens(sql).find(|token| token.kind == TokenKind::Word));
    }
    if violation.operator == "an unknown step" {
        let message = "a quantity can't be followed through a statement of this kind";
        return (SqlCause::refused(message, "select it in a statement of its own"), None);
    }
    if violation.operator == "mixing" {
        return (SqlCause::mixed_column(&violation.column), None);
    }
    if makes_table(sql) && TRANSLATED.contains(&&*violation.operator) {
        let token = candidates(sql, &violation.operator).into_iter().next().map(|(_, token)| token);
        let operator = describe(&violation.operator);
        let help =
            "a table holds no quantity: `create view NAME as select …` keeps it, and takes the statement as it stands";
        return (SqlCause::UnitsDropped { operator, column: violation.column, help: help.to_owned() }, token);
    }
    if let Some(found) = (0..MAX_REPLACEMENTS).find_map(|further| find_fix(sql, &violation, attempt, units, further)) {
        let operator = describe(&found.operator);
        let help = fix_help(&found);
        return (SqlCause::UnitsDropped { operator, column: violation.column, help }, Some(found.token));
    }
    let written = candidates(sql, &violation.operator);
    let (operator, token) = match written.as_slice() {
        [] => (phrase(&violation.operator).to_owned(), None),
        [(word, only)] => (full_keyword(word), Some(only.clone())),
        // Several could be meant: the likeliest is named, and none is pointed at.
        [(word, _), ..] => (full_keyword(word), None),
    };
    let help = general_help(&operator, &violation.column, units);
    (SqlCause::UnitsDropped { operator: describe(&operator), column: violation.column, help }, token)
}

/// The operators and functions that a question may use on quantities as they stand.
const TRANSLATED: [&str; 10] = ["+", "-", "*", "/", "sum", "total", "avg", "min", "max", "round"];

/// True for a statement that makes a table that stays.
fn makes_table(sql: &str) -> bool {
    let mut words =
        tokens(sql).filter(|token| token.kind == TokenKind::Word).map(|token| token.text(sql).to_lowercase());
    words.next().is_some_and(|first| first == "create") && words.next().is_some_and(|second| second == "table")
}

/// The first fix by exactly `further + 1` replacements that is sound.
fn find_fix(
    sql: &str,
    violation: &Violation,
    attempt: &dyn Fn(&str) -> Attempt,
    units: &UnitLookup<'_>,
    further: usize,
) -> Option<FixIt> {
    let column = violation.column.trim_end_matches("(…)");
    // Another key to sort by makes another program, which may be sound by chance.
    let touches = |word: &str, replacement: &Replacement| {
        !matches!(word, "order" | "group" | "partition") || !candidates(&replacement.touched, column).is_empty()
    };
    candidates(sql, &violation.operator).into_iter().find_map(|(word, token)| {
        replacements(sql, &token, units).into_iter().filter(|replacement| touches(word, replacement)).find_map(
            |replacement| {
                let (sql, pieces) = match (attempt(&replacement.sql), further.checked_sub(1)) {
                    (Attempt::Sound, None) => (replacement.sql, vec![replacement.piece]),
                    (Attempt::Violates(next), Some(further)) => {
                        let rest = find_fix(&replacement.sql, &next, attempt, units, further)?;
                        (rest.sql, [vec![replacement.piece], rest.pieces].concat())
                    }
                    _ => return None,
                };
                Some(FixIt { operator: full_keyword(word), token: token.clone(), sql, pieces })
            },
        )
    })
}

/// The statement to write, or its replacements if it is long.
fn fix_help(fix: &FixIt) -> String {
    if fix.sql.chars().count() <= MAX_STATEMENT_CHARS && !fix.sql.contains('\n') {
        return format!("write `{}`", fix.sql);
    }
    let is_within_later = |at: usize| fix.pieces[at + 1..].iter().any(|later| later.contains(&fix.pieces[at]));
    let pieces: Vec<String> =
        (0..fix.pieces.len()).filter(|at| !is_within_later(*at)).map(|at| format!("`{}`", fix.pieces[at])).collect();
    format!("write {}", pieces.join(" and "))
}

/// The tokens of the statement that may have led to a use, likeliest first.
fn candidates<'o>(sql: &str, operator: &'o str) -> Vec<(&'o str, Token)> {
    let spellings = SPELLINGS.iter().find(|(known, _)| *known == operator).map(|(_, words)| *words);
    let is_code = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Punct);
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

/// The phrase for an operator of the program that the statement does not spell.
fn phrase(operator: &str) -> &str {
    match operator {
        "=" | "<>" | "<" | "<=" | ">" | ">=" | "&" => "comparing",
        "+" | "-" | "*" | "/" | "%" | "|" | "<<" | ">>" | "~" => "computing",
        operator => operator,
    }
}

/// A keyword with the one that belongs to it.
fn full_keyword(word: &str) -> String {
    match word {
        "order" | "group" | "partition" => format!("{word} by"),
        word => word.to_owned(),
    }
}

/// Describes a use: an operator in backticks, a phrase without.
fn describe(operator: &str) -> String {
    if PHRASES.contains(&operator) { operator.to_owned() } else { format!("`{operator}`") }
}

/// The help if no fix was found.
fn general_help(operator: &str, column: &str, units: &UnitLookup<'_>) -> String {
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
        "percentile" | "percentile_cont" | "percentile_disc" => {
            format!(
                "`median({column})` keeps both, and so does the row at a place: `select {column} … order by {column} limit 1 offset (select \
                 count({column}) * 9 / 10 …)`; its number alone is plain: `{operator}({}, …)`",
                decimal_number(column)
            )
        }
        _ if NUMERIC_FUNCTIONS.contains(&&*operator.to_ascii_lowercase()) => {
            let number = decimal_number(column);
            let takes_more =
                matches!(operator, "printf" | "format" | "corr" | "pow" | "power" | "log" | "mod" | "cast");
            let whole = if takes_more { number } else { format!("{operator}({number})") };
            format!("its number to two places is plain: `{whole}`")
        }
        _ => format!("its parts are plain: `{amount}`, `q_unit({column})`, `q_facts({column})`"),
    }
}

/// A statement with one range replaced.
struct Replacement {
    /// The whole of it.
    sql: String,
    /// The replacement.
    piece: String,
    /// The text that was there before, with the arguments of a renamed function.
    touched: String,
}

/// Finds the unit of a quantity.
type UnitLookup<'u> = dyn Fn(&str) -> Option<String> + 'u;

/// The call for the number of a quantity alone, in its unit or with a placeholder for one.
fn amount(of: &str, units: &UnitLookup<'_>) -> String {
    format!("q_amount({of}, '{}')", units(of).as_deref().unwrap_or("UNIT"))
}

/// The call for the number of a quantity alone as a REAL, rounded to two places, whatever its unit and its places are.
fn decimal_number(of: &str) -> String {
    let is_name = of.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"'));
    let of = if is_name { of.to_owned() } else { format!("({of})") };
    format!("q_amount(round({of} * 100)) / 100.0")
}

/// The statement with the operator or function at `token` replaced, in each way that there is.
fn replacements(sql: &str, token: &Token, units: &UnitLookup<'_>) -> Vec<Replacement> {
    let tokens = Tokens::new(sql);
    let Some(at) = tokens.position(token) else { return Vec::new() };
    let pieces = match tokens.word(at).as_str() {
        "order" | "group" | "partition" => sort_keys(&tokens, at, units),
        _ => replacement(&tokens, at, units).into_iter().collect(),
    };
    let replacement = |(places, piece): (Range<usize>, String)| {
        let bytes = tokens.bytes(&places);
        let touched = match tokens.arguments(places.end) {
            Some((_, end)) if places.len() == 1 => tokens.text(&(places.start..end)),
            _ => tokens.text(&places),
        };
        let sql = [&sql[..bytes.start], &piece, &sql[bytes.end..]].concat();
        Replacement { sql, piece, touched: touched.to_owned() }
    };
    pieces.into_iter().map(replacement).collect()
}

/// A range of the statement, and its replacement.
fn replacement(tokens: &Tokens<'_>, at: usize, units: &UnitLookup<'_>) -> Option<(Range<usize>, String)> {
    match tokens.word(at).as_str() {
        "+" => arithmetic(tokens, at, "q_add"),
        "-" if tokens.left(at).is_none() => {
            let right = tokens.right(at)?;
            Some((at..right.end, format!("q_neg({})", operand(tokens, &right))))
        }
        "-" => arithmetic(tokens, at, "q_sub"),
        "*" => arithmetic(tokens, at, "q_mul"),
        "/" => arithmetic(tokens, at, "q_div"),
        "<" | "<=" | ">" | ">=" | "=" | "==" | "<>" | "!=" => comparison(tokens, at, units),
        "between" => {
            let left = tokens.left(at)?;
            let within = tokens.text(&(at..tokens.expression(at + 1)?.end));
            let places = left.start..tokens.expression(at + 1)?.end;
            Some((places, format!("{} {within}", amount(tokens.text(&left), units))))
        }
        "in" => {
            let left = tokens.left(at)?;
            Some((left.clone(), amount(tokens.text(&left), units)))
        }
        "sum" | "total" => renamed_call(tokens, at, "q_sum"),
        "avg" => renamed_call(tokens, at, "q_avg"),
        "min" => renamed_call(tokens, at, "q_min"),
        "max" => renamed_call(tokens, at, "q_max"),
        "round" => renamed_call(tokens, at, "q_round"),
        "cast" => {
            let (arguments, end) = tokens.arguments(at + 1)?;
            let of = tokens.expression(arguments.first()?.start)?;
            let kind = tokens.text(&(of.end + 1..end - 1)).to_ascii_lowercase();
            let number = if REAL_TYPES.iter().any(|real| kind.starts_with(real)) {
                format!("(q_amount(q_round(q_mul({}, 100), 0)) / 100.0)", tokens.text(&of))
            } else if TEXT_TYPES.iter().any(|text| kind.starts_with(text)) {
                format!("q_text({})", tokens.text(&of))
            } else {
                amount(tokens.text(&of), units)
            };
            Some((at..end, number))
        }
        _ => None,
    }
}

/// `q_div(a, b)` for `a / b`.
fn arithmetic(tokens: &Tokens<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (left, right) = (tokens.left(at)?, tokens.right(at)?);
    let text = format!("{function}({}, {})", operand(tokens, &left), operand(tokens, &right));
    Some((left.start..right.end, text))
}

/// `q_cmp(a, b) > 0` for `a > b`; against a number the amount alone is compared.
fn comparison(tokens: &Tokens<'_>, at: usize, units: &UnitLookup<'_>) -> Option<(Range<usize>, String)> {
    let (left, right) = (tokens.left(at)?, tokens.right(at)?);
    let (before, operator, after) = (tokens.text(&left), tokens.text(&(at..at + 1)), tokens.text(&right));
    let is_whole = |text: &str| text.trim_start_matches(['-', ' ']).bytes().all(|byte| byte.is_ascii_digit());
    let text = match (is_whole(before), is_whole(after)) {
        (false, true) => format!("{} {operator} {after}", amount(before, units)),
        (true, false) => format!("{before} {operator} {}", amount(after, units)),
        _ => format!("q_cmp({}, {}) {operator} 0", operand(tokens, &left), operand(tokens, &right)),
    };
    Some((left.start..right.end, text))
}

/// Each expression behind `order by` or `group by`, by its amount; by its unit too, where there may be several.
fn sort_keys(tokens: &Tokens<'_>, at: usize, units: &UnitLookup<'_>) -> Vec<(Range<usize>, String)> {
    let is_sorted = tokens.word(at) == "order";
    let (mut found, mut next) = (Vec::new(), at + 2);
    while let Some(of) = tokens.expression(next).filter(|_| tokens.word(at + 1) == "by") {
        let text = tokens.text(&of);
        next = of.end;
        while matches!(tokens.word(next).as_str(), "asc" | "desc" | "nulls" | "first" | "last") {
            next += 1;
        }
        let keys = match units(text) {
            Some(_) if is_sorted => amount(text, units),
            None if is_sorted => format!("q_unit({text}), q_amount({text})"),
            _ => format!("q_amount({text}), q_unit({text})"),
        };
        found.push((of, keys));
        if tokens.word(next) != "," {
            break;
        }
        next += 1;
    }
    found
}

/// The same call of another function.
fn renamed_call(tokens: &Tokens<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (arguments, _) = tokens.arguments(at + 1)?;
    let is_like = arguments.len() == 1 || function == "q_round";
    is_like.then(|| (at..at + 1, function.to_owned()))
}

/// An operand of a `q_` function: a number with a point and a text become quantities.
fn operand(tokens: &Tokens<'_>, places: &Range<usize>) -> String {
    let text = tokens.text(places);
    let is_decimal = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['.', 'e', 'E']);
    let is_text = text.starts_with('\'') && places.len() == 1;
    match (is_decimal && places.len() == 1, is_text) {
        (true, _) => format!("q('{text}')"),
        (_, true) => format!("q({text})"),
        _ => text.to_owned(),
    }
}
