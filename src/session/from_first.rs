//! SQL that names the table first, as DuckDB has it: `from pledges` is `select * from pledges`. It is put into the order of
//! SQLite before anything else reads it.

use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind, WordList};

/// Words that end the columns of a `select`.
const CLAUSES: WordList = WordList("where group having window order limit union except intersect");

/// The text with its first statement in the order of SQLite; `None` where that does not begin with `from`.
pub(super) fn in_order(text: &str) -> Option<String> {
    let all: Vec<Token> = tokens(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let from = all.first().filter(|first| first.is_word(text, "from"))?.range.start;
    let mut depth = 0_usize;
    let mut top_level = all.iter().filter(|token| {
        match token.text(text) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let is_end = |token: &Token| token.text(text) == ";";
    let Some(select) = top_level.find(|token| token.is_word(text, "select") || is_end(token)).filter(|at| !is_end(at))
    else {
        return Some(format!("{}select * {}", &text[..from], &text[from..]));
    };
    let is_clause = |token: &&Token| {
        is_end(token) || (token.kind == TokenKind::Word && CLAUSES.contains(&token.text(text).to_lowercase()))
    };
    let end = top_level.find(is_clause).map_or(text.len(), |token| token.range.start);
    let (before, tables) = (&text[..from], text[from..select.range.start].trim_end());
    Some(
        format!("{before}{} {tables} {}", text[select.range.start..end].trim_end(), &text[end..]).trim_end().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn the_table_may_come_first() {
        for (typed, sql) in [
            ("from pledges", "select * from pledges"),
            ("from pledges;", "select * from pledges;"),
            ("FROM facts where id = 'F29' limit 1", "select * FROM facts where id = 'F29' limit 1"),
            ("from facts select id, kind where id = 'F29';", "select id, kind from facts where id = 'F29';"),
            ("from facts select count(*)", "select count(*) from facts"),
            ("from (select 1 as a)", "select * from (select 1 as a)"),
            ("from units; select 1", "select * from units; select 1"),
        ] {
            assert_eq!(in_order(typed).as_deref(), Some(sql));
        }
        assert_eq!(in_order("select * from facts"), None);
    }
}
