//! The parts of a statement: the names that `WITH name AS (…)` gives to queries within it; and of a view, what its
//! definition is made of. It reads words, quoted names and parentheses as SQLite does, and nothing else of SQL.

use std::collections::BTreeSet;
use std::ops::Range;

/// What a statement is made of, as far as its parts need it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A word or a quoted name, in lower case; SQLite takes a text for a name where it wants one.
    Name(String),
    Open,
    Close,
    Other,
}

/// The names of all parts that are defined in `sql`, in lower case.
pub(super) fn defined_in(sql: &str) -> BTreeSet<String> {
    let pieces: Vec<Piece> = pieces(sql).into_iter().map(|(piece, _)| piece).collect();
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

/// Splits `CREATE VIEW name (columns) AS select` into its list of columns (empty, or with parentheses) and its select.
pub(super) fn definition(sql: &str) -> Option<(&str, &str)> {
    let pieces = pieces(sql);
    let at = |wanted: Piece| pieces.iter().find(|(piece, _)| *piece == wanted).map(|(_, range)| range.clone());
    // No name in a definition that SQLite has read is a bare `as`, and no list of columns holds a parenthesis.
    let is_as = |(piece, range): &&(Piece, Range<usize>)| {
        *piece == Piece::Name("as".to_owned()) && sql[range.clone()].eq_ignore_ascii_case("as")
    };
    let (_, parting) = pieces.iter().find(is_as)?;
    let list = at(Piece::Open).filter(|open| open.start < parting.start).zip(at(Piece::Close));
    let columns = list.map_or("", |(open, close)| &sql[open.start..close.end]);
    Some((columns, &sql[parting.end..]))
}

fn pieces(sql: &str) -> Vec<(Piece, Range<usize>)> {
    let (mut found, mut rest) = (Vec::new(), sql);
    while let Some(first) = rest.chars().next() {
        let (piece, length) = match first {
            '(' => (Some(Piece::Open), 1),
            ')' => (Some(Piece::Close), 1),
            '\'' | '"' | '`' => named(rest, quoted(rest, first)),
            '[' => named(rest, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
            // A mark of the byte order is a blank, unless a word has begun.
            c if c.is_ascii_whitespace() || c == '\u{feff}' => (None, c.len_utf8()),
            c if is_of_word(c) => {
                let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                (Some(Piece::Name(rest[..length].to_lowercase())), length)
            }
            c => (Some(Piece::Other), c.len_utf8()),
        };
        let at = sql.len() - rest.len();
        found.extend(piece.map(|piece| (piece, at..at + length)));
        rest = &rest[length..];
    }
    found
}

/// Whether SQLite takes a character for a part of a name: any that is not ASCII is.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

fn named(rest: &str, length: usize) -> (Option<Piece>, usize) {
    let inner = rest[1..length].trim_end_matches(['"', '`', ']', '\'']);
    (Some(Piece::Name(inner.to_lowercase())), length)
}

/// How long a quoted token is; a doubled quote within it begins another, which is as good here.
fn quoted(rest: &str, quote: char) -> usize {
    rest[1..].find(quote).map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::{defined_in, definition};

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
        check("with 'money' as (select 1), /*/ */ goods\n(a)\u{feff}as (select 1) select 1", &["goods", "money"]);
        check("with a\u{a0}b as (select 1) select 1", &["a\u{a0}b"]);
    }

    #[test]
    fn a_definition_is_split_at_its_first_as() {
        assert_eq!(definition("CREATE VIEW v AS select 1 as a"), Some(("", " select 1 as a")));
        assert_eq!(definition("create view v(as_of, b)\nas\nselect 1, 2"), Some(("(as_of, b)", "\nselect 1, 2")));
        assert_eq!(definition("create view v"), None);
    }

    #[test]
    fn an_as_that_sqlite_passes_over_splits_no_definition() {
        assert_eq!(definition("create view v -- as )\n/*/ as ( */ AS select 1"), Some(("", " select 1")));
        assert_eq!(
            definition("create view \"as\" ([as] /* ) */, b) as select 1"),
            Some(("([as] /* ) */, b)", " select 1"))
        );
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        check("select statement as s, ' part as (' from tensions", &[]);
        check("select (1) as part from t -- part as (", &[]);
        check("create temp view v as select 1", &[]);
    }
}
