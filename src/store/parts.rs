//! The parts of a statement: the names that `WITH name AS (…)` gives to queries within it. It reads words, quoted names
//! and parentheses, and nothing else of SQL.

use std::collections::BTreeSet;

/// What a statement is made of, as far as its parts need it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A word or a quoted name, in lower case.
    Name(String),
    Open,
    Close,
    Other,
}

/// The names of all parts that are defined in `sql`, in lower case.
pub(super) fn defined_in(sql: &str) -> BTreeSet<String> {
    let pieces = pieces(sql);
    let is_word = |at: usize, word: &str| matches!(pieces.get(at), Some(Piece::Name(name)) if name == word);
    let opens_query = |mut at: usize| {
        if !is_word(at, "as") {
            return false;
        }
        at += 1 + usize::from(is_word(at + 1, "not"));
        at += usize::from(is_word(at, "materialized"));
        pieces.get(at) == Some(&Piece::Open)
    };
    let named = pieces.iter().enumerate().filter_map(|(at, piece)| match piece {
        Piece::Name(name) if opens_query(past_columns(&pieces, at + 1)) => Some(name.clone()),
        _ => None,
    });
    named.collect()
}

/// The place behind a list of columns in parentheses, where one begins at `at`.
fn past_columns(pieces: &[Piece], at: usize) -> usize {
    if pieces.get(at) != Some(&Piece::Open) {
        return at;
    }
    let close = pieces[at..].iter().position(|piece| *piece == Piece::Close);
    close.map_or(at, |close| at + close + 1)
}

fn pieces(sql: &str) -> Vec<Piece> {
    let (mut found, mut rest) = (Vec::new(), sql);
    while let Some(first) = rest.chars().next() {
        let (piece, length) = match first {
            '(' => (Some(Piece::Open), 1),
            ')' => (Some(Piece::Close), 1),
            '\'' => (Some(Piece::Other), quoted(rest, '\'')),
            '"' | '`' => named(rest, quoted(rest, first)),
            '[' => named(rest, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            c if c.is_whitespace() => (None, c.len_utf8()),
            c if is_of_word(c) => {
                let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                (Some(Piece::Name(rest[..length].to_lowercase())), length)
            }
            c => (Some(Piece::Other), c.len_utf8()),
        };
        found.extend(piece);
        rest = &rest[length..];
    }
    found
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn named(rest: &str, length: usize) -> (Option<Piece>, usize) {
    let inner = rest[1..length].trim_end_matches(['"', '`', ']']);
    (Some(Piece::Name(inner.to_lowercase())), length)
}

/// How long a quoted token is; a doubled quote within it begins another, which is as good here.
fn quoted(rest: &str, quote: char) -> usize {
    rest[1..].find(quote).map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::defined_in;

    #[track_caller]
    fn check(sql: &str, names: &[&str]) {
        assert_eq!(defined_in(sql).into_iter().collect::<Vec<_>>(), names, "{sql}");
    }

    #[test]
    fn parts_are_found_however_they_are_written() {
        check("with a as (select 1), B(x, y) as materialized (select 2) select * from a", &["a", "b"]);
        check("with \"Money\"/* ( */ (q) as -- x\n not materialized (select 1) select 1", &["money"]);
        check("with [money] as(select 1), `goods` as (select 1) select 1", &["goods", "money"]);
        check("create temp view v as with part as (select 1) select 1", &["part"]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        check("select statement as s, ' part as (' from tensions", &[]);
        check("select (1) as part from t -- part as (", &[]);
        check("create temp view v as select 1", &[]);
    }
}
