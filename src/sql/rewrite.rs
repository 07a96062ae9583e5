//! What to write instead of an operator or function that would drop a unit: the same statement with a `q_` function in
//! that place. Whether SQLite and the pass take it is its caller's to try.

use crate::syntax::Token;
use crate::syntax::expr::Words;
use std::ops::Range;

/// A statement written otherwise.
pub(super) struct Rewritten {
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
pub(super) fn amount(of: &str, units: &Units<'_>) -> String {
    format!("q_amount({of}, '{}')", units(of).as_deref().unwrap_or("UNIT"))
}

/// The statement with the operator or function at `token` replaced, in each way that there is.
pub(super) fn replaced(sql: &str, token: &Token, units: &Units<'_>) -> Vec<Rewritten> {
    let words = Words::new(sql);
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
        Rewritten { sql, piece, touched: touched.to_owned() }
    };
    pieces.into_iter().map(rewritten).collect()
}

/// The places of a piece of the statement and what stands there instead.
fn piece(words: &Words<'_>, at: usize, units: &Units<'_>) -> Option<(Range<usize>, String)> {
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
fn computed(words: &Words<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (left, right) = (words.left(at)?, words.right(at)?);
    let text = format!("{function}({}, {})", value(words, &left), value(words, &right));
    Some((left.start..right.end, text))
}

/// `q_cmp(a, b) > 0` for `a > b`; against a number the amount alone is compared.
fn compared(words: &Words<'_>, at: usize, units: &Units<'_>) -> Option<(Range<usize>, String)> {
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
fn listed(words: &Words<'_>, at: usize, units: &Units<'_>) -> Vec<(Range<usize>, String)> {
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
fn called(words: &Words<'_>, at: usize, function: &str) -> Option<(Range<usize>, String)> {
    let (arguments, _) = words.arguments(at + 1)?;
    let is_like = arguments.len() == 1 || function == "q_round";
    is_like.then(|| (at..at + 1, function.to_owned()))
}

/// An operand of a `q_` function: a number with a point and a text are said to be quantities.
fn value(words: &Words<'_>, places: &Range<usize>) -> String {
    let text = words.text(places);
    let is_decimal = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['.', 'e', 'E']);
    let is_text = text.starts_with('\'') && places.len() == 1;
    match (is_decimal && places.len() == 1, is_text) {
        (true, _) => format!("q('{text}')"),
        (_, true) => format!("q({text})"),
        _ => text.to_owned(),
    }
}
