//! `create temp table … as select …`, and `drop table`: what their words say. A table that would hold quantities is one of
//! `store::kept_tables`, which is dropped as the view that it is.

use crate::store::Book;
use crate::syntax::sql::tokens;
use crate::syntax::{Token, TokenKind};
use std::ops::Range;

/// A temporary table that a statement fills with the rows of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TempTable {
    /// Its name.
    pub(super) name: String,
    /// The place of the select.
    pub(super) select: Range<usize>,
}

/// The words of a statement, one by one.
struct Words<'s> {
    sql: &'s str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'s> Words<'s> {
    fn of(sql: &'s str) -> Self {
        Self { sql, tokens: tokens(sql).filter(|token| token.kind != TokenKind::Comment).collect(), at: 0 }
    }

    fn is(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.is_word(self.sql, word))
    }

    /// Passes over one of some words; true if one was there.
    fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().any(|word| self.is(word));
        self.at += usize::from(found);
        found
    }

    /// Passes over a name, and that of a schema before it.
    fn name(&mut self) -> Option<(Option<String>, String)> {
        let first = self.tokens.get(self.at)?.unquoted(self.sql).into_owned();
        self.at += 1;
        let is_schema = self.tokens.get(self.at).is_some_and(|token| token.text(self.sql) == ".");
        if !is_schema {
            return Some((None, first));
        }
        let name = self.tokens.get(self.at + 1)?.unquoted(self.sql).into_owned();
        self.at += 2;
        Some((Some(first), name))
    }
}

impl TempTable {
    /// The table of a statement; `None` for any other statement.
    pub(super) fn parse(sql: &str) -> Option<Self> {
        let mut words = Words::of(sql);
        if !words.eat(&["create"]) {
            return None;
        }
        let is_temp = words.eat(&["temp", "temporary"]);
        if !words.eat(&["table"]) {
            return None;
        }
        if words.eat(&["if"]) {
            words.at += 2;
        }
        let (schema, name) = words.name()?;
        let is_temp = is_temp || schema.is_some_and(|schema| schema.eq_ignore_ascii_case("temp"));
        let is_filled = is_temp && words.eat(&["as"]);
        let start = words.tokens.get(words.at)?.range.start;
        is_filled
            .then(|| Self { name, select: start..sql.trim_end_matches([';', ' ', '\n', '\t', '\r']).len().max(start) })
    }
}

/// The word `table` of a statement that drops a temporary table of quantities.
pub(super) fn dropped_kept_table(book: &Book, sql: &str) -> rusqlite::Result<Option<Range<usize>>> {
    let mut words = Words::of(sql);
    if !words.eat(&["drop"]) || !words.is("table") {
        return Ok(None);
    }
    let word = words.tokens[words.at].range.clone();
    words.at += 1;
    if words.eat(&["if"]) {
        words.at += 1;
    }
    let Some((_, name)) = words.name() else { return Ok(None) };
    Ok(book.is_kept_table(&name)?.then_some(word))
}

#[cfg(test)]
mod tests {
    use super::TempTable;

    #[track_caller]
    fn check(sql: &str, expected: Option<(&str, &str)>) {
        let found = TempTable::parse(sql);
        let found = found.as_ref().map(|table| (table.name.as_str(), &sql[table.select.clone()]));
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn a_temporary_table_of_rows_is_known_by_its_words() {
        check("create temp table t as select 1", Some(("t", "select 1")));
        check(
            "CREATE temporary TABLE if not exists \"a b\" -- x\n as with c as (select 1) select * from c; ",
            Some(("a b", "with c as (select 1) select * from c")),
        );
        check("create table temp.t as values (1)", Some(("t", "values (1)")));
        check("create temp table temp.t as select 1", Some(("t", "select 1")));
        check("create table t as select 1", None);
        check("create temp table t (a)", None);
        check("create temp view t as select 1", None);
        check("select 1", None);
    }
}
