//! SQL that names the table first, as DuckDB has it: `from pledges` is `select * from pledges`. A statement of a person or a
//! script is put into the order of SQLite before anything else reads it.

use crate::syntax::sql::{statements, tokens};
use crate::syntax::{Text, Token, TokenKind};
use std::borrow::Cow;

/// Words that begin another `select`.
const SET_OPERATORS: [&str; 3] = ["union", "except", "intersect"];

/// Words that follow the tables of a `select`.
const CLAUSES: [&str; 5] = ["where", "group", "having", "order", "limit"];

/// The text with its statements in the order of SQLite.
pub(super) fn in_order(text: &Text) -> Cow<'_, Text> {
    let (whole, mut ordered, mut end) = (&*text.whole, String::new(), 0);
    for range in statements(whole) {
        if let Some(statement) = select_first(&whole[range.clone()]) {
            ordered += &whole[end..range.start];
            ordered += &statement;
            end = range.end;
        }
    }
    if end == 0 { Cow::Borrowed(text) } else { Cow::Owned(text.with_whole(&(ordered + &whole[end..]))) }
}

/// A statement that begins with `from`, with its `select` before that.
fn select_first(statement: &str) -> Option<String> {
    let mut depth = 0_usize;
    let mut words = tokens(statement).filter(|token| {
        match token.text(statement) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Word
    });
    words.next().filter(|first| first.range.start == 0 && first.is_word(statement, "from"))?;
    let is_any = |token: &Token, of: &[&str]| of.iter().any(|word| token.is_word(statement, word));
    let ends = |token: &Token| token.is_word(statement, "select") || is_any(token, &SET_OPERATORS);
    let Some(select) = words.find(ends).filter(|found| found.is_word(statement, "select")) else {
        return Some(format!("select * {statement}"));
    };
    let rest = words.find(|token| is_any(token, &CLAUSES) || is_any(token, &SET_OPERATORS));
    let rest = rest.map_or(statement.len(), |token| token.range.start);
    let (tables, columns) = (&statement[..select.range.start], &statement[select.range.start..rest]);
    Some(format!("{} {} {}", columns.trim_end(), tables.trim_end(), &statement[rest..]).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::syntax::Text;
    use std::borrow::Cow;

    #[test]
    fn the_table_may_come_first() {
        for (typed, sql) in [
            ("from pledges", "select * from pledges"),
            ("from pledges;", "select * from pledges;"),
            ("FROM facts where id = 'F29' limit 1", "select * FROM facts where id = 'F29' limit 1"),
            ("from facts select id, kind where id = 'F29';", "select id, kind from facts where id = 'F29';"),
            ("from facts select count(*)", "select count(*) from facts"),
            ("from (select 1 as a)", "select * from (select 1 as a)"),
            ("from units; select 1; from facts", "select * from units; select 1; select * from facts"),
            ("-- all\nfrom units", "-- all\nselect * from units"),
            ("from units union select * from units", "select * from units union select * from units"),
            ("from a select x union select y from b", "select x from a union select y from b"),
        ] {
            assert_eq!(&*in_order(&Text::new("-c", typed)).whole, sql);
        }
        for typed in ["select * from facts", "\"from\"", "F29", ""] {
            assert!(matches!(in_order(&Text::new("-c", typed)), Cow::Borrowed(_)), "{typed}");
        }
    }
}
