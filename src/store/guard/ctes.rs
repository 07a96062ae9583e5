//! The common table expressions of a statement (`WITH name AS (…)`), the parts of a view's definition, and renaming
//! them. It reads words, quoted names and parentheses as SQLite does, and nothing else of SQL.

use std::collections::BTreeSet;
use std::ops::Range;

/// A lexeme of SQL, as far as CTEs need it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lexeme {
    /// A word or a quoted name, in lower case; SQLite takes a string for a name where it expects one.
    Name(String),
    Open,
    Close,
    Other,
}

/// The names of all CTEs that `sql` defines, in lower case.
pub(in crate::store) fn cte_names(sql: &str) -> BTreeSet<String> {
    let lexemes = lex(sql);
    let named = lexemes.iter().enumerate().filter_map(|(at, (lexeme, _))| match lexeme {
        Lexeme::Name(name) if is_cte_body(&lexemes, skip_columns(&lexemes, at + 1)) => Some(name.clone()),
        _ => None,
    });
    named.collect()
}

/// The index behind a list of columns in parentheses, if one begins at `at`.
fn skip_columns(lexemes: &[(Lexeme, Range<usize>)], at: usize) -> usize {
    if !matches!(lexemes.get(at), Some((Lexeme::Open, _))) {
        return at;
    }
    let close = lexemes[at..].iter().position(|(lexeme, _)| *lexeme == Lexeme::Close);
    close.map_or(at, |close| at + close + 1)
}

/// Splits `CREATE VIEW name (columns) AS select` into its list of columns (empty, or with parentheses) and its select.
pub(in crate::store) fn split_view_definition(sql: &str) -> Option<(&str, &str)> {
    let lexemes = lex(sql);
    let at = |wanted: Lexeme| lexemes.iter().find(|(lexeme, _)| *lexeme == wanted).map(|(_, range)| range.clone());
    // No name in a definition that SQLite has read is a bare `as`, and no list of columns holds a parenthesis.
    let is_as = |(lexeme, range): &&(Lexeme, Range<usize>)| {
        *lexeme == Lexeme::Name("as".to_owned()) && sql[range.clone()].eq_ignore_ascii_case("as")
    };
    let (_, parting) = lexemes.iter().find(is_as)?;
    let list = at(Lexeme::Open).filter(|open| open.start < parting.start).zip(at(Lexeme::Close));
    let columns = list.map_or("", |(open, close)| &sql[open.start..close.end]);
    Some((columns, &sql[parting.end..]))
}

/// True if a text of SQL contains a name, quoted or not, for which `is_wanted` holds.
pub(in crate::store) fn contains_name(sql: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    lex(sql).iter().any(|(lexeme, _)| matches!(lexeme, Lexeme::Name(name) if is_wanted(name)))
}

/// The names qualified by that of a schema: `name` in `schema.name`.
pub(in crate::store) fn names_qualified_by(sql: &str, schema: &str) -> Vec<String> {
    let lexemes = lex(sql);
    let named = lexemes.windows(3).filter_map(|three| match three {
        [(Lexeme::Name(first), _), (Lexeme::Other, point), (Lexeme::Name(name), _)]
            if first == schema && &sql[point.clone()] == "." =>
        {
            Some(name.clone())
        }
        _ => None,
    });
    named.collect()
}

/// Keywords that may follow a table in a `from`, and so are no alias of it.
const AFTER_TABLE: [&str; 22] = [
    "where",
    "join",
    "left",
    "right",
    "full",
    "inner",
    "cross",
    "outer",
    "natural",
    "on",
    "using",
    "group",
    "order",
    "limit",
    "union",
    "except",
    "intersect",
    "window",
    "having",
    "indexed",
    "not",
    "values",
];

/// Keywords that end a `from`, a `with` or a `window` at their level.
const CLAUSES: [&str; 11] =
    ["select", "where", "group", "order", "having", "limit", "union", "except", "intersect", "window", "values"];

/// The parser's state at one depth of parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    is_with: bool,
    is_from: bool,
    /// True if a table is expected next.
    wants_table: bool,
}

/// A query with `prefix` before the name of each CTE that it defines, in its definition and where it is read; it means
/// the same as before.
pub(in crate::store) fn prefix_ctes(select: &str, prefix: &str) -> String {
    let lexemes = lex(select);
    let is_bare = |at: usize| {
        let Some((Lexeme::Name(name), range)) = lexemes.get(at) else { return None };
        select[range.clone()].to_lowercase().eq(name).then_some(name.as_str())
    };
    let is_schema = |at: usize| lexemes.get(at + 1).is_some_and(|(_, range)| &select[range.clone()] == ".");
    let (mut levels, mut defined, mut read) = (vec![Level::default()], BTreeSet::new(), Vec::new());
    for (at, (lexeme, range)) in lexemes.iter().enumerate() {
        let Some(level) = levels.last_mut() else { break };
        match lexeme {
            Lexeme::Open => {
                let inner = Level { is_from: level.wants_table, wants_table: level.wants_table, ..Level::default() };
                level.wants_table = false;
                levels.push(inner);
            }
            Lexeme::Close => drop(levels.pop()),
            Lexeme::Other => level.wants_table = level.is_from && &select[range.clone()] == ",",
            Lexeme::Name(name) => match is_bare(at) {
                Some("with") => level.is_with = true,
                Some("from") if at.checked_sub(1).and_then(is_bare) == Some("distinct") => {}
                Some("from" | "join") => (level.is_from, level.wants_table) = (true, true),
                Some(word) if CLAUSES.contains(&word) => *level = Level::default(),
                _ if level.is_with && is_cte_body(&lexemes, skip_columns(&lexemes, at + 1)) => {
                    defined.insert(name.clone());
                    read.push((name, range.clone(), String::new()));
                }
                _ if std::mem::take(&mut level.wants_table) && !is_schema(at) => {
                    let is_named = match lexemes.get(at + 1) {
                        Some((Lexeme::Name(_), _)) => is_bare(at + 1).is_none_or(|word| !AFTER_TABLE.contains(&word)),
                        _ => false,
                    };
                    let alias = if is_named { String::new() } else { format!(" as {}", &select[range.clone()]) };
                    read.push((name, range.clone(), alias));
                }
                _ => {}
            },
        }
    }
    let (mut written, mut end) = (String::new(), 0);
    for (name, range, alias) in read.into_iter().filter(|(name, ..)| defined.contains(*name)) {
        written += &select[end..range.start];
        written += &format!("\"{prefix}{}\"{alias}", name.replace('"', "\"\""));
        end = range.end;
    }
    written + &select[end..]
}

/// True if `as (`, with or without `materialized`, is at a place.
fn is_cte_body(lexemes: &[(Lexeme, Range<usize>)], mut at: usize) -> bool {
    let is_word = |at: usize, word: &str| matches!(lexemes.get(at), Some((Lexeme::Name(name), _)) if name == word);
    if !is_word(at, "as") {
        return false;
    }
    at += 1 + usize::from(is_word(at + 1, "not"));
    at += usize::from(is_word(at, "materialized"));
    matches!(lexemes.get(at), Some((Lexeme::Open, _)))
}

fn lex(sql: &str) -> Vec<(Lexeme, Range<usize>)> {
    let (mut found, mut rest) = (Vec::new(), sql);
    while let Some(first) = rest.chars().next() {
        let (lexeme, length) = match first {
            '(' => (Some(Lexeme::Open), 1),
            ')' => (Some(Lexeme::Close), 1),
            '\'' | '"' | '`' => quoted_name(rest, quoted_length(rest, first)),
            '[' => quoted_name(rest, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
            // A byte order mark is a blank, unless a word has begun.
            c if c.is_ascii_whitespace() || c == '\u{feff}' => (None, c.len_utf8()),
            c if is_word_char(c) => {
                let length = rest.find(|c| !is_word_char(c)).unwrap_or(rest.len());
                (Some(Lexeme::Name(rest[..length].to_lowercase())), length)
            }
            c => (Some(Lexeme::Other), c.len_utf8()),
        };
        let at = sql.len() - rest.len();
        found.extend(lexeme.map(|lexeme| (lexeme, at..at + length)));
        rest = &rest[length..];
    }
    found
}

/// True for a character that SQLite allows in a name: any that is not ASCII is one.
fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

fn quoted_name(rest: &str, length: usize) -> (Option<Lexeme>, usize) {
    let inner = rest[1..length].trim_end_matches(['"', '`', ']', '\'']);
    (Some(Lexeme::Name(inner.to_lowercase())), length)
}

/// The length of a quoted token; a doubled quote within it begins another, which is as good here.
fn quoted_length(rest: &str, quote: char) -> usize {
    rest[1..].find(quote).map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::{cte_names, prefix_ctes, split_view_definition};

    #[track_caller]
    fn check(sql: &str, names: &[&str]) {
        assert_eq!(cte_names(sql).into_iter().collect::<Vec<_>>(), names, "{sql}");
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
    fn every_part_gets_a_name_of_the_programs_own() {
        for (select, expected) in [
            ("select 1 as money from money", "select 1 as money from money"),
            (
                "with money as (select quantity as money from figure), b(x) as materialized (select 1) \
                 select money.money, b.x from money, b join money m on m.money = b.x where money.money in (select x from b)",
                "with \"p_money\" as (select quantity as money from figure), \"p_b\"(x) as materialized (select 1) \
                 select money.money, b.x from \"p_money\" as money, \"p_b\" as b join \"p_money\" m on m.money = b.x \
                 where money.money in (select x from \"p_b\" as b)",
            ),
            (
                "with recursive \"Pair\" as (select 1 union all select 2 from (pair p join main.pair), [pair] as q) \
                 select a is distinct from pair, sum(b) over w, c from t window w as (order by b), pair as (order by c)",
                "with recursive \"p_pair\" as (select 1 union all select 2 from (\"p_pair\" p join main.pair), \"p_pair\" as q) \
                 select a is distinct from pair, sum(b) over w, c from t window w as (order by b), pair as (order by c)",
            ),
        ] {
            assert_eq!(prefix_ctes(select, "p_"), expected, "{select}");
        }
    }

    #[test]
    fn a_definition_is_split_at_its_first_as() {
        assert_eq!(split_view_definition("CREATE VIEW v AS select 1 as a"), Some(("", " select 1 as a")));
        assert_eq!(
            split_view_definition("create view v(as_of, b)\nas\nselect 1, 2"),
            Some(("(as_of, b)", "\nselect 1, 2"))
        );
        assert_eq!(split_view_definition("create view v"), None);
    }

    #[test]
    fn an_as_that_sqlite_passes_over_splits_no_definition() {
        assert_eq!(split_view_definition("create view v -- as )\n/*/ as ( */ AS select 1"), Some(("", " select 1")));
        assert_eq!(
            split_view_definition("create view \"as\" ([as] /* ) */, b) as select 1"),
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
