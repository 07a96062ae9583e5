//! The common table expressions of a statement (`WITH name AS (…)`), the parts of a view's definition, and renaming
//! them.

use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// A text of SQL with its tokens, comments left out.
struct TokenizedSql<'t> {
    sql: &'t str,
    tokens: Vec<Token>,
}

impl<'t> TokenizedSql<'t> {
    fn new(sql: &'t str) -> Self {
        Self { sql, tokens: tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect() }
    }

    /// The name at a place, in lower case: a word, a quoted name, or a string, which SQLite takes for a name where it
    /// expects one.
    fn name(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at)?;
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::String);
        is_name.then(|| token.unquoted(self.sql).to_lowercase())
    }

    /// The names, each with its place.
    fn names(&self) -> impl Iterator<Item = (usize, String)> {
        (0..self.tokens.len()).filter_map(|at| Some((at, self.name(at)?)))
    }

    /// The bare word at a place, in lower case.
    fn word(&self, at: usize) -> Option<String> {
        self.name(at).filter(|_| self.tokens[at].kind == TokenKind::Word)
    }

    /// True if a word, in any letter case, or a mark is at a place.
    fn is(&self, at: usize, written: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text(self.sql).eq_ignore_ascii_case(written))
    }

    /// The place of the first such word or mark from a place on.
    fn find(&self, from: usize, written: &str) -> Option<usize> {
        (from..self.tokens.len()).find(|at| self.is(*at, written))
    }

    /// The place behind a list of columns in parentheses, if one begins at `at`.
    fn skip_columns(&self, at: usize) -> usize {
        if self.is(at, "(") { self.find(at, ")").map_or(at, |close| close + 1) } else { at }
    }

    /// True if `as (`, with or without `materialized`, is at a place.
    fn is_cte_body(&self, mut at: usize) -> bool {
        if !self.is(at, "as") {
            return false;
        }
        at += 1 + usize::from(self.is(at + 1, "not"));
        at += usize::from(self.is(at, "materialized"));
        self.is(at, "(")
    }
}

/// The names of all CTEs that `sql` defines, in lower case.
pub(in crate::store) fn cte_names(sql: &str) -> BTreeSet<String> {
    let sql = TokenizedSql::new(sql);
    sql.names().filter(|(at, _)| sql.is_cte_body(sql.skip_columns(at + 1))).map(|(_, name)| name).collect()
}

/// Splits `CREATE VIEW name (columns) AS select` into its list of columns (empty, or with parentheses) and its select.
pub(in crate::store) fn split_view_definition(sql: &str) -> Option<(&str, &str)> {
    let tokenized = TokenizedSql::new(sql);
    let range = |at: usize| tokenized.tokens[at].range.clone();
    // No name in a definition that SQLite has read is a bare `as`, and no list of columns holds a parenthesis.
    let parting = tokenized.find(0, "as")?;
    let list = tokenized.find(0, "(").filter(|open| *open < parting).zip(tokenized.find(0, ")"));
    let columns = list.map_or("", |(open, close)| &sql[range(open).start..range(close).end]);
    Some((columns, &sql[range(parting).end..]))
}

/// True if a text of SQL contains a name, quoted or not, for which `is_wanted` holds.
pub(crate) fn contains_name(sql: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    TokenizedSql::new(sql).names().any(|(_, name)| is_wanted(&name))
}

/// The names qualified by that of a schema: `name` in `schema.name`.
pub(in crate::store) fn names_qualified_by(sql: &str, schema: &str) -> Vec<String> {
    let sql = TokenizedSql::new(sql);
    let of_schema = sql.names().filter(|(at, name)| name == schema && sql.is(at + 1, "."));
    of_schema.filter_map(|(at, _)| sql.name(at + 2)).collect()
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
    let (mut written, mut end) = (String::new(), 0);
    for (name, range, alias) in cte_mentions(&TokenizedSql::new(select)) {
        written += &select[end..range.start];
        written += &format!("\"{prefix}{}\"{alias}", name.replace('"', "\"\""));
        end = range.end;
    }
    written + &select[end..]
}

/// The places at which a query defines and reads its CTEs: each name with its range, and the alias that keeps its columns readable.
fn cte_mentions(sql: &TokenizedSql<'_>) -> Vec<(String, Range<usize>, String)> {
    let (mut levels, mut defined, mut found) = (vec![Level::default()], BTreeSet::new(), Vec::new());
    for (at, token) in sql.tokens.iter().enumerate() {
        let Some(level) = levels.last_mut() else { break };
        let Some(name) = sql.name(at) else {
            match token.text(sql.sql) {
                "(" => {
                    let inner =
                        Level { is_from: level.wants_table, wants_table: level.wants_table, ..Level::default() };
                    level.wants_table = false;
                    levels.push(inner);
                }
                ")" => drop(levels.pop()),
                mark => level.wants_table = level.is_from && mark == ",",
            }
            continue;
        };
        match sql.word(at).as_deref() {
            Some("with") => level.is_with = true,
            Some("from") if at > 0 && sql.is(at - 1, "distinct") => {}
            Some("from" | "join") => (level.is_from, level.wants_table) = (true, true),
            Some(word) if CLAUSES.contains(&word) => *level = Level::default(),
            _ if level.is_with && sql.is_cte_body(sql.skip_columns(at + 1)) => {
                defined.insert(name.clone());
                found.push((name, token.range.clone(), String::new()));
            }
            _ if std::mem::take(&mut level.wants_table) && !sql.is(at + 1, ".") => {
                let is_keyword = || sql.word(at + 1).is_some_and(|word| AFTER_TABLE.contains(&word.as_str()));
                let is_named = sql.name(at + 1).is_some() && !is_keyword();
                let alias = if is_named { String::new() } else { format!(" as {}", token.text(sql.sql)) };
                found.push((name, token.range.clone(), alias));
            }
            _ => {}
        }
    }
    found.retain(|(name, ..)| defined.contains(name));
    found
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
